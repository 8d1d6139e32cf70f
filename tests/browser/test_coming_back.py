"""A reload, Back and Forward, a server that is started again, and a server that began with numbers of a file."""

import re
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
    driving.let_frames_pass(page, 10)
    expect(page.locator("#share-code svg")).to_have_count(0)


# Characters and error correction codewords of each block at level L (ISO/IEC 18004, tables 7 and 9), by version.
BLOCKS = {4: (1, 80), 5: (1, 108), 6: (2, 68)}


def decoded(drawn: str) -> str:
    """The text of a QR code that is drawn module by module, without use of its error correction."""
    border = 4
    black = {(int(x) - border, int(y) - border) for x, y in re.findall(r"M(\d+) (\d+)h", drawn)}
    size = max(x for x, _ in black) + 1
    version = (size - 17) // 4
    # Mask and level of the upper left corner: bits 14 to 10 of the format, itself masked with 10101.
    form = int("".join(str(int((x, 8) in black)) for x in range(5)), 2) ^ 0b10101
    assert form >> 3 == 0b01, "level L"
    masks = [
        lambda x, y: (x + y) % 2,
        lambda x, y: y % 2,
        lambda x, y: x % 3,
        lambda x, y: (x + y) % 3,
        lambda x, y: (x // 3 + y // 2) % 2,
        lambda x, y: x * y % 2 + x * y % 3,
        lambda x, y: (x * y % 2 + x * y % 3) % 2,
        lambda x, y: ((x + y) % 2 + x * y % 3) % 2,
    ]
    mask = masks[form & 7]
    centre = size - 7

    def is_function(x: int, y: int) -> bool:
        in_finder = (x < 9 and (y < 9 or y >= size - 8)) or (x >= size - 8 and y < 9)
        return in_finder or x == 6 or y == 6 or (abs(x - centre) <= 2 and abs(y - centre) <= 2)

    bits = []
    columns = [x for x in range(size - 1, 0, -2) if x > 6] + [5, 3, 1]
    for k, right in enumerate(columns):
        rows = range(size) if k % 2 else range(size - 1, -1, -1)
        bits += [
            ((x, y) in black) ^ (mask(x, y) == 0) for y in rows for x in (right, right - 1) if not is_function(x, y)
        ]
    words = [int("".join(str(int(bit)) for bit in bits[i : i + 8]), 2) for i in range(0, len(bits) - 7, 8)]
    blocks, length = BLOCKS[version]
    data = bytes(word for block in range(blocks) for word in words[block : blocks * length : blocks])
    stream = int.from_bytes(data, "big")
    total = 8 * len(data)
    assert stream >> (total - 4) == 0b0100, "bytes"
    count = (stream >> (total - 12)) & 255
    return (stream >> (total - 12 - 8 * count) & (1 << 8 * count) - 1).to_bytes(count, "big").decode()


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
        code = page.locator("#share-code svg")
        expect(code).to_have_attribute("aria-label", "QR code of the link to watch")
        assert code.bounding_box()["width"] >= 200
        assert decoded(code.locator("path").get_attribute("d")) == link
        page.close()
