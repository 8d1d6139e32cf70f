"""Serving one websocket: one task reads, one task writes, and the end of either ends both.

Under uvicorn, which has the extension `SHORT_CONNECTION`, these tasks have little to do: messages are written as soon
as they come, and acknowledgements are passed on as they are read. With another server, or while a page reads too
slowly, all messages take the way through the tasks.
"""

import asyncio
import hmac
import ipaddress
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final
from urllib.parse import parse_qs

from gan1d.server.access_control import Receive, Scope, Send
from gan1d.server.connections import SHORT_CONNECTION
from gan1d.server.lobby import Lobby
from gan1d.server.viewer import Viewer
from gan1d.session.messages import (
    COMMAND_LENGTH_LIMIT,
    SUBPROTOCOL,
    USUAL_ACKS,
    Ack,
    Close,
    Closing,
    Refused,
    encode_event,
    parse_command,
)

log = logging.getLogger(__name__)

CLOSE_SECONDS: Final = 1.0
"""Longest time to send the last message and the close frame."""

RATE: Final = 150.0
"""Commands a second that a connection accepts; a slider dragged on a fast screen sends 144."""
BURST: Final = 300.0
"""Commands that it accepts at once."""
COMMAND_LENGTH: Final = 2048
"""Characters of one command; a longer message counts as several, because reading it and keeping it costs as much."""
REFUSAL_SECONDS: Final = 1.0
"""Shortest time between two refusals of too many commands; one for each would be a flood in return."""

CONNECTION_LOST: Final = (RuntimeError, OSError)
"""Exceptions raised by sending to a page that has gone, depending on which layer has noticed it."""


class TokenBucket:
    """Rate limit: `RATE` commands a second, and `BURST` at once."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._filled_at = clock()
        self._tokens = BURST
        self._refused_at = float("-inf")

    def take(self, length: int = 0) -> bool:
        """Whether one more command is accepted.

        Args:
            length: Its number of characters; one that is too long to be read counts as the longest.
        """
        commands = 1 + min(length, COMMAND_LENGTH_LIMIT) // COMMAND_LENGTH
        now = self._clock()
        self._tokens = min(BURST, self._tokens + RATE * (now - self._filled_at))
        self._filled_at = now
        if self._tokens < commands:
            return False
        self._tokens -= commands
        return True

    def may_refuse(self) -> bool:
        """Whether the last refusal is at least `REFUSAL_SECONDS` old."""
        now = self._clock()
        if now - self._refused_at < REFUSAL_SECONDS:
            return False
        self._refused_at = now
        return True


async def serve_websocket(
    scope: Scope,
    receive: Receive,
    send: Send,
    lobby: Lobby,
    token: str = "",
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Serve one page until it leaves, or until its connection is closed with a reason.

    Args:
        scope: ASGI scope of the connection.
        receive: ASGI function.
        send: ASGI function.
        lobby: All sessions.
        token: Word without which pages from other machines begin no session; "" for none.
        clock: Seconds, never decreasing.
    """
    await receive()
    offered = scope.get("subprotocols", [])
    await send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL if SUBPROTOCOL in offered else None})
    if offered and SUBPROTOCOL not in offered:
        await _close(send, Close.UNSUPPORTED_PROTOCOL)
        return
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    given = query.get("token", [""])[0]
    is_trusted = not token or is_from_here(scope) or hmac.compare_digest(given.encode(), token.encode())
    catalog = query.get("catalog", [""])[0]
    found = lobby.join(query.get("session", [None])[0], may_open=is_trusted, catalog=catalog)
    if isinstance(found, Close):
        await _close(send, found, lobby.name_to_watch() if found is Close.FULL else None)
        return
    room, viewer = found
    reader = asyncio.create_task(_read(receive, viewer, TokenBucket(clock)))
    writer = asyncio.create_task(_write(send, viewer))
    viewer.on_close = writer.cancel
    if (extension := scope.get("extensions", {}).get(SHORT_CONNECTION)) is not None:
        viewer.connect(extension["connection"])
    why = Close.STOPPING
    try:
        done, _ = await asyncio.wait([reader, writer], return_when=asyncio.FIRST_COMPLETED)
        why = _reason(done, viewer)
    finally:
        reader.cancel(), writer.cancel()
        await asyncio.gather(reader, writer, return_exceptions=True)
        lobby.leave(room, viewer)
        viewer.disconnect()
        await _close(send, why)


def is_from_here(scope: Scope) -> bool:
    """Whether a connection comes from this machine."""
    host = (scope.get("client") or ("",))[0]
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _reason(done: set[asyncio.Task[None]], viewer: Viewer) -> Close:
    """Why a connection ends; an unexpected error is logged."""
    for task in done:
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, CONNECTION_LOST):
            log.error("A connection failed.", exc_info=error)
            return Close.BROKEN
    return viewer.closing or Close.NORMAL


async def _read(receive: Receive, viewer: Viewer, bucket: TokenBucket) -> None:
    """Pass on the messages of the page until it leaves. Pongs are noticed only while a task is reading."""
    while True:
        message = await receive()
        text = message.get("text")
        if text in USUAL_ACKS and viewer.acknowledge():
            # By far the most frequent message; there are no more of them than frames.
            continue
        if message["type"] == "websocket.disconnect":
            return
        raw = message.get("bytes") or b"" if text is None else text
        if not bucket.take(len(raw)):
            if bucket.may_refuse():
                reason = f"Expected at most {RATE:g} messages a second, but got more: some were passed over."
                viewer.send_text(encode_event(Refused(message=reason)))
        elif isinstance(command := parse_command(raw), Refused):
            viewer.send_text(encode_event(command))
        elif isinstance(command, Ack):
            viewer.acknowledge()
        else:
            viewer.submit(command)
        # Many messages may come in one packet; other tasks get a turn after each.
        await asyncio.sleep(0)


async def _write(send: Send, viewer: Viewer) -> None:
    """Send the viewer's messages."""
    while True:
        message = await viewer.next()
        await send({"type": "websocket.send", "text" if isinstance(message, str) else "bytes": message})


async def _close(send: Send, why: Close, watch: str | None = None) -> None:
    """Send the reason and the close frame, if the page is still there; without them an end looks like a crash."""
    closing = encode_event(Closing(code=why, reason=why.reason, reaction=why.reaction, watch=watch))
    with suppress(*CONNECTION_LOST, TimeoutError):
        async with asyncio.timeout(CLOSE_SECONDS):
            await send({"type": "websocket.send", "text": closing})
            await send({"type": "websocket.close", "code": why, "reason": why.reason})
