"""Penalties: the price and its gradient, on their own and through a whole update of the discriminator."""

from typing import Any, get_args

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.engine.networks.activations import Activation
from gan1d.engine.objectives.gradient_penalties import R1, R2, GradientPenalty, NoPenalty, Penalty
from gan1d.engine.programs import run
from gan1d.engine.training.trainer import Trainer
from tests.feeds import upcoming
from tests.gradcheck import gradient, relative_error

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


def test_gradient_penalty_by_hand() -> None:
    # λ · mean of (0, 1, 9): the sign of a slope does not matter, its distance from 1 does
    assert GradientPenalty(weight=0.3).value(np.array([[1.0, -2.0, 4.0]])) == pytest.approx(1.0, rel=1e-15)


def placed(penalty: Any) -> list[float] | None:
    """Where a penalty looks, with a quarter of each real mixed in."""
    real, fake, mix, out = np.array([1.0]), np.array([2.0]), np.array([0.25]), np.empty(1)
    program = penalty.points_program(real, fake, mix, out)
    if program is None:
        return None
    run(program)
    assert [real[0], fake[0], mix[0]] == [1.0, 2.0, 0.25]
    return out.tolist()


def test_where_penalties_look() -> None:
    assert placed(NoPenalty()) is None
    assert placed(R1()) == [1.0]
    assert placed(R2()) == [2.0]
    assert placed(GradientPenalty()) == [1.75]
    assert NoPenalty().value(np.array([[5.0]])) == 0.0


def config_with(penalty: Any, activation: Any) -> Config:
    return Config.parsed(
        {
            "batch_size": 6,
            "discriminator_steps": 1,
            "penalty": penalty,
            "generator": {"hidden": [3]},
            "discriminator": {
                "hidden": [4, 3],
                "activation": {"kind": activation},
                "input_scale": 1.5,
                "initialization": {"random_biases": True},
                "optimizer": {"kind": "sgd", "learning_rate": RATE},
            },
        }
    )


def moved_and_expected(config: Config, penalty: Any) -> tuple[Any, Any]:
    """The gradient D followed in one update of plain descent, and that of L_D + `penalty` by differences.

    The slopes in the reference are differences too: nothing of the pass under test is in it.
    """
    trainer = Trainer(config, np.float64)
    batches = upcoming(trainer)
    real, noise = batches.for_discriminator()
    fake = trainer.generator.apply(noise)
    start = trainer.discriminator.parameters.copy()
    mix = batches.mixing()
    trainer.step_discriminator()
    moved = (start - trainer.discriminator.parameters) / RATE
    discriminator = trainer.discriminator
    discriminator.parameters[:] = start

    def total() -> float:
        scores = np.stack([discriminator.apply(real), discriminator.apply(fake)])
        h, x = 1e-3, {"r2": fake, "gradient_penalty": mix * real + (1 - mix) * fake}.get(penalty.kind, real)
        far, near = (discriminator.apply(x + k * h) - discriminator.apply(x - k * h) for k in (2, 1))
        return float(
            config.loss.discriminator_value(scores) + penalty.value(np.atleast_2d((8 * near - far) / (12 * h)))
        )

    return moved, gradient(total, discriminator.parameters)


@pytest.mark.parametrize("activation", [member.kind for member in get_args(Activation)])
@pytest.mark.parametrize(
    "penalty", [NoPenalty(), R1(gamma=5.0), R2(gamma=5.0), GradientPenalty(weight=3.0)], ids=lambda p: p.kind
)
def test_the_discriminator_follows_the_gradient_of_loss_and_penalty(penalty: Any, activation: str) -> None:
    moved, expected = moved_and_expected(config_with(penalty, activation), penalty)
    assert relative_error(moved, expected) < 1e-6


def test_all_penalties_were_followed() -> None:
    assert {member.kind for member in get_args(Penalty)} == {"none", "r1", "r2", "gradient_penalty"}


def test_a_loss_brings_its_penalty() -> None:
    """Wasserstein-GP alone, and Wasserstein (unclipped) with the same penalty chosen beside it, are the same game."""
    alone = config_with(NoPenalty(), "tanh").patched("loss", {"kind": "wasserstein_gp", "weight": 3.0})
    beside = config_with(GradientPenalty(weight=3.0), "tanh").patched("loss", {"kind": "wasserstein", "clip": 10.0})
    trainers = [Trainer(config, np.float64) for config in (alone, beside)]
    for trainer in trainers:
        trainer.run(3)
    np.testing.assert_array_equal(*(trainer.discriminator.parameters for trainer in trainers))


def test_what_was_chosen_and_what_the_loss_brings_add_up() -> None:
    config = config_with(R1(gamma=5.0), "tanh").patched("loss", {"kind": "wasserstein_gp", "weight": 3.0})
    moved, with_r1 = moved_and_expected(config, R1(gamma=5.0))
    _, with_gp = moved_and_expected(config, GradientPenalty(weight=3.0))
    _, without = moved_and_expected(config, NoPenalty())
    assert relative_error(moved, with_r1 + with_gp - without) < 1e-6


def test_another_price_is_told_apart() -> None:
    moved, expected = moved_and_expected(config_with(R1(gamma=5.0), "tanh"), R1(gamma=5.01))
    assert relative_error(moved, expected) > 1e-5


def test_the_shown_loss_leaves_the_penalty_out() -> None:
    """So that its reference line stays true; the first step has the same scores with and without."""
    losses = {
        Trainer(config_with(penalty, "tanh"), np.float64).step().loss_d
        for penalty in (NoPenalty(), R1(gamma=0.1), R1(gamma=100.0))
    }
    assert len(losses) == 1
