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


README = Shot(name="docs/screenshot", ratio=1.5)
DECK = [
    Shot(name=f"examples/deck/{name}", address=f"?embed=1&controls=none{seed}", step=600, viewport=(960, 540))
    for name, seed in (("split", ""), ("again", "#seed=8"))
]
RECORDING = [
    Shot(name="docs/tutorials/lecture-page", address="#at=900", step=900, viewport=(1280, 720)),
    Shot(name="docs/tutorials/lecture-slide", address="?embed=1#at=1900", step=1900, viewport=(960, 540)),
    Shot(name="docs/tutorials/lecture-phone", address="#at=300", step=300, viewport=(390, 844)),
]
OF_RUN = {"Strip, PNG": "docs/strip.png", "Map, PNG": "docs/density.png"}
"""Button of a picture of a whole run → file."""
SIZES = {"laptop": (1280, 720), "desktop": (1920, 1080), "phone": (390, 844), "slide": (960, 540)}
ALL = [
    *(
        Shot(
            name=f"{size}-{theme}", theme=theme, viewport=viewport, whole_page=size == "phone",
            address=f"?embed=1&theme={theme}" if size == "slide" else "",
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
    page.evaluate("count => postMessage({ gan1d: 1, do: 'step', count }, '*')", shot.step)
    driving.wait_for_step(page, shot.step)
    page.mouse.move(0, 0)
    driving.let_frames_pass(page, 10)
    page.screenshot(path=path, full_page=shot.whole_page)
    context.close()


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


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the pictures of the page from a running one.")
    parser.add_argument("--all", metavar="DIR", type=Path, help="write the page in every size and theme to DIR")
    folder = parser.parse_args().all
    with run_server() as server, run_chromium() as browser:
        for shot in ALL if folder else [README, *DECK]:
            path = (folder or ROOT) / f"{shot.name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            take(browser, server, shot, path)
    if folder is None:
        with TemporaryDirectory() as directory, run_chromium() as browser:
            address = record_lecture(Path(directory))
            for shot in RECORDING:
                take_recording(browser, address, shot, ROOT / f"{shot.name}.png")
            save_pictures_of_run(browser, address)


if __name__ == "__main__":
    main()
