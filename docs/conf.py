"""How the documentation is built: `make docs`. Nothing is fetched from the network, neither now nor by a reader."""

import re
import tomllib
from pathlib import Path
from typing import Any

project = "gan1d"
author = "gan1d contributors"
copyright = author
release = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]["version"]

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"gan1d {release}"
html_favicon = "../static/favicon.svg"
html_copy_source = False

myst_heading_anchors = 4
suppress_warnings = ["misc.highlighting_failure"]

default_role = "code"
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
python_maximum_signature_line_length = 90
napoleon_google_docstring = True
napoleon_numpy_docstring = False

nitpicky = True
# Types of other packages, and those of this one that have no page of their own.
nitpick_ignore_regex = [("py:.*", r".*")]


def escape(line: str) -> str:
    """A line of a docstring as reStructuredText: only text in backticks is markup."""
    parts = re.split(r"(`[^`]*`)", line)
    return "".join(
        part if k % 2 else re.sub(r"([*|\\]|(?<=\w)_(?=\W|$))", r"\\\1", part) for k, part in enumerate(parts)
    )


def escaped(lines: list[str]) -> list[str]:
    """A docstring as reStructuredText: a block that is indented after an empty line is a formula or a table."""
    found: list[str] = []
    margin: int | None = None
    base = 0
    for k, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        if margin is not None and line.strip() and indent < margin:
            margin = None
        if margin is None and line.strip():
            if k > 0 and not lines[k - 1].strip() and indent > base:
                margin = indent
                found += [" " * base + "::", ""]
            else:
                base = indent
        found.append(line if margin is not None else escape(line))
    return found


def escape_docstring(app: Any, what: str, name: str, obj: object, options: object, lines: list[str]) -> None:
    """Autodoc's hook: change the lines of a docstring in place."""
    lines[:] = escaped(lines)


def setup(app: Any) -> None:
    """Register the hook, before napoleon's."""
    app.connect("autodoc-process-docstring", escape_docstring, priority=1)
