"""How often the default fits targets of any place, scale and shape, and how well.

    python -m benchmarks.places_and_scales --quoted --write --keep runs.jsonl

Two sets of forty targets: settings were chosen on the first, figures are quoted from the second, with other shapes and
other seeds. Each target is a shape moved and stretched to a place and a scale of its list. A run fits if it meets the
criterion `Converged` within 1,500 steps; its late error is the median of the last 200 steps. `error` is Wasserstein-1
over the standard deviation of the target. With `--keep`, the runs of each target become a line of a file, and targets
that are already there are not repeated, so that a long measurement may be stopped and continued.
"""

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path
from statistics import median

import numpy as np

import gan1d
from benchmarks.convergence import changed
from benchmarks.document_tables import fill
from gan1d.config.model import Config
from gan1d.diagnosis.trajectory import Trajectory, record_trajectories
from gan1d.engine.distributions.gaussian_mixture import Mode
from gan1d.engine.distributions.targets import (
    DrawnDensity,
    Exponential,
    GaussianMixture,
    Laplace,
    Samples,
    StudentT,
    Target,
    Triangular,
    UniformTarget,
)
from gan1d.engine.units import Units
from gan1d.gallery.criteria import Converged

STEPS = 1500
LATE = 200
"""Steps at the end of a run whose median error is its late error."""
GOOD = 0.08
"""Late error of a good fit."""

DOCUMENT = Path(__file__).parents[1] / "docs" / "gallery.md"
HEAD = (
    "| target · scale + place | fit by 1,500 | median step | late error, median | 95 % | below .08 |\n"
    "|---|---|---|---|---|---|"
)

CHOSEN_PLACES = ((0.0, 1.0), (5.0, 0.3), (200.0, 1.0), (-200.0, 3.0), (0.0, 1e-3), (1e6, 1.0), (0.0, 1e6))
QUOTED_PLACES = (
    (0.0, 1.0),
    (200.0, 1.0),
    (-200.0, 1.0),
    (0.0, 1e-3),
    (1e6, 1.0),
    (-40.0, 0.2),
    (1e-3, 1e-9),
    (0.0, 1e6),
)
"""Places and scales of the targets, in turn."""
FIRST_QUOTED_SEED = 9_100_000
"""Seeds from here on were not used to choose settings."""


def mixture(*modes: tuple[float, float, float]) -> GaussianMixture:
    """Gaussians by position, width and weight."""
    return GaussianMixture(modes=tuple(Mode(position=x, width=width, weight=weight) for x, width, weight in modes))


def drawn(*heights: float) -> DrawnDensity:
    """A drawn density."""
    return DrawnDensity(heights=heights)


def numbers(values: Sequence[float], smoothing: float = 1.0) -> Samples:
    """Own numbers."""
    return Samples(values=tuple(values), smoothing=smoothing)


def chosen_shapes() -> Iterator[tuple[str, Target]]:
    """Shapes on which settings were chosen."""
    yield "two modes", GaussianMixture()
    yield "one mode", mixture((0, 1, 1))
    yield "Laplace", Laplace()
    for freedom in (2.0, 3.0, 6.0):
        yield f"Student t, {freedom:g}", StudentT(freedom=freedom)
    yield "uniform", UniformTarget()
    yield "exponential", Exponential()
    yield "triangular", Triangular()
    yield "drawn", DrawnDensity()
    yield "drawn, rising", drawn(*np.linspace(0, 1, 16) ** 2)
    yield "drawn, two blocks", drawn(*[1.0] * 4, *[0.0] * 8, *[0.6] * 6)
    yield "eruptions", Samples()
    yield "dice", numbers([*range(1, 7)] * 40)
    rng = np.random.default_rng(1)
    yield "lognormal numbers", numbers(rng.lognormal(0, 0.6, 300))
    yield "rounded numbers", numbers(np.round(rng.normal(170, 8, 200)))
    yield "(-5, 3), .3, .8/.2", mixture((-5, 0.3, 0.8), (3, 0.3, 0.2))
    yield "(-8, -5)", mixture((-8, 0.5, 0.5), (-5, 0.5, 0.5))
    yield "three unequal", mixture((-3, 0.5, 0.6), (0, 0.5, 0.3), (3, 0.5, 0.1))
    yield "narrow and wide", mixture((-1, 0.2, 0.4), (2, 1.5, 0.6))
    for index in range(20):
        yield f"mixture {index}", random_mixture(np.random.default_rng([1, index]))


def quoted_shapes() -> Iterator[tuple[str, Target]]:
    """Shapes from which figures are quoted. No mixture, drawing or list of numbers was used to choose settings."""
    rng = np.random.default_rng(3)
    yield "one mode", mixture((7, 0.2, 1))
    yield "Laplace", Laplace(position=3, scale=0.3)
    yield "two modes, .75/.25", mixture((-4, 0.3, 0.75), (4, 0.5, 0.25))
    yield "two modes, on one side", mixture((-9, 0.4, 0.35), (-6, 0.6, 0.65))
    for freedom in (2.2, 2.8, 3.5, 5.0):
        yield f"Student t, {freedom:g}", StudentT(freedom=freedom)
    yield "uniform", UniformTarget()
    yield "exponential", Exponential()
    yield "triangular, falling", Triangular(rise=0.1, fall=3)
    for index in range(4):
        yield f"drawn {index}", drawn(*np.convolve(rng.random(24) ** 3, [0.25, 0.5, 0.25], "same"))
    yield "drawn, a hole", drawn(*[1.0] * 6, *[0.02] * 5, *[1.0] * 5)
    yield "gamma numbers", numbers(rng.gamma(1.5, 1.0, 400))
    yield "lognormal numbers", numbers(rng.lognormal(0, 0.5, 250))
    yield "normal numbers", numbers(rng.normal(0, 1, 80))
    yield "groups of numbers", numbers([*rng.normal(12, 1, 90), *rng.normal(21, 2, 60), *rng.normal(30, 1, 50)])
    yield "counts", numbers(rng.poisson(4.0, 300).astype(float))
    for index in range(19):
        yield f"mixture {index}", random_mixture(np.random.default_rng([3, index]))


