"""Modes of a density and the intervals of the data axis that belong to them."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from gan1d.engine.arrays import Float64
from gan1d.engine.units import Units

MIN_PROMINENCE = 0.1
"""A peak is a mode if it rises above the higher of its two valleys by this share of the highest peak."""

MAX_MODES = 8
"""Largest number of modes; if there are more peaks, the most prominent are the modes."""


@dataclass(frozen=True, kw_only=True)
class ModeInterval:
    """One mode of a target and the interval that belongs to it.

    Attributes:
        centre: Position of the peak.
        low: Left end of the interval, −∞ for the first mode.
        high: Right end of the interval, ∞ for the last mode.
    """

    centre: float
    low: float = -math.inf
    high: float = math.inf

    def in_units(self, units: Units) -> "ModeInterval":
        """The mode and its interval in u = (x − location)/scale."""
        return ModeInterval(
            centre=units.standardize(self.centre), low=units.standardize(self.low), high=units.standardize(self.high)
        )


def mode_intervals_of(knots: ArrayLike, heights: ArrayLike) -> tuple[ModeInterval, ...]:
    """Mode intervals of a piecewise linear density, without peaks of low prominence.

    Neighbouring peaks are merged, the pair with the shallowest valley first, until every peak rises above its valleys
    by `MIN_PROMINENCE` and there are at most `MAX_MODES` (persistence of the peaks: Edelsbrunner, Letscher and
    Zomorodian 2002). The intervals meet in the middle of the valleys.

    Args:
        knots: Increasing x, `(n,)`.
        heights: Density at the knots, on any scale: at least 0 and not all 0, `(n,)`.
    """
    x, height = np.asarray(knots, np.float64), np.asarray(heights, np.float64)
    peaks, valleys = peaks_and_valleys(height)
    tops, lows = (height[[first for first, _ in stretches]] for stretches in (peaks, valleys))
    least = MIN_PROMINENCE * height.max()
    while len(peaks) > 1:
        rises = np.minimum(tops[:-1], tops[1:]) - lows
        shallowest = int(np.argmin(rises))
        if rises[shallowest] >= least and len(peaks) <= MAX_MODES:
            break
        # The lower of the two peaks goes together with its higher valley, which is this one.
        lower = shallowest + int(tops[shallowest] >= tops[shallowest + 1])
        del peaks[lower], valleys[shallowest]
        tops, lows = np.delete(tops, lower), np.delete(lows, shallowest)
    centres, cuts = (
        [0.5 * float(x[first] + x[last]) for first, last in stretches] for stretches in (peaks, valleys)
    )  # fmt: skip
    ends = [-math.inf, *cuts, math.inf]
    return tuple(
        ModeInterval(centre=centre, low=low, high=high)
        for centre, low, high in zip(centres, ends[:-1], ends[1:], strict=True)
    )


def peaks_and_valleys(height: Float64) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """First and last index of each peak, and of each valley between peaks: a plateau is one peak or one valley."""
    starts = np.flatnonzero(np.diff(height, prepend=np.nan) != 0)
    stops = np.append(starts[1:], len(height)) - 1
    slopes = np.sign(np.diff(height[starts], prepend=-np.inf, append=-np.inf))
    stretches = list(zip(starts.tolist(), stops.tolist(), strict=True))
    peaks = [stretches[i] for i in np.flatnonzero((slopes[:-1] > 0) & (slopes[1:] < 0))]
    valleys = [stretches[i] for i in np.flatnonzero((slopes[:-1] < 0) & (slopes[1:] > 0))]
    return peaks, valleys
