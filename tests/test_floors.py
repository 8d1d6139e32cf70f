"""Imports go down only: engine, settings, evaluation, diagnosis, gallery, sessions, server, command line.

The package is read as text, so that a forbidden import is found even where it would never run.
"""

import ast
import re
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "gan1d"

FLOORS: dict[str, tuple[str, ...]] = {
    "gan1d": ("formatting", "knobs", "glossary"),
    "gan1d.words languages": ("",),
    "gan1d.number_file": ("cells", "table", "printed_list", "text", "columns", "reading", "checked_numbers", "answers"),
    "gan1d.engine": ("arrays", "programs", "sampling", "special_functions", "blas", "units"),
    "gan1d.engine.networks": (
        "fast",
        "activations",
        "mlp",
        "initialization",
        "parameter_updates",
        "optimizers",
        "input_gradients",
        "hessian_vector_products",
        "weight_constraints",
        "discriminator_inputs",
    ),
    "gan1d.engine.distributions": (
        "modes",
        "piecewise_linear",
        "base",
        "priors",
        "gaussian_mixture",
        "custom",
        "targets",
        "shown_axis",
        "latents",
    ),
    "gan1d.engine.metrics": (
        "divergences",
        "mode_coverage",
        "mutual_information",
        "grid",
        "crossings",
        "grid_distribution",
        "optimal_discriminator",
        "pushforward",
        "curve_cells",
        "curve_pushforward",
        "empirical_pushforward",
        "histograms",
    ),
    "gan1d.engine.objectives": (
        "cross_entropy",
        "readout",
        "gradient_penalties",
        "base_loss",
        "critics",
        "relativistic",
        "losses",
        "unrolling",
        "codes",
        "cycle",
    ),
    "gan1d.engine protocols": ("update_order", "protocols"),
    "gan1d.engine.data": (
        "batches",
        "conditioning",
        "datasets",
        "instance_noise",
        "standardization",
        "translation",
        "random_streams",
    ),
    "gan1d.engine.morphism": ("layer_matching", "curve_fitting", "weight_transfer", "fit_points"),
    "gan1d.engine.training": (
        "reports",
        "historical_averaging",
        "live_programs",
        "player",
        "optimal_opponent",
        "code_head",
        "discriminator_update",
        "generator_update",
        "way_back",
        "stacked_config",
        "trainer",
        "step_trace",
        "spectrum",
        "ensemble",
    ),
    "gan1d.engine textbook": ("reference",),
    "gan1d.engine.games": ("vector_fields", "updates", "dynamics", "closed_forms"),
    "gan1d machine": ("fingerprint", "output_files"),
    "gan1d.config": ("errors", "paths", "conflicts", "sections", "settings_tree", "model", "sample_limits"),
    "gan1d.games": ("game_config", "fate", "game_run", "game_presets"),
    "gan1d.evaluation": (
        "frame",
        "codec",
        "metric_descriptions",
        "inputs",
        "fixed_samples",
        "forward_pass",
        "code",
        "latent_grid",
        "reference",
        "probe",
        "refinement",
        "generator",
        "discriminator",
        "translation",
        "observe",
        "spectrum_reading",
    ),
    "gan1d.diagnosis": (
        "features",
        "feature_window",
        "kinds",
        "progress",
        "rules",
        "explanations",
        "evaluation_samples",
        "feature_extraction",
        "monitor",
        "trajectory",
    ),
    "gan1d.gallery": ("criteria", "rates", "preset"),
    "gan1d.gallery presets": ("",),
    "gan1d.gallery runs": ("goal",),
    "gan1d.sweeps": ("axes", "grid", "measurement", "workers", "results", "execution", "tables", "sweep"),
    "gan1d.lessons": ("lesson", "library", ""),
    "gan1d.exports": (
        "config_file",
        "python_text",
        "experiment",
        "pytorch_data",
        "pytorch_networks",
        "pytorch_losses",
        "pytorch_optimizers",
        "pytorch_translation",
        "pytorch_updates",
        "pytorch_training",
        "pytorch_program",
        "gan1d_program",
        "comparison",
        "notebook",
        "export",
    ),
    "gan1d.recording": (
        "run_log",
        "digest",
        "observed_run",
        "key_frames",
        "packed_state",
        "repetition",
        "recording",
        "frame_archive",
    ),
    "gan1d.session": (
        "starting_data",
        "messages.connection",
        "messages.commands",
        "messages.parts",
        "messages.objects",
        "messages.scene",
        "messages.traced",
        "messages.spectra",
        "messages.events",
        "messages.reading",
        "messages",
        "timeline",
        "change_marks",
        "history",
        "pacing",
        "flow_control",
        "session_info",
        "script",
        "run_record",
        "run",
        "restoration",
        "kept_runs",
        "look_back",
        "step_cost",
        "second_run",
        "step_tracing",
        "spectrum_answers",
        "spectrum_requests",
        "viewing",
        "playback",
        "inbox",
        "status",
        "session_events",
        "run_control",
        "compare_control",
        "session",
        "scheduler",
    ),
    "gan1d.replay": ("page_directory", "linking", "recorder", "html_page", "record", "game_page"),
    "gan1d.maps": ("content", "growing_results", "map_page"),
    "gan1d frames": ("notebook",),
    "gan1d public": ("",),
    "gan1d.server": (
        "access_control",
        "connections",
        "viewer",
        "lobby",
        "page_files",
        "upload",
        "languages",
        "maps",
        "numbers",
        "recordings",
        "exports",
        "games",
        "websocket",
        "app",
        "serving",
        "background",
    ),
    "gan1d.cli": (
        "console",
        "run",
        "check",
        "options",
        "data",
        "experiment",
        "export",
        "game",
        "train",
        "spectrum",
        "serve",
        "map",
        "sweep",
        "record",
        "commands",
    ),
    "gan1d program": ("__main__",),
}
"""Packages, lowest first, and the modules in each, lowest first. A module may import from any above it in this list.
A key is a package; a word behind it tells apart those whose modules stand on several floors. "" is the package."""

