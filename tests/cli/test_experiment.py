"""`--config FILE`, and what it does not go with."""

import json
from pathlib import Path

import pytest

import gan1d
from gan1d.cli import commands


def printed(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Standard output of a command."""
    assert commands.main(arguments) == 0
    return capsys.readouterr().out


def test_a_run_starts_with_the_settings_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "wgan.json"
    printed(["export", "--preset", "wgan", "--set", "batch_size=8", "-o", str(file)], capsys)
    arguments = ["run", "--config", str(file), "--seed", "4", "--set", "loss.clip=0.2", "--steps", "1"]
    expected = gan1d.presets["wgan"].config.patched("batch_size", 8).patched("seed", 4).patched("loss.clip", 0.2)
    assert json.loads(printed(arguments, capsys))["config"] == expected.model_dump(mode="json")


def test_missing_settings_have_their_defaults(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "few.json").write_text('{"batch_size": 8}')
    found = json.loads(printed(["export", "--config", str(tmp_path / "few.json")], capsys))
    assert found == gan1d.Config().patched("batch_size", 8).model_dump(mode="json")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("batch_size: 8", "Expected settings as JSON, but got something else."),
        ("[" * 10_000, "Expected settings as JSON, but got something else."),
        ("\xff", "Expected settings as JSON, but got something else."),
        ("[]", "Expected an object, but got []."),
        ('{"batch_size": 0}', "Expected a number of 1 or more for batch_size, but got 0."),
        ('{"bath_size": 8}', "Expected no such setting for bath_size, but got 8."),
        (" " * 2**20 + "{}", "Expected settings of at most 1 MB, but got more."),
    ],
)
def test_a_wrong_file_is_one_line(
    content: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "config.json"
    file.write_text(content, "latin-1")
    with pytest.raises(SystemExit) as caught:
        commands.main(["export", "--config", str(file)])
    assert (caught.value.code, capsys.readouterr().err) == (2, f"gan1d export: {file}: {sentence}\n")


def test_a_missing_file_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "none.json"
    with pytest.raises(SystemExit):
        commands.main(["run", "--config", str(file)])
    line = f'gan1d run: Expected a file to read for --config, but got "{file}" (No such file or directory).\n'
    assert capsys.readouterr().err == line


def test_settings_come_from_one_place(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        commands.main(["run", "--config", "a.json", "--preset", "wgan"])
    assert capsys.readouterr().err == "gan1d run: --preset cannot be used with --config.\n"
