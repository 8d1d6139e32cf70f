"""The real page, from the real server, in Debian's or Google's Chromium.

Every page is watched: a console error, an uncaught exception or a request to another origin fails its test.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.browser.running import run_chromium, run_server

PATIENCE_MS = 20_000
IN_THE_LAB = "try { localStorage.setItem('gan1d.view', 'lab'); } catch {}"
"""A visitor who comes back; the first visit opens the lessons."""


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a server of this session's own, slash included."""
    with run_server() as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    with run_chromium() as browser:
        yield browser


class Watch:
    """What must not happen on a page (errors, requests to others), and the text that its websocket carried."""

    def __init__(self, page: Any, *allowed: str) -> None:
        self.faults: list[str] = []
        self.received: list[dict[str, Any]] = []
        self.sent: list[dict[str, Any]] = []
        self.allowed = {urlsplit(address).netloc for address in allowed}
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"uncaught: {error}"))
        page.on("request", lambda request: self._address(request.url))
        page.on("websocket", self._websocket)

    def _console(self, message: Any) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text}")

    def _websocket(self, socket: Any) -> None:
        self._address(socket.url)
        for event, kept in (("framereceived", self.received), ("framesent", self.sent)):
            socket.on(event, lambda data, kept=kept: kept.append(json.loads(data)) if isinstance(data, str) else None)

    def _address(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "file") and parts.netloc not in self.allowed:
            self.faults.append(f"request to {url}")


@pytest.fixture
def open_page(chromium: Any, server: str) -> Iterator[Callable[..., Any]]:
    """Open the page: `open_page("?embed=1#seed=3", viewport=…)`; each call is a visitor who chose the lab before.

    Requests may go to the server, and to the address `allowed`; a visitor is the first time here if `is_first`.
    """
    contexts: list[Any] = []
    watches: list[Watch] = []

    def open_(
        address: str = "",
        *,
        viewport: tuple[int, int] = (1280, 800),
        allowed: str = "",
        is_first: bool = False,
        **options: Any,
    ) -> Any:
        size = {"width": viewport[0], "height": viewport[1]}
        context = chromium.new_context(viewport=size, **options)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        if not is_first:
            context.add_init_script(IN_THE_LAB)
        page = context.new_page()
        page.wire = Watch(page, server, allowed)
        watches.append(page.wire)
        page.goto(address if "://" in address else server + address)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert [fault for watch in watches for fault in watch.faults] == []


@pytest.fixture
def page(open_page: Callable[..., Any]) -> Any:
    """The page with all its charts and settings."""
    return open_page()
