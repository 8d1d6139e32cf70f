"""The tables of the gallery: rows are replaced, and stand in the order of the menu."""

from pathlib import Path

import gan1d
from benchmarks import gallery
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


def test_what_does_not_help_is_a_change_of_the_collapse() -> None:
    for label, changes in gallery.UNHELPFUL.values():
        config = gan1d.presets["mode_collapse"].config
        for path, value in changes.items():
            config = config.patched(path, value)
        assert config != gan1d.presets["mode_collapse"].config, label
