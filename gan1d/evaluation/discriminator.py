"""What D says, at one look: of every x, of reals and fakes, and how near that is to the best that could be said."""

import math
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from gan1d.engine.arrays import Array
from gan1d.engine.data.conditioning import evaluation_items_with_labels
from gan1d.engine.metrics import divergences
from gan1d.engine.metrics.histograms import histogram
from gan1d.engine.metrics.optimal_discriminator import RealFakeMasses, ScoreCalibration
from gan1d.engine.networks.mlp import MLP
from gan1d.engine.programs import run
from gan1d.evaluation.forward_pass import bounded
from gan1d.evaluation.generator import GeneratorEvaluation
from gan1d.evaluation.probe import GRID, READOUT_BINS, RUG, SAMPLES, Probe

PER_FAKE = np.array(-float(RUG))
"""As an array, which numpy takes in half the time that it needs for a number."""


@dataclass(slots=True)
class DiscriminatorScores:
    """What D says.

    Attributes:
        scores: At a place left of the axis, on the grid, and at a place right of it, in each class, `(classes, 258)`.
        readout: The same as the page calls it.
    """

    scores: Array
    readout: Array


def evaluate_discriminator(
    probe: Probe, discriminator: MLP, look: GeneratorEvaluation, seen: list[RealFakeMasses], deviation: float
) -> DiscriminatorScores:
    """All there is to say of D, from one pass through it, and a way back for the fakes that are shown.

    Fills D's part of the sheet.

    Args:
        probe: How to look.
        discriminator: Who is looked at.
        look: What the generators make.
        seen: The target and the fakes of each class, as D sees them.
        deviation: Of the instance noise on what D judges, in units of x.
    """
    classes, axis = len(probe.classes), GRID + 2
    forward_pass = probe.forward_pass(discriminator, probe.discriminator_inputs, slot=2)
    pushed = probe.forward_pass(discriminator, probe.rug_inputs, slot=3, pushed=True)
    for sides, given, pair in zip(probe.sides, probe.given_masses, seen, strict=True):
        sides[1] = pair.fake
        # Fresh reals are of the target, fixed ones are not.
        sides[0] = pair.real if probe.fixed is None else replace(pair, real=given).blurred(deviation).real
    for first, (left, right) in zip(range(0, classes * axis, axis), look.ends, strict=True):
        forward_pass.inputs[0, first], forward_pass.inputs[0, first + axis - 1] = probe.low - left, probe.high + right
    if probe.view.rows == 1:
        pushed.inputs[0] = look.samples
    else:
        fill_items(probe, forward_pass.inputs, look)
        pushed.inputs[:] = forward_pass.inputs[:, -SAMPLES : RUG - SAMPLES]
    run(forward_pass.program)
    run(pushed.program)
    readout = probe.loss.readout.transform(forward_pass.outputs, anchored(probe, forward_pass.outputs))
    if not math.isfinite(readout.sum()):
        readout = np.nan_to_num(readout, nan=probe.loss.readout.threshold)
    buffer, by_class = probe.buffer, readout[: classes * axis].reshape(classes, axis)
    buffer.discriminator[:] = by_class[:, 1:-1]
    buffer.readouts[:] = verdicts(probe, by_class, readout[classes * axis :])
    buffer.fake_push[:] = pushed.input_gradient
    bounded(np.multiply(buffer.fake_push, PER_FAKE, buffer.fake_push))
    return DiscriminatorScores(forward_pass.outputs[: classes * axis].reshape(classes, axis), by_class)


def fill_items(probe: Probe, rows: Array, look: GeneratorEvaluation) -> None:
    """What a D is given that judges several at once: every x of the grid and beyond as a batch of its own kind, the
    fixed reals, and the fakes."""
    view, axis = probe.view, rows.shape[1] - 2 * SAMPLES
    rows[:, axis : axis + SAMPLES] = evaluation_items_with_labels(view, probe.real, probe.real_labels)
    rows[:, -SAMPLES:] = evaluation_items_with_labels(view, look.samples, probe.labels)
    # All samples of an item at the same x; whatever else D is told is as for today's fakes.
    rows[1 : view.samples, :axis] = rows[0, :axis]
    rows[view.samples : view.rows, :axis] = rows[view.samples : view.rows, -1:]


