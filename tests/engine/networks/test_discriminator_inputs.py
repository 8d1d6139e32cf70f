"""Views of the discriminator: gradients against finite differences, optima by hand, and whole runs."""

from dataclasses import replace
from typing import Any, get_args

import numpy as np
import pytest

import gan1d
from gan1d.config.model import Config
from gan1d.engine.metrics.optimal_discriminator import RealFakeMasses
from gan1d.engine.networks.discriminator_inputs import (
    BatchDeviation,
    DiscriminatorView,
    OneSample,
    Pack,
    evaluation_items,
)
from gan1d.engine.programs import run
from gan1d.engine.training.trainer import Trainer
from tests.gradcheck import gradient, relative_error

VIEWS = [*(member() for member in get_args(DiscriminatorView)), Pack(size=3)]

every = pytest.mark.parametrize("view", VIEWS, ids=str)


@every
def test_gradients_of_the_samples(view: Any) -> None:
    """The gradient of a loss of all of D's inputs, with respect to the samples."""
    rng = np.random.default_rng(0)
    rows, weights = rng.normal(size=(view.rows, 5)), rng.normal(size=(view.rows, 5))
    samples = rows[: view.samples]

    def loss() -> float:
        run(view.fill_derived_rows(rows))
        return float(np.sum(weights * rows))

    loss()
    found = weights.copy()
    run(view.pull_back_derived_rows(rows, found))
    assert relative_error(found[: view.samples], gradient(loss, samples)) < 1e-8


def test_a_gradient_that_ignores_the_batch_is_found() -> None:
    class WithoutBatchGradient(BatchDeviation):
        def pull_back_derived_rows(self, rows: Any, gradient: Any) -> Any:
            return []

    with pytest.raises(AssertionError):
        test_gradients_of_the_samples(WithoutBatchGradient())


def test_the_deviation_by_hand() -> None:
    # Mean 2, deviations −1, 0, 1:  √(⅔ + 1e-8)
    rows = np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]])
    run(BatchDeviation().fill_derived_rows(rows))
    np.testing.assert_allclose(rows[1], np.full(3, np.sqrt(2 / 3)), rtol=1e-7)


def test_evaluation_items() -> None:
    samples = np.array([1.0, 2.0, 4.0])
    np.testing.assert_array_equal(evaluation_items(OneSample(), samples), [samples])
    np.testing.assert_array_equal(evaluation_items(Pack(size=2), samples), [samples, [2.0, 4.0, 1.0]])


def test_the_optimal_discriminator_of_a_pack_by_hand() -> None:
    # p = ¾, q = ¼ in the first bin; two of a kind: 9/16 against 1/16, so 9/10 instead of ¾.
    pair = RealFakeMasses(np.arange(3.0), np.array([0, 0.75, 0.25, 0]), np.array([0, 0.25, 0.75, 0]))
    assert pair.mixture(1.0, 0.0) == pytest.approx([0.75, 0.25], rel=1e-14)
    assert replace(pair, samples=2).mixture(1.0, 0.0) == pytest.approx([0.9, 0.1], rel=1e-14)


def config_with(view: Any) -> Config:
    changes = {
        "discriminator.view": {"kind": view.kind} | ({"size": view.size} if isinstance(view, Pack) else {}),
        "batch_size": 16,
        "generator.hidden": [4],
        "discriminator.hidden": [5, 4],
    }
    config = Config()
    for path, value in changes.items():
        config = config.patched(path, value)
    return config


@every
@pytest.mark.parametrize("penalty", ["none", "r1", "r2", "gradient_penalty"])
def test_runs_with_every_penalty(view: Any, penalty: str) -> None:
    trainer = Trainer(config_with(view).patched("penalty", penalty))
    trainer.run(30)
    assert trainer.diverged is None
    assert trainer.discriminator.sizes[0] == view.rows


@every
def test_a_frame_shows_the_outputs_of_d(view: Any) -> None:
    trainer = Trainer(config_with(view))
    trainer.run(30)
    frame = gan1d.observe(trainer)
    assert np.all((frame.discriminator > 0) & (frame.discriminator < 1))
    assert frame.real_readout.sum() == pytest.approx(1.0)
    assert frame.fake_readout.sum() == pytest.approx(1.0)
    assert np.all(np.isnan(frame.optimal_discriminator)) == (not view.has_optimum)


def test_a_pack_is_evaluated_at_equal_samples() -> None:
    trainer = Trainer(config_with(Pack(size=3)))
    probe = gan1d.Probe(trainer.config)
    shown = gan1d.observe(trainer, probe).discriminator
    scores = trainer.discriminator.apply(np.tile(probe.units.to_x(probe.grid.centres), (3, 1)))
    np.testing.assert_allclose(shown, 1 / (1 + np.exp(-scores)), rtol=1e-5)


@every
def test_a_new_view_reinitializes_the_discriminator_only(view: Any) -> None:
    other = Pack(size=2) if isinstance(view, BatchDeviation) else BatchDeviation()
    trainer = Trainer(config_with(view))
    trainer.run(5)
    before = trainer.generator.parameters.copy()
    trainer.config = config_with(other)
    assert trainer.discriminator.sizes[0] == other.rows
    np.testing.assert_array_equal(trainer.generator.parameters, before)
    trainer.run(5)
    assert trainer.step_count == 10


@every
def test_a_restored_run_continues_bit_for_bit(view: Any) -> None:
    config = config_with(view)
    trainer = Trainer(config)
    trainer.run(140)
    other = Trainer.restore(config, trainer.state_dict())
    for each in (trainer, other):
        each.run(20)
    np.testing.assert_array_equal(trainer.discriminator.parameters, other.discriminator.parameters)
