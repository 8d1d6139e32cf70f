"""A session: one run after another, the commands that change it, and what is said about it.

A session is owned by whoever calls `turn`; everybody else leaves a note in the inbox with `submit`. A turn reads notes
for a few milliseconds, trains one slice, and publishes a frame if one is due and some viewer has credit for it.
No asyncio and no clock in here: the caller says what time it is.
"""

import logging
import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal, assert_never

from gan1d.config.errors import ConfigError
from gan1d.config.model import Config
from gan1d.formatting import counted
from gan1d.gallery import presets
from gan1d.knobs import Effect
from gan1d.session import messages
from gan1d.session.flow_control import Audience, Viewer
from gan1d.session.messages import Command, State
from gan1d.session.pacing import speeds
from gan1d.session.playback import Asked, Playhead
from gan1d.session.run import Run

log = logging.getLogger(__name__)

STATUS_SECONDS: Final = 1.0
HEARTBEAT_SECONDS: Final = 4.0
"""Between two status messages while training, and otherwise; the page calls a silence of 12 s a lost server."""
ATTEND_SECONDS: Final = 0.004
"""After so long the notes that are left wait until others had their turn; a change of layers alone takes longer."""


@dataclass(frozen=True)
class Join:
    """A viewer came, and is owed a hello."""


@dataclass(frozen=True)
class Leave:
    """A viewer went."""


Note = Command | Join | Leave


