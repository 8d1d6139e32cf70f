"""Priors of the latent z, with density, distribution function and quantiles.

The coordinates of a latent with several dimensions are independent and identically distributed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from statistics import NormalDist
from typing import Annotated, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.sampling import normal, uniform
from gan1d.engine.special_functions import normal_cdf
from gan1d.engine.units import Units
from gan1d.knobs import Knob

BatchDraw = Callable[[np.random.Generator, int, DTypeLike], Array]
"""(rng, count, dtype) → `(dimension, count)`."""

STANDARD_NORMAL = NormalDist()

LATTICE_GENERATOR = 7593
"""Generator of the Korobov lattice, the best of about 240 candidates for 8,191 points.

Weighted sums of up to 16 normal coordinates, with 41 sets of weights, have a Wasserstein-1 distance to the normal
distribution of at most 0.014 and on average 0.009 standard deviations, as with scrambled Sobol points.
"""


def korobov_lattice(dimension: int, count: int) -> Float64:
    """Korobov lattice: evenly spaced points of the unit cube, `(dimension, count)`.

    Point i is the fractional part of i·(1, a, a², …)/count, plus ½/count, where a is `LATTICE_GENERATOR` (Korobov 1959,
    Dokl. Akad. Nauk SSSR 124).

    Args:
        dimension: Number of coordinates, at least 1.
        count: Number of points. In more than one dimension a prime, so that all values of a coordinate differ.
    """
    steps = np.array([pow(LATTICE_GENERATOR, power, count) for power in range(dimension)], np.int64)
    return (np.outer(steps, np.arange(count)) % count + 0.5) / count


@dataclass(frozen=True, kw_only=True)
class Prior:
    """A prior in any number of dimensions, computed from its distribution of one coordinate."""

    dimension: Annotated[
        int,
        Knob(
            low=1,
            high=16,
            essential=True,
            effect="restart",
            help="Numbers in each z. With one, all metrics are exact; with more, they are estimated from samples.",
        ),
    ] = 1
    data = ()
    """Distributions of data that z is drawn from: none."""

    def in_units(self, units: Units) -> Self:
        """The prior of a run in other units: noise has none."""
        return self

    def sample(self, rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64) -> Array:
        """`count` random samples of one coordinate, `(count,)`."""
        raise NotImplementedError

    def quantile(self, u: ArrayLike) -> Float64:
        """Inverse of the distribution function of one coordinate, for 0 < u < 1, same shape."""
        raise NotImplementedError

    def draw(self, rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64) -> Array:
        """`count` random z, `(dimension, count)`."""
        return self.sample(rng, self.dimension * count, dtype).reshape(self.dimension, count)

    def draw_for(self, batch: int) -> BatchDraw:
        """The draw of many batches at once: `count` random z, `(dimension, count)`, where `count` is a multiple of
        `batch`, the number of samples in each batch."""
        return self.draw

    def lattice(self, count: int) -> Float64:
        """`count` fixed z at the quantiles of a Korobov lattice, `(dimension, count)`, read-only.

        In one dimension these are the quantiles at (i + ½)/count. The average of a smooth function over them is nearer
        to its expectation than the average over as many random samples.

        Args:
            count: Number of points. In more than one dimension a prime.
        """
        return _lattice(self, count)


@lru_cache(maxsize=8)
def _lattice(prior: Prior, count: int) -> Float64:
    z = prior.quantile(korobov_lattice(prior.dimension, count))
    z.flags.writeable = False
    return z


@dataclass(frozen=True, kw_only=True)
class NormalPrior(Prior):
    """Normal: the standard bell curve, mean 0 and variance 1."""

    kind: Literal["normal"] = "normal"
    span = (-3.5, 3.5)
    """Range of the z axis; one sample in 2,000 falls outside."""

    def sample(self, rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64) -> Array:
        """`count` random samples of one coordinate, `(count,)`."""
        return normal(rng, count, dtype)

    def pdf(self, z: ArrayLike) -> Float64:
        """Density at z, same shape."""
        return np.asarray(np.exp(-0.5 * np.square(np.asarray(z, np.float64))) / np.sqrt(2 * np.pi))

    def cdf(self, z: ArrayLike) -> Float64:
        """Probability below z, same shape."""
        return normal_cdf(z)

    def quantile(self, u: ArrayLike) -> Float64:
        """Inverse of `cdf` for 0 < u < 1, same shape."""
        return np.asarray(np.frompyfunc(STANDARD_NORMAL.inv_cdf, 1, 1)(u), np.float64)


@dataclass(frozen=True, kw_only=True)
class UniformPrior(Prior):
    """Uniform: every z between −1 and 1 is as likely as any other."""

    kind: Literal["uniform"] = "uniform"
    stratified: Annotated[
        bool,
        Knob(
            help="Divide the interval into as many equal parts as a batch has samples, and draw one z in each, so that "
            "every batch covers the interval evenly."
        ),
    ] = False
    span = (-1.2, 1.2)
    """Range of the z axis: the support with a margin."""

    def sample(self, rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64) -> Array:
        """`count` random samples of one coordinate, `(count,)`."""
        draws = uniform(rng, count, dtype)
        draws *= 2
        draws -= 1
        return draws

    def draw_for(self, batch: int) -> BatchDraw:
        """The draw of many batches at once; see `Prior.draw_for`. Stratified, each coordinate of a batch has one number
        in each of `batch` equal parts of the interval, in random order, so that neighbours in a batch, as in a pack,
        are independent of their order on the axis."""
        return partial(self._draw_stratified, batch) if self.stratified else self.draw

    def _draw_stratified(self, batch: int, rng: np.random.Generator, count: int, dtype: DTypeLike) -> Array:
        parts = np.tile(np.arange(batch, dtype=dtype), (self.dimension * count // batch, 1))
        parts = rng.permuted(parts, axis=1).reshape(self.dimension, count)
        parts += uniform(rng, self.dimension * count, dtype).reshape(parts.shape)
        parts *= 2 / batch
        parts -= 1
        return parts

    def pdf(self, z: ArrayLike) -> Float64:
        """Density at z, same shape."""
        return np.where(np.abs(np.asarray(z, np.float64)) <= 1, 0.5, 0.0)

    def cdf(self, z: ArrayLike) -> Float64:
        """Probability below z, same shape."""
        return np.clip(0.5 * (np.asarray(z, np.float64) + 1), 0.0, 1.0)

    def quantile(self, u: ArrayLike) -> Float64:
        """Inverse of `cdf` for 0 < u < 1, same shape."""
        return 2 * np.asarray(u, np.float64) - 1
