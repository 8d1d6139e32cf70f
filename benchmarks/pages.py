"""A page made of a bare socket: it reads frames without copying them, and acknowledges each at once."""

import asyncio
import json
from typing import Any

HANDSHAKE = (
    "GET /ws{query} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
TEXT, BINARY = 0x81, 0x82


def framed(text: bytes) -> bytes:
    """A text message of a client, masked with zeros."""
    size = bytes([0x80 | len(text)]) if len(text) < 126 else b"\xfe" + len(text).to_bytes(2, "big")
    return bytes([TEXT]) + size + bytes(4) + text


ACK = framed(b'{"type":"ack"}')


class Page(asyncio.Protocol):
    """A page.

    Attributes:
        greeted: Its hello as it came; to read 500 of them takes this program longer than the server takes to send them.
        frames: Number of frames since `begin`.
        ages: Seconds from the first page that got a frame to this one.
        latencies: Seconds from a `set` to its `config`.
        expected: Value of a `set` without an answer → time at which it was sent.
        step: Step of the last frame.
        is_closed: Whether the connection has ended.
    """

    def __init__(self, port: int, session: str | None) -> None:
        self._loop = asyncio.get_running_loop()
        query = f"?session={session}" if session else ""
        self._request = HANDSHAKE.format(query=query, port=port).encode()
        self._data, self._is_open = b"", False
        self.greeted: asyncio.Future[bytes] = self._loop.create_future()
        self.is_closed, self.step = False, -1
        self.expected: dict[float, float] = {}
        self.begin({})

    def begin(self, first_seen: dict[int, float]) -> None:
        """Forget all measurements; `first_seen` is shared by the pages whose frames have an age."""
        self.frames, self._first_seen = 0, first_seen
        self.ages: list[float] = []
        self.latencies: list[float] = []
        self.expected.clear()

    def say(self, **message: Any) -> None:
        """Send a command."""
        self.transport.write(framed(json.dumps(message).encode()))

    def leave(self) -> None:
        """End the connection."""
        self.transport.abort()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(self._request)

    def connection_lost(self, error: Exception | None) -> None:
        self.is_closed = True
        if not self.greeted.done():
            self.greeted.set_exception(error or ConnectionError("closed before hello"))
            self.greeted.exception()  # no warning if nothing waits for it

    def data_received(self, data: bytes) -> None:
        data = self._data + data if self._data else data
        if not self._is_open:
            head, end, data = data.partition(b"\r\n\r\n")
            if not end:
                self._data = head
                return
            self._is_open = True
        begin = 0
        while len(data) >= begin + 2:
            kind, size = data[begin], data[begin + 1]
            head = begin + (2 if size < 126 else 4 if size == 126 else 10)
            if size >= 126:
                size = int.from_bytes(data[begin + 2 : head], "big")
            if len(data) < max(head + size, head):
                break
            begin = head + size
            if kind == BINARY:
                self.transport.write(ACK)
                self._count(int.from_bytes(data[head + 8 : head + 16], "little"))
            elif kind == TEXT:
                self._read(data[head:begin])
        self._data = data[begin:]

    def _count(self, step: int) -> None:
        self.frames, self.step = self.frames + 1, step
        now = self._loop.time()
        self.ages.append(now - self._first_seen.setdefault(step, now))

    def _read(self, text: bytes) -> None:
        if not self.greeted.done():
            self.greeted.set_result(text)
        elif self.expected and b'"config"' in text[:20]:
            now, value = self._loop.time(), json.loads(text)["value"]
            # Of several values in a row the server may set the last one alone; that answers those before it, too.
            while value in self.expected:
                self.latencies.append(now - self.expected.pop(next(iter(self.expected))))


async def connect(port: int, session: str | None = None) -> Page:
    """Open a page, without waiting for its hello."""
    _, page = await asyncio.get_running_loop().create_connection(lambda: Page(port, session), "127.0.0.1", port)
    return page


async def watch_name(page: Page) -> str:
    """Name by which the session of a page can be watched."""
    return str(json.loads(await page.greeted)["watch"])
