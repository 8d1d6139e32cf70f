"""The tables of the gallery: rows are replaced, and stand in the order of the menu."""

import argparse
from pathlib import Path

import gan1d
from benchmarks import gallery
from gan1d.cli import check
from gan1d.cli.check import SuccessRate


def test_rows_are_replaced_and_ordered(tmp_path: Path) -> None:
    path = tmp_path / "gallery.md"
    path.write_text("Before.\n<!-- suite -->\n<!-- /suite -->\nAfter.\n", "utf-8")
    first, second, *_ = gan1d.presets
    gallery.put(path, "suite", [f"`{second}`", "100"])
    gallery.put(path, "suite", [f"`{first}`", "200"])
    gallery.put(path, "suite", [f"`{second}`", "300"])
    lines = path.read_text("utf-8").splitlines()
    assert lines[0] == "Before."
    assert lines[2] == gallery.HEADS["suite"]
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


def test_kept_runs_are_not_repeated(tmp_path: Path) -> None:
    path, claim = tmp_path / "runs.jsonl", gan1d.presets["diverging"].claim
    path.write_text('{"row": "diverging", "seed": 40, "step": 7}\n{"row": "diverging", "seed": 41, "step": null}\n')
    given = argparse.Namespace(first_seed=40, seeds=3, keep=path, workers=1)
    rate = gallery.measure("diverging", gan1d.presets["diverging"].config, claim, given)
    assert rate.found[:2] == [7, None]
    assert rate.found[2] == check.run_seed(42, config=gan1d.presets["diverging"].config, claim=claim)
    assert gallery.kept(path) == {("diverging", 40 + index): step for index, step in enumerate(rate.found)}
    assert gallery.kept(tmp_path / "none.jsonl") == gallery.kept(None) == {}
