"""History of a run: the losses of every step, measurements at fixed steps, and a mark for each change of the config.

What is kept is a function of the run alone: it does not depend on the speed, on the number of viewers, or on the steps
at which they saw a frame. So a viewer that joins late, or loads its page again, gets the same history.
"""

import bisect
import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gan1d.config.errors import ConfigError
from gan1d.config.model import Config
from gan1d.config.paths import knob_at
from gan1d.engine.training.reports import Reports
from gan1d.engine.units import IDENTITY, Units
from gan1d.evaluation.frame import SCALARS, Frame
from gan1d.session.messages import LossHistory, Mark

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

MARKS_LENGTH: Final = 500
"""Number of marks that are kept, the newest ones."""
LISTED_ENTRIES: Final = 6
"""Longest list that a mark shows entry by entry, which is the highest number of hidden layers."""
MERGE_SECONDS: Final = 1.0
"""Longest pause between two changes of the same setting that are one drag, and so one mark."""
NO_VALUE: Final = "none"
"""Shown for a setting that a config does not have."""
KEPT_SHARE: Final = 0.01
"""Share of its range by which a curve may move and still be called kept; on the page it is the width of a line."""


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


class ChangeMarks:
    """Changes of the config on the step axis; the changes of one drag are merged into one mark.

    Attributes:
        all: The marks, oldest first.
    """

    def __init__(self) -> None:
        self.all: list[Mark] = []
        self._units = self._units_before = IDENTITY
        self._from: Config | None = None
        self._error: float | None = None
        self._at = 0.0

    def begin(self, units: Units) -> None:
        """Begin, or go on, with a run in these units; no later change is part of an earlier drag."""
        self._units = self._units_before = units
        self._from = None

    def add(
        self,
        old: Config,
        new: Config,
        path: str,
        step: int,
        now: float,
        error: float | None = None,
        units: Units = IDENTITY,
    ) -> Mark:
        """Add the mark of a change, or extend the last mark if both are part of one drag.

        Args:
            old: The config before the change.
            new: The config after it.
            path: Config path that was set.
            step: Step of the change.
            now: Time of the change in seconds.
            error: How far the function of a rebuilt network has moved, as a share of its range; infinite if the
                network was reinitialized, None if none was rebuilt. In a drag they add up, so that the label holds for
                all of it.
            units: Units of the run after the change.

        Returns:
            The new or extended mark.
        """
        last = self.all[-1] if self.all else None
        is_drag = last is not None and last.path == path and (now - self._at < MERGE_SECONDS or last.step == step)
        self._at = now
        if last is not None and is_drag and self._from is not None:
            old, step = self._from, last.step
            error = self._error if error is None else error + (self._error or 0.0)
            self.all.pop()
        else:
            self._units_before = self._units
        self._from, self._error, self._units = old, error, units
        label = change_label(old, new, path) + transfer_label(error)
        if units != self._units_before:
            label += ", place and scale measured anew"
        mark = Mark(step=step, path=path, label=label)
        self.all.append(mark)
        del self.all[:-MARKS_LENGTH]
        return mark

    def up_to(self, step: int) -> "ChangeMarks":
        """The marks up to a step."""
        part = ChangeMarks()
        part.all = [mark for mark in self.all if mark.step <= step]
        return part


def change_label(old: Config, new: Config, path: str) -> str:
    """A change in a few words, such as "G learning rate 0.002 → 0.008" or "mode 2 width 0.5 → 0.3"."""
    name, before, after = shown_values(old, new, path)
    # A long list is shown by its length, which may be the same.
    return f"{name} {before} → {after}" if before != after else f"{name} changed"


def shown_values(old: Config, new: Config, path: str) -> tuple[str, str, str]:
    """Name of a setting, such as "G learning rate", and its value in two configs in a few characters each."""
    path = path.removesuffix(".kind")
    *parents, last = path.split(".")
    words = [{"generator": "G", "discriminator": "D"}.get(name, "") for name in parents[:1]]
    for collection, key in zip(parents, path.split(".")[1:], strict=True):
        if key.isdecimal():
            words.append(f"{collection.removesuffix('s')} {int(key) + 1}")
    if not last.isdecimal():
        words.append(_label_of(old, path) or last.replace("_", " "))
    return " ".join(filter(None, words)), _shown(old, path), _shown(new, path)


def transfer_label(error: float | None) -> str:
    """The end of a label, which says how much of a rebuilt network's function was kept; percentages are rounded up."""
    if error is None:
        return ""
    if math.isinf(error):
        return ", reinitialized"
    return ", kept" if error < KEPT_SHARE else f", kept to {math.ceil(round(100 * error, 6))} %"


def _label_of(config: Config, path: str) -> str:
    """The field's label on the page; "" if it has none, or does not exist."""
    try:
        return knob_at(config, path).label
    except ConfigError:
        return ""


def _shown(config: Config, path: str) -> str:
    """A value in a few characters."""
    try:
        value = config.value_at(path)
    except ConfigError:
        return NO_VALUE
    if isinstance(value, dict):
        return str(value["kind"]).replace("_", " ") if "kind" in value else "…"
    if isinstance(value, list):
        is_listed = len(value) <= LISTED_ENTRIES and all(isinstance(item, int | float) for item in value)
        return "-".join(f"{item:g}" for item in value) if is_listed and value else f"{len(value)}"
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")
