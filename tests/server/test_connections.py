"""What one client may take of the server, over a real network."""

import asyncio
import gc
import http.client
import json
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from unittest import mock
from weakref import WeakSet

import pytest

from gan1d.server import connections
from gan1d.server.access_control import CountedLog, Message, Receive, Scope, Send
from gan1d.server.connections import (
    BODY_BYTES,
    FILES,
    FRAGMENTS,
    PINGS_PER_SECOND,
    QUIET_SECONDS,
    RESERVED_FILES,
    HttpConnection,
    OpenConnections,
    WebsocketConnection,
    begun_in_turn,
    connections_limit,
)
from gan1d.server.viewer import Viewer
from tests.server.conftest import Serve, Served

EMPTY_PING = b"\x89\x80\0\0\0\0"  # masked with zeros
UPGRADE = (
    b"GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


@pytest.fixture
def raw(served: Served) -> Iterator[socket.socket]:
    """A connection without a request."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as opened:
        yield opened


@pytest.fixture(autouse=True)
def new_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_log", CountedLog(connections._log._log))


def read_all(opened: socket.socket) -> bytes:
    """Everything until the server closes the connection."""
    found = b""
    try:
        while part := opened.recv(65536):
            found += part
    except ConnectionResetError:
        pass
    return found


@pytest.mark.parametrize("begun", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HT"])
def test_a_connection_without_a_whole_request_is_closed(
    served: Served, monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    monkeypatch.setattr(connections, "REQUEST_SECONDS", 0.2)
    monkeypatch.setattr(served.server.config, "timeout_keep_alive", 0.2)
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as opened:
        opened.sendall(begun)
        assert read_all(opened).count(b"HTTP/1.1 200 OK") == begun.count(b"\r\n\r\n")


def test_a_websocket_is_no_request_that_does_not_come(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "REQUEST_SECONDS", 0.15)
    with served.connect() as client:
        client.until("hello")
        client.say("playback", speed=10)
        client.say("play")
        client.watch(4)  # 0.3 s


def test_many_connections_are_refused_in_a_sentence(
    served: Served, raw: socket.socket, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(connections, "connections_limit", lambda: 1)
    for _ in range(20):
        refused = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
        refused.request("GET", "/")
        response = refused.getresponse()
        assert (response.status, response.read()) == (503, connections.REFUSAL)
        refused.close()
    assert [record.getMessage()[:24] for record in caplog.records] == ["Refusing a connection: t"] * 2
    monkeypatch.undo()
    raw.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert read_all(raw).startswith(b"HTTP/1.1 200 OK")


def test_a_connection_that_asks_for_nothing_makes_room(
    served: Served, raw: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "connections_limit", lambda: 1)
    monkeypatch.setattr(connections, "QUIET_SECONDS", 0.0)
    raw.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert raw.recv(12) == b"HTTP/1.1 200"
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as second:
        second.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert read_all(second).startswith(b"HTTP/1.1 200 OK")
    read_all(raw)  # until the server ends it


@dataclass(eq=False)
class FakeConnection:
    """A connection that notes when it is ended."""

    others: OpenConnections
    address: str
    quiet: float = 0.0
    is_working: bool = False

    def __post_init__(self) -> None:
        self.is_open = True
        self.others.add(cast("HttpConnection", self))

    def quiet_seconds(self) -> float:
        return self.quiet

    def end(self) -> None:
        self.is_open = False
        self.others.remove(cast("HttpConnection", self))


def test_the_address_with_the_most_connections_makes_room() -> None:
    others = OpenConnections()
    assert not others.make_room("a")
    few = [FakeConnection(others, "a") for _ in range(2)]
    many = [FakeConnection(others, "b", is_working=n == 0) for n in range(4)]
    assert others.make_room("a")
    assert [each.is_open for each in (*few, *many)] == [True, True, True, False, True, True]
    # Both would have three then.
    assert not others.make_room("a")
    for _ in range(3):
        assert others.make_room("c")
    assert [each.is_open for each in (*few, *many)] == [False, True, True, False, False, False]
    busy = [FakeConnection(others, "b", is_working=True) for _ in range(2)]
    assert others.make_room("c")
    assert [each.is_open for each in (*many[:1], *busy)] == [False, True, True]


def test_one_address_gives_up_what_is_quiet() -> None:
    others = OpenConnections()
    FakeConnection(others, "a", QUIET_SECONDS / 2)
    assert not others.make_room("a")
    quiet = [FakeConnection(others, "a", QUIET_SECONDS) for _ in range(2)]
    assert others.make_room("a")
    assert [each.is_open for each in quiet] == [False, True]


# Responses that are not read ------------------------------------------------------------------------------------------

LARGE = 2**23
"""Bytes, more than the buffers of the system hold."""
GET_LARGE = b"GET /large.bin HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture
def with_large_file(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Served:
    (tmp_path / "index.html").touch()
    (tmp_path / "large.bin").write_bytes(bytes(LARGE))
    served = serve(static=tmp_path)
    monkeypatch.setattr(served.server.config, "timeout_keep_alive", 0.05)
    return served


def ask(served: Served, request: bytes) -> socket.socket:
    """A connection with this request, of which little is read at a time."""
    opened = socket.socket()
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**16)
    opened.settimeout(20)
    opened.connect(("127.0.0.1", served.port))
    opened.sendall(request)
    return opened


@pytest.mark.parametrize(
    "request_",
    [GET_LARGE + b"\r\n", GET_LARGE + b"Connection: close\r\n\r\n", 2 * (GET_LARGE + b"\r\n")],
    ids=["one", "the last one", "two"],
)
def test_a_client_that_does_not_read_is_cut_off(
    with_large_file: Served, monkeypatch: pytest.MonkeyPatch, request_: bytes
) -> None:
    monkeypatch.setattr(connections, "UNREAD_SECONDS", 0.1)
    monkeypatch.setattr(connections, "LOOK_SECONDS", 0.02)
    with ask(with_large_file, request_) as opened:
        assert opened.recv(12) == b"HTTP/1.1 200"
        deadline = time.monotonic() + 5
        while with_large_file.server.server_state.connections and time.monotonic() < deadline:
            with_large_file.thread.join(0.01)
        assert not with_large_file.server.server_state.connections
        assert len(read_all(opened)) < LARGE


@pytest.mark.parametrize("more", [-1, 0, 1, BODY_BYTES + 1])
def test_a_long_response_is_sent_in_pieces(more: int) -> None:
    body, sent = bytes(range(256)) * (BODY_BYTES // 128) + b"x" * more, list[Message]()
    body = body[: len(body) + min(more, 0)]

    async def note(message: Message) -> None:
        sent.append(message)

    async def answer(_: Scope, __: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": body})

    asyncio.run(begun_in_turn(answer)({"type": "http"}, mock.Mock(), note))
    start, *pieces, last = sent
    assert start == {"type": "http.response.start", "status": 200}
    assert b"".join(piece["body"] for piece in [*pieces, last]) == body
    assert [len(piece["body"]) for piece in pieces] == [BODY_BYTES] * (-(-len(body) // BODY_BYTES) - 1)
    assert all(piece["more_body"] for piece in pieces)
    assert last == {"type": "http.response.body", "body": body[len(pieces) * BODY_BYTES :]}


def test_one_request_begins_in_each_turn_of_the_event_loop() -> None:
    begun = list[int]()

    async def answer(scope: Scope, _: Receive, __: Send) -> None:
        begun.append(scope["number"])

    async def crowd() -> None:
        app = begun_in_turn(answer)
        requests = [
            asyncio.create_task(app({"type": "http", "number": n}, mock.Mock(), mock.Mock()))  # type: ignore[arg-type]
            for n in range(20)
        ]
        for turn in range(1, 20):
            await asyncio.sleep(0)
            assert len(begun) < turn
        await app({"type": "websocket", "number": -1}, mock.Mock(), mock.Mock())
        await asyncio.gather(*requests)

    asyncio.run(crowd())
    assert begun.index(-1) < 19
    assert sorted(begun) == list(range(-1, 20))


def test_a_client_that_reads_slowly_gets_everything(with_large_file: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "UNREAD_SECONDS", 0.5)
    monkeypatch.setattr(connections, "LINGER_SECONDS", 0.05)
    begun, count = time.monotonic(), 0
    with ask(with_large_file, GET_LARGE + b"\r\n") as opened:
        while part := opened.recv(2**18):
            count += len(part)
            with_large_file.thread.join(0.01)
    assert count > LARGE
    assert time.monotonic() - begun > 0.5


def test_the_limit_leaves_files_for_other_things() -> None:
    assert 1 <= connections_limit() <= max(FILES, 2**20) - RESERVED_FILES


def test_many_pings_end_the_connection(raw: socket.socket, caplog: pytest.LogCaptureFixture) -> None:
    raw.sendall(UPGRADE)
    assert b"101 Switching" in raw.recv(65536)
    raw.sendall(EMPTY_PING * (PINGS_PER_SECOND + 1))
    read_all(raw)  # until the server ends it
    assert "pings in a second" in caplog.text


@pytest.mark.parametrize(
    ("frames", "sentence"),
    [
        (b"\x8a\x80\0\0\0\0" * (PINGS_PER_SECOND + 1), "pings in a second"),
        (b"\x01\x80\0\0\0\0" + b"\x00\x80\0\0\0\0" * FRAGMENTS, "a message in more than"),
    ],
    ids=["pongs", "parts"],
)
def test_frames_that_are_no_messages_end_the_connection(
    raw: socket.socket, caplog: pytest.LogCaptureFixture, frames: bytes, sentence: str
) -> None:
    raw.sendall(UPGRADE)
    assert b"101 Switching" in raw.recv(65536)
    raw.sendall(frames)
    read_all(raw)  # until the server ends it
    assert sentence in caplog.text


def test_a_message_may_come_in_parts(served: Served) -> None:
    with served.connect() as client:
        client.until("hello")
        client.connection.send(['{"type":', '"playback",', '"speed":5}'])
        client.until("status", playback={"running": False, "speed": 5})


def test_some_pings_are_answered(served: Served) -> None:
    with served.connect() as client:
        for _ in range(3):
            assert client.connection.ping().wait(20)
        client.until("hello")


def test_a_client_that_closes_nothing_is_cut_off(raw: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "LINGER_SECONDS", 0.1)
    raw.sendall(UPGRADE.replace(b"\r\n\r\n", b"\r\nSec-WebSocket-Protocol: gan1d.v99\r\n\r\n"))
    assert b"closing" in read_all(raw)


def test_an_acknowledgement_wakes_no_task(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    passed_on, acknowledged = list[bytes](), list[bool]()
    pass_on, acknowledge = WebsocketConnection.send_receive_event_to_app, Viewer.acknowledge

    def note_queue(connection: WebsocketConnection) -> None:
        waiting = connection.queue.qsize()
        message = bytes(connection.frames[0])
        pass_on(connection)
        if connection.queue.qsize() > waiting:
            passed_on.append(message)

    def note_acknowledgement(viewer: Viewer) -> bool:
        acknowledged.append(acknowledge(viewer))
        return acknowledged[-1]

    monkeypatch.setattr(WebsocketConnection, "send_receive_event_to_app", note_queue)
    monkeypatch.setattr(Viewer, "acknowledge", note_acknowledgement)
    with served.connect() as client:
        client.say("step", count=20)
        client.watch(20)
        client.say("playback", speed=5)
        client.until("status", playback={"running": False, "speed": 5})
    assert True in acknowledged
    assert [json.loads(message)["type"] for message in passed_on] == ["step", "playback"]


@pytest.mark.parametrize("is_complete", [False, True])
def test_a_handshake_that_a_stop_refuses_ends_like_one_whose_client_has_left(is_complete: bool) -> None:
    refused = list[str]()
    connection = WebsocketConnection.__new__(WebsocketConnection)
    connection.handshake_complete, connection.close_sent, connection.disconnected = is_complete, is_complete, False
    connection.close_timer = None
    connection.stop_keepalive = lambda: None  # type: ignore[method-assign]
    connection.send_500_response = lambda: refused.append("500")  # type: ignore[method-assign]
    connection.transport = mock.Mock()
    connection.shutdown()
    assert refused == ["500"] * (not is_complete)
    # The application's next `send` raises ClientDisconnected, which uvicorn does not log.
    assert (connection.handshake_complete, connection.disconnected) == (True, not is_complete)


# Memory ---------------------------------------------------------------------------------------------------------------


def test_what_a_connection_had_is_free_as_soon_as_it_ends(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise it waits for one of Python's searches for cycles, which hold up everybody."""
    made: WeakSet[Any] = WeakSet()
    for kind in (HttpConnection, WebsocketConnection, Viewer):
        begin = kind.__init__

        def note(self: Any, *arguments: Any, _begin: Any = begin, **options: Any) -> None:
            made.add(self)
            _begin(self, *arguments, **options)

        monkeypatch.setattr(kind, "__init__", note)
    gc.disable()
    try:
        with served.connect() as client:
            client.until("hello")
            client.say("step", count=3)
            client.watch(1)
            assert {type(each) for each in made} >= {WebsocketConnection, Viewer}
        with socket.create_connection(("127.0.0.1", served.port), timeout=20) as opened:
            opened.sendall(UPGRADE.replace(b"\r\n\r\n", b"\r\nOrigin: https://other.example\r\n\r\n"))
            assert read_all(opened).startswith(b"HTTP/1.1 403 ")
        deadline = time.monotonic() + 10
        while made and time.monotonic() < deadline:
            served.thread.join(0.01)
        assert list(made) == []
    finally:
        gc.enable()
