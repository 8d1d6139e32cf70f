"""The second of two runs that are compared: it goes where the present run is."""

import math
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from gan1d.config.errors import ConfigError
from gan1d.config.model import Config
from gan1d.evaluation import codec
from gan1d.formatting import format_count
from gan1d.recording.run_log import Change
from gan1d.session import messages
from gan1d.session.flow_control import SecondFrame
from gan1d.session.kept_runs import differences_between
from gan1d.session.look_back import PastFrame, StepFinder
from gan1d.session.messages import encode_event
from gan1d.session.pacing import Slices
from gan1d.session.run import Run
from gan1d.session.run_record import RunRecord
from gan1d.session.step_cost import is_heavy

LATE_SECONDS: Final = 0.1
"""Seconds behind the present run after which the second one is reported as catching up, and shown on its way."""
SPOKEN_DIFFERENCES: Final = 3
"""Largest number of differences that a sentence names one by one."""


class SecondRun:
    """A kept run that is shown at the step of the present run.

    Up to its last step it is repeated from its recording; from there on it is trained.

    Args:
        record: The run.
        scenes: Numbers of the scenes of the session that come next.
        run: The run at its last step, if it was not closed.
        changes: Changes of its settings that are still to come.
        timer: Seconds, to measure how long a slice took.

    Attributes:
        record: The run.
        omitted: Paths of changes that were left out, because its settings do not allow them.
    """

    def __init__(
        self,
        record: RunRecord,
        scenes: Iterator[int],
        *,
        run: Run | None = None,
        changes: Iterable[Change] = (),
        timer: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.record, self.omitted = record, list[str]()
        self._scenes, self._run, self._changes, self._timer = scenes, run, deque(changes), timer
        self._finder, self._slices = StepFinder(timer), Slices()
        # Since when it is behind the present run: infinite before the first `follow`, None while it is not behind.
        self._behind_since: float | None = math.inf
        self._followed_at = 0.0
        self._picture = 0
        self._shown: tuple[Any, ...] = ()

    @property
    def config(self) -> Config:
        """The settings in force at the step that it shows."""
        run = self._run or self._finder.run
        return self.record.config if run is None else run.config

    @property
    def step(self) -> int:
        """The step that it shows."""
        run = self._run or self._finder.run
        return 0 if run is None else run.step

    def aim(self, step: int) -> int:
        """The step that it shows where the present run is at `step`: that one, or the last before it diverged."""
        return min(step, self.record.step) if self.record.diverged else step

    @property
    def is_together(self) -> bool:
        """Whether it is where the present run was when it last followed."""
        return self._behind_since is None

    @property
    def is_late(self) -> bool:
        """Whether it has been behind the present run for more than `LATE_SECONDS`."""
        return self._behind_since is not None and self._followed_at - self._behind_since > LATE_SECONDS

    def problem(self, step: int) -> str:
        """Why it cannot be shown at a step; "" if it can."""
        last, aim = self.record.recorded_steps(), self.aim(step)
        if last < aim < self.record.step:
            name = self.record.name
            return f"“{name}” is recorded up to step {format_count(last)} only, so the comparison has ended."
        return ""

    # Going along ------------------------------------------------------------------------------------------------------

    def follow(self, present: Run, seconds: float, now: float) -> None:
        """Work for about so many seconds on the way to the step of the present run."""
        self._followed_at = now
        end = self._timer() + seconds
        while not (is_there := self._advance(present, seconds, now)) and self._timer() < end:
            pass
        if is_there:
            self._behind_since = None
        elif self._behind_since is None or math.isinf(self._behind_since):
            self._behind_since = now

    def _advance(self, present: Run, seconds: float, now: float) -> bool:
        """Make some steps in about so many seconds; return whether the step of the present run is reached."""
        record, aim = self.record, self.aim(present.step)
        if self._run is not None and aim < self._run.step:
            self.rest()
        if self._run is None and aim >= record.step and aim > record.recorded_steps():
            self._finder.rest()
            self._run = Run.resumed(record, self._scenes, present.probe)
        if self._run is None:
            return self._finder.advance(record, aim, seconds)
        return self._train(self._run, present, aim, seconds, now)

    def _train(self, run: Run, present: Run, aim: int, seconds: float, now: float) -> bool:
        """Make some steps of the same players as in the present run; return whether the step `aim` is reached."""
        self._change_settings(run, now)
        if run.step < aim and run.diverged is None:
            recording = present.record.recording
            assert recording is not None
            player, until = recording.log.player_at(run.step, aim)
            until = min(until, self._changes[0].step if self._changes else aim)
            begun = self._timer()
            made = run.advance(min(until - run.step, self._slices.size(seconds)), player)
            self._slices.record(made, self._timer() - begun)
            self._change_settings(run, now)
        return run.step >= aim or run.diverged is not None

    def _change_settings(self, run: Run, now: float) -> None:
        """Make the changes that are due."""
        while self._changes and self._changes[0].step <= run.step and run.diverged is None:
            change = self._changes.popleft()
            for path, value in change.values.items():
                try:
                    config = run.config.patched(path, value)
                except ConfigError:
                    self.omitted.append(path)
                    continue
                change_settings(run, config, path, now, reinitialize=change.reinitialize)

    def forget_changes(self) -> None:
        """Make none of the changes that are still to come."""
        self._changes.clear()

    def rest(self) -> None:
        """Free the memory, and keep the run as it is."""
        if self._run is not None:
            self._run.close()
        self._run = None
        self._finder.rest()

    # What is shown ----------------------------------------------------------------------------------------------------

    def picture(self, present: Run) -> int:
        """Number that changes whenever the next frame of this or the present run would differ from the last one."""
        shown = present.number, present.picture, self.record.number, self.step, self._run and self._run.picture
        if shown != self._shown:
            self._picture, self._shown = self._picture + 1, shown
        return self._picture

    def frame(self) -> SecondFrame | None:
        """The frame of the step that it shows; None if no step was found yet."""
        if self._run is not None:
            run = self._run
            found = PastFrame(self.record, run.step, run.config, run.scene_fields(), run.encoded_frame())
        elif self._finder.run is not None:
            found = self._finder.frame(self.record, self._finder.run.step)
        else:
            return None
        return second_frame(found)

    @property
    def scene_number(self) -> int:
        """Number of its present scene."""
        return self.record.scenes.at(self.step) if self._run is None else self._run.scene

    def scene(self) -> dict[str, Any] | None:
        """The fields of its present scene; None if no step was found yet."""
        if self._run is not None:
            return self._run.scene_fields()
        return None if self._finder.run is None else self._finder.frame(self.record, self.step).scene

    def event(self, present: Run) -> messages.Comparing:
        """The event that says which run is compared, and how it differs."""
        return comparison_event(
            present.record, present.config, self.record, self.config, self.step, catching_up=self.is_late,
            to_step=present.step,
        )  # fmt: skip


def second_frame(found: PastFrame, look: int = 0) -> SecondFrame:
    """A frame of the second run as it is sent."""
    return SecondFrame(
        codec.marked(found.encoded, look, is_second=True),
        found.scene["scene"],
        lambda: encode_event(messages.SecondScene(**{**found.scene, "run": found.record.number, "look": look})),
    )


def change_settings(run: Run, config: Config, path: str, now: float, *, reinitialize: bool = False) -> None:
    """Change a setting of a run that is not the present one, with its mark."""
    old = run.config
    effect = old.effect_of(config)
    if effect == "none":
        return
    moved = run.change(config, reinitialize=reinitialize)
    run.follow_scene(config)
    run.record.is_heavy |= is_heavy(config)
    run.marks.add(old, config, path, run.step, now, moved, run.trainer.units)


def comparison_event(
    here: RunRecord,
    config: Config,
    there: RunRecord,
    second: Config,
    step: int,
    *,
    catching_up: bool = False,
    to_step: int = 0,
    look: int = 0,
) -> messages.Comparing:
    """The event that says which run is compared, and how it differs.

    Args:
        here: The present run.
        config: Its settings at the step that is shown.
        there: The second run.
        second: Its settings at the step that it shows.
        step: The step that the second run shows.
        catching_up: Whether the present run waits for it.
        to_step: Step of the present run.
        look: Number of the look to which it belongs; 0 for the present step.
    """
    differences = differences_between(config, second)
    diverged = there.diverged and step == there.step
    return messages.Comparing(
        run=there.number,
        name=there.name,
        step=step,
        look=look,
        catching_up=catching_up,
        diverged=diverged,
        shared_steps=min(here.step, there.step, here.shared_steps(there)),
        differences=differences,
        changes=second.differences(config),
        sentence=comparison_sentence(
            there, differences, step, diverged=diverged, to_step=to_step if catching_up else None
        ),
    )


def comparison_sentence(
    there: RunRecord,
    differences: list[messages.SettingDifference],
    step: int,
    *,
    diverged: bool,
    to_step: int | None,
) -> str:
    """The sentence of `comparison_event`; `to_step` is None unless it catches up."""
    if to_step is not None:
        return f"“{there.name}” catches up: step {format_count(step)} of {format_count(to_step)}."
    parts = [f"{one.label} {one.here or 'none'} here, {one.there or 'none'} there" for one in differences]
    if len(parts) > SPOKEN_DIFFERENCES:
        parts[SPOKEN_DIFFERENCES:] = [f"{len(parts) - SPOKEN_DIFFERENCES} more"]
    listed = "; ".join(parts) or "the same settings"
    compared = f"Compared with “{there.name}”: {listed}."
    return f"{compared} It has diverged at step {format_count(step)} and stays there." if diverged else compared
