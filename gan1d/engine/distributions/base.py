"""What targets share: how they may be turned, and what follows from one function that they have."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.distributions.modes import ModeInterval
from gan1d.knobs import Knob

Position = Annotated[
    float, Knob(low=-10.0, high=10.0, step=0.05, essential=True, drag="place", help="Where on the data axis.")
]

Function = Callable[[ArrayLike], Float64]

SETTLED: Final = 1e-14
"""How near to the wanted probability an inverse comes."""


Labels = NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class ConditionalDistribution:
    """What bears one label: a part of a target that is a distribution of its own.

    Attributes:
        centre: Where its density peaks.
        weight: Its share of the target.
        cdf: Probability below x within the class, same shape.
        quantile: The x with probability u below it within the class, 0 < u < 1, `(n,)` → `(n,)`.
    """

    centre: float
    weight: float
    cdf: Function
    quantile: Function


class Distribution:
    """What every target can do once it can draw samples and knows how its mass lies."""

    def sample(self, rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64) -> Array:
        """`count` draws, `(count,)`."""
        raise NotImplementedError

    def cdf(self, x: ArrayLike) -> Float64:
        """Probability below x, same shape."""
        raise NotImplementedError

    def quantile(self, u: ArrayLike) -> Float64:
        """The x with probability u below it, 0 < u < 1, same shape."""
        raise NotImplementedError

    def mode_intervals(self) -> tuple[ModeInterval, ...]:
        """Its modes from left to right."""
        raise NotImplementedError

    def points(self, rng: np.random.Generator, count: int) -> Float64:
        """A training set of `count` points, `(count,)`, drawn once and for all."""
        return np.asarray(self.sample(rng, count), np.float64)

    def classes(self) -> tuple[ConditionalDistribution, ...]:
        """What labels tell apart: the modes, each with the stretch of the line that is its own."""
        return tuple(self._within(basin) for basin in self.mode_intervals())

    def _within(self, basin: ModeInterval) -> ConditionalDistribution:
        """The distribution within one basin."""
        ends = np.array([basin.low, basin.high])
        # No formula has to know what lies below infinity.
        below, upto = np.where(np.isfinite(ends), self.cdf(np.where(np.isfinite(ends), ends, 0.0)), ends > 0).tolist()
        mass = upto - below
        return ConditionalDistribution(
            centre=basin.centre,
            weight=mass,
            cdf=lambda x: np.clip((self.cdf(np.asarray(x, np.float64)) - below) / mass, 0.0, 1.0),
            quantile=lambda u: self.quantile(below + mass * np.asarray(u, np.float64)),
        )

    def labels(self, samples: ArrayLike) -> Labels:
        """Which class each sample is of, same shape, where that shows in the sample."""
        cuts = np.array([basin.low for basin in self.mode_intervals()[1:]])
        return cuts.searchsorted(np.asarray(samples, np.float64), side="right")

    def labelled(self, rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64) -> tuple[Array, Labels]:
        """`count` draws and their classes, both `(count,)`; the draws are those of `sample`."""
        samples = self.sample(rng, count, dtype)
        return samples, self.labels(samples)

    def labelled_points(self, rng: np.random.Generator, count: int) -> tuple[Float64, Labels]:
        """The training set that `points` gives, and the classes of its points, both `(count,)`."""
        points = self.points(rng, count)
        return points, self.labels(points)


class QuantileTarget(Distribution):
    """What a target gets from its quantile function alone."""

    def sample(self, rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64) -> Array:
        """`count` draws, `(count,)`, by inversion: F⁻¹ of uniform draws in (0, 1)."""
        # 1 − random() lies in (0, 1], and the nudge keeps F⁻¹ finite at 1.
        u = np.minimum(1.0 - rng.random(count), 1.0 - 2.0**-53)
        return self.quantile(u).astype(dtype)

    def support(self) -> tuple[float, float]:
        """The stretch that holds all but 0.2 % of the mass."""
        low, high = self.quantile([0.001, 0.999])
        return float(low), float(high)


def inverse(cdf: Function, pdf: Function, u: ArrayLike, table: Float64) -> Float64:
    """The x with probability u below it, to 1e-14 in u, where there is no closed form.

    A table of the distribution function gives a bracket, safeguarded Newton steps the digits.

    Args:
        cdf: The distribution function, `(n,)` → `(n,)`.
        pdf: Its derivative.
        u: Between 0 and 1, `(n,)`.
        table: Rising places from where the cdf is 0 to where it is 1.
    """
    wanted = np.asarray(u, np.float64)
    heights = cdf(table)
    index = np.clip(np.searchsorted(heights, wanted, side="right"), 1, len(table) - 1)
    left, right = table[index - 1], table[index]
    x: Float64 = np.interp(wanted, heights, table)
    for _ in range(40):
        error, density = cdf(x) - wanted, pdf(x)
        left, right = np.where(error < 0, x, left), np.where(error >= 0, x, right)
        newton = x - np.divide(error, density, out=np.full_like(x, np.inf), where=density > 1e-200)
        following = np.where((newton >= left) & (newton <= right), newton, 0.5 * (left + right))
        settled = (np.abs(error) < SETTLED) | (np.abs(following - x) < 1e-10)
        x = following
        if np.all(settled):
            break
    return x
