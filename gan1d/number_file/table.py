"""Rows and columns of a text: its separator, quotes and header.

The separator is the one that gives every row, header included, the same number of cells; a title above the header may
have fewer. Quotes open at the start of a cell only, may hold separators and line ends, and are doubled inside
(RFC 4180). Lines that begin with # are comments, unless they have as many cells as the header above them; the last one
before the data may be the header (numpy). A first line such as sep=; states the separator (Excel). A header that is one
cell shorter than the rows has none for the names of the rows (R). Lines that draw a ruler below a header are no rows.

Separator, title and header depend on one another, so they are found in one file.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, zip_longest
from typing import Final

from gan1d.formatting import shorten
from gan1d.number_file.cells import Decimal, is_amount, is_infinite, is_missing, is_number, readings

Row = tuple[int, list[str]]
"""Line at which a row ends, from 1, and its cells."""

SEPARATORS: Final = ("\t", ";", "|", ",", " ")
WHITE_SPACE: Final = " "
SEP_LINE: Final = re.compile(r"sep=(.)", re.IGNORECASE)
MOSTLY: Final = 0.9
"""Share of a column's cells that have to be numbers for its first cell to be a name."""
YEARS: Final = (1000, 3000)
DIGIT_FIRST: Final = re.compile(r"[+\-−(<>~]?\s?[.,]?\d(?!.*:$)")
"""The beginning of what is a number with a slip or a unit rather than the name of the only column."""
FRACTION_FIRST: Final = re.compile(r"[+\-−]?\d*[.,]\d")
"""The same for one of several columns."""
LEFT_OUT: Final = frozenset({"...", "…", "⋮"})
"""What programs print in the place of numbers that they leave out."""
FACTOR: Final = re.compile(r"\s*(1\.0e[+-]\d+\s+\*)\s*")
"""The factor that MATLAB prints above numbers."""
INTEGER: Final = re.compile(r"[+\-−]?\d+")
MINUS: Final = frozenset("-−–")
QUOTED_CHARACTERS: Final = 40
"""Largest number of characters of the text that an error message quotes."""
COLUMN_NUMBER: Final = re.compile("[1-9][0-9]{0,5}")
SPACED_COMMA: Final = re.compile(r",[\x20\t]+|,?[\r\n]+")
RULER: Final = re.compile(r"(?=[|+:=\-_\s]+\Z).*(?:---|===|___|\|:?-+:?\|).*", re.DOTALL)
"""A line that is drawn below a header, as in Markdown or by a database."""
MARKS: Final = "#|+:=-_ \t"
"""The first character of a comment, and the first two of a ruler."""
COMMENT: Final = re.compile(r"#(?!(?:NV|N/[A-D]|[\xa1\xbf]?[A-Z\xc0-\xdd]+(?:/0)?[!?])(?:[,;|\t\"]|\s*$))")
"""The beginning of a comment, which no error of a spreadsheet is, such as #DIV/0!, or #NV and #WERT! in German."""
COMMENT_ABOVE: Final = re.compile(rf"{COMMENT.pattern}|%|//|@(?i:relation|attribute|data)\b")
"""The same above the first row, where MATLAB, C and ARFF have other marks."""
LONGEST_ROW: Final = 2**22
"""Largest number of characters of a line; one that is split holds up all other threads, and is split several times."""
TITLE_ROWS: Final = 10
"""Largest number of rows above the header of a table."""

csv.field_size_limit(2**24)


class TableError(ValueError):
    """The text is no table and no list of numbers. The message is shown to the user."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How the rows of a text are to be read.

    Attributes:
        separator: Character between cells; " " for any white space, "" for one cell per row.
        skipped: Lines at the start that hold no row.
        names: Names of the columns, "" for a column without one; empty for a list.
        has_header: The first row holds names and no data.
        has_row_names: The first cell of each row is its name, and not in `names`.
        has_comments: Lines below the first row that begin with # are no rows.
    """

    separator: str
    skipped: int
    names: list[str]
    has_header: bool
    has_row_names: bool = False
    has_comments: bool = True


