"""Distributions on a grid: against closed forms, sums by hand, and scipy."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gan1d.engine.metrics.grid import Grid
from gan1d.engine.metrics.grid_distribution import GridDistribution, Overflow, bin_masses, blurred
from gan1d.engine.metrics.pushforward import Pushforward
from gan1d.engine.special_functions import normal_cdf

# Masses ------------------------------------------------------------------------------------------------------------


def normal(mean: float, deviation: float, grid: Grid) -> GridDistribution:
    """A normal distribution; ∫Φ(t) dt = t·Φ(t) + φ(t)."""
    t = (grid.points - mean) / deviation
    cdf, under = normal_cdf(t), deviation * (t * normal_cdf(t) + np.exp(-0.5 * t * t) / math.sqrt(2 * math.pi))
    area = np.diff(under, prepend=under[:1])
    left, right = float(cdf[0]), float(1 - cdf[-1])
    moments = float(under[0]), float(under[-1] - deviation * t[-1])
    masses = bin_masses(normal_cdf((grid.edges - mean) / deviation))
    return GridDistribution(grid, cdf[None], area[None], masses[None], [Overflow(left, right, *moments)])


FINE = Grid(np.linspace(-3, 4, 257), np.array([0.0, 1.0]))


def test_masses_by_hand() -> None:
    np.testing.assert_allclose(bin_masses(np.array([[0.1, 0.4, 0.4]])), [[0.1, 0.3, 0.0, 0.6]])
    np.testing.assert_array_equal(bin_masses(np.empty((2, 0))), [[1.0], [1.0]])
    assert bin_masses(np.array([0.5, 0.5 - 1e-17, 1 + 1e-16])).min() == 0.0


def test_mode_masses_are_those_between_cuts() -> None:
    found = normal(0.5, 1.0, FINE).mode_masses()
    np.testing.assert_allclose(found, [[normal_cdf(-0.5), normal_cdf(0.5) - normal_cdf(-0.5), normal_cdf(-0.5)]])


@pytest.mark.parametrize(("values", "overflow", "distances"), [
    ([0.0, 2.0], Overflow(0.0, 0.5, 0.0, 0.25), (0.0, 0.5)),  # half of the mass, ½ away on average
    ([3.0, 3.0], Overflow(0.0, 1.0, 0.0, 2.0), (0.0, 2.0)),
    ([-4.0, 4.0], Overflow(0.375, 0.375, 0.5625, 0.5625), (1.5, 1.5)),  # 3 of 8 on each side, 1½ away on average
    ([-1.0, 0.0], Overflow(), (0.0, 0.0)),
])  # fmt: skip
def test_overflow_by_hand(values: list[float], overflow: Overflow, distances: tuple[float, float]) -> None:
    (found,) = pushed(values, [1.0], [-1.0, 1.0]).overflow
    assert found == pytest.approx(overflow, abs=1e-12)
    assert found.distances() == pytest.approx(distances, abs=1e-12)


def test_rows_and_stacks() -> None:
    parts = [normal(mean, 1.0, FINE) for mean in (0.0, 1.0, -5.0)]
    stacked = GridDistribution.stack(parts)
    for row, part in enumerate(parts):
        alone = stacked[row : row + 1]
        for name in ("cdf", "cdf_integral", "masses", "overflow"):
            np.testing.assert_array_equal(getattr(alone, name), getattr(part, name))


def test_a_mixture_is_the_weighted_sum_of_its_parts() -> None:
    """Rows 0 and 1 make the first mixture, rows 2 and 3 the second."""
    weights, parts = np.array([0.25, 0.75]), [normal(mean, 1.0, FINE) for mean in (0.0, 1.0, -5.0, 2.0)]
    mixed = GridDistribution.stack(parts).mixture(weights)
    for row, (a, b) in enumerate((parts[:2], parts[2:])):
        for name in ("cdf", "cdf_integral", "masses", "overflow"):
            expected = 0.25 * np.array(getattr(a, name)) + 0.75 * np.array(getattr(b, name))
            np.testing.assert_allclose(getattr(mixed, name)[row], expected[0], rtol=1e-12)
    assert parts[0].mixture(np.ones(1)) is parts[0]


# Distances ---------------------------------------------------------------------------------------------------------

Z = np.linspace(-8, 8, 16_001)
PRIOR = np.diff(normal_cdf(Z)) / (normal_cdf(Z)[-1] - normal_cdf(Z)[0])
"""A fine grid of z, and the mass of a standard normal prior on each of its pieces."""


def pushed(values: Any, masses: Any, points: Any) -> GridDistribution:
    """The distribution of a generator with these values on the grid of z."""
    return Pushforward(masses, Grid(points))(np.array([values]))


def distance(values: Any, masses: Any, others: Any, points: Any) -> float:
    """Wasserstein-1 between two generators."""
    (found,) = pushed(values, masses, points).wasserstein1(pushed(others, masses, points))
    return found


WIDE = np.linspace(-45, 45, 901)


@given(st.floats(-20, 20))
def test_the_distance_of_a_shift_is_the_shift(shift: float) -> None:
    quantiles = np.linspace(-2, 2, 33) ** 3
    masses = np.full(32, 1 / 32)
    assert distance(quantiles[::-1] + shift, masses, quantiles, WIDE) == pytest.approx(abs(shift), abs=1e-3)


def test_distances_by_hand() -> None:
    # All mass on 0.05 against half on each of ±1: on average 1 away, though no point of the grid hits 0.05.
    below = np.where(WIDE < -1, 0.0, np.where(WIDE < 1, 0.5, 1.0))
    areas = np.append(0.0, [0.1 * (0.0 if b <= -0.99 else 0.5 if b <= 1.01 else 1.0) for b in WIDE[1:]])
    target = GridDistribution(Grid(WIDE), below[None], areas[None], bin_masses(below)[None], [Overflow()])
    assert pushed([0.05, 0.05], [1.0], WIDE).wasserstein1(target)[0] == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("place", [0.0, 0.13, 0.37, -1.21])
def test_an_atom_is_measured_where_it_lies(place: float) -> None:
    """E|x − c| = 2φ(c) + c·(2Φ(c) − 1) for a standard normal x, though c lies within a bin."""
    bins = np.linspace(-10, 10, 401)
    expected = 2 * math.exp(-0.5 * place**2) / math.sqrt(2 * math.pi) + place * (2 * float(normal_cdf(place)) - 1)
    assert distance(np.full(Z.shape, place), PRIOR, Z, bins) == pytest.approx(expected, abs=1e-3)


def test_distance_agrees_with_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    rng = np.random.default_rng(0)
    points = np.linspace(-12, 12, 6001)
    shares = (np.arange(200) + 0.5) / 200
    for _ in range(20):
        a, b = rng.normal(size=30), rng.exponential(size=30)
        masses = np.full(29, 1 / 29)
        samples = [(row[:-1, None] + shares * np.diff(row)[:, None]).ravel() for row in (a, b)]
        assert distance(a, masses, b, points) == pytest.approx(stats.wasserstein_distance(*samples), abs=1e-3)


@pytest.mark.parametrize("shift", [0.25, -3.0, 20.0])
def test_the_distance_counts_what_lies_beyond_the_grid(shift: float) -> None:
    """Most of both, or all of one, lies beyond a grid of length 2."""
    grid = Grid(np.linspace(-1, 1, 33))
    assert normal(shift, 1.0, grid).wasserstein1(normal(0.0, 1.0, grid))[0] == pytest.approx(abs(shift), rel=1e-6)


def test_each_row_has_its_own_distance() -> None:
    rows = GridDistribution.stack([normal(0.0, 1.0, FINE), normal(1.0, 1.0, FINE), normal(-2.0, 1.0, FINE)])
    assert rows.wasserstein1(normal(0.0, 1.0, FINE)) == pytest.approx([0.0, 1.0, 2.0], abs=1e-6)
    assert rows.wasserstein1(rows) == [0.0, 0.0, 0.0]


def test_the_divergence_of_two_normal_distributions() -> None:
    """JS of N(0, 1) and N(1, 1) is .111421 nats, by quadrature of the densities."""
    grid = Grid(np.linspace(-8, 9, 4097))
    rows = GridDistribution.stack([normal(1.0, 1.0, grid), normal(0.0, 1.0, grid)])
    assert rows.jensen_shannon(normal(0.0, 1.0, grid)) == pytest.approx([0.111421, 0.0], abs=1e-6)


# Instance noise ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("deviation", [0.1, 0.5, 1.0])
def test_a_blurred_normal_distribution_is_a_wider_one(deviation: float) -> None:
    """Variances add: √(0.5² + deviation²), to the width of a bin."""
    grid = Grid(np.linspace(-8, 8, 257))
    expected = normal(1.0, float(np.hypot(0.5, deviation)), grid)
    masses = normal(1.0, 0.5, grid).masses
    np.testing.assert_allclose(blurred(masses, grid.bin_width, deviation), expected.masses, atol=2e-4)
    assert blurred(masses, grid.bin_width, 0.0) is masses


def test_noise_moves_rows_by_themselves_and_loses_no_mass() -> None:
    grid = Grid(np.linspace(-2, 2, 17))
    rows = GridDistribution.stack([normal(0.0, 1.0, grid), normal(1.0, 3.0, grid)])
    found = blurred(rows.masses, grid.bin_width, 50.0)
    np.testing.assert_allclose(found.sum(axis=1), 1.0, atol=1e-9)
    for row in (0, 1):
        np.testing.assert_array_equal(found[row], blurred(rows.masses[row], grid.bin_width, 50.0))
