"""A session: one experiment as its viewers play it.

The owner of a session, which is the scheduler, calls `handle_inbox` to carry out commands and `advance` to train and to
publish frames. All others leave messages with `submit`. A session has no clock: the owner passes the time in seconds.
"""

import io
import logging
import math
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Final, Literal, assert_never

from pydantic import JsonValue

from gan1d.config.errors import ConfigError
from gan1d.config.model import Config
from gan1d.formatting import format_count
from gan1d.gallery import DEFAULT_PRESET, find_preset, presets
from gan1d.knobs import Effect
from gan1d.recording.recording import digest_of
from gan1d.recording.run_log import OTHER_COURSE, Change, LogError, RunLog
from gan1d.session import messages
from gan1d.session.flow_control import FlowControl, Subscriber
from gan1d.session.history import MARKS_LENGTH
from gan1d.session.inbox import Inbox, InboxItem, Join, Leave
from gan1d.session.kept_runs import KeptRuns
from gan1d.session.messages import DriverCommand, Event, Role, ViewerCommand, encode_event
from gan1d.session.pacing import FRAME_SECONDS, SLICE_SECONDS
from gan1d.session.playback import PlaybackControl, StepRequest
from gan1d.session.restoration import GoingBack, Restoration
from gan1d.session.run import Run
from gan1d.session.script import Script
from gan1d.session.session_info import SessionInfo
from gan1d.session.starting_data import STARTING_DATA
from gan1d.session.status import divergence_sentence, status_of
from gan1d.session.step_cost import DEFAULT_LIMIT, is_heavy, step_cost, step_cost_error
from gan1d.session.viewing import Viewing

log = logging.getLogger(__name__)

STATUS_SECONDS: Final = 1.0
"""Time between two status messages while training."""
HEARTBEAT_SECONDS: Final = 4.0
"""Time between two status messages otherwise."""
HISTORY_SECONDS: Final = 0.25
"""Time between two messages with the history while training."""
BATCH_LENGTH: Final = 8
"""Commands that are carried out in one turn; most take less than half a millisecond."""
HELLO_SECONDS: Final = 0.1
"""Time for which all who join get the same hello, unless something happens; that of a long run takes 20 ms to write."""
LOOKING_SHARE: Final = 0.75
"""Share of a turn for the frames of earlier steps, while the run goes on and some viewer waits for one."""
HELD_COMMANDS: Final = 100
"""Largest number of commands that wait until a run has gone back."""


RESTARTS: Final = (
    messages.Reset,
    messages.LoadPreset,
    messages.LoadLog,
    messages.BranchFrom,
    messages.Switch,
)
"""Commands that make another run the present one, which are carried out even after an error of the server."""


class HeavyCommandError(Exception):
    """A command has to be carried out by the owner of heavy sessions; nothing was done yet."""


