"""What is to be imitated: distributions on the line with density, distribution function, inverse, samples and modes.

Each target is exact: `cdf` and `quantile` are what makes the optimal map, Wasserstein-1 and the mass on each mode
numbers rather than estimates. A mode comes with its basin, the stretch of the line that counts as belonging to it.
"""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Literal

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from gan1d.engine.draws import normal, uniform
from gan1d.engine.latents import Float64, normal_cdf
from gan1d.engine.programs import Array
from gan1d.knobs import Knob

Position = Annotated[float, Knob(low=-10.0, high=10.0, step=0.05, essential=True, help="Where on the data axis.")]
Width = Annotated[float, Knob(low=0.05, high=5.0, step=0.05, essential=True, help="Standard deviation.")]


@dataclass(frozen=True, kw_only=True)
class Basin:
    """One mode of a target.

    Attributes:
        centre: Where its density peaks.
        low: Left end of its basin, −∞ for the first.
        high: Right end of its basin, ∞ for the last.
    """

    centre: float
    low: float = -math.inf
    high: float = math.inf


@dataclass(frozen=True, kw_only=True)
class Mode:
    """One Gaussian of a mixture."""

    position: Position = 0.0
    width: Width = 0.5
    weight: Annotated[
        float, Knob(low=0.01, high=1.0, step=0.01, essential=True, help="Share, relative to the other modes.")
    ] = 0.5


@dataclass(frozen=True, kw_only=True)
class GaussianMixture:
    """Gaussian mixture: a few bumps, each with its place, width and share."""

    kind: Literal["gaussian_mixture"] = "gaussian_mixture"
    modes: Annotated[
        tuple[Mode, ...], Knob(label="modes", low=1, high=8, essential=True, help="The bumps of the target.")
    ] = (Mode(position=-2.0), Mode(position=2.0))

    def _columns(self) -> tuple[Float64, Float64, Float64]:
        """Positions, widths and weights (summing to 1), each `(modes, 1)`."""
        table = np.array([(mode.position, mode.width, mode.weight) for mode in self.modes], np.float64)
        position, width, weight = (column[:, None] for column in table.T)
        return position, width, weight / weight.sum()

    def sample(self, rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64) -> Array:
        """`count` draws, `(count,)`: first the mode by its weight, then a Gaussian."""
        position, width, weight = (column.ravel() for column in self._columns())
        u, chosen = uniform(rng, count, dtype), np.zeros(count, np.int8)
        # For a few modes, comparing with each is many times as fast as searching.
        for below in np.cumsum(weight)[:-1].astype(dtype):
            chosen += (u >= below).view(np.int8)
        draws = normal(rng, count, dtype)
        draws *= width.astype(dtype).take(chosen)
        draws += position.astype(dtype).take(chosen)
        return draws

    def pdf(self, x: ArrayLike) -> Float64:
        """Density at x, `(n,)` → `(n,)`."""
        position, width, weight = self._columns()
        scaled = (np.asarray(x, np.float64) - position) / width
        return np.asarray((weight / width * np.exp(-0.5 * scaled**2)).sum(axis=0) / math.sqrt(2 * math.pi))

    def cdf(self, x: ArrayLike) -> Float64:
        """Probability below x, `(n,)` → `(n,)`."""
        position, width, weight = self._columns()
        scaled = (np.asarray(x, np.float64) - position) / width
        return np.asarray((weight * normal_cdf(scaled)).sum(axis=0))

    def quantile(self, u: ArrayLike) -> Float64:
        """The x with probability u below it, 0 < u < 1, `(n,)` → `(n,)`; to 1e-14 in u.

        There is no closed form: a table of the distribution function gives a bracket, safeguarded Newton steps the
        digits.
        """
        wanted = np.asarray(u, np.float64)
        low, high = self.support()
        # 40 widths beyond the outermost Gaussians no double is left below or above.
        margin = 40 * max(mode.width for mode in self.modes)
        table = np.concatenate([[low - margin], np.linspace(low, high, 1024), [high + margin]])
        heights = self.cdf(table)
        index = np.clip(np.searchsorted(heights, wanted, side="right"), 1, len(table) - 1)
        left, right = table[index - 1], table[index]
        x: Float64 = np.interp(wanted, heights, table)
        for _ in range(40):
            error, density = self.cdf(x) - wanted, self.pdf(x)
            left, right = np.where(error < 0, x, left), np.where(error >= 0, x, right)
            newton = x - np.divide(error, density, out=np.full_like(x, np.inf), where=density > 1e-200)
            following = np.where((newton >= left) & (newton <= right), newton, 0.5 * (left + right))
            settled = (np.abs(error) < 1e-14) | (np.abs(following - x) < 1e-10)
            x = following
            if np.all(settled):
                break
        return x

    def support(self) -> tuple[float, float]:
        """The stretch that holds all but 1e-4 of the mass: four widths beyond the outermost modes."""
        return (
            min(mode.position - 4 * mode.width for mode in self.modes),
            max(mode.position + 4 * mode.width for mode in self.modes),
        )

    def basins(self) -> tuple[Basin, ...]:
        """One per mode from left to right, parted where the density between two neighbours is lowest."""
        centres = sorted(mode.position for mode in self.modes)
        cuts = [-math.inf]
        for left, right in pairwise(centres):
            between = np.linspace(left, right, 513)
            density = self.pdf(between)
            # Far apart, the valley is a stretch of zeros, to be parted in its middle.
            lowest = int(np.mean(np.flatnonzero(density == density.min())))
            # Two bumps that have melted into one have no valley: part them half way.
            cuts.append(float(between[lowest if 0 < lowest < 512 else 256]))
        cuts.append(math.inf)
        return tuple(
            Basin(centre=centre, low=low, high=high)
            for centre, low, high in zip(centres, cuts[:-1], cuts[1:], strict=True)
        )