def rows(
    lines: Iterable[str], separator: str, skipped: int = 0, has_comments: bool = True, is_whole: bool = False
) -> Iterator[Row]:
    """Rows of some lines, without comments and rows of blank cells.

    Args:
        lines: The lines.
        separator: As in `Layout`.
        skipped: As in `Layout`.
        has_comments: As in `Layout`.
        is_whole: These are the lines up to the end of the text, where no quote may be open.

    Raises:
        TableError: A quote is open at the end of the text, a line is longer than `LONGEST_ROW`, or a cell longer than
            16 million characters, which a quote that is never closed makes.
    """
    numbered = _Numbered(lines, skipped, separator, has_comments)
    reader = csv.reader(
        numbered, delimiter=separator or "\0", skipinitialspace=True, quoting=csv.QUOTE_MINIMAL, strict=False
    )
    begun = skipped + 1
    try:
        for cells in reader:
            if numbered.is_over and is_whole:
                # A row that is begun ends with the lines only within quotes, which have then swallowed all other rows.
                raise TableError(f"Expected every quote to be closed, but got one open in row {begun}.")
            begun = numbered.line + 1
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                yield numbered.line, stripped
    except csv.Error:
        raise TableError(f"Expected every quote to be closed, but got one open in row {numbered.line}.") from None


class _Numbered:
    """Lines for `csv.reader`, counted, without comments; white space between cells becomes one space."""

    def __init__(self, lines: Iterable[str], skipped: int, separator: str, has_comments: bool) -> None:
        self.line = skipped
        self._lines, self._separator = islice(iter(lines), skipped, None), separator
        self._has_comments = has_comments
        self.is_over = False

    def __iter__(self) -> "_Numbered":
        return self

    def __next__(self) -> str:
        while True:
            line = next(self._lines, None)
            if line is None:
                self.is_over = True
                raise StopIteration
            self.line += 1
            if len(line) > LONGEST_ROW:
                most = f"{LONGEST_ROW >> 20} million characters"
                raise TableError(f"Expected lines of at most {most}, but row {self.line} is longer.")
            # Patterns are slow, and most lines need none.
            if line[0] in MARKS and (line[1:2] in MARKS or line[0] == "#") and self._is_comment_or_ruler(line):
                continue
            return line.strip().replace("\t", " ") + "\n" if self._separator == WHITE_SPACE else line

    def _is_comment_or_ruler(self, line: str) -> bool:
        return bool((self._has_comments and COMMENT.match(line)) or RULER.match(line))


def detect(lines: Sequence[str], wanted: str | None = None, decimal: Decimal | None = None) -> Layout:
    """Find out how the first lines of a text are to be read.

    Args:
        lines: Whole lines, with their line ends.
        wanted: Column to read: a first row that holds this name is a header, and rows are cells of a table.
        decimal: Decimal mark, if it is known; it decides whether rows such as "1,5" are one number or two.

    Raises:
        TableError: The rows have different numbers of cells.
    """
    _refuse_factor(lines)
    skipped, comment, named = _start(lines)
    if named:
        return _layout(list(rows(lines, named, skipped)), named, skipped, comment, wanted)
    if hashes := _separator_of_hashes(lines, skipped):
        separator, skipped = hashes
        found = list(rows(lines, separator, skipped, has_comments=False))
        return replace(_layout(found, separator, skipped, comment, wanted), has_comments=False)
    tables = {separator: list(rows(lines, separator, skipped)) for separator in ("", *SEPARATORS)}
    single = tables[""]
    if len(single) == 1:
        for separator in SEPARATORS:
            # Separators alone are no row.
            names = [name for _, cells in tables[separator][:1] for name in cells]
            if wanted in names:
                return Layout(separator=separator, skipped=skipped, names=names, has_header=True)
    if not single or (len(single) < 2 and not comment):
        return _list_layout(tables, skipped, wanted)
    if below := _below_title(tables, lines, wanted):
        separator, title = below
        return _layout(list(rows(lines, separator, title)), separator, title, "", wanted)
    if fitting := _fitting_separators(tables, lines, skipped, decimal, wanted):
        if wanted is None and any(_has_single_column(tables[each]) for each in fitting):
            return _list_layout(tables, skipped, wanted)
        having = [each for each in fitting if _has_column(tables[each], wanted)] or fitting
        separator = _preferred({each: tables[each] for each in having})
        return _layout(tables[separator], separator, skipped, comment, wanted)
    for separator in SEPARATORS:
        if title := _title_lines(tables[separator]):
            return _layout(list(rows(lines, separator, title)), separator, title, "", wanted)
    if _is_padded_table(tables[WHITE_SPACE]):
        raise TableError(_ragged(tables))
    if _is_column(tables):
        return _layout(single, "", skipped, comment, wanted)
    return _list_layout(tables, skipped, wanted)


