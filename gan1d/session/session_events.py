"""What a session says to its viewers: hello, status, history, marks, runs and settings."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal

from gan1d.config.errors import ConfigError
from gan1d.config.model import Config
from gan1d.diagnosis.monitor import DiagnosisState
from gan1d.formatting import format_count
from gan1d.gallery import DEFAULT_PRESET
from gan1d.gallery.goal import GoalWatch
from gan1d.knobs import Effect
from gan1d.recording.key_frames import SPACING
from gan1d.session import messages
from gan1d.session.flow_control import FlowControl, Subscriber
from gan1d.session.inbox import Join
from gan1d.session.kept_runs import KeptRuns
from gan1d.session.messages import Event, Role, encode_event
from gan1d.session.playback import PlaybackControl, StepRequest
from gan1d.session.restoration import GoingBack
from gan1d.session.run import Run
from gan1d.session.session_info import SessionInfo
from gan1d.session.starting_data import STARTING_DATA
from gan1d.session.status import status_of
from gan1d.session.viewing import Viewing

STATUS_SECONDS: Final = 1.0
"""Time between two status messages while training."""
HEARTBEAT_SECONDS: Final = 4.0
"""Time between two status messages otherwise."""
HISTORY_SECONDS: Final = 0.25
"""Time between two messages with the history while training."""
HELLO_SECONDS: Final = 0.1
"""Time for which all who join get the same hello, because that of a long run takes 20 ms to write."""
FREQUENT_EVENTS: Final = (messages.Status, messages.History, messages.ConfigChanged)
"""Events that follow a hello which was written before them; after any other event the next hello is a new one."""


@dataclass(frozen=True)
class SessionSetup:
    """What a session begins with.

    Attributes:
        config: The experiment.
        preset: Name of the preset that it is based on, if any.
        info: Description of the session and the server in each hello.
        step_limit: Largest number of million multiply-adds in a step.
        timer: Seconds, to measure how long a slice of training took.
    """

    config: Config
    preset: str | None
    info: SessionInfo
    step_limit: float
    timer: Callable[[], float]


class SessionEvents:
    """The state of a session, and the events that report it to its viewers.

    Args:
        setup: What the session begins with.

    Attributes:
        config: The present settings.
        preset: Name of the preset that they are based on, if any.
        failure: The error of the server in a sentence, until the next reset; None if there is none.
        runs: The runs that are kept.
        viewing: The viewers that look back.
    """

    def __init__(self, setup: SessionSetup) -> None:
        self.config, self.preset, self.info = setup.config, setup.preset, setup.info
        self.flow_control = FlowControl()
        self.playback_control = PlaybackControl(setup.timer)
        self.runs = KeptRuns(setup.config, setup.preset, setup.info.history_bytes)
        self.viewing = Viewing(self.flow_control, self.runs, setup.timer)
        self.failure: str | None = None
        self._going_back: GoingBack | None = None
        # Each hello with the events since it was written.
        self._hellos: dict[tuple[Role, bool, bool], list[str]] = {}
        self._hellos_until = -math.inf
        self._revision = 0
        self._last_diagnosis = ""
        self._status_at = self._history_at = -math.inf
        # When the differences of all runs from the present one are sent; infinite if they have not changed.
        self._differences_at = math.inf
        # Run, steps and last measured step of the history that all viewers have.
        self._sent_history = (1, 0, 0.0)
        # Run, and the spacing of its kept states that viewers know of.
        self._sent_spacing = (0, 0)
        self._goal: GoalWatch | None = None
        # The diagnosis whose observations the goal has; a new run and changed settings begin another one.
        self._goal_state: DiagnosisState | None = None

    @cached_property
    def run(self) -> Run:
        """The present run; the first one begins when it is needed, because that takes longer than several frames."""
        return Run(self.config, self.runs.present)

    def _halt(self, now: float, pending: StepRequest | None = None) -> None:
        """Pause, with some steps still to take if any are given."""
        self.playback_control.halt(self.run.step, now, pending)
        self._report(now)

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
        self._differences_at = math.inf
        if len(self.flow_control):
            entries = self.runs.entries()
            self._send_event(messages.Runs(present=self.run.number, runs=entries, sentence=given_up))
        self.viewing.follow_runs(self.run, self.playback_control.running)

    def _send_event(self, event: Event) -> None:
        text = self.flow_control.send_event(event)
        if not isinstance(event, FREQUENT_EVENTS) or not text:
            self._hellos.clear()
        for texts in self._hellos.values():
            texts.append(text)

    def _send_hello(self, viewer: Subscriber, join: Join, now: float) -> None:
        """Send hello; many who join at once get the same one, and the events since it was written."""
        self._follow_scene()
        if now >= self._hellos_until:
            self._hellos.clear()
            self._hellos_until = now + HELLO_SECONDS
        key = viewer.role, join.is_first, join.catalog == self.info.catalog.name
        if key not in self._hellos:
            self._hellos[key] = [self._hello(*key, now)]
        self.flow_control.add(viewer, self.run.scene)
        for text in self._hellos[key]:
            viewer.send_text(text)

    def _hello(self, role: Role, is_first: bool, has_catalog: bool, now: float) -> str:
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
        catalog = self.info.catalog
        shared = "}" if has_catalog else f",{catalog.shared[1:]}"
        return f"{messages.to_text(fields)[:-1]},{catalog.own[1:-1]}{shared}"

    def _report(self, now: float) -> None:
        """Send the status to all viewers, and set the time of the next one."""
        self._last_diagnosis = self.run.diagnosis.sentence
        self._send_history(now)
        self._send_event(self._status(now))
        self._send_spacing()
        is_busy = self.playback_control.running and not self.playback_control.is_parked(now)
        self._status_at = now + (STATUS_SECONDS if is_busy else HEARTBEAT_SECONDS)

    def _send_spacing(self) -> None:
        """Send a sentence if the kept earlier steps of the present run are much farther apart than in the last one."""
        recording = self.run.record.recording
        number, sent = self._sent_spacing
        sent = sent if number == self.run.number else 2 * SPACING
        spacing = 0 if recording is None else recording.key_frames.largest_gap
        if spacing >= 2 * sent:
            far = format_count(spacing)
            self._send_runs(f"To make room, earlier steps of this run are kept up to {far} steps apart.")
            sent = spacing
        self._sent_spacing = self.run.number, sent

    def _send_history(self, now: float) -> None:
        """Send to all viewers what the history has gained, if it has, and set the time of the next one."""
        run, (number, steps, measured_at) = self.run, self._sent_history
        self._history_at = now + HISTORY_SECONDS
        if not len(self.flow_control) or (number, steps) == (run.number, run.step):
            return
        if number != run.number:
            steps, measured_at = 0, 0.0
        self._send_event(run.record.gained(steps, measured_at))
        self._sent_history = run.number, run.step, run.measured.columns["step"][-1]

    def _status(self, now: float) -> messages.Status:
        going_to = None if self._going_back is None else self._going_back.restoration.step
        self._follow_goal()
        return status_of(self.run, self.playback_control, self.failure, now, going_to, self._goal)

    def _follow_goal(self) -> bool:
        """Bring the goal up to date; return whether it was just met."""
        watch, state = self._goal, self.run.monitor.state
        if watch is None:
            return False
        if state is not self._goal_state:
            self._goal_state = state
            watch.restart()
        return watch.follow(state.window, None if self.run.diverged is None else self.run.diverged.step)

    def _refuse(
        self, viewer: Subscriber, message: str, path: str | None = None, command: messages.ViewerCommand | None = None
    ) -> None:
        """Refuse a command to its sender alone, with the value that still holds."""
        kind = None if command is None else command.type
        refused = messages.Refused(message=message, path=path, value=self._value_at(path), command=kind)
        viewer.send_text(encode_event(refused))

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
