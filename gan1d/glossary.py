"""The words and symbols of the page, with their names in the code and in the textbook, read from `glossary.toml`."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Term:
    """One entry.

    Attributes:
        page: The words and symbols on the page, the most frequent first; empty if the page does not show the term.
        code: The names in Python, in a config path or in a frame; empty if the code has no name of its own for it.
        textbook: The name in the literature, with the source where one paper introduced it.
        meaning: What it is, in one line for a student.
    """

    page: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    textbook: str
    meaning: str


TERMS: Final = tuple(
    Term(**{**term, "page": tuple(term.get("page", ())), "code": tuple(term.get("code", ()))})
    for term in tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["term"]
)
"""All entries, in the order of the data's way through the page."""


def served() -> list[dict[str, str]]:
    """The entries that the page shows: its words, the textbook's name and the meaning."""
    return [
        {"page": ", ".join(term.page), "textbook": term.textbook, "meaning": term.meaning}
        for term in TERMS
        if term.page
    ]
