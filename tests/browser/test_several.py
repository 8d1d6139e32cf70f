"""Networks of several curves: of labels, or of several coordinates of z."""

import re
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import expect

from tests.browser import driving


def words_of(page: Any, chart: str) -> Any:
    return page.locator(f'canvas[data-chart="{chart}"]')


def test_labels_from_the_address(open_page: Any) -> None:
    """Each label has its curve of G and of D, and the distance under labels is a number."""
    page = open_page("#conditional=true")
    driving.wait_until_ready(page)
    driving.wait_for_config(page, "conditional", True)
    driving.step_to(page, 2)
    expect(words_of(page, "generator")).to_have_attribute(
        "aria-label",
        re.compile(
            r"conditional on a label, at step 2, .*for the label −2, from .*for the label 2, from .*ideal map\."
        ),
    )
    expect(words_of(page, "discriminator")).to_have_attribute(
        "aria-label", re.compile(r"conditional on a label, at step 2: for the label −2, .*; for the label 2, ")
    )
    expect(words_of(page, "noise")).to_have_attribute(
        "aria-label", re.compile(r"a label goes in with each z, one of −2, 2")
    )
    carried = page.locator(".carried", has_text="a label")
    expect(carried).to_have_text("z and a label", use_inner_text=True)
    expect(page.locator('[data-history="class_wasserstein1"]')).to_be_visible()
    assert float(driving.readouts(page)["class_wasserstein1"]) > 0
    expect(page.locator("#numbers-title .in-title")).to_be_hidden()


def test_coordinates_from_the_address(open_page: Any) -> None:
    """One curve along each, and the numbers are said to be estimates."""
    page = open_page("#latent.dimension=3")
    driving.wait_until_ready(page)
    driving.wait_for_config(page, "latent.dimension", 3)
    driving.step_to(page, 2)
    expect(words_of(page, "generator")).to_have_attribute(
        "aria-label", re.compile(r"at step 2 along each of 3 coordinates, the others at 0.*z₁, .*z₂, .*z₃, ")
    )
    expect(words_of(page, "noise")).to_have_attribute("aria-label", re.compile(r"each z has 3 such coordinates"))
    expect(page.locator("#numbers-title")).to_have_text(re.compile(r"How close\? sampled: 8\s191 fixed z"))
    expect(page.locator('[data-history="class_wasserstein1"]')).to_be_hidden()


def test_an_embedded_page_says_so_too(open_page: Any) -> None:
    page = open_page("?embed=1&controls=none#latent.dimension=2", viewport=(960, 540))
    driving.wait_until_ready(page)
    expect(page.locator(".sampled")).to_be_visible()
    expect(page.locator(".sampled")).to_have_text(re.compile(r"sampled: 8\s191 fixed z"))


def test_labels_switched_on_begin_again_and_follow_the_modes(page: Any) -> None:
    """With labels, each mode more or less rebuilds both networks, and the page keeps drawing."""
    driving.wait_until_ready(page)
    driving.step_to(page, 3)
    switch = driving.control(page, "conditional")
    driving.unfold(switch)
    switch.check()
    driving.wait_for_config(page, "conditional", True)
    page.wait_for_function(f"() => ({driving.COUNT})() === 0")
    driving.step_to(page, 2)
    page.locator('[data-history="class_wasserstein1"]').click()
    expect(page.locator(".distances figcaption b")).to_have_text("Under labels")
    page.locator("#play").click()
    driving.wait_for_step(page, 20)
    for labels in (3, 4):
        page.get_by_role("button", name="mode", exact=False).filter(has_text="+ mode").click()
        driving.wait_until(page, lambda labels=labels: len(driving.last_config(page)["target"]["modes"]) == labels)
        expect(words_of(page, "discriminator")).to_have_attribute(
            "aria-label", re.compile(rf"^([^;]*for the label[^;]*;?){{{labels}}}$")
        )
        before = driving.step_count(page)
        driving.wait_for_step(page, before + 5)
    page.locator("#play").click()
    switch.uncheck()
    driving.wait_for_config(page, "conditional", False)
    page.wait_for_function(f"() => ({driving.COUNT})() === 0")
    expect(page.locator('[data-history="class_wasserstein1"]')).to_be_hidden()
    expect(page.locator(".distances figcaption b")).to_have_text("Distance")
    driving.step_to(page, 1)
    expect(words_of(page, "generator")).to_have_attribute("aria-label", re.compile(r"^Generator G\(z\) at step 1: G\("))


def test_hovering_a_curve_highlights_its_label_in_both_networks(open_page: Any) -> None:
    page = open_page("#conditional=true")
    driving.wait_until_ready(page)
    driving.wait_for_config(page, "conditional", True)
    driving.step_to(page, 2)
    before = driving.pixels(page)
    words_of(page, "generator").hover()
    driving.let_frames_pass(page, 2)
    after = driving.pixels(page)
    for chart in ("generator", "noise", "discriminator", "data"):
        assert after[chart] != before[chart]
