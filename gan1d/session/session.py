"""A session: one experiment as its viewers play it.

The owner of a session, which is the scheduler, calls `handle_inbox` to carry out commands and `advance` to train and to
publish frames. All others leave messages with `submit`. A session has no clock: the owner passes the time in seconds.

This file has the turns, the order of commands, and those that change settings. Commands on runs are carried out in
`run_control`, and those on comparisons in `compare_control`.
"""

import logging
import math
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final, Literal, assert_never, get_args

from pydantic import JsonValue

from gan1d.config.errors import ConfigError
from gan1d.config.model import Config
from gan1d.formatting import format_count
from gan1d.gallery import find_preset, presets
from gan1d.gallery.goal import GoalWatch, read_goal
from gan1d.session import messages
from gan1d.session.compare_control import COMPARISON_ENDED, CompareControl
from gan1d.session.flow_control import Subscriber
from gan1d.session.inbox import InboxItem, Join, Leave
from gan1d.session.messages import DriverCommand, ViewerCommand
from gan1d.session.pacing import FRAME_SECONDS, SLICE_SECONDS
from gan1d.session.playback import StepRequest
from gan1d.session.restoration import GoingBack
from gan1d.session.run_control import HeavyCommandError, RebuildError
from gan1d.session.session_events import SessionSetup
from gan1d.session.session_info import SessionInfo
from gan1d.session.starting_data import STARTING_DATA
from gan1d.session.status import divergence_sentence
from gan1d.session.step_cost import DEFAULT_LIMIT, is_heavy

log = logging.getLogger(__name__)

BATCH_LENGTH: Final = 8
"""Commands in one batch; most take less than half a millisecond."""
DIFFERENCES_SECONDS: Final = 0.5
"""Time from a change of the config to the next list of runs, which has their differences from the present one."""
LOOKING_SHARE: Final = 0.75
"""Share of a turn for the frames of earlier steps, while the run goes on and some viewer waits for one."""
HELD_COMMANDS: Final = 100
"""Largest number of commands that wait until a run has gone back."""

Work = Literal["usual", "building", "heavy"]
"""What the next turn of a session is: building is to begin, or to rebuild a network, and heavy has turns so long that
they would delay other sessions."""
WORKS: Final[tuple[Work, ...]] = get_args(Work)

RESTARTS: Final = (
    messages.Reset,
    messages.LoadPreset,
    messages.LoadLog,
    messages.BranchFrom,
    messages.Switch,
)
"""Commands that make another run the present one, which are carried out even after an error of the server."""


