"""`gan1d sweep`: what it prints, what it refuses, and the files that it writes."""

import csv
import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from gan1d import Config
from gan1d.cli import commands, sweep
from gan1d.cli.sweep import estimated_seconds
from gan1d.sweeps import workers
from gan1d.sweeps.execution import planned_blocks
from gan1d.sweeps.grid import sweep_of
from gan1d.sweeps.measurement import measure
from gan1d.sweeps.results import read_results
from gan1d.sweeps.tables import PARQUET_BEGINNING
from tests import tools

SMALL = ["--set", "batch_size=4", "--set", "generator.hidden=[2]", "--set", "discriminator.hidden=[2]"]
AXIS = ["--axis", "generator.optimizer.learning_rate=0.001:0.1:log:3"]
QUICK = ["sweep", *SMALL, *AXIS, "--seeds", "2", "--steps", "30"]


@pytest.fixture(autouse=True)
def threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads in place of processes, which take longer to start than all runs."""
    monkeypatch.setattr(workers, "worker_pool", ThreadPoolExecutor)


def test_results_and_table_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, table = tmp_path / "r.ndjson", tmp_path / "r.csv"
    assert commands.main([*QUICK, "-o", str(file), "--csv", str(table)]) == commands.SUCCESS
    out, err = capsys.readouterr()
    assert out == f"{file}: 6 runs, Learning: 6\n"
    assert err.endswith("6 of 6 runs\n")
    sweep, blocks, _ = read_results(file)
    assert sweep.axes[0].values == (0.001, 0.01, 0.1)
    assert sum(len(block.runs) for block in blocks) == 6
    with table.open() as stream:
        rows = list(csv.DictReader(stream))
    assert [row["generator.optimizer.learning_rate"] for row in rows] == ["0.001"] * 2 + ["0.01"] * 2 + ["0.1"] * 2
    assert [row["seed"] for row in rows] == ["1000000", "1000001"] * 3
    again = file.read_bytes()
    assert commands.main([*QUICK, "-o", str(file), "--csv", str(table)]) == commands.SUCCESS
    assert file.read_bytes() == again, "everything was done"


def test_a_damaged_line_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "r.ndjson"
    commands.main([*QUICK, "-o", str(file)])
    file.write_bytes(file.read_bytes()[:-9])
    capsys.readouterr()
    assert commands.main([*QUICK, "-o", str(file)]) == commands.SUCCESS
    assert f"the last line was damaged and is now in {file}.damaged" in capsys.readouterr().err
    assert sum(len(block.runs) for block in read_results(file)[1]) == 6


def test_a_file_that_was_begun_elsewhere_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "r.ndjson"
    commands.main([*QUICK, "-o", str(file)])
    header, first, *_ = file.read_bytes().splitlines(keepends=True)
    values = json.loads(header)
    values["fingerprint"]["numpy"] = "0.1"
    file.write_bytes(json.dumps(values).encode() + b"\n" + first)
    capsys.readouterr()
    assert commands.main([*QUICK, "-o", str(file)]) == commands.SUCCESS
    assert capsys.readouterr().err.startswith(
        f"gan1d sweep: {file} was begun with other versions or on another kind of processor: its remaining runs may "
        "take another course here\n"
    )


def test_a_dry_run_says_how_long_it_takes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "r.ndjson"
    assert commands.main([*QUICK, "--dry-run", "--workers", "2"]) == commands.SUCCESS
    first, second = capsys.readouterr().out.splitlines()
    assert first == "3 cells with 2 seeds and 30 steps: 6 runs, 6 of them left"
    assert second.startswith("about ")
    assert second.endswith(" on 2 processes")
    commands.main([*QUICK, "-o", str(file)])
    capsys.readouterr()
    commands.main([*QUICK, "-o", str(file), "--dry-run"])
    assert capsys.readouterr().out == "3 cells with 2 seeds and 30 steps: 6 runs, 0 of them left\n"


def test_a_map_is_opened_when_the_file_has_its_header(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, seen = tmp_path / "r.ndjson", list[int]()

    def begin_map(_: str, shown: Path) -> threading.Thread:
        seen.append(len(shown.read_bytes().splitlines()))
        thread = threading.Thread(target=lambda: None)
        thread.start()
        return thread

    monkeypatch.setattr(sweep, "begin_map", begin_map)
    assert commands.main([*QUICK, "-o", str(file), "--open"]) == commands.SUCCESS
    assert seen == [1]
    assert commands.main([*QUICK, "-o", str(file)]) == commands.SUCCESS
    assert seen == [1], "not without the option"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["-o", "{}"], "Expected 1 to 3 axes with different paths, but got none."),
        ([*AXIS], "Expected a file for the results (-o FILE), but got none."),
        ([*AXIS, "--seed", "3", "-o", "{}"], "--seed cannot be used: a sweep has --first-seed and --seeds."),
        (["--axis", "batch_size", "-o", "{}"], "Expected an axis such as"),
        (["--axis", "no.such=1,2", "-o", "{}"], "Expected one of"),
        (["--axis", "batch_size=0,8", "-o", "{}"], "batch_size"),
        (["--axis", "batch_size=1:999:linear:999", "--axis", "loss=hinge,minimax",
          "--axis", "seed=1,2,3,4,5,6", "-o", "{}"], "Expected at most 10\u202f000 cells, but got 11\u202f988"),
        ([*AXIS, "--executor", "ray", "-o", "{}"], "Expected processes or dask:tcp://HOST:PORT"),
        ([*AXIS, "-o", "/no/such/folder/r"], "/no/such/folder"),
    ],
)  # fmt: skip
def test_wrong_input_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    file = tmp_path / "r.ndjson"
    with pytest.raises(SystemExit) as error:
        commands.main(["sweep", *(argument.format(file) for argument in arguments)])
    assert error.value.code == commands.MISUSE if hasattr(commands, "MISUSE") else 2
    err = capsys.readouterr().err
    assert sentence in err
    assert err.count("\n") == 1
    assert not file.exists()


def test_a_file_of_somebody_else_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "thesis.txt"
    file.write_text("years of work")
    with pytest.raises(SystemExit):
        commands.main([*QUICK, "-o", str(file)])
    assert "holds something else" in capsys.readouterr().err
    assert file.read_text() == "years of work"


def test_a_cluster_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = commands.main([*QUICK, "--executor", "dask:tcp://127.0.0.1:9", "-o", str(tmp_path / "r")])
    assert status == commands.FAILURE
    err = capsys.readouterr().err
    if tools.MISSING["dask"]:
        assert "pip install 'gan1d[dask]'" in err
    else:
        assert err.startswith("gan1d sweep: No Dask scheduler answers at tcp://127.0.0.1:9")
    assert err.count("\n") == 1


@pytest.mark.skipif(bool(tools.MISSING["parquet"]), reason=tools.MISSING["parquet"])
def test_parquet_is_written(tmp_path: Path) -> None:
    table = tmp_path / "r.parquet"
    assert commands.main([*QUICK, "-o", str(tmp_path / "r"), "--parquet", str(table)]) == commands.SUCCESS
    assert table.read_bytes()[:4] == PARQUET_BEGINNING.encode()


def test_a_missing_library_is_said_before_work_is_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(SystemExit):
        commands.main([*QUICK, "-o", str(tmp_path / "r"), "--parquet", str(tmp_path / "r.parquet")])
    assert "pip install 'gan1d[parquet]'" in capsys.readouterr().err
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize("steps", [1, 400])
def test_the_estimate_of_a_dry_run_by_hand(monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    """24 runs, each with 3 s to begin and a quarter of a second for a step."""

    def measured(_: Config, seeds: range, steps: int, every: int = 0) -> tuple[None, float]:
        return None, len(seeds) * (3 + steps / 4)

    monkeypatch.setattr(sweep, "measure", measured)
    grid = sweep_of(Config(), {"generator.optimizer.learning_rate": [0.001, 0.01, 0.1]}, seeds=8, steps=steps)
    assert estimated_seconds(grid, planned_blocks(grid)) == pytest.approx(24 * (3 + steps / 4))


@pytest.mark.slow
@pytest.mark.parametrize("steps", [1, 400])
def test_the_estimate_of_a_dry_run_is_about_right(steps: int) -> None:
    base = Config().patched("batch_size", 16)
    grid = sweep_of(base, {"generator.optimizer.learning_rate": [0.001, 0.01, 0.1]}, seeds=8, steps=steps)
    planned = planned_blocks(grid)
    estimated = estimated_seconds(grid, planned)
    seconds = sum(measure(grid.config(each.cell), each.seeds, steps)[1] for each in planned)
    assert 0.4 * seconds < estimated < 2.5 * seconds


def test_cells_whose_runs_are_not_trained_together_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    axis = ["--axis", 'generator.lookahead="none",{"kind":"unrolled","steps":1}']
    assert commands.main(["sweep", *SMALL, *axis, "--seeds", "2", "--steps", "5", "--dry-run"]) == commands.SUCCESS
    assert "1 of 2 cells are trained one run at a time: their networks" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process.")
def test_an_interrupted_sweep_goes_on_later(tmp_path: Path) -> None:
    """Ctrl-C reaches the program and both workers, as in a terminal. What is finished is kept; no worker is left."""
    file = tmp_path / "grid.ndjson"
    rates = ",".join(f"0.00{rate}" for rate in range(1, 9))
    command = [
        sys.executable, "-m", "gan1d", "sweep", "--axis", f"generator.optimizer.learning_rate={rates}", "--seeds", "2",
        "--steps", "1500", "--workers", "2", "-o", str(file),
    ]  # fmt: skip
    process = subprocess.Popen(
        command, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        until = time.monotonic() + 60
        while not file.exists() or len(file.read_bytes().splitlines()) < 2:
            assert process.poll() is None
            assert time.monotonic() < until
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.02)
        os.killpg(process.pid, signal.SIGINT)
        # It ends when nothing writes to the pipes any more: neither the program nor a worker.
        said = process.communicate(timeout=60)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 130
    assert "Traceback" not in "".join(said)
    kept = file.read_bytes()
    assert kept.endswith(b"\n")
    assert len(kept.splitlines()) < 1 + 8
    again = subprocess.run(command, capture_output=True, text=True, timeout=100, check=True)
    assert again.stderr.count("Traceback") == 0
    assert file.read_bytes().startswith(kept)
    assert len(file.read_bytes().splitlines()) == 1 + 8


def test_the_help_lists_no_option_that_is_always_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        commands.main(["sweep", "--help"])
    shown = capsys.readouterr().out
    assert "--first-seed" in shown
    assert "--seed " not in shown
