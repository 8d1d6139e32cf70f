"""Commands: what a page sends to the server.

All commands stand in this one file, because the union at its foot is the only list of them.
"""

import math
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    TypeAdapter,
    model_validator,
)

from gan1d.formatting import format_count
from gan1d.recording.run_log import LAST_STEP, LONGEST_TEXT, UpdatedPlayer

COMMAND_LENGTH_LIMIT: Final = 65536
"""Characters of the longest message that is read; a usual command has less than 200."""
PATH_LENGTH_LIMIT: Final = 200
"""Characters of the longest config path or preset name."""
NAME_LENGTH_LIMIT: Final = 60
"""Characters of the longest name of a run."""
STEP_COUNT_LIMIT: Final = 10_000
"""Steps that one `step` command can take."""
SPEED_LIMIT: Final = 1_000_000.0
"""Highest speed in steps a second; "max" has no limit."""

STEP: Final = f"a step from 0 to {format_count(LAST_STEP)}"
STEP_OR_NULL: Final = f"{STEP}, or null for the present one"
RUN: Final = "the number of a run"
RUN_OR_NULL: Final = f"{RUN}, or null for the one that is shown"
NAME: Final = f"a name of 1 to {NAME_LENGTH_LIMIT} characters"


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


class LoadLog(ClientMessage):
    """Begin a new run of a log. As it plays, it repeats what the log says, until the log ends or a setting changes.

    A log that is too long for a message is repeated by `gan1d record --log` alone.
    """

    type: Literal["load_log"] = "load_log"
    text: str = Field(description="the text of a log, as run_log has it")


class Playback(ClientMessage):
    """Set the speed: steps a second, one step for each drawn frame, or as fast as possible. Not part of the config."""

    type: Literal["playback"] = "playback"
    speed: Speed = Field(description='a number of steps a second above 0, "frame" or "max"')


class Look(ClientMessage):
    """Look back at a step of a run; the run goes on or stands still as before. Viewers may send it, too.

    It is answered by `looking` and the frame of that step. Of several that come faster than they are answered, the last
    one is, and perhaps some before it. Until a `look` without a step, the viewer gets no frame of the present step.
    """

    type: Literal["look"] = "look"
    step: int | None = Field(ge=0, le=LAST_STEP, description=STEP_OR_NULL)
    run: int | None = Field(default=None, ge=1, le=LAST_STEP, description=RUN_OR_NULL)


class BranchFrom(ClientMessage):
    """Pause, and make an earlier step the present one. The run that was present until now is kept."""

    type: Literal["branch"] = "branch"
    step: int = Field(ge=0, le=LAST_STEP, description=STEP)
    run: int | None = Field(default=None, ge=1, le=LAST_STEP, description=RUN_OR_NULL)
    name: str | None = Field(default=None, max_length=NAME_LENGTH_LIMIT, description=NAME)


class Switch(ClientMessage):
    """Pause, and return to the last step of a kept run. The run that was present until now is kept."""

    type: Literal["switch"] = "switch"
    run: int = Field(ge=1, le=LAST_STEP, description=RUN)


class Forget(ClientMessage):
    """Forget a kept run, which is not the present one."""

    type: Literal["forget"] = "forget"
    run: int = Field(ge=1, le=LAST_STEP, description=RUN)


class Rename(ClientMessage):
    """Give a run another name."""

    type: Literal["rename"] = "rename"
    run: int = Field(ge=1, le=LAST_STEP, description=RUN)
    name: str = Field(min_length=1, max_length=NAME_LENGTH_LIMIT, description=NAME)


class Compare(ClientMessage):
    """Show a second run beside the present one: a kept `run`, or one that is the same but for `changes` from `step` on.

    Both play, step, pause and are looked back at together; a second run that is behind catches up first. `set` changes
    the present run only, `switch` to the second run exchanges the two, and after `reset` both begin again.
    """

    type: Literal["compare"] = "compare"
    run: int | None = Field(default=None, ge=1, le=LAST_STEP, description=f"{RUN}, or null for one that is made")
    changes: dict[ConfigPath, FiniteJson] = Field(
        default={}, description="an object of config paths and values", max_length=200
    )
    step: int | None = Field(default=None, ge=0, le=LAST_STEP, description=STEP_OR_NULL)


class EndComparison(ClientMessage):
    """Show the present run alone again. The second run is kept."""

    type: Literal["end_comparison"] = "end_comparison"


