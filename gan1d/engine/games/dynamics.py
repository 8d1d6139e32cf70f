"""Dynamics of a game of two numbers under an update: the trajectory, and its linear approximation at a point.

Derivatives are exact to rounding: the derivative of an analytic f is Im f(x + i·ε)/ε, and ε may be so small that
nothing else remains (Squire & Trapp 1998, SIAM Review 40, page 110).
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from gan1d.engine.arrays import Float64
from gan1d.engine.games.updates import BaseUpdate, GameState
from gan1d.engine.games.vector_fields import BaseGame, Point

IMAGINARY_STEP: Final = 1e-30
"""Step of the complex derivative: its square is lost beside any other number."""


def trajectory(game: BaseGame, update: BaseUpdate, start: ArrayLike, steps: int) -> Float64:
    """Points of a game from the start on.

    Args:
        game: The game.
        update: The rule by which both players move.
        start: θ and ψ, `(2, …)`.
        steps: Number of steps.

    Returns:
        `(steps + 1, 2, …)`; from the step on in which a number gets too large, infinite or NaN.
    """
    state = update.start(game, np.asarray(start, np.float64))
    points = [state.point]
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(steps):
            state = update.step(game, state)
            points.append(state.point)
    return np.array(points)


def derivative(function: Callable[[Point], Point], at: Float64) -> Float64:
    """Jacobian of an analytic function, `(outputs, inputs)`, at an array of inputs, `(inputs,)`."""
    columns = []
    for column in range(len(at)):
        shifted = at.astype(np.complex128)
        shifted[column] += 1j * IMAGINARY_STEP
        columns.append(function(shifted).imag / IMAGINARY_STEP)
    return np.stack(columns, axis=1)


def field_jacobian(game: BaseGame, point: ArrayLike) -> Float64:
    """Jacobian of the field at a point (θ, ψ), `(2, 2)`; NaN where the field is not smooth."""
    at = np.asarray(point, np.float64)
    return derivative(game.field, at) if game.is_smooth_at(at) else np.full((2, 2), np.nan)


def update_jacobian(game: BaseGame, update: BaseUpdate, state: GameState | None = None) -> Float64:
    """Jacobian of one step, as a map of the point and all that the update remembers.

    Args:
        game: The game.
        update: The rule by which both players move.
        state: State of one point at which the map is linearized; None for rest at the first equilibrium.

    Returns:
        `(2·slots, 2·slots)`; NaN where game or update are not smooth.
    """
    at_rest = state is None
    if state is None:
        state = update.start(game, np.array(game.equilibria[0]))
    shape, count = state.values.shape, state.count
    if not game.is_smooth_at(state.point) or (at_rest and not update.is_smooth_at_rest):
        return np.full((state.values.size,) * 2, np.nan)

    def stepped(flat: Point) -> Point:
        return update.step(game, GameState(flat.reshape(shape), count)).values.ravel()

    return derivative(stepped, state.values.ravel())


def eigenvalues(jacobian: Float64) -> Point:
    """Eigenvalues of a Jacobian, complex, the largest modulus first; NaN if it has a NaN."""
    if np.isnan(jacobian).any():
        return np.full(len(jacobian), np.nan, np.complex128)
    found = np.linalg.eigvals(jacobian).astype(np.complex128)
    return np.asarray(found[np.argsort(-np.abs(found), kind="stable")])


def spectral_radius(game: BaseGame, update: BaseUpdate) -> float:
    """Factor by which the distance to the equilibrium changes in one step, in the long run and close to it.

    Below 1 the game settles, above 1 it leaves; NaN if game or update are not smooth at the equilibrium.
    """
    return float(np.abs(eigenvalues(update_jacobian(game, update))[0]))