def verdicts(probe: Probe, readout: Array, judged: Array) -> Array:
    """How D's verdicts are distributed, on reals and on fakes, `(2, 22)`: exactly, or by fixed items if there is no
    density of them on the axis."""
    if probe.view.rows > 1:
        return histogram(judged.reshape(2, SAMPLES), *probe.readout_span, READOUT_BINS) / SAMPLES
    if len(probe.classes) == 1:
        return probe.verdicts(readout[0], probe.sides[0])
    parts = [probe.verdicts(row, sides) for row, sides in zip(readout, probe.sides, strict=True)]
    return np.tensordot(probe.weights, parts, axes=1)


def anchored(probe: Probe, scores: Array) -> ScoreCalibration:
    """Where scores stand, from those on the grid and the mean over reals and fakes; only critics need it."""
    if not probe.loss.readout.needs_calibration:
        return ScoreCalibration()
    classes, axis = len(probe.classes), GRID + 2
    on_axis = scores[: classes * axis].astype(np.float64).reshape(classes, axis)
    if probe.view.rows == 1:
        centre = 0.5 * float(np.einsum("c,csx,cx->", probe.weights, probe.sides, on_axis))
    else:
        centre = float(scores[classes * axis :].mean(dtype=np.float64))
    steps = np.abs(on_axis[:, 2:-1] - on_axis[:, 1:-2])
    return ScoreCalibration(centre=centre, steepness=float(steps.max()) / probe.bin_width)


def pairs(probe: Probe, look: GeneratorEvaluation, deviation: float) -> list[RealFakeMasses]:
    """Real and fake of each class as D sees them, under instance noise of some standard deviation."""
    known = look.jensen_shannon[0] if len(probe.classes) == 1 else None
    found = [
        RealFakeMasses(probe.edges, real, fake, known, ends, probe.view.samples)
        for real, fake, ends in zip(probe.real_masses, look.class_masses, look.ends, strict=True)
    ]
    return [pair.blurred(deviation) for pair in found]


def fill_best(probe: Probe, seen: list[RealFakeMasses]) -> None:
    """Put the best D on the sheet: NaN where next to nothing lies that it could be asked about."""
    for row, pair in zip(probe.buffer.optimal_discriminator, seen, strict=True):
        row[:] = probe.loss.optimal(pair) if probe.view.has_optimum else math.nan
        np.putmask(row, pair.real[1:-1] + pair.fake[1:-1] < probe.faint, math.nan)


class GameMetrics(NamedTuple):
    """The numbers of a frame that say how D plays."""

    accuracy_real: float
    accuracy_fake: float
    value: float
    best_value: float


def evaluate_game(probe: Probe, said: DiscriminatorScores, seen: list[RealFakeMasses]) -> GameMetrics:
    """How the game stands over whole distributions: D's accuracies, its value, and the best it could be.

    NaN where D judges more than single samples: those have no density on the axis.
    """
    if probe.view.rows > 1:
        return GameMetrics(math.nan, math.nan, math.nan, math.nan)
    games = [
        evaluate_game_of_class(probe, scores, readout, pair)
        for scores, readout, pair in zip(said.scores, said.readout, seen, strict=True)
    ]
    return games[0] if len(games) == 1 else GameMetrics(*(probe.weights @ np.array(games)).tolist())


def evaluate_game_of_class(probe: Probe, scores: Array, readout: Array, seen: RealFakeMasses) -> GameMetrics:
    """The game over the samples of one class."""
    loss = probe.loss
    leaning = divergences.decisions(readout, loss.readout.threshold)
    # Better than guessing, or worse, where labels ask for low scores of reals.
    on_real, on_fake = (
        0.5 + loss.readout.direction * (share - 0.5) for share in divergences.accuracy(leaning, seen.real, seen.fake)
    )
    value = loss.readout.value_factor * loss.expected_loss(scores.astype(np.float64), seen)
    return GameMetrics(on_real, on_fake, value, loss.readout.value_factor * loss.best_loss(seen))
