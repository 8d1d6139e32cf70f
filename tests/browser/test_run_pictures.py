"""Pictures of a whole run: a strip, a map of densities, and films, from the live page and from a recording."""

import base64
import re
import struct
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from playwright.sync_api import expect

import gan1d
from tests.browser import driving
from tests.browser.test_stills import SVG

LAST = 40


@pytest.fixture
def page(open_page: Callable[..., Any]) -> Any:
    """A run of `LAST` steps, with the dialog open."""
    page = open_page("#seed=3", accept_downloads=True)
    driving.wait_until_ready(page)
    page.evaluate("count => postMessage({ gan1d: 1, do: 'step', count }, '*')", LAST)
    driving.wait_for_step(page, LAST)
    open_dialog(page)
    return page


def open_dialog(page: Any) -> None:
    page.locator("#share").click()
    page.locator("#film-size option").first.wait_for(state="attached")


def save(page: Any, name: str, path: Path) -> str:
    with page.expect_download() as download:
        page.get_by_role("button", name=name, exact=True).click()
    download.value.save_as(path)
    return str(download.value.suggested_filename)


def words_in(path: Path) -> list[str]:
    return [element.text or "" for element in ElementTree.parse(path).iter(f"{SVG}text")]


def pixels_of(page: Any, path: Path, points: list[tuple[int, int]]) -> list[list[int]]:
    """The colours of a PNG at some pixels, in RGBA."""
    return page.evaluate(
        """async ([data, points]) => {
            const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
            const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
            const ctx = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
            ctx.drawImage(picture, 0, 0);
            return points.map(([x, y]) => [...ctx.getImageData(x, y, 1, 1).data]);
        }""",
        [base64.b64encode(path.read_bytes()).decode(), points],
    )


def test_a_strip_has_a_panel_for_each_step(page: Any, tmp_path: Path) -> None:
    before = driving.state(page)
    other_runs = page.locator("#runs .kept-run").count()
    png, svg = tmp_path / "strip.png", tmp_path / "strip.svg"
    assert save(page, "Strip, PNG", png) == "gan1d-default-strip-0-40.png"
    # Words, a row of panels and the link: 104, 374 and 42.
    assert struct.unpack(">II", png.read_bytes()[16:24]) == (2 * 1280, 2 * 520)
    page.locator("#strip-count").fill("5")
    save(page, "Strip, SVG", svg)
    words = words_in(svg)
    assert {"Two modes", "steps 0 to 40   seed 3", "step 0", "step 10", "step 20", "step 30", "step 40"} <= set(words)
    assert sum(word == "D*" for word in words) == 5
    assert any(word.endswith("#seed=3") for word in words)
    expect(page.locator("#share-dialog")).to_contain_text("gan1d-default-strip-0-40.svg: saved")
    assert driving.state(page) == before, "the page shows what it showed"
    assert page.locator("#runs .kept-run").count() == other_runs


