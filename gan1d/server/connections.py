"""Limits on single connections, so that no client can take the processor, the memory or the file descriptors of others.

uvicorn's two protocols, with what they leave open: the number of connections, connections that send nothing, clients
that do not read, and messages that the websocket library answers by itself.
"""

import asyncio
import logging
import sys
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import OPEN

from gan1d.server.access_control import CountedLog
from gan1d.session.messages import USUAL_ACKS

if sys.platform != "win32":
    import resource

REQUEST_SECONDS: Final = 10.0
"""Longest time to send the head of a request."""
LINGER_SECONDS: Final = 5.0
"""Longest time for the rest of the data to be read when a connection is closed."""
PINGS_PER_SECOND: Final = 20
"""Pings and pongs that a client may send; browsers send none but the answers to ours, and programs one ping in 20
seconds. No task is woken for them, and so they are not counted with the messages."""
FRAGMENTS: Final = 64
"""Largest number of frames in which one message may come; they are not counted with the messages either."""
WAITING_MESSAGES: Final = 8
"""Messages of a client that may wait before no more are read."""
READ_BYTES: Final = 8192
"""Bytes of a websocket that are read at a time: all messages in them are decoded before anything else happens."""
FILES: Final = 8192
"""File descriptors that the server needs at most."""
RESERVED_FILES: Final = 64
"""File descriptors that are left for other things than connections."""
CONNECTIONS_ON_WINDOWS: Final = 500
"""Python's `select` has a limit there, and the system has none."""

SHORT_CONNECTION: Final = "gan1d.connection"
"""Name of the ASGI extension with the connection."""
ACKS: Final = frozenset(text.encode() for text in USUAL_ACKS)
"""Acknowledgements as they are on the wire, by far the most frequent messages of pages."""
FRAMED_MESSAGES: Final = 8
"""Number of messages that are kept as they are on the wire; all viewers get the same ones at about the same time."""

REFUSAL: Final = b"This server has no room for more connections."
REFUSAL_RESPONSE: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain\r\nretry-after: 5\r\nconnection: close\r\n"
    b"content-length: %d\r\n\r\n%s" % (len(REFUSAL), REFUSAL)
)

_log = CountedLog(logging.getLogger(__name__))


def raise_files_limit() -> None:
    """Let this process open `FILES` files, and so connections, or as many as the system allows."""
    if sys.platform != "win32":
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def connections_limit() -> int:
    """Number of connections for which there are file descriptors."""
    if sys.platform == "win32":
        return CONNECTIONS_ON_WINDOWS
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = FILES if soft == resource.RLIM_INFINITY else soft
    return max(files - RESERVED_FILES, 1)