ORDER = [".".join(filter(None, (key.partition(" ")[0], name))) for key, modules in FLOORS.items() for name in modules]
"""All modules, lowest first."""

DOCSTRINGS_ONLY = {
    key for key in FLOORS if " " not in key and key not in ("gan1d", "gan1d.gallery", "gan1d.config", "gan1d.server")
}
"""Packages whose `__init__` imports nothing."""

# Metrics compare distributions and do not depend on how a network learns.
METRICS_MAY_NOT_IMPORT = ("gan1d.engine.objectives", "gan1d.engine.networks.optimizers")

NUMERIC = {"numpy"}
MODELS = NUMERIC | {"pydantic", "pydantic_core", "annotated_types", "typing_extensions"}
NETWORK = {"fastapi", "starlette", "uvicorn", "websockets"}
KNOWS_ASYNCIO = ("gan1d.server",)
MAY_SPEAK_HTTP = (
    "gan1d.server.connections",
    "gan1d.server.upload",
    "gan1d.server.numbers",
    "gan1d.server.recordings",
    "gan1d.server.exports",
    "gan1d.server.games",
    "gan1d.server.maps",
    "gan1d.server.app",
    "gan1d.server.serving",
)


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


def floor_of(module: str) -> int | None:
    """Position of a module in `ORDER`; a package whose `__init__` only gathers names stands above its modules."""
    if module in ORDER:
        return ORDER.index(module)
    inside = [floor for floor, name in enumerate(ORDER) if name.startswith(module + ".")]
    return max(inside) if inside and module in FLOORS else None


def home_of(imported: str, modules: set[str]) -> str:
    """The module that `from a.b import c` reads from: `a.b.c` if that is a module, else `a.b`."""
    while imported not in modules and "." in imported:
        imported = imported.rpartition(".")[0]
    return imported


def is_inside(module: str, packages: Collection[str]) -> bool:
    return any(module == package or module.startswith(package + ".") for package in packages)


def faults_inside(found: Import, home: str) -> Iterator[str]:
    """Faults of an import of one of our own modules."""
    place = f"{found.importer}:{found.line}"
    mine, theirs = floor_of(found.importer), floor_of(home)
    if mine is None:
        yield f"{found.importer} has no floor: give it a place in FLOORS"
    elif theirs is None:
        yield f"{home} has no floor: give it a place in FLOORS"
    elif home in DOCSTRINGS_ONLY:
        yield f"{place}: {home} re-exports nothing: import from its modules"
    elif found.importer in FLOORS and home.startswith(found.importer + "."):
        return
    elif theirs >= mine:
        yield f"{place}: {found.importer} imports {home}, which is not below it"
    elif is_inside(found.importer, ["gan1d.engine.metrics"]) and is_inside(home, METRICS_MAY_NOT_IMPORT):
        yield f"{place}: metrics know distributions only, not {home}"


