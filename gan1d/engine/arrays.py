"""Array types, and buffers aligned to cache lines."""

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

Array = NDArray[np.floating[Any]]


CACHE_LINE_BYTES = 64
"""Bytes of a cache line, and of the widest registers."""


def zeros(shape: int | tuple[int, ...], dtype: DTypeLike) -> Array:
    """Zeros that begin at a cache line, where numpy's own arrays begin at any 16 bytes: a vector that straddles two
    lines is read twice, which makes 1 to 4 % of a step."""
    count, kind = math.prod(shape) if isinstance(shape, tuple) else shape, np.dtype(dtype)
    room = np.zeros(count * kind.itemsize + CACHE_LINE_BYTES, np.uint8)
    start = -room.ctypes.data % CACHE_LINE_BYTES
    return room[start : start + count * kind.itemsize].view(kind).reshape(shape)


def zeros_like(array: Array) -> Array:
    """Zeros of the shape and precision of another array, likewise."""
    return zeros(array.shape, array.dtype)


def ones(shape: int | tuple[int, ...], dtype: DTypeLike) -> Array:
    """Ones, likewise."""
    made = zeros(shape, dtype)
    made[...] = 1.0
    return made


Float64 = NDArray[np.float64]
