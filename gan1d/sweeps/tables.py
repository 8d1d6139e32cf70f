"""Results of a sweep as tables: a row for each run, as CSV or Parquet."""

import csv
import importlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from gan1d.output_files import cannot_write, check_output, open_output
from gan1d.sweeps.execution import columns_of
from gan1d.sweeps.grid import Sweep
from gan1d.sweeps.results import Block, header_of

PARQUET_BEGINNING: Final = "PAR1"
"""Beginning of every Parquet file."""
HEADER_KEY: Final = b"gan1d_sweep"
"""Key, in the metadata of a Parquet file, of the first line of the results."""


class ParquetError(Exception):
    """Parquet cannot be written here. The message is shown to the user."""


def csv_beginning(sweep: Sweep) -> str:
    """Beginning of the CSV of a sweep."""
    return ",".join(axis.path for axis in sweep.axes) + ",seed,outcome,"


def write_csv(sweep: Sweep, blocks: Sequence[Block], file: Path, inputs: Sequence[Path]) -> None:
    """Write CSV without the courses, which have no place in a row.

    Args:
        sweep: The sweep.
        blocks: Its finished runs.
        file: Where to write.
        inputs: See `check_output`.

    Raises:
        OutputFileError: The file must not be, or cannot be, written.
    """
    columns = {name: values for name, values in table_of(sweep, blocks).items() if name != "course"}
    with whole_or_empty(file), open_output(file, inputs, csv_beginning(sweep)) as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))


def write_parquet(sweep: Sweep, blocks: Sequence[Block], file: Path, inputs: Sequence[Path]) -> None:
    """Write Parquet, with the courses as lists, and with all that is needed to repeat the sweep as metadata.

    Args:
        sweep: The sweep.
        blocks: Its finished runs.
        file: Where to write.
        inputs: See `check_output`.

    Raises:
        OutputFileError: The file must not be, or cannot be, written.
        ParquetError: PyArrow is not installed.
    """
    arrow, parquet = parquet_library()
    check_parquet(file, inputs)
    table = arrow.table(dict(table_of(sweep, blocks)))
    with whole_or_empty(file):
        parquet.write_table(table.replace_schema_metadata({HEADER_KEY: header_of(sweep).strip()}), str(file))


def check_parquet(file: Path, inputs: Sequence[Path]) -> None:
    """Check that a file may be written as Parquet; see `check_output`.

    Raises:
        OutputFileError: It is an input, or holds something else than `write_parquet` wrote.
        ParquetError: PyArrow is not installed.
    """
    _, parquet = parquet_library()

    def is_earlier(found: Path) -> bool:
        try:
            return HEADER_KEY in (parquet.read_metadata(str(found)).metadata or {})
        except (OSError, ValueError):
            return False

    check_output(file, inputs, PARQUET_BEGINNING, is_earlier)


@contextmanager
def whole_or_empty(file: Path) -> Iterator[None]:
    """Empty a file that could not be written to its end, so that the same command may write it again.

    Raises:
        OutputFileError: The system does not let it be written.
    """
    try:
        yield
    except OSError as error:
        with suppress(OSError):
            os.truncate(file, 0)
        raise cannot_write(file, error) from None


def parquet_library() -> tuple[Any, Any]:
    """The modules `pyarrow` and `pyarrow.parquet`.

    Raises:
        ParquetError: They are not installed.
    """
    try:
        return importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    except ImportError:
        raise ParquetError("Parquet needs PyArrow: pip install 'gan1d[parquet]'.") from None


def table_of(sweep: Sweep, blocks: Sequence[Block]) -> Mapping[str, list[Any]]:
    """The columns of the results, of one type each: values of an axis that are lists or objects, or of several types,
    become JSON text."""
    columns = columns_of(sweep, blocks)
    for axis in sweep.axes:
        if axis.path in columns and not is_plain(axis.values):
            columns[axis.path] = [
                value if isinstance(value, str) else json.dumps(value) for value in columns[axis.path]
            ]
    return columns


def is_plain(values: Sequence[Any]) -> bool:
    """Whether values are all numbers, all texts or all truth values."""
    kinds = {float if type(value) is int else type(value) for value in values}
    return len(kinds) == 1 and kinds <= {float, str, bool}
