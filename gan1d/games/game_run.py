"""A whole run of a game: trajectories, distances, eigenvalues, the field, and what happens in words, as JSON."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from gan1d.config.errors import ConfigError
from gan1d.config.paths import Json
from gan1d.engine.arrays import Float64
from gan1d.engine.games.updates import BaseUpdate, GameState
from gan1d.engine.games.vector_fields import BaseGame, Point
from gan1d.formatting import shorten
from gan1d.games.fate import from_the_start, near_the_equilibrium, spectrum, update_label
from gan1d.games.game_config import PLANE, GameConfig

FIELD_REACH: Final = (3 * PLANE, PLANE + 0.5)
"""Half of the width and of the height of the part of the plane whose field is given; a wide page shows that much."""
FIELD_SPACING: Final = 0.25
"""Distance between two points of the grid of the field."""
FLOW_STEP: Final = 0.05
"""Step of the Runge-Kutta method that follows the flow."""
FLOW_STEPS: Final = 1200
FARTHEST: Final = 1e12
"""A run ends where one of its numbers gets larger."""
LARGEST_STEP: Final = 10**9


def run_game(config: GameConfig, began_from: Sequence[GameState] | None = None) -> dict[str, Any]:
    """The steps of a game.

    Args:
        config: Settings.
        began_from: State of each update before the first step; None for the start in the settings. Fewer states than
            updates: the others begin at the first one's point.

    Returns:
        A JSON object. `tracks` has one entry for each update: its `states`, `(steps + 1) × slots·2` numbers of which
        the first two of each step are θ and ψ, its `distances`, `eigenvalues` and `words`.
    """
    game = config.game
    states = list(began_from) if began_from else [start_of(config, update) for update in config.updates]
    for update in config.updates[len(states) :]:
        states.append(update.start(game, states[0].point))
    pairs = zip(config.updates, states, strict=False)
    tracks = [track(game, update, state, config.steps, began_from is not None) for update, state in pairs]
    return {
        "tracks": tracks,
        "equilibria": [list(point) for point in game.equilibria],
        "plane": PLANE,
        "bound": getattr(game, "clip", None),
        "field": field_grid(game),
        "conserved": conserved_of(game, states[0].point),
    }


def start_of(config: GameConfig, update: BaseUpdate) -> GameState:
    """State of an update before the first step."""
    return update.start(config.game, np.array([config.start.theta, config.start.psi]))


def track(game: BaseGame, update: BaseUpdate, state: GameState, steps: int, goes_on: bool) -> dict[str, Any]:
    """The steps of one update."""
    states = states_after(game, update, state, steps)
    points = np.array([each.point for each in states])
    distances = game.distance(points.T)
    conserved = game.conserved(points.T)
    values = spectrum(game, update)
    rate = float(abs(values[0]))
    near, whole = near_the_equilibrium(values, game, update), from_the_start(distances, rate, goes_on)
    return {
        "label": update_label(update),
        "kind": getattr(update, "kind", ""),
        "count": state.count,
        "slots": update.slots,
        "states": [number for each in states for number in each.values.ravel().tolist()],
        "distances": short_numbers(distances),
        "conserved": None if conserved is None else short_numbers(conserved),
        "eigenvalues": [] if np.isnan(rate) else [[float(value.real), float(value.imag)] for value in values],
        "rate": None if np.isnan(rate) else rate,
        "is_over": len(states) <= steps,
        "near": near,
        "words": whole,
    }


def states_after(game: BaseGame, update: BaseUpdate, state: GameState, steps: int) -> list[GameState]:
    """A state and those after it, up to a number of steps, or until a number gets too large."""
    states = [state]
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(steps):
            state = update.step(game, state)
            if not np.all(np.abs(state.values) < FARTHEST):
                break
            states.append(state)
    return states


def short_numbers(values: Float64) -> list[float | None]:
    """Numbers with eight digits, None for those that are not finite."""
    return [float(f"{value:.8g}") if np.isfinite(value) else None for value in values]


def field_grid(game: BaseGame) -> dict[str, Any]:
    """The field on a grid of the plane: θ of the columns, ψ of the rows, and both directions, row by row."""
    theta, psi = (np.arange(-reach, reach + FIELD_SPACING / 2, FIELD_SPACING) for reach in FIELD_REACH)
    across, up = game.field(np.stack(np.meshgrid(theta, psi)))
    directions = {"across": across, "up": up}
    return {
        "theta": theta.tolist(),
        "psi": psi.tolist(),
        **{name: [float(f"{value:.4g}") for value in values.ravel()] for name, values in directions.items()},
    }


def conserved_of(game: BaseGame, point: Point) -> dict[str, Any] | None:
    """What the flow of infinitely small steps keeps, and its curve from a point; None for nothing."""
    level = game.conserved(np.asarray(point, np.float64))
    if level is None or not np.isfinite(level):
        return None
    curve = flow_from(game, np.asarray(point, np.float64))
    return {"label": game.conserved_label, "level": float(level), "curve": [short_numbers(row) for row in curve.T]}


def flow_from(game: BaseGame, point: Float64) -> Float64:
    """The flow from a point until it is back, by the Runge-Kutta method of order 4, `(points, 2)`."""
    points, far = [point], False
    for _ in range(FLOW_STEPS):
        at = points[-1]
        one = game.field(at)
        two = game.field(at + FLOW_STEP / 2 * one)
        three = game.field(at + FLOW_STEP / 2 * two)
        four = game.field(at + FLOW_STEP * three)
        points.append(at + FLOW_STEP / 6 * (one + 2 * two + 2 * three + four))
        gone = float(np.hypot(*(points[-1] - point)))
        far = far or gone > 4 * FLOW_STEP * float(np.hypot(*one))
        if far and gone < FLOW_STEP * float(np.hypot(*one)):
            points.append(point)
            break
    return np.array(points)


def states_from_json(values: Json, config: GameConfig, before: GameConfig) -> list[GameState] | None:
    """The states from which a run goes on; None for a run from its start.

    A state whose update is now of another kind keeps its point and loses its memory.

    Args:
        values: One object with `count` and `values` for each update, or None.
        config: Settings of the run.
        before: Settings with which the states were reached.

    Raises:
        ConfigError: The values are no such states.
    """
    if values is None:
        return None
    if not isinstance(values, list) or not 1 <= len(values) <= 2:
        raise ConfigError("from", f"Expected a list of one or two states, but got {shorten(json.dumps(values))}.")
    states = []
    pairs = list(zip(config.updates, before.updates[: len(values)], strict=False))
    for (update, former), value in zip(pairs, values, strict=False):
        state = state_from_json(value, former.slots)
        same = type(update) is type(former)
        states.append(state if same else update.start(config.game, np.asarray(state.point)))
    return states


def state_from_json(value: Json, slots: int) -> GameState:
    """A state from an object with `count`, a whole number, and `values`, `slots` pairs of numbers.

    Raises:
        ConfigError: The value is no such object.
    """
    expected = f"a state with a count and {slots} pairs of numbers"
    error = ConfigError("from", f"Expected {expected}, but got {shorten(json.dumps(value, default=str))}.")
    if not isinstance(value, Mapping) or set(value) != {"count", "values"}:
        raise error
    count, numbers = value["count"], value["values"]
    if type(count) is not int or not 0 <= count <= LARGEST_STEP or not isinstance(numbers, list):
        raise error
    if len(numbers) != 2 * slots or not all(type(number) in (int, float) for number in numbers):
        raise error
    array = np.array(numbers, np.float64).reshape(slots, 2)
    if not np.all(np.abs(array) < FARTHEST):
        raise error
    return GameState(array, count)
