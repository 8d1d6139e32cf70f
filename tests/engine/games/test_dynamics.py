"""Jacobians and rates of all games under all updates: by finite differences, and by what trajectories do."""

from typing import get_args

import numpy as np
import pytest

from gan1d.engine.games.dynamics import (
    eigenvalues,
    field_jacobian,
    spectral_radius,
    trajectory,
    update_jacobian,
)
from gan1d.engine.games.updates import (
    AdamUpdate,
    AlternatingUpdate,
    BaseUpdate,
    GameState,
    GameUpdate,
    MomentumUpdate,
    SimultaneousUpdate,
)
from gan1d.engine.games.vector_fields import (
    BaseGame,
    Bilinear,
    DiracMinimax,
    DiracWassersteinGP,
    Game,
    QuadraticGAN,
)

GAMES = [kind() for kind in get_args(Game)]
UPDATES = [kind() for kind in get_args(GameUpdate)]
POINT = np.array([1.4, 0.5])
STEP = 1e-6


def kind_of(value: object) -> str:
    return str(value.kind)  # type: ignore[attr-defined]


@pytest.mark.parametrize("game", GAMES, ids=kind_of)
def test_the_jacobian_of_the_field_by_differences(game: BaseGame) -> None:
    expected = [(game.field(POINT + shift) - game.field(POINT - shift)) / (2 * STEP) for shift in STEP * np.eye(2)]
    np.testing.assert_allclose(field_jacobian(game, POINT), np.transpose(expected), atol=1e-8)


@pytest.mark.parametrize("update", UPDATES, ids=kind_of)
@pytest.mark.parametrize("game", GAMES, ids=kind_of)
def test_the_jacobian_of_a_step_by_differences(game: BaseGame, update: BaseUpdate) -> None:
    if isinstance(update, AdamUpdate):  # a short memory, so that the mean square is not small beside STEP
        update = AdamUpdate(beta2=0.5)
    state = update.start(game, POINT)
    for _ in range(3):
        state = update.step(game, state)
    columns = []
    for index in np.ndindex(state.values.shape):
        shift = np.zeros_like(state.values)
        shift[index] = STEP
        ends = [update.step(game, GameState(state.values + sign * shift, state.count)).values for sign in (1, -1)]
        columns.append((ends[0] - ends[1]).ravel() / (2 * STEP))
    np.testing.assert_allclose(update_jacobian(game, update, state), np.transpose(columns), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize(
    ("game", "update"),
    [
        (Bilinear(), SimultaneousUpdate(learning_rate=0.1)),
        (Bilinear(), MomentumUpdate(learning_rate=0.2)),
        (DiracMinimax(gamma=0.3), SimultaneousUpdate()),
        (DiracMinimax(gamma=2.0), AlternatingUpdate()),
        (DiracMinimax(gamma=0.2), MomentumUpdate(momentum=0.3, order="simultaneous")),
        (QuadraticGAN(), AlternatingUpdate(learning_rate=0.5, discriminator_steps=3)),
    ],
    ids=str,
)
def test_the_spectral_radius_is_the_rate_of_long_trajectories_near_the_equilibrium(
    game: BaseGame, update: BaseUpdate
) -> None:
    """Over 4000 steps a turning trajectory's length has the rate's power, but for the shape of its ellipse."""
    if game.equilibria[0] == (0, 0):
        start, steps, tolerance = [1e-150, 2e-150], 4000, 5e-4
    else:  # beside θ = 1, distances are rounded to 1e-16: fewer steps, from 1e-4
        start, steps, tolerance = [1 + 1e-4, 1e-4], 200, 5e-3
    distances = game.distance(trajectory(game, update, start, steps).T)
    measured = (distances[-1] / distances[0]) ** (1 / steps)
    assert measured == pytest.approx(spectral_radius(game, update), rel=tolerance)


def test_a_kink_has_no_rate() -> None:
    assert np.isnan(spectral_radius(DiracWassersteinGP(), SimultaneousUpdate()))
    assert np.isnan(field_jacobian(DiracWassersteinGP(), [0.0, 0.0])).all()
    assert np.isnan(spectral_radius(Bilinear(), AdamUpdate()))


def test_eigenvalues_come_with_the_largest_first() -> None:
    assert eigenvalues(np.diag([0.5, -2.0, 1.0])).tolist() == [-2.0, 1.0, 0.5]


def test_a_trajectory_that_leaves_ends_at_infinity_without_a_warning() -> None:
    points = trajectory(Bilinear(), SimultaneousUpdate(learning_rate=2.0), [1.0, 1.0], 2000)
    assert points.shape == (2001, 2)
    assert not np.isfinite(points[-1]).any()
