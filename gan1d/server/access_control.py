"""Who may connect: the checks that a server on one's own machine needs, because every website can reach it too.

A page of another site can open a websocket to localhost (the browser allows it and sends the page's site in `Origin`),
and another site's host name can be made to point to 127.0.0.1 (then `Host` holds that name). Both are checked:

    GET, HEAD, OPTIONS     Host
    other methods          Host and Origin
    websocket              Host and Origin; no Origin means no browser, and passes

A page shown in an iframe has this server's own origin, so slides need no permission. A frame with a sandbox attribute
without allow-same-origin has the origin "null", and may only load the page's modules with `--allow-origin null`.
"""

import asyncio
import ipaddress
import logging
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from contextlib import suppress
from typing import Any, Final

log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HOST: Final = re.compile(r"(?P<name>\[[0-9a-f:.%]+\]|[a-z0-9_.-]+)(?::(?P<port>\d{1,5}))?", re.IGNORECASE)
PORTS: Final = {"http": 80, "https": 443}
SAFE_METHODS: Final = ("GET", "HEAD", "OPTIONS")

DIFFERENT_WARNINGS: Final = 100
"""Number of different warnings that are logged; all further ones count as the same."""

DISCONNECT_SECONDS: Final = 1.0
"""Longest wait for a refused client to disconnect."""

INNER_SCRIPT: Final = "sha256-+kC/Arpxwosquo2AOYGC/b0u/wdDwdYAUjlO10vhJ1c="
"""Hash of the only script inside `static/index.html`. It adds the slash without which relative addresses are wrong, and
a class without which the page only says that it needs scripts."""

POLICY: Final = (
    f"default-src 'self'; script-src 'self' '{INNER_SCRIPT}'; connect-src 'self' ws: wss:; img-src 'self' data: blob:; "
    "style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'"
)
"""Content-Security-Policy: nothing is loaded from another site. The page may be framed, because slides frame it, and a
click-jacker could at most press Play."""


class CountedLog:
    """Warnings of which each is logged the 1st, 10th, 100th … time, so that no client can fill the disk.

    Args:
        log: Destination.
        repeats: Whether to log the 10th, 100th … time, too.
    """

    def __init__(self, log: logging.Logger, repeats: bool = True) -> None:
        self._log, self._repeats = log, repeats
        self._counts: Counter[str] = Counter()

    def warn(self, sentence: str) -> None:
        """Log a warning, with its count after the first time."""
        if sentence not in self._counts and len(self._counts) >= DIFFERENT_WARNINGS:
            sentence = "Refusing more requests for other reasons."
        self._counts[sentence] += 1
        count = self._counts[sentence]
        if count == 1:
            self._log.warning("%s", sentence)
        elif self._repeats and re.fullmatch("10+", str(count)):
            self._log.warning("%s (%d times so far)", sentence, count)


