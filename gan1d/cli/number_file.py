"""Numbers in a text: one a row, a list, or a table of which one column counts.

The same rules, and the same sentences, as `static/js/controls/parse-numbers.js`. The separator is the first of these
that occurs: a tab, a semicolon, a comma, a space. With a tab or a semicolon, a comma may be the decimal mark.
A first row without any number is a header. Empty rows do not count.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from gan1d.formatting import shorten

SEPARATORS: Final = ("\t", ";", ",")
NAMED: Final = 3
"""So many faults are named one by one."""
LONGEST_QUOTE: Final = 40

COLUMN: Final = re.compile("[1-9][0-9]{0,5}")
NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE | re.ASCII)


class NumberFileError(ValueError):
    """A text that holds not the numbers that were asked for; the message is for a person."""


@dataclass(frozen=True)
class Fault:
    """A place where a number should stand.

    Attributes:
        row: From 1.
        column: From 1, or None where there is only one.
        got: What stands there.
    """

    row: int
    column: int | None
    got: str


@dataclass(frozen=True)
class Reading:
    """What a text holds.

    Attributes:
        values: What could be read, in the order of the text.
        faults: What could not.
        columns: Their names if it is a table; else none.
        column: Which of them was read, from 0.
        header: The name over a single column, "" if it has none.
    """

    values: list[float]
    faults: list[Fault]
    columns: list[str]
    column: int = 0
    header: str = ""


Bounds = tuple[float, float]
Cell = tuple[int, int | None, str]


def read_rows(text: str, bounds: Bounds = (-math.inf, math.inf), wanted: int | None = None) -> Reading:
    """The numbers in a text.

    Args:
        text: Of any size; a byte order mark at its front does not count.
        bounds: A number outside of them counts as a fault.
        wanted: Column of a table, from 0; the first with mostly numbers if it is not said.
    """
    lines = re.split(r"\r\n|\n|\r", text.removeprefix("\ufeff"))
    full = [(row, line) for row, line in enumerate(lines, 1) if line.strip()]
    separator = next((mark for mark in SEPARATORS if any(mark in line for _, line in full)), " ")
    rows = [(row, cells_of(line, separator)) for row, line in full]

    def number(cell: str) -> float:
        return number_in(cell, separator, bounds)

    first = rows[0][1] if rows else []
    anything = (-math.inf, math.inf)
    has_header = len(rows) > 1 and all(math.isnan(number_in(cell, separator, anything)) for cell in first)
    body, width = rows[1:] if has_header else rows, len(first)
    is_even = len(rows) > 1 and all(len(cells) == width for _, cells in rows)
    if not (width > 1 and (has_header or is_even)):
        places: list[Cell] = [
            (row, index if len(cells) > 1 else None, cell)
            for row, cells in body
            for index, cell in enumerate(cells, 1)
            if cell
        ]
        return Reading(*sorted_out(places, number), [], header=first[0] if has_header else "")
    columns = [cell if has_header and cell else f"column {index}" for index, cell in enumerate(first, 1)]
    texts = [[(row, None, cells[index] if index < len(cells) else "") for row, cells in body] for index in range(width)]
    good = [sum(not math.isnan(number(cell)) for _, _, cell in column) for column in texts]
    mostly = next((index for index, count in enumerate(good) if count > len(body) / 2), 0)
    column = wanted if wanted is not None and wanted < width else mostly
    return Reading(*sorted_out(texts[column], number), columns, column)


def sorted_out(places: Sequence[Cell], number: Callable[[str], float]) -> tuple[list[float], list[Fault]]:
    """Numbers, and what is none."""
    read = [(place, number(place[2])) for place in places]
    values = [value for _, value in read if not math.isnan(value)]
    return values, [Fault(*place) for place, value in read if math.isnan(value)]


def cells_of(line: str, separator: str) -> list[str]:
    """The cells of one row; a separator inside of double quotes is none, and " " is any white space."""
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


def number_in(cell: str, separator: str, bounds: Bounds) -> float:
    """A cell as a number; NaN if it is none, or out of bounds."""
    plain = cell.replace("−", "-", 1)
    if separator in (";", "\t"):
        plain = re.sub(r"^([^.,]*),([^.,]*)$", r"\1.\2", plain)
    if not NUMBER.fullmatch(plain):
        return math.nan
    value = float(plain)
    return value if bounds[0] <= value <= bounds[1] and math.isfinite(value) else math.nan


def complaint(reading: Reading, bounds: Bounds, count: Bounds) -> str:
    """What is wrong, in sentences; "" if nothing is.

    Args:
        reading: Of a text.
        bounds: Of a number.
        count: How many there may be, from and to.
    """
    parts = [fault_sentence(fault, bounds) for fault in reading.faults[:NAMED]]
    if len(reading.faults) > NAMED:
        parts.append(f"And {len(reading.faults) - NAMED} more.")
    if not reading.faults and len(reading.values) < count[0]:
        parts.append(f"Expected {count[0]:g} numbers or more, but got {len(reading.values)}.")
    if len(reading.values) > count[1]:
        parts.append(f"Expected {count[1]:g} numbers or fewer, but got {len(reading.values)}.")
    return " ".join(parts)


def fault_sentence(fault: Fault, bounds: Bounds) -> str:
    """One row that holds no number, or one too large."""
    is_number = NUMBER.fullmatch(fault.got.replace("−", "-", 1)) is not None
    expected = f"a number from {plain(bounds[0])} to {plain(bounds[1])}" if is_number else "a number"
    where = f"row {fault.row}" if fault.column is None else f"row {fault.row}, column {fault.column}"
    shown = shorten(fault.got, LONGEST_QUOTE)
    return f"Expected {expected} in {where}, but got {f'“{shown}”' if shown else 'nothing'}."


def plain(value: float) -> str:
    """A bound as the page writes it: 1e9, not 1e+09."""
    return re.sub(r"e\+?(-?)0*", r"e\1", f"{value:g}")


def column_named(reading: Reading, name: str) -> int:
    """The place of a column by its header or its number from 1.

    Raises:
        RowsError: There is no such column.
    """
    if name in reading.columns:
        return reading.columns.index(name)
    if COLUMN.fullmatch(name) and int(name) <= len(reading.columns):
        return int(name) - 1
    if not reading.columns:
        raise NumberFileError("Expected no columns, but one number after the other.")
    known = ", ".join(reading.columns)
    raise NumberFileError(f'Expected one of {known}, but got "{shorten(name, LONGEST_QUOTE)}".')


def numbers_of(text: str, bounds: Bounds, count: Bounds, column: str | None = None) -> list[float]:
    """All the numbers of a text, and nothing but numbers.

    Args:
        text: As `read_rows` takes it.
        bounds: Of a number.
        count: How many there may be, from and to.
        column: Name or number of the column, needed where there are several.

    Raises:
        RowsError: A row holds none, there are too few or too many, or it is not clear which column is meant.
    """
    reading = read_rows(text, bounds)
    if column is not None:
        reading = read_rows(text, bounds, column_named(reading, column))
    elif reading.columns:
        raise NumberFileError(f"Expected one column, or --column with one of {', '.join(reading.columns)}.")
    wrong = complaint(reading, bounds, count)
    if wrong:
        raise NumberFileError(wrong)
    return reading.values
