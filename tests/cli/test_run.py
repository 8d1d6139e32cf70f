"""`gan1d run`: its output, its file, and a run that diverges."""

import csv
import io
import json
from pathlib import Path

import pytest

import gan1d
from gan1d.cli import commands
from tests.cli.program import Capture, main_says


def test_run_prints_one_json_object_and_a_row_a_step(capsys: Capture, tmp_path: Path) -> None:
    table = tmp_path / "run.csv"
    done = main_says(capsys, "run", "--steps", "60", "--seed", "3", "--set", "batch_size=8",
                      "--set", "generator.activation=relu", "--csv", str(table))  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    result = json.loads(done.stdout)
    assert set(result) == {"config", "step", "losses", "metrics", "exact", "diagnosis", "diverged", "fingerprint"}
    assert result["exact"] is True
    assert (result["step"], result["diverged"]) == (60, None)
    assert result["config"]["seed"] == 3
    assert result["config"]["batch_size"] == 8
    assert result["config"]["generator"]["activation"]["kind"] == "relu"
    assert {"wasserstein1", "jensen_shannon", "mode_masses"} <= set(result["metrics"])
    rows = list(csv.DictReader(io.StringIO(table.read_text("utf-8"))))
    assert [int(row["step"]) for row in rows] == list(range(1, 61))
    assert [int(row["step"]) for row in rows if row["wasserstein1"]] == [50, 60]
    assert float(rows[-1]["loss_d"]) == result["losses"]["discriminator"]
    assert float(rows[-1]["wasserstein1"]) == result["metrics"]["wasserstein1"]


def test_run_is_the_run_of_the_library(capsys: Capture) -> None:
    assert commands.main(["run", "--steps", "120", "--preset", "textbook"]) == 0
    result = json.loads(capsys.readouterr().out)
    trainer = gan1d.Trainer(gan1d.presets["textbook"].config)
    trainer.run(120)
    assert result["metrics"]["wasserstein1"] == gan1d.observe(trainer).wasserstein1


def test_estimates_are_called_so(capsys: Capture) -> None:
    assert commands.main(["run", "--steps", "2", "--set", "latent.dimension=2", "--set", "conditional=true"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["exact"] is False
    assert result["metrics"]["class_wasserstein1"] > 0


def test_what_is_not_a_number_is_null(capsys: Capture) -> None:
    assert commands.main(["run", "--steps", "0"]) == 0
    result = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert result["losses"] == {"discriminator": None, "generator": None}


def test_a_run_that_diverges_says_so(capsys: Capture, tmp_path: Path) -> None:
    player = {"hidden": [16, 16], "activation": {"kind": "leaky_relu"}, "input_scale": 10.0,
              "optimizer": {"kind": "sgd", "learning_rate": 10.0}}  # fmt: skip
    sets = [f"--set={name}={json.dumps(player)}" for name in ("generator", "discriminator")]
    table = tmp_path / "run.csv"
    assert commands.main(["run", "--steps", "500", "--set", "penalty=none", *sets, "--csv", str(table)]) == 0
    result = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert result["diverged"]["step"] == result["step"] + 1
    assert len(table.read_text("utf-8").splitlines()) == 1 + result["step"]
