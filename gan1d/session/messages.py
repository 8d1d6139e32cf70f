"""What the page and the server say to each other: commands go up, events come down.

Both are unions tagged by `type`; the union at the foot of each half is the only list. Frames are binary and are not
here: see `gan1d.codec`. A message that is no command becomes a `Refused` with one sentence, so a mistake is never a
closed connection.
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

PROTOCOL: Final = 1
SUBPROTOCOL: Final = "gan1d.v1"

LONGEST_COMMAND: Final = 65536
"""Characters of a message that are read; a command has hundreds."""
LONGEST_QUOTE: Final = 60
"""Characters of a wrong value that a sentence repeats."""


class Close(IntEnum):
    """Why the server closes a connection. Numbers from 4000 are ours; the others are RFC 6455's."""

    NORMAL = 1000, "Goodbye."
    STOPPING = 1001, "The server is stopping."
    BROKEN = 1011, "Something went wrong in the server; its log says what."
    TOO_SLOW = 4001, "This page reads too slowly, so the server let it go."
    FULL = 4002, "All places are taken. Close another gan1d page, or raise --max-sessions."
    EXPIRED = 4003, "This session was idle, and its place was needed."
    UNSUPPORTED_PROTOCOL = 4004, f"This page speaks another protocol than {SUBPROTOCOL}. Reload it."
    GONE = 4005, "The session to watch is over."

    reason: str

    def __new__(cls, code: int, reason: str) -> "Close":
        member = int.__new__(cls, code)
        member._value_ = code
        member.reason = reason
        return member


class ClientMessage(BaseModel):
    """Says exactly what its fields say: nothing is coerced, nothing unknown is let through."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=True)


# Up ---------------------------------------------------------------------------------------------------------------


def _finite(value: JsonValue) -> JsonValue:
    """JSON has no NaN or infinity, but its parser lets both in, nested anywhere."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in inner:
        _finite(item)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("not finite")
    return value


