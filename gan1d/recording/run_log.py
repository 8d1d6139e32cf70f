"""The log of a run: its config, and every event that the config does not determine.

A log is newline-delimited JSON, in the manner of asciicast (docs.asciinema.org): a header, then a list for each event.

    {"gan1d_log": 1, "fingerprint": {…}, "config": {…}}
    [120, "set", {"generator.optimizer.learning_rate": 0.01}]
    [200, "set", {"generator.hidden": [8, 8]}, {"reinitialize": true}]
    [300, "step", {"player": "generator", "count": 5}]
    [425, "mark", "the left mode is lost"]
    [1500, "end", {"digest": "9f86d081884c7d65", "diverged": false}]

The number is the step at which the event happens. Between events every step updates both players; a `step` event makes
`count` steps that update one of them. The same log gives the same run, bit for bit, on the same kind of processor.

The events stand in one file with the writer and the reader, because together they are the format.
"""

import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Final, Literal

from gan1d.config.errors import ConfigError
from gan1d.config.model import Config
from gan1d.config.paths import Json
from gan1d.fingerprint import arithmetic, arithmetic_of
from gan1d.formatting import format_count, shorten

LOG_VERSION: Final = 1
BEGINNING: Final = '{"gan1d_log":'
"""Beginning of every log."""
NO_LOG: Final = f"Expected the log of a run, which begins with {BEGINNING} …, but got something else."
LONGEST_LINE: Final = 2**20
"""Largest number of bytes of a line; the 2,000 numbers of a target take 40,000."""
MOST_LINES: Final = 20_000
LAST_STEP: Final = 10**9
"""Largest step of an event."""
LONGEST_TEXT: Final = 200
"""Largest number of characters of a bookmark or a digest."""

OTHER_COURSE: Final = (
    "The run took another course than the one in the log. The same settings and seed give the same bits only with the "
    "same versions on the same kind of processor; the log's fingerprint says where it was made."
)
"""Message if a repetition has other bits than the log."""
MADE_ELSEWHERE: Final = (
    "The log was made with other versions or on another kind of processor: it is the same experiment, and its run may "
    "take another course."
)
"""Message before a log is repeated whose fingerprint is of another machine or other versions."""

UpdatedPlayer = Literal["both", "generator", "discriminator"]


class LogError(ValueError):
    """The text is not the log of a run. The message is shown to the user."""


@dataclass(frozen=True)
class Change:
    """Settings that change at a step.

    Attributes:
        step: Number of steps made before.
        values: Config path → new value, in the order in which they are set.
        reinitialize: A network that is rebuilt gets new initial weights instead of keeping its function.
    """

    step: int
    values: Mapping[str, Json]
    reinitialize: bool = False

    def entry(self) -> list[Json]:
        """The event as a line of the log."""
        options = [{"reinitialize": True}] if self.reinitialize else []
        return [self.step, "set", dict(self.values), *options]

    def applied_to(self, config: Config) -> Config:
        """The config after the change.

        Raises:
            ConfigError: A path does not exist, or a value is not allowed there.
        """
        return config.with_changes(self.values.items())


@dataclass(frozen=True)
class PlayerSteps:
    """Steps that update one player only.

    Attributes:
        step: Number of steps made before the first of them.
        player: The player that is updated.
        count: Number of these steps, at least 1.
    """

    step: int
    player: Literal["generator", "discriminator"]
    count: int

    @property
    def last_step(self) -> int:
        """Number of steps made after the last of them."""
        return self.step + self.count

    def entry(self) -> list[Json]:
        """The event as a line of the log."""
        return [self.step, "step", {"player": self.player, "count": self.count}]


LogEvent = Change | PlayerSteps


@dataclass(frozen=True)
class Bookmark:
    """A step with a name.

    Attributes:
        step: The step.
        text: Its name, at most `LONGEST_TEXT` characters.
    """

    step: int
    text: str

    def entry(self) -> list[Json]:
        """The bookmark as a line of the log."""
        return [self.step, "mark", self.text]


@dataclass(frozen=True)
class End:
    """The last step of a log.

    Attributes:
        step: Number of steps made.
        digest: Digest of the run's parameters there, which tells whether a repetition took another course; "" if
            unknown.
        diverged: The run diverged in its next step, and the parameters are those in which it stopped.
    """

    step: int
    digest: str = ""
    diverged: bool = False

    def entry(self) -> list[Json]:
        """The end as a line of the log."""
        return [self.step, "end", {"digest": self.digest, "diverged": self.diverged}]


