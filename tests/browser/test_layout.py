"""Nothing is cut off, nothing lies over anything else, and nothing is out of sight, whatever the window."""

from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from tests import tools
from tests.browser import driving
from tests.browser.running import CHROMIUM_ARGUMENTS
from tests.browser.test_legible import CUT_WORDS

# Words that stand in the page, not in its canvases.
WORDS = "h2, figcaption, .knobs > summary, .metric-name, .metric-value, .mass-text, .mass-place, .sampled"
# Of what is seen: boxes that reach out of the window, out of the part that they belong to, or into two lines.
CUT = """words => [...document.querySelectorAll(`canvas, button, ${words}`)]
    .filter(one => one.checkVisibility({ visibilityProperty: true }))
    .filter(one => one.getBoundingClientRect().width > 1)
    .filter(one => {
        const box = one.getBoundingClientRect();
        const around = one.closest('.numbers, #stage, .bar')?.getBoundingClientRect();
        const style = getComputedStyle(one);
        const isText = one.matches(words);
        const slack = 1.5;
        return box.bottom > innerHeight + slack || box.right > innerWidth + slack
            || (around && (box.bottom > around.bottom + slack || box.top < around.top - slack))
            || (isText && one.scrollWidth > one.clientWidth + slack && style.display !== 'inline')
            || (isText && box.height > 1.7 * parseFloat(style.lineHeight));
    })
    .map(one => `${one.className || one.tagName} ${one.textContent.trim()}`)"""
# The heights of charts in heights of their own text: what their margins leave.
ROOM = """() => [...document.querySelectorAll('canvas')].filter(one => one.clientHeight).map(one => {
        const probe = document.createElement('span');
        probe.style.cssText = 'position: absolute; width: var(--tick)';
        document.body.append(probe);
        const size = probe.getBoundingClientRect().width;
        probe.remove();
        return one.clientHeight / size - 3;
    })"""


def is_scrolled(page: Any) -> bool:
    return page.evaluate(
        """() => document.documentElement.scrollHeight > document.documentElement.clientHeight
            || document.documentElement.scrollWidth > document.documentElement.clientWidth"""
    )


@pytest.mark.parametrize("preset", ["default", "eight_dimensions", "labelled_modes"])
@pytest.mark.parametrize("controls", ["full", "mini", "none"])
@pytest.mark.parametrize(("scale", "size"), [("1", (960, 540)), ("1.5", (960, 540)), ("1.5", (1280, 720))])
def test_a_frame_holds_all_that_it_shows(
    open_page: Any, controls: str, scale: str, size: tuple[int, int], preset: str
) -> None:
    page = open_page(f"?embed=1&controls={controls}&scale={scale}#preset={preset}", viewport=size)
    driving.wait_until_ready(page)
    assert not is_scrolled(page)
    assert page.evaluate(CUT, WORDS) == []
    assert min(page.evaluate(ROOM)) > 2
    shown = page.evaluate("() => [...document.querySelectorAll('canvas')].filter(one => one.clientHeight).length")
    assert shown >= 5


# Of all charts that are seen: name and area, and pairs of charts, buttons, chip and counter that lie over each other.
CHARTS = """() => [...document.querySelectorAll('canvas[data-chart]')]
    .filter(one => one.clientHeight && one.checkVisibility())
    .map(one => ({ name: one.dataset.chart, width: one.clientWidth, area: one.clientWidth * one.clientHeight }))
    .sort((a, b) => b.area - a.area)"""
