"""Densities that run straight from one knot to the next: whatever is drawn or counted can be made of them, exactly."""

import numpy as np
from numpy.typing import ArrayLike

from gan1d.engine.arrays import Float64


class PiecewiseLinearDensity:
    """A piecewise linear density, 0 outside its knots.

    Args:
        knots: Rising, `(n,)`, two or more.
        heights: Density at the knots, at least 0, of any scale: it is normalised here, `(n,)`.

    Attributes:
        knots: As given.
        heights: Such that the area is 1.
    """

    def __init__(self, knots: Float64, heights: Float64) -> None:
        self.knots = knots
        widths = np.diff(knots)
        # Small numbers first made ordinary ones, so that not even the smallest double is lost in a product.
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
        """The x with probability u below it, 0 < u < 1, same shape: within its piece the root of a quadratic."""
        wanted = np.asarray(u, np.float64)
        # The first piece whose end reaches u: one without mass never is.
        piece = np.clip(np.searchsorted(self._below, wanted, side="left") - 1, 0, len(self._slopes) - 1)
        rest, height, slope = wanted - self._below[piece], self.heights[piece], self._slopes[piece]
        root = np.sqrt(np.maximum(height * height + 2 * slope * rest, 0.0))
        # Written so that nothing cancels, wherever the slope goes.
        along = np.divide(2 * rest, height + root, out=np.zeros_like(root), where=height + root > 0)
        return np.asarray(np.clip(self.knots[piece] + along, self.knots[piece], self.knots[piece + 1]))
