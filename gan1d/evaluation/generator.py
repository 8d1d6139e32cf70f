"""Evaluation of G and of its average: their curves, their distributions, and the distances to the target."""

import math
from dataclasses import dataclass

import numpy as np

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.metrics.divergences import frechet
from gan1d.engine.metrics.empirical_pushforward import EmpiricalPushforward
from gan1d.engine.metrics.grid_distribution import GridDistribution
from gan1d.engine.metrics.mode_coverage import mode_coverage
from gan1d.engine.networks.mlp import MLP
from gan1d.engine.objectives.codes import CategoricalCode
from gan1d.evaluation.forward_pass import bounded
from gan1d.evaluation.probe import Probe
from gan1d.evaluation.refinement import values_at


@dataclass(slots=True)
class GeneratorEvaluation:
    """G and its average at one step. Pairs and first axes of length 2 are G, then its average.

    Attributes:
        curves: Both generators on the latent grid, `(2, curves, 241)`.
        samples: G at the fixed latent inputs, the 64 shown fakes first, `(n,)`.
        distributions: Distributions of both generators, two rows.
        class_distributions: Distributions of G under each label, a row each; one row without labels.
        code_masses: Bin masses of G under each value of a categorical code, `(values, 258)`; None without one.
        mode_masses: Mass of each mode, `(2, modes)`.
        mode_coverage: Share of the modes that G covers.
        wasserstein1: Wasserstein-1 to the target, in units of x.
        jensen_shannon: Jensen-Shannon divergence from the target, in nats.
        frechet: Fréchet distance of G to the target, in squared units of x.
        points_wasserstein1: Wasserstein-1 of G to the fixed training samples, in units of x; NaN if every batch is
            fresh.
        class_wasserstein1: Wasserstein-1 of G under each label to the class of the label, averaged over the labels, in
            units of x; NaN without labels.
    """

    curves: Array
    samples: Float64
    distributions: GridDistribution
    class_distributions: GridDistribution
    code_masses: Float64 | None
    mode_masses: Float64
    mode_coverage: float
    wasserstein1: list[float]
    jensen_shannon: list[float]
    frechet: float
    points_wasserstein1: float
    class_wasserstein1: float


def evaluate_generators(probe: Probe, generator: MLP, ema_generator: MLP) -> GeneratorEvaluation:
    """Evaluate G and its average, by one forward pass each."""
    latent_grid, classes = probe.latent_grid, probe.latent_grid.classes
    inputs, count = latent_grid.inputs.shape[1], classes * latent_grid.count
    now = probe.forward_passes.get("generator", generator, probe.generator_inputs)
    average = probe.forward_passes.get("average generator", ema_generator, latent_grid.inputs)
    now.run()
    average.run()
    values = np.empty((2 * classes, latent_grid.count))
    values[:classes] = now.outputs[:count].reshape(classes, -1)
    values[classes:] = average.outputs[:count].reshape(classes, -1)
    pushforward = probe.pushforward
    if isinstance(pushforward, EmpiricalPushforward):
        parts, row_moments = pushforward(bounded(values)), pushforward.moments(values[:classes])
    else:
        networks = (generator, ema_generator)
        curves = pushforward.curves(
            bounded(values),
            lambda rows, z: values_at(probe.forward_passes, networks, latent_grid.conditions, rows, z),
            has_kinks=generator.activation.has_kink,
        )
        parts, row_moments = pushforward(curves), curves.row_moments(classes)
    of_g, whole = parts[:classes], parts.mixture(probe.condition_weights)
    has_code = isinstance(probe.config.code, CategoricalCode)
    mode_masses = whole.mode_masses()
    shown = np.empty((2, *latent_grid.curves.shape), now.outputs.dtype)
    shown[0], shown[1] = now.outputs.take(latent_grid.curves), average.outputs.take(latent_grid.curves)
    return GeneratorEvaluation(
        curves=bounded(shown),
        samples=bounded(now.outputs[inputs:].astype(np.float64)),
        distributions=whole,
        class_distributions=whole[:1] if has_code else of_g,
        code_masses=of_g.masses if has_code else None,
        mode_masses=mode_masses,
        mode_coverage=mode_coverage(mode_masses[0], probe.target_mode_masses),
        wasserstein1=whole.wasserstein1(probe.target),
        jensen_shannon=whole.jensen_shannon(probe.target),
        frechet=frechet(*mixture_moments(row_moments, probe.condition_weights), *probe.target_moments),
        points_wasserstein1=(
            math.nan if probe.training_samples is None else whole[:1].wasserstein1(probe.training_samples)[0]
        ),
        class_wasserstein1=(
            float(probe.weights @ of_g.wasserstein1(probe.target_classes)) if probe.config.conditional else math.nan
        ),
    )


def mixture_moments(parts: list[tuple[float, float]], weights: Float64) -> tuple[float, float]:
    """Mean and standard deviation of a mixture of distributions with these means and standard deviations."""
    if len(parts) == 1:
        return parts[0]
    means, deviations = np.transpose(parts)
    mean = float(weights @ means)
    return mean, math.sqrt(float(weights @ (deviations**2 + (means - mean) ** 2)))
