"""The area between CDFs that cross, against quadrature."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gan1d.engine.metrics.crossings import crossing_bound, crossing_costs, inner_costs, leap_cost, parabola_cost
from gan1d.engine.metrics.grid import INNER_PLACES

S = np.linspace(0.0, 1.0, 4_001)

sizes = st.floats(1e-3, 1.0)


def integral(heights: np.ndarray) -> float:
    return float(np.trapezoid(heights, S))


@given(sizes, sizes, st.floats(-1.0, 1.0))
def test_a_parabola_is_integrated_exactly(before: float, after: float, bend: float) -> None:
    bend *= before + after  # so that it does not turn
    d = -before + (before + after) * S + bend * S * (1 - S)
    found = parabola_cost(before, after, integral(d))
    assert found == pytest.approx(integral(np.abs(d)), abs=1e-6)
    assert abs(integral(d)) <= found + 1e-12 <= leap_cost(before, after, integral(d)) + 1e-6


@given(sizes, sizes, st.floats(0.0, 1.0))
def test_a_leap_is_integrated_exactly(before: float, after: float, place: float) -> None:
    area = after * (1 - place) - before * place
    expected = after * (1 - place) + before * place
    assert leap_cost(before, after, area) == pytest.approx(expected, rel=1e-12)
    assert expected - abs(area) <= crossing_bound(before, after) * (1 + 1e-12)


def test_a_parabola_that_would_turn_is_a_leap() -> None:
    assert parabola_cost(0.5, 0.5, -0.45) == leap_cost(0.5, 0.5, -0.45) == pytest.approx(0.5)


def test_costs_by_inner_values_hold_for_lines_and_leaps() -> None:
    """A leap is integrated exactly, and a line to half of a 16th of the interval."""
    at = INNER_PLACES
    line, leap = 2 * at - 0.9, np.where(at < 0.52, -0.3, 0.6)
    leap_area = -0.3 * 0.52 + 0.6 * 0.48
    found = inner_costs(np.array([line, leap]), 0.5 * np.array([0.1, leap_area]), np.array([0.5, 0.5]))
    expected = [0.5 * (0.45**2 + 0.55**2), 0.5 * (0.3 * 0.52 + 0.6 * 0.48)]
    assert found[0] == pytest.approx(expected[0], rel=3e-3)
    assert found[1] == pytest.approx(expected[1], rel=1e-9)


def test_a_line_is_trusted_and_a_leap_is_looked_into() -> None:
    """Two rows of four points, 1 apart: the line from −.3 to .3, and a leap from −.5 to .5 in the middle."""
    difference = np.array([[-0.3, -0.1, 0.1, 0.3], [-0.5, -0.5, 0.5, 0.5]])
    areas = np.array([[0.0, -0.2, 0.0, 0.2], [0.0, -0.5, 0.1, 0.5]])
    crossed = np.array([2, 4, 6])  # 4 is the step from row to row
    found, doubtful = crossing_costs(difference.ravel(), areas, np.abs(areas), crossed, np.array([0.0, 1.0, 1.0, 1.0]))
    assert found == pytest.approx([0.05, 0.0, 0.5])
    assert doubtful == [2]