def _refuse_factor(lines: Sequence[str]) -> None:
    """Raise a TableError for numbers below a common factor, as MATLAB prints them."""
    for number, line in enumerate(lines[:TITLE_ROWS], 1):
        if factor := FACTOR.fullmatch(line):
            raise TableError(
                f"Expected numbers without a factor, but got “{factor[1]}” in row {number}; "
                "format longG of MATLAB prints them."
            )


def _below_title(tables: dict[str, list[Row]], lines: Sequence[str], wanted: str | None) -> tuple[str, int] | None:
    """Separator of a table with a title, and the line above its header; None without a title of its width."""
    if wanted is not None and (below := _header_with(tables, wanted)):
        return below
    if title := _sentence_above(tables[","], lines):
        return ",", title
    titles = ((separator, _padded_title(tables[separator])) for separator in SEPARATORS)
    return next((each for each in titles if each[1]), None)


def _fitting_separators(
    tables: dict[str, list[Row]], lines: Sequence[str], skipped: int, decimal: Decimal | None, wanted: str | None
) -> list[str]:
    """Separators that make the rows a table; those first whose rows all have the same number of cells."""
    single = tables[""]
    # With a comma, each row below a short header may be one number.
    is_one_number = ((decimal == "," or (decimal and wanted is None)) and _share_under(single, decimal) == 1) or (
        len(next(iter(tables[","]), (0, []))[1]) == 1 and all(is_number(cells[0]) for _, cells in single[1:])
    )

    def fits(separator: str, is_kind: Callable[[list[Row]], bool]) -> bool:
        found = tables[separator]
        if separator == WHITE_SPACE:
            # Between cells of white space, one that is missing leaves no trace of its place.
            return is_kind is _is_table and is_kind(found)
        if separator != ",":
            return is_kind(found)
        is_split = decimal == "," and split_number(found, lines[skipped:])
        return not is_one_number and is_kind(found) and not is_split and not _has_commas_in_texts(found, lines)

    return [each for is_kind in (_is_table, _is_padded_table) for each in SEPARATORS if fits(each, is_kind)]


def _has_single_column(found: list[Row]) -> bool:
    """Whether all columns but one are empty, as where separators end each row."""
    return sum(map(any, zip_longest(*(cells for _, cells in found)))) < 2


def _is_column(tables: dict[str, list[Row]]) -> bool:
    """Whether rows that no separator makes a table are one cell each, most of them numbers, and no lists of numbers."""
    bodies = {mark: [cell for _, row in found[1:] for cell in row if cell] for mark, found in tables.items()}
    whole = bodies[""]
    if all(is_number(cell) or is_missing(cell) for cell in whole):
        return True
    is_list = any(all(map(is_number, bodies[separator])) for separator in SEPARATORS)
    return not is_list and sum(map(is_number, whole)) >= len(whole) / 2


