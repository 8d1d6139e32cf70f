"""The file of a sweep's results: a header, and a line of JSON for the finished runs of a cell.

Lines are added as they come, so a sweep that was stopped goes on where it was. A last line that was not written to its
end is set aside.

Reading and writing stand in one file, because a file that is continued is read first.
"""

import errno
import itertools
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any, BinaryIO, Final, Self, TypeVar

from gan1d.config.errors import ConfigError
from gan1d.fingerprint import arithmetic, arithmetic_of, fingerprint
from gan1d.formatting import format_count
from gan1d.output_files import OutputFileError, cannot_write
from gan1d.sweeps.axes import AxisError
from gan1d.sweeps.grid import Cell, Sweep

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

VERSION: Final = 1
RESULTS_BEGINNING: Final = '{"gan1d_sweep": '
"""Beginning of every such file."""
LONGEST_BLOCK_LINE: Final = 2**24
"""Bytes of the longest line that is read; a block with the most runs and measurements is shorter."""
BEGUN_ELSEWHERE: Final = (
    "{} was begun with other versions or on another kind of processor: its remaining runs may take another course here"
)
"""Message before such a file is continued; the braces take its name."""

Content = TypeVar("Content")


class ResultsError(Exception):
    """The file is no results of this sweep. The message is shown to the user."""


@dataclass(frozen=True)
class Block:
    """Finished runs of one cell.

    Attributes:
        cell: The cell.
        runs: Results as `RunResult.to_json` returns them, in the order of their seeds.
        seconds: Seconds of processor time.
    """

    cell: Cell
    runs: list[dict[str, Any]]
    seconds: float

    def line(self) -> bytes:
        """The block as a line of the file."""
        values = {"cell": list(self.cell), "seconds": round(self.seconds, 3), "runs": self.runs}
        return json.dumps(values, allow_nan=False).encode() + b"\n"


def header_of(sweep: Sweep) -> bytes:
    """The first line of the file of a sweep."""
    values = {"gan1d_sweep": VERSION, **sweep.to_json(), "fingerprint": fingerprint()}
    return json.dumps(values, allow_nan=False).encode() + b"\n"


def read_results(file: Path) -> tuple[Sweep, list[Block], bytes]:
    """What a file holds: the sweep, its finished blocks, and the bytes of a last line that is damaged.

    Raises:
        ResultsError: It holds no results, or a line before the last is damaged.
    """
    try:
        with file.open("rb") as stream:
            sweep = read_header(stream.readline(LONGEST_BLOCK_LINE), file)
            return sweep, *read_blocks(stream, sweep, file)
    except OSError as error:
        raise ResultsError(f'Expected a file to read, but got "{file}" ({error.strerror}).') from None


def read_header(line: bytes, file: Path) -> Sweep:
    """The sweep of a file's first line.

    Raises:
        ResultsError: It describes no sweep.
    """
    if not line:
        raise ResultsError(f'Expected results of a sweep, but "{file}" is empty.')
    try:
        values = json.loads(line)
        version = values["gan1d_sweep"]
    except (ValueError, KeyError, TypeError, RecursionError):
        if is_torn_header(file):
            raise ResultsError(
                f'Expected results of a sweep, but "{file}" ends within its first line: the sweep was stopped as it '
                "began. The same command begins it again."
            ) from None
        raise ResultsError(f'Expected results of a sweep, but "{file}" holds something else.') from None
    if version != VERSION:
        raise ResultsError(f'Expected results of version {VERSION}, but "{file}" has version {version}.')
    try:
        return Sweep.from_json(values)
    except (AxisError, ConfigError) as error:
        raise ResultsError(f"{file}: {error}") from None


def read_blocks(stream: BinaryIO, sweep: Sweep, file: Path) -> tuple[list[Block], bytes]:
    """The finished blocks behind the header, and the bytes of a last line that is damaged.

    Raises:
        ResultsError: A line before the last is damaged, or belongs to no cell.
    """
    blocks: list[Block] = []
    for line, block in read_lines(stream, lambda line: block_of(line, sweep), file):
        if block is None:
            return blocks, line
        blocks.append(block)
    return blocks, b""


def read_lines(
    stream: BinaryIO, read: Callable[[bytes], Content | None], file: Path, first: int = 2
) -> Iterator[tuple[bytes, Content | None]]:
    """Lines behind the header, each with its content; a last line that is damaged, or not yet whole, with None.

    Args:
        stream: The file, before the first of them.
        read: Returns the content of a whole line, and None for any other.
        file: Its name.
        first: Number of the first line, from 1.

    Raises:
        ResultsError: A line before the last is damaged.
    """
    for number in itertools.count(first):
        line = stream.readline(LONGEST_BLOCK_LINE)
        if not line:
            return
        content = read(line)
        # What comes behind a line without an end was written meanwhile.
        is_whole = line.endswith(b"\n") or len(line) == LONGEST_BLOCK_LINE
        if content is None and is_whole and stream.read(1):
            raise ResultsError(f'Line {number} of "{file}" is damaged: {line[:60].decode("utf-8", "replace")!r}.')
        yield line, content
        if content is None:
            return


