"""The protocol, over a real network: one connection from its first message to its close code."""

import contextlib
import json
import socket
import time
from typing import Any
from urllib.request import urlopen

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from gan1d.server.serving import LONGEST_MESSAGE
from gan1d.server.websocket import BURST, RATE, TokenBucket
from gan1d.session.messages import COMMAND_LENGTH_LIMIT, SUBPROTOCOL, Close, Refused, parse_command
from tests.server.conftest import Client, Serve, Served


def closed(client: Client) -> tuple[int, str]:
    """The code and reason with which the server ended a connection; its last message holds the same, if it sent one."""
    last: dict[str, Any] = {}
    while True:
        try:
            message = client.next()
            last = message if isinstance(message, dict) else {}
        except ConnectionClosed as error:
            said = error.rcvd
            code, reason = (said.code, said.reason) if said else (1006, "not a word")
            if last.get("type") == "closing":
                assert last == {"type": "closing", "code": code, "reason": reason, "reaction": Close(code).reaction}
            return code, reason


def test_hello_comes_first_then_a_frame(served: Served) -> None:
    with served.connect() as client:
        assert client.connection.subprotocol == SUBPROTOCOL
        hello = client.next()
        assert isinstance(hello, dict)
        assert (hello["type"], hello["protocol"], hello["version"]) == ("hello", 1, "test")
        assert len(client.frame()) == hello["frame_bytes"]


def test_a_page_that_has_the_catalog_is_not_sent_it_again(served: Served) -> None:
    with served.connect() as client:
        whole = client.until("hello")
    with urlopen(f"http://127.0.0.1:{served.port}/catalog.json") as response:
        catalog = json.load(response)
    assert set(catalog) == {"catalog", "schema", "presets", "glossary"}
    assert catalog.items() <= whole.items()
    with served.connect(f"?catalog={catalog['catalog']}") as client:
        short = client.until("hello")
    assert set(short) == set(whole) - (set(catalog) - {"catalog"})
    with served.connect("?catalog=that+of+another+version") as client:
        assert set(client.until("hello")) == set(whole)


def test_a_client_without_a_subprotocol_is_served(served: Served) -> None:
    with served.connect(subprotocols=None) as client:
        assert client.connection.subprotocol is None
        assert client.until("hello")


def test_a_page_of_another_protocol_is_told_to_reload(served: Served) -> None:
    with served.connect(subprotocols=["gan1d.v99"]) as client:
        last = client.until("closing")
        assert (last["code"], last["reaction"]) == (Close.UNSUPPORTED_PROTOCOL, "reload")
        assert closed(client) == (Close.UNSUPPORTED_PROTOCOL, Close.UNSUPPORTED_PROTOCOL.reason)


def test_a_viewer_looks_back_while_the_driver_plays(served: Served) -> None:
    with served.connect() as driver:
        watch = driver.until("hello")["watch"]
        driver.say("step", count=30)
        driver.until("status", state="paused", step=30)
        driver.say("playback", speed=200)
        driver.say("play")
        with served.connect(f"?session={watch}") as viewer:
            viewer.until("hello")
            viewer.say("look", step=12)
            look = viewer.until("looking", step=12)["look"]
            while viewer.shown >> 48 != look:
                viewer.next()
            assert viewer.shown & 0xFFFF == 12
            viewer.say("look", step=None)
            viewer.until("looking", step=None)
            viewer.watch(31)
            viewer.say("branch", step=12)
            assert "only who drives it" in viewer.until("refused")["message"]
        driver.say("branch", step=12)
        assert driver.until("runs", present=2)["runs"][1]["name"] == "from step 12"
        driver.until("status", state="paused", step=12)


def test_set_config_and_frames(served: Served) -> None:
    with served.connect() as client:
        client.say("set", path="batch_size", value=8)
        assert client.until("config", path="batch_size")["value"] == 8
        client.say("set", path="batch_size", value=0)
        assert client.until("refused", path="batch_size")["value"] == 8
        client.say("step", count=3)
        client.until("status", state="paused", step=3)
        client.watch(3)
        client.say("playback", speed="max")
        client.say("play")
        client.watch(100)
        client.say("pause")
        client.watch(client.until("status", state="paused")["step"])


@pytest.mark.parametrize("raw", ["", "{", "[]", "null", '{"type": "fly"}', '{"type": "set", "path": 3}', b"\x00", b""])
def test_a_mistake_is_answered_and_the_connection_stays(served: Served, raw: str | bytes) -> None:
    with served.connect() as client:
        client.connection.send(raw)
        assert client.until("refused")["message"].startswith("Expected ")
        client.say("play")
        assert client.until("status", state="running")


# Hypothesis also tries strings that stand in the code, and some of these are commands.
NONSENSE = (st.text(max_size=40) | st.binary(max_size=40)).filter(lambda raw: isinstance(parse_command(raw), Refused))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(NONSENSE, min_size=1, max_size=10))
def test_no_nonsense_ends_a_connection(served: Served, messages: list[str | bytes]) -> None:
    with served.connect() as client:
        for message in messages:
            client.connection.send(message)
        for _ in messages:
            assert client.until("refused")
        client.say("step")
        assert client.until("status", state="paused")


def test_too_many_messages_are_passed_over_with_one_word(served: Served) -> None:
    with served.connect() as client:
        client.until("hello")
        for _ in range(10 * int(BURST)):  # so many that a slow machine sends them faster than the bucket fills, too
            client.say("pause")
        assert "at most 150 messages a second" in client.until("refused")["message"]


