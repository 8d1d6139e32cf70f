"""Imports go down only: engine, then what is asked, then what is seen, then who watches, then programs.

The package is read as text, so that a forbidden import is found even where it would never run.
"""

import ast
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "gan1d"

# Lowest first. A module may import from lower rows, never from its own or a higher one. A name ending in
# `.` stands for every module below it that has no row of its own.
ROWS = (
    ("gan1d.knobs", "gan1d.interrupts"),
    ("gan1d.engine.programs", "gan1d.engine.reports"),
    ("gan1d.engine.activations", "gan1d.engine.draws", "gan1d.engine.scores"),
    ("gan1d.engine.mlp",),
    ("gan1d.engine.initialization", "gan1d.engine.slopes", "gan1d.engine.constraints"),
    ("gan1d.engine.latents",),
    ("gan1d.engine.basins", "gan1d.engine.incomplete_beta", "gan1d.engine.polygons"),
    ("gan1d.engine.distributions",),
    ("gan1d.engine.mixtures", "gan1d.engine.readers"),
    ("gan1d.engine.optima", "gan1d.engine.penalties"),
    ("gan1d.engine.losses", "gan1d.engine.optimizers", "gan1d.engine.targets", "gan1d.engine.views"),
    ("gan1d.engine.lookahead",),
    ("gan1d.engine.metrics", "gan1d.engine.pushforward", "gan1d.engine.atoms"),
    ("gan1d.engine.histograms", "gan1d.engine.fitting"),
    ("gan1d.engine.feed", "gan1d.engine.surgery"),
    ("gan1d.engine.settings",),
    ("gan1d.engine.labels",),
    ("gan1d.engine.datasets",),
    ("gan1d.engine.learner", "gan1d.engine.places"),
    ("gan1d.engine.turns",),
    ("gan1d.engine.trainer", "gan1d.engine.shared"),
    ("gan1d.engine.ensemble",),
    ("gan1d.engine",),
    ("gan1d.refusals",),
    ("gan1d.paths",),
    ("gan1d.config",),
    ("gan1d.criteria",),
    ("gan1d.presets.preset",),
    ("gan1d.presets.healthy", "gan1d.presets.failures", "gan1d.presets.targets"),
    ("gan1d.presets.cures",),
    ("gan1d.presets",),
    ("gan1d.frame", "gan1d.asked"),
    ("gan1d.naming", "gan1d.against", "gan1d.noise"),
    ("gan1d.codec", "gan1d.probe"),
    ("gan1d.fakes",),
    ("gan1d.verdicts",),
    ("gan1d.observing",),
    ("gan1d.symptoms",),
    ("gan1d.examiner",),
    ("gan1d.diagnosis",),
    ("gan1d.wording",),
    ("gan1d.monitor",),
    ("gan1d.tracking",),
    ("gan1d",),
    ("gan1d.streams",),
    ("gan1d.headless", "gan1d.rows", "gan1d.checking"),
    ("gan1d.server.",),
    ("gan1d.serve",),
    ("gan1d.options",),
    ("gan1d.cli",),
    ("gan1d.__main__",),
)

# Metrics compare distributions: how a network learns is none of their business.
METRICS_MAY_NOT_IMPORT = {"gan1d.engine.losses", "gan1d.engine.penalties", "gan1d.engine.optimizers"}

NUMERIC = {"numpy"}
MODELS = NUMERIC | {"pydantic", "pydantic_core", "annotated_types"}
NETWORK = {"fastapi", "starlette", "uvicorn", "websockets"}
KNOWS_ASYNCIO = ("gan1d.server", "gan1d.serve")
MAY_SPEAK_HTTP = ("gan1d.server.socket", "gan1d.server.app")


@dataclass(frozen=True)
class Import:
    """One imported module or name, as written in `importer` at `line`."""

    importer: str
    imported: str
    line: int
    is_local: bool


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def package_of(module: str, *, is_package: bool) -> str:
    return module if is_package else module.rpartition(".")[0]


def imports_of(module: str, source: str, *, is_package: bool = False) -> Iterator[Import]:
    tree = ast.parse(source)
    local = {
        id(inner)
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for inner in ast.walk(outer)
    }
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            origin = node.module or ""
            if node.level:
                package = package_of(module, is_package=is_package).split(".")
                package = package[: len(package) - node.level + 1]
                origin = ".".join([*package, origin]) if origin else ".".join(package)
            names = [f"{origin}.{alias.name}" for alias in node.names]
        for name in names:
            yield Import(module, name, getattr(node, "lineno", 0), id(node) in local)


def row_of(module: str) -> int | None:
    for row, names in enumerate(ROWS):
        if module in names:
            return row
    for row, names in enumerate(ROWS):
        if any(name.endswith(".") and (module + ".").startswith(name) for name in names):
            return row
    return None


def home_of(imported: str, modules: set[str]) -> str:
    """The module that `from a.b import c` reads from: `a.b.c` if that is a module, else `a.b`."""
    while imported not in modules and "." in imported:
        imported = imported.rpartition(".")[0]
    return imported


