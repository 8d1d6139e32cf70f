"""Looking back: finding the frames of earlier steps for single viewers, a little at a time.

The run is not touched: what a viewer looks at is made by a second trainer, from the nearest key-frame and the log. All
viewers of a session share that trainer, so however many look back, they take the time and memory of one.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from gan1d.config.model import Config
from gan1d.diagnosis.kinds import KINDS
from gan1d.evaluation import codec
from gan1d.evaluation.observe import observe
from gan1d.evaluation.probe import Probe
from gan1d.recording.recording import RepeatedRun, Repetition
from gan1d.session.flow_control import Subscriber
from gan1d.session.pacing import Slices
from gan1d.session.run import scene_fields
from gan1d.session.run_record import RunRecord

KEPT_FRAMES: Final = 64
"""Frames that are kept for viewers who look at the same step."""


GIVE_UP_SECONDS: Final = 0.1
"""Seconds of work after which a step is given up if its viewer wants another one. Up to then it is found nevertheless:
otherwise a viewer that drags would see nothing until it stops."""


@dataclass(frozen=True)
class Wish:
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
            is_near = recording.key_frames.before(step).step <= present.run.step
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


class LookBack:
    """Finds the frames at which viewers look.

    Args:
        timer: Seconds, to measure how long a slice took.
    """

    def __init__(self, timer: Callable[[], float]) -> None:
        self._timer, self._finder = timer, StepFinder(timer)
        self._wanted: dict[Subscriber, Wish] = {}
        self._active: tuple[Subscriber, Wish] | None = None
        self._worked = 0.0
        self._found: OrderedDict[tuple[int, int], PastFrame] = OrderedDict()

    def __len__(self) -> int:
        return len(self._wanted) + (self._active is not None)

    def want(self, viewer: Subscriber, wish: Wish) -> None:
        """Have a step found for a viewer, in place of one that still waits."""
        if self._active is not None and self._active[0] is viewer and self._worked > GIVE_UP_SECONDS:
            self._active = None
        self._wanted[viewer] = wish

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

    def reopen(self, record: RunRecord) -> None:
        """Make everything of a run anew, because more may happen at its last step."""
        self._finder.reopen(record)
        for key in [key for key in self._found if key[0] == record.number]:
            del self._found[key]

    def forget(self, record: RunRecord) -> None:
        """Forget a run."""
        self.reopen(record)
        for viewer in [viewer for viewer, wish in self._wanted.items() if wish.record is record]:
            del self._wanted[viewer]
        if self._active is not None and self._active[1].record is record:
            self._active = None

    def advance(self, seconds: float) -> Iterator[tuple[Subscriber, int, PastFrame]]:
        """Work for about so many seconds; yield viewer, number of the look and frame of each step that was found."""
        begun = self._timer()
        while len(self):
            if self._active is None:
                viewer = next(iter(self._wanted))
                self._active, self._worked = (viewer, self._wanted.pop(viewer)), 0.0
            before = self._timer()
            viewer, wish = self._active
            found = self._found.get((wish.record.number, wish.step))
            if found is None and self._finder.advance(wish.record, wish.step, seconds):
                found = self._finder.frame(wish.record, wish.step)
            now = self._timer()
            self._worked += now - before
            if found is not None:
                self._active = None
                self._keep(found)
                yield viewer, wish.look, found
            if now - begun >= seconds:
                return

    def _keep(self, found: PastFrame) -> None:
        """Keep a frame in case that somebody else looks at the same step."""
        key = found.record.number, found.step
        self._found[key] = found
        self._found.move_to_end(key)
        if len(self._found) > KEPT_FRAMES:
            self._found.popitem(last=False)
