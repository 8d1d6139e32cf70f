"""The page for readers with a keyboard, a screen reader, a telephone, large type, forced colours, or paper."""

import re
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import expect

from tests.browser import driving
from tests.browser.test_legible import CUT_WORDS
from tests.tools import AXE, MISSING

AXE_RUN = """async (root) => {
    const { violations } = await axe.run(root ?? document, { resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.target.join(' ')}`));
}"""


def hindrances(page: Any, root: str | None = None) -> list[str]:
    """What axe-core finds on a page, or in the part of it with this selector; nothing without axe-core."""
    if not AXE.exists():
        return []
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(AXE_RUN, root)
    return found


def as_it_is(_: Any) -> None:
    """Nothing is done."""


def run(page: Any) -> None:
    page.locator("#play").evaluate("button => button.click()")
    driving.wait_for_step(page, 3)


def open_all_folds(page: Any) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(fold => (fold.open = true))")


def open_help(page: Any) -> None:
    page.locator("#help").click()


def open_share(page: Any) -> None:
    page.locator("#share").click()


def refuse(page: Any) -> None:
    driving.type_value(page, "generator.optimizer.learning_rate", "99")
    expect(page.locator(".control-error:visible")).to_have_count(1)


def show_terms(page: Any) -> None:
    page.locator(".part.data .term").click()
    expect(page.locator("#tip")).to_be_visible()


def slow_down(page: Any) -> None:
    page.keyboard.press("m")
    expect(page.locator(".slow-count")).to_contain_text("phase 1 of")


STATES = [
    ("", as_it_is),
    ("", run),
    ("", open_all_folds),
    ("", open_help),
    ("", open_share),
    ("", refuse),
    ("?view=stage", slow_down),
    ("#lesson=two-networks&page=4", as_it_is),
    ("#lesson=mode-collapse&page=6", run),
    ("?embed=1#lesson=two-networks&page=3", as_it_is),
    ("", show_terms),
    ("#preset=labelled_modes", as_it_is),
    ("#preset=wgan_gp", as_it_is),
    ("#preset=memorization", as_it_is),
    ("#target=drawn", as_it_is),
    ("#target=samples", open_all_folds),
    ("#preset=no_such_preset", as_it_is),
    ("?embed=1", as_it_is),
    ("?embed=1&controls=mini", as_it_is),
    ("?embed=1&controls=none", as_it_is),
    ("?embed=1&readonly=1", as_it_is),
    ("?hide=numbers", as_it_is),
    ("?view=games", as_it_is),
    ("?view=games#preset=negative_momentum", run),
    ("?view=games", open_all_folds),
    ("?view=games&embed=1#preset=circle", as_it_is),
]


@pytest.mark.skipif(MISSING["axe"] != "", reason=MISSING["axe"])
@pytest.mark.parametrize(("address", "act"), STATES)
@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(
    open_page: Any, scheme: str, size: tuple[int, int], address: str, act: Callable[[Any], None]
) -> None:
    page = open_page(address.replace("embed=1", f"embed=1&theme={scheme}"), viewport=size, color_scheme=scheme)
    driving.wait_until_ready(page)
    act(page)
    assert hindrances(page) == []


