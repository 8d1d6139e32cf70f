"""The numbers of a file, and the cells that hold none.

A file is read twice at most: its beginning shows separator and header, its first megabyte encoding and decimal mark,
then all of it is read row by row. Later rows that contradict the first megabyte lead to an error message.

Both readings stand in one file, because the second goes by what the first has found.
"""

import math
import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import BinaryIO, Final

from gan1d.formatting import format_count
from gan1d.number_file.cells import Decimal, Marks, parse, readings
from gan1d.number_file.columns import NumberFileError, choose_column, names_of
from gan1d.number_file.printed_list import (
    PlainRows,
    is_latex,
    is_list,
    is_printed,
    read_json,
    without_brackets,
    without_footer,
    without_latex,
)
from gan1d.number_file.table import (
    LEFT_OUT,
    Layout,
    Row,
    TableError,
    are_numbers_or_pairs,
    detect,
    left_out,
    lines_above,
    numbers_with_commas,
    rows,
    split_number,
    with_semicolons,
)
from gan1d.number_file.text import FALLBACK, SAMPLE_BYTES, NotTextError, Progress, encoding_of, lines_of, usual

FAULTS_LISTED: Final = 3
"""Largest number of faults that an error message lists."""
LAYOUT_CHARACTERS: Final = 2**16
"""Characters in which separator and header are found, unless they hold fewer than `LAYOUT_LINES` lines."""
LAYOUT_LINES: Final = 100
DOCUMENT: Final = re.compile(r"\s*(?:<[!?a-z]|%PDF-|\{\\rtf)", re.IGNORECASE)
"""The beginning of a page of HTML, of XML, PDF or RTF."""
TOTALS: Final = frozenset({
    "total", "totals", "grand total", "sum", "summe", "gesamt", "insgesamt", "gesamtergebnis", "total général",
    "suma", "totale", "totaal", "average", "avg", "mean", "mittelwert", "durchschnitt", "moyenne", "promedio",
})  # fmt: skip
"""Words in the last rows of a table whose numbers are no data, in lower case."""
TOTAL_ROWS: Final = 3
LARGEST_JSON: Final = 2**26
"""Largest number of bytes of a JSON text, which is read as a whole."""
MOST_NUMBERS: Final = 2**25
"""Largest number of numbers that are kept until a sample of them is drawn."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Allowed numbers.

    Attributes:
        low: Smallest number.
        high: Largest number.
        fewest: Smallest count of numbers.
        most: Largest count of numbers.
    """

    low: float = -math.inf
    high: float = math.inf
    fewest: float = 0
    most: float = math.inf


