"""Trainers: reproducible bits, updates of one player alone, divergence, and learning."""

import gc
import math
import os
import subprocess
import sys
import weakref
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.engine.data.batches import BLOCK
from gan1d.engine.distributions.priors import NormalPrior
from gan1d.engine.training.reports import StepReport
from gan1d.engine.training.trainer import Trainer
from gan1d.gallery import presets
from tests.engine.training.games import PLAYERS, fingerprint, flattened, same_parameters, small, through_bytes

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_same_seed_gives_the_same_bits(dtype: type) -> None:
    first, second, other = Trainer(small(), dtype), Trainer(small(), dtype), Trainer(small(seed=1), dtype)
    for trainer in (first, second, other):
        trainer.run(20)
    assert fingerprint(first) == fingerprint(second)
    assert not same_parameters(first, other)
    assert first.report == second.report


PROGRAM = """
import gan1d
from tests.engine.training.games import fingerprint, small
trainer = gan1d.Trainer(small())
trainer.run(20)
print(fingerprint(trainer))
"""


@pytest.mark.slow
def test_another_process_gives_the_same_bits() -> None:
    """The bits do not depend on the order of sets."""
    trainer = Trainer(small())
    trainer.run(20)
    for hash_seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": hash_seed}
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
            cwd=ROOT,
        )
        assert done.stdout.strip() == fingerprint(trainer)


def test_parts_of_a_run_have_separate_random_streams() -> None:
    """With another D and more updates of D, the first weights and the latents of G stay the same."""
    plain, other = Trainer(small()), Trainer(small(discriminator__hidden=[9, 9, 9], discriminator_steps=5))
    np.testing.assert_array_equal(plain.generator.parameters, other.generator.parameters)
    for trainer in (plain, other):
        trainer.run(3)
    plain_streams, other_streams = plain.state_dict()["streams"], other.state_dict()["streams"]
    assert plain_streams["latent_g"] == other_streams["latent_g"]
    assert plain_streams["latent_d"] != other_streams["latent_d"]
    # Two streams of the same prior give different latents.
    assert plain_streams["latent_g"]["rng"] != plain_streams["latent_d"]["rng"]


@pytest.mark.parametrize("count", [1, 7, BLOCK, BLOCK + 1, 2 * BLOCK + 3])
def test_running_is_stepping(count: int) -> None:
    at_once, one_by_one = Trainer(small()), Trainer(small())
    reports = at_once.run(count)
    steps = [one_by_one.step() for _ in range(count)]
    assert fingerprint(at_once) == fingerprint(one_by_one)
    assert len(reports) == count
    for name in StepReport.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(reports, name), [getattr(step, name) for step in steps])
    assert at_once.report == steps[-1] == reports.last()


def test_running_0_steps_changes_nothing() -> None:
    trainer = Trainer(small())
    before = fingerprint(trainer)
    assert len(trainer.run(0)) == 0
    assert fingerprint(trainer) == before
    assert trainer.report.step == 0
    assert all(math.isnan(value) for value in list(vars(trainer.report).values())[1:])
    with pytest.raises(ValueError, match="Expected 0 steps or more, but got -1"):
        trainer.run(-1)


@pytest.mark.parametrize(("mover", "still"), [PLAYERS, PLAYERS[::-1]])
def test_an_update_of_one_player_leaves_every_bit_of_the_other(mover: str, still: str) -> None:
    trainer = Trainer(small())
    trainer.run(3)
    before = trainer.state_dict()
    report = getattr(trainer, f"step_{mover}")()
    after = trainer.state_dict()
    assert b"|".join(flattened(after[still])) == b"|".join(flattened(before[still]))
    assert not np.array_equal(after[mover]["parameters"], before[mover]["parameters"])
    assert np.array_equal(after["average"], before["average"]) == (mover == "discriminator")
    assert trainer.step_count == report.step == 4
    # The other player keeps its last numbers.
    was = before["report"]
    loss, norm = (f"loss_{still[0]}", f"grad_norm_{still[0]}")
    assert (getattr(report, loss), getattr(report, norm)) == (was[loss], was[norm])


def test_a_player_without_an_update_has_no_loss() -> None:
    assert math.isnan(Trainer(small()).step_discriminator().loss_g)
    assert math.isnan(Trainer(small()).step_generator().loss_d)


@pytest.mark.parametrize(("k_d", "k_g"), [(1, 1), (3, 1), (1, 4), (2, 3)])
def test_each_player_is_updated_as_often_as_set(k_d: int, k_g: int) -> None:
    trainer = Trainer(small(discriminator_steps=k_d, generator_steps=k_g))
    trainer.run(5)
    state = trainer.state_dict()
    assert (state["discriminator"]["count"], state["generator"]["count"]) == (5 * k_d, 5 * k_g)


def test_the_generator_is_updated_against_the_updated_discriminator() -> None:
    """One step is an update of D, then an update of G."""
    whole, halves = Trainer(small(discriminator_steps=1)), Trainer(small(discriminator_steps=1))
    whole.step()
    halves.step_discriminator()
    halves.step_generator()
    assert same_parameters(whole, halves)


def test_the_average_follows_the_generator() -> None:
    trainer = Trainer(small(generator__ema_decay=0.75, generator_steps=1), np.float64)
    average = trainer.generator.parameters.copy()
    for _ in range(4):
        trainer.step()
        average = 0.75 * average + 0.25 * trainer.generator.parameters
        np.testing.assert_allclose(trainer.ema_generator.parameters, average, rtol=1e-13, atol=1e-15)


