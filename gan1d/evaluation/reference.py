"""What generators are compared with, prepared once: the target and its classes, and the fixed training points."""

import math
from collections.abc import Callable, Sequence

import numpy as np

from gan1d.engine.arrays import Float64
from gan1d.engine.distributions.base import ConditionalDistribution
from gan1d.engine.distributions.targets import Target
from gan1d.engine.metrics.divergences import wasserstein1

FINENESS = 8
"""Places between two neighbouring points at which a distribution function is integrated."""

Outside = tuple[tuple[float, float], tuple[float, float]]
"""Mass, and mass times mean distance, left and right of an axis."""


class Reference:
    """Distributions that others are held against, one a row.

    Args:
        below: Their distribution functions at the points, `(rows, points)`.
        areas: Their integrals since the point before, likewise.
        outside: For each, mass times mean distance of what lies beyond either end of the axis.
        gaps: Distance of each point to the one before, `(points,)`.
    """

    def __init__(self, below: Float64, areas: Float64, outside: Sequence[tuple[float, float]], gaps: Float64) -> None:
        self._below, self._areas, self._outside = below, areas, outside
        self._gaps = np.tile(gaps, (len(below), 1))

    def distances(self, below: Float64, areas: Float64, outside: Sequence[Outside]) -> list[float]:
        """Wasserstein-1 of each row to its own, on the axis and beyond it, in units of x."""
        costs = wasserstein1(below, areas, self._below, self._areas, self._gaps).tolist()
        return [
            cost + abs(ours[0][1] - left) + abs(ours[1][1] - right)
            for cost, ours, (left, right) in zip(costs, outside, self._outside, strict=True)
        ]


def of_target(
    parts: Sequence[Target | ConditionalDistribution], points: Float64, gaps: Float64, copies: int = 1
) -> Reference:
    """Targets, or classes of one; each as often as is said, one copy after the other."""
    low, high = float(points[0]), float(points[-1])
    below = [part.cdf(points) for part in parts] * copies
    areas = [np.append(0.0, integral(part.cdf, points)) for part in parts] * copies
    return Reference(np.array(below), np.array(areas), [outside(part, low, high) for part in parts] * copies, gaps)


def of_points(fixed: Float64, points: Float64, gaps: Float64) -> Reference:
    """Training points, rising, which are a distribution of their own, an atom each."""
    # Σ max(0, p − xᵢ) = p·(how many are left of p) − (their sum).
    count = np.searchsorted(fixed, points, side="right")
    sums = np.append(0.0, fixed.cumsum())[count]
    areas = np.diff((points * count - sums) / len(fixed), prepend=np.nan)
    areas[0] = 0.0
    beyond = np.fmax(points[0] - fixed, 0.0), np.fmax(fixed - points[-1], 0.0)
    far = float(beyond[0].mean()), float(beyond[1].mean())
    return Reference((count / len(fixed))[None], areas[None], [far], gaps)


def outside(part: Target | ConditionalDistribution, low: float, high: float) -> tuple[float, float]:
    """Mass times mean distance of what lies left of an axis and right of it."""
    left, right = reach(part, low, high)
    return (
        float(integral(part.cdf, np.linspace(left, low, 513)).sum()),
        float(integral(lambda x: 1 - part.cdf(x), np.linspace(high, right, 513)).sum()),
    )


def reach(part: Target | ConditionalDistribution, low: float, high: float) -> tuple[float, float]:
    """Where next to nothing is left on either side, the axis included."""
    ends = part.quantile(np.array([1e-12, 1 - 1e-12]))
    return min(float(ends[0]), low), max(float(ends[1]), high)


def moments(target: Target, edges: Float64) -> tuple[float, float]:
    """Mean and standard deviation of a target, in units of x; `edges` cut its axis finely.

    They are those of all but 2e-12 of the mass, which makes a difference only to tails that are so heavy that the whole
    has hardly a standard deviation, or none.
    """
    left, right = reach(target, float(edges[0]), float(edges[-1]))
    far = np.concatenate([np.linspace(left, edges[0], 513)[:-1], edges, np.linspace(edges[-1], right, 513)[1:]])
    # E x = end − ∫F, and E (end − x)² = 2·∫∫F: by parts, from the right end.
    area = float(integral(target.cdf, far).sum())
    twice = float(integral(lambda x: (far[-1] - x) * target.cdf(x), far).sum())
    return float(far[-1]) - area, math.sqrt(max(2 * twice - area**2, 0.0))


def integral(function: Callable[[Float64], Float64], points: Float64) -> Float64:
    """Integrals between neighbouring points, `(m,)` → `(m − 1,)`, by Simpson's rule on `FINENESS` parts of each."""
    parts = np.linspace(points[:-1], points[1:], FINENESS + 1, axis=1)
    weights = np.full(FINENESS + 1, 2.0)
    weights[1::2], weights[[0, -1]] = 4.0, 1.0
    heights = function(parts.ravel()).reshape(parts.shape)
    return np.asarray(heights @ weights * np.diff(points) / (3 * FINENESS))
