"""States of a run that are kept in memory, closer together the younger they are.

A state between two key-frames is found by making the steps from the earlier one again, so the gap between them is the
longest wait of a seek.
"""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from gan1d.config.model import Config

SPACING: Final = 34
"""Steps between key-frames while there is room for all of them. `BUDGET` has room for 1,530 of the default's states,
so that up to step 104,000 each second of these steps is kept."""
BUDGET: Final = 2**24
"""Bytes that the key-frames of a run may take."""
IRREGULAR: Final = -1
"""Rank of a key-frame whose step is no multiple of `SPACING`."""


@dataclass(frozen=True)
class KeyFrame:
    """The state of a run at a step.

    Attributes:
        step: Number of steps made.
        events: Number of events of the run's log that are done.
        config: The settings in force.
        state: All else that is needed to go on, as bytes.
        is_light: Whether the state lacks what a step of both players makes good; see `Recording.key_frame`.
    """

    step: int
    events: int
    config: Config
    state: bytes
    is_light: bool = False


class KeyFrames:
    """Key-frames of a run within a budget.

    Where there is no room for a new one, the oldest of the lowest rank goes (see `rank_of`): first those between the
    multiples of `SPACING`, then every second of these, then every fourth, and so on. So the gaps are at most twice as
    long as they have to be, and longest at the beginning of the run. The first and the newest always stay.

    Args:
        budget: Largest number of bytes of all states together; the first and the newest are kept even if they are
            larger.

    Attributes:
        bytes: Number of bytes of all states together.
    """

    def __init__(self, budget: int = BUDGET) -> None:
        self._budget = budget
        self.bytes = 0
        self._all: list[KeyFrame] = []
        self._ranks: list[int] = []

    def __len__(self) -> int:
        return len(self._all)

    @property
    def steps(self) -> list[int]:
        """Steps of all key-frames, increasing."""
        return [each.step for each in self._all]

    @property
    def states(self) -> list[bytes]:
        """All states, in the order of their steps."""
        return [each.state for each in self._all]

    @property
    def largest_gap(self) -> int:
        """Largest number of steps between neighbouring key-frames; 0 if there are fewer than two."""
        steps = self.steps
        return max((after - before for before, after in pairwise(steps)), default=0)

    def is_due(self, step: int) -> bool:
        """Whether a step is a multiple of `SPACING`, or so many steps after the newest key-frame."""
        return not self._all or step % SPACING == 0 or step - self._all[-1].step >= SPACING

    def add(self, key_frame: KeyFrame) -> None:
        """Keep a key-frame, which replaces one at the same step.

        Raises:
            ValueError: Its step is before that of the newest.
        """
        if self._all and key_frame.step < self._all[-1].step:
            raise ValueError(f"Expected a step of {self._all[-1].step} or more, but got {key_frame.step}.")
        if self._all and key_frame.step == self._all[-1].step:
            self._remove(len(self._all) - 1)
        self._all.append(key_frame)
        self._ranks.append(rank_of(key_frame.step))
        self.bytes += len(key_frame.state)
        self._thin()

    @property
    def budget(self) -> int:
        """Largest number of bytes of all states together; key-frames go if a lower one is set."""
        return self._budget

    @budget.setter
    def budget(self, budget: int) -> None:
        self._budget = budget
        self._thin()

    def _thin(self) -> None:
        """Drop key-frames until the others are within the budget."""
        while self.bytes > self._budget and len(self._all) > 2:
            inner = self._ranks[1:-1]
            self._remove(1 + inner.index(min(inner)))

    def _remove(self, index: int) -> None:
        del self._ranks[index]
        self.bytes -= len(self._all.pop(index).state)

    def before(self, step: int) -> KeyFrame:
        """The newest key-frame at or before a step.

        Raises:
            ValueError: There is none.
        """
        found = bisect_right(self._all, step, key=lambda each: each.step)
        if not found:
            raise ValueError(f"Expected a step of {self.steps[0] if self._all else 0} or more, but got {step}.")
        return self._all[found - 1]

    def gap_at(self, step: int) -> int:
        """Number of steps between the key-frames before and after a step, or from the last one to the step."""
        after = bisect_right(self._all, step, key=lambda each: each.step)
        last = self._all[after].step if after < len(self._all) else step
        return last - self._all[after - 1].step if after else 0

    def up_to(self, step: int) -> "KeyFrames":
        """The key-frames at or before a step, in the same budget; the states are shared."""
        part = KeyFrames(self._budget)
        part._all = self._all[: bisect_right(self._all, step, key=lambda each: each.step)]
        part._ranks = self._ranks[: len(part._all)]
        part.bytes = sum(len(each.state) for each in part._all)
        return part


def rank_of(step: int) -> int:
    """How often a step, in units of `SPACING`, can be halved; `IRREGULAR` for a step between two of them."""
    count, rest = divmod(step, SPACING)
    return IRREGULAR if rest else (count & -count).bit_length()
