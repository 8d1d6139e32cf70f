"""What generators make of a prior: each distribution against a closed form or one ramp at a time."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gan1d.engine.metrics.grid import Grid
from gan1d.engine.metrics.pushforward import Pushforward
from gan1d.engine.special_functions import normal_cdf

Z = np.linspace(-8, 8, 16_001)
PRIOR = np.diff(normal_cdf(Z)) / (normal_cdf(Z)[-1] - normal_cdf(Z)[0])
"""A fine grid of z, and the mass of a standard normal prior on each of its pieces."""
X = np.linspace(-4, 4, 801)


def cdf_of(values: Any, masses: Any, points: Any) -> Any:
    """The CDF of G(z) at some points, from left to right."""
    return Pushforward(masses, Grid(np.asarray(points)))(np.array([values])).cdf[0]


@pytest.mark.parametrize(("slope", "shift"), [(1.0, 0.0), (0.5, 1.0), (-1.0, 0.0), (-2.0, -0.5)])
def test_a_linear_generator_of_a_normal_prior_is_normal(slope: float, shift: float) -> None:
    expected = normal_cdf((X - shift) / abs(slope))
    np.testing.assert_allclose(cdf_of(slope * Z + shift, PRIOR, X), expected, rtol=0, atol=1e-6)


def test_a_fold_at_zero() -> None:
    """P(|z| < x) = 2Φ(x) − 1."""
    expected = np.where(X > 0, 2 * normal_cdf(X) - 1, 0.0)
    np.testing.assert_allclose(cdf_of(np.abs(Z), PRIOR, X), expected, rtol=0, atol=1e-6)


def test_a_square() -> None:
    """P(z² < x) = 2Φ(√x) − 1, whose density is infinite at 0."""
    expected = np.where(X > 0, 2 * normal_cdf(np.sqrt(np.maximum(X, 0))) - 1, 0.0)
    np.testing.assert_allclose(cdf_of(Z**2, PRIOR, X), expected, rtol=0, atol=1e-6)


def test_a_flat_piece_is_an_atom() -> None:
    """relu(z): half of the mass lies on 0 itself."""
    expected = np.where(X > 0, normal_cdf(X), 0.0)
    found = cdf_of(np.maximum(Z, 0), PRIOR, X)
    away = np.abs(X) > 1e-6
    np.testing.assert_allclose(found[away], expected[away], rtol=0, atol=1e-6)


@pytest.mark.parametrize("place", [0.0, 0.37, -3.9, 3.0e6, -3.0e9])
def test_a_constant_generator_is_one_atom(place: float) -> None:
    around = np.array([place - 1 - abs(place) / 2, place + 1 + abs(place) / 2])
    points = np.concatenate(
        [around[:1], [place - 1e-3 * max(1, abs(place)), place + 1e-3 * max(1, abs(place))], around[1:]]
    )
    found = cdf_of(np.full(Z.shape, place), PRIOR, points)
    np.testing.assert_allclose(found, [0, 0, 1, 1], rtol=0, atol=1e-9)


def test_two_atoms_share_the_mass() -> None:
    """Half of the noise goes to one place and half to another, with a ramp of one grid step between them."""
    for low, high in ((-1.0, 1.0), (-1e3, 1e3), (-1e7, 2.0), (-3.0, 1e8)):
        values = np.where(Z < 0, low, high)
        found = cdf_of(values, PRIOR, np.array([low - 1, low + 0.01, high - 0.01, high + 1]))
        np.testing.assert_allclose(found, [0, 0.5, 0.5, 1], rtol=0, atol=5e-4)


def slowly(values: Any, masses: Any, points: Any) -> Any:
    """The same by one ramp at a time."""
    total = np.zeros(len(points))
    for left, right, mass in zip(values[:-1], values[1:], masses, strict=True):
        low, high = min(left, right), max(left, right)
        if high - low < 1e-9:
            total += mass * (points > low)
        else:
            total += mass * np.clip((points - low) / (high - low), 0, 1)
    return total


values_of_g = st.lists(
    st.one_of(
        st.floats(-5, 5, width=32),
        st.sampled_from([0.0, 1.0, -1.0, 2.5]),  # so that flat pieces and touching folds come up
        st.floats(-1e3, 1e3, width=32),
    ),
    min_size=2,
    max_size=40,
)


@given(values_of_g, st.randoms(use_true_random=False))
@example([0.0, 0.0, 0.0], None)
@example([0.0, 1e3, 0.0, 1.0], None)
@example([0.0, 0.0, -35.0, -35.0], None)
def test_agrees_with_one_ramp_at_a_time(values: list[float], random: Any) -> None:
    masses = np.array([1.0 if random is None else random.uniform(0.01, 1) for _ in values[1:]])
    masses /= masses.sum()
    points = np.concatenate([[-2e3], np.linspace(-6.03, 6.01, 101), [2e3]])
    # An atom lies on one side of a point or the other, so none may lie on it.
    points = points[np.min(np.abs(points[:, None] - np.array(values)[None, :]), axis=1) > 1e-6]
    found = cdf_of(values, masses, points)
    np.testing.assert_allclose(found, slowly(np.array(values), masses, points), rtol=0, atol=1e-6)


@given(values_of_g)
@example([0.0, 0.0, 0.0, 0.0, 1.6278882242204418e-08, 225.0, 0.0])  # a slope of 1e7, and a long way to go
@example([-2e-8, 1e-8, 225.0])
def test_mass_is_conserved(values: list[float]) -> None:
    masses = np.full(len(values) - 1, 1 / (len(values) - 1))
    cuts = np.linspace(-5.5, 5.5, 57)
    found = cdf_of(values, masses, np.concatenate([[min(*values, -5.5) - 1], cuts, [max(*values, 5.5) + 1]]))
    assert found[0] == 0.0
    assert found[-1] == pytest.approx(1.0, abs=1e-7)
    bins = np.diff(cdf_of(values, masses, cuts), prepend=0.0, append=1.0)
    assert bins.sum() == pytest.approx(1.0, abs=1e-7)
    assert bins.min() > -1e-9


def test_masses_and_values_must_fit() -> None:
    with pytest.raises(ValueError, match="Expected 1 × 3 values for 2 masses, but got 1 × 2"):
        cdf_of([0.0, 1.0], [0.5, 0.5], [0.0])


@given(values_of_g, values_of_g)
def test_two_rows_are_as_good_as_two_calls(first: list[float], second: list[float]) -> None:
    length = min(len(first), len(second))
    values = np.array([first[:length], second[:length]])
    masses = np.full(length - 1, 1 / (length - 1))
    both = Pushforward(masses, Grid(X), rows=2)(values)
    for row in (0, 1):
        alone = Pushforward(masses, Grid(X))(values[row : row + 1])
        np.testing.assert_allclose(both.cdf[row], alone.cdf[0], rtol=0, atol=1e-9)
        np.testing.assert_allclose(both.cdf_integral[row], alone.cdf_integral[0], rtol=0, atol=1e-9)


@given(values_of_g)
def test_areas_are_the_integral_of_the_function(values: list[float]) -> None:
    masses = np.full(len(values) - 1, 1 / (len(values) - 1))
    points = np.array([-1.5, -0.7, 0.1, 0.9, 2.6])
    areas = Pushforward(masses, Grid(points))(np.array([values])).cdf_integral
    assert areas[0, 0] == 0.0
    for k in range(1, len(points)):
        fine = np.linspace(points[k - 1], points[k], 4001)
        height = slowly(np.array(values), masses, 0.5 * (fine[1:] + fine[:-1]))
        # A leap is put right to half of one cell.
        gap = points[k] - points[k - 1]
        assert areas[0, k] == pytest.approx(float(height.mean() * gap), abs=0.51 * gap / 4000)


@given(values_of_g)
def test_moments_agree_with_a_fine_sum(values: list[float]) -> None:
    masses = np.arange(1.0, len(values))
    masses /= masses.sum()
    ((mean, deviation),) = Pushforward(masses, Grid(np.zeros(1))).moments(np.array([values]))
    shares = (np.arange(2000) + 0.5) / 2000
    fine = np.array(values[:-1])[:, None] + shares * np.diff(values)[:, None]
    weights = np.repeat(masses / 2000, 2000)
    expected = weights @ fine.ravel()
    assert mean == pytest.approx(expected, abs=1e-6 * (1 + np.ptp(values)))
    assert deviation == pytest.approx(
        math.sqrt(weights @ (fine.ravel() - expected) ** 2), abs=1e-3 * (1 + np.ptp(values))
    )