# Things to press or to type into that are smaller than a fingertip; a curve's bars are drawn in the chart as well, and
# the words beside a box or a radio button are a part of it. Words within a line of text need no size (WCAG 2.2, 2.5.8).
SMALL = """() => [...document.querySelectorAll('button, input, select, summary, textarea, a')]
    .filter(one => !one.matches('.level, [hidden], .skip *, .lights'))
    .filter(one => one.checkVisibility({ visibilityProperty: true }))
    .map(one => ({ one, box: (one.matches('label > *') ? one.parentElement : one).getBoundingClientRect() }))
    .filter(({ box }) => box.width > 1 && (box.width < 43.5 || box.height < 43.5))
    .map(({ one, box }) => `${one.id || one.name || one.className || one.textContent} ${box.width}x${box.height}`)"""


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("preset", ["default", "labelled_modes", "original"])
def test_every_target_of_a_phone_is_as_large_as_a_fingertip(open_page: Any, width: int, preset: str) -> None:
    page = open_page(f"#preset={preset}", viewport=(width, 844), has_touch=True, is_mobile=True)
    driving.wait_until_ready(page)
    open_all_folds(page)
    assert page.evaluate(SMALL) == []
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('input, select, textarea')]
            .map(one => parseFloat(getComputedStyle(one).fontSize))"""
    )
    assert min(sizes) >= 16
    page.evaluate("document.querySelectorAll('details').forEach(fold => (fold.open = false))")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for fixed in (".transport", ".bar"):
        box = page.locator(fixed).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    page.locator("#step-count").evaluate("count => (count.textContent = '123 456')")
    count = page.locator("#step-count").bounding_box()
    assert count["x"] + count["width"] <= width
    assert page.locator("#step-count").evaluate("one => one.scrollWidth <= one.clientWidth + 1")


@pytest.mark.parametrize("view", ["learn", "games", "stage"])
@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
def test_every_view_suits_axe_and_fingertips_and_cuts_no_word(open_page: Any, size: tuple[int, int], view: str) -> None:
    is_phone = size[0] < 500
    page = open_page(f"?view={view}", viewport=size, **({"has_touch": True, "is_mobile": True} if is_phone else {}))
    driving.wait_until_ready(page)
    expect(page.locator(".game-plane canvas" if view == "games" else ".overview canvas")).to_be_visible()
    if view == "learn":
        expect(page.locator(".lesson-nav button").first).to_be_visible()
    assert page.evaluate(CUT_WORDS) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    if is_phone:
        assert page.evaluate(SMALL) == []
    assert hindrances(page) == []


def look_back(page: Any) -> None:
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#look-back")).to_be_visible()


def name_a_step(page: Any) -> None:
    page.keyboard.press("b")
    expect(page.locator("#moments .menu-items")).to_be_visible()


def show_runs(page: Any) -> None:
    page.locator("#reset").click()
    page.locator("#runs summary").click()
    expect(page.locator("#runs .kept-run").first).to_be_visible()


def ask_what_to_compare(page: Any) -> None:
    page.keyboard.press("c")
    expect(page.locator("#compare-dialog")).to_be_visible()


def compare(page: Any) -> None:
    ask_what_to_compare(page)
    field = page.locator("#compare-dialog input[name='generator.optimizer.learning_rate']:not([type=range])")
    field.fill("0.02")
    field.press("Enter")
    page.locator("#compare-dialog").get_by_role("button", name="Compare").click()
    expect(page.locator("#compare-line")).to_be_visible()
    expect(page.locator(".metric-second").first).not_to_have_text("")


PAST = [look_back, name_a_step, show_runs, ask_what_to_compare, compare]


@pytest.mark.parametrize("act", PAST)
@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
def test_runs_steps_and_comparisons_suit_axe_and_fingertips_and_cut_no_word(
    open_page: Any, size: tuple[int, int], act: Callable[[Any], None]
) -> None:
    is_phone = size[0] < 500
    page = open_page(viewport=size, **({"has_touch": True, "is_mobile": True} if is_phone else {}))
    driving.wait_until_ready(page)
    driving.step_to(page, 12)
    act(page)
    assert page.evaluate(CUT_WORDS) == []
    if is_phone:
        assert page.evaluate(SMALL) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert hindrances(page) == []


def test_a_phone_shows_the_data_first_and_draws_only_what_is_in_sight(open_page: Any) -> None:
    page = open_page(viewport=(390, 844), has_touch=True, is_mobile=True)
    driving.wait_until_ready(page)
    expect(page.locator("canvas[data-chart=data]")).to_be_in_viewport(ratio=0.9)
    tops = page.evaluate(
        """() => ['data', 'discriminator', 'generator', 'losses'].map(
            name => document.querySelector(`canvas[data-chart=${name}]`).getBoundingClientRect().top)"""
    )
    assert tops == sorted(tops)
    before = driving.pixels(page)
    run(page)
    driving.wait_for_step(page, 60)
    during = driving.pixels(page)
    assert during["data"] != before["data"]
    assert during["losses"] == before["losses"]
    page.locator("#play").click()
    driving.let_frames_pass(page, 5)
    assert driving.pixels(page)["losses"] != before["losses"]
    page.mouse.wheel(0, 1500)
    expect(page.locator(".bar h1")).to_be_in_viewport()
    expect(page.locator("#play")).to_be_in_viewport()


def test_large_type_cuts_nothing(open_page: Any) -> None:
    """With the root's type at 200 %, names and values of the numbers are whole and nothing scrolls sideways."""
    page = open_page(viewport=(1280, 720))
    driving.wait_until_ready(page)
    page.add_style_tag(content="html { font-size: 200% !important; }")
    driving.let_frames_pass(page, 4)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    for name in page.locator(".metric-name, .metric-value, figcaption b, .control-value, h2").all():
        if name.is_visible():
            assert name.evaluate(
                "one => one.scrollWidth <= one.clientWidth + 1 || getComputedStyle(one).display === 'inline'"
            )
            box = name.bounding_box()
            assert box["x"] + box["width"] <= 1280


