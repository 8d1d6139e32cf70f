"""A server from the command line: its options, the line that it prints, how it ends, and what it refuses."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from argparse import Namespace
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

import gan1d
from gan1d.cli.options import OPTIONS
from gan1d.cli.serve import chosen_values, server_address, settings_of
from tests.cli.program import CLEAN, PATIENCE, gan1d_says, port_in, serving


def test_options_come_from_the_command_line_then_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    given = Namespace(**{option.key: None for option in OPTIONS})
    given.port, given.allow_host = 9000, ["lab.example"]
    monkeypatch.setenv("GAN1D_HISTORY", "3")
    monkeypatch.setenv("GAN1D_PORT", "9001")
    chosen = chosen_values(OPTIONS, given)
    settings = settings_of(chosen, preset="wgan_gp")
    assert settings.allow_hosts == ("lab.example", "127.0.0.1"), "a name that is listened on is a name of this server"
    assert (settings.history_bytes, settings.preset) == (3 * 2**20, "wgan_gp")
    address = server_address(chosen, "map")
    assert (address.port, address.page, address.browser) == (9000, "map", True)


@pytest.fixture
def busy() -> Iterator[int]:
    """A port on which another program listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
@pytest.mark.parametrize("stop", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_it_says_where_it_is_and_ends_quickly_with_pages_open(stop: signal.Signals) -> None:
    with serving("--port", "0") as (process, line):
        port = port_in(line)
        assert line == f"gan1d {gan1d.__version__} is running at http://127.0.0.1:{port}/  (Ctrl-C to stop)\n"
        options: dict[str, Any] = {"subprotocols": ["gan1d.v1"], "max_queue": None}
        url = f"ws://127.0.0.1:{port}/ws"
        with connect(url, **options) as playing, connect(url, **options) as idle:
            assert json.loads(idle.recv(timeout=PATIENCE))["version"] == gan1d.__version__
            playing.send('{"type": "playback", "speed": "max"}')
            playing.send('{"type": "play"}')
            for _ in range(4):
                playing.recv(timeout=PATIENCE)
            begun = time.monotonic()
            process.send_signal(stop)
            assert process.wait(PATIENCE) == 0
            assert time.monotonic() - begun < 2.5  # 1.5 s on a machine that has nothing else to do
        assert process.stderr is not None
        assert process.stderr.read() == ""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
@pytest.mark.parametrize(
    "stops",
    [[signal.SIGINT, signal.SIGINT], [signal.SIGHUP]],
    ids=["Ctrl-C twice", "hang-up"],
)
def test_every_page_learns_why_the_server_ends(stops: list[signal.Signals]) -> None:
    with serving("--port", "0") as (process, line):
        with connect(f"ws://127.0.0.1:{port_in(line)}/ws") as page:
            page.recv(timeout=PATIENCE)
            for stop in stops:
                process.send_signal(stop)
            messages = deque[Any](maxlen=1)
            with pytest.raises(ConnectionClosed) as closed:
                messages.extend(iter(lambda: page.recv(timeout=PATIENCE), None))
        assert json.loads(messages[0]) == {
            "type": "closing", "code": 1001, "reason": "The server is stopping.", "reaction": "reconnect",
            "watch": None,
        }  # fmt: skip
        assert closed.value.rcvd is not None
        assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1001, "The server is stopping.")
        assert process.wait(PATIENCE) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
