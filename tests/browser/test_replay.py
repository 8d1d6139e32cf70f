"""A recording, opened from a file with the network cut off."""

import itertools
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import expect

import gan1d
from gan1d.config.model import Config
from gan1d.recording.run_log import Change, End, RunLog
from tests.browser import driving
from tests.browser.conftest import PATIENCE_MS, Watch
from tests.browser.test_loop import PLACES

EVERY, LAST = 5, 200


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with a bookmark, and a change of the settings from which on the target is another one."""
    log = RunLog(Config(), end=End(LAST))
    log.add(Change(100, {"generator.optimizer.learning_rate": 0.02}))
    log.add(Change(150, {"target.modes.0.position": -4.0}))
    log.bookmark(60, "Here the fakes split")
    return gan1d.record(log, tmp_path_factory.mktemp("recording") / "run.html", every=EVERY)


@pytest.fixture
def open_file(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Open a file without a network; a console error, an uncaught exception or a request fails the test."""
    contexts, watches = [], []

    def open_(file: Path, address: str = "", *, viewport: tuple[int, int] = (1280, 720), **options: Any) -> Any:
        size = {"width": viewport[0], "height": viewport[1]}
        context = chromium.new_context(viewport=size, offline=True, **options)
        context.set_default_timeout(PATIENCE_MS)
        context.route(re.compile("^(?!file:|data:)"), lambda route: route.abort())
        contexts.append(context)
        page = context.new_page()
        watches.append(Watch(page))
        page.goto(f"{file.as_uri()}{address}")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert [fault for watch in watches for fault in watch.faults] == []


def shows(page: Any, step: int) -> None:
    """Wait until the counter says the step, and everything of it is drawn."""
    page.wait_for_function(f"wanted => ({driving.COUNT})() === wanted", arg=step)
    driving.let_frames_pass(page, 2)


def opened(page: Any) -> Any:
    driving.wait_until_ready(page)
    return page


def test_a_recording_plays_to_its_end_and_again(open_file: Callable[..., Any], recording: Path) -> None:
    page = opened(open_file(recording))
    shows(page, 0)
    first = driving.state(page)
    page.get_by_role("button", name="Play").click()
    shows(page, LAST)
    expect(page.locator("#status")).to_have_text(f"The recording ends at step {LAST}.")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.get_by_role("button", name="Reset").click()
    shows(page, 0)
    assert driving.state(page) == first
    page.get_by_role("button", name="Step", exact=True).click()
    shows(page, EVERY)


def test_the_slider_the_charts_and_the_keys_seek(open_file: Callable[..., Any], recording: Path) -> None:
    page = opened(open_file(recording))
    slider = page.get_by_role("slider", name="Step")
    slider.fill("8")
    shows(page, 40)
    forty = driving.state(page)
    assert slider.get_attribute("aria-valuetext") == f"Step 40 of {LAST}"
    for chart in ("losses", "distances"):
        box = page.locator(f'canvas[data-chart="{chart}"]').bounding_box()
        middle = box["y"] + box["height"] / 2
        page.mouse.move(box["x"] + box["width"] / 2, middle)
        page.mouse.down()
        driving.let_frames_pass(page, 2)
        half = driving.step_count(page)
        assert EVERY < half < LAST - EVERY
        page.mouse.move(box["x"] + 0.9 * box["width"], middle)
        driving.let_frames_pass(page, 2)
        assert driving.step_count(page) > half
        page.mouse.move(box["x"] + 0.01 * box["width"], middle)
        page.mouse.up()
    page.keyboard.press("End")
    shows(page, LAST)
    page.keyboard.press("ArrowLeft")
    shows(page, LAST - EVERY)
    page.keyboard.press("ArrowRight")
    shows(page, LAST)
    page.keyboard.press("Home")
    shows(page, 0)
    slider.fill("8")
    shows(page, 40)
    page.mouse.move(1, 1)
    driving.let_frames_pass(page, 2)
    assert driving.state(page) == forty


