"""Targets, the distributions that G imitates: density, distribution function, quantiles, samples and modes.

All of these are exact, so that the optimal map, Wasserstein-1 and the mass of each mode are computed and not
estimated. This file has the targets with a closed form and, at its foot, the list of all targets.
"""

import math
from dataclasses import dataclass, replace
from typing import Annotated, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.distributions.base import DataPosition, Distribution, QuantileTarget
from gan1d.engine.distributions.custom import DrawnDensity, Samples
from gan1d.engine.distributions.gaussian_mixture import GaussianMixture
from gan1d.engine.distributions.modes import ModeInterval
from gan1d.engine.special_functions import incomplete_beta
from gan1d.engine.units import Units
from gan1d.knobs import Knob


@dataclass(frozen=True, kw_only=True)
class UniformTarget(QuantileTarget):
    """Uniform: constant density between two ends, and zero outside."""

    kind: Literal["uniform"] = "uniform"
    has_tails = False
    centre: DataPosition = 0.0
    half_width: Annotated[
        float, Knob(low=0.1, high=10.0, step=0.1, essential=True, drag="width", help="From the centre to each end.")
    ] = 2.0

    def in_units(self, units: Units) -> Self:
        """The distribution of u = (x − location)/scale."""
        return replace(self, centre=units.standardize(self.centre), half_width=self.half_width / units.scale)

    def pdf(self, x: ArrayLike) -> Float64:
        """Density at x, same shape."""
        inside = np.abs(np.asarray(x, np.float64) - self.centre) <= self.half_width
        return np.where(inside, 0.5 / self.half_width, 0.0)

    def cdf(self, x: ArrayLike) -> Float64:
        """Probability below x, same shape."""
        return np.clip(0.5 + 0.5 * (np.asarray(x, np.float64) - self.centre) / self.half_width, 0.0, 1.0)

    def quantile(self, u: ArrayLike) -> Float64:
        """Inverse of `cdf`, same shape."""
        return self.centre + self.half_width * (2 * np.asarray(u, np.float64) - 1)

    def mode_intervals(self) -> tuple[ModeInterval, ...]:
        """One mode, at the centre."""
        return (ModeInterval(centre=self.centre),)


@dataclass(frozen=True, kw_only=True)
class Laplace(QuantileTarget):
    """Laplace: a sharp peak with long tails on both sides."""

    kind: Literal["laplace"] = "laplace"
    position: DataPosition = 0.0
    scale: Annotated[
        float, Knob(low=0.05, high=3.0, step=0.05, essential=True, drag="width", help="Mean distance from the peak.")
    ] = 0.8

    def in_units(self, units: Units) -> Self:
        """The distribution of u = (x − location)/scale."""
        return replace(self, position=units.standardize(self.position), scale=self.scale / units.scale)

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
        """Inverse of `cdf` for 0 < u < 1, same shape."""
        offset = np.asarray(u, np.float64) - 0.5
        tail = np.maximum(1 - 2 * np.abs(offset), np.finfo(np.float64).tiny)
        return np.asarray(self.position - self.scale * np.sign(offset) * np.log(tail))

    def mode_intervals(self) -> tuple[ModeInterval, ...]:
        """One mode, at the peak."""
        return (ModeInterval(centre=self.position),)