class AccessControl:
    """Middleware that refuses requests with status 403 and a sentence, and adds security headers to all other answers.

    Args:
        app: The application.
        allow_origins: Origins whose pages may connect, besides the server's own; "null" is allowed, too.
        allow_hosts: Host names of this server, besides localhost and every IP address; "*" is every name.
        frame_ancestors: Sites that may frame the page, as in Content-Security-Policy; "" for all.
    """

    def __init__(
        self,
        app: App,
        allow_origins: Iterable[str] = (),
        allow_hosts: Iterable[str] = (),
        frame_ancestors: str = "",
    ) -> None:
        self._app = app
        self._origins = {origin.lower().rstrip("/") for origin in allow_origins}
        self._hosts = {host.lower() for host in allow_hosts}
        # A page that is refused tries again every few seconds.
        self._log = CountedLog(log, repeats=False)
        policy = f"{POLICY}; frame-ancestors {frame_ancestors}" if frame_ancestors else POLICY
        self._headers = [
            (b"content-security-policy", policy.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI connection, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return

        headers = [*self._headers, *self._cors_headers(scope)]

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *headers]
            await send(message)

        rejection_reason = self.rejection_reason(scope)
        if rejection_reason is None:
            await self._app(scope, receive, send_guarded if scope["type"] == "http" else send)
        else:
            self._log.warn(rejection_reason)
            await _refuse(scope, rejection_reason, receive, send)

    def rejection_reason(self, scope: Scope) -> str | None:
        """Why a connection is refused, and which option would allow it; None if it is allowed."""
        hosts = _header(scope, b"host")
        host = HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        if host is None:
            return f"Refusing a request: expected one Host header with a name, but got {_quoted(hosts)}."
        name = host["name"].lower()
        if not self._knows(name):
            return (
                f'Refusing a request for host "{name}", which is not a name of this server. '
                f"To allow it, use --allow-host {name} or set GAN1D_ALLOW_HOST={name}."
            )
        if scope["type"] == "http" and scope["method"] in SAFE_METHODS:
            return None
        origins = _header(scope, b"origin")
        if not origins:
            return None
        origin = origins[0].lower()
        if len(origins) == 1 and (origin in self._origins or _is_same(origin, name, host["port"])):
            return None
        # The same words for a websocket and for the page's request for the reason, so that they are logged once.
        shown = _quoted(origins)
        return (
            f"Refusing a connection from origin {shown} to host {hosts[0]}: only pages of this server may connect. "
            f"To allow it, use --allow-origin {shown} or set GAN1D_ALLOW_ORIGIN={shown}; "
            "a proxy in between has to pass on the Host header unchanged."
        )

    def _cors_headers(self, scope: Scope) -> list[tuple[bytes, bytes]]:
        """Headers that let the pages of an allowed origin read an answer; modules need them in a sandboxed frame."""
        origins = _header(scope, b"origin")
        if len(origins) != 1 or origins[0].lower() not in self._origins:
            return []
        return [(b"access-control-allow-origin", origins[0].encode("latin-1")), (b"vary", b"Origin")]

    def _knows(self, name: str) -> bool:
        """Whether a host name is one of this server, or an IP address, so that no other site can make it point here."""
        if name == "localhost" or name.endswith(".localhost") or self._hosts & {name, "*"}:
            return True
        try:
            ipaddress.ip_address(name.strip("[]"))
        except ValueError:
            return False
        return True


def _header(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name]


def _is_same(origin: str, name: str, port: str | None) -> bool:
    """Whether an origin is that of this host; a missing port is the default one of the origin's scheme."""
    scheme, separator, rest = origin.partition("://")
    found = HOST.fullmatch(rest)
    if not separator or found is None or scheme not in PORTS:
        return False
    default = PORTS[scheme]
    return (found["name"], int(found["port"] or default)) == (name, int(port or default))


def _quoted(values: list[str]) -> str:
    """Header values, shortened, without characters that could look like another line."""
    return ", ".join(re.sub(r"[^\x21-\x7e]", "?", value)[:100] for value in values) or "none"


async def _refuse(scope: Scope, rejection_reason: str, receive: Receive, send: Send) -> None:
    """Answer with status 403 and the sentence; also to a websocket's handshake, where the server supports that."""
    if scope["type"] == "websocket":
        await receive()
        if "websocket.http.response" not in scope.get("extensions", {}):
            await send({"type": "websocket.close", "code": 1008, "reason": rejection_reason[:120]})
            return
        prefix = "websocket.http.response"
    else:
        prefix = "http.response"
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"x-content-type-options", b"nosniff")]
    await send({"type": f"{prefix}.start", "status": 403, "headers": headers})
    await send({"type": f"{prefix}.body", "body": (rejection_reason + "\n").encode()})
    if scope["type"] == "websocket":
        # uvicorn regards a handshake as unfinished until the client has disconnected, and would log an error. It
        # reports a disconnect twice: when the answer is being sent, and when the connection is closed.
        with suppress(TimeoutError):
            async with asyncio.timeout(DISCONNECT_SECONDS):
                await receive()
                await receive()
