"""One name for one thing: no public name of the package is defined twice, and no constant has two values."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "gan1d"


def defined(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Public names that a module defines at its top level, each with its text."""
    for node in tree.body:
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name, "a definition"
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, ast.unparse(value)
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=value):
                values = value.elts if isinstance(value, ast.Tuple) else [value] * len(names)
                pairs = zip(names, values, strict=True)
                yield from ((name.id, ast.unparse(each)) for name, each in pairs if isinstance(name, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, ast.unparse(value)


def definitions(sources: dict[str, str]) -> dict[str, dict[str, str]]:
    """Public name → module → text of the definition."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for module, source in sources.items():
        for name, text in defined(ast.parse(source)):
            if not name.startswith("_"):
                found[name][module] = text
    return found


LOGGER = "logging.getLogger(__name__)"
"""The usual definition of `log` in every module that logs."""


def is_constant(name: str) -> bool:
    return name.isupper()


def twice(found: dict[str, dict[str, str]]) -> dict[str, list[str]]:
    """Names of classes, functions, types and values with more than one definition."""
    several = {name: sorted(where) for name, where in found.items() if len(where) > 1 and not is_constant(name)}
    return {name: where for name, where in several.items() if set(found[name].values()) != {LOGGER}}


def two_values(found: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Constants that differ between modules."""
    return {name: where for name, where in found.items() if is_constant(name) and len(set(where.values())) > 1}


@cache
def definitions_of_the_package() -> dict[str, dict[str, str]]:
    paths = sorted(PACKAGE.rglob("*.py"))
    return definitions({path.relative_to(PACKAGE.parent).as_posix(): path.read_text("utf-8") for path in paths})


def test_the_search_finds_what_it_is_for() -> None:
    found = definitions({"a": "def f(): ...\nLIMIT = 1\nSAME = 2", "b": "class f: ...\nLIMIT, SAME = 3, 2"})
    assert twice(found) == {"f": ["a", "b"]}
    assert two_values(found) == {"LIMIT": {"a": "1", "b": "3"}}


def test_no_public_name_is_defined_twice() -> None:
    assert twice(definitions_of_the_package()) == {}


def test_no_constant_has_two_values() -> None:
    assert two_values(definitions_of_the_package()) == {}
