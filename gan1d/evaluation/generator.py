"""What both generators make of the noise, at one look: their distributions, and how far those are off."""

import math
from dataclasses import dataclass

import numpy as np

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.metrics import divergences
from gan1d.engine.networks.mlp import MLP
from gan1d.engine.programs import run
from gan1d.evaluation.forward_pass import bounded
from gan1d.evaluation.probe import GRID, RUG, X_BINS, Probe
from gan1d.evaluation.reference import Outside

ALIKE = np.ones(GRID // X_BINS)
"""Adds up neighbouring bins: a product with it takes half the time of a sum."""

LEAST_OUTSIDE = 1e-9
"""Mass outside the axis that is more than rounding."""


@dataclass(slots=True)
class GeneratorEvaluation:
    """Both generators, G and its average, by the distributions they make of the prior.

    Attributes:
        samples: G of the fixed noise that is followed, the rug first.
        class_masses: G's mass below the data axis, in each bin, and above it, in each class, `(classes, 258)`.
        mode_masses: Mass in each basin of the target, `(2, modes)`.
        wasserstein1: See `metrics.wasserstein1`.
        points_wasserstein1: Wasserstein-1 of G to the fixed training points; NaN if every batch is fresh.
        class_wasserstein1: Wasserstein-1 of G under each label to that class, on average; NaN if no labels are told.
        jensen_shannon: See `metrics.jensen_shannon`.
        mean: Of G, in units of x.
        deviation: Of G, in units of x.
        outside: G's mass left and right of the axis.
        ends: How far beyond the axis what lies there is, on average, left and right, in each class; 0 if nothing does.
    """

    samples: Float64
    class_masses: Float64
    mode_masses: Float64
    wasserstein1: tuple[float, float]
    points_wasserstein1: float
    class_wasserstein1: float
    jensen_shannon: tuple[float, float]
    mean: float
    deviation: float
    outside: tuple[float, float]
    ends: list[tuple[float, float]]


def evaluate_generators(probe: Probe, generator: MLP, ema_generator: MLP) -> GeneratorEvaluation:
    """All there is to say of G and its average, from one pass through each; fills their part of the sheet."""
    noise, values, classes = probe.noise, probe.values, len(probe.classes)
    now = probe.forward_pass(generator, probe.generator_inputs, slot=0)
    average = probe.forward_pass(ema_generator, noise.inputs, slot=1)
    run(now.program)
    run(average.program)
    count, forward_pass = classes * noise.count, noise.inputs.shape[1]
    values[:classes], values[classes:] = (each.outputs[:count].reshape(classes, -1) for each in (now, average))
    bounded(values)
    samples = bounded(now.outputs[forward_pass:].astype(np.float64))
    below, areas = noise.pushforward(values)
    masses = divergences.bin_masses(below.take(probe.at_edges, axis=1))
    far = [outside(probe, values[row], *ends) for row, ends in enumerate(masses[:, :: GRID + 1].tolist())]
    whole, whole_areas, bin_masses = (mixed(probe, rows) for rows in (below, areas, masses))
    both = mixed_outside(probe, far[:classes]), mixed_outside(probe, far[classes:])
    mode_masses = divergences.bin_masses(whole.take(probe.at_cuts, axis=1))
    fill_generators(probe, now.outputs, average.outputs, samples, bin_masses, mode_masses)
    to_points = math.nan
    if probe.fixed_reference is not None:
        to_points = probe.fixed_reference.distances(whole[:1], whole_areas[:1], both[:1])[0]
    to_classes = math.nan
    if probe.class_reference is not None:
        distances = probe.class_reference.distances(below[:classes], areas[:classes], far[:classes])
        to_classes = float(probe.weights @ distances)
    mean, deviation = moments(probe, values[:classes])
    (left, _), (right, _) = both[0]
    distance, of_average = probe.target_reference.distances(whole, whole_areas, both)
    return GeneratorEvaluation(
        samples=samples,
        class_masses=masses[:classes],
        mode_masses=mode_masses,
        wasserstein1=(distance, of_average),
        points_wasserstein1=to_points,
        class_wasserstein1=to_classes,
        jensen_shannon=tuple(divergences.jensen_shannon(probe.bin_masses, bin_masses).tolist()),
        mean=mean,
        deviation=deviation,
        outside=(left, right),
        ends=[(mean_of(*left), mean_of(*right)) for left, right in far[:classes]],
    )


def mixed(probe: Probe, rows: Float64) -> Float64:
    """Of something for each class, of G and of its average, `(2 · classes, n)`, that of the whole, `(2, n)`."""
    if len(probe.classes) == 1:
        return rows
    return np.asarray(probe.weights @ rows.reshape(2, len(probe.classes), -1))


def mixed_outside(probe: Probe, parts: list[Outside]) -> Outside:
    """What lies outside the axis in all classes together."""
    if len(parts) == 1:
        return parts[0]
    (left, left_moment), (right, right_moment) = (probe.weights @ np.array(parts).reshape(-1, 4)).reshape(2, 2).tolist()
    return (left, left_moment), (right, right_moment)


def moments(probe: Probe, values: Float64) -> tuple[float, float]:
    """Mean and standard deviation of G over all classes, in units of x."""
    means, deviations = probe.noise.pushforward.moments(values)
    if len(probe.classes) == 1:
        return float(means[0]), float(deviations[0])
    mean = float(probe.weights @ means)
    return mean, math.sqrt(float(probe.weights @ (deviations**2 + (means - mean) ** 2)))


def fill_generators(probe: Probe, now: Array, average: Array, samples: Float64, bins: Float64, modes: Float64) -> None:
    """Put both generators on the sheet."""
    buffer, curves = probe.buffer, probe.noise.curves.ravel()
    buffer.generators[0], buffer.generators[1] = now.take(curves), average.take(curves)
    bounded(buffer.generators)
    np.multiply(bins[:, 1:-1], probe.per_unit, buffer.densities)
    buffer.mode_masses[:] = modes
    buffer.fake_samples[:] = samples[:RUG]
    buffer.fake_histogram[0], buffer.fake_histogram[-1] = bins[0, 0], bins[0, -1]
    bins[0, 1:-1].reshape(X_BINS, -1).dot(ALIKE, buffer.fake_histogram[1:-1])


def outside(probe: Probe, values: Float64, below: float, above: float) -> Outside:
    """What a generator has left and right of the axis: its mass, and mass times mean distance; most have nothing."""
    pushforward = probe.noise.pushforward
    left = (below, pushforward.beyond(-values, -probe.low)) if below > LEAST_OUTSIDE else (0.0, 0.0)
    right = (above, pushforward.beyond(values, probe.high)) if above > LEAST_OUTSIDE else (0.0, 0.0)
    return left, right


def mean_of(mass: float, moment: float) -> float:
    """Mean distance; 0 where there is no mass."""
    return moment / mass if mass > 0 else 0.0
