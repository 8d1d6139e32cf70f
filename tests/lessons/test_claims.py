"""Every experiment of the lessons shows what its page waits for, on every seed that was measured."""

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("latex2mathml", reason="latex2mathml is not installed (pip install -e '.[dev]')")
pytest.importorskip("mdit_py_plugins", reason="mdit-py-plugins is not installed (pip install -e '.[dev]')")

from benchmarks import lessons as benchmark
from docs.lessons import read_measured
from gan1d.lessons.lesson import PageGame
from gan1d.lessons.library import lesson_folders

PAGES = [
    pytest.param(folder, name, id=f"{folder.name}/{name}")
    for folder in lesson_folders()
    for name in benchmark.experiments_of(folder)
]
FEWEST_SEEDS = 20
LIGHT = ("4-play", "1-see-it")
"""Pages whose runs a newcomer's tests repeat; their conditions are met early."""


def page_of(folder: Path, name: str) -> tuple[dict[str, Any], Any, dict[str, Any]]:
    head, experiment = benchmark.experiments_of(folder)[name]
    return head, experiment, read_measured(folder)[name]


@pytest.mark.parametrize(("folder", "name"), PAGES)
def test_the_record_is_of_this_page(folder: Path, name: str) -> None:
    head, experiment, row = page_of(folder, name)
    again = f"measure again: python -m benchmarks.lessons --only {folder.name}"
    assert benchmark.is_current(row, head, experiment), again


@pytest.mark.parametrize(("folder", "name"), PAGES)
def test_every_run_that_was_measured_met_the_condition(folder: Path, name: str) -> None:
    head, experiment, row = page_of(folder, name)
    for key, waiting in (("waiting", head.get("waiting")), ("task", head.get("task", {}).get("waiting"))):
        if waiting:
            found = row[key]["found"]
            assert len(found) >= (1 if isinstance(experiment, PageGame) else FEWEST_SEEDS)
            assert None not in found, f"{key}: seeds from {row.get('first_seed')}"


def again(folder: Path, name: str, seeds: range) -> None:
    """Repeat what was measured on other seeds, and on that of the page itself."""
    head, experiment, _ = page_of(folder, name)
    row = benchmark.measure_page(head, experiment, [getattr(experiment, "seed", 0), *seeds])
    for key in ("waiting", "task"):
        if key in row:
            assert None not in row[key]["found"], f"{key}: {row[key]['found']} of seeds {experiment.seed}, {seeds}"


@pytest.mark.parametrize(("folder", "name"), [page for page in PAGES if page.values[1] in LIGHT])
def test_the_first_conditions_are_met_on_new_seeds(folder: Path, name: str) -> None:
    again(folder, name, range(6_000_000, 6_000_002))


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("folder", "name"), PAGES)
def test_every_condition_is_met_on_new_seeds(folder: Path, name: str) -> None:
    again(folder, name, range(6_000_100, 6_000_103))
