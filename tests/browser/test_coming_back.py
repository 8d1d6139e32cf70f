"""A reload, Back and Forward, a server that is started again, and a server that began with numbers of a file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import expect

from gan1d.server.serving import outward_address
from tests.browser import driving
from tests.browser.conftest import Watch
from tests.browser.running import run_server

WITHOUT_STORAGE = """
    Object.defineProperty(window, "sessionStorage", { get() { throw new DOMException("denied", "SecurityError"); } });
"""


def choose(page: Any, preset: str) -> None:
    """Choose a preset in the menu, and wait until it is in the address."""
    page.locator("#preset").select_option(preset)
    page.wait_for_function("hash => location.hash === hash", arg="" if preset == "default" else f"#preset={preset}")


def wait_for_preset(page: Any, preset: str) -> None:
    driving.wait_until(page, lambda: driving.last_told(page)["preset"] == preset)


@pytest.mark.parametrize("script", ["", WITHOUT_STORAGE], ids=["with storage", "without storage"])
def test_a_reload_comes_back_to_the_run_at_its_step(open_page: Callable[..., Any], script: str) -> None:
    page = open_page()
    page.add_init_script(script)
    page.reload()
    driving.wait_until_ready(page)
    page.locator("#play").click()
    driving.wait_for_step(page, 30)
    left = driving.step_count(page)
    page.reload()
    driving.wait_until_ready(page)
    driving.wait_for_step(page, left)
    expect(page.locator("#play")).to_have_accessible_name("Play")
    step = driving.step_count(page)
    expect(page.locator("#notice")).to_contain_text(f"Continued at step {step}.")
    driving.let_frames_pass(page, 20)
    assert driving.step_count(page) == step
    hello = [message for message in page.wire.received if message["type"] == "hello"][-1]
    assert 30 <= hello["losses"]["steps"] <= step


def test_a_link_to_another_experiment_begins_it(open_page: Callable[..., Any], server: str) -> None:
    page = open_page()
    driving.wait_until_ready(page)
    driving.step_to(page, 2)
    page.goto("about:blank")
    page.goto(f"{server}#seed=5")
    driving.wait_until_ready(page)
    driving.wait_for_config(page, "seed", 5)
    assert driving.step_count(page) == 0


def test_back_and_forward_go_between_presets(page: Any) -> None:
    driving.wait_until_ready(page)
    choose(page, "mode_collapse")
    choose(page, "textbook")
    page.go_back()
    wait_for_preset(page, "mode_collapse")
    page.go_back()
    wait_for_preset(page, "default")
    page.go_forward()
    wait_for_preset(page, "mode_collapse")
    expect(page.locator("#preset")).to_have_value("mode_collapse")
    assert page.evaluate("history.length") == 4, "about:blank and three presets"


def test_an_embedded_page_adds_nothing_to_the_history(open_page: Callable[..., Any]) -> None:
    page = open_page("?embed=1")
    driving.wait_until_ready(page)
    before = page.evaluate("history.length")
    for preset in ("mode_collapse", "textbook"):
        page.evaluate("name => postMessage({ gan1d: 1, do: 'preset', name })", preset)
        page.wait_for_function("hash => location.hash === hash", arg=f"#preset={preset}")
    assert page.evaluate("history.length") == before


def test_after_a_restart_of_the_server_the_settings_are_kept(chromium: Any) -> None:
    with run_server() as address:
        page = chromium.new_page()
        page.wire = Watch(page, address)
        page.goto(f"{address}#seed=7")
        driving.wait_until_ready(page)
        driving.wait_for_config(page, "seed", 7)
        driving.step_to(page, 2)
    with run_server("--port", str(urlsplit(address).port)):
        expect(page.locator("#notice")).to_contain_text("All settings and the seed were kept", timeout=20_000)
        driving.wait_for_config(page, "seed", 7)
        driving.wait_until(page, lambda: driving.step_count(page) == 0)
    page.close()


def test_links_of_a_server_that_began_with_a_file_show_its_numbers(chromium: Any, tmp_path: Path) -> None:
    file = tmp_path / "heights.csv"
    file.write_text("cm\n" + "\n".join(str(150 + i) for i in range(40)), "utf-8")
    with run_server("--data", str(file)) as address:
        page = chromium.new_page()
        page.wire = Watch(page, address)
        page.goto(f"{address}#seed=5")
        driving.wait_until_ready(page)
        driving.wait_for_config(page, "seed", 5)
        assert driving.last_config(page)["target"]["values"] == list(range(150, 190))
        words = "The target is 40 numbers from heights.csv, column “cm”: 150 to 189."
        expect(page.locator("#watch")).to_contain_text(words)
        page.locator("#preset").select_option("mode_collapse")
        wait_for_preset(page, "mode_collapse")
        expect(page.locator("#watch")).not_to_contain_text("heights.csv")
        page.locator("#preset").select_option(label="heights.csv")
        wait_for_preset(page, "data")
        expect(page.locator("#watch")).to_contain_text(words)
        assert driving.last_config(page)["target"]["values"] == list(range(150, 190))
        page.close()


def test_a_page_without_a_place_offers_to_watch(chromium: Any) -> None:
    with run_server("--max-sessions", "1") as address:
        first, second = chromium.new_page(), chromium.new_page()
        for page in (first, second):
            page.wire = Watch(page, address)
        first.goto(address)
        driving.wait_until_ready(first)
        driving.step_to(first, 2)
        second.goto(address)
        second.get_by_role("link", name="Watch another run meanwhile").click()
        driving.wait_for_step(second, 2)
        expect(second.locator("#step")).to_be_disabled()
        first.close(), second.close()


def test_the_link_to_watch_says_that_other_devices_cannot_open_it(page: Any) -> None:
    driving.wait_until_ready(page)
    page.locator("#share").click()
    expect(page.locator("#share-reach")).to_contain_text("Only this computer can open it.")


def test_the_link_to_watch_names_the_address_on_the_network(chromium: Any) -> None:
    with run_server("--host", "0.0.0.0") as address:
        page = chromium.new_page()
        page.wire = Watch(page, address)
        page.goto(address)
        driving.wait_until_ready(page)
        page.locator("#share").click()
        link = page.locator("#share-watch").input_value()
        assert urlsplit(link).hostname == outward_address()
        assert urlsplit(link).port == urlsplit(address).port
        page.close()
