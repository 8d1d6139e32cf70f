"""Play, Pause, Step and Reset: what moves, what stands still, and what comes out the same again."""

from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import expect

from tests.browser import driving


def test_before_play_everything_is_shown_and_nothing_moves(page: Any) -> None:
    driving.wait_until_ready(page)
    before = driving.state(page)
    driving.let_frames_pass(page, 20)
    assert driving.state(page) == before
    assert before[0] == 0
    assert before[1]["wasserstein1"] != "–"
    assert page.get_by_label("Step count").text_content() == "0"


def test_what_the_server_says_to_every_page_is_loaded_once(page: Any) -> None:
    driving.wait_until_ready(page)
    loaded = "performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => name.endsWith('.json'))"
    assert [name.rpartition("/")[2] for name in page.evaluate(loaded)] == ["catalog.json"]
    hello = page.wire.received[0]
    assert "layout" in hello
    assert not {"schema", "presets", "glossary"} & set(hello)
    page.wire.received.clear()
    page.route("**/catalog.json", lambda route: route.abort())
    page.reload()
    driving.wait_until_ready(page)
    assert {"schema", "presets", "glossary"} <= set(page.wire.received[0])
    page.wire.faults.clear()  # the browser's own line about the network


def test_play_moves_the_counter_the_pictures_and_the_numbers(page: Any) -> None:
    driving.wait_until_ready(page)
    _, numbers, pictures = driving.state(page)
    page.get_by_role("button", name="Play", exact=True).click()
    driving.wait_for_step(page, 30)
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    driving.let_frames_pass(page, 3)
    _, later_numbers, later_pictures = driving.state(page)
    assert later_numbers["wasserstein1"] != numbers["wasserstein1"]
    fixed = {"noise"}
    assert {name for name in pictures if pictures[name] == later_pictures[name]} <= fixed


def test_pause_holds_everything_at_one_step(page: Any) -> None:
    driving.wait_until_ready(page)
    page.locator("#play").click()
    driving.wait_for_step(page, 10)
    page.locator("#play").click()
    expect(page.locator("#play")).to_have_accessible_name("Play")
    driving.let_frames_pass(page, 5)
    held = driving.state(page)
    driving.let_frames_pass(page, 30)
    assert driving.state(page) == held


def test_step_is_one_step(page: Any) -> None:
    driving.wait_until_ready(page)
    driving.step_to(page, 3)
    assert driving.step_count(page) == 3
    assert page.locator("#status").text_content() == "Paused at step 3."


def test_the_menu_beside_step_lets_one_player_step(page: Any) -> None:
    driving.wait_until_ready(page)
    page.get_by_label("Step one player alone").click()
    page.get_by_role("button", name="Generator only").click()
    driving.wait_for_step(page, 1)
    assert [message["player"] for message in page.wire.sent if message["type"] == "step"] == ["generator"]


def test_reset_replays_the_same_numbers_and_pictures(page: Any) -> None:
    driving.wait_until_ready(page)
    driving.step_to(page, 12)
    first = driving.state(page)
    driving.reset(page)
    driving.step_to(page, 12)
    assert driving.state(page) == first


def test_another_seed_is_another_run(page: Any) -> None:
    driving.wait_until_ready(page)
    driving.step_to(page, 3)
    before = driving.pixels(page)
    page.locator("#new-seed").click()
    page.wait_for_function(f"() => ({driving.COUNT})() === 0")
    driving.step_to(page, 3)
    after = driving.pixels(page)
    assert after["generator"] != before["generator"]
    assert after["discriminator"] != before["discriminator"]


def test_keys_play_step_reset_and_help(page: Any) -> None:
    driving.wait_until_ready(page)
    page.keyboard.press(".")
    driving.wait_for_step(page, 1)
    page.keyboard.press("ArrowRight")
    driving.wait_for_step(page, 2)
    page.keyboard.press("k")
    driving.wait_for_step(page, 10)
    page.keyboard.press("Space")
    expect(page.locator("#play")).to_have_accessible_name("Play")
    page.keyboard.press("r")
    page.wait_for_function(f"() => ({driving.COUNT})() === 0")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_keys_are_letters_while_typing(page: Any) -> None:
    driving.wait_until_ready(page)
    field = page.locator("#seed")
    field.focus()
    for key in (".", "r", "k", "?"):
        field.press(key)
    driving.let_frames_pass(page, 10)
    assert driving.step_count(page) == 0
    expect(page.locator("#play")).to_have_accessible_name("Play")
    expect(page.get_by_role("dialog")).to_be_hidden()
