"""Which run of a session is the present one: beginning, going back, returning, and following a log."""

import io
from collections.abc import Callable
from typing import Any
from weakref import WeakMethod

from pydantic import JsonValue

from gan1d.config.errors import ConfigError
from gan1d.config.model import Config
from gan1d.engine.distributions.custom import Samples
from gan1d.recording.digest import took_other_course
from gan1d.recording.run_log import MADE_ELSEWHERE, OTHER_COURSE, Change, LogError, RunLog
from gan1d.session import messages
from gan1d.session.change_marks import MARKS_LENGTH
from gan1d.session.flow_control import Subscriber
from gan1d.session.inbox import Inbox
from gan1d.session.restoration import GoingBack, Restoration
from gan1d.session.run import Run
from gan1d.session.script import Script
from gan1d.session.session_events import SessionEvents, SessionSetup
from gan1d.session.step_cost import is_heavy, step_cost, step_cost_error


class HeavyCommandError(Exception):
    """A command has to be carried out by the owner of heavy sessions; nothing was done yet."""


class RebuildError(Exception):
    """A command rebuilds a network, or takes as long, which the present owner leaves to another one; nothing was done
    yet."""


class RunControl(SessionEvents):
    """A session as far as its runs go.

    Args:
        setup: What the session begins with.

    Attributes:
        wake: Called with the session when a message has come; set by the owner.
        is_heavy: Whether its turns are so long that they would delay other sessions.
    """

    def __init__(self, setup: SessionSetup) -> None:
        super().__init__(setup)
        self.is_heavy = self.runs.present.is_heavy = is_heavy(setup.config)
        self._step_limit, self._timer = setup.step_limit, setup.timer
        self.wake: Callable[[Any], None] = lambda _: None
        self.viewing.spectra.wake = weakly(self._wake_owner)
        self._inbox = Inbox()
        self._is_rebuilt, self._may_rebuild = False, True

    def _wake_owner(self) -> None:
        self.wake(self)

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

    def _branch(self, command: messages.BranchFrom, viewer: Subscriber, now: float) -> None:
        """Pause, and begin to go back to a step."""
        record = self.viewing.record_of(command.run, viewer)
        if record is None:
            self._refuse(viewer, self.viewing.unknown_run(command.run))
        elif (error := record.step_error(command.step)) is not None:
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
            self.viewing.reopen(record)
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
        error = record.step_error(command.step)
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
        """Begin a run that follows a log, and pause.

        Raises:
            RebuildError: The owner leaves what takes long to another one; a log of many changes takes as long to read
                as a network to rebuild.
        """
        if not self._may_rebuild:
            raise RebuildError
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
        self._begin_other(now)
        self.run.script = Script(log)
        self.run.record.is_heavy |= self.is_heavy
        if self.run.record.recording is not None:
            self.run.record.recording.log.bookmarks = log.bookmarks[:MARKS_LENGTH]
        self._announce(old, None, "restart", now)
        self._send_marks()
        if log.is_from_elsewhere:
            self._send_runs(MADE_ELSEWHERE)
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
            if took_other_course(run.trainer, script.digest):
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

    def _leave_new_numbers(self, config: Config) -> None:
        """Leave numbers that are a new target to another owner: the density of many takes as long as a network.

        Raises:
            RebuildError: That is so.
        """
        if not self._may_rebuild and isinstance(config.target, Samples) and config.target != self.config.target:
            raise RebuildError

    def _begin_other(self, now: float) -> None:
        """Begin a run of another experiment, which plays if the last one did."""
        self._restart(now)

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


def weakly(method: Callable[[], None]) -> Callable[[], None]:
    """A function that calls a method as long as its object is in use elsewhere, and does nothing after that.

    A part of an object that has it in place of the method makes no cycle, so that the memory of the object is free at
    once, and not in one of Python's searches for cycles, which hold up everything else.
    """
    reference = WeakMethod(method)

    def call() -> None:
        if (found := reference()) is not None:
            found()

    return call
