"""Events: what the server sends to a page as text.

All events stand in this one file, because the union at its foot is the only list of them.

Frames are binary and described in `gan1d.evaluation.codec`.
"""

from typing import Any, Literal

from pydantic import Field
from pydantic_core import to_json

from gan1d.session.messages.connection import PROTOCOL, Reaction, Role
from gan1d.session.messages.objects import (
    PLAYERS,
    BookmarkEntry,
    DiagnosisMark,
    LossHistory,
    Mark,
    PlaybackState,
    PlayerChoice,
    RunEntry,
    RunStatus,
    ServerLimits,
    ServerMessage,
    SettingDifference,
    SpeedChoice,
)
from gan1d.session.messages.parts import GlossaryEntry, PresetEntry
from gan1d.session.messages.scene import Scene, SceneFields, SecondScene
from gan1d.session.messages.spectra import PathAngleFound, SpectrumFound, SpectrumProgress
from gan1d.session.messages.traced import TracedSample, TracedUpdate


class Status(RunStatus):
    """The state of the run: sent on every change, every second while training, and every 4 seconds otherwise."""

    type: Literal["status"] = "status"


class Hello(SceneFields):
    """The first message of a connection, with all that a page needs to begin."""

    type: Literal["hello"] = "hello"
    protocol: int = Field(default=PROTOCOL, description="Version of the protocol and of the frame format.")
    version: str = Field(description="Version of the server program.")
    arithmetic: str = Field(
        description="A few characters, equal for servers on which the same settings and seed give the same bits."
    )
    session: str = Field(description="Name of the session, as this viewer may use it to come back (`ws?session=…`).")
    watch: str = Field(description="Name of the session by which others can watch it without driving.")
    catalog: str = Field(
        default="",
        description="Name of the fields that `catalog.json` holds, among them `schema` and `glossary`. A page that has "
        "them says so by `ws?catalog=…`, and hello comes without them.",
    )
    role: Role = Field(
        description='"driver" may send all commands; "viewer" only `ack`, `look`, `get_history`, `get_log` and '
        "`get_step_trace`."
    )
    resumed: bool = Field(description="Whether the session existed before; false for a new one.")
    config_schema: dict[str, Any] = Field(
        serialization_alias="schema",
        description="JSON schema of the config; `x-knob` holds each setting's label, help, bounds, scale, step, unit, "
        "effect, panel and drag.",
    )
    presets: list[PresetEntry] = Field(
        description="The gallery in order: `name`, `former_names`, `group`, `title`, `watch` and `config`."
    )
    default_preset: str = Field(description="Name of the preset with the default settings.")
    start_preset: str = Field(
        description="Name of the preset with which sessions of this server begin, which a link without a preset means."
    )
    network_host: str | None = Field(
        description="Address of the server's machine on its network, where it listens there; null otherwise."
    )
    preset: str | None = Field(description="Name of the preset on which the run is based; null for none.")
    config: dict[str, Any] = Field(description="The present config.")
    changed: dict[str, Any] = Field(
        description="Difference of `config` from its preset (`default_preset` if it has none): config path → value, in "
        "an order in which they can be applied."
    )
    link: dict[str, Any] | None = Field(
        description="Where the run is based on the numbers that the server began with: changes of the default config, "
        "in order, that a link to any server needs; null otherwise."
    )
    revision: int = Field(description="Number of changes of the config so far in this session.")
    playback: PlaybackState = Field(description="Whether the run is playing, and how fast.")
    speeds: list[SpeedChoice] = Field(description="The speed menu; any other number of steps a second is valid, too.")
    players: tuple[PlayerChoice, ...] = Field(default=PLAYERS, description="The step menu.")
    limits: ServerLimits = Field(description="Bounds that the server sets on a page.")
    glossary: list[GlossaryEntry] = Field(
        description="Words and symbols of the page: `page`, `code`, `textbook` and `meaning`."
    )
    status: RunStatus = Field(description="The state of the run.")
    losses: LossHistory = Field(description="Losses and gradient norms of every step of the run.")
    trace: dict[str, list[float]] = Field(
        description="Measurements of the run at fixed steps: `step` and each scalar of a frame, as lists of equal "
        "length, oldest first. They are the same at any speed and for every viewer."
    )
    marks: list[Mark] = Field(description="Changes of the config in this run, oldest first.")
    bookmarks: list[BookmarkEntry] = Field(description="Bookmarks of this run, in the order of their steps.")
    diagnosis_marks: list[DiagnosisMark] = Field(description="Changes of the diagnosis in this run, oldest first.")
    runs: list[RunEntry] = Field(description="All runs that the session keeps, the present one (`run`) among them.")