@dataclass(frozen=True, kw_only=True)
class StudentT(Distribution):
    """Student's t: a bell curve with heavy tails, so that a few samples lie far out.

    The mean and Wasserstein-1 exist above 1 degree of freedom, the variance above 2 (Student 1908, Biometrika 6, 1-25).
    """

    kind: Literal["student_t"] = "student_t"
    position: DataPosition = 0.0
    scale: Annotated[
        float,
        Knob(low=0.05, high=3.0, step=0.05, essential=True, drag="width", help="About half the width at half height."),
    ] = 0.8
    freedom: Annotated[
        float,
        Knob(
            label="degrees of freedom",
            low=2.0,
            high=30.0,
            scale="log",
            essential=True,
            help="How light the tails are: at 2 the variance is infinite, at 30 the curve is nearly normal.",
        ),
    ] = 3.0

    def in_units(self, units: Units) -> Self:
        """The distribution of u = (x − location)/scale."""
        return replace(self, position=units.standardize(self.position), scale=self.scale / units.scale)

    def _in_widths(self, x: ArrayLike) -> Float64:
        """x in units of the standard t."""
        return (np.asarray(x, np.float64) - self.position) / self.scale

    def _peak_density(self) -> float:
        """Density of the standard t at 0."""
        nu = self.freedom
        return math.exp(math.lgamma((nu + 1) / 2) - math.lgamma(nu / 2)) / math.sqrt(nu * math.pi)

    def _upper_tail(self, t: Float64) -> Float64:
        """Probability above t ≥ 0 under the standard t: ½ I_{ν/(ν + t²)}(ν/2, ½) (Abramowitz & Stegun 26.7.1)."""
        nu, square = self.freedom, t * t
        return 0.5 * incomplete_beta(nu / 2, 0.5, nu / (nu + square), square / (nu + square))

    def sample(self, rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64) -> Array:
        """`count` random samples, `(count,)`: a Gaussian over the root of a chi-squared."""
        return np.asarray(self.position + self.scale * rng.standard_t(self.freedom, count), dtype)

    def pdf(self, x: ArrayLike) -> Float64:
        """Density at x, same shape."""
        nu = self.freedom
        return np.asarray(self._peak_density() / self.scale * (1 + self._in_widths(x) ** 2 / nu) ** (-(nu + 1) / 2))

    def cdf(self, x: ArrayLike) -> Float64:
        """Probability below x, same shape."""
        t = self._in_widths(x)
        tail = self._upper_tail(np.abs(t))
        return np.where(t < 0, tail, 1 - tail)

    def quantile(self, u: ArrayLike) -> Float64:
        """Inverse of `cdf` for 0 < u < 1, same shape; to 1e-14 in u.

        Newton's method, started where it cannot overshoot. Near the middle the tail probability is convex in t, so the
        start is 0. Far out log(tail) is a concave function of log(t), so the start lies beyond the solution: where a
        power law that bounds the tail has the wanted value.
        """
        nu, wanted = self.freedom, np.asarray(u, np.float64)
        # By symmetry u and 1 − u have the same tail, and callers often pass both.
        tails, index = np.unique(np.minimum(wanted, 1 - wanted), return_inverse=True)
        bound = (self._peak_density() * nu ** ((nu + 1) / 2) / (nu * tails)) ** (1 / nu)
        t = np.where(tails < 0.25, bound, 0.0)
        active = np.arange(len(t))
        for _ in range(60):
            tail, here = tails[active], t[active]
            above, density = self._upper_tail(here), self._peak_density() * (1 + here * here / nu) ** (-(nu + 1) / 2)
            far = tail < 0.25
            # `far` is false where t is 0, and the logarithmic step is not used there.
            inward = np.exp(np.log(above / tail) * above / np.where(far, here * density, 1.0))
            t[active] = np.where(far, here * inward, here + (above - tail) / density)
            # Newton converges quadratically: an error of 1e-8 here is 1e-16 after the step.
            active = active[np.abs(above - tail) > 1e-8 * tail]
            if len(active) == 0:
                break
        standard = t[index].reshape(wanted.shape)
        return np.asarray(self.position + self.scale * np.where(wanted < 0.5, -standard, standard))

    def support(self) -> tuple[float, float]:
        """Interval that holds all but 1 % of the mass; a larger one would show mostly tails."""
        low, high = self.quantile([0.005, 0.995])
        return float(low), float(high)

    def mode_intervals(self) -> tuple[ModeInterval, ...]:
        """One mode, at the peak."""
        return (ModeInterval(centre=self.position),)


@dataclass(frozen=True, kw_only=True)
class Triangular(QuantileTarget):
    """Triangular: a straight rise to the peak and a straight fall after it."""

    kind: Literal["triangular"] = "triangular"
    has_tails = False
    peak: DataPosition = 1.0
    rise: Annotated[
        float,
        Knob(low=0.1, high=10.0, step=0.1, essential=True, drag="width_left", help="From the left end to the peak."),
    ] = 3.0
    fall: Annotated[
        float, Knob(low=0.1, high=10.0, step=0.1, essential=True, drag="width", help="From the peak to the right end.")
    ] = 1.0

    def in_units(self, units: Units) -> Self:
        """The distribution of u = (x − location)/scale."""
        return replace(
            self, peak=units.standardize(self.peak), rise=self.rise / units.scale, fall=self.fall / units.scale
        )

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
        """Inverse of `cdf`, same shape."""
        width, u = self.rise + self.fall, np.asarray(u, np.float64)
        rising = np.sqrt(u * width * self.rise) - self.rise
        falling = self.fall - np.sqrt((1 - u) * width * self.fall)
        return self.peak + np.where(u < self.rise / width, rising, falling)

    def mode_intervals(self) -> tuple[ModeInterval, ...]:
        """One mode, at the peak."""
        return (ModeInterval(centre=self.peak),)


@dataclass(frozen=True, kw_only=True)
class Exponential(QuantileTarget):
    """Exponential: highest at the start, fading to the right, and zero to the left."""

    kind: Literal["exponential"] = "exponential"
    start: DataPosition = -1.0
    mean: Annotated[
        float, Knob(low=0.1, high=5.0, step=0.1, essential=True, drag="width", help="Mean distance from the start.")
    ] = 1.0

    def in_units(self, units: Units) -> Self:
        """The distribution of u = (x − location)/scale."""
        return replace(self, start=units.standardize(self.start), mean=self.mean / units.scale)

    def pdf(self, x: ArrayLike) -> Float64:
        """Density at x, same shape."""
        distance = np.asarray(x, np.float64) - self.start
        return np.where(distance < 0, 0.0, np.exp(-np.maximum(distance, 0.0) / self.mean) / self.mean)

    def cdf(self, x: ArrayLike) -> Float64:
        """Probability below x, same shape."""
        distance = np.maximum(np.asarray(x, np.float64) - self.start, 0.0)
        return np.asarray(-np.expm1(-distance / self.mean))

    def quantile(self, u: ArrayLike) -> Float64:
        """Inverse of `cdf` for 0 ≤ u < 1, same shape."""
        return np.asarray(self.start - self.mean * np.log1p(-np.asarray(u, np.float64)))

    def mode_intervals(self) -> tuple[ModeInterval, ...]:
        """One mode, at the start."""
        return (ModeInterval(centre=self.start),)


Target = GaussianMixture | UniformTarget | Laplace | StudentT | Triangular | Exponential | DrawnDensity | Samples