def _speed(value: object) -> object:
    """Checked in one place, so that a wrong speed is one mistake and not one for each member of a union."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= FASTEST:
        return value
    if value == "frame" or value == "max":
        return value
    raise ValueError("not a speed")


FASTEST: Final = 1_000_000.0
"""Steps a second that may be asked for; "max" is the honest way to ask for more."""

LONGEST_PATH: Final = 200

Path = Annotated[str, Field(max_length=LONGEST_PATH)]
Finite = Annotated[JsonValue, AfterValidator(_finite)]
Speed = Annotated[float | Literal["frame", "max"], BeforeValidator(_speed)]
Player = Literal["both", "generator", "discriminator"]


class Play(ClientMessage):
    """Train on."""

    type: Literal["play"] = "play"


class Pause(ClientMessage):
    """Stop before the next step."""

    type: Literal["pause"] = "pause"


class Step(ClientMessage):
    """Pause, then take this many steps."""

    type: Literal["step"] = "step"
    count: int = Field(1, ge=1, le=10_000, description="a whole number from 1 to 10000")
    player: Player = Field("both", description='"both", "generator" or "discriminator"')


class Reset(ClientMessage):
    """Rewind to step 0, paused: the same run from the same seed, or from a new one."""

    type: Literal["reset"] = "reset"
    seed: int | None = Field(None, description="a whole number")


class Set(ClientMessage):
    """Turn one knob; a network that has to be rebuilt for it keeps what it learned, or is reinitialized."""

    type: Literal["set"] = "set"
    path: Path = Field(description="a config path such as generator.optimizer.learning_rate")
    value: Finite = Field(description="a JSON value without NaN or infinity")
    reinitialize: bool = Field(False, description="true or false")

    @model_validator(mode="before")
    @classmethod
    def _read_former_name(cls, fields: Any) -> Any:
        """`reinitialize` was called `afresh` in 0.1."""
        if isinstance(fields, dict) and "afresh" in fields and "reinitialize" not in fields:
            return {("reinitialize" if name == "afresh" else name): value for name, value in fields.items()}
        return fields


class LoadPreset(ClientMessage):
    """Start a new run of a preset, changed as asked; changes that cannot be made are refused one by one."""

    type: Literal["load_preset"] = "load_preset"
    name: str = Field(description="the name of a preset", max_length=200)
    changes: dict[Path, Finite] = Field({}, description="an object of config paths and values", max_length=200)


class Playback(ClientMessage):
    """Set how fast the run is watched. It is no part of the experiment."""

    type: Literal["playback"] = "playback"
    speed: Speed = Field(description='a number of steps a second above 0, "frame" or "max"')


class Ack(ClientMessage):
    """One frame was drawn: there is room for another."""

    type: Literal["ack"] = "ack"


Command = Play | Pause | Step | Reset | Set | LoadPreset | Playback | Ack

USUAL_ACK: Final = '{"type":"ack"}'
ACK: Final = Ack()
"""By far the most frequent message, sixty times a second from every page, and nothing in it to check."""

COMMANDS: TypeAdapter[Command] = TypeAdapter(Annotated[Command, Field(discriminator="type")])
COMMAND_TYPES: Final = {member.model_fields["type"].default: member for member in get_args(Command)}


# Down -------------------------------------------------------------------------------------------------------------


class ServerMessage(ClientMessage):
    """What the server says is made by the server; a loss not measured yet is NaN here and null on the wire."""

    model_config = ConfigDict(allow_inf_nan=True)


class Mark(ServerMessage):
    """A change on the time axis. One with the path and step of an earlier mark takes its place."""

    step: int
    """Step at which the setting changed."""
    path: str
    """Config path of the setting."""
    label: str
    """Text beside the mark."""


class PlaybackState(ServerMessage):
    """How the run is watched."""

    running: bool
    """Whether the run is playing."""
    speed: Speed
    """Steps a second, or as many as the machine makes: one per drawn frame, or without a limit."""


class SceneFields(ServerMessage):
    """A scene's numbered facts. The probe's own (grids, densities, fixed samples, …) ride along under their names."""

    model_config = ConfigDict(extra="allow")

    scene: int
    """Number of the scene; frames have the number of theirs."""
    run: int
    """Number of the run: it grows with every restart."""
    layout: list[dict[str, Any]]
    """Name, shape, offset in bytes and axis of each field of a frame."""
    frame_bytes: int
    """Length of a frame."""


class DiagnosisMessage(ServerMessage):
    """What is happening, and why: one of the scene's diagnoses, in a sentence with the numbers of the last look."""

    kind: str
    """Name of the diagnosis."""
    sentence: str
    """Explanation with the latest numbers."""
    since: int
    """Step at which this diagnosis began."""


State = Literal["ready", "running", "paused", "diverged", "failed"]


class RunStatus(ServerMessage):
    """How the run is doing."""

    state: State
    """What the run is doing, in one word."""
    sentence: str
    """What the run is doing, as a sentence for people."""
    step: int
    """Steps made."""
    rate: float
    """Measured steps a second."""
    playback: PlaybackState
    """How the run is watched."""
    diagnosis: DiagnosisMessage
    """What is happening in the run."""


class Status(RunStatus):
    """How the run is doing: on every change, and as a heartbeat."""

    type: Literal["status"] = "status"


class Scene(SceneFields):
    """What frames are drawn against, whenever that changes."""

    type: Literal["scene"] = "scene"


