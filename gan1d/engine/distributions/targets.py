"""What is to be imitated: distributions on the line with density, distribution function, inverse, samples and modes.

Each target is exact: `cdf` and `quantile` are what makes the optimal map, Wasserstein-1 and the mass on each mode
numbers rather than estimates. A mode comes with its basin, the stretch of the line that counts as belonging to it.
Here stand the targets that are a formula; mixtures, and what a reader draws or pastes, have files of their own.
"""

import math
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.distributions.base import Distribution, Position, QuantileTarget
from gan1d.engine.distributions.custom import DrawnDensity, Samples
from gan1d.engine.distributions.gaussian_mixture import GaussianMixture
from gan1d.engine.distributions.modes import ModeInterval
from gan1d.engine.special_functions import incomplete_beta
from gan1d.knobs import Knob


@dataclass(frozen=True, kw_only=True)
class UniformTarget(QuantileTarget):
    """Uniform: flat between two ends, with nothing outside."""

    kind: Literal["uniform"] = "uniform"
    centre: Position = 0.0
    half_width: Annotated[
        float, Knob(low=0.1, high=10.0, step=0.1, essential=True, drag="reach", help="From the centre to either end.")
    ] = 2.0

    def pdf(self, x: ArrayLike) -> Float64:
        """Density at x, same shape."""
        inside = np.abs(np.asarray(x, np.float64) - self.centre) <= self.half_width
        return np.where(inside, 0.5 / self.half_width, 0.0)

    def cdf(self, x: ArrayLike) -> Float64:
        """Probability below x, same shape."""
        return np.clip(0.5 + 0.5 * (np.asarray(x, np.float64) - self.centre) / self.half_width, 0.0, 1.0)

    def quantile(self, u: ArrayLike) -> Float64:
        """The x with probability u below it, same shape."""
        return self.centre + self.half_width * (2 * np.asarray(u, np.float64) - 1)

    def mode_intervals(self) -> tuple[ModeInterval, ...]:
        """One, around the centre."""
        return (ModeInterval(centre=self.centre),)


@dataclass(frozen=True, kw_only=True)
class Laplace(QuantileTarget):
    """Laplace: a sharp peak with long tails on both sides."""

    kind: Literal["laplace"] = "laplace"
    position: Position = 0.0
    scale: Annotated[
        float, Knob(low=0.05, high=3.0, step=0.05, essential=True, drag="reach", help="Mean distance from the peak.")
    ] = 0.8

    def pdf(self, x: ArrayLike) -> Float64:
        """Density at x, same shape."""
        distance = np.abs(np.asarray(x, np.float64) - self.position)
        return np.asarray(np.exp(-distance / self.scale) / (2 * self.scale))

    def cdf(self, x: ArrayLike) -> Float64:
        """Probability below x, same shape."""
        offset = np.asarray(x, np.float64) - self.position
        tail = 0.5 * np.exp(-np.abs(offset) / self.scale)
        return np.where(offset < 0, tail, 1 - tail)

    def quantile(self, u: ArrayLike) -> Float64:
        """The x with probability u below it, 0 < u < 1, same shape."""
        offset = np.asarray(u, np.float64) - 0.5
        tail = np.maximum(1 - 2 * np.abs(offset), np.finfo(np.float64).tiny)
        return np.asarray(self.position - self.scale * np.sign(offset) * np.log(tail))

    def mode_intervals(self) -> tuple[ModeInterval, ...]:
        """One, around the peak."""
        return (ModeInterval(centre=self.position),)


