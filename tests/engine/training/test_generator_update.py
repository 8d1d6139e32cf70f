"""The generator's update: the gradient of its loss, and feature matching."""

from typing import Any

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.engine.networks.activations import Activation
from gan1d.engine.programs import run
from gan1d.engine.training.trainer import Trainer
from tests.engine.training.games import kinds_of, small
from tests.feeds import upcoming
from tests.gradcheck import gradient, relative_error


@pytest.mark.parametrize("loss", ["non_saturating", "minimax"])
@pytest.mark.parametrize("activation", kinds_of(Activation))
def test_the_generator_follows_the_gradient_of_its_loss_on_its_own_latents(activation: str, loss: str) -> None:
    """One update of gradient descent is compared with differences of L_G, on the next latents of G's stream."""
    rate = 1e-3
    config = small(loss=loss, generator__activation=activation, discriminator__activation=activation)
    config = config.patched("generator.optimizer", {"kind": "sgd", "learning_rate": rate})
    config = config.patched("generator.rate_half_life", 0)
    trainer = Trainer(config.patched("generator.input_scale", 1.5).patched("generator_steps", 1), np.float64)
    trainer.run(2)
    latents = upcoming(trainer).for_generator()
    g, d = trainer.generator, trainer.discriminator
    before, start = d.parameters.copy(), g.parameters.copy()
    trainer.step()  # D is updated first, on other latents
    step, after = (start - g.parameters) / rate, d.parameters.copy()
    assert not np.array_equal(after, before)
    g.parameters[:] = start
    expected = gradient(lambda: float(config.loss.generator_value(d.apply(g.apply(latents)))), g.parameters)
    assert relative_error(step, expected) < 1e-6


@pytest.mark.parametrize("deviation", [0.0, 0.5])
def test_feature_matching_has_no_gradient_for_a_perfect_generator(deviation: float) -> None:
    """Reals and fakes are compared with the same instance noise; otherwise a perfect G would become narrower."""
    config = Config().patched("target.modes", [{"position": 0.0, "width": 0.5, "weight": 1.0}])
    for path, value in {
        "standardize": False,
        "generator.hidden": [],
        "generator.input_scale": 1.0,
        "generator.feature_matching": 1.0,
        "discriminator.hidden": [16, 16],
        "discriminator.activation": "tanh",
        "instance_noise.deviation": deviation,
    }.items():
        config = config.patched(path, value)
    trainer = Trainer(config, np.float64)
    trainer.generator.parameters[:] = 0.5, 0.0
    trainer.discriminator.layers[-1][:] = 0.0  # D is 0 everywhere, so that only features have a gradient
    trainer._noise.set(config.instance_noise, 0)
    gradients = []
    for _ in range(400):
        run(trainer._update_g.gradient_program)
        gradients.append(float(trainer._update_g.gradient[0]))
    # The standard error is .002 at this batch size; with reals without noise the mean would be .02.
    assert abs(np.mean(gradients)) < 0.006
    assert np.std(gradients) > 0


@pytest.mark.parametrize(("path", "value", "is_kept"), [("learning_rate", 0.05, True), ("steps", 3, False)])
def test_another_learning_rate_of_the_lookahead_keeps_its_buffers(path: str, value: Any, is_kept: bool) -> None:
    config = small(generator__lookahead={"kind": "unrolled", "steps": 2, "learning_rate": 0.1})
    trainer = Trainer(config)
    trainer.run(3)
    before = trainer._update_g.scores
    new = config.patched(f"generator.lookahead.{path}", value)
    trainer.config = new
    assert np.shares_memory(trainer._update_g.scores, before) == is_kept
    built = Trainer.restore(new, trainer.state_dict())
    trainer.run(2)
    built.run(2)
    np.testing.assert_array_equal(trainer.generator.parameters, built.generator.parameters)
