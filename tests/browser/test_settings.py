"""Settings: what is turned on the page is what the server trains with, and what cannot be is explained."""

import json
import re
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import expect

import gan1d
from tests.browser import driving

RATE = "generator.optimizer.learning_rate"


def test_a_typed_learning_rate_reaches_the_server(page: Any) -> None:
    driving.wait_until_ready(page)
    driving.step_to(page, 2)
    driving.type_value(page, RATE, "0.005")
    driving.wait_for_config(page, RATE, 0.005)
    assert driving.step_count(page) == 2


def test_a_slider_reaches_the_server(page: Any) -> None:
    driving.wait_until_ready(page)
    before = driving.at_path(driving.last_config(page), RATE)
    slider = page.locator(f'[data-path="{RATE}"] input[type=range]')
    driving.unfold(slider)
    slider.focus()
    slider.press("ArrowRight")
    driving.wait_until(page, lambda: driving.at_path(driving.last_config(page), RATE) > before)
    sent = driving.at_path(driving.last_config(page), RATE)
    shown = page.locator(f'input[name="{RATE}"]:not([type=range])').first.input_value()
    assert float(shown) == pytest.approx(sent, rel=0.01)


def test_a_refused_value_is_explained_beside_its_control(page: Any) -> None:
    driving.wait_until_ready(page)
    before = driving.at_path(driving.last_config(page), RATE)
    driving.type_value(page, RATE, "-1")
    field = page.locator(f'input[name="{RATE}"]:not([type=range])').first
    expect(field).to_have_attribute("aria-invalid", "true")
    described = field.get_attribute("aria-describedby") or ""
    words = " ".join(page.locator(f"#{name}").text_content() for name in described.split())
    assert "Learning rate: at least 1e-5" in words
    assert driving.at_path(driving.last_config(page), RATE) == before


def test_a_layer_change_during_play_keeps_the_run(page: Any) -> None:
    driving.wait_until_ready(page)
    page.locator("#play").click()
    driving.wait_for_step(page, 20)
    driving.type_value(page, "discriminator.hidden", "8 16")
    driving.wait_for_config(page, "discriminator.hidden", [8, 16])
    changed = [message for message in page.wire.received if message["type"] == "config"][-1]
    assert changed["effect"] == "network"
    assert changed["mark"]["step"] >= 20
    driving.wait_for_step(page, changed["mark"]["step"] + 10)
    assert not any(message["type"] == "scene" and message["run"] > 1 for message in page.wire.received)


def values_of_g(page: Any, least: int) -> list[float]:
    """G at three places, as its chart says them, once it says them of a step that is late enough: words may come after
    the picture."""
    words = ""

    def is_late() -> bool:
        nonlocal words
        words = page.locator('canvas[data-chart="generator"]').get_attribute("aria-label") or ""
        step = re.search(r"at step (\d+)", words)
        return step is not None and int(step[1]) >= least

    driving.wait_until(page, is_late)
    return [float(value.replace("−", "-")) for value in re.findall(r"\) is (−?[\d.]+)", words)]


def test_a_wider_generator_goes_on_where_the_old_one_was(page: Any) -> None:
    driving.wait_until_ready(page)
    page.locator("#speed").press("End")
    page.locator("#play").click()
    driving.wait_for_step(page, 400)
    page.locator("#play").click()
    driving.wait_until(page, lambda: "paused" in [message.get("state") for message in page.wire.received[-3:]])
    page.locator("#speed").press("Home")
    paused = [message["step"] for message in page.wire.received if message.get("state") == "paused"][-1]
    before = values_of_g(page, paused)
    assert len(before) == 3
    assert abs(before[2] - before[0]) > 1  # it has learned to reach for both modes
    page.locator("#play").click()
    driving.type_value(page, "generator.hidden", "32 32 32")
    driving.wait_for_config(page, "generator.hidden", [32, 32, 32])
    mark = driving.last_told(page)["mark"]
    assert mark["label"] == "G layers 16-16-16 → 32-32-32, kept"
    assert mark["step"] >= 400
    # In the middle G is steep, and each step moves it; new weights would put both ends in the middle.
    assert values_of_g(page, mark["step"] + 1)[::2] == pytest.approx(before[::2], abs=0.5)


