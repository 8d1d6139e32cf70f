"""Targets that a reader makes: a density drawn by hand, and numbers of their own."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Final, Literal

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.distributions.base import Position, QuantileTarget
from gan1d.engine.distributions.modes import ModeInterval, mode_intervals_of
from gan1d.engine.distributions.piecewise_linear import PiecewiseLinearDensity
from gan1d.knobs import Knob

FARTHEST: Final = 1e9
"""Numbers of a reader's own lie between minus and plus this."""
FINEST: Final = 2.0**-48
"""Two numbers nearer to each other than this share of all their range are told apart by nobody."""
LEAST_SPREAD: Final = 1e-9
"""Numbers that are nearer to each other than this, compared with 1 and with their size, count as one."""


class PiecewiseLinearTarget(QuantileTarget):
    """What a target has whose density is a polygon."""

    @cached_property
    def piecewise_linear_density(self) -> PiecewiseLinearDensity:
        """The density."""
        raise NotImplementedError

    def pdf(self, x: ArrayLike) -> Float64:
        """Density at x, same shape."""
        return self.piecewise_linear_density.pdf(x)

    def cdf(self, x: ArrayLike) -> Float64:
        """Probability below x, same shape."""
        return self.piecewise_linear_density.cdf(x)

    def quantile(self, u: ArrayLike) -> Float64:
        """The x with probability u below it, 0 < u < 1, same shape."""
        return self.piecewise_linear_density.quantile(u)

    def support(self) -> tuple[float, float]:
        """From the first knot to the last: all of the mass."""
        return float(self.piecewise_linear_density.knots[0]), float(self.piecewise_linear_density.knots[-1])

    def mode_intervals(self) -> tuple[ModeInterval, ...]:
        """One for each peak that stands out, parted in the valleys between them."""
        return mode_intervals_of(self.piecewise_linear_density.knots, self.piecewise_linear_density.heights)


@dataclass(frozen=True, kw_only=True)
class DrawnDensity(PiecewiseLinearTarget):
    """Drawn: a density of your own. Draw it in the chart of the data, or set its heights one by one.

    Straight lines between heights on an even grid; the area is made 1, so only their ratios count.

    Raises:
        ValueError: All heights are 0.
    """

    kind: Literal["drawn"] = "drawn"
    centre: Position = 0.0
    half_width: Annotated[
        float,
        Knob(low=0.1, high=10.0, step=0.1, essential=True, drag="reach", help="From the centre to either end."),
    ] = 4.0
    heights: Annotated[
        tuple[Annotated[float, Knob(label="height", low=0.0, high=1.0, step=0.01)], ...],
        Knob(
            low=8,
            high=64,
            essential=True,
            drag="curve",
            help="Height of the density at even distances from one end to the other; only their ratios count.",
        ),
    ] = (
        0.0, 0.0, 0.01, 0.03, 0.08, 0.2, 0.42, 0.72, 0.95, 1.0, 0.86, 0.62, 0.4, 0.26, 0.2, 0.19,
        0.21, 0.26, 0.33, 0.41, 0.49, 0.54, 0.54, 0.48, 0.38, 0.27, 0.17, 0.09, 0.04, 0.02, 0.0, 0.0,
    )  # fmt: skip

    def __post_init__(self) -> None:
        if not any(self.heights):
            raise ValueError("Expected at least one height above 0, but got only zeros.")

    @cached_property
    def piecewise_linear_density(self) -> PiecewiseLinearDensity:
        """The density."""
        knots = self.centre + self.half_width * np.linspace(-1.0, 1.0, len(self.heights))
        return PiecewiseLinearDensity(knots, np.array(self.heights, np.float64))


