"""One step, slowly: the phases of the next step with the engine's numbers, at the present step and at earlier ones."""

import re
from typing import Any

import numpy as np
import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import expect

from gan1d import presets
from gan1d.engine.training.step_trace import StepTrace, trace_step
from gan1d.engine.training.trainer import Trainer
from gan1d.formatting import format_count
from tests.browser import driving
from tests.browser.test_look_back import ready, sent, wait_for_shown


def open_slowly(page: Any, step: int) -> None:
    page.keyboard.press("m")
    expect(page.locator(".slow-count")).to_have_text(f"Step {format_count(step)}, phase 1 of 20")


def press(page: Any, key: str, count: int = 1) -> None:
    for _ in range(count):
        page.keyboard.press(key)
        driving.let_frames_pass(page, 1)


def numbers(page: Any) -> Any:
    return page.locator(".slow-numbers")


def trace_at(step: int) -> StepTrace:
    trainer = Trainer(presets["default"].config)
    trainer.run(step)
    return trace_step(trainer)


def shown(value: float) -> str:
    """A reading of the size of the numbers here, as the page writes it."""
    size = abs(value)
    text = f"{size:.1e}".replace("e-0", "e-") if size < 5e-4 else f"{size:.{2 if size >= 1 else 3}f}"
    return f"−{text}" if value < 0 else text


def test_the_numbers_are_those_of_the_engine(open_page: Any) -> None:
    page = open_page()
    ready(page)
    trace = trace_at(60)
    open_slowly(page, 61)
    first, last = trace.updates[0], trace.updates[-1]
    assert page.evaluate("document.documentElement.classList.contains('view-stage')")
    expect(numbers(page)).to_have_text(f"z = {shown(first.generator.inputs[0, 0])}")
    press(page, "ArrowRight", 4)
    batch = len(first.costs) // 2
    halves = [shown(float(np.mean(part, dtype=np.float64))) for part in (first.costs[:batch], first.costs[batch:])]
    expect(numbers(page)).to_have_text(f"L_D = {halves[0]} + {halves[1]} = {shown(first.loss)}")
    press(page, "ArrowRight", 13)
    expect(page.locator(".slow-motion h2")).to_have_text("G’s loss")
    expect(numbers(page)).to_have_text(f"this fake {shown(last.costs[0])},  L_G = {shown(last.loss)}")
    press(page, "ArrowRight")
    press(page, "ArrowUp", 2)
    slopes = last.discriminator.input_gradient
    assert slopes is not None
    x = trace.units.to_x(float(last.discriminator.inputs[0, 2]))
    slope = float(slopes[0, 2]) / trace.units.scale
    expect(numbers(page)).to_have_text(f"∂L_G/∂x = {shown(slope)} at x = {shown(x)}")
    press(page, "ArrowRight")
    expect(page.locator(".slow-weight")).to_contain_text("Most moves the")
    expect(page.locator("canvas[data-chart=networks]")).to_have_attribute("aria-label", re.compile("One sample"))
    assert driving.step_count(page) == 60


def test_the_phases_go_back_and_forth_and_change_nothing_else(open_page: Any) -> None:
    page = open_page("?view=stage")
    ready(page)
    before = driving.pixels(page)
    open_slowly(page, 61)
    first = numbers(page).inner_text()
    dimmed = driving.pixels(page)["overview"]
    assert dimmed != before["overview"]
    press(page, ".", 3)
    assert driving.pixels(page)["overview"] != dimmed
    press(page, ",", 3)
    expect(numbers(page)).to_have_text(first)
    page.keyboard.press("Escape")
    expect(page.locator(".slow-motion")).to_be_hidden()
    driving.wait_until(page, lambda: driving.pixels(page)["overview"] == before["overview"])
    assert len(sent(page, "step")) == 1


def test_behind_the_last_phase_the_step_is_taken(open_page: Any) -> None:
    page = open_page("?view=stage")
    ready(page)
    open_slowly(page, 61)
    press(page, "ArrowRight", 19)
    expect(page.get_by_role("button", name="Step ›")).to_be_visible()
    page.get_by_role("button", name="Step ›").click()
    driving.wait_for_step(page, 61)
    expect(page.locator(".slow-count")).to_have_text("Step 62, phase 1 of 20")
    page.locator("#play").click()
    expect(page.locator(".slow-motion")).to_be_hidden()


def test_an_earlier_step_is_taken_apart_where_it_is_looked_at(open_page: Any) -> None:
    page = open_page("?view=stage")
    ready(page)
    open_slowly(page, 61)
    page.keyboard.press("Home")
    wait_for_shown(page, 0)
    expect(page.locator(".slow-count")).to_have_text("Step 1, phase 1 of 20")
    latent = trace_at(0).updates[0].generator.inputs[0, 0]
    expect(numbers(page)).to_have_text(f"z = {shown(latent)}")


def test_the_sample_nearest_to_the_pointer_is_followed(open_page: Any) -> None:
    page = open_page("?view=stage")
    ready(page)
    open_slowly(page, 61)
    box = page.locator("canvas[data-chart=overview]").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.93)
    expect(numbers(page)).not_to_have_text(f"z = {shown(trace_at(60).updates[0].generator.inputs[0, 0])}")
    latent = float(numbers(page).inner_text().removeprefix("z = ").replace("−", "-"))
    assert abs(latent) < 0.5


@pytest.mark.parametrize("preset", ["wgan", "labelled_modes", "eight_dimensions", "collapse_pack", "hopping_unrolled"])
def test_games_of_all_kinds_can_be_slow(open_page: Any, preset: str) -> None:
    page = open_page(f"?view=stage#preset={preset}")
    ready(page, 3)
    page.keyboard.press("m")
    count = page.locator(".slow-count")
    expect(count).to_contain_text("phase 1 of")
    total = int(count.inner_text().rpartition(" ")[2])
    press(page, ".", total - 1)
    expect(count).to_have_text(f"Step 4, phase {total} of {total}")
    expect(page.locator(".slow-motion h2")).to_have_text("G’s update")


def test_a_term_of_the_formula_and_its_marks_light_each_other(open_page: Any) -> None:
    page = open_page("?view=stage")
    ready(page)
    open_slowly(page, 61)
    press(page, "ArrowRight", 3)
    terms = page.locator(".slow-numbers .formula-term")
    expect(terms).to_have_text(["D(x)", "D(G(z))"])
    plain = driving.pixels(page)["overview"]
    seen = [plain]
    for term in terms.all():
        term.hover()
        driving.let_frames_pass(page, 2)
        seen.append(driving.pixels(page)["overview"])
        page.locator(".slow-count").hover()
        driving.let_frames_pass(page, 2)
        assert driving.pixels(page)["overview"] == plain
        term.focus()
        driving.let_frames_pass(page, 2)
        assert driving.pixels(page)["overview"] == seen[-1]
        term.blur()
    assert len(set(seen)) == 3
    box = page.locator("canvas[data-chart=overview]").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 4)
    expect(page.locator(".formula-term.lit")).to_have_text(["D(x)", "D(G(z))"])
