"""What a session keeps of a run: its history, and its recording, from which each of its steps is found again."""

from dataclasses import dataclass, field
from typing import Final

from gan1d.config.model import Config
from gan1d.diagnosis.kinds import UNTRAINED, DiagnosisType
from gan1d.diagnosis.monitor import DiagnosisState
from gan1d.formatting import format_count
from gan1d.recording.recording import Recording
from gan1d.recording.repetition import RepeatedRun
from gan1d.session.change_marks import MARKS_LENGTH, ChangeMarks
from gan1d.session.history import MeasuredHistory, StepHistory
from gan1d.session.messages import BookmarkEntry, DiagnosisMark, History, RunHistory
from gan1d.session.timeline import Timeline

NOT_KEPT: Final = "The steps of a run are not kept here: the server was started with --history 0."


@dataclass(frozen=True)
class DiagnosisChange:
    """A diagnosis that holds from a step on.

    Attributes:
        kind: The diagnosis.
        since: Step at which it was made.
        is_found: Whether observations have led to it; not at the beginning of a run and after a change of the settings.
    """

    kind: DiagnosisType
    since: int
    is_found: bool = False


@dataclass
class RunRecord:
    """All that remains of a run when its trainer is gone.

    Attributes:
        config: Its last settings.
        number: Its number in the session.
        name: Its name, for the user.
        preset: Name of the preset on which it is based; None for none.
        recording: Its log and its key-frames; None if they are not kept.
        lineage: The run and those from which it went on, youngest first, each with the step up to which it is the same.
        step: Its last step.
        diverged: Whether it diverged there.
        is_heavy: Whether some of its steps take so long that they would delay other sessions.
        losses: Losses and gradient norms of every step.
        measured: All scalars at fixed steps.
        marks: Changes of the config.
        scenes: Number of the scene to which its frames belong.
        diagnoses: Its diagnosis.
        end: State of the trainer and of the diagnosis at the last step, while it is not the present run.
        digest: Digest of its last parameters, while it is not the present run.
    """

    config: Config
    number: int = 1
    name: str = ""
    preset: str | None = None
    recording: Recording[RepeatedRun] | None = None
    lineage: tuple[tuple[int, int], ...] = ()
    step: int = 0
    diverged: bool = False
    is_heavy: bool = False
    losses: StepHistory = field(default_factory=StepHistory)
    measured: MeasuredHistory = field(default_factory=MeasuredHistory)
    marks: ChangeMarks = field(default_factory=ChangeMarks)
    scenes: Timeline[int] = field(default_factory=lambda: Timeline(1))
    diagnoses: Timeline[DiagnosisChange] = field(default_factory=lambda: Timeline(DiagnosisChange(UNTRAINED, 0)))
    end: tuple[bytes, DiagnosisState] | None = None
    digest: str = ""

    def history(self) -> RunHistory:
        """Its whole history, as on the wire."""
        return RunHistory(
            run=self.number,
            config=self.config.model_dump(mode="json"),
            losses=self.losses.part(),
            trace=self.measured.columns,
            marks=self.marks.all,
            bookmarks=self.bookmarks(),
            diagnosis_marks=self.diagnosis_marks(),
        )

    def gained(self, steps: int, measured_at: float) -> History:
        """What its history has gained, as on the wire.

        Args:
            steps: Number of steps whose losses are known already.
            measured_at: Last step whose scalars are known already.
        """
        return History(
            run=self.number,
            losses=self.losses.part(steps),
            trace=self.measured.since(measured_at),
            trace_stride=self.measured.stride,
        )

    def bookmarks(self) -> list[BookmarkEntry]:
        """Its bookmarks, as on the wire."""
        named = [] if self.recording is None else self.recording.log.bookmarks
        return [BookmarkEntry(step=each.step, text=each.text) for each in named]

    def diagnosis_marks(self) -> list[DiagnosisMark]:
        """The diagnoses that were found, as on the wire, the newest ones."""
        found = [(step, change.kind) for step, change in self.diagnoses.all if change.is_found]
        return [DiagnosisMark(step=step, kind=kind.name, label=kind.label) for step, kind in found[-MARKS_LENGTH:]]

    def recorded_steps(self) -> int:
        """Last step that can be looked at; -1 for none."""
        if self.recording is None:
            return -1
        return self.step if self.recording.full_at is None else self.recording.full_at

    def step_error(self, step: int) -> str | None:
        """Why a step cannot be found; None if it can."""
        last = self.recorded_steps()
        if self.recording is None:
            return NOT_KEPT
        if step <= last:
            return None
        expected = f"Expected a step from 0 to {format_count(last)} of “{self.name}”, but got {format_count(step)}."
        return expected if last == self.step else f"{expected} The log of the run is full there."

    def shared_steps(self, other: "RunRecord") -> int:
        """Number of steps up to which it is the same as another run; 0 if they began apart."""
        theirs = dict(other.lineage)
        return next((min(step, theirs[number]) for number, step in self.lineage if number in theirs), 0)
