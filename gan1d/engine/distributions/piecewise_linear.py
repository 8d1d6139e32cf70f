"""Piecewise linear densities, with exact distribution function and quantiles."""

import numpy as np
from numpy.typing import ArrayLike

from gan1d.engine.arrays import Float64


class PiecewiseLinearDensity:
    """A piecewise linear density, 0 outside its knots.

    Args:
        knots: Increasing x, `(n,)`, at least two.
        heights: Density at the knots, on any scale: at least 0 and not all 0, `(n,)`.

    Attributes:
        knots: Increasing x, `(n,)`.
        heights: Density at the knots, scaled to an area of 1, `(n,)`.
    """

    def __init__(self, knots: Float64, heights: Float64) -> None:
        self.knots = knots
        widths = np.diff(knots)
        # Scaled to a maximum of 1 first, so that products of subnormal heights do not underflow.
        heights = heights / heights.max()
        masses = 0.5 * (heights[1:] + heights[:-1]) * widths
        self.heights = heights / masses.sum()
        self._below = np.concatenate([[0.0], np.cumsum(masses / masses.sum())])
        self._below[-1] = 1.0
        self._slopes = np.diff(self.heights) / widths

    def pdf(self, x: ArrayLike) -> Float64:
        """Density at x, same shape."""
        return np.asarray(np.interp(np.asarray(x, np.float64), self.knots, self.heights, left=0.0, right=0.0))

    def cdf(self, x: ArrayLike) -> Float64:
        """Probability below x, same shape."""
        points = np.asarray(x, np.float64)
        piece = np.clip(np.searchsorted(self.knots, points, side="right") - 1, 0, len(self._slopes) - 1)
        along = np.clip(points, self.knots[0], self.knots[-1]) - self.knots[piece]
        found = self._below[piece] + along * (self.heights[piece] + 0.5 * along * self._slopes[piece])
        return np.where(points >= self.knots[-1], 1.0, np.clip(found, 0.0, 1.0))

    def quantile(self, u: ArrayLike) -> Float64:
        """Inverse of `cdf` for 0 < u < 1, same shape: the root of a quadratic within one piece."""
        wanted = np.asarray(u, np.float64)
        # The first piece whose right end reaches u, which is never a piece without mass.
        piece = np.clip(np.searchsorted(self._below, wanted, side="left") - 1, 0, len(self._slopes) - 1)
        rest, height, slope = wanted - self._below[piece], self.heights[piece], self._slopes[piece]
        root = np.sqrt(np.maximum(height * height + 2 * slope * rest, 0.0))
        # This form of the root has no cancellation for slopes of either sign.
        along = np.divide(2 * rest, height + root, out=np.zeros_like(root), where=height + root > 0)
        return np.asarray(np.clip(self.knots[piece] + along, self.knots[piece], self.knots[piece + 1]))
