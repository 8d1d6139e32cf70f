"""The way back of a CycleGAN: gradients by differences, its place in the game, and its states."""

from typing import Any

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.engine.arrays import Array
from gan1d.engine.data.standardization import measured_units
from gan1d.engine.networks.mlp import MLP, outputs_at
from gan1d.engine.programs import run
from gan1d.engine.training.ensemble import Ensemble
from gan1d.engine.training.spectrum import field_conflict
from gan1d.engine.training.step_trace import trace_step
from gan1d.engine.training.trainer import Trainer
from tests.engine.training.games import fingerprint, small
from tests.feeds import flat, upcoming, way_back_of
from tests.gradcheck import gradient, relative_error


def translation(**changes: Any) -> Config:
    source = {"kind": "source", "cycle_weight": 0.7, "identity_weight": 0.4}
    return small(latent=source, generator__activation="tanh", discriminator__activation="tanh", **changes)


def networks(trainer: Trainer) -> tuple[MLP, ...]:
    """G, its average, D, F, its average, and the discriminator of the source."""
    assert trainer.way_back is not None
    return trainer.generator, trainer.ema_generator, trainer.discriminator, *trainer.way_back


def at(network: MLP, points: Array) -> Array:
    return outputs_at(network, points[None])


@pytest.mark.parametrize("standardize", [True, False])
def test_both_maps_follow_the_gradient_of_their_common_loss(standardize: bool) -> None:
    """L_GAN(G) + L_GAN(F) + λ·L_cyc + μ·L_identity in Zhu et al. 2017, eq. 3 and section 5.2, by differences."""
    trainer = Trainer(translation(standardize=standardize), np.float64)
    trainer.run(3)
    x, y = (flat(upcoming(each).latent_g.next()) for each in (trainer, way_back_of(trainer)))
    g, _, d, f, _, d_x = networks(trainer)
    value = trainer.config.loss.generator_value

    def loss(cycle: float = 0.7, identity: float = 0.4) -> float:
        fooled = value(at(d, at(g, x))) + value(at(d_x, at(f, y)))
        there_and_back = np.abs(at(f, at(g, x)) - x).mean() + np.abs(at(g, at(f, y)) - y).mean()
        changed = np.abs(at(g, y) - y).mean() + np.abs(at(f, x) - x).mean()
        return float(fooled + cycle * there_and_back + identity * changed)

    run(trainer._update_g.gradient_program)
    found = np.split(trainer._update_g.gradient, 2)
    for part, network in zip(found, (g, f), strict=True):
        assert relative_error(part, gradient(loss, network.parameters)) < 1e-7
        assert relative_error(part, gradient(lambda: loss(cycle=0.6), network.parameters)) > 1e-3
        assert relative_error(part, gradient(lambda: loss(identity=0.5), network.parameters)) > 1e-3


def test_each_discriminator_follows_the_gradient_of_its_own_loss() -> None:
    trainer = Trainer(translation(penalty="none"), np.float64)
    trainer.run(3)
    g, _, d, f, _, d_x = networks(trainer)
    batches = [upcoming(each).for_discriminator() for each in (trainer, way_back_of(trainer))]
    run(trainer._update_d.gradient_program)
    found = np.split(trainer._update_d.gradient, 2)
    for part, judge, map_, (real, z) in zip(found, (d, d_x), (g, f), batches, strict=True):

        def loss(judge: MLP = judge, map_: MLP = map_, real: Array = real, z: Array = z) -> float:
            scores = np.stack([at(judge, real), at(judge, at(map_, z))])
            return float(trainer.config.loss.discriminator_value(scores))

        assert relative_error(part, gradient(loss, judge.parameters)) < 1e-7


def test_first_weights_and_batches_of_the_way_there_are_those_of_a_run_from_noise() -> None:
    noise, there = Trainer(small()), Trainer(small(latent="source"))
    for name in ("generator", "discriminator"):
        np.testing.assert_array_equal(getattr(noise, name).parameters, getattr(there, name).parameters)
    assert noise.way_back is None
    assert "way_back" not in noise.state_dict()
    assert not any(name.startswith("back_") for name in noise.state_dict()["streams"])
    g, _, d, f, _, d_x = networks(there)
    assert not np.array_equal(g.parameters, f.parameters)
    assert not np.array_equal(d.parameters, d_x.parameters)