def test_a_page_that_does_not_read_cannot_hold_up_the_end() -> None:
    with serving("--port", "0") as (process, line), socket.socket() as raw:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        raw.connect(("127.0.0.1", port_in(line)))
        raw.sendall(
            b"GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        for n in range(250):  # each is answered with the whole config, far more than the buffers hold
            command = json.dumps({"type": "set", "path": "batch_size", "value": 8 + n % 8}).encode()
            raw.sendall(bytes([0x81, 0x80 | len(command), 0, 0, 0, 0]) + command)  # masked with zeros
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
        assert time.monotonic() - begun < 2.5


@pytest.mark.slow
def test_what_is_asked_for_is_what_a_session_begins_with() -> None:
    environment = {"GAN1D_PRESET": "textbook", "GAN1D_SEED": "5", "GAN1D_PORT": "0"}
    with (
        serving("--seed", "7", **environment) as (_, line),
        connect(f"ws://127.0.0.1:{port_in(line)}/ws") as page,
    ):
        hello = json.loads(page.recv(timeout=PATIENCE))
    assert (hello["preset"], hello["config"]["seed"]) == ("textbook", 7)  # the option beats the environment
    assert hello["config"]["penalty"]["kind"] == "none"


@pytest.mark.slow
@pytest.mark.parametrize(
    "headers", [{"Cookie": "jar=" + 30_000 * "x"}, {f"X-Header-{n}": "x" for n in range(300)}], ids=["long", "many"]
)
def test_a_page_with_the_cookies_of_all_of_localhost_is_served(headers: dict[str, str]) -> None:
    with (
        serving("--port", "0") as (_, line),
        connect(f"ws://127.0.0.1:{port_in(line)}/ws", additional_headers=headers, open_timeout=PATIENCE) as page,
    ):
        assert json.loads(page.recv(timeout=PATIENCE))["type"] == "hello"


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
def test_a_mistake_of_a_page_is_one_line_in_the_log() -> None:
    with serving("--port", "0") as (process, line):
        url = f"ws://127.0.0.1:{port_in(line)}/ws"
        with pytest.raises(InvalidStatus), connect(url, origin=Origin("https://evil.example")):
            pass
        with connect(url) as page:
            page.send(b"\xff\xfe", text=True)
            with pytest.raises(ConnectionClosed) as closed:
                deque(page, maxlen=0)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1007
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
        assert process.stderr is not None
        said = process.stderr.read().splitlines()
    assert len(said) == 2
    assert said[0].startswith("WARNING: Refusing a connection from origin https://evil.example")
    assert said[1].endswith("Invalid UTF-8 sequence received from client.")


@pytest.mark.slow
def test_an_explicit_busy_port_is_one_line_and_status_1(busy: int) -> None:
    for arguments, environment in ((["--port", str(busy)], {}), ([], {"GAN1D_PORT": str(busy)})):
        done = gan1d_says("--no-browser", *arguments, **environment)
        assert done.returncode == 1
        assert done.stderr.startswith(f"gan1d serve: Port {busy} is busy.")
        assert done.stderr.count("\n") == 1
        assert done.stdout == ""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("host", "words", "status"),
    [
        ("no.such.host.invalid", "Expected a name of this machine", 2),
        (70 * "a", "Expected a name of this machine", 2),
        ("192.0.2.1", "Cannot listen on", 1),
    ],
)
def test_a_host_that_is_not_this_machine_is_one_line(host: str, words: str, status: int) -> None:
    done = gan1d_says("--no-browser", "--host", host, "--port", "0")
    assert (done.returncode, done.stderr.count("\n")) == (status, 1)
    assert words in done.stderr


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
def test_that_nobody_reads_where_it_is_is_no_reason_not_to_serve() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gan1d", "--no-browser", "--port", str(port)]
    with subprocess.Popen(command, env=CLEAN, stdout=writer, stderr=subprocess.PIPE, text=True) as process:
        os.close(writer)
        try:
            assert process.stderr is not None
            deadline = time.monotonic() + PATIENCE
            while time.monotonic() < deadline:
                try:
                    with connect(f"ws://127.0.0.1:{port}/ws") as page:
                        assert json.loads(page.recv(timeout=PATIENCE))["type"] == "hello"
                    break
                except ConnectionRefusedError:
                    assert process.poll() is None
            process.send_signal(signal.SIGINT)
            assert process.wait(PATIENCE) == 0
            assert process.stderr.read() == ""
        finally:
            process.kill()


@pytest.mark.slow
def test_serve_begins_with_the_numbers_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "data.txt"
    file.write_text(", ".join(map(str, range(15))), "utf-8")
    with (
        serving("--port", "0", "--data", str(file)) as (_, line),
        connect(f"ws://127.0.0.1:{port_in(line)}/ws") as page,
    ):
        hello = json.loads(page.recv(timeout=PATIENCE))
    assert hello["config"]["target"]["values"] == list(range(15))
    assert hello["presets"][0]["title"] == "data.txt"
    assert hello["presets"][0]["watch"].startswith("The target is 15 numbers from data.txt: 0 to 14. ")
