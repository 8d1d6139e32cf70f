"""Logs: written by `gan1d run`, and repeated bit for bit by `gan1d train`."""

import csv
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.program import CLEAN, PATIENCE, Capture, gan1d_says, main_says

EVENTS = """[20, "set", {"generator.hidden": [4]}, {"reinitialize": true}]
[30, "step", {"player": "generator", "count": 5}]
[40, "mark", "look"]
[60, "end", {"digest": "", "diverged": false}]
"""


def write_log(capsys: Capture, file: Path, events: str = EVENTS) -> None:
    assert main_says(capsys, "run", "--steps", "1", "--set", "batch_size=4", "--log", str(file)).returncode == 0
    file.write_text(file.read_text().splitlines()[0] + "\n" + events)


def test_a_log_is_repeated_bit_for_bit(capsys: Capture, tmp_path: Path) -> None:
    written, again = tmp_path / "run.log", tmp_path / "again.log"
    write_log(capsys, written)
    first = json.loads(main_says(capsys, "replay", str(written), "--log", str(again)).stdout)
    assert first["config"]["generator"]["hidden"] == [4]
    assert first["step"] == 60
    assert "repeated" not in first
    assert again.read_text().splitlines()[1:-1] == EVENTS.splitlines()[:-1]
    said = main_says(capsys, "replay", str(again), "--csv", str(tmp_path / "table.csv"))
    assert said.returncode == 0
    second = json.loads(said.stdout)
    assert second.pop("repeated") is True
    assert second == first
    assert "another course" not in said.stderr
    with (tmp_path / "table.csv").open() as file:
        assert [int(row["step"]) for row in csv.DictReader(file)] == list(range(1, 61))


@pytest.mark.slow
def test_a_log_of_a_run_is_repeated_bit_for_bit(capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "run.log"
    first = main_says(capsys, "run", "--steps", "70", "--set", "batch_size=4", "--log", str(file))
    assert json.loads(gan1d_says("replay", str(file)).stdout) == json.loads(first.stdout) | {"repeated": True}


def test_a_run_that_diverges_is_repeated_to_its_last_bit(capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "run.log"
    said = main_says(capsys, "run", "--preset", "diverging", "--steps", "400", "--log", str(file))
    first = json.loads(said.stdout)
    assert first["diverged"] is not None
    assert json.loads(main_says(capsys, "replay", str(file)).stdout) == first | {"repeated": True}


def test_another_course_is_said(capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "run.log"
    write_log(capsys, file, '[10, "end", {"digest": "0123456789abcdef", "diverged": false}]\n')
    said = main_says(capsys, "replay", str(file))
    assert said.returncode == 3
    assert json.loads(said.stdout)["repeated"] is False
    assert "gan1d replay: The run took another course than the one in the log." in said.stderr


@pytest.mark.parametrize("arguments", [("--log", "run.log"), ("--csv", "run.log"), ("--csv", "x", "--log", "x")])
def test_no_output_of_a_replay_replaces_its_log_or_the_other_output(
    capsys: Capture, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    write_log(capsys, tmp_path / "run.log")
    content = (tmp_path / "run.log").read_bytes()
    names = [word if word.startswith("-") else str(tmp_path / word) for word in arguments]
    said = main_says(capsys, "replay", str(tmp_path / "run.log"), *names)
    assert said.returncode == 2
    assert "Expected another file than all others of this command" in said.stderr
    assert (tmp_path / "run.log").read_bytes() == content


def test_what_is_no_log_is_refused(capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "heights.csv"
    file.write_text("cm\n180\n")
    said = main_says(capsys, "replay", str(file))
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr.startswith(f'gan1d replay: {file}: Expected the log of a run, which begins with {{"gan1d_log":')
    said = main_says(capsys, "replay", str(tmp_path / "none.log"))
    assert said.returncode == 1
    assert said.stderr == f'gan1d replay: "{tmp_path / "none.log"}": No such file or directory\n'


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_an_interrupted_run_leaves_its_log(capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "run.log"
    process = subprocess.Popen(
        [sys.executable, "-m", "gan1d", "run", "--steps", "100000000", "--set", "batch_size=4", "--log", str(file)],
        env=CLEAN, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("step ")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
    assert process.returncode == 130
    step, kind, end = json.loads(file.read_text().splitlines()[-1])
    assert step > 0
    assert (kind, end) == ("end", {"digest": "", "diverged": False})
    assert json.loads(main_says(capsys, "replay", str(file)).stdout)["step"] == step