def test_bookmarks_lead_to_their_steps_and_say_their_texts(open_file: Callable[..., Any], recording: Path) -> None:
    page = opened(open_file(recording))
    page.get_by_text("Bookmarks").click()
    items = page.locator("#bookmarks .menu-items button:not(.add)")
    texts = items.all_inner_texts()
    assert "60 Here the fakes split" in texts
    assert any(text.startswith("100 G learning rate") for text in texts)
    steps = [int(text.split()[0]) for text in texts]
    assert steps == sorted(steps)
    items.filter(has_text="Here the fakes split").click()
    shows(page, 60)
    expect(page.locator("#bookmark")).to_have_text("60: Here the fakes split")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#bookmark")).to_have_text("")


@pytest.mark.parametrize(
    ("query", "size"),
    [("", (1280, 720)), ("", (768, 1024)), ("?view=stage", (1280, 720)), ("?embed=1", (960, 540))],
)
def test_no_name_of_a_step_moves_anything(
    open_file: Callable[..., Any], recording: Path, query: str, size: tuple[int, int]
) -> None:
    page = opened(open_file(recording, query, viewport=size))
    before = page.evaluate(PLACES)
    page.keyboard.press("End")
    expect(page.locator("#bookmark")).to_have_text("60: Here the fakes split")
    assert page.evaluate(PLACES) == before
    page.keyboard.press("b")
    page.keyboard.press("Escape")
    page.keyboard.press("Home")
    shows(page, 0)
    # The button of the loop has come with the second bookmark.
    before = page.evaluate(PLACES)
    page.keyboard.press("l")
    words = page.locator("#loop-words")
    expect(words).to_have_text("Loop from step 60 to step 200. Escape ends it.")
    assert page.evaluate(PLACES) == before
    assert words.evaluate("node => node.scrollHeight <= node.clientHeight + 1")


def test_settings_are_those_of_the_shown_step(open_file: Callable[..., Any], recording: Path) -> None:
    page = opened(open_file(recording, "#at=120"))
    shows(page, 120)
    rate = page.locator('input[name="generator.optimizer.learning_rate"]:not([type=range])').first
    position = page.locator('input[name="target.modes.0.position"]').first
    driving.unfold(rate)
    driving.unfold(position)
    expect(rate).to_have_value("0.02")
    expect(position).to_have_value("-2")
    page.evaluate("location.hash = 'at=180'")
    shows(page, 180)
    expect(position).to_have_value("-4")
    page.keyboard.press("Home")
    expect(rate).not_to_have_value("0.02")


def test_what_needs_a_server_is_disabled_with_a_sentence(open_file: Callable[..., Any], recording: Path) -> None:
    page = opened(open_file(recording))
    expect(page.locator(".timeline .lock")).to_have_text(
        re.compile("This is a recording, so its settings and its seed")
    )
    for name in ("#seed", "#new-seed", "#preset", '[name="batch_size"]'):
        expect(page.locator(name).first).to_be_disabled()
    page.keyboard.press("m")
    expect(page.locator("#notice")).to_contain_text("A step is taken apart by the server")
    page.keyboard.press("d")
    expect(page.locator("#notice")).to_contain_text("This is a recording")
    page.keyboard.press("n")
    shows(page, 0)


def test_a_speed_is_steps_a_second(open_file: Callable[..., Any], recording: Path) -> None:
    page = opened(open_file(recording))
    speed = page.locator("#speed")
    speed.fill("0")
    expect(page.locator("#speed-value")).to_have_text("5 steps/s")
    speed.fill(str(speed.evaluate("range => range.max")))
    expect(page.locator("#speed-value")).to_have_text(re.compile("^5.000 steps/s$"))
    page.keyboard.press("Space")
    shows(page, LAST)