@dataclass
class RunLog:
    """A run as its config and its events.

    Attributes:
        config: The experiment at step 0.
        events: What happened, in order.
        bookmarks: Named steps, in the order of their steps.
        end: The last step; None while it is not known.
        fingerprint: Versions and processor of the run, as `gan1d.fingerprint` describes them.
    """

    config: Config
    events: list[LogEvent] = field(default_factory=list)
    bookmarks: list[Bookmark] = field(default_factory=list)
    end: End | None = None
    fingerprint: Mapping[str, Json] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Digest of the run's parameters at its last step; "" if unknown."""
        return "" if self.end is None else self.end.digest

    @property
    def last_step(self) -> int:
        """Number of steps up to the last of all events and bookmarks, and the end."""
        parts = [*self.events[-1:], *self.bookmarks[-1:], *([self.end] if self.end else [])]
        return max((last_step_of(part) for part in parts), default=0)

    def add(self, event: LogEvent) -> None:
        """Add an event; steps of one player that follow each other become one event.

        Raises:
            ValueError: It happens before the last event is over.
        """
        last = self.events[-1] if self.events else None
        if last is not None and event.step < last_step_of(last):
            raise ValueError(f"Expected an event at step {last_step_of(last)} or later, but got one at {event.step}.")
        if (
            isinstance(last, PlayerSteps)
            and isinstance(event, PlayerSteps)
            and (last.player, last.last_step) == (event.player, event.step)
        ):
            self.events[-1] = PlayerSteps(last.step, last.player, last.count + event.count)
        else:
            self.events.append(event)

    def done(self, step: int) -> int:
        """Number of events that are over at a step and cannot be extended by further ones."""
        count = bisect_right(self.events, step, key=lambda event: event.step)
        last = self.events[count - 1] if count else None
        return count - 1 if isinstance(last, PlayerSteps) and last.last_step >= step else count

    def config_at(self, step: int) -> Config:
        """The settings after all changes up to a step, those made there included."""
        config = self.config
        for event in self.events:
            if isinstance(event, Change) and event.step <= step:
                config = event.applied_to(config)
        return config

    def player_at(self, step: int, last: int) -> tuple[UpdatedPlayer, int]:
        """The player, or both, that the step after `step` steps updates, and up to which step, at most `last`."""
        place = bisect_right(self.events, step, key=lambda event: event.step)
        before = self.events[place - 1] if place else None
        if isinstance(before, PlayerSteps) and before.last_step > step:
            return before.player, min(last, before.last_step)
        after = (event.step for event in self.events[place:] if isinstance(event, PlayerSteps))
        return "both", min(last, next(after, last))

    def bookmark(self, step: int, text: str) -> None:
        """Give a step a name, instead of the one that it has; "" takes the name away."""
        named = [Bookmark(step, text[:LONGEST_TEXT])] if text else []
        if not self.bookmarks or self.bookmarks[-1].step < step:
            self.bookmarks += named  # As a log has them, which may have many.
            return
        kept = [each for each in self.bookmarks if each.step != step]
        self.bookmarks = sorted(kept + named, key=lambda each: each.step)

    def up_to(self, step: int) -> "RunLog":
        """The part of the log up to a step."""
        events = list[LogEvent]()
        for event in self.events:
            if isinstance(event, PlayerSteps) and event.step < step < event.last_step:
                events.append(PlayerSteps(event.step, event.player, step - event.step))
            elif last_step_of(event) <= step:
                events.append(event)
        bookmarks = [each for each in self.bookmarks if each.step <= step]
        return RunLog(self.config, events, bookmarks, None, self.fingerprint)

    @property
    def is_from_elsewhere(self) -> bool:
        """Whether the log was made where the same settings and seed give other bits; False if it does not say where."""
        return bool(self.fingerprint) and arithmetic_of(self.fingerprint) != arithmetic()

    def lines(self) -> Iterator[str]:
        """The log as text, line by line."""
        config = self.config.model_dump(mode="json")
        yield line_of({"gan1d_log": LOG_VERSION, "fingerprint": self.fingerprint, "config": config})
        for part in sorted([*self.events, *self.bookmarks], key=lambda part: part.step):
            yield line_of(part.entry())
        if self.end is not None:
            yield line_of(self.end.entry())

    @classmethod
    def read(cls, file: BinaryIO) -> "RunLog":
        """Read a log.

        A last line that is cut off is left out, as after a crash of the program that wrote it.

        Raises:
            LogError: The file is not such a log, of another version, or too large; or an event is not possible.
        """
        lines = numbered_lines(file)
        header = next(lines, None)
        if header is None:
            raise LogError("Expected the log of a run, but got an empty file.")
        log = log_of_header(header[1])
        config = log.config
        for number, value in lines:
            part = parse_line(number, value)
            try:
                if number > MOST_LINES:
                    raise ValueError(f"Expected at most {format_count(MOST_LINES)} lines, but got more.")
                # A bookmark may lie within steps of one player.
                begun = max((each.step for each in [*log.events[-1:], *log.bookmarks[-1:]]), default=0)
                first = log.last_step if log.end is not None or isinstance(part, End) else begun
                if log.end is not None or part.step < first:
                    raise ValueError(f"Expected a step of {first} or more, but got {part.step}.")
                if isinstance(part, Bookmark):
                    log.bookmark(part.step, part.text)
                elif isinstance(part, End):
                    log.end = part
                else:
                    config = continued(config, part) if isinstance(part, Change) else config
                    log.add(part)
            except ValueError as error:
                raise LogError(f"Line {number}: {error}") from None
        return log