def diverged_trainer() -> Trainer:
    """A trainer that has diverged within a few steps: a linear D and a G of ReLUs at a high learning rate."""
    fast = {"kind": "momentum", "learning_rate": 10.0, "momentum": 0.999}
    config = small(penalty="none", discriminator__hidden=[], generator__hidden=[8], generator__activation="relu")
    config = config.patched("generator.optimizer", fast).patched("discriminator.optimizer", fast)
    trainer = Trainer(config)
    trainer.run(100)
    assert trainer.diverged, "Nothing diverged; make it more extreme."
    assert trainer.step_count > 0
    return trainer


def test_a_diverged_run_reports_it_and_stops() -> None:
    trainer = diverged_trainer()
    end = trainer.diverged
    assert end is not None
    assert end.step == trainer.step_count + 1
    assert end.player in PLAYERS
    assert end.reason == f"Diverged at step {end.step}: the {end.player}'s gradient grew beyond all bounds."
    for name in ("generator", "discriminator", "ema_generator"):
        assert np.all(np.isfinite(getattr(trainer, name).parameters))
    assert trainer.report.step == trainer.step_count
    before = fingerprint(trainer)
    assert len(trainer.run(10)) == 0
    assert trainer.step() == trainer.report
    trainer.step_discriminator()
    trainer.step_generator()
    assert fingerprint(trainer) == before


def test_a_run_diverges_in_the_same_step_step_by_step_and_at_once() -> None:
    at_once = diverged_trainer()
    one_by_one = Trainer(at_once.config)
    reports = 0
    while one_by_one.diverged is None:
        one_by_one.step()
        reports += one_by_one.diverged is None
    assert reports == at_once.step_count
    assert fingerprint(one_by_one) == fingerprint(at_once)


def test_a_restored_diverged_run_stays_diverged() -> None:
    trainer = diverged_trainer()
    restored = Trainer.restore(trainer.config, through_bytes(trainer.state_dict()))
    assert restored.diverged == trainer.diverged
    assert len(restored.run(5)) == 0


@pytest.mark.parametrize("player", PLAYERS)
def test_a_gradient_that_is_not_finite_reaches_no_parameter(player: str) -> None:
    """The weights are set so large that the next gradient overflows."""
    trainer = Trainer(small(discriminator__activation="relu", generator__activation="relu"))
    trainer.run(2)
    getattr(trainer, player).parameters[:] = 1e20
    reports = trainer.run(5)
    assert len(reports) == 0
    assert trainer.diverged is not None
    assert trainer.diverged.step == 3
    for name in ("generator", "discriminator", "ema_generator"):
        assert np.all(np.isfinite(getattr(trainer, name).parameters))


def test_both_precisions_agree_at_first() -> None:
    """Streams draw other numbers in the other precision, so the priors here round the same draws."""
    single, double = Trainer(small(), np.float32), Trainer(small(), np.float64)
    np.testing.assert_allclose(single.generator.parameters, double.generator.parameters, rtol=1e-6)

    class Rounded(NormalPrior):
        """A distribution whose draws are the same in both precisions."""

        def sample(self, rng: np.random.Generator, count: int, dtype: Any = np.float64) -> Any:
            return rng.standard_normal(count).astype(np.float32).astype(dtype)

    common_config = {name: getattr(small(), name) for name in Config.model_fields}
    changed = {"latent": Rounded(), "target": Rounded(), "standardize": False}
    settings = SimpleNamespace(**common_config | changed)
    single, double = Trainer(settings, np.float32), Trainer(settings, np.float64)
    few, exact = single.run(10), double.run(10)
    np.testing.assert_allclose(few.loss_d, exact.loss_d, rtol=1e-3)
    np.testing.assert_allclose(few.loss_g, exact.loss_g, rtol=1e-3)
    np.testing.assert_allclose(single.generator.parameters, double.generator.parameters, rtol=0, atol=1e-3)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_everything_stays_in_its_precision(dtype: type) -> None:
    trainer = Trainer(small(), dtype)
    trainer.run(2)
    state = trainer.state_dict()
    arrays = [state["average"]]
    for player in PLAYERS:
        arrays += [state[player]["parameters"], *state[player]["averages"].values()]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


def test_the_losses_of_an_undecided_discriminator_are_ln_2() -> None:
    trainer = Trainer(small(discriminator_steps=1))
    trainer.discriminator.layers[-1][:] = 0.0
    assert trainer.step_discriminator().loss_d == pytest.approx(math.log(2), abs=1e-6)
    trainer.discriminator.layers[-1][:] = 0.0
    assert trainer.step_generator().loss_g == pytest.approx(math.log(2), abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_learns_a_gaussian(seed: int) -> None:
    config = Config().patched("seed", seed)
    config = config.patched("target.modes", [{"position": 1.5, "width": 0.5, "weight": 1.0}])
    trainer = Trainer(config)
    trainer.run(3000)
    x = trainer.ema_generator.apply(config.latent.quantile((np.arange(1000) + 0.5) / 1000))
    assert np.mean(x) == pytest.approx(1.5, abs=0.15)
    assert np.std(x) == pytest.approx(0.5, abs=0.15)


@pytest.mark.parametrize("name", ["default", "hopping_unrolled", "infogan", "collapse_labels", "cyclegan"])
def test_the_buffers_of_a_run_that_is_dropped_are_free_at_once(name: str) -> None:
    trainer = Trainer(presets[name].config)
    trainer.run(1)
    gc.collect()
    gc.disable()
    try:
        update, buffer = weakref.ref(trainer._update_d), weakref.ref(trainer._update_g.gradient)
        del trainer
        assert update() is None, "no cycle keeps it until the next collection"
        assert buffer() is None
        assert gc.collect() == 0
    finally:
        gc.enable()
