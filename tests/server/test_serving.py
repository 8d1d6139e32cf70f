"""Where the server listens, and the lines that say so."""

import re
import socket
import sys
from collections.abc import Iterator

import pytest

from gan1d.server import serving
from gan1d.server.app import ServerSettings, create_app
from gan1d.server.serving import Address, ServeError, announcement, bind, has_display, is_loopback, url_of
from tests.session.fakes import SMALL


@pytest.fixture
def busy() -> Iterator[int]:
    """A port on which another socket listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]


def test_a_busy_default_moves_on_and_says_so(busy: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "DEFAULT_PORT", busy)
    with bind(Address()) as listener:
        port = listener.getsockname()[1]
    assert busy < port < busy + serving.PORTS_TRIED
    lines = announcement(Address(), port)
    assert lines[0] == f"Port {busy} is busy, so this is port {port}."
    assert f"http://127.0.0.1:{port}/" in lines[1]


def test_no_free_port_is_said(busy: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "DEFAULT_PORT", busy)
    monkeypatch.setattr(serving, "PORTS_TRIED", 1)
    with pytest.raises(ServeError, match=r"are busy\. Use --port 0"):
        bind(Address())


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "http://127.0.0.1:80/"),
        ("0.0.0.0", "http://127.0.0.1:80/"),
        ("::1", "http://[::1]:80/"),
        ("::", "http://[::1]:80/"),
        ("lab.example", "http://lab.example:80/"),
    ],
)
def test_addresses_can_be_opened(host: str, shown: str) -> None:
    assert url_of(host, 80) == shown


def test_listening_to_everybody_says_so() -> None:
    lines = announcement(Address(host="0.0.0.0", port=80, token="abcd"), 80)
    assert re.fullmatch(r"Everybody on this network can watch and train at http://[\d.]+:80/\?token=abcd", lines[1])
    lines = announcement(Address(host="192.168.1.20", port=80, token=""), 80)
    assert lines[1] == "Everybody on this network can watch and train at http://192.168.1.20:80/"
    for host in ("127.0.0.1", "127.1.2.3", "::1", "localhost", "gan.localhost"):
        assert is_loopback(host)
        assert len(announcement(Address(host=host, port=80), 80)) == 1


def test_no_browser_without_a_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    assert not has_display()
    monkeypatch.setenv("DISPLAY", ":0")
    assert has_display()


def test_few_connections_are_accepted_before_open_ones_are_served_again() -> None:
    """asyncio accepts as many at once as uvicorn lets wait; at the limit of open files it logs each of them."""
    listened = list[int]()

    class Listener(socket.socket):
        def listen(self, backlog: int = 0) -> None:
            listened.append(backlog)
            super().listen(backlog)

    app = create_app(ServerSettings(config=SMALL))
    config = serving.uvicorn_config(app, "warning")
    server = serving.Server(app, config, lambda: setattr(server, "should_exit", True))
    with Listener() as listener:
        listener.bind(("127.0.0.1", 0))
        server.run([listener])
    assert listened[-1] == serving.WAITING_CONNECTIONS >= 1000, "the system lets many wait"
    assert config.backlog == serving.ACCEPTED_AT_ONCE <= 5


def test_the_training_thread_hands_the_interpreter_over_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, before = list[float](), sys.getswitchinterval()
    monkeypatch.setattr(serving.Server, "run", lambda *_: seen.append(sys.getswitchinterval()))
    try:
        serving.serve(ServerSettings(config=SMALL), Address(port=0, browser=False), lambda _: None)
    finally:
        sys.setswitchinterval(before)
    assert seen == [pytest.approx(serving.SWITCH_SECONDS)]
