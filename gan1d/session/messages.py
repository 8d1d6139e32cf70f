"""Messages between the page and the server: commands go up to the server, events come down to the page.

Commands and events are unions tagged by `type`; the union at the foot of each half is the only list. Frames are binary
and described in `gan1d.evaluation.codec`. A message that is not a command is answered with a `Refused`, and the
connection stays open.
"""

import json
import math
from enum import IntEnum
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic_core import to_json

from gan1d.formatting import shorten
from gan1d.recording.run_log import UpdatedPlayer
from gan1d.session.wire_parts import (
    DiagnosisKind,
    GlossaryEntry,
    LayoutEntry,
    Metric,
    ModeClass,
    ModeEntry,
    PresetEntry,
    Range,
    ReadoutEntry,
    Reference,
    ScoreboardEntry,
)

PROTOCOL: Final = 1
SUBPROTOCOL: Final = "gan1d.v1"

COMMAND_LENGTH_LIMIT: Final = 65536
"""Characters of the longest message that is read; a usual command has less than 200."""
PATH_LENGTH_LIMIT: Final = 200
"""Characters of the longest config path or preset name."""
STEP_COUNT_LIMIT: Final = 10_000
"""Steps that one `step` command can take."""
SPEED_LIMIT: Final = 1_000_000.0
"""Highest speed in steps a second; "max" has no limit."""
QUOTE_LENGTH: Final = 60
"""Characters of a wrong value that a sentence repeats."""
LOST_SECONDS: Final = 12.0
"""Silence after which a page regards the connection as lost; the server speaks at least every 6 seconds."""

Role = Literal["driver", "viewer"]
State = Literal["ready", "running", "paused", "diverged", "failed"]
Reaction = Literal["reconnect", "wait", "end", "reload"]


class Close(IntEnum):
    """Why the server closes a connection, and how the page reacts.

    Codes below 4000 are those of RFC 6455, section 7.4; codes from 4000 on belong to gan1d. Reactions:

        reconnect    connect again soon, to the same session
        wait         connect again until there is a place
        end          stay closed; a new connection without a session name begins a new session
        reload       load the page again, which is of another version
    """

    NORMAL = 1000, "Goodbye.", "reconnect"
    STOPPING = 1001, "The server is stopping.", "reconnect"
    BROKEN = 1011, "Something went wrong in the server; its log says what.", "reconnect"
    TOO_SLOW = 4001, "This page reads too slowly, so the server let it go.", "reconnect"
    FULL = 4002, "All places are taken. Close another gan1d page, or raise --max-sessions.", "wait"
    EXPIRED = 4003, "This session was idle, and its place was needed.", "end"
    UNSUPPORTED_PROTOCOL = 4004, f"This page speaks another protocol than {SUBPROTOCOL}. Reload it.", "reload"
    SESSION_ENDED = 4005, "The session to watch is not running; this page waits for its driver.", "wait"
    CROWDED = 4006, "As many pages show this session as it can have.", "wait"
    NO_TOKEN = 4007, "Training here needs the token in the address that the server has printed.", "end"

    reason: str
    reaction: Reaction

    def __new__(cls, code: int, reason: str, reaction: Reaction) -> "Close":
        member = int.__new__(cls, code)
        member._value_ = code
        member.reason, member.reaction = reason, reaction
        return member


# Up ---------------------------------------------------------------------------------------------------------------


def _finite(value: JsonValue) -> JsonValue:
    """Reject NaN and infinity, which JSON does not have but its parser accepts at any depth."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in inner:
        _finite(item)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("not finite")
    return value


def _speed(value: object) -> object:
    """Check a speed in one place, so that a wrong one is one error and not one per member of a union."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= SPEED_LIMIT:
        return value
    if value == "frame" or value == "max":
        return value
    raise ValueError("not a speed")


ConfigPath = Annotated[str, Field(max_length=PATH_LENGTH_LIMIT)]
FiniteJson = Annotated[JsonValue, AfterValidator(_finite)]
Speed = Annotated[float | Literal["frame", "max"], BeforeValidator(_speed)]


