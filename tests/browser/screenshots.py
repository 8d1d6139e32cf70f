"""Make the pictures of the page from a running one.

`python -m tests.browser.screenshots` writes `docs/screenshot.png`, the pictures of the deck and those of a recording;
with `--all DIR` it writes the page in every size and theme to DIR, to look at.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import gan1d
from gan1d.cli import commands
from gan1d.recording.run_log import Change, End, RunLog
from tests.browser import driving
from tests.browser.running import run_chromium, run_server

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True)
class Shot:
    """A picture: address and step of the run, viewport in CSS pixels, and `ratio` of device pixels to CSS pixels."""

    name: str
    address: str = ""
    step: int = 60
    viewport: tuple[int, int] = (1440, 900)
    ratio: float = 1.0
    theme: str = "light"
    whole_page: bool = False


README = Shot(name="docs/screenshot", address="?view=lab", ratio=1.5)
VIEWS = [
    Shot(name="docs/learn", address="#lesson=two-networks&page=4", step=150, viewport=(1280, 720)),
    Shot(name="docs/stage", address="?view=stage", step=400, viewport=(1280, 720)),
]
DECK = [
    Shot(name=f"examples/deck/{name}", address=f"?embed=1&controls=none{seed}", step=600, viewport=(960, 540))
    for name, seed in (("split", ""), ("again", "#seed=8"))
]
RECORDING = [
    Shot(name="docs/tutorials/lecture-page", address="#at=900", step=900, viewport=(1280, 720)),
    Shot(name="docs/tutorials/lecture-slide", address="?embed=1#at=1900", step=1900, viewport=(960, 540)),
    Shot(name="docs/tutorials/lecture-phone", address="#at=300", step=300, viewport=(390, 844)),
]
COMPARISON = Shot(
    name="docs/tutorials/two-futures", address="#preset=mode_collapse&compare=penalty:r1&from=400&at=1500", step=1500,
    viewport=(1280, 800),
)  # fmt: skip
SLOW = Shot(name="docs/tutorials/one-step", address="?view=stage", step=400, viewport=(1280, 800))
SPECTRUM = Shot(name="docs/spectrum", address="?view=lab#preset=dropping_r1", step=600, viewport=(1280, 820))
GAME = Shot(name="docs/tutorials/why-gans-circle", address="?view=games#preset=circle", step=110, viewport=(1280, 720))
MAP = Shot(name="docs/map", viewport=(1280, 720))
"""The map of `docs/maps/rates.ndjson`."""
OF_RUN = {"Strip, PNG": "docs/strip.png", "Map, PNG": "docs/density.png"}
"""Button of a picture of a whole run → file."""
SIZES = {"laptop": (1280, 720), "desktop": (1920, 1080), "phone": (390, 844), "slide": (960, 540)}
ALL = [
    *(
        Shot(
            name=f"{size}-{theme}", theme=theme, viewport=viewport, whole_page=size == "phone",
            address=f"?embed=1&theme={theme}" if size == "slide" else "?view=lab",
        )
        for size, viewport in SIZES.items()
        for theme in ("light", "dark")
    ),
    Shot(name="labels", address="#conditional=true", viewport=SIZES["laptop"]),
    Shot(name="training-samples", address="#preset=memorization", viewport=SIZES["laptop"]),
    Shot(name="wasserstein", address="#loss=wasserstein", viewport=SIZES["laptop"]),
]  # fmt: skip


def take(browser: Any, server: str, shot: Shot, path: Path) -> None:
    """Open a page, take its steps, and write its picture."""
    size = {"width": shot.viewport[0], "height": shot.viewport[1]}
    context = browser.new_context(viewport=size, device_scale_factor=shot.ratio, color_scheme=shot.theme)
    page = context.new_page()
    page.goto(server + shot.address)
    driving.wait_until_ready(page)
    driving.let_frames_pass(page, 30)  # a lesson begins a run of its own
    if "at=" not in shot.address:
        page.evaluate("count => postMessage({ gan1d: 1, do: 'step', count }, '*')", shot.step)
    driving.wait_for_step(page, shot.step)
    if "compare=" in shot.address:
        page.locator(".metric-second").first.wait_for()
        page.wait_for_function("() => !document.querySelector('.second-state').textContent.includes('catching up')")
    if shot is SLOW:
        show_slowly(page)
    if shot is SPECTRUM:
        page.keyboard.press("e")
        page.locator(".spectrum-numbers dd").first.wait_for(timeout=60_000)
    page.mouse.move(0, 0)
    driving.let_frames_pass(page, 10)
    page.screenshot(path=path, full_page=shot.whole_page)
    context.close()


def show_slowly(page: Any) -> None:
    """Go to the phase in which the gradient comes back through D to the fakes."""
    page.keyboard.press("m")
    page.locator(".slow-count").get_by_text("phase 1 of").wait_for()
    while "through D" not in page.locator(".slow-motion h2").inner_text():
        page.keyboard.press(".")
        driving.let_frames_pass(page, 2)


def record_lecture(folder: Path) -> str:
    """The recording of the tutorial; its address."""
    log = RunLog(gan1d.presets["mode_collapse"].config, end=End(2000))
    log.add(Change(1000, {"penalty": "r1"}))
    log.bookmark(150, "All fakes run after one mode")
    log.bookmark(1000, "Now with a penalty on D's slope")
    return gan1d.record(log, folder / "collapse.html", title="Mode collapse and its cure").as_uri()


def take_recording(browser: Any, address: str, shot: Shot, path: Path) -> None:
    """Open a recording at a step, and write its picture."""
    context = browser.new_context(viewport={"width": shot.viewport[0], "height": shot.viewport[1]})
    page = context.new_page()
    page.goto(address + shot.address)
    driving.wait_for_step(page, shot.step)
    driving.let_frames_pass(page, 10)
    page.screenshot(path=path)
    context.close()


def save_pictures_of_run(browser: Any, address: str) -> None:
    """Have a recording save its strip and its map of densities, and write them."""
    context = browser.new_context(accept_downloads=True)
    page = context.new_page()
    page.goto(address)
    driving.wait_until_ready(page)
    page.locator("#share").click()
    page.locator("#film-size option").first.wait_for(state="attached")
    for name, file in OF_RUN.items():
        with page.expect_download() as download:
            page.get_by_role("button", name=name, exact=True).click()
        download.value.save_as(ROOT / file)
    context.close()


def take_map(browser: Any, folder: Path) -> None:
    """Write the picture of a map with a tile chosen; `benchmarks.maps` draws the maps themselves."""
    out = folder / "map.html"
    commands.main(["map", str(ROOT / "docs" / "maps" / "rates.ndjson"), "--out", str(out)])
    context = browser.new_context(viewport={"width": MAP.viewport[0], "height": MAP.viewport[1]})
    page = context.new_page()
    page.goto(out.as_uri())
    box = page.locator("#map").bounding_box()
    page.locator("#map").click(position={"x": box["width"] * 0.45, "y": box["height"] * 0.55})
    page.mouse.move(0, 0)
    driving.let_frames_pass(page, 10)
    page.screenshot(path=ROOT / f"{MAP.name}.png")
    context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the pictures of the page from a running one.")
    parser.add_argument("--all", metavar="DIR", type=Path, help="write the page in every size and theme to DIR")
    folder = parser.parse_args().all
    with run_server() as server, run_chromium() as browser:
        for shot in ALL if folder else [README, *VIEWS, *DECK, COMPARISON, SLOW, SPECTRUM, GAME]:
            path = (folder or ROOT) / f"{shot.name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            take(browser, server, shot, path)
    if folder is None:
        with TemporaryDirectory() as directory, run_chromium() as browser:
            address = record_lecture(Path(directory))
            for shot in RECORDING:
                take_recording(browser, address, shot, ROOT / f"{shot.name}.png")
            save_pictures_of_run(browser, address)
            take_map(browser, Path(directory))


if __name__ == "__main__":
    main()
