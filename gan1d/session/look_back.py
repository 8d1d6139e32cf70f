"""Looking back: finding the frames of earlier steps for single viewers, a little at a time.

The run is not touched: what a viewer looks at is made by a second trainer, from the nearest key-frame and the log. All
viewers of a session share that trainer, so however many look back, they take the time and memory of one.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final, Generic, Protocol, TypeVar

from gan1d.config.model import Config
from gan1d.diagnosis.kinds import KINDS
from gan1d.evaluation import codec
from gan1d.evaluation.observe import observe
from gan1d.evaluation.probe import Probe
from gan1d.recording.repetition import RepeatedRun, Repetition
from gan1d.session import messages
from gan1d.session.flow_control import Subscriber
from gan1d.session.messages import encode_event
from gan1d.session.pacing import Slices
from gan1d.session.run import scene_fields
from gan1d.session.run_record import RunRecord

KEPT_FRAMES: Final = 64
"""Frames that are kept for viewers who look at the same step."""

GIVE_UP_SECONDS: Final = 0.1
"""Seconds of work after which a step is given up if its viewer wants another one. Up to then it is found nevertheless:
otherwise a viewer that drags would see nothing until it stops."""


@dataclass(frozen=True)
class LookRequest:
    """A step that is to be found.

    Attributes:
        record: The run.
        step: The step.
        look: Number of the look.
    """

    record: RunRecord
    step: int
    look: int


@dataclass(frozen=True)
class PastFrame:
    """A frame of an earlier step.

    Attributes:
        record: The run.
        step: The step.
        config: The settings in force there.
        scene: The fields of its scene, which all frames of that scene share.
        encoded: The frame as it was sent when the step was the present one.
    """

    record: RunRecord
    step: int
    config: Config
    scene: dict[str, Any]
    encoded: bytes


class StepFinder:
    """Finds one step of recorded runs after another: by a second trainer, from the nearest key-frame and the log.

    Args:
        timer: Seconds, to measure how long a slice took.
    """

    def __init__(self, timer: Callable[[], float]) -> None:
        self._timer, self._slices = timer, Slices()
        self._record: RunRecord | None = None
        self._repetition: Repetition[RepeatedRun] | None = None
        self._probe: Probe | None = None
        self._scene: dict[str, Any] = {}

    def rest(self) -> None:
        """Free the memory."""
        self._record = self._repetition = self._probe = None
        self._scene = {}

    def reopen(self, record: RunRecord) -> None:
        """Begin anew with a run, because more may happen at its last step."""
        if self._record is record:
            self._record = self._repetition = None

    @property
    def run(self) -> RepeatedRun | None:
        """The run at the step that was reached; None at the beginning."""
        return None if self._repetition is None else self._repetition.run

    def advance(self, record: RunRecord, step: int, seconds: float) -> bool:
        """Make some steps towards a step, in about so many seconds; return whether it is reached."""
        repetition = self._repetition_for(record, step)
        begun = self._timer()
        made = repetition.advance(self._slices.size(seconds))
        if made:
            self._slices.record(made, self._timer() - begun)
        return repetition.is_over

    def _repetition_for(self, record: RunRecord, step: int) -> Repetition[RepeatedRun]:
        """The present repetition if it leads to the step by the shortest way, else a new one."""
        recording, present = record.recording, self._repetition
        assert recording is not None
        if present is not None and self._record is record and present.run.step <= step:
            is_near = recording.key_frame(step).step <= present.run.step
            if is_near and present.run.diverged is None:
                present.step = step
                return present
        self._record, self._repetition = record, recording.repetition(step)
        return self._repetition

    def frame(self, record: RunRecord, step: int) -> PastFrame:
        """The frame of a step that was reached."""
        repetition = self._repetition
        assert repetition is not None
        run = repetition.run
        units = run.trainer.units
        if self._probe is None or not self._probe.fits(run.config, units):
            self._probe, self._scene = Probe(run.config, units), {}
        frame = observe(run.trainer, self._probe, KINDS.index(record.diagnoses.at(step).kind))
        scene = record.scenes.at(step)
        if self._scene.get("scene") != scene:
            self._scene = scene_fields(self._probe, codec.layout(frame, units), scene, record.number)
        return PastFrame(record, step, run.config, self._scene, codec.encode(frame, scene, units))


Made = TypeVar("Made")
"""What is made of a step that was found."""


class LookBack(Generic[Made]):
    """Finds the steps at which viewers look.

    Args:
        timer: Seconds, to measure how long a slice took.
        make: Returns what a viewer gets of a step of a run, once the finder has reached the step.
        kept: Number of results that are kept.
    """

    def __init__(
        self,
        timer: Callable[[], float],
        make: Callable[[StepFinder, RunRecord, int], Made],
        kept: int = KEPT_FRAMES,
    ) -> None:
        self._timer, self._finder, self._make, self._kept = timer, StepFinder(timer), make, kept
        self._wanted: dict[Subscriber, LookRequest] = {}
        self._active: tuple[Subscriber, LookRequest] | None = None
        self._worked = 0.0
        self._found: OrderedDict[tuple[int, int], Made] = OrderedDict()

    def __len__(self) -> int:
        return len(self._wanted) + (self._active is not None)

    def want(self, viewer: Subscriber, request: LookRequest) -> None:
        """Have a step found for a viewer, in place of one that still waits."""
        if self._active is not None and self._active[0] is viewer:
            present = self._active[1]
            if (present.record, present.step) == (request.record, request.step):
                self._active = viewer, request
                self._wanted.pop(viewer, None)
                return
            if self._worked > GIVE_UP_SECONDS:
                self._active = None
        self._wanted[viewer] = request

    def drop(self, viewer: Subscriber) -> None:
        """Find nothing for a viewer."""
        self._wanted.pop(viewer, None)
        if self._active is not None and self._active[0] is viewer:
            self._active = None

    def stop(self) -> None:
        """Find nothing for any viewer."""
        self._wanted.clear()
        self._active = None
        self.rest()

    def rest(self) -> None:
        """Free the memory, because no viewer looks back."""
        self._finder.rest()
        self._found.clear()

    def rest_if_idle(self) -> None:
        """Free the second trainer if no step is to be found; what was made of steps is kept."""
        if len(self) == 0:
            self._finder.rest()

    def reopen(self, record: RunRecord) -> None:
        """Make everything of a run anew, because more may happen at its last step."""
        self._finder.reopen(record)
        for key in [key for key in self._found if key[0] == record.number]:
            del self._found[key]

    def forget(self, record: RunRecord) -> None:
        """Forget a run."""
        self.reopen(record)
        for viewer in [viewer for viewer, request in self._wanted.items() if request.record is record]:
            del self._wanted[viewer]
        if self._active is not None and self._active[1].record is record:
            self._active = None

    def advance(self, seconds: float) -> Iterator[tuple[Subscriber, int, Made]]:
        """Work for about so many seconds; yield viewer, number of the look and what was made of each step found."""
        begun = self._timer()
        while len(self):
            if self._active is None:
                viewer = next(iter(self._wanted))
                self._active, self._worked = (viewer, self._wanted.pop(viewer)), 0.0
            before = self._timer()
            viewer, request = self._active
            found = self._found.get((request.record.number, request.step))
            if found is None and self._finder.advance(request.record, request.step, seconds):
                found = self._make(self._finder, request.record, request.step)
            now = self._timer()
            self._worked += now - before
            if found is not None:
                self._active = None
                self._keep(request, found)
                yield viewer, request.look, found
            if now - begun >= seconds:
                return

    def _keep(self, request: LookRequest, found: Made) -> None:
        """Keep what was found, for other viewers of the same step."""
        key = request.record.number, request.step
        self._found[key] = found
        self._found.move_to_end(key)
        if len(self._found) > self._kept:
            self._found.popitem(last=False)


class ViewerRequest(Protocol):
    """What a viewer has requested about steps of a run."""

    @property
    def command(self) -> messages.ViewerCommand:
        """The command."""

    @property
    def record(self) -> RunRecord:
        """The run."""


Requested = TypeVar("Requested", bound=ViewerRequest)


class ViewerRequests(Generic[Requested]):
    """The viewers that wait for an answer about steps of runs, each to its last request.

    Args:
        look_back: Finds the steps.
    """

    def __init__(self, look_back: LookBack[Any]) -> None:
        self._look_back = look_back
        self._requests: dict[Subscriber, Requested] = {}

    def drop(self, viewer: Subscriber) -> None:
        """Answer a viewer no more."""
        self._requests.pop(viewer, None)
        self._look_back.drop(viewer)
        self._look_back.rest_if_idle()

    def reopen(self, record: RunRecord) -> None:
        """Expect more at the last step of a run."""
        self._look_back.reopen(record)

    def keep_only(self, records: Collection[RunRecord]) -> None:
        """Answer nothing about runs that are not among these."""
        for viewer, request in list(self._requests.items()):
            if request.record not in records:
                self._look_back.forget(request.record)
                self._refuse(viewer, f"“{request.record.name}” is no longer kept.")

    def refuse_all(self, reason: str) -> None:
        """Answer no viewer that waits, and say why."""
        for viewer in list(self._requests):
            self._refuse(viewer, reason)
        self._look_back.stop()

    def _refuse(self, viewer: Subscriber, reason: str) -> None:
        command = self._requests[viewer].command
        self.drop(viewer)
        viewer.send_text(encode_event(messages.Refused(message=reason, command=command.type)))
