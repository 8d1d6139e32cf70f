"""Readers of option values, and the options of `serve`.

Each option of `serve` can also be set in the environment, as GAN1D_ and its name; the command line takes precedence.
"""

import argparse
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from gan1d.cli.console import print_error, print_output
from gan1d.config.paths import json_or_text
from gan1d.gallery import find_preset, presets
from gan1d.recording.key_frames import BUDGET
from gan1d.server.serving import DEFAULT_PORT
from gan1d.session.step_cost import DEFAULT_LIMIT

LOG_LEVELS: Final = ("critical", "error", "warning", "info", "debug", "trace")

SUCCESS: Final = 0
FAILURE: Final = 1
MISUSE: Final = 2
NOT_REPEATED: Final = 3
INTERRUPTED: Final = 130
"""Exit statuses; `MISUSE` is that of wrong input, `NOT_REPEATED` that of a run with other bits than its log."""


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """End with status 2."""
        misuse(self.prog, message)

    def _print_message(self, message: str, file: Any = None) -> None:
        """Print the help or the version; argparse's own method ignores that it cannot be written."""
        print_output(message.removesuffix("\n"))


def misuse(program: str, sentence: str) -> NoReturn:
    """Print one line and end with status 2."""
    print_error(f"{program}: {sentence}")
    raise SystemExit(MISUSE)


def option_of(key: str) -> str:
    """The option as it is written on the command line."""
    return f"--{key.replace('_', '-')}"


# Reading values -------------------------------------------------------------------------------------------------------


def fault(expected: str, came: str) -> argparse.ArgumentTypeError:
    """An error with the expected and the given value."""
    return argparse.ArgumentTypeError(f"Expected {expected}, but got {json.dumps(came, ensure_ascii=False)}.")


def whole(low: int, high: int | None, meaning: str) -> Callable[[str], int]:
    """A reader of whole numbers from `low` to `high`."""
    bounds = f"of {low} or more" if high is None else f"from {low} to {high}"

    def read(text: str) -> int:
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", text) or int(text) < low or (high is not None and int(text) > high):
            raise fault(f"{meaning} {bounds}", text)
        return int(text)

    return read


def preset_name(text: str) -> str:
    """Read the name of a preset; a former name becomes the present one."""
    preset = find_preset(text)
    if preset is None:
        raise fault(f"a preset ({', '.join(presets)})", text)
    return preset.name


def one_of(names: Sequence[str], meaning: str) -> Callable[[str], str]:
    """A reader of one of some names."""

    def read(text: str) -> str:
        if text not in names:
            raise fault(f"{meaning} ({', '.join(names)})", text)
        return text

    return read


def is_on(text: str) -> bool:
    """Read a switch as environment variables have it: 1, true, yes, on, or 0, false, no, off."""
    if text.lower() in ("1", "true", "yes", "on"):
        return True
    if text.lower() in ("", "0", "false", "no", "off"):
        return False
    raise fault("1 or 0", text)


def prefix(text: str) -> str:
    """Read a path prefix; "/" is no prefix."""
    if not re.fullmatch(r"/?[\w.~/-]*", text):
        raise fault("a path such as /gan1d", text)
    inner = text.strip("/")
    return f"/{inner}" if inner else ""


def host_name(text: str) -> str:
    """Read a host name without a port."""
    if not re.fullmatch(r"\[[0-9a-fA-F:.%]+\]|[a-zA-Z0-9_.-]+", text):
        raise fault("a name without a port such as lab.example", text)
    return text


def origin(text: str) -> str:
    """Read an origin as browsers send it: a scheme and a host without a path, or "null"."""
    if not re.fullmatch(r"null|[a-zA-Z][\w+.-]*://(\[[0-9a-fA-F:.%]+\]|[\w.-]+)(:[0-9]{1,5})?/?", text, re.ASCII):
        raise fault("an origin such as https://slides.example", text)
    return text


def token(text: str) -> str:
    """Read a token; "none" is no token."""
    if not re.fullmatch(r"[\w.~-]{4,100}", text, re.ASCII):
        raise fault("a word of 4 or more letters and digits", text)
    return "" if text == "none" else text


def sources(text: str) -> str:
    """Read the sources of one directive of a Content-Security-Policy."""
    if not re.fullmatch(r"[\x20-\x7e]*", text) or ";" in text or "," in text:
        raise fault("sources such as 'self' https://slides.example", text)
    return text


