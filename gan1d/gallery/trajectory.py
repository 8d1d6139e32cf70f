"""Trajectories for the criteria: a run from its start, with its features at every 25th step."""

from collections.abc import Callable, Sequence

from gan1d.config.model import Config
from gan1d.diagnosis.feature_extraction import FeatureExtractor
from gan1d.diagnosis.features import OBSERVE_EVERY, Features
from gan1d.engine.training.ensemble import Ensemble
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


def record_trajectories(configs: Sequence[Config], steps: int) -> list[Trajectory]:
    """Trajectories of several runs that are trained together.

    Each equals that of `record_trajectory` up to rounding, which grows where a run is chaotic.

    Args:
        configs: The experiments, which may differ as the members of an `Ensemble` may.
        steps: Steps to make, at least 1; fewer are made by a run that diverges.

    Raises:
        ValueError: The experiments cannot be trained together.
    """
    ensemble = Ensemble(configs)
    runs = [(member, FeatureExtractor(member.config), list[Features]()) for member in ensemble.members]
    for start in range(0, steps, OBSERVE_EVERY):
        going = [run for run in runs if run[0].diverged is None]
        ensemble.run(min(OBSERVE_EVERY, steps - start))
        for member, extractor, observations in going:
            observations.append(extractor.extract(member))
    return [
        Trajectory(
            observations=observations,
            modes=extractor.modes,
            diverged=None if member.diverged is None else member.diverged.step,
        )
        for member, extractor, observations in runs
    ]
