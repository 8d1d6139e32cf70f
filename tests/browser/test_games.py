"""The games of two numbers: bar, keys, timeline, links, slides, exports, and the way to the run and back."""

import re
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import expect

from tests.browser import driving


def open_games(open_page: Any, address: str = "", **options: Any) -> Any:
    address = address.replace("?", "?view=games&", 1) if address.startswith("?") else f"?view=games{address}"
    page = open_page(address, **options)
    expect(page.locator(".game-first")).to_contain_text(".")
    driving.let_frames_pass(page, 2)
    return page


def label(page: Any, chart: str) -> Any:
    return page.locator(f"canvas[data-chart={chart}]")


def test_the_games_are_played_stepped_and_looked_back_at(open_page: Any) -> None:
    page = open_games(open_page)
    page.get_by_role("button", name="Step", exact=True).click()
    driving.wait_for_step(page, 1)
    page.get_by_role("button", name="Play", exact=True).click()
    driving.wait_for_step(page, 10)
    page.get_by_role("button", name="Pause", exact=True).click()
    page.keyboard.press("Home")
    expect(page.locator("#step-count")).to_have_text("0")
    page.keyboard.press("End")
    expect(page.locator("#step-count")).to_have_text("150")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#step-count")).to_have_text("149")
    expect(label(page, "game-distances")).to_have_attribute("aria-label", re.compile("at step 149 of 150"))
    page.get_by_role("button", name="Reset", exact=True).click()
    expect(page.locator("#step-count")).to_have_text("0")


def test_the_timeline_is_dragged(open_page: Any) -> None:
    page = open_games(open_page)
    box = label(page, "game-distances").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    assert 50 < driving.step_count(page) < 110


def test_a_link_restores_a_game_with_its_changes(open_page: Any) -> None:
    page = open_games(open_page, "#preset=r1_spirals_in&game.gamma=1")
    expect(page.locator("input[type=text][name='game.gamma']")).to_have_value("1")
    expect(page.locator("#preset")).to_contain_text("R1 turns the circle into a spiral *")
    page.locator("#preset").select_option("wgan_gp")
    expect(page.locator(".game-first")).to_contain_text("has no rate: the field jumps")
    page.wait_for_url("**/?view=games#preset=wgan_gp")
    page.go_back()
    expect(page.locator("input[type=text][name='game.gamma']")).to_have_value("1")


def test_a_setting_changes_the_run_while_it_plays(open_page: Any) -> None:
    page = open_games(open_page, "#preset=r1_spirals_in")
    page.get_by_role("button", name="Play", exact=True).click()
    driving.wait_for_step(page, 20)
    field = page.locator("input[type=text][name='game.gamma']")
    field.fill("0")
    field.press("Enter")
    expect(page.locator(".game-first")).to_contain_text("spirals out")
    expect(label(page, "game-distances")).to_have_attribute(
        "aria-label", re.compile(r"Changes: 1, at step \d+: γ 0\.3 → 0\.")
    )
    assert driving.step_count(page) >= 20


@pytest.mark.parametrize("touch", [False, True])
def test_the_start_is_dragged(open_page: Any, touch: bool) -> None:
    page = open_games(open_page, has_touch=touch)
    canvas = label(page, "game-plane")
    box = canvas.bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    ring = page.evaluate(
        """() => {
            const canvas = document.querySelector('canvas[data-chart=game-plane]');
            const box = canvas.getBoundingClientRect();
            for (let y = 0; y < box.height; y += 3) for (let x = 0; x < box.width; x += 3) {
                canvas.dispatchEvent(new PointerEvent('pointermove',
                    { clientX: box.x + x, clientY: box.y + y, pointerType: 'mouse' }));
                if (canvas.style.cursor === 'move') return [box.x + x + 4, box.y + y + 4];
            }
            return null;
        }"""
    )
    assert ring is not None
    page.mouse.move(*ring)
    page.mouse.down()
    page.mouse.move(*middle, steps=3)
    page.mouse.up()
    page.wait_for_url(re.compile("start.theta="))
    assert "start.psi" in page.url