OVERLAPS = """() => {
    const all = ['canvas', '.bar button, .bar summary, #step-count, .chip', 'figcaption b, .knobs > summary']
        .flatMap(selector => [...document.querySelectorAll(selector)])
        .filter(one => one.checkVisibility({ visibilityProperty: true }) && one.clientHeight + one.offsetHeight > 0)
        .map(one => [one.id || one.dataset.chart || one.textContent, one.getBoundingClientRect()])
        .filter(([, box]) => box.width > 1);
    return all.flatMap(([name, a], i) => all.slice(i + 1)
        .filter(([, b]) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1.5
            && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1.5)
        .map(([other]) => `${name} and ${other}`));
}"""


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (960, 540)])
@pytest.mark.parametrize("embed", ["", "embed=1&"])
@pytest.mark.parametrize("view", ["learn", "stage"])
def test_the_data_are_by_far_the_largest_picture(open_page: Any, view: str, embed: str, size: tuple[int, int]) -> None:
    page = open_page(f"?{embed}view={view}", viewport=size)
    driving.wait_until_ready(page)
    if view == "learn":
        page.locator(".lesson-nav button").first.wait_for()
        driving.let_frames_pass(page, 5)
    largest, *others = page.evaluate(CHARTS)
    assert largest["name"] == "overview"
    assert largest["area"] > 0.22 * size[0] * size[1]
    assert all(largest["area"] > 3 * other["area"] for other in others)
    assert page.evaluate(OVERLAPS) == []
    box = page.locator("canvas[data-chart=overview]").bounding_box()
    assert box["y"] + box["height"] <= size[1]


@pytest.mark.parametrize("size", [(320, 400), (390, 500), (390, 844), (480, 270), (600, 500), (640, 400)])
@pytest.mark.parametrize("view", ["lab", "stage", "learn", "games"])
def test_a_narrow_frame_shows_what_fits_and_nothing_over_anything(
    open_page: Any, view: str, size: tuple[int, int]
) -> None:
    """A frame in an article that is read on a telephone: data, or the large picture, over the whole width."""
    page = open_page(f"?embed=1&view={view}", viewport=size)
    driving.wait_until_ready(page)
    if view == "learn":
        page.locator(".lesson-nav button").first.wait_for()
    if view == "games":
        page.locator(".game-plane canvas").wait_for()
    driving.let_frames_pass(page, 5)
    if view != "learn" or size[1] > 300:
        assert not is_scrolled(page)
    assert page.evaluate(OVERLAPS) == []
    assert page.evaluate(CUT_WORDS) == []
    largest = page.evaluate(CHARTS)[0]
    assert largest["name"] == {"lab": "data", "games": "game-plane"}.get(view, "overview") or size[0] > 610
    if size[0] < 610:
        assert largest["width"] > 0.88 * size[0]


def test_a_suspicion_on_a_slide_covers_nothing(open_page: Any) -> None:
    page = open_page("?embed=1", viewport=(960, 540))
    driving.wait_until_ready(page)
    chip, speed = page.locator("#diagnosis-chip"), page.locator("#speed-value")
    assert speed.evaluate("label => getComputedStyle(label).clipPath") == "none"
    chip.evaluate("chip => { chip.textContent = 'Suspected: mode collapse'; chip.dataset.severity = 'suspicion'; }")
    left = chip.bounding_box()["x"]
    assert speed.evaluate("label => getComputedStyle(label).clipPath") != "none"
    slider = page.locator("#speed").bounding_box()
    assert slider["x"] + slider["width"] < left


# Names of parts, "more", labels and fields of settings that lie over each other or touch.
TOUCHING = """() => {
    const boxOf = one => {
        const range = document.createRange();
        range.selectNodeContents(one.firstChild ?? one);
        const box = (one.matches('summary, .control-label') ? range : one).getBoundingClientRect();
        return one.matches('.more > summary') ? new DOMRect(box.x - 12, box.y, box.width + 12, box.height) : box;
    };
    return [...document.querySelectorAll('.knobs')].flatMap(knobs => {
        const all = [...knobs.querySelectorAll('summary, .control-label, input:not([type=range]), select, button')]
            .filter(one => one.checkVisibility({ visibilityProperty: true }) && !one.closest('.modes-list, .layers'))
            .filter(one => getComputedStyle(one).clipPath === 'none')
            .map(one => [one.textContent.trim().slice(0, 20) || one.name, boxOf(one)]);
        return all.flatMap(([name, a], i) => all.slice(i + 1)
            .filter(([, b]) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > -3
                && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2)
            .map(([other]) => `${name} and ${other}`));
    });
}"""


