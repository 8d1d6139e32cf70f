"""Random samples in bulk, in single or double precision."""

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from gan1d.engine.arrays import Array


def uniform(rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64) -> Array:
    """Sample the uniform distribution on [0, 1).

    Returns:
        `(count,)`.

    Raises:
        TypeError: `dtype` is neither float32 nor float64.
    """
    drawn: Any = np.dtype(dtype)
    return rng.random(count, drawn)


def normal(rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64) -> Array:
    """Sample the standard normal distribution by the transform of Box & Muller (1958, eq. 1).

    The transform turns two uniform samples into two normal samples. It is vectorized and takes a third of the time of
    NumPy's own method. In single precision no sample lies beyond ±5.8, where the normal distribution has 7e-9 of its
    mass.

    Returns:
        `(count,)`.

    Raises:
        TypeError: `dtype` is neither float32 nor float64.
    """
    half = (count + 1) // 2
    radius, angle = uniform(rng, 2 * half, dtype).reshape(2, half)
    np.subtract(1, radius, radius)  # from [0, 1) to (0, 1], where the logarithm is finite
    np.log(radius, radius)
    radius *= -2
    np.sqrt(radius, radius)
    angle *= 2 * np.pi
    draws = np.empty(2 * half, dtype)
    np.multiply(radius, np.cos(angle), draws[:half])
    np.multiply(radius, np.sin(angle), draws[half:])
    return draws[:count]
