"""Standard output and standard error: saying something, and what becomes of it where nobody listens.

Unheard (Exception)    standard output took not all of the answer
"""

import io
import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, TextIO


class OutputClosedError(Exception):
    """Standard output took not all of the answer; the cause is an OSError.

    Attributes:
        is_enough: Whether it has a reader who has had enough, which is no error.
    """

    def __init__(self, cause: OSError) -> None:
        super().__init__(f"Cannot write to standard output: {cause.strerror}.")
        self.is_enough = isinstance(cause, BrokenPipeError)


def prepare() -> None:
    """Let a closed stream be one that leads nowhere, and what an encoding does not have be written as an escape."""
    if sys.stdout is None:
        sys.stdout = open_devnull()
    if sys.stderr is None:
        sys.stderr = open_devnull()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def print_output(text: str) -> None:
    """Write a line to standard output.

    Raises:
        Unheard: It takes no more.
    """
    try:
        print(text, flush=True)
    except OSError as error:
        redirect_to_devnull(sys.stdout)
        raise OutputClosedError(error) from None


def print_json(value: Any) -> None:
    """Write a value as JSON, whatever the encoding of standard output.

    Raises:
        Unheard: It takes no more.
    """
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    is_unicode = encoding.lower().startswith("utf")
    print_output(json.dumps(value, indent=2, ensure_ascii=not is_unicode, allow_nan=False))


def print_error(sentence: str) -> None:
    """Write a line to standard error, if it can be."""
    try:
        print(sentence, file=sys.stderr, flush=True)
    except OSError:
        redirect_to_devnull(sys.stderr)


def write_progress(stream: IO[str], text: str) -> None:
    """Write how far something is; that nobody listens any more is no reason to lose it."""
    with suppress(OSError):
        stream.write(text)
        stream.flush()


def finish() -> None:
    """Write what still waits. Python would do so as well, at its very end, where it can only say that it failed.

    Raises:
        Unheard: Standard output takes no more.
    """
    try:
        sys.stderr.flush()
    except OSError:
        redirect_to_devnull(sys.stderr)
    try:
        sys.stdout.flush()
    except OSError as error:
        redirect_to_devnull(sys.stdout)
        raise OutputClosedError(error) from None


def redirect_to_devnull(stream: IO[str]) -> None:
    """Let what is still to be written go nowhere."""
    with open_devnull() as other:
        os.dup2(other.fileno(), stream.fileno())


def open_devnull() -> TextIO:
    """A stream that takes everything."""
    return Path(os.devnull).open("w", encoding="utf-8")
