"""Lists of numbers as JSON, Python, numpy and R print them."""

import ast
import json
import math
import re
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, Final

from gan1d.formatting import format_count
from gan1d.number_file.table import Row, TableError

INDEX_IN_R: Final = re.compile(r"\s*\[\d+\][\x20\t]+(?=\S)")
"""The count of a line's first number, as R prints it."""
WORD: Final = r"[A-Za-z_$@][\w.:$]*(?:<\w+>)?(?:\[\w*\])*"
"""A name or a type of a programming language, such as x, double[], x[3], number[] or std::vector<double>."""
ASSIGNMENT: Final = rf"\s*(?:(?:(?:{WORD}\s+)*{WORD}\s*(?::?=|<-)|[A-Za-z_]\w*(?:\[\d+\])?:)\s*)?"
ARRAY: Final = (
    r"(?:\bnew\s+)?(?:\b(?:np|numpy|torch|jnp|pd|tf)\.)?\b(?:array|(?:Float(?:32|64))?Array|[tT]ensor|"
    r"matrix|Index|Series)"
)
TYPE: Final = r"(?:\w*\(\d+\)\s*(?=\[)|(?:new\s+)?(?:\[\d*\])?[A-Za-z]\w*(?:\[\d*\])?\s*(?=\{))?"
"""A type before a bracket, such as []float64, new double[] or Float64Array(2)."""
CODE_BEGINNING: Final = rf"\ufeff?{ASSIGNMENT}{TYPE}"
FIRST_LINE: Final = re.compile(rf"{CODE_BEGINNING}(?:[\[{{](?!,)|(?:{ARRAY}|c)?\(\s*(?:[\[+\-.\d]|$))")
"""The beginning of a list; [,1] is the name that R prints for a column."""
TABLE: Final = re.compile(rf"{CODE_BEGINNING}(?:{ARRAY}\()?\[\s*\[")
"""The beginning of a list of lists."""
CODE: Final = re.compile(
    rf"^{CODE_BEGINNING}(?:c(?=\())?|{ARRAY}\(|(?:\bnp\.|\bnumpy\.)?\b(?:u?int\d+|float\d+)\("
    r"|,\s*(?:dtype|shape|device|requires_grad|grad_fn|weak_type)=(?:\([^)]*\)|[^,()\[\]]*)|(?<=\d)L\b|[\[\](){}]"
)
"""Code around numbers, as Python, numpy, R, MATLAB, C and JavaScript write and print it."""
REMARK: Final = re.compile(r"\s(?:#|//|%).*")
"""A comment behind code."""
BRACES_TO_BRACKETS: Final = str.maketrans("{}", "[]")
FOOTER: Final = re.compile(
    r"(?:Freq: [^,]*, )?(?:Name: .*, )?(?:Length: \d+, )?dtype: \w+\s*|\[\d+ rows x \d+ columns\]\s*"
    r"|\(?\d+ (?:rows?|Zeilen?|lignes?|filas?)(?: affected| selected)?[.)]?\s*|\d+ rows? in set\b.*\s*|\\\.\s*"
)
"""What pandas and databases print below a series or a table."""
LATEX_END: Final = re.compile(r"\\\\(?:\[[^\]]{0,20}\])?\s*(?:\\\w+\s*)*$")
"""The end of a row in LaTeX, and a line below it."""
LATEX_LINE: Final = re.compile(
    r"\s*\\(?:begin|end|hline|cline|toprule|midrule|cmidrule|bottomrule|caption|label|centering)\b"
)
LATEX_LINES: Final = 20
NESTED: Final = re.compile(r"[\[{(]\s*[\[{('\"]")
"""A list of lists, tuples or dictionaries, or a dictionary, of Python; one of numbers needs no parser."""
CLOSING: Final = {"[": "]", "{": "}", "(": ")"}
ADJACENT: Final = re.compile(r"['\"]\s+['\"]")
"""Texts without a comma between them, as numpy prints an array; Python would read one long text."""
LARGEST_LITERAL: Final = 2**20
"""Largest number of characters that are read as a literal of Python, which takes much memory."""
LARGEST_TABLE: Final = 2**22
"""Largest number of cells of the table that JSON objects make; objects without a common name make the most."""


