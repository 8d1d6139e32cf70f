"""The maps of docs/maps.md: sweeps whose results are in docs/maps/, and the numbers of the text.

    python -m benchmarks.maps --only rates           (makes the runs that docs/maps/rates.ndjson lacks)
    python -m benchmarks.maps --only rates --pictures    (draws docs/maps/rates.svg, with Chromium)
    gan1d map docs/maps/rates.ndjson                 (shows the map)

Each map is made by `gan1d sweep`, whose command is printed first. A map that was stopped goes on where it was.
"""

import argparse
import json
import shlex
import statistics
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from gan1d.cli import commands
from gan1d.config.model import Config
from gan1d.sweeps.axes import axis_of
from gan1d.sweeps.grid import Cell, Sweep
from gan1d.sweeps.results import read_results
from tests import tools

FOLDER = Path(__file__).parents[1] / "docs" / "maps"

RATES = [0.0001, 0.000316228, 0.001, 0.00316228, 0.01, 0.0316228, 0.1]
"""Two learning rates a decade."""
GAP, WIDTH = 2.0, 0.3
"""Distance between neighbouring modes of the map of widths, and the standard deviation of each."""


def modes(count: int) -> list[dict[str, float]]:
    """Modes at equal distances around 0, with equal weights."""
    return [{"position": GAP * (index - (count - 1) / 2), "width": WIDTH, "weight": 1.0} for index in range(count)]


@dataclass(frozen=True)
class Map:
    """A map.

    Attributes:
        changes: Settings that differ from the default, by config path.
        axes: Axes: config path → values.
        seeds: Runs of each cell.
        steps: Steps of each run.
    """

    changes: Mapping[str, Any]
    axes: Mapping[str, list[Any]]
    seeds: int = 16
    steps: int = 1500

    @property
    def sweep(self) -> Sweep:
        """The sweep."""
        config = Config()
        for path, value in self.changes.items():
            config = config.patched(path, value)
        axes = tuple(axis_of(path, values) for path, values in self.axes.items())
        return Sweep(base=config, axes=axes, seeds=self.seeds, steps=self.steps)

    def arguments(self, file: Path) -> list[str]:
        """Arguments of `gan1d` that make the map."""
        words = ["sweep"]
        for path, value in self.changes.items():
            words += ["--set", f"{path}={as_typed(value)}"]
        for path, values in self.axes.items():
            words += ["--axis", f"{path}={','.join(map(as_typed, values))}"]
        return [*words, "--seeds", str(self.seeds), "--steps", str(self.steps), "-o", str(file)]


def as_typed(value: Any) -> str:
    """A value as it is typed on the command line."""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


BASE: Mapping[str, Any] = {
    "batch_size": 64,
    "generator.optimizer.learning_rate": 0.001,
    "generator.optimizer.beta2": 0.9,
    "generator.rate_half_life": 1000,
}
"""Small batches, and for G an Adam whose rate falls slowly, so that an axis of rates means what it says."""

MAPS = {
    "rates": Map(
        BASE,
        {"generator.optimizer.learning_rate": RATES, "discriminator.optimizer.learning_rate": RATES},
        steps=1000,
    ),
    "r1": Map(
        BASE,
        {
            "penalty.gamma": [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100],
            "generator.optimizer.learning_rate": [0.0003, 0.001, 0.003, 0.01, 0.03],
        },
    ),
    "widths": Map(
        BASE,
        {
            "generator.hidden+discriminator.hidden": [[units] * 3 for units in (2, 4, 8, 16)],
            "target.modes": [modes(count) for count in (1, 2, 3, 5, 8)],
        },
        seeds=8,
    ),
    "updates": Map(
        {**BASE, "penalty": "none"},
        {
            "loss": [
                "non_saturating",
                "minimax",
                "least_squares",
                "hinge",
                "wasserstein",
                "wasserstein_gp",
                "relativistic_pairing",
            ],
            "discriminator_steps": [1, 2, 4, 8],
        },
        seeds=8,
    ),
}
"""Name of the file in docs/maps → the map."""


class Found:
    """Results of a map.

    Args:
        name: Its name.

    Attributes:
        sweep: The sweep.
        runs: Runs of each cell.
        seconds: Seconds of the processor of all runs.
    """

    def __init__(self, name: str) -> None:
        self.sweep, blocks, _ = read_results(file_of(name))
        self.runs: dict[Cell, list[dict[str, Any]]] = {cell: [] for cell in self.sweep.cells()}
        for block in blocks:
            self.runs[block.cell] += block.runs
        self.seconds = sum(block.seconds for block in blocks)

    def cells(self, holds: Callable[..., bool] = lambda *_: True) -> list[Cell]:
        """Cells for whose values on the axes a condition holds."""
        axes = self.sweep.axes
        return [
            cell for cell in self.runs if holds(*(axis.values[index] for axis, index in zip(axes, cell, strict=True)))
        ]

    def count(self, cells: Iterable[Cell], *outcomes: str) -> int:
        """Number of runs in some cells that ended with one of the outcomes."""
        return sum(run["outcome"] in outcomes for cell in cells for run in self.runs[cell])

    def fitted(self, cells: Iterable[Cell]) -> int:
        """Number of runs in some cells that fitted at some step."""
        return sum(run["fitted"] is not None for cell in cells for run in self.runs[cell])

    def error(self, cells: Iterable[Cell]) -> float:
        """Median error of the runs in some cells; a run that diverged is farthest."""
        runs = [run for cell in cells for run in self.runs[cell]]
        return statistics.median(float("inf") if run["error"] is None else run["error"] for run in runs)


@cache
def found(name: str) -> Found:
    """Results of a map."""
    return Found(name)


def file_of(name: str) -> Path:
    """The file of a map's results."""
    return FOLDER / f"{name}.ndjson"


def draw(name: str) -> None:
    """Draw the map of a file as the button of its page does, in light colours."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where it is installed

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        html = Path(folder) / "map.html"
        commands.main(["map", str(file_of(name)), "-o", str(html)])
        browser = playwright.chromium.launch(executable_path=tools.CHROMIUM)
        page = browser.new_page(color_scheme="light")
        page.goto(html.as_uri())
        page.locator("#map-save").wait_for()
        with page.expect_download() as download:
            page.locator("#map-save").click()
        download.value.save_as(FOLDER / f"{name}.svg")
        browser.close()


def parse_options() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=list(MAPS), default=list(MAPS), metavar="NAME")
    parser.add_argument("--pictures", action="store_true", help="draw the maps that have been made")
    return parser.parse_args()


def main() -> None:
    """Make or draw the chosen maps."""
    options = parse_options()
    for name in options.only:
        if options.pictures:
            draw(name)
            continue
        arguments = MAPS[name].arguments(file_of(name))
        print(shlex.join(["gan1d", *arguments]), flush=True)
        commands.main(arguments)


if __name__ == "__main__":
    main()
