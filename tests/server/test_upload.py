"""Requests with a body: how many at a time, and bodies that do not come."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from gan1d.server.upload import UploadEndpoint


class Echo(UploadEndpoint):
    name, largest_body, receive_seconds = "letter", 2**20, 5.0
    busy, most_requests, retry_seconds = "Too many letters.", 2, 7

    async def answer(self, request: Request) -> Response:
        return PlainTextResponse(await self.body(request))


def request_of(*messages: dict[str, object]) -> Request:
    """A request of which these messages come, and then none for ever."""

    async def come() -> AsyncIterator[dict[str, object]]:
        for message in messages:
            yield message
        await asyncio.Event().wait()

    return Request({"type": "http", "method": "POST", "query_string": b"", "headers": []}, come().__anext__)


def part(body: bytes, *, more_body: bool = False) -> dict[str, object]:
    return {"type": "http.request", "body": body, "more_body": more_body}


@pytest.mark.parametrize(
    ("messages", "answer"),
    [
        ([part(b"one ", more_body=True), part(b"two")], (200, b"one two")),
        ([part(b"one ", more_body=True), {"type": "http.disconnect"}], (400, b"The letter did not come whole.")),
        ([part(b"1" * 2**20, more_body=True), part(b"2")],
         (413, b"Expected at most 1 MB for the letter, but got more.")),
    ],
)  # fmt: skip
def test_a_body_comes_whole_or_is_refused_in_a_sentence(
    messages: list[dict[str, object]], answer: tuple[int, bytes]
) -> None:
    response = asyncio.run(Echo().respond(request_of(*messages)))
    assert (response.status_code, response.body) == answer


def test_a_body_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Echo, "receive_seconds", 0.01)
    response = asyncio.run(Echo().respond(request_of()))
    assert (response.status_code, response.body) == (408, b"Expected the letter within 0 s, but it took longer.")


def test_requests_are_counted_by_endpoint() -> None:
    async def crowd() -> None:
        echo = Echo()
        waiting = [asyncio.create_task(echo.respond(request_of())) for _ in range(2)]
        await asyncio.sleep(0)
        refused = await echo.respond(request_of(part(b"hello")))
        assert (refused.status_code, refused.body, refused.headers["retry-after"]) == (503, b"Too many letters.", "7")
        assert (await Echo().respond(request_of(part(b"hello")))).status_code == 200
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert (await echo.respond(request_of(part(b"hello")))).status_code == 200

    asyncio.run(crowd())
