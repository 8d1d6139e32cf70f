"""The tables of the gallery: rows are replaced, and stand in the order of the menu."""

import argparse
import json
from dataclasses import replace
from pathlib import Path

import pytest

import gan1d
from benchmarks import gallery
from gan1d.cli import check
from gan1d.gallery.preset import read_rates
from gan1d.gallery.rates import SuccessRate


def test_rows_are_replaced_and_ordered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "gallery.md"
    monkeypatch.setattr(gallery, "DOCUMENT", path)
    path.write_text("Before.\n<!-- suite -->\n<!-- /suite -->\nAfter.\n", "utf-8")
    first, second, *_ = gan1d.presets
    gallery.put("suite", [f"`{second}`", "100"], True)
    gallery.put("suite", [f"`{first}`", "200"], True)
    gallery.put("suite", [f"`{second}`", "300"], True)
    lines = path.read_text("utf-8").splitlines()
    assert lines[0] == "Before."
    assert lines[2] == f"| {' | '.join(gallery.HEADS['suite'])} |"
    assert lines[3] == "|---|---|---|---|---|---|---|"
    assert lines[4:] == [f"| `{first}` | 200 |", f"| `{second}` | 300 |", "<!-- /suite -->", "After."]


def test_a_rate_in_cells() -> None:
    rate = SuccessRate(seeds=range(6), found=[25, None, 50, None, 75, None])
    assert gallery.numbers(rate) == ["3/6", "18.8% to 81.2%", "75", "–"]
    assert gallery.exceptions(rate) == "1, 3, 5"
    assert gallery.exceptions(SuccessRate(seeds=range(6), found=[None] * 6)) == "0, 1, 2, 3, …"


def test_unhelpful_changes_change_the_collapse() -> None:
    for label, changes in gallery.UNHELPFUL.values():
        config = gan1d.presets["mode_collapse"].config
        for path, value in changes.items():
            config = config.patched(path, value)
        assert config != gan1d.presets["mode_collapse"].config, label


@pytest.mark.slow
def test_kept_runs_are_not_repeated(tmp_path: Path) -> None:
    claim, config = gan1d.presets["diverging"].claim, gan1d.presets["diverging"].config
    given = argparse.Namespace(keep=tmp_path / "runs", workers=1)
    file, configs = given.keep / "diverging.jsonl", [config.patched("seed", seed) for seed in range(40, 43)]
    assert gallery.kept_runs(file, configs, [claim]) == gallery.kept_runs(None, configs, [claim]) == {}
    gallery.keep_run(file, configs[0], [claim], [7])
    gallery.keep_run(file, configs[1], [claim], [None])
    found = gallery.run_all("diverging", configs, [claim], given)
    assert found == [[7], [None], *check.run_block(configs[2:], [claim])]
    assert gallery.kept_runs(file, configs, [claim]) == dict(zip(range(40, 43), found, strict=True))


def test_kept_runs_with_other_settings_or_claims_are_repeated(tmp_path: Path) -> None:
    claim, config = gan1d.presets["diverging"].claim, gan1d.presets["diverging"].config
    gallery.keep_run(tmp_path / "a.jsonl", config, [claim], [7])
    other = config.patched("batch_size", 64)
    assert gallery.kept_runs(tmp_path / "a.jsonl", [other], [claim]) == {}
    assert gallery.kept_runs(tmp_path / "a.jsonl", [config], [replace(claim, by=100)]) == {}


def test_a_row_of_the_record_is_read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = tmp_path / "measured.json"
    record.write_text('{"diverging": {}}', "utf-8")
    monkeypatch.setattr(gallery, "MEASURED", record)
    row = gallery.measured_row(gan1d.presets["diverging"], 5, [[30], [None], [40]])
    gallery.write_measured("diverging", row)
    rates = read_rates(json.loads(record.read_text("utf-8"))["diverging"])
    assert rates == {"diverged": SuccessRate(seeds=range(5, 8), found=[30, None, 40])}
