"""Array types, and buffers aligned to cache lines."""

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

Array = NDArray[np.floating[Any]]
Float64 = NDArray[np.float64]

ZERO, HALF, ONE = np.array(0.0), np.array(0.5), np.array(1.0)
"""Numbers in double precision as arrays, which numpy takes in two thirds of the time that it needs for Python numbers:
2 % of a frame."""

CACHE_LINE_BYTES = 64
"""Bytes of a cache line, and of the widest vector registers."""


def zeros(shape: int | tuple[int, ...], dtype: DTypeLike) -> Array:
    """Array of zeros that begins at a cache line.

    NumPy aligns its own arrays to 16 bytes only. A vector register that straddles two cache lines is loaded twice,
    which costs 1 to 4 % of a step.
    """
    count, kind = math.prod(shape) if isinstance(shape, tuple) else shape, np.dtype(dtype)
    buffer = np.zeros(count * kind.itemsize + CACHE_LINE_BYTES, np.uint8)
    start = -buffer.ctypes.data % CACHE_LINE_BYTES
    return buffer[start : start + count * kind.itemsize].view(kind).reshape(shape)


def zeros_like(array: Array) -> Array:
    """Array of zeros with the shape and dtype of another array, aligned as by `zeros`."""
    return zeros(array.shape, array.dtype)


def ones(shape: int | tuple[int, ...], dtype: DTypeLike) -> Array:
    """Array of ones, aligned as by `zeros`."""
    array = zeros(shape, dtype)
    array[...] = 1.0
    return array
