"""Objects inside of events that describe the run, its history and the menus of the page."""

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from gan1d.recording.run_log import LONGEST_TEXT, UpdatedPlayer
from gan1d.session.messages.commands import (
    COMMAND_LENGTH_LIMIT,
    NAME_LENGTH_LIMIT,
    SPEED_LIMIT,
    STEP_COUNT_LIMIT,
    Speed,
)
from gan1d.session.messages.connection import LOST_SECONDS

State = Literal["ready", "running", "paused", "diverged", "failed"]


class ServerMessage(BaseModel):
    """Base of all events and their parts; a number that is not known yet is NaN here and null on the wire."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Mark(ServerMessage):
    """A change of the config on the step axis. It replaces an earlier mark with the same path and step."""

    step: int = Field(description="Step at which the value was changed.")
    path: str = Field(description="Config path of the value.")
    label: str = Field(description='The change in words, such as "G learning rate 0.002 → 0.008".')


class BookmarkEntry(ServerMessage):
    """A step with a name."""

    step: int = Field(description="The step.")
    text: str = Field(description="Its name.")


class DiagnosisMark(ServerMessage):
    """A change of the diagnosis on the step axis."""

    step: int = Field(description="Step at which the diagnosis was made.")
    kind: str = Field(description="Name of one of the scene's `diagnoses`.")
    label: str = Field(description='Its name on the page, such as "Mode collapse".')


class RunEntry(ServerMessage):
    """A run that the session keeps: the present one, or one that can be looked at and returned to."""

    run: int = Field(description="Its number in the session, from 1 on.")
    name: str = Field(description="Its name, which `rename` changes.")
    preset: str | None = Field(description="Name of the preset on which it is based; null for none.")
    seed: int = Field(description="Its seed.")
    parent: int | None = Field(description="Number of the run from which it went on; null if it began at step 0.")
    from_step: int = Field(description="Step of that run from which it went on; 0 if it began at step 0.")
    shared_steps: int = Field(description="Number of steps up to which it is the same as the present run.")
    step: int = Field(description="Its last step.")
    diverged: bool = Field(description="Whether it diverged there.")
    spacing: int = Field(
        description="Largest number of steps that are repeated to look at one of its steps; 0 if they are not kept."
    )
    differences: str = Field(
        description='Differences of its settings from those of the present run, such as "G learning rate 0.002 → '
        '0.008"; "" if there are none.'
    )


class SettingDifference(ServerMessage):
    """A setting that differs between two runs that are compared."""

    path: str = Field(description="Its config path.")
    label: str = Field(description='Its name, such as "G learning rate".')
    here: str = Field(description='Its value in the present run in a few characters; "" if it has none.')
    there: str = Field(description='Its value in the second run; "" if it has none.')


class PlaybackState(ServerMessage):
    """Whether the run is playing, and how fast."""

    running: bool = Field(description="Whether the run is playing.")
    speed: Speed = Field(description='Speed in steps a second, "frame" for one step per drawn frame, or "max".')


class DiagnosisMessage(ServerMessage):
    """The present diagnosis."""

    kind: str = Field(description="Name of one of the scene's `diagnoses`.")
    sentence: str = Field(description="The diagnosis in a sentence, with the numbers of the last observation.")
    since: int = Field(description="Step at which this diagnosis was first made.")


class GoalProgress(ServerMessage):
    """The criterion that `goal` has set."""

    name: str = Field(description="Its name in that command.")
    words: str = Field(description="The criterion in words.")
    met_at: int | None = Field(description="The step at which the run has met it; null while it has not.")


class RunStatus(ServerMessage):
    """The state of the run."""

    state: State = Field(description="The state in one word.")
    sentence: str = Field(description="The state in a sentence for the user.")
    step: int = Field(description="Number of steps taken.")
    rate: float = Field(description="Measured speed in steps a second; 0 while paused.")
    playback: PlaybackState = Field(description="Whether the run is playing, and how fast.")
    diagnosis: DiagnosisMessage = Field(description="The present diagnosis.")
    goal: GoalProgress | None = Field(default=None, description="The criterion that `goal` has set; null for none.")


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
    bookmark_length: int = Field(default=LONGEST_TEXT, description="Characters of the longest text of a bookmark.")
    name_length: int = Field(default=NAME_LENGTH_LIMIT, description="Characters of the longest name of a run.")
    lost_seconds: float = Field(default=LOST_SECONDS, description="Silence after which the connection counts as lost.")