def test_a_sandboxed_frame_plays_and_speaks_with_its_host(
    open_file: Callable[..., Any], recording: Path, tmp_path: Path
) -> None:
    host = tmp_path / "deck.html"
    source = f"{recording.as_uri()}?embed=1&amp;theme=dark#at=40"
    host.write_text(
        f'<!doctype html><iframe id=run sandbox="allow-scripts" src="{source}" width=960 height=540></iframe>'
        "<script>heard = [];"
        "addEventListener('message', event => heard.push(event.data))</script>",
        "utf-8",
    )
    page = open_file(host)
    page.wait_for_function("() => heard.some(({ event }) => event === 'ready')")
    frame = page.locator("#run").element_handle().content_frame()
    opened(frame)
    shows(frame, 40)
    assert frame.evaluate("self.origin") == "null"
    assert frame.evaluate("document.documentElement.dataset.theme") == "dark"
    assert frame.evaluate("document.documentElement.scrollHeight <= innerHeight")
    say = "request => document.querySelector('#run').contentWindow.postMessage({ gan1d: 1, ...request }, '*')"
    page.evaluate(say, {"do": "look", "step": 80})
    shows(frame, 80)
    page.evaluate(say, {"do": "play"})
    shows(frame, LAST)
    page.wait_for_function(f"() => heard.some(({{ event, step }}) => event === 'state' && step === {LAST})")
    page.evaluate(say, {"do": "set", "path": "batch_size", "value": 3})
    page.wait_for_function("() => heard.some(({ event, message }) => event === 'error' && /recording/.test(message))")
    frame.locator("#play").press("t")
    assert frame.evaluate("document.documentElement.dataset.theme ?? 'auto'") == "auto"


def test_a_recording_inside_of_a_page_needs_no_address(
    open_file: Callable[..., Any], recording: Path, tmp_path: Path
) -> None:
    """A notebook and a course system may have the text of the file as the source of a frame."""
    host = tmp_path / "notebook.html"
    source = recording.read_text("utf-8").replace("&", "&amp;").replace('"', "&quot;")
    host.write_text(
        f'<!doctype html><iframe id=run sandbox="allow-scripts" width=960 height=600 srcdoc="{source}"></iframe>',
        "utf-8",
    )
    page = open_file(host)
    frame = page.locator("#run").element_handle().content_frame()
    opened(frame)
    frame.locator("#theme").click()
    frame.locator("#step").click()
    shows(frame, EVERY)


def test_a_phone_scrubs_with_a_finger(open_file: Callable[..., Any], recording: Path) -> None:
    page = opened(open_file(recording, viewport=(390, 844), has_touch=True, is_mobile=True))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    slider = page.get_by_role("slider", name="Step")
    box = slider.bounding_box()
    assert box["height"] >= 44
    assert box["width"] > 250
    assert page.locator("#play").bounding_box()["y"] > box["y"]
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    driving.let_frames_pass(page, 2)
    assert LAST * 0.4 < driving.step_count(page) < LAST * 0.6
    losses = page.locator('canvas[data-chart="losses"]')
    losses.scroll_into_view_if_needed()
    box = losses.bounding_box()
    page.touchscreen.tap(box["x"] + 0.3 * box["width"], box["y"] + 40)
    driving.let_frames_pass(page, 2)
    assert 0 < driving.step_count(page) < LAST * 0.4
    expect(page.locator(".words .lock")).to_be_visible()


def test_on_a_phone_no_words_lie_over_others(open_file: Callable[..., Any], recording: Path) -> None:
    page = opened(open_file(recording, viewport=(390, 844)))
    names = (".story", ".diagnosis", ".views", ".diagnosis-line", ".words > .lock")
    boxes = sorted((page.locator(name).bounding_box() for name in names), key=lambda box: box["y"])
    chip, views = (page.locator(name).bounding_box() for name in (".diagnosis", ".views"))
    assert chip["x"] + chip["width"] <= views["x"], "one row"
    rows = [box for box in boxes if box != views]
    for above, below in itertools.pairwise(rows):
        assert above["y"] + above["height"] <= below["y"] + 1


def test_the_dialog_of_share_says_what_a_recording_is(
    open_file: Callable[..., Any], recording: Path, tmp_path: Path
) -> None:
    page = opened(open_file(recording, "#at=40", accept_downloads=True))
    shows(page, 40)
    page.get_by_role("button", name="Share").click()
    dialog = page.locator("#share-dialog")
    expect(dialog).to_contain_text("curves are rounded to less than 1/4,000 of their axis")
    expect(dialog).to_contain_text("41 pictures of 200 steps")
    assert page.locator("#share-link").input_value() == "run.html#at=40"
    assert 'src="run.html?embed=1#at=40"' in page.locator("#share-embed").input_value()
    with page.expect_download() as download:
        page.get_by_role("button", name="SVG", exact=True).click()
    download.value.save_as(tmp_path / "still.svg")
    assert "step 40" in (tmp_path / "still.svg").read_text("utf-8")