class ClientMessage(BaseModel):
    """Base of all commands: frozen, unknown fields are an error, and no value is converted.

    The description of a field completes the sentence "Expected `command.field` to be …".
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=True)


class Play(ClientMessage):
    """Train on, at the present speed."""

    type: Literal["play"] = "play"


class Pause(ClientMessage):
    """Stop before the next step."""

    type: Literal["pause"] = "pause"


class Step(ClientMessage):
    """Pause, then take `count` steps, in which both players or only `player` is updated."""

    type: Literal["step"] = "step"
    count: int = Field(default=1, ge=1, le=STEP_COUNT_LIMIT, description=f"a whole number from 1 to {STEP_COUNT_LIMIT}")
    player: UpdatedPlayer = Field(default="both", description='"both", "generator" or "discriminator"')


class Reset(ClientMessage):
    """Go back to step 0 and pause; with a `seed`, begin another run, else the same one."""

    type: Literal["reset"] = "reset"
    seed: int | None = Field(default=None, description="a whole number")


class Set(ClientMessage):
    """Set one value of the config. A network that this rebuilds keeps its function, or is reinitialized."""

    type: Literal["set"] = "set"
    path: ConfigPath = Field(description="a config path such as generator.optimizer.learning_rate")
    value: FiniteJson = Field(description="a JSON value without NaN or infinity")
    reinitialize: bool = Field(default=False, description="true or false")

    @model_validator(mode="before")
    @classmethod
    def _read_former_name(cls, fields: Any) -> Any:
        """`reinitialize` was called `afresh` in 0.1."""
        if isinstance(fields, dict) and "afresh" in fields and "reinitialize" not in fields:
            return {("reinitialize" if name == "afresh" else name): value for name, value in fields.items()}
        return fields


class LoadPreset(ClientMessage):
    """Begin a new run of a preset with `changes` applied in order; each change that fails is refused by itself."""

    type: Literal["load_preset"] = "load_preset"
    name: str = Field(description="the name of a preset", max_length=PATH_LENGTH_LIMIT)
    changes: dict[ConfigPath, FiniteJson] = Field(
        default={}, description="an object of config paths and values", max_length=200
    )


class Playback(ClientMessage):
    """Set the speed: steps a second, one step for each drawn frame, or as fast as possible. Not part of the config."""

    type: Literal["playback"] = "playback"
    speed: Speed = Field(description='a number of steps a second above 0, "frame" or "max"')


class Ack(ClientMessage):
    """Acknowledge one drawn frame, which allows the server to send another one."""

    type: Literal["ack"] = "ack"


DriverCommand = Play | Pause | Step | Reset | Set | LoadPreset | Playback
Command = DriverCommand | Ack

USUAL_ACKS: Final = ('{"type":"ack"}', '{"type": "ack"}')
"""The most frequent message, sixty times a second from every page, is compared as text instead of parsed."""

COMMANDS: TypeAdapter[Command] = TypeAdapter(Annotated[Command, Field(discriminator="type")])
COMMAND_TYPES: Final = {member.model_fields["type"].default: member for member in get_args(Command)}


# Down -------------------------------------------------------------------------------------------------------------


class ServerMessage(BaseModel):
    """Base of all events and their parts; a number that is not known yet is NaN here and null on the wire."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Mark(ServerMessage):
    """A change of the config on the step axis. It replaces an earlier mark with the same path and step."""

    step: int = Field(description="Step at which the value was changed.")
    path: str = Field(description="Config path of the value.")
    label: str = Field(description='The change in words, such as "G learning rate 0.002 → 0.008".')


class PlaybackState(ServerMessage):
    """Whether the run is playing, and how fast."""

    running: bool = Field(description="Whether the run is playing.")
    speed: Speed = Field(description='Speed in steps a second, "frame" for one step per drawn frame, or "max".')


class DiagnosisMessage(ServerMessage):
    """The present diagnosis."""

    kind: str = Field(description="Name of one of the scene's `diagnoses`.")
    sentence: str = Field(description="The diagnosis in a sentence, with the numbers of the last observation.")
    since: int = Field(description="Step at which this diagnosis was first made.")


class RunStatus(ServerMessage):
    """The state of the run."""

    state: State = Field(description="The state in one word.")
    sentence: str = Field(description="The state in a sentence for the user.")
    step: int = Field(description="Number of steps taken.")
    rate: float = Field(description="Measured speed in steps a second; 0 while paused.")
    playback: PlaybackState = Field(description="Whether the run is playing, and how fast.")
    diagnosis: DiagnosisMessage = Field(description="The present diagnosis.")


class LossHistory(ServerMessage):
    """Losses and gradient norms of every step of a run, in buckets of `stride` steps.

    Bucket i holds steps i · stride + 1 to (i + 1) · stride, and the last bucket those up to `steps`. Each of `last`,
    `low` and `high` has the lists `loss_d`, `loss_g`, `grad_norm_d` and `grad_norm_g` with a number per bucket, null
    for a player that was not updated yet.
    """

    stride: int = Field(description="Steps in a bucket, a power of two; it doubles when there are too many buckets.")
    steps: int = Field(description="Number of steps in all buckets.")
    first: int = Field(description="Number of the first bucket in the lists, from 0; those before are unchanged.")
    last: dict[str, list[float]] = Field(description="Value of the last step of each bucket.")
    low: dict[str, list[float]] = Field(description="Lowest value in each bucket; {} for a stride of 1.")
    high: dict[str, list[float]] = Field(description="Highest value in each bucket; {} for a stride of 1.")


