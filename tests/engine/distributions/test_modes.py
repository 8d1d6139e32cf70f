"""Modes of piecewise linear densities."""

import math

import numpy as np
import pytest

from gan1d.engine.distributions.custom import DrawnDensity
from gan1d.engine.distributions.modes import MAX_MODES, MIN_PROMINENCE, mode_intervals_of, peaks_and_valleys


def test_modes_by_hand() -> None:
    # Peaks of height 1 and 2 at x = 1 and 4, with the valley at 3.
    left, right = mode_intervals_of([0, 1, 3, 4, 5], [0, 1, 0.5, 2, 0])
    assert (left.centre, left.low, left.high) == (1.0, -math.inf, 3.0)
    assert (right.centre, right.low, right.high) == (4.0, 3.0, math.inf)


@pytest.mark.parametrize(("excess", "count"), [(0.01, 2), (-0.01, 1)])
def test_the_least_prominence_of_a_mode(excess: float, count: int) -> None:
    """The lower peak of 0.5 rises above the valley by the least prominence, or by a little less."""
    valley = 0.5 - MIN_PROMINENCE - excess
    assert len(mode_intervals_of(range(5), [0, 0.5, valley, 1, 0])) == count


def test_the_shallowest_valley_goes_first() -> None:
    """Of nine peaks the two with the shallowest valley between them become one."""
    heights = [0.0, *[1.0, 0.0] * 9]
    heights[8] = 0.5  # the valley between the fourth and the fifth peak, at 7 and 9
    intervals = mode_intervals_of(range(len(heights)), heights)
    assert [each.centre for each in intervals] == [1.0, 3.0, 5.0, 7.0, 11.0, 13.0, 15.0, 17.0]
    assert len(intervals) == MAX_MODES


def test_peaks_and_valleys_by_hand() -> None:
    peaks, valleys = peaks_and_valleys(np.array([0.0, 1.0, 1.0, 0.5, 0.5, 2.0, 0.0]))
    assert (peaks, valleys) == ([(1, 2), (5, 5)], [(3, 4)])
    assert peaks_and_valleys(np.array([2.0, 1.0, 3.0])) == ([(0, 0), (2, 2)], [(1, 1)])


def test_small_wiggles_are_not_modes() -> None:
    heights = np.interp(np.arange(64), [0, 32, 63], [0.0, 0.9, 0.0]) + 0.04 * (np.arange(64) % 2)
    assert len(DrawnDensity(heights=tuple(heights.tolist())).mode_intervals()) == 1


def test_a_plateau_is_one_mode_with_its_centre_in_the_middle() -> None:
    (interval,) = DrawnDensity(centre=1.0, heights=(0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0)).mode_intervals()
    assert interval.centre == pytest.approx(1.0)


def test_there_are_at_most_eight_modes() -> None:
    comb = tuple(float(i % 2) for i in range(64))
    assert len(DrawnDensity(heights=comb).mode_intervals()) == 8
