"""Every prior: density, distribution function, quantiles and samples agree with each other."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gan1d.engine.distributions.priors import NormalPrior, UniformPrior, korobov_lattice
from gan1d.engine.special_functions import normal_cdf

MEMBERS = [NormalPrior(), UniformPrior()]

every = pytest.mark.parametrize("latent", MEMBERS, ids=lambda member: member.kind)


@every
def test_density_is_the_derivative_of_the_distribution_function(latent: Any) -> None:
    """By the midpoint rule, an increment of the distribution function is its width times the density at its middle."""
    ends = np.linspace(-8, 8, 16_001)
    middles = 0.5 * (ends[:-1] + ends[1:])
    np.testing.assert_allclose(np.diff(latent.cdf(ends)), latent.pdf(middles) * 1e-3, rtol=0, atol=1e-10)
    assert latent.cdf(np.array([-8.0, 8.0])) == pytest.approx([0.0, 1.0], abs=1e-14)


@every
def test_quantile_inverts_the_distribution_function(latent: Any) -> None:
    u = np.concatenate([[1e-9, 1e-6], np.linspace(0.001, 0.999, 499), [1 - 1e-6, 1 - 1e-9]])
    z = latent.quantile(u)
    assert np.all(np.diff(z) > 0)
    np.testing.assert_allclose(latent.cdf(z), u, rtol=1e-6, atol=1e-14)


@every
def test_priors_are_symmetric_about_zero(latent: Any) -> None:
    z = np.linspace(-4, 4, 41)
    np.testing.assert_allclose(latent.pdf(z), latent.pdf(-z), rtol=1e-14)
    np.testing.assert_allclose(latent.cdf(z) + latent.cdf(-z), 1.0, rtol=1e-14)
    assert latent.quantile([0.5]) == [0.0]


@every
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_samples_follow_the_distribution(latent: Any, dtype: type) -> None:
    count = 20_000
    samples = latent.sample(np.random.default_rng(1), count, dtype)
    assert (samples.shape, samples.dtype) == ((count,), dtype)
    below = latent.cdf(np.sort(samples.astype(np.float64)))
    steps = np.arange(count + 1) / count
    gap = max(np.max(steps[1:] - below), np.max(below - steps[:-1]))
    # Kolmogorov-Smirnov: one correct sampler in a thousand exceeds this bound.
    assert gap < 1.95 / math.sqrt(count)


@every
def test_the_range_of_the_z_axis_holds_nearly_all_mass(latent: Any) -> None:
    low, high = latent.span
    below, upto = latent.cdf(np.array([low, high]))
    assert upto - below > 0.9995


@every
def test_results_have_the_shape_of_their_argument(latent: Any) -> None:
    for function in (latent.pdf, latent.cdf, latent.quantile):
        for shape in ((), (3,), (2, 3)):
            assert np.shape(function(np.full(shape, 0.25))) == shape


@every
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_coordinates_are_independent_samples_of_one_stream(latent: Any, dtype: type) -> None:
    several = replace(latent, dimension=3)
    drawn = several.draw(np.random.default_rng(4), 5, dtype)
    assert (drawn.shape, drawn.dtype) == ((3, 5), dtype)
    np.testing.assert_array_equal(drawn.ravel(), latent.sample(np.random.default_rng(4), 15, dtype))
    np.testing.assert_array_equal(
        latent.draw(np.random.default_rng(4), 5)[0], latent.sample(np.random.default_rng(4), 5)
    )
    found = np.corrcoef(several.draw(np.random.default_rng(4), 10_000))
    np.testing.assert_allclose(found, np.eye(3), atol=0.04)  # four standard deviations


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("dimension", [1, 3])
def test_a_stratified_batch_has_one_number_in_each_part(dimension: int, dtype: type) -> None:
    prior, batch, batches = UniformPrior(stratified=True, dimension=dimension), 40, 50
    drawn = prior.draw_for(batch)(np.random.default_rng(3), batches * batch, dtype)
    assert (drawn.shape, drawn.dtype) == ((dimension, batches * batch), dtype)
    parts = np.floor((drawn.reshape(dimension, batches, batch).astype(np.float64) + 1) / 2 * batch).astype(int)
    assert (np.sort(parts) == np.arange(batch)).all()
    # Within its part a number is uniform: mean ½, standard deviation 0.289/√2000 = 0.0065 at least.
    within = (drawn.astype(np.float64) + 1) / 2 * batch % 1
    np.testing.assert_allclose(within.mean(axis=1), 0.5, atol=0.03)
    # The order is random: neighbours and coordinates are not correlated.
    assert abs(np.corrcoef(parts[0, :, :-1].ravel(), parts[0, :, 1:].ravel())[0, 1]) < 0.1
    if dimension > 1:
        assert np.abs(np.corrcoef(drawn) - np.eye(dimension)).max() < 0.1


@every
def test_batches_are_draws_one_after_the_other(latent: Any) -> None:
    batches = latent.draw_for(5)(np.random.default_rng(2), 20, np.float64)
    np.testing.assert_array_equal(batches, latent.draw(np.random.default_rng(2), 20))


def test_a_lattice_by_hand() -> None:
    """7593 is 5 modulo 7: the second coordinate of point i is (5·i mod 7 + ½)/7."""
    np.testing.assert_allclose(korobov_lattice(1, 4), [[0.125, 0.375, 0.625, 0.875]])
    np.testing.assert_allclose(7 * korobov_lattice(2, 7) - 0.5, [[0, 1, 2, 3, 4, 5, 6], [0, 5, 3, 1, 6, 4, 2]])


@pytest.mark.parametrize("count", [1021, 8191])
def test_every_coordinate_of_a_lattice_is_evenly_spaced(count: int) -> None:
    for row in korobov_lattice(16, count):
        np.testing.assert_allclose(np.sort(row), (np.arange(count) + 0.5) / count)


@every
@pytest.mark.parametrize("dimension", [1, 2, 4, 16])
def test_a_lattice_averages_better_than_random_points(latent: Any, dimension: int) -> None:
    """Products of two coordinates have mean 0, and squares have the variance as their mean.

    Over random points the average of a product has a standard deviation of 0.011, so the largest of the 120 in 16
    dimensions would be about 0.03.
    """
    z = replace(latent, dimension=dimension).lattice(8191)
    assert z.shape == (dimension, 8191)
    assert not z.flags.writeable
    variance = 1.0 if latent.kind == "normal" else 1 / 3
    moments = z @ z.T / 8191
    np.testing.assert_allclose(moments, variance * np.eye(dimension), atol=0.015)


def test_standard_values() -> None:
    assert NormalPrior().cdf([0.0, 1.959963984540054])[0] == 0.5
    assert NormalPrior().cdf([1.959963984540054])[0] == pytest.approx(0.975, abs=1e-15)
    assert NormalPrior().quantile([0.975])[0] == pytest.approx(1.959963984540054, abs=1e-14)
    np.testing.assert_array_equal(UniformPrior().cdf([-2.0, -1.0, 0.5, 1.0, 2.0]), [0, 0, 0.75, 1, 1])
    np.testing.assert_array_equal(UniformPrior().pdf([-1.1, -0.9, 0.9, 1.1]), [0, 0.5, 0.5, 0])


def test_normal_distribution_function_to_fourteen_digits() -> None:
    """Against `math.erfc`, between the nodes of the table and beyond it."""
    z = np.concatenate([np.random.default_rng(0).uniform(-9, 9, 5000), [-40.0, -9.0, 0.0, 9.0, 40.0]])
    exact = [0.5 * math.erfc(-value / math.sqrt(2)) for value in z]
    np.testing.assert_allclose(normal_cdf(z), exact, rtol=0, atol=1e-14)
    assert np.all(np.diff(normal_cdf(np.linspace(-9, 9, 20_001))) >= -2.3e-16)


def test_agrees_with_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    for latent, reference in ((NormalPrior(), stats.norm()), (UniformPrior(), stats.uniform(-1, 2))):
        z, u = np.linspace(-6, 6, 1001), np.linspace(1e-9, 1 - 1e-9, 1001)
        np.testing.assert_allclose(latent.pdf(z), reference.pdf(z), rtol=0, atol=1e-14)
        np.testing.assert_allclose(latent.cdf(z), reference.cdf(z), rtol=0, atol=1e-14)
        np.testing.assert_allclose(latent.quantile(u), reference.ppf(u), rtol=1e-9, atol=1e-14)
