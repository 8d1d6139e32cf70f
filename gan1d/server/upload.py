"""Requests that bring something to work on: how many at a time, how long their bodies are, and how long those take."""

import asyncio
import threading
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import ClassVar, Final, TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

Result = TypeVar("Result")

LOOK_SECONDS: Final = 0.5
"""Time between two looks at whether the page still waits."""


class UploadError(Exception):
    """A body that was not received. The message is shown to the user.

    Args:
        status: HTTP status of the answer.
        sentence: The message.
    """

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class UploadEndpoint(ABC):
    """Answers requests of one kind, a few at a time, so that no visitor takes the processor or the disk of all others.

    Attributes:
        name: What a body is, such as "log".
        most_requests: Largest number of requests at a time.
        largest_body: Largest number of bytes of a body.
        receive_seconds: Longest time in which a body must have come.
        busy: Sentence for a request that is one too many.
        retry_seconds: Seconds after which that request may come again.
    """

    name: ClassVar[str]
    most_requests: ClassVar[int]
    largest_body: ClassVar[int]
    receive_seconds: ClassVar[float]
    busy: ClassVar[str]
    retry_seconds: ClassVar[int]

    def __init__(self) -> None:
        self._count = 0

    async def respond(self, request: Request) -> Response:
        """Answer, with status 503 if there are too many requests."""
        if self._count >= self.most_requests:
            return PlainTextResponse(self.busy, 503, {"Retry-After": str(self.retry_seconds)})
        self._count += 1
        try:
            return await self.answer(request)
        except UploadError as error:
            return PlainTextResponse(str(error), error.status)
        finally:
            self._count -= 1

    @abstractmethod
    async def answer(self, request: Request) -> Response:
        """Receive the body and work on it.

        Raises:
            UploadError: The body was not received.
        """

    async def receive(self, request: Request, write: Callable[[bytes], Awaitable[None]]) -> None:
        """Hand over the parts of a body as they come.

        Raises:
            UploadError: The body is too long, takes too long or breaks off.
        """
        count = 0
        try:
            async with asyncio.timeout(self.receive_seconds):
                async for part in request.stream():
                    count += len(part)
                    if count > self.largest_body:
                        most = f"{self.largest_body >> 20} MB"
                        raise UploadError(413, f"Expected at most {most} for the {self.name}, but got more.")
                    await write(part)
        except TimeoutError:
            limit = f"{self.receive_seconds:.0f} s"
            raise UploadError(408, f"Expected the {self.name} within {limit}, but it took longer.") from None
        except ClientDisconnect:
            raise UploadError(400, f"The {self.name} did not come whole.") from None

    async def body(self, request: Request) -> bytes:
        """The whole body of a request.

        Raises:
            UploadError: The body is too long, takes too long or breaks off.
        """
        parts = bytearray()

        async def write(part: bytes) -> None:
            parts.extend(part)

        await self.receive(request, write)
        return bytes(parts)


async def while_wanted(request: Request, work: Callable[[threading.Event], Result]) -> Result:
    """The result of some work in a thread of its own.

    Args:
        request: The request, whose body was received.
        work: Gets an event that is set when the page waits no longer, or the server stops; it should end then.
    """
    is_stopped = threading.Event()
    task = asyncio.create_task(asyncio.to_thread(work, is_stopped))
    try:
        while not task.done():
            if await request.is_disconnected():
                is_stopped.set()
            await asyncio.wait([task], timeout=LOOK_SECONDS)
        return await task
    finally:
        # The program cannot end while a thread of the pool is working.
        is_stopped.set()
        with suppress(asyncio.CancelledError):
            await asyncio.wait([task])
