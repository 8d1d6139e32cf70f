"""`--data FILE`: the numbers of a file or of standard input as the target."""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

from gan1d.cli.console import ProgressBar
from gan1d.cli.options import Option, is_on, misuse, one_of
from gan1d.config.model import Config
from gan1d.config.sample_limits import sample_limits
from gan1d.engine.distributions.custom import Samples
from gan1d.formatting import format_count, format_number, format_position, shorten
from gan1d.number_file.checked_numbers import numbers_of
from gan1d.number_file.columns import NumberFileError, listed
from gan1d.number_file.reading import Reading, read_file
from gan1d.number_file.text import LARGEST_FILE, PIECE_BYTES, Progress
from gan1d.session.starting_data import StartingData

BYTES_IN_MEMORY: Final = 2**23
"""Bytes of standard input that are kept in memory; more goes to a temporary file."""
SLOW_BYTES: Final = 5_000_000
"""Bytes from which on reading a file shows its progress."""
TITLE_LENGTH: Final = 40
"""Longest name of a file or of a column on the page, in characters."""

DATA: Final = Option(
    name="data",
    read=Path,
    metavar="FILE",
    help="use the numbers in a text file such as CSV as the target; - for standard input",
)
READING_OPTIONS: Final = (
    Option(name="column", metavar="NAME", help="column of --data, by name or number"),
    Option(
        name="decimal",
        read=one_of((".", ","), "a decimal mark"),
        metavar="MARK",
        help="decimal mark in --data, . or , (default: the one that the file shows)",
    ),
    Option(name="skip-invalid", read=is_on, default=False, help="leave out cells of --data that hold no number"),
    Option(name="sample", read=is_on, default=False, help="if --data holds too many numbers, draw as many as allowed"),
)
"""Options that need `DATA`."""

DATA_OPTIONS: Final = (DATA, *READING_OPTIONS)


def chosen_options(given: argparse.Namespace) -> dict[str, Any]:
    """Values of `DATA_OPTIONS` that were given on the command line."""
    return {option.key: option.value(getattr(given, option.key), {}) for option in DATA_OPTIONS}


def with_data(program: str, config: Config, chosen: Mapping[str, Any]) -> Config:
    """The config with the numbers of a file as its target, as in `starting_data`; unchanged if no file was given."""
    data = starting_data(program, config, chosen)
    return config if data is None else data.config


def starting_data(program: str, config: Config, chosen: Mapping[str, Any]) -> StartingData | None:
    """The experiment that imitates the numbers of a file; None if no file was given.

    Args:
        program: Start of an error's line.
        config: The experiment; its seed draws the sample.
        chosen: Values of `DATA_OPTIONS` by their keys.
    """
    file: Path | None = chosen["data"]
    if file is None:
        for option in READING_OPTIONS:
            if chosen[option.key] not in (None, False):
                misuse(program, f"--{option.name} needs --data.")
        return None
    limits = sample_limits()
    try:
        with opened(program, file) as source, progress_of(source) as progress:
            reading = read_file(source, limits, chosen["column"], chosen["decimal"], progress)
        if reading.columns and chosen["column"] is None and not reading.question:
            raise NumberFileError(f"Expected one column, or --column with one of {listed(reading.columns)}.")
        values = numbers_of(
            reading,
            limits,
            skip_invalid=chosen["skip_invalid"],
            sample_seed=config.seed if chosen["sample"] else None,
        )
    except NumberFileError as error:
        misuse(program, f"{file}: {error}")
    title = "Standard input" if str(file) == "-" else shorten(file.name, TITLE_LENGTH)
    return StartingData(
        config=config.patched("target", Samples.kind).patched("target.values", values),
        title=title,
        watch=story(values, reading, title),
    )


def story(values: Sequence[float], reading: Reading, title: str) -> str:
    """A sentence about the numbers for the page, such as "The target is 272 numbers from faithful.csv, …"."""
    name = reading.columns[reading.column] if reading.columns else reading.header
    column = f", column “{shorten(name, TITLE_LENGTH)}”" if name else ""
    drawn = "" if len(values) == len(reading.values) else f" drawn from {format_count(len(reading.values))}"
    ends = min(values), max(values)
    # A whole number is written in full, so that no end of the range is beyond the numbers.
    low, high = (
        format_number(end, 9) if end.is_integer() else format_position(end, ends[1] - ends[0], 6)
        for end in map(float, ends)
    )
    return (
        f"The target is {format_count(len(values))} numbers{drawn} from {title}{column}: {low} to {high}. "
        "G has to make numbers that are distributed like them."
    )


@contextmanager
def opened(program: str, file: Path) -> Iterator[BinaryIO]:
    """A file, or standard input for "-", open for reading bytes, and seekable."""
    if str(file) == "-" and sys.stdin is None:
        misuse(program, "Expected standard input for --data -, but it is closed.")
    try:
        if str(file) == "-":
            with spooled(sys.stdin.buffer) as source:
                yield source
        elif not file.is_file() and file.exists() and not file.is_dir():
            with file.open("rb") as stream, spooled(stream) as source:
                yield source
        else:
            with file.open("rb") as source:
                yield source
    except OSError as error:
        misuse(program, f'Expected a file to read for --data, but got "{file}" ({error.strerror}).')


@contextmanager
def spooled(stream: BinaryIO) -> Iterator[BinaryIO]:
    """A copy of a stream that can be read twice.

    Raises:
        NumberFileError: The stream does not end within `LARGEST_FILE`.
    """
    with tempfile.SpooledTemporaryFile(BYTES_IN_MEMORY) as copy:
        count = 0
        while piece := stream.read(PIECE_BYTES):
            count += len(piece)
            if count > LARGEST_FILE:
                raise NumberFileError(f"Expected at most {LARGEST_FILE >> 20} MB, but got more.")
            copy.write(piece)
        copy.seek(0)
        yield copy  # type: ignore[misc]


@contextmanager
def progress_of(source: BinaryIO) -> Iterator[Progress | None]:
    """A function that shows on standard error how much of a large file was read; None for a small file."""
    total = source.seek(0, os.SEEK_END)
    source.seek(0)
    if total < SLOW_BYTES:
        yield None
        return
    bar = ProgressBar(sys.stderr, total)
    try:
        yield lambda count: bar.update(count, f"read {count / 1e6:.0f} of {total / 1e6:.0f} MB")
    finally:
        bar.close()
