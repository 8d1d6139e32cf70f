"""The spectrum on the page: the numbers of the engine, progress and cancelling, the path angle between bookmarks."""

import re
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import expect

from gan1d import presets
from gan1d.engine.training.spectrum import game_spectrum
from gan1d.engine.training.trainer import Trainer
from gan1d.evaluation.spectrum_reading import read_spectrum
from gan1d.formatting import format_count
from tests.browser import driving
from tests.browser.test_look_back import ready

PRESET = "mode_hopping"
"""The preset with the smallest networks: 642 parameters."""
SLOW = 60_000
"""Milliseconds in which a busy machine has a spectrum of it."""


def received(page: Any, kind: str) -> list[dict[str, Any]]:
    return [message for message in page.wire.received if message["type"] == kind]


def wait_for_answer(page: Any, start: str) -> None:
    expect(page.locator(".spectrum-said")).to_have_text(re.compile(f"^{start}"), timeout=SLOW)


def test_the_numbers_are_those_of_the_engine_and_nothing_changes(open_page: Any) -> None:
    page = open_page(f"?view=lab#preset={PRESET}")
    ready(page)
    before = driving.state(page)
    page.keyboard.press("e")
    trainer = Trainer(presets[PRESET].config)
    trainer.run(60)
    found = game_spectrum(trainer)
    assert found is not None
    reading = read_spectrum(found)
    wait_for_answer(page, re.escape(reading.sentence))
    counts = (reading.attracting, reading.repelling, reading.flat)
    shown = page.locator(".spectrum-numbers dd").all_inner_texts()
    assert shown[:3] == [format_count(count) for count in counts]
    progress = received(page, "spectrum_progress")
    assert (progress[0]["done"], progress[0]["total"]) == (0, 642)
    assert [message["done"] for message in progress] == sorted(message["done"] for message in progress)
    plane = page.locator("canvas[data-chart=spectrum-plane]")
    expect(plane).to_have_attribute("aria-label", re.compile("of 642,"))
    page.keyboard.press("Tab")
    plane.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".spectrum-read").first).to_contain_text(re.compile(f"^2 of {sum(counts[:2])}: "))
    words = page.locator(".spectrum-step-words").inner_text()
    page.locator("#spectrum-rate").press("Home")
    expect(page.locator(".spectrum-step-words")).not_to_have_text(words)
    page.locator(".spectrum-more summary").press("Enter")
    expect(page.locator(".spectrum-more tbody tr")).to_have_count(20)
    page.keyboard.press("Escape")
    expect(page.locator("#spectrum-dialog")).to_be_hidden()
    driving.let_frames_pass(page, 3)
    now = driving.state(page)
    assert now[:2] == before[:2]
    assert {name: now[2][name] for name in before[2]} == before[2]


def test_it_is_cancelled_and_steps_go_on(open_page: Any) -> None:
    page = open_page("?view=lab")
    ready(page)
    page.get_by_role("button", name="Spectrum").click()
    page.locator(".spectrum-progress").get_by_role("button", name="Cancel").click()
    expect(page.locator(".spectrum-said")).to_contain_text("Cancelled.")
    expect(page.locator(".spectrum-progress")).to_be_hidden()
    again = page.get_by_role("button", name="Compute again")
    expect(again).to_be_focused()
    again.press("Enter")
    expect(page.locator(".spectrum-progress")).to_be_visible()
    expect(again).to_be_hidden()
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.locator(".spectrum-progress")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press(".")
    driving.wait_for_step(page, 61)
    assert received(page, "spectrum") == []


def test_the_path_angle_leads_from_bookmark_to_bookmark(open_page: Any) -> None:
    page = open_page(f"?view=lab#preset={PRESET}")
    ready(page, 40)
    page.keyboard.press("b")
    page.keyboard.press("Escape")
    page.evaluate("postMessage({ gan1d: 1, do: 'step', count: 40 }, '*')")
    driving.wait_for_step(page, 80)
    driving.let_frames_pass(page, 3)
    page.keyboard.press("e")
    page.get_by_role("button", name="Path angle").click()
    wait_for_answer(page, "The cosine")
    page.locator("#spectrum-from").select_option("40")
    path = page.locator("canvas[data-chart=path-angle]")
    expect(path).to_have_attribute("aria-label", re.compile("from step 40 to step 80"), timeout=SLOW)
    page.locator("#spectrum-step").select_option("40")
    wait_for_answer(page, "Choose two different steps")


@pytest.mark.parametrize(("query", "size"), [("?view=lab", (390, 844)), ("?view=lab&embed=1", (960, 540))])
def test_nothing_leaves_the_screen_and_large_networks_are_refused(open_page: Any, query: str, size: Any) -> None:
    page = open_page(f"{query}#preset=memorization", viewport=size)
    ready(page, 2)
    page.keyboard.press("e")
    # 1 → 32 → 32 → 32 → 1 has 64 + 2·(32·32 + 32) + 33 = 2209 parameters, and there are two such networks.
    wait_for_answer(page, "Expected at most 2.500 parameters in both networks for the spectrum, but got 4.418.")
    for tab in ("Path angle", "Eigenvalues"):
        page.get_by_role("button", name=tab).click()
        for root in ("#spectrum-dialog", "html"):
            width = page.evaluate(
                "root => { const e = document.querySelector(root); return e.scrollWidth - e.clientWidth }", root
            )
            assert width <= 0, (tab, root)