@dataclass(frozen=True, kw_only=True)
class Samples(PiecewiseLinearTarget):
    """Your own numbers: pasted or from a CSV file. Fresh samples come from the density that smoothing makes of them;
    fixed training points are the numbers themselves.

    A triangular kernel on each number, with the standard deviation of Silverman's rule of thumb (Silverman 1986,
    Density Estimation, eq. 3.31) times `smoothing`. The sum of triangles is a polygon, so density, distribution
    function and its inverse are exact for it, and 2,000 numbers cost no more than a formula. The default: how many
    minutes the first 40 eruptions of Old Faithful lasted (Azzalini and Bowman 1990, Applied Statistics 39, 357-365).

    Raises:
        ValueError: All numbers are as good as the same: there is nothing to spread over the axis.
    """

    kind: Literal["samples"] = "samples"
    values: Annotated[
        tuple[Annotated[float, Knob(low=-FARTHEST, high=FARTHEST)], ...],
        Knob(label="numbers", low=10, high=2000, essential=True, help="One for each row, or with commas between them."),
    ] = (
        3.6, 1.8, 3.333, 2.283, 4.533, 2.883, 4.7, 3.6, 1.95, 4.35, 1.833, 3.917, 4.2, 1.75, 4.7, 2.167, 1.75, 4.8, 1.6,
        4.25, 1.8, 1.75, 3.45, 3.067, 4.533, 3.6, 1.967, 4.083, 3.85, 4.433, 4.3, 4.467, 3.367, 4.033, 3.833, 2.017,
        1.867, 4.833, 1.833, 4.783,
    )  # fmt: skip
    smoothing: Annotated[
        float,
        Knob(
            low=0.1,
            high=3.0,
            scale="log",
            essential=True,
            help="How wide each number is spread to make a density: 1 is Silverman's rule.",
        ),
    ] = 1.0
    standardise: Annotated[
        bool,
        Knob(essential=True, help="Learn the numbers in standard deviations from their mean, not in their own units."),
    ] = True

    def __post_init__(self) -> None:
        low, high = min(self.values), max(self.values)
        if high - low <= LEAST_SPREAD * max(1.0, abs(low), abs(high)):
            raise ValueError(f"Expected numbers that differ, but got {len(self.values)} times {low:g}.")

    @cached_property
    def places(self) -> Float64:
        """The numbers on the data axis, rising, `(n,)`."""
        values = np.sort(np.array(self.values, np.float64))
        return (values - values.mean()) / values.std() if self.standardise else values

    @cached_property
    def reach(self) -> float:
        """Half of the foot of the triangle on each number, in units of the data axis."""
        spread = self.places.std()
        low, high = np.quantile(self.places, [0.25, 0.75])
        # More than half of the numbers may be the same: then the quartiles say nothing of the spread.
        rule = min(spread, (high - low) / 1.34) or spread
        # A triangle from −r to r has the standard deviation r/√6.
        return float(math.sqrt(6) * 0.9 * rule * len(self.values) ** -0.2 * self.smoothing)

    @cached_property
    def piecewise_linear_density(self) -> PiecewiseLinearDensity:
        """The density: its slope changes by +1, −2, +1 (over n·reach²) at left foot, peak and right foot of each."""
        # On a grid far finer than anything drawn, numbers that are as good as the same are the same.
        start, unit = self.places[0], (self.places[-1] - self.places[0]) * FINEST
        peaks, foot = np.rint((self.places - start) / unit), max(np.rint(self.reach / unit), 1.0)
        bends = np.concatenate([peaks - foot, peaks, peaks + foot])
        changes = np.repeat([1, -2, 1], len(self.places))
        steps, which = np.unique(bends, return_inverse=True)
        knots = start + unit * steps
        # Whole numbers, so the slopes are exact, however many there are.
        slopes = np.cumsum(np.bincount(which, changes))[:-1]
        heights = np.concatenate([[0.0], np.cumsum(slopes * np.diff(knots))])
        heights[-1] = 0.0
        return PiecewiseLinearDensity(knots, np.maximum(heights, 0.0))

    def sample(self, rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64) -> Array:
        """`count` draws of the smoothed density, `(count,)`: one of the numbers, and a triangular error on it."""
        chosen = self.places[rng.integers(0, len(self.places), count)]
        first, second = rng.random((2, count))
        return np.asarray(chosen + self.reach * (first - second), dtype)

    def points(self, rng: np.random.Generator, count: int) -> Float64:
        """A training set: `count` of the numbers themselves, chosen at random, or all of them if that is fewer."""
        return rng.permutation(self.places)[:count]
