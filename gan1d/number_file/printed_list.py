"""Lists of numbers as JSON, Python, numpy and R print them."""

import ast
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, Final

from gan1d.formatting import format_count
from gan1d.number_file.table import Row, TableError

INDEX_IN_R: Final = re.compile(r"\s*\[\d+\]\s")
"""The count of a line's first number, as R prints it."""
ASSIGNMENT: Final = r"\s*(?:(?:[A-Za-z_]\w*\s+)*[A-Za-z_][\w.]*\s*(?:\[\d*\]\s*)?(?:=|<-)\s*)?"
ARRAY: Final = r"(?:\b(?:np|numpy|torch|jnp)\.)?\b(?:array|Array|tensor)"
FIRST_LINE: Final = re.compile(rf"\ufeff?{ASSIGNMENT}(?:[\[{{]|(?:{ARRAY}|c)?\(\s*(?:[\[+\-.\d]|$))")
CODE: Final = re.compile(
    rf"^\ufeff?{ASSIGNMENT}(?:c(?=\())?|{ARRAY}\(|(?:\bnp\.|\bnumpy\.)?\b(?:u?int\d+|float\d+)\("
    r"|,\s*(?:dtype|shape|device|requires_grad|grad_fn)=(?:\([^)]*\)|[^,()\[\]]*)|(?<=\d)L\b|[\[\](){}]"
)
"""Code around numbers, as Python, numpy, R, MATLAB, C and JavaScript write and print it."""
FOOTER: Final = re.compile(
    r"(?:Freq: [^,]*, )?(?:Name: .*, )?(?:Length: \d+, )?dtype: \w+\s*|\[\d+ rows x \d+ columns\]\s*"
    r"|\(\d+ rows?\)\s*|\d+ rows? in set\b.*\s*"
)
"""What pandas and databases print below a series or a table."""
NESTED: Final = re.compile(r"[\[{(]\s*[\[{('\"]")
"""A list of lists, tuples or dictionaries, or a dictionary, of Python; one of numbers needs no parser."""
ADJACENT: Final = re.compile(r"['\"]\s+['\"]")
"""Texts without a comma between them, as numpy prints an array; Python would read one long text."""
LARGEST_LITERAL: Final = 2**20
"""Largest number of characters that are read as a literal of Python, which takes much memory."""
LARGEST_TABLE: Final = 2**22
"""Largest number of cells of the table that JSON objects make; objects without a common name make the most."""


class PlainRows:
    """A list as rows of one cell, which are made as they are read: all of them take ten times the memory of the list.

    Args:
        items: The list.
    """

    def __init__(self, items: Sequence[Any]) -> None:
        self._items = items

    def __iter__(self) -> Iterator[Row]:
        return ((at, [_cell(item)]) for at, item in enumerate(self._items, 1))


