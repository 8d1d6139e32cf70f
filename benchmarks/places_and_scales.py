"""How often the default fits targets of any place, scale and shape, and how well.

    python -m benchmarks.places_and_scales --quoted --seeds 20

Two sets of forty targets: settings were chosen on the first, figures are quoted from the second, with other shapes and
other seeds. Each target is a shape moved and stretched to a place and a scale of its list. A run fits if it meets the
criterion `Converged` within 1,500 steps; its late error is the median of the last 200 steps. `error` is Wasserstein-1
over the standard deviation of the target.
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from statistics import median

import numpy as np

import gan1d
from benchmarks.convergence import changed
from gan1d.cli import check
from gan1d.config.model import Config
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
from gan1d.gallery.criteria import Converged, Trajectory
from gan1d.gallery.trajectory import record_trajectories

STEPS = 1500
LATE = 200
"""Steps at the end of a run whose median error is its late error."""

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
    """Shapes from which figures are quoted; none of them was used to choose settings."""
    yield "one mode at 5, .3", mixture((5, 0.3, 1))
    yield "Laplace(3, .3)", Laplace(position=3, scale=0.3)
    yield "(-5, 3), .3, .8/.2", mixture((-5, 0.3, 0.8), (3, 0.3, 0.2))
    yield "(-8, -5)", mixture((-8, 0.5, 0.5), (-5, 0.5, 0.5))
    for freedom in (2.0, 2.5, 4.0):
        yield f"Student t, {freedom:g}", StudentT(freedom=freedom)
    yield "uniform", UniformTarget()
    yield "exponential", Exponential()
    yield "triangular, even", Triangular(rise=1, fall=1.5)
    rng = np.random.default_rng(2)
    for index in range(5):
        yield f"drawn {index}", drawn(*np.convolve(rng.random(20) ** 3, [0.3, 0.4, 0.3], "same"))
    yield "drawn, falling", drawn(*np.linspace(1, 0, 12) ** 1.5)
    yield "gamma numbers", numbers(rng.gamma(2.0, 1.0, 400))
    yield "normal numbers", numbers(rng.normal(0, 1, 60))
    yield "two groups of numbers", numbers([*rng.normal(150, 5, 80), *rng.normal(185, 6, 120)])
    yield "counts", numbers(rng.poisson(3.0, 300).astype(float))
    for index in range(20):
        yield f"mixture {index}", random_mixture(np.random.default_rng([2, index]))


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
    return f"| {row.name} | {len(steps)}/{len(row.found)} | {middle} | {late[0]:.3f} | {late[1]:.3f} |"


def summary(rows: Sequence[Row]) -> str:
    """All targets together."""
    found, late = [step for row in rows for step in row.found], np.array([error for row in rows for error in row.late])
    hits = sorted(step for step in found if step is not None)
    return (
        f"{len(hits)}/{len(found)} fit ({len(hits) / len(found):.2%}), half of them by step {hits[len(hits) // 2]}, "
        f"95 % by {hits[int(0.95 * len(hits))]}; late error below .08 in {np.mean(late < 0.08):.1%}, "
        f"median {np.median(late):.3f}"
    )


def main() -> None:
    """Print a row for each target, and a line for all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quoted", action="store_true", help="the targets from which figures are quoted")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--preset", default="default", choices=list(gan1d.presets))
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE")
    given = parser.parse_args()
    config, first = (
        changed(gan1d.presets[given.preset].config, given.set),
        check.FIRST_FRESH_SEED if given.quoted else 0,
    )
    print("| target · scale + place | fit by 1,500 | median step | late error, median | 95 % |\n|---|---|---|---|---|")
    rows, start = list[Row](), time.monotonic()
    for name, target in targets(given.quoted).items():
        rows.append(measure(config, target, name, range(first, first + given.seeds)))
        print(line(rows[-1]), flush=True)
    print(f"\n{summary(rows)} ({time.monotonic() - start:.0f} s)")


if __name__ == "__main__":
    main()