class Session(CompareControl):
    """One experiment, its run and its viewers.

    Args:
        config: The experiment to begin with.
        preset: Name of the preset that it is based on, if any.
        info: Description of the session and the server in each hello.
        step_limit: Largest number of million multiply-adds in a step.
        timer: Seconds, to measure how long a slice of training took.

    Attributes:
        is_over: Whether it gets no further turn, because it was removed or is broken.
    """

    def __init__(
        self,
        config: Config,
        preset: str | None = None,
        *,
        info: SessionInfo | None = None,
        step_limit: float = DEFAULT_LIMIT,
        timer: Callable[[], float] = time.perf_counter,
    ) -> None:
        super().__init__(SessionSetup(config, preset, info or SessionInfo(), step_limit, timer))
        self.is_over = False
        self._drawn: deque[Subscriber] = deque()
        self._rests, self._rebuilds_next = True, False
        self._trained = config, preset
        self._is_changed = False

    @property
    def has_begun(self) -> bool:
        """Whether its first run has begun, which takes longer than several frames; for any thread."""
        return "run" in self.__dict__

    @property
    def work(self) -> Work:
        """What its next turn is; for the owner."""
        if self.is_heavy:
            return "heavy"
        return "usual" if self.has_begun and not self._rebuilds_next else "building"

    @property
    def has_run(self) -> bool:
        """Whether a step was taken in the present run, or another run is kept; for any thread."""
        return self.has_begun and (self.run.step > 0 or len(self.runs.all) > 1)

    @property
    def has_acknowledgements(self) -> bool:
        """Whether a viewer has drawn a frame since the last turn; for any thread."""
        return bool(self._drawn)

    def submit(self, item: InboxItem, viewer: Subscriber) -> None:
        """Leave a message, from any thread."""
        self._inbox.put(viewer, item)
        self.wake(self)

    def acknowledge(self, viewer: Subscriber) -> None:
        """Leave the message that a viewer drew a frame, from any thread.

        It waits for the next turn if that is due within the time of a frame, because no frame is sent before.
        """
        self._drawn.append(viewer)
        if self._rests:
            self.wake(self)

    # Called by the owner ----------------------------------------------------------------------------------------------

    def handle_inbox(self, now: float, limit: int = BATCH_LENGTH, *, may_rebuild: bool = True) -> int:
        """Carry out one batch of commands, which ends with one that rebuilds a network or restarts the run.

        It also ends before a command that makes the session heavy, or one that rebuilds a network or takes as long if
        that is not the owner's work; `work` says so.

        Args:
            now: Time in seconds.
            limit: Largest number of commands.
            may_rebuild: Whether a network may be rebuilt.

        Returns:
            Number of commands that were carried out; `BATCH_LENGTH` if the last one counts as a whole batch.
        """
        count, self._is_rebuilt, self._may_rebuild, self._rebuilds_next = 0, False, may_rebuild, False
        while self._inbox and count < limit and not self._is_rebuilt:
            viewer, item, values = self._inbox.take()
            if viewer.has_left and not isinstance(item, Leave):
                continue
            count += not isinstance(item, Join | Leave)
            try:
                self._handle(item, values, viewer, now)
            except (HeavyCommandError, RebuildError) as error:
                self._inbox.put_back(viewer, item, values)
                self.is_heavy |= isinstance(error, HeavyCommandError)
                self._rebuilds_next = isinstance(error, RebuildError)
                break
        if not self.has_begun:
            # Each viewer has left before its hello.
            return count
        if self._is_changed and self.run.diagnosis.sentence != self._last_diagnosis:
            # The diagnosis begins anew after a change, and a paused run would not report that by itself.
            self._report(now)
        if self._is_changed and len(self.runs.all) > 1:
            self._differences_at = min(self._differences_at, now + DIFFERENCES_SECONDS)
        self._is_changed = False
        self._follow_scene()
        if self._inbox:
            self.wake(self)
        return BATCH_LENGTH if self._is_rebuilt else count

    def advance(self, now: float, slice_seconds: float = SLICE_SECONDS) -> float:
        """Train one slice of this length, and publish a frame and a status if they are due.

        Returns:
            Seconds until the next turn is due: 0 for at once, infinite if only a message can make one due.
        """
        if not self.has_begun:
            return math.inf
        while self._drawn:
            self.flow_control.credit(self._drawn.popleft())
        self._rests = False
        if self._going_back is not None:
            self._go_back(self._going_back, slice_seconds, now)
        elif self.failure is None:
            share = 1 - LOOKING_SHARE if self.viewing.is_busy else 1.0
            self._advance_runs(now, share * slice_seconds)
        if self.viewing.is_busy:
            share = LOOKING_SHARE if self.playback_control.running else 1.0
            self.viewing.advance(share * slice_seconds, self.run, self.playback_control.running)
        if now >= self._history_at:
            self._send_history(now)
        if now >= self._differences_at:
            self._send_runs()
        if now >= self._status_at and len(self.flow_control):
            self._report(now)
        due = min(self._status_at, self._differences_at) if len(self.flow_control) else math.inf
        if self.failure is None:
            due = min(due, self.playback_control.next_at(self.run, self.flow_control, now, self.second))
        if self._going_back is not None or self.viewing.is_busy or self.is_second_behind:
            due = now
        self._rests = due - now > FRAME_SECONDS
        return 0.0 if self._inbox or (self._rests and self._drawn) else max(0.0, due - now)

    def _advance_runs(self, now: float, slice_seconds: float) -> None:
        """Train one slice of this length, with the second run in half of it, and publish a frame if one is due."""
        is_compared = self.second is not None
        self._train(now, slice_seconds / 2 if is_compared else slice_seconds)
        self._advance_second(now, slice_seconds / 2)
        if self.second is None or self.second.is_together or self.second.is_late:
            self.playback_control.publish(self.run, self.flow_control, now, self.second)
        self._trained = self.config, self.preset

    def _train(self, now: float, slice_seconds: float) -> None:
        """Train one slice of this length, unless the second run is behind."""
        run, playback = self.run, self.playback_control
        diverged, pending, kind = run.diverged, playback.pending, run.diagnosis_kind
        change = run.record.diagnoses.last
        playback.train(run, self.flow_control, now, slice_seconds, is_held=self.is_second_behind)
        if run.script is not None:
            self._follow_script(run.script, now)
        if run.diverged is not diverged or (pending and playback.pending is None):
            self._halt(now)
        elif self._follow_goal() or run.diagnosis_kind is not kind:
            self._report(now)
        if run.record.diagnoses.last is not change:
            self._send_marks()

    def fail(self, error: Exception, now: float) -> None:
        """Stop after an error of the server, and report it in the log and to all viewers.

        Settings for which the memory does not suffice are taken back, because a reset would fail with them, too.

        Raises:
            Exception: The error itself if the first run could not begin, and any other if the state that would be
                reported is broken, too.
        """
        if not self.has_begun:
            raise error
        log.error("A session failed at step %d.", self.run.step, exc_info=error)
        self._going_back = None
        self._end_comparison(now, COMPARISON_ENDED, has_failed=True)
        if isinstance(error, MemoryError):
            self.config, self.preset = self._trained
            self.is_heavy = is_heavy(self.config) or self.runs.any_heavy
            self.failure = "The memory of the server does not suffice for these settings. Press Reset to start again."
        else:
            self.failure = (
                f"Something went wrong in the server at step {format_count(self.run.step)}; its log says what. "
                "Press Reset to start again."
            )
        # The config may have changed without an announcement.
        self._announce(self.config, None, "none", now)
        self._halt(now)

    # Commands ---------------------------------------------------------------------------------------------------------

    def _handle(self, item: InboxItem, values: Sequence[JsonValue], viewer: Subscriber, now: float) -> None:
        """Handle one message, or several that set `values` at the same path."""
        if isinstance(item, Join):
            self._send_hello(viewer, item, now)
        elif isinstance(item, Leave):
            self.flow_control.remove(viewer)
            self.viewing.leave(viewer)
        elif viewer not in self.flow_control:
            return
        elif isinstance(item, ViewerCommand):
            if (sentence := self._serve(item, viewer, now)) is not None:
                self._refuse(viewer, sentence, command=item)
        elif (reason := self._rejection_reason(item, viewer)) is not None:
            for _ in values or [None]:
                self._refuse(viewer, reason, item.path if isinstance(item, messages.Set) else None)
        elif self._going_back is None or not self._is_held(self._going_back, item, values, viewer):
            self._carry_out(item, values, viewer, now)

    def _serve(self, command: ViewerCommand, viewer: Subscriber, now: float) -> str | None:
        """Carry out a command that concerns its sender alone; return why that is not possible, or None."""
        if isinstance(command, messages.Look):
            return self.viewing.look(command, viewer, self.run, self.playback_control.running)
        if isinstance(command, messages.StepsCommand):
            return self.viewing.find_steps(command, viewer, self.run)
        if isinstance(command, messages.CancelSpectrum):
            self.viewing.spectra.drop(viewer)
            return None
        return self.viewing.send_request(command, viewer, self.run, now)

    def _is_held(
        self, going_back: GoingBack, command: DriverCommand, values: Sequence[JsonValue], viewer: Subscriber
    ) -> bool:
        """Whether a command waits until the run has gone back to an earlier step.

        A command that makes another run the present one ends the way back instead, unless other commands wait already.
        """
        if isinstance(command, RESTARTS) and not going_back.held:
            self._going_back = None
            return False
        if len(going_back.held) >= HELD_COMMANDS:
            self._refuse(viewer, "The run is still going back to an earlier step; try again after that.")
        else:
            going_back.held.append((viewer, command, list(values)))
        return True

    def _rejection_reason(self, command: DriverCommand, viewer: Subscriber) -> str | None:
        """Why a command cannot be carried out now; None if it can."""
        if viewer.role != "driver":
            return "You are watching this session; only who drives it can change it."
        if self._going_back is not None:
            return None
        if self.failure is not None and not isinstance(command, RESTARTS):
            return self.failure
        if self.run.diverged is not None and isinstance(command, messages.Play | messages.Step):
            return divergence_sentence(self.run.diverged)
        return None

    def _carry_out(self, command: DriverCommand, values: Sequence[JsonValue], viewer: Subscriber, now: float) -> None:
        match command:
            case messages.Play():
                self.playback_control.play(self.run.step, now)
                self._report(now)
            case messages.Pause():
                self._halt(now)
            case messages.Step():
                if command.player != "both":
                    self.run.script = None
                self._halt(now, StepRequest(command.count, command.player))
            case messages.Reset():
                self._reset(command, viewer, now)
            case messages.Set():
                self._set(command, values, viewer, now)
            case messages.LoadPreset():
                self._load_preset(command, viewer, now)
            case messages.LoadLog():
                self._load_log(command, viewer, now)
            case messages.Playback():
                self.playback_control.set_speed(command.speed, now)
                self._report(now)
            case messages.BranchFrom():
                self._branch(command, viewer, now)
            case messages.Switch():
                self._switch(command, viewer, now)
            case messages.Forget() | messages.Rename():
                self._edit_run(command, viewer, now)
            case messages.SetBookmark():
                self._set_bookmark(command, viewer)
            case messages.Compare():
                self._compare(command, viewer, now)
            case messages.EndComparison():
                self._end_comparison(now, COMPARISON_ENDED)
            case messages.SetGoal():
                self._set_goal(command, viewer, now)
            case _:
                assert_never(command)

    def _set(self, command: messages.Set, values: Sequence[JsonValue], viewer: Subscriber, now: float) -> None:
        """Set several values in a row at one path; the run changes once, to the last valid one."""
        old, path, config, refused = self.config, command.path, self.config, list[tuple[str, Config]]()
        for value in values:
            try:
                config = self._patched(config, path, value)
            except ConfigError as error:
                refused.append((str(error), config))
        self._weigh(config)
        effect, moved = old.effect_of(config), None
        if effect == "network" and not self._may_rebuild:
            raise RebuildError
        self._leave_new_numbers(config)
        for sentence, self.config in refused:
            self._refuse(viewer, sentence, path)
        self.config, accepted = config, len(values) - len(refused)
        if not accepted:
            return
        self.run.script = None
        if effect == "restart":
            self._restart(now)
        elif effect != "none":
            moved = self.run.change(self.config, reinitialize=command.reinitialize)
            self.run.record.is_heavy |= is_heavy(self.config)
            self._is_changed, self._is_rebuilt = True, effect == "network"
        self._announce(old, path, effect, now, moved)
        for _ in range(accepted - 1):
            self._announce(self.config, path, "none", now)
        if effect == "restart":
            self._report(now)

    def _set_goal(self, command: messages.SetGoal, viewer: Subscriber, now: float) -> None:
        """Set what the run is to show."""
        try:
            self._goal = None if command.goal is None else GoalWatch(read_goal(command.goal), command.name)
        except ValueError as error:
            self._refuse(viewer, str(error))
            return
        self._goal_state = None
        self._report(now)

    def _load_preset(self, command: messages.LoadPreset, viewer: Subscriber, now: float) -> None:
        """Begin a run of a preset, which plays if the last one did."""
        config = self.info.config_of(command.name)
        if config is None:
            known = ", ".join(presets)
            self._refuse(viewer, f"Expected a preset of {known}, but got {messages.quote(command.name)}.")
            return
        refused = dict[str, str]()
        for path, value in command.changes.items():
            try:
                config = self._patched(config, path, value)
            except ConfigError as error:
                refused[path] = str(error)
        self._weigh(config)
        self._leave_new_numbers(config)
        preset = find_preset(command.name)
        old, self.config, self.preset = self.config, config, preset.name if preset else STARTING_DATA
        for path, sentence in refused.items():
            self._refuse(viewer, sentence, path)
        self._begin_other(now)
        self._announce(old, None, "restart", now)
        self._report(now)
