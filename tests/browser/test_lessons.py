"""Lessons beside the stage: every page of every lesson, by mouse and by key, in every size."""

import re
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import expect

from gan1d.lessons.library import read_lessons
from tests.browser import driving
from tests.browser.running import run_server
from tests.browser.test_accessible import hindrances

LESSONS = read_lessons()
FIRST = next(lesson for lesson in LESSONS if not lesson.pages[0].inventory)


def wait_for_lesson(page: Any) -> None:
    driving.wait_until_ready(page)
    expect(page.locator("#lesson-title")).to_be_visible()
    driving.let_frames_pass(page, 2)


def test_a_first_visit_opens_the_first_page_and_a_later_one_what_was_chosen(open_page: Any) -> None:
    page = open_page(is_first=True, viewport=(1280, 720))
    wait_for_lesson(page)
    expect(page.locator("#lesson-title")).to_have_text(FIRST.pages[0].title)
    assert page.url.endswith(f"#lesson={FIRST.name}&page=1")
    page.get_by_role("button", name="Just let me play").click()
    expect(page.locator("#lesson")).to_be_hidden()
    expect(page.locator("canvas[data-chart=generator]")).to_be_visible()
    page.goto(page.url.partition("#")[0])
    driving.wait_until_ready(page)
    expect(page.locator("canvas[data-chart=generator]")).to_be_visible()
    assert page.locator("#lesson").count() == 0


@pytest.mark.parametrize("address", ["#preset=wgan", "?theme=dark", "?embed=1", "?view=lab", "#seed=3"])
def test_a_link_shows_what_it_says(open_page: Any, address: str) -> None:
    page = open_page(address, is_first=True)
    driving.wait_until_ready(page)
    expect(page.locator("canvas[data-chart=generator]")).to_be_visible()
    assert page.locator("#lesson").count() == 0