def faults_inside(found: Import, home: str) -> Iterator[str]:
    """What is wrong with an import of one of our own modules."""
    place = f"{found.importer}:{found.line}"
    mine, theirs = row_of(found.importer), row_of(home)
    if mine is None:
        yield f"{found.importer} has no floor: give it a row in ROWS"
    elif theirs is None:
        yield f"{home} has no floor: give it a row in ROWS"
    elif found.importer.startswith("gan1d.server") and home.startswith("gan1d.server"):
        if home in MAY_SPEAK_HTTP and found.importer not in ("gan1d.server", *MAY_SPEAK_HTTP):
            yield f"{place}: {found.importer} imports {home}, which speaks HTTP"
    elif theirs >= mine:
        yield f"{place}: {found.importer} imports {home}, which is not below it"
    elif found.importer == "gan1d.engine.metrics" and home in METRICS_MAY_NOT_IMPORT:
        yield f"{place}: metrics know distributions only, not {home}"


def faults_outside(found: Import, top: str) -> Iterator[str]:
    """What is wrong with an import of the standard library or of a dependency."""
    importer = found.importer
    place = f"{importer}:{found.line}"
    if top in sys.stdlib_module_names:
        in_engine = importer == "gan1d.knobs" or importer.startswith("gan1d.engine")
        if top == "asyncio" and not importer.startswith(KNOWS_ASYNCIO):
            yield f"{place}: nothing but the server knows asyncio"
        if top == "json" and in_engine:
            yield f"{place}: the engine knows nothing of json"
        return
    if importer == "gan1d.knobs":
        allowed: set[str] = set()
    elif importer.startswith("gan1d.engine"):
        allowed = NUMERIC
    elif importer in MAY_SPEAK_HTTP or importer in ("gan1d.serve", "gan1d.server"):
        allowed = MODELS | NETWORK
    else:
        allowed = MODELS
    if top not in allowed:
        yield f"{place}: {importer} imports {top}, which its floor does not have"


def faults(sources: dict[str, str], packages: Collection[str] = ()) -> list[str]:
    """Every import that goes up, sideways, outside or into a function body; empty when all is well."""
    modules = set(sources)
    said = []
    for module, source in sources.items():
        for found in imports_of(module, source, is_package=module in packages):
            if found.is_local:
                said.append(f"{module}:{found.line}: import inside a function")
            top = found.imported.partition(".")[0]
            if top == "gan1d":
                said += faults_inside(found, home_of(found.imported, modules))
            else:
                said += faults_outside(found, top)
    return list(dict.fromkeys(said))


def read_package() -> tuple[dict[str, str], set[str]]:
    paths = sorted(PACKAGE.rglob("*.py"))
    sources = {module_name(path): path.read_text("utf-8") for path in paths}
    return sources, {module_name(path) for path in paths if path.name == "__init__.py"}


def verdict(module: str, source: str) -> list[str]:
    """What is said about one module in an otherwise empty house."""
    rooms = ["gan1d.server", "gan1d.server.session", "gan1d.server.socket", "gan1d.server.app"]
    neighbours = [name for row in ROWS for name in row if not name.endswith(".")] + rooms
    packages = {"gan1d", "gan1d.engine", "gan1d.presets", "gan1d.server"}
    return faults({**dict.fromkeys(neighbours, ""), module: source}, packages)


def test_every_module_has_a_floor() -> None:
    sources, _ = read_package()
    assert [module for module in sources if row_of(module) is None] == []


def test_imports_go_down_only() -> None:
    assert faults(*read_package()) == []


@pytest.mark.parametrize(
    ("module", "source", "complaint"),
    [
        ("gan1d.engine.losses", "from gan1d.engine.trainer import Trainer", "not below it"),
        ("gan1d.engine.losses", "from .targets import Target", "not below it"),
        ("gan1d.engine.losses", "from . import optimizers", "not below it"),
        ("gan1d.engine.metrics", "from gan1d.engine.losses import Loss", "metrics know distributions only"),
        ("gan1d.engine.mlp", "import gan1d.config", "not below it"),
        ("gan1d.engine.mlp", "import pydantic", "its floor does not have"),
        ("gan1d.engine.mlp", "import scipy.stats", "its floor does not have"),
        ("gan1d.engine.mlp", "import json", "nothing of json"),
        ("gan1d.knobs", "import numpy as np", "its floor does not have"),
        ("gan1d.frame", "import asyncio", "nothing but the server knows asyncio"),
        ("gan1d.codec", "from fastapi import WebSocket", "its floor does not have"),
        ("gan1d.server.session", "from starlette.websockets import WebSocket", "its floor does not have"),
        ("gan1d.server.session", "from gan1d.server.app import create", "speaks HTTP"),
        ("gan1d.presets", "def f():\n    from gan1d.config import Config", "import inside a function"),
        ("gan1d.attic", "from gan1d.knobs import Knob", "has no floor"),
    ],
)
def test_a_fault_is_found(module: str, source: str, complaint: str) -> None:
    said = verdict(module, source)
    assert len(said) == 1
    assert complaint in said[0]


def test_what_is_allowed_passes() -> None:
    assert verdict("gan1d.engine.metrics", "import math\nimport numpy as np\nfrom .targets import Target") == []
    assert verdict("gan1d.server.app", "import asyncio\nfrom fastapi import FastAPI\nimport gan1d") == []
