"""Where noise comes from: the prior of the latent z, with its density, its distribution function and its inverse."""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from gan1d.engine.activations import Array

Float64 = NDArray[np.float64]

STANDARD_NORMAL = NormalDist()


@dataclass(frozen=True, kw_only=True)
class NormalPrior:
    """Normal: the standard bell curve, mean 0 and variance 1."""

    kind: Literal["normal"] = "normal"
    span = (-3.5, 3.5)
    """Shown range; one draw in 2,000 falls outside it."""

    def sample(self, rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64) -> Array:
        """`count` draws, `(count,)`."""
        return rng.standard_normal(count, _drawn(dtype))

    def pdf(self, z: ArrayLike) -> Float64:
        """Density at z, same shape."""
        return np.asarray(np.exp(-0.5 * np.square(np.asarray(z, np.float64))) / np.sqrt(2 * np.pi))

    def cdf(self, z: ArrayLike) -> Float64:
        """Probability below z, same shape."""
        return np.asarray(np.frompyfunc(STANDARD_NORMAL.cdf, 1, 1)(z), np.float64)

    def quantile(self, u: ArrayLike) -> Float64:
        """The z with probability u below it, 0 < u < 1, same shape."""
        return np.asarray(np.frompyfunc(STANDARD_NORMAL.inv_cdf, 1, 1)(u), np.float64)


@dataclass(frozen=True, kw_only=True)
class UniformPrior:
    """Uniform: every z between −1 and 1 is as likely as any other."""

    kind: Literal["uniform"] = "uniform"
    span = (-1.2, 1.2)
    """Shown range: the support with a margin."""

    def sample(self, rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64) -> Array:
        """`count` draws, `(count,)`."""
        draws = rng.random(count, _drawn(dtype))
        draws *= 2
        draws -= 1
        return draws

    def pdf(self, z: ArrayLike) -> Float64:
        """Density at z, same shape."""
        return np.where(np.abs(np.asarray(z, np.float64)) <= 1, 0.5, 0.0)

    def cdf(self, z: ArrayLike) -> Float64:
        """Probability below z, same shape."""
        return np.clip(0.5 * (np.asarray(z, np.float64) + 1), 0.0, 1.0)

    def quantile(self, u: ArrayLike) -> Float64:
        """The z with probability u below it, 0 < u < 1, same shape."""
        return 2 * np.asarray(u, np.float64) - 1


def _drawn(dtype: DTypeLike) -> Any:
    """numpy draws float32 and float64 natively; anything else is a mistake that numpy itself names."""
    return np.dtype(dtype)


Latent = NormalPrior | UniformPrior