def split_number(found: list[Row], lines: Sequence[str]) -> str:
    """A number with a comma that may be cut into two cells in each row, below a header that is one cell short; else "".

    A header in quotes was written by R, which puts decimal commas into quotes as well.
    """
    if len(found) < 2 or len(found[0][1]) != len(found[1][1]) - 1 or lines[0].startswith('"'):
        return ""
    body = [cells for _, cells in found[1:]]
    for at in reversed(range(len(body[0]) - 1)):
        if all(len(cells) > at + 1 and INTEGER.fullmatch(cells[at]) and cells[at + 1].isdecimal() for cells in body):
            return f"{body[0][at]},{body[0][at + 1]}"
    return ""


def _has_commas_in_texts(found: list[Row], lines: Sequence[str]) -> bool:
    """Whether a comma with a blank makes each row longer than the header, which has none, as in "Lee, Ann"."""
    widths = {len(cells) for _, cells in found[1:]}
    is_short = bool(found) and widths == {len(found[0][1]) + 1}
    return is_short and ", " not in lines[found[0][0] - 1] and all(", " in lines[line - 1] for line, _ in found[1:])


def are_numbers_or_pairs(lines: Sequence[str]) -> bool:
    """Whether each row, such as "1,5", may be one number with a comma in it, or two cells."""
    skipped, _, named = _start(lines)
    cells, single = list(rows(lines, ",", skipped)), list(rows(lines, "", skipped))
    return (
        not named
        and len(cells) > 1
        and all(len(row) == 2 for _, row in cells)
        and all(_number_before_unit(row[0]) for _, row in single)
    )


def numbers_with_commas(lines: Sequence[str]) -> list[str]:
    """The numbers between commas with a space behind, such as "3,6, 1,8, 2", if some have a comma of their own."""
    text = "".join(lines)
    if not re.search(r",\s", text) or not re.search(r"\d,\d", text):
        return []
    cells = [cell for cell in map(str.strip, SPACED_COMMA.split(text)) if cell]
    return cells if any("," in cell for cell in cells) and all(map(is_number, cells)) else []


def with_semicolons(line: str) -> str:
    """A line in which a semicolon takes the place of each comma with a space behind."""
    return re.sub(r",[\x20\t]+", ";", line.rstrip(", \t\r\n")) + "\n"


def _number_before_unit(cell: str) -> str:
    """A cell that is a number, or its first word if that is a number with a comma, as in "12,5 %"; "" if neither is."""
    word = cell if is_number(cell) else cell.split(maxsplit=1)[0]
    return word if is_number(word) and (word == cell or "," in word[:-1]) else ""


def _share_under(found: list[Row], decimal: Decimal) -> float:
    return sum(decimal in readings(_number_before_unit(cells[0])) for _, cells in found) / len(found)


def _start(lines: Sequence[str]) -> tuple[int, str, str]:
    """Lines to skip, the last comment among them, and the separator that the first line names."""
    comment = ""
    if lines and (named := SEP_LINE.fullmatch(lines[0].strip("\ufeff\r\n "))):
        return 1, "", named[1]
    skipped = lines_above(lines)
    for line in lines[:skipped]:
        comment = line.lstrip("#%/ ").strip() or comment
    return skipped, comment, ""


def lines_above(lines: Sequence[str]) -> int:
    """Number of comments and blank lines above the first row."""
    return next((at for at, line in enumerate(lines) if line.strip() and not COMMENT_ABOVE.match(line)), len(lines))


def _is_table(found: list[Row]) -> bool:
    """Whether all rows have the same number of cells, two or more, or the first has one less for the rows' names."""
    widths = [len(cells) for _, cells in found]
    if len(widths) < 2 or widths[1] < 2 or any(width != widths[1] for width in widths[1:]):
        return False
    body = found[1:-1] or found[1:]
    if all(any(cell.endswith((",", ";")) for cell in cells) for _, cells in body):
        return False  # These separate the cells, and not the white space behind them.
    return widths[0] == widths[1] or (widths[0] == widths[1] - 1 and (_ends_empty(found) or _is_short_header(found)))


