"""The textbook's step against the trainer's: the same weights and batches give the same updates."""

from typing import Any, get_args

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.engine import reference
from gan1d.engine.networks.activations import Activation
from gan1d.engine.objectives.losses import Loss
from gan1d.engine.reference import ReferenceGAN, ReferenceNetwork
from gan1d.engine.training.trainer import Trainer
from tests.feeds import upcoming
from tests.tools import slow_but

STEPS = 10

LOSSES = {
    "non_saturating": {"kind": "non_saturating", "real_label": 0.9, "fake_label": 0.1, "generator_label": 0.95},
    "minimax": {"kind": "minimax", "real_label": 0.9, "fake_label": 0.1},
    "least_squares": {"kind": "least_squares", "real_label": 0.8, "fake_label": -0.2, "generator_label": 0.9},
    "hinge": {"kind": "hinge"},
    "wasserstein": {"kind": "wasserstein", "clip": 0.3},
    "relativistic_pairing": {"kind": "relativistic_pairing"},
}
OPTIMIZERS = {
    "sgd": {"kind": "sgd", "learning_rate": 0.05},
    "adam": {"kind": "adam", "learning_rate": 0.01, "beta1": 0.5, "beta2": 0.9, "eps": 1e-6},
}
ACTIVATIONS = [member.kind for member in get_args(Activation)]
LATENT_DIMENSION = 2


def config_of(loss: Any, activation: str = "tanh", optimizer: str = "adam") -> Config:
    player = {
        "activation": {"kind": activation},
        "optimizer": OPTIMIZERS[optimizer],
        "initialization": {"random_biases": True},
    }
    return Config.parsed(
        {
            "seed": 3,
            "batch_size": 7,
            "discriminator_steps": 2,
            "latent": {"kind": "normal", "dimension": LATENT_DIMENSION},
            "loss": loss,
            "penalty": {"kind": "none"},
            "generator": {**player, "hidden": [4, 3]},
            "discriminator": {**player, "hidden": [5, 4], "input_scale": 1.5},
        }
    )


def reference_of(trainer: Trainer) -> ReferenceGAN:
    """The textbook's game with the weights and settings of a trainer that has made no step yet."""
    config = trainer.config
    return ReferenceGAN(
        ReferenceNetwork(trainer.generator, config.generator.optimizer, config.generator.rate_half_life),
        ReferenceNetwork(trainer.discriminator, config.discriminator.optimizer, config.discriminator.rate_half_life),
        config.loss,
        trainer.units,
    )


def check_same_updates(config: Config) -> None:
    """AssertionError unless trainer and reference have the same losses and parameters after every step."""
    trainer = Trainer(config, np.float64)
    gan, batches = reference_of(trainer), upcoming(trainer)
    start = trainer.generator.parameters.copy()
    for _ in range(STEPS):
        report = trainer.step()
        for _ in range(config.discriminator_steps):
            standardized, z = batches.for_discriminator()
            loss_d = gan.update_discriminator(trainer.units.to_x(standardized.reshape(-1, 1)), z.T)
        z, real = batches.for_generator().T, None
        if config.loss.is_paired:
            real = trainer.units.to_x(batches.data_g.next().reshape(-1, 1))
        loss_g = gan.update_generator(z, real)
        np.testing.assert_allclose([report.loss_d, report.loss_g], [loss_d, loss_g], rtol=1e-10, atol=1e-12)
        for network, expected in ((trainer.generator, gan.generator), (trainer.discriminator, gan.discriminator)):
            flat = np.concatenate([parameter.ravel() for parameter in expected.parameters])
            np.testing.assert_allclose(network.parameters, flat, rtol=1e-10, atol=1e-10)
    assert np.abs(trainer.generator.parameters - start).max() > 1e-3


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("activation", slow_but(["tanh", "leaky_relu"], ACTIVATIONS))
@pytest.mark.parametrize("loss", LOSSES)
def test_trainer_makes_the_same_updates(loss: str, activation: str, optimizer: str) -> None:
    check_same_updates(config_of(LOSSES[loss], activation, optimizer))


@pytest.mark.parametrize("loss", LOSSES)
def test_without_standardization_it_does_too(loss: str) -> None:
    check_same_updates(config_of(LOSSES[loss]).patched("standardize", False))


def test_a_wrong_sign_in_a_gradient_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    right = reference.generator_costs

    def wrong(loss: Any, scores: Any) -> Any:
        costs, slopes = right(loss, scores)
        return costs, -slopes

    monkeypatch.setattr(reference, "generator_costs", wrong)
    with pytest.raises(AssertionError):
        check_same_updates(config_of(LOSSES["non_saturating"]))


def test_every_other_loss_and_optimizer_is_refused() -> None:
    kinds = {member.kind for member in get_args(Loss)}
    assert kinds - LOSSES.keys() == {"wasserstein_gp"}
    column = np.zeros((3, 1))
    for changed, message in (
        (config_of({"kind": "wasserstein_gp"}), "without a gradient penalty"),
        (config_of(LOSSES["hinge"]).patched("discriminator.optimizer", "rmsprop"), "SGD or Adam"),
    ):
        gan = reference_of(Trainer(changed, np.float64))
        with pytest.raises(ValueError, match=message):
            gan.update_discriminator(column, np.zeros((3, LATENT_DIMENSION)))
