"""Nothing that is written is cut, at any width, whatever is typed; and nothing lies over anything else."""

from itertools import product
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import expect

from tests.browser import driving

LONG = {
    "numeric": ["1024", "10000"],
    "decimal": ["0.0125", "0.00012345", "-1234.5678", "1.2345678e-7"],
    "text": ["256 256 256 256 256 256"],
}
SIZES = [(1100, 720), (1280, 720), (1920, 1080), (768, 1024), (390, 844), (320, 640)]

# Fields that show less than they hold: as they are, and with each of the given texts for their kind.
CUT_FIELDS = """texts => {
    document.querySelectorAll('.knobs').forEach(fold => (fold.open = true));
    const cut = [];
    for (const fold of [null, ...document.querySelectorAll('.more')]) {
        if (fold) fold.open = true;
        for (const field of document.querySelectorAll('.control-value, #seed')) {
            if (!field.checkVisibility({ visibilityProperty: true })) continue;
            const own = field.value;
            for (const text of [own, ...(field.matches('.layers *, #seed') ? ['256'] : texts[field.inputMode])]) {
                field.value = text;
                const panel = field.closest('.modes-list, .more > .control-list, .knobs, .bar').getBoundingClientRect();
                const box = field.getBoundingClientRect();
                const isOut = box.right > innerWidth + 1
                    || (box.right > panel.right + 1 && !field.closest('.modes-list'));
                if (field.scrollWidth > field.clientWidth || isOut) cut.push(`${field.name} ${text}`);
            }
            field.value = own;
        }
        if (fold) fold.open = false;
    }
    return cut;
}"""

# Menus whose chosen name is wider than the room for it, for every name that can be chosen.
CUT_MENUS = """() => {
    const ruler = document.createElement('span');
    ruler.style.cssText = 'position: absolute; white-space: pre';
    document.body.append(ruler);
    const cut = [];
    for (const menu of document.querySelectorAll('select')) {
        if (!menu.checkVisibility({ visibilityProperty: true })) continue;
        const chosen = menu.selectedIndex;
        const style = getComputedStyle(menu);
        ruler.style.font = style.font;
        const names = [...menu.options].map(option => option.text);
        if (menu.id === 'preset') names.push(...names.map(name => `${name} *`));
        names.forEach((name, index) => {
            if (index < menu.options.length) menu.selectedIndex = index;
            ruler.textContent = name;
            const arrow = 16;
            const box = menu.getBoundingClientRect();
            const room = menu.clientWidth - parseFloat(style.paddingLeft) - arrow;
            if (ruler.getBoundingClientRect().width > room + 1 || box.right > innerWidth) cut.push(name);
        });
        menu.selectedIndex = chosen;
    }
    ruler.remove();
    return cut;
}"""

# Words outside canvases that are wider or higher than their boxes, or leave the window sideways.
CUT_WORDS = """() => [...document.querySelectorAll(
        `h1, h2, figcaption :is(b, span), summary, button, label, .control-label, th, #step-count, #speed-value, #watch,
        .metric-name, .metric-value, .mass-text, .mass-place`)]
    .filter(one => one.checkVisibility({ visibilityProperty: true }) && one.getBoundingClientRect().width > 2)
    .filter(one => !one.closest('.modes-list, .skip'))
    .filter(one => {
        const box = one.getBoundingClientRect();
        const isInline = getComputedStyle(one).display === 'inline';
        return (!isInline && one.scrollWidth > one.clientWidth + 1) || box.right > innerWidth + 1 || box.left < -1;
    })
    .map(one => `${one.className || one.id || one.tagName} ${one.textContent.trim()}`)"""


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("preset", ["default", "original", "labelled_modes", "wgan_gp", "heavy_tails"])
def test_no_field_menu_or_word_is_cut(open_page: Any, size: tuple[int, int], preset: str) -> None:
    page = open_page(f"#preset={preset}", viewport=size)
    driving.wait_until_ready(page)
    assert page.evaluate(CUT_FIELDS, LONG) == []
    assert page.evaluate(CUT_MENUS) == []
    assert page.evaluate(CUT_WORDS) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_no_target_and_no_preset_makes_the_page_higher_than_the_window(open_page: Any, size: tuple[int, int]) -> None:
    page = open_page(viewport=size)
    driving.wait_until_ready(page)
    high = []
    names = page.locator("#preset option:not([hidden])").evaluate_all("options => options.map(one => one.value)")
    for menu, values in (("#preset", names), ('select[name="target"]', None)):
        for value in values or page.locator(f"{menu} option").evaluate_all("options => options.map(one => one.value)"):
            page.locator(menu).select_option(value)
            driving.let_frames_pass(page, 8)
            over = page.evaluate("document.documentElement.scrollHeight - document.documentElement.clientHeight")
            high += [f"{value}: {over}"] if over > 0 else []
    assert high == []


def boxes(page: Any) -> dict[str, Any]:
    return page.evaluate(
        """() => Object.fromEntries(
            [...document.querySelectorAll('canvas, .bar *, .knobs, #metrics, #masses, #watch, .diagnosis')]
            .filter(one => one.checkVisibility() && !one.matches('#rate, #step-count, #play'))
            .map((one, index) => [
                `${index} ${one.dataset.chart ?? one.id ?? one.className}`,
                Object.values(one.getBoundingClientRect().toJSON()).join(' '),
            ]))"""
    )


