"""The page in German: chosen by the link or the browser, whole in Learn and on the stage, and fitting everywhere."""

import re
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import expect

from gan1d.lessons.library import read_lessons
from tests.browser import driving
from tests.browser.test_accessible import hindrances
from tests.browser.test_legible import CUT_MENUS, CUT_WORDS
from tests.browser.test_lessons import wait_for_lesson

FIRST = read_lessons("de")[1]
ENGLISH = re.compile(r"\b(the|of|and|with|from|each|is|are|to|step|waiting|noise|real)\b")
"""Words that no German text has."""
READ = """() => [...document.querySelectorAll('body, [title], [aria-label], [placeholder]')]
    .filter(node => node.checkVisibility() && !node.closest('[translate=no]'))
    .flatMap(node => node === document.body ? node.innerText.split('\\n')
        : ['title', 'aria-label', 'placeholder'].map(name => node.getAttribute(name) ?? ''))"""
CANVAS = """(() => {
    const draw = CanvasRenderingContext2D.prototype.fillText;
    window.drawn = new Set();
    CanvasRenderingContext2D.prototype.fillText = function (words, ...rest) {
        window.drawn.add(words);
        return draw.call(this, words, ...rest);
    };
})()"""


def english_of(page: Any) -> list[str]:
    """Texts of the page, seen or heard, that are English."""
    texts = [*page.evaluate(READ), *page.evaluate("[...window.drawn]")]
    return sorted({text for text in texts if ENGLISH.search(text)})


def check_fit(page: Any) -> None:
    """Nothing is wider than the window, and axe-core finds nothing."""
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert [words for words in page.evaluate(CUT_WORDS) if not words.startswith("unseen")] == []
    assert page.evaluate(CUT_MENUS) == []
    assert hindrances(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
def test_learn_stage_and_lab_are_german(open_page: Any, size: tuple[int, int], scheme: str) -> None:
    page = open_page("?view=lab", viewport=size, color_scheme=scheme)
    page.add_init_script(CANVAS)
    page.goto(page.url.partition("?")[0] + f"?lang=de#lesson={FIRST.name}&page=4")
    wait_for_lesson(page)
    page.evaluate("window.drawn.clear()")
    assert page.evaluate("document.documentElement.lang") == "de"
    expect(page.locator("#lesson-title")).to_have_text(FIRST.pages[3].title)
    expect(page.locator("#play")).to_have_text("Start")
    page.locator("#play").evaluate("button => button.click()")
    driving.wait_for_step(page, 40)
    page.locator("#play").evaluate("button => button.click()")
    expect(page.locator(".lesson-body > .waiting")).to_contain_text("beide Moden haben Fakes")
    check_fit(page)
    assert english_of(page) == []
    for view in ("Bühne", "Labor"):
        page.get_by_role("button", name=view, exact=True).click()
        driving.let_frames_pass(page, 3)
        check_fit(page)
        assert view == "Labor" or english_of(page) == []
    expect(page.locator(".part.data figcaption")).to_contain_text("echt und Fake auf einer Achse")


def test_the_language_is_that_of_the_browser_and_can_be_changed(open_page: Any) -> None:
    page = open_page("#seed=5", locale="de-AT")
    driving.wait_until_ready(page)
    expect(page.locator("#reset")).to_have_text("Von vorn")
    page.locator("#help").click()
    page.get_by_role("link", name="English").click()
    driving.wait_until_ready(page)
    expect(page.locator("#reset")).to_have_text("Reset")
    assert "lang=en" in page.url
    assert page.url.endswith("#seed=5")
    page.locator("#share").click()
    expect(page.locator("#share-link")).to_have_value(re.compile("lang=en.*#seed=5"))


def test_another_language_of_the_browser_is_answered_in_english(open_page: Any) -> None:
    page = open_page(locale="fr-FR")
    driving.wait_until_ready(page)
    expect(page.locator("#reset")).to_have_text("Reset")
    assert page.evaluate("document.documentElement.lang") == "en"


def test_a_term_of_a_lesson_opens_its_entry_of_the_glossary(open_page: Any) -> None:
    page = open_page(f"?lang=de#lesson={FIRST.name}&page=2", viewport=(1280, 720))
    wait_for_lesson(page)
    term, tip = page.get_by_role("button", name="Rauschen", exact=True), page.locator("#tip")
    term.hover()
    expect(tip).to_contain_text("Die zufällige Eingabe des Generators.")
    page.locator("#lesson-title").hover()
    expect(tip).to_be_hidden()
    page.locator("#lesson-title").focus()
    while not page.evaluate("document.activeElement.matches('[data-terms=z]')"):
        page.keyboard.press("Tab")
    expect(tip).to_be_visible()
    expect(term).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
