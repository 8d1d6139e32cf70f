"""Every optimizer: two steps computed by hand, the minimum of a parabola, and a state that survives new settings."""

import math
from dataclasses import replace
from typing import Any, get_args

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.engine.networks.optimizers import (
    SGD,
    Adam,
    Momentum,
    OptimisticAdam,
    Optimizer,
    RMSProp,
    rescale_averages,
)
from gan1d.engine.programs import run
from gan1d.engine.training.trainer import Trainer

MEMBERS = get_args(Optimizer)
KINDS = [member.kind for member in MEMBERS]

# Two updates by hand: θ starts at 1, the gradients are 2 and then −1, the learning rate is 0.1.
BY_HAND = [
    # 1 − 0.1·2 = 0.8;  0.8 + 0.1·1 = 0.9
    (SGD(learning_rate=0.1), 0.8, 0.9),
    # v = 2, 1 − 0.1·2 = 0.8;  v = ¾·2 − 1 = ½, 0.8 − 0.1·½ = 0.75
    (Momentum(learning_rate=0.1, momentum=0.75), 0.8, 0.75),
    # v = 2, 1 − 0.1·2 = 0.8;  v = −½·2 − 1 = −2, 0.8 + 0.1·2 = 1
    (Momentum(learning_rate=0.1, momentum=-0.5), 0.8, 1.0),
    # v = 0.1·4 = 0.4, 1 − 0.1·2/√0.4;  v = 0.9·0.4 + 0.1·1 = 0.46, + 0.1·1/√0.46
    (
        RMSProp(learning_rate=0.1, decay=0.9, eps=1e-12),
        1 - 0.2 / math.sqrt(0.4),
        1 - 0.2 / math.sqrt(0.4) + 0.1 / math.sqrt(0.46),
    ),
    # v = 0.25·4 = 1, so √v + ε = 1 + 1:  1 − 0.1·2/2 = 0.9;  v = 0.75·1 + 0.25·1 = 1:  0.9 + 0.1·1/2 = 0.95
    (RMSProp(learning_rate=0.1, decay=0.75, eps=1.0), 0.9, 0.95),
    # m = ½·2 = 1, m̂ = 1/½ = 2;  v = 0.1·4 = 0.4, v̂ = 0.4/0.1 = 4;  1 − 0.1·2/√4 = 0.9
    # m = ½·1 − ½·1 = 0: nothing moves
    (Adam(learning_rate=0.1, beta1=0.5, beta2=0.9, eps=1e-12), 0.9, 0.9),
    # m = ¼·2 = ½, m̂ = ½/¼ = 2;  v̂ = 4 as before;  1 − 0.1·2/2 = 0.9
    # m = ¾·½ − ¼ = ⅛, m̂ = ⅛/(1 − 9/16) = 2/7;  v = ½·2 + ½·1 = 1.5, v̂ = 1.5/¾ = 2;  0.9 − 0.1·(2/7)/√2
    (Adam(learning_rate=0.1, beta1=0.75, beta2=0.5, eps=1e-12), 0.9, 0.9 - 0.1 * (2 / 7) / math.sqrt(2)),
    # ε is added to √v̂:  m̂ = 2, √v̂ + ε = 2 + 2;  1 − 0.1·2/4 = 0.95.  m = 0 next.
    (Adam(learning_rate=0.1, beta1=0.5, beta2=0.9, eps=2.0), 0.95, 0.95),
    # Steps of Adam at rate 1, as above: u₁ = 2/2 = 1, u₂ = 0.  1 − 0.1·(2·1 − 0) = 0.8;  0.8 − 0.1·(2·0 − 1) = 0.9
    (OptimisticAdam(learning_rate=0.1, beta1=0.5, beta2=0.9, eps=1e-12), 0.8, 0.9),
    # u₁ = 1, u₂ = (2/7)/√2:  1 − 0.1·2 = 0.8;  0.8 − 0.1·(2·(2/7)/√2 − 1)
    (
        OptimisticAdam(learning_rate=0.1, beta1=0.75, beta2=0.5, eps=1e-12),
        0.8,
        0.9 - 0.2 * (2 / 7) / math.sqrt(2),
    ),
]


@pytest.mark.parametrize(("optimizer", "first", "second"), BY_HAND, ids=str)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_two_steps_by_hand(optimizer: Any, first: float, second: float, dtype: type) -> None:
    parameters, gradient_powers = np.ones(3, dtype), np.empty((2, 3), dtype)
    gradient = gradient_powers[0]
    state = optimizer.init(parameters)
    update = optimizer.update(parameters, gradient_powers, state)
    precision = 1e-6 if dtype is np.float32 else 1e-11
    for slope, expected in ((2.0, first), (-1.0, second)):
        gradient.fill(slope)
        run(update)
        assert parameters == pytest.approx(np.full(3, expected), rel=precision)
        assert np.all(gradient == slope)
    assert state.count == 2


def test_every_optimizer_is_computed_by_hand() -> None:
    assert {type(optimizer) for optimizer, _, _ in BY_HAND} == set(MEMBERS)


