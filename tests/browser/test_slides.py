"""Frames that start by themselves: only what can be seen trains, on slides of reveal.js and in other pages.

The page around a frame is a file here, so it has another origin, as slides and articles have.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from tests import tools
from tests.browser import driving

PICTURES = 120
"""Pictures after which a frame that wrongly counts as visible has trained for a second."""


@pytest.fixture
def open_html(open_page: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    """Open a page with this body; `FRAME` in it is a frame that starts by itself."""

    def open_(body: str, **options: Any) -> Any:
        file = tmp_path / "page.html"
        file.write_text(f"<!doctype html><meta charset=utf-8><body>{body}", "utf-8")
        return open_page(file.as_uri(), **options)

    return open_


def frame_of(page: Any, name: str) -> Any:
    """The gan1d page in the frame of this id, connected to its server."""
    frame = page.locator(f"iframe#{name}").element_handle().content_frame()
    frame.wait_for_function("() => document.querySelector('#play')?.disabled === false", polling=100)
    return frame


def step_of(page: Any, name: str) -> int:
    return driving.step_count(frame_of(page, name))


def wait_for_step(page: Any, name: str, least: int) -> None:
    # Pictures of hidden frames are not drawn, so a step is looked for at intervals.
    frame_of(page, name).wait_for_function(f"least => ({driving.COUNT})() >= least", arg=least, polling=100)


# reveal.js ------------------------------------------------------------------------------------------------------------

TRANSITIONS = ("none", "fade", "slide", "convex", "concave", "zoom")


def deck(server: str, version: str, config: str, source: str = "data-preload data-src") -> str:
    """Slides: a title, `a` and `b` (auto-animate), a vertical stack with `c` below, and `d` in a fragment."""
    home = tools.REVEAL[version].as_uri()

    def frame(name: str) -> str:
        address = f"{server}?embed=1&amp;autoplay=1&amp;controls=mini"
        return f'<iframe id={name} {source}="{address}" width=900 height=500></iframe>'

    return f"""
      <link rel=stylesheet href="{home}/reveal.css">
      <div class=reveal><div class=slides>
        <section>Title</section>
        <section data-auto-animate>{frame("a")}</section>
        <section data-auto-animate>{frame("b")}</section>
        <section><section>Above</section><section>{frame("c")}</section></section>
        <section><p>Text</p><div class=fragment>{frame("d")}</div></section>
      </div></div>
      <script src="{home}/reveal.js"></script>
      <script>Reveal.initialize({{ hash: false, viewDistance: 9, mobileViewDistance: 9, {config} }});</script>"""


def walk(page: Any) -> None:
    """Go through all slides; only the frame that is shown trains."""
    page.wait_for_function("() => Reveal.isReady()")
    names = ("a", "b", "c", "d")
    for name in names:
        frame_of(page, name)
    driving.let_frames_pass(page, PICTURES)
    assert [step_of(page, name) for name in names] == [0, 0, 0, 0]
    path = {"a": "right()", "b": "right()", "c": "right(), Reveal.down()", "d": "slide(4), Reveal.nextFragment()"}
    for k, (name, moves) in enumerate(path.items()):
        page.evaluate(f"Reveal.{moves}")
        wait_for_step(page, name, 5)
        left = [step_of(page, other) for other in names[:k]]
        wait_for_step(page, name, 40)
        # A command is on its way for a moment, in which the frame that is left goes on.
        assert [step_of(page, other) - step <= 10 for other, step in zip(names[:k], left, strict=True)] == [True] * k
        assert [step_of(page, other) for other in names[k + 1 :]] == [0] * (3 - k)


@pytest.mark.parametrize("transition", TRANSITIONS)
@pytest.mark.parametrize("version", tools.REVEAL)
def test_only_the_slide_that_is_shown_trains(open_html: Any, server: str, version: str, transition: str) -> None:
    if not tools.REVEAL[version].is_dir():
        pytest.skip(tools.MISSING["reveal"])
    walk(open_html(deck(server, version, f'transition: "{transition}"')))


@pytest.mark.parametrize("transition", ["none", "fade"])
def test_frames_without_lazy_loading(open_html: Any, server: str, transition: str) -> None:
    walk(open_html(deck(server, "6", f'transition: "{transition}"', "src")))


@pytest.mark.parametrize("transition", ["none", "fade"])
def test_a_deck_that_is_scaled_down(open_html: Any, server: str, transition: str) -> None:
    """No frame of it counts as visible for the browser, so everything depends on what the deck says."""
    page = open_html(deck(server, "6", f'transition: "{transition}", width: 1920, height: 1080'))
    page.wait_for_function("() => Reveal.isReady()")
    assert page.evaluate("Reveal.getScale()") < 1
    walk(page)


def test_a_slide_above_and_a_hidden_fragment_do_not_train(open_html: Any, server: str) -> None:
    page = open_html(deck(server, "6", 'transition: "none"'))
    page.wait_for_function("() => Reveal.isReady()")
    page.evaluate("Reveal.slide(3)")
    driving.let_frames_pass(page, PICTURES)
    page.evaluate("Reveal.slide(4)")
    driving.let_frames_pass(page, PICTURES)
    assert [step_of(page, name) for name in "abcd"] == [0, 0, 0, 0]


def test_the_overview_starts_nothing(open_html: Any, server: str) -> None:
    page = open_html(deck(server, "6", 'transition: "none"'))
    page.wait_for_function("() => Reveal.isReady()")
    for name in "abcd":
        frame_of(page, name)
    page.evaluate("Reveal.toggleOverview()")
    driving.let_frames_pass(page, PICTURES)
    assert [step_of(page, name) for name in "abcd"] == [0, 0, 0, 0]
    page.evaluate("Reveal.toggleOverview()")
    page.evaluate("Reveal.slide(1)")
    wait_for_step(page, "a", 5)
    assert [step_of(page, name) for name in "bcd"] == [0, 0, 0]


def test_a_frame_on_the_first_slide_starts_after_the_deck_has_spoken_too_early(open_html: Any, server: str) -> None:
    """reveal.js speaks before such a frame has loaded, and scaled down it does not count as visible."""
    page = open_html(
        f"""<link rel=stylesheet href="{tools.REVEAL["6"].as_uri()}/reveal.css">
        <div class=reveal><div class=slides><section>
          <iframe id=first src="{server}?embed=1&amp;autoplay=1" width=960 height=540></iframe></section></div></div>
        <script src="{tools.REVEAL["6"].as_uri()}/reveal.js"></script>
        <script>Reveal.initialize({{ hash: false, width: 1920, height: 1080 }});</script>"""
    )
    wait_for_step(page, "first", 5)


def test_a_run_continues_with_its_slide_and_a_pause_by_hand_stays(open_html: Any, server: str) -> None:
    page = open_html(deck(server, "6", 'transition: "none"'))
    page.wait_for_function("() => Reveal.isReady()")
    page.evaluate("Reveal.right()")
    wait_for_step(page, "a", 5)
    page.evaluate("Reveal.right()")
    wait_for_step(page, "b", 5)
    left_at = step_of(page, "a")
    page.evaluate("Reveal.left()")
    wait_for_step(page, "a", left_at + 10)
    frame = frame_of(page, "a")
    frame.locator("#play").click()
    frame.locator("#play", has_text="Play").wait_for()
    paused_at = driving.step_count(frame)
    page.evaluate("Reveal.right()")
    wait_for_step(page, "b", step_of(page, "b") + 10)
    page.evaluate("Reveal.left()")
    driving.let_frames_pass(page, 60)
    assert driving.step_count(frame) <= paused_at + 1


# Other pages ----------------------------------------------------------------------------------------------------------

HIDDEN = {
    "visibility": "visibility: hidden",
    "opacity": "opacity: 0",
    "display": "display: none",
    "content-visibility": "content-visibility: hidden",
    "no size": "width: 0; height: 0; overflow: hidden",
    "scaled to nothing": "transform: scale(0)",
    "clipped": "clip-path: inset(50%)",
    "far below": "margin-top: 4000px",
    "far beside": "position: absolute; left: -4000px",
}


def frame(server: str, more: str = "width=960 height=540", autoplay: str = "1") -> str:
    return f'<iframe id=f {more} src="{server}?embed=1&amp;autoplay={autoplay}&amp;controls=mini"></iframe>'


@pytest.mark.parametrize("origin", ["file", "same site"])
@pytest.mark.parametrize("style", HIDDEN.values(), ids=HIDDEN)
def test_what_cannot_be_seen_does_not_train(
    open_html: Any, open_page: Any, server: str, style: str, origin: str
) -> None:
    """Shown, it trains; hidden again, it waits."""
    body = f'<div id=around style="{style}">{frame(server)}</div>'
    if origin == "file":
        page = open_html(body)
    else:
        page = open_page()
        page.set_content(body)
    frame_of(page, "f")
    driving.let_frames_pass(page, PICTURES)
    assert step_of(page, "f") == 0
    page.evaluate("around.removeAttribute('style')")
    wait_for_step(page, "f", 10)
    page.evaluate("style => around.setAttribute('style', style)", style)
    driving.let_frames_pass(page, 40)
    hidden_at = step_of(page, "f")
    driving.let_frames_pass(page, PICTURES)
    page.evaluate("around.removeAttribute('style')")
    # Drawing begins again with the last frame that was sent before; the server has not trained on.
    driving.let_frames_pass(page, 2)
    assert step_of(page, "f") <= hidden_at + 30
    wait_for_step(page, "f", hidden_at + 31)


@pytest.mark.parametrize("more", ["width=0 height=0", "width=0 height=0 style='border: 0'"])
def test_a_frame_without_size_does_not_train(open_html: Any, server: str, more: str) -> None:
    page = open_html(frame(server, more))
    frame_of(page, "f")
    driving.let_frames_pass(page, PICTURES)
    assert step_of(page, "f") == 0


@pytest.mark.parametrize(
    ("around", "show"),
    [
        ("<details id=fold><summary>more</summary>{}</details>", "fold.open = true"),
        ('{}<div id=cover style="position: fixed; inset: 0; background: #fff"></div>', "cover.remove()"),
    ],
    ids=["in a closed fold", "covered"],
)
def test_a_frame_that_is_out_of_sight_waits(open_html: Any, server: str, around: str, show: str) -> None:
    page = open_html(around.format(frame(server)))
    frame_of(page, "f")
    driving.let_frames_pass(page, PICTURES)
    assert step_of(page, "f") == 0
    page.evaluate(show)
    wait_for_step(page, "f", 5)


def test_scrolling_starts_and_pauses(open_html: Any, server: str) -> None:
    page = open_html(f'<div style="height: 3000px"></div>{frame(server)}<div style="height: 3000px"></div>')
    frame_of(page, "f")
    driving.let_frames_pass(page, PICTURES)
    assert step_of(page, "f") == 0
    page.evaluate("f.scrollIntoView()")
    wait_for_step(page, "f", 10)
    page.evaluate("scrollTo(0, 0)")
    driving.let_frames_pass(page, 40)
    left_at = step_of(page, "f")
    driving.let_frames_pass(page, PICTURES)
    page.evaluate("f.scrollIntoView()")
    driving.let_frames_pass(page, 2)
    assert step_of(page, "f") <= left_at + 30


@pytest.mark.parametrize(
    "style", ["", "transform: scale(1.1); transform-origin: 0 0", "margin-top: 500px", "zoom: 0.5"]
)
def test_what_can_be_seen_trains(open_html: Any, server: str, style: str) -> None:
    wait_for_step(open_html(f'<div style="{style}">{frame(server)}</div>'), "f", 5)


def test_a_deck_alone_starts_it_and_always_needs_nothing(open_html: Any, server: str) -> None:
    page = open_html(frame(server, autoplay="slide"))
    frame_of(page, "f")
    driving.let_frames_pass(page, PICTURES)
    assert step_of(page, "f") == 0
    page.evaluate("frames[0].postMessage('slide:start', '*')")
    wait_for_step(page, "f", 5)
    hidden = open_html(f'<div style="opacity: 0">{frame(server, autoplay="always")}</div>')
    wait_for_step(hidden, "f", 5)
