"""A session: one run after another, the commands that change it, and what is said about it.

A session is owned by the caller of `advance`; others leave a message in the inbox with `submit`. A turn reads
messages for a few milliseconds, trains one slice, and publishes a frame if one is due and a viewer has credit for it.
No asyncio and no clock in here: the caller says what time it is.
"""

import logging
import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal, assert_never

from gan1d import glossary
from gan1d.config.errors import ConfigError
from gan1d.config.model import Config
from gan1d.formatting import format_count
from gan1d.gallery import DEFAULT_PRESET, find_preset, presets
from gan1d.knobs import Effect
from gan1d.session import messages
from gan1d.session.flow_control import CREDIT, FlowControl, Subscriber
from gan1d.session.history import TRACE_LIMIT
from gan1d.session.messages import Command, State
from gan1d.session.pacing import speeds
from gan1d.session.playback import PlaybackControl, StepRequest
from gan1d.session.run import Run

log = logging.getLogger(__name__)

STATUS_SECONDS: Final = 1.0
HEARTBEAT_SECONDS: Final = 4.0
"""Between two status messages while training, and otherwise; the page calls a silence of 12 s a lost server."""
INBOX_SECONDS: Final = 0.004
"""After so long the notes that are left wait until others had their turn; a change of layers alone takes longer."""


@dataclass(frozen=True)
class Join:
    """A viewer came, and is owed a hello."""


@dataclass(frozen=True)
class Leave:
    """A viewer went."""


InboxItem = Command | Join | Leave


@dataclass(frozen=True)
class SessionInfo:
    """What a session says of itself in each hello: who may come back, and what the program offers."""

    session: str = ""
    watch: str = ""
    version: str = ""
    schema: dict[str, Any] = field(default_factory=dict)
    presets: list[dict[str, Any]] = field(default_factory=list)