def test_the_start_is_moved_by_keys(open_page: Any) -> None:
    page = open_games(open_page)
    label(page, "game-plane").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile(r"start\.theta=0\.85"))
    page.keyboard.press("Shift+ArrowUp")
    page.wait_for_url(re.compile(r"start\.psi=1\.05"))


def test_a_value_that_is_not_allowed_is_refused_beside_its_control(open_page: Any) -> None:
    page = open_games(open_page)
    page.wire.faults.clear()
    field = page.locator("input[type=text][name='update.learning_rate']")
    field.fill("9")
    field.press("Enter")
    expect(page.locator(".control-error:visible")).to_contain_text("at most 2")
    expect(field).to_have_value("0.1")
    # The browser itself reports the status 422 of the answer.
    page.wire.faults = [fault for fault in page.wire.faults if "422" not in fault]


def test_the_run_waits_while_the_games_are_shown(open_page: Any) -> None:
    page = open_page()
    driving.wait_until_ready(page)
    page.locator("#step").click()
    driving.wait_for_step(page, 1)
    presets = page.locator("#preset option").count()
    page.get_by_role("button", name="Games", exact=True).click()
    expect(page.locator("#games")).to_be_visible()
    expect(page.locator(".game-first")).to_contain_text(".")
    expect(page.locator("#stage")).to_be_hidden()
    page.keyboard.press(".")
    page.keyboard.press(".")
    expect(page.locator("#step-count")).to_have_text("2")
    page.get_by_role("button", name="Lab", exact=True).click()
    expect(page.locator("#step-count")).to_have_text("1")
    expect(page.locator("#games")).to_be_hidden()
    assert page.locator("#preset option").count() == presets
    page.locator("#step").click()
    driving.wait_for_step(page, 2)
    page.get_by_role("button", name="Games", exact=True).click()
    expect(page.locator("#step-count")).to_have_text("2")
    expect(page.locator("#preset")).to_contain_text("Plain gradients spiral out")


def test_a_page_of_games_opens_no_run_until_it_is_shown(open_page: Any) -> None:
    page = open_games(open_page, "#preset=circle")
    assert page.wire.received == []
    page.get_by_role("button", name="Lab", exact=True).click()
    driving.wait_until_ready(page)
    assert page.wire.received[0]["type"] == "hello"
    expect(page.locator("canvas[data-chart=data]")).to_be_visible()


@pytest.mark.parametrize("width", [320, 390, 768, 1280, 1920])
def test_no_width_scrolls_sideways(open_page: Any, width: int) -> None:
    page = open_games(open_page, "#preset=negative_momentum", viewport=(width, 844))
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    expect(page.locator("#play")).to_be_in_viewport()


@pytest.mark.parametrize(("size", "query"), [((1280, 720), ""), ((1920, 1080), ""), ((960, 540), "?embed=1")])
def test_the_games_need_no_scrolling(open_page: Any, size: tuple[int, int], query: str) -> None:
    page = open_games(open_page, f"{query}#preset=circle", viewport=size)
    assert page.evaluate("document.documentElement.scrollHeight <= document.documentElement.clientHeight")


@pytest.mark.parametrize(("controls", "has_buttons"), [("full", True), ("mini", True), ("none", False)])
def test_embedded_controls(open_page: Any, controls: str, has_buttons: bool) -> None:
    page = open_games(open_page, f"?embed=1&controls={controls}&hide=game-spectrum", viewport=(960, 540))
    expect(page.locator("#play")).to_be_visible(visible=has_buttons)
    expect(page.locator("#games summary").first).to_be_visible(visible=controls == "full")
    expect(label(page, "game-spectrum")).to_be_hidden()
    expect(label(page, "game-plane")).to_be_visible()


