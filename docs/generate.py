"""Write the pages of the documentation that are read from the code: run `python -m docs.generate`.

    glossary.md                  gan1d/glossary.toml
    reference/command-line.md    the parser of gan1d/cli
    reference/settings.md        the JSON schema of gan1d.Config
    reference/protocol.md        gan1d/session/messages, gan1d/evaluation/codec.py and frame.py

`tests/test_reference.py` fails when one of them is out of date.
"""

import functools
import io
import os
import re
from collections.abc import Callable
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import Final
from unittest import mock

from docs.markdown import page, plain, table
from docs.protocol_page import protocol
from docs.settings_page import settings
from gan1d.cli.commands import main as gan1d_main
from gan1d.cli.commands import parser
from gan1d.glossary import TERMS

HERE: Final = Path(__file__).parent

# Glossary -------------------------------------------------------------------------------------------------------------


def glossary() -> str:
    """A table with one line for each term."""
    rows = [
        (
            plain(", ".join(term.page)),
            ", ".join(f"`{name}`" for name in term.code),
            plain(term.textbook),
            plain(term.meaning),
        )
        for term in TERMS
    ]
    return page(
        "Glossary",
        "The words and symbols on the page, in the code and in textbooks. The page's help (`?`) shows the same list.",
        table(("on the page", "in the code", "in the textbook", "meaning"), rows),
    )


# Command line ---------------------------------------------------------------------------------------------------------

COMMANDS: Final = ("", *parser()[1])
"""The subcommands, and the program itself."""


@functools.cache
def help_of(command: str) -> str:
    """The program's own help, at a fixed width and in a style that is the same in every version of Python."""
    fixed = {"COLUMNS": "100", "NO_COLOR": "1", "PYTHON_COLORS": "0"}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GAN1D_")} | fixed
    text = io.StringIO()
    with mock.patch.dict(os.environ, environment, clear=True), redirect_stdout(text), suppress(SystemExit):
        gan1d_main([*command.split(), "--help"])
    # From 3.13 on, Python names the value of an option once only.
    return re.sub(r"-(\w), (--[\w-]+) ([A-Z]+)", r"-\1 \3, \2 \3", text.getvalue().strip())


def command_line() -> str:
    """The help of every command."""
    parts = ["`gan1d` without a command is `gan1d serve`. `python -m gan1d` is the same program."]
    for command in COMMANDS:
        name = f"gan1d {command}".strip()
        parts += [f"## `{name}`", f"```text\n{help_of(command)}\n```"]
    parts += [
        "## Exit status",
        table(
            ("status", "meaning"),
            [
                ("0", "success, and Ctrl-C while serving"),
                ("1", "trouble with the machine, such as a port that is taken or a disk that is full"),
                ("2", "wrong input: one line says what was expected and what was given"),
                ("3", "the run of `gan1d replay` took another course than its log: the JSON has `repeated` as `false`"),
                ("130", "Ctrl-C in any other command"),
            ],
        ),
    ]
    return page("Command line", *parts)


PAGES: Final[dict[str, Callable[[], str]]] = {
    "glossary.md": glossary,
    "reference/command-line.md": command_line,
    "reference/settings.md": settings,
    "reference/protocol.md": protocol,
}
"""File in this folder → its text."""


def main() -> None:
    """Write all pages."""
    for name, text in PAGES.items():
        (HERE / name).parent.mkdir(exist_ok=True)
        (HERE / name).write_text(text(), "utf-8")


if __name__ == "__main__":
    main()
