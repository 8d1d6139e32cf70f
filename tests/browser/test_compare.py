"""Two runs side by side: made from one setting, played, looked back at, exchanged and ended, and carried by a link."""

import re
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import expect

from tests.browser import driving
from tests.browser.test_look_back import drag, ready, sent, status, wait_for_shown

RATE = "generator.optimizer.learning_rate"


def line(page: Any) -> Any:
    return page.locator("#compare-line")


def make_second(page: Any, value: str, *, start: bool = False) -> None:
    page.keyboard.press("c")
    dialog = page.locator("#compare-dialog")
    expect(dialog.get_by_role("button", name="Compare")).to_be_disabled()
    field = dialog.locator(f"input[name='{RATE}']:not([type=range])")
    field.fill(value)
    field.press("Enter")
    if start:
        dialog.get_by_label("from the start, with the same seed").check()
    dialog.get_by_role("button", name="Compare").click()
    expect(line(page)).to_be_visible()


def test_one_setting_is_compared_played_scrubbed_and_ended(open_page: Any) -> None:
    page = open_page()
    ready(page)
    alone = driving.pixels(page)
    make_second(page, "0.02")
    expect(line(page)).to_contain_text("This run: G learning rate 0.004")
    expect(line(page)).to_contain_text("other run ′: 0.02")
    expect(line(page).get_by_role("status")).to_have_text(re.compile("^Compared with “G learning rate 0.02”: "))
    page.locator("#play").click()
    driving.wait_for_step(page, 100)
    page.locator("#play").click()
    driving.wait_until(page, lambda: not status(page)["playback"]["running"])
    second = page.locator("[data-history=wasserstein1] .metric-second")
    expect(second).to_have_text(re.compile(r"^[\d.]+′$"))
    then = second.inner_text()
    drag(page, "losses", 0.5, 0.2)
    expect(page.locator("#look-back")).to_be_visible()
    expect(second).not_to_have_text(then)
    page.keyboard.press("End")
    expect(second).to_have_text(then)
    line(page).get_by_role("button", name="Exchange").click()
    driving.wait_for_config(page, RATE, 0.02)
    expect(line(page)).to_contain_text("other run ′: 0.004")
    page.locator("#compare-menu summary").click()
    page.locator("#compare-menu").get_by_role("button", name="End the comparison").click()
    expect(line(page)).to_be_hidden()
    expect(second).to_have_count(0)
    assert not sent(page, "branch")
    page.locator("#runs summary").click()
    page.locator("#runs .kept-run").filter(has_text="run 1").get_by_role("button").first.click()
    page.evaluate("() => postMessage({ gan1d: 1, do: 'look', step: 60 }, '*')")
    wait_for_shown(page, 60)
    driving.wait_until(page, lambda: driving.pixels(page)["generator"] == alone["generator"])


def test_a_knob_is_changed_at_an_earlier_step_that_is_looked_at(open_page: Any) -> None:
    page = open_page()
    ready(page, 60)
    page.evaluate("() => postMessage({ gan1d: 1, do: 'look', step: 20 }, '*')")
    wait_for_shown(page, 20)
    make_second(page, "0.02")
    assert sent(page, "compare")[-1] == {"type": "compare", "run": None, "changes": {RATE: 0.02}, "step": 20}
    page.keyboard.press("End")
    wait_for_shown(page, 60)
    expect(page.locator("[data-history=wasserstein1] .metric-second")).to_have_text(re.compile(r"^[\d.]+′$"))
    driving.wait_until(page, lambda: "from=20" in page.evaluate("location.hash"))


def test_a_link_opens_both_runs_and_a_follower_sees_them(open_page: Any) -> None:
    page = open_page(f"#seed=3&compare={RATE}:0.02&at=40")
    driving.wait_until_ready(page)
    driving.wait_for_step(page, 40)
    expect(line(page)).to_contain_text("other run ′: 0.02")
    driving.wait_until(page, lambda: status(page)["step"] == 40)
    second = page.locator("[data-history=wasserstein1] .metric-second")
    expect(second).to_have_text(re.compile(r"^[\d.]+′$"))
    watch = next(message["watch"] for message in page.wire.received if message["type"] == "hello")
    follower = open_page(f"?session={watch}")
    driving.wait_for_step(follower, 40)
    expect(follower.locator("[data-history=wasserstein1] .metric-second")).to_have_text(second.inner_text())
    expect(line(follower).get_by_role("button")).to_have_count(0)
    page.locator("#share").click()
    link = page.locator("#share-step").input_value()
    assert re.search(f"#seed=3&compare={re.escape(RATE)}:0.02&at=40&made=[0-9a-f]{{8}}$", link)


def test_an_embedded_page_compares_and_leaves_the_arrow_keys_to_the_deck(open_page: Any) -> None:
    page = open_page(f"?embed=1#compare={RATE}:0.02&at=40", viewport=(960, 540))
    driving.wait_until_ready(page)
    driving.wait_for_step(page, 40)
    expect(line(page)).to_be_in_viewport()
    expect(page.locator("canvas[data-chart=losses]")).to_be_in_viewport(ratio=1)


DRAWN_AT = """() => {
  const { clearRect } = CanvasRenderingContext2D.prototype;
  window.drawnAt = [];
  CanvasRenderingContext2D.prototype.clearRect = function (...box) {
    if (this.canvas.dataset.chart === "losses") window.drawnAt.push(performance.now());
    return clearRect.apply(this, box);
  };
}"""
"""Note when the losses are drawn."""


def test_readers_who_prefer_reduced_motion_see_both_runs_four_times_a_second(open_page: Any) -> None:
    page = open_page(f"#compare={RATE}:0.02&at=40", reduced_motion="reduce")
    expect(line(page).get_by_role("status")).to_have_text(re.compile("^Compared with "))
    driving.wait_for_step(page, 40)
    page.locator("#play").click()
    driving.wait_until(page, lambda: status(page)["playback"]["running"])
    page.evaluate(DRAWN_AT)
    driving.wait_for_step(page, driving.step_count(page) + 60)
    times = page.evaluate("window.drawnAt")
    page.locator("#play").click()
    driving.wait_until(page, lambda: not status(page)["playback"]["running"])
    assert len(times) > 2
    # Single distances vary with the load of the machine.
    assert (times[-1] - times[0]) / (len(times) - 1) > 240, times