def settled(page: Any) -> dict[str, Any]:
    """The boxes as soon as ten frames leave them as they are: the page may still be loading."""
    found = boxes(page)
    driving.let_frames_pass(page, 10)
    while (later := boxes(page)) != found:
        found = later
        driving.let_frames_pass(page, 10)
    return found


@pytest.mark.parametrize(
    ("view", "size"),
    [
        *product(("lab", "stage"), [(1280, 720), (768, 1024), (390, 844)]),
        ("stage", (1920, 1080)),
        ("learn", (1280, 720)),
    ],
)
def test_nothing_moves_while_it_plays(open_page: Any, view: str, size: tuple[int, int]) -> None:
    """Neither the first step, Play nor Pause, a long sentence, a notice or an opened fold moves a chart or a button."""
    page = open_page(f"?view={view}", viewport=size)
    driving.wait_until_ready(page)
    before = settled(page)
    page.locator("#play").click()
    driving.wait_for_step(page, 30)
    during = boxes(page)
    assert {name: during[name] for name in before} == before
    page.locator("#play").click()
    page.evaluate(
        """() => document.querySelectorAll('[data-diagnosis]')
            .forEach(line => (line.textContent = 'A long sentence. '.repeat(30)))"""
    )
    assert {name: box for name, box in boxes(page).items() if name in before} == before
    page.evaluate("location.hash = 'preset=' + 'x'.repeat(200)")
    expect(page.locator("#notice p")).to_contain_text("There is no preset")
    driving.let_frames_pass(page, 4)
    after = {name: box for name, box in boxes(page).items() if name in before}
    assert after == before


def test_more_settings_open_over_the_page_and_scroll_inside(open_page: Any) -> None:
    for address, size in (("", (1280, 720)), ("?embed=1", (960, 540)), ("?embed=1&scale=1.5", (960, 540))):
        page = open_page(address, viewport=size)
        driving.wait_until_ready(page)
        charts = page.evaluate("[...document.querySelectorAll('canvas')].map(one => one.getBoundingClientRect().top)")
        for part in ("generator", "target", "discriminator", "loss", "training"):
            knobs = page.locator(f"details.knobs.{part}")
            if address:
                knobs.locator("> summary").click()
            more = knobs.locator(".more > summary")
            if more.is_visible():
                more.click()
            driving.let_frames_pass(page, 2)
            panel = knobs.locator(".more > .control-list" if not address else "> [data-slot]")
            if panel.is_visible():
                box = panel.bounding_box()
                assert 0 <= box["y"] <= size[1] + 1 - box["height"], (address, part, box)
                assert 0 <= box["x"] <= size[0] + 1 - box["width"], (address, part, box)
                expect(knobs.locator("> summary")).to_be_in_viewport()
            now = page.evaluate("[...document.querySelectorAll('canvas')].map(one => one.getBoundingClientRect().top)")
            assert now == charts
            page.keyboard.press("Escape")


def test_a_refusal_names_the_control_and_goes_when_the_reader_comes_back(open_page: Any) -> None:
    page = open_page()
    driving.wait_until_ready(page)
    path = "generator.optimizer.learning_rate"
    error = page.locator(f'.control[data-path="{path}"] .control-error')
    field = page.locator(f'input[name="{path}"]:not([type=range])')
    ways = {
        "focus": lambda: (page.locator("#play").focus(), field.focus()),
        "commit": lambda: driving.type_value(page, path, "0.002"),
        "reset": lambda: page.locator("#reset").click(),
        "preset": lambda: page.locator("#preset").select_option("wgan"),
    }
    for way, come_back in ways.items():
        driving.type_value(page, path, "99")
        expect(error).to_have_text("Learning rate: at most 10.")
        assert field.get_attribute("aria-invalid") == "true"
        come_back()
        expect(error, way).to_be_hidden()
        assert field.get_attribute("aria-invalid") is None, way
    driving.type_value(page, "batch_size", "1e80")
    shown = page.locator('.control[data-path="batch_size"] .control-error')
    expect(shown).to_have_text("Batch size: at most 4096.")


def test_what_was_changed_replaces_the_presets_story_and_there_is_a_way_back(open_page: Any) -> None:
    page = open_page("#seed=7")
    driving.wait_until_ready(page)
    story = page.locator("#watch").inner_text()
    expect(page.locator("#back-to-preset")).to_be_hidden()
    driving.type_value(page, "generator.optimizer.learning_rate", "0.006")
    expect(page.locator("#watch")).to_contain_text("Changed: generator learning rate.")
    page.locator("#back-to-preset").click()
    expect(page.locator("#watch")).to_have_text(story)
    expect(page.locator("#seed")).to_have_value("7")


def test_a_diverged_run_is_said_once_and_cannot_be_played(open_page: Any) -> None:
    page = open_page("#preset=diverging")
    driving.wait_until_ready(page)
    page.locator("#speed").press("End")
    page.locator("#play").click()
    expect(page.locator("#diagnosis-chip")).to_have_text("Diverged")
    expect(page.locator("#play")).to_be_disabled()
    assert "Press Reset" in page.locator("#play").get_attribute("title")
    expect(page.locator("#notice")).to_be_hidden()
    expect(page.locator(".diagnosis-line")).to_contain_text("press Reset")
    page.keyboard.press("Space")
    driving.let_frames_pass(page, 10)
    expect(page.locator("#notice")).to_be_hidden()
    page.locator("#reset").click()
    expect(page.locator("#play")).to_be_enabled()
