"""The page elsewhere: in a frame, on a telephone, and driven by the script of another page."""

import re
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import expect

from tests.browser import driving


def is_scrolled_sideways(page: Any) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


@pytest.mark.parametrize("view", ["lab", "stage"])
@pytest.mark.parametrize("width", [320, 390, 768, 1280, 1920])
def test_no_width_scrolls_sideways(open_page: Any, width: int, view: str) -> None:
    page = open_page(f"?view={view}", viewport=(width, 844))
    driving.wait_until_ready(page)
    assert not is_scrolled_sideways(page)
    expect(page.locator("#play")).to_be_in_viewport()


def test_an_embedded_page_fits_its_frame(open_page: Any) -> None:
    page = open_page("?embed=1", viewport=(960, 540))
    driving.wait_until_ready(page)
    assert not is_scrolled_sideways(page)
    assert page.evaluate("document.documentElement.scrollHeight <= document.documentElement.clientHeight")
    assert page.evaluate("document.activeElement === document.body")


def test_stage_and_lab_show_the_same_run(open_page: Any) -> None:
    page = open_page(viewport=(1280, 720))
    driving.wait_until_ready(page)
    page.locator("#step").click()
    driving.wait_for_step(page, 1)
    stage, knobs = page.locator("canvas[data-chart=overview]"), page.locator("details.knobs.generator")
    expect(stage).to_be_hidden()
    page.get_by_role("button", name="Stage", exact=True).click()
    expect(stage).to_be_visible()
    expect(knobs).to_be_hidden()
    assert "view=stage" in page.url
    expect(stage).to_have_attribute("aria-label", re.compile("at step 1"))
    before = driving.pixels(page)["overview"]
    page.keyboard.press(".")
    driving.wait_for_step(page, 2)
    driving.let_frames_pass(page, 3)
    assert driving.pixels(page)["overview"] != before
    page.reload()
    driving.wait_until_ready(page)
    expect(stage).to_be_visible()
    driving.wait_for_step(page, 2)
    page.keyboard.press("v")
    expect(stage).to_be_hidden()
    expect(knobs).to_be_visible()
    assert "view=" not in page.url


@pytest.mark.parametrize(("size", "query"), [((1280, 720), ""), ((1920, 1080), ""), ((960, 540), "embed=1&")])
def test_the_stage_needs_no_scrolling(open_page: Any, size: tuple[int, int], query: str) -> None:
    page = open_page(f"?{query}view=stage", viewport=size)
    driving.wait_until_ready(page)
    assert page.evaluate("document.documentElement.scrollHeight <= document.documentElement.clientHeight")
    picture = page.locator("canvas[data-chart=overview]").bounding_box()
    assert picture["width"] * picture["height"] > 0.45 * size[0] * size[1]
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") >= 16


@pytest.mark.parametrize(("size", "charts"), [((640, 360), ["overview"]), ((640, 480), ["losses", "overview"])])
def test_the_stage_of_a_small_frame_keeps_its_picture(open_page: Any, size: tuple[int, int], charts: list[str]) -> None:
    page = open_page("?embed=1&view=stage", viewport=size)
    driving.wait_until_ready(page)
    shown = page.locator("canvas:visible").evaluate_all("all => all.map(({ dataset }) => dataset.chart).sort()")
    assert shown == charts
    picture = page.locator("canvas[data-chart=overview]").bounding_box()
    assert picture["width"] * picture["height"] > 0.45 * size[0] * size[1]


def test_the_sentence_of_a_narrow_stage_is_whole(open_page: Any) -> None:
    page = open_page("?view=stage", viewport=(768, 1024))
    driving.wait_until_ready(page)
    driving.step_to(page, 3)
    line = page.locator(".diagnosis-line")
    expect(line).not_to_be_empty()
    assert line.evaluate("node => node.scrollHeight <= node.clientHeight")
    assert line.bounding_box()["width"] > 700


