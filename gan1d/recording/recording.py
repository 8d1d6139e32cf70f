"""A run's recording: its log and its key-frames, from which the run at any of its steps is made again."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

from gan1d.config.model import Config
from gan1d.engine.networks.mlp import MLP
from gan1d.recording.key_frames import KeyFrame, KeyFrames
from gan1d.recording.run_log import Change, LogEvent, PlayerSteps, RunLog, UpdatedPlayer, continued


class PlayableRun(Protocol):
    """A run whose course is determined by its config and its events."""

    @property
    def config(self) -> Config: ...
    @property
    def step(self) -> int: ...
    @property
    def diverged(self) -> object | None: ...

    def advance(self, count: int, player: UpdatedPlayer = "both") -> int:
        """Make `count` steps, or fewer if the run diverges; return the number of steps made."""

    def change(self, config: Config, *, reinitialize: bool = False) -> object:
        """Continue with other settings."""


class RecordedRun(PlayableRun, Protocol):
    """A run whose state can be kept."""

    def state(self) -> bytes:
        """All that is needed, together with the config, to continue bit for bit."""


AnyRun = TypeVar("AnyRun", bound=RecordedRun)


class Recording(Generic[AnyRun]):
    """The log and the key-frames of a run.

    Args:
        log: Log to add to; empty but for its config.
        restore: Makes a run from a config and the state of such a run.
        key_frames: Key-frames to add to.

    Attributes:
        log: Everything that has happened.
        key_frames: States to return to.
    """

    def __init__(
        self, log: RunLog, restore: Callable[[Config, bytes], AnyRun], key_frames: KeyFrames | None = None
    ) -> None:
        self.log = log
        self.key_frames = KeyFrames() if key_frames is None else key_frames
        self._restore = restore

    def add_steps(self, run: AnyRun, count: int, player: UpdatedPlayer = "both") -> None:
        """Record `count` steps that the run has just made; keep its state if a key-frame is due, or if it diverged."""
        if count and player != "both":
            self.log.add(PlayerSteps(run.step - count, player, count))
        if self.key_frames.is_due(run.step) or run.diverged is not None:
            self.keep(run)

    def add_change(self, run: AnyRun, old: Config, *, reinitialize: bool = False) -> None:
        """Record that the settings of the run have just changed from `old` ones."""
        self.log.add(Change(run.step, run.config.differences(old), reinitialize))

    def keep(self, run: AnyRun) -> None:
        """Keep the present state as a key-frame."""
        self.key_frames.add(KeyFrame(run.step, self.log.done(run.step), run.config, run.state()))

    def seek(self, step: int) -> AnyRun:
        """The run as it was after `step` steps, and after all changes made there; after its last step, as it ended.

        Raises:
            ValueError: The step is before the first key-frame.
        """
        start = self.key_frames.before(step)
        run = self._restore(start.config, start.state)
        play_events(run, self.log.events[start.events :], step)
        return run

    def branch(self, step: int) -> "Recording[AnyRun]":
        """A recording of the same run up to a step, to which another future can be added."""
        return Recording(self.log.up_to(step), self._restore, self.key_frames.up_to(step))


def play_log(run: PlayableRun, log: RunLog) -> None:
    """Repeat a whole run, from a run of the log's config at step 0."""
    play_events(run, log.events, log.last_step)
    if log.end is not None and log.end.diverged:
        run.advance(1)


def digest_of(generator: MLP, discriminator: MLP) -> str:
    """Digest of both networks' parameters: 16 hexadecimal digits of SHA-256."""
    found = hashlib.sha256(generator.parameters.tobytes())
    found.update(discriminator.parameters.tobytes())
    return found.hexdigest()[:16]


def play_events(run: PlayableRun, events: Sequence[LogEvent], step: int) -> None:
    """Repeat events of a log, and the steps between them, up to a step; a run that diverges stays where it does.

    Args:
        run: A run at or before the first event.
        events: Events in order; those that begin after `step` are left out.
        step: Number of steps that the run has made at the end.
    """
    for event in events:
        if event.step > step:
            break
        run.advance(max(0, event.step - run.step))
        if isinstance(event, PlayerSteps):
            run.advance(max(0, min(event.last_step, step) - run.step), event.player)
        elif run.step == event.step:
            run.change(continued(run.config, event), reinitialize=event.reinitialize)
    run.advance(max(0, step - run.step))
