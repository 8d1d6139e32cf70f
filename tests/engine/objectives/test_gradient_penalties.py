"""Gradient penalties: value and gradient, alone and in a whole update of the discriminator."""

from typing import Any, get_args

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.engine.networks.activations import Activation
from gan1d.engine.objectives.gradient_penalties import R1, R1R2, R2, GradientPenalty, NoPenalty, Penalty
from gan1d.engine.programs import run
from gan1d.engine.training.trainer import Trainer
from tests.feeds import upcoming
from tests.gradcheck import gradient, relative_error
from tests.tools import slow_but

MEMBERS = [member() for member in get_args(Penalty)]
RATE = 1e-3


@pytest.mark.parametrize("penalty", [*MEMBERS, R1(gamma=7.0)], ids=str)
def test_gradient_by_slopes(penalty: Any) -> None:
    slopes = np.random.default_rng(0).normal(size=(1, 6))
    found = np.full_like(slopes, np.nan)
    run(penalty.gradient(slopes, found))
    assert relative_error(found, gradient(lambda: penalty.value(slopes), slopes)) < 1e-9


def test_r1_by_hand() -> None:
    # γ/2 · mean of (1, 4, 16) = ½·½·7 = 1¾
    assert R1(gamma=0.5).value(np.array([[1.0, -2.0, 4.0]])) == 1.75


def test_r2_by_hand() -> None:
    # γ/2 · mean of (1, 4, 16) = ½·½·7 = 1¾
    assert R2(gamma=0.5).value(np.array([[1.0, -2.0, 4.0]])) == 1.75


def test_r1_and_r2_together_by_hand() -> None:
    # γ/2 · (mean of (1, 4) at reals + mean of (16, 9) at fakes) = ½·½·(2½ + 12½) = 3¾
    assert R1R2(gamma=0.5).value(np.array([[1.0, -2.0, 4.0, 3.0]])) == 3.75


def test_gradient_penalty_by_hand() -> None:
    # λ · mean of (0, 1, 9): the sign of a slope does not matter, its distance from 1 does
    assert GradientPenalty(weight=0.3).value(np.array([[1.0, -2.0, 4.0]])) == pytest.approx(1.0, rel=1e-15)


def points_of(penalty: Any) -> list[float] | None:
    """The point between a real at 1 and a fake at 2, with ε = ¼."""
    real, fake, mix, out = np.array([1.0]), np.array([2.0]), np.array([0.25]), np.empty(penalty.points_per_pair)
    program = penalty.points_program(real, fake, mix, out)
    if program is None:
        return None
    run(program)
    assert [real[0], fake[0], mix[0]] == [1.0, 2.0, 0.25]
    return out.tolist()


def test_points_of_each_penalty() -> None:
    assert points_of(NoPenalty()) is None
    assert points_of(R1()) == [1.0]
    assert points_of(R2()) == [2.0]
    assert points_of(R1R2()) == [1.0, 2.0]
    assert points_of(GradientPenalty()) == [1.75]
    assert NoPenalty().value(np.array([[5.0]])) == 0.0


def config_with(penalty: Any, activation: Any) -> Config:
    return Config.parsed(
        {
            "standardize": False,
            "batch_size": 6,
            "discriminator_steps": 1,
            "penalty": penalty,
            "generator": {"hidden": [3]},
            "discriminator": {
                "hidden": [3, 2],
                "activation": {"kind": activation},
                "input_scale": 1.5,
                "initialization": {"random_biases": True},
                "optimizer": {"kind": "sgd", "learning_rate": RATE},
            },
        }
    )