HOST = """async ({ address, requests }) => {
    const frame = document.createElement('iframe');
    const heard = [];
    addEventListener('message', ({ data }) => data?.gan1d && heard.push(data));
    const event = (name, fits = () => true) => new Promise((resolve) => {
        const look = () => { const found = heard.find((one) => one.event === name && fits(one));
            if (found) resolve(found); else setTimeout(look, 20); };
        look();
    });
    frame.src = address;
    frame.width = 960; frame.height = 540;
    document.body.replaceChildren(frame);
    await event('ready');
    const answers = [];
    for (const { send, name, step } of requests) {
        heard.length = 0;
        frame.contentWindow.postMessage({ gan1d: 1, ...send }, '*');
        answers.push(await event(name, (one) => step === undefined || one.step === step));
    }
    return answers;
}"""


def test_a_slide_plays_the_games_by_messages(open_page: Any, server: str) -> None:
    page = open_page(f"{server}?controls=none&embed=1")
    requests = [
        {"send": {"do": "preset", "name": "circle"}, "name": "state"},
        {"send": {"do": "look", "step": 40}, "name": "state", "step": 40},
        {"send": {"do": "step", "count": 2}, "name": "state", "step": 42},
        {"send": {"do": "set", "path": "update.learning_rate", "value": 99}, "name": "error"},
        {"send": {"do": "reset"}, "name": "state", "step": 0},
    ]
    answers = page.evaluate(HOST, {"address": f"{server}?view=games&embed=1", "requests": requests})
    page.wire.faults = [fault for fault in page.wire.faults if "422" not in fault]
    assert answers[1]["preset"] == "circle"
    assert answers[1]["metrics"]["distance2"] > answers[1]["metrics"]["distance"]
    assert answers[3]["path"] == "update.learning_rate"


@pytest.mark.parametrize("kind", ["PNG", "SVG", "CSV"])
def test_a_game_is_saved(open_page: Any, kind: str, tmp_path: Path) -> None:
    page = open_games(open_page, "#preset=circle")
    page.get_by_role("button", name="Share", exact=True).click()
    with page.expect_download() as saving:
        page.get_by_role("button", name=kind, exact=True).click()
    target = tmp_path / "file"
    saving.value.save_as(target)
    content = target.read_bytes()
    assert saving.value.suggested_filename == f"gan1d-game-circle-0.{kind.lower()}"
    if kind == "CSV":
        rows = content.decode().splitlines()
        assert rows[0] == "step,theta_1,psi_1,distance_1,conserved_1,theta_2,psi_2,distance_2,conserved_2"
        assert len(rows) == 152
    elif kind == "SVG":
        assert "spirals out" in content.decode()
    else:
        assert content.startswith(b"\x89PNG")
        assert len(content) > 50_000


def test_reduced_motion_draws_a_few_pictures_a_second(open_page: Any) -> None:
    page = open_games(open_page, reduced_motion="reduce")
    page.get_by_role("button", name="Play", exact=True).click()
    driving.wait_for_step(page, 5)
    changes = page.evaluate(
        """() => new Promise((resolve) => {
            const canvas = document.querySelector('canvas[data-chart=game-plane]');
            let [last, count, began] = ['', 0, performance.now()];
            const look = () => {
                const now = canvas.toDataURL();
                if (now !== last) count += 1;
                last = now;
                if (performance.now() - began > 1000) resolve(count); else requestAnimationFrame(look);
            };
            look();
        })"""
    )
    assert changes <= 6


@pytest.mark.parametrize("kind", ["GIF", "WebM"])
def test_a_film_of_a_game_is_saved(open_page: Any, kind: str, tmp_path: Path) -> None:
    page = open_games(open_page, "#preset=circle")
    page.get_by_role("button", name="Share", exact=True).click()
    page.locator("#game-film-size option").first.wait_for(state="attached")
    page.locator("#game-picture-from").fill("20")
    page.locator("#game-picture-to").fill("60")
    page.locator("#game-film-every").fill("10")
    with page.expect_download() as saving:
        page.get_by_role("button", name=f"Film, {kind}", exact=True).click()
    target = tmp_path / "film"
    saving.value.save_as(target)
    assert saving.value.suggested_filename == f"gan1d-circle-film-20-60.{kind.lower()}"
    content = target.read_bytes()
    if kind == "GIF":
        # 640 × 360, little-endian, and steps 20, 30, 40, 50 and 60, each behind a graphic control extension.
        assert content[:10] == b"GIF89a\x80\x02\x68\x01"
        assert content.count(b"\x21\xf9\x04") == 5
    else:
        assert content.startswith(b"\x1a\x45\xdf\xa3")
    page.keyboard.press("Escape")
    assert driving.step_count(page) == 0, "the page stays where it is"


