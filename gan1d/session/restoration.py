"""Making an earlier step of a run the present one, a little at a time.

The trainer is restored bit for bit. The diagnosis looks at the last 24 observations, so the steps of these are repeated
and observed again, and the losses of a last bucket that is only filled in part are measured again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields

from pydantic import JsonValue

from gan1d.config.model import Config
from gan1d.diagnosis.feature_window import WINDOW
from gan1d.diagnosis.features import OBSERVE_EVERY
from gan1d.diagnosis.monitor import DiagnosisState, Monitor
from gan1d.engine.training.reports import Reports
from gan1d.evaluation.probe import Probe
from gan1d.recording.observed_run import ObservedRun
from gan1d.recording.packed_state import restored_trainer
from gan1d.recording.repetition import Repetition
from gan1d.recording.run_log import Change, UpdatedPlayer
from gan1d.session.flow_control import Subscriber
from gan1d.session.history import StepHistory
from gan1d.session.messages import DriverCommand
from gan1d.session.pacing import Slices
from gan1d.session.run_record import RunRecord


class RestoredRun(ObservedRun):
    """The trainer of an earlier step, whose diagnosis is that which was made then.

    Args:
        config: The settings in force.
        state: State of the trainer.
        record: History of the run.
        losses: The part of its losses that is known; those of the steps after it are added.
        probe: A probe to use if it fits the config.
    """

    def __init__(
        self, config: Config, state: bytes, record: RunRecord, losses: StepHistory, probe: Probe | None = None
    ) -> None:
        trainer = restored_trainer(config, state)
        before = record.diagnoses.at(trainer.step_count - 1)
        monitor = Monitor(trainer, state=DiagnosisState(before.kind, before.since))
        super().__init__(config, trainer, monitor, probe)
        self._record, self._losses = record, losses
        self.monitor.observe_if_due()
        self._recall()

    def add(self, reports: Reports, player: UpdatedPlayer) -> None:
        """Add the losses of the steps after those that are known."""
        known = self._losses.all_steps
        if len(reports) and self.step > known:
            first = max(0, known + 1 - int(reports.step[0]))
            self._losses.add(Reports(*(getattr(reports, each.name)[first:] for each in fields(Reports))))
        self._recall()

    def _recall(self) -> None:
        """Return to the diagnosis of this step, which also depends on observations before the repeated ones."""
        then = self._record.diagnoses.at(self.step)
        self.monitor.state.set_kind(then.kind, then.since)


class Restoration:
    """An earlier step of a run on its way to become the present one.

    Args:
        record: The run; it stays as it is.
        step: The step.
        probe: A probe to use if it fits the config there.

    Raises:
        ValueError: The run is not recorded.
    """

    def __init__(self, record: RunRecord, step: int, probe: Probe | None = None) -> None:
        if record.recording is None:
            raise ValueError("Expected a run that is recorded.")
        self.step, self._source, self._recording = step, record, record.recording
        self._losses = record.losses.up_to(step)
        changes = [event.step for event in self._recording.log.events if isinstance(event, Change)]
        reset_at = max((at for at in changes if at <= step), default=0)
        window_at = step - step % OBSERVE_EVERY - OBSERVE_EVERY * (WINDOW - 1)
        start = self._recording.key_frame(step, max(0, min(self._losses.steps, max(window_at, reset_at))))
        run = RestoredRun(start.config, start.state, record, self._losses, probe)
        self._repetition = Repetition(run, self._recording.log.events, step, start.events)

    @property
    def is_over(self) -> bool:
        """Whether the step is reached."""
        return self._repetition.is_over

    @property
    def run(self) -> RestoredRun:
        """The run so far."""
        return self._repetition.run

    def advance(self, most: int) -> int:
        """Repeat at most so many steps; return the number of steps repeated."""
        return self._repetition.advance(most)

    def record(self) -> RunRecord:
        """The history of a run whose past is that of the run up to the step."""
        source, step, run = self._source, self.step, self.run
        return RunRecord(
            config=run.config,
            preset=source.preset,
            recording=self._recording.branch(step),
            lineage=source.lineage,
            step=step,
            diverged=run.diverged is not None,
            is_heavy=source.is_heavy,
            losses=self._losses,
            measured=source.measured.up_to(step),
            marks=source.marks.up_to(step),
            scenes=source.scenes.up_to(step),
            diagnoses=source.diagnoses.up_to(step),
        )


@dataclass
class GoingBack:
    """A restoration with what happens after it.

    Attributes:
        restoration: The restoration.
        name: Name of the run that goes on from there; "" for the usual one.
        viewer: The viewer that is shown the step.
        held: Commands that came meanwhile: the viewer, the command, and the values if several set the same path.
    """

    restoration: Restoration
    name: str
    viewer: Subscriber
    held: list[tuple[Subscriber, DriverCommand, list[JsonValue]]] = field(default_factory=list)
    _slices: Slices = field(default_factory=Slices)

    def advance(self, seconds: float, timer: Callable[[], float]) -> bool:
        """Work for about so many seconds; return whether the step is reached."""
        end = timer() + seconds
        while not self.restoration.is_over:
            before = timer()
            made = self.restoration.advance(self._slices.size(seconds))
            now = timer()
            self._slices.record(made, now - before)
            if now >= end:
                break
        return self.restoration.is_over
