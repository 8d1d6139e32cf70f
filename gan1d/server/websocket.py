"""Serving one websocket: one task reads, one task writes, and the end of either ends both."""

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
"""Longest time to send one message; a page that takes longer is too slow."""
CLOSE_SECONDS: Final = 1.0
"""Longest time to send the last message and the close frame."""

RATE: Final = 150.0
"""Commands a second that a connection accepts; a slider dragged on a fast screen sends 144."""
BURST: Final = 300.0
"""Commands that it accepts at once."""
REFUSAL_SECONDS: Final = 1.0
"""Shortest time between two refusals of too many commands; one for each would be a flood in return."""

GONE: Final = (WebSocketDisconnect, RuntimeError, OSError)
"""Exceptions raised by sending to a page that has gone, depending on which layer has noticed it."""


class TokenBucket:
    """Rate limit: `RATE` commands a second, and `BURST` at once."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._filled_at = clock()
        self._tokens = BURST
        self._refused_at = float("-inf")

    def take(self) -> bool:
        """Whether one more command is accepted."""
        now = self._clock()
        self._tokens = min(BURST, self._tokens + RATE * (now - self._filled_at))
        self._filled_at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def may_refuse(self) -> bool:
        """Whether the last refusal is at least `REFUSAL_SECONDS` old."""
        now = self._clock()
        if now - self._refused_at < REFUSAL_SECONDS:
            return False
        self._refused_at = now
        return True


async def serve_websocket(socket: WebSocket, lobby: Lobby, clock: Callable[[], float] = time.monotonic) -> None:
    """Serve one page until it leaves, or until its connection is closed with a reason."""
    offered = socket.scope.get("subprotocols", [])
    await socket.accept(subprotocol=SUBPROTOCOL if SUBPROTOCOL in offered else None)
    if offered and SUBPROTOCOL not in offered:
        await _close(socket, Close.UNSUPPORTED_PROTOCOL)
        return
    found = lobby.join(socket.query_params.get("session"))
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
    """Why a connection ends; an unexpected error is logged."""
    for task in done:
        error = task.exception()
        if isinstance(error, TimeoutError):
            return Close.TOO_SLOW
        if error is not None and not isinstance(error, GONE):
            log.error("A connection failed.", exc_info=error)
            return Close.BROKEN
    return viewer.closing or Close.NORMAL


async def _read(socket: WebSocket, viewer: Viewer, clock: Callable[[], float]) -> None:
    """Pass on the messages of the page until it leaves. Pongs are noticed only while a task is reading."""
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
            if bucket.may_refuse():
                reason = f"Expected at most {RATE:g} messages a second, but got more: some were passed over."
                viewer.send_text(encode_event(Refused(message=reason)))
        elif isinstance(command, Refused):
            viewer.send_text(encode_event(command))
        else:
            viewer.submit(command)
        # Many messages may come in one packet; other tasks get a turn after each.
        await asyncio.sleep(0)


async def _write(socket: WebSocket, viewer: Viewer) -> None:
    """Send the viewer's messages until its connection is to be closed."""
    while (message := await viewer.next()) is not None:
        async with asyncio.timeout(SEND_SECONDS):
            if isinstance(message, str):
                await socket.send_text(message)
            else:
                await socket.send_bytes(message)


async def _close(socket: WebSocket, why: Close) -> None:
    """Send the reason and the close frame, if the page is still there; without them an end looks like a crash."""
    with suppress(*GONE, TimeoutError):
        async with asyncio.timeout(CLOSE_SECONDS):
            closing = Closing(code=why, reason=why.reason, reaction=why.reaction)
            await socket.send_text(encode_event(closing))
            await socket.close(why, why.reason)
