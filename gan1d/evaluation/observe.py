"""The frame of a run at its present step."""

import math
from typing import Any, Protocol

import numpy as np

from gan1d.engine.data.instance_noise import instance_noise_at
from gan1d.engine.networks.mlp import MLP
from gan1d.engine.protocols import TrainerSettings
from gan1d.engine.training.reports import StepReport
from gan1d.evaluation.discriminator import DiscriminatorEvaluation, evaluate_discriminator
from gan1d.evaluation.frame import Frame
from gan1d.evaluation.generator import GeneratorEvaluation, evaluate_generators
from gan1d.evaluation.probe import GRID, RUG, X_BINS, Probe

JOINED_BINS = np.ones(GRID // X_BINS)
"""Adds up neighbouring bins."""


class ObservableRun(Protocol):
    """A run that can be observed: a `Trainer`, or a member of an `Ensemble`."""

    @property
    def config(self) -> TrainerSettings: ...
    @property
    def generator(self) -> MLP: ...
    @property
    def ema_generator(self) -> MLP: ...
    @property
    def discriminator(self) -> MLP: ...
    @property
    def report(self) -> StepReport: ...


def observe(trainer: ObservableRun, probe: Probe | None = None, diagnosis: float = math.nan) -> Frame:
    """Evaluate a run; it stays as it is to the last bit.

    Args:
        trainer: The run.
        probe: Inputs and reference distributions that fit the run's config; by default they are made anew, which takes
            longer than the evaluation.
        diagnosis: Index of the run's diagnosis among `gan1d.diagnosis`' kinds, which a single frame cannot tell.

    Returns:
        A frame of the present step.
    """
    probe = Probe(trainer.config) if probe is None else probe
    with np.errstate(over="ignore", invalid="ignore"):
        generated = evaluate_generators(probe, trainer.generator, trainer.ema_generator)
        deviation = instance_noise_at(trainer.config.instance_noise, trainer.report.step)
        judged = evaluate_discriminator(probe, trainer.discriminator, generated, deviation)
        return Frame(
            **vars(trainer.report),
            wasserstein1=generated.wasserstein1[0],
            jensen_shannon=generated.jensen_shannon[0],
            ema_wasserstein1=generated.wasserstein1[1],
            ema_jensen_shannon=generated.jensen_shannon[1],
            frechet=generated.frechet,
            mode_coverage=generated.mode_coverage,
            **judged.game._asdict(),
            fake_below=generated.distributions.overflow[0].left,
            fake_above=generated.distributions.overflow[0].right,
            points_wasserstein1=generated.points_wasserstein1,
            class_wasserstein1=generated.class_wasserstein1,
            diagnosis=diagnosis,
            **frame_arrays(probe, generated, judged),
        )


def frame_arrays(probe: Probe, generated: GeneratorEvaluation, judged: DiscriminatorEvaluation) -> dict[str, Any]:
    """The arrays of a frame, in single precision, on memory of their own."""
    masses = generated.distributions.masses
    # One curve needs no axis of curves.
    curve_of_g, curve_of_d = (0 if len(rows) == 1 else ... for rows in (probe.latent_grid.curves, probe.classes))
    inner = masses[0, 1:-1].reshape(X_BINS, -1).dot(JOINED_BINS)
    generator, ema_generator = generated.curves.astype(np.float32)
    fake_density, ema_density = (masses[:, 1:-1] * (1 / probe.grid.bin_width)).astype(np.float32)
    mode_masses, ema_mode_masses = generated.mode_masses.astype(np.float32)
    real_readout, fake_readout = judged.histograms.astype(np.float32)
    return {
        "generator": generator[curve_of_g],
        "ema_generator": ema_generator[curve_of_g],
        "discriminator": judged.outputs.astype(np.float32)[curve_of_d],
        "optimal_discriminator": judged.optimal_outputs.astype(np.float32)[curve_of_d],
        "fake_density": fake_density,
        "ema_density": ema_density,
        "mode_masses": mode_masses,
        "ema_mode_masses": ema_mode_masses,
        "fake_samples": generated.samples[:RUG].astype(np.float32),
        "fake_push": judged.pushes.astype(np.float32),
        "fake_histogram": np.concatenate([masses[0, :1], inner, masses[0, -1:]]).astype(np.float32),
        "real_readout": real_readout,
        "fake_readout": fake_readout,
    }
