"""A run from its start, looked at as it goes: what the criteria judge."""

from collections.abc import Callable, Sequence

import numpy as np

from gan1d.config.model import Config
from gan1d.engine.arrays import Array
from gan1d.engine.training.trainer import Trainer
from gan1d.evaluation.frame import Frame
from gan1d.evaluation.observe import observe
from gan1d.evaluation.probe import Probe
from gan1d.gallery.criteria import OBSERVE_EVERY, Trajectory


def follow(
    config: Config,
    steps: int,
    seen: Callable[[Frame], object] | None = None,
    enough: Callable[[Trajectory], bool] | None = None,
) -> Trajectory:
    """Train, and look every `OBSERVE_EVERY` steps.

    Args:
        config: The experiment.
        steps: Steps to make, at least 1; fewer are made if the run diverges.
        seen: Gets the frame of each look.
        enough: Whether what has been seen so far will do, so that the rest need not be run.

    Returns:
        The track; the last look is at the last step.
    """
    trainer, probe = Trainer(config), Probe(config)
    frames: list[Frame] = []
    while trainer.step_count < steps and trainer.diverged is None:
        trainer.run(min(OBSERVE_EVERY, steps - trainer.step_count))
        frames.append(observe(trainer, probe))
        if seen is not None:
            seen(frames[-1])
        if enough is not None and enough(trajectory_of(frames, trainer, probe)):
            break
    return trajectory_of(frames, trainer, probe)


def trajectory_of(frames: Sequence[Frame], trainer: Trainer, probe: Probe) -> Trajectory:
    """What the criteria want to know of these frames, one or more."""
    unit = probe.target_deviation
    return Trajectory(
        steps=np.array([frame.step for frame in frames]),
        errors=np.array([frame.wasserstein1 for frame in frames]) / unit,
        ema_errors=np.array([frame.ema_wasserstein1 for frame in frames]) / unit,
        point_errors=np.array([frame.points_wasserstein1 for frame in frames]) / unit,
        divergences=np.array([frame.jensen_shannon for frame in frames]),
        masses=np.array([frame.mode_masses for frame in frames]),
        expected=probe.target_mode_masses,
        real_outputs=np.array([mean_output(frame.real_readout) for frame in frames]),
        fake_outputs=np.array([mean_output(frame.fake_readout) for frame in frames]),
        spreads=np.array([np.ptp(frame.discriminator) for frame in frames]),
        pushes=np.array([np.abs(frame.fake_push).mean() for frame in frames]),
        diverged=None if trainer.diverged is None else trainer.diverged.step,
    )


def mean_output(histogram: Array) -> float:
    """Mean place on D's axis, 0 to 1, from what is below it, in its bins, and above it, `(bins + 2,)`."""
    bins = len(histogram) - 2
    places = np.clip((np.arange(-1, bins + 1) + 0.5) / bins, 0.0, 1.0)
    return float(histogram @ places / histogram.sum())
