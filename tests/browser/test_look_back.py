"""Looking back in a live run: scrubbing, going on from an earlier step, bookmarks, and the runs that are kept."""

import re
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import expect

from tests.browser import driving

RATE = "input[name='discriminator.optimizer.learning_rate']"


def status(page: Any) -> dict[str, Any]:
    """The last state of the run that the page has received."""
    for message in reversed(page.wire.received):
        if message["type"] == "status":
            return message
        if message["type"] == "hello":
            return message["status"]
    raise AssertionError("The server has said nothing.")


def ready(page: Any, steps: int = 60) -> None:
    """Train a number of steps."""
    driving.wait_until_ready(page)
    page.evaluate("count => postMessage({ gan1d: 1, do: 'step', count }, '*')", steps)
    driving.wait_for_step(page, steps)
    driving.wait_until(page, lambda: status(page)["step"] == steps)
    driving.let_frames_pass(page, 3)


def wait_for_shown(page: Any, step: int) -> None:
    driving.wait_until(page, lambda: driving.step_count(page) == step)


def drag(page: Any, chart: str, *shares: float) -> None:
    """Drag in a chart over the run, between shares of its width."""
    box = page.locator(f"canvas[data-chart={chart}]").bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * shares[0], y)
    page.mouse.down()
    for share in shares[1:]:
        page.mouse.move(box["x"] + box["width"] * share, y, steps=3)
    page.mouse.up()


def sent(page: Any, kind: str) -> list[dict[str, Any]]:
    return [message for message in page.wire.sent if message["type"] == kind]


@pytest.mark.parametrize("chart", ["losses", "distances"])
def test_dragging_in_a_chart_over_the_run_shows_its_steps(open_page: Any, chart: str) -> None:
    page = open_page()
    ready(page)
    present = driving.pixels(page)["generator"]
    drag(page, chart, 0.5, 0.2)
    expect(page.locator("#look-back")).to_contain_text("The run stands at step 60.")
    driving.wait_until(page, lambda: 0 < driving.step_count(page) < 60)
    driving.let_frames_pass(page, 5)
    assert driving.pixels(page)["generator"] != present
    page.keyboard.press("End")
    expect(page.locator("#look-back")).to_be_hidden()
    wait_for_shown(page, 60)
    driving.wait_until(page, lambda: driving.pixels(page)["generator"] == present)


def test_the_same_step_is_the_same_picture(open_page: Any) -> None:
    page = open_page()
    driving.wait_until_ready(page)
    driving.step_to(page, 2)
    driving.let_frames_pass(page, 3)
    then = {name: picture for name, picture in driving.pixels(page).items() if name not in ("losses", "distances")}
    driving.step_to(page, 4)
    for _ in range(2):
        page.keyboard.press("ArrowLeft")
    wait_for_shown(page, 2)
    driving.wait_until(page, lambda: {name: driving.pixels(page)[name] for name in then} == then)
    page.keyboard.press("ArrowRight")
    wait_for_shown(page, 3)
    page.keyboard.press("Home")
    wait_for_shown(page, 0)
    assert not sent(page, "branch")


def test_play_in_the_past_goes_on_from_there_and_keeps_the_old_run(open_page: Any) -> None:
    page = open_page()
    ready(page)
    page.keyboard.press("Home")
    wait_for_shown(page, 0)
    page.locator("#play").click()
    driving.wait_until(page, lambda: status(page)["playback"]["running"])
    page.locator("#play").click()
    expect(page.locator("#look-back")).to_be_hidden()
    page.locator("#runs summary").click()
    old = page.locator("#runs .kept-run")
    expect(old).to_contain_text("run 1 to step 60")
    expect(old.get_by_role("button", name="Show")).to_have_attribute("aria-pressed", "true")
    old.get_by_role("button").first.click()
    wait_for_shown(page, 60)
    expect(page.locator("#runs")).to_be_visible()


