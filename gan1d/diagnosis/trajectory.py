"""Trajectories: whole runs by their features at every 25th step, for the criteria of the gallery and for sweeps."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np

from gan1d.config.model import Config
from gan1d.diagnosis.feature_extraction import FeatureExtractor
from gan1d.diagnosis.features import OBSERVE_EVERY, Features, TargetModes
from gan1d.engine.data.translation import is_translation
from gan1d.engine.objectives.unrolling import NoUnrolling
from gan1d.engine.training.ensemble import Ensemble, Member, Stack, stack_size_for
from gan1d.engine.training.trainer import Trainer

SMALLEST_STACK: Final = 8
"""Least number of members with which a stack is faster than single runs."""


@dataclass(frozen=True, kw_only=True)
class Trajectory:
    """A run from its start, by its features.

    Attributes:
        observations: Features at rising steps, at least one unless the run diverged before the first.
        modes: The target's modes.
        diverged: The step at which the run diverged, if it did.
    """

    observations: Sequence[Features]
    modes: TargetModes
    diverged: int | None = None

    def until(self, step: int) -> "Trajectory":
        """The part of the run up to a step."""
        observations = [each for each in self.observations if each.step <= step]
        diverged = self.diverged if self.diverged is not None and self.diverged <= step else None
        return replace(self, observations=observations, diverged=diverged)

    def since(self, holds: Callable[[Features], bool]) -> int | None:
        """The step of the first observation from which on `holds` is true at each; None for a run that diverged."""
        if self.diverged is not None:
            return None
        start: int | None = None
        for observation in reversed(self.observations):
            if not holds(observation):
                break
            start = observation.step
        return start


def is_stackable(config: Config) -> bool:
    """Whether runs of these settings can be trained together, and are faster that way."""
    is_unrolled = not isinstance(config.generator.lookahead, NoUnrolling)
    must_run_alone = config.discriminator.optimal or is_unrolled or is_translation(config)
    return not must_run_alone and stack_size_for(config, np.float32) >= SMALLEST_STACK


def record_runs(
    configs: Sequence[Config],
    steps: int,
    is_enough: Callable[[Trajectory], bool] | None = None,
    *,
    from_start: bool = False,
) -> list[Trajectory]:
    """Trajectories of several runs, which are trained together where that is faster.

    Args:
        configs: Settings of the runs, alike but for what a seed decides; at least one.
        steps: See `record_trajectory`.
        is_enough: See `record_trajectory`. Runs that may end early are trained one by one.
        from_start: See `record_trajectory`.
    """
    if is_enough is None and len(configs) > 1 and is_stackable(configs[0]):
        return record_trajectories(configs, steps, from_start=from_start)
    return [record_trajectory(each, steps, is_enough=is_enough, from_start=from_start) for each in configs]


def record_trajectory(
    config: Config,
    steps: int,
    watch: Callable[[Trainer], object] | None = None,
    is_enough: Callable[[Trajectory], bool] | None = None,
    *,
    from_start: bool = False,
) -> Trajectory:
    """Train, and extract features every `OBSERVE_EVERY` steps and at the end.

    Args:
        config: The experiment.
        steps: Steps to make, at least 1; fewer are made if the run diverges.
        watch: Called with the trainer after each observation.
        is_enough: Called with the trajectory so far after each observation; if true, the run ends.
        from_start: Whether to observe the run at step 0, too.

    Returns:
        The trajectory; the last observation of a run that diverges is made at its last step.
    """
    trainer = Trainer(config)
    observer = Observer(trainer)

    def ends() -> bool:
        if watch is not None:
            watch(trainer)
        return is_enough is not None and is_enough(*observer.trajectories())

    return train_observed(trainer.run, [observer], steps, ends, from_start=from_start)[0]


def record_trajectories(configs: Sequence[Config], steps: int, *, from_start: bool = False) -> list[Trajectory]:
    """Trajectories of several runs that are trained together.

    Each equals that of `record_trajectory` up to rounding, which grows where a run is chaotic.

    Args:
        configs: The experiments, which may differ as the members of an `Ensemble` may.
        steps: See `record_trajectory`.
        from_start: See `record_trajectory`.

    Raises:
        ValueError: The experiments cannot be trained together.
    """
    ensemble = Ensemble(configs)
    train = partial(ensemble.run, losses=False)
    return train_observed(train, [*map(Observer, ensemble.stacks)], steps, from_start=from_start)


class Observer:
    """Extracts the features of one run, or of all members of a stack: at once, if one extractor fits them all.

    Args:
        observed: The run or the stack, at step 0.
    """

    def __init__(self, observed: Trainer | Stack) -> None:
        self._runs: Sequence[Trainer | Member] = [observed] if isinstance(observed, Trainer) else observed.members
        first, *others = self._runs
        extractor = FeatureExtractor(first.config, first.units)
        self._stack = observed if isinstance(observed, Stack) and extractor.fits_all(self._runs) else None
        self._extractors = [extractor]
        self._extractors += [
            FeatureExtractor(each.config, each.units) if self._stack is None else extractor for each in others
        ]
        self._observations = [list[Features]() for _ in self._runs]
        self._going = [*range(len(self._runs))]

    @property
    def is_over(self) -> bool:
        """Whether all runs have diverged."""
        return not self._going

    def observe(self) -> None:
        """Observe every run; of one that has diverged this is the last time."""
        if self._stack is None:
            found = {index: self._extractors[index].extract(self._runs[index]) for index in self._going}
        else:
            stack = self._stack
            joint = self._extractors[0].extract_all(stack.members, stack.generator, stack.discriminator)
            found = dict(enumerate(joint))
        for index in self._going:
            self._observations[index].append(found[index])
        self._going = [index for index in self._going if self._runs[index].diverged is None]

    def trajectories(self) -> list[Trajectory]:
        """The runs so far."""
        return [
            Trajectory(
                observations=observations,
                modes=extractor.modes,
                diverged=None if run.diverged is None else run.diverged.step,
            )
            for run, extractor, observations in zip(self._runs, self._extractors, self._observations, strict=True)
        ]


def train_observed(
    train: Callable[[int], object],
    observers: Sequence[Observer],
    steps: int,
    ends: Callable[[], bool] = lambda: False,
    *,
    from_start: bool,
) -> list[Trajectory]:
    """Train some runs, and observe them every `OBSERVE_EVERY` steps and at the end.

    Args:
        train: Makes a number of steps with all runs.
        observers: Observe the runs, at step 0.
        steps: See `record_trajectory`.
        ends: Called after each observation; if true, all runs end.
        from_start: See `record_trajectory`.

    Returns:
        A trajectory for each run, in the order of the observers.
    """
    if from_start:
        for observer in observers:
            observer.observe()
    for start in range(0, steps, OBSERVE_EVERY):
        going = [observer for observer in observers if not observer.is_over]
        if not going:
            break
        train(min(OBSERVE_EVERY, steps - start))
        for observer in going:
            observer.observe()
        if ends():
            break
    return [trajectory for observer in observers for trajectory in observer.trajectories()]