class Inverted:
    """What a target of one mode gets from its quantile function alone."""

    def quantile(self, u: ArrayLike) -> Float64:
        """The x with probability u below it, 0 < u < 1, same shape."""
        raise NotImplementedError

    def sample(self, rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64) -> Array:
        """`count` draws, `(count,)`, by inversion: F⁻¹ of uniform draws in (0, 1)."""
        # 1 − random() lies in (0, 1], and the nudge keeps F⁻¹ finite at 1.
        u = np.minimum(1.0 - rng.random(count), 1.0 - 2.0**-53)
        return self.quantile(u).astype(dtype)

    def support(self) -> tuple[float, float]:
        """The stretch that holds all but 0.2 % of the mass."""
        low, high = self.quantile([0.001, 0.999])
        return float(low), float(high)


@dataclass(frozen=True, kw_only=True)
class UniformTarget(Inverted):
    """Uniform: flat between two ends, with nothing outside."""

    kind: Literal["uniform"] = "uniform"
    centre: Position = 0.0
    half_width: Annotated[
        float, Knob(low=0.1, high=10.0, step=0.1, essential=True, help="From the centre to either end.")
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

    def basins(self) -> tuple[Basin, ...]:
        """One, around the centre."""
        return (Basin(centre=self.centre),)


@dataclass(frozen=True, kw_only=True)
class Laplace(Inverted):
    """Laplace: a sharp peak with long tails on both sides."""

    kind: Literal["laplace"] = "laplace"
    position: Position = 0.0
    scale: Annotated[
        float, Knob(low=0.05, high=3.0, step=0.05, essential=True, help="Mean distance from the peak.")
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

    def basins(self) -> tuple[Basin, ...]:
        """One, around the peak."""
        return (Basin(centre=self.position),)


@dataclass(frozen=True, kw_only=True)
class Triangular(Inverted):
    """Triangular: a straight rise and a straight fall, not always of the same length."""

    kind: Literal["triangular"] = "triangular"
    peak: Position = 1.0
    rise: Annotated[
        float, Knob(low=0.1, high=10.0, step=0.1, essential=True, help="From the left end to the peak.")
    ] = 3.0
    fall: Annotated[
        float, Knob(low=0.1, high=10.0, step=0.1, essential=True, help="From the peak to the right end.")
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

    def basins(self) -> tuple[Basin, ...]:
        """One, around the peak."""
        return (Basin(centre=self.peak),)


@dataclass(frozen=True, kw_only=True)
class Exponential(Inverted):
    """Exponential: starts at its peak and fades to the right; nothing lies to the left."""

    kind: Literal["exponential"] = "exponential"
    start: Position = -1.0
    mean: Annotated[float, Knob(low=0.1, high=5.0, step=0.1, essential=True, help="Mean distance from the start.")] = (
        1.0
    )

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

    def basins(self) -> tuple[Basin, ...]:
        """One, at the start."""
        return (Basin(centre=self.start),)


Target = GaussianMixture | UniformTarget | Laplace | Triangular | Exponential