def test_without_a_common_loss_the_way_back_changes_nothing_there() -> None:
    """With both weights at 0 the way back is another game: other settings of it leave the way there as it was."""
    free = translation(latent__cycle_weight=0.0, latent__identity_weight=0.0)
    trainer, other = Trainer(free), Trainer(free)
    networks(other)[3].parameters[:] *= 2.0
    networks(other)[5].parameters[:] *= 2.0
    trainer.run(5)
    other.run(5)
    for found, expected in zip(networks(trainer)[:3], networks(other)[:3], strict=True):
        np.testing.assert_array_equal(found.parameters, expected.parameters)


def test_the_units_are_those_of_both_distributions_and_networks_take_x() -> None:
    config = translation(latent__distribution="uniform", target="laplace")
    trainer = Trainer(config)
    assert trainer.units == measured_units(config.target, config.latent.data[0]) != measured_units(config.target)
    x = np.linspace(-2, 2, 5)
    units = trainer.units
    for network in (networks(trainer)[0], networks(trainer)[3]):
        expected = units.to_x(outputs_at(network, units.standardize(x)[None]))
        np.testing.assert_allclose(network.apply(x), expected, rtol=1e-6)


@pytest.mark.parametrize("order", ["alternating", "simultaneous", "extragradient"])
def test_a_restored_run_continues_bit_for_bit(order: str) -> None:
    config = translation(update_order=order)
    trainer = Trainer(config)
    trainer.run(5)
    other = Trainer.restore(config, trainer.state_dict())
    assert fingerprint(trainer) == fingerprint(other)
    trainer.run(150)  # beyond a block of batches
    other.run(150)
    assert fingerprint(trainer) == fingerprint(other)


@pytest.mark.parametrize(
    ("path", "value"),
    [("discriminator.hidden", [5, 6]), ("generator.hidden", [4, 4]), ("generator.activation", "relu"),
     ("discriminator.optimizer", {"kind": "sgd"}), ("latent.cycle_weight", 0.0), ("latent.identity_weight", 2.0),
     ("latent.distribution", "uniform"), ("target", "laplace"), ("batch_size", 16)],
)  # fmt: skip
def test_a_live_change_goes_on_as_a_restored_run_would(path: str, value: Any) -> None:
    trainer = Trainer(translation())
    trainer.run(4)
    trainer.config = trainer.config.patched(path, value)  # type: ignore[attr-defined]
    other = Trainer.restore(trainer.config, trainer.state_dict())
    trainer.run(10)
    other.run(10)
    assert fingerprint(trainer) == fingerprint(other)


def test_rebuilt_networks_keep_the_functions_of_both_ways() -> None:
    trainer = Trainer(translation())
    trainer.run(20)
    x = np.linspace(-2, 2, 9)
    before = [network.apply(x) for network in networks(trainer)]
    errors = trainer.change(translation(generator__hidden=[6], discriminator__hidden=[7, 4]))
    assert set(errors) == {"generator", "discriminator"}
    assert max(errors.values()) < 0.02
    for network, old in zip(networks(trainer), before, strict=True):
        np.testing.assert_allclose(network.apply(x), old, atol=0.05)


def test_a_trial_that_diverges_leaves_all_four_networks_as_they_were() -> None:
    too_fast = {"kind": "sgd", "learning_rate": 10.0}
    config = translation(update_order="extragradient", generator__optimizer=too_fast, discriminator__optimizer=too_fast)
    trainer = Trainer(config.patched("loss", "least_squares").patched("discriminator.hidden", []))
    trainer.run(2000)
    assert trainer.diverged is not None
    assert all(np.isfinite(network.parameters).all() for network in networks(trainer))
    assert not any(player.is_extrapolated for player in trainer._players)


def test_a_source_needs_a_new_trainer() -> None:
    with pytest.raises(ValueError, match="make a new Trainer"):
        Trainer(small()).change(small(latent="source"))


def test_what_a_translation_is_not_made_for_says_so() -> None:
    config = translation()
    with pytest.raises(ValueError, match="Expected noise as G's input, but got a source"):
        Ensemble([config.patched("latent", "normal"), config])
    with pytest.raises(ValueError, match="Expected a run with two networks, but got a translation"):
        trace_step(Trainer(config))
    assert "noise as G's input" in field_conflict(config)