def last_step_of(part: LogEvent | Bookmark | End) -> int:
    """Number of steps made when a part of a log is over."""
    return part.last_step if isinstance(part, PlayerSteps) else part.step


def log_of_header(header: Json) -> RunLog:
    """An empty log with the contents of a first line.

    Raises:
        LogError: It begins no log, or one of another version.
    """
    match header:
        case {"gan1d_log": int(number)} if number != LOG_VERSION:
            raise LogError(f"Expected a log of version {LOG_VERSION}, but got one of version {number}.")
        case {"gan1d_log": int(), "fingerprint": dict(fingerprint), "config": config}:
            try:
                return RunLog(Config.parsed(config), fingerprint=fingerprint)
            except ConfigError as error:
                raise LogError(f"Line 1: {error}") from None
    raise LogError(NO_LOG)


def continued(config: Config, change: Change) -> Config:
    """The config after a change within a run.

    Raises:
        ValueError: A value is not allowed, or cannot change within a run.
    """
    new = change.applied_to(config)
    if new.effect_of(config) == "restart":
        raise ValueError(f"Expected settings that can change within a run, but got {', '.join(change.values)}.")
    return new


def parse_line(number: int, value: Json) -> LogEvent | Bookmark | End:
    """The event, bookmark or end in a line.

    Raises:
        LogError: The line holds none.
    """
    match value:
        case [int(step), *_] if isinstance(step, bool) or not 0 <= step <= LAST_STEP:
            raise LogError(f"Expected a step from 0 to {format_count(LAST_STEP)} in line {number}, but got {step}.")
        case [int(step), "set", dict(values)] if values:
            return Change(step, values)
        case [int(step), "set", dict(values), {"reinitialize": bool(reinitialize)}] if values:
            return Change(step, values, reinitialize)
        case [int(step), "step", {"player": "generator" | "discriminator" as player, "count": int(count)}]:
            if 1 <= count <= LAST_STEP and not isinstance(count, bool):
                return PlayerSteps(step, player, count)
        case [int(step), "mark", str(text)] if len(text) <= LONGEST_TEXT:
            return Bookmark(step, text)
        case [int(step), "end", {"digest": str(digest), "diverged": bool(diverged)}] if len(digest) <= LONGEST_TEXT:
            return End(step, digest, diverged)
    raise LogError(f"Expected an event in line {number}, but got {shorten(json.dumps(value))}.")


def numbered_lines(file: BinaryIO) -> Iterator[tuple[int, Json]]:
    """Lines of a file as JSON values, counted from 1; a last line without an end that is no JSON is left out.

    Raises:
        LogError: A line is too long or no JSON.
    """
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise LogError(f"Expected at most {LONGEST_LINE >> 20} MB in line {number}, but got more.")
        if not line.strip():
            continue
        try:
            yield number, json.loads(line, parse_constant=reject_constant)
        except (ValueError, RecursionError):
            if number > 1 and not line.endswith(b"\n"):
                return
            quote = shorten(repr(line[:99].rstrip())[1:])
            raise LogError(f"Expected JSON in line {number}, but got {quote}." if number > 1 else NO_LOG) from None


def reject_constant(name: str) -> None:
    """Refuse NaN and infinity, which JSON does not have.

    Raises:
        ValueError: Always.
    """
    raise ValueError(f"Expected a number, but got {name}.")


def line_of(value: Json) -> str:
    """A JSON value as a line without its end."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
