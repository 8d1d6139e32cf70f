"""Writing to standard output and standard error, which may be closed, full or of any encoding."""

import io
import json
import math
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final, TextIO

BAR_WIDTH: Final = 30
"""Characters of a progress bar."""
BAR_SECONDS: Final = 0.1
"""Seconds between two states of a bar."""
LINE_SECONDS: Final = 5.0
"""Seconds between two lines of progress where no bar can be drawn."""


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


class ProgressBar:
    """Progress of some work: a bar on a terminal, else a line every `LINE_SECONDS` and at both ends.

    Args:
        stream: Destination, or None for none.
        total: Amount of work.
    """

    def __init__(self, stream: IO[str] | None, total: int) -> None:
        self._stream, self._total = stream, total
        self._started_at = time.monotonic()
        self._written_at = -math.inf

    def update(self, done: int, text: str) -> None:
        """Show how much is done, and a text."""
        if self._stream is None:
            return
        now, is_end = time.monotonic(), done >= self._total
        if self._stream.isatty():
            if now - self._written_at < BAR_SECONDS and not is_end:
                return
            filled = BAR_WIDTH * min(done, self._total) // self._total
            left = (now - self._started_at) / max(done, 1) * max(self._total - done, 0)
            bar = "#" * filled + "." * (BAR_WIDTH - filled)
            write_progress(self._stream, f"\r[{bar}] {text}, {left:.0f} s left \033[K")
        elif now - self._written_at >= LINE_SECONDS or is_end:
            write_progress(self._stream, text + "\n")
        else:
            return
        self._written_at = now

    def close(self) -> None:
        """End the line of a bar."""
        if self._stream is not None and self._written_at > 0 and self._stream.isatty():
            write_progress(self._stream, "\n")


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
    """Discard everything written to a stream from now on."""
    with open_devnull() as devnull:
        os.dup2(devnull.fileno(), stream.fileno())


def open_devnull() -> TextIO:
    """The null device, open for writing."""
    return Path(os.devnull).open("w", encoding="utf-8")
