"""A source: density, distribution function and quantiles agree, and its samples are those of its distribution."""

from typing import Any, get_args

import numpy as np
import pytest

from gan1d.engine.distributions.gaussian_mixture import GaussianMixture
from gan1d.engine.distributions.latents import Source, SourceDistribution
from gan1d.engine.distributions.priors import NormalPrior
from gan1d.engine.distributions.shown_axis import shown_axis
from gan1d.engine.units import Units

SOURCES = [Source(distribution=member()) for member in get_args(SourceDistribution)]
every = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.distribution.kind)


@every
def test_functions_are_those_of_the_distribution_in_any_shape(source: Any) -> None:
    points = np.linspace(-3, 3, 12)
    for name, at in (("pdf", points), ("cdf", points), ("quantile", np.linspace(0.01, 0.99, 12))):
        expected = getattr(source.distribution, name)(at)
        np.testing.assert_array_equal(getattr(source, name)(at.reshape(3, 4)), expected.reshape(3, 4))
        assert getattr(source, name)(0.25).shape == ()


@every
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_draws_are_samples_in_one_row(source: Any, dtype: type) -> None:
    drawn = source.draw(np.random.default_rng(4), 50, dtype)
    assert (drawn.shape, drawn.dtype) == ((1, 50), dtype)
    np.testing.assert_array_equal(drawn[0], source.distribution.sample(np.random.default_rng(4), 50, dtype))


@every
def test_a_lattice_has_the_quantiles_at_the_middles(source: Any) -> None:
    np.testing.assert_allclose(source.lattice(4)[0], source.quantile([0.125, 0.375, 0.625, 0.875]))


@every
def test_the_range_of_its_axis_is_that_of_a_target_and_moves_with_the_units(source: Any) -> None:
    assert source.span == shown_axis(source.distribution)
    units = Units(2.0, 4.0)
    standardized = source.in_units(units)
    assert standardized.span == tuple(units.standardize(end) for end in source.span)
    u = np.linspace(0.01, 0.99, 9)
    np.testing.assert_allclose(units.to_x(standardized.quantile(u)), source.quantile(u), atol=1e-9)


def test_noise_has_no_units_and_no_data() -> None:
    prior = NormalPrior()
    assert prior.in_units(Units(2.0, 4.0)) is prior
    assert prior.data == ()
    assert Source().data == (Source().distribution,)
    assert Source().distribution != GaussianMixture()