@dataclass(frozen=True)
class Fault:
    """A cell without an allowed number.

    Attributes:
        row: Line of the text, from 1.
        column: Column, from 1; None where only one is read.
        got: Content of the cell.
    """

    row: int
    column: int | None
    got: str


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Content of a text.

    Attributes:
        values: Allowed numbers, in the order of the text.
        faults: The first `FAULTS_LISTED` cells without an allowed number.
        fault_count: Number of such cells.
        columns: Names of the columns of a table, "column 2" for one without; empty for a list.
        column: Column that was read, from 0.
        header: Name of the only column; "" for a list and for a table of several columns.
        decimal: Decimal mark that was used.
        question: Why the decimal mark is unclear; "" if it is clear. If not, `values` are those for a point.
    """

    values: Sequence[float]
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0
    columns: list[str] = field(default_factory=list)
    column: int = 0
    header: str = ""
    decimal: Decimal = "."
    question: str = ""


def read_file(
    file: BinaryIO,
    limits: Limits | None = None,
    column: str | None = None,
    decimal: Decimal | None = None,
    progress: Progress | None = None,
    largest_json: int | None = None,
) -> Reading:
    """Read the numbers of a file in pieces.

    Args:
        file: Open for reading bytes, and seekable.
        limits: Allowed numbers; any finite number by default.
        column: Name of the column, or its number from 1; by default the first that is mostly numbers.
        decimal: Decimal mark; by default the one that the first megabyte shows.
        progress: Called with the number of bytes read.
        largest_json: Largest number of characters of a JSON text; None for `LARGEST_JSON`.

    Raises:
        NumberFileError: The file is no text, too large or no table, or there is no such column.
    """
    limits = limits or Limits()
    # A name that was copied has the invisible characters of the file, which are left out there.
    column = None if column is None else usual(column)
    most = LARGEST_JSON if largest_json is None else largest_json
    sample = file.read(SAMPLE_BYTES)
    is_whole = len(sample) < SAMPLE_BYTES
    try:
        encoding = encoding_of(sample, is_whole)
        file.seek(0)
        try:
            return _read_encoded(file, encoding, is_whole, limits, column, decimal, progress, most)
        except NotTextError:
            if encoding != "utf-8" or is_whole:
                raise
            # A letter of another encoding stands behind the first megabyte.
            file.seek(0)
            return _read_encoded(file, FALLBACK, is_whole, limits, column, decimal, progress, most)
    except (NotTextError, TableError) as error:
        raise NumberFileError(str(error)) from None


def _read_encoded(
    file: BinaryIO,
    encoding: str,
    is_whole: bool,
    limits: Limits,
    column: str | None,
    decimal: Decimal | None,
    progress: Progress | None,
    largest_json: int,
) -> Reading:
    lines = lines_of(file, encoding, progress)
    first = list(_take(lines, SAMPLE_BYTES))
    if first and DOCUMENT.match(first[0]):
        raise NotTextError("Expected a text file such as CSV, but got a document such as HTML or PDF.")
    if is_whole:
        first = without_footer(first)
    if is_latex(first):
        first, lines = list(map(without_latex, first)), map(without_latex, lines)
    bare = first[lines_above(first) :]
    if bare and is_printed(bare[0]) and is_list(bare):
        return _read_printed(bare, lines, limits, column, decimal, largest_json)
    return _read_lines(first, lines, limits, column, decimal)


def _read_printed(
    first: list[str], rest: Iterator[str], limits: Limits, column: str | None, decimal: Decimal | None, most: int
) -> Reading:
    """Read a list of at most so many characters as JSON, or as a program prints it."""
    lines, count = list[str](), 0
    for line in chain(first, rest):
        lines.append(line)
        count += len(line)
        if count > most:
            raise NotTextError(f"Expected a JSON file of at most {most >> 20} MB, but got more.")
    text = "".join(lines)
    if (json := read_json(text)) is None:
        bare, is_table = without_brackets(lines)
        return _read_lines(bare, iter(()), limits, column, decimal, may_have_header=is_table)
    found, names = json
    layout = Layout(separator="", skipped=0, names=names, has_header=False)
    columns = names_of(layout)
    index = choose_column(columns, found, layout, column)
    # Numbers of JSON have a point; those in its texts may have a comma.
    texts = [] if isinstance(found, PlainRows) else [(row, cells[index or 0 :][:1]) for row, cells in found]
    mark, question = decimal or ".", ""
    if not any("," in cell for _, cells in texts for cell in cells):
        mark = "."
    elif decimal is None:
        mark, question = _decimal_mark(texts, 0, "")
    return _read(iter(found), layout, columns, index, limits, mark, question)


def _take(lines: Iterator[str], characters: int) -> Iterator[str]:
    """Lines up to a number of characters; rows that span lines are not cut at a quote that is open."""
    count = quotes = 0
    for line in lines:
        yield line
        count += len(line)
        quotes += line.count('"')
        if count >= characters and quotes % 2 == 0:
            return


def _read_lines(
    first: list[str],
    rest: Iterator[str],
    limits: Limits,
    column: str | None,
    decimal: Decimal | None,
    may_have_header: bool = True,
) -> Reading:
    """Detect the layout in the first lines, then read all of them."""
    head = list(_take(iter(first), LAYOUT_CHARACTERS))
    head = head if len(head) >= LAYOUT_LINES else first
    spaced = numbers_with_commas(head) if column is None else []
    if decimal is not None and spaced and all(decimal in readings(cell) for cell in spaced):
        first, rest = list(map(with_semicolons, first)), map(with_semicolons, rest)
        head = list(map(with_semicolons, head))
    layout = detect(head, column, decimal)
    if layout.has_header and not may_have_header:
        layout = replace(layout, has_header=False, names=[""] * len(layout.names))
    sample = list(rows(first, layout.separator, layout.skipped, layout.has_comments))
    names, data = names_of(layout), _data(sample, layout)
    index = choose_column(names, data, layout, column)
    question = ""
    if decimal is None and spaced:
        decimal, cell = ".", next(cell for cell in spaced if "," in cell)
        question = f"The comma in “{cell}” may be part of the number or separate two columns."
    elif decimal is None and column in (None, "1") and are_numbers_or_pairs(head):
        decimal = "."
        question = f"The comma in “{first[layout.skipped].strip()}” may be part of the number or separate two columns."
    elif decimal is None and layout.separator == "," and (cell := split_number(sample, first[layout.skipped :])):
        decimal = "."
        question = f"The comma in “{cell}” may be part of the number or separate two columns."
    elif decimal is None:
        own = None if index is None else index + layout.has_row_names
        decimal, question = _decimal_mark(data, own, layout.separator)
    found = rows(chain(first, rest), layout.separator, layout.skipped, layout.has_comments, is_whole=True)
    return _read(found, layout, names, index, limits, decimal, question)


def _data(found: list[Row], layout: Layout) -> list[Row]:
    return found[1:] if layout.has_header else found


def _decimal_mark(data: list[Row], own: int | None, separator: str) -> tuple[Decimal, str]:
    """The decimal mark and why it is unclear: by all cells, or else by those of the column that is read.

    Numbers such as 1.250 between others such as 950, or between semicolons, may be whole: there is no cell that proves
    the point a decimal mark.
    """
    marks = Marks()
    own_marks = marks if own is None else Marks()
    for _, cells in data:
        marks.add(cells)
        if own is not None:
            own_marks.add(cells[own : own + 1])
    decimal = marks.decimal or own_marks.decimal
    is_grouped = own_marks.three_decimals and (own_marks.has_small or separator == ";")
    if decimal is None or (is_grouped and not marks.proofs):
        return ".", own_marks.question
    return decimal, ""


def _read(
    found: Iterator[Row],
    layout: Layout,
    names: list[str],
    index: int | None,
    limits: Limits,
    decimal: Decimal,
    question: str = "",
) -> Reading:
    """Values and faults of all rows."""
    header = (
        next(filter(None, next(found, (0, [""]))[1]), "")
        if layout.has_header
        else layout.names[0]
        if len(names) == 1
        else ""
    )
    if index is None:
        cells = (
            (row, at if len(all_) > 1 else None, cell) for row, all_ in found for at, cell in _without_empty_ends(all_)
        )
        return replace(
            _collect(cells, limits, decimal, is_list=True), header=header, decimal=decimal, question=question
        )
    own = index + layout.has_row_names
    cells = ((row, None, all_[own] if own < len(all_) else "") for row, all_ in _with_marked_total(found))
    is_single = len(names) == 1
    reading = _collect(cells, limits, decimal, is_list=is_single)
    return replace(
        reading,
        columns=[] if is_single else names,
        column=index,
        header=layout.names[0] if is_single else "",
        decimal=decimal,
        question=question,
    )


def _without_empty_ends(cells: list[str]) -> list[tuple[int, str]]:
    """The cells of a row of a list with their numbers; separators may begin and end it."""
    filled = [at for at, cell in enumerate(cells) if cell]
    return list(enumerate(cells, 1))[filled[0] : filled[-1] + 1] if filled else []


def _with_marked_total(found: Iterator[Row]) -> Iterator[Row]:
    """Rows of a table; no cell of the last rows with totals is a number."""
    held = list(islice(found, TOTAL_ROWS))
    if len(held) == TOTAL_ROWS:
        first, second, third = held
        for row in found:
            yield first
            first, second, third = second, third, row
        held = [first, second, third]
    totals = list[Row]()
    while held and (total := next((cell for cell in held[-1][1] if cell.rstrip(":").lower() in TOTALS), None)):
        line, cells = held.pop()
        totals.append((line, [f"{total.rstrip(':')}: {cell}" for cell in cells]))
    yield from held
    yield from reversed(totals)


def _collect(
    cells: Iterator[tuple[int, int | None, str]], limits: Limits, decimal: Decimal, *, is_list: bool
) -> Reading:
    values, faults, count = array("d"), list[Fault](), 0
    low, high = limits.low, limits.high
    for row, at, cell in cells:
        value = parse(cell, decimal)
        if low <= value <= high:
            values.append(value)
            if len(values) > MOST_NUMBERS:
                raise TableError(f"Expected at most {format_count(MOST_NUMBERS)} numbers, but got more.")
        else:
            if is_list and cell in LEFT_OUT:
                raise TableError(left_out(row, cell))
            count += 1
            if count <= FAULTS_LISTED:
                faults.append(Fault(row, at, cell))
    return Reading(values=values, faults=faults, fault_count=count)