def _ends_empty(found: list[Row]) -> bool:
    """Whether a separator ends each row below a header that has none at its end."""
    return bool(found[0][1][-1]) and not any(cells[-1] for _, cells in found[1:])


def _preferred(tables: dict[str, list[Row]]) -> str:
    """The first separator of these; white space in the place of commas, if between it all commas are in numbers.

    Rows with a single comma, in their first word, are a question to the user.
    """
    first, found = next(iter(tables.items()))
    spaced = [row for _, row in tables.get(WHITE_SPACE, [])[1:]]
    cells = [cell for row in spaced for cell in row if "," in cell]
    are_numbers = bool(cells) and all(map(is_number, cells))
    may_be_units = are_numbers and len(found[1][1]) == 2 and "," in spaced[0][0]
    return WHITE_SPACE if first == "," and are_numbers and not may_be_units else first


def _has_column(found: list[Row], wanted: str | None) -> bool:
    is_number_of_one = wanted is not None and COLUMN_NUMBER.fullmatch(wanted) and int(wanted) <= len(found[1][1])
    return wanted is None or wanted in found[0][1] or bool(is_number_of_one)


def _separator_of_hashes(lines: Sequence[str], skipped: int) -> tuple[str, int] | None:
    """The separator under which lines with a # are rows as well, such as rows of colours, and the line above the
    header; None if they are comments."""
    if not any(COMMENT.match(line) for line in lines[skipped:]):
        return None
    for separator in SEPARATORS[:-1]:
        found = list(rows(lines, separator, skipped, has_comments=False))
        first = [cells[0] for _, cells in found[1:]]
        others = [cell for cell in first if not cell.startswith("#")]
        # A space behind the #, or numbers in all other rows, make it a comment or a row that is commented out.
        is_code = not any(re.match(r"#\s", cell) for cell in first) and not (others and all(map(is_number, others)))
        title = 0 if _is_table(found) else _title_lines(found)
        if is_code and (title or _is_table(found)):
            return separator, title or skipped
    return None


def _title_lines(found: list[Row]) -> int:
    """Number of lines above a table that has a title: rows of another length, then a header.

    A row counts as title only where all rows below it are a table.
    """
    for at in range(1, min(TITLE_ROWS + 1, len(found) - 1)):
        width = len(found[at][1])
        if (
            len(found[at - 1][1]) != width == len(found[at + 1][1])
            and _is_table(found[at:])
            and _are_names(found[at][1])
        ):
            return found[at - 1][0]
    return 0


def _padded_title(found: list[Row]) -> int:
    """Number of lines above a table whose title is in the first cell of rows that are otherwise empty."""
    if not _is_table(found) or len(found[0][1]) != len(found[1][1]):
        return 0
    at = next((at for at, (_, cells) in enumerate(found) if sum(map(bool, cells)) > 1), 0)
    is_title = 0 < at <= TITLE_ROWS and at < len(found) - 1 and _are_names(found[at][1])
    return found[at - 1][0] if is_title else 0


def _are_names(cells: list[str]) -> bool:
    """Whether cells are a header: words and perhaps years, but no other numbers."""
    words = [cell for cell in cells if not _is_year(cell)]
    return bool(words) and not any(map(is_number, words))


def _is_year(cell: str) -> bool:
    return bool(re.fullmatch(r"\d{4}", cell)) and YEARS[0] <= int(cell) <= YEARS[1]


def _sentence_above(found: list[Row], lines: Sequence[str]) -> int:
    """Line of a title that has as many cells as the table, such as "Heights, in cm": the header is the row below it."""
    if len(found) < 3 or len(found[0][1]) < 2 or not _is_table(found):
        return 0
    (title, names), (header, below), body = found[0], found[1], [cells for _, cells in found[2:]]
    has_text = not any(map(is_number, [*names, *below])) and all(below)
    is_sentence = ", " in lines[title - 1] and ", " not in lines[header - 1]
    columns = zip(*body, strict=True)
    return title if has_text and is_sentence and any(_share(list(column)) >= MOSTLY for column in columns) else 0