def test_a_setting_turned_in_the_past_is_turned_there(open_page: Any) -> None:
    page = open_page()
    ready(page, 30)
    for _ in range(3):
        page.keyboard.press(",")
    wait_for_shown(page, 27)
    page.locator(RATE).first.fill("0.05")
    page.keyboard.press("Enter")
    driving.wait_for_config(page, "discriminator.optimizer.learning_rate", 0.05)
    driving.wait_until(page, lambda: status(page)["step"] == 27)
    assert [message["step"] for message in sent(page, "branch")] == [27]
    page.locator("#runs summary").click()
    expect(page.locator("#runs .kept-run")).to_contain_text("D learning rate 0.05 → 0.005")


def test_a_step_gets_a_name_and_is_found_by_it(open_page: Any) -> None:
    page = open_page()
    ready(page, 12)
    page.keyboard.press("b")
    name = page.get_by_label("Name of step 12")
    expect(name).to_have_value("Learning")
    name.fill("both sides are reached")
    name.press("Enter")
    driving.wait_until(page, lambda: sent(page, "bookmark")[-1]["text"] == "both sides are reached")
    page.locator("#moments summary").click()
    page.evaluate("count => postMessage({ gan1d: 1, do: 'step', count }, '*')", 5)
    driving.wait_for_step(page, 17)
    page.locator("#moments summary").click()
    page.get_by_role("button", name="Look at step 12").click()
    wait_for_shown(page, 12)
    page.get_by_role("button", name="Remove the bookmark of step 12").click()
    driving.wait_until(page, lambda: sent(page, "bookmark")[-1]["text"] == "")


def test_a_follower_looks_back_alone(open_page: Any) -> None:
    driver = open_page()
    ready(driver, 20)
    watch = next(message["watch"] for message in driver.wire.received if message["type"] == "hello")
    follower = open_page(f"?session={watch}")
    driving.wait_for_step(follower, 20)
    driving.let_frames_pass(follower, 5)
    drag(follower, "losses", 0.3, 0.12)
    expect(follower.locator("#look-back")).to_be_visible()
    driving.wait_until(follower, lambda: driving.step_count(follower) < 20)
    expect(follower.get_by_role("button", name="Go on from here")).to_be_hidden()
    driving.let_frames_pass(driver, 5)
    assert driving.step_count(driver) == 20
    expect(driver.locator("#look-back")).to_be_hidden()
    # The follower is brought to a run that begins.
    driver.locator("#reset").click()
    wait_for_shown(driver, 0)
    wait_for_shown(follower, 0)
    expect(follower.locator("#look-back")).to_be_hidden()


def test_an_embedded_page_looks_back_too(open_page: Any) -> None:
    page = open_page("?embed=1", viewport=(960, 540))
    ready(page)
    drag(page, "losses", 0.4, 0.2)
    line = page.locator("#look-back")
    expect(line).to_be_in_viewport()
    expect(line).to_have_text(re.compile("Looking back at step [1-9]"))
    line.get_by_role("button", name="Back to the present").click()
    expect(line).to_be_hidden()


def test_a_link_leads_to_a_step(open_page: Any) -> None:
    page = open_page("#seed=3&at=40")
    driving.wait_until_ready(page)
    driving.wait_for_step(page, 40)
    driving.wait_until(page, lambda: status(page)["step"] == 40 and not status(page)["playback"]["running"])
    first = driving.readouts(page)
    page.locator("#share").click()
    link = page.locator("#share-step").input_value()
    assert re.search("#seed=3&at=40&made=[0-9a-f]{8}$", link)
    again = open_page(link)
    driving.wait_until_ready(again)
    driving.wait_for_step(again, 40)
    driving.wait_until(again, lambda: driving.readouts(again) == first)
    expect(again.locator("#notice")).to_be_hidden()
    elsewhere = open_page(link[:-8] + "00000000")
    expect(elsewhere.locator("#notice")).to_contain_text("its run may take another course")
