"""What a late joiner is told about the run so far: a trace of every number, and marks where a knob was turned."""

import math
from typing import Final

from gan1d.config.errors import ConfigError
from gan1d.config.model import Config
from gan1d.config.paths import knob_at
from gan1d.evaluation.frame import SCALARS, Frame
from gan1d.session.messages import Mark

TRACE_LIMIT: Final = 4096
"""Points kept of a run; a chart is not wider than that."""
MARK_LIMIT: Final = 500
LONGEST_LIST: Final = 6
"""Entries of a list that a mark still names one by one: as many as a network can have layers."""
MERGE_SECONDS: Final = 1.0
"""A drag turns one knob sixty times a second; all of it is one mark."""
KEPT: Final = 0.01
"""Share of its range by which a curve may move and still count as kept: a line's width, on the page."""


class Trace:
    """Numbers of a run at the steps that were looked at, thinned evenly when there are too many."""

    def __init__(self) -> None:
        self.columns: dict[str, list[float]] = {name: [] for name in ("step", *SCALARS)}
        self._stride = 1
        self._skipped = 0

    def add(self, frame: Frame) -> None:
        """Keep a frame's numbers, or pass over it if every other one is enough by now."""
        self._skipped += 1
        if self._skipped < self._stride:
            return
        self._skipped = 0
        for name, column in self.columns.items():
            column.append(getattr(frame, name))
        if len(self.columns["step"]) >= TRACE_LIMIT:
            for column in self.columns.values():
                del column[1::2]
            # The newest went too, so the next to keep is nearer by one old stride.
            self._skipped = self._stride
            self._stride *= 2


class Marks:
    """Changes on the time axis, the turns of one drag merged into one."""

    def __init__(self) -> None:
        self.all: list[Mark] = []
        self._from: Config | None = None
        self._error: float | None = None
        self._at = 0.0

    def add(self, old: Config, new: Config, path: str, step: int, now: float, error: float | None = None) -> Mark:
        """The mark of a change; it replaces an earlier one of the same path and step.

        Args:
            old: Before it.
            new: After it.
            path: What was changed.
            step: When.
            now: When, in seconds.
            error: How far the curve of a rebuilt network has moved, as a share of its range; infinite if the network
                was reinitialized, None if none was rebuilt. In a drag they add up, so that the label holds for all.
        """
        last = self.all[-1] if self.all else None
        goes_on = last is not None and last.path == path and (now - self._at < MERGE_SECONDS or last.step == step)
        self._at = now
        if last is not None and goes_on and self._from is not None:
            if error is not None:
                self._error = error + (self._error or 0.0)
            mark = Mark(step=last.step, path=path, label=label(self._from, new, path) + outcome(self._error))
            self.all[-1] = mark
            return mark
        self._from, self._error = old, error
        mark = Mark(step=step, path=path, label=label(old, new, path) + outcome(error))
        self.all.append(mark)
        del self.all[:-MARK_LIMIT]
        return mark


def label(old: Config, new: Config, path: str) -> str:
    """A change in a few words, such as "G learning rate 0.002 → 0.008" or "mode 2 width 0.5 → 0.3"."""
    path = path.removesuffix(".kind")
    *parents, last = path.split(".")
    words = [{"generator": "G", "discriminator": "D"}.get(name, "") for name in parents[:1]]
    for collection, key in zip(parents, path.split(".")[1:], strict=True):
        if key.isdecimal():
            words.append(f"{collection.removesuffix('s')} {int(key) + 1}")
    if not last.isdecimal():
        words.append(_name(old, path) or last.replace("_", " "))
    name, before, after = " ".join(filter(None, words)), _shown(old, path), _shown(new, path)
    # A long list is told by its length, which may stay as it was.
    return f"{name} {before} → {after}" if before != after else f"{name} changed"


def outcome(error: float | None) -> str:
    """What became of a rebuilt network, as the end of a label; a share is rounded up, so that it holds."""
    if error is None:
        return ""
    if math.isinf(error):
        return ", reinitialized"
    return ", kept" if error < KEPT else f", kept to {math.ceil(round(100 * error, 6))} %"


def _name(config: Config, path: str) -> str:
    """What the page calls the field; "" if it has no name of its own, or is not there."""
    try:
        return knob_at(config, path).label
    except ConfigError:
        return ""


def _shown(config: Config, path: str) -> str:
    """A value short enough for a flag on an axis."""
    try:
        value = config.value_at(path)
    except ConfigError:
        return "none"
    if isinstance(value, dict):
        return str(value["kind"]).replace("_", " ") if "kind" in value else "…"
    if isinstance(value, list):
        is_flat = len(value) <= LONGEST_LIST and all(isinstance(item, int | float) for item in value)
        return "-".join(f"{item:g}" for item in value) if is_flat and value else f"{len(value)}"
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")
