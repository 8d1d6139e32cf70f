"""How fast a run is played: in steps a second, one step per drawn frame, or as fast as possible.

The caller passes the time in seconds.
"""

import math
from dataclasses import dataclass
from typing import Final

from gan1d.formatting import format_count
from gan1d.session.messages import Speed, SpeedChoice

FRAME_SECONDS: Final = 1 / 60
"""Shortest time between two frames, which is what common screens show."""
SLICE_SECONDS: Final = 0.0005
"""Shortest time of one slice of training. With sixteen sessions, a session then waits 8 ms for the others."""
ROUND_SECONDS: Final = 0.008
"""Time of a round in which few sessions train. The first steps of a slice cost more than the others, and so does the
handing of the interpreter to the event loop, so a session that trains alone has longer slices."""
BACKLOG_SECONDS: Final = 0.1
"""Time by which a run may be late and catch up. Steps that are later than this are dropped, so that no burst follows a
stall."""
BATCH_SECONDS: Final = 1 / 250
"""Shortest time between two slices at a fixed speed. Faster steps are taken a few at a time, because waking up costs
more than a step."""
ROUNDING: Final = 1e-6
"""Share of a step that a sum of floating-point times may lack."""
RATE_SECONDS: Final = 0.2
"""Shortest time over which steps a second are measured."""
LEARNING_SHARE: Final = 0.25
"""Weight of the last slice in the average time of a step."""

DEFAULT_SPEED: Final[Speed] = "frame"


def speeds() -> list[SpeedChoice]:
    """The speed menu, slowest first."""
    slow: dict[Speed, str] = {speed: f"{speed:g} step{'' if speed == 1 else 's'}/s" for speed in (0.5, 1, 2, 5, 10, 30)}
    fast: dict[Speed, str] = {speed: f"{format_count(speed)} steps/s" for speed in (200, 500, 1000, 2000, 5000)}
    menu = {**slow, "frame": "one step per frame", **fast, "max": "as fast as possible"}
    return [SpeedChoice(value=speed, label=label) for speed, label in menu.items()]


class Pace:
    """How many steps a playing run may take now.

    Attributes:
        speed: Steps a second, "frame" or "max".
    """

    def __init__(self, speed: Speed = DEFAULT_SPEED) -> None:
        self.speed = speed
        self._allowed = 0.0
        self._counted_at = 0.0

    def start(self, now: float) -> None:
        """Begin to count from now on, with the first step due at once."""
        self._allowed, self._counted_at = 1.0, now

    def allow(self, now: float) -> float:
        """Number of steps that may be taken now, a whole number; infinite at full speed."""
        if not isinstance(self.speed, float | int):
            return math.inf if self.speed == "max" else 1.0
        grown = self._allowed + (now - self._counted_at) * self.speed
        self._allowed = min(grown, max(1.0, BACKLOG_SECONDS * self.speed))
        self._counted_at = now
        return float(math.floor(self._allowed + ROUNDING))

    def spend(self, steps: int) -> None:
        """Subtract steps that were taken."""
        if isinstance(self.speed, float | int):
            self._allowed -= steps

    def wait(self, now: float) -> float:
        """Seconds until the next step may be taken."""
        if not isinstance(self.speed, float | int) or self._allowed >= 1 - ROUNDING:
            return 0.0
        gap = (1 - self._allowed) / self.speed
        if self.speed * BATCH_SECONDS > 1:
            gap = max(gap, BATCH_SECONDS)
        return max(0.0, self._counted_at + gap - now)


class Slices:
    """Number of steps in one slice, from the measured time of past steps."""

    def __init__(self) -> None:
        self._seconds_per_step = SLICE_SECONDS

    def size(self, seconds: float = SLICE_SECONDS) -> int:
        """Number of steps that take so many seconds, but at least 1."""
        return max(1, int(seconds / self._seconds_per_step))

    def record(self, steps: int, seconds: float) -> None:
        """Update the average time of a step, slowly, because a slice may have been interrupted."""
        if steps > 0:
            measured = max(seconds / steps, 1e-7)
            error = min(measured, 4 * self._seconds_per_step) - self._seconds_per_step
            self._seconds_per_step += LEARNING_SHARE * error


@dataclass
class StepRate:
    """Measured steps a second.

    Attributes:
        value: The last measurement.
    """

    value: float = 0.0
    _step: int = 0
    _at: float = -math.inf

    def restart(self, step: int, now: float) -> None:
        """Begin a new measurement from 0 steps a second."""
        self.value, self._step, self._at = 0.0, step, now

    def measure(self, step: int, now: float) -> float:
        """Steps a second since the last measurement, or that measurement again if it is less than 0.2 s old."""
        if now - self._at >= RATE_SECONDS:
            self.value = max(0.0, (step - self._step) / (now - self._at))
            self._step, self._at = step, now
        return self.value
