"""When a run takes its next step, and when its viewers get the next frame."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from gan1d.recording.run_log import UpdatedPlayer
from gan1d.session.flow_control import FlowControl
from gan1d.session.messages import PlaybackState, Speed
from gan1d.session.pacing import FRAME_SECONDS, SLICE_SECONDS, Pace, Slices, StepRate
from gan1d.session.run import Run
from gan1d.session.second_run import SecondRun

PARK_SECONDS: Final = 1.0
"""Time without credit for any viewer after which a playing run waits until one draws again."""

FULL_SPEED_FRAME_SECONDS: Final = 1 / 30
"""Shortest time between two frames at full speed. A frame costs as much as one or two steps, and more in the browser,
which may share the processor."""
CROWDED_FRAME_SECONDS: Final = 1 / 10
"""Longest time between two frames at full speed."""
FRAME_SHARE: Final = 0.1
"""Share of the time that frames may take at full speed, within these bounds."""


@dataclass(frozen=True)
class StepRequest:
    """Steps to take while the run is paused.

    Attributes:
        count: Number of steps left.
        player: The player to update, or both.
    """

    count: int
    player: UpdatedPlayer


class PlaybackControl:
    """Advances a run and publishes its frames. The run may be replaced by another one at any time.

    Args:
        timer: Seconds, to measure how long a slice took.

    Attributes:
        running: Whether the run is playing.
        pending: Steps that are left to take while it is not.
    """

    def __init__(self, timer: Callable[[], float]) -> None:
        self.running = False
        self.pending: StepRequest | None = None
        self._timer = timer
        self._pace, self._slices, self._rate = Pace(), Slices(), StepRate()
        self._frame_at = self._credit_at = -math.inf

    @property
    def state(self) -> PlaybackState:
        """Running or not, and the speed, as a message."""
        return PlaybackState(running=self.running, speed=self._pace.speed)

    def play(self, step: int, now: float) -> None:
        """Begin to play, unless the run is playing already."""
        if not self.running:
            self.running, self._credit_at = True, now
            self.begin(step, now)

    def halt(self, step: int, now: float, pending: StepRequest | None = None) -> None:
        """Pause, with some steps still to take if any are given, and publish a frame without waiting for its time."""
        self.running, self.pending = False, pending
        self._rate.restart(step, now)
        self._frame_at = min(self._frame_at, now)

    def hurry(self, now: float) -> None:
        """Publish a frame without waiting for its time."""
        self._frame_at = min(self._frame_at, now)

    def begin(self, step: int, now: float) -> None:
        """Start the clock of the pace, so that the next step is due at once, and drop pending steps."""
        self.pending = None
        self._pace.start(now)
        self._rate.restart(step, now)

    def set_speed(self, speed: Speed, now: float) -> None:
        """Change the speed."""
        self._pace.speed = speed
        self._pace.start(now)

    def rate(self, step: int, now: float) -> float:
        """Measured steps a second."""
        return self._rate.measure(step, now)

    def is_parked(self, now: float) -> bool:
        """Whether no viewer has had credit for `PARK_SECONDS`."""
        return now - self._credit_at > PARK_SECONDS

    def train(
        self,
        run: Run,
        flow_control: FlowControl,
        now: float,
        slice_seconds: float = SLICE_SECONDS,
        *,
        is_held: bool = False,
    ) -> None:
        """Train for at most one slice of this length, if a step is due and the run is not held back."""
        if flow_control.has_credit():
            self._credit_at = now
        due = 0 if is_held else self._steps_due(flow_control, now)
        if due < 1:
            return
        begun = self._timer()
        taken = run.advance(
            int(min(due, self._slices.size(slice_seconds))), self.pending.player if self.pending else "both"
        )
        self._slices.record(taken, self._timer() - begun)
        if flow_control.all_look_back():
            # No frame is sent, whose time would be that of the next step.
            self._frame_at = max(self._frame_at, now) + FRAME_SECONDS
        if self.pending is None:
            self._pace.spend(taken)
            return
        left = self.pending.count - taken
        self.pending = replace(self.pending, count=left) if left > 0 else None
        if self.pending is None:
            self._frame_at = min(self._frame_at, now)

    def _steps_due(self, flow_control: FlowControl, now: float) -> float:
        if self.pending is not None:
            return self.pending.count
        if not self.running or self.is_parked(now):
            return 0
        if self._pace.speed == "frame" and (now < self._frame_at or not flow_control.has_credit()):
            return 0
        return self._pace.allow(now)

    def publish(self, run: Run, flow_control: FlowControl, now: float, second: SecondRun | None = None) -> None:
        """Send the present picture, and that of the second run, to the viewers that wait for it, if it is due."""
        picture = picture_of(run, second)
        if now >= self._frame_at and flow_control.waits_for(picture):
            begun, gap = self._timer(), FRAME_SECONDS
            if second is None:
                flow_control.send_frame(picture, run.encoded_frame)
            else:
                flow_control.send_frame(picture, run.encoded_frame, second.frame)
            if self.running and self._pace.speed == "max":
                wanted = (self._timer() - begun) / FRAME_SHARE
                gap = min(max(wanted, FULL_SPEED_FRAME_SECONDS), CROWDED_FRAME_SECONDS)
            # A late frame does not delay the next one, but after a long pause no two frames follow at once.
            self._frame_at = max(self._frame_at + gap, now + gap / 2)

    def next_at(self, run: Run, flow_control: FlowControl, now: float, second: SecondRun | None = None) -> float:
        """Time of the next step or frame; infinite if only a command or an acknowledgement can bring one."""
        if self.pending is not None:
            return now
        due = [math.inf]
        if flow_control.waits_for(picture_of(run, second)):
            due.append(self._frame_at)
        if self.running and not self.is_parked(now):
            if self._pace.speed != "frame":
                due.append(now + self._pace.wait(now))
            elif flow_control.has_credit():
                due.append(self._frame_at)
        return min(due)


def picture_of(run: Run, second: SecondRun | None) -> int:
    """Number of the present picture: that of the run, or of both runs."""
    return run.picture if second is None else second.picture(run)