def block_of(line: bytes, sweep: Sweep) -> Block | None:
    """The block in a whole line; None for any other."""
    try:
        values = json.loads(line)
        cell, runs = tuple(values["cell"]), list(values["runs"])
        is_cell = len(cell) == len(sweep.shape) and all(0 <= i < n for i, n in zip(cell, sweep.shape, strict=True))
        are_seeds = all(0 <= run["seed"] - sweep.first_seed < sweep.seeds for run in runs)
        return Block(cell, runs, float(values["seconds"])) if line.endswith(b"\n") and is_cell and are_seeds else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def is_torn_header(file: Path) -> bool:
    """Whether a file ends within its header, as when a sweep is killed while it begins: it holds no results."""
    with file.open("rb") as stream:
        line = stream.readline(LONGEST_BLOCK_LINE)
    return line.startswith(RESULTS_BEGINNING.encode()) and not line.endswith(b"\n")


def is_from_elsewhere(header: bytes) -> bool:
    """Whether results were begun where the same settings and seed give other bits; False if they do not say where."""
    known = json.loads(header).get("fingerprint")
    return isinstance(known, dict) and bool(known) and arithmetic_of(known) != arithmetic()


def lock(stream: FileIO) -> bool:
    """Lock a file until it is closed or the process ends, however it ends; False if another process has done so."""
    try:
        if sys.platform == "win32":
            # Far behind the end, because the bytes that are locked cannot be read.
            os.lseek(stream.fileno(), 2**40, os.SEEK_SET)
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            # Not lockf: a lock of that kind ends when the process closes the file under another number.
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError as error:
        # Some network file systems have no locks, and sweeps run there all the same.
        if error.errno not in (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP):
            raise
    return True


class ResultsFile:
    """A file to which finished blocks are added.

    Args:
        file: The file; a new one, or one with results of the same sweep.
        sweep: The sweep.

    Attributes:
        blocks: Blocks that the file has.
        set_aside: Where a damaged last line was put; None if there was none.
        is_from_elsewhere: Whether runs are left, and the file was begun where the same settings and seed give other
            bits.

    Raises:
        OutputFileError: The file cannot be written, or holds something else.
        ResultsError: It holds results of another sweep, or a damaged line, another process writes to it, or the
            description of the sweep is too long.
    """

    def __init__(self, file: Path, sweep: Sweep) -> None:
        self.file, self.blocks = file, list[Block]()
        self.set_aside: Path | None = None
        self.is_from_elsewhere = False
        header = header_of(sweep)
        if len(header) > LONGEST_BLOCK_LINE:
            raise ResultsError(
                f"Expected a sweep that is described in {format_count(LONGEST_BLOCK_LINE)} bytes, but its settings and "
                f"the values on its axes take {format_count(len(header))}."
            )
        try:
            self._stream = file.open("ab", buffering=0)
            try:
                self._begin(sweep, header)
            except BaseException:
                self._stream.close()
                raise
        except OSError as error:
            raise cannot_write(file, error) from None

    def _begin(self, sweep: Sweep, header: bytes) -> None:
        """Keep other processes from writing to the file, and write its header or read what it has."""
        if not lock(self._stream):
            raise ResultsError(
                f'Expected a file that no other sweep writes to, but another process writes to "{self.file}".'
            )
        if is_torn_header(self.file):
            os.ftruncate(self._stream.fileno(), 0)
        if os.fstat(self._stream.fileno()).st_size > 0:
            self._continue(sweep)
            return
        self._write(header)

    def _continue(self, sweep: Sweep) -> None:
        """Read what the file has, and set a damaged last line aside."""
        found, self.blocks, damaged = read_results(self.file)
        if found != sweep:
            names = [name for name, value in sweep.to_json().items() if found.to_json()[name] != value]
            raise ResultsError(
                f'Expected results of this sweep in "{self.file}", but they are those of another one: '
                f"it differs in {', '.join(names)}. Choose another file, or delete this one."
            )
        with self.file.open("rb") as stream:
            is_complete = sum(len(block.runs) for block in self.blocks) >= sweep.runs
            self.is_from_elsewhere = not is_complete and is_from_elsewhere(stream.readline(LONGEST_BLOCK_LINE))
        if damaged:
            self._set_aside(damaged)
            os.ftruncate(self._stream.fileno(), os.fstat(self._stream.fileno()).st_size - len(damaged))

    def _set_aside(self, damaged: bytes) -> None:
        self.set_aside = self.file.with_name(f"{self.file.name}.damaged")
        try:
            with self.set_aside.open("ab") as aside:
                aside.write(damaged if damaged.endswith(b"\n") else damaged + b"\n")
        except OSError as error:
            raise cannot_write(self.set_aside, error) from None

    def add(self, block: Block) -> None:
        """Add finished runs; they are on the disk when this returns.

        Raises:
            OutputFileError: They cannot be written.
        """
        try:
            self._write(block.line())
        except OSError as error:
            raise OutputFileError(
                f'Cannot write to "{self.file}" ({error.strerror}). It has {format_count(len(self.blocks))} lines; '
                "the same command goes on from there."
            ) from None
        self.blocks.append(block)

    def _write(self, line: bytes) -> None:
        written = 0
        while written < len(line):
            written += self._stream.write(line[written:])
        os.fsync(self._stream.fileno())

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
