"""Write the pages of the documentation that are read from the code: run `python -m docs.generate`.

    glossary.md                  gan1d/glossary.py

`tests/test_reference.py` fails when one of them is out of date.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from gan1d.glossary import TERMS

HERE: Final = Path(__file__).parent


def glossary() -> str:
    """A table with one line for each term."""
    lines = [
        "# Glossary",
        "",
        "The words and symbols on the page, in the code and in textbooks. The page's help (`?`) shows the same list.",
        "",
        "| on the page | in the code | in the textbook | meaning |",
        "|---|---|---|---|",
    ]
    for term in TERMS:
        code = ", ".join(f"`{name}`" for name in term.code)
        page, textbook, meaning = (
            text.replace("|", "\\|").replace("*", "\\*").replace("_", "\\_")
            for text in (", ".join(term.page), term.textbook, term.meaning)
        )
        lines.append(f"| {page} | {code} | {textbook} | {meaning} |")
    return "\n".join(lines) + "\n"


PAGES: Final[dict[str, Callable[[], str]]] = {
    "glossary.md": glossary,
}
"""File in this folder → its text."""


def main() -> None:
    """Write all pages."""
    for name, text in PAGES.items():
        (HERE / name).write_text(text(), "utf-8")


if __name__ == "__main__":
    main()
