"""The distribution of a curve G(z): against closed forms, and how it behaves where G turns, leaps or is flat."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gan1d.engine.distributions.priors import NormalPrior, UniformPrior
from gan1d.engine.metrics.curve_cells import SPLIT
from gan1d.engine.metrics.curve_pushforward import CurvePushforward, Curves
from gan1d.engine.metrics.grid import INNER_PARTS, Grid
from gan1d.engine.metrics.grid_distribution import GridDistribution
from gan1d.engine.special_functions import normal_cdf

EDGES = np.linspace(-4.0, 4.0, 257)
NORMAL, UNIFORM = NormalPrior(), UniformPrior()
Z = {"normal": np.linspace(-6.0, 6.0, 241), "uniform": np.linspace(-1.2, 1.2, 241)}


def resolved(function: Callable[[Any], Any], prior: Any, edges: Any = EDGES) -> tuple[Curves, GridDistribution]:
    """A curve with as many nodes as it needs, and its distribution."""
    z = Z[prior.kind]
    pushforward = CurvePushforward(z, prior, Grid(edges))
    curves = pushforward.curves(function(z)[None], lambda rows, z: function(z))
    return curves, pushforward(curves)


ARCSINE = 0.5 + np.arcsin(np.clip(EDGES / 2, -1, 1)) / math.pi

CLOSED_FORMS: dict[str, tuple[Any, Callable[[Any], Any], Any]] = {
    "linear": (NORMAL, lambda z: 0.5 * z + 1, normal_cdf((EDGES - 1) / 0.5)),
    "falling": (NORMAL, lambda z: -2 * z - 0.5, normal_cdf((EDGES + 0.5) / 2)),
    "uniform": (UNIFORM, lambda z: 3 * z, np.clip((EDGES + 3) / 6, 0, 1)),
    # P(|z| < x) = 2Φ(x) − 1
    "kink": (NORMAL, np.abs, np.where(EDGES > 0, 2 * normal_cdf(EDGES) - 1, 0.0)),
    # P(z² < x) = 2Φ(√x) − 1, whose density is infinite at 0
    "turn": (NORMAL, np.square, np.where(EDGES > 0, 2 * normal_cdf(np.sqrt(np.maximum(EDGES, 0))) - 1, 0.0)),
    # A sine of forty half turns: the arcsine distribution
    "many turns": (UNIFORM, lambda z: 2 * np.sin(20 * math.pi * z), ARCSINE),
    # P(z³ < x) = Φ(∛x), with an infinite density at 0
    "flat place": (NORMAL, lambda z: z**3, normal_cdf(np.cbrt(EDGES))),
    "leap": (NORMAL, lambda z: 1.51 * np.tanh(1e4 * z), None),
    "exponential": (UNIFORM, lambda z: np.exp(z), np.clip((np.log(np.maximum(EDGES, 1e-9)) + 1) / 2, 0, 1)),
}


@pytest.mark.parametrize("name", CLOSED_FORMS)
def test_the_cdf_is_that_of_the_closed_form(name: str) -> None:
    prior, function, expected = CLOSED_FORMS[name]
    if expected is None:  # 1.51·tanh(10⁴z) < x: z < artanh(x/1.51)/10⁴
        inside = np.clip(EDGES / 1.51, -1 + 1e-15, 1 - 1e-15)
        expected = np.where(np.abs(EDGES) < 1.51, normal_cdf(np.arctanh(inside) / 1e4), EDGES > 0)
    _, found = resolved(function, prior)
    np.testing.assert_allclose(found.cdf[0], expected, rtol=0, atol=2e-5)


@pytest.mark.parametrize("steepness", [100, 300, 800, 3000])
@pytest.mark.parametrize("place", [0.0, 0.3, 0.5, 0.8])
def test_a_smooth_rise_within_a_cell_or_two_is_resolved_in_every_bin(steepness: float, place: float) -> None:
    """The mass of a bin is half of the way between the two z at which ½·z + .4·tanh(s·(z − c)) crosses its edges."""
    z, edges = np.linspace(-1.2, 1.2, 241), np.linspace(-0.9, 0.9, 65)
    centre = z[120] + place * (z[121] - z[120])

    def rise(z: Any) -> Any:
        return 0.5 * z + 0.4 * np.tanh(steepness * (z - centre))

    low, high = np.full(65, -1.0), np.full(65, 1.0)
    for _ in range(60):
        middle = 0.5 * (low + high)
        is_below = rise(middle) < edges
        low, high = np.where(is_below, middle, low), np.where(is_below, high, middle)
    pushforward = CurvePushforward(z, UNIFORM, Grid(edges))
    found = pushforward(pushforward.curves(rise(z)[None], lambda rows, z: rise(z), has_kinks=False))
    np.testing.assert_allclose(found.masses[0, 1:-1], 0.5 * np.diff(low), rtol=0.01)


@pytest.mark.parametrize(
    ("function", "mean", "deviation"),
    [
        (lambda z: 0.5 * z + 1, 1.0, 0.5),
        (np.square, 1.0, math.sqrt(2)),  # chi-squared of one degree of freedom
        (np.abs, math.sqrt(2 / math.pi), math.sqrt(1 - 2 / math.pi)),  # the half-normal distribution
        (np.exp, math.exp(0.5), math.sqrt((math.e - 1) * math.e)),  # the log-normal distribution
    ],
)
def test_moments_are_those_of_the_closed_form(function: Any, mean: float, deviation: float) -> None:
    curves, _ = resolved(function, NORMAL)
    (found,) = curves.row_moments(1)
    assert found == pytest.approx((mean, deviation), rel=1e-4)


@pytest.mark.parametrize("name", ["linear", "turn", "many turns", "flat place"])
def test_integrals_are_those_of_the_cdf(name: str) -> None:
    prior, function, _ = CLOSED_FORMS[name]
    _, found = resolved(function, prior)
    assert found.cdf_at is not None
    inner = np.linspace(EDGES[:-1], EDGES[1:], 65)
    heights = found.cdf_at(np.sort(inner.T.ravel())).reshape(256, 65)
    expected = np.trapezoid(heights, dx=(EDGES[1] - EDGES[0]) / 64, axis=1)
    np.testing.assert_allclose(found.cdf_integral[0, 1:], expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", CLOSED_FORMS)
def test_a_single_point_has_the_same_cdf_and_moment_as_many(name: str) -> None:
    prior, function, _ = CLOSED_FORMS[name]
    z, x = Z[prior.kind], np.linspace(-3.9, 3.9, 301)
    both = CurvePushforward(z, prior, Grid(EDGES), rows=2)
    rows = np.stack([function(z), function(-z) + 0.3])
    curves = both.curves(
        rows, lambda rows, z: np.where(rows[:, None] == 0, function(z), function(-z) + 0.3), has_kinks=True
    )
    cdf, moments = curves.cumulate(x)
    for row in (0, 1):
        found = np.array([curves.cumulate_at(row, each) for each in x.tolist()])
        np.testing.assert_allclose(found, np.stack([cdf[row], moments[row]], axis=1), rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ["linear", "turn", "many turns"])
def test_inner_values_continue_those_of_the_grid(name: str) -> None:
    prior, function, _ = CLOSED_FORMS[name]
    _, found = resolved(function, prior)
    assert found.inner is not None
    for point in range(100, 200):
        assert found.inner(0, point, 0) == pytest.approx((found.cdf[0, point - 1], 0.0), abs=1e-12)
        assert found.inner(0, point, INNER_PARTS) == pytest.approx(
            (found.cdf[0, point], found.cdf_integral[0, point]), abs=1e-12
        )


def test_a_constant_is_one_atom() -> None:
    _, found = resolved(lambda z: np.full_like(z, 0.37), NORMAL)
    np.testing.assert_array_equal(found.cdf[0], EDGES >= 0.37)


def test_a_flat_piece_is_an_atom() -> None:
    _, found = resolved(lambda z: np.maximum(z, 0.01), NORMAL)
    expected = np.where(EDGES >= 0.01, normal_cdf(EDGES), 0.0)
    np.testing.assert_allclose(found.cdf[0], expected, rtol=0, atol=1e-5)


def test_a_straight_line_needs_no_more_nodes_and_a_kink_few() -> None:
    line, _ = resolved(lambda z: 2 * z, UNIFORM)
    kink, _ = resolved(lambda z: np.maximum(z, 0.0037), UNIFORM)
    assert line.count == 241
    assert 241 < kink.count <= 241 + 8 * 3 * SPLIT


values_of_g = st.lists(
    st.one_of(st.floats(-5, 5, width=32), st.sampled_from([0.0, 1.0, -1.0, 2.5]), st.floats(-1e3, 1e3, width=32)),
    min_size=3,
    max_size=40,
)


@given(values_of_g, values_of_g)
def test_any_values_give_a_distribution_and_rows_do_not_mix(first: list[float], second: list[float]) -> None:
    length = min(len(first), len(second))
    z, rows = np.linspace(-3, 3, length), np.array([first[:length], second[:length]])
    both = CurvePushforward(z, NORMAL, Grid(EDGES), rows=2)
    found = both(both.curves(rows))
    assert np.all(np.diff(found.cdf) >= -1e-12)
    np.testing.assert_allclose(found.masses.sum(axis=1), 1.0, rtol=0, atol=1e-12)
    for row in (0, 1):
        alone = CurvePushforward(z, NORMAL, Grid(EDGES))
        single = alone(alone.curves(rows[row : row + 1]))
        np.testing.assert_allclose(found.cdf[row], single.cdf[0], rtol=0, atol=1e-12)


def test_overflow_is_measured_from_the_ends() -> None:
    """Of a uniform distribution from −6 to 6, a sixth lies beyond either end at ±4, at a mean distance of 1."""
    _, found = resolved(lambda z: 6 * z, UNIFORM)
    assert found.overflow[0] == pytest.approx((1 / 6, 1 / 6, 1 / 6, 1 / 6), abs=1e-9)
