"""The area between two CDFs in an interval where they cross, as a part of Wasserstein-1."""

import math

import numpy as np

from gan1d.engine.arrays import ZERO, Float64
from gan1d.engine.metrics.divergences import SMALLEST_MASS
from gan1d.engine.metrics.grid import Indices

UNEVENNESS = 1 / 12
"""Error of `parabola_cost`, divided by the width of the interval and by the second change of the rise of the
difference from interval to interval. It holds for a leap and where a CDF begins like a square root, as at a turn of G;
for smooth CDFs the error is far less."""
CROSSING_TOLERANCE = 1e-4
"""Part of Wasserstein-1 that the cost of an interval may be off by before the CDFs are evaluated within it."""
AROUND = np.arange(-2, 2)
"""Points around an interval, from the point at its right end."""


def crossing_bound(before: float, after: float) -> float:
    """Largest possible error of |∫ d| as an estimate of ∫ |d|, for a difference d of two CDFs that rises through 0.

    If d falls through 0, all of its signs are turned.

    Args:
        before: −d at the left end times the width of the interval, above 0.
        after: d at the right end times the width, above 0.
    """
    return 2 * before * after / (before + after)


def leap_cost(before: float, after: float, area: float) -> float:
    """Integral of |d| if d leaps at a single place and is flat elsewhere.

    Args:
        before: See `crossing_bound`.
        after: See `crossing_bound`.
        area: Integral of d over the interval, in units of x.
    """
    return ((after - before) * area + 2 * before * after) / (before + after)


def parabola_cost(before: float, after: float, area: float) -> float:
    """Integral of |d| if d is a parabola; if that would turn in the interval, d is taken to leap.

    Args:
        before: See `crossing_bound`.
        after: See `crossing_bound`.
        area: Integral of d over the interval, in units of x.
    """
    rise = before + after
    bend = 6 * area - 3 * (after - before)
    if abs(bend) > rise:
        return leap_cost(before, after, area)
    # d = −before + slope·s − bend·s² = 0 for an s from 0 to 1.
    slope = rise + bend
    s = 2 * before / (slope + math.sqrt(slope * slope - 4 * bend * before))
    return area + 2 * s * (before - s * (0.5 * slope - s * bend / 3))


def crossing_costs(
    difference: Float64, areas: Float64, costs: Float64, crossed: Indices, widths: Float64
) -> tuple[list[float], list[int]]:
    """Costs of intervals in which d changes its sign, and the points at the ends of those that may be too far off.

    Args:
        difference: d at the points, row after row, `(rows · points,)`.
        areas: Integral of d over the interval before each point, in units of x, `(rows, points)`.
        costs: Lower bound of the cost of the interval before each point, `(rows, points)`.
        crossed: Points at the ends of the intervals, as indices of `difference`, `(n,)`.
        widths: Width of the interval before each point, in units of x, `(points,)`.
    """
    count, found, rough = len(widths), [], set()
    tolerances = (CROSSING_TOLERANCE * np.add.reduce(costs, 1)).tolist()
    around = difference.take(crossed[:, None] + AROUND, mode="clip") * widths.take(crossed % count)[:, None]
    for place, area, (left, start, end, right) in zip(
        crossed.tolist(), areas.take(crossed).tolist(), around.tolist(), strict=True
    ):
        if start == end:  # between rows, or in an interval without width
            found.append(0.0)
            continue
        unevenness = UNEVENNESS * abs(right - left - 3 * (end - start))
        before, after, area = (-start, end, area) if end > 0 else (start, -end, -area)
        tolerance = tolerances[place // count]
        if unevenness > tolerance and crossing_bound(before, after) > tolerance:
            rough.add(place % count)
            found.append(leap_cost(before, after, area))
        else:
            found.append(parabola_cost(before, after, area))
    return found, sorted(rough)


def inner_costs(difference: Float64, areas: Float64, widths: Float64) -> Float64:
    """Integral of |d| over intervals, by what d is within them.

    Args:
        difference: d at `INNER_PLACES` of each interval, `(n, 17)`.
        areas: Integral of d over each interval, in units of x, `(n,)`.
        widths: Width of each interval, in units of x, `(n,)`.
    """
    left, right = difference[:, :-1], difference[:, 1:]
    width = widths[:, None] / left.shape[1]
    sums = left + right
    shares = sums * (0.5 * width)
    # What is missing of the whole area lies where d leaps, if it does.
    leap = np.abs(right - left).argmax(1)
    shares[np.arange(len(leap)), leap] += areas - np.add.reduce(shares, 1)
    shares *= sums
    shares -= np.fmin(left * right, ZERO) * (2.0 * width)
    shares /= np.abs(left) + np.abs(right) + SMALLEST_MASS
    return np.asarray(np.add.reduce(np.fmax(shares, ZERO), 1))
