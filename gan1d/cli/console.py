"""Writing to standard output and standard error, which may be closed, full or of any encoding."""

import io
import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, TextIO


class OutputClosedError(Exception):
    """Standard output could not be written.

    Attributes:
        is_broken_pipe: The reader has closed the pipe, as `| head` does, which is not an error.
    """

    def __init__(self, cause: OSError) -> None:
        super().__init__(f"Cannot write to standard output: {cause.strerror}.")
        self.is_broken_pipe = isinstance(cause, BrokenPipeError)


def prepare() -> None:
    """Replace closed streams by the null device, and escape characters that an encoding does not have."""
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
        OutputClosedError: It could not be written.
    """
    try:
        print(text, flush=True)
    except OSError as error:
        redirect_to_devnull(sys.stdout)
        raise OutputClosedError(error) from None


def print_json(value: Any) -> None:
    """Write a value as JSON, in ASCII where standard output is not Unicode.

    Raises:
        OutputClosedError: It could not be written.
    """
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    is_unicode = encoding.lower().startswith("utf")
    print_output(json.dumps(value, indent=2, ensure_ascii=not is_unicode, allow_nan=False))


def print_error(sentence: str) -> None:
    """Write a line to standard error, if it can be written."""
    try:
        print(sentence, file=sys.stderr, flush=True)
    except OSError:
        redirect_to_devnull(sys.stderr)


def write_progress(stream: IO[str], text: str) -> None:
    """Write progress to a stream; a stream that fails does not stop the work."""
    with suppress(OSError):
        stream.write(text)
        stream.flush()


def flush_streams() -> None:
    """Flush both streams before Python does at exit, where it can only print that it failed.

    Raises:
        OutputClosedError: Standard output could not be written.
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
    """Discard what is written to a stream from now on."""
    with open_devnull() as devnull:
        os.dup2(devnull.fileno(), stream.fileno())


def open_devnull() -> TextIO:
    """The null device, open for writing."""
    return Path(os.devnull).open("w", encoding="utf-8")