@pytest.mark.parametrize("width", [1200, 1920])
@pytest.mark.parametrize("query", ["view=stage", "view=learn", "embed=1&view=stage", "view=stage&lang=de"])
def test_the_speed_has_its_name_where_there_is_room(open_page: Any, query: str, width: int) -> None:
    page = open_page(f"?{query}", viewport=(width, 720))
    driving.wait_until_ready(page)
    value = page.locator("#speed-value")
    assert value.evaluate("name => getComputedStyle(name).clipPath") == "none"
    play = page.locator("#play").bounding_box()
    for _ in range(14):
        box = value.bounding_box()
        assert box["y"] < play["y"] + play["height"], "the bar stays one line"
        assert box["width"] > 60
        for other in ("#share", ".diagnosis"):
            it = page.locator(other).bounding_box()
            assert it is None or it["y"] >= box["y"] + box["height"] or box["x"] + box["width"] <= it["x"]
        page.locator("#speed").press("ArrowRight")
        driving.let_frames_pass(page, 1)


@pytest.mark.parametrize(("controls", "has_buttons"), [("full", True), ("mini", True), ("none", False)])
def test_embedded_controls(open_page: Any, controls: str, has_buttons: bool) -> None:
    page = open_page(f"?embed=1&controls={controls}", viewport=(960, 540))
    driving.wait_until_ready(page)
    expect(page.locator("#play")).to_be_visible(visible=has_buttons)
    expect(page.locator("#step-count")).to_be_visible(visible=has_buttons)


def test_autoplay_theme_and_scale(open_page: Any) -> None:
    page = open_page("?embed=1&autoplay=1&theme=dark&scale=1.5", viewport=(960, 540))
    driving.wait_for_step(page, 5)
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_the_dark_theme_is_another_picture(open_page: Any) -> None:
    light, dark = open_page("?theme=light"), open_page("?theme=dark")
    for page in (light, dark):
        driving.wait_until_ready(page)
    assert driving.pixels(light)["data"] != driving.pixels(dark)["data"]


def test_what_is_hidden_leaves_nothing_behind(open_page: Any) -> None:
    page = open_page("?hide=readouts,numbers,seed,penalty,loss.clip,nonsense,target.modes.0")
    driving.wait_until_ready(page)
    for selector in ("canvas[data-chart=readouts]", ".from-discriminator", "#metrics", "#seed", "[data-path=penalty]"):
        expect(page.locator(selector)).to_be_hidden()
    for selector in (".from-noise", ".from-generator", ".from-data", "[data-path=loss]"):
        expect(page.locator(selector)).to_be_visible()
    # A setting that another loss has is known, a place in a list is none of the panel's controls.
    expect(page.locator("#notice p")).to_have_text(
        [re.compile(r"name settings or some of .*, numbers, .*, but got “nonsense”"), re.compile("“target.modes.0”")]
    )


def test_the_arrows_at_a_hidden_chart_are_hidden(open_page: Any) -> None:
    page = open_page("?embed=1&hide=data", viewport=(960, 540))
    driving.wait_until_ready(page)
    shown = page.locator(".flow").evaluate_all("flows => flows.filter(f => f.checkVisibility()).map(f => f.className)")
    assert shown == ["flow from-noise", "flow from-discriminator"]
    expect(page.locator("#notice")).to_be_hidden()


def test_a_reader_may_only_look(open_page: Any) -> None:
    page = open_page("?embed=1&readonly=1")
    driving.wait_until_ready(page)
    page.keyboard.press(".")
    driving.let_frames_pass(page, 10)
    assert driving.step_count(page) == 0
    enabled = page.locator("main input:enabled, main select:enabled, #step-menu button:enabled")
    assert enabled.count() == 0
    menu = page.locator("#step-menu summary")
    expect(menu).to_have_attribute("aria-disabled", "true")
    assert menu.evaluate("menu => getComputedStyle(menu).opacity") == page.locator("#step").evaluate(
        "step => getComputedStyle(step).opacity"
    )
    menu.click(force=True)
    expect(page.locator("#step-menu .menu-items")).to_be_hidden()


