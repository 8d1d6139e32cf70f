"""Tables in documents that commands write, between two marks: `<!-- presets -->` and `<!-- /presets -->`."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path


def fill(document: Path, mark: str, text: str) -> None:
    """Put a text between the two marks of a document."""
    begin, end = f"<!-- {mark} -->", f"<!-- /{mark} -->"
    page, count = re.subn(
        f"{begin}.*{end}", lambda _: f"{begin}\n{text}\n{end}", document.read_text("utf-8"), flags=re.DOTALL
    )
    if count != 1:
        raise ValueError(f"Expected {begin} and {end} once in {document.name}, but found them {count} times.")
    document.write_text(page, "utf-8")


def line(cells: Iterable[str]) -> str:
    """A line of a table."""
    return f"| {' | '.join(cells)} |"


def rows_of(document: Path, mark: str) -> dict[str, str]:
    """Lines of the table between two marks, by their first cell, without the head."""
    text = document.read_text("utf-8").partition(f"<!-- {mark} -->\n")[2].partition(f"<!-- /{mark} -->")[0]
    lines = [each for each in text.splitlines() if each.startswith("|")][2:]
    return {each.split("|")[1].strip(): each for each in lines}


def put_rows(document: Path, mark: str, head: Sequence[str], rows: Mapping[str, str], order: Iterable[str]) -> None:
    """Replace rows of a table, and keep the others.

    Args:
        document: The document.
        mark: Name of the marks around the table.
        head: Cells of the head.
        rows: New lines by their first cell.
        order: First cells of all rows of the table; other rows are dropped.
    """
    known = rows_of(document, mark) | rows
    body = [known[name] for name in order if name in known]
    fill(document, mark, "\n".join([line(head), f"|{'---|' * len(head)}", *body]))