def test_bookmarks_a_loop_and_a_link_to_a_step(open_page: Any) -> None:
    page = open_games(open_page, "#preset=circle&at=160")
    # The preset has 150 steps; a link makes more.
    expect(page.locator("#step-count")).to_have_text("160")
    page.keyboard.press("b")
    page.get_by_label("Name of step 160").fill("round again")
    page.get_by_label("Name of step 160").press("Enter")
    page.keyboard.press("Escape")
    page.locator("#games").focus()
    for _ in range(3):
        page.keyboard.press(",")
    expect(page.locator("#step-count")).to_have_text("157")
    page.keyboard.press("b")
    page.keyboard.press("Escape")
    page.locator("#games").focus()
    page.keyboard.press("l")
    expect(page.locator(".game-distances .loop-words")).to_have_text(
        "Loop from “Step 157” (157) to “round again” (160). Escape ends it."
    )
    for step in ("160", "157"):
        page.wait_for_function("step => document.querySelector('#step-count').textContent === step", arg=step)
    page.keyboard.press("Escape")
    expect(page.locator(".game-distances .loop-words")).to_be_hidden()
    page.get_by_role("button", name="Share", exact=True).click()
    shown = page.locator("#step-count").text_content()
    expect(page.locator("#game-to-step")).to_have_value(re.compile(f"#preset=circle&at={shown}$"))
    expect(page.locator("#game-link")).to_have_value(re.compile("#preset=circle$"))


def test_a_game_in_a_file_plays_without_a_server(open_page: Any, chromium: Any, tmp_path: Path) -> None:
    page = open_games(open_page, "#preset=circle&update.learning_rate=0.2")
    expect(page.locator(".game-first")).to_contain_text("Alternating")
    page.get_by_role("button", name="Share", exact=True).click()
    with page.expect_download() as saving:
        page.get_by_role("button", name="Replay file", exact=True).click()
    assert saving.value.suggested_filename == "gan1d-game-circle.html"
    file = tmp_path / "game.html"
    saving.value.save_as(file)
    shown = page.locator(".game-first").text_content()
    context = chromium.new_context(offline=True, viewport={"width": 1280, "height": 720})
    faults: list[str] = []
    alone = context.new_page()
    alone.on("pageerror", lambda error: faults.append(str(error)))
    alone.on("console", lambda message: message.type == "error" and faults.append(message.text))
    alone.goto(file.as_uri() + "#at=3")
    expect(alone.locator("#step-count")).to_have_text("3")
    expect(alone.locator(".game-first")).to_have_text(shown)
    expect(alone.get_by_role("button", name="Lab", exact=True)).to_be_hidden()
    expect(alone.locator("input[type=text][name='update.learning_rate']")).to_be_disabled()
    alone.get_by_role("button", name="Play", exact=True).click()
    driving.wait_for_step(alone, 20)
    alone.keyboard.press("v")
    alone.keyboard.press("r")
    expect(alone.locator("#step-count")).to_have_text("0")
    expect(label(alone, "game-plane")).to_be_visible()
    alone.get_by_role("button", name="Share", exact=True).click()
    expect(alone.locator("#game-link")).to_have_count(0)
    with alone.expect_download() as saving:
        alone.get_by_role("button", name="CSV", exact=True).click()
    assert saving.value.suggested_filename == "gan1d-game-circle-0.csv"
    context.close()
    assert faults == []