def _header_with(tables: dict[str, list[Row]], wanted: str) -> tuple[str, int] | None:
    """Separator of a table, and the line above its header, if the wanted name is below the first row only."""
    below = dict[str, list[Row]]()
    for separator in SEPARATORS:
        found = tables[separator]
        at = next((at for at, (_, cells) in enumerate(found[: TITLE_ROWS + 1]) if wanted in cells), None)
        if at == 0:
            return None
        if at is not None and _is_table(found[at:]) and not any(map(is_number, found[at][1])):
            below[separator] = found[at - 1 :]
    if not below:
        return None
    separator = _preferred(below)
    return separator, below[separator][0][0]


def _is_short_header(found: list[Row]) -> bool:
    """Whether the first cells of the rows name them: words, or counts, from 1 as in R or from 0 as in pandas.

    Above a row of words alone, with numbers in all rows below it, the first row is a title and that row the header.
    """
    (_, second), *below = found[1:]
    if (
        _are_names(second)
        and not any(map(is_missing, second))
        and below
        and all(any(map(is_number, cells)) for _, cells in below)
    ):
        return False
    first = [cells[0].rstrip(".)") for _, cells in found[1:]]
    if MINUS.issuperset(first) and not found[0][1][-1].endswith(":"):
        return False  # Numbers below zero, or a list; below a key such as "values:" it is one of YAML.
    is_counted = first[0] in ("0", "1") and first == [str(int(first[0]) + at) for at in range(len(first))]
    are_names = all(found[0][1]) and not any(map(is_number, found[0][1]))
    return are_names and (is_counted or not any(map(is_number, first)))


def _is_padded_table(found: list[Row]) -> bool:
    """Whether some rows end before the header does, as where the last cells are empty."""
    if len(found) < 2:
        return False
    width, body = len(found[0][1]), [len(cells) for _, cells in found[1:]]
    is_header = width > 1 and not any(map(is_number, found[0][1]))
    return is_header and max(body) == width and sum(length == width for length in body) >= len(body) / 2


def _list_layout(tables: dict[str, list[Row]], skipped: int, wanted: str | None) -> Layout:
    """The separator under which all cells are numbers; else the one with the most numbers.

    Raises:
        TableError: Rows of different lengths are not all numbers, or a column of them is wanted.
    """

    def score(separator: str) -> tuple[bool, int]:
        cells = [cell for _, row in tables[separator] for cell in row if cell]
        good = sum(map(is_number, cells))
        return good == len(cells), good

    best = max(("", *SEPARATORS), key=score)
    found = tables[best]
    first = [cell for cell in found[0][1] if cell] if found else []
    has_header = len(found) > 1 and not any(
        is_number(cell) or is_missing(cell) or is_infinite(cell) or DIGIT_FIRST.match(cell) for cell in first
    )
    body = [cell for _, row in (found[1:] if has_header else found) for cell in row if cell]
    is_named = has_header and len(first) > 1 and best not in ("", WHITE_SPACE)
    are_numbers = all(map(is_number, body))
    if (len(found) > 1 and (wanted is not None or is_named or not are_numbers)) or not (wanted is None or are_numbers):
        raise TableError(_ragged(tables))
    return Layout(separator=best, skipped=skipped, names=[], has_header=has_header)


