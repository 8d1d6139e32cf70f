"""The area between two CDFs in an interval where they cross, as a part of Wasserstein-1."""

import math
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from gan1d.engine.arrays import Float64
from gan1d.engine.metrics.grid import INNER_PARTS

ROUGH_ERROR, SMOOTH_ERROR, CHANGE_ERROR = 1 / 12, 1 / 96, 1 / 36
"""Error of `parabola_cost`, divided by the width of the interval: by the largest third difference of d at four points
around it, for a d that leaps or that begins like a square root, as a CDF does at a turn of G; and for a smooth d by the
third difference, with a part for its change from interval to interval. For s·(1 − s)·(1 − 2·s) the error is 1/192. For
a leap in the interval the third differences are 1, −2 and 1, so both are 1/6 and more."""
CROSSING_TOLERANCE = 3e-4
"""Part of Wasserstein-1 that the cost of an interval may be off by before the CDFs are evaluated within it."""
NEGLIGIBLE = 1e-5
"""Part of Wasserstein-1 below which the cost of a crossing is left out."""
AROUND = np.arange(-3, 3)
"""Points around an interval, from the point at its right end."""

InnerDifference = Callable[[int, int, int], tuple[float, float]]
"""d at a place in an interval times the width of the interval, and the integral of d from the left end to the place.

The arguments are the row, the point at the right end, and the place, from 0 to `INNER_PARTS`."""


def leap_cost(before: float, after: float, area: float) -> float:
    """Integral of |d| over an interval, if the difference d of two CDFs leaps at a single place and is flat elsewhere.

    No other d that rises from end to end has a larger one, and none a smaller one than |∫ d|. If d falls, all signs are
    turned.

    Args:
        before: −d at the left end times the width of the interval, above 0.
        after: d at the right end times the width, above 0.
        area: Integral of d over the interval, in units of x.
    """
    return ((after - before) * area + 2 * before * after) / (before + after)


def parabola_cost(before: float, after: float, area: float) -> tuple[float, float]:
    """Integral of |d| if d is a parabola, and where d is 0, from 0 to 1; a parabola that would turn is taken to leap.

    Args:
        before: See `leap_cost`.
        after: See `leap_cost`.
        area: Integral of d over the interval, in units of x.
    """
    rise = before + after
    bend = 6 * area - 3 * (after - before)
    if abs(bend) > rise:
        return leap_cost(before, after, area), (after - area) / rise
    # d = −before + slope·s − bend·s² = 0 for an s from 0 to 1.
    slope = rise + bend
    s = 2 * before / (slope + math.sqrt(slope * slope - 4 * bend * before))
    return area + 2 * s * (before - s * (0.5 * slope - s * bend / 3)), s


def unevenness(farther: float, left: float, start: float, end: float, right: float, last: float) -> float:
    """Largest error of `parabola_cost`, from d at three points on either side of 0, in any units.

    A parabola has no third difference. If the third difference is about the same around the interval, d is smooth, and
    the error is far less than that of another d. Where it is not, a single one may be small by chance.
    """
    before = end - farther - 3 * (start - left)
    third = right - left - 3 * (end - start)
    after = last - start - 3 * (right - end)
    change = abs(before - third) + abs(after - third)
    rough = ROUGH_ERROR * max(abs(before), abs(third), abs(after))
    return min(rough, SMOOTH_ERROR * abs(third) + CHANGE_ERROR * change)


def cost_by_parts(
    before: float, after: float, area: float, tolerance: float, at: Callable[[int], tuple[float, float]], sign: float
) -> float:
    """Integral of |d| over an interval, from values of d near its 0.

    Args:
        before: See `leap_cost`.
        after: See `leap_cost`.
        area: See `leap_cost`.
        tolerance: Largest error if d rises, in units of x, unless it lies in one of `INNER_PARTS` parts.
        at: d at a place in the interval times the width, and its integral up to there; see `InnerDifference`.
        sign: −1 if `at` returns a d that falls, else 1.
    """
    first, area_before, last, area_after, rise = 0, 0.0, INNER_PARTS, 0.0, before + after
    while True:
        # d at both ends times the width of the part that is left.
        size, inner = (last - first) / INNER_PARTS, area - area_before - area_after
        low, high = before * size, after * size
        cost, place = parabola_cost(low, high, inner)
        most = leap_cost(low, high, inner)
        if max(most - cost, cost - abs(inner)) <= tolerance or last - first == 1:
            # The larger part of a rise within the smallest part is a leap.
            is_leap = last - first == 1 and before + after > 0.5 * rise
            return (most if is_leap else cost) - area_before + area_after
        middle = min(max(first + round(place * (last - first)), first + 1), last - 1)
        d, integral = at(middle)
        if sign * d < 0:
            first, before, area_before = middle, -sign * d, sign * integral
        else:
            last, after, area_after = middle, sign * d, area - sign * integral


def detours(
    difference: Float64, areas: Float64, totals: Sequence[float], widths: Float64, inner: InnerDifference | None
) -> list[tuple[int, float]]:
    """Row and ∫ |d| − |∫ d| of the intervals in which d changes its sign.

    Args:
        difference: d at the points, row after row, `(rows · points,)`.
        areas: Integral of d over the interval before each point, in units of x, `(rows, points)`.
        totals: Sum of |∫ d| of all intervals of each row, in units of x.
        widths: Width of the interval before each point, in units of x, `(points,)`.
        inner: d within intervals, if it is known there.
    """
    found: list[tuple[int, float]] = []
    crossed = (difference[1:] * difference[:-1] < 0).nonzero()[0]
    if len(crossed) == 0:
        return found
    crossed += 1
    rows, points = np.divmod(crossed, len(widths))
    signs = np.sign(difference.take(crossed))
    around = difference.take(crossed[:, None] + AROUND, mode="clip") * (signs * widths.take(points))[:, None]
    turned = areas.take(crossed) * signs
    for row, point, sign, area, places in zip(
        rows.tolist(), points.tolist(), signs.tolist(), turned.tolist(), around.tolist(), strict=True
    ):
        if point == 0:  # from the last point of a row to the first of the next
            continue
        start, end = places[2:4]
        total, detour = totals[row], leap_cost(-start, end, area) - abs(area)
        if detour > NEGLIGIBLE * total:
            tolerance = CROSSING_TOLERANCE * total
            if detour <= tolerance or unevenness(*places) <= tolerance:
                cost, _ = parabola_cost(-start, end, area)
            elif inner is None:
                cost = leap_cost(-start, end, area)
            else:
                cost = cost_by_parts(-start, end, area, tolerance, partial(inner, row, point), sign)
            found.append((row, cost - abs(area)))
    return found
