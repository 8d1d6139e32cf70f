"""A run that is diagnosed while it trains, and whose frames can be made."""

from gan1d.config.model import Config
from gan1d.diagnosis.explanations import Diagnosis
from gan1d.diagnosis.features import OBSERVE_EVERY
from gan1d.diagnosis.kinds import KINDS, DiagnosisType
from gan1d.diagnosis.monitor import Monitor
from gan1d.engine.training.reports import Divergence, Reports
from gan1d.engine.training.trainer import Trainer
from gan1d.evaluation.frame import Frame
from gan1d.evaluation.observe import observe
from gan1d.evaluation.probe import Probe
from gan1d.recording.run_log import UpdatedPlayer


class ObservedRun:
    """A trainer with its diagnosis and its frames. Subclasses keep what they need of each step.

    Args:
        config: The settings in force.
        trainer: The run of these settings so far; None for one at step 0.
        monitor: The diagnosis of the run so far; None to begin one.
        probe: A probe to use if it fits the config; making one takes longer than a frame.

    Attributes:
        trainer: The run.
        monitor: Its diagnosis.
        probe: What its frames are made with.
    """

    def __init__(
        self,
        config: Config,
        trainer: Trainer | None = None,
        monitor: Monitor | None = None,
        probe: Probe | None = None,
    ) -> None:
        self._config = config
        self.trainer = Trainer(config) if trainer is None else trainer
        self.monitor = Monitor(self.trainer) if monitor is None else monitor
        fits = probe is not None and probe.fits(config, self.trainer.units)
        self.probe = probe if probe is not None and fits else Probe(config, self.trainer.units)
        self._frame: Frame | None = None

    @property
    def config(self) -> Config:
        """The settings in force."""
        return self._config

    @property
    def step(self) -> int:
        """Number of steps made."""
        return self.trainer.step_count

    @property
    def diverged(self) -> Divergence | None:
        """Why the run can take no more steps; None if it can."""
        return self.trainer.diverged

    @property
    def diagnosis_kind(self) -> DiagnosisType:
        """The present diagnosis."""
        return self.monitor.kind

    @property
    def diagnosis(self) -> Diagnosis:
        """The present diagnosis with its explanation in a sentence."""
        return self.monitor.diagnosis

    def advance(self, count: int, player: UpdatedPlayer = "both") -> int:
        """Make `count` steps, or fewer if the run diverges; return the number of steps made."""
        before, end = self.step, self.step + count
        while self.step < end and self.diverged is None:
            observed_at = self.step - self.step % OBSERVE_EVERY + OBSERVE_EVERY
            stretch = min(end, observed_at, self.next_stop()) - self.step
            parts = self.monitor.run(stretch, discriminator=player != "generator", generator=player != "discriminator")
            self._frame = None
            for reports in parts:
                self.add(reports, player)
        return self.step - before

    def next_stop(self) -> int:
        """The next step, after the present one, at which `add` is called besides those of the diagnosis."""
        return self.step + OBSERVE_EVERY

    def add(self, reports: Reports, player: UpdatedPlayer) -> None:
        """Keep what is needed of some steps that were just made; does nothing here."""

    def change(self, config: Config, *, reinitialize: bool = False) -> float | None:
        """Continue with other settings, which must not require a restart.

        Args:
            config: The new settings.
            reinitialize: Whether a network that is rebuilt gets new initial weights instead of keeping its function.

        Returns:
            How far the function of a rebuilt network has moved, as a share of its range, infinite for new initial
            weights; None if no network was rebuilt.
        """
        errors = self.trainer.change(config, reinitialize=reinitialize)
        self._config, self._frame = config, None
        self.monitor.reset()
        return max(errors.values(), default=None)

    def frame(self) -> Frame:
        """The measurements at the present step."""
        if self._frame is None:
            self._frame = observe(self.trainer, self.probe, KINDS.index(self.diagnosis_kind))
        return self._frame
