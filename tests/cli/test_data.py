"""Numbers from a file or from standard input as the target of `gan1d run`."""

import io
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from gan1d.cli import commands, data
from tests.cli.program import Capture, main_says

TABLE = "who;cm\n" + "".join(f"p{i};{150 + i},5\n" for i in range(30))


def ran_on(capsys: Capture, *arguments: str) -> Any:
    assert commands.main(["run", "--steps", "2", *arguments]) == 0
    return json.loads(capsys.readouterr().out)


def test_run_imitates_the_numbers_in_a_file(capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "data.csv"
    file.write_text(TABLE, "utf-8")
    to_json = ran_on(capsys, "--data", str(file), "--column", "cm", "--set", "training_points=5")
    assert to_json["config"]["target"]["values"] == [150.5 + i for i in range(30)]
    assert to_json["config"]["training_points"] == 5
    assert to_json["metrics"]["points_wasserstein1"] > 0


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e9])
def test_run_imitates_numbers_of_any_scale(scale: float, capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "data.csv"
    values = [scale * (3 + n % 7) for n in range(30)]
    file.write_text("x\n" + "".join(f"{value!r}\n" for value in values), "utf-8")
    to_json = ran_on(capsys, "--data", str(file))
    assert to_json["config"]["target"]["values"] == values
    assert 0 < to_json["metrics"]["wasserstein1"] < 100 * scale


def test_options_lead_on_where_numbers_are_missing_or_too_many(capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "data.csv"
    file.write_text("x\nNA\n" + "".join(f"{n}\n" for n in range(2500)), "utf-8")
    found = [
        ran_on(capsys, "--data", str(file), "--skip-invalid", "--sample", "--seed", seed)["config"]["target"]["values"]
        for seed in ("1", "1", "2")
    ]
    assert found[0] == found[1] != found[2]
    assert len(found[0]) == 2000
    assert set(found[0]) <= set(range(2500))


def test_run_reads_numbers_from_standard_input(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(" ".join(map(str, range(12))).encode())))
    assert ran_on(capsys, "--data", "-")["config"]["target"]["values"] == list(range(12))


def test_without_fixed_points_there_is_no_distance_to_them(capsys: Capture) -> None:
    assert ran_on(capsys)["metrics"]["points_wasserstein1"] is None


@pytest.mark.parametrize(
    ("content", "more", "sentence"),
    [
        (b"1\n2\nabc\n4\n", [], "Expected a number in row 3, but got \u201cabc\u201d."),
        (b"1\n2\n3\n", [], "Expected 10 numbers or more, but got 3."),
        (b"0\n1\n" * 1001, [], "Expected 2000 numbers or fewer, but got 2002."),
        (TABLE.encode(), [], "Expected one column, or --column with one of who, cm."),
        (TABLE.encode(), ["--column", "kg"], 'Expected one of who, cm, but got "kg".'),
        (b"1,5\n2,5\n" * 6, [], "may be part of the number or separate two columns. Use --decimal . or --decimal ,"),
        (b"\xff\xfe\x00", [], "Expected a text file such as CSV"),
        (b"5\n" * 20, [], "Expected numbers that differ, but got 20 times 5."),
    ],
)
def test_bad_data_is_one_line_and_status_2(
    content: bytes, more: list[str], sentence: str, capsys: Capture, tmp_path: Path
) -> None:
    file = tmp_path / "data.csv"
    file.write_bytes(content)
    with pytest.raises(SystemExit) as ended:
        commands.main(["run", "--data", str(file), *more])
    to_json = capsys.readouterr()
    assert ended.value.code == 2
    assert sentence in to_json.err
    assert to_json.err.count("\n") == 1
    assert to_json.out == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [(["--data", "/nowhere.csv"], "Expected a file to read for --data"), (["--column", "a"], "--column needs --data")],
)
def test_data_that_is_not_there_is_one_line_and_status_2(arguments: list[str], sentence: str, capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended:
        commands.main(["run", *arguments])
    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err


def test_standard_input_that_is_closed_or_without_an_end_is_one_line_and_status_2(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    said = main_says(capsys, "run", "--data", "-")
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr == "gan1d run: Expected standard input for --data -, but it is closed.\n"
    monkeypatch.setattr(data, "LARGEST_FILE", 2**20)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"1\n" * 2**20)))
    said = main_says(capsys, "run", "--data", "-")
    assert (said.returncode, said.stderr) == (2, "gan1d run: -: Expected at most 1 MB, but got more.\n")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no named pipes")
def test_a_pipe_is_read_and_a_large_file_shows_its_progress(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(" ".join(map(str, range(12))),))
    writer.start()
    assert ran_on(capsys, "--data", str(pipe))["config"]["target"]["values"] == list(range(12))
    writer.join()
    monkeypatch.setattr(data, "SLOW_BYTES", 1000)
    file = tmp_path / "data.csv"
    file.write_text(" ".join(map(str, range(1000))))
    said = main_says(capsys, "run", "--steps", "0", "--data", str(file))
    assert (said.returncode, said.stderr.splitlines()[0]) == (0, "read 0 of 0 MB")
