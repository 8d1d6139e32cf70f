"""Derivatives by differences, to hold hand-written gradients to.

Differences of fourth order, so that a step wide enough to be clear of rounding is still exact: at h = 1e-4 both errors
are about 1e-12.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

STEP = 1e-4

Float64 = NDArray[np.float64]


def differentiated(function: Callable[[float], object]) -> Float64:
    """The derivative at 0 of a function of one number; its values may be arrays of any one shape."""
    far, near = (np.asarray(function(k * STEP)) - np.asarray(function(-k * STEP)) for k in (2, 1))
    return np.asarray((8 * near - far) / (12 * STEP))


def gradient(function: Callable[[], float], point: Float64) -> Float64:
    """The gradient of a function that reads `point`, which is moved in place, one entry at a time, and put back."""
    found = np.empty(point.shape)
    for index in np.ndindex(point.shape):
        home = point[index]

        def moved(by: float, index: tuple[int, ...] = index, home: float = home) -> float:
            point[index] = home + by
            return function()

        found[index] = differentiated(moved)
        point[index] = home
    return found


def relative_error(found: object, expected: object) -> float:
    """The largest deviation, relative to the largest entry of either; NaN counts as infinitely wrong."""
    a, b = np.asarray(found, np.float64), np.asarray(expected, np.float64)
    assert a.shape == b.shape, f"Expected shape {b.shape}, but got {a.shape}."
    if a.size == 0:
        return 0.0
    largest = max(np.abs(a).max(), np.abs(b).max())
    if not np.isfinite(largest):
        return np.inf
    return float(np.abs(a - b).max() / largest) if largest > 0 else 0.0