@dataclass(frozen=True)
class About:
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
        about: About | None = None,
        timer: Callable[[], float] = time.perf_counter,
        stopwatch: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.ring: Callable[[Session], None] = lambda _: None
        self.config, self.preset = config, preset
        self.about = about or About()
        self.run = Run(config)
        self.audience = Audience()
        self.playhead = Playhead(timer)
        self.failure: str | None = None
        self.spent = 0.0
        self._stopwatch = stopwatch
        self._inbox: deque[tuple[Viewer, Note]] = deque()
        self._outrun = 0
        self._revision = 0
        self._is_changed = False
        self._diagnosed = self.run.diagnosis.sentence
        self._status_at = -math.inf

    def submit(self, note: Note, viewer: Viewer) -> None:
        """Leave a note, from any thread; it is read between two slices of training."""
        self._inbox.append((viewer, note))
        self.ring(self)

    # What only the owner calls ----------------------------------------------------------------------------------------

    def turn(self, now: float) -> float:
        """Read notes, train a slice, publish what is due.

        Returns:
            Seconds until the session wants another turn: 0 for at once, infinite if only a note can wake it.
        """
        self.attend(now)
        if self.failure is None:
            diverged, busy, said = self.run.diverged, self.playhead.asked, self.run.condition
            self.playhead.train(self.run, self.audience, now)
            if self.run.diverged is not diverged or (busy and self.playhead.asked is None):
                self._halt(now)
            elif self.run.condition is not said:
                self._report(now)
            self.playhead.publish(self.run, self.audience, now)
        if now >= self._status_at and len(self.audience):
            self._report(now)
        due = self._status_at if len(self.audience) else math.inf
        if self.failure is None:
            due = min(due, self.playhead.next_at(self.run, self.audience, now))
        return 0.0 if self._inbox else max(0.0, due - now)

    def attend(self, now: float) -> None:
        """Read notes and answer them, no training; what is left after a few milliseconds waits for the next call."""
        begun = self._stopwatch()
        while self._inbox:
            viewer, note = self._inbox.popleft()
            if isinstance(note, Join):
                self._welcome(viewer, now)
            elif isinstance(note, Leave):
                self.audience.dismiss(viewer)
            elif viewer in self.audience:
                self._obey(note, viewer, now)
            if self._inbox and self._stopwatch() - begun >= ATTEND_SECONDS:
                self.ring(self)
                break
        if self._is_changed and self.run.diagnosis.sentence != self._diagnosed:
            # What was seen before a change is no evidence of what is; a paused run would not say so by itself.
            self._report(now)
        self._is_changed = False
        self._follow_scene()
        self.spent += self._stopwatch() - begun

    def fail(self, error: Exception, now: float) -> None:
        """Something that should not happen did: stop, and say so here and on the page."""
        log.error("A session failed at step %d.", self.run.step, exc_info=error)
        self.failure = (
            f"Something went wrong in the server at step {counted(self.run.step)}; its log says what. "
            "Press Reset to start again."
        )
        self._outrun = 0
        # It may have failed between a change and the word of it.
        self._announce(self.config, None, "none", now)
        self._halt(now)

    # Commands ---------------------------------------------------------------------------------------------------------

    def _obey(self, command: Command, viewer: Viewer, now: float) -> None:
        if isinstance(command, messages.Ack):
            self.audience.credit(viewer)
            return
        objection = self._objection(command, viewer)
        if objection is not None:
            self._refuse(viewer, objection, command.path if isinstance(command, messages.Set) else None)
            return
        match command:
            case messages.Play():
                self.playhead.play(self.run.step, now)
                self._report(now)
            case messages.Pause():
                self._halt(now)
            case messages.Step():
                self._halt(now, Asked(command.count, command.player))
            case messages.Reset():
                self._reset(command, viewer, now)
            case messages.Set():
                self._set(command, viewer, now)
            case messages.LoadPreset():
                self._load_preset(command, viewer, now)
            case messages.Playback():
                self.playhead.set_speed(command.speed, now)
                self._report(now)
            case _:
                assert_never(command)

    def _objection(self, command: Command, viewer: Viewer) -> str | None:
        """Why this command cannot be obeyed now, if so."""
        if viewer.role != "driver":
            return "You are watching this session; only who drives it can change it."
        if self.failure is not None and not isinstance(command, messages.Reset | messages.LoadPreset):
            return self.failure
        if self.run.diverged is not None and isinstance(command, messages.Play | messages.Step):
            return self._sentence(parked=False)
        return None

    def _halt(self, now: float, asked: Asked | None = None) -> None:
        self.playhead.halt(self.run.step, now, asked)
        self._report(now)

    def _reset(self, command: messages.Reset, viewer: Viewer, now: float) -> None:
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

    def _set(self, command: messages.Set, viewer: Viewer, now: float) -> None:
        old = self.config
        try:
            self.config = old.patched(command.path, command.value)
        except ConfigError as error:
            self._refuse(viewer, str(error), command.path)
            return
        effect, moved = old.effect_of(self.config), None
        if effect in ("network", "restart") and self._is_outrun(command, viewer, old, effect):
            self.config = old
            self._outrun += 1
            return
        if effect == "restart":
            self._restart(now)
        elif effect != "none":
            moved, self._is_changed = self.run.change(self.config, afresh=command.afresh), True
        self._announce(old, command.path, effect, now, moved)
        for _ in range(self._outrun):
            self._announce(self.config, command.path, "none", now)
        self._outrun = 0
        if effect == "restart":
            self._report(now)

    def _is_outrun(self, command: messages.Set, viewer: Viewer, old: Config, effect: Effect) -> bool:
        """Whether the next note sets the same once more, so that what would be built for this one is never seen.

        Building takes up to half a second, and a drag or a script may ask for it a hundred times in a row.
        """
        author, note = self._inbox[0] if self._inbox else (None, None)
        if author is not viewer or not isinstance(note, messages.Set):
            return False
        if (note.path, note.afresh) != (command.path, command.afresh):
            return False
        try:
            then = old.effect_of(old.patched(note.path, note.value))
        except ConfigError:
            return False
        # Going back to the old layers leaves nothing to build; a run that was to start again does so.
        return then == effect or (then == "none" and effect == "network")

    def _load_preset(self, command: messages.LoadPreset, viewer: Viewer, now: float) -> None:
        """A preset is a run from its beginning; whether it plays or waits stays as it was."""
        if command.name not in presets:
            known = ", ".join(presets)
            self._refuse(viewer, f"Expected a preset of {known}, but got {messages.quote(command.name)}.")
            return
        config, refused = presets[command.name].config, dict[str, str]()
        for path, value in command.changes.items():
            try:
                config = config.patched(path, value)
            except ConfigError as error:
                refused[path] = str(error)
        old, self.config, self.preset = self.config, config, command.name
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
        self.playhead.begin(0, now)
        self._show_scene()

    def _follow_scene(self) -> None:
        """A new scene if what frames are drawn against changed: one for all the notes of a drag."""
        if self.failure is None and self.run.follow_scene(self.config):
            self._show_scene()

    def _show_scene(self) -> None:
        self.audience.refresh()
        if len(self.audience):
            self.audience.tell(messages.Scene(**self.run.facts()))

    # What is said -----------------------------------------------------------------------------------------------------

    def _welcome(self, viewer: Viewer, now: float) -> None:
        """The first message a viewer gets holds all it needs."""
        self._follow_scene()
        hello = messages.Hello(
            **self.run.facts(),
            version=self.about.version,
            session=self.about.session if viewer.role == "driver" else self.about.watch,
            watch=self.about.watch,
            role=viewer.role,
            config_schema=self.about.schema,
            presets=self.about.presets,
            preset=self.preset,
            config=self.config.model_dump(mode="json"),
            revision=self._revision,
            playback=self.playhead.state,
            speeds=speeds(),
            status=self._vitals(now),
            trace=self.run.trace.columns,
            marks=self.run.marks.all,
        )
        self.audience.seat(viewer)
        viewer.tell(messages.encode(hello))

    def _report(self, now: float) -> None:
        """Say how the run is doing, and note when to say so next."""
        self._diagnosed = self.run.diagnosis.sentence
        self.audience.tell(messages.Status(**dict(self._vitals(now))))
        is_busy = self.playhead.running and not self.playhead.is_parked(now)
        self._status_at = now + (STATUS_SECONDS if is_busy else HEARTBEAT_SECONDS)

    def _vitals(self, now: float) -> messages.Vitals:
        return messages.Vitals(
            state=self.state,
            sentence=self._sentence(parked=self.playhead.is_parked(now)),
            step=self.run.step,
            rate=self.playhead.rate(self.run.step, now),
            playback=self.playhead.state,
            diagnosis=messages.Finding(**asdict(self.run.diagnosis)),
        )

    @property
    def state(self) -> State:
        """How the run is doing, in one word."""
        if self.failure is not None:
            return "failed"
        if self.run.diverged is not None:
            return "diverged"
        if self.playhead.running:
            return "running"
        return "paused" if self.run.step else "ready"

    def _sentence(self, *, parked: bool) -> str:
        """How the run is doing, for a person."""
        if self.failure is not None:
            return self.failure
        if self.run.diverged is not None:
            return f"{self.run.diverged.reason} Lower the learning rate, then press Reset."
        if self.playhead.running:
            return "Training waits until the page draws again." if parked else "Training."
        return f"Paused at step {counted(self.run.step)}." if self.run.step else "Press Play to train."

    def _refuse(self, viewer: Viewer, message: str, path: str | None = None) -> None:
        """To that viewer alone, with the value that still holds."""
        viewer.tell(messages.encode(messages.Refused(message=message, path=path, value=self._value_at(path))))

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
            preset=self.preset,
            effect=effect,
            mark=mark,
        )
        self.audience.tell(event)