def faults_outside(found: Import, top: str) -> Iterator[str]:
    """Faults of an import of the standard library or of a dependency."""
    importer = found.importer
    place = f"{importer}:{found.line}"
    in_engine = importer == "gan1d.knobs" or is_inside(importer, ["gan1d.engine"])
    if top in sys.stdlib_module_names:
        if top in ("asyncio", "socket") and not is_inside(importer, KNOWS_ASYNCIO):
            yield f"{place}: only the server knows {top}"
        if top == "json" and in_engine:
            yield f"{place}: the engine does not know json"
        return
    if importer == "gan1d.knobs":
        allowed: set[str] = set()
    elif in_engine:
        allowed = NUMERIC
    elif importer in (*MAY_SPEAK_HTTP, "gan1d.server"):
        allowed = MODELS | NETWORK
    else:
        allowed = MODELS
    if top not in allowed:
        yield f"{place}: {importer} imports {top}, which its floor does not have"


def faults(sources: dict[str, str], packages: Collection[str] = ()) -> list[str]:
    """Every import that goes up, sideways, outside or into a function body; empty when there is none."""
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


def faults_of_one(module: str, source: str) -> list[str]:
    """Faults of one module among otherwise empty ones."""
    packages = {key for key in FLOORS if " " not in key}
    return faults({**dict.fromkeys([*ORDER, *packages], ""), module: source}, packages)


def test_every_module_has_a_floor() -> None:
    sources, _ = read_package()
    assert [module for module in sources if floor_of(module) is None] == []


def test_every_floor_has_its_module() -> None:
    sources, _ = read_package()
    assert [module for module in ORDER if module not in sources] == []


def test_a_package_says_in_what_order_to_read_its_modules() -> None:
    unnamed = []
    for init in sorted(PACKAGE.rglob("__init__.py")):
        words = set(re.findall(r"`(?:gan1d\.)?(\w+)", ast.get_docstring(ast.parse(init.read_text("utf-8"))) or ""))
        modules = {path.stem for path in init.parent.glob("*.py")} - {"__init__"}
        modules |= {path.parent.name for path in init.parent.glob("*/__init__.py")}
        unnamed += [f"{init.parent.name}: {module}" for module in sorted(modules - words)]
    assert unnamed == []


def test_imports_go_down_only() -> None:
    assert faults(*read_package()) == []


@pytest.mark.parametrize(
    ("module", "source", "complaint"),
    [
        (
            "gan1d.engine.objectives.losses",
            "from gan1d.engine.training.trainer import Trainer",
            "not below it",
        ),
        ("gan1d.engine.objectives.losses", "from .unrolling import Unrolling", "not below it"),
        ("gan1d.engine.objectives.gradient_penalties", "from . import losses", "not below it"),
        (
            "gan1d.engine.metrics.divergences",
            "from gan1d.engine.networks.optimizers import Adam",
            "metrics know distributions only",
        ),
        ("gan1d.engine.networks.mlp", "import gan1d.config.model", "not below it"),
        ("gan1d.engine.training.trainer", "from gan1d.engine.data import x", "re-exports nothing"),
        ("gan1d.engine.networks.mlp", "import pydantic", "its floor does not have"),
        ("gan1d.engine.networks.mlp", "import scipy.stats", "its floor does not have"),
        ("gan1d.engine.networks.mlp", "import json", "does not know json"),
        ("gan1d.knobs", "import numpy as np", "its floor does not have"),
        ("gan1d.evaluation.frame", "import asyncio", "only the server knows asyncio"),
        ("gan1d.evaluation.codec", "from fastapi import WebSocket", "its floor does not have"),
        ("gan1d.session.session", "from starlette.websockets import WebSocket", "its floor does not have"),
        ("gan1d.session.session", "import socket", "only the server knows socket"),
        ("gan1d.session.session", "from gan1d.server.app import create", "not below it"),
        ("gan1d.server.lobby", "from gan1d.server.app import create", "not below it"),
        ("gan1d.gallery", "def f():\n    from gan1d.config import Config", "import inside a function"),
        ("gan1d.attic", "from gan1d.knobs import Knob", "has no floor"),
    ],
)
def test_a_fault_is_found(module: str, source: str, complaint: str) -> None:
    said = faults_of_one(module, source)
    assert len(said) == 1
    assert complaint in said[0]


def test_what_is_allowed_passes() -> None:
    source = "import math\nimport numpy as np\nfrom gan1d.engine.distributions.base import Class"
    assert faults_of_one("gan1d.engine.metrics.divergences", source) == []
    assert faults_of_one("gan1d.server.app", "import asyncio\nfrom fastapi import FastAPI\nimport gan1d") == []
