"""Whole runs: they equal the engine's trajectories, go on from any step, and keep what is conserved."""

import json
from typing import Any

import numpy as np
import pytest

from gan1d.config.errors import ConfigError
from gan1d.engine.games.closed_forms import bilinear_simultaneous_rate
from gan1d.engine.games.dynamics import trajectory
from gan1d.games.game_config import GameConfig
from gan1d.games.game_presets import game_presets
from gan1d.games.game_run import FARTHEST, flow_from, run_game, states_from_json

TWO = GameConfig().patched("second", "momentum").patched("steps", 40)


def points_of(track: dict[str, Any]) -> np.ndarray:
    return np.array(track["states"]).reshape(-1, 2 * track["slots"])[:, :2]


def state_at(track: dict[str, Any], step: int) -> dict[str, Any]:
    size = 2 * track["slots"]
    return {"count": track["count"] + step, "values": track["states"][step * size : (step + 1) * size]}


@pytest.mark.parametrize("name", list(game_presets))
def test_a_run_is_the_trajectory_of_the_engine(name: str) -> None:
    config = game_presets[name].config
    start = [config.start.theta, config.start.psi]
    for track, update in zip(run_game(config)["tracks"], config.updates, strict=True):
        np.testing.assert_array_equal(points_of(track), trajectory(config.game, update, start, config.steps))


@pytest.mark.parametrize("second", ["adam", "optimistic", "past_extrapolation", "momentum", "extragradient"])
def test_a_run_that_goes_on_equals_one_that_was_never_interrupted(second: str) -> None:
    config = TWO.patched("second", second)
    whole = run_game(config)
    message = json.loads(json.dumps([state_at(track, 15) for track in whole["tracks"]]))
    rest = run_game(config, states_from_json(message, config, config))
    for track, later in zip(whole["tracks"], rest["tracks"], strict=True):
        np.testing.assert_array_equal(points_of(later)[:26], points_of(track)[15:])


def test_an_update_of_another_kind_goes_on_from_the_point_with_an_empty_memory() -> None:
    state = state_at(run_game(TWO)["tracks"][1], 15)
    after = TWO.patched("second", "adam")
    states = states_from_json([state_at(run_game(TWO)["tracks"][0], 15), state], after, TWO)
    assert states is not None
    assert states[1].count == 0
    assert states[1].values.tolist() == [state["values"][:2], [0.0, 0.0], [0.0, 0.0]]


def test_a_second_update_that_is_added_begins_at_the_first_ones_point() -> None:
    one = TWO.patched("second", "none")
    states = states_from_json([state_at(run_game(one)["tracks"][0], 15)], TWO, one)
    run = run_game(TWO, states)
    assert points_of(run["tracks"][1])[0].tolist() == points_of(run["tracks"][0])[0].tolist()


def test_the_rate_is_that_of_the_closed_form() -> None:
    assert run_game(GameConfig())["tracks"][0]["rate"] == pytest.approx(bilinear_simultaneous_rate(0.1), rel=1e-12)


def test_a_run_ends_before_its_numbers_are_too_large() -> None:
    config = GameConfig().patched("update.learning_rate", 2.0).patched("steps", 100)
    track = run_game(config)["tracks"][0]
    # Each step multiplies the distance by √5: from √2 to 1e12 it takes 34.1 steps.
    assert track["is_over"]
    assert len(points_of(track)) == 35
    assert np.abs(points_of(track)).max() < FARTHEST


@pytest.mark.parametrize("name", ["spiral_out", "wgan_orbit"])
def test_the_flow_keeps_what_is_conserved_and_closes(name: str) -> None:
    config = game_presets[name].config
    curve = flow_from(config.game, np.array([config.start.theta, config.start.psi]))
    levels = config.game.conserved(curve.T)
    assert levels is not None
    # The Runge-Kutta method of order 4 with steps of 0.05.
    np.testing.assert_allclose(levels, levels[0], rtol=1e-6)
    assert curve[-1].tolist() == curve[0].tolist()


def test_a_game_that_conserves_nothing_says_so() -> None:
    assert run_game(game_presets["r1_spirals_in"].config)["conserved"] is None


def test_the_field_is_given_row_by_row() -> None:
    config = game_presets["r1_spirals_in"].config
    field = run_game(config)["field"]
    row, column = 5, 9
    place = row * len(field["theta"]) + column
    expected = config.game.field(np.array([field["theta"][column], field["psi"][row]]))
    np.testing.assert_allclose([field["across"][place], field["up"][place]], expected, rtol=1e-3)


@pytest.mark.parametrize(
    "values",
    [
        {},
        [],
        [1, 2, 3],
        [{"count": -1, "values": [1, 2]}],
        [{"count": 1.5, "values": [1, 2]}],
        [{"count": 0, "values": [1, 2, 3]}],
        [{"count": 0, "values": [1, float("nan")]}],
        [{"count": 0, "values": [1, 1e300]}],
        [{"count": 0, "values": ["1", 2]}],
        [{"count": 0, "values": [1, 2], "more": 1}],
    ],
)
def test_values_that_are_no_states_are_refused(values: Any) -> None:
    with pytest.raises(ConfigError, match=r"Expected a (list|state)"):
        states_from_json(values, GameConfig(), GameConfig())
