"""`gan1d game`: what is printed and written, and what is refused."""

import json
import math
from pathlib import Path

import pytest

from gan1d.cli import commands
from gan1d.games.game_presets import game_presets
from gan1d.replay.game_page import GAME_BEGINNING


def test_a_game_is_printed_with_its_rates(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["game"]) == 0
    game = json.loads(capsys.readouterr().out)
    # √(1 + 0.1²) in each of 150 steps, from 0.8·√2.
    assert game["tracks"][0]["rate"] == pytest.approx(math.sqrt(1.01), rel=1e-12)
    assert game["tracks"][0]["distance"] == pytest.approx(0.8 * math.sqrt(2) * 1.01**75, rel=1e-7)
    assert "spirals out" in game["tracks"][0]["near"]


def test_a_table_has_a_row_for_each_step_of_each_update(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "game.csv"
    assert commands.main(["game", "--preset", "circle", "--set", "steps=20", "--csv", str(file)]) == 0
    rows = file.read_text().splitlines()
    assert rows[0] == "step,track,theta,psi,distance"
    assert rows[1].startswith("0,1,0.8,0.8,")
    assert len(rows) == 1 + 2 * 21
    assert len(json.loads(capsys.readouterr().out)["tracks"]) == 2
    # An earlier table is replaced, another file is not.
    assert commands.main(["game", "--csv", str(file)]) == 0
    file.write_text("mine")
    with pytest.raises(SystemExit):
        commands.main(["game", "--csv", str(file)])
    assert file.read_text() == "mine"


def test_a_game_is_written_as_one_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "game.html"
    assert commands.main(["game", "--preset", "circle", "--set", "steps=20", "--html", str(file)]) == 0
    text = file.read_text("utf-8")
    assert text.startswith(GAME_BEGINNING)
    assert '"steps": 20' in text
    capsys.readouterr()
    file.write_text("mine")
    with pytest.raises(SystemExit):
        commands.main(["game", "--html", str(file)])
    assert file.read_text() == "mine"
    assert capsys.readouterr().err.startswith("gan1d game: --html: ")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--preset", "chess"], f"Expected a game ({', '.join(game_presets)}), but got"),
        (["--set", "update.learning_rate=9"], "Expected a number of 2 or less for update.learning_rate, but got 9."),
        (["--set", "nothing=1"], "Expected one of game, update, second, start, steps at 'nothing'"),
    ],
)
def test_wrong_input_is_one_line(arguments: list[str], line: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        commands.main(["game", *arguments])
    assert caught.value.code == 2
    error = capsys.readouterr().err
    assert line in error
    assert error.count("\n") == 1