class History(ServerMessage):
    """What the history has gained; sent four times a second while training, and at each pause."""

    type: Literal["history"] = "history"
    run: int = Field(description="Number of the run that it belongs to.")
    losses: LossHistory = Field(description="Buckets that are new or have changed.")
    trace: dict[str, list[float]] = Field(
        description="Measurements from a step on, as in hello; they replace all earlier ones from that step on."
    )
    trace_stride: int = Field(description="Measurements at steps that are no multiple of it are no longer kept.")


class RunMarks(ServerMessage):
    """All marks of the present run, in place of those before.

    Sent when a run begins or is returned to, and when a bookmark or the diagnosis changes; a change of the config comes
    with `config`.
    """

    type: Literal["marks"] = "marks"
    run: int = Field(description="Number of the run.")
    marks: list[Mark] = Field(description="Changes of the config, oldest first.")
    bookmarks: list[BookmarkEntry] = Field(description="Bookmarks, in the order of their steps.")
    diagnosis_marks: list[DiagnosisMark] = Field(description="Changes of the diagnosis, oldest first.")


class Runs(ServerMessage):
    """All runs that the session keeps; sent when one begins, is returned to, renamed or forgotten."""

    type: Literal["runs"] = "runs"
    present: int = Field(description="Number of the present run.")
    runs: list[RunEntry] = Field(description="The runs in the order of their numbers.")
    sentence: str = Field(description='What was given up to make room, for the user; "" for nothing.')


class Comparing(ServerMessage):
    """The second run that is shown beside the present one, at the steps that are shown; sent when any of it changes.

    Its frames follow those of the present run, in a layout that `second_scene` describes, with bit 15 of the uint16 at
    byte 14 of the header set. Its history comes as `history` with the number of that run. Pages that know of no second
    run leave both out.
    """

    type: Literal["comparing"] = "comparing"
    run: int | None = Field(description="Number of the second run; null if none is shown any more.")
    name: str = Field(description='Its name; "" for none.')
    step: int = Field(description="The step that it shows.")
    look: int = Field(default=0, description="0 for the present step, else the number of the `looking` it belongs to.")
    catching_up: bool = Field(description="Whether it is behind the present run, which waits for it.")
    diverged: bool = Field(description="Whether it has diverged and stays where it is.")
    shared_steps: int = Field(description="Number of steps up to which both are the same run.")
    differences: list[SettingDifference] = Field(description="The settings that differ.")
    changes: dict[str, Any] = Field(
        description="Changes that turn the present settings into those of the second run: path → value, in order."
    )
    sentence: str = Field(description="All of it in a sentence, for the user.")


class Looking(ServerMessage):
    """The answer to `look`: the step that is shown from now on; sent to its sender alone.

    After it comes a `scene`, if that of the step is another one, and then the frame of the step. The header of that
    frame has the number `look`, those of the present step have 0. But for that number, it is in every bit the frame of
    the step when that was the present one.
    """

    type: Literal["looking"] = "looking"
    look: int = Field(description="Number of this answer, from 1 to 32767, then 1 again; 0 for the present step.")
    step: int | None = Field(description="The step; null for the present one.")
    run: int = Field(description="Number of the run to which the step belongs.")
    last_step: int = Field(description="Last step of that run.")
    running: bool = Field(description="Whether the present run goes on meanwhile.")
    config: dict[str, Any] | None = Field(
        description="The settings in force at the step, if they differ from the present ones; null otherwise."
    )
    spacing: int = Field(
        description="Number of steps between the kept states before and after the step, large far back in a long run; "
        "0 for the present step."
    )
    sentence: str = Field(description='What is shown, such as "Looking at step 1 200 of run 1.", for the user.')


class RunHistory(ServerMessage):
    """The history of a run; the answer to `get_history`, sent to its sender alone."""

    type: Literal["run_history"] = "run_history"
    run: int = Field(description="Number of the run.")
    config: dict[str, Any] = Field(description="Its last settings.")
    losses: LossHistory = Field(description="Losses and gradient norms of every step.")
    trace: dict[str, list[float]] = Field(description="Measurements at fixed steps, as in hello.")
    marks: list[Mark] = Field(description="Changes of the config, oldest first.")
    bookmarks: list[BookmarkEntry] = Field(description="Bookmarks, in the order of their steps.")
    diagnosis_marks: list[DiagnosisMark] = Field(description="Changes of the diagnosis, oldest first.")


