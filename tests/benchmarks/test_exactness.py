"""The numbers of a frame against 20,001 values of z: a few frames here, all presets and kinds of networks if slow."""

import math

import numpy as np
import pytest

import gan1d
from benchmarks.exactness import KINDS, POINTS, Errors, apply, errors_of_kind, errors_of_preset, random_networks, worst
from gan1d.config.model import Config
from gan1d.evaluation.observe import observe
from tests.tools import slow_but

SEED = 2026


def assert_exact(found: list[Errors], optimal_d: float = 0.01) -> None:
    largest = worst(found)
    for name in ("wasserstein1", "jensen_shannon", "frechet"):
        assert largest[name] < 1e-3, name
    assert largest["optimal_d"] < optimal_d


def test_the_reference_applies_the_same_network() -> None:
    z = np.linspace(-3, 3, 101)
    for name in KINDS:
        (trainer,) = random_networks(name, 1, SEED)
        values = trainer.generator.apply(z)
        found = trainer.units.to_x(apply(trainer.generator, z))
        np.testing.assert_allclose(found, values, rtol=1e-4, atol=1e-4 * float(np.ptp(values)))


@pytest.mark.parametrize("name", slow_but(["steep"], ["folds", "steep", "stairs", "kinks"]))
def test_a_random_network_is_measured_exactly(name: str) -> None:
    # Rises of a staircase are narrower than a cell of 20,000.
    assert_exact(errors_of_kind(name, 1, SEED, 10 * POINTS if name in NARROW else POINTS))


NARROW = ("steep", "stairs", "atoms", "huge input scale", "deep and narrow", "fast sine")
"""Kinds whose D* a reference of 20,001 values does not resolve."""


@pytest.mark.parametrize("name", slow_but(["labelled_modes"], ["default", "wgan_gp", "labelled_modes"]))
def test_a_preset_is_measured_exactly(name: str) -> None:
    assert_exact(errors_of_preset(name, SEED))


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", KINDS)
def test_random_networks_are_measured_exactly(name: str) -> None:
    """`python -m benchmarks.exactness` measures ten of each kind."""
    assert_exact(errors_of_kind(name, 2, SEED + 1, (10 if name in NARROW else 2) * POINTS))


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", [name for name, each in gan1d.presets.items() if each.config.latent.dimension == 1])
def test_every_preset_is_measured_exactly(name: str) -> None:
    found = errors_of_preset(name, SEED + 2)
    if found:
        assert_exact(found)


def test_of_a_constant_g_only_the_share_of_the_bins_is_missing() -> None:
    """With all fakes in a bin of target mass t, JS = ½·(2·ln 2 + t·ln t − (1 + t)·ln(1 + t)), less than ln 2."""
    trainer = gan1d.Trainer(Config())
    trainer.generator.parameters[:] = 0.0
    trainer.generator.layers[-1][-1] = trainer.units.standardize(-2.01)
    probe = gan1d.Probe(trainer.config)
    frame = observe(trainer, probe)
    edges = trainer.units.to_x(probe.grid.edges)
    bin_ = int(np.searchsorted(edges, -2.01)) - 1
    t = float(np.diff(trainer.config.target.cdf(edges[bin_ : bin_ + 2]))[0])
    expected = 0.5 * (2 * math.log(2) + t * math.log(t) - (1 + t) * math.log(1 + t))
    assert frame.jensen_shannon == pytest.approx(expected, rel=1e-9)
    assert frame.best_value == pytest.approx(-2 * math.log(2) + 2 * expected, rel=1e-9)
