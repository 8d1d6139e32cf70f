"""Updates by hand: each step equals its formula, written out for one game."""

from typing import get_args

import numpy as np
import pytest

from gan1d.engine.games.dynamics import trajectory
from gan1d.engine.games.updates import (
    AdamUpdate,
    AlternatingUpdate,
    BaseUpdate,
    ExtragradientUpdate,
    GameUpdate,
    MomentumUpdate,
    OptimisticUpdate,
    PastExtrapolationUpdate,
    SimultaneousUpdate,
)
from gan1d.engine.games.vector_fields import Bilinear, DiracNonSaturating, DiracWasserstein

START = np.array([1.0, 0.5])
UPDATES = [kind() for kind in get_args(GameUpdate)]


def steps(update: BaseUpdate, count: int = 2) -> list[list[float]]:
    """Points of the bilinear game, whose field is (−ψ, θ), after each step."""
    return trajectory(Bilinear(), update, START, count)[1:].tolist()


def close(points: list[list[float]]) -> object:
    return [pytest.approx(point, rel=1e-15) for point in points]


def test_simultaneous() -> None:
    # θ = 1 − .1·.5, ψ = .5 + .1·1; then θ = .95 − .1·.6, ψ = .6 + .1·.95
    assert steps(SimultaneousUpdate(learning_rate=0.1)) == close([[0.95, 0.6], [0.89, 0.695]])


def test_alternating_starts_with_the_generator() -> None:
    # θ = 1 − .1·.5 = .95, then ψ = .5 + .1·.95
    assert steps(AlternatingUpdate(learning_rate=0.1), 1) == close([[0.95, 0.595]])


def test_alternating_starts_with_the_discriminator_where_it_is_set_so() -> None:
    # ψ = .5 + .1·1 = .6, then θ = 1 − .1·.6
    assert steps(AlternatingUpdate(learning_rate=0.1, first="discriminator"), 1) == close([[0.94, 0.6]])


def test_alternating_with_several_updates() -> None:
    # θ = 1 − 2·(.1·.5) = .9, then ψ = .5 + 3·(.1·.9)
    update = AlternatingUpdate(learning_rate=0.1, generator_steps=2, discriminator_steps=3)
    assert steps(update, 1) == close([[0.9, 0.77]])


def test_simultaneous_momentum() -> None:
    # u = (−.5, 1), p = (.95, .6); then u = −.5·u + (−.6, .95) = (−.35, .45), p = (.915, .645)
    update = MomentumUpdate(learning_rate=0.1, momentum=-0.5, order="simultaneous")
    assert steps(update) == close([[0.95, 0.6], [0.915, 0.645]])


def test_alternating_momentum() -> None:
    # θ = .95, ψ = .5 + .1·.95 = .595; then u = −.5·(−.5) − .595 = −.345, θ = .9155, u = −.475 + .9155 = .4405
    update = MomentumUpdate(learning_rate=0.1, momentum=-0.5)
    assert steps(update) == close([[0.95, 0.595], [0.9155, 0.63905]])


def test_adam_first_moves_by_its_learning_rate() -> None:
    # The first step of Adam is h·sign(v), but for ε = 1e-8 beside |v| of .5 and 1.
    update = AdamUpdate(learning_rate=0.1, order="simultaneous")
    assert steps(update, 1) == [pytest.approx([0.9, 0.6], rel=1e-8)]


def test_adam_second_step() -> None:
    # Without memory of the mean, and with half of the square: v = (−.6, .9), m̂ = v,
    # v̂ = (½·½·v₁² + ½·v²)/(1 − ¼) with v₁ = (−.5, 1).
    update = AdamUpdate(learning_rate=0.1, beta1=0.0, beta2=0.5, eps=1e-12, order="simultaneous")
    field = np.array([-0.6, 0.9])
    mean_square = (0.25 * np.array([0.25, 1.0]) + 0.5 * field**2) / 0.75
    assert steps(update)[1] == pytest.approx(np.array([0.9, 0.6]) + 0.1 * field / np.sqrt(mean_square), rel=1e-10)


def test_extragradient() -> None:
    # p′ = (.95, .6), p = (1 − .1·.6, .5 + .1·.95)
    assert steps(ExtragradientUpdate(learning_rate=0.1), 1) == close([[0.94, 0.595]])


def test_optimistic() -> None:
    # The field at the start counts as the last one: p = (.95, .6); then v = (−.6, .95), p + .1·(2v − (−.5, 1))
    assert steps(OptimisticUpdate(learning_rate=0.1)) == close([[0.95, 0.6], [0.88, 0.69]])


def test_past_extrapolation() -> None:
    # p′ = (.95, .6), p = (.94, .595); then p′ = p + .1·(−.6, .95) = (.88, .69), p = (.94 − .069, .595 + .088)
    assert steps(PastExtrapolationUpdate(learning_rate=0.1)) == close([[0.94, 0.595], [0.871, 0.683]])


def test_the_points_of_optimism_are_those_at_which_past_extrapolation_looks() -> None:
    game, update = DiracNonSaturating(), PastExtrapolationUpdate()
    optimistic = trajectory(game, OptimisticUpdate(), START, 31)
    state = update.start(game, START)
    for number in range(1, 31):
        np.testing.assert_allclose(update.probe(game, state.values), optimistic[number], rtol=1e-13)
        state = update.step(game, state)


@pytest.mark.parametrize("update", UPDATES, ids=lambda update: str(update.kind))
def test_a_bound_holds_in_every_step_and_at_the_start(update: BaseUpdate) -> None:
    points = trajectory(DiracWasserstein(clip=0.3), update, [2.0, 0.5], 200)
    assert np.abs(points[:, 1]).max() == pytest.approx(0.3)
    assert points[0].tolist() == [2.0, 0.3]


@pytest.mark.parametrize("update", UPDATES, ids=lambda update: str(update.kind))
def test_several_starts_are_played_as_each_alone(update: BaseUpdate) -> None:
    starts = np.array([[1.0, -0.4, 0.2], [0.5, 1.3, -0.7]])
    together = trajectory(DiracNonSaturating(), update, starts, 50)
    alone = [trajectory(DiracNonSaturating(), update, start, 50) for start in starts.T]
    np.testing.assert_allclose(together, np.stack(alone, axis=-1), rtol=1e-13)


@pytest.mark.parametrize("update", UPDATES, ids=lambda update: str(update.kind))
def test_a_step_leaves_the_state_before_it_as_it_is(update: BaseUpdate) -> None:
    state = update.start(Bilinear(), START)
    before = state.values.copy()
    update.step(Bilinear(), state)
    np.testing.assert_array_equal(state.values, before)