def test_forced_colours_are_the_systems_and_leave_the_words_legible(open_page: Any) -> None:
    page = open_page(forced_colors="active", color_scheme="dark")
    driving.wait_until_ready(page)
    driving.step_to(page, 3)
    colors = page.evaluate(
        """() => {
            const probe = document.createElement('span');
            probe.style.cssText = 'forced-color-adjust: none';
            document.body.append(probe);
            return ['--paper', '--ink', '--real', '--fake', '--discriminator'].map(name => {
                probe.style.color = `var(${name})`;
                return getComputedStyle(probe).color;
            });
        }"""
    )
    paper, ink, real, fake, discriminator = colors
    assert paper != ink
    assert real not in (paper, fake)
    assert discriminator != paper
    # A word with its halo has both colours: were the halo of the ink's colour, "G*" would be a blob.
    paper_share = page.evaluate(
        """() => {
            const canvas = document.querySelector('canvas[data-chart=generator]');
            const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            let [opaque, dark] = [0, 0];
            for (let i = 0; i < data.length; i += 4) {
                if (data[i + 3] < 200) continue;
                opaque++;
                if (data[i] + data[i + 1] + data[i + 2] < 120) dark++;
            }
            return dark / opaque;
        }"""
    )
    assert 0.05 < paper_share < 0.95
    gauge = page.locator(".mass-bar").first.evaluate("bar => getComputedStyle(bar, '::before').backgroundImage")
    assert "gradient" in gauge


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (390, 844)])
def test_paper_shows_one_white_page_with_legible_charts(open_page: Any, theme: str, size: tuple[int, int]) -> None:
    page = open_page(f"?theme={theme}", viewport=size)
    driving.wait_until_ready(page)
    driving.step_to(page, 5)
    before = driving.pixels(page)
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    ink = page.evaluate(
        """() => {
            const canvas = document.querySelector('canvas[data-chart=discriminator]');
            const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            return data.filter((value, i) => i % 4 === 0 && data[i + 3] > 250 && value < 60).length;
        }"""
    )
    assert ink > 50
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    driving.let_frames_pass(page, 3)
    assert driving.pixels(page) == before
    assert page.evaluate("document.documentElement.dataset.theme") == theme


