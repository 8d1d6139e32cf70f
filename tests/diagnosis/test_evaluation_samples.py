"""Samples of the prior and of the reals: their masses, their labels, and the way of each fake to its real."""

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.diagnosis.evaluation_samples import (
    COARSE_LATTICE_POINTS,
    QUANTILES,
    SMALLEST_CLASS,
    EvaluationSamples,
)
from gan1d.engine.metrics.grid import Grid

GRID = Grid(np.linspace(-8.0, 8.0, 65), np.empty(0), np.empty(0))


def samples_of(**changes: object) -> EvaluationSamples:
    config = Config.parsed({"standardize": False})
    for path, value in changes.items():
        config = config.patched(path.replace("__", "."), value)
    return EvaluationSamples(config, GRID)


def test_fakes_and_reals_are_equally_likely_quantiles() -> None:
    samples = samples_of()
    assert len(samples.fakes) == len(samples.reals) == QUANTILES
    np.testing.assert_allclose(samples.shares, 1 / QUANTILES)
    z = samples.latents[0, samples.fakes]
    assert (np.diff(z) > 0).all()
    assert (np.diff(samples.reals) > 0).all()
    assert samples.mean == pytest.approx(0.0, abs=1e-12)


def test_the_identity_has_the_distribution_of_the_prior() -> None:
    samples = samples_of()
    cdf = samples.distributions(samples.latents.astype(np.float64)).cdf[0]
    middle = np.searchsorted(GRID.points, 0.0)
    assert cdf[middle] == pytest.approx(0.5, abs=1e-9)
    assert cdf[-1] == pytest.approx(1.0, abs=1e-9)


def test_each_class_has_samples_and_labels_of_its_own() -> None:
    samples = samples_of(conditional=True)
    classes = len(samples.classes)
    assert classes == 2
    assert len(samples.reals) == classes * max(QUANTILES // classes, SMALLEST_CLASS)
    np.testing.assert_array_equal(samples.labels.sum(axis=0), 1)
    assert samples.shares @ samples.labels.T == pytest.approx(samples.weights)


def test_a_prior_of_several_dimensions_is_a_lattice() -> None:
    samples = samples_of(latent__dimension=3)
    assert samples.latents.shape == (3, COARSE_LATTICE_POINTS)


@pytest.mark.parametrize("is_conditional", [False, True])
def test_the_transport_of_shifted_reals_is_the_shift_back(is_conditional: bool) -> None:
    samples = samples_of(conditional=is_conditional)
    shuffled = np.random.default_rng(3).permutation(len(samples.reals))
    if is_conditional:
        shuffled = np.arange(len(samples.reals))
    ways = samples.transport(samples.reals[shuffled][None] + 0.25)
    np.testing.assert_allclose(ways, -0.25, atol=1e-9)