class Session:
    """One experiment, its run and its viewers.

    Args:
        config: The experiment to begin with.
        preset: Name of the preset that it is based on, if any.
        info: Description of the session and the server in each hello.
        step_limit: Largest number of million multiply-adds in a step.
        timer: Seconds, to measure how long a slice of training took.

    Attributes:
        wake: Called when a message has come; set by the owner.
        failure: The error of the server in a sentence, until the next reset; None if there is none.
        is_heavy: Whether its turns are so long that they would delay other sessions.
        is_over: Whether it gets no further turn.
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
        self.wake: Callable[[Session], None] = lambda _: None
        self.config, self.preset = config, preset
        self.info = info or SessionInfo()
        self.flow_control = FlowControl()
        self.playback_control = PlaybackControl(timer)
        self.runs = KeptRuns(config, preset, self.info.history_bytes)
        self.viewing = Viewing(self.flow_control, self.runs, timer)
        self.failure: str | None = None
        self.is_heavy, self.is_over = is_heavy(config), False
        self.runs.present.is_heavy = self.is_heavy
        self._step_limit = step_limit
        self._inbox = Inbox()
        self._going_back: GoingBack | None = None
        self._timer = timer
        self._drawn: deque[Subscriber] = deque()
        self._rests = True
        self._hellos: dict[tuple[Role, bool], str] = {}
        self._hellos_until = -math.inf
        self._trained = config, preset
        self._revision = 0
        self._is_changed = self._is_rebuilt = False
        self._last_diagnosis = ""
        self._status_at = self._history_at = -math.inf
        # Run, steps and last measured step of the history that all viewers have.
        self._sent_history = (1, 0, 0.0)

    @cached_property
    def run(self) -> Run:
        """The present run; the first one begins when it is needed, because that takes longer than several frames."""
        return Run(self.config, self.runs.present)

    @property
    def has_run(self) -> bool:
        """Whether a step was taken in the present run, or another run is kept; for any thread."""
        return "run" in self.__dict__ and (self.run.step > 0 or len(self.runs.all) > 1)

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

    def handle_inbox(self, now: float) -> None:
        """Carry out one batch of commands, which ends with one that rebuilds a network or restarts the run.

        It also ends before a command that makes the session heavy, for which `is_heavy` is set.
        """
        count, self._is_rebuilt = 0, False
        while self._inbox and count < BATCH_LENGTH and not self._is_rebuilt:
            viewer, item, values = self._inbox.take()
            if viewer.has_left and not isinstance(item, Leave):
                continue
            count += not isinstance(item, Join | Leave)
            try:
                self._handle(item, values, viewer, now)
            except HeavyCommandError:
                self._inbox.put_back(viewer, item, values)
                self.is_heavy = True
                return
        if self._is_changed and self.run.diagnosis.sentence != self._last_diagnosis:
            # The diagnosis begins anew after a change, and a paused run would not report that by itself.
            self._report(now)
        self._is_changed = False
        self._follow_scene()
        if self._inbox:
            self.wake(self)

    def advance(self, now: float, slice_seconds: float = SLICE_SECONDS) -> float:
        """Train one slice of this length, and publish a frame and a status if they are due.

        Returns:
            Seconds until the next turn is due: 0 for at once, infinite if only a message can make one due.
        """
        while self._drawn:
            self.flow_control.credit(self._drawn.popleft())
        self._rests = False
        if self._going_back is not None:
            self._go_back(self._going_back, slice_seconds, now)
        elif self.failure is None:
            share = 1 - LOOKING_SHARE if self.viewing.is_busy else 1.0
            self._train(now, share * slice_seconds)
        if self.viewing.is_busy:
            share = LOOKING_SHARE if self.playback_control.running else 1.0
            self.viewing.advance(share * slice_seconds, self.run, self.playback_control.running)
        if now >= self._history_at:
            self._send_history(now)
        if now >= self._status_at and len(self.flow_control):
            self._report(now)
        due = self._status_at if len(self.flow_control) else math.inf
        if self.failure is None:
            due = min(due, self.playback_control.next_at(self.run, self.flow_control, now))
        if self._going_back is not None or self.viewing.is_busy:
            due = now
        self._rests = due - now > FRAME_SECONDS
        return 0.0 if self._inbox or (self._rests and self._drawn) else max(0.0, due - now)

    def _train(self, now: float, slice_seconds: float) -> None:
        """Train one slice of this length, and publish a frame if one is due."""
        run, playback = self.run, self.playback_control
        diverged, pending, kind = run.diverged, playback.pending, run.diagnosis_kind
        change = run.record.diagnoses.last
        playback.train(run, self.flow_control, now, slice_seconds)
        if run.script is not None:
            self._follow_script(run.script, now)
        if run.diverged is not diverged or (pending and playback.pending is None):
            self._halt(now)
        elif run.diagnosis_kind is not kind:
            self._report(now)
        if run.record.diagnoses.last is not change:
            self._send_marks()
        playback.publish(run, self.flow_control, now)
        self._trained = self.config, self.preset

    def fail(self, error: Exception, now: float) -> None:
        """Stop after an error of the server, and report it in the log and to all viewers.

        Settings for which the memory does not suffice are taken back, because a reset would fail with them, too.
        """
        log.error("A session failed at step %d.", self.run.step, exc_info=error)
        if isinstance(error, MemoryError):
            self.config, self.preset = self._trained
            self.is_heavy = is_heavy(self.config)
            self._going_back = None
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
            self._send_hello(viewer, item.is_first, now)
        elif isinstance(item, Leave):
            self.flow_control.remove(viewer)
            self.viewing.leave(viewer)
        elif viewer not in self.flow_control:
            return
        elif isinstance(item, messages.Look | messages.GetHistory | messages.GetLog):
            if (sentence := self._serve(item, viewer, now)) is not None:
                self._refuse(viewer, sentence)
        elif (reason := self._rejection_reason(item, viewer)) is not None:
            for _ in values or [None]:
                self._refuse(viewer, reason, item.path if isinstance(item, messages.Set) else None)
        elif self._going_back is None or not self._is_held(self._going_back, item, values, viewer):
            self._carry_out(item, values, viewer, now)

    def _serve(self, command: ViewerCommand, viewer: Subscriber, now: float) -> str | None:
        """Carry out a command that concerns its sender alone; return why that is not possible, or None."""
        if isinstance(command, messages.Look):
            return self.viewing.look(command, viewer, self.run, self.playback_control.running)
        return self.viewing.send_request(command, viewer, self.run, now)

    def _is_held(
        self, going_back: GoingBack, command: DriverCommand, values: Sequence[JsonValue], viewer: Subscriber
    ) -> bool:
        """Whether a command waits until the run has gone back to an earlier step.

        A command that leaves that step again takes the place of going there, unless others wait for it.
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
            case _:
                assert_never(command)

    def _halt(self, now: float, pending: StepRequest | None = None) -> None:
        self.playback_control.halt(self.run.step, now, pending)
        self._report(now)

    def _reset(self, command: messages.Reset, viewer: Subscriber, now: float) -> None:
        """Go back to step 0 and pause, with another seed if one is given."""
        old = self.config
        if command.seed is not None:
            try:
                self.config = old.patched("seed", command.seed)
            except ConfigError as error:
                self._refuse(viewer, str(error), "seed")
                return
        self._restart(now)
        if self.config != old:
            self._announce(old, "seed", "restart", now)
        self._halt(now)

    def _set(self, command: messages.Set, values: Sequence[JsonValue], viewer: Subscriber, now: float) -> None:
        """Set several values in a row at one path; the run changes once, to the last valid one."""
        old, path, config, refused = self.config, command.path, self.config, list[tuple[str, Config]]()
        for value in values:
            try:
                config = self._patched(config, path, value)
            except ConfigError as error:
                refused.append((str(error), config))
        self._weigh(config)
        for sentence, self.config in refused:
            self._refuse(viewer, sentence, path)
        self.config, accepted = config, len(values) - len(refused)
        if not accepted:
            return
        self.run.script = None
        effect, moved = old.effect_of(self.config), None
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
        preset = find_preset(command.name)
        old, self.config, self.preset = self.config, config, preset.name if preset else STARTING_DATA
        for path, sentence in refused.items():
            self._refuse(viewer, sentence, path)
        self._restart(now)
        self._announce(old, None, "restart", now)
        self._report(now)

    def _branch(self, command: messages.BranchFrom, viewer: Subscriber, now: float) -> None:
        """Pause, and begin to go back to a step."""
        record = self.viewing.record_of(command.run, viewer)
        if record is None:
            self._refuse(viewer, self.viewing.unknown_run(command.run))
        elif (error := self.viewing.step_error(record, command.step)) is not None:
            self._refuse(viewer, error)
        else:
            self._weigh(record.config, record.is_heavy)
            restoration = Restoration(record, command.step, self.run.probe)
            self._going_back = GoingBack(restoration, command.name or "", viewer)
            self._halt(now)

    def _go_back(self, going_back: GoingBack, seconds: float, now: float) -> None:
        """Work for about so many seconds on the way to an earlier step; make it the present one when it is reached."""
        if not going_back.advance(seconds, self._timer):
            return
        self._going_back, run = None, going_back.restoration.run
        record = going_back.restoration.record()
        self._close_run()
        given_up = self.runs.go_on(record, going_back.name)
        self.run = Run(run.config, record, self.run.scenes, trainer=run.trainer, monitor=run.monitor, probe=run.probe)
        self._show_run(given_up, now)
        if going_back.viewer in self.flow_control:
            self.viewing.return_to_present(going_back.viewer, self.run, is_running=False)
        for viewer, command, values in reversed(going_back.held):
            self._inbox.put_back(viewer, command, values)
        self.wake(self)

    def _switch(self, command: messages.Switch, viewer: Subscriber, now: float) -> None:
        """Return to the last step of a kept run, and pause."""
        record = self.runs.all.get(command.run)
        if record is None:
            self._refuse(viewer, self.viewing.unknown_run(command.run))
            return
        if record is not self.run.record:
            self._weigh(record.config, record.is_heavy)
            self._close_run()
            given_up = self.runs.switch(record)
            self.run = Run.resumed(record, self.run.scenes, self.run.probe)
            self._show_run(given_up, now)
        self.viewing.return_to_present(viewer, self.run, is_running=False)

    def _close_run(self) -> None:
        """Keep the present run as it is, unless it has failed."""
        if self.failure is None:
            self.run.close()

    def _show_run(self, given_up: str, now: float) -> None:
        """Show all viewers the run that has become the present one, paused."""
        record, old = self.run.record, self.config
        self.config, self.preset, self.failure, self._is_rebuilt = record.config, record.preset, None, True
        self.playback_control.begin(self.run.step, now)
        self._show_scene()
        self._announce(old, None, "restart", now)
        self._send_marks()
        self._send_runs(given_up)
        self._halt(now)

    def _edit_run(self, command: messages.Forget | messages.Rename, viewer: Subscriber, now: float) -> None:
        """Forget or rename a run."""
        record = self.runs.all.get(command.run)
        if record is None:
            self._refuse(viewer, self.viewing.unknown_run(command.run))
        elif isinstance(command, messages.Rename):
            record.name = command.name
            self._send_runs()
        elif record is self.runs.present:
            self._refuse(viewer, "Expected a run that is not the present one; switch to another one first.")
        else:
            self.runs.forget(record)
            self._weigh(self.config)
            self._send_runs()

    def _set_bookmark(self, command: messages.SetBookmark, viewer: Subscriber) -> None:
        """Give a step of the present run a name, or take it away."""
        record = self.run.record
        error = self.viewing.step_error(record, command.step)
        if error is None and record.recording is not None:
            log = record.recording.log
            if command.text and len(log.bookmarks) >= MARKS_LENGTH:
                error = f"Expected at most {MARKS_LENGTH} bookmarks, but got one more."
            else:
                log.bookmark(command.step, command.text)
                self._send_marks()
        if error is not None:
            self._refuse(viewer, error)

    def _load_log(self, command: messages.LoadLog, viewer: Subscriber, now: float) -> None:
        """Begin a run that follows a log, and pause."""
        try:
            log = RunLog.read(io.BytesIO(command.text.encode("utf-8", "replace")))
            configs = [log.config]
            for event in log.events:
                if isinstance(event, Change):
                    configs.append(event.applied_to(configs[-1]))
            error = next(filter(None, (step_cost_error(each, self._step_limit) for each in configs)), None)
        except LogError as problem:
            error = str(problem)
        if error is not None:
            self._refuse(viewer, error)
            return
        self._weigh(log.config, any(map(is_heavy, configs)))
        old, self.config, self.preset = self.config, log.config, None
        self._restart(now)
        self.run.script = Script(log)
        self.run.record.is_heavy |= self.is_heavy
        if self.run.record.recording is not None:
            self.run.record.recording.log.bookmarks = log.bookmarks[:MARKS_LENGTH]
        self._announce(old, None, "restart", now)
        self._send_marks()
        self._halt(now)

    def _follow_script(self, script: Script, now: float) -> None:
        """Make the changes that the log has at this step, and pause at its end."""
        run = self.run
        while run.diverged is None and (change := script.due(run.step)) is not None:
            old, self.config = self.config, change.applied_to(self.config)
            effect = old.effect_of(self.config)
            if effect != "none":
                moved = run.change(self.config, reinitialize=change.reinitialize)
                self._announce(old, next(iter(change.values)), effect, now, moved)
                self._follow_scene()
        if run.diverged is not None:
            run.script = None
        elif run.step >= script.last_step:
            run.script = None
            trainer = run.trainer
            if script.digest and script.digest != digest_of(trainer.generator, trainer.discriminator):
                self._send_runs(OTHER_COURSE)
            self._halt(now)

    def _patched(self, config: Config, path: str, value: JsonValue) -> Config:
        """A config with one value changed.

        Raises:
            ConfigError: The value is not allowed, or makes a step longer than is allowed.
        """
        new = config.patched(path, value)
        sentence = step_cost_error(new, self._step_limit)
        if sentence and step_cost(new).multiply_adds > step_cost(config).multiply_adds:
            raise ConfigError(path, sentence)
        return new

    def _weigh(self, config: Config, was_heavy: bool = False) -> None:
        """Set `is_heavy` for the config that comes next; the steps of a run that was heavy stay so for looking back.

        Raises:
            HeavyCommandError: It makes the session heavy.
        """
        heavy = was_heavy or is_heavy(config)
        if heavy and not self.is_heavy:
            raise HeavyCommandError
        self.is_heavy = heavy or self.runs.any_heavy

    def _restart(self, now: float) -> None:
        """Begin a new run of the present config, which plays if the last one did."""
        self._close_run()
        given_up = self.runs.begin(self.config, self.preset)
        self.run = self.run.following(self.config, self.runs.present)
        self.run.record.is_heavy = is_heavy(self.config)
        self.failure, self._is_rebuilt = None, True
        self.playback_control.begin(0, now)
        self._show_scene()
        self._send_marks()
        self._send_runs(given_up)

    # Events -----------------------------------------------------------------------------------------------------------

    def _follow_scene(self) -> None:
        """Send a new scene if the config has changed anything that frames are drawn against; once for a whole batch."""
        if self.failure is None and self.run.follow_scene(self.config):
            self._show_scene()

    def _show_scene(self) -> None:
        self._hellos.clear()
        if len(self.flow_control):
            self.flow_control.send_scene(messages.Scene(**self.run.scene_fields()))

    def _send_marks(self) -> None:
        """Send all marks of the present run to all viewers."""
        if len(self.flow_control):
            self._send_event(messages.RunMarks(run=self.run.number, **self._marks()))

    def _marks(self) -> dict[str, Any]:
        """The fields of `Marks` that hello has, too."""
        record = self.run.record
        return {
            "marks": record.marks.all,
            "bookmarks": record.bookmarks(),
            "diagnosis_marks": record.diagnosis_marks(),
        }

    def _send_runs(self, given_up: str = "") -> None:
        """Send the list of runs to all viewers; those who look at a run that is gone are shown the present step."""
        if len(self.flow_control):
            entries = self.runs.entries()
            self._send_event(messages.Runs(present=self.run.number, runs=entries, sentence=given_up))
        self.viewing.follow_runs(self.run, self.playback_control.running)

    def _send_event(self, event: Event) -> None:
        self._hellos.clear()
        self.flow_control.send_event(event)

    def _send_hello(self, viewer: Subscriber, is_first: bool, now: float) -> None:
        """Send hello; many who join at once get the same one."""
        self._follow_scene()
        if now >= self._hellos_until:
            self._hellos.clear()
            self._hellos_until = now + HELLO_SECONDS
        key = viewer.role, is_first
        if key not in self._hellos:
            self._hellos[key] = self._hello(viewer.role, is_first, now)
        self.flow_control.add(viewer, self.run.scene)
        viewer.send_text(self._hellos[key])

    def _hello(self, role: Role, is_first: bool, now: float) -> str:
        fields = {
            "type": "hello",
            "session": self.info.session if role == "driver" else self.info.watch,
            "watch": self.info.watch,
            "role": role,
            "resumed": not is_first,
            "preset": self.preset,
            "config": self.config.model_dump(mode="json"),
            "changed": self._changed(),
            "link": self._link(),
            "revision": self._revision,
            "playback": self.playback_control.state,
            "status": messages.RunStatus(**self._status(now).model_dump(exclude={"type"})),
            "losses": self.run.losses.part(),
            "trace": self.run.measured.columns,
            **self._marks(),
            "runs": self.runs.entries(),
            **self.run.scene_fields(),
        }
        return f"{messages.to_text(fields)[:-1]},{self.info.catalog[1:]}"

    def _report(self, now: float) -> None:
        """Send the status to all viewers, and set the time of the next one."""
        self._last_diagnosis = self.run.diagnosis.sentence
        self._send_history(now)
        self._send_event(self._status(now))
        is_busy = self.playback_control.running and not self.playback_control.is_parked(now)
        self._status_at = now + (STATUS_SECONDS if is_busy else HEARTBEAT_SECONDS)

    def _send_history(self, now: float) -> None:
        """Send to all viewers what the history has gained, if it has, and set the time of the next one."""
        run, (number, steps, measured_at) = self.run, self._sent_history
        self._history_at = now + HISTORY_SECONDS
        if not len(self.flow_control) or (number, steps) == (run.number, run.step):
            return
        if number != run.number:
            steps, measured_at = 0, 0.0
        self._send_event(
            messages.History(
                run=run.number,
                losses=run.losses.part(steps),
                trace=run.measured.since(measured_at),
                trace_stride=run.measured.stride,
            )
        )
        self._sent_history = run.number, run.step, run.measured.columns["step"][-1]

    def _status(self, now: float) -> messages.Status:
        going_to = None if self._going_back is None else self._going_back.restoration.step
        return status_of(self.run, self.playback_control, self.failure, now, going_to)

    def _refuse(self, viewer: Subscriber, message: str, path: str | None = None) -> None:
        """Refuse a command to its sender alone, with the value that still holds."""
        viewer.send_text(encode_event(messages.Refused(message=message, path=path, value=self._value_at(path))))

    def _value_at(self, path: str | None) -> Any:
        """The present value; None if the path does not exist."""
        try:
            return None if path is None else self.config.value_at(path)
        except ConfigError:
            return None

    def _changed(self) -> dict[str, Any]:
        """Difference of the config from its preset."""
        return self.config.differences(self.info.config_of(self.preset or DEFAULT_PRESET) or Config())

    def _link(self) -> dict[str, Any] | None:
        """The field `link` of hello and of `ConfigChanged`."""
        if self.info.data is None or self.preset != STARTING_DATA:
            return None
        return self.config.differences(Config()) | self.config.differences(self.info.data.config)

    def _announce(
        self, old: Config, path: str | None, effect: Effect | Literal["none"], now: float, moved: float | None = None
    ) -> None:
        """Send the present config to all viewers, with a mark if one value has changed.

        Args:
            old: The config before the change.
            path: Config path that was set; None for several.
            effect: The effect of the change.
            now: Time in seconds.
            moved: How far the function of a rebuilt network has moved; see `Run.change`.
        """
        mark = None
        if effect != "none":
            self._revision += 1
            if path is not None:
                mark = self.run.marks.add(old, self.config, path, self.run.step, now, moved, self.run.trainer.units)
        event = messages.ConfigChanged(
            revision=self._revision,
            path=path,
            value=self._value_at(path),
            config=self.config.model_dump(mode="json"),
            changed=self._changed(),
            link=self._link(),
            preset=self.preset,
            effect=effect,
            mark=mark,
        )
        self._send_event(event)
