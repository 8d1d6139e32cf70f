"""`gan1d serve`: find a port, serve the page, say where it is, and open it.

The order matters: the socket is bound before its address is said, and the address is said before the browser opens.
So nobody is ever sent to a port that somebody else took.
"""

import asyncio
import errno
import logging
import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import uvicorn

from gan1d import __version__
from gan1d.cli.console import OutputClosedError, print_output
from gan1d.server.app import ServerSettings, create_app

DEFAULT_PORT: Final = 8765
PORTS_TRIED: Final = 50
"""How many ports from the default one on are tried before giving up."""
GOODBYE_SECONDS: Final = 0.4
"""How long a page has to take the goodbye when the server stops."""
LONGEST_MESSAGE: Final = 2**20
"""Bytes of one message from a page. A longer one ends its connection; one that is merely too long for a command is
answered."""


class ServeError(Exception):
    """The server cannot be where it was asked to be; the message is for a person."""


class UnknownHostError(ServeError):
    """What was given as a host is the name of no machine."""


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where to serve.

    Attributes:
        host: Name or address of this machine.
        port: The port; 0 for any, None for the usual one or the next that is free.
        browser: Whether to open the page.
        log_level: As uvicorn names them.
    """

    host: str = "127.0.0.1"
    port: int | None = None
    browser: bool = True
    log_level: str = "warning"


class Server(uvicorn.Server):
    """A uvicorn that says when it has started, and does not wait for pages that do not read."""

    def __init__(self, config: uvicorn.Config, when_started: Callable[[], None]) -> None:
        super().__init__(config)
        self._when_started = when_started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started:
            self._when_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Say goodbye to all, and hang up on those who have not heard it soon after."""
        asyncio.get_running_loop().call_later(GOODBYE_SECONDS, self._hang_up)
        await super().shutdown(sockets)

    def _hang_up(self) -> None:
        for connection in tuple(self.server_state.connections):
            connection.transport.abort()


def serve(settings: ServerSettings, place: Address) -> None:
    """Serve until Ctrl-C or SIGTERM.

    Raises:
        NotAHost: Nobody knows the host.
        CannotServe: The page's files or the port cannot be had.
    """
    logging.basicConfig(level=place.log_level.upper(), format="%(levelname)s: %(message)s")
    try:
        app = create_app(settings)
    except FileNotFoundError as error:
        raise ServeError(str(error)) from None
    listener = bind(place)
    port = listener.getsockname()[1]

    def announce() -> None:
        # That nobody can be told is no reason not to serve.
        with suppress(OutputClosedError):
            for line in announcement(place, port):
                print_output(line)
        if place.browser and has_display():
            # Its own thread: some browsers start slowly, and some only return when they are closed.
            threading.Thread(target=webbrowser.open, args=(address(place.host, port),), daemon=True).start()

    config = uvicorn.Config(
        app,
        log_level=place.log_level,
        access_log=False,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        ws_max_size=LONGEST_MESSAGE,
        # A frame shrinks by a fifth for ten times the work of sending it.
        ws_per_message_deflate=False,
        # Without it Ctrl-C waits for every page to close.
        timeout_graceful_shutdown=1,
    )
    logging.getLogger("uvicorn.error").addFilter(briefly)
    # uvicorn stops in good order on SIGTERM and then raises it again; by then all is done.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    # Python lets a thread that trains go on for 5 ms while the one that answers waits; this halves the median wait.
    sys.setswitchinterval(0.0005)
    try:
        Server(config, announce).run([listener])
    except KeyboardInterrupt:
        return
    finally:
        listener.close()


def briefly(record: logging.LogRecord) -> bool:
    """Let a page's mistake be one line in the log; the traceback of uvicorn's own code says nothing more."""
    if isinstance(record.exc_info, tuple) and isinstance(record.exc_info[1], UnicodeDecodeError):
        record.exc_info = None
    return True


def bind(place: Address) -> socket.socket:
    """A listening socket: on the port asked for, or on the first free one if none was.

    Raises:
        NotAHost: Nobody knows the host.
        CannotServe: There is no port, or the host is not this machine.
    """
    wanted = [place.port] if place.port is not None else range(DEFAULT_PORT, DEFAULT_PORT + PORTS_TRIED)
    for port in wanted:
        try:
            return listen(place.host, port)
        except socket.gaierror as error:
            raise UnknownHostError(
                f'Expected a name of this machine for --host, but got "{place.host}" ({error.strerror}).'
            ) from None
        except UnicodeError:
            raise UnknownHostError(f'Expected a name of this machine for --host, but got "{place.host}".') from None
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise ServeError(f'Cannot listen on host "{place.host}", port {port}: {error.strerror}.') from None
    if place.port is not None:
        raise ServeError(f"Port {place.port} is busy. Choose another with --port, or leave it out to get a free one.")
    raise ServeError(f"All ports from {DEFAULT_PORT} to {DEFAULT_PORT + PORTS_TRIED - 1} are busy. Use --port 0.")


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens, at once, so that a second program finds the port busy."""
    family, kind, protocol, _, target = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind, protocol)
    try:
        if os.name != "nt":
            # Lets a port be used again right after a stop. On Windows it would let two programs share one.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(target)
        listener.listen(2048)
    except OSError:
        listener.close()
        raise
    return listener


def announcement(place: Address, port: int) -> list[str]:
    """What is printed once the server runs."""
    lines = []
    if place.port is None and port != DEFAULT_PORT:
        lines.append(f"Port {DEFAULT_PORT} is busy, so this is port {port}.")
    lines.append(f"gan1d {__version__} is running at {address(place.host, port)}  (Ctrl-C to stop)")
    if place.host in ("0.0.0.0", "::"):
        lines.append(f"Everybody on this network can use it: {address(outward_address(), port)}")
    return lines


def address(host: str, port: int) -> str:
    """The page's address; an unspecified host is reached through the loopback."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}/"


def outward_address() -> str:
    """This machine's address on its network; nothing is sent to find it out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address reserved for documents (RFC 5737)
        except OSError:
            return socket.gethostname()
        name: Any = probe.getsockname()
        return str(name[0])


def has_display() -> bool:
    """Whether a browser could show anything; without a display some start inside the terminal."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
