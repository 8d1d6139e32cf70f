"""What one client may take of the server, over a real network."""

import gc
import http.client
import json
import socket
import time
from collections.abc import Iterator
from typing import Any
from unittest import mock
from weakref import WeakSet

import pytest

from gan1d.server import connections
from gan1d.server.access_control import CountedLog
from gan1d.server.connections import (
    FILES,
    FRAGMENTS,
    PINGS_PER_SECOND,
    RESERVED_FILES,
    HttpConnection,
    WebsocketConnection,
    connections_limit,
)
from gan1d.server.viewer import Viewer
from tests.server.conftest import Served

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
    monkeypatch.setattr(connections, "REQUEST_SECONDS", 0.05)
    with served.connect() as client:
        client.until("hello")
        client.say("playback", speed=10)
        client.say("play")
        client.watch(3)  # 0.2 s


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
