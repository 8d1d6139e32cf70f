"""Targets of the user's own: a drawn density, and a list of numbers."""

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated, Final, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.distributions.base import DataPosition, QuantileTarget
from gan1d.engine.distributions.modes import ModeInterval, mode_intervals_of
from gan1d.engine.distributions.piecewise_linear import PiecewiseLinearDensity
from gan1d.engine.units import IDENTITY, Units
from gan1d.knobs import Knob

LARGEST_NUMBER: Final = 1e300
"""Largest absolute value of a user's number; the range of two such numbers is still a double."""

RELATIVE_RESOLUTION: Final = 2.0**-48
"""Numbers closer to each other than this share of their range are treated as equal."""


NARROWEST_CENTRE: Final = 1e-10
"""Smallest share of the range that the central 90 % of different numbers may fill, so that doubles tell them apart."""


class PiecewiseLinearTarget(QuantileTarget):
    """A target with a piecewise linear density."""

    @cached_property
    def density_units(self) -> Units:
        """Units of the knots of `piecewise_linear_density`; x by default."""
        return IDENTITY

    @cached_property
    def piecewise_linear_density(self) -> PiecewiseLinearDensity:
        """The density, normalized, in `density_units`."""
        raise NotImplementedError

    def pdf(self, x: ArrayLike) -> Float64:
        """Density at x, same shape."""
        units = self.density_units
        return self.piecewise_linear_density.pdf(units.standardize(np.asarray(x, np.float64))) / units.scale

    def cdf(self, x: ArrayLike) -> Float64:
        """Probability below x, same shape."""
        return self.piecewise_linear_density.cdf(self.density_units.standardize(np.asarray(x, np.float64)))

    def quantile(self, u: ArrayLike) -> Float64:
        """Inverse of `cdf` for 0 < u < 1, same shape."""
        return np.asarray(self.density_units.to_x(self.piecewise_linear_density.quantile(u)))

    def support(self) -> tuple[float, float]:
        """Interval from the first knot to the last, which holds all of the mass."""
        low, high = self.density_units.to_x(self.piecewise_linear_density.knots[[0, -1]]).tolist()
        return low, high

    def mode_intervals(self) -> tuple[ModeInterval, ...]:
        """One mode for each prominent peak, separated in the valleys between them."""
        density = self.piecewise_linear_density
        return mode_intervals_of(self.density_units.to_x(density.knots), density.heights)


@dataclass(frozen=True, kw_only=True)
class DrawnDensity(PiecewiseLinearTarget):
    """Drawn: a density of your own. Draw it in the data chart, or set its heights one by one.

    Linear between equally spaced heights, and scaled to an area of 1, so that only the ratios of the heights count.

    Raises:
        ValueError: All heights are 0.
    """

    kind: Literal["drawn"] = "drawn"
    # A height of 0 is seen too, so that it can be drawn.
    has_tails = False
    centre: DataPosition = 0.0
    half_width: Annotated[
        float, Knob(low=0.1, high=10.0, step=0.1, essential=True, drag="width", help="From the centre to each end.")
    ] = 4.0
    heights: Annotated[
        tuple[Annotated[float, Knob(label="height", low=0.0, high=1.0, step=0.01)], ...],
        Knob(
            low=8,
            high=64,
            essential=True,
            drag="curve",
            help="Heights of the density at equal distances from one end to the other. Only their ratios count.",
        ),
    ] = (
        0.0, 0.0, 0.01, 0.03, 0.08, 0.2, 0.42, 0.72, 0.95, 1.0, 0.86, 0.62, 0.4, 0.26, 0.2, 0.19,
        0.21, 0.26, 0.33, 0.41, 0.49, 0.54, 0.54, 0.48, 0.38, 0.27, 0.17, 0.09, 0.04, 0.02, 0.0, 0.0,
    )  # fmt: skip

    def __post_init__(self) -> None:
        if not any(self.heights):
            raise ValueError("Expected at least one height above 0, but got only zeros.")

    def in_units(self, units: Units) -> Self:
        """The distribution of u = (x − location)/scale."""
        return replace(self, centre=units.standardize(self.centre), half_width=self.half_width / units.scale)

    @cached_property
    def piecewise_linear_density(self) -> PiecewiseLinearDensity:
        """The density, normalized, in units of x."""
        knots = self.centre + self.half_width * np.linspace(-1.0, 1.0, len(self.heights))
        return PiecewiseLinearDensity(knots, np.array(self.heights, np.float64))

    def mode_intervals(self) -> tuple[ModeInterval, ...]:
        """One mode for each prominent peak, separated in the valleys between them."""
        # The heights as drawn: rounding of normalized heights could give another number of modes in other units.
        return mode_intervals_of(self.piecewise_linear_density.knots, self.heights)


