"""Plays a log and keeps what a viewer of the run would see: frames, scenes, diagnoses, and the history of all steps."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from gan1d import glossary
from gan1d.config.model import Config
from gan1d.engine.training.reports import Divergence
from gan1d.fingerprint import arithmetic, fingerprint, package_version
from gan1d.formatting import format_count
from gan1d.gallery import DEFAULT_PRESET, find_preset, presets
from gan1d.recording.digest import took_other_course
from gan1d.recording.frame_archive import LARGEST_SIZE, MOST_FRAMES, VALUE_BYTES, pack, quanta_of
from gan1d.recording.repetition import play_log
from gan1d.recording.run_log import Bookmark, RunLog, UpdatedPlayer
from gan1d.session import messages
from gan1d.session.history import HISTORY_LENGTH
from gan1d.session.pacing import DEFAULT_SPEED, speeds
from gan1d.session.run import Run

REPLAY_VERSION: Final = 1
USUAL_FRAMES: Final = 600
"""Frames of a recording for which no distance between them is given, at most."""
FURTHER: Final = "keep them more steps apart."
TOO_MANY: Final = f"Expected at most {format_count(MOST_FRAMES)} pictures, but got more: {FURTHER}"
STRETCH: Final = 5
"""Steps after which a run can be stopped; the largest networks take 10 s for them."""
LOSS_DIGITS: Final = 4
"""Significant digits of the losses between frames."""
DRAG_STEPS: Final = 60
"""Steps within which changes of one setting are one drag, so that they leave one mark; a second at the usual speed."""


class RecordingError(ValueError):
    """A run cannot be recorded like this. The message is shown to the user."""


@dataclass
class Part:
    """Frames of one scene.

    Attributes:
        scene: The scene, as the message of the same name has it.
        frames: The frames, as they are sent.
    """

    scene: dict[str, Any]
    frames: list[bytes]

    def packed(self) -> bytes:
        """The frames in few bytes."""
        return pack(self.frames, self.scene["layout"], quanta_of(self.scene))


@dataclass(frozen=True)
class Replay:
    """What a replay page holds.

    Attributes:
        content: Everything but the frames, as JSON values: `hello` (the first message of a session, with the history of
            the whole run), the `scenes` after the first, `configs` and `diagnoses`, each with the step from
            which it holds, and `made_with`, a sentence about the machine.
        frames: Packed frames of each scene.
        count: Number of frames.
        last_step: Step of the last frame.
        took_other_course: Whether the log says that its networks ended with other bits.
    """

    content: dict[str, Any]
    frames: list[bytes]
    count: int
    last_step: int
    took_other_course: bool


class Recorder:
    """A run of which a frame is kept every few steps, and at each change of its settings.

    Args:
        config: Settings of the run at step 0.
        every: Steps between two frames.
        on_step: Called with the number of steps made, at least every `STRETCH` steps.

    Raises:
        RecordingError: There are more than `MOST_FRAMES` frames, or they take more than `LARGEST_SIZE`.
    """

    def __init__(self, config: Config, every: int, on_step: Callable[[int], None] = lambda _: None) -> None:
        self.config = self._first = config
        self._every, self._on_step = every, on_step
        self._run = Run(config)
        self._parts: list[Part] = []
        self._steps: list[int] = []
        self._bytes = 0
        self._configs: list[tuple[int, Config]] = []
        self._diagnoses: list[tuple[int, dict[str, Any]]] = []
        self._keep_frame()

    @property
    def step(self) -> int:
        """Number of steps made."""
        return self._run.step

    @property
    def diverged(self) -> Divergence | None:
        """Why the run can take no more steps; None if it can."""
        return self._run.diverged

    def advance(self, count: int, player: UpdatedPlayer = "both") -> int:
        """Make `count` steps, or fewer if the run diverges; return the number of steps made."""
        before, last = self.step, self.step + count
        while self.step < last and self.diverged is None:
            due = self.step - self.step % self._every + self._every
            self._run.advance(min(last, due, self.step + STRETCH) - self.step, player)
            if self.step % self._every == 0 or self.diverged is not None:
                self._keep_frame()
            self._on_step(self.step)
        return self.step - before

    def change(self, config: Config, *, reinitialize: bool = False) -> None:
        """Continue with other settings, which must not require a restart."""
        old, self.config = self.config, config
        moved = self._run.change(config, reinitialize=reinitialize)
        path = next(iter(config.differences(old)), None)
        if path is not None:
            seconds = self.step / DRAG_STEPS
            self._run.marks.add(old, config, path, self.step, seconds, moved, self._run.trainer.units)
        self._run.follow_scene(config)
        self._keep_frame()

    def _keep_frame(self) -> None:
        """Keep the present frame, in place of an earlier one of the same step."""
        if self._steps[-1:] == [self.step]:
            self._steps.pop()
            self._parts[-1].frames.pop()
            if not self._parts[-1].frames:
                self._parts.pop()
        if len(self._steps) == MOST_FRAMES:
            raise RecordingError(TOO_MANY)
        if not self._parts or self._parts[-1].scene["scene"] != self._run.scene:
            self._parts.append(Part(self._run.scene_fields(), []))
        frame = self._run.encoded_frame()
        self._bytes += len(frame)
        if VALUE_BYTES * self._bytes // 4 > LARGEST_SIZE:
            raise RecordingError(f"Expected at most {LARGEST_SIZE >> 20} MB of pictures, but got more: {FURTHER}")
        self._parts[-1].frames.append(frame)
        self._steps.append(self.step)
        if not self._configs or self._configs[-1][1] != self.config:
            self._configs.append((self.step, self.config))
        diagnosis = asdict(self._run.diagnosis)
        if not self._diagnoses or self._diagnoses[-1][1] != diagnosis:
            self._diagnoses.append((self.step, diagnosis))

    def finish(self, log: RunLog, preset: str | None, title: str = "") -> Replay:
        """What was recorded.

        Args:
            log: The log that was played.
            preset: Name of the preset on which the run is based; None for none.
            title: Title of the page; "" for that of the preset.
        """
        if self._steps[-1] < self.step:
            self._keep_frame()
        first, *others = [part.scene for part in self._parts]
        content = {
            "gan1d_replay": REPLAY_VERSION,
            "hello": self._hello(first, preset, title, log.bookmarks),
            "scenes": others,
            "configs": [
                [step, {"config": config.model_dump(mode="json"), "changed": changed_from(preset, config)}]
                for step, config in self._configs
            ],
            "diagnoses": self._diagnoses,
            "made_with": made_with(log.fingerprint or fingerprint()),
        }
        return Replay(
            content,
            [part.packed() for part in self._parts],
            count=len(self._steps),
            last_step=self.step,
            took_other_course=took_other_course(self._run.trainer, log.digest),
        )

    def _hello(
        self, scene: dict[str, Any], preset: str | None, title: str, bookmarks: Sequence[Bookmark]
    ) -> dict[str, Any]:
        """The first message of a session, field by field as `messages.Hello` describes it."""
        gallery = find_preset(preset or DEFAULT_PRESET)
        row = gallery.row() if gallery else {}
        run = self._run
        return {
            "type": "hello",
            "protocol": messages.PROTOCOL,
            "version": package_version(),
            "arithmetic": arithmetic(),
            "session": "",
            "watch": "",
            "role": "driver",
            "resumed": False,
            "schema": Config.model_json_schema(),
            "presets": [row | ({"title": title} if title else {})],
            "default_preset": DEFAULT_PRESET,
            "start_preset": row["name"],
            "network_host": None,
            "preset": row["name"],
            "config": self._first.model_dump(mode="json"),
            "changed": changed_from(preset, self._first),
            "link": None,
            "revision": 0,
            "playback": {"running": False, "speed": DEFAULT_SPEED},
            "speeds": playing_speeds(self._every),
            "players": messages.PLAYERS,
            "limits": messages.ServerLimits(frames_in_flight=1, history_length=max(HISTORY_LENGTH, MOST_FRAMES)),
            "glossary": glossary.served(),
            "status": self._first_status(),
            "losses": shortened(run.losses.part()),
            "trace": {},
            "marks": run.marks.all,
            "bookmarks": [{"step": each.step, "text": each.text} for each in bookmarks if each.step <= self.step],
            "diagnosis_marks": run.record.diagnosis_marks(),
            "runs": [],
            **scene,
        }

    def _first_status(self) -> messages.RunStatus:
        """The run at the first step that was recorded."""
        return messages.RunStatus(
            state="ready",
            sentence="",
            step=self._steps[0],
            rate=0,
            playback=messages.PlaybackState(running=False, speed=DEFAULT_SPEED),
            diagnosis=messages.DiagnosisMessage(**self._diagnoses[0][1]),
        )


def changed_from(preset: str | None, config: Config) -> dict[str, Any]:
    """Difference of a config from its preset, or from the default one: config path → value."""
    found = find_preset(preset or DEFAULT_PRESET)
    return config.differences(found.config if found else Config())


def preset_like(config: Config) -> str | None:
    """Name of the preset with the same settings but for the seed; None if there is none."""
    return next((name for name, row in presets.items() if row.config.patched("seed", config.seed) == config), None)


def shortened(losses: messages.LossHistory) -> messages.LossHistory:
    """The losses of all steps with `LOSS_DIGITS` digits, which is more than a chart shows."""
    lists = {
        group: {
            name: [float(f"{value:.{LOSS_DIGITS}g}") for value in values]
            for name, values in getattr(losses, group).items()
        }
        for group in ("last", "low", "high")
    }
    return losses.model_copy(update=lists)


def playing_speeds(every: int) -> list[messages.SpeedChoice]:
    """The speed menu, from half a picture a second on."""
    menu = [choice for choice in speeds() if isinstance(choice.value, str) or choice.value >= every / 2]
    return [
        messages.SpeedChoice(value="frame", label="every picture") if choice.value == "frame" else choice
        for choice in menu
        if choice.value != "max"
    ]


def made_with(made: Mapping[str, Any]) -> str:
    """Versions and machine of a run in a sentence, from its fingerprint."""
    parts = [f"{label} {made[key]}" for key, label in (("gan1d", "gan1d"), ("numpy", "NumPy")) if made.get(key)]
    machine = made.get("processor") or made.get("machine")
    return f"The run was made with {' and '.join(parts)}{f' on {machine}' if machine else ''}." if parts else ""


def usual_distance(steps: int) -> int:
    """Steps between two frames, so that a run has at most about `USUAL_FRAMES`."""
    return max(1, -(-steps // USUAL_FRAMES))


def play(
    log: RunLog,
    *,
    preset: str | None = None,
    every: int | None = None,
    title: str = "",
    on_step: Callable[[int], None] = lambda _: None,
) -> Replay:
    """Repeat the run of a log, and keep what is seen.

    Args:
        log: The log.
        preset: Name of the preset on which the run is based; None for the one with its settings, if there is one.
        every: Steps between two frames; None for `usual_distance`.
        title: Title of the page; "" for that of the preset.
        on_step: Called with the number of steps made, at least every `STRETCH` steps; what it raises ends the run.

    Raises:
        RecordingError: There are more than `MOST_FRAMES` frames, or they take more than `LARGEST_SIZE`.
    """
    distance = every or usual_distance(log.last_step)
    if log.last_step // distance >= MOST_FRAMES:
        raise RecordingError(TOO_MANY)
    recorder = Recorder(log.config, distance, on_step)
    play_log(recorder, log)
    return recorder.finish(log, preset or preset_like(log.config), title)