def show_all(page: Any) -> None:
    """Answer the questions of the page, and open the reveal and the solution."""
    page.evaluate(
        """() => {
            const lesson = document.querySelector('#lesson');
            for (const field of lesson.querySelectorAll('.choices')) field.querySelector('input').click();
            for (const name of ['.commit', '.reveal > button']) lesson.querySelector(name)?.click();
            for (const fold of lesson.querySelectorAll('.solution')) fold.open = true;
        }"""
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_every_page_of_a_lesson(open_page: Any, lesson: Any, scheme: str) -> None:
    """Next leads through all pages; each one has its title, its parts and its run, none scrolls sideways, and axe-core
    finds nothing."""
    page = open_page(f"?theme={scheme}#lesson={lesson.name}&page=1", viewport=(1280, 720))
    wait_for_lesson(page)
    for number, each in enumerate(lesson.pages, 1):
        expect(page.locator("#lesson-title")).to_have_text(each.title)
        assert page.url.endswith(f"#lesson={lesson.name}&page={number}")
        assert page.locator("fieldset.choices").count() == bool(each.question) + 6 * bool(each.inventory)
        assert page.locator("#lesson article > .lesson-body > .waiting").count() == bool(each.waiting)
        assert page.locator(".task").count() == bool(each.task)
        if each.experiment:
            page.wait_for_function(f"step => ({driving.COUNT})() >= step", arg=each.experiment.step)
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        smallest = page.evaluate(
            """() => Math.min(...[...document.querySelectorAll('#lesson *')].filter(node => node.checkVisibility()
                && [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim())
                && !node.closest('math')).map(node => parseFloat(getComputedStyle(node).fontSize)))"""
        )
        assert smallest >= 14
        assert hindrances(page) == []
        show_all(page)
        assert hindrances(page, "#lesson") == []
        if number < len(lesson.pages):
            page.get_by_role("button", name="Next", exact=True).click()
    expect(page.locator("#notice")).to_be_hidden()


def test_predict_play_and_see(open_page: Any) -> None:
    number, each = next((n, p) for n, p in enumerate(FIRST.pages, 1) if p.question and p.waiting)
    page = open_page(f"#lesson={FIRST.name}&page={number}", viewport=(1280, 720))
    wait_for_lesson(page)
    waiting = page.locator(".lesson-body > .waiting")
    expect(waiting).to_have_text(f"Waiting for: {each.waiting.words}")
    page.get_by_role("button", name="This is my prediction").click()
    expect(page.get_by_text("Choose an answer first.")).to_be_visible()
    page.get_by_role("radio").nth(each.question.right).check()
    page.get_by_role("button", name="This is my prediction").click()
    expect(page.get_by_text("Noted. Now press Play and watch.")).to_be_focused()
    expect(page.get_by_role("radio").first).to_be_disabled()
    expect(page.locator(".verdict")).to_have_count(0)
    page.get_by_role("button", name="Play", exact=True).click()
    expect(waiting).to_have_text(re.compile(rf"^Done at step \d+: {re.escape(each.waiting.words)}$"))
    expect(page.locator(".verdict")).to_contain_text("You predicted it")
    page.reload()
    wait_for_lesson(page)
    expect(waiting).to_have_text(re.compile("^Done at step"))
    expect(page.get_by_role("radio").nth(each.question.right)).to_be_checked()
    page.get_by_text("Lessons", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save my answers as CSV").click()
    rows = download.value.path().read_text("utf-8").splitlines()
    assert rows[0].startswith("when,lesson,page,question")
    assert f",{FIRST.name},{number},{each.question.name}," in rows[1]


def test_a_page_shows_a_game_in_the_place_of_the_run(open_page: Any) -> None:
    """A link opens it, it waits for what the game shows, its task has the game's controls, and the game
    goes on elsewhere."""
    lesson, number, each = next(
        (lesson, n, p) for lesson in LESSONS for n, p in enumerate(lesson.pages, 1) if p.game and p.waiting
    )
    page = open_page(f"#lesson={lesson.name}&page={number}", viewport=(1280, 720))
    wait_for_lesson(page)
    expect(page.locator("canvas[data-chart=game-plane]")).to_be_visible()
    expect(page.locator("canvas[data-chart=overview]")).to_be_hidden()
    waiting = page.locator(".lesson-body > .waiting")
    expect(waiting).to_have_text(f"Waiting for: {each.waiting.words}")
    page.keyboard.press(".")
    driving.wait_for_step(page, 1)
    page.keyboard.press("End")
    expect(waiting).to_have_text(re.compile(rf"^Done at step \d+: {re.escape(each.waiting.words)}$"))
    assert page.url.endswith(f"#lesson={lesson.name}&page={number}")

    page.get_by_role("button", name="Games", exact=True).click()
    page.wait_for_url("**/?view=games#**" if each.game.preset != "spiral_out" else "**/?view=games")
    expect(page.locator(".game-near").first).to_be_visible()
    reached = driving.step_count(page)
    assert reached >= 1
    page.get_by_role("button", name="Learn", exact=True).click()
    expect(page.locator("#lesson-title")).to_have_text(each.title)
    assert driving.step_count(page) == reached

    number, task = next((n, p.task) for n, p in enumerate(lesson.pages, 1) if p.task and p.task.waiting)
    page.goto(f"{page.url.partition('?')[0].partition('#')[0]}#lesson={lesson.name}&page={number}")
    expect(page.locator(f'.lesson-knobs .control[data-path="{task.knobs[0]}"]')).to_be_visible()
    page.locator(".solution summary").click()
    page.get_by_role("button", name="Set it for me").click()
    path, value = next(iter(task.solution.items()))
    field = page.locator(f'.lesson-knobs .control[data-path="{path}"] .control-value').first
    expect(field).to_have_value(re.compile(rf"^{value:g}$"))
    page.keyboard.press("Escape")
    page.locator("#lesson-title").focus()
    page.keyboard.press("End")
    expect(page.locator(".task .waiting")).to_have_text(re.compile("^Done at step"))
    page.get_by_role("button", name="Lab", exact=True).click()
    expect(page.locator("canvas[data-chart=generator]")).to_be_visible()
    expect(page.locator("#games")).to_be_hidden()


def test_the_keyboard_alone_reads_a_lesson(open_page: Any) -> None:
    page = open_page(f"#lesson={FIRST.name}&page=1", viewport=(1280, 720))
    wait_for_lesson(page)
    page.get_by_role("button", name="Next", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#lesson-title")).to_have_text(FIRST.pages[1].title)
    assert page.evaluate("document.activeElement.id") == "lesson-title"
    page.keyboard.press(".")
    driving.wait_for_step(page, 1)
    page.go_back()
    expect(page.locator("#lesson-title")).to_have_text(FIRST.pages[0].title)


def test_an_answer_without_a_run_leads_to_its_reveal(open_page: Any) -> None:
    number = next(n for n, p in enumerate(FIRST.pages, 1) if p.question and not p.waiting)
    page = open_page(f"#lesson={FIRST.name}&page={number}", viewport=(1280, 720))
    wait_for_lesson(page)
    page.get_by_role("radio").first.press("Space")
    page.get_by_role("button", name="This is my prediction").press("Enter")
    expect(page.locator(".reveal")).to_be_focused()
    expect(page.locator(".verdict")).to_be_visible()
    expect(page.locator(".question .quiet-line")).to_have_text("")


def test_on_a_phone_a_page_begins_at_its_top_with_its_charts_and_its_formulas(open_page: Any) -> None:
    lesson, number = next(
        (each, n) for each in LESSONS for n, p in enumerate(each.pages, 1) if "losses" in p.lit and n > 1
    )
    page = open_page(f"#lesson={lesson.name}&page={number - 1}", viewport=(390, 844), has_touch=True, is_mobile=True)
    wait_for_lesson(page)
    expect(page.locator("canvas[data-chart=losses]")).to_be_hidden()
    next_page = page.get_by_role("button", name="Next", exact=True)
    next_page.focus()
    expect(page.locator("#lesson-title")).not_to_be_in_viewport()
    next_page.press("Enter")
    expect(page.locator("#lesson-title")).to_have_text(lesson.pages[number - 1].title)
    expect(page.locator("#lesson-title")).to_be_in_viewport()
    is_free = """title => {
        const { x, y } = title.getBoundingClientRect();
        return document.elementFromPoint(x + 5, y + 5) === title;
    }"""
    assert page.locator("#lesson-title").evaluate(is_free)
    expect(page.locator("canvas[data-chart=losses]")).to_be_in_viewport()


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(("size", "how"), [((390, 844), ""), ((960, 540), "embed=1&"), ((900, 700), "")])
def test_every_formula_fits_its_column(open_page: Any, size: tuple[int, int], how: str, language: str) -> None:
    """On a phone, in a slide, and beside the picture of a small window."""
    is_phone = size[0] < 400
    address = f"?{how}lang={language}#lesson={FIRST.name}&page=1"
    page = open_page(address, viewport=size, has_touch=is_phone, is_mobile=is_phone)
    wait_for_lesson(page)
    pages = [each for lesson in read_lessons(language) for each in lesson.pages]
    texts = [("prose", each.text) for each in pages]
    texts += [("reveal", each.question.reveal if each.question else each.reveal) for each in pages]
    html = "".join(
        f'<div class="{kind}"><div class="prose" translate="no">{part}</div></div>'
        for kind, part in texts
        if "<math" in part
    )
    page.locator(".lesson-body").evaluate("(body, html) => (body.innerHTML = html)", html)
    driving.let_frames_pass(page, 4)
    cut = """() => [...document.querySelectorAll('.lesson-body math')]
        .filter(one => one.getBoundingClientRect().right > innerWidth
            || (one.matches('[display=block]') && one.scrollWidth > one.clientWidth))
        .map(one => `${one.dataset.latex} ${one.scrollWidth} ${one.clientWidth}`)"""
    assert page.evaluate("document.querySelectorAll('math[display=block]').length") > 30
    assert page.evaluate(cut) == []


def test_the_run_goes_on_between_the_views(open_page: Any) -> None:
    page = open_page("#seed=5", viewport=(1280, 720))
    driving.wait_until_ready(page)
    driving.step_to(page, 2)
    page.get_by_role("button", name="Learn", exact=True).click()
    wait_for_lesson(page)
    assert driving.step_count(page) == 2
    page.get_by_role("button", name="Lab", exact=True).click()
    expect(page.locator("#lesson")).to_be_hidden()
    assert driving.step_count(page) == 2
    page.wait_for_function("() => location.hash === '#seed=5'")


def test_a_part_is_lit_alone(open_page: Any) -> None:
    page = open_page(f"?theme=light#lesson={FIRST.name}&page=1", viewport=(1280, 720))
    wait_for_lesson(page)
    light = page.locator("button.lights").first
    expect(light).to_have_attribute("aria-pressed", "false")
    before = driving.pixels(page)["overview"]
    page.get_by_role("button", name="Next", exact=True).click()
    driving.let_frames_pass(page, 3)
    assert driving.pixels(page)["overview"] != before


def test_the_controls_of_a_task_stand_beside_it(open_page: Any) -> None:
    lesson, number, task = next(
        (lesson, n, p.task) for lesson in LESSONS for n, p in enumerate(lesson.pages, 1) if p.task and p.task.knobs
    )
    page = open_page(f"#lesson={lesson.name}&page={number}", viewport=(1280, 720))
    wait_for_lesson(page)
    for path in task.knobs:
        expect(page.locator(f'.lesson-knobs .control[data-path="{path}"]')).to_be_visible()
    page.locator(".solution summary").click()
    page.get_by_role("button", name="Set it for me").click()
    path, value = next(iter(task.solution.items()))
    field = page.locator(f'.lesson-knobs .control[data-path="{path}"] .control-value').first
    expect(field).to_have_value(str(value))
    page.get_by_role("button", name="Lab", exact=True).click()
    expect(page.locator(f'details.knobs .control[data-path="{path}"]')).to_have_count(1)


def test_a_link_to_a_task_shows_its_controls(open_page: Any) -> None:
    """Also where the page's run has another kind of data, whose controls are made when it begins."""
    lesson, number, task = next(
        (lesson, n, p.task)
        for lesson in LESSONS
        for n, p in enumerate(lesson.pages, 1)
        if p.task and "target.values" in p.task.knobs
    )
    page = open_page(f"#lesson={lesson.name}&page={number}", viewport=(1280, 720))
    wait_for_lesson(page)
    for path in task.knobs:
        expect(page.locator(f'.lesson-knobs .control[data-path="{path}"]')).to_be_visible()


@pytest.mark.parametrize(("size", "how"), [((1280, 720), ""), ((390, 844), ""), ((960, 540), "?embed=1")])
def test_a_new_seed_is_within_reach_where_a_page_asks_for_one(open_page: Any, size: tuple[int, int], how: str) -> None:
    lesson, number = next(
        (each, n) for each in LESSONS for n, p in enumerate(each.pages, 1) if p.task and "New seed" in p.task.text
    )
    page = open_page(f"{how}#lesson={lesson.name}&page={number}", viewport=size)
    wait_for_lesson(page)
    if size[0] < 400:
        page.locator(".pace > summary").click()
    before = driving.last_config(page)["seed"]
    page.get_by_role("button", name="New seed", exact=True).click()
    driving.wait_until(page, lambda: driving.last_config(page)["seed"] != before)


@pytest.mark.parametrize("address", ["", "?scale=1.5"])
@pytest.mark.parametrize("width", [900, 960, 1024, 1280])
def test_no_chart_lies_on_another(open_page: Any, width: int, address: str) -> None:
    page = open_page(f"{address}#lesson={FIRST.name}&page=5", viewport=(width, 720))
    wait_for_lesson(page)
    boxes = page.evaluate(
        """() => [...document.querySelectorAll('#stage > .part')].filter(part => part.checkVisibility())
            .map(part => part.getBoundingClientRect())
            .map(({left, top, right, bottom}) => [left, top, right, bottom])"""
    )
    overlaps = [
        (one, other)
        for i, one in enumerate(boxes)
        for other in boxes[:i]
        if min(one[2], other[2]) - max(one[0], other[0]) > 1 and min(one[3], other[3]) - max(one[1], other[1]) > 1
    ]
    assert len(boxes) >= 2
    assert overlaps == []


@pytest.mark.parametrize("width", [320, 390, 768, 1280, 1920])
def test_no_width_scrolls_sideways_in_a_lesson(open_page: Any, width: int) -> None:
    page = open_page(f"#lesson={FIRST.name}&page=2", viewport=(width, 844))
    wait_for_lesson(page)
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    expect(page.locator("#play")).to_be_in_viewport()
    expect(page.locator("canvas[data-chart=overview]")).to_be_in_viewport()


@pytest.mark.parametrize("width", [1000, 1280, 1920])
def test_a_long_sentence_of_the_diagnosis_stands_beside_its_chip(open_page: Any, width: int) -> None:
    page = open_page(f"#lesson={FIRST.name}&page=2", viewport=(width, 720))
    wait_for_lesson(page)
    page.evaluate("document.querySelector('.diagnosis-line').textContent = 'A sentence of six words. '.repeat(12)")
    chip, sentence, views = (
        page.locator(f".words > .{name}").bounding_box() for name in ("diagnosis", "diagnosis-line", "views")
    )
    assert chip["x"] + chip["width"] <= sentence["x"]
    assert sentence["x"] + sentence["width"] <= views["x"]


def test_a_lesson_in_a_slide(open_page: Any) -> None:
    page = open_page(f"?embed=1#lesson={FIRST.name}&page=3", viewport=(960, 540))
    wait_for_lesson(page)
    assert page.evaluate("document.documentElement.scrollHeight <= document.documentElement.clientHeight")
    picture = page.locator("canvas[data-chart=overview]").bounding_box()
    assert picture["width"] > 500
    assert picture["height"] > 250
    for chart in ("losses", "distances"):
        page.evaluate("part => (document.documentElement.dataset.lit = part)", chart)
        expect(page.locator(f"canvas[data-chart={chart}]")).to_be_visible()


def test_a_lesson_that_is_not_there(open_page: Any) -> None:
    page = open_page("#lesson=no-such&page=9")
    wait_for_lesson(page)
    expect(page.locator("#notice")).to_contain_text("There is no lesson “no-such”")
    expect(page.locator("#lesson-title")).to_have_text(FIRST.pages[0].title)


def test_a_server_with_an_experiment_of_its_own_begins_in_the_lab(chromium: Any) -> None:
    with run_server("--preset", "wgan") as address, chromium.new_context() as context:
        page = context.new_page()
        page.goto(address)
        driving.wait_until_ready(page)
        expect(page.locator("canvas[data-chart=generator]")).to_be_visible()
        expect(page.locator("#preset")).to_have_value("wgan")