@pytest.mark.parametrize(("view", "chart", "pages"), [("stage", ".overview", 1), ("learn", ".overview", 2)])
def test_paper_shows_the_large_picture_large(open_page: Any, view: str, chart: str, pages: int) -> None:
    page = open_page(f"?view={view}&theme=dark", viewport=(1280, 720))
    driving.wait_until_ready(page)
    expect(page.locator(f"{chart} canvas")).to_be_visible()
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == pages
    page.emulate_media(media="print")
    whole, large = page.locator("#stage").bounding_box(), page.locator(f"{chart} canvas").bounding_box()
    assert large["width"] > 0.95 * whole["width"]
    assert page.locator(".views").is_hidden()
    if view == "stage":
        chip, line = page.locator(".diagnosis").bounding_box(), page.locator(".diagnosis-line").bounding_box()
        assert chip["x"] + chip["width"] <= line["x"], "the sentence stands beside its chip"
    if view == "learn":
        words = page.locator(".lesson article").bounding_box()
        assert words["width"] > 0.95 * whole["width"]
        assert words["y"] + words["height"] <= large["y"]


def test_the_arrow_keys_read_the_charts(open_page: Any) -> None:
    page = open_page()
    driving.wait_until_ready(page)
    driving.step_to(page, 3)
    spoken = page.locator("#chart-spoken")
    patterns = {
        "noise": r"^z −?\d",
        "generator": r"^G\(−?\d.*\) = ",
        "data": r"^x .* real .* fake ",
        "discriminator": r"^x .* D .* D\* ",
        "losses": r"^step [0-3] +D .* G ",
        "distances": r"^step [0-3] +W₁ .* JS ",
    }
    for name, words in patterns.items():
        chart = page.locator(f"canvas[data-chart={name}]")
        # The keyboard's focus: the element before gets it by a press, then Tab.
        chart.evaluate("canvas => canvas.focus({ focusVisible: true })")
        # The reading of the chart that had the focus disappears.
        driving.let_frames_pass(page, 3)
        before = driving.pixels(page)[name]
        page.keyboard.press("ArrowLeft")
        expect(spoken, name).to_have_text(re.compile(words))
        driving.wait_until(page, lambda name=name, before=before: driving.pixels(page)[name] != before)
    assert driving.step_count(page) == 3


def test_a_press_on_a_chart_leaves_the_keys_to_the_page(open_page: Any) -> None:
    page = open_page()
    driving.wait_until_ready(page)
    page.locator("canvas[data-chart=noise]").click()
    assert page.evaluate("document.activeElement === document.body")


def test_the_first_tabs_skip_to_charts_and_numbers(open_page: Any) -> None:
    page = open_page()
    driving.wait_until_ready(page)
    page.keyboard.press("Tab")
    expect(page.locator(".skip button").first).to_be_in_viewport()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#numbers') !== null")


def test_help_is_in_reach_of_the_keyboard_and_of_a_fingertip(open_page: Any) -> None:
    page = open_page(viewport=(390, 844), has_touch=True, is_mobile=True)
    driving.wait_until_ready(page)
    tip = page.locator("#tip")
    page.locator(".part.generator .term:visible").tap()
    expect(tip).to_contain_text("The network that turns each z into a sample.")
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    page.locator("details.knobs.generator > summary").tap()
    page.locator('.control[data-path="generator.optimizer.learning_rate"] .control-label').tap()
    expect(tip).to_be_visible()
    for name in ("Play", "Pause"):
        page.get_by_role("button", name=name, exact=True).tap()
        driving.let_frames_pass(page, 2)
        assert tip.is_hidden(), "a button without help has none"
    wide = open_page()
    driving.wait_until_ready(wide)
    wide.locator("#reset").focus()
    wide.locator('[data-history="value"]').evaluate("button => button.focus({ focusVisible: true })")
    expect(wide.locator("#tip")).to_be_visible()


def test_the_name_of_the_tab_says_the_step(open_page: Any) -> None:
    page = open_page()
    driving.wait_until_ready(page)
    driving.step_to(page, 3)
    expect(page).to_have_title(re.compile(r"^Step 3 · .+ · gan1d$"))
