"""Evaluation of D: its curve, its outputs on real and fake, the value of the game, and the optimal D beside it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.data.conditioning import evaluation_items_with_labels
from gan1d.engine.metrics.divergences import accuracy, decisions
from gan1d.engine.metrics.grid_distribution import blurred
from gan1d.engine.metrics.histograms import histogram
from gan1d.engine.metrics.optimal_discriminator import RealFakeMasses, ScoreCalibration
from gan1d.engine.networks.mlp import MLP
from gan1d.evaluation.fixed_samples import RUG, SAMPLES
from gan1d.evaluation.forward_pass import bounded
from gan1d.evaluation.generator import GeneratorEvaluation
from gan1d.evaluation.probe import GRID, READOUT_BINS, Probe


class GameMetrics(NamedTuple):
    """Numbers that say how well D plays, over whole distributions.

    Attributes:
        accuracy_real: Share of the reals that D takes for real.
        accuracy_fake: Share of the fakes that D takes for fake.
        value: Value of the game.
        best_value: Bound of the value: that of the optimal D, for a critic of one as steep as the present D.
    """

    accuracy_real: float
    accuracy_fake: float
    value: float
    best_value: float


@dataclass(slots=True)
class DiscriminatorEvaluation:
    """D at one step.

    Attributes:
        outputs: D's outputs at the bin centres, `(classes, 256)`.
        optimal_outputs: Outputs of the optimal D at the bin centres, `(classes, 256)`; NaN where there is next to no
            mass.
        histograms: Share of the reals, and of the fakes, by D's output on them, `(2, 22)`: below the shown range, in
            its 20 bins, and above.
        pushes: −d L_G / dx at each of the 64 shown fakes, as if it were the only one, `(64,)`.
        game: How well D plays.
    """

    outputs: Array
    optimal_outputs: Float64
    histograms: Array
    pushes: Array
    game: GameMetrics


def evaluate_discriminator(
    probe: Probe, discriminator: MLP, generated: GeneratorEvaluation, deviation: float
) -> DiscriminatorEvaluation:
    """Evaluate D, by one forward pass, and a backward pass for the shown fakes.

    Args:
        probe: Inputs and reference distributions.
        discriminator: D.
        generated: The fakes.
        deviation: Standard deviation of the instance noise on D's inputs, in units of x.
    """
    config, axis = probe.config, len(probe.classes) * (GRID + 2)
    pairs = real_fake_masses(probe, generated, deviation)
    sides = input_masses(probe, pairs, deviation)
    if config.discriminator.optimal:
        scores, pushes = optimal_scores_and_pushes(probe, generated, pairs[0])
    else:
        scores, pushes = run_networks(probe, discriminator, generated, pairs, sides)
    on_axis = scores[:axis].reshape(-1, GRID + 2)
    calibration = calibrate(probe, on_axis, scores[axis:], sides)
    outputs = config.loss.readout.transform(scores, calibration)
    if not math.isfinite(outputs.dot(outputs)):
        outputs = np.nan_to_num(outputs, nan=config.loss.readout.threshold)
    outputs_on_axis = outputs[:axis].reshape(-1, GRID + 2)
    return DiscriminatorEvaluation(
        outputs=outputs_on_axis[:, 1:-1].copy(),
        optimal_outputs=np.array([optimal_outputs(probe, pair) for pair in pairs]),
        histograms=output_histograms(probe, outputs_on_axis, outputs[axis:], sides),
        pushes=pushes,
        game=evaluate_game(probe, on_axis, outputs_on_axis, pairs),
    )


def real_fake_masses(probe: Probe, generated: GeneratorEvaluation, deviation: float) -> list[RealFakeMasses]:
    """Target and fakes of each class under instance noise, as D sees them."""
    fakes, view = generated.class_distributions, probe.config.discriminator.view
    known = generated.jensen_shannon[0] if len(probe.classes) == 1 else None
    return [
        RealFakeMasses(probe.grid.edges, real, fake, known, overflow.distances(), view.samples).blurred(deviation)
        for real, fake, overflow in zip(probe.target_classes.masses, fakes.masses, fakes.overflow, strict=True)
    ]


def input_masses(probe: Probe, pairs: Sequence[RealFakeMasses], deviation: float) -> Float64:
    """Bin masses of D's real inputs and of the fakes in each class, under instance noise, `(classes, 2, 258)`.

    With fixed training samples those are the real inputs, not the target.
    """
    if probe.training_samples is None:
        return np.array([(pair.real, pair.fake) for pair in pairs])
    real = blurred(probe.training_masses, probe.grid.bin_width, deviation)
    return np.stack([real, [pair.fake for pair in pairs]], axis=1)


def run_networks(
    probe: Probe,
    discriminator: MLP,
    generated: GeneratorEvaluation,
    pairs: Sequence[RealFakeMasses],
    sides: Float64,
) -> tuple[Array, Array]:
    """D's scores at all of `Probe.discriminator_inputs`, `(n,)`, and the pushes on the shown fakes, `(64,)`."""
    passes, loss, view = probe.forward_passes, probe.config.loss, probe.config.discriminator.view
    forward = passes.get("discriminator", discriminator, probe.discriminator_inputs)
    backward = passes.get(
        "discriminator at fakes", discriminator, probe.rug_inputs, loss.gradient_against(probe.paired_reals)
    )
    axis = len(pairs) * (GRID + 2)
    # The outer two points stand for all mass beyond the axis: they lie at its mean distance.
    for first, pair in zip(range(0, axis, GRID + 2), pairs, strict=True):
        left, right = pair.overflow_distances
        forward.inputs[0, first], forward.inputs[0, first + GRID + 1] = probe.grid.low - left, probe.grid.high + right
    if view.rows == 1:
        backward.inputs[0] = generated.samples
    else:
        inputs = forward.inputs
        inputs[:, axis:-SAMPLES] = evaluation_items_with_labels(view, probe.samples.real, probe.samples.real_labels)
        inputs[:, -SAMPLES:] = evaluation_items_with_labels(view, generated.samples, probe.samples.labels)
        # On the axis, all samples of an item lie at the same x, and the derived rows are those of the present fakes.
        inputs[1 : view.samples, :axis] = inputs[0, :axis]
        inputs[view.samples : view.rows, :axis] = inputs[view.samples : view.rows, -1:]
        backward.inputs[:] = inputs[:, -SAMPLES : RUG - SAMPLES]
    forward.run()
    if loss.is_paired:
        write_paired_reals(probe, forward.outputs[:axis], forward.outputs[axis:], sides)
    backward.run()
    # The gradient is that of the mean over the 64.
    return forward.outputs, bounded(backward.input_gradient * -float(RUG))