def assignment(text: str) -> tuple[str, Any]:
    """Read path=value, where the value is JSON or else text."""
    path, separator, value = text.partition("=")
    if not separator or not path:
        raise fault("path=value", text)
    return path, json_or_text(value)


@dataclass(frozen=True, kw_only=True)
class Option:
    """An option of `serve`, on the command line or in the environment.

    Attributes:
        name: Name without the dashes.
        read: Reader of the value; raises ArgumentTypeError.
        default: Value if the option is given in neither place.
        help: Effect, for the help text.
        metavar: Name of the value in the help text; "" for a switch, which has no value.
        repeats: The option may be given several times; in the environment, separated by spaces or commas.
    """

    name: str
    read: Callable[[str], Any] = str
    default: Any = None
    help: str
    metavar: str = ""
    repeats: bool = False

    @property
    def key(self) -> str:
        """Name in Python."""
        return self.name.replace("-", "_")

    def add_to(self, parser: argparse.ArgumentParser) -> None:
        """Add the option to a parser, without its default: the environment takes precedence over that."""
        if not self.metavar:
            parser.add_argument(f"--{self.name}", action="store_true", default=None, help=self.help)
        else:
            action = "append" if self.repeats else "store"
            parser.add_argument(f"--{self.name}", action=action, type=self.read, metavar=self.metavar, help=self.help)

    def value(self, given: Any, environment: Mapping[str, str]) -> Any:
        """Value on the command line, else in the environment, else the default."""
        if given is not None:
            return given
        variable = f"GAN1D_{self.key.upper()}"
        text = environment.get(variable)
        if text is None:
            return self.default
        try:
            return [self.read(part) for part in re.split(r"[\s,]+", text) if part] if self.repeats else self.read(text)
        except argparse.ArgumentTypeError as error:
            misuse("gan1d serve", f"{variable}: {error}")


PRESET: Final = Option(
    name="preset",
    read=preset_name,
    default="default",
    metavar="NAME",
    help="preset to start with (default: default); see gan1d presets",
)
SEED: Final = Option(name="seed", read=whole(0, 2**32 - 1, "a seed"), metavar="N", help="random seed")

OPTIONS: Final = (
    Option(name="host", default="127.0.0.1", metavar="HOST", help="address to listen on (default: 127.0.0.1)"),
    Option(
        name="port",
        read=whole(0, 65535, "a port"),
        metavar="N",
        help=f"port to listen on, 0 for any (default: {DEFAULT_PORT}, or the next that is free)",
    ),
    Option(name="no-browser", read=is_on, default=False, help="do not open a browser"),
    PRESET,
    SEED,
    Option(
        name="allow-origin",
        read=origin,
        default=(),
        metavar="ORIGIN",
        repeats=True,
        help="also accept connections from pages of this origin",
    ),
    Option(
        name="allow-host",
        read=host_name,
        default=(),
        metavar="NAME",
        repeats=True,
        help="also accept requests for this host name",
    ),
    Option(
        name="token",
        read=token,
        metavar="WORD",
        help="word in the address that pages from other machines need to train, or none to let all train "
        "(default: a random one, if --host lets other machines connect)",
    ),
    Option(
        name="root-path",
        read=prefix,
        default="",
        metavar="PATH",
        help="path prefix under which a proxy serves the page",
    ),
    Option(
        name="frame-ancestors",
        read=sources,
        default="",
        metavar="SOURCES",
        help="sites that may embed the page, as in Content-Security-Policy (default: all)",
    ),
    Option(
        name="max-sessions",
        read=whole(1, None, "a number"),
        default=16,
        metavar="N",
        help="simultaneous sessions (default: 16)",
    ),
    Option(
        name="max-step",
        read=whole(1, None, "a number"),
        default=DEFAULT_LIMIT,
        metavar="N",
        help=f"largest cost of a training step in million multiply-adds (default: {DEFAULT_LIMIT}, about 2 s)",
    ),
    Option(
        name="history",
        read=whole(0, 1024, "a number"),
        default=BUDGET >> 20,
        metavar="MB",
        help="memory of each session for looking back at earlier steps, 0 to switch that off "
        f"(default: {BUDGET >> 20})",
    ),
    Option(
        name="log-level",
        read=one_of(LOG_LEVELS, "a level"),
        default="warning",
        metavar="LEVEL",
        help=f"log level: {', '.join(LOG_LEVELS)} (default: warning)",
    ),
)
