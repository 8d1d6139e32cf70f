"""Piecewise linear densities: density, distribution function and quantiles by hand."""

import numpy as np

from gan1d.engine.distributions.piecewise_linear import PiecewiseLinearDensity


def test_a_triangle_by_hand() -> None:
    """From 0 to 2 with its peak at 1: the area of the heights 0, 5, 0 is 5, so the peak is 1."""
    density = PiecewiseLinearDensity(np.array([0.0, 1.0, 2.0]), np.array([0.0, 5.0, 0.0]))
    np.testing.assert_allclose(density.heights, [0, 1, 0])
    np.testing.assert_allclose(density.pdf([-1, 0.5, 1, 1.5, 3]), [0, 0.5, 1, 0.5, 0])
    # x²/2 up to the peak
    np.testing.assert_allclose(density.cdf([-1, 0, 0.5, 1, 1.5, 2, 3]), [0, 0, 0.125, 0.5, 0.875, 1, 1])
    np.testing.assert_allclose(density.quantile([0.125, 0.5, 0.875]), [0.5, 1, 1.5])


def test_a_constant_density_by_hand() -> None:
    density = PiecewiseLinearDensity(np.array([-1.0, 3.0]), np.array([7.0, 7.0]))
    np.testing.assert_allclose(density.pdf([-1, 0, 3]), 0.25)
    np.testing.assert_allclose(density.cdf([0.0, 1.0]), [0.25, 0.5])
    np.testing.assert_allclose(density.quantile([0.25, 0.5]), [0, 1])


def test_quantiles_skip_a_gap_without_mass() -> None:
    """Two triangles from 0 to 2 and from 5 to 7, with half of the mass each."""
    density = PiecewiseLinearDensity(np.array([0.0, 1.0, 2.0, 5.0, 6.0, 7.0]), np.array([0.0, 1.0, 0.0, 0.0, 1.0, 0.0]))
    np.testing.assert_allclose(density.quantile([0.25, 0.75]), [1, 6])
    np.testing.assert_allclose(density.cdf([2, 3, 5]), 0.5)


def test_the_smallest_heights_are_normalised() -> None:
    density = PiecewiseLinearDensity(np.array([0.0, 1e-3]), np.array([5e-324, 5e-324]))
    np.testing.assert_allclose(density.heights, 1e3)