@pytest.mark.parametrize("size", [(1100, 720), (1280, 720), (1440, 900), (1920, 1080)])
def test_no_setting_touches_another(open_page: Any, size: tuple[int, int]) -> None:
    page = open_page("#preset=labelled_modes", viewport=size)
    driving.wait_until_ready(page)
    assert page.evaluate(TOUCHING) == []


def test_where_numbers_are_left_out_the_distances_have_their_place(open_page: Any) -> None:
    page = open_page("?hide=numbers", viewport=(1280, 720))
    driving.wait_until_ready(page)
    distances, data, outputs, losses = (
        page.locator(f"canvas[data-chart={name}]").bounding_box()
        for name in ("distances", "data", "readouts", "losses")
    )
    assert distances["x"] > data["x"] + data["width"]
    assert distances["y"] + distances["height"] < outputs["y"]
    assert distances["height"] > 0.9 * data["height"]
    assert losses["width"] > 0.95 * 1280 - 50
    assert not is_scrolled(page)


def test_a_bad_link_is_said_in_two_lines(open_page: Any) -> None:
    page = open_page("#preset=no_such_preset", viewport=(1280, 720))
    driving.wait_until_ready(page)
    notice = page.locator("#notice")
    notice.wait_for()
    assert notice.bounding_box()["height"] < 70


def test_readers_with_large_type_have_every_view(chromium: Any, server: str) -> None:
    """With the browser's own type at 200 %, which counts for the widths in the style sheets as well."""
    options = [*CHROMIUM_ARGUMENTS, "--blink-settings=defaultFontSize=32"]
    large = chromium.browser_type.launch(executable_path=tools.CHROMIUM, args=options)
    for view in ("stage", "learn", "games", "lab"):
        page = large.new_page(viewport={"width": 1280, "height": 720})
        page.goto(f"{server}?view={view}")
        driving.wait_until_ready(page)
        if view == "learn":
            page.locator(".lesson-nav button").first.wait_for()
        driving.let_frames_pass(page, 5)
        assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 28
        assert page.evaluate(CUT_WORDS) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    large.close()


# Of all settings in sight: those whose box or value stands on another line than their words, or whose slider is too
# short to be dragged; a slider and its value may have a line of their own.
MISPLACED = """() => [...document.querySelectorAll('.control')]
    .filter(one => one.checkVisibility() && !one.closest('.more'))
    .filter(one => {
        const [label, box, slider, value] = ['.control-label', '[type=checkbox]', '[type=range]', '.control-entry']
            .map(name => one.querySelector(`:scope > ${name}`)?.getBoundingClientRect());
        const isBeside = (a, b) => a.top < b.bottom && b.top < a.bottom;
        return (box && !isBeside(box, label)) || (slider && slider.width < 30)
            || (slider && value && !isBeside(value, label) && !isBeside(value, slider));
    })
    .map(one => one.dataset.path)"""


@pytest.mark.parametrize("size", [(1240, 720), (1280, 720), (1440, 900), (1920, 1080)])
@pytest.mark.parametrize("lang", ["en", "de"])
def test_boxes_and_values_stand_beside_their_words(open_page: Any, lang: str, size: tuple[int, int]) -> None:
    page = open_page(f"?lang={lang}", viewport=size)
    driving.wait_until_ready(page)
    page.locator(f"html[lang={lang}]").wait_for()
    driving.let_frames_pass(page, 3)
    assert page.evaluate(MISPLACED) == []


def test_where_losses_are_left_out_the_other_charts_have_their_room(open_page: Any) -> None:
    page = open_page("?embed=1&hide=losses", viewport=(960, 540))
    driving.wait_until_ready(page)
    names = page.locator(".knobs > summary").first.bounding_box()
    assert names["y"] + names["height"] > 500


