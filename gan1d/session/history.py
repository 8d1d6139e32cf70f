"""History of a run: the losses of every step, and measurements at fixed steps.

What is kept is a function of the run alone: it does not depend on the speed, on the number of viewers, or on the steps
at which they saw a frame. So a viewer that joins late, or loads its page again, gets the same history.
"""

import bisect
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gan1d.engine.training.reports import Reports
from gan1d.evaluation.frame import SCALARS, Frame
from gan1d.session.messages import LossHistory

HISTORY_LENGTH: Final = 2048
"""Largest number of buckets of losses; few charts are wider in pixels."""
PENDING_STEPS: Final = 1024
"""Steps that wait before they are sorted into buckets; one by one would cost more than the steps themselves."""
REPORTED: Final = ("loss_d", "loss_g", "grad_norm_d", "grad_norm_g")
"""Numbers that every step reports."""
DIGITS: Final = 6
"""Significant digits on the wire."""

MEASURED_LENGTH: Final = 128
"""Number of measurements above which their stride is doubled."""
FIRST_STRIDE: Final = 5
"""Steps between two measurements at the beginning of a run."""
FIRST_STEPS: Final = 100
"""Steps from which on measurements are `USUAL_STRIDE` steps apart."""
USUAL_STRIDE: Final = 25
"""Steps between two measurements after that, until there are `MEASURED_LENGTH`."""


class StepHistory:
    """Losses and gradient norms of every step of a run, in bounded memory.

    Bucket i holds steps i · stride + 1 to (i + 1) · stride: the last value, the lowest and the highest. When there
    would be more than `HISTORY_LENGTH` buckets, each two become one, and the stride doubles.

    Attributes:
        stride: Steps in a bucket; the last bucket may have fewer.
        steps: Steps in the buckets. Up to `PENDING_STEPS` more may wait until `part` is called.
    """

    def __init__(self) -> None:
        self.stride, self.steps = 1, 0
        self._last, self._low, self._high = (np.empty((len(REPORTED), HISTORY_LENGTH), np.float32) for _ in range(3))
        self._pending: list[Reports] = []
        self._pending_steps = 0

    @property
    def all_steps(self) -> int:
        """Steps in the buckets and those that wait."""
        return self.steps + self._pending_steps

    def add(self, reports: Reports) -> None:
        """Add steps, which follow those that were added before."""
        if len(reports):
            self._pending.append(reports)
            self._pending_steps += len(reports)
            if self._pending_steps >= PENDING_STEPS:
                self._sort_pending()

    def part(self, first_step: int = 0) -> LossHistory:
        """The buckets with the steps after `first_step`, as a message."""
        self._sort_pending()
        first, end = first_step // self.stride, -(-self.steps // self.stride)
        last, low, high = (
            dict(zip(REPORTED, rounded(array[:, first:end]).tolist(), strict=True))
            for array in (self._last, self._low, self._high)
        )
        is_plain = self.stride == 1
        return LossHistory(
            stride=self.stride,
            steps=self.steps,
            first=first,
            last=last,
            low={} if is_plain else low,
            high={} if is_plain else high,
        )

    def up_to(self, step: int) -> "StepHistory":
        """The full buckets up to a step; the steps after them have to be added."""
        self._sort_pending()
        part = StepHistory()
        count = min(step, self.steps) // self.stride
        part.stride, part.steps = self.stride, count * self.stride
        for own, other in ((part._last, self._last), (part._low, self._low), (part._high, self._high)):
            own[:, :count] = other[:, :count]
        return part

    def _sort_pending(self) -> None:
        """Sort the steps that wait into buckets."""
        if not self._pending:
            return
        with np.errstate(over="ignore"):
            new = np.array(
                [np.concatenate([getattr(part, name) for part in self._pending]) for name in REPORTED], np.float32
            )
        self._pending, self._pending_steps, count = [], 0, new.shape[1]
        while self.steps + count > HISTORY_LENGTH * self.stride:
            self._merge_pairs()
        filled = self.steps % self.stride
        starts = np.arange(-filled, count, self.stride).clip(0)
        first = self.steps // self.stride
        place = slice(first, first + len(starts))
        low, high = np.fmin.reduceat(new, starts, axis=1), np.fmax.reduceat(new, starts, axis=1)
        if filled:
            low[:, 0] = np.fmin(low[:, 0], self._low[:, first])
            high[:, 0] = np.fmax(high[:, 0], self._high[:, first])
        self._last[:, place] = new[:, np.append(starts[1:], count) - 1]
        self._low[:, place], self._high[:, place] = low, high
        self.steps += count

    def _merge_pairs(self) -> None:
        used = -(-self.steps // self.stride)
        self.stride *= 2
        if used == 0:
            return
        for array, merge in ((self._last, _second), (self._low, np.fmin), (self._high, np.fmax)):
            # A last bucket without a partner stays as it is.
            merged = merge(array[:, : used - 1 : 2], array[:, 1:used:2])
            array[:, (used - 1) // 2] = array[:, used - 1]
            array[:, : used // 2] = merged


def _second(_: NDArray[np.float32], second: NDArray[np.float32]) -> NDArray[np.float32]:
    return second.copy()


def rounded(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Numbers rounded to `DIGITS` significant digits, which JSON then writes in as many characters."""
    exact = values.astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        exponents = DIGITS - 1 - np.floor(np.log10(np.abs(exact)))
    scales = 10.0 ** np.where(np.isfinite(exponents), exponents, 0)
    return np.asarray(np.rint(exact * scales) / scales)


class MeasuredHistory:
    """All scalars of a run at fixed steps: every 5th at first, every 25th from step 100 on.

    When there are more than `MEASURED_LENGTH`, about half of them go, and the stride doubles.

    Attributes:
        stride: Number of which all steps in the columns are multiples.
        columns: `step` and each scalar of a frame → its values, oldest first.
    """

    def __init__(self) -> None:
        self.stride = FIRST_STRIDE
        self.columns: dict[str, list[float]] = {name: [] for name in ("step", *SCALARS)}

    def next_step(self, step: int) -> int:
        """The first step after `step` to measure."""
        stride = USUAL_STRIDE if self.stride == FIRST_STRIDE and step >= FIRST_STEPS else self.stride
        return step - step % stride + stride

    def is_due(self, step: int) -> bool:
        """Whether a step is to be measured."""
        return step > 0 and self.next_step(step - 1) == step

    def add(self, frame: Frame) -> None:
        """Add the frame of a step to measure, or replace the last one if it is of the same step."""
        steps = self.columns["step"]
        if steps and steps[-1] == frame.step:
            for column in self.columns.values():
                del column[-1]
        for name, column in self.columns.items():
            column.append(getattr(frame, name))
        if len(steps) > MEASURED_LENGTH:
            self.stride = max(2 * self.stride, 2 * USUAL_STRIDE)
            kept = [step % self.stride == 0 for step in steps]
            for column in self.columns.values():
                column[:] = [value for value, is_kept in zip(column, kept, strict=True) if is_kept]

    def up_to(self, step: int) -> "MeasuredHistory":
        """The measurements up to a step."""
        part, end = MeasuredHistory(), bisect.bisect_right(self.columns["step"], step)
        part.stride = self.stride
        part.columns = {name: column[:end] for name, column in self.columns.items()}
        return part

    def since(self, step: float) -> dict[str, list[float]]:
        """The columns from `step` on."""
        first = bisect.bisect_left(self.columns["step"], step)
        return {name: column[first:] for name, column in self.columns.items()}
