"""Pieces of Python source: numbers, lists, and the sections of a program."""

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

LINE_LENGTH: Final = 100
"""Longest line of a program, in characters; only lines of the code itself may be longer."""


@dataclass(frozen=True, kw_only=True)
class Section:
    """A section of a program.

    Attributes:
        title: A heading of a few words.
        text: What the section is about, in sentences.
        code: Its Python source, without an empty line at either end.
    """

    title: str
    text: str
    code: str

    def source(self) -> str:
        """The section in a script: title and text as comments, then the code."""
        heading = f"# {self.title} ".ljust(LINE_LENGTH, "-")
        comment = textwrap.fill(self.text, LINE_LENGTH, initial_indent="# ", subsequent_indent="# ")
        # Two empty lines before a definition, as everywhere in Python (PEP 8).
        gap = "\n" * (3 if self.code.startswith(("def ", "class ", "@")) else 2)
        return f"{heading}\n{comment}{gap}{self.code}"


def number(value: float) -> str:
    """The shortest text of a number that reads back as the same number of its precision."""
    return str(value)


def list_of(values: Iterable[float], indent: int = 0) -> str:
    """A list of numbers, over several lines if it is long.

    Args:
        values: The numbers; those of NumPy in their own precision.
        indent: Number of spaces before the line in which the list begins.
    """
    inner = ", ".join(map(number, values))
    if len(inner) + indent <= 60:
        return f"[{inner}]"
    margin = " " * (indent + 4)
    width = LINE_LENGTH - 1
    lines = textwrap.fill(inner, width, initial_indent=margin, subsequent_indent=margin, break_on_hyphens=False)
    return f"[\n{lines},\n{' ' * indent}]"


def lines(*parts: str) -> str:
    """Lines of code under each other; empty parts are left out."""
    return "\n".join(part for part in parts if part)


def definitions(*parts: str) -> str:
    """Definitions with two empty lines between them; empty parts are left out."""
    return "\n\n\n".join(part for part in parts if part)


def indented(code: str) -> str:
    """Code one level further in."""
    return textwrap.indent(code, "    ")