def optimal_scores_and_pushes(
    probe: Probe, generated: GeneratorEvaluation, pair: RealFakeMasses
) -> tuple[Array, Array]:
    """D*'s scores along the data axis, `(258,)`, and the pushes of D* on the shown fakes, `(64,)`."""
    loss, grid = probe.config.loss, probe.grid
    slopes = np.gradient(loss.costs_against_optimal(pair), grid.bin_width)
    return np.pad(loss.optimal_scores(pair), 1, mode="edge"), -np.interp(generated.samples, grid.centres, slopes)


def write_paired_reals(probe: Probe, on_axis: Array, on_samples: Array, sides: Float64) -> None:
    """Write D's scores of the reals, and their shares, with which a loss pairs the fakes."""
    reals = probe.paired_reals
    if probe.config.discriminator.view.rows == 1:
        reals.scores[:], reals.weights[:] = on_axis, sides[:, 0].ravel()
    else:
        reals.scores[:], reals.weights[:] = on_samples[:SAMPLES], 1 / SAMPLES


def calibrate(probe: Probe, on_axis: Array, on_samples: Array, sides: Float64) -> ScoreCalibration:
    """Offset and scale of D's scores, for losses that do not determine them.

    Args:
        probe: Inputs and reference distributions.
        on_axis: Scores along the data axis, `(classes, 258)`.
        on_samples: Scores of the fixed real samples and of their fakes, if D judges several at once.
        sides: Bin masses of D's inputs in each class, real and fake, `(classes, 2, 258)`.
    """
    if not probe.config.loss.readout.needs_calibration:
        return ScoreCalibration()
    scores = on_axis.astype(np.float64)
    if probe.config.discriminator.view.rows == 1:
        weighted = probe.weights[:, None, None] * sides
        judged, real, fake = scores.ravel(), weighted[:, 0].ravel(), weighted[:, 1].ravel()
    else:
        judged, real = on_samples.astype(np.float64), np.repeat([1 / SAMPLES, 0.0], SAMPLES)
        fake = real[::-1]
    centre = probe.config.loss.readout.centre(judged, real, fake)
    steps = np.abs(scores[:, 2:-1] - scores[:, 1:-2])
    return ScoreCalibration(centre=centre, steepness=float(steps.max()) / probe.grid.bin_width)


