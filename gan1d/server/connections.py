"""Limits on single connections, so that no client can take the processor, the memory or the file descriptors of others.

uvicorn's two protocols, with what they leave open: the number of connections, connections that send nothing, clients
that do not read, and messages that the websocket library answers by itself. Both stand in one file, because a
connection begins as one and goes on as the other.
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

from gan1d.server.access_control import App, CountedLog, Message, Receive, Scope, Send
from gan1d.session.messages import USUAL_ACKS

if sys.platform != "win32":
    import resource

REQUEST_SECONDS: Final = 10.0
"""Longest time to send the head of a request."""
UNREAD_SECONDS: Final = 30.0
"""Longest time in which nothing of a response is read; on a slow network the system takes more only now and then."""
BODY_BYTES: Final = 2**16
"""Bytes of a response that are handed over at once."""
LOOK_SECONDS: Final = 0.5
"""Longest time between two looks at what a connection does."""
QUIET_SECONDS: Final = 2.0
"""Time in which nothing happens after which a connection makes room for another."""
LINGER_SECONDS: Final = 5.0
"""Longest time for the rest of the data to be read when a websocket is closed."""
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


def begun_in_turn(app: App) -> App:
    """An application that begins one request in each turn of the event loop, and sends long responses in pieces.

    Otherwise all that some hundred connections request would come before the next message of a page. Responses would be
    in memory whole, again for each connection, and on Windows nothing would show whether the client reads.
    """
    turn = asyncio.Lock()

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_pieces(message: Message) -> None:
            body = message.get("body", b"")
            for begin in range(0, len(body) - BODY_BYTES, BODY_BYTES):
                await send({"type": message["type"], "body": body[begin : begin + BODY_BYTES], "more_body": True})
            rest = (len(body) - 1) // BODY_BYTES * BODY_BYTES
            await send({**message, "body": body[rest:]} if rest > 0 else message)

        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        async with turn:
            await asyncio.sleep(0)
        await app(scope, receive, send_pieces)

    return serve


class OpenConnections:
    """The HTTP connections of a server, which make room for one another. Websockets are never ended for that.

    An address that has more of them than the one from which another comes gives up its oldest, if possible one whose
    request is not being answered. Of one address, the oldest that was quiet for `QUIET_SECONDS` goes: behind a proxy,
    all pages have one address.
    """

    def __init__(self) -> None:
        self._connections: dict[str, dict[HttpConnection, None]] = {}

    def add(self, connection: "HttpConnection") -> None:
        """Count a connection."""
        self._connections.setdefault(connection.address, {})[connection] = None

    def remove(self, connection: "HttpConnection") -> None:
        """Forget a connection that ends, or is a websocket now."""
        same = self._connections.get(connection.address, {})
        same.pop(connection, None)
        if not same:
            self._connections.pop(connection.address, None)

    def make_room(self, address: str) -> bool:
        """End a connection in favor of one from this address; return whether there is one to end."""
        if not self._connections:
            return False
        most = max(self._connections.values(), key=len)
        found: HttpConnection | None
        if len(most) > len(self._connections.get(address, ())) + 1:
            found = next((each for each in most if not each.is_working), next(iter(most)))
        else:
            found = next((each for each in most if each.quiet_seconds() >= QUIET_SECONDS), None)
        if found is not None:
            found.end()
        return found is not None


class HttpConnection(H11Protocol):
    """An HTTP connection that is refused if there are too many, and ended if no request comes or no answer is read.

    uvicorn leaves this open where the client asked to close the connection, or sent the next request at once.

    Args:
        others: The HTTP connections of this server.

    Attributes:
        address: Address of the client; "" if the system does not say it.
    """

    address = ""
    _timer: asyncio.TimerHandle | None = None
    _cycle: Any = None
    _unread, _quiet_since = 0, 0.0

    def __init__(self, others: OpenConnections, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._others = others

    def connection_made(self, transport: Any) -> None:
        """Begin, or refuse with status 503."""
        peer = transport.get_extra_info("peername")
        self.address = str(peer[0]) if isinstance(peer, tuple) else ""
        if len(self.connections) >= connections_limit() and not self._others.make_room(self.address):
            _log.warn("Refusing a connection: too many are open. Raise the limit of open files (ulimit -n).")
            self.transport = transport
            transport.write(REFUSAL_RESPONSE)
            transport.close()
            return
        super().connection_made(transport)
        self._others.add(self)
        self._quiet_since = self.loop.time()
        self._look()

    def data_received(self, data: bytes) -> None:
        """Read a part of a request."""
        super().data_received(data)
        if self._timer is not None:
            self._notice(self.loop.time())

    @property
    def is_working(self) -> bool:
        """Whether a request is being received or answered, and the client has read all that was sent."""
        cycle: Any = self.cycle
        return cycle is not None and not cycle.response_complete and self.transport.get_write_buffer_size() == 0

    def quiet_seconds(self) -> float:
        """Seconds since the last request came, or a part of an answer was read; 0 while one is being made."""
        now = self.loop.time()
        self._notice(now)
        return now - self._quiet_since

    def _notice(self, now: float) -> None:
        """Begin to count the quiet time again if something has happened since the last look."""
        unread = self.transport.get_write_buffer_size()
        if self.is_working or unread != self._unread or self.cycle is not self._cycle:
            self._unread, self._cycle, self._quiet_since = unread, self.cycle, now

    def _look(self) -> None:
        """End the connection if it was quiet for too long, and look again later if not."""
        left = (UNREAD_SECONDS if self._unread else REQUEST_SECONDS) - self.quiet_seconds()
        if left <= 0:
            self.end()
        else:
            self._timer = self.loop.call_later(min(left, LOOK_SECONDS), self._look)

    def end(self) -> None:
        """End the connection at once."""
        self._leave()
        self.transport.abort()

    def _leave(self) -> None:
        """Make no more room, and forget the timer; one that is left would keep the connection in memory until then."""
        self._others.remove(self)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def handle_websocket_upgrade(self, event: Any) -> None:
        """Hand the connection over to a websocket."""
        self._leave()
        super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        super().connection_lost(exc)
        self._leave()


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
