"""A run's recording: its log and its key-frames, from which the run at any of its steps is made again."""

import hashlib
import math
from collections.abc import Callable, Sequence
from typing import Final, Generic, Protocol, Self, TypeVar

import numpy as np

from gan1d.config.model import Config
from gan1d.engine.networks.mlp import MLP
from gan1d.engine.networks.optimizers import Adam, Optimizer
from gan1d.engine.protocols import TrainerSettings
from gan1d.engine.training.reports import Divergence
from gan1d.engine.training.trainer import Trainer
from gan1d.recording.key_frames import KeyFrame, KeyFrames
from gan1d.recording.packed_state import pack_state, unpack_state
from gan1d.recording.run_log import MOST_LINES, Change, LogEvent, PlayerSteps, RunLog, UpdatedPlayer, continued, line_of

LARGEST_LOG: Final = 2**22
"""Largest number of bytes of a log that is kept in memory; 1,000 changes of a setting take 70,000."""


class PlayableRun(Protocol):
    """A run whose course is determined by its config and its events."""

    @property
    def config(self) -> Config: ...
    @property
    def step(self) -> int: ...
    @property
    def diverged(self) -> Divergence | None: ...

    def advance(self, count: int, player: UpdatedPlayer = "both") -> int:
        """Make `count` steps, or fewer if the run diverges; return the number of steps made."""

    def change(self, config: Config, *, reinitialize: bool = False) -> object:
        """Continue with other settings."""


class RecordedRun(PlayableRun, Protocol):
    """A run whose state can be kept."""

    @property
    def trainer(self) -> Trainer: ...


AnyRun = TypeVar("AnyRun", bound=PlayableRun)


class RepeatedRun:
    """A run without diagnosis and frames, as fast as it can be repeated.

    Args:
        config: The settings in force.
        trainer: The run so far; None for one at step 0.
    """

    def __init__(self, config: Config, trainer: Trainer | None = None) -> None:
        self.config = config
        self.trainer = Trainer(config) if trainer is None else trainer

    @classmethod
    def restored(cls, config: Config, state: bytes) -> Self:
        """The run whose state `trainer_state` has returned."""
        return cls(config, restored_trainer(config, state))

    @property
    def step(self) -> int:
        """Number of steps made."""
        return self.trainer.step_count

    @property
    def diverged(self) -> Divergence | None:
        """Why the run can take no more steps; None if it can."""
        return self.trainer.diverged

    def advance(self, count: int, player: UpdatedPlayer = "both") -> int:
        """Make `count` steps, or fewer if the run diverges; return the number of steps made."""
        before = self.step
        if count:
            self.trainer.run(count, discriminator=player != "generator", generator=player != "discriminator")
        return self.step - before

    def change(self, config: Config, *, reinitialize: bool = False) -> None:
        """Continue with other settings, which must not require a restart."""
        self.config = config
        self.trainer.change(config, reinitialize=reinitialize)


def trainer_state(trainer: Trainer, *, is_light: bool = False) -> bytes:
    """All that is needed, together with the config, to continue bit for bit.

    Args:
        trainer: The trainer.
        is_light: Whether averages that the next step does not use are left out; they are right again behind a step of
            both players.
    """
    state = trainer.state_dict()
    for player in players_without_mean(trainer.config) if is_light else ():
        state[player]["averages"]["mean"] = None
    return pack_state(state)


def restored_trainer(config: Config, state: bytes) -> Trainer:
    """A trainer that continues where `trainer_state` was called."""
    found = unpack_state(state)
    for player in ("generator", "discriminator"):
        averages = found[player]["averages"]
        if averages.get("mean", 0) is None:
            averages["mean"] = np.zeros_like(averages["square"])
    return Trainer.restore(config, found)


