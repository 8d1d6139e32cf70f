"""The area between CDFs that cross, against quadrature."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gan1d.engine.metrics.crossings import (
    ROUGH_ERROR,
    InnerDifference,
    cost_by_parts,
    detours,
    leap_cost,
    parabola_cost,
    unevenness,
)
from gan1d.engine.metrics.grid import INNER_PARTS

S = np.linspace(0.0, 1.0, 4_001)

sizes = st.floats(1e-3, 1.0)


def integral(heights: np.ndarray) -> float:
    return float(np.trapezoid(heights, S))


@given(sizes, sizes, st.floats(-1.0, 1.0))
def test_a_parabola_is_integrated_exactly(before: float, after: float, bend: float) -> None:
    bend *= before + after  # so that it does not turn
    d = -before + (before + after) * S + bend * S * (1 - S)
    found, place = parabola_cost(before, after, integral(d))
    assert found == pytest.approx(integral(np.abs(d)), abs=1e-6)
    assert abs(integral(d)) <= found + 1e-12 <= leap_cost(before, after, integral(d)) + 1e-6
    assert np.interp(place, S, d) == pytest.approx(0.0, abs=1e-6)


@given(sizes, sizes, st.floats(0.0, 1.0))
def test_a_leap_is_integrated_exactly_and_costs_most(before: float, after: float, place: float) -> None:
    area = after * (1 - place) - before * place
    expected = after * (1 - place) + before * place
    assert leap_cost(before, after, area) == pytest.approx(expected, rel=1e-12)
    assert expected - abs(area) <= 2 * before * after / (before + after) * (1 + 1e-12)


def test_a_parabola_that_would_turn_is_a_leap() -> None:
    assert parabola_cost(0.5, 0.5, -0.45) == pytest.approx((leap_cost(0.5, 0.5, -0.45), 0.95))


@pytest.mark.parametrize(
    ("d", "is_smooth"),
    [
        (lambda s: s + 0.2 * s**3 - 0.1, True),
        (lambda s: np.exp(0.5 * s) - 1.2, True),
        (lambda s: np.where(s > 0.4, 1.0, -0.3), False),
        (lambda s: np.sqrt(np.maximum(s - 0.4, 0)) - 0.2, False),
    ],
)
def test_no_error_of_a_parabola_is_larger_than_the_unevenness(d: Callable[[Any], Any], is_smooth: bool) -> None:
    start, end, area = float(d(0.0)), float(d(1.0)), integral(d(S))
    found, _ = parabola_cost(-start, end, area)
    points = [float(each) for each in d(np.arange(-2.0, 4.0))]
    error = abs(found - integral(np.abs(d(S))))
    assert error <= unevenness(*points) + 1e-7
    third = abs(points[4] - points[1] - 3 * (points[3] - points[2]))
    assert (unevenness(*points) < ROUGH_ERROR * third) == is_smooth


def test_a_third_difference_that_is_small_by_chance_proves_nothing() -> None:
    """Third differences of the six points: −4, 0 and 1."""
    points = [0.0, 0.0, 0.0, -4.0, -12.0, -23.0]
    assert np.diff(points, 3).tolist() == [-4.0, 0.0, 1.0]
    assert unevenness(*points) == pytest.approx(min(4 / 12, 5 / 36))
    assert unevenness(*np.multiply(points, -1).tolist()) == unevenness(*points)


def places(d: Callable[[Any], Any], width: float = 1.0) -> Callable[[int], tuple[float, float]]:
    """d times the width of an interval, and its integral from the left end, at a place."""

    def at(place: int) -> tuple[float, float]:
        s = np.linspace(0.0, place / INNER_PARTS, 4_001)
        return width * float(d(s[-1])), width * float(np.trapezoid(d(s), s))

    return at


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize(
    "d",
    [
        lambda s: 0.3 * (s - 0.4),
        lambda s: np.sqrt(np.maximum(s - 0.3, 0)) - 0.1,  # as at a turn of G
        lambda s: -np.sqrt(np.maximum(0.7 - s, 0)) + 0.2,
        lambda s: np.tanh(9 * (s - 0.83)) + 0.1,
        lambda s: s**9 - 0.01,
    ],
)
def test_an_interval_is_integrated_within_the_tolerance(d: Callable[[Any], Any], sign: float) -> None:
    at = places(lambda s: sign * d(s))
    before, after, area = -float(d(0.0)), float(d(1.0)), sign * at(INNER_PARTS)[1]
    found = cost_by_parts(before, after, area, 1e-4, at, sign)
    assert found == pytest.approx(integral(np.abs(d(S))), abs=3e-4)


def test_a_leap_within_an_interval_is_found() -> None:
    at = places(lambda s: np.where(s < 0.52, -0.3, 0.6))
    expected = 0.3 * 0.52 + 0.6 * 0.48
    assert cost_by_parts(0.3, 0.6, at(INNER_PARTS)[1], 1e-9, at, 1.0) == pytest.approx(expected, abs=1e-4)


def test_a_line_is_trusted_and_a_leap_is_looked_into() -> None:
    """Two rows of six points, 1 apart: the line from −.5 to .5, and a fall from .5 to −.5 in the middle."""
    difference = np.array([[-0.5, -0.3, -0.1, 0.1, 0.3, 0.5], [0.5, 0.5, 0.5, -0.5, -0.5, -0.5]])
    areas = np.array([[0.0, -0.4, -0.2, 0.0, 0.2, 0.4], [0.0, 0.5, 0.5, -0.1, -0.5, -0.5]])
    widths, seen = np.array([0.0, 1.0, 1.0, 1.0, 1.0, 1.0]), []

    def inner(row: int, point: int, place: int) -> tuple[float, float]:
        seen.append((row, point))
        s = place / INNER_PARTS
        return (0.5, 0.5 * s) if s < 0.4 else (-0.5, 0.2 - 0.5 * (s - 0.4))

    def found(inner: InnerDifference | None) -> list[tuple[int, float]]:
        return detours(difference.ravel(), areas, [1.2, 2.1], widths, inner)

    assert found(inner) == [(0, pytest.approx(0.05)), (1, pytest.approx(0.4))]
    assert set(seen) == {(1, 3)}
    assert found(None) == [(0, pytest.approx(0.05)), (1, pytest.approx(0.4))]