def moved_and_expected(config: Config, penalty: Any) -> tuple[Any, Any]:
    """The gradient that D followed in one update of gradient descent, and the gradient of L_D + `penalty`.

    The second is computed by finite differences of slopes that are finite differences themselves, so it shares no code
    with the first. Slopes are in units of the run: those along the data axis, times its scale.
    """
    trainer = Trainer(config, np.float64)
    batches = upcoming(trainer)
    standardized, noise = batches.for_discriminator()
    real = trainer.units.to_x(standardized)
    fake = trainer.generator.apply(noise)
    start = trainer.discriminator.parameters.copy()
    mix = batches.mixing()
    trainer.step_discriminator()
    moved = (start - trainer.discriminator.parameters) / RATE
    discriminator = trainer.discriminator
    discriminator.parameters[:] = start

    def total() -> float:
        scores = np.stack([discriminator.apply(real), discriminator.apply(fake)])
        points = {
            "r2": fake, "r1_r2": np.concatenate([real, fake]), "gradient_penalty": mix * real + (1 - mix) * fake
        }  # fmt: skip
        h, x = 1e-3, points.get(penalty.kind, real)
        far, near = (discriminator.apply(x + k * h) - discriminator.apply(x - k * h) for k in (2, 1))
        slopes = trainer.units.scale * (8 * near - far) / (12 * h)
        return float(config.loss.discriminator_value(scores) + penalty.value(np.atleast_2d(slopes)))

    return moved, gradient(total, discriminator.parameters)


@pytest.mark.parametrize(
    "activation", slow_but(["tanh", "leaky_relu"], [member.kind for member in get_args(Activation)])
)
@pytest.mark.parametrize(
    "penalty",
    [NoPenalty(), R1(gamma=5.0), R2(gamma=5.0), R1R2(gamma=5.0), GradientPenalty(weight=3.0)],
    ids=lambda p: p.kind,
)
def test_the_discriminator_follows_the_gradient_of_loss_and_penalty(penalty: Any, activation: str) -> None:
    moved, expected = moved_and_expected(config_with(penalty, activation), penalty)
    assert relative_error(moved, expected) < 1e-6


def test_every_penalty_is_tested() -> None:
    assert {member.kind for member in get_args(Penalty)} == {"none", "r1", "r2", "r1_r2", "gradient_penalty"}


def test_the_penalty_of_a_loss() -> None:
    """Wasserstein-GP trains like Wasserstein without clipping and with the same penalty from the settings."""
    alone = config_with(NoPenalty(), "tanh").patched("loss", {"kind": "wasserstein_gp", "weight": 3.0})
    beside = config_with(GradientPenalty(weight=3.0), "tanh").patched("loss", {"kind": "wasserstein", "clip": 10.0})
    trainers = [Trainer(config, np.float64) for config in (alone, beside)]
    for trainer in trainers:
        trainer.run(3)
    np.testing.assert_array_equal(*(trainer.discriminator.parameters for trainer in trainers))


def test_the_penalty_of_the_settings_and_that_of_the_loss_add_up() -> None:
    config = config_with(R1(gamma=5.0), "tanh").patched("loss", {"kind": "wasserstein_gp", "weight": 3.0})
    moved, with_r1 = moved_and_expected(config, R1(gamma=5.0))
    _, with_gp = moved_and_expected(config, GradientPenalty(weight=3.0))
    _, without = moved_and_expected(config, NoPenalty())
    assert relative_error(moved, with_r1 + with_gp - without) < 1e-6


def test_r1_and_r2_together_are_the_sum_of_both() -> None:
    both, only_r1, only_r2, none = (
        moved_and_expected(config_with(penalty, "softplus"), penalty)[0]
        for penalty in (R1R2(gamma=5.0), R1(gamma=5.0), R2(gamma=5.0), NoPenalty())
    )
    assert relative_error(both + none, only_r1 + only_r2) < 1e-9


def test_r1_alone_is_not_both() -> None:
    moved, expected = moved_and_expected(config_with(R1(gamma=5.0), "tanh"), R1R2(gamma=5.0))
    assert relative_error(moved, expected) > 1e-3


def test_a_different_weight_is_detected() -> None:
    moved, expected = moved_and_expected(config_with(R1(gamma=5.0), "tanh"), R1(gamma=5.01))
    assert relative_error(moved, expected) > 1e-5


def test_the_reported_loss_excludes_the_penalty() -> None:
    """The first step has the same scores with any penalty, so it must report the same L_D."""
    losses = {
        Trainer(config_with(penalty, "tanh"), np.float64).step().loss_d
        for penalty in (NoPenalty(), R1(gamma=0.1), R1(gamma=100.0))
    }
    assert len(losses) == 1