class Session:
    """One experiment as it is played.

    Args:
        config: The experiment to begin with.
        preset: The preset it was made from, if any.
        about: What to say of itself.
        timer: Measures how long a slice took.
        stopwatch: Measures how long notes took.

    Attributes:
        ring: Called after each note, so that the owner comes; the engine room sets it.
        spent: Seconds that notes took; the owner sets it back.
    """

    def __init__(
        self,
        config: Config,
        preset: str | None = None,
        *,
        info: SessionInfo | None = None,
        timer: Callable[[], float] = time.perf_counter,
        stopwatch: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.wake: Callable[[Session], None] = lambda _: None
        self.config, self.preset = config, preset
        self.info = info or SessionInfo()
        self.run = Run(config)
        self.flow_control = FlowControl()
        self.playback_control = PlaybackControl(timer)
        self.failure: str | None = None
        self.command_seconds = 0.0
        self._stopwatch = stopwatch
        self._inbox: deque[tuple[Subscriber, InboxItem]] = deque()
        self._superseded = 0
        self._revision = 0
        self._is_changed = False
        self._diagnosed = self.run.diagnosis.sentence
        self._status_at = -math.inf

    def submit(self, item: InboxItem, viewer: Subscriber) -> None:
        """Leave a note, from any thread; it is read between two slices of training."""
        self._inbox.append((viewer, item))
        self.wake(self)

    # What only the owner calls ----------------------------------------------------------------------------------------

    def advance(self, now: float) -> float:
        """Read notes, train a slice, publish what is due.

        Returns:
            Seconds until the session wants another turn: 0 for at once, infinite if only a note can wake it.
        """
        self.handle_inbox(now)
        if self.failure is None:
            diverged, busy, said = self.run.diverged, self.playback_control.requested, self.run.state
            self.playback_control.train(self.run, self.flow_control, now)
            if self.run.diverged is not diverged or (busy and self.playback_control.requested is None):
                self._halt(now)
            elif self.run.state is not said:
                self._report(now)
            self.playback_control.publish(self.run, self.flow_control, now)
        if now >= self._status_at and len(self.flow_control):
            self._report(now)
        due = self._status_at if len(self.flow_control) else math.inf
        if self.failure is None:
            due = min(due, self.playback_control.next_at(self.run, self.flow_control, now))
        return 0.0 if self._inbox else max(0.0, due - now)

    def handle_inbox(self, now: float) -> None:
        """Read notes and answer them, no training; what is left after a few milliseconds waits for the next call."""
        begun = self._stopwatch()
        while self._inbox:
            viewer, item = self._inbox.popleft()
            if isinstance(item, Join):
                self._send_hello(viewer, now)
            elif isinstance(item, Leave):
                self.flow_control.remove(viewer)
            elif viewer in self.flow_control:
                self._handle(item, viewer, now)
            if self._inbox and self._stopwatch() - begun >= INBOX_SECONDS:
                self.wake(self)
                break
        if self._is_changed and self.run.diagnosis.sentence != self._diagnosed:
            # What was seen before a change is no evidence of what is; a paused run would not say so by itself.
            self._report(now)
        self._is_changed = False
        self._follow_scene()
        self.command_seconds += self._stopwatch() - begun

    def fail(self, error: Exception, now: float) -> None:
        """Something that should not happen did: stop, and say so here and on the page."""
        log.error("A session failed at step %d.", self.run.step, exc_info=error)
        self.failure = (
            f"Something went wrong in the server at step {format_count(self.run.step)}; its log says what. "
            "Press Reset to start again."
        )
        self._superseded = 0
        # It may have failed between a change and the word of it.
        self._announce(self.config, None, "none", now)
        self._halt(now)

    # Commands ---------------------------------------------------------------------------------------------------------

    def _handle(self, command: Command, viewer: Subscriber, now: float) -> None:
        if isinstance(command, messages.Ack):
            self.flow_control.credit(viewer)
            return
        objection = self._rejection_reason(command, viewer)
        if objection is not None:
            self._refuse(viewer, objection, command.path if isinstance(command, messages.Set) else None)
            return
        match command:
            case messages.Play():
                self.playback_control.play(self.run.step, now)
                self._report(now)
            case messages.Pause():
                self._halt(now)
            case messages.Step():
                self._halt(now, StepRequest(command.count, command.player))
            case messages.Reset():
                self._reset(command, viewer, now)
            case messages.Set():
                self._set(command, viewer, now)
            case messages.LoadPreset():
                self._load_preset(command, viewer, now)
            case messages.Playback():
                self.playback_control.set_speed(command.speed, now)
                self._report(now)
            case _:
                assert_never(command)

    def _rejection_reason(self, command: Command, viewer: Subscriber) -> str | None:
        """Why this command cannot be obeyed now, if so."""
        if viewer.role != "driver":
            return "You are watching this session; only who drives it can change it."
        if self.failure is not None and not isinstance(command, messages.Reset | messages.LoadPreset):
            return self.failure
        if self.run.diverged is not None and isinstance(command, messages.Play | messages.Step):
            return self._sentence(parked=False)
        return None

    def _halt(self, now: float, requested: StepRequest | None = None) -> None:
        self.playback_control.halt(self.run.step, now, requested)
        self._report(now)

    def _reset(self, command: messages.Reset, viewer: Subscriber, now: float) -> None:
        """Back to step 0, paused. The same seed makes the same run."""
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

    def _set(self, command: messages.Set, viewer: Subscriber, now: float) -> None:
        old = self.config
        try:
            self.config = old.patched(command.path, command.value)
        except ConfigError as error:
            self._refuse(viewer, str(error), command.path)
            return
        effect, moved = old.effect_of(self.config), None
        if effect in ("network", "restart") and self._is_superseded(command, viewer, old, effect):
            self.config = old
            self._superseded += 1
            return
        if effect == "restart":
            self._restart(now)
        elif effect != "none":
            moved, self._is_changed = self.run.change(self.config, reinitialize=command.reinitialize), True
        self._announce(old, command.path, effect, now, moved)
        for _ in range(self._superseded):
            self._announce(self.config, command.path, "none", now)
        self._superseded = 0
        if effect == "restart":
            self._report(now)

    def _is_superseded(self, command: messages.Set, viewer: Subscriber, old: Config, effect: Effect) -> bool:
        """Whether the next note sets the same once more, so that what would be built for this one is never seen.

        Building takes up to half a second, and a drag or a script may ask for it a hundred times in a row.
        """
        author, item = self._inbox[0] if self._inbox else (None, None)
        if author is not viewer or not isinstance(item, messages.Set):
            return False
        if (item.path, item.reinitialize) != (command.path, command.reinitialize):
            return False
        try:
            then = old.effect_of(old.patched(item.path, item.value))
        except ConfigError:
            return False
        # Going back to the old layers leaves nothing to build; a run that was to start again does so.
        return then == effect or (then == "none" and effect == "network")

    def _load_preset(self, command: messages.LoadPreset, viewer: Subscriber, now: float) -> None:
        """A preset is a run from its beginning; whether it plays or waits stays as it was."""
        preset = find_preset(command.name)
        if preset is None:
            known = ", ".join(presets)
            self._refuse(viewer, f"Expected a preset of {known}, but got {messages.quote(command.name)}.")
            return
        config, refused = preset.config, dict[str, str]()
        for path, value in command.changes.items():
            try:
                config = config.patched(path, value)
            except ConfigError as error:
                refused[path] = str(error)
        old, self.config, self.preset = self.config, config, preset.name
        for path, sentence in refused.items():
            self._refuse(viewer, sentence, path)
        self._restart(now)
        self._announce(old, None, "restart", now)
        self._report(now)

    # The run and its scene --------------------------------------------------------------------------------------------

    def _restart(self, now: float) -> None:
        """A new run of the present config, playing if the old one was."""
        self.run = self.run.following(self.config)
        self.failure = None
        self.playback_control.begin(0, now)
        self._show_scene()

    def _follow_scene(self) -> None:
        """A new scene if what frames are drawn against changed: one for all the notes of a drag."""
        if self.failure is None and self.run.follow_scene(self.config):
            self._show_scene()

    def _show_scene(self) -> None:
        self.flow_control.refresh()
        if len(self.flow_control):
            self.flow_control.tell(messages.Scene(**self.run.scene_fields()))

    # What is said -----------------------------------------------------------------------------------------------------

    def _send_hello(self, viewer: Subscriber, now: float) -> None:
        """The first message a viewer gets holds all it needs."""
        self._follow_scene()
        hello = messages.Hello(
            **self.run.scene_fields(),
            version=self.info.version,
            session=self.info.session if viewer.role == "driver" else self.info.watch,
            watch=self.info.watch,
            role=viewer.role,
            config_schema=self.info.schema,
            presets=self.info.presets,
            default_preset=DEFAULT_PRESET,
            preset=self.preset,
            config=self.config.model_dump(mode="json"),
            changed=self._changed(),
            revision=self._revision,
            playback=self.playback_control.state,
            speeds=speeds(),
            glossary=glossary.served(),
            limits=messages.Limits(frames_in_flight=CREDIT, history_length=TRACE_LIMIT),
            status=self._run_status(now),
            trace=self.run.trace.columns,
            marks=self.run.marks.all,
        )
        self.flow_control.add(viewer)
        viewer.tell(messages.encode_event(hello))

    def _report(self, now: float) -> None:
        """Say how the run is doing, and note when to say so next."""
        self._diagnosed = self.run.diagnosis.sentence
        self.flow_control.tell(messages.Status(**dict(self._run_status(now))))
        is_busy = self.playback_control.running and not self.playback_control.is_parked(now)
        self._status_at = now + (STATUS_SECONDS if is_busy else HEARTBEAT_SECONDS)

    def _run_status(self, now: float) -> messages.RunStatus:
        return messages.RunStatus(
            state=self.state,
            sentence=self._sentence(parked=self.playback_control.is_parked(now)),
            step=self.run.step,
            rate=self.playback_control.rate(self.run.step, now),
            playback=self.playback_control.state,
            diagnosis=messages.DiagnosisMessage(**asdict(self.run.diagnosis)),
        )

    @property
    def state(self) -> State:
        """How the run is doing, in one word."""
        if self.failure is not None:
            return "failed"
        if self.run.diverged is not None:
            return "diverged"
        if self.playback_control.running:
            return "running"
        return "paused" if self.run.step else "ready"

    def _sentence(self, *, parked: bool) -> str:
        """How the run is doing, for a person."""
        if self.failure is not None:
            return self.failure
        if self.run.diverged is not None:
            return f"{self.run.diverged.reason} Lower the learning rate, then press Reset."
        if self.playback_control.running:
            return "Training waits until the page draws again." if parked else "Training."
        return f"Paused at step {format_count(self.run.step)}." if self.run.step else "Press Play to train."

    def _refuse(self, viewer: Subscriber, message: str, path: str | None = None) -> None:
        """To that viewer alone, with the value that still holds."""
        viewer.tell(messages.encode_event(messages.Refused(message=message, path=path, value=self._value_at(path))))

    def _changed(self) -> dict[str, Any]:
        """Difference of the config from its preset."""
        return self.config.differences(presets[self.preset or DEFAULT_PRESET].config)

    def _value_at(self, path: str | None) -> Any:
        """The present value, or None where there is no such path."""
        try:
            return None if path is None else self.config.value_at(path)
        except ConfigError:
            return None

    def _announce(
        self, old: Config, path: str | None, effect: Effect | Literal["none"], now: float, moved: float | None = None
    ) -> None:
        """Tell everybody what the experiment is now, and how far a rebuilt network's curve has moved."""
        mark = None
        if effect != "none":
            self._revision += 1
            if path is not None:
                mark = self.run.marks.add(old, self.config, path, self.run.step, now, moved)
        event = messages.ConfigChanged(
            revision=self._revision,
            path=path,
            value=self._value_at(path),
            config=self.config.model_dump(mode="json"),
            changed=self._changed(),
            preset=self.preset,
            effect=effect,
            mark=mark,
        )
        self.flow_control.tell(event)