# What cannot be shown -------------------------------------------------------------------------------------------------


def said(page: Any) -> Any:
    return page.get_by_role("alert").filter(has_text=re.compile("."))


@pytest.mark.parametrize("share", [0.15, 0.4, 0.6, 0.999])
def test_a_file_that_is_cut_off_says_so(
    open_file: Callable[..., Any], recording: Path, tmp_path: Path, share: float
) -> None:
    text = recording.read_text("utf-8")
    cut = tmp_path / "cut.html"
    cut.write_text(text[: int(share * len(text))], "utf-8")
    expect(said(open_file(cut))).to_have_text(re.compile("This recording is not whole: the end of its file is missing"))


def test_a_file_that_was_changed_says_so(open_file: Callable[..., Any], recording: Path, tmp_path: Path) -> None:
    text = recording.read_text("utf-8")
    changed = tmp_path / "changed.html"
    at = text.index('data-block="program" data-length') + 2000
    changed.write_text(text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :], "utf-8")
    expect(said(open_file(changed))).to_have_text(re.compile("its file was changed after gan1d wrote it"))


def test_a_recording_whose_frames_are_damaged_says_so(
    open_file: Callable[..., Any], recording: Path, tmp_path: Path
) -> None:
    text = recording.read_text("utf-8")
    changed = tmp_path / "changed.html"
    at = text.index('data-block="frames" data-length') + 2000
    changed.write_text(text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :], "utf-8")
    expect(open_file(changed).locator("#notice")).to_contain_text("This recording cannot be shown")


def test_a_script_that_is_not_the_pages_own_does_not_run(chromium: Any, recording: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.html"
    text = recording.read_text("utf-8")
    changed.write_text(text.replace("</body>", "<script>document.title = 'taken over'</script></body>"), "utf-8")
    with chromium.new_context(offline=True) as context:
        page = context.new_page()
        page.goto(changed.as_uri())
        opened(page)
        assert "taken over" not in page.title()


def test_without_scripts_the_file_says_so(open_file: Callable[..., Any], recording: Path) -> None:
    page = open_file(recording, java_script_enabled=False)
    expect(page.locator(".requirement")).to_have_text(
        re.compile("This file is a recording of gan1d. It needs JavaScript")
    )
    assert page.locator("canvas:visible").count() == 0


def test_a_browser_that_cannot_unpack_says_so(chromium: Any, recording: Path) -> None:
    with chromium.new_context(offline=True) as context:
        context.add_init_script("delete window.DecompressionStream")
        page = context.new_page()
        page.goto(recording.as_uri())
        expect(said(page)).to_have_text(re.compile("This recording needs a newer browser"))


# From the page of a server --------------------------------------------------------------------------------------------


def test_share_saves_the_run_as_a_file(
    open_page: Callable[..., Any], open_file: Callable[..., Any], tmp_path: Path
) -> None:
    live = open_page("#seed=4", accept_downloads=True)
    driving.wait_until_ready(live)
    driving.step_to(live, 2)
    live.keyboard.press("d")
    live.wait_for_function(f"() => ({driving.COUNT})() === 3")
    driving.let_frames_pass(live, 2)
    live.mouse.move(1, 1)
    shown = driving.state(live)
    live.locator("#share").click()
    with live.expect_download() as download:
        live.get_by_role("button", name="Replay file").click()
    assert download.value.suggested_filename == "gan1d-default.html"
    download.value.save_as(tmp_path / "run.html")
    expect(live.locator("#share-dialog")).to_contain_text(re.compile(r"gan1d-default\.html: saved, 0\.\d\d MB\."))
    page = opened(open_file(tmp_path / "run.html", "#at=3"))
    shows(page, 3)
    assert driving.step_count(page) == shown[0]
    assert driving.readouts(page) == shown[1]
