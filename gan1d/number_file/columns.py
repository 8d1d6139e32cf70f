"""The columns of a table: their names, and the one to read."""

from collections.abc import Iterable, Sequence
from typing import Final

from gan1d.formatting import format_count, shorten
from gan1d.number_file.cells import is_number
from gan1d.number_file.table import COLUMN_NUMBER, QUOTED_CHARACTERS, Layout, Row

NAMES_LISTED: Final = 3
"""Largest number of names that an error message lists."""


class NumberFileError(ValueError):
    """The text could not be read as numbers. The message is shown to the user."""


def names_of(layout: Layout) -> list[str]:
    """Names of the columns, "column 2" for one without."""
    return [name or f"column {number}" for number, name in enumerate(layout.names, 1)]


def choose_column(names: list[str], data: Iterable[Row], layout: Layout, wanted: str | None) -> int | None:
    """Index of the column to read among the names; None for a list.

    Raises:
        NumberFileError: There is no such column.
    """
    if wanted is not None and names:
        return find_column(names, wanted)
    if wanted is not None and wanted != "1":
        raise NumberFileError(f'Expected a table for column "{quoted(wanted)}", but got a plain list of numbers.')
    return _default_column(data, layout) if names else None


def _default_column(data: Iterable[Row], layout: Layout) -> int:
    """The first column that is mostly numbers and does not count the rows; else the first that is mostly numbers."""
    if len(layout.names) == 1:
        return 0
    counting = None
    for index in range(len(layout.names)):
        own = index + layout.has_row_names
        cells = [row[own] if own < len(row) else "" for _, row in data]
        if 2 * sum(map(is_number, cells)) <= len(cells):
            continue
        if not _counts_rows(cells):
            return index
        counting = index if counting is None else counting
    return counting or 0


def _counts_rows(cells: list[str]) -> bool:
    cells = [cell.rstrip(".)") for cell in cells]
    return len(cells) > 2 and cells[0].isdecimal() and cells == [str(int(cells[0]) + at) for at in range(len(cells))]


def find_column(names: Sequence[str], wanted: str) -> int:
    """Index, from 0, of a column given by its name, or else by its number from 1.

    Raises:
        NumberFileError: There is no such column.
    """
    if names.count(wanted) > 1:
        raise NumberFileError(f'Expected the number of one of the {names.count(wanted)} columns "{quoted(wanted)}".')
    if wanted in names:
        return list(names).index(wanted)
    if COLUMN_NUMBER.fullmatch(wanted) and int(wanted) <= len(names):
        return int(wanted) - 1
    raise NumberFileError(f'Expected one of {listed(names)}, but got "{quoted(wanted)}".')


def listed(names: Sequence[str]) -> str:
    """Some names: "a, b, c and 197 more"."""
    shown = ", ".join(map(quoted, names[:NAMES_LISTED]))
    more = len(names) - NAMES_LISTED
    return f"{shown} and {format_count(more)} more" if more > 0 else shown


def quoted(text: str) -> str:
    """A text of the file as an error message shows it."""
    return shorten(text, QUOTED_CHARACTERS)
