"""What the page says where it cannot work: behind a wrong proxy, in a sandbox, without scripts, without its slash."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import expect

from tests.browser import driving
from tests.browser.conftest import IN_THE_LAB
from tests.browser.running import run_server


@contextmanager
def run_proxy(server: str, edit: Callable[[str], str | None]) -> Iterator[str]:
    """A proxy that edits or drops each line of a request's head; its address, slash included.

    Each connection carries one request, so that every head is seen.
    """
    target = urlsplit(server)
    listener = socket.create_server(("127.0.0.1", 0))

    def pump(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def serve(client: socket.socket) -> None:
        with (
            client,
            client.makefile("rb") as reader,
            socket.create_connection((target.hostname, target.port)) as onward,
        ):
            head = [line.decode("latin-1") for line in iter(reader.readline, b"\r\n")]
            edited = [line for line in map(edit, head) if line is not None]
            if not any(line.lower().startswith("upgrade:") for line in edited):
                edited = [line for line in edited if not line.lower().startswith("connection:")]
                edited.append("Connection: close\r\n")
            onward.sendall("".join([*edited, "\r\n"]).encode("latin-1"))
            threading.Thread(target=pump, args=(client, onward), daemon=True).start()
            pump(onward, client)

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        listener.close()


@pytest.fixture
def look(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Open a page that may report errors to the console."""
    contexts: list[Any] = []

    def open_(address: str, **options: Any) -> Any:
        contexts.append(chromium.new_context(**options))
        contexts[-1].add_init_script(IN_THE_LAB)
        page = contexts[-1].new_page()
        page.set_default_timeout(20_000)
        page.goto(address)
        return page

    yield open_
    for context in contexts:
        context.close()


def without_port(line: str) -> str:
    """What nginx makes of `proxy_set_header Host $host`."""
    return re.sub(r"^host: ([\w.]+).*", r"Host: \1", line.strip(), flags=re.IGNORECASE) + "\r\n"


def without_upgrade(line: str) -> str | None:
    return None if line.lower().startswith(("upgrade:", "connection:")) else line


def test_a_proxy_that_changes_the_host_is_named_in_the_page(look: Any, server: str) -> None:
    with run_proxy(server, without_port) as address:
        page = look(address)
        port = urlsplit(address).port
        expect(page.locator("#notice")).to_contain_text(
            f"Refusing a connection from origin http://127.0.0.1:{port} to host 127.0.0.1"
        )
        expect(page.locator("#notice")).to_contain_text(f"use --allow-origin http://127.0.0.1:{port}")
        expect(page.locator("#notice")).to_contain_text("a proxy in between has to pass on the Host header unchanged")


def test_a_proxy_that_passes_no_websocket_is_named_in_the_page(look: Any, server: str) -> None:
    with run_proxy(server, without_upgrade) as address:
        page = look(address)
        expect(page.locator("#notice")).to_contain_text("pass on the headers Upgrade and Connection")


def test_a_proxy_that_changes_nothing_works(look: Any, server: str) -> None:
    with run_proxy(server, lambda line: line) as address:
        driving.wait_until_ready(look(address))


# Frames with a sandbox ------------------------------------------------------------------------------------------------


@pytest.fixture
def framed(look: Any, tmp_path: Path) -> Callable[[str, str], Any]:
    """The gan1d page in a frame with an attribute."""

    def open_(server: str, sandbox: str) -> Any:
        file = tmp_path / "page.html"
        file.write_text(f'<!doctype html><iframe {sandbox} src="{server}?embed=1" width=900 height=500></iframe>')
        frame = look(file.as_uri()).locator("iframe").element_handle().content_frame()
        frame.wait_for_url(f"{server}?embed=1")
        return frame

    return open_


@pytest.mark.parametrize("sandbox", ['sandbox="allow-scripts"', 'sandbox="allow-scripts allow-forms"'])
def test_a_frame_without_its_origin_says_what_it_needs(framed: Any, server: str, sandbox: str) -> None:
    frame = framed(server, sandbox)
    expect(frame.locator("body")).to_have_text(
        'gan1d needs its origin: write sandbox="allow-scripts allow-same-origin" in this frame, '
        "or start gan1d with --allow-origin null."
    )


@pytest.mark.parametrize("sandbox", ["sandbox", 'sandbox="allow-same-origin"'])
def test_a_frame_without_scripts_says_what_it_needs(framed: Any, server: str, sandbox: str) -> None:
    frame = framed(server, sandbox)
    expect(frame.get_by_text('sandbox="allow-scripts allow-same-origin"')).to_be_visible()
    expect(frame.locator("header")).to_be_hidden()


def test_a_browser_without_scripts_is_told(look: Any, server: str) -> None:
    page = look(server, java_script_enabled=False)
    expect(page.get_by_text("gan1d needs JavaScript: allow it for this page.")).to_be_visible()
    expect(page.locator("main")).to_be_hidden()


def test_a_frame_with_both_permissions_works(framed: Any, server: str) -> None:
    driving.wait_until_ready(framed(server, 'sandbox="allow-scripts allow-same-origin"'))


def test_a_frame_without_its_origin_works_if_null_is_allowed(look: Any, framed: Any) -> None:
    with run_server("--allow-origin", "null") as server:
        frame = framed(server, 'sandbox="allow-scripts"')
        driving.wait_until_ready(frame)
        driving.step_to(frame, 2)
        own = look(server)
        driving.wait_until_ready(own)


def test_scripts_that_do_not_load_are_reported(look: Any, server: str) -> None:
    page = look("about:blank")
    page.route("**/js/state/store.js", lambda route: route.fulfill(status=502, body="Bad gateway"))
    page.goto(server)
    expect(page.locator("body")).to_have_text(re.compile("The scripts of this page could not be loaded. Reload it"))


# The slash ------------------------------------------------------------------------------------------------------------


def test_a_prefix_without_its_slash(look: Any, server: str) -> None:
    """As jupyter-server-proxy serves /proxy/8765: the server sees the root, the browser an address without a slash."""

    def stripped(line: str) -> str:
        return re.sub(r"^(GET|POST|HEAD) /lab/proxy/8765/?", r"\1 /", line)

    with run_proxy(server, stripped) as address:
        page = look(f"{address}lab/proxy/8765?embed=1#seed=3")
        driving.wait_until_ready(page)
        page.wait_for_url("**/lab/proxy/8765/?embed=1#seed=3")
        driving.wait_until_ready(look(f"{address}lab/proxy/8765/index.html"))
