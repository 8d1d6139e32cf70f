"""Base classes of the targets, and the numerical inverse of a distribution function."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, ClassVar, Final, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.distributions.modes import ModeInterval
from gan1d.engine.units import Units
from gan1d.knobs import Knob

DataPosition = Annotated[
    float, Knob(low=-10.0, high=10.0, step=0.05, essential=True, drag="position", help="Position on the data axis.")
]

RealFunction = Callable[[ArrayLike], Float64]

Labels = NDArray[np.intp]
"""Class index of each sample."""

QUANTILE_TOLERANCE: Final = 1e-14
"""Largest error of `invert_cdf`, in probability."""


@dataclass(frozen=True, kw_only=True)
class ConditionalDistribution:
    """The part of a target that has one class label.

    Attributes:
        centre: Position of its highest density.
        weight: Its share of the target's mass.
        cdf: Probability below x within the class, same shape as x.
        quantile: Inverse of `cdf` for 0 < u < 1, `(n,)` → `(n,)`.
    """

    centre: float
    weight: float
    cdf: RealFunction
    quantile: RealFunction


class Distribution:
    """Methods that every target has, computed from its samples, distribution function and modes.

    Attributes:
        has_tails: Whether the support is so much wider than most of the mass that a picture shows a part of it only.
    """

    has_tails: ClassVar[bool] = True

    def sample(self, rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64) -> Array:
        """`count` random samples, `(count,)`."""
        raise NotImplementedError

    def cdf(self, x: ArrayLike) -> Float64:
        """Probability below x, same shape."""
        raise NotImplementedError

    def quantile(self, u: ArrayLike) -> Float64:
        """Inverse of `cdf` for 0 < u < 1, same shape."""
        raise NotImplementedError

    def mode_intervals(self) -> tuple[ModeInterval, ...]:
        """Modes from left to right."""
        raise NotImplementedError

    def support(self) -> tuple[float, float]:
        """Interval that holds nearly all of the mass."""
        raise NotImplementedError

    def in_units(self, units: Units) -> Self:
        """The distribution of u = (x − location)/scale."""
        raise NotImplementedError

    def training_samples(self, rng: np.random.Generator, count: int) -> Float64:
        """A fixed training set of `count` samples, `(count,)`."""
        return np.asarray(self.sample(rng, count), np.float64)

    def classes(self) -> tuple[ConditionalDistribution, ...]:
        """Classes of a conditional GAN: one per mode, each with the mass of its interval."""
        return tuple(self._within(interval) for interval in self.mode_intervals())

    def _within(self, interval: ModeInterval) -> ConditionalDistribution:
        """The distribution restricted to one interval."""
        ends = np.array([interval.low, interval.high])
        # The cdf of a target need not accept infinite arguments.
        below, upto = np.where(np.isfinite(ends), self.cdf(np.where(np.isfinite(ends), ends, 0.0)), ends > 0).tolist()
        mass = upto - below
        return ConditionalDistribution(
            centre=interval.centre,
            weight=mass,
            cdf=lambda x: np.clip((self.cdf(np.asarray(x, np.float64)) - below) / mass, 0.0, 1.0),
            quantile=lambda u: self.quantile(below + mass * np.asarray(u, np.float64)),
        )

    def labels(self, samples: ArrayLike) -> Labels:
        """Class of each sample by the interval that it lies in, same shape."""
        cuts = np.array([interval.low for interval in self.mode_intervals()[1:]])
        return cuts.searchsorted(np.asarray(samples, np.float64), side="right")

    def labelled_samples(
        self, rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64
    ) -> tuple[Array, Labels]:
        """The samples that `sample` returns and their classes, both `(count,)`."""
        samples = self.sample(rng, count, dtype)
        return samples, self.labels(samples)

    def labelled_training_samples(self, rng: np.random.Generator, count: int) -> tuple[Float64, Labels]:
        """The samples that `training_samples` returns and their classes, both `(count,)`."""
        samples = self.training_samples(rng, count)
        return samples, self.labels(samples)


class QuantileTarget(Distribution):
    """Sampling and support of a target with a known quantile function."""

    def sample(self, rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64) -> Array:
        """`count` random samples, `(count,)`, by inversion: F⁻¹ of uniform samples from (0, 1)."""
        # 1 − random() lies in (0, 1]; the largest double below 1 in place of 1 keeps F⁻¹ finite.
        u = np.minimum(1.0 - rng.random(count), 1.0 - 2.0**-53)
        return self.quantile(u).astype(dtype)

    def support(self) -> tuple[float, float]:
        """Interval that holds all but 0.2 % of the mass."""
        low, high = self.quantile([0.001, 0.999])
        return float(low), float(high)


def invert_cdf(cdf: RealFunction, pdf: RealFunction, u: ArrayLike, table: Float64) -> Float64:
    """Quantiles of a distribution that has no closed form for them, to 1e-14 in u.

    A table of the distribution function brackets each quantile; Newton steps, replaced by bisection where they leave
    the bracket, refine it.

    Args:
        cdf: Distribution function, `(n,)` → `(n,)`.
        pdf: Derivative of `cdf`, `(n,)` → `(n,)`.
        u: Probabilities between 0 and 1, `(n,)`.
        table: Increasing x, from a point where `cdf` is 0 to one where it is 1.
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
        refined = np.where((newton >= left) & (newton <= right), newton, 0.5 * (left + right))
        converged = (np.abs(error) < QUANTILE_TOLERANCE) | (np.abs(refined - x) < 1e-10)
        x = refined
        if np.all(converged):
            break
    return x
