"""Many JavaScript modules as one script, because a page that is opened from a file can load no further ones.

The modules of the page import and export by name, at the beginning of a line, and in no circle; they import others at
the time of need. A module of a package may export all its names at its end. Each one becomes a block, which keeps its
names to itself, between a line that takes what it imports and a line with what it exports:

    const modules = {};
    {
    const { axisX, linear: scale } = modules["plot/index.js"];
    …
    modules["charts/losses.js"] = { losses };
    }
"""

import json
import posixpath
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

IMPORT: Final = re.compile(r'^import \{([^}]*)\} from "(\.[^"]+)";$', re.MULTILINE)
GATHERED: Final = re.compile(r'^export \* from "(\.[^"]+)";$', re.MULTILINE)
LAZY: Final = re.compile(r'\bimport\("(\.[^"]+)"\)(?!\s*\.then\b)')
"""An import at the time of need; in one script, everything is there, and it is no promise."""
EXPORT: Final = re.compile(r"^export (?=(?:async function\*?|function\*?|class|const) ([\w$]+))", re.MULTILINE)
EXPORT_LIST: Final = re.compile(r"\bexport\s*\{([^{}]*)\};?\s*\Z")
"""The end of a module that exports all its names at once, as bundlers of packages write it."""
UNKNOWN: Final = re.compile(r"^(?:import|export)\b.*|\bimport\s*\(\s*[\"'`].*", re.MULTILINE)
SCRIPT_COMMENT: Final = re.compile(r"^[ \t]*(?:/\*(?:(?!\*/)[\s\S])*\*/[ \t]*|//.*)$", re.MULTILINE)
"""A comment of a script or a style sheet that has its lines to itself; a third of the scripts are such comments."""


def link(directory: Path, main: str, instead: Mapping[str, str] | None = None) -> str:
    """One script that does what a module and all modules that it imports do.

    Args:
        directory: Directory of the modules.
        main: The module to begin with, as a path in the directory, such as "main.js".
        instead: Module → the module that takes its place.

    Raises:
        ValueError: A module imports or exports in another way than described above, or modules import each other.
        OSError: A module cannot be read.
    """
    blocks = dict[str, str]()
    add_module(directory, main, instead or {}, blocks, ())
    return "const modules = {};\n" + "".join(blocks.values())


def add_module(
    directory: Path, name: str, instead: Mapping[str, str], blocks: dict[str, str], importers: tuple[str, ...]
) -> None:
    """Add a module behind those that it imports.

    Args:
        directory: Directory of the modules.
        name: The module.
        instead: See `link`.
        blocks: Module → its block; one that is there already is left as it is.
        importers: Modules that import this one, directly or not.

    Raises:
        ValueError: See `link`.
    """
    if name in importers:
        raise ValueError(f"Expected modules that do not import each other, but got {' → '.join([*importers, name])}.")
    if name in blocks:
        return
    source = without_comments((directory / name).read_text("utf-8"))
    exported = [found[1] for found in EXPORT.finditer(source)]
    if listed := EXPORT_LIST.search(source):
        exported += [": ".join(reversed(re.split(r"\s+as\s+", name.strip()))) for name in listed[1].split(",")]
        source = source[: listed.start()]

    def module(reference: str) -> str:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(name), reference))
        path = instead.get(path, path)
        add_module(directory, path, instead, blocks, (*importers, name))
        return f"modules[{json.dumps(path)}]"

    def take(found: re.Match[str]) -> str:
        names = re.sub(r"\s+as\s+", ": ", " ".join(found[1].split()))
        return f"const {{ {names} }} = {module(found[2])};"

    gathered = [f"...{module(found[1])}, " for found in GATHERED.finditer(source)]
    source = LAZY.sub(lambda found: module(found[1]), source)
    source = EXPORT.sub("", GATHERED.sub("", IMPORT.sub(take, source)))
    if unknown := UNKNOWN.search(source):
        raise ValueError(f"Expected imports and exports by name in {name}, but got {unknown[0].strip()!r}.")
    blocks[name] = f"{{\n{source}\nmodules[{json.dumps(name)}] = {{ {''.join(gathered)}{', '.join(exported)} }};\n}}\n"


def without_comments(source: str) -> str:
    """A module or a style sheet whose comments are empty lines, so that every line keeps its number."""
    return SCRIPT_COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), source)
