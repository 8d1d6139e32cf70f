"""Whole training steps against PyTorch: from equal weights and batches to equal networks ten steps later."""

from typing import Any, get_args

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.engine.networks.activations import Activation, LeakyReLU
from gan1d.engine.networks.optimizers import Optimizer
from gan1d.engine.objectives.gradient_penalties import R1, Penalty
from gan1d.engine.objectives.losses import Loss
from gan1d.engine.training.trainer import Trainer
from gan1d.engine.update_order import Alternating, UpdateOrder
from tests.engine.torch_reference import ACTIVATIONS, Reference, TranslationReference, parameters_of
from tests.tools import slow_but

pytestmark = pytest.mark.torch

STEPS = 10


def check(config: Config, steps: int = STEPS) -> None:
    """Raise AssertionError unless engine and PyTorch report the same losses and reach the same parameters."""
    trainer = Trainer(config, np.float64)
    reference = Reference(trainer)
    for _ in range(steps):
        report = trainer.step()
        reference.step()
        found = [report.loss_d, report.loss_g, report.grad_norm_d, report.grad_norm_g]
        expected = [reference.loss_d, reference.loss_g, reference.norm_d, reference.norm_g]
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-13)
    for engine, pytorch in (
        (trainer.generator.parameters, parameters_of(reference.generator)),
        (trainer.discriminator.parameters, parameters_of(reference.discriminator)),
        (trainer.ema_generator.parameters, reference.average),
    ):
        np.testing.assert_allclose(engine, pytorch, rtol=1e-9, atol=1e-12)
    if trainer.code_head is not None:
        found = trainer.code_head.parameters
        np.testing.assert_allclose(found, parameters_of(reference.head), rtol=1e-9, atol=1e-12)


OPTIMIZERS = {
    "sgd": {"kind": "sgd", "learning_rate": 0.1},
    # For unbounded losses: at the other rates they diverge within ten steps, and rounding errors grow too fast.
    "calm": {"kind": "sgd", "learning_rate": 0.01},
    "momentum": {"kind": "momentum", "learning_rate": 0.05, "momentum": 0.8},
    "negative momentum": {"kind": "momentum", "learning_rate": 0.05, "momentum": -0.5},
    "rmsprop": {"kind": "rmsprop", "learning_rate": 0.01, "decay": 0.9, "eps": 1e-6},
    "adam": {"kind": "adam", "learning_rate": 0.01, "beta1": 0.5, "beta2": 0.9, "eps": 1e-6},
    "optimistic_adam": {"kind": "optimistic_adam", "learning_rate": 0.01, "beta1": 0.5, "beta2": 0.9, "eps": 1e-6},
}

LOSSES = {
    "smoothed": {"kind": "non_saturating", "real_label": 0.9, "generator_label": 0.95},
    "minimax": {"kind": "minimax"},
    "two-sided": {"kind": "minimax", "real_label": 0.9, "fake_label": 0.1},
    "least_squares": {"kind": "least_squares"},
    "hinge": {"kind": "hinge"},
    "wasserstein": {"kind": "wasserstein", "clip": 0.3},
    "wasserstein_gp": {"kind": "wasserstein_gp", "weight": 2.0},
    "relativistic_pairing": {"kind": "relativistic_pairing"},
}

PENALTIES = {
    "free": {"kind": "none"},
    "r1": {"kind": "r1", "gamma": 2.0},
    "r2": {"kind": "r2", "gamma": 2.0},
    "r1_r2": {"kind": "r1_r2", "gamma": 2.0},
    "gradient_penalty": {"kind": "gradient_penalty", "weight": 2.0},
}


def config_of(optimizer: str = "adam", loss: str = "smoothed", penalty: str = "r1", k: int = 1, **more: Any) -> Config:
    player = {"hidden": [4, 3], "optimizer": OPTIMIZERS[optimizer], "initialization": {"random_biases": True}} | more
    player["rate_half_life"] = 0  # the optimizers of PyTorch keep their rates
    return Config.parsed(
        {
            "seed": 3,
            "batch_size": 7,
            "discriminator_steps": k,
            "generator_steps": 3 - k,
            "loss": LOSSES[loss],
            "penalty": PENALTIES[penalty],
            "generator": {**player, "ema_decay": 0.8},
            "discriminator": {**player, "hidden": [5, 4], "input_scale": 1.5},
        }
    )


