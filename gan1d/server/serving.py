"""Serving the page: find a port, start uvicorn, say where the page is, and open it.

The socket is bound before its address is printed, and the address is printed before the browser opens, so that the
address shown is never that of another program. These steps stand in one file, because each needs what the one before
has found.

ServeError (Exception)    the server cannot start
  UnknownHostError        the host name cannot be resolved
"""

import asyncio
import errno
import gc
import ipaddress
import logging
import os
import secrets
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import uvicorn
from fastapi import FastAPI

from gan1d import __version__
from gan1d.server.app import ServerSettings, create_app
from gan1d.server.connections import (
    HttpConnection,
    OpenConnections,
    WebsocketConnection,
    begun_in_turn,
    raise_files_limit,
)

DEFAULT_PORT: Final = 8765
PORTS_TRIED: Final = 50
"""Number of ports that are tried, from the default port on."""
GOODBYE_SECONDS: Final = 0.3
"""Longest time to send the reason and the close frame to all pages when the server stops."""
UNSPECIFIED_HOSTS: Final = ("0.0.0.0", "::")
"""Hosts that stand for all addresses of this machine."""
HANG_UP_SECONDS: Final = 0.4
"""Time after which all connections are cut off when the server stops."""
ACCEPTED_AT_ONCE: Final = 2
"""Connections that are accepted before open ones are served again: a handshake, or its refusal, takes milliseconds."""
WAITING_CONNECTIONS: Final = 2048
"""Connections that the system keeps until they are accepted."""
SWITCH_SECONDS: Final = 0.0001
"""Time for which the training thread goes on while the event loop waits for the interpreter; Python's own is 5 ms. The
event loop may have to wait after each message that it sends, so for 500 followers this is a time per follower."""
TOKEN_BYTES: Final = 4
"""Random bytes in a token, which is short enough to be typed."""
SIGNALS: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)
)
LONGEST_MESSAGE: Final = 2**20
"""Bytes of a message above which uvicorn ends the connection. A shorter message that is too long for a command is
answered."""


class ServeError(Exception):
    """The server cannot start; the message is shown to the user."""


class UnknownHostError(ServeError):
    """The host name cannot be resolved."""


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where to serve, and how to start.

    Attributes:
        host: Name or IP address of this machine.
        port: Port from 0 to 65535; 0 for any free port, None for the default port or the next free one.
        browser: Whether to open the page in a browser.
        log_level: Log level as uvicorn names it.
        token: Word without which pages from other machines begin no session; "" for none, None for a random one if
            other machines can connect.
        page: Path of the page that is announced and opened; "" for the first one.
    """

    host: str = "127.0.0.1"
    port: int | None = None
    browser: bool = True
    log_level: str = "warning"
    token: str | None = None
    page: str = ""


class Server(uvicorn.Server):
    """A uvicorn server that calls `when_started` once, and says goodbye to all pages without waiting for them.

    Args:
        app: The application.
        config: Settings of uvicorn.
        when_started: Called when the server accepts connections.
    """

    def __init__(self, app: FastAPI, config: uvicorn.Config, when_started: Callable[[], None]) -> None:
        super().__init__(config)
        self._app, self._when_started = app, when_started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to serve, then call `when_started`."""
        await super().startup(sockets)
        for listener in sockets or ():
            # asyncio accepts as many connections at once as it lets wait, so uvicorn was given a small number.
            listener.listen(WAITING_CONNECTIONS)
        if self.started:
            self._when_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Tell all pages why they are closed, and abort the connections that are open after `HANG_UP_SECONDS`."""
        asyncio.get_running_loop().call_later(HANG_UP_SECONDS, self._hang_up)
        self._app.state.lobby.close()
        if self.server_state.tasks:
            await asyncio.wait(tuple(self.server_state.tasks), timeout=GOODBYE_SECONDS)
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop at the first signal, and ignore more of them: the program ends within a second."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        # A signal that is ignored from the start, as SIGHUP by nohup, stays ignored.
        handled = [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
        before = {number: signal.signal(number, self.stop) for number in handled}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def stop(self, *_: object) -> None:
        """Stop soon; a signal's handler."""
        self.should_exit = True

    def _hang_up(self) -> None:
        for connection in tuple(self.server_state.connections):
            connection.transport.abort()