class PlainRows:
    """A list as rows of one cell, which are made as they are read: all of them take ten times the memory of the list.

    Args:
        items: The list, without texts.
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
            return _plain(next(iter(lists.values()))), list(lists)
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
    return _plain(value), [""]


def _plain(items: list[Any]) -> Iterable[Row]:
    return [(at, [_cell(item)]) for at, item in enumerate(items, 1)] if str in map(type, items) else PlainRows(items)


def _parse_json(text: str) -> Any:
    """Value of a JSON text, the list of the values of its lines, or the value of nested lists and dictionaries of code.

    Raises:
        ValueError: The text is none of them.
    """
    for parse in (
        lambda: json.loads(text, parse_constant=str),
        lambda: [json.loads(line, parse_constant=str) for line in text.splitlines() if line.strip()],
        lambda: _parse_nested(text),
    ):
        with suppress(ValueError):
            return parse()
    if len(text) > LARGEST_LITERAL or not NESTED.search(text) or ADJACENT.search(text):
        raise ValueError
    try:
        with warnings.catch_warnings():
            # A number that runs into a word, such as 1or, is no matter for the log.
            warnings.simplefilter("ignore", SyntaxWarning)
            value = ast.literal_eval(text.strip())
        # Through JSON, because a set, a complex number and an ellipsis are values of Python, too.
        return json.loads(json.dumps(value), parse_constant=str)
    except (SyntaxError, TypeError, MemoryError) as error:
        raise ValueError(str(error)) from None


def _parse_nested(text: str) -> Any:
    """Value of a list of lists in the code of C, JavaScript or Mathematica.

    Raises:
        ValueError: The text is none.
    """
    body = re.sub(rf"^{CODE_BEGINNING}", "", text).rstrip("; \t\r\n").translate(BRACES_TO_BRACKETS)
    if not NESTED.match(body):
        raise ValueError
    return json.loads(body)


def _unwrapped(value: dict[str, Any]) -> Any:
    """The lists of a JSON object as pandas and web services write them; else the object itself.

    These are one list of objects beside other fields, columns as objects from row names to cells, a series or rows as
    an object from counts to numbers or objects, and the rows in "data" with their names in "columns".
    """
    names, data = value.get("columns"), value.get("data")
    if isinstance(names, list) and isinstance(data, list) and all(isinstance(row, list) for row in data):
        return [dict(zip(map(str, names), row, strict=False)) for row in data]
    lists = [items for items in value.values() if isinstance(items, list)]
    if len(lists) == 1 and lists[0] and all(isinstance(item, dict) for item in lists[0]):
        return lists[0]
    if value and all(isinstance(column, dict) for column in value.values()):
        are_rows = _is_counted(value) and not any(map(_is_counted, value.values()))
        return list(value.values()) if are_rows else {name: list(column.values()) for name, column in value.items()}
    return list(value.values()) if _is_counted(value) else value


def _is_counted(value: dict[str, Any]) -> bool:
    return list(value) == [str(number) for number in range(len(value))]


def is_printed(line: str) -> bool:
    """Whether a line may begin a list of numbers as JSON, Python, numpy or R print it."""
    return bool(FIRST_LINE.match(line))


def without_brackets(lines: Sequence[str]) -> tuple[list[str], bool]:
    """A line for each number of a printed list, or for each row of a printed table; and whether it is a table.

    Raises:
        TableError: The list has no end.
    """
    if any(map(INDEX_IN_R.match, lines)):
        return _one_a_line(INDEX_IN_R.sub("", line) for line in lines), False
    code = [REMARK.sub("", line) for line in lines]
    bracket = re.findall(r"[\[{(]", FIRST_LINE.match(lines[0])[0])[-1]  # type: ignore[index]
    opened, closed = (sum(line.count(mark) for line in code) for mark in (bracket, CLOSING[bracket]))
    if opened != closed:
        raise TableError(
            f"Expected every bracket to be closed, but got {opened} “{bracket}” and {closed} “{CLOSING[bracket]}”."
        )
    if TABLE.match("".join(code)):
        found = re.findall(r"(?<=\[)[^\[\]]+(?=\])|\.\.\.|…", "".join(code))
        return ["\t".join(re.split(r"[,\s]+", CODE.sub("", row).strip(", \n"))) + "\n" for row in found], True
    is_table = sum(re.sub(rf"^{CODE_BEGINNING}", "", line).count(bracket) for line in code) > 1
    bare = [CODE.sub("", line) for line in code]
    text = "".join(bare).strip("; \t\r\n")
    if ";" in text:
        # MATLAB separates rows by semicolons; a comma beside them may be a decimal mark.
        found = [" ".join(row.split()) for row in text.split(";")]
        bare = [f"{row}\n" for row in found if row]
        is_table = is_table or any("," in row or " " in row for row in found)
    if is_table:
        return [line.rstrip(", \t\r\n") + "\n" for line in bare], True
    return _one_a_line(bare), False


def _one_a_line(lines: Iterable[str]) -> list[str]:
    return [f"{cell}\n" for cell in re.split(r"[,\s;]+", "".join(lines)) if cell]


def is_list(lines: Sequence[str]) -> bool:
    """Whether brackets enclose the whole text, and not a header, such as [cm], or a negative amount in parentheses."""
    text = "".join(lines).strip("\ufeff; \t\r\n")
    if text.startswith("(") and "[" not in text:
        return text.count("(") == 1 and text.endswith(")") and "," in text
    first, _, below = text.partition("\n")
    return not below or bool(re.search(r"[\[\]{}()]", below)) or first.count("[") != first.count("]")


def without_footer(lines: list[str]) -> list[str]:
    """Lines without what a program prints below a series or a table."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or FOOTER.fullmatch(lines[end - 1])):
        end -= 1
    return lines[:end]


def is_latex(lines: Sequence[str]) -> bool:
    """Whether the first lines have a row of a table of LaTeX."""
    return any("&" in line and LATEX_END.search(line) for line in lines[:LATEX_LINES])


def without_latex(line: str) -> str:
    """A row of LaTeX with tabs between its cells; an empty line for a command."""
    return "\n" if LATEX_LINE.match(line) else LATEX_END.sub("", line.rstrip()).replace("&", "\t") + "\n"


def _cell(value: Any) -> str:
    if type(value) is int or (type(value) is float and math.isfinite(value)):
        return repr(value)  # As JSON writes it, in a fifth of the time.
    return "" if value is None else value if isinstance(value, str) else json.dumps(value)
