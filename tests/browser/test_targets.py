"""Targets in the hand: drawn, dragged, pasted, and learned by heart."""

from itertools import pairwise
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import expect

from tests.browser import driving

CANVAS = "canvas[data-chart=data]"
NUMBERS = "textarea[name='target.values']"


def placed(page: Any, *points: tuple[float, float]) -> list[tuple[float, float]]:
    """Where on the screen these (x, density) are, by the chart's own scales."""
    scene = [message for message in page.wire.received if message["type"] in ("hello", "scene")][-1]
    scales = {"x_axis": scene["x_axis"], "density_high": scene["density_high"]}
    return page.evaluate(
        """async ([selector, scene, points]) => {
            const { dataLayout } = await import(new URL("js/charts/layout.js", document.baseURI));
            const probe = document.querySelector("#stage").appendChild(document.createElement("span"));
            probe.style.fontSize = "var(--tick)";
            const size = parseFloat(getComputedStyle(probe).fontSize);
            probe.remove();
            const canvas = document.querySelector(selector);
            const { left, top, width, height } = canvas.getBoundingClientRect();
            const theme = { size, line: 2, ratio: devicePixelRatio };
            const at = dataLayout({ box: { width, height }, theme, scene });
            return points.map(([x, density]) => [left + at.x(x), top + at.y(density)]);
        }""",
        [CANVAS, scales, [list(point) for point in points]],
    )


def drag(page: Any, *path: tuple[float, float]) -> None:
    page.mouse.move(*path[0])
    page.mouse.down()
    for x, y in path[1:]:
        page.mouse.move(x, y, steps=6)
        driving.let_frames_pass(page, 2)
    page.mouse.up()


def target(page: Any) -> Any:
    return driving.last_config(page)["target"]


def sets(page: Any) -> list[dict[str, Any]]:
    return [message for message in page.wire.sent if message["type"] == "set"]


def test_a_density_is_drawn_with_the_mouse(open_page: Any) -> None:
    page = open_page("#target=drawn")
    driving.wait_until_ready(page)
    driving.wait_for_config(page, "target.kind", "drawn")
    driving.let_frames_pass(page, 5)
    # One triangle from −4 over 0 to 4, wherever there was something before.
    drag(page, *placed(page, (-4.1, 0.0), (0.0, 0.5), (4.1, 0.0)))
    driving.wait_until(page, lambda: max(target(page)["heights"][14:18]) == 1 and target(page)["heights"][31] < 0.05)
    heights = target(page)["heights"]
    assert all(a <= b + 0.1 for a, b in pairwise(heights[:16]))
    assert all(a + 0.1 >= b for a, b in pairwise(heights[16:]))
    assert {message["path"] for message in sets(page)} == {"target.heights"}


def test_a_fast_hand_sends_no_more_than_one_message_for_each_picture(open_page: Any) -> None:
    page = open_page("#target=drawn")
    driving.wait_until_ready(page)
    driving.wait_for_config(page, "target.kind", "drawn")
    driving.let_frames_pass(page, 5)
    start, end = placed(page, (-2.0, 0.3), (2.0, 0.3))
    page.mouse.move(*start)
    page.mouse.down()
    driving.let_frames_pass(page, 3)
    before = len(sets(page))
    page.evaluate(
        """([selector, [fromX, y], [toX]]) => {
            const canvas = document.querySelector(selector);
            for (let i = 0; i <= 100; i++) {
                const clientX = fromX + ((toX - fromX) * i) / 100;
                canvas.dispatchEvent(new PointerEvent("pointermove", { clientX, clientY: y, pointerId: 1 }));
            }
        }""",
        [CANVAS, start, end],
    )
    page.mouse.up()
    driving.wait_until(page, lambda: len(set(target(page)["heights"][9:22])) == 1)
    assert len(sets(page)) - before == 1


def test_a_finger_draws_and_does_not_scroll(open_page: Any) -> None:
    page = open_page("#target=drawn", viewport=(390, 844), has_touch=True)
    driving.wait_until_ready(page)
    driving.wait_for_config(page, "target.kind", "drawn")
    page.locator(CANVAS).scroll_into_view_if_needed()
    driving.let_frames_pass(page, 5)
    before, scrolled = target(page)["heights"], page.evaluate("() => scrollY")
    ((x, y),) = placed(page, (2.0, 0.4))
    page.touchscreen.tap(x, y)
    driving.wait_until(page, lambda: target(page)["heights"] != before)
    assert page.evaluate("() => scrollY") == scrolled