class HttpConnection(H11Protocol):
    """An HTTP connection that is refused if there are too many, and closed if no request comes."""

    _deadline: asyncio.TimerHandle | None = None
    _has_ended = False

    def connection_made(self, transport: Any) -> None:
        """Begin, or refuse with status 503."""
        if len(self.connections) >= connections_limit():
            _log.warn("Refusing a connection: too many are open. Raise the limit of open files (ulimit -n).")
            self.transport = transport
            transport.write(REFUSAL_RESPONSE)
            transport.close()
            return
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Read a part of a request."""
        super().data_received(data)
        self._watch()

    def _watch(self) -> None:
        """Set a time by which the next request must have come, and clear it when it has."""
        if self._has_ended:
            return
        is_waiting = self.cycle is None or self.cycle.response_complete  # type: ignore[redundant-expr]
        if is_waiting and self._deadline is None:
            self._deadline = self.loop.call_later(REQUEST_SECONDS, self._give_up)
        elif not is_waiting:
            self._stop_watching()

    def _stop_watching(self) -> None:
        """Forget the time; a timer that is left would keep the connection in memory until then."""
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self.transport.abort()

    def handle_websocket_upgrade(self, event: Any) -> None:
        """Hand the connection over to a websocket."""
        super().handle_websocket_upgrade(event)
        self._has_ended = True
        self._stop_watching()

    def timeout_keep_alive_handler(self) -> None:
        """Close after the last response, even if the client does not read it."""
        super().timeout_keep_alive_handler()
        self._stop_watching()
        self._deadline = self.loop.call_later(LINGER_SECONDS, self._give_up)

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        super().connection_lost(exc)
        self._has_ended = True
        self._stop_watching()


@lru_cache(FRAMED_MESSAGES)
def framed(message: str | bytes) -> bytes:
    """A message as it is on the wire, made once for all connections that it goes to."""
    if isinstance(message, str):
        return Frame(Opcode.TEXT, message.encode()).serialize(mask=False)
    return Frame(Opcode.BINARY, message).serialize(mask=False)


class WebsocketConnection(WebSocketsSansIOProtocol):
    """A websocket that is cut off if it sends many pings, and does not wait for clients that do not read.

    An application finds it in the ASGI extension `SHORT_CONNECTION`, to send and acknowledge without tasks.

    Attributes:
        acknowledge: Called for each acknowledgement; returns whether the application needs no message.
    """

    _pings, _pings_since = 0, 0.0
    _deadline: asyncio.TimerHandle | None = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.acknowledge: Callable[[], bool] = lambda: False

    def connection_made(self, transport: Any) -> None:
        """Begin, with small reads."""
        super().connection_made(transport)
        transport.max_size = READ_BYTES

    def handle_connect(self, event: Request) -> None:
        """Begin the application."""
        super().handle_connect(event)
        if self.handshake_initiated and not self.handshake_complete:
            self.scope["extensions"][SHORT_CONNECTION] = {"connection": self}

    def shutdown(self) -> None:
        """End the connection because the server stops; a page whose handshake is not complete counts as gone."""
        super().shutdown()
        if not self.handshake_complete:
            self.handshake_complete = self.disconnected = True

    def send_receive_event_to_app(self) -> None:
        """Pass on a message; reading pauses only if several wait, because a pause costs as much as a short message."""
        if self.frames[0] in ACKS and len(self.frames) == 1 and self.acknowledge():
            self.frames = []
            return
        is_paused, self.read_paused = self.read_paused, self.queue.qsize() < WAITING_MESSAGES
        super().send_receive_event_to_app()
        self.read_paused = is_paused or self.queue.qsize() > WAITING_MESSAGES

    def write(self, messages: Sequence[str | bytes]) -> bool:
        """Send messages at once; return whether that is possible, which it is not while the client reads too slowly."""
        if self.conn.state is not OPEN or self.transport.is_closing() or not self.writable.is_set():
            return False
        self.transport.write(b"".join(map(framed, messages)))
        return True

    def handle_ping(self) -> None:
        """Answer a ping, or end the connection."""
        if self._may_ping():
            super().handle_ping()

    def handle_pong(self, event: Frame) -> None:
        """Note a pong, or end the connection."""
        if self._may_ping():
            super().handle_pong(event)

    def _may_ping(self) -> bool:
        """Count a ping or a pong; end the connection if there are too many."""
        if self.transport.is_closing():
            return False
        now = self.loop.time()
        if now - self._pings_since >= 1:
            self._pings, self._pings_since = 0, now
        self._pings += 1
        if self._pings > PINGS_PER_SECOND:
            _log.warn(f"Closing a connection that sent more than {PINGS_PER_SECOND} pings in a second.")
            self.transport.abort()
        return self._pings <= PINGS_PER_SECOND

    def handle_cont(self, event: Frame) -> None:
        """Keep a part of a message, or end the connection; empty parts would add up whatever the longest message is."""
        if self.transport.is_closing():
            return
        if len(self.frames) >= FRAGMENTS:
            _log.warn(f"Closing a connection that sent a message in more than {FRAGMENTS} parts.")
            self.frames = []
            self.transport.abort()
        else:
            super().handle_cont(event)

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        """Let the client close the connection, but not wait for ever."""
        super().on_task_complete(task)
        self.scope["extensions"].pop(SHORT_CONNECTION, None)
        if self in self.connections:
            self._deadline = self.loop.call_later(LINGER_SECONDS, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """End, and leave nothing that would keep the connection in memory: neither a timer nor a cycle of references,
        which would wait for one of Python's searches for cycles, that hold up everything else."""
        super().connection_lost(exc)
        if self._deadline is not None:
            self._deadline.cancel()
        self.conn.parser.close()