class SetGoal(ClientMessage):
    """Say from now on in `status` whether the run has met a criterion of the gallery, as a page of a lesson does.

    A new run, and a change of the settings, begin it again.
    """

    type: Literal["goal"] = "goal"
    goal: dict[str, FiniteJson] | None = Field(
        description="null for none, or an object: `shows`, the name of a criterion; its thresholds; and `hold`, the "
        "number of steps for which it has to hold",
        max_length=20,
    )
    name: str = Field(default="", max_length=NAME_LENGTH_LIMIT, description=f"at most {NAME_LENGTH_LIMIT} characters")


class SetBookmark(ClientMessage):
    """Give a step of the present run a bookmark in place of the one that it has; without text, take it away."""

    type: Literal["bookmark"] = "bookmark"
    step: int = Field(ge=0, le=LAST_STEP, description=STEP)
    text: str = Field(max_length=LONGEST_TEXT, description=f"a text of at most {LONGEST_TEXT} characters")


class GetHistory(ClientMessage):
    """Get the history of a run as `run_history`. Viewers may send it, too."""

    type: Literal["get_history"] = "get_history"
    run: int = Field(ge=1, le=LAST_STEP, description=RUN)


class GetLog(ClientMessage):
    """Get the log of a run as `run_log`, from which the same run can be made again. Viewers may send it, too."""

    type: Literal["get_log"] = "get_log"
    run: int | None = Field(default=None, ge=1, le=LAST_STEP, description=RUN_OR_NULL)


class GetStepTrace(ClientMessage):
    """Get the step that follows a step of a run, taken apart, as `step_trace`. Viewers may send it, too.

    Of several that come faster than they are answered, the last one is, and perhaps some before it.
    """

    type: Literal["get_step_trace"] = "get_step_trace"
    step: int | None = Field(default=None, ge=0, le=LAST_STEP, description=STEP_OR_NULL)
    run: int | None = Field(default=None, ge=1, le=LAST_STEP, description=RUN_OR_NULL)
    update: int | None = Field(
        default=None, ge=0, le=STEP_COUNT_LIMIT, description="the number of an update of the step, or null for none"
    )
    sample: int = Field(default=0, ge=0, le=LAST_STEP, description="the number of a sample of that update")


class GetSpectrum(ClientMessage):
    """Get the eigenvalues of the game at a step of a run, as `spectrum`. Viewers may send it, too.

    It is computed beside the session, which goes on; `spectrum_progress` says how far it is. Another request of the
    same viewer takes its place.
    """

    type: Literal["get_spectrum"] = "get_spectrum"
    step: int | None = Field(default=None, ge=0, le=LAST_STEP, description=STEP_OR_NULL)
    run: int | None = Field(default=None, ge=1, le=LAST_STEP, description=RUN_OR_NULL)


class GetPathAngle(ClientMessage):
    """Get the angle between gradients and the line from one step of a run to another, as `path_angle`.

    It is computed like a spectrum. Viewers may send it, too.
    """

    type: Literal["get_path_angle"] = "get_path_angle"
    start: int = Field(ge=0, le=LAST_STEP, description=STEP)
    end: int = Field(ge=0, le=LAST_STEP, description=STEP)
    run: int | None = Field(default=None, ge=1, le=LAST_STEP, description=RUN_OR_NULL)


class CancelSpectrum(ClientMessage):
    """Take back the last `get_spectrum` or `get_path_angle`, which is not answered any more."""

    type: Literal["cancel_spectrum"] = "cancel_spectrum"


class Ack(ClientMessage):
    """Acknowledge one drawn frame, which allows the server to send another one."""

    type: Literal["ack"] = "ack"


DriverCommand = (
    Play
    | Pause
    | Step
    | Reset
    | Set
    | LoadPreset
    | LoadLog
    | Playback
    | BranchFrom
    | Switch
    | Forget
    | Rename
    | SetBookmark
    | Compare
    | EndComparison
    | SetGoal
)
"""Commands that change what all viewers see."""
StepsCommand = GetStepTrace | GetSpectrum | GetPathAngle
"""Commands that are answered with what is computed at one or two steps of a run."""
ViewerCommand = Look | GetHistory | GetLog | StepsCommand | CancelSpectrum
"""Commands that concern their sender alone."""
SessionCommand = DriverCommand | ViewerCommand
Command = SessionCommand | Ack

USUAL_ACKS: Final = ('{"type":"ack"}', '{"type": "ack"}')
"""The most frequent message, sixty times a second from every page, is compared as text instead of parsed."""

COMMANDS: TypeAdapter[Command] = TypeAdapter(Annotated[Command, Field(discriminator="type")])
COMMAND_TYPES: Final = {member.model_fields["type"].default: member for member in get_args(Command)}
