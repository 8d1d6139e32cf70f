"""Evaluation of the way back of a translation: F's distribution, both ways one after the other, and the order of G."""

import math
from dataclasses import dataclass, field

import numpy as np

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.networks.mlp import MLP
from gan1d.evaluation.discriminator import evaluate_discriminator
from gan1d.evaluation.forward_pass import bounded
from gan1d.evaluation.generator import evaluate_generators
from gan1d.evaluation.probe import Probe
from gan1d.evaluation.refinement import write_outputs


@dataclass(slots=True)
class TranslationEvaluation:
    """The way back at one step, in the units of the run; NaN and empty without one.

    Attributes:
        generator: F along the data axis, `(241,)`.
        density: Bin masses of F's translations, `(256,)`.
        discriminator: Outputs of the discriminator of the source at the bin centres of its axis, `(256,)`.
        optimal_discriminator: Outputs of the optimal one, `(256,)`; NaN where there is next to no mass.
        round_trip: F(G(x)) at the points of the latent grid, `(241,)`.
        round_trip_back: G(F(y)) at the points of the data axis at which F is given, `(241,)`.
        wasserstein1: Wasserstein-1 of F's translations to the source.
        jensen_shannon: Jensen-Shannon divergence of F's translations from the source, in nats.
        cycle_error: E |F(G(x)) − x| over the source.
        cycle_error_back: E |G(F(y)) − y| over the target.
        order_kept: Share of the pairs of source samples whose order G keeps; a tie counts half.
    """

    generator: Array = field(default_factory=lambda: np.empty(0))
    density: Float64 = field(default_factory=lambda: np.empty(0))
    discriminator: Array = field(default_factory=lambda: np.empty(0))
    optimal_discriminator: Float64 = field(default_factory=lambda: np.empty(0))
    round_trip: Float64 = field(default_factory=lambda: np.empty(0))
    round_trip_back: Float64 = field(default_factory=lambda: np.empty(0))
    wasserstein1: float = math.nan
    jensen_shannon: float = math.nan
    cycle_error: float = math.nan
    cycle_error_back: float = math.nan
    order_kept: float = math.nan


def evaluate_translation(
    probe: Probe, g: MLP, way_back: tuple[MLP, MLP, MLP] | None, deviation: float
) -> TranslationEvaluation:
    """Evaluate the way back.

    Args:
        probe: Inputs and reference distributions of the way there.
        g: G.
        way_back: F, its average, and the discriminator of the source; None without a source.
        deviation: Standard deviation of the instance noise, in units of x.
    """
    if way_back is None:
        return TranslationEvaluation()
    back, (f, average, judge) = probe.back, way_back
    generated = evaluate_generators(back, f, average)
    judged = evaluate_discriminator(back, judge, generated, deviation)
    x, y = probe.source_quantiles, back.source_quantiles
    there = translated(probe, "G", g, x)
    return TranslationEvaluation(
        generator=generated.curves[0, 0],
        density=generated.distributions.masses[0, 1:-1],
        discriminator=judged.outputs[0],
        optimal_discriminator=judged.optimal_outputs[0],
        round_trip=translated(probe, "F", f, translated(probe, "G", g, probe.latent_grid.grid)),
        round_trip_back=translated(probe, "G", g, translated(probe, "F", f, back.latent_grid.grid)),
        wasserstein1=generated.wasserstein1[0],
        jensen_shannon=generated.jensen_shannon[0],
        cycle_error=float(np.abs(translated(probe, "F", f, there) - x).mean()),
        cycle_error_back=float(np.abs(translated(probe, "G", g, translated(probe, "F", f, y)) - y).mean()),
        order_kept=order_kept(there),
    )


def translated(probe: Probe, name: str, network: MLP, values: Float64) -> Float64:
    """A map at some values, `(n,)`, in the units of the run."""
    found = np.empty(len(values))
    write_outputs(probe.forward_passes, f"{name} there and back", network, values[None], found)
    return bounded(found)


def order_kept(values: Float64) -> float:
    """Share of the pairs i < j with values[i] < values[j], where a tie counts half: (1 + τ)/2 with Kendall's τ."""
    signs = np.sign(values[None, :] - values[:, None])
    count = len(values)
    return 0.5 + 0.5 * float(np.triu(signs, 1).sum()) / (0.5 * count * (count - 1))