def embedded(page: Any, server: str) -> Any:
    """The page in a frame of another one, which keeps what it says in `heard` and talks to it with `tell`."""
    page.set_content("<iframe width=960 height=540></iframe>")
    page.evaluate(
        """address => {
            window.heard = [];
            window.tell = what => frames[0].postMessage({ gan1d: 1, ...what }, '*');
            addEventListener('message', ({ data }) => heard.push(data));
            document.querySelector('iframe').src = address;
        }""",
        f"{server}?embed=1",
    )
    page.wait_for_function("() => heard.some(said => said.event === 'state' && said.metrics.wasserstein1)")
    return page.frames[1]


def test_another_script_drives_the_page(open_page: Any, server: str) -> None:
    page = open_page()
    frame = embedded(page, server)
    page.evaluate(
        """() => {
            heard.length = 0;
            tell({ do: 'set', path: 'generator.optimizer.learning_rate', value: 0.005 });
            tell({ do: 'step' });
            tell({ do: 'state' });
        }"""
    )
    page.wait_for_function("() => heard.some(said => said.gan1d === 1 && said.event === 'state')")
    driving.wait_for_step(frame, 1)
    page.evaluate("tell({ do: 'play' })")
    driving.wait_for_step(frame, 10)
    page.evaluate("tell({ do: 'pause' })")
    expect(frame.locator("#play")).to_have_accessible_name("Play")
    page.evaluate("tell({ do: 'reset' })")
    frame.wait_for_function(f"() => ({driving.COUNT})() === 0")
    page.evaluate("tell({ do: 'set', path: 'generator.optimizer.learning_rate', value: -1 })")
    page.wait_for_function("() => heard.some(said => said.gan1d === 1 && said.event === 'error')")


def test_a_state_is_of_one_step_and_the_last_one_is_true(open_page: Any, server: str) -> None:
    page = open_page()
    frame = embedded(page, server)

    def last_state_after(command: dict[str, Any], step: int) -> dict[str, Any]:
        page.evaluate("command => { heard.length = 0; tell(command); }", command)
        frame.wait_for_function(f"step => ({driving.COUNT})() === step", arg=step)
        driving.let_frames_pass(frame, 40)
        return page.evaluate("() => heard.filter(said => said.event === 'state').at(-1)")

    for command, state, step in (
        ({"do": "step"}, "paused", 1),
        ({"do": "step", "count": 100}, "paused", 101),
        ({"do": "reset"}, "ready", 0),
        ({"do": "step", "count": 7}, "paused", 7),
        ({"do": "preset", "name": "mode_collapse"}, "ready", 0),
        ({"do": "set", "path": "generator.hidden", "value": [8]}, "ready", 0),
    ):
        last = last_state_after(command, step)
        assert (last["state"], last["step"]) == (state, step)
        shown = float(driving.readouts(frame)["wasserstein1"])
        assert last["metrics"]["wasserstein1"] == pytest.approx(shown, abs=0.006)
    assert last["preset"] == "mode_collapse"
    assert last["changes"]["generator.hidden"] == [8]


def test_a_number_that_is_pressed_shows_its_history(open_page: Any) -> None:
    """By mouse and by key; pressed again, the distances are back, pixel for pixel."""
    page = open_page()
    driving.wait_until_ready(page)
    driving.step_to(page, 3)
    before = driving.pixels(page)
    button = page.locator('[data-history="value"]')
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".distances figcaption b")).to_have_text("V(D, G)")
    expect(page.locator('canvas[data-chart="distances"]')).to_have_attribute(
        "aria-label", re.compile(r"V\(D, G\) over the whole run: .* at step 3; .*best possible .*; floor −ln 4\.")
    )
    selected = driving.pixels(page)
    assert selected["distances"] != before["distances"]
    assert selected["losses"] == before["losses"]
    button.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "false")
    driving.let_frames_pass(page, 2)
    assert driving.pixels(page)["distances"] == before["distances"]


def test_in_a_slide_the_history_takes_the_losses_place(open_page: Any) -> None:
    page = open_page("?embed=1", viewport=(960, 540))
    driving.wait_until_ready(page)
    page.locator('[data-history="jensen_shannon"]').click()
    expect(page.locator('canvas[data-chart="distances"]')).to_be_visible()
    expect(page.locator('canvas[data-chart="losses"]')).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollHeight <= document.documentElement.clientHeight")