def test_the_map_is_dark_where_the_samples_are(page: Any, tmp_path: Path) -> None:
    png, svg = tmp_path / "map.png", tmp_path / "map.svg"
    page.locator("#picture-to").fill("10")
    page.locator("#pictures-printed").check()
    assert save(page, "Map, PNG", png) == "gan1d-default-density-0-10.png"
    save(page, "Map, SVG", svg)
    words = words_in(svg)
    assert {"steps 0 to 10   seed 3", "modes", "G at step 10", "step"} <= set(words)
    _, picture = ElementTree.parse(svg).iter(f"{SVG}image")
    left, top, width, height = (float(picture.get(name, "")) for name in ("x", "y", "width", "height"))
    # The map lies 32 to the right and 122.2 below the corner of the sheet, at two device pixels each.
    column = [
        (round(2 * (32 + left + width / 2)), round(2 * (122.2 + top + height * row / 50))) for row in range(1, 50)
    ]
    darkness = [765 - sum(color[:3]) for color in pixels_of(page, png, column)]
    # G is nearly constant after 5 steps: most of the axis is white, and somewhere it is dense.
    assert sorted(darkness)[len(darkness) // 2] <= 3
    assert max(darkness) > 300


DECODE = """async ([data, type, at]) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const decoder = new ImageDecoder({ data: bytes, type });
    await decoder.tracks.ready;
    const frames = [];
    for (const frameIndex of at) {
        const { image } = await decoder.decode({ frameIndex });
        const ctx = new OffscreenCanvas(image.displayWidth, image.displayHeight).getContext('2d');
        ctx.drawImage(image, 0, 0);
        frames.push([image.duration, ctx]);
    }
    globalThis.decoded = frames.map(([, ctx]) => ctx);
    return [decoder.tracks.selectedTrack.frameCount, frames.map(([duration]) => duration)];
}"""

COMPARE = """async ([steps]) => {
    const load = (name) => import(`./js/${name}.js`);
    const names = ['stills/steps', 'stills/sheet', 'stills/film', 'stills/files', 'live', 'page/canvases'];
    const modules = await Promise.all(names.map(load));
    const { openSteps, drawSheet, SIZES, pixelPicture, createSource, mountCanvases } = Object.assign({}, ...modules);
    const session = new URL(document.querySelector('#share-watch').value).searchParams.get('session');
    const create = (receiver) => createSource({ page: document, session, notice() {} }, receiver);
    const run = await openSteps(create, new AbortController().signal);
    const canvases = mountCanvases(document.querySelector('.story'), { invalidate() {} });
    const theme = canvases.theme(false);
    canvases.destroy();
    const { sheet } = SIZES.small;
    const words = { title: '', settings: '', diagnosis: '', link: '' };
    // Beneath the words: the charts.
    const place = [0, sheet.top, sheet.width, sheet.height - sheet.top - sheet.foot];
    const found = [];
    for (const [i, step] of steps.entries()) {
        const { surface } = pixelPicture(document, sheet);
        drawSheet(surface, await run.show(step), theme, words, sheet);
        const drawn = surface.ctx.getImageData(...place).data;
        const decoded = globalThis.decoded[i].getImageData(...place).data;
        const differences = decoded.map((value, k) => Math.abs(value - drawn[k]));
        found.push([differences.reduce((sum, value) => sum + value) / drawn.length, Math.max(...new Set(differences))]);
    }
    run.close();
    return found;
}"""


def test_a_gif_holds_the_frames_of_its_steps(page: Any, tmp_path: Path) -> None:
    path = tmp_path / "film.gif"
    page.locator("#film-every").fill("4")
    page.locator("#picture-from").fill("20")
    assert save(page, "Film, GIF", path) == "gan1d-default-film-20-40.gif"
    data = base64.b64encode(path.read_bytes()).decode()
    count, durations = page.evaluate(DECODE, [data, "image/gif", [0, 2, 5]])
    # Steps 20, 24, …, 40, a twentieth of a second each; the last one rests for 1.5 s more.
    assert (count, durations) == (6, [50_000, 50_000, 1_550_000])
    differences = page.evaluate(COMPARE, [[20, 28, 40]])
    assert max(mean for mean, _ in differences) < 0.3
    assert max(largest for _, largest in differences) < 40
    assert page.evaluate(COMPARE, [[40]])[0][1] > 150, "another step is another picture"


def test_a_webm_plays_for_as_long_as_its_frames(page: Any, tmp_path: Path) -> None:
    path = tmp_path / "film.webm"
    page.locator("#film-every").fill("2")
    page.locator("#film-rate").select_option("10")
    assert save(page, "Film, WebM", path) == "gan1d-default-film-0-40.webm"
    # The policy of the page allows no video.
    elsewhere = page.context.new_page()
    duration, width, dark = elsewhere.evaluate(
        """async (data) => {
            const video = document.createElement('video');
            video.muted = true;
            video.src = `data:video/webm;base64,${data}`;
            await new Promise((ready, failed) => Object.assign(video, { oncanplaythrough: ready, onerror: failed }));
            video.currentTime = 1.95;
            await new Promise((ready) => (video.onseeked = ready));
            const ctx = new OffscreenCanvas(video.videoWidth, video.videoHeight).getContext('2d');
            ctx.drawImage(video, 0, 0);
            const pixels = ctx.getImageData(0, 52, video.videoWidth, 280).data;
            return [video.duration, video.videoWidth, pixels.filter((value, i) => i % 4 < 3 && value < 60).length];
        }""",
        base64.b64encode(path.read_bytes()).decode(),
    )
    assert duration == pytest.approx(2.1)
    assert width == 640
    assert dark > 1000, "the curve of D is black"


def test_a_film_can_be_cancelled(page: Any) -> None:
    page.locator("#film-every").fill("1")
    page.locator("#film-size").select_option("large")
    page.get_by_role("button", name="Film, GIF", exact=True).click()
    cancel = page.locator("#share-dialog").get_by_role("button", name="Cancel")
    expect(page.locator("#share-dialog progress")).to_be_visible()
    cancel.click()
    expect(page.locator("#share-dialog")).to_contain_text("Cancelled.")
    expect(cancel).to_be_hidden()


def test_a_recording_makes_the_same_pictures_without_a_server(chromium: Any, tmp_path: Path) -> None:
    file = gan1d.record(gan1d.presets["default"].config.patched("seed", 3), tmp_path / "run.html", steps=LAST, every=5)
    context = chromium.new_context(offline=True, accept_downloads=True)
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(file.as_uri())
    driving.wait_until_ready(page)
    open_dialog(page)
    for name in ("Strip, PNG", "Strip, SVG", "Map, SVG", "Film, GIF", "Film, WebM"):
        saved = save(page, name, tmp_path / "saved")
        assert re.fullmatch(r"gan1d-default-(strip|density|film)-0-40\.(png|svg|gif|webm)", saved)
        if name == "Strip, SVG":
            # 13.3 and 26.7 are nearest to 15 and 25 of the steps that were recorded.
            assert {"step 0", "step 15", "step 25", "step 40"} <= set(words_in(tmp_path / "saved"))
    assert (tmp_path / "saved").read_bytes().startswith(b"\x1aE\xdf\xa3")
    context.close()
    assert faults == []
