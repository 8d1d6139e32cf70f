"""The chip says what is happening, in the server's words, wherever the page is shown."""

from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import expect

from gan1d.diagnosis.kinds import KINDS
from tests.browser import driving


def run_to(page: Any, step: int) -> None:
    """As fast as it goes; driven by the page's own controls where there are any."""
    driving.wait_until_ready(page)
    page.locator("#speed").evaluate(
        "range => { range.value = range.max; range.dispatchEvent(new Event('input', { bubbles: true })); }"
    )
    page.locator("#play").evaluate("button => button.click()")
    driving.wait_for_step(page, step)
    page.locator("#play").evaluate("button => button.click()")
    driving.let_frames_pass(page, 5)


def test_a_collapse_is_said_where_it_happens(open_page: Any) -> None:
    page = open_page("#preset=mode_collapse")
    driving.wait_until_ready(page)
    chip = page.locator("#diagnosis-chip")
    expect(chip).to_have_text("Untrained")
    run_to(page, 600)
    expect(chip).to_have_text("Mode collapse")
    expect(page.locator(".diagnosis-line")).to_contain_text(
        "of the fakes sit on the mode at 3; the one at −3 gets none"
    )
    expect(page.locator("#diagnosis-spoken")).to_contain_text("Mode collapse: ")
    chip.click()
    expect(page.locator("#diagnosis-help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#diagnosis-help")).to_be_hidden()
    driving.reset(page)
    expect(chip).to_have_text("Untrained")


@pytest.mark.parametrize("width", [768, 1280, 1920])
@pytest.mark.parametrize("lang", ["en", "de"])
def test_on_the_stage_the_whole_sentence_is_read(open_page: Any, lang: str, width: int) -> None:
    page = open_page(f"?view=stage&lang={lang}#preset=mode_collapse", viewport=(width, 1000))
    run_to(page, 200)
    line, whole = page.locator(".diagnosis-line"), page.locator(".diagnosis-words [data-diagnosis]")
    assert line.text_content() == whole.text_content()
    assert len(line.text_content()) > 120
    assert line.evaluate("node => node.scrollHeight <= node.clientHeight")


@pytest.mark.parametrize("width", [360, 390])
@pytest.mark.parametrize("query", ["view=lab", "view=stage", "view=learn", "view=lab&lang=de", "view=learn&lang=de"])
def test_on_a_phone_the_name_of_every_diagnosis_is_whole(open_page: Any, query: str, width: int) -> None:
    page = open_page(f"?{query}", viewport=(width, 844))
    driving.wait_until_ready(page)
    chip, views = page.locator("#diagnosis-chip"), page.locator(".views")
    before = (views.bounding_box(), page.locator("canvas:visible").first.bounding_box())
    fits = "node => node.scrollWidth <= node.clientWidth && node.scrollHeight <= node.clientHeight + 1"
    for kind in KINDS:
        chip.evaluate("(node, label) => (node.textContent = label)", kind.label)
        driving.let_frames_pass(page, 1)
        assert chip.evaluate(fits), kind
        assert (views.bounding_box(), page.locator("canvas:visible").first.bounding_box()) == before


@pytest.mark.parametrize("query", ["view=learn", "view=learn&lang=de", "view=lab&lang=de"])
def test_a_line_without_room_has_whole_sentences(open_page: Any, query: str) -> None:
    """An earlier step is explained at length, and beside a lesson there is little room."""
    page = open_page(f"?{query}#preset=strong_discriminator", viewport=(1280, 720))
    run_to(page, 120)
    page.locator("canvas[data-chart=losses]").press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#look-back")).to_be_attached()
    driving.let_frames_pass(page, 5)
    line, whole = page.locator(".diagnosis-line"), page.locator(".diagnosis-words [data-diagnosis]")
    assert whole.text_content().startswith(line.text_content())
    assert line.text_content().endswith((".", "!", "?"))
    assert line.evaluate("node => node.scrollHeight <= node.clientHeight + 1")


@pytest.mark.parametrize("controls", ["full", "mini", "none"])
def test_an_embedded_page_has_the_chip_and_covers_nothing(open_page: Any, controls: str) -> None:
    page = open_page(f"?embed=1&controls={controls}#preset=mode_collapse", viewport=(960, 540))
    run_to(page, 600)
    expect(page.locator("#diagnosis-chip")).to_be_visible()
    expect(page.locator("#diagnosis-chip")).to_have_text("Mode collapse")
    assert page.evaluate("document.documentElement.scrollHeight <= document.documentElement.clientHeight")
    covered = page.evaluate(
        """() => {
            const chip = document.querySelector('#diagnosis-chip').getBoundingClientRect();
            const meets = ({ left, right, top, bottom }) =>
                left < chip.right && right > chip.left && top < chip.bottom && bottom > chip.top;
            return [...document.querySelectorAll('button, input, output, canvas, dd, figcaption')]
                .filter(node => node.checkVisibility() && meets(node.getBoundingClientRect()))
                .map(node => node.outerHTML);
        }"""
    )
    assert covered == []
