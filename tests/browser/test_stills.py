"""Pictures of the present step: a PNG with two device pixels to a CSS pixel, and an SVG with real text."""

import re
import struct
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import expect

from tests.browser import driving

SVG = "{http://www.w3.org/2000/svg}"


def save(page: Any, kind: str, path: Path) -> str:
    with page.expect_download() as download:
        page.get_by_role("button", name=kind, exact=True).click()
    download.value.save_as(path)
    return str(download.value.suggested_filename)


def test_a_step_is_saved_as_png_and_svg(open_page: Any, tmp_path: Path) -> None:
    page = open_page("#seed=3", accept_downloads=True)
    driving.wait_until_ready(page)
    driving.step_to(page, 2)
    before = driving.state(page)
    page.locator("#share").click()
    png, svg = tmp_path / "still.png", tmp_path / "still.svg"
    assert save(page, "PNG", png) == "gan1d-default-2.png"
    assert struct.unpack(">II", png.read_bytes()[16:24]) == (2560, 1600)
    assert save(page, "SVG", svg) == "gan1d-default-2.svg"
    expect(page.locator("#share-dialog")).to_contain_text("gan1d-default-2.svg: saved.")
    words = [element.text for element in ElementTree.parse(svg).iter(f"{SVG}text")]
    assert {"Two modes", "step 2   seed 3", "G*", "D*", "Wasserstein"} <= set(words)
    assert before[1]["wasserstein1"] in words
    assert any(word and word.endswith("#seed=3") for word in words)
    assert driving.state(page) == before


def test_a_still_for_print_is_white_in_the_dark_theme(open_page: Any, tmp_path: Path) -> None:
    page = open_page("?theme=dark", accept_downloads=True)
    driving.wait_until_ready(page)
    page.locator("#share").click()
    colors = {}
    for is_printed in (False, True):
        page.locator("#still-printed").set_checked(is_printed)
        save(page, "SVG", tmp_path / "still.svg")
        found = re.search(r'<path d="M0 0h1280v800[^>]*fill="([^"]+)"', (tmp_path / "still.svg").read_text("utf-8"))
        assert found is not None
        colors[is_printed] = found[1]
    assert colors == {False: "rgb(15, 17, 23)", True: "rgb(255, 255, 255)"}
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
