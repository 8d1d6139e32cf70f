"""Trajectories for the criteria: a run from its start, with its features at every 25th step."""

from collections.abc import Callable

from gan1d.config.model import Config
from gan1d.diagnosis.feature_extraction import FeatureExtractor
from gan1d.diagnosis.features import OBSERVE_EVERY, Features
from gan1d.engine.training.trainer import Trainer
from gan1d.gallery.criteria import Trajectory


def record_trajectory(
    config: Config,
    steps: int,
    watch: Callable[[Trainer], object] | None = None,
    is_enough: Callable[[Trajectory], bool] | None = None,
) -> Trajectory:
    """Train, and extract features every `OBSERVE_EVERY` steps and at the end.

    Args:
        config: The experiment.
        steps: Steps to make, at least 1; fewer are made if the run diverges.
        watch: Called with the trainer after each observation.
        is_enough: Called with the trajectory so far after each observation; if true, the run ends.

    Returns:
        The trajectory; a run that diverges has no observation of its last steps.
    """
    trainer, extractor = Trainer(config), FeatureExtractor(config)
    observations: list[Features] = []
    while trainer.step_count < steps and trainer.diverged is None:
        trainer.run(min(OBSERVE_EVERY, steps - trainer.step_count))
        observations.append(extractor.extract(trainer))
        if watch is not None:
            watch(trainer)
        if is_enough is not None and is_enough(Trajectory(observations=observations, modes=extractor.modes)):
            break
    diverged = None if trainer.diverged is None else trainer.diverged.step
    return Trajectory(observations=observations, modes=extractor.modes, diverged=diverged)