def test_a_height_is_turned_with_the_keys(open_page: Any) -> None:
    page = open_page("#target=drawn")
    driving.wait_until_ready(page)
    driving.wait_for_config(page, "target.kind", "drawn")
    before = target(page)["heights"]
    page.locator("input[name='target.heights.0']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("PageUp")
    driving.wait_for_config(page, "target.heights", [before[0], pytest.approx(before[1] + 0.1), *before[2:]])


def test_the_width_of_a_mode_is_dragged_at_its_flank(page: Any) -> None:
    driving.wait_until_ready(page)
    driving.let_frames_pass(page, 3)
    # One width beside the second peak, of height 1/√(2π): at e^(−½) of it.
    start, end = placed(page, (2.5, 0.399 * 0.607), (3.0, 0.2))
    page.mouse.move(*start)
    assert page.evaluate("s => document.querySelector(s).style.cursor", CANVAS) == "ew-resize"
    drag(page, start, end)
    driving.wait_for_config(page, "target.modes.1.width", 1.0)
    assert target(page)["modes"][0] == {"position": -2.0, "width": 0.5, "weight": 0.5}


def test_the_share_of_a_mode_is_dragged_at_its_peak(page: Any) -> None:
    driving.wait_until_ready(page)
    driving.let_frames_pass(page, 3)
    start, end = placed(page, (2.0, 0.399), (2.0, 0.599))
    drag(page, start, end)
    # Half of the mass makes a peak of 0.399; 0.599 needs three quarters.
    driving.wait_until(page, lambda: target(page)["modes"][1]["weight"] == pytest.approx(0.75, abs=0.03))
    assert target(page)["modes"][0]["weight"] == pytest.approx(1 - target(page)["modes"][1]["weight"])


@pytest.mark.parametrize("width", [390, 1280])
def test_tab_goes_through_the_modes_as_the_eye_does(open_page: Any, width: int) -> None:
    page = open_page(viewport=(width, 844))
    driving.wait_until_ready(page)
    menu = driving.control(page, "target")
    driving.unfold(menu)
    menu.focus()
    reached = []
    for _ in range(3):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("() => document.activeElement.name || document.activeElement.ariaLabel"))
    assert reached == ["conditional", "Add a mode", "target.modes.0.position"]
    lines = page.evaluate(
        """() => ["[name=conditional]", "[aria-label='Add a mode']", "[name='target.modes.0.position']"]
            .map(selector => document.querySelector(selector).getBoundingClientRect().bottom)"""
    )
    assert max(lines[:2]) < lines[2]


def pasted(page: Any, text: str) -> None:
    page.locator(NUMBERS).evaluate(
        """(field, text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            field.select();
            field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }""",
        text,
    )


def test_pasted_numbers_with_a_bad_row_are_not_lost(open_page: Any) -> None:
    page = open_page("#target=samples")
    driving.wait_until_ready(page)
    driving.wait_for_config(page, "target.kind", "samples")
    before = target(page)["values"]
    text = "height\n" + "".join(f"{170 + i % 7}\n" for i in range(15)) + "abc\n181\n"
    pasted(page, text)
    control = page.locator(".control[data-path='target.values']")
    expect(control.locator(".control-error")).to_have_text("Expected a number in row 17, but got “abc”.")
    expect(control.locator(".numbers-said")).to_contain_text("16 numbers under “height”")
    assert target(page)["values"] == before
    control.get_by_role("button", name="Use the 16 valid numbers").click()
    driving.wait_for_config(page, "target.values", [*(170 + i % 7 for i in range(15)), 181])
    assert page.locator(NUMBERS).input_value() == text


def test_an_uploaded_table_asks_for_its_column(open_page: Any) -> None:
    page = open_page("#target=samples")
    driving.wait_until_ready(page)
    driving.wait_for_config(page, "target.kind", "samples")
    table = "age;cm\n" + "".join(f"{20 + i};{170 + i},5\n" for i in range(12))
    page.locator("input[type=file]").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": table.encode()}
    )
    columns = page.get_by_label("Column to read")
    expect(columns.locator("option")).to_have_text(["age", "cm"])
    columns.select_option("cm")
    page.get_by_role("button", name="Use this column").click()
    driving.wait_for_config(page, "target.values", [170.5 + i for i in range(12)])


def test_two_thousand_numbers_fit_into_the_link(open_page: Any) -> None:
    page = open_page("#target=samples")
    driving.wait_until_ready(page)
    driving.wait_for_config(page, "target.kind", "samples")
    values = [((i * 7919) % 2000) / 3 for i in range(2000)]
    pasted(page, "\n".join(map(repr, values)))
    driving.wait_for_config(page, "target.values", values)
    page.wait_for_function("() => location.hash.length > 20000")
    page.locator("#share").click()
    expect(page.locator("#share-dialog")).to_contain_text("characters, because the numbers are in it")
    other = open_page(page.url)
    driving.wait_until_ready(other)
    driving.wait_for_config(other, "target.kind", "samples")
    driving.wait_for_config(other, "target.values", values)


def test_fixed_points_bring_their_own_distance(page: Any) -> None:
    driving.wait_until_ready(page)
    reading = page.locator("[data-metric=points_wasserstein1]")
    expect(reading).to_be_hidden()
    driving.type_value(page, "training_points", "3")
    driving.wait_for_config(page, "training_points", 3)
    expect(reading).to_be_visible()
    assert float(reading.text_content()) > 0
    driving.type_value(page, "training_points", "0")
    expect(reading).to_be_hidden()


