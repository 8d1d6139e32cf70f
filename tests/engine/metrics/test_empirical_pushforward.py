"""A distribution made of atoms: counted by hand, by brute force, and against what is known exactly."""

import math

import numpy as np
import pytest

from gan1d.engine.distributions.priors import NormalPrior
from gan1d.engine.metrics.empirical_pushforward import EmpiricalPushforward
from gan1d.engine.metrics.grid import Grid
from gan1d.engine.metrics.grid_distribution import GridDistribution, Overflow, bin_masses
from gan1d.engine.special_functions import normal_cdf


def test_four_atoms_by_hand() -> None:
    """At 0 lies 1 of 4, at 1 lie 2 of 4 (an atom on a point is at it), beyond 2 the last.

    Under the function: from 0 to 1 a quarter all along, and another quarter from .6 on (.25 + .4·.25); from 1 to 2
    three quarters.
    """
    found = EmpiricalPushforward(4, Grid(np.array([0.0, 1.0, 2.0])))(np.array([[0.6, 3.0, 0.0, 1.0]]))
    np.testing.assert_allclose(found.cdf, [[0.25, 0.75, 0.75]])
    np.testing.assert_allclose(found.cdf_integral, [[0.0, 0.25 + 0.1, 0.75]])
    # At the left end lies an atom, which counts as below it, 0 away; beyond the right end another, 1 away.
    assert found.overflow == [Overflow(0.25, 0.25, 0.0, 0.25)]


def test_agrees_with_counting() -> None:
    values = np.random.default_rng(3).normal(0, 2, (2, 500))
    points = np.sort(np.random.default_rng(4).uniform(-3, 3, 40))
    found = EmpiricalPushforward(500, Grid(points), rows=2)(values)
    np.testing.assert_allclose(found.cdf, (values[:, None, :] <= points[:, None]).mean(axis=2))
    # ∫ up to p of F is the mean of max(0, p − x).
    under = np.fmax(points[:, None] - values[:, None, :], 0.0).mean(axis=2)
    np.testing.assert_allclose(found.cdf_integral[:, 1:], np.diff(under), atol=1e-12)
    np.testing.assert_array_equal(found.cdf_integral[:, 0], 0.0)


def test_moments_and_overflow() -> None:
    pushforward, values = EmpiricalPushforward(4, Grid(np.array([0.0, 2.5]))), np.array([[1.0, 2.0, 3.0, 6.0]])
    assert pushforward.moments(values) == [(3.0, math.sqrt((4 + 1 + 0 + 9) / 4))]
    assert pushforward(values).overflow[0] == pytest.approx(Overflow(0.0, 0.5, 0.0, (0.5 + 3.5) / 4))


@pytest.mark.parametrize("dimension", [2, 5, 16])
def test_a_sum_of_coordinates_is_normal(dimension: int) -> None:
    """(z₁ + … + z_d)/√d of independent normal coordinates is standard normal: distance 0."""
    z = NormalPrior(dimension=dimension).lattice(8191)
    points = np.linspace(-4, 4, 257)
    found = EmpiricalPushforward(8191, Grid(points))(z.sum(axis=0)[None] / math.sqrt(dimension))
    fine = np.linspace(-4, 4, 256 * 64 + 1)
    heights = normal_cdf(fine)
    exact = np.concatenate([[0.0], (0.5 * (heights[1:] + heights[:-1]) * np.diff(fine)).reshape(256, 64).sum(axis=1)])
    cdf = normal_cdf(points)
    target = GridDistribution(found.grid, cdf[None], exact[None], bin_masses(cdf)[None], [Overflow()])
    assert found.wasserstein1(target)[0] < 0.015


def test_values_must_fit() -> None:
    with pytest.raises(ValueError, match=r"Expected \(1, 3\) values, but got \(1, 2\)"):
        EmpiricalPushforward(3, Grid(np.zeros(1)))(np.zeros((1, 2)))