def players_without_mean(config: TrainerSettings) -> list[str]:
    """The players whose optimizer multiplies its mean of the gradient by 0 in every update."""
    optimizers: dict[str, Optimizer] = {
        "generator": config.generator.optimizer,
        "discriminator": config.discriminator.optimizer,
    }
    return [name for name, optimizer in optimizers.items() if isinstance(optimizer, Adam) and optimizer.beta1 == 0]


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

    def repetition(self, step: int, start: int | None = None) -> "Repetition[AnyRun]":
        """What is to be repeated to find a step.

        Args:
            step: The step.
            start: Step at or before which the repetition begins; by default it begins as late as possible.

        Raises:
            ValueError: There is no key-frame so early.
        """
        found = self.key_frame(step, start)
        return Repetition(self._restore(found.config, found.state), self.log.events, step, found.events)

    def branch(self, step: int) -> "Recording[AnyRun]":
        """A recording of the same run up to a step, to which another future can be added."""
        return Recording(self.log.up_to(step), self._restore, self.key_frames.up_to(step))


class Repetition(Generic[AnyRun]):
    """Repeats events of a log, and the steps between them, in portions; a run that diverges stays where it does.

    Args:
        run: A run at or before the first event.
        events: Events in order; those that begin after `step` are left out.
        step: Number of steps that the run has made at the end.
        done: Number of events that the run has behind it.

    Attributes:
        run: The run.
        step: See above; a later step may be set at any time.
    """

    def __init__(self, run: AnyRun, events: Sequence[LogEvent], step: int, done: int = 0) -> None:
        self.run, self.step = run, step
        self._events, self._done = events, done

    @property
    def _event(self) -> LogEvent | None:
        """The next event up to the last step; None if there is none."""
        event = self._events[self._done] if self._done < len(self._events) else None
        return event if event is not None and event.step <= self.step else None

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to repeat."""
        event, run = self._event, self.run
        if event is None:
            return run.step >= self.step or run.diverged is not None
        is_inside = isinstance(event, PlayerSteps) and self.step < event.last_step
        return is_inside and run.step >= self.step

    def advance(self, most: int) -> int:
        """Make at most so many steps, all up to the next event or of one event; return the number of steps made."""
        run, event = self.run, self._event
        until = self.step if event is None else event.step
        if run.step < until and run.diverged is None:
            return run.advance(min(most, until - run.step))
        if isinstance(event, PlayerSteps):
            last = min(event.last_step, self.step)
            if run.step < last and run.diverged is None:
                return run.advance(min(most, last - run.step), event.player)
        elif event is not None and run.step == event.step:
            run.change(continued(run.config, event), reinitialize=event.reinitialize)
        self._done += event is not None
        return 0

    def finish(self) -> None:
        """Repeat all that is left."""
        while not self.is_over:
            self.advance(self.step)


def play_log(run: PlayableRun, log: RunLog) -> None:
    """Repeat a whole run, from a run of the log's config at step 0."""
    Repetition(run, log.events, log.last_step).finish()
    if log.end is not None and log.end.diverged:
        run.advance(1)


def digest_of(trainer: Trainer) -> str:
    """Digest of the parameters of all networks that are trained: 16 hexadecimal digits of SHA-256."""
    further = [] if trainer.code_head is None else [trainer.code_head]
    if trainer.way_back is not None:
        f, _, discriminator = trainer.way_back
        further += [f, discriminator]
    return digest_of_networks(trainer.generator, trainer.discriminator, *further)


def has_digest(trainer: Trainer, digest: str) -> bool:
    """Whether the digest in a log is that of a trainer's networks.

    Logs once had the digest of G and D alone, whatever other networks there were.
    """
    return digest in (digest_of(trainer), digest_of_networks(trainer.generator, trainer.discriminator))


def digest_of_networks(*networks: MLP) -> str:
    """Digest of the parameters of some networks, in order."""
    found = hashlib.sha256()
    for network in networks:
        found.update(network.parameters.tobytes())
    return found.hexdigest()[:16]