@dataclass(frozen=True, kw_only=True)
class Samples(PiecewiseLinearTarget):
    """Your own numbers: pasted, or from a CSV file. Fresh samples come from a smoothed density of the numbers; fixed
    training samples are the numbers themselves.

    A kernel density estimate: a triangle on each number, with the standard deviation of Silverman's rule of thumb
    (Silverman 1986, Density Estimation, eq. 3.31) times `smoothing`. The sum of triangles is piecewise linear, so
    density, distribution function and quantiles are exact, and as fast for 2,000 numbers as for a closed form. The
    default numbers are the durations, in minutes, of the first 40 eruptions of Old Faithful (Haerdle 1991, Smoothing
    Techniques: With Implementation in S).

    Raises:
        ValueError: All numbers are equal, or nearly so beside one that is far away.
    """

    kind: Literal["samples"] = "samples"
    values: Annotated[
        tuple[Annotated[float, Knob(low=-LARGEST_NUMBER, high=LARGEST_NUMBER)], ...],
        Knob(label="numbers", low=10, high=2000, essential=True, help="One number per line, or separated by commas."),
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
            help="How widely each number is spread to make a density. 1 is Silverman's rule of thumb.",
        ),
    ] = 1.0

    def __post_init__(self) -> None:
        low, high = min(self.values), max(self.values)
        if low == high:
            raise ValueError(f"Expected numbers that differ, but got {len(self.values)} times {low:g}.")
        first, last = np.quantile(self.sorted_values, [0.05, 0.95]).tolist()
        if 0 < last - first < NARROWEST_CENTRE * (high - low):
            farthest = low if first - low > high - last else high
            raise ValueError(
                f"Expected numbers of comparable size, but got {farthest:g}, beside which 90 % of them, from {first:g} "
                f"to {last:g}, are nearly equal; leave it out if it stands for a missing value."
            )

    def in_units(self, units: Units) -> Self:
        """The distribution of u = (x − location)/scale."""
        moved = replace(self, values=tuple(units.standardize(np.array(self.values, np.float64)).tolist()))
        # Beside an outlier the other numbers may become equal by rounding, and the rule of the width another one.
        vars(moved)["kernel_half_width"] = self.kernel_half_width
        vars(moved)["piecewise_linear_density"] = self.piecewise_linear_density
        return moved

    @cached_property
    def sorted_values(self) -> Float64:
        """The numbers, increasing, `(n,)`."""
        return np.sort(np.array(self.values, np.float64))

    @cached_property
    def density_units(self) -> Units:
        """Units in which the numbers lie between 0 and 1, so that no square or slope leaves the range of a double."""
        low, high = self.sorted_values[[0, -1]].tolist()
        return Units(low, high - low)

    @cached_property
    def kernel_half_width(self) -> float:
        """Half of the base of the triangle on each number, in `density_units`."""
        values = self.density_units.standardize(self.sorted_values)
        spread, (low, high) = values.std(), np.quantile(values, [0.25, 0.75])
        # The quartiles are equal if more than half of the numbers are.
        rule = min(spread, (high - low) / 1.34) or spread
        # A symmetric triangle of half-width r has the standard deviation r/√6.
        return float(math.sqrt(6) * 0.9 * rule * len(self.values) ** -0.2 * self.smoothing)

    @cached_property
    def piecewise_linear_density(self) -> PiecewiseLinearDensity:
        """The density, normalized, in `density_units`.

        Each triangle changes the slope by +1, −2 and +1, in units of 1/(n·kernel_half_width²), at its left end, its
        peak and its right end.
        """
        # Nearly equal numbers are rounded to the same point of a grid far finer than a pixel.
        unit = RELATIVE_RESOLUTION
        peaks = np.rint(self.density_units.standardize(self.sorted_values) / unit)
        half_width = max(np.rint(self.kernel_half_width / unit), 1.0)
        bends = np.concatenate([peaks - half_width, peaks, peaks + half_width])
        changes = np.repeat([1, -2, 1], len(peaks))
        steps, which = np.unique(bends, return_inverse=True)
        knots = unit * steps
        # The changes are integers, so their sums are exact.
        slopes = np.cumsum(np.bincount(which, changes))[:-1]
        heights = np.concatenate([[0.0], np.cumsum(slopes * np.diff(knots))])
        heights[-1] = 0.0
        return PiecewiseLinearDensity(knots, np.maximum(heights, 0.0))

    def sample(self, rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64) -> Array:
        """`count` random samples of the density, `(count,)`: one of the numbers plus triangular noise."""
        chosen = self.sorted_values[rng.integers(0, len(self.sorted_values), count)]
        first, second = rng.random((2, count))
        half_width = self.density_units.scale * self.kernel_half_width
        return np.asarray(chosen + half_width * (first - second), dtype)

    def training_samples(self, rng: np.random.Generator, count: int) -> Float64:
        """A fixed training set: `count` of the numbers, chosen at random, or all of them if there are fewer."""
        return rng.permutation(self.sorted_values)[:count]
