"""`gan1d.sweep`: results as columns, with a file that goes on."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import gan1d
from gan1d.sweeps import workers
from gan1d.sweeps.results import ResultsError

QUICK = gan1d.Config.parsed({"batch_size": 4, "generator": {"hidden": [2]}, "discriminator": {"hidden": [2]}})
AXES = {"generator.optimizer.learning_rate": [0.001, 0.01], "loss": ["hinge", "wasserstein"]}


@pytest.fixture(autouse=True)
def threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads in place of processes, which take longer to start than all runs."""
    monkeypatch.setattr(workers, "worker_pool", ThreadPoolExecutor)


def test_a_row_for_each_run() -> None:
    columns = gan1d.sweep(QUICK, AXES, seeds=3, steps=25, workers=2)
    assert columns["generator.optimizer.learning_rate"] == [0.001] * 6 + [0.01] * 6
    assert columns["loss"] == (["hinge"] * 3 + ["wasserstein"] * 3) * 2
    assert columns["seed"] == [1_000_000, 1_000_001, 1_000_002] * 4
    assert len(columns["error"]) == 12
    assert all(error > 0 for error in columns["error"])


def test_a_file_is_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "r.ndjson"
    columns = gan1d.sweep(QUICK, AXES, seeds=2, steps=25, file=file)
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:3]))
    assert gan1d.sweep(QUICK, AXES, seeds=2, steps=25, file=file) == columns
    monkeypatch.setattr(workers, "worker_pool", None)
    assert gan1d.sweep(QUICK, AXES, seeds=2, steps=25, file=file) == columns, "nothing is left to do"
    with pytest.raises(ResultsError, match="it differs in steps"):
        gan1d.sweep(QUICK, AXES, seeds=2, steps=50, file=file)


def test_a_file_that_was_begun_elsewhere_gives_a_warning(tmp_path: Path) -> None:
    file = tmp_path / "r.ndjson"
    columns = gan1d.sweep(QUICK, AXES, seeds=2, steps=25, file=file)
    header, first, *_ = file.read_bytes().splitlines(keepends=True)
    values = json.loads(header)
    values["fingerprint"]["numpy"] = "0.1"
    file.write_bytes(json.dumps(values).encode() + b"\n" + first)
    with pytest.warns(UserWarning, match="was begun with other versions"):
        assert gan1d.sweep(QUICK, AXES, seeds=2, steps=25, file=file) == columns


def test_the_base_is_a_config_a_preset_or_its_name() -> None:
    for base in ("wgan", gan1d.presets["wgan"], gan1d.presets["wgan"].config):
        columns = gan1d.sweep(base, {"batch_size": [4]}, seeds=1, steps=1)
        assert columns["outcome"] == ["learning"]
    with pytest.raises(gan1d.ConfigError, match="Expected a preset"):
        gan1d.sweep("no_such", {"batch_size": [4]})
