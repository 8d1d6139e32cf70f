"""Q of an InfoGAN: its gradient and that of G by differences, its place in the game, and its states."""

from typing import Any

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.engine.arrays import Array
from gan1d.engine.networks.mlp import Workspace
from gan1d.engine.programs import run
from gan1d.engine.training.ensemble import Ensemble
from gan1d.engine.training.trainer import Trainer
from tests.engine.training.games import small
from tests.feeds import upcoming
from tests.gradcheck import gradient, relative_error
from tests.tools import slow_but

CODES: list[dict[str, Any]] = [
    {"kind": "categorical", "values": 3, "weight": 0.7},
    {"kind": "continuous", "weight": 0.7},
]

every = pytest.mark.parametrize("code", CODES, ids=lambda code: str(code["kind"]))


def bound(trainer: Trainer, latents: Array) -> float:
    """E log Q(c | G(z, c)) on some latents with codes below them, in units of the run."""
    code, head = trainer.config.code, trainer.code_head
    assert head is not None
    g, d = Workspace(trainer.generator, latents.shape[1]), Workspace(trainer.discriminator, latents.shape[1])
    g.inputs[:-1] = latents
    d.inputs[0] = g.forward()[0]
    d.forward()
    q = Workspace(head, latents.shape[1], inputs=d.features_and_ones)
    return float(code.log_density(q.forward(), latents[-code.rows :]).mean())  # type: ignore[union-attr]


def adversarial(trainer: Trainer, latents: Array) -> float:
    """L_G on some latents."""
    d = trainer.discriminator.apply(trainer.generator.apply(latents))
    return float(trainer.config.loss.generator_value(d))


@every
@pytest.mark.parametrize("hidden", slow_but([[5, 4]], [[], [4], [5, 4]]), ids=str)
@pytest.mark.parametrize("weight", [0.0, 0.7])
def test_g_and_q_follow_their_gradients(code: dict[str, Any], hidden: list[int], weight: float) -> None:
    """The gradient of L_G − weight·L_I for G and of −L_I for Q, by differences."""
    config = small(code={**code, "weight": weight}, discriminator__hidden=hidden, discriminator__activation="tanh")
    trainer = Trainer(config, np.float64)
    trainer.run(3)
    latents = upcoming(trainer).for_generator()
    run(trainer._update_g.gradient_program)
    g, q = trainer.generator.parameters, trainer.code_head.parameters  # type: ignore[union-attr]
    found_g, found_q = trainer._update_g.gradient.copy(), trainer._update_g._code_work[1].gradient.copy()
    expected = gradient(lambda: adversarial(trainer, latents) - weight * bound(trainer, latents), g)
    assert relative_error(found_g, expected) < 1e-7
    assert relative_error(found_q, gradient(lambda: -bound(trainer, latents), q)) < 1e-7
    if weight:
        with_other_weight = gradient(lambda: adversarial(trainer, latents) - bound(trainer, latents), g)
        assert relative_error(found_g, with_other_weight) > 1e-3


@every
def test_d_keeps_its_layers_to_itself(code: dict[str, Any]) -> None:
    """Q reads D's hidden layers, but no update of G changes them."""
    trainer = Trainer(small(code=code))
    before = trainer.discriminator.parameters.copy()
    trainer.step_generator()
    np.testing.assert_array_equal(trainer.discriminator.parameters, before)
    assert trainer.code_head is not None
    assert np.any(trainer.code_head.parameters)
    q = trainer.code_head.parameters.copy()
    trainer.step_discriminator()
    np.testing.assert_array_equal(trainer.code_head.parameters, q)


@every
def test_a_restored_run_continues_bit_for_bit(code: dict[str, Any]) -> None:
    config = small(code=code)
    trainer = Trainer(config)
    trainer.run(5)
    other = Trainer.restore(config, trainer.state_dict())
    trainer.run(200)  # beyond a block of batches
    other.run(200)
    for name in ("generator", "discriminator", "code_head"):
        np.testing.assert_array_equal(getattr(trainer, name).parameters, getattr(other, name).parameters)


@every
@pytest.mark.parametrize("order", ["alternating", "simultaneous", "extragradient"])
def test_a_stack_trains_as_its_members_would(code: dict[str, Any], order: str) -> None:
    configs = [small(code=code, update_order=order).patched("seed", seed) for seed in range(3)]
    ensemble = Ensemble(configs, np.float64)
    ensemble.run(20)
    for member, config in zip(ensemble.members, configs, strict=True):
        trainer = Trainer(config, np.float64)
        trainer.run(20)
        for name in ("generator", "discriminator", "code_head"):
            found, expected = getattr(member, name).parameters, getattr(trainer, name).parameters
            np.testing.assert_allclose(found, expected, rtol=0, atol=1e-10)


@every
@pytest.mark.parametrize(
    ("path", "value"),
    [("discriminator.hidden", [5, 6]), ("discriminator.hidden", [5, 3, 4]), ("discriminator.activation", "tanh"),
     ("discriminator.optimizer", {"kind": "sgd"}), ("code.weight", 0.0), ("batch_size", 16)],
)  # fmt: skip
def test_a_live_change_goes_on_as_a_restored_run_would(code: dict[str, Any], path: str, value: Any) -> None:
    trainer = Trainer(small(code=code))
    trainer.run(4)
    trainer.config = trainer.config.patched(path, value)  # type: ignore[attr-defined]
    other = Trainer.restore(trainer.config, trainer.state_dict())
    trainer.run(10)
    other.run(10)
    for name in ("generator", "discriminator", "code_head"):
        np.testing.assert_array_equal(getattr(trainer, name).parameters, getattr(other, name).parameters)


def test_other_values_of_the_code_need_a_new_trainer() -> None:
    trainer = Trainer(small(code="categorical"))
    for change in ("none", "continuous", {"kind": "categorical", "values": 3}):
        with pytest.raises(ValueError, match="make a new Trainer"):
            trainer.change(small(code=change))


def test_a_run_without_a_code_has_no_q_and_keeps_its_streams() -> None:
    trainer = Trainer(Config())
    assert trainer.code_head is None
    assert "code_head" not in trainer.state_dict()
    assert not {"code_d", "code_g"} & trainer.state_dict()["streams"].keys()
