"""The distributions that generators are compared with: the target, its classes, and fixed training samples."""

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from gan1d.engine.arrays import Float64
from gan1d.engine.distributions.base import ConditionalDistribution
from gan1d.engine.distributions.targets import Target
from gan1d.engine.metrics.divergences import SMALLEST_MASS
from gan1d.engine.metrics.grid import Grid
from gan1d.engine.metrics.grid_distribution import GridDistribution, Overflow, bin_masses

PARTS = 8
"""Parts of the interval between two points that a CDF is integrated by."""
TAIL_PARTS = 513
"""Points in each tail beyond the grid, for the integral of a CDF there."""
LONG_TAIL = 4
"""Length of a tail, in lengths of the grid, from which on its points are not evenly spaced."""
KEPT = 16
"""Number of targets that are kept: sessions often begin alike, and a reset begins with the same target again."""


@lru_cache(KEPT)
def from_target(target: Target | ConditionalDistribution, grid: Grid) -> GridDistribution:
    """A target, or a class of one, as one distribution on the grid."""
    cdf = target.cdf(grid.points)
    left, right = reach(target, grid)
    below = integrals(target.cdf, tail_points(grid.low, left, grid)[::-1]).sum()
    above = integrals(lambda x: 1 - target.cdf(x), tail_points(grid.high, right, grid)).sum()
    overflow = Overflow(float(cdf[0]), float(1 - cdf[-1]), float(below), float(above))
    integral = np.append(0.0, integrals(target.cdf, grid.points))
    masses = bin_masses(target.cdf(grid.edges))
    inner = target.cdf(grid.within.ravel()).reshape(grid.within.shape)
    rising = np.pad(0.5 * (inner[:, 1:] + inner[:, :-1]), ((0, 0), (1, 0))).cumsum(axis=1)
    # The trapezoidal rule leaves out the same at both ends of an interval, next to nothing.
    inner_integral = rising * (integral / np.fmax(rising[:, -1], SMALLEST_MASS))[:, None]

    def inner_cdf(row: int, point: int, place: int) -> tuple[float, float]:
        return inner.item(point, place), inner_integral.item(point, place)

    return GridDistribution(
        grid, cdf[None], integral[None], masses[None], [overflow], lambda x: np.asarray(target.cdf(x))[None], inner_cdf
    )


def from_samples(samples: Float64, grid: Grid) -> GridDistribution:
    """Samples, increasing, `(n,)`, as one distribution on the grid: an equal mass at each."""
    # Σ max(0, p − xᵢ) = p·(number of samples left of p) − (their sum).
    count = np.searchsorted(samples, grid.points, side="right")
    sums = np.append(0.0, samples.cumsum())[count]
    integral = np.diff((grid.points * count - sums) / len(samples), prepend=np.nan)
    integral[0] = 0.0
    cdf = count / len(samples)
    beyond = np.fmax([grid.low - samples, samples - grid.high], 0.0)
    overflow = Overflow(*np.mean(beyond > 0, axis=1).tolist(), *beyond.mean(axis=1).tolist())
    masses = bin_masses(cdf.take(grid.at_edges))

    def cdf_at(x: Float64) -> Float64:
        return np.asarray(np.searchsorted(samples, x, side="right") / len(samples))[None]

    def inner_cdf(row: int, point: int, place: int) -> tuple[float, float]:
        x, start = grid.within.item(point, place), grid.points.item(point - 1)
        before = samples[count[point - 1] : np.searchsorted(samples, x, side="right")]
        height = count.item(point - 1) / len(samples)
        return height + len(before) / len(samples), height * (x - start) + float(np.sum(x - before)) / len(samples)

    return GridDistribution(grid, cdf[None], integral[None], masses[None], [overflow], cdf_at, inner_cdf)


@lru_cache(KEPT)
def moments(target: Target, grid: Grid) -> tuple[float, float]:
    """Mean and standard deviation of a target, in units of x.

    They are those of all but 2e-12 of the mass, which makes a difference only for tails so heavy that the whole has
    hardly a standard deviation, or none.
    """
    left, right = reach(target, grid)
    points = np.concatenate([
        tail_points(grid.low, left, grid)[:0:-1], grid.edges, tail_points(grid.high, right, grid)[1:]
    ])  # fmt: skip
    end = points[-1]
    # E x = end − ∫F, and E (end − x)² = 2·∫∫F: by parts, from the right end.
    area = float(integrals(target.cdf, points).sum())
    # In units of a power of two, which is exact, so that no square of a far point is infinite.
    unit = math.ldexp(1.0, math.frexp(float(end - points[0]))[1])
    half = float(integrals(lambda x: (end - x) / unit * target.cdf(x), points).sum()) / unit
    return float(end) - area, unit * math.sqrt(max(2 * half - (area / unit) ** 2, 0.0))


def tail_points(start: float, end: float, grid: Grid) -> Float64:
    """Points from an end of the grid outwards, `(TAIL_PARTS,)`: evenly spaced in a tail about as long as the grid, and
    in a long one ever farther apart, as its mass is near the grid."""
    length, unit = abs(end - start), grid.high - grid.low
    if length <= LONG_TAIL * unit:
        return np.linspace(end, start, TAIL_PARTS)[::-1]
    shares = np.expm1(np.linspace(0.0, math.log1p(length / unit), TAIL_PARTS)) * unit / length
    return np.asarray(start + (end - start) * shares)


def reach(target: Target | ConditionalDistribution, grid: Grid) -> tuple[float, float]:
    """Ends of an interval that holds the grid and all but 2e-12 of a target's mass."""
    low, high = target.quantile(np.array([1e-12, 1 - 1e-12])).tolist()
    return min(low, grid.low), max(high, grid.high)


def integrals(function: Callable[[Float64], Float64], points: Float64) -> Float64:
    """Integrals between neighbouring points, `(m,)` → `(m − 1,)`, by Simpson's rule on `PARTS` parts of each."""
    nodes = np.linspace(points[:-1], points[1:], PARTS + 1, axis=1)
    weights = np.full(PARTS + 1, 2.0)
    weights[1::2], weights[[0, -1]] = 4.0, 1.0
    heights = function(nodes.ravel()).reshape(nodes.shape)
    return np.asarray(heights @ weights * np.diff(points) / (3 * PARTS))
