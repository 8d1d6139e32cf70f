"""Markdown of the pages that are written from the code."""

import textwrap
from collections.abc import Sequence
from typing import Final

from pydantic import BaseModel

DO_NOT_EDIT: Final = "<!-- Written by `python -m docs.generate`; do not edit. -->"


def page(title: str, *parts: str) -> str:
    """A page of paragraphs."""
    return "\n\n".join([DO_NOT_EDIT, f"# {title}", *parts]) + "\n"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def plain(text: str) -> str:
    """Text for a cell of a table, with the signs escaped that Markdown would read as markup."""
    if "`" not in text:
        for sign in ("*", "_", "--"):
            text = text.replace(sign, "".join(f"\\{each}" for each in sign))
    return plain_cell(text)


def plain_cell(text: str) -> str:
    """Text that fits in one cell of a table."""
    return text.replace("|", "\\|").replace("\n", " ")


def plain_paragraph(model: type[BaseModel]) -> str:
    """The docstring of a message."""
    return " ".join((model.__doc__ or "").split())


def unwrapped(text: str) -> str:
    """Paragraphs, each on one line."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def wrapped(text: str) -> str:
    """JSON on lines of at most 110 characters, broken at spaces between its parts."""
    return "\n".join(textwrap.wrap(text, 110, break_long_words=False, break_on_hyphens=False))
