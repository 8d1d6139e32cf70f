"""Diagnosis of a run while it trains: an observation every 25 steps, and the rules over the last of them.

Observations are made at fixed steps, so the diagnosis belongs to the run: it is the same at any speed, in slices of any
size, with a page or without.
"""

from collections import deque
from typing import Final, Generic, Protocol, TypeVar

from gan1d.diagnosis.explanations import Diagnosis, explain, explain_divergence, too_early, untrained
from gan1d.diagnosis.feature_extraction import FeatureExtractor
from gan1d.diagnosis.feature_window import WINDOW, FeatureWindow
from gan1d.diagnosis.features import OBSERVE_EVERY, Features, TargetModes
from gan1d.diagnosis.kinds import DIVERGED, LEARNING, SUSPECTED, UNTRAINED, DiagnosisType
from gan1d.diagnosis.progress import gets_nearer
from gan1d.diagnosis.rules import select_diagnosis
from gan1d.engine.training.reports import Divergence, Reports
from gan1d.engine.training.trainer import Trainer
from gan1d.evaluation.observe import ObservableRun

IN_A_ROW: Final = 2
"""Observations in a row that have to yield another kind before it replaces the present one. At once, a suspicion
replaces "Learning", a failure its own suspicion, and "Learning" a failure whose error clearly falls."""


class DiagnosisState:
    """The present diagnosis of a run, and the observations under its present settings.

    Args:
        kind: The diagnosis to begin with.
        since: The step at which it was found.

    Attributes:
        kind: The present diagnosis.
        since: The step at which it was found.
        window: The last observations; None before the first.
    """

    def __init__(self, kind: DiagnosisType = UNTRAINED, since: int = 0) -> None:
        self.kind, self.since = kind, since
        self.window: FeatureWindow | None = None
        self._observations: deque[Features] = deque(maxlen=WINDOW)
        self._candidate, self._count = kind, 0

    def set_kind(self, kind: DiagnosisType, since: int) -> None:
        """Set the diagnosis without an observation, as when training begins or has diverged."""
        self.kind, self.since = kind, since

    def add(self, observation: Features, modes: TargetModes) -> None:
        """Diagnose with one more observation; see `IN_A_ROW` for when another kind replaces the present one.

        Args:
            observation: Made 25 steps after the one before.
            modes: The target's modes.
        """
        self._observations.append(observation)
        self.window = FeatureWindow(tuple(self._observations), modes)
        if observation.step == 0:
            return
        found = select_diagnosis(self.window, self.kind)
        agrees = found is self._candidate or (found in SUSPECTED and self._candidate in SUSPECTED)
        self._count = 0 if found is self.kind else self._count + 1 if agrees else 1
        self._candidate = found
        is_first_word = self.kind is LEARNING and found.severity == "suspicion"
        is_confirmed = found in SUSPECTED and self.kind is SUSPECTED[found]
        is_over = self.kind in SUSPECTED and found is LEARNING and gets_nearer(self.window)
        if found is not self.kind and (is_first_word or is_confirmed or is_over or self._count >= IN_A_ROW):
            self.kind, self.since, self._count = found, observation.step, 0


class DiagnosedRun(ObservableRun, Protocol):
    """A run that can be diagnosed: a `Trainer`, or a member of an `Ensemble`."""

    @property
    def step_count(self) -> int: ...
    @property
    def diverged(self) -> Divergence | None: ...


Diagnosed = TypeVar("Diagnosed", bound=DiagnosedRun)


class RunObserver(Generic[Diagnosed]):
    """Diagnoses a run that others train.

    Args:
        trainer: The run.
        feature_extractor: An extractor to reuse, if it fits the run; making one takes longer than an observation.
        state: The diagnosis of the run so far, its present step included; None to begin with the present step.

    Attributes:
        feature_extractor: The extractor in use.
        state: The diagnosis, and what it is made from.
    """

    def __init__(
        self,
        trainer: Diagnosed,
        feature_extractor: FeatureExtractor | None = None,
        state: DiagnosisState | None = None,
    ) -> None:
        self._trainer = trainer
        self.feature_extractor = feature_extractor or FeatureExtractor(trainer.config, trainer.units)
        if state is not None:
            self.state = state
            return
        self.state = DiagnosisState(LEARNING, trainer.step_count) if trainer.step_count else DiagnosisState()
        self.observe_if_due()

    @property
    def kind(self) -> DiagnosisType:
        """The diagnosis as of the last observation, or of the step at which the run diverged."""
        return self.state.kind

    @property
    def window(self) -> FeatureWindow | None:
        """The last observations under the present settings; None before the first."""
        return self.state.window

    @property
    def diagnosis(self) -> Diagnosis:
        """The diagnosis with its sentence, which has the numbers of the last observation."""
        state = self.state
        if self._trainer.diverged is not None:
            return explain_divergence(self._trainer.diverged)
        if state.kind is UNTRAINED:
            return untrained()
        return too_early(state.since) if state.window is None else explain(state.kind, state.window, state.since)

    def follow(self) -> None:
        """Observe the run after it has made steps, at most up to the next observation."""
        if self.state.kind is UNTRAINED:
            self.state.set_kind(LEARNING, 1)
        self.observe_if_due()

    def reset(self) -> None:
        """Forget all observations: they say nothing about a run whose settings have changed."""
        if self._trainer.diverged is None:
            kind = LEARNING if self._trainer.step_count else UNTRAINED
            self.state = DiagnosisState(kind, self._trainer.step_count)

    def observe_if_due(self) -> None:
        """Add an observation at every 25th step."""
        trainer, state = self._trainer, self.state
        if trainer.diverged is not None:
            state.set_kind(DIVERGED, trainer.diverged.step)
        elif trainer.step_count % OBSERVE_EVERY == 0:
            if not self.feature_extractor.fits(trainer.config, trainer.units):
                self.feature_extractor = FeatureExtractor(trainer.config, trainer.units)
            state.add(self.feature_extractor.extract(trainer), self.feature_extractor.modes)


class Monitor(RunObserver[Trainer]):
    """Diagnoses a trainer, which it also runs, so that no observation is missed."""

    def run(self, count: int, *, discriminator: bool = True, generator: bool = True) -> list[Reports]:
        """Run the trainer as `Trainer.run` does, and observe it wherever an observation is due.

        Returns:
            The reports of each stretch between two observations.
        """
        trainer, parts, left = self._trainer, list[Reports](), count
        while left > 0 and trainer.diverged is None:
            stretch = min(left, OBSERVE_EVERY - trainer.step_count % OBSERVE_EVERY)
            parts.append(trainer.run(stretch, discriminator=discriminator, generator=generator))
            left -= stretch
            self.follow()
        return parts
