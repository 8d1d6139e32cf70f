"""One look at a run, exactly: the density of G(z), the best D against it, and how far there is to go."""

import math
from typing import Protocol

import numpy as np

from gan1d.engine.data.instance_noise import instance_noise_at
from gan1d.engine.metrics import divergences
from gan1d.engine.networks.mlp import MLP
from gan1d.engine.protocols import TrainerSettings
from gan1d.engine.training.reports import StepReport
from gan1d.evaluation.discriminator import evaluate_discriminator, evaluate_game, fill_best, pairs
from gan1d.evaluation.frame import Frame
from gan1d.evaluation.generator import evaluate_generators
from gan1d.evaluation.probe import Probe


class ObservableRun(Protocol):
    """What can be looked at: a `Trainer`, or a member of an `Ensemble`."""

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
    """Look at a run; it stays as it is to the last bit.

    Args:
        trainer: The run.
        probe: How to look; one that fits the trainer's config is made if none is given.
        diagnosis: What whoever keeps watch says of the run (see `gan1d.diagnosis`); one look cannot tell.

    Returns:
        A frame of the present step.
    """
    probe = Probe(trainer.config) if probe is None else probe
    with np.errstate(over="ignore", invalid="ignore"):
        look = evaluate_generators(probe, trainer.generator, trainer.ema_generator)
        deviation = instance_noise_at(trainer.config.instance_noise, trainer.report.step)
        seen = pairs(probe, look, deviation)
        said = evaluate_discriminator(probe, trainer.discriminator, look, seen, deviation)
        game = evaluate_game(probe, said, seen)
        fill_best(probe, seen)
        return Frame(
            **vars(trainer.report),
            wasserstein1=look.wasserstein1[0],
            jensen_shannon=look.jensen_shannon[0],
            ema_wasserstein1=look.wasserstein1[1],
            ema_jensen_shannon=look.jensen_shannon[1],
            frechet=divergences.frechet(look.mean, look.deviation, probe.target_mean, probe.target_deviation),
            mode_coverage=divergences.mode_coverage(look.mode_masses[0], probe.target_mode_masses),
            accuracy_real=game.accuracy_real,
            accuracy_fake=game.accuracy_fake,
            value=game.value,
            best_value=game.best_value,
            fake_below=look.outside[0],
            fake_above=look.outside[1],
            points_wasserstein1=look.points_wasserstein1,
            class_wasserstein1=look.class_wasserstein1,
            diagnosis=diagnosis,
            **probe.buffer.arrays(),
        )