def _ragged(tables: dict[str, list[Row]]) -> str:
    for line, cells in tables[WHITE_SPACE]:
        if {*LEFT_OUT, ".."}.issuperset(cells) and cells != [".."]:
            raise TableError(left_out(line, cells[0]))
    separator = max(SEPARATORS, key=lambda mark: sum(len(cells) > 1 for _, cells in tables[mark]))
    last, cells = tables[separator][-1]
    if any("\n" in cell for cell in cells) and len(cells) != len(tables[separator][0][1]):
        return f"Expected every quote to be closed, but got one open in row {last - ''.join(cells).count(chr(10))}."
    (line, cells), *below = tables[separator]
    other = next(((at, row) for at, row in below if len(row) != len(cells)), None)
    texts = [row[0] for _, row in tables[""]]
    amounts = [text for text in texts if is_amount(text) and not is_number(text)]
    others = [text for text in texts if not is_number(text)]
    text = amounts[-1] if amounts else "" if other else (others or texts)[-1]
    if other is None or text:
        return f"Expected numbers, but got text such as “{shorten(text, QUOTED_CHARACTERS)}”."
    return (
        f"Expected rows with the same number of cells, but row {line} has {_cells(len(cells))} "
        f"and row {other[0]} has {_cells(len(other[1]))}."
    )


def left_out(line: int, got: str) -> str:
    """The sentence for an ellipsis."""
    return f"Expected all numbers, but row {line} has “{got}” for those that were left out. Print or save all of them."


def _cells(count: int) -> str:
    return f"{count} cell" if count == 1 else f"{count} cells"


def _layout(found: list[Row], separator: str, skipped: int, comment: str, wanted: str | None) -> Layout:
    """Names and header of a table."""
    first, body = (found[0][1], [cells for _, cells in found[1:]]) if found else ([], [])
    if body and len(first) == len(body[0]) - 1:
        has_row_names = not _ends_empty(found)
        return Layout(separator=separator, skipped=skipped, names=first, has_header=True, has_row_names=has_row_names)
    if _is_header(first, body, wanted):
        return Layout(separator=separator, skipped=skipped, names=first, has_header=True)
    if comment and (named := _names_in(comment, separator, len(first))):
        return Layout(separator=separator, skipped=skipped, names=named, has_header=False)
    return Layout(separator=separator, skipped=skipped, names=[""] * len(first), has_header=False)


def _names_in(comment: str, separator: str, width: int) -> list[str]:
    """The names of a comment, if there are as many as columns."""
    names = [comment] if width == 1 else next(iter(rows([comment], separator or WHITE_SPACE)), (0, []))[1]
    return names if len(names) == width and not any(map(is_number, names)) else []


def _is_header(first: list[str], body: list[list[str]], wanted: str | None) -> bool:
    """Whether the first row does not belong to the rows below it."""
    if not body:
        return False
    if wanted in first and not (COLUMN_NUMBER.fullmatch(wanted) and int(wanted) <= len(first)):
        return True
    numbered = [str(number) for number in range(len(first))]
    if len(first) > 1 and (first == ["", *numbered[:-1]] or (len(first) > 2 and first == numbered)):
        return True  # The names that pandas gives to columns without one, below which there may be one of row names.
    numeric = [is_number(cell) for cell in first]
    if not any(numeric):
        # Names such as 25% are usual in a row of several.
        is_value = len(first) == 1 and (is_amount(first[0]) or DIGIT_FIRST.match(first[0]))
        return not is_value and not all(is_missing(cell) or is_infinite(cell) for cell in first)
    if not first[0] and _are_names(first[1:]) and all(cells[0] for cells in body):
        return True  # Above the names of the rows.
    for index, cell in enumerate(first):
        below = [cells[index] for cells in body if index < len(cells) and not is_missing(cells[index])]
        is_name = not numeric[index] and not is_missing(cell) and not FRACTION_FIRST.match(cell)
        # A year beside a name above dates or counts.
        is_above_digits = _are_names(first) and not DIGIT_FIRST.match(cell) and all(map(DIGIT_FIRST.match, below))
        if is_name and below and (_share(below) >= MOSTLY or is_above_digits):
            return True
        if numeric[index] and len(below) > 2 and _share(below) == 0:
            return True
    years = [int(cell) for cell in first if _is_year(cell)]
    return len(years) > 1 and years == list(range(years[0], years[0] + len(years))) and sum(numeric) == len(years)


def _share(cells: list[str]) -> float:
    return sum(map(is_number, cells)) / len(cells)
