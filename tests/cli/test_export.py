"""`gan1d export`: what is printed or written, and what is not overwritten."""

from pathlib import Path

import pytest

import gan1d
from gan1d.cli import commands
from gan1d.exports.export import FORMATS, ExportFormat


@pytest.mark.parametrize("format", FORMATS)
def test_an_experiment_is_printed_and_written_alike(
    format: ExportFormat, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["export", "--preset", "hinge", "--seed", "3", "--set", "batch_size=9", "--as", format]
    expected = gan1d.export(gan1d.presets["hinge"].config.patched("seed", 3).patched("batch_size", 9), format)
    assert commands.main(arguments) == 0
    assert capsys.readouterr() == (expected, "")
    assert commands.main([*arguments, "-o", str(tmp_path / "file")]) == 0
    assert capsys.readouterr() == ("", "")
    assert (tmp_path / "file").read_text("utf-8") == expected
    # An earlier file of the same format is replaced.
    assert commands.main(["export", "--as", format, "--output", str(tmp_path / "file")]) == 0
    assert (tmp_path / "file").read_text("utf-8") == gan1d.export(gan1d.Config(), format)


@pytest.mark.parametrize("format", FORMATS)
def test_a_file_of_the_user_is_kept(format: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine").write_text('"""My own program."""\n')
    with pytest.raises(SystemExit) as caught:
        commands.main(["export", "--as", format, "-o", str(tmp_path / "mine")])
    assert caught.value.code == 2
    line = f'gan1d export: --output: Expected a new file or one that gan1d wrote, but "{tmp_path / "mine"}" holds '
    assert capsys.readouterr().err.startswith(line)
    assert (tmp_path / "mine").read_text() == '"""My own program."""\n'


def test_settings_written_by_hand_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    for text in ('{\n  "seed": 3,\n  "batch_size": 64\n}\n', '{\n  "seed": 3,\n  "model": "mine"\n}\n'):
        file.write_text(text)
        with pytest.raises(SystemExit):
            commands.main(["export", "-o", str(file)])
        assert file.read_text() == text


def test_a_dash_is_standard_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert commands.main(["export", "-o", "-"]) == 0
    assert capsys.readouterr().out == gan1d.export(gan1d.Config(), "json")
    assert not list(tmp_path.iterdir())


def test_the_file_with_the_settings_is_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    assert commands.main(["export", "--seed", "5", "-o", str(file)]) == 0
    with pytest.raises(SystemExit):
        commands.main(["export", "--config", str(file), "--seed", "6", "-o", str(file)])
    assert gan1d.Config.model_validate_json(file.read_text()).seed == 5


def test_numbers_of_a_file_are_the_target(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "heights.csv").write_text("\n".join(map(str, range(160, 180))))
    assert commands.main(["export", "--data", str(tmp_path / "heights.csv"), "--as", "python"]) == 0
    assert "        160.0, 161.0, 162.0," in capsys.readouterr().out


def test_a_setting_without_a_program_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        commands.main(["export", "--as", "pytorch", "--set", "training_points=6000"])
    assert caught.value.code == 2
    assert capsys.readouterr().err.startswith("gan1d export: Expected at most 5\u202f000 training samples")
