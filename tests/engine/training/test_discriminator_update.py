"""The discriminator's update: the gradient of its loss and of its penalty."""

from typing import Any, get_args

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.engine.objectives.gradient_penalties import Penalty
from gan1d.engine.programs import run
from gan1d.engine.training.trainer import Trainer
from tests.engine.training.games import small
from tests.feeds import upcoming
from tests.gradcheck import gradient, relative_error


def objective(config: Config, trainer: Trainer, batches: tuple[Any, Any], mix: Any) -> float:
    """L_D with its penalty, on given batches, from the public functions of the networks alone."""
    standardized, latents = batches
    real = trainer.units.to_x(standardized)
    fake, d = trainer.generator.apply(latents), trainer.discriminator
    both = np.concatenate([real, fake])
    places = {"r1": real, "r2": fake, "r1_r2": both, "gradient_penalty": fake + mix * (real - fake)}
    points = places.get(config.penalty.kind)
    # A penalty is on slopes by a unit of the target.
    penalty = 0.0 if points is None else config.penalty.value(trainer.units.scale * d.slope(points)[None])
    return float(config.loss.discriminator_value(np.stack([d.apply(real), d.apply(fake)]))) + penalty


@pytest.mark.parametrize("penalty", [member.kind for member in get_args(Penalty)])
def test_the_gradient_is_that_of_the_loss_and_the_penalty(penalty: str) -> None:
    config = small(penalty=penalty, discriminator__activation="tanh")
    trainer = Trainer(config, np.float64)
    trainer.run(2)
    batches = upcoming(trainer)
    given, mix = batches.for_discriminator(), batches.mixing()
    parameters = trainer.discriminator.parameters
    run(trainer._update_d.gradient_program)
    expected = gradient(lambda: objective(config, trainer, given, mix), parameters)
    assert relative_error(trainer._update_d.gradient, expected) < 1e-6


def test_the_scores_are_those_of_reals_then_fakes() -> None:
    trainer = Trainer(small(), np.float64)
    standardized, latents = upcoming(trainer).for_discriminator()
    real = trainer.units.to_x(standardized)
    run(trainer._update_d.gradient_program)
    d, g = trainer.discriminator, trainer.generator
    np.testing.assert_allclose(trainer._update_d.scores, [d.apply(real), d.apply(g.apply(latents))], rtol=1e-12)


def test_without_a_penalty_there_are_no_buffers_for_slopes() -> None:
    assert not Trainer(small(penalty="none"))._update_d._slope_works
    assert list(Trainer(small(penalty="r1"))._update_d._slope_works) == [8]
    assert list(Trainer(small(penalty="r1_r2"))._update_d._slope_works) == [16]
