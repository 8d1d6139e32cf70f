"""The frame of a run at its present step."""

import math
from typing import Any, Protocol

import numpy as np

from gan1d.engine.arrays import Array
from gan1d.engine.data.instance_noise import instance_noise_at
from gan1d.engine.networks.mlp import MLP
from gan1d.engine.objectives.codes import NoCode
from gan1d.engine.protocols import TrainerSettings
from gan1d.engine.training.reports import StepReport
from gan1d.engine.units import IDENTITY, Units
from gan1d.evaluation.code import CodeEvaluation, evaluate_code
from gan1d.evaluation.discriminator import DiscriminatorEvaluation, evaluate_discriminator
from gan1d.evaluation.fixed_samples import RUG
from gan1d.evaluation.frame import Frame
from gan1d.evaluation.generator import GeneratorEvaluation, evaluate_generators
from gan1d.evaluation.probe import GRID, X_BINS, Probe
from gan1d.evaluation.translation import TranslationEvaluation, evaluate_translation

JOINED_BINS = np.ones(GRID // X_BINS)
"""Adds up neighbouring bins."""


class ObservableRun(Protocol):
    """A run that can be observed: a `Trainer`, or a member of an `Ensemble`."""

    @property
    def config(self) -> TrainerSettings: ...
    @property
    def units(self) -> Units: ...
    @property
    def generator(self) -> MLP: ...
    @property
    def ema_generator(self) -> MLP: ...
    @property
    def discriminator(self) -> MLP: ...
    @property
    def code_head(self) -> MLP | None: ...
    @property
    def way_back(self) -> tuple[MLP, MLP, MLP] | None: ...
    @property
    def report(self) -> StepReport: ...


def observe(trainer: ObservableRun, probe: Probe | None = None, diagnosis: float = math.nan) -> Frame:
    """Evaluate a run; it stays as it is to the last bit.

    Args:
        trainer: The run.
        probe: Inputs and reference distributions that fit the run's config and units; by default they are made anew,
            which takes longer than the evaluation.
        diagnosis: Index of the run's diagnosis among `gan1d.diagnosis`' kinds, which depends on earlier frames.

    Returns:
        A frame of the present step.

    Raises:
        ValueError: The probe has other units than the run.
    """
    probe = Probe(trainer.config, trainer.units) if probe is None else probe
    if probe.units != trainer.units:
        raise ValueError(f"Expected a probe in the run's {trainer.units}, but got one in {probe.units}.")
    scale = probe.units.scale
    with np.errstate(over="ignore", invalid="ignore"):
        generated = evaluate_generators(probe, trainer.generator, trainer.ema_generator)
        deviation = instance_noise_at(trainer.config.instance_noise, trainer.report.step)
        judged = evaluate_discriminator(probe, trainer.discriminator, generated, deviation)
        information = code_evaluation(probe, trainer, generated)
        back = evaluate_translation(probe, trainer.generator, trainer.way_back, deviation)
        return Frame(
            **vars(trainer.report),
            wasserstein1=scale * generated.wasserstein1[0],
            jensen_shannon=generated.jensen_shannon[0],
            ema_wasserstein1=scale * generated.wasserstein1[1],
            ema_jensen_shannon=generated.jensen_shannon[1],
            frechet=scale * scale * generated.frechet,
            mode_coverage=generated.mode_coverage,
            accuracy_real=judged.game.accuracy_real,
            accuracy_fake=judged.game.accuracy_fake,
            value=judged.game.value,
            best_value=judged.game.best_value,
            fake_below=generated.distributions.overflow[0].left,
            fake_above=generated.distributions.overflow[0].right,
            points_wasserstein1=scale * generated.points_wasserstein1,
            class_wasserstein1=scale * generated.class_wasserstein1,
            mutual_information=information.mutual_information,
            information_bound=information.bound,
            back_wasserstein1=scale * back.wasserstein1,
            back_jensen_shannon=back.jensen_shannon,
            cycle_error=scale * back.cycle_error,
            back_cycle_error=scale * back.cycle_error_back,
            order_kept=back.order_kept,
            diagnosis=diagnosis,
            **frame_arrays(probe, generated, judged, information),
            **back_arrays(probe, back),
        )


def code_evaluation(probe: Probe, trainer: ObservableRun, generated: GeneratorEvaluation) -> CodeEvaluation:
    """Evaluate the code, after D; without a code there is nothing to evaluate."""
    code, head = probe.config.code, trainer.code_head
    if head is None or isinstance(code, NoCode):
        return CodeEvaluation()
    masses, nodes = generated.code_masses, probe.node_distributions
    if nodes is not None:
        masses = nodes.masses(probe.forward_passes, trainer.generator)
    assert masses is not None
    axis = probe.forward_passes.get("discriminator", trainer.discriminator, probe.discriminator_inputs)
    return evaluate_code(code, masses, axis.features[:, : GRID + 2], head)


def frame_arrays(
    probe: Probe, generated: GeneratorEvaluation, judged: DiscriminatorEvaluation, information: CodeEvaluation
) -> dict[str, Any]:
    """The arrays of a frame."""
    masses = generated.distributions.masses
    histogram = np.empty(X_BINS + 2, np.float32)
    histogram[0], histogram[-1] = masses[0, 0], masses[0, -1]
    histogram[1:-1] = masses[0, 1:-1].reshape(X_BINS, -1).dot(JOINED_BINS)
    per_x = 1 / (probe.grid.bin_width * probe.units.scale)
    density, ema_density = in_precision(masses[:, 1:-1] * per_x, probe.units)
    mode_masses, ema_mode_masses = generated.mode_masses.astype(np.float32)
    generator, ema_generator = positions(generated.curves.astype(np.float32, copy=False), probe.units)
    real_readout, fake_readout = judged.histograms.astype(np.float32, copy=False)
    return {
        "generator": curves(generator),
        "ema_generator": curves(ema_generator),
        "discriminator": curves(judged.outputs.astype(np.float32, copy=False)),
        "optimal_discriminator": curves(judged.optimal_outputs.astype(np.float32, copy=False)),
        "fake_density": density,
        "ema_density": ema_density,
        "mode_masses": mode_masses,
        "ema_mode_masses": ema_mode_masses,
        "code_density": in_precision(information.masses[..., 1:-1] * per_x, probe.units),
        "fake_samples": positions(generated.samples[:RUG], probe.units),
        "fake_push": judged.pushes.astype(np.float32, copy=False),
        "fake_histogram": histogram,
        "real_readout": real_readout,
        "fake_readout": fake_readout,
    }


def back_arrays(probe: Probe, back: TranslationEvaluation) -> dict[str, Any]:
    """The arrays of a frame about the way back; empty without one."""
    per_x = 1 / (probe.back.grid.bin_width * probe.units.scale) if len(back.density) else 1.0
    return {
        "back_generator": positions(back.generator, probe.units),
        "back_density": in_precision(back.density * per_x, probe.units),
        "back_discriminator": back.discriminator.astype(np.float32, copy=False),
        "back_optimal_discriminator": back.optimal_discriminator.astype(np.float32, copy=False),
        "round_trip": positions(back.round_trip, probe.units),
        "back_round_trip": positions(back.round_trip_back, probe.units),
    }


def in_precision(values: Array, units: Units) -> Array:
    """Values in units of x: in single precision without standardization, whose x is computed in single precision."""
    return values.astype(np.float32 if units == IDENTITY else np.float64, copy=False)


def positions(values: Array, units: Units) -> Array:
    """The x of positions in the units of a run, same shape."""
    return in_precision(values if units == IDENTITY else units.to_x(values.astype(np.float64)), units)


def curves(rows: Array) -> Array:
    """Curves, `(curves, n)`, or `(n,)` for a single one."""
    return rows[0] if len(rows) == 1 else rows
