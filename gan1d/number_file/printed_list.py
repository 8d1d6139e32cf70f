"""Lists of numbers as JSON, Python, numpy and R print them."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from gan1d.number_file.table import Row, TableError

INDEX_IN_R: Final = re.compile(r"\s*\[\d+\]\s")
"""The count of a line's first number, as R prints it."""
LIST_IN_PYTHON: Final = re.compile(r"\barray\(|, dtype=\w+|[\[\]()]")
"""What Python and numpy print around numbers."""


def read_json(text: str) -> tuple[list[Row], list[str]] | None:
    """Rows and names of a JSON list of numbers, of lists or of objects; None if the text is none.

    Raises:
        TableError: The text is JSON, but no list.
    """
    if not text.lstrip("\ufeff \t\r\n").startswith(("[", "{")):
        return None
    try:
        value = _parse_json(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None
    if isinstance(value, dict):
        lists = {name: column for name, column in value.items() if isinstance(column, list)}
        if not lists or len({len(column) for column in lists.values()}) != 1:
            raise TableError("Expected a JSON list of numbers, but got an object without lists of equal length.")
        return [
            (at, [_cell(item) for item in items]) for at, items in enumerate(zip(*lists.values(), strict=True), 1)
        ], list(lists)
    if value and all(isinstance(item, dict) for item in value):
        names = list(Counter(name for item in value for name in item))
        return [(at, [_cell(item.get(name)) for name in names]) for at, item in enumerate(value, 1)], names
    if value and all(isinstance(item, list) and len(item) == len(value[0]) for item in value):
        return [(at, [_cell(cell) for cell in item]) for at, item in enumerate(value, 1)], [""] * len(value[0])
    return [(at, [_cell(item)]) for at, item in enumerate(value, 1)], [""]


def _parse_json(text: str) -> Any:
    """Value of a JSON text, or the list of the values of its lines.

    Raises:
        ValueError: The text is no JSON.
    """
    try:
        return json.loads(text, parse_constant=str)
    except ValueError:
        return [json.loads(line, parse_constant=str) for line in text.splitlines() if line.strip()]


def is_printed(line: str) -> bool:
    """Whether a line may begin a list of numbers as JSON, Python, numpy or R print it."""
    return line.lstrip("\ufeff \t").startswith(("[", "{", "array("))


def without_brackets(lines: Sequence[str]) -> list[str]:
    """A line for each number of a printed list, or for each row of a printed table."""
    is_in_r = all(INDEX_IN_R.match(line) for line in lines if line.strip())
    bare = [(INDEX_IN_R if is_in_r else LIST_IN_PYTHON).sub("", line) for line in lines]
    is_table = sum(line.count("[") for line in lines) > 1 and not is_in_r
    return bare if is_table else [f"{cell}\n" for cell in re.split(r"[,\s]+", "".join(bare)) if cell]


def _cell(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value)