class Hello(SceneFields):
    """All there is to know at first: nothing else needs to be asked for."""

    type: Literal["hello"] = "hello"
    protocol: int = PROTOCOL
    """Version of this protocol."""
    version: str
    """Version of gan1d."""
    session: str
    """Name by which this connection can be resumed: as `?session=` in the socket's address."""
    watch: str
    """Name by which others can watch: as `?session=` in the socket's address."""
    role: Literal["driver", "viewer"]
    """A driver may send commands; a viewer may only watch."""
    config_schema: dict[str, Any] = Field(serialization_alias="schema")
    """JSON schema of the config, with bounds, labels and help of every setting under `x-knob`."""
    presets: list[dict[str, Any]]
    """All presets: name, group, title, what to watch for, config."""
    preset: str | None
    """Name of the preset that the run began with; null for none."""
    config: dict[str, Any]
    """The experiment."""
    revision: int
    """Number of changes of the config so far."""
    playback: PlaybackState
    """How the run is watched."""
    speeds: list[dict[str, Any]]
    """Speeds to choose from: value and label."""
    glossary: list[dict[str, str]]
    """Words and symbols of the page: page, textbook, meaning."""
    status: RunStatus
    """How the run is doing."""
    trace: dict[str, list[float]]
    """The run so far: a list of steps, and for each metric a list of its values at these steps."""
    marks: list[Mark]
    """Changes of settings so far."""


class ConfigChanged(ServerMessage):
    """What the experiment is now, and the one knob that was turned (none if it was several)."""

    type: Literal["config"] = "config"
    revision: int
    """Number of changes of the config so far."""
    path: str | None
    """Config path of the setting that changed; null if several did."""
    value: Any
    """The new value of that setting."""
    config: dict[str, Any]
    """The experiment."""
    preset: str | None
    """Name of the preset that the run began with; null for none."""
    effect: Literal["none", "live", "network", "restart"]
    """What the change did: nothing, the next step uses it, a network was rebuilt, or the run began again."""
    mark: Mark | None
    """Mark on the time axis; null if there is none."""


class Refused(ServerMessage):
    """What could not be done, in one sentence, with the value that still holds."""

    type: Literal["refused"] = "refused"
    message: str
    """What was expected and what came."""
    path: str | None = None
    """Config path of the setting concerned; null if it is none."""
    value: Any = None
    """The value that this setting still has."""


class Alive(ServerMessage):
    """The server lives, although one long step keeps it from saying how the run is doing."""

    type: Literal["alive"] = "alive"


Event = Hello | Scene | Status | ConfigChanged | Refused | Alive


def encode(event: Event) -> str:
    """One line of JSON; NaN and infinity, which JSON does not have, become null."""
    return to_json(event.model_dump(by_alias=True), inf_nan_mode="null").decode()


# Reading ----------------------------------------------------------------------------------------------------------


def parse(raw: str | bytes) -> Command | Refused:
    """The command in a message, or the sentence that says why it holds none."""
    if raw == USUAL_ACK:
        return ACK
    if len(raw) > LONGEST_COMMAND:
        return Refused(message=f"Expected a message of at most {LONGEST_COMMAND} characters, but got {len(raw)}.")
    if isinstance(raw, bytes):
        return Refused(message=f"Expected a text message with JSON, but got {len(raw)} bytes of binary.")
    try:
        return COMMANDS.validate_json(raw)
    except ValidationError as error:
        return Refused(message=_sentence(error))


def quote(value: object) -> str:
    """A value as JSON would write it, short enough for a sentence."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    shown = shorten(text, LONGEST_QUOTE)
    return f'"{shown}"' if isinstance(value, str) else shown


def _sentence(error: ValidationError) -> str:
    """pydantic's first complaint, as what was expected and what came."""
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
    """What is wrong with a message before it is known which command it is."""
    if problem in ("union_tag_not_found", "union_tag_invalid"):
        came = quote(found.get("type")) if isinstance(found, dict) and "type" in found else "none"
        return f"Expected a type of {', '.join(COMMAND_TYPES)}, but got {came}."
    if problem == "dict_type":
        return f'Expected an object such as {{"type": "play"}}, but got {quote(found)}.'
    cause = detail.removeprefix("Invalid JSON: ")
    return f'Expected JSON such as {{"type": "play"}}, but got {quote(found)} ({cause}).'
