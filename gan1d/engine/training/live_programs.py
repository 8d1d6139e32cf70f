"""Programs with parts that depend on settings: a change of settings writes only these parts anew."""

import inspect
import weakref
from collections.abc import Callable, Sequence
from typing import Any

from gan1d.engine.programs import Call, Program
from gan1d.engine.protocols import TrainerSettings


class LivePart:
    """Calls that depend on some settings.

    Args:
        settings: Selects these settings of a config.
        write: Makes the calls from these settings, around buffers that stay the same. The object of a method is not
            kept: it has the program, and both would wait for the garbage collector, with megabytes of buffers.

    Attributes:
        calls: The calls for the settings in force.
    """

    def __init__(self, settings: Callable[[TrainerSettings], Any], write: Callable[[Any], Program]) -> None:
        self._select = settings
        self._write = weakref.WeakMethod(write) if inspect.ismethod(write) else None
        self._function = None if inspect.ismethod(write) else write
        self._settings: tuple[Any] | None = None
        self.calls: Program = []

    def configure(self, config: TrainerSettings) -> bool:
        """Write the calls anew if their settings differ; returns whether they do."""
        settings = self._select(config)
        if self._settings == (settings,):
            return False
        write = self._function if self._write is None else self._write()
        assert write is not None
        self._settings, self.calls = (settings,), write(settings)
        return True


class LiveProgram(list[Call]):
    """A program of fixed and live parts, in order.

    Args:
        config: The settings in force.
        parts: Programs that do not depend on live settings, and `LivePart`s.
    """

    def __init__(self, config: TrainerSettings, parts: Sequence[Program | LivePart]) -> None:
        super().__init__()
        self._parts = parts
        self.configure(config)

    def configure(self, config: TrainerSettings) -> None:
        """Make the calls follow the settings."""
        changes = [part.configure(config) for part in self._parts if isinstance(part, LivePart)]
        if any(changes):
            parts = (part.calls if isinstance(part, LivePart) else part for part in self._parts)
            self[:] = [call for calls in parts for call in calls]
