"""Repeating the events of a log: the same run again, step for step."""

from collections.abc import Sequence
from typing import Generic, Protocol, Self, TypeVar

from gan1d.config.model import Config
from gan1d.engine.training.reports import Divergence
from gan1d.engine.training.trainer import Trainer
from gan1d.recording.packed_state import restored_trainer
from gan1d.recording.run_log import LogEvent, PlayerSteps, RunLog, UpdatedPlayer, continued


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
