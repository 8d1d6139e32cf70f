"""Orders of updates: each against steps of one player alone, and all three in a game that circles."""

import math
from typing import Any

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.engine.training.trainer import LARGEST_NORM, Trainer
from tests.engine.training.games import fingerprint, small, through_bytes

SGD = {"kind": "sgd", "learning_rate": 0.1}


def game(**changes: Any) -> Config:
    """A small game with gradient descent for both players, one update each."""
    plain = {"generator__optimizer": SGD, "discriminator__optimizer": SGD, "discriminator_steps": 1}
    return small(**{**plain, "generator__rate_half_life": 0, **changes})


def players_after(config: Config, states: dict[str, Any], **updated: bool) -> dict[str, Any]:
    """Parameters of both players after one step from a state in which some players are updated."""
    trainer = Trainer.restore(config.patched("update_order", "alternating"), states)
    trainer.run(1, **updated)
    return {"generator": trainer.generator.parameters, "discriminator": trainer.discriminator.parameters}


def state_after(config: Config, steps: int) -> dict[str, Any]:
    trainer = Trainer(config, np.float64)
    trainer.run(steps)
    return trainer.state_dict()


def with_parameters(state: dict[str, Any], parameters: dict[str, Any]) -> dict[str, Any]:
    """A state with other parameters of both players."""
    return {**state, **{name: {**state[name], "parameters": parameters[name]} for name in parameters}}


def after_one_step(config: Config, state: dict[str, Any]) -> dict[str, Any]:
    trainer = Trainer.restore(config, state)
    trainer.step()
    return {"generator": trainer.generator.parameters, "discriminator": trainer.discriminator.parameters}


def test_simultaneous_updates_are_those_of_each_player_alone() -> None:
    """Both gradients are taken at the same parameters, to the last bit."""
    config = game(update_order="simultaneous")
    state = state_after(config, 3)
    found = after_one_step(config, state)
    of_d, of_g = players_after(config, state, generator=False), players_after(config, state, discriminator=False)
    np.testing.assert_array_equal(found["discriminator"], of_d["discriminator"])
    np.testing.assert_array_equal(found["generator"], of_g["generator"])
    alternating = after_one_step(config.patched("update_order", "alternating"), state)
    np.testing.assert_array_equal(found["discriminator"], alternating["discriminator"])
    assert not np.array_equal(found["generator"], alternating["generator"])


def test_extra_updates_come_first() -> None:
    """With three updates of D and one of G, two of D come first, and the third is simultaneous with that of G."""
    config = game(update_order="simultaneous", discriminator_steps=3)
    state = state_after(config, 3)
    found = after_one_step(config, state)
    np.testing.assert_array_equal(
        found["discriminator"], players_after(config, state, generator=False)["discriminator"]
    )
    before = players_after(config.patched("discriminator_steps", 2), state, generator=False)
    of_g = players_after(config, with_parameters(state, before), discriminator=False)
    np.testing.assert_array_equal(found["generator"], of_g["generator"])


def test_extragradient_goes_from_the_start_with_the_gradients_after_an_update_on_trial() -> None:
    """With gradient descent, θ ← θ − η·g(θ − η·g(θ)), on new batches for the second gradient."""
    config = game(update_order="extragradient")
    state = state_after(config, 2)
    start = {name: state[name]["parameters"] for name in ("generator", "discriminator")}
    trial = Trainer.restore(config.patched("update_order", "simultaneous"), state)
    trial.step()
    there = {"generator": trial.generator.parameters.copy(), "discriminator": trial.discriminator.parameters.copy()}
    trial.step()  # −η·g at the trial, on the next batches
    moved = {"generator": trial.generator.parameters, "discriminator": trial.discriminator.parameters}
    found = after_one_step(config, state)
    for name, parameters in found.items():
        np.testing.assert_allclose(parameters, start[name] + (moved[name] - there[name]), rtol=0, atol=1e-13)


@pytest.mark.parametrize("order", ["simultaneous", "extragradient"])
def test_a_joint_order_is_restored_bit_for_bit(order: str) -> None:
    config = small(update_order=order, generator__optimizer="optimistic_adam", generator_steps=2)
    trainer = Trainer(config)
    trainer.run(7)
    restored = Trainer.restore(config, through_bytes(trainer.state_dict()))
    trainer.run(6)
    for _ in range(6):
        restored.step()
    assert fingerprint(restored) == fingerprint(trainer)


