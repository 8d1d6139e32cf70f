"""Tables of results: columns of one type, in CSV and in Parquet."""

import csv
import importlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gan1d import Config
from gan1d.output_files import OutputFileError
from gan1d.sweeps.grid import Sweep, sweep_of
from gan1d.sweeps.results import Block
from gan1d.sweeps.tables import ParquetError, is_plain, write_csv, write_parquet
from tests import tools

needs_parquet = pytest.mark.skipif(bool(tools.MISSING["parquet"]), reason=tools.MISSING["parquet"])

RATE, HIDDEN = "generator.optimizer.learning_rate", "generator.hidden"
SWEEP = sweep_of(Config(), {RATE: [0.001, 1], HIDDEN: [[16], [8, 8]]}, seeds=2, steps=50, every=25)


def run(seed: int, error: float | None) -> dict[str, Any]:
    course = {"step": [25, 50], "error": [0.5, error]}
    return {"seed": 1_000_000 + seed, "outcome": "learning", "fitted": None, "error": error, "course": course}


BLOCKS = [Block((1, 0), [run(0, 0.25), run(1, None)], 1.0), Block((0, 1), [run(0, 0.5)], 1.0)]


def test_csv_has_a_row_for_each_run_without_its_course(tmp_path: Path) -> None:
    write_csv(SWEEP, BLOCKS, tmp_path / "r.csv", [])
    write_csv(SWEEP, BLOCKS, tmp_path / "r.csv", [])
    with (tmp_path / "r.csv").open() as stream:
        first, second, third = csv.DictReader(stream)
    assert first == {
        RATE: "0.001",
        HIDDEN: "[8, 8]",
        "seed": "1000000",
        "outcome": "learning",
        "fitted": "",
        "error": "0.5",
    }
    assert (second[RATE], second[HIDDEN], second["error"]) == ("1", "[16]", "0.25")
    assert (third["seed"], third["error"]) == ("1000001", "")


@needs_parquet
def test_parquet_has_typed_columns_courses_and_the_sweep(tmp_path: Path) -> None:
    file = tmp_path / "r.parquet"
    write_parquet(SWEEP, BLOCKS, file, [])
    write_parquet(SWEEP, BLOCKS, file, [])
    table = importlib.import_module("pyarrow.parquet").read_table(file)
    assert {name: str(table.schema.field(name).type) for name in (RATE, HIDDEN, "seed", "outcome", "error")} == {
        RATE: "double", HIDDEN: "string", "seed": "int64", "outcome": "string", "error": "double",
    }  # fmt: skip
    rows = table.to_pylist()
    assert [(row[RATE], row[HIDDEN], row["seed"], row["error"]) for row in rows] == [
        (0.001, "[8, 8]", 1_000_000, 0.5), (1.0, "[16]", 1_000_000, 0.25), (1.0, "[16]", 1_000_001, None),
    ]  # fmt: skip
    assert rows[0]["course"] == {"step": [25, 50], "error": [0.5, 0.5]}
    header = json.loads(table.schema.metadata[b"gan1d_sweep"])
    assert Sweep.from_json(header) == SWEEP


@needs_parquet
@pytest.mark.parametrize("name", ["thesis.txt", "no/such/folder"])
def test_parquet_replaces_nothing_of_the_user(tmp_path: Path, name: str) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(OutputFileError):
        write_parquet(SWEEP, BLOCKS, tmp_path / name, [])
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


@needs_parquet
def test_parquet_of_others_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "mine.parquet"
    arrow, parquet = (importlib.import_module(name) for name in ("pyarrow", "pyarrow.parquet"))
    parquet.write_table(arrow.table({"x": [1, 2]}), file)
    before = file.read_bytes()
    with pytest.raises(OutputFileError, match="holds something else"):
        write_parquet(SWEEP, BLOCKS, file, [])
    assert file.read_bytes() == before


@pytest.mark.parametrize("write", [write_csv, pytest.param(write_parquet, marks=needs_parquet)])
def test_a_full_disk_is_one_sentence(tmp_path: Path, write: Callable[..., None]) -> None:
    with tools.full_disk(20), pytest.raises(OutputFileError, match=r"Expected a file to write, but got .*arge"):
        write(SWEEP, BLOCKS, tmp_path / "r", [])
    write(SWEEP, BLOCKS, tmp_path / "r", [])
    assert (tmp_path / "r").stat().st_size > 20


def test_parquet_needs_pyarrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ParquetError, match=r"pip install 'gan1d\[parquet\]'"):
        write_parquet(SWEEP, BLOCKS, tmp_path / "r", [])
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 0.5], True),
        (["a", "b"], True),
        ([True, False], True),
        ([1, "a"], False),
        ([1, True], False),
        ([[1]], False),
    ],
)
def test_columns_of_one_type_stay_as_they_are(values: list[Any], expected: bool) -> None:
    assert is_plain(values) is expected
