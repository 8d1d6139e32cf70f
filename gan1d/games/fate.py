"""What becomes of a game, in sentences: near the equilibrium by eigenvalues, and from its start by its distances."""

import math
from typing import Final

import numpy as np

from gan1d.engine.arrays import Float64
from gan1d.engine.games.dynamics import eigenvalues, update_jacobian
from gan1d.engine.games.updates import AlternatingUpdate, BaseUpdate, MomentumUpdate
from gan1d.engine.games.vector_fields import BaseGame, Bilinear, Point
from gan1d.formatting import format_number

NEUTRAL: Final = 1e-9
"""Largest difference from 1 of the modulus of an eigenvalue on the unit circle, and largest imaginary part of a real
eigenvalue."""
LEVEL: Final = 0.05
"""Largest part by which distances on a circle differ."""
LAST_PART: Final = 4
"""The last steps of a run are this part of it, in the denominator."""


def spectrum(game: BaseGame, update: BaseUpdate) -> Point:
    """Eigenvalues of one step at the equilibrium, the largest modulus first; NaN where a step has no derivative."""
    return eigenvalues(update_jacobian(game, update))


def format_rate(rate: float) -> str:
    """A rate with so many decimals that it differs from 1 in two digits, such as 1.0050 or 0.975."""
    if abs(rate - 1) < NEUTRAL:
        return "1"
    decimals = max(2, math.ceil(-math.log10(abs(rate - 1))) + 1)
    return f"{rate:.{decimals}f}"


def shown(distance: float) -> str:
    """A distance with three digits."""
    return format_number(distance, 3)


def update_label(update: BaseUpdate) -> str:
    """Name of an update, with the setting that matters most."""
    name = (type(update).__doc__ or "").partition(":")[0]
    if isinstance(update, MomentumUpdate):
        return f"{name} β = {update.momentum:g}".replace("-", "−")
    if isinstance(update, AlternatingUpdate) and update.discriminator_steps != update.generator_steps:
        return f"{name} {update.generator_steps}:{update.discriminator_steps}"
    return name


def near_the_equilibrium(values: Point, game: BaseGame, update: BaseUpdate) -> str:
    """The motion close to the equilibrium as a clause; in the bilinear game it is the same everywhere.

    Args:
        values: Eigenvalues of one step, the largest modulus first.
        game: The game of which they are.
        update: The update of which they are.
    """
    rate = float(abs(values[0]))
    if math.isnan(rate):
        return "has no rate: " + ("the field jumps" if update.is_smooth_at_rest else "its steps do not shrink")
    turns = bool(np.abs(values[0].imag) > NEUTRAL)
    if abs(rate - 1) < NEUTRAL:
        return "goes round: the eigenvalues lie on the unit circle" if turns else "stands still along one direction"
    inwards, outwards = ("spirals in", "spirals out") if turns else ("comes in without circling", "leaves")
    words = inwards if rate < 1 else outwards
    where = "" if isinstance(game, Bilinear) else " near the equilibrium"
    return f"{words}{where}: each step multiplies the distance by {format_rate(rate)}"


def from_the_start(distances: Float64, rate: float, goes_on: bool = False) -> str:
    """What the distances of a run show, as a sentence; "" for a run of less than two steps.

    Args:
        distances: Distance to the nearest equilibrium before the first step and after each step, `(steps + 1,)`.
        rate: Modulus of the largest eigenvalue; NaN for none.
        goes_on: Whether the distances begin at a later step than the start of the run.
    """
    steps = len(distances) - 1
    if steps < 2:
        return ""
    tail = distances[-max(2, steps // LAST_PART) :]
    low, high, first, last = (float(each) for each in (tail.min(), tail.max(), distances[0], distances[-1]))
    where = "here" if goes_on else "at the start"
    if high - low < LEVEL * high and last < first and rate > 1 + NEUTRAL:
        return f"It ends on a circle: the distance stays at {shown(last)}."
    falls, rises = np.all(np.diff(tail) <= 0), np.all(np.diff(tail) >= 0)
    if falls or rises or last < first / 10 or last > 10 * first:
        return f"Distance {shown(first)} {where}, {shown(last)} after {steps} steps."
    return f"In the last {len(tail)} steps the distance is between {shown(low)} and {shown(high)}."
