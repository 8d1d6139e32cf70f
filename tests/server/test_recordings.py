"""`POST recording`: the file of a run, and what limits it."""

import asyncio
import http.client
import io
import threading

import pytest
from starlette.requests import Request

from gan1d.config.model import Config
from gan1d.recording.run_log import Change, End, LogError, RunLog
from gan1d.replay.html_page import PAGE_BEGINNING, write_html
from gan1d.replay.page_directory import static_dir
from gan1d.replay.recorder import play
from gan1d.server import recordings, upload
from gan1d.server.recordings import RecordingEndpoint, affordable_log
from gan1d.session.step_cost import DEFAULT_LIMIT
from tests.server.conftest import Served
from tests.session.fakes import SMALL


def text_of(log: RunLog) -> bytes:
    return "".join(f"{line}\n" for line in log.lines()).encode()


def post(served: Served, body: bytes, query: str = "", **headers: str) -> tuple[int, str, str]:
    """Status, text and Content-Disposition of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
    try:
        connection.request("POST", f"/recording{query}", body=body, headers=headers)
        response = connection.getresponse()
        return response.status, response.read().decode(), response.getheader("Content-Disposition", "")
    finally:
        connection.close()


def test_the_log_of_a_session_becomes_its_file(served: Served) -> None:
    with served.connect() as page:
        page.until("hello")
        page.say("step", count=7)
        page.watch(7)
        page.say("set", path="generator.optimizer.learning_rate", value=0.01)
        page.say("step", player="generator", count=2)
        page.watch(9)
        page.say("bookmark", step=8, text="only G")
        page.say("get_log")
        text = page.until("run_log")["text"]
    status, file, name = post(served, text.encode(), "?preset=default")
    assert status == 200
    assert name == 'attachment; filename="gan1d-default.html"'
    log = RunLog.read(io.BytesIO(text.encode()))
    assert file == write_html(play(log, preset="default"))
    assert [mark.text for mark in log.bookmarks] == ["only G"]


def test_a_page_of_another_site_gets_no_file(served: Served) -> None:
    body = text_of(RunLog(SMALL, end=End(3)))
    assert post(served, body, Origin="https://evil.example")[0] == 403
    assert post(served, body, Host="evil.example")[0] == 403
    assert post(served, body, Origin=f"http://127.0.0.1:{served.port}")[0] == 200


def test_what_is_no_log_is_refused_with_a_sentence(served: Served) -> None:
    status, sentence, _ = post(served, b"x,y\n1,2\n")
    assert (status, sentence) == (
        422,
        'Expected the log of a run, which begins with {"gan1d_log": …, but got something else.',
    )


def test_a_log_is_read_beside_the_connections(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    threads = list[threading.Thread]()

    def note(body: bytes, limit: float) -> RunLog:
        threads.append(threading.current_thread())
        return affordable_log(body, limit)

    monkeypatch.setattr(recordings, "affordable_log", note)
    assert post(served, text_of(RunLog(SMALL, end=End(2))))[0] == 200
    assert served.thread not in threads
    assert len(threads) == 1


def test_an_unknown_preset_is_none(served: Served) -> None:
    status, file, name = post(served, text_of(RunLog(SMALL, end=End(2))), "?preset=..%2Fx")
    assert (status, name) == (200, 'attachment; filename="gan1d-run.html"')
    assert file.startswith(PAGE_BEGINNING)


def test_a_log_that_is_too_long_is_refused(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RecordingEndpoint, "largest_body", 1000)
    status, sentence, _ = post(served, text_of(RunLog(SMALL, end=End(2))))
    assert (status, sentence) == (413, "Expected at most 0 MB for the log, but got more.")


def test_steps_that_are_too_long_are_refused() -> None:
    heavy = {
        "generator.hidden": [256] * 6,
        "discriminator.hidden": [256] * 6,
        "batch_size": 4096,
        "discriminator_steps": 10,
    }
    log = RunLog(Config(), end=End(5))
    log.add(Change(3, heavy))
    with pytest.raises(LogError, match="Expected settings with at most 50\u202f000 million multiply-adds"):
        affordable_log(text_of(log), DEFAULT_LIMIT)
    assert affordable_log(text_of(log), 1e9).events == log.events


def test_a_run_that_takes_too_long_is_stopped(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recordings, "REPEAT_SECONDS", -1.0)
    status, sentence, _ = post(served, text_of(RunLog(SMALL, end=End(10_000))))
    assert status == 422
    assert "but only 5 of 10\u202f000 steps were made. Save the log instead and use gan1d record --log." in sentence


def test_one_recording_is_made_at_a_time_and_none_for_a_page_that_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "LOOK_SECONDS", 0.01)
    endpoint, body = RecordingEndpoint(DEFAULT_LIMIT, static_dir()), text_of(RunLog(SMALL, end=End(10**9)))

    async def both() -> None:
        begun, gone = asyncio.Event(), asyncio.Event()

        async def receive() -> dict[str, object]:
            if not begun.is_set():
                begun.set()
                return {"type": "http.request", "body": body, "more_body": False}
            await gone.wait()
            return {"type": "http.disconnect"}

        request = Request({"type": "http", "method": "POST", "query_string": b"", "headers": []}, receive)
        first = asyncio.create_task(endpoint.respond(request))
        await begun.wait()
        second = await endpoint.respond(request)
        assert second.status_code == 503
        assert bytes(second.body).startswith(b"The server is making another recording.")
        gone.set()
        answer = await first
        assert (answer.status_code, answer.body) == (422, b"The recording was stopped.")

    asyncio.run(asyncio.wait_for(both(), 30))