def serve(settings: ServerSettings, address: Address, print_line: Callable[[str], None]) -> None:
    """Serve until Ctrl-C, SIGTERM or SIGHUP.

    Args:
        settings: Settings of the application.
        address: Where to serve.
        print_line: Prints one line of the announcement.

    Raises:
        UnknownHostError: The host name cannot be resolved.
        ServeError: The page's files are missing, or no port is free.
    """
    logging.basicConfig(level=address.log_level.upper(), format="%(levelname)s: %(message)s")
    raise_files_limit()
    if address.token is None:
        address = replace(address, token="" if is_loopback(address.host) else secrets.token_hex(TOKEN_BYTES))
    listener = bind(address)
    port = listener.getsockname()[1]
    try:
        app = create_app(replace(settings, label=f"{port}-", token=address.token or ""))
    except FileNotFoundError as error:
        raise ServeError(str(error)) from None

    def announce() -> None:
        for line in announcement(address, port):
            print_line(line)
        if address.browser and has_display():
            # In a thread, because some browsers start slowly, and some return only when they are closed.
            threading.Thread(target=webbrowser.open, args=(page_url(address, port),), daemon=True).start()

    logging.getLogger("uvicorn.error").addFilter(without_decoding_traceback)
    sys.setswitchinterval(SWITCH_SECONDS)
    # Otherwise each full collection looks at all modules, too, and stops every session for a tenth of a second.
    gc.collect()
    gc.freeze()
    try:
        Server(app, uvicorn_config(app, address.log_level), announce).run([listener])
    except KeyboardInterrupt:
        return
    finally:
        listener.close()


def uvicorn_config(app: FastAPI, log_level: str) -> uvicorn.Config:
    """How uvicorn serves the application."""
    return uvicorn.Config(
        begun_in_turn(app),
        log_level=log_level,
        access_log=False,
        http=partial(HttpConnection, OpenConnections()),  # type: ignore[arg-type]
        ws=WebsocketConnection,
        backlog=ACCEPTED_AT_ONCE,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        ws_max_size=LONGEST_MESSAGE,
        # Compression makes a frame a fifth smaller and takes ten times as long as sending it.
        ws_per_message_deflate=False,
        # Without a timeout Ctrl-C waits for every page to close.
        timeout_graceful_shutdown=1,
    )


def without_decoding_traceback(record: logging.LogRecord) -> bool:
    """Log a message that is not UTF-8 in one line: the traceback shows uvicorn's own code only."""
    if isinstance(record.exc_info, tuple) and isinstance(record.exc_info[1], UnicodeDecodeError):
        record.exc_info = None
    return True


def bind(address: Address) -> socket.socket:
    """A listening socket on the given port, or on the first free port from the default one on.

    Raises:
        UnknownHostError: The host name cannot be resolved.
        ServeError: No port is free, or the host is not this machine.
    """
    ports = [address.port] if address.port is not None else range(DEFAULT_PORT, DEFAULT_PORT + PORTS_TRIED)
    for port in ports:
        try:
            return listen(address.host, port)
        except socket.gaierror as error:
            raise UnknownHostError(
                f'Expected a name of this machine for --host, but got "{address.host}" ({error.strerror}).'
            ) from None
        except UnicodeError:
            raise UnknownHostError(f'Expected a name of this machine for --host, but got "{address.host}".') from None
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise ServeError(f'Cannot listen on host "{address.host}", port {port}: {error.strerror}.') from None
    if address.port is not None:
        raise ServeError(f"Port {address.port} is busy. Choose another with --port, or leave it out to get a free one.")
    raise ServeError(f"All ports from {DEFAULT_PORT} to {DEFAULT_PORT + PORTS_TRIED - 1} are busy. Use --port 0.")


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens at once, so that a second program finds the port busy."""
    family, kind, protocol, _, target = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind, protocol)
    try:
        if os.name != "nt":
            # Lets a port be used again right after a stop. On Windows two programs could then share one port.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(target)
        listener.listen(WAITING_CONNECTIONS)
    except OSError:
        listener.close()
        raise
    return listener


def announcement(address: Address, port: int) -> list[str]:
    """Lines to print once the server runs."""
    lines = []
    if address.port is None and port != DEFAULT_PORT:
        lines.append(f"Port {DEFAULT_PORT} is busy, so this is port {port}.")
    lines.append(f"gan1d {__version__} is running at {url_of(address.host, port)}{address.page}  (Ctrl-C to stop)")
    if not is_loopback(address.host):
        lines.append(f"Everybody on this network can watch and train at {page_url(address, port)}")
    return lines


def is_loopback(host: str) -> bool:
    """Whether only this machine can connect to a server on this host."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def page_url(address: Address, port: int) -> str:
    """URL of the page with all that other machines need; the page takes the links for others from its own."""
    host = outward_address() if address.host in UNSPECIFIED_HOSTS else address.host
    return url_of(host, port) + address.page + (f"?token={address.token}" if address.token else "")


def url_of(host: str, port: int) -> str:
    """URL of the page; an unspecified host is shown as the loopback address."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}/"


def outward_address() -> str:
    """IP address of this machine on its network, found without sending anything."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address reserved for documentation (RFC 5737)
        except OSError:
            return "127.0.0.1"
        name: Any = probe.getsockname()
        return str(name[0])


def has_display() -> bool:
    """Whether a browser can show a window; without a display some browsers start inside the terminal."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
