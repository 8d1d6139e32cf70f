"""One websocket and one viewer: a task that reads, a task that writes, and the end of either is the end of both."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from fastapi import WebSocket, WebSocketDisconnect

from gan1d.server.lobby import Lobby
from gan1d.server.viewer import Viewer
from gan1d.session.messages import SUBPROTOCOL, Ack, Close, Closing, Refused, encode_event, parse_command

log = logging.getLogger(__name__)

SEND_SECONDS: Final = 5.0
"""A page that takes nothing for this long is let go."""
CLOSE_SECONDS: Final = 1.0
"""How long a goodbye may wait for what is still to be sent to a page that does not read."""

RATE: Final = 150.0
"""Commands a second; a slider dragged on a fast screen sends one for each of 144 frames."""
BURST: Final = 300.0

GONE: Final = (WebSocketDisconnect, RuntimeError, OSError)
"""What sending to a page that left may raise, depending on how far its leaving was noticed."""


class TokenBucket:
    """Lets `RATE` commands a second pass, and `BURST` at once."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._filled_at = clock()
        self._tokens = BURST
        self._said_at = float("-inf")

    def take(self) -> bool:
        """Whether one more may pass."""
        now = self._clock()
        self._tokens = min(BURST, self._tokens + RATE * (now - self._filled_at))
        self._filled_at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def may_complain(self) -> bool:
        """Whether the last complaint is a second old; one for each message would be a flood in return."""
        now = self._clock()
        if now - self._said_at < 1:
            return False
        self._said_at = now
        return True


async def serve_websocket(socket: WebSocket, lobby: Lobby, clock: Callable[[], float] = time.monotonic) -> None:
    """Serve one page from its first byte to its last; it is always told why it ends."""
    offered = socket.scope.get("subprotocols", [])
    await socket.accept(subprotocol=SUBPROTOCOL if SUBPROTOCOL in offered else None)
    if offered and SUBPROTOCOL not in offered:
        await _close(socket, Close.UNSUPPORTED_PROTOCOL)
        return
    found = lobby.enter(socket.query_params.get("session"))
    if isinstance(found, Close):
        await _close(socket, found)
        return
    room, viewer = found
    tasks = [asyncio.create_task(_read(socket, viewer, clock)), asyncio.create_task(_write(socket, viewer))]
    why = Close.STOPPING
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        why = _reason(done, viewer)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        lobby.leave(room, viewer)
        await _close(socket, why)


def _reason(done: set[asyncio.Task[None]], viewer: Viewer) -> Close:
    """Why a connection ends; what should not have happened is logged."""
    for task in done:
        error = task.exception()
        if isinstance(error, TimeoutError):
            return Close.TOO_SLOW
        if error is not None and not isinstance(error, GONE):
            log.error("A connection failed.", exc_info=error)
            return Close.BROKEN
    return viewer.closing or Close.NORMAL


async def _read(socket: WebSocket, viewer: Viewer, clock: Callable[[], float]) -> None:
    """Pass on what the page says, until it leaves. Something is always reading, or pongs would go unseen."""
    bucket = TokenBucket(clock)
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        text = message.get("text")
        command = parse_command(message.get("bytes") or b"" if text is None else text)
        if isinstance(command, Ack):
            viewer.acknowledge()
        elif not bucket.take():
            if bucket.may_complain():
                said = f"Expected at most {RATE:g} messages a second, but got more: some were passed over."
                viewer.tell(encode_event(Refused(message=said)))
        elif isinstance(command, Refused):
            viewer.tell(encode_event(command))
        else:
            viewer.submit(command)
        # Many messages may have come in one packet; the others in the loop are not to wait for all of them.
        await asyncio.sleep(0)


async def _write(socket: WebSocket, viewer: Viewer) -> None:
    """Send what waits, until there is a reason to stop."""
    while (message := await viewer.next()) is not None:
        async with asyncio.timeout(SEND_SECONDS):
            if isinstance(message, str):
                await socket.send_text(message)
            else:
                await socket.send_bytes(message)


async def _close(socket: WebSocket, why: Close) -> None:
    """Say goodbye, if anybody still listens: without it a page cannot tell an end from a crash."""
    with suppress(*GONE, TimeoutError):
        async with asyncio.timeout(CLOSE_SECONDS):
            closing = Closing(code=why, reason=why.reason, reaction=why.reaction)
            await socket.send_text(encode_event(closing))
            await socket.close(why, why.reason)
