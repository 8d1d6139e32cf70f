"""Whether a run plays, how fast, and when the next step and the next frame are due."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from gan1d.session.flow_control import FlowControl
from gan1d.session.messages import PlaybackState, Player, Speed
from gan1d.session.pacing import FRAME_SECONDS, Pace, Slices, StepRate
from gan1d.session.run import Run

PARK_SECONDS: Final = 1.0
"""A run nobody has had credit for this long waits until somebody draws again."""


CROWDED_FRAME_SECONDS: Final = 1 / 30
FRAME_ROUNDS: Final = 3
"""Among many sessions at full speed a look costs as much as a slice: one after every third turn leaves most of the time
to training. Frames then come half as often as usual, but no less."""


@dataclass(frozen=True)
class StepRequest:
    """Steps that were asked for one by one, and who makes them."""

    count: int
    player: Player


class PlaybackControl:
    """Moves a run along. The run may be exchanged for another one at any time.

    Args:
        timer: Measures how long a slice took.

    Attributes:
        running: Whether the run plays.
        asked: Steps still to make while it does not.
    """

    def __init__(self, timer: Callable[[], float]) -> None:
        self.running = False
        self.requested: StepRequest | None = None
        self._timer = timer
        self._pace, self._slices, self._rate = Pace(), Slices(), StepRate()
        self._frame_at = self._credit_at = self._turned_at = -math.inf
        self._round = 0.0

    @property
    def state(self) -> PlaybackState:
        """As the page is told it."""
        return PlaybackState(running=self.running, speed=self._pace.speed)

    def play(self, step: int, now: float) -> None:
        """Begin to play, if it does not already."""
        if not self.running:
            self.running, self._credit_at = True, now
            self.begin(step, now)

    def halt(self, step: int, now: float, requested: StepRequest | None = None) -> None:
        """Train no further than asked, and show where that is without waiting for a deadline."""
        self.running, self.requested = False, requested
        self._rate.restart(step, now)
        self._frame_at = min(self._frame_at, now)

    def begin(self, step: int, now: float) -> None:
        """Time counts from here: the next step is due at once."""
        self.requested = None
        self._pace.start(now)
        self._rate.restart(step, now)

    def set_speed(self, speed: Speed, now: float) -> None:
        """Play faster or slower from now on."""
        self._pace.speed = speed
        self._pace.start(now)

    def rate(self, step: int, now: float) -> float:
        """Steps a second, as measured."""
        return self._rate.measure(step, now)

    def is_parked(self, now: float) -> bool:
        """Whether nobody has been able to see anything for a while."""
        return now - self._credit_at > PARK_SECONDS

    def train(self, run: Run, flow_control: FlowControl, now: float) -> None:
        """At most one slice of training, if any is due."""
        if flow_control.has_credit():
            self._credit_at = now
        is_busy = self.running and self._pace.speed == "max"
        self._round += (
            0.2 * (min(now - self._turned_at, CROWDED_FRAME_SECONDS) - self._round) if is_busy else -self._round
        )
        self._turned_at = now
        due = self._steps_due(flow_control, now)
        if due < 1:
            return
        begun = self._timer()
        made = run.advance(int(min(due, self._slices.size())), self.requested.player if self.requested else "both")
        self._slices.learn(made, self._timer() - begun)
        if self.requested is None:
            self._pace.spend(made)
        else:
            left = self.requested.count - made
            self.requested = replace(self.requested, count=left) if left > 0 else None
            if self.requested is None:
                self._frame_at = min(self._frame_at, now)

    def _steps_due(self, flow_control: FlowControl, now: float) -> float:
        if self.requested is not None:
            return self.requested.count
        if not self.running or self.is_parked(now):
            return 0
        if self._pace.speed == "frame" and (now < self._frame_at or not flow_control.has_credit()):
            return 0
        return self._pace.allow(now)

    def publish(self, run: Run, flow_control: FlowControl, now: float) -> None:
        """Show the present picture to those who wait for it, if a frame is due."""
        if now >= self._frame_at and flow_control.waits_for(run.picture):
            flow_control.show(run.picture, run.observe)
            # On time again after a late frame, but no two at once after a long wait.
            gap = min(max(FRAME_SECONDS, FRAME_ROUNDS * self._round), CROWDED_FRAME_SECONDS)
            self._frame_at = max(self._frame_at + gap, now + gap / 2)

    def next_at(self, run: Run, flow_control: FlowControl, now: float) -> float:
        """When the next step or frame is due; infinite if only a command or an ack can bring one."""
        if self.requested is not None:
            return now
        due = [math.inf]
        if flow_control.waits_for(run.picture):
            due.append(self._frame_at)
        if self.running and not self.is_parked(now):
            if self._pace.speed != "frame":
                due.append(now + self._pace.wait(now))
            elif flow_control.has_credit():
                due.append(self._frame_at)
        return min(due)