def output_histograms(probe: Probe, on_axis: Array, on_samples: Array, sides: Float64) -> Array:
    """Histograms of D's outputs on reals and on fakes, `(2, 22)`, exact unless D judges several samples at once.

    Args:
        probe: Inputs and reference distributions.
        on_axis: Outputs along the data axis, `(classes, 258)`.
        on_samples: Outputs on the fixed real samples and on their fakes, if D judges several at once.
        sides: Bin masses of D's inputs in each class, real and fake, `(classes, 2, 258)`.
    """
    if probe.config.discriminator.view.rows > 1:
        return histogram(on_samples.reshape(2, SAMPLES), *probe.output_range, READOUT_BINS) / SAMPLES
    parts = [probe.output_histogram(row, masses) for row, masses in zip(on_axis, sides, strict=True)]
    return parts[0] if len(parts) == 1 else np.tensordot(probe.weights, parts, axes=1)


def optimal_outputs(probe: Probe, pair: RealFakeMasses) -> Float64:
    """Outputs of the optimal D at the bin centres, `(256,)`; NaN where there is next to no mass, or if D's view has no
    known optimum."""
    if not probe.config.discriminator.view.has_optimum:
        return np.full(GRID, math.nan)
    outputs = probe.config.loss.optimal_outputs(pair)
    np.putmask(outputs, pair.real[1:-1] + pair.fake[1:-1] < probe.faint_mass, math.nan)
    return outputs


def evaluate_game(probe: Probe, scores: Array, outputs: Array, pairs: Sequence[RealFakeMasses]) -> GameMetrics:
    """How well D plays over whole distributions; NaN if D judges several samples at once, which have no density on the
    axis.

    Args:
        probe: Inputs and reference distributions.
        scores: D's scores along the data axis, `(classes, 258)`.
        outputs: D's outputs along the data axis, `(classes, 258)`.
        pairs: Target and fakes of each class as D sees them.
    """
    if probe.config.discriminator.view.rows > 1:
        return GameMetrics(math.nan, math.nan, math.nan, math.nan)
    games = [game_of_class(probe, *each) for each in zip(scores, outputs, pairs, strict=True)]
    return games[0] if len(games) == 1 else GameMetrics(*(probe.weights @ np.array(games)).tolist())


def game_of_class(probe: Probe, scores: Array, outputs: Array, pair: RealFakeMasses) -> GameMetrics:
    """How well D plays in one class."""
    loss, readout = probe.config.loss, probe.config.loss.readout
    shares = accuracy(decisions(outputs, readout.threshold), pair.real, pair.fake)
    # Above ½ is better than guessing, unless the labels of the loss ask for low scores of reals.
    on_real, on_fake = (0.5 + readout.direction * (share - 0.5) for share in shares)
    value = readout.value_factor * loss.expected_loss(scores.astype(np.float64), pair)
    # Only critics are bounded by their slope.
    best = loss.lowest_loss(pair, steepest_slope(probe, scores, pair) if readout.needs_calibration else 0.0)
    return GameMetrics(on_real, on_fake, value, readout.value_factor * best)


def steepest_slope(probe: Probe, scores: Array, pair: RealFakeMasses) -> float:
    """Largest |dD/dx| between neighbouring points of the data axis, those beyond it included, in scores per x."""
    distances = np.full(GRID + 1, probe.grid.bin_width)
    distances[[0, -1]] = 0.5 * probe.grid.bin_width + np.array(pair.overflow_distances)
    return float((np.abs(np.diff(scores.astype(np.float64))) / distances).max())
