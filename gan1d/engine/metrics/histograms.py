"""Histograms: of samples, and of the values of a curve, weighted by the mass along it."""

import numpy as np
from numpy.typing import ArrayLike

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.programs import constant

LARGEST_PLACE = 1e12
"""Bound of a value's distance from the axis, in bins; a float32 still holds its ratio to `POINT_SIZE`."""

POINT_SIZE = 1e-20
"""Length, in bins, of an interval that counts as a single value."""

LAST_EDGE_MARGIN = 1e-5
"""Bins by which the last edge is moved outwards, so that a value on the end of the axis is on the axis."""


class CurveHistogram:
    """Exact distribution of the values of a curve, such as D(x), for an x that is known by its masses on bins.

    Within a bin the mass is spread evenly and the curve is straight, from half way to its value in the bin before to
    half way to its value in the next. So a bin's mass is spread evenly over the interval of values that the bin covers,
    which lies within the values of the curve: where the curve jumps, the values between get no more mass than the two
    bins have.

    Args:
        low: Left end of the axis of values.
        high: Right end of the axis of values; a value there is in the last bin.
        bins: Bins between the ends.
        count: Bins of x, of which the outermost two have no width: their mass is at the first and the last value.
    """

    def __init__(self, low: float, high: float, bins: int, count: int) -> None:
        edges = np.append(np.arange(bins + 1.0), 4 * LARGEST_PLACE)
        edges[-2] += LAST_EDGE_MARGIN
        self._edges = edges[:, None].astype(np.float32)
        self._low, self._scale = constant(low, np.float32), constant(bins / (high - low), np.float32)
        self._half, self._zero = constant(0.5, np.float32), constant(0.0, np.float32)
        self._place, self._left, self._right, self._size = np.empty((4, count), np.float32)
        self._shares = np.empty((bins + 2, count), np.float32)
        # Clamping by a whole array is vectorized, by a number it is not.
        self._least, self._farthest = np.full(count, POINT_SIZE, np.float32), np.full(count, LARGEST_PLACE, np.float32)
        self._nearest = -self._farthest
        self._zeros, self._ones = np.zeros_like(self._shares), np.ones_like(self._shares)

    def __call__(self, values: Array, masses: Float64) -> Array:
        """Mass below the axis, in each bin, and above.

        Args:
            values: The curve in the middle of each bin of x, no NaN, `(count,)`.
            masses: Masses of the bins of x, a row for each distribution, `(rows, count)`.

        Returns:
            `(rows, bins + 2)`, each row with the sum of its masses.
        """
        below = masses.astype(np.float32).dot(self._shares_below(values).T)
        found = np.empty_like(below)
        found[:, 0] = below[:, 0]
        np.subtract(below[:, 1:], below[:, :-1], found[:, 1:])
        # Sums leave rounding of either sign where there is no mass.
        return np.asarray(np.fmax(found, self._zero, found))

    def _shares_below(self, values: Array) -> Array:
        """Share of each bin of x with values below each edge, and 1 in the last row, `(bins + 2, count)`."""
        place, left, right, size, shares = self._place, self._left, self._right, self._size, self._shares
        np.subtract(values, self._low, place)
        np.multiply(place, self._scale, place)
        np.fmin(np.fmax(place, self._nearest, place), self._farthest, place)
        left[:], right[:] = place, place
        inner = left[2:-1]
        np.add(place[1:-2], place[2:-1], inner)
        np.multiply(inner, self._half, inner)
        right[1:-2] = inner
        np.abs(np.subtract(right, left, size), size)
        np.divide(self._ones[0], np.fmax(size, self._least, size), size)
        np.subtract(self._edges, np.fmin(left, right, left), shares)
        np.multiply(shares, size, shares)
        return np.asarray(np.fmin(np.fmax(shares, self._zeros, shares), self._ones, shares))


def histogram(samples: ArrayLike, low: float, high: float, bins: int) -> Float64:
    """Counts of samples in equal bins, and below and above them.

    Args:
        samples: `(n,)`, or a row for each histogram, `(rows, n)`.
        low: Left end of the first bin.
        high: Right end of the last bin; it belongs to that bin.
        bins: Number of bins between them.

    Returns:
        `(…, bins + 2)`: below `low`, the bins, above `high`; NaN samples are an error of the caller.
    """
    values = np.asarray(samples, np.float64)
    place = values - low
    place *= bins / (high - low)
    np.fmin(np.fmax(place, -1.0, place), float(bins), place)
    np.floor(place, place)
    index = place.astype(np.int64)
    index += 1
    index[values == high] = bins
    if values.ndim == 1:
        return np.bincount(index, minlength=bins + 2).astype(np.float64)
    rows = len(values)
    index += np.arange(rows)[:, None] * (bins + 2)
    return np.bincount(index.ravel(), minlength=rows * (bins + 2)).reshape(rows, -1).astype(np.float64)