@pytest.mark.parametrize("optimizer", [member(learning_rate=0.01) for member in MEMBERS], ids=str)
def test_finds_the_minimum_of_a_parabola(optimizer: Any) -> None:
    """Minimize ½·(θ₁ − 3)² + 2·(θ₂ + 1)² from 0; RMSProp and Adam end within one step of the minimum."""
    minimum, steepness = np.array([3.0, -1.0]), np.array([1.0, 4.0])
    parameters, gradient_powers = np.zeros(2), np.empty((2, 2))
    update = optimizer.update(parameters, gradient_powers, optimizer.init(parameters))
    for _ in range(2000):
        np.multiply(parameters - minimum, steepness, gradient_powers[0])
        run(update)
    assert np.abs(parameters - minimum).max() < 0.011


def distance_after(optimizer: Any, steps: int) -> float:
    """Distance from the equilibrium of min max xy, from (1, 0), with both gradients at the same point."""
    parameters, gradient_powers = np.array([1.0, 0.0]), np.empty((2, 2))
    update = optimizer.update(parameters, gradient_powers, optimizer.init(parameters))
    for _ in range(steps):
        gradient_powers[0] = parameters[1], -parameters[0]
        run(update)
    return float(np.hypot(*parameters))


def test_optimism_turns_the_way_out_of_a_bilinear_game_into_the_way_in() -> None:
    options: Any = {"learning_rate": 0.03, "beta1": 0.0, "beta2": 0.9999, "eps": 0.01}
    assert distance_after(Adam(**options), 2000) > 1.5
    assert distance_after(OptimisticAdam(**options), 2000) < 1e-3


@pytest.mark.parametrize("member", MEMBERS)
def test_state_has_the_shape_and_precision_of_the_parameters(member: Any) -> None:
    parameters = np.ones(5, np.float32)
    state = member().init(parameters)
    assert state.count == 0
    for average in state.averages.values():
        assert (average.shape, average.dtype) == (parameters.shape, parameters.dtype)
        assert np.all(average == 0)


@pytest.mark.parametrize("member", MEMBERS)
def test_a_new_learning_rate_keeps_the_state(member: Any) -> None:
    """Binding the optimizer anew between two updates changes no bit."""
    gradients = np.random.default_rng(0).normal(size=(3, 4))
    ends = []
    for rebinding in (False, True):
        parameters, gradient_powers = np.ones(4), np.empty((2, 4))
        state = member().init(parameters)
        update = member().update(parameters, gradient_powers, state)
        for index, row in enumerate(gradients):
            if rebinding and index == 2:
                update = replace(member()).update(parameters, gradient_powers, state)
            gradient_powers[0] = row
            run(update)
        ends.append(parameters)
    np.testing.assert_array_equal(*ends)


def updated(optimizer: Any, parameters: Any, state: Any, slope: float) -> None:
    """Make one update from a gradient with the same value for all parameters."""
    run(optimizer.update(parameters, np.full((2, *parameters.shape), slope), state))


def test_a_new_beta_keeps_the_averages() -> None:
    # Adam, β = (½, 0.9) and g = 2:    m̂ = 2,  v̂ = 4,  θ = 1 − 0.1 = 0.9 whatever g is
    # then β = (¾, ½):                 m = ¼·2 = ½,  v = ½·4 = 2, for m̂ and v̂ stay
    # and g = −1:                      m = ¾·½ − ¼ = ⅛,  m̂ = ⅛/(1 − 9/16) = 2/7
    #                                  v = ½·2 + ½·1 = 1.5,  v̂ = 1.5/¾ = 2
    #                                  θ = 0.9 − 0.1·(2/7)/√2
    old, new = (Adam(learning_rate=0.1, beta1=b1, beta2=b2, eps=1e-12) for b1, b2 in ((0.5, 0.9), (0.75, 0.5)))
    parameters = np.ones(2)
    state = old.init(parameters)
    updated(old, parameters, state, 2.0)
    rescale_averages(state, old, new)
    updated(new, parameters, state, -1.0)
    assert parameters == pytest.approx(np.full(2, 0.9 - 0.1 * (2 / 7) / math.sqrt(2)), rel=1e-11)


def test_a_new_decay_of_rmsprop_keeps_the_average() -> None:
    # ρ = 0.9, g = 2:   v = 0.1·4 = 0.4;  then ρ = ½, g = −1:  v = ½·0.4 + ½·1 = 0.7
    old, new = (RMSProp(learning_rate=0.1, decay=decay, eps=1e-12) for decay in (0.9, 0.5))
    parameters = np.ones(2)
    state = old.init(parameters)
    updated(old, parameters, state, 2.0)
    before = parameters.copy()
    rescale_averages(state, old, new)
    updated(new, parameters, state, -1.0)
    assert parameters - before == pytest.approx(np.full(2, 0.1 / math.sqrt(0.7)), rel=1e-11)


