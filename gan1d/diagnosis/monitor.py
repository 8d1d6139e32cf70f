"""Keeps watch over a run: looks every 25 steps, whoever else is looking, and says what is happening.

The looks come at fixed steps, so the diagnosis belongs to the run: it is the same at any speed, in slices of any size,
with the page or without.
"""

from collections import deque
from typing import Final

from gan1d.diagnosis.explanations import Diagnosis, explain, explain_divergence, too_early, untrained
from gan1d.diagnosis.feature_extraction import FeatureExtractor
from gan1d.diagnosis.features import LONGEST, OBSERVE_EVERY, Features, FeatureWindow
from gan1d.diagnosis.rules import DIVERGED, LEARNING, UNTRAINED, Kind, select_diagnosis
from gan1d.engine.training.reports import Reports
from gan1d.engine.training.trainer import Trainer

IN_A_ROW: Final = 3
"""Looks that must agree before another verdict takes the place of the old one."""


class DiagnosisState:
    """What has been seen of a run under its present settings, and what is made of it.

    Args:
        kind: What was made of it before.
        since: The step at which that was found.

    Attributes:
        track: The last looks; None before the first.
    """

    def __init__(self, kind: Kind = UNTRAINED, since: int = 0) -> None:
        self.kind, self.since = kind, since
        self.window: FeatureWindow | None = None
        self._looks: deque[Features] = deque(maxlen=LONGEST)
        self._candidate, self._votes = kind, 0

    def add(self, observation: Features, centres: tuple[float, ...], due: tuple[float, ...], points: int = 0) -> None:
        """Judge by this look and the last ones; another verdict needs several looks in a row that agree on it.

        Args:
            look: 25 steps after the last one.
            centres: Where the target's modes are.
            due: Share of the reals in each.
            points: Training points, 0 if every batch is fresh.
        """
        self._looks.append(observation)
        self.window = FeatureWindow(tuple(self._looks), centres, due, points)
        if observation.step == 0:
            return
        found = select_diagnosis(self.window, self.kind)
        self._votes = self._votes + 1 if found is self._candidate else 1
        self._candidate = found
        if found is not self.kind and self._votes >= IN_A_ROW:
            self.kind, self.since = found, observation.step


class Monitor:
    """Watches one trainer, which it also moves along, so that no look is missed.

    Args:
        trainer: The run.
        examiner: How to look, if one that fits is at hand.

    Attributes:
        examiner: How it looks.
    """

    def __init__(self, trainer: Trainer, feature_extractor: FeatureExtractor | None = None) -> None:
        self._trainer = trainer
        self.feature_extractor = FeatureExtractor(trainer.config) if feature_extractor is None else feature_extractor
        self._state = DiagnosisState(LEARNING, trainer.step_count) if trainer.step_count else DiagnosisState()
        self._observe_if_due()

    @property
    def kind(self) -> Kind:
        """What is happening: as of the last look, or of the step at which the run blew up."""
        return self._state.kind

    @property
    def diagnosis(self) -> Diagnosis:
        """The same in a sentence, with the numbers of the last look."""
        case = self._state
        if self._trainer.diverged is not None:
            return explain_divergence(self._trainer.diverged)
        if case.kind is UNTRAINED:
            return untrained()
        return too_early(case.since) if case.window is None else explain(case.kind, case.window, case.since)

    def run(self, count: int, *, discriminator: bool = True, generator: bool = True) -> list[Reports]:
        """`Trainer.run`, with a look wherever one is due.

        Returns:
            The reports of each stretch between two looks.
        """
        trainer, parts, left = self._trainer, list[Reports](), count
        while left > 0 and trainer.diverged is None:
            stretch = min(left, OBSERVE_EVERY - trainer.step_count % OBSERVE_EVERY)
            parts.append(trainer.run(stretch, discriminator=discriminator, generator=generator))
            left -= stretch
            if self._state.kind is UNTRAINED:
                self._state.kind, self._state.since = LEARNING, 1
            self._observe_if_due()
        return parts

    def reset(self) -> None:
        """The settings have changed: what was seen before is no evidence of what is happening now."""
        if self._trainer.diverged is None:
            kind = LEARNING if self._trainer.step_count else UNTRAINED
            self._state = DiagnosisState(kind, self._trainer.step_count)

    def _observe_if_due(self) -> None:
        """Look, if it is time to."""
        trainer, case = self._trainer, self._state
        if trainer.diverged is not None:
            case.kind, case.since = DIVERGED, trainer.diverged.step
        elif trainer.step_count % OBSERVE_EVERY == 0:
            if not self.feature_extractor.fits(trainer.config):
                self.feature_extractor = FeatureExtractor(trainer.config)
            by = self.feature_extractor
            case.add(by.extract(trainer), by.centres, by.due, by.points)