@pytest.mark.slow
@pytest.mark.parametrize("k", [1, 2])
@pytest.mark.parametrize("penalty", PENALTIES)
@pytest.mark.parametrize("loss", ["smoothed", "minimax"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_ten_steps(optimizer: str, loss: str, penalty: str, k: int) -> None:
    check(config_of(optimizer, loss, penalty, k, activation={"kind": "tanh"}))


@pytest.mark.parametrize("penalty", slow_but(["r1"], PENALTIES))
@pytest.mark.parametrize("loss", LOSSES)
def test_ten_steps_with_every_loss(loss: str, penalty: str) -> None:
    check(config_of("adam", loss, penalty, 2, activation={"kind": "tanh"}))
    check(config_of("calm", loss, penalty, 1, activation={"kind": "leaky_relu"}))


@pytest.mark.parametrize("order", [member.kind for member in get_args(UpdateOrder)])
@pytest.mark.parametrize("optimizer", slow_but(["sgd", "optimistic_adam"], OPTIMIZERS))
@pytest.mark.parametrize("k", [1, 2])
def test_ten_steps_in_every_order(k: int, optimizer: str, order: str) -> None:
    """Also where one player makes more updates than the other, and where D's weights are clipped."""
    for loss in ("smoothed", "wasserstein"):
        config = config_of(optimizer, loss, "free", k, activation={"kind": "tanh"})
        check(config.patched("update_order", order))


def test_another_order_is_detected(monkeypatch: pytest.MonkeyPatch) -> None:
    """Simultaneous updates in place of alternating ones change the losses."""
    monkeypatch.setattr(Alternating, "is_joint", True)
    with pytest.raises(AssertionError):
        check(config_of(activation={"kind": "tanh"}))


@pytest.mark.parametrize("loss", slow_but(["smoothed"], LOSSES))
@pytest.mark.parametrize(
    "code", [{"kind": "categorical", "values": 3, "weight": 0.6}, {"kind": "continuous"}], ids=lambda code: code["kind"]
)
def test_ten_steps_with_every_code(code: Any, loss: str) -> None:
    for activation in ("tanh", "leaky_relu"):
        check(config_of("adam", loss, "r1", 1, activation={"kind": activation}).patched("code", code))
    noisy = config_of("calm", loss, "free", 1, activation={"kind": "tanh"}).patched("instance_noise.deviation", 0.7)
    check(noisy.patched("generator.feature_matching", 0.5).patched("code", code))


def check_translation(config: Config, steps: int = STEPS) -> None:
    """As `check`, for both ways of a translation."""
    trainer = Trainer(config, np.float64)
    reference = TranslationReference(trainer)
    for _ in range(steps):
        report = trainer.step()
        reference.step()
        found = [report.loss_d, report.loss_g, report.grad_norm_d, report.grad_norm_g]
        expected = [reference.there.loss_d, reference.there.loss_g, reference.norm_d, reference.norm_g]
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-13)
    assert trainer.way_back is not None
    found = [trainer.generator, trainer.ema_generator, trainer.discriminator, *trainer.way_back]
    for network, expected in zip(
        found,
        [
            values
            for way in reference.ways
            for values in (parameters_of(way.generator), way.average, parameters_of(way.discriminator))
        ],
        strict=True,
    ):
        np.testing.assert_allclose(network.parameters, expected, rtol=1e-9, atol=1e-12)


TRANSLATIONS: list[dict[str, Any]] = [
    {"loss": {"kind": "least_squares"}, "latent.cycle_weight": 10.0, "latent.identity_weight": 5.0},  # those of Zhu
    {"latent.cycle_weight": 0.0, "latent.distribution": "uniform", "standardize": False},
    {"update_order": "simultaneous", "latent.identity_weight": 0.7, "instance_noise.deviation": 0.3},
    {"loss": "relativistic_pairing", "generator.feature_matching": 0.5, "discriminator_steps": 3},
    {"loss": LOSSES["wasserstein"], "generator.lookahead": "unrolled", "generator.hidden": []},
]


def translation(changes: dict[str, Any]) -> Config:
    config = config_of("adam", "smoothed", "r1", 2, activation={"kind": "tanh"}).patched("latent", "source")
    return config.with_changes(changes.items())


@pytest.mark.parametrize("changes", TRANSLATIONS, ids=str)
def test_ten_steps_of_a_translation(changes: dict[str, Any]) -> None:
    check_translation(translation(changes))


def test_another_weight_of_the_cycle_is_detected() -> None:
    config = translation(TRANSLATIONS[0])
    trainer, other = (Trainer(each, np.float64) for each in (config, config.patched("latent.cycle_weight", 9.9)))
    reference = TranslationReference(trainer)
    other.step()
    reference.step()
    assert other.report.grad_norm_g != pytest.approx(reference.norm_g, rel=1e-4)


@pytest.mark.parametrize("loss", ["smoothed", "wasserstein_gp"])
def test_ten_steps_with_instance_noise(loss: str) -> None:
    config = config_of("adam", loss, "r1", 2, activation={"kind": "tanh"})
    check(config.patched("instance_noise.deviation", 0.7).patched("instance_noise.half_life", 10))


@pytest.mark.parametrize("penalty", slow_but(["r1"], PENALTIES))
@pytest.mark.parametrize("view", [{"kind": "pack", "size": 3}, {"kind": "batch_deviation"}], ids=lambda v: v["kind"])
def test_ten_steps_with_every_view(view: Any, penalty: str) -> None:
    for activation in ("tanh", "leaky_relu"):
        config = config_of("adam", "smoothed", penalty, 2, activation={"kind": activation})
        check(config.patched("discriminator.view", view))


@pytest.mark.parametrize("loss", slow_but(["smoothed"], [loss for loss in LOSSES if loss != "relativistic_pairing"]))
@pytest.mark.parametrize("full", [True, False])
def test_ten_steps_of_an_unrolled_generator(loss: str, full: bool) -> None:
    config = config_of("calm", loss, "r1", 1, activation={"kind": "tanh"})
    check(config.patched("generator.lookahead", {"kind": "unrolled", "steps": 3, "learning_rate": 0.2, "full": full}))


@pytest.mark.parametrize("view", slow_but(["one_sample"], ["one_sample", "pack", "batch_deviation"]))
@pytest.mark.parametrize("hidden", [[], [4], [4, 3]], ids=str)
def test_ten_steps_of_feature_matching(hidden: list[int], view: str) -> None:
    config = config_of("adam", k=1, activation={"kind": "tanh"}).patched("generator.feature_matching", 0.7)
    check(config.patched("discriminator.hidden", hidden).patched("discriminator.view", view))


def test_ten_steps_of_all_cures_at_once() -> None:
    config = config_of("calm", "minimax", "gradient_penalty", 1, activation={"kind": "tanh"}, historical_averaging=0.3)
    config = config.patched("discriminator.view", "pack").patched("generator.lookahead", "unrolled")
    check(config.patched("generator.feature_matching", 0.7).patched("instance_noise.deviation", 0.3))


def test_ten_steps_of_historical_averaging() -> None:
    check(config_of("sgd", historical_averaging=0.5))


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_ten_steps_with_weight_decay(optimizer: str) -> None:
    check(config_of(optimizer, weight_decay=0.3))


@pytest.mark.parametrize("penalty", slow_but(["gradient_penalty"], PENALTIES))
@pytest.mark.parametrize("activation", [member.kind for member in get_args(Activation)])
def test_ten_steps_with_every_activation(activation: str, penalty: str) -> None:
    check(config_of(penalty=penalty, activation={"kind": activation}))


@pytest.mark.parametrize("hidden", [[], [1], [2, 3, 2]], ids=str)
def test_ten_steps_at_every_depth(hidden: list[int]) -> None:
    config = config_of("sgd", activation={"kind": "leaky_relu", "negative_slope": 0.3})
    check(config.patched("generator.hidden", hidden).patched("discriminator.hidden", hidden))


def test_ten_steps_from_a_uniform_prior_towards_another_target() -> None:
    check(config_of("rmsprop", "minimax").patched("latent", "uniform").patched("target", "triangular"))


THREE = [{"position": x, "width": 0.5, "weight": w} for x, w in ((-2.0, 0.5), (0.5, 0.2), (3.0, 0.3))]


@pytest.mark.parametrize("penalty", slow_but(["r1"], PENALTIES))
@pytest.mark.parametrize("view", ["one_sample", "pack", "batch_deviation"])
@pytest.mark.parametrize("dimension", slow_but([3], [1, 3]))
def test_ten_steps_with_labels(dimension: int, view: str, penalty: str) -> None:
    config = config_of("adam", "smoothed", penalty, 2, activation={"kind": "tanh"}).patched("target.modes", THREE)
    config = config.patched("conditional", True).patched("latent.dimension", dimension)
    check(config.patched("discriminator.view", view))


def test_ten_steps_with_labels_and_all_cures_at_once() -> None:
    config = config_of("calm", "minimax", "gradient_penalty", 1, activation={"kind": "tanh"}).patched(
        "training_points", 9
    )
    config = config.patched("conditional", True).patched("discriminator.view", "pack")
    config = config.patched("generator.lookahead", "unrolled").patched("generator.feature_matching", 0.7)
    check(config.patched("instance_noise.deviation", 0.3).patched("target", "drawn"))


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("prior", slow_but(["normal"], ["normal", "uniform"]))
def test_ten_steps_from_a_latent_of_several_dimensions(prior: str, loss: str) -> None:
    config = config_of("adam", loss, "r1", 2, activation={"kind": "leaky_relu"})
    check(config.patched("latent", prior).patched("latent.dimension", 16))


def test_every_member_is_compared() -> None:
    assert {member.kind for member in get_args(Optimizer)} == {values["kind"] for values in OPTIMIZERS.values()}
    assert {member.kind for member in get_args(Loss)} == {values["kind"] for values in LOSSES.values()}
    assert {member.kind for member in get_args(Penalty)} == {values["kind"] for values in PENALTIES.values()}
    assert LeakyReLU().kind in ACTIVATIONS


def test_a_slightly_different_penalty_is_detected(monkeypatch: pytest.MonkeyPatch) -> None:
    """One part in a million of the penalty is enough to fail."""
    gradient = R1.gradient

    def larger(self: R1, slopes: Any, out: Any) -> Any:
        return [*gradient(self, slopes, out), (np.multiply, (out, 1 + 1e-6, out))]

    monkeypatch.setattr(R1, "gradient", larger)
    with pytest.raises(AssertionError):
        check(config_of(activation={"kind": "tanh"}))
