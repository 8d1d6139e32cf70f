"""The map of a sweep: it fills while the sweep runs, opens its runs in the lab, and is a file of its own."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import expect

from gan1d import Config
from gan1d.cli import commands
from gan1d.sweeps.grid import sweep_of
from tests.browser import driving
from tests.browser.running import run_map
from tests.browser.test_accessible import hindrances
from tests.browser.test_languages import CANVAS, english_of
from tests.maps.sweeps import SPACE, block_of_runs, write_results

PLANE = sweep_of(
    Config().with_changes([("batch_size", 8), ("generator.hidden", [4]), ("discriminator.hidden", [4])]),
    {"generator.optimizer.learning_rate": [0.001, 0.01, 0.1], "loss": ["non_saturating", "hinge"]},
    seeds=2,
    steps=120,
)
FIRST = block_of_runs(PLANE, (0, 0), "converged", "mode_collapse", steps=120)
SECOND = block_of_runs(PLANE, (1, 0), "mode_collapse", "mode_collapse", steps=120)
THIRD = block_of_runs(PLANE, (1, 1), "diverged", "diverged", steps=75, error=None)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    write_results(tmp_path / "r.ndjson", PLANE, FIRST)
    return tmp_path / "r.ndjson"


def open_map(open_page: Callable[..., Any], address: str, **options: Any) -> Any:
    page = open_page(address, allowed=address, **options)
    expect(page.locator("#map")).to_be_visible()
    driving.let_frames_pass(page, 3)
    return page


def map_file(file: Path) -> str:
    out = file.with_suffix(".html")
    assert commands.main(["map", str(file), "--out", str(out)]) == commands.SUCCESS
    return out.as_uri()


def test_what_an_address_names_in_vain_is_said_until_another_view_is_chosen(
    open_page: Callable[..., Any], file: Path
) -> None:
    with run_map(file) as server:
        page = open_map(open_page, f"{server}map#by=beauty&cell=1")
        notice = page.locator("#map-notice")
        expect(notice).to_have_text("This map has no by=beauty, so the address was not followed there.")
        page.locator("#map-by").select_option("error")
        expect(notice).to_be_hidden()
        assert page.evaluate("location.hash") == "#by=error&cell=1"


def test_it_fills_while_the_sweep_runs_and_opens_a_run_where_it_was_judged(
    open_page: Callable[..., Any], file: Path
) -> None:
    with run_map(file) as server:
        page = open_map(open_page, f"{server}map")
        expect(page.locator("#map-progress")).to_have_text("2 of 12 runs have ended: 17\u2009%.")
        write_results(file, PLANE, SECOND, THIRD)
        expect(page.locator("#map-progress")).to_have_text("6 of 12 runs have ended: 50\u2009%.")
        expect(page.locator("#map")).to_have_attribute(
            "aria-label", re.compile("Mode collapse 3, Diverged 2, Converged 1")
        )

        # Rows of words are read from above: the tile on the right of the middle, in the lower row.
        canvas = page.locator("#map")
        canvas.focus()
        for key in ("ArrowDown", "ArrowRight", "ArrowDown"):
            page.keyboard.press(key)
        expect(page.locator("#map-spoken")).to_have_text("G learning rate 0.01, loss hinge. Diverged 2")
        page.keyboard.press(" ")
        for key in ("ArrowUp", " "):
            page.keyboard.press(key)
        expect(page.locator(".map-runs a")).to_have_count(2)
        page.wait_for_url("**/map#cell=2")
        page.reload()
        expect(page.locator(".map-runs a")).to_have_count(2)
        page.locator("#map").focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press(" ")
        page.keyboard.press("ArrowUp")
        with page.context.expect_page() as opened:
            page.keyboard.press("Enter")
        lab = opened.value
        driving.wait_until_ready(lab)
        driving.wait_for_step(lab, 120)
        assert driving.step_count(lab) == 120
        expect(lab.locator("#seed")).to_have_value("1000000")
        rate = lab.locator("input[type=text][name='generator.optimizer.learning_rate']")
        expect(rate).to_have_value("0.01")
        lab.close()

        with page.context.expect_page() as opened:
            page.get_by_role("link", name="Compare").click()
        lab = opened.value
        driving.wait_for_step(lab, 120)
        expect(lab.locator("#compare-line")).to_contain_text("hinge")
        # It would go on asking a server that is gone.
        page.close()


def test_a_click_shows_the_runs_of_a_tile_and_the_second_opens_one(open_page: Callable[..., Any], file: Path) -> None:
    write_results(file, PLANE, SECOND, THIRD)
    page = open_map(open_page, map_file(file))
    box = page.locator("#map").bounding_box()
    place = {"x": box["width"] * 0.5, "y": box["height"] * 0.3}
    page.locator("#map").click(position=place)
    expect(page.locator(".map-settings")).to_contain_text("0.01")
    links = page.locator(".map-runs a")
    assert [link.get_attribute("aria-label") for link in links.all()] == [
        f"Seed {seed}: Mode collapse at step 120" for seed in (1_000_000, 1_000_001)
    ]
    href = links.nth(1).get_attribute("href")
    assert href.startswith("http://127.0.0.1:8765/#preset=")
    assert "seed=1000001" in href
    assert href.endswith("&at=120")
    opened: list[str] = []
    page.expose_function("opened", lambda address: opened.append(address))
    page.evaluate("() => { window.open = address => void opened(address); }")
    page.locator("#map").click(position=place)
    driving.let_frames_pass(page, 2)
    assert [("seed=1000000" in address) for address in opened] == [True]

    page.get_by_role("button", name="Turn axes").click()
    expect(page.locator("#map")).to_have_attribute("aria-label", re.compile("^Map of loss by G learning rate"))
    expect(links).to_have_count(2)

    page.locator("#map-by").select_option("error")
    expect(page.locator(".map-legend")).to_contain_text("diverged: at least half of the runs")
    page.locator(".map-table summary").click()
    expect(page.locator("#map-table tbody tr").nth(3)).to_contain_text("diverged")
    page.evaluate("() => { window.table = document.querySelector('#map-table table'); }")
    page.locator("#map").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".map-settings")).to_contain_text("hinge")
    assert page.evaluate("window.table.isConnected"), "the table does not change with the tile"
    page.locator("#map-by").select_option("outcome")
    expect(page.locator("#map-table thead")).to_contain_text("Diverged")
    page.get_by_role("button", name="Turn axes").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save SVG").click()
    svg = ElementTree.parse(download.value.path()).getroot()
    texts = [node.text for node in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert "G learning rate (log) →" in texts


@pytest.mark.parametrize(("viewport", "scheme"), [((1280, 720), "light"), ((960, 540), "dark"), ((390, 844), "light")])
def test_it_is_whole_and_accessible_in_every_size(
    open_page: Callable[..., Any], tmp_path: Path, viewport: tuple[int, int], scheme: str
) -> None:
    file = tmp_path / "r.ndjson"
    write_results(file, SPACE, block_of_runs(SPACE, (0, 0, 0), "converged", "suspected_mode_collapse", steps=50))
    # The checks are a script, which the policy of a file forbids; a test may set that aside.
    page = open_map(open_page, map_file(file), viewport=viewport, color_scheme=scheme, bypass_csp=True)
    page.locator("#map").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("PageUp")
    expect(page.locator("#map-slice-value")).to_have_text("hinge")
    page.keyboard.press("PageDown")
    expect(page.locator("#map-slice-value")).to_have_text("minimax")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".map-table summary").click()
    assert hindrances(page) == []


def test_a_file_that_is_no_map_is_said_on_the_page(open_page: Callable[..., Any], file: Path) -> None:
    with run_map(file) as server:
        page = open_map(open_page, f"{server}map")
        file.write_bytes(b"")
        expect(page.locator("#map-notice")).to_have_text(f'Expected results of a sweep, but "{file}" is empty.')
        write_results(file, PLANE, SECOND)
        expect(page.locator("#map-notice")).to_be_hidden()
        expect(page.locator("#map-progress")).to_contain_text("2 of 12 runs")
        # A browser counts an answer with an error as one of its own.
        page.wire.faults.clear()
        page.close()


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
def test_the_map_is_german_as_a_page_and_as_a_file(
    open_page: Callable[..., Any], tmp_path: Path, size: tuple[int, int]
) -> None:
    file = tmp_path / "r.ndjson"
    write_results(file, SPACE, block_of_runs(SPACE, (0, 0, 0), "converged", "suspected_mode_collapse", steps=50))
    with run_map(file) as server:
        for address, options in ((f"{server}map?lang=de", {}), (map_file(file), {"locale": "de-AT"})):
            page = open_map(open_page, address, viewport=size, bypass_csp=True, **options)
            page.add_init_script(CANVAS)
            page.reload()
            expect(page.locator("#map-progress")).to_have_text("2 von 16 Läufen sind zu Ende: 13\u2009%.")
            page.locator("#map").focus()
            page.keyboard.press("ArrowRight")
            page.keyboard.press(" ")
            page.locator(".map-table summary").click()
            expect(page.locator("#map-spoken")).to_have_text(
                "Batchgröße 8, γ 0.1, Verlust Minimax. Konvergiert 1, Verdacht: Modenkollaps 1"
            )
            for by in ("error", "outcome"):
                page.locator("#map-by").select_option(by)
                driving.let_frames_pass(page, 3)
                assert english_of(page) == []
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert hindrances(page) == []
            side, links = (page.locator(name).bounding_box() for name in (".map-side", ".languages"))
            assert links["x"] + links["width"] <= max(side["x"], size[0] if size[0] < 500 else 0), "below the map"
            assert page.evaluate("[...window.drawn].some(words => words.startsWith('Batchgröße'))")
            href = page.locator(".map-open").get_attribute("href")
            assert ("lang=de" in href) == address.startswith(server), "the lab is in the language of the map"
            page.get_by_role("link", name="English").click()
            expect(page.locator("#map-progress")).to_have_text("2 of 16 runs have ended: 13\u2009%.")
            assert "lang=en" in page.url
            page.close()