class RunLogText(ServerMessage):
    """The log of a run, for a file that `gan1d replay` repeats; the answer to `get_log`, sent to its sender alone."""

    type: Literal["run_log"] = "run_log"
    run: int = Field(description="Number of the run.")
    text: str = Field(description="The log: a line of JSON for its settings, and one for each event.")


class StepTraced(ServerMessage):
    """The step that follows a step of a run, taken apart; the answer to `get_step_trace`, sent to its sender alone.

    The numbers are those of the step that the run makes, or has made, to the last digit.
    """

    type: Literal["step_trace"] = "step_trace"
    run: int = Field(description="Number of the run.")
    step: int = Field(description="Number of the step: one more than the step that it follows.")
    formulas: dict[str, str] = Field(
        description="Costs of a sample as formulas: `real`, `fake` and `generator`, for D twice and for G."
    )
    updates: list[TracedUpdate] = Field(description="The updates of the step, in the order of their gradients.")
    sample: TracedSample | None = Field(description="The sample that was wanted; null for none.")


class ConfigChanged(ServerMessage):
    """The present config; sent after each `set`, `load_preset` and `reset` with a seed, even if nothing changed."""

    type: Literal["config"] = "config"
    revision: int = Field(description="Number of changes of the config so far in this session.")
    path: str | None = Field(description="Config path that was set; null if several values were.")
    value: Any = Field(description="Present value at `path`; null if there is no path.")
    config: dict[str, Any] = Field(description="The present config.")
    changed: dict[str, Any] = Field(
        description="Difference of `config` from its preset: config path → value, in an order to apply them in."
    )
    link: dict[str, Any] | None = Field(
        description="Where the run is based on the numbers that the server began with: changes of the default config, "
        "in order, that a link to any server needs; null otherwise."
    )
    preset: str | None = Field(description="Name of the preset on which the run is based; null for none.")
    effect: Literal["none", "live", "network", "restart"] = Field(
        description="Nothing changed, the next step uses the value, a network was rebuilt, or a new run began."
    )
    mark: Mark | None = Field(description="Mark of this change; null if nothing or more than one value changed.")


class Refused(ServerMessage):
    """A command that could not be carried out; sent to its sender alone."""

    type: Literal["refused"] = "refused"
    message: str = Field(description="The reason in one sentence.")
    path: str | None = Field(default=None, description="Config path that was to be set; null for other commands.")
    value: Any = Field(default=None, description="Present value at `path`; null if there is none.")
    command: str | None = Field(
        default=None,
        description="Type of the command if it concerns its sender alone, such as `get_spectrum`; null for others.",
    )


class Alive(ServerMessage):
    """The server works although one long step delays its other messages; sent after 6 seconds of silence."""

    type: Literal["alive"] = "alive"


class Closing(ServerMessage):
    """The server is about to close the connection; sent right before the close frame, even before hello."""

    type: Literal["closing"] = "closing"
    code: int = Field(description="Code of the close frame.")
    reason: str = Field(description="The reason in a sentence for the user.")
    reaction: Reaction = Field(
        description='What the page does next: "reconnect" soon, "wait" and retry until there is a place, "end" without '
        'a retry, or "reload".'
    )
    watch: str | None = Field(
        default=None, description="Name of a session to watch meanwhile, where all places are taken; null otherwise."
    )


Event = (
    Hello
    | Scene
    | Status
    | History
    | ConfigChanged
    | RunMarks
    | Runs
    | Comparing
    | SecondScene
    | Looking
    | RunHistory
    | RunLogText
    | StepTraced
    | SpectrumProgress
    | SpectrumFound
    | PathAngleFound
    | Refused
    | Alive
    | Closing
)


def encode_event(event: Event) -> str:
    """An event as one line of JSON; NaN and infinity, which JSON does not have, become null."""
    return to_text(event)


def to_text(value: Event | dict[str, Any]) -> str:
    """A value as one line of JSON, with the models in it as on the wire."""
    return to_json(value, by_alias=True, inf_nan_mode="null").decode()
