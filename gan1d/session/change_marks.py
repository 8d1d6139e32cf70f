"""A mark on the step axis for each change of the config, with the change in a few words."""

import math
from typing import Final

from gan1d.config.errors import ConfigError
from gan1d.config.model import Config
from gan1d.config.paths import knob_at
from gan1d.engine.units import IDENTITY, Units
from gan1d.session.messages import Mark

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
    return f"{name} {before or NO_VALUE} → {after or NO_VALUE}" if before != after else f"{name} changed"


def shown_values(old: Config, new: Config, path: str) -> tuple[str, str, str]:
    """Name of a setting, such as "G learning rate", and its value in two configs in a few characters; "" without it."""
    path = path.removesuffix(".kind")
    *parents, last = path.split(".")
    words = [{"generator": "G", "discriminator": "D"}.get(name, "") for name in parents[:1]]
    for collection, key in zip(parents, path.split(".")[1:], strict=True):
        if key.isdecimal():
            words.append(f"{collection.removesuffix('s')} {int(key) + 1}")
    if not last.isdecimal():
        words.append(_label_of(old, path) or _label_of(new, path) or last.replace("_", " "))
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
    """A value in a few characters; "" for a setting that the config does not have."""
    try:
        value = config.value_at(path)
    except ConfigError:
        return ""
    if isinstance(value, dict):
        return str(value["kind"]).replace("_", " ") if "kind" in value else "…"
    if isinstance(value, list):
        is_listed = len(value) <= LISTED_ENTRIES and all(isinstance(item, int | float) for item in value)
        return "-".join(f"{item:g}" for item in value) if is_listed and value else f"{len(value)}"
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")
