"""Reading a file of results while a sweep adds to it: each look takes up what is new."""

import secrets
import threading
from pathlib import Path
from typing import Any, BinaryIO

from gan1d.maps.content import content_of, row_of
from gan1d.sweeps.grid import Sweep
from gan1d.sweeps.results import LONGEST_BLOCK_LINE, ResultsError, block_of, read_header, read_lines


class GrowingResults:
    """The results in a file, as a map shows them.

    Args:
        file: The file.

    Attributes:
        file: The file.
        generation: Text that is new whenever the file is read from its beginning, in every process; "" before that.
        content: See `content_of`.
        rows: See `row_of`.
        is_torn: Whether the file ends within a line, which is left for later.

    Raises:
        ResultsError: The file holds no results, or a line before the last is damaged.
    """

    def __init__(self, file: Path) -> None:
        self.file, self.generation, self.is_torn = file, "", False
        self.content: dict[str, Any] = {}
        self.rows: list[list[Any]] = []
        self._header, self._offset, self._lines = b"", 0, 0
        self._sweep: Sweep | None = None
        self._lock = threading.Lock()
        self.look()

    @property
    def done(self) -> int:
        """Number of finished runs."""
        return sum(len(runs) for _, runs in self.rows)

    def look(self) -> None:
        """Take up what is new; a file that holds another sweep now is read from its beginning.

        Raises:
            ResultsError: See the class.
        """
        with self._lock:
            try:
                with self.file.open("rb") as stream:
                    header = stream.readline(LONGEST_BLOCK_LINE)
                    size = stream.seek(0, 2)
                    if self._sweep is None or header != self._header or size < self._offset:
                        self._sweep = self._begin(header)
                    stream.seek(self._offset)
                    self._read_rows(stream, self._sweep)
            except OSError as error:
                raise ResultsError(f'Expected a file to read, but got "{self.file}" ({error.strerror}).') from None

    def since(self, generation: str, count: int) -> tuple[str, dict[str, Any] | None, list[list[Any]]]:
        """What a reader lacks: the generation, the content if its own generation is another one, and further rows.

        Args:
            generation: The reader's generation; "" for none.
            count: Number of rows of this generation that it has.
        """
        with self._lock:
            if generation == self.generation:
                return generation, None, self.rows[count:]
            return self.generation, self.content, self.rows[:]

    def _begin(self, header: bytes) -> Sweep:
        sweep = read_header(header, self.file)
        self._header, self._offset, self._lines = header, len(header), 1
        self.content, self.rows = content_of(sweep), []
        self.generation = secrets.token_hex(8)
        return sweep

    def _read_rows(self, stream: BinaryIO, sweep: Sweep) -> None:
        """Read whole lines; one that is damaged may still be written if it is the last."""
        self.is_torn = False
        for line, row in read_lines(stream, lambda line: row_in(line, sweep), self.file, self._lines + 1):
            self.is_torn = row is None
            if row is not None:
                self.rows.append(row)
                self._offset += len(line)
                self._lines += 1


def row_in(line: bytes, sweep: Sweep) -> list[Any] | None:
    """The row of a whole line; None for any other."""
    block = block_of(line, sweep)
    try:
        return None if block is None else row_of(block, sweep)
    except (KeyError, TypeError):
        return None