@dataclass(frozen=True, kw_only=True)
class StudentT(Distribution):
    """Student's t: a bell with heavy tails, so that now and then a sample lies very far out.

    The mean exists from 1 degree of freedom on and Wasserstein-1 with it; the variance only above 2
    (Student 1908, Biometrika 6, 1-25).
    """

    kind: Literal["student_t"] = "student_t"
    position: Position = 0.0
    scale: Annotated[
        float,
        Knob(low=0.05, high=3.0, step=0.05, essential=True, drag="reach", help="Half-width of the bell, more or less."),
    ] = 0.8
    freedom: Annotated[
        float,
        Knob(
            label="freedom",
            low=2.0,
            high=30.0,
            scale="log",
            essential=True,
            help="Degrees of freedom: at 2 the tails are too heavy for a variance, at 30 they are nearly normal.",
        ),
    ] = 3.0

    def _scaled(self, x: ArrayLike) -> Float64:
        return (np.asarray(x, np.float64) - self.position) / self.scale

    def _peak(self) -> float:
        """Density of the standard t at 0."""
        nu = self.freedom
        return math.exp(math.lgamma((nu + 1) / 2) - math.lgamma(nu / 2)) / math.sqrt(nu * math.pi)

    def _tail(self, t: Float64) -> Float64:
        """Probability above t ≥ 0 of the standard t: ½ I_{ν/(ν + t²)}(ν/2, ½) (Abramowitz & Stegun 26.7.1)."""
        nu, square = self.freedom, t * t
        return 0.5 * incomplete_beta(nu / 2, 0.5, nu / (nu + square), square / (nu + square))

    def sample(self, rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64) -> Array:
        """`count` draws, `(count,)`: a Gaussian over the root of a chi-squared."""
        return np.asarray(self.position + self.scale * rng.standard_t(self.freedom, count), dtype)

    def pdf(self, x: ArrayLike) -> Float64:
        """Density at x, same shape."""
        nu = self.freedom
        return np.asarray(self._peak() / self.scale * (1 + self._scaled(x) ** 2 / nu) ** (-(nu + 1) / 2))

    def cdf(self, x: ArrayLike) -> Float64:
        """Probability below x, same shape."""
        t = self._scaled(x)
        tail = self._tail(np.abs(t))
        return np.where(t < 0, tail, 1 - tail)

    def quantile(self, u: ArrayLike) -> Float64:
        """The x with probability u below it, 0 < u < 1, same shape; to 1e-14 in u.

        Newton's steps, from a side from which they cannot overshoot: near the middle the tail is convex, so they start
        at 0; far out log(tail) is a concave function of log(t), so they start beyond, where the power law that bounds
        the tail has the wanted value.
        """
        nu, wanted = self.freedom, np.asarray(u, np.float64)
        # Both tails are the same, and a probability is often asked for along with its complement.
        tails, places = np.unique(np.minimum(wanted, 1 - wanted), return_inverse=True)
        bound = (self._peak() * nu ** ((nu + 1) / 2) / (nu * tails)) ** (1 / nu)
        t = np.where(tails < 0.25, bound, 0.0)
        unsettled = np.arange(len(t))
        for _ in range(60):
            tail, here = tails[unsettled], t[unsettled]
            above, density = self._tail(here), self._peak() * (1 + here * here / nu) ** (-(nu + 1) / 2)
            far = tail < 0.25
            # Where t is 0, no logarithm is taken.
            inward = np.exp(np.log(above / tail) * above / np.where(far, here * density, 1.0))
            t[unsettled] = np.where(far, here * inward, here + (above - tail) / density)
            # The step just made squared this error.
            unsettled = unsettled[np.abs(above - tail) > 1e-8 * tail]
            if len(unsettled) == 0:
                break
        standard = t[places].reshape(wanted.shape)
        return np.asarray(self.position + self.scale * np.where(wanted < 0.5, -standard, standard))

    def support(self) -> tuple[float, float]:
        """The stretch that holds all but 1 % of the mass; more would be nothing but tail."""
        low, high = self.quantile([0.005, 0.995])
        return float(low), float(high)

    def mode_intervals(self) -> tuple[ModeInterval, ...]:
        """One, around the peak."""
        return (ModeInterval(centre=self.position),)


@dataclass(frozen=True, kw_only=True)
class Triangular(QuantileTarget):
    """Triangular: a straight rise and a straight fall, not always of the same length."""

    kind: Literal["triangular"] = "triangular"
    peak: Position = 1.0
    rise: Annotated[
        float,
        Knob(low=0.1, high=10.0, step=0.1, essential=True, drag="reach_left", help="From the left end to the peak."),
    ] = 3.0
    fall: Annotated[
        float, Knob(low=0.1, high=10.0, step=0.1, essential=True, drag="reach", help="From the peak to the right end.")
    ] = 1.0

    def pdf(self, x: ArrayLike) -> Float64:
        """Density at x, same shape."""
        offset = np.asarray(x, np.float64) - self.peak
        share = 1 - np.where(offset < 0, -offset / self.rise, offset / self.fall)
        return np.asarray(2 / (self.rise + self.fall) * np.maximum(share, 0.0))

    def cdf(self, x: ArrayLike) -> Float64:
        """Probability below x, same shape."""
        width = self.rise + self.fall
        offset = np.clip(np.asarray(x, np.float64) - self.peak, -self.rise, self.fall)
        rising = (offset + self.rise) ** 2 / (width * self.rise)
        falling = 1 - (self.fall - offset) ** 2 / (width * self.fall)
        return np.where(offset < 0, rising, falling)

    def quantile(self, u: ArrayLike) -> Float64:
        """The x with probability u below it, same shape."""
        width, u = self.rise + self.fall, np.asarray(u, np.float64)
        rising = np.sqrt(u * width * self.rise) - self.rise
        falling = self.fall - np.sqrt((1 - u) * width * self.fall)
        return self.peak + np.where(u < self.rise / width, rising, falling)

    def mode_intervals(self) -> tuple[ModeInterval, ...]:
        """One, around the peak."""
        return (ModeInterval(centre=self.peak),)


@dataclass(frozen=True, kw_only=True)
class Exponential(QuantileTarget):
    """Exponential: starts at its peak and fades to the right; nothing lies to the left."""

    kind: Literal["exponential"] = "exponential"
    start: Position = -1.0
    mean: Annotated[
        float, Knob(low=0.1, high=5.0, step=0.1, essential=True, drag="reach", help="Mean distance from the start.")
    ] = 1.0

    def pdf(self, x: ArrayLike) -> Float64:
        """Density at x, same shape."""
        distance = np.asarray(x, np.float64) - self.start
        return np.where(distance < 0, 0.0, np.exp(-np.maximum(distance, 0.0) / self.mean) / self.mean)

    def cdf(self, x: ArrayLike) -> Float64:
        """Probability below x, same shape."""
        distance = np.maximum(np.asarray(x, np.float64) - self.start, 0.0)
        return np.asarray(-np.expm1(-distance / self.mean))

    def quantile(self, u: ArrayLike) -> Float64:
        """The x with probability u below it, 0 ≤ u < 1, same shape."""
        return np.asarray(self.start - self.mean * np.log1p(-np.asarray(u, np.float64)))

    def mode_intervals(self) -> tuple[ModeInterval, ...]:
        """One, at the start."""
        return (ModeInterval(centre=self.start),)


Target = GaussianMixture | UniformTarget | Laplace | StudentT | Triangular | Exponential | DrawnDensity | Samples