class SpeedChoice(ServerMessage):
    """One entry of the speed menu."""

    value: Speed = Field(description="Speed to send with `playback`.")
    label: str = Field(description="Its name in the menu.")


class PlayerChoice(ServerMessage):
    """One entry of the step menu."""

    value: UpdatedPlayer = Field(description="Player to send with `step`.")
    label: str = Field(description="Its name in the menu.")


PLAYERS: Final = (
    PlayerChoice(value="both", label="Both players"),
    PlayerChoice(value="discriminator", label="Discriminator only"),
    PlayerChoice(value="generator", label="Generator only"),
)


class ServerLimits(ServerMessage):
    """Bounds that the server sets on a page."""

    command_length: int = Field(
        default=COMMAND_LENGTH_LIMIT, description="Characters of the longest message that is read."
    )
    step_count: int = Field(default=STEP_COUNT_LIMIT, description="Steps that one `step` command can take.")
    speed: float = Field(default=SPEED_LIMIT, description='Highest speed in steps a second besides "max".')
    frames_in_flight: int = Field(description="Frames that are sent before one has to be acknowledged.")
    history_length: int = Field(description="Largest number of buckets of losses, and of points of the trace.")
    lost_seconds: float = Field(default=LOST_SECONDS, description="Silence after which the connection counts as lost.")


class SceneFields(ServerMessage):
    """Everything that frames are drawn against: axes, target, references, and the layout of a frame.

    Densities are per unit of the axis; x is the data axis, z the latent axis.
    """

    model_config = ConfigDict(extra="allow")

    scene: int = Field(description="Number of the scene, from 1 to 65535, which the header of each frame repeats.")
    run: int = Field(description="Number of the run in this session, from 1 on; a reset begins the next one.")
    layout: list[LayoutEntry] = Field(
        description="Arrays of a frame in order: `name`, `shape` ([] for a scalar), byte `offset`, and `axis` or null."
    )
    frame_bytes: int = Field(description="Bytes of a frame, its header included.")
    grid: list[float] = Field(description="Points on the x axis at which densities and D are given.")
    latent_grid: list[float] = Field(description="Points on the z axis at which G is given.")
    x_axis: Range = Field(description="Ends of the shown x axis: `low` and `high`.")
    z_axis: Range = Field(description="Ends of the shown z axis: `low` and `high`.")
    target_density: list[float] = Field(description="Density of the target at each point of `grid`.")
    latent_density: list[float] = Field(description="Density of one coordinate of z at each point of `latent_grid`.")
    latent_dimension: int = Field(description="Number of coordinates of z.")
    atoms: int = Field(
        description="Number of fixed latent samples that fake distributions are estimated from; 0 where they are exact."
    )
    curves: list[str] = Field(description='Name of each curve of G: a label or a coordinate of z; "" for a single one.')
    classes: list[ModeClass] = Field(
        description="Classes of a conditional GAN: `name`, `centre` and `weight` (share of the target); else empty."
    )
    optimal_maps: list[list[float]] = Field(
        description="For each curve, the increasing G that reproduces the target, at each point of `latent_grid`; "
        "empty where z has several coordinates."
    )
    optimal_maps_mirrored: list[list[float]] = Field(description="For each curve, the decreasing such G.")
    density_high: float = Field(description="Upper end of the density axis.")
    modes: list[ModeEntry] = Field(
        description="Modes of the target: `centre`, `mass` (share of the target), and the ends `low` and `high` of "
        "their part of the x axis, null at infinity."
    )
    real_samples: list[float] = Field(description="Samples of the target that are drawn below the densities.")
    training_points: int = Field(description="Number of training samples; 0 if every batch is drawn anew.")
    latent_histogram: list[float] = Field(description="Mass of the prior in each of `z_bins` bins.")
    real_histogram: list[float] = Field(description="Mass of the training distribution in each of `x_bins` bins.")
    x_bins: int = Field(description="Number of equal bins between the ends of the x axis.")
    z_bins: int = Field(description="Number of equal bins between the ends of the z axis.")
    readout_bins: int = Field(description="Number of equal bins between the ends of the readout axis.")
    readout: ReadoutEntry = Field(
        description="How D's output is shown: `kind` (probability or score), ends `low` and `high` of its axis, "
        "decision threshold `undecided`, and `label`."
    )
    loss_axis: Range = Field(description="Ends of the loss axis: `low` and `high`.")
    references: list[Reference] = Field(
        description="Value of each loss at equilibrium: `series` (a scalar of the frame), `value` and `label`."
    )
    metrics: list[Metric] = Field(
        description="Every scalar of a frame: `name`, `label`, `help`, `unit`, `scale`, bounds `low` and `high` (null "
        "for none), `ideal` with its `ideal_label`, and `bound`, the name of the scalar that limits it."
    )
    scoreboard: list[ScoreboardEntry] = Field(
        description="Metrics to show as buttons, in order: `metric` (a name in `metrics`), `label`, `average` (the "
        "same metric of the averaged generator, or null) and `headline` (whether it comes first and large)."
    )
    diagnoses: list[DiagnosisKind] = Field(
        description="All kinds of diagnosis: `name`, `label`, `severity` (calm, good, standstill, suspicion "
        "or warning) and `help`; the scalar `diagnosis` of a frame is an index into this list."
    )