def test_the_order_changes_in_a_running_game() -> None:
    """A step after a change is the step of a trainer that had this order from the start."""
    trainer = Trainer(small(), np.float64)
    trainer.run(4)
    for order in ("extragradient", "simultaneous", "alternating"):
        config = trainer.config.patched("update_order", order)  # type: ignore[attr-defined]
        trainer.change(config)
        again = Trainer.restore(config, trainer.state_dict())
        trainer.run(3)
        again.run(3)
        assert fingerprint(again) == fingerprint(trainer)


def test_an_update_on_trial_counts_neither_in_the_average_of_g_nor_in_the_age_of_its_rate() -> None:
    config = small(update_order="extragradient", generator__rate_half_life=10, generator__ema_decay=0.0)
    trainer = Trainer(config)
    trainer.run(5)
    assert trainer.state_dict()["generator"]["age"] == 5
    np.testing.assert_allclose(trainer.ema_generator.parameters, trainer.generator.parameters, rtol=1e-6)


@pytest.mark.parametrize("constraint", ["none", "spectral_normalization"])
def test_a_divergence_after_an_update_on_trial_keeps_the_parameters_before_it(constraint: str) -> None:
    config = game(update_order="extragradient", discriminator__constraint=constraint)
    trainer = Trainer(config, np.float64)
    trainer.run(2)
    before = trainer.state_dict()
    norms = iter([1.0, 1.0, 2 * LARGEST_NORM, 1.0])

    class Huge(np.ndarray):
        """A gradient whose third norm of the step is too large."""

        def dot(self, other: Any) -> Any:  # type: ignore[override]
            return next(norms) ** 2

    for update in (trainer._update_d, trainer._update_g):
        update.gradient = update.gradient.view(Huge)
    trainer.step()
    assert trainer.diverged is not None
    assert (trainer.diverged.step, trainer.diverged.player) == (3, "discriminator")
    after = trainer.state_dict()
    for name in ("generator", "discriminator"):
        np.testing.assert_array_equal(after[name]["parameters"], before[name]["parameters"])
    assert not trainer._generator.is_extrapolated


def distance_after(order: str, steps: int, rate: float = 0.2) -> float:
    """Distance from the equilibrium of the game min max w·b, which the engine plays with a linear D and a G that has
    only a bias: D(x) = w·x, and fakes at b around a target at 0. It starts at (w, b) = (0, 1).

    The slope of G is set to 0 after every step; the batches of reals have means within 1e-3 of 0.
    """
    optimizer = {"kind": "sgd", "learning_rate": rate}
    player = {"hidden": [], "optimizer": optimizer, "rate_half_life": 0}
    config = Config.parsed({
        "batch_size": 4096, "standardize": False, "update_order": {"kind": order}, "discriminator_steps": 1,
        "target": {"kind": "gaussian_mixture", "modes": [{"position": 0.0, "width": 0.05}]},
        "loss": {"kind": "wasserstein", "clip": 10.0}, "penalty": {"kind": "none"},
        "generator": player, "discriminator": player,
    })  # fmt: skip
    trainer = Trainer(config, np.float64)
    trainer.generator.parameters[:] = [0.0, 1.0]  # slope, bias
    trainer.discriminator.parameters[:] = [0.0, 0.0]
    for _ in range(steps):
        trainer.step()
        trainer.generator.parameters[0] = 0.0
    return math.hypot(trainer.discriminator.parameters[0], trainer.generator.parameters[1])


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        # Gidel et al. 2019, arXiv:1802.10551, section 3: N = w² + b² grows by 1 + η² in each simultaneous step, and by
        # 1 − η² + η⁴ in each of extragradient.  η = 0.2:  1.04⁵⁰ and 0.9616⁵⁰ for the root after 100 steps.
        ("simultaneous", 1.04**50),
        ("extragradient", 0.9616**50),
    ],
)
def test_the_rate_in_a_bilinear_game_is_the_published_one(order: str, expected: float) -> None:
    assert distance_after(order, 100) == pytest.approx(expected, rel=0.03)


def test_alternating_updates_stay_on_a_curve_in_a_bilinear_game() -> None:
    # b² + w² − η·b·w is constant: with η = 0.2 and the start (0, 1), between 1/1.1 and 1/0.9 of 1.
    distances = [distance_after("alternating", steps) for steps in (50, 57, 100)]
    assert all(math.sqrt(1 / 1.1) - 0.02 < distance < math.sqrt(1 / 0.9) + 0.02 for distance in distances)