def random_mixture(rng: np.random.Generator) -> GaussianMixture:
    """One to three Gaussians at random; the lightest has a tenth of the mass or more."""
    count = int(rng.integers(1, 4))
    weights = 0.1 + rng.dirichlet(np.ones(count)) * (1 - 0.1 * count)
    positions = np.cumsum(rng.uniform(1.5, 5, count))
    return mixture(*zip(positions.tolist(), rng.uniform(0.25, 1.2, count).tolist(), weights.tolist(), strict=True))


def targets(is_quoted: bool) -> dict[str, Target]:
    """Forty targets by name, each at a place and a scale."""
    shapes, places = (quoted_shapes(), QUOTED_PLACES) if is_quoted else (chosen_shapes(), CHOSEN_PLACES)
    return {
        f"{name} · {scale:g} + {place:g}": shape.in_units(Units(-place / scale, 1 / scale))
        for (name, shape), (place, scale) in zip(shapes, cycle(places), strict=False)
    }


@dataclass(frozen=True, kw_only=True)
class Row:
    """The runs of one target.

    Attributes:
        name: The target.
        found: Step at which each run fitted; None for one that did not.
        late: Late error of each run.
    """

    name: str
    found: Sequence[int | None]
    late: Sequence[float]


def late_error(trajectory: Trajectory) -> float:
    """Median error of the last `LATE` steps; infinite for a run that diverged."""
    errors = [each.error for each in trajectory.observations if each.step > STEPS - LATE]
    return median(errors) if errors and trajectory.diverged is None else float("inf")


def measure(config: Config, target: Target, name: str, seeds: Sequence[int]) -> Row:
    """Train one target with every seed."""
    placed = config.model_copy(update={"target": target})
    runs = record_trajectories([placed.patched("seed", seed) for seed in seeds], STEPS)
    return Row(name=name, found=[Converged().shown(run) for run in runs], late=[late_error(run) for run in runs])


def line(row: Row) -> str:
    """One target in the table."""
    steps = sorted(step for step in row.found if step is not None)
    middle = f"{steps[len(steps) // 2]}" if steps else "–"
    late = np.percentile(row.late, [50, 95])
    good = sum(error < GOOD for error in row.late)
    return (
        f"| {row.name} | {len(steps)}/{len(row.found)} | {middle} | {late[0]:.3f} | {late[1]:.3f} "
        f"| {good}/{len(row.late)} |"
    )


def summary(rows: Sequence[Row]) -> str:
    """All targets together."""
    found, late = [step for row in rows for step in row.found], np.array([error for row in rows for error in row.late])
    hits = sorted(step for step in found if step is not None)
    return (
        f"{len(hits)} of {len(found)} runs fit ({100 * len(hits) / len(found):.2f} %), half of them by step "
        f"{hits[len(hits) // 2]}, 95 % by {hits[int(0.95 * len(hits))]}. The late error is below .08 in "
        f"{100 * np.mean(late < GOOD):.1f} %, and its median {np.median(late):.3f}."
    )


def measured_or_kept(config: Config, target: Target, name: str, seeds: Sequence[int], file: Path | None) -> Row:
    """The runs of one target, from the file if they are there, else measured and added to it."""
    settings = config.model_copy(update={"target": target}).model_dump(mode="json")
    key = {"name": name, "seeds": list(seeds), "config": settings}
    lines = file.read_text("utf-8").splitlines() if file is not None and file.exists() else []
    for kept in map(json.loads, lines):
        if kept["key"] == key:
            return Row(**kept["row"])
    row = measure(config, target, name, seeds)
    if file is not None:
        with file.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps({"key": key, "row": asdict(row)}) + "\n")
    return row


def write(rows: Sequence[Row]) -> None:
    """Replace the summary and the table in the document."""
    everything = Row(
        name="**all**",
        found=[step for row in rows for step in row.found],
        late=[error for row in rows for error in row.late],
    )
    fill(DOCUMENT, "places", "\n".join([summary(rows), "", HEAD, *map(line, [*rows, everything])]))


def main() -> None:
    """Print a row for each target, and a line for all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quoted", action="store_true", help="the targets from which figures are quoted")
    parser.add_argument("--write", action="store_true", help="put the table into docs/gallery.md")
    parser.add_argument("--keep", type=Path, help="file of runs")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--preset", default="default", choices=list(gan1d.presets))
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE")
    given = parser.parse_args()
    config = changed(gan1d.presets[given.preset].config, given.set)
    first = FIRST_QUOTED_SEED if given.quoted else 0
    seeds, rows, start = range(first, first + given.seeds), list[Row](), time.monotonic()
    print(HEAD)
    for name, target in targets(given.quoted).items():
        rows.append(measured_or_kept(config, target, name, seeds, given.keep))
        print(line(rows[-1]), flush=True)
    print(f"\n{summary(rows)} ({time.monotonic() - start:.0f} s)")
    if given.write:
        write(rows)


if __name__ == "__main__":
    main()