def read_json(text: str) -> tuple[Iterable[Row], list[str]] | None:
    """Rows and names of a JSON list of numbers, of lists or of objects; None if the text is none.

    Raises:
        TableError: The text is JSON, but no list, or its objects make too large a table.
    """
    if not text.lstrip("\ufeff \t\r\n").startswith(("[", "{")):
        return None
    try:
        value = _parse_json(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None
    if isinstance(value, dict):
        value = _unwrapped(value)
    if isinstance(value, dict):
        lists = {name: column for name, column in value.items() if isinstance(column, list)}
        if not lists or len({len(column) for column in lists.values()}) != 1:
            raise TableError("Expected a JSON list of numbers, but got an object without lists of equal length.")
        if len(lists) == 1:
            return PlainRows(next(iter(lists.values()))), list(lists)
        return [
            (at, [_cell(item) for item in items]) for at, items in enumerate(zip(*lists.values(), strict=True), 1)
        ], list(lists)
    if value and all(isinstance(item, dict) for item in value):
        names = list(Counter(name for item in value for name in item))
        if len(names) * len(value) > LARGEST_TABLE:
            counts = f"{format_count(len(names))} names in {format_count(len(value))} objects"
            raise TableError(f"Expected JSON objects with the same names, but got {counts}.")
        return [(at, [_cell(item.get(name)) for name in names]) for at, item in enumerate(value, 1)], names
    if value and all(isinstance(item, list) and len(item) == len(value[0]) for item in value):
        return [(at, [_cell(cell) for cell in item]) for at, item in enumerate(value, 1)], [""] * len(value[0])
    return PlainRows(value), [""]


def _parse_json(text: str) -> Any:
    """Value of a JSON text, the list of the values of its lines, or the value of lists and dictionaries of Python.

    Raises:
        ValueError: The text is none of them.
    """
    for parse in (
        lambda: json.loads(text, parse_constant=str),
        lambda: [json.loads(line, parse_constant=str) for line in text.splitlines() if line.strip()],
    ):
        with suppress(ValueError):
            return parse()
    if len(text) > LARGEST_LITERAL or not NESTED.search(text) or ADJACENT.search(text):
        raise ValueError
    try:
        # Through JSON, because a set, a complex number and an ellipsis are values of Python, too.
        return json.loads(json.dumps(ast.literal_eval(text.strip())), parse_constant=str)
    except (SyntaxError, TypeError, MemoryError) as error:
        raise ValueError(str(error)) from None


def _unwrapped(value: dict[str, Any]) -> Any:
    """The lists of a JSON object as pandas and web services write them; else the object itself.

    These are one list of objects beside other fields, columns as objects from row names to cells, a series as an object
    from counts to numbers, and the rows in "data" with their names in "columns".
    """
    names, data = value.get("columns"), value.get("data")
    if isinstance(names, list) and isinstance(data, list) and all(isinstance(row, list) for row in data):
        return [dict(zip(map(str, names), row, strict=False)) for row in data]
    lists = [items for items in value.values() if isinstance(items, list)]
    if len(lists) == 1 and lists[0] and all(isinstance(item, dict) for item in lists[0]):
        return lists[0]
    if value and all(isinstance(column, dict) for column in value.values()):
        return {name: list(column.values()) for name, column in value.items()}
    is_counted = list(value) == [str(number) for number in range(len(value))]
    return list(value.values()) if is_counted else value


def is_printed(line: str) -> bool:
    """Whether a line may begin a list of numbers as JSON, Python, numpy or R print it."""
    return bool(FIRST_LINE.match(line))


def without_brackets(lines: Sequence[str]) -> list[str]:
    """A line for each number of a printed list, or for each row of a printed table."""
    is_in_r = all(INDEX_IN_R.match(line) for line in lines if line.strip())
    bare = [(INDEX_IN_R if is_in_r else CODE).sub("", line) for line in lines]
    is_table = sum(line.count("[") for line in lines) > 1 and not is_in_r
    text = "".join(bare)
    if ";" in text and not is_in_r:
        # MATLAB separates rows by semicolons; a comma beside them may be a decimal mark.
        bare = [f"{row.strip()}\n" for row in text.split(";") if row.strip()]
        is_table = is_table or "," in text
    return bare if is_table else [f"{cell}\n" for cell in re.split(r"[,\s]+", "".join(bare)) if cell]


def is_list(lines: Sequence[str]) -> bool:
    """Whether parentheses enclose the whole text; a negative amount in accounts is written in parentheses, too."""
    text = "".join(lines).strip("\ufeff; \t\r\n")
    return not text.startswith("(") or (text.count("(") == 1 and text.endswith(")") and "," in text)


def without_footer(lines: list[str]) -> list[str]:
    """Lines without what a program prints below a series or a table."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or FOOTER.fullmatch(lines[end - 1])):
        end -= 1
    return lines[:end]


def _cell(value: Any) -> str:
    if type(value) is int or (type(value) is float and math.isfinite(value)):
        return repr(value)  # As JSON writes it, in a fifth of the time.
    return "" if value is None else value if isinstance(value, str) else json.dumps(value)