def test_a_paused_generator_gets_wider_without_a_trace_and_reinitialized_with_one(page: Any) -> None:
    """But for the flag on the axis of steps."""
    driving.wait_until_ready(page)
    driving.step_to(page, 3)
    before = driving.pixels(page)
    driving.type_value(page, "generator.hidden", "32 32 32")
    driving.wait_for_config(page, "generator.hidden", [32, 32, 32])
    driving.let_frames_pass(page, 4)
    wider = driving.pixels(page)
    assert wider["generator"] == before["generator"]
    assert wider["losses"] != before["losses"]
    page.locator("fieldset", has=driving.control(page, "generator.hidden")).get_by_label("reinitialize").check()
    driving.type_value(page, "generator.hidden", "16 16")
    driving.wait_for_config(page, "generator.hidden", [16, 16])
    driving.let_frames_pass(page, 4)
    assert driving.last_told(page)["mark"]["label"].endswith("→ 16-16, reinitialized")
    assert driving.pixels(page)["generator"] != before["generator"]
    assert driving.step_count(page) == 3


def test_every_preset_loads_and_steps(page: Any) -> None:
    driving.wait_until_ready(page)
    names = page.locator("#preset option").evaluate_all("options => options.map(option => option.value)")
    for name in [*(name for name in names if name not in ("", "default")), "default"]:
        page.locator("#preset").select_option(name)
        driving.wait_until(page, lambda name=name: driving.last_told(page)["preset"] == name)
        page.wait_for_function(f"() => ({driving.COUNT})() === 0")
        driving.step_to(page, 2)


def test_another_seed_is_the_same_preset_and_another_rate_is_not(page: Any) -> None:
    driving.wait_until_ready(page)
    menu = page.locator("#preset option:checked")
    page.keyboard.press("n")
    driving.wait_until(page, lambda: driving.last_config(page)["seed"] != 0)
    driving.let_frames_pass(page, 3)
    expect(menu).to_have_text("Two modes")
    driving.type_value(page, RATE, "0.005")
    expect(menu).to_have_text("Two modes *")


def test_the_menu_has_the_presets_in_their_groups(page: Any) -> None:
    driving.wait_until_ready(page)
    shown = page.locator("#preset optgroup").evaluate_all(
        "groups => groups.map(group => [group.label, [...group.children].map(option => option.value)])"
    )
    groups: dict[str, list[str]] = {}
    for preset in gan1d.presets.values():
        groups.setdefault(preset.group, []).append(preset.name)
    assert shown == [list(item) for item in groups.items()]


def test_a_link_restores_the_experiment(page: Any, open_page: Any) -> None:
    driving.wait_until_ready(page)
    driving.type_value(page, "seed", "42")
    driving.type_value(page, RATE, "0.006")
    driving.wait_for_config(page, RATE, 0.006)
    page.wait_for_function("() => location.hash.includes('seed=42') && location.hash.includes('learning_rate')")
    driving.reset(page)
    driving.step_to(page, 8)
    first = driving.state(page)
    other = open_page(page.url)
    driving.wait_until_ready(other)
    driving.wait_for_config(other, RATE, 0.006)
    driving.wait_for_config(other, "seed", 42)
    driving.step_to(other, 8)
    assert driving.state(other)[:2] == first[:2]


def test_a_link_promises_a_replay_only_of_a_run_that_nobody_turned(page: Any) -> None:
    driving.wait_until_ready(page)
    promise = page.locator("#share-dialog > p").first

    def shared() -> str:
        page.locator("#share").click()
        words = promise.text_content()
        page.keyboard.press("Escape")
        return words

    driving.type_value(page, RATE, "0.006")
    driving.wait_for_config(page, RATE, 0.006)
    driving.step_to(page, 2)
    assert "replays this run" in shared()
    driving.type_value(page, RATE, "0.005")
    driving.wait_for_config(page, RATE, 0.005)
    assert "starts a new run" in shared()
    driving.reset(page)
    assert "replays this run" in shared()


