"""A run's recording: its log and its key-frames, from which the run at any of its steps is made again."""

import math
from collections.abc import Callable
from typing import Final, Generic, Protocol

from gan1d.config.model import Config
from gan1d.engine.training.trainer import Trainer
from gan1d.recording.key_frames import KeyFrame, KeyFrames
from gan1d.recording.packed_state import players_without_mean, trainer_state
from gan1d.recording.repetition import AnyRun, PlayableRun, Repetition
from gan1d.recording.run_log import MOST_LINES, Change, LogEvent, PlayerSteps, RunLog, UpdatedPlayer, line_of

LARGEST_LOG: Final = 2**22
"""Largest number of bytes of a log that is kept in memory; 1,000 changes of a setting take 70,000."""


class RecordedRun(PlayableRun, Protocol):
    """A run whose state can be kept."""

    @property
    def trainer(self) -> Trainer: ...


class Recording(Generic[AnyRun]):
    """The log and the key-frames of a run.

    Args:
        log: Log to add to; empty but for its config.
        restore: Makes a run from a config and the state of such a run.
        key_frames: Key-frames to add to.

    Attributes:
        log: Everything that has happened.
        key_frames: States to return to.
        full_at: Step up to which the run is recorded, because its log is full; None while there is room.
    """

    def __init__(
        self, log: RunLog, restore: Callable[[Config, bytes], AnyRun], key_frames: KeyFrames | None = None
    ) -> None:
        self.log = log
        self.key_frames = KeyFrames() if key_frames is None else key_frames
        self.full_at: int | None = None
        self._restore = restore
        self._bytes = sum(map(len, log.lines()))

    def add_steps(self, run: RecordedRun, count: int, player: UpdatedPlayer = "both") -> None:
        """Record `count` steps that the run has just made; keep its state if a key-frame is due, or if it diverged."""
        if count and player != "both":
            self._add(PlayerSteps(run.step - count, player, count), run.step - count)
        if self.full_at is None and (self.key_frames.is_due(run.step) or run.diverged is not None):
            self.keep(run)

    def add_change(self, run: RecordedRun, old: Config, *, reinitialize: bool = False) -> None:
        """Record that the settings of the run have just changed from `old` ones."""
        self._add(Change(run.step, run.config.differences(old), reinitialize), run.step)

    def _add(self, event: LogEvent, step: int) -> None:
        """Add an event, or end the recording at a step if there is no room for the event."""
        if self.full_at is not None:
            return
        self._bytes += len(line_of(event.entry())) if isinstance(event, Change) else 0
        if self._bytes > LARGEST_LOG or len(self.log.events) + len(self.log.bookmarks) + 2 >= MOST_LINES:
            self.full_at = step
        else:
            self.log.add(event)

    def keep(self, run: RecordedRun) -> None:
        """Keep the present state as a key-frame."""
        is_light = len(self.key_frames) > 0 and run.diverged is None and players_without_mean(run.config) != []
        state = trainer_state(run.trainer, is_light=is_light)
        self.key_frames.add(KeyFrame(run.step, self.log.done(run.step), run.config, state, is_light))

    def key_frame(self, step: int, start: int | None = None) -> KeyFrame:
        """The key-frame from which a step is found.

        A light one lacks averages that only a step of both players makes good. It does where such a step follows it.

        Args:
            step: The step.
            start: Step at or before which the repetition begins; by default it begins as late as possible.

        Raises:
            ValueError: There is no key-frame so early.
        """
        found = self.key_frames.before(step if start is None else min(start, step))
        while found.is_light and (found.step == step or self._next_event_step(found) <= found.step):
            found = self.key_frames.before(found.step - 1)
        return found

    def _next_event_step(self, key_frame: KeyFrame) -> float:
        """Step of the first event that is not done at a key-frame; infinite if there is none."""
        events = self.log.events
        return events[key_frame.events].step if key_frame.events < len(events) else math.inf

    def seek(self, step: int) -> AnyRun:
        """The run as it was after `step` steps, and after all changes made there; after its last step, as it ended.

        Raises:
            ValueError: The step is before the first key-frame.
        """
        repetition = self.repetition(step)
        repetition.finish()
        return repetition.run

    def repetition(self, step: int) -> Repetition[AnyRun]:
        """What is to be repeated to find a step.

        Raises:
            ValueError: There is no key-frame so early.
        """
        found = self.key_frame(step)
        return Repetition(self._restore(found.config, found.state), self.log.events, step, found.events)

    def branch(self, step: int) -> "Recording[AnyRun]":
        """A recording of the same run up to a step, to which another future can be added."""
        return Recording(self.log.up_to(step), self._restore, self.key_frames.up_to(step))
