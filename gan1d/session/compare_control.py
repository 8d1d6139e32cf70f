"""Comparing the present run of a session with a second one, which plays, steps and is looked back at along with it.

The commands stand together with the course of a comparison, because every command may begin, keep or end one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import JsonValue

from gan1d.config.errors import ConfigError
from gan1d.config.model import Config
from gan1d.recording.run_log import Change, LogEvent
from gan1d.session import messages
from gan1d.session.flow_control import Subscriber
from gan1d.session.inbox import Join
from gan1d.session.kept_runs import differences_between
from gan1d.session.messages import encode_event
from gan1d.session.restoration import GoingBack, Restoration
from gan1d.session.run import Run
from gan1d.session.run_control import RunControl
from gan1d.session.run_record import NOT_KEPT, RunRecord
from gan1d.session.second_run import SecondRun, change_settings
from gan1d.session.session_events import SessionSetup
from gan1d.session.step_cost import is_heavy

COMPARISON_SECONDS: Final = 0.25
"""Time between two messages on how far a second run has caught up."""

COMPARISON_ENDED: Final = "The comparison has ended."
OTHER_EXPERIMENT: Final = "Another experiment has begun, so the comparison has ended."
OTHER_SHAPE: Final = (
    "Runs can be compared whose generators have as many labels and coordinates of z as each other, so the comparison "
    "has ended."
)
NO_MEMORY: Final = "The memory of the server does not suffice for a second run, so the comparison has ended."


@dataclass
class Forking:
    """A second run that goes on from an earlier step of the present one.

    Attributes:
        going_back: The way to that step.
        changes: What is changed there.
        later: Changes of the present run after that step.
    """

    going_back: GoingBack
    changes: dict[str, JsonValue]
    later: list[Change]


class CompareControl(RunControl):
    """A session as far as its runs and their comparison go.

    Args:
        setup: What the session begins with.

    Attributes:
        second: The run that is compared with the present one; None for none.
    """

    def __init__(self, setup: SessionSetup) -> None:
        super().__init__(setup)
        self.second: SecondRun | None = None
        self._forking: Forking | None = None
        # What viewers know of the comparison, when they are to know more, and which history they have.
        self._sent_comparison: tuple[Any, ...] = ()
        self._comparison_due = 0.0
        # Numbers of the scenes whose curves can lie over each other.
        self._scenes = (0, 0)
        self._second_history = (0, 0.0)

    @property
    def is_second_behind(self) -> bool:
        """Whether the second run is still on its way to the step of the present one."""
        return self._forking is not None or (self.second is not None and not self.second.is_together)

    # Commands ---------------------------------------------------------------------------------------------------------

    def _compare(self, command: messages.Compare, viewer: Subscriber, now: float) -> None:
        """Begin to compare the present run with a kept one, or with one that is the same but for some changes."""
        if self.run.record.recording is None:
            self._refuse(viewer, NOT_KEPT)
        elif command.run is None:
            self._compare_changed(command, viewer, now)
        elif command.changes:
            self._refuse(viewer, "Expected either a run or changes to compare with, but got both.")
        elif (record := self.runs.all.get(command.run)) is None:
            self._refuse(viewer, self.viewing.unknown_run(command.run))
        elif record is self.run.record:
            self._refuse(viewer, "Expected a run besides the present one, but got the present one.")
        else:
            second = self._second(record)
            if error := second.problem(self.run.step):
                self._refuse(viewer, error)
                return
            self._weigh(self.config, record.is_heavy)
            self._begin_comparison(second, now)

    def _compare_changed(self, command: messages.Compare, viewer: Subscriber, now: float) -> None:
        """Begin to make a run that is the same as the present one but for some changes from a step on."""
        record, recording = self.run.record, self.run.record.recording
        assert recording is not None
        step = self.run.step if command.step is None else command.step
        if (error := record.step_error(step)) is not None:
            self._refuse(viewer, error)
            return
        try:
            old = recording.log.config_at(step)
            new = self._changed_config(old, command.changes)
            if new.effect_of(old) == "none":
                raise ConfigError("", "Expected a change that makes a difference, but got none.")
            # What begins with a new run can only be compared from its start.
            step = 0 if old.effect_of(new) == "restart" else step
            start = self._changed_config(recording.log.config, command.changes) if step == 0 else new
        except ConfigError as problem:
            self._refuse(viewer, str(problem))
            return
        self._weigh(start, record.is_heavy)
        name = name_of(old, new)
        later = changes_besides(command.changes, recording.log.events, 0 if step == 0 else step + 1)
        if step:
            going_back = GoingBack(Restoration(record, step, self.run.probe), name, viewer)
            self._forking = Forking(going_back, dict(command.changes), later)
        else:
            self._begin_comparison(self._second_from_start(start, name, later), now)

    def _changed_config(self, config: Config, changes: dict[str, JsonValue]) -> Config:
        """A config with some values changed.

        Raises:
            ConfigError: A value is not allowed, or makes a step longer than is allowed.
        """
        for path, value in changes.items():
            config = self._patched(config, path, value)
        return config

    def _second(self, record: RunRecord, run: Run | None = None, changes: list[Change] | None = None) -> SecondRun:
        return SecondRun(record, self.run.scenes, run=run, changes=changes or [], timer=self._timer)

    def _second_from_start(self, config: Config, name: str, later: list[Change]) -> SecondRun:
        """A second run at step 0."""
        record = self.runs.begin_second(config, self.preset, name)
        record.is_heavy = is_heavy(config)
        return self._second(record, Run(config, record, self.run.scenes, probe=self.run.probe), later)

    def _fork(self, forking: Forking, seconds: float, now: float) -> None:
        """Work for about so many seconds on the way to the step from which the second run goes on."""
        going_back = forking.going_back
        if not going_back.advance(seconds, self._timer):
            return
        self._forking, restored = None, going_back.restoration.run
        if restored.diverged is not None:
            self._refuse(going_back.viewer, "The run has diverged at this step; choose an earlier one.")
            return
        record = going_back.restoration.record()
        self.runs.add_branch(record, going_back.name)
        trainer, monitor = restored.trainer, restored.monitor
        run = Run(restored.config, record, self.run.scenes, trainer=trainer, monitor=monitor, probe=restored.probe)
        run.follow_scene(run.config)
        for path, value in forking.changes.items():
            change_settings(run, run.config.patched(path, value), path, now)
        self._begin_comparison(self._second(record, run, forking.later), now)

    # Beginning and end ------------------------------------------------------------------------------------------------

    def _begin_comparison(self, second: SecondRun, now: float) -> None:
        """Compare the present run with a second one."""
        if self.second is not None:
            self.second.rest()
        measured = second.record.measured.columns["step"]
        self._second_history = second.record.losses.all_steps, measured[-1] if measured else 0.0
        self.second, self._sent_comparison, self._scenes = second, (), (0, 0)
        given_up = self.runs.compare(second.record)
        self.viewing.compare(second)
        self.flow_control.set_frames(2)
        self._send_runs(given_up)
        self._send_comparison(now)

    def _end_comparison(self, now: float, sentence: str, *, has_failed: bool = False) -> None:
        """Compare no longer; the second run is kept, unless something has failed while it was trained."""
        second, self._forking = self.second, None
        if second is None:
            return
        if not has_failed:
            second.rest()
        self.second = None
        given_up = self.runs.compare(None)
        self.viewing.compare(None)
        self.flow_control.set_frames(1)
        event = messages.Comparing(
            run=None, name="", step=0, catching_up=False, diverged=False, shared_steps=0, differences=[], changes={},
            sentence=sentence,
        )  # fmt: skip
        self._send_event(event)
        self._send_runs(given_up)
        self.playback_control.hurry(now)

    def _begin_other(self, now: float) -> None:
        """Begin a run of another experiment, which is not compared."""
        self._end_comparison(now, OTHER_EXPERIMENT)
        super()._begin_other(now)

    def _restart(self, now: float) -> None:
        """Begin a new run of the present config, and the second run with it; a common seed stays common."""
        seed = self.run.config.seed
        super()._restart(now)
        second = self.second
        if second is None or second.record.recording is None:
            return
        config, log = second.config, second.record.recording.log
        if config.seed == seed:
            config = config.patched("seed", self.config.seed)
        second.forget_changes()
        if log.events or log.config != config:
            self._begin_comparison(self._second_from_start(config, second.record.name, []), now)

    def _switch(self, command: messages.Switch, viewer: Subscriber, now: float) -> None:
        """Return to the last step of a kept run; the second run changes places with the present one."""
        former, second = self.run.record, self.second
        is_exchange = second is not None and second.record.number == command.run
        if second is not None and is_exchange:
            second.rest()
            self.runs.second = former
        super()._switch(command, viewer, now)
        if is_exchange:
            self._begin_comparison(self._second(former), now)

    def _edit_run(self, command: messages.Forget | messages.Rename, viewer: Subscriber, now: float) -> None:
        """Forget or rename a run; one that is forgotten is not compared any longer."""
        if isinstance(command, messages.Forget) and self.second and self.second.record.number == command.run:
            self._end_comparison(now, COMPARISON_ENDED)
        super()._edit_run(command, viewer, now)

    # Going along ------------------------------------------------------------------------------------------------------

    def _advance_second(self, now: float, seconds: float) -> None:
        """Work for about so many seconds on the second run."""
        if self._forking is not None:
            self._fork(self._forking, seconds, now)
        second = self.second
        if second is None:
            return
        if error := second.problem(self.run.step):
            self._end_comparison(now, error)
            return
        try:
            second.follow(self.run, seconds, now)
        except MemoryError:
            self._end_comparison(now, NO_MEMORY, has_failed=True)
            return
        if second.omitted:
            listed = ", ".join(second.omitted)
            second.omitted.clear()
            self._send_runs(f"“{second.record.name}” leaves out changes of {listed}, which its settings do not allow.")
        scenes = self.run.scene, second.scene_number
        if scenes != self._scenes and (scene := second.scene()) is not None:
            self._scenes = scenes
            if curves_of(scene) != curves_of(self.run.scene_fields()):
                self._end_comparison(now, OTHER_SHAPE)
                return
        self._send_comparison(now)
        if not self.playback_control.running:
            self._send_second_history(second.record)

    def _send_comparison(self, now: float) -> None:
        """Send the comparison to all viewers if it has changed, and now and then while a run catches up."""
        second = self.second
        if second is None:
            return
        is_late = second.is_late
        state = (
            second.record.number, second.record.name, self.run.number, self.config, second.config, is_late,
            second.record.diverged,
        )  # fmt: skip
        if state != self._sent_comparison or (is_late and now >= self._comparison_due):
            self._sent_comparison, self._comparison_due = state, now + COMPARISON_SECONDS
            self.is_heavy |= self.runs.any_heavy
            self._send_event(second.event(self.run))

    def _send_history(self, now: float) -> None:
        """Send to all viewers what the histories of both runs have gained."""
        super()._send_history(now)
        if self.second is not None:
            self._send_second_history(self.second.record)

    def _send_second_history(self, record: RunRecord) -> None:
        """Send to all viewers what the history of the second run has gained."""
        steps, measured_at = self._second_history
        if steps == record.losses.all_steps or not len(self.flow_control):
            return
        self._send_event(record.gained(steps, measured_at))
        self._second_history = record.losses.all_steps, record.measured.columns["step"][-1]

    def _send_hello(self, viewer: Subscriber, join: Join, now: float) -> None:
        """Send hello, and what is compared."""
        super()._send_hello(viewer, join, now)
        if self.second is not None:
            viewer.send_text(encode_event(self.second.event(self.run)))


def name_of(old: Config, new: Config) -> str:
    """Name of a run that is the same but for some changes."""
    parts = [f"{one.label} {one.there}" for one in differences_between(old, new) if one.there]
    name = ", ".join(parts)
    return name if len(name) <= messages.NAME_LENGTH_LIMIT else f"{name[: messages.NAME_LENGTH_LIMIT - 1]}…"


def changes_besides(changes: dict[str, JsonValue], events: Sequence[LogEvent], first: int) -> list[Change]:
    """The changes of a log from a step on, without those of settings that are changed already."""
    found = []
    for event in events:
        if isinstance(event, Change) and event.step >= first:
            values = {path: value for path, value in event.values.items() if not touched(path, changes)}
            if values:
                found.append(Change(event.step, values, event.reinitialize))
    return found


def touched(path: str, others: Iterable[str]) -> bool:
    """Whether a path leads to the setting of one of the others, or to a part of it, or the other way round."""
    own, *rest = (f"{each.removesuffix('.kind')}." for each in (path, *others))
    return any(own.startswith(other) or other.startswith(own) for other in rest)


def curves_of(scene: dict[str, Any]) -> tuple[int, int, int]:
    """What the scenes of two runs must have in common so that their curves can lie over each other."""
    return len(scene["curves"]), len(scene["classes"]), scene["latent_dimension"]
