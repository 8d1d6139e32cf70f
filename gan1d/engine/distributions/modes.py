"""Modes of a density and the stretches of the line that belong to them."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from gan1d.engine.arrays import Float64

PROMINENCE = 0.1
"""A peak counts as a mode if it rises above the higher of the valleys beside it by this share of the highest peak."""
MOST = 8
"""Modes that are told apart; of more peaks than that, the most prominent count."""


@dataclass(frozen=True, kw_only=True)
class ModeInterval:
    """One mode of a target.

    Attributes:
        centre: Where its density peaks.
        low: Left end of its basin, −∞ for the first.
        high: Right end of its basin, ∞ for the last.
    """

    centre: float
    low: float = -math.inf
    high: float = math.inf


def mode_intervals_of(places: ArrayLike, heights: ArrayLike) -> tuple[ModeInterval, ...]:
    """The basins of a density that runs straight from place to place; small wiggles are no modes.

    Neighbouring peaks are joined, the pair with the shallowest valley first, until every peak rises out of its valleys
    by `PROMINENCE` and there are at most `MOST` (persistence of the peaks: Edelsbrunner, Letscher and Zomorodian 2002).

    Args:
        places: Rising, `(n,)`.
        heights: At least 0 and somewhere above it, of any scale, `(n,)`.
    """
    x, height = np.asarray(places, np.float64), np.asarray(heights, np.float64)
    peaks, valleys = turns(height)
    while len(peaks) > 1:
        tops = height[[first for first, _ in peaks]]
        rises = np.minimum(tops[:-1], tops[1:]) - height[[first for first, _ in valleys]]
        shallowest = int(np.argmin(rises))
        if rises[shallowest] >= PROMINENCE * height.max() and len(peaks) <= MOST:
            break
        # The lower of the two is swallowed, and with it the higher of the valleys beside it, which is this one.
        del peaks[shallowest + int(tops[shallowest] >= tops[shallowest + 1])], valleys[shallowest]
    centres, cuts = (
        [0.5 * float(x[first] + x[last]) for first, last in stretches] for stretches in (peaks, valleys)
    )  # fmt: skip
    ends = [-math.inf, *cuts, math.inf]
    return tuple(
        ModeInterval(centre=centre, low=low, high=high)
        for centre, low, high in zip(centres, ends[:-1], ends[1:], strict=True)
    )


def turns(height: Float64) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Peaks, and the valleys between them, as first and last index of each: a level stretch is one peak or valley."""
    starts = np.flatnonzero(np.diff(height, prepend=np.nan) != 0)
    stops = np.append(starts[1:], len(height)) - 1
    slopes = np.sign(np.diff(height[starts], prepend=-np.inf, append=-np.inf))
    stretches = list(zip(starts.tolist(), stops.tolist(), strict=True))
    peaks = [stretches[i] for i in np.flatnonzero((slopes[:-1] > 0) & (slopes[1:] < 0))]
    valleys = [stretches[i] for i in np.flatnonzero((slopes[:-1] < 0) & (slopes[1:] > 0))]
    return peaks, valleys
