"""The age of a player, with which its learning rate falls."""

import numpy as np
import pytest

from gan1d.engine.networks.optimizers import Optimizer
from gan1d.engine.training.trainer import Trainer
from tests.engine.training.games import kinds_of, same_parameters, small, through_bytes


def steps_over_gradients(trainer: Trainer, count: int) -> list[float]:
    """Length of each update of G by gradient descent over the length of its gradient."""
    ratios = []
    for _ in range(count):
        before = trainer.generator.parameters.copy()
        trainer.run(1)
        moved = np.linalg.norm(trainer.generator.parameters - before)
        ratios.append(float(moved / np.linalg.norm(trainer._update_g.gradient)))
    return ratios


def test_a_learning_rate_falls_as_one_over_the_updates_and_is_whole_again_after_a_change() -> None:
    config = small(generator__optimizer="sgd", generator__rate_half_life=4, discriminator__rate_half_life=0)
    config = config.patched("generator.optimizer.learning_rate", 0.1)
    trainer = Trainer(config, np.float64)
    whole = [0.1 / (1 + t / 4) for t in range(10)]
    assert steps_over_gradients(trainer, 10) == pytest.approx(whole)
    trainer.change(config.patched("discriminator.optimizer.learning_rate", 0.01))
    assert steps_over_gradients(trainer, 5) == pytest.approx(whole[:5])
    again = Trainer.restore(trainer.config, through_bytes(trainer.state_dict()))
    assert steps_over_gradients(again, 2) == pytest.approx(whole[5:7])
    trainer.change(trainer.config.patched("generator.rate_half_life", 0))
    assert steps_over_gradients(trainer, 3) == pytest.approx([0.1] * 3)


@pytest.mark.parametrize("optimizer", kinds_of(Optimizer))
def test_every_optimizer_has_the_smaller_rate_after_some_updates(optimizer: str) -> None:
    """A change of the rate alone: after one update with a half-life of 1, the rate is half."""
    falling = small(generator__optimizer=optimizer, generator__rate_half_life=1)
    trainers = [Trainer(falling), Trainer(falling.patched("generator.rate_half_life", 0))]
    for each in trainers:
        each.run(1)
    assert same_parameters(*trainers)
    rate = falling.generator.optimizer.learning_rate
    trainers[1].change(trainers[1].config.patched("generator.optimizer.learning_rate", rate / 2))
    for each in trainers:
        each.run(1)
    np.testing.assert_allclose(trainers[0].generator.parameters, trainers[1].generator.parameters, rtol=1e-6)
