"""Histograms of a curve over known distributions: against closed forms and against what is true of any curve."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gan1d.engine.metrics.histograms import CurveHistogram

COUNT = 258


def evenly(count: int = COUNT) -> Any:
    """All mass inside, and the same in each bin."""
    masses = np.full(count, 1 / (count - 2))
    masses[[0, -1]] = 0.0
    return masses[None]


def test_a_straight_line_spreads_the_mass_evenly() -> None:
    """From 0 to 1 over 256 bins, on 20 bins of the axis: a twentieth each, but for half a bin of x at either end."""
    values = (np.arange(COUNT) - 0.5) / (COUNT - 2)
    for line in (values, 1 - values):
        found = CurveHistogram(0.0, 1.0, 20, COUNT)(line, evenly())[0]
        np.testing.assert_allclose(found[1:-1], 0.05, atol=1e-3)
        np.testing.assert_allclose(found[2:-2], 0.05, atol=1e-6)
        assert (found[0], found[-1]) == (0.0, 0.0)


def test_a_square_has_the_density_of_a_root() -> None:
    """P(u² < v) = √v for even u."""
    values = ((np.arange(COUNT) - 0.5) / (COUNT - 2)) ** 2
    found = CurveHistogram(0.0, 1.0, 20, COUNT)(values, evenly())[0]
    np.testing.assert_allclose(np.cumsum(found[1:-1]), np.sqrt(np.arange(1, 21) / 20), atol=2.5e-3)


def test_a_step_within_a_bin_leaves_next_to_nothing_in_between() -> None:
    """The two bins at the step are all that is spread."""
    values = np.where(np.arange(COUNT) < 129, 0.0, 1.0)
    found = CurveHistogram(0.0, 1.0, 20, COUNT)(values, evenly())[0]
    assert found[1] == pytest.approx(0.5, abs=1 / 256)
    assert found[-2] == pytest.approx(0.5, abs=1 / 256)
    assert found[2:-2].sum() == pytest.approx(2 * 18 / 20 / 256, abs=1e-6)
    assert (found[0], found[-1]) == (0.0, 0.0)


@pytest.mark.parametrize(("value", "place"), [(0.0, 1), (0.31, 7), (0.5, 11), (1.0, 20), (-0.01, 0), (1.01, 21)])
def test_a_level_curve_is_one_value(value: float, place: int) -> None:
    """A bin has its left end, and the last one the right end too."""
    found = CurveHistogram(0.0, 1.0, 20, COUNT)(np.full(COUNT, value), evenly())[0]
    np.testing.assert_allclose(found, np.arange(22) == place, atol=1e-6)


def test_what_is_outside_counts_at_the_outer_values() -> None:
    values = np.full(COUNT, 0.5)
    values[[0, -1]] = 0.02, 7.0
    masses = 0.5 * evenly()[0]
    masses[[0, -1]] = 0.2, 0.3
    found = CurveHistogram(0.0, 1.0, 20, COUNT)(values, masses[None])[0]
    assert (found[1], found[11], found[-1]) == pytest.approx((0.2, 0.5, 0.3))


curves = st.lists(st.floats(width=32, allow_nan=False), min_size=4, max_size=40)


@given(curves, st.randoms(use_true_random=False))
def test_no_mass_is_lost_and_none_is_made_up(curve: list[float], random: Any) -> None:
    masses = np.array([[random.random() + 0.01 for _ in curve] for _ in range(2)])
    masses /= masses.sum(axis=1, keepdims=True)
    with np.errstate(over="ignore"):
        found = CurveHistogram(-1.0, 3.0, 7, len(curve))(np.array(curve), masses)
    assert found.shape == (2, 9)
    assert found.min() >= 0
    np.testing.assert_allclose(found.sum(axis=1), 1.0, atol=1e-6)
    if max(curve) < 3:
        np.testing.assert_array_equal(found[:, -1], 0.0)
    if min(curve) >= -1:
        np.testing.assert_allclose(found[:, 0], 0.0, atol=1e-6)
