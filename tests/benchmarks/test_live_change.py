"""The benchmark of live changes times what it says. How long a change takes is not tested here."""

import pytest

from benchmarks import live_change
from gan1d.config.model import Config


@pytest.mark.parametrize("path", live_change.SETTINGS)
def test_every_setting_is_live_and_changes_each_time(path: str) -> None:
    first, second = (Config().patched(path, value) for value in live_change.SETTINGS[path])
    assert first.effect_of(second) == "live"
    assert Config().effect_of(first) == "live"


def test_the_effect_comes_before_the_answer() -> None:
    effects, answers = live_change.messages("penalty.gamma", 3)
    assert len(effects) == len(answers) == 3
    assert all(0 < effect < answer for effect, answer in zip(effects, answers, strict=True))


@pytest.mark.slow
def test_the_table_has_a_row_for_every_setting(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_change, "WARM_UP", 2)
    rows = live_change.table(2)
    assert list(rows) == list(live_change.SETTINGS)
    assert all(list(row) == ["change", "effect", "answer"] for row in rows.values())
    assert capsys.readouterr().out.count("goal 300 µs: ") == len(rows)
