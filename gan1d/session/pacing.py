"""How fast a run is watched: a speed in steps a second, one step per drawn frame, or as fast as it goes.

Pure arithmetic on a clock that somebody else reads.
"""

import math
from dataclasses import dataclass
from typing import Final

from gan1d.formatting import format_count
from gan1d.session.messages import Speed, SpeedChoice

FRAME_SECONDS: Final = 1 / 60
"""Time between two frames at least: what a common screen can show."""
SLICE_SECONDS: Final = 0.0005
"""Longest stretch of training before others get their turn; sixteen sessions then wait 8 ms for each other."""
PATIENCE_SECONDS: Final = 0.1
"""A run that fell behind by more than this lets the rest go: no burst after a stall."""
BATCH_SECONDS: Final = 1 / 250
"""Steps that come faster than this are made a few at a time, because waking up costs more than they do."""

ROUNDING: Final = 1e-6
"""Share of a step that sums of floating-point times may be short of a whole one."""

DEFAULT_SPEED: Final[Speed] = "frame"


def speeds() -> list[SpeedChoice]:
    """The speed menu, slowest first."""
    slow: dict[Speed, str] = {speed: f"{speed:g} step{'' if speed == 1 else 's'}/s" for speed in (0.5, 1, 2, 5, 10, 30)}
    fast: dict[Speed, str] = {speed: f"{format_count(speed)} steps/s" for speed in (200, 500, 1000, 2000, 5000)}
    menu = {**slow, "frame": "one step per frame", **fast, "max": "as fast as possible"}
    return [SpeedChoice(value=speed, label=label) for speed, label in menu.items()]


class Pace:
    """How many steps a running session may make now.

    Attributes:
        speed: As the page set it.
    """

    def __init__(self, speed: Speed = DEFAULT_SPEED) -> None:
        self.speed = speed
        self._allowed = 0.0
        self._counted_at = 0.0

    def start(self, now: float) -> None:
        """Play was pressed, or the speed changed: the first step is due at once."""
        self._allowed, self._counted_at = 1.0, now

    def allow(self, now: float) -> float:
        """Steps that may be made now; infinite at full speed."""
        if not isinstance(self.speed, float | int):
            return math.inf if self.speed == "max" else 1.0
        grown = self._allowed + (now - self._counted_at) * self.speed
        self._allowed = min(grown, max(1.0, PATIENCE_SECONDS * self.speed))
        self._counted_at = now
        return float(math.floor(self._allowed + ROUNDING))

    def spend(self, steps: int) -> None:
        """That many steps were made."""
        if isinstance(self.speed, float | int):
            self._allowed -= steps

    def wait(self, now: float) -> float:
        """Seconds until there is a step to make."""
        if not isinstance(self.speed, float | int) or self._allowed >= 1 - ROUNDING:
            return 0.0
        gap = (1 - self._allowed) / self.speed
        if self.speed * BATCH_SECONDS > 1:
            gap = max(gap, BATCH_SECONDS)
        return max(0.0, self._counted_at + gap - now)


class Slices:
    """How many steps fit into one slice, learned from how long the last ones took."""

    def __init__(self) -> None:
        self._seconds_per_step = SLICE_SECONDS

    def size(self) -> int:
        """At least one: a single step of a large network takes as long as it takes."""
        return max(1, int(SLICE_SECONDS / self._seconds_per_step))

    def learn(self, steps: int, seconds: float) -> None:
        """Follow slowly, because a slice that was interrupted says nothing about the next."""
        if steps > 0:
            measured = max(seconds / steps, 1e-7)
            self._seconds_per_step += 0.25 * (min(measured, 4 * self._seconds_per_step) - self._seconds_per_step)


@dataclass
class StepRate:
    """Steps a second, measured over the stretch since it was last asked for."""

    value: float = 0.0
    _step: int = 0
    _at: float = -math.inf

    def restart(self, step: int, now: float) -> None:
        """Training stopped or began: what was measured before says nothing now."""
        self.value, self._step, self._at = 0.0, step, now

    def measure(self, step: int, now: float) -> float:
        """The present rate; the old one when too little time has passed to tell."""
        if now - self._at >= 0.2:
            self.value = max(0.0, (step - self._step) / (now - self._at))
            self._step, self._at = step, now
        return self.value