def test_a_new_mode_comes_into_sight(open_page: Any) -> None:
    """The list of modes shows two at a time: the new one is scrolled to, and nothing is moved or cut aside of that."""
    page = open_page(viewport=(1280, 720))
    driving.wait_until_ready(page)
    add = page.get_by_role("button", name="Add a mode")
    for modes in (3, 4):
        add.click()
        fields = page.locator(".modes tbody tr")
        fields.nth(modes - 1).wait_for()
        driving.let_frames_pass(page, 2)
        of = page.evaluate(
            """() => {
                const box = selector => document.querySelector(selector).getBoundingClientRect().toJSON();
                const control = document.querySelector('.control-modes');
                return {
                    row: box('.modes tbody tr:last-child'), list: box('.modes-list'),
                    label: box('.control-modes > .control-label'), control: box('.control-modes'),
                    head: box('.modes thead'), scrolled: control.scrollLeft + control.scrollTop,
                };
            }"""
        )
        assert of["row"]["bottom"] <= of["list"]["bottom"] + 1
        assert of["row"]["top"] >= of["head"]["bottom"] - 1
        assert of["list"]["top"] <= of["head"]["top"] + 1
        assert of["label"]["left"] >= of["control"]["left"]
        assert of["scrolled"] == 0
        assert not is_scrolled(page)
        assert page.evaluate("document.activeElement.textContent") == "+ mode"


# Numbers that are cut, reach out of the scoreboard, or lie on the chart below it.
CUT_NUMBERS = """() => {
    const numbers = document.querySelector('.numbers').getBoundingClientRect();
    const low = document.querySelector('.part.readouts').getBoundingClientRect().top;
    return [...document.querySelectorAll('.metric-name, .metric-value, .mass-text, .mass-place')]
        .filter(one => one.checkVisibility())
        .filter(one => {
            const box = one.getBoundingClientRect();
            return one.scrollWidth > one.clientWidth + (getComputedStyle(one).display === 'inline' ? Infinity : 1)
                || box.bottom > Math.min(numbers.bottom, low) + 1 || one.scrollHeight > box.height + 2
                || box.left < numbers.left - 5 || box.right > numbers.right + 5;
        })
        .map(one => one.textContent);
}"""


@pytest.mark.parametrize("preset", ["default", "wgan", "labelled_modes"])
@pytest.mark.parametrize(
    "size", [(700, 900), (800, 900), (844, 390), (960, 720), (1000, 700), (1100, 720), (1180, 720), (1280, 720)]
)
def test_no_number_of_the_scoreboard_is_cut(open_page: Any, size: tuple[int, int], preset: str) -> None:
    page = open_page(f"#preset={preset}", viewport=size)
    driving.wait_until_ready(page)
    driving.step_to(page, 1)
    assert page.evaluate(CUT_NUMBERS) == []
    names = page.locator(".metric-name:visible").all_inner_texts()
    assert len(set(names)) == len(names) >= 10


# Settings that reach out of their part.
WIDE_SETTINGS = """() => [...document.querySelectorAll('.control, .control *')]
    .filter(one => one.checkVisibility() && !one.closest('.more'))
    .filter(one => one.getBoundingClientRect().right > one.closest('.knobs').getBoundingClientRect().right + 1)
    .map(one => `${one.closest('.control').dataset.path} ${one.tagName}`)"""


@pytest.mark.parametrize("size", [(1280, 720), (1440, 900)])
@pytest.mark.parametrize("experiment", ["loss=wasserstein&penalty=gradient_penalty", "loss=least_squares"])
def test_no_setting_covers_the_part_beside_its_own(open_page: Any, size: tuple[int, int], experiment: str) -> None:
    page = open_page(f"#{experiment}", viewport=size)
    driving.wait_until_ready(page)
    assert page.evaluate(WIDE_SETTINGS) == []
