"""`examples/deck`: its slides, its search for a server, and its print."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import expect

from tests import tools
from tests.browser import driving
from tests.browser.running import run_server
from tests.browser.test_deployment import free_port
from tests.browser.test_slides import PICTURES, frame_of, step_of, wait_for_step

DECK = tools.ROOT / "examples/deck/index.html"


@pytest.fixture
def open_deck(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Open the deck; requests that find no server are errors in its console."""
    contexts: list[Any] = []

    def open_(query: str) -> Any:
        contexts.append(chromium.new_context(viewport={"width": 1280, "height": 800}))
        page = contexts[-1].new_page()
        page.set_default_timeout(20_000)
        page.goto(f"{DECK.as_uri()}?{query}")
        page.wait_for_function("() => Reveal.isReady()")
        return page

    yield open_
    for context in contexts:
        context.close()


class OtherProgram(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<p>Something else")

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def other_program() -> Iterator[int]:
    """The port of a web server that is not gan1d."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), OtherProgram)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def first_free(ports: range) -> int:
    for port in ports:
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    pytest.skip("No port beside that of the other program is free")


def is_picture(page: Any, name: str) -> bool:
    """Whether the picture of an experiment is shown, completely loaded, instead of the experiment."""
    picture = page.locator(f".live:has(#{name}) > img")
    return picture.is_visible() and picture.evaluate("image => image.naturalWidth > 0")


def test_slides_start_and_stop_the_page(open_page: Any, server: str) -> None:
    page = open_page(f"{DECK.as_uri()}?server={server.rstrip('/')}")
    page.wait_for_function("() => Reveal.isReady()")
    for name in ("split", "again"):
        frame_of(page, name)
    driving.let_frames_pass(page, PICTURES)
    assert [step_of(page, name) for name in ("split", "again")] == [0, 0]
    page.keyboard.press("ArrowRight")
    wait_for_step(page, "split", 60)
    assert step_of(page, "again") == 0
    page.keyboard.press("ArrowRight")
    wait_for_step(page, "again", 5)
    left_at = step_of(page, "split")
    wait_for_step(page, "again", step_of(page, "again") + 30)
    assert step_of(page, "split") <= left_at + 10
    page.keyboard.press("ArrowLeft")
    wait_for_step(page, "split", left_at + 20)


def test_without_a_server_there_are_pictures_until_one_runs(open_deck: Any) -> None:
    port = free_port()
    page = open_deck(f"server=http://127.0.0.1:{port}")
    page.keyboard.press("ArrowRight")
    sentence = page.locator(".present .live > p")
    expect(sentence).to_have_text("gan1d is not running. Start “gan1d --no-browser”, and this picture comes alive.")
    assert is_picture(page, "split")
    assert page.locator("iframe[src]").count() == 0
    with run_server("--port", str(port)):
        wait_for_step(page, "split", 5)
        expect(sentence).to_be_hidden()
        page.keyboard.press("ArrowRight")
        wait_for_step(page, "again", 5)


def test_another_program_is_named_and_never_shown(open_deck: Any, other_program: int) -> None:
    page = open_deck(f"server=http://127.0.0.1:{other_program}")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".present .live > p")).to_have_text(
        f"Another program answers at http://127.0.0.1:{other_program}. "
        "Start “gan1d --no-browser”, and this picture comes alive."
    )
    assert is_picture(page, "split")
    assert len(page.frames) == 1 or all(frame.url == "about:blank" for frame in page.frames[1:])


def test_gan1d_is_found_on_a_later_port(open_deck: Any, other_program: int) -> None:
    """As it is where gan1d has found its own port busy."""
    with run_server("--port", str(first_free(range(other_program + 1, other_program + 10)))):
        page = open_deck(f"server=http://127.0.0.1:{other_program}")
        page.keyboard.press("ArrowRight")
        wait_for_step(page, "split", 5)


def test_the_print_has_a_page_for_each_slide_and_pictures(open_deck: Any, server: str) -> None:
    page = open_deck(f"server={server.rstrip('/')}&print-pdf")
    page.wait_for_function("() => document.querySelectorAll('.pdf-page').length === 4")
    assert is_picture(page, "split")
    assert is_picture(page, "again")
    assert page.locator("iframe[src]").count() == 0
    assert page.locator(".live > p").all_text_contents() == ["", ""]
    boxes = page.locator(".live > img").evaluate_all("images => images.map(i => [i.clientWidth, i.clientHeight])")
    assert boxes == [[960, 540], [960, 540]]
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type /Page\b", pdf)) == 4
    assert len(re.findall(rb"/Subtype /Image\b", pdf)) >= 2


def test_the_deck_runs_only_where_a_slide_is_shown_in_every_browser() -> None:
    text = DECK.read_text("utf-8")
    assert text.count("autoplay=slide&amp;") == text.count("data-src=") == 2
