"""A loop between two bookmarks, live and in a recording, and bookmarks of those who watch a recording."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import expect

import gan1d
from gan1d.config.model import Config
from gan1d.recording.run_log import Change, End, RunLog
from tests.browser import driving
from tests.browser.test_look_back import ready, sent, wait_for_shown

STEPS_SEEN = f"""count => new Promise(done => {{
    const seen = [];
    const tick = () => {{
        seen.push(({driving.COUNT})());
        if (seen.length < count) requestAnimationFrame(tick); else done(seen);
    }};
    requestAnimationFrame(tick);
}})"""


def watch_until_it_wraps(page: Any) -> list[int]:
    """The steps that are shown, until one is lower than the one before."""
    seen: list[int] = []
    for _ in range(30):
        seen += page.evaluate(STEPS_SEEN, 20)
        if any(after < before for before, after in pairwise(seen)):
            return seen
    raise AssertionError(f"The loop did not begin again: {seen}")


def test_a_loop_shows_a_stretch_again_and_again_to_its_viewer_alone(open_page: Any) -> None:
    page = open_page("#seed=3")
    ready(page, 40)
    hello = next(message for message in page.wire.received if message["type"] == "hello")
    watcher = open_page(f"?session={hello['watch']}")
    wait_for_shown(watcher, 40)
    page.keyboard.press("l")
    expect(page.locator("#notice")).to_contain_text("A loop needs two bookmarks.")
    page.keyboard.press("b")
    for _ in range(12):
        page.keyboard.press("ArrowLeft")
    wait_for_shown(page, 28)
    page.keyboard.press("b")
    button = page.get_by_role("button", name="Loop")
    expect(button).to_be_visible()
    page.keyboard.press("l")
    expect(page.locator("#loop-words")).to_contain_text("(28) to ")
    expect(page.locator("#play")).to_have_text("Pause")
    seen = watch_until_it_wraps(page)
    # It begins where it is, at its first step.
    assert (min(seen), max(seen)) == (28, 40)
    assert driving.step_count(watcher) == 40
    page.keyboard.press("Escape")
    driving.let_frames_pass(page, 10)
    assert len(set(page.evaluate(STEPS_SEEN, 10))) == 1
    expect(page.locator("#loop-words")).to_be_hidden()
    button.click()
    watch_until_it_wraps(page)
    page.locator("#play").click()
    driving.let_frames_pass(page, 10)
    assert len(set(page.evaluate(STEPS_SEEN, 10))) == 1
    assert sent(page, "play") == sent(page, "branch") == [], "Play ends the loop, and trains nothing"


PLACES = """() => [...document.querySelectorAll('canvas, #seek')].filter(one => one.checkVisibility())
    .map(one => [one.dataset.chart ?? one.id, ...Object.values(one.getBoundingClientRect().toJSON())].join(' '))"""


@pytest.mark.parametrize("query", ["view=lab", "view=lab&lang=de", "view=stage", "view=stage&lang=de"])
def test_looking_back_and_a_loop_move_nothing_and_cover_nothing(open_page: Any, query: str) -> None:
    page = open_page(f"?{query}#preset=mode_collapse", viewport=(1280, 720))
    ready(page, 20)
    for step in (19, 18):
        page.keyboard.press("ArrowLeft")
        wait_for_shown(page, step)
        page.keyboard.press("b")
        page.locator("#moments input").first.fill(f"The fakes are still on one mode at step {step}")
        page.locator("#moments input").first.press("Enter")
        page.keyboard.press("Escape")
    page.keyboard.press("End")
    wait_for_shown(page, 20)
    # Another run is kept, so that all menus are there.
    driving.reset(page)
    ready(page, 20)
    page.locator("#runs").wait_for()
    before = page.evaluate(PLACES)
    for named, step in enumerate((19, 18), start=1):
        page.keyboard.press("ArrowLeft")
        wait_for_shown(page, step)
        page.keyboard.press("b")
        expect(page.locator("#moments input")).to_have_count(named)
        page.keyboard.press("Escape")
    assert page.evaluate(PLACES) == before
    page.keyboard.press("l")
    expect(page.locator("#loop-words")).to_be_visible()
    assert page.evaluate(PLACES) == before
    menus, figure = page.locator(".past-menus").bounding_box(), page.locator("figure.losses").bounding_box()
    assert menus["x"] + menus["width"] <= figure["x"] + figure["width"] + 1
    page.keyboard.press("Escape")
    page.keyboard.press("End")
    expect(page.locator("#look-back")).to_be_hidden()
    assert page.evaluate(PLACES) == before


def test_those_who_watch_a_recording_make_bookmarks_and_loops(chromium: Any, tmp_path: Path) -> None:
    file = gan1d.record("default", tmp_path / "run.html", steps=100, every=5)
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.goto(f"{file.as_uri()}#at=20")
    driving.wait_until_ready(page)
    page.wait_for_function(f"() => ({driving.COUNT})() === 20")
    page.keyboard.press("b")
    name = page.get_by_label("Name of step 20")
    name.fill("The fakes spread")
    name.press("Enter")
    expect(page.locator("#bookmark")).to_have_text("20: The fakes spread")
    page.keyboard.press("Escape")
    page.locator("#seek").fill("10")
    page.wait_for_function(f"() => ({driving.COUNT})() === 50")
    page.locator("body").press("b")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Loop").click()
    seen = watch_until_it_wraps(page)
    looped = seen[seen.index(20) :]
    assert set(looped) == {20, 25, 30, 35, 40, 45, 50}
    expect(page.locator("#loop-words")).to_have_text("Loop from step 20 to step 50. Escape ends it.")
    page.keyboard.press("Space")
    expect(page.locator("#play")).to_have_text("Play")
    page.reload()
    driving.wait_until_ready(page)
    page.get_by_text("Bookmarks").click()
    expect(page.get_by_label("Name of step 20")).to_have_value("The fakes spread")
    page.get_by_label("Remove the bookmark of step 20").click()
    expect(page.get_by_label("Name of step 20")).to_have_count(0)
    context.close()


def test_a_frame_without_storage_keeps_bookmarks_until_it_is_closed(chromium: Any, tmp_path: Path) -> None:
    gan1d.record("default", tmp_path / "run.html", steps=20, every=5)
    deck = tmp_path / "deck.html"
    deck.write_text('<iframe sandbox="allow-scripts" src="run.html" width="960" height="540"></iframe>', "utf-8")
    context = chromium.new_context(offline=True)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(deck.as_uri())
    frame = page.locator("iframe").element_handle().content_frame()
    driving.wait_until_ready(frame)
    frame.get_by_text("Bookmarks").click()
    frame.get_by_role("button", name="Bookmark this step (B)").click()
    expect(frame.get_by_label("Name of step 0")).to_be_visible()
    context.close()
    assert faults == []


def test_a_recording_saves_its_numbers_and_settings(chromium: Any, tmp_path: Path) -> None:
    log = RunLog(Config(seed=3), end=End(20))
    log.add(Change(10, {"batch_size": 128}))
    file = gan1d.record(log, tmp_path / "run.html", every=5)
    context = chromium.new_context(offline=True, accept_downloads=True)
    page = context.new_page()
    page.goto(f"{file.as_uri()}#at=15")
    driving.wait_until_ready(page)
    page.wait_for_function(f"() => ({driving.COUNT})() === 15")
    page.locator("#share").click()
    saved = {}
    for name in ("Configuration", "Numbers (CSV)"):
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        saved[download.value.suggested_filename] = Path(download.value.path()).read_text("utf-8")
    settings, numbers = saved["gan1d-default-3.json"], saved["gan1d-default-3.csv"]
    assert Config.parsed(json.loads(settings)) == Config(seed=3).patched("batch_size", 128)
    rows = [line.split(",") for line in numbers.splitlines()]
    assert rows[0][0] == "step"
    assert [int(row[0]) for row in rows[1:]] == list(range(21))
    distances = [row[rows[0].index("wasserstein1")] for row in rows[1:]]
    assert [step for step, value in enumerate(distances) if value] == [0, 5, 10, 15, 20]
    context.close()