@pytest.mark.parametrize("kind", ["adam", "rmsprop"])
def test_a_changed_decay_keeps_the_averages_of_a_trainer(kind: str) -> None:
    config = Config().patched("discriminator.optimizer", kind)
    trainer = Trainer(config)
    trainer.run(5)
    count, averages = state_of(trainer, "discriminator")
    name = "decay" if kind == "rmsprop" else "beta2"
    trainer.config = config.patched(f"discriminator.optimizer.{name}", 0.75)
    _, now = state_of(trainer, "discriminator")
    # The average is (1 − β) times the stored sum; Adam divides it by 1 − βᵗ before use.
    old = getattr(config.discriminator.optimizer, name)
    before, after = (1 - old), 1 - 0.75
    if kind == "adam":
        before, after = before / (1 - old**count), after / (1 - 0.75**count)
    np.testing.assert_allclose(after * now["square"], before * averages["square"], rtol=1e-6)


@pytest.mark.parametrize("steps", [1, 5, 100])
@pytest.mark.parametrize(("name", "value"), [("beta1", 0.999), ("beta1", 0.0), ("beta2", 0.9999), ("beta2", 0.1)])
def test_no_giant_step_after_a_changed_decay(name: str, value: float, steps: int) -> None:
    """After a change of β, the next step is about as large as those before."""
    config = Config().patched("generator.optimizer.beta1", 0.5).patched("generator.optimizer.beta2", 0.99)
    trainer = Trainer(config)
    trainer.run(steps)
    trainer.config = config.patched(f"generator.optimizer.{name}", value)
    before = trainer.generator.parameters.copy()
    trainer.step()
    rate = config.generator.optimizer.learning_rate
    assert np.abs(trainer.generator.parameters - before).max() < 5 * rate


@pytest.mark.parametrize("beta1", [0.0, 0.5, 0.9])
def test_adam_is_the_algorithm_line_by_line(beta1: float) -> None:
    """Kingma & Ba's algorithm 1 as it is printed, for a thousand updates."""
    adam, rng = Adam(learning_rate=0.01, beta1=beta1, beta2=0.99, eps=1e-3), np.random.default_rng(3)
    parameters, gradient_powers = np.ones(5), np.empty((2, 5))
    update = adam.update(parameters, gradient_powers, adam.init(parameters))
    theta, m, v = np.ones(5), np.zeros(5), np.zeros(5)
    for t in range(1, 1028):
        gradient_powers[0] = g = rng.normal(size=5)
        run(update)
        m = beta1 * m + (1 - beta1) * g
        v = 0.99 * v + (1 - 0.99) * g**2
        theta = theta - 0.01 * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - 0.99**t)) + 1e-3)
    np.testing.assert_allclose(parameters, theta, rtol=1e-11)


def state_of(trainer: Trainer, player: str) -> tuple[int, dict[str, Any]]:
    state = trainer.state_dict()[player]
    return state["count"], state["averages"]


@pytest.mark.parametrize("player", ["generator", "discriminator"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_learning_rate_keeps_the_state(kind: str, player: str) -> None:
    config = Config().patched(f"{player}.optimizer", kind)
    trainer = Trainer(config)
    trainer.run(5)
    count, averages = state_of(trainer, player)
    trainer.config = config.patched(f"{player}.optimizer.learning_rate", 3e-3)
    now_count, now_averages = state_of(trainer, player)
    assert now_count == count > 0
    assert now_averages.keys() == averages.keys()
    for name, average in averages.items():
        np.testing.assert_array_equal(now_averages[name], average)
        assert np.any(average != 0)


@pytest.mark.parametrize("player", ["generator", "discriminator"])
@pytest.mark.parametrize(("old", "new"), [(KINDS[i - 1], KINDS[i]) for i in range(len(KINDS))])
def test_another_kind_starts_with_an_empty_state(old: str, new: str, player: str) -> None:
    config = Config().patched(f"{player}.optimizer", old)
    trainer = Trainer(config)
    trainer.run(5)
    other = "discriminator" if player == "generator" else "generator"
    untouched, _ = state_of(trainer, other)
    parameters = getattr(trainer, player).parameters.copy()
    trainer.config = config.patched(f"{player}.optimizer", new)
    count, averages = state_of(trainer, player)
    assert count == 0
    assert all(np.all(average == 0) for average in averages.values())
    assert state_of(trainer, other)[0] == untouched > 0
    np.testing.assert_array_equal(getattr(trainer, player).parameters, parameters)


@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_learning_rate_is_used_by_the_next_update(kind: str) -> None:
    """Twice the rate moves twice as far from the same parameters and state."""
    config = Config().patched("discriminator.optimizer", kind).patched("discriminator_steps", 1)
    config = config.patched("discriminator.optimizer.learning_rate", 1e-3)
    moves = []
    for rate in (1e-3, 2e-3):
        trainer = Trainer(config, np.float64)
        trainer.run(3)
        before = trainer.discriminator.parameters.copy()
        trainer.config = config.patched("discriminator.optimizer.learning_rate", rate)
        trainer.step_discriminator()
        moves.append(trainer.discriminator.parameters - before)
    np.testing.assert_allclose(moves[1], 2 * moves[0], rtol=1e-8, atol=1e-15)