def test_every_setting_has_a_label_and_its_path_for_a_name(page: Any) -> None:
    driving.wait_until_ready(page)
    unlabelled = page.locator("input, select, textarea").evaluate_all(
        """fields => fields.filter(field => field.type !== 'hidden' && !field.labels?.length
            && !field.getAttribute('aria-label') && !field.getAttribute('aria-labelledby'))
            .map(field => field.outerHTML)"""
    )
    assert unlabelled == []
    names = page.locator("main input[name], main select[name]").evaluate_all("fields => fields.map(f => f.name)")
    config = driving.last_config(page)
    for name in names:
        top = name.split(".")[0]
        assert top in config, f"{name} is not a path of {json.dumps(config)[:200]}"


def test_buttons_have_names_and_charts_say_what_they_show(page: Any) -> None:
    driving.wait_until_ready(page)
    nameless = page.locator("button").evaluate_all(
        "buttons => buttons.filter(b => !b.textContent.trim() && !b.ariaLabel).map(b => b.outerHTML)"
    )
    assert nameless == []
    charts = page.locator("canvas[data-chart]")
    assert charts.count() >= 6
    for chart in charts.all():
        assert chart.get_attribute("role") == "img"
        assert len(chart.get_attribute("aria-label") or "") > 20


def test_the_fakes_of_one_code_are_shown(open_page: Any) -> None:
    page = open_page("#preset=infogan&at=60")
    driving.wait_for_step(page, 60)
    choice = page.get_by_label("code c", exact=True)
    expect(choice.locator("option")).to_have_text(["all", "c=1", "c=2", "c=3"])
    driving.let_frames_pass(page, 2)
    before = driving.pixels(page)
    choice.select_option("c=2")
    expect(page.locator(".code-choice output")).to_contain_text(re.compile(r"\d+\s%\snear [−\d]"))
    driving.let_frames_pass(page, 2)
    after = driving.pixels(page)
    assert before["data"] != after["data"]
    assert before["generator"] != after["generator"]
    assert before["noise"] == after["noise"]
    choice.select_option("all")
    driving.let_frames_pass(page, 2)
    assert driving.pixels(page)["data"] == before["data"]
    page.locator("#preset").select_option("default")
    expect(page.locator(".code-choice")).to_be_hidden()


def test_a_translation_shows_its_way_back(open_page: Any) -> None:
    page = open_page("#preset=cyclegan&at=60")
    driving.wait_for_step(page, 60)
    expect(page.get_by_text("and F(y), judged by D_X")).to_be_visible()
    expect(page.get_by_text("y = G(x)", exact=True)).to_be_visible()
    for words in ("drawn from the prior", "x = G(z)", "Noise"):
        for found in page.locator("#stage").get_by_text(words, exact=True).all():
            expect(found).to_be_hidden()
    expect(page.locator("#metrics, #scoreboard, main").first).to_contain_text("Order kept")
    driving.let_frames_pass(page, 3)
    with_way_back = driving.pixels(page)
    page.get_by_label("prior", exact=True).select_option("normal")
    expect(page.get_by_text("drawn from the prior")).to_be_visible()
    driving.let_frames_pass(page, 3)
    assert driving.pixels(page)["generator"] != with_way_back["generator"]
    page.get_by_label("prior", exact=True).select_option("source")
    expect(page.get_by_text("translates x to y, F back")).to_be_visible()
    expect(page.get_by_label("identity", exact=True).first).to_be_visible()


def test_settings_of_d_are_dimmed_while_the_best_d_plays(open_page: Any) -> None:
    page = open_page("#preset=collapse_best_d")
    driving.wait_until_ready(page)
    dimmed = page.locator(".overridden")
    note = "“play as optimal D” is on: dimmed settings have no effect."
    expect(page.locator("[data-slot=discriminator] fieldset > .control-heading")).to_have_text(note)
    paths = dimmed.evaluate_all("all => all.map((each) => each.dataset.path)")
    assert {"discriminator.hidden", "discriminator.optimizer", "discriminator_steps", "penalty"} <= set(paths)
    assert "discriminator.optimal" not in paths
    assert not any(path.startswith(("generator", "target", "loss")) for path in paths)
    for slot in ("generator", "loss", "training"):
        expect(page.locator(f"[data-slot={slot}] fieldset > .control-heading")).to_be_hidden()
    expect(page.locator("[data-path=penalty]")).to_have_attribute("title", note)
    page.locator("#preset").select_option("default")
    expect(dimmed).to_have_count(0)