class Scene(SceneFields):
    """New axes, target or references, against which frames are drawn; frames of earlier scenes are out of date."""

    type: Literal["scene"] = "scene"


class Status(RunStatus):
    """The state of the run: sent on every change, every second while training, and every 4 seconds otherwise."""

    type: Literal["status"] = "status"


class Hello(SceneFields):
    """The first message of a connection, with all that a page needs to begin."""

    type: Literal["hello"] = "hello"
    protocol: int = Field(default=PROTOCOL, description="Version of the protocol and of the frame format.")
    version: str = Field(description="Version of the server program.")
    session: str = Field(description="Name of the session, as this viewer may use it to come back (`ws?session=…`).")
    watch: str = Field(description="Name of the session by which others can watch it without driving.")
    role: Role = Field(description='"driver" may send all commands; "viewer" only `ack`.')
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


class History(ServerMessage):
    """What the history has gained; sent four times a second while training, and at each pause."""

    type: Literal["history"] = "history"
    run: int = Field(description="Number of the run that it belongs to.")
    losses: LossHistory = Field(description="Buckets that are new or have changed.")
    trace: dict[str, list[float]] = Field(
        description="Measurements from a step on, as in hello; they replace all earlier ones from that step on."
    )
    trace_stride: int = Field(description="Measurements at steps that are no multiple of it are no longer kept.")


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


Event = Hello | Scene | Status | History | ConfigChanged | Refused | Alive | Closing


def encode_event(event: Event) -> str:
    """An event as one line of JSON; NaN and infinity, which JSON does not have, become null."""
    return to_text(event)


def to_text(value: Event | dict[str, Any]) -> str:
    """A value as one line of JSON, with the models in it as on the wire."""
    return to_json(value, by_alias=True, inf_nan_mode="null").decode()


# Reading ----------------------------------------------------------------------------------------------------------


def parse_command(raw: str | bytes) -> Command | Refused:
    """The command in a message, or the sentence that says why it holds none."""
    if len(raw) > COMMAND_LENGTH_LIMIT:
        return Refused(message=f"Expected a message of at most {COMMAND_LENGTH_LIMIT} characters, but got {len(raw)}.")
    if isinstance(raw, bytes):
        return Refused(message=f"Expected a text message with JSON, but got {len(raw)} bytes of binary.")
    try:
        return COMMANDS.validate_json(raw)
    except ValidationError as error:
        return Refused(message=_sentence(error))


def quote(value: object) -> str:
    """A value as JSON writes it, shortened for a sentence."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    shown = shorten(text, QUOTE_LENGTH)
    return f'"{shown}"' if isinstance(value, str) else shown


def _sentence(error: ValidationError) -> str:
    """The first error of pydantic as "Expected …, but got …"."""
    first = error.errors(include_url=False, include_context=False)[0]
    place, found = [str(part) for part in first["loc"]], first["input"]
    if not place:
        return _shape_sentence(first["type"], first["msg"], found)
    kind, *names = place
    if not names:
        return f"Expected {kind} to be an object with a type, but got {quote(found)}."
    if first["type"] == "extra_forbidden":
        known = [name for name in COMMAND_TYPES[kind].model_fields if name != "type"]
        expected = f"only {_listed(known)}" if known else "nothing else"
        return f"Expected {expected} in {kind}, but got {quote(names[0])}."
    description = COMMAND_TYPES[kind].model_fields[names[0]].description
    came = "nothing" if first["type"] == "missing" else quote(found)
    return f"Expected {kind}.{names[0]} to be {description}, but got {came}."


def _listed(names: list[str]) -> str:
    """Names in a row, such as "path, value and reinitialize"."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _shape_sentence(problem: str, detail: str, found: object) -> str:
    """The sentence for a message whose command is not known."""
    if problem in ("union_tag_not_found", "union_tag_invalid"):
        came = quote(found.get("type")) if isinstance(found, dict) and "type" in found else "none"
        return f"Expected a type of {', '.join(COMMAND_TYPES)}, but got {came}."
    if problem == "dict_type":
        return f'Expected an object such as {{"type": "play"}}, but got {quote(found)}.'
    cause = detail.removeprefix("Invalid JSON: ")
    return f'Expected JSON such as {{"type": "play"}}, but got {quote(found)} ({cause}).'