def test_the_bucket_lets_a_drag_through_and_a_flood_not() -> None:
    now = 0.0
    bucket = TokenBucket(lambda: now)
    for _ in range(10 * 144):  # ten seconds on a fast screen
        now += 1 / 144
        assert bucket.take()
    taken = sum(bucket.take() for _ in range(10_000))
    assert taken <= BURST
    now += 1
    assert sum(bucket.take() for _ in range(10_000)) == RATE
    assert bucket.may_refuse()
    assert not bucket.may_refuse()


def test_a_long_message_counts_as_several() -> None:
    now = 0.0
    bucket = TokenBucket(lambda: now)
    assert sum(bucket.take(COMMAND_LENGTH_LIMIT) for _ in range(100)) == 9
    now += 1
    assert sum(bucket.take(COMMAND_LENGTH_LIMIT) for _ in range(100)) == 4
    now += 1
    assert sum(bucket.take(10**6) for _ in range(100)) == 5, "what is too long to be read counts as the longest"


@pytest.mark.parametrize(
    "message",
    ["x" * (COMMAND_LENGTH_LIMIT + 1), "x" * LONGEST_MESSAGE, bytes(COMMAND_LENGTH_LIMIT + 1)],
    ids=["long", "longest", "binary"],
)
def test_a_message_too_long_is_answered_and_the_connection_stays(served: Served, message: str | bytes) -> None:
    with served.connect() as client:
        client.connection.send(message)
        said = f"Expected a message of at most {COMMAND_LENGTH_LIMIT} characters, but got {len(message)}."
        assert client.until("refused")["message"] == said
        client.say("step")
        assert client.until("status", state="paused")


def test_a_message_far_too_long_ends_the_connection(served: Served) -> None:
    with served.connect() as client:
        client.connection.send("x" * (LONGEST_MESSAGE + 1))
        assert closed(client)[0] == 1009


def test_a_reconnect_resumes_the_same_run(served: Served) -> None:
    with served.connect() as client:
        name = client.until("hello")["session"]
        client.say("step", count=5)
        client.watch(5)
    with served.connect(f"?session={name}") as again:
        hello = again.until("hello")
    assert (hello["session"], hello["role"], hello["status"]["step"]) == (name, "driver", 5)
    assert hello["trace"]["step"][-1] == 5


def test_watchers_see_and_may_not_command(served: Served) -> None:
    with served.connect() as driver:
        hello = driver.until("hello")
        with served.connect(f"?session={hello['watch']}") as watcher:
            seen = watcher.until("hello")
            assert (seen["role"], seen["session"]) == ("viewer", hello["watch"])
            assert hello["session"] not in json.dumps(seen)
            watcher.say("play")
            assert "only who drives" in watcher.until("refused")["message"]
            driver.say("set", path="batch_size", value=8)
            assert watcher.until("config")["value"] == 8


def test_a_full_lobby_is_said_in_the_close_reason(serve: Serve) -> None:
    served = serve(max_sessions=1)
    with served.connect() as first:
        first.until("hello")
        with served.connect() as second:
            offered = second.until("closing")["watch"]
            assert closed(second) == (Close.FULL, Close.FULL.reason)
        with served.connect(f"?session={offered}") as watcher:
            assert watcher.until("hello")["role"] == "viewer"
    with served.connect() as third:  # the first has left
        third.until("hello")


def test_a_foreign_page_is_refused(served: Served) -> None:
    with pytest.raises(InvalidStatus) as caught, served.connect(origin="https://evil.example"):
        pass
    assert caught.value.response.status_code == 403
    assert b"--allow-origin https://evil.example" in caught.value.response.body


def stalled(served: Served, session: str) -> socket.socket:
    """A viewer that opens a websocket and never reads."""
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    raw.connect(("127.0.0.1", served.port))
    raw.sendall(
        f"GET /ws?session={session} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    return raw


@pytest.mark.slow
def test_a_stalled_viewer_slows_nobody(served: Served) -> None:
    with served.connect() as client:
        name = client.until("hello")["session"]
        with stalled(served, name):
            client.say("playback", speed="max")
            client.say("play")
            client.until("status", state="running")
            client.frame()
            begun, frames = time.monotonic(), 0
            while frames < 30:
                client.frame()
                frames += 1
            assert time.monotonic() - begun < 5  # at sixty a second it takes half of one


def test_shutdown_ends_open_connections_with_a_code(serve: Serve) -> None:
    served = serve()
    with served.connect() as playing, served.connect() as idle:
        name = playing.until("hello")["session"]
        with stalled(served, name):
            playing.say("playback", speed="max")
            playing.say("play")
            playing.until("status", state="running")
            begun = time.monotonic()
            served.stop()
            assert time.monotonic() - begun < 2.5
            assert closed(playing)[0] in (1001, 1012)
            assert closed(idle)[0] in (1001, 1012)


@pytest.mark.slow
def test_sixteen_sessions_play_at_once(serve: Serve) -> None:
    served = serve(max_sessions=16)
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(served.connect()) for _ in range(16)]
        for client in clients:
            client.say("playback", speed="max")
            client.say("play")
        for client in clients:
            client.until("status", state="running")
            client.watch(client.shown + 10)


def test_a_page_that_leaves_without_a_word_is_noticed(serve: Serve) -> None:
    served = serve(max_sessions=1)
    raw = stalled(served, "")
    raw.close()

    def place() -> dict[str, Any] | None:
        with served.connect() as client:
            try:
                return client.until("hello")
            except ConnectionClosed:
                return None

    deadline = time.monotonic() + 10
    while (hello := place()) is None and time.monotonic() < deadline:
        pass
    assert hello is not None


def test_compression_is_not_needed(served: Served) -> None:
    with connect(f"ws://127.0.0.1:{served.port}/ws") as connection:
        assert json.loads(connection.recv(timeout=20))["type"] == "hello"