def dropped(page: Any, name: str, content: str, selector: str = "canvas[data-chart=losses]") -> None:
    """Drag a file over an element and drop it."""
    page.evaluate(
        """([name, content, selector]) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([content], name));
            const send = type => document.querySelector(selector)
                .dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
            send("dragenter");
            window.isHinted = !document.querySelector(".drop-hint").hidden;
            window.isTaken = !send("dragover") && !send("drop");
        }""",
        [name, content, selector],
    )
    assert page.evaluate("window.isHinted && window.isTaken")
    expect(page.locator(".drop-hint")).to_be_hidden()


@pytest.mark.parametrize("kind", ["samples", "gaussian_mixture"])
def test_a_file_dropped_anywhere_on_the_page_is_taken(open_page: Any, kind: str) -> None:
    page = open_page(f"#target={kind}")
    driving.wait_until_ready(page)
    driving.wait_for_config(page, "target.kind", kind)
    values = [170 + i for i in range(15)]
    dropped(page, "heights.csv", "height\n" + "\n".join(map(str, values)))
    driving.wait_for_config(page, "target.kind", "samples")
    driving.wait_for_config(page, "target.values", values)


def test_a_file_that_holds_no_numbers_is_refused_with_a_sentence(open_page: Any) -> None:
    page = open_page("#target=samples")
    driving.wait_until_ready(page)
    driving.wait_for_config(page, "target.kind", "samples")
    before = target(page)["values"]
    dropped(page, "letter.txt", "Dear all")
    expect(page.locator(".control[data-path='target.values'] .control-error")).to_contain_text("Expected")
    assert target(page)["values"] == before


def test_a_page_that_watches_refuses_a_file(open_page: Any) -> None:
    page = open_page("?readonly=1")
    driving.wait_until_ready(page)
    dropped(page, "heights.csv", "1\n2\n3")
    expect(page.locator("#notice")).to_contain_text("This page cannot change settings, so the file was not read.")


def test_each_kind_of_target_remembers_its_settings(open_page: Any) -> None:
    page = open_page("#target=samples")
    driving.wait_until_ready(page)
    driving.wait_for_config(page, "target.kind", "samples")
    own = [170 + i for i in range(12)]
    pasted(page, "\n".join(map(str, own)))
    driving.wait_for_config(page, "target.values", own)
    menu = page.locator('select[name="target"]')
    menu.select_option("gaussian_mixture")
    driving.wait_for_config(page, "target.kind", "gaussian_mixture")
    driving.type_value(page, "target.modes.0.position", "-1.5")
    driving.wait_for_config(page, "target.modes.0.position", -1.5)
    page.locator("#preset").select_option("textbook")
    driving.wait_until(page, lambda: driving.last_told(page)["preset"] == "textbook")
    menu.select_option("samples")
    driving.wait_for_config(page, "target.kind", "samples")
    driving.wait_for_config(page, "target.values", own)
    page.locator("#reset").click()
    menu.select_option("gaussian_mixture")
    driving.wait_for_config(page, "target.kind", "gaussian_mixture")
    menu.select_option("samples")
    driving.wait_for_config(page, "target.kind", "samples")
    driving.wait_for_config(page, "target.values", own)


def test_unfinished_text_survives_a_preset_a_reset_and_another_kind(open_page: Any) -> None:
    page = open_page("#target=samples")
    driving.wait_until_ready(page)
    driving.wait_for_config(page, "target.kind", "samples")
    text = "1\n2\nabc\n4"
    pasted(page, text)
    expect(page.locator(".control[data-path='target.values'] .control-error")).to_contain_text("abc")
    page.locator("#reset").click()
    page.locator("#preset").select_option("textbook")
    driving.wait_for_config(page, "target.kind", "gaussian_mixture")
    expect(page.locator(NUMBERS)).to_have_count(0)
    page.locator('select[name="target"]').select_option("samples")
    driving.wait_for_config(page, "target.kind", "samples")
    expect(page.locator(NUMBERS)).to_have_value(text)


def test_a_long_paste_is_read_like_a_file(open_page: Any) -> None:
    """A text field with a megabyte would block the page for a second."""
    page = open_page("#target=samples")
    driving.wait_until_ready(page)
    driving.wait_for_config(page, "target.kind", "samples")
    pasted(page, "\n".join(str(i % 34280) for i in range(45_000)))
    control = page.locator(".control[data-path='target.values']")
    expect(control.locator(".numbers-said")).to_have_text("45\u2009000 numbers, from 0 to 34279.", timeout=20_000)
    expect(page.locator(NUMBERS)).to_have_value("(pasted text)")
    control.get_by_role("button", name="Draw 2\u2009000 of them").click()
    driving.wait_until(page, lambda: len(target(page)["values"]) == 2000)
