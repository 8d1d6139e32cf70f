"""Numbers in a text file: one per row, a list, or a table of which one column is read.

The separator is the first of these that occurs: a tab, a semicolon, a comma, white space. With a tab or a semicolon, a
comma may be the decimal mark. A first row without any number is a header. Empty rows are skipped.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from gan1d.formatting import shorten

SEPARATORS: Final = ("\t", ";", ",")
FAULTS_LISTED: Final = 3
"""Faults that a complaint lists one by one."""
QUOTED_CHARACTERS: Final = 40

COLUMN_NUMBER: Final = re.compile("[1-9][0-9]{0,5}")
NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE | re.ASCII)
PAIR_WITH_COMMA: Final = re.compile(r"\s*[+\-−]?\d+,\d+\s*", re.ASCII)


class NumberFileError(ValueError):
    """The text could not be read as numbers. The message is shown to the user."""


@dataclass(frozen=True)
class Fault:
    """A cell without a valid number.

    Attributes:
        row: Row, from 1.
        column: Column, from 1; None where a row has one cell.
        got: Content of the cell.
    """

    row: int
    column: int | None
    got: str


@dataclass(frozen=True)
class Reading:
    """Content of a text.

    Attributes:
        values: Valid numbers, in the order of the text.
        faults: Cells without a valid number.
        columns: Names of the columns of a table; empty for a list.
        column: Column that was read, from 0.
        header: Name above a single column, "" if it has none.
        is_decimal_comma: The commas look like decimal marks, not separators.
    """

    values: list[float]
    faults: list[Fault]
    columns: list[str]
    column: int = 0
    header: str = ""
    is_decimal_comma: bool = False


Bounds = tuple[float, float]
"""Smallest and largest allowed value."""

Cell = tuple[int, int | None, str]
"""Row, column (None where a row has one cell) and content."""

UNBOUNDED: Final = (-math.inf, math.inf)


def read_numbers(text: str, bounds: Bounds = UNBOUNDED, column: int | None = None) -> Reading:
    """Read the numbers of a text.

    Args:
        text: Text of any length; a byte order mark at its start is skipped.
        bounds: Allowed values; a number outside of them is a fault.
        column: Column of a table, from 0; by default the first in which more than half of the cells are numbers.
    """
    lines = re.split(r"\r\n|\n|\r", text.removeprefix("\ufeff"))
    full = [(row, line) for row, line in enumerate(lines, 1) if line.strip()]
    separator = next((mark for mark in SEPARATORS if any(mark in line for _, line in full)), " ")
    rows = [(row, split_row(line, separator)) for row, line in full]

    def number(cell: str) -> float:
        return parse_cell(cell, separator, bounds)

    first = rows[0][1] if rows else []
    has_header = len(rows) > 1 and all(math.isnan(parse_cell(cell, separator, UNBOUNDED)) for cell in first)
    body, width = rows[1:] if has_header else rows, len(first)
    is_even = len(rows) > 1 and all(len(cells) == width for _, cells in rows)
    if not (width > 1 and (has_header or is_even)):
        listed: list[Cell] = [
            (row, index if len(cells) > 1 else None, cell)
            for row, cells in body
            for index, cell in enumerate(cells, 1)
            if cell
        ]
        return Reading(*_separate(listed, number), [], header=first[0] if has_header else "")
    names = [cell if has_header and cell else f"column {index}" for index, cell in enumerate(first, 1)]
    columns = [
        [(row, None, cells[index] if index < len(cells) else "") for row, cells in body] for index in range(width)
    ]
    good = [sum(not math.isnan(number(cell)) for _, _, cell in cells) for cells in columns]
    numeric = next((index for index, count in enumerate(good) if count > len(body) / 2), 0)
    chosen = column if column is not None and column < width else numeric
    is_pairs = separator == "," and width == 2 and not has_header
    is_decimal_comma = is_pairs and all(PAIR_WITH_COMMA.fullmatch(line) for _, line in full)
    return Reading(*_separate(columns[chosen], number), names, chosen, is_decimal_comma=is_decimal_comma)


def _separate(cells: Sequence[Cell], number: Callable[[str], float]) -> tuple[list[float], list[Fault]]:
    """Numbers and faults."""
    read = [(cell, number(cell[2])) for cell in cells]
    values = [value for _, value in read if not math.isnan(value)]
    return values, [Fault(*cell) for cell, value in read if math.isnan(value)]


def split_row(line: str, separator: str) -> list[str]:
    """Cells of one row; a separator between double quotes is content, and " " stands for any white space."""
    if separator == " ":
        return line.split()
    cells, is_quoted = [""], False
    for letter in line:
        if letter == '"':
            is_quoted = not is_quoted
        elif letter == separator and not is_quoted:
            cells.append("")
        else:
            cells[-1] += letter
    return [cell.strip() for cell in cells]


def parse_cell(cell: str, separator: str, bounds: Bounds) -> float:
    """Value of a cell; NaN if it is no number or out of bounds."""
    text = cell.replace("−", "-", 1)
    if separator in (";", "\t"):
        text = re.sub(r"^([^.,]*),([^.,]*)$", r"\1.\2", text)
    if not NUMBER.fullmatch(text):
        return math.nan
    value = float(text)
    return value if bounds[0] <= value <= bounds[1] and math.isfinite(value) else math.nan


def complaint(reading: Reading, bounds: Bounds, count: Bounds) -> str:
    """Sentences on everything that is wrong; "" if nothing is.

    Args:
        reading: Content of a text.
        bounds: Allowed values of a number.
        count: Allowed count of numbers.
    """
    parts = [_fault_sentence(fault, bounds) for fault in reading.faults[:FAULTS_LISTED]]
    if len(reading.faults) > FAULTS_LISTED:
        parts.append(f"And {len(reading.faults) - FAULTS_LISTED} more.")
    if not reading.faults and len(reading.values) < count[0]:
        parts.append(f"Expected {count[0]:g} numbers or more, but got {len(reading.values)}.")
    if len(reading.values) > count[1]:
        parts.append(f"Expected {count[1]:g} numbers or fewer, but got {len(reading.values)}.")
    return " ".join(parts)


def _fault_sentence(fault: Fault, bounds: Bounds) -> str:
    is_number = NUMBER.fullmatch(fault.got.replace("−", "-", 1)) is not None
    expected = f"a number from {_format_bound(bounds[0])} to {_format_bound(bounds[1])}" if is_number else "a number"
    where = f"row {fault.row}" if fault.column is None else f"row {fault.row}, column {fault.column}"
    quoted = shorten(fault.got, QUOTED_CHARACTERS)
    return f"Expected {expected} in {where}, but got {f'“{quoted}”' if quoted else 'nothing'}."


def _format_bound(value: float) -> str:
    """A bound as the page writes it: 1e9, not 1e+09."""
    return re.sub(r"e\+?(-?)0*", r"e\1", f"{value:g}")


def find_column(reading: Reading, name: str) -> int:
    """Index, from 0, of a column given by its header or by its number from 1.

    Raises:
        NumberFileError: There is no such column.
    """
    if name in reading.columns:
        return reading.columns.index(name)
    if COLUMN_NUMBER.fullmatch(name) and int(name) <= len(reading.columns):
        return int(name) - 1
    quoted = shorten(name, QUOTED_CHARACTERS)
    if not reading.columns:
        raise NumberFileError(f'Expected a table for --column, but got a plain list of numbers (--column "{quoted}").')
    raise NumberFileError(f'Expected one of {", ".join(reading.columns)}, but got "{quoted}".')


def numbers_of(text: str, bounds: Bounds, count: Bounds, column: str | None = None) -> list[float]:
    """All numbers of a text that holds nothing else.

    Args:
        text: Text as for `read_numbers`.
        bounds: Allowed values of a number.
        count: Allowed count of numbers.
        column: Name or number of the column; required where there are several.

    Raises:
        NumberFileError: A row holds no number, there are too few or too many, or the column is not clear.
    """
    reading = read_numbers(text, bounds)
    if column is not None:
        reading = read_numbers(text, bounds, find_column(reading, column))
    elif reading.columns:
        raise NumberFileError(f"Expected one column, or --column with one of {', '.join(reading.columns)}.")
    if sentence := complaint(reading, bounds, count):
        raise NumberFileError(sentence)
    return reading.values
