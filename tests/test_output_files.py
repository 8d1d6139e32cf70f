"""Outputs never replace an input or a file that gan1d did not write."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gan1d.cli import commands
from gan1d.output_files import OutputFileError, check_output, open_output

HEAD = "step,loss\n"
RUN = ["run", "--steps", "2", "--set", "batch_size=4"]


def test_a_new_an_empty_and_an_earlier_output_are_written(tmp_path: Path) -> None:
    for content in (None, "", f"{HEAD}1,2\n"):
        file = tmp_path / "out.csv"
        if content is not None:
            file.write_text(content)
        with open_output(file, [], HEAD) as table:
            table.write("new")
        assert file.read_text() == "new"
        file.unlink()


@pytest.mark.parametrize("content", ["x\n1\n", f"{HEAD[:-1]},more\n", HEAD[:-1], "\0"])
def test_a_file_of_somebody_else_is_left_alone(tmp_path: Path, content: str) -> None:
    file = tmp_path / "out.csv"
    file.write_text(content)
    with pytest.raises(OutputFileError, match="holds something else"):
        open_output(file, [], HEAD)
    assert file.read_text() == content


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
@pytest.mark.parametrize("reach", ["same", "symlink", "hardlink", "dots", "directory_link"])
def test_an_input_is_left_alone_by_whatever_name(tmp_path: Path, reach: str) -> None:
    (tmp_path / "inner").mkdir()
    file = tmp_path / "data.csv"
    file.write_text(f"{HEAD}1,2\n")
    other = {
        "same": file,
        "symlink": tmp_path / "link.csv",
        "hardlink": tmp_path / "hard.csv",
        "dots": tmp_path / "inner" / ".." / "data.csv",
        "directory_link": tmp_path / "there" / "data.csv",
    }[reach]
    if reach == "symlink":
        other.symlink_to(file)
    elif reach == "hardlink":
        other.hardlink_to(file)
    elif reach == "directory_link":
        (tmp_path / "there").symlink_to(tmp_path)
    with pytest.raises(OutputFileError, match="Expected another file than all others of this command"):
        open_output(other, [file], HEAD)
    assert file.read_text() == f"{HEAD}1,2\n"


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
@pytest.mark.parametrize("reach", ["same", "dots", "directory_link", "dangling"])
def test_two_new_outputs_of_one_name_are_refused_before_any_work(tmp_path: Path, reach: str) -> None:
    (tmp_path / "there").symlink_to(tmp_path)
    (tmp_path / "link.csv").symlink_to(tmp_path / "new.csv")
    name = {"same": "new.csv", "dots": "inner/../new.csv", "directory_link": "there/new.csv", "dangling": "link.csv"}
    (tmp_path / "inner").mkdir()
    with pytest.raises(OutputFileError, match="Expected another file than all others of this command"):
        check_output(tmp_path / name[reach], [tmp_path / "new.csv"], HEAD)
    check_output(tmp_path / "other.csv", [tmp_path / "new.csv", Path("-")], HEAD)


def test_standard_input_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "data.csv"
    file.write_text(f"{HEAD}\n")
    with file.open() as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        with pytest.raises(OutputFileError, match="Expected another file"):
            open_output(file, [Path("-")], HEAD)
    monkeypatch.setattr(sys, "stdin", None)
    open_output(file, [Path("-")], HEAD).close()


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(OutputFileError, match="Expected a file to write"):
        open_output(tmp_path, [], HEAD)


@pytest.mark.parametrize(
    "command",
    [
        [*RUN, "--csv", "-"],
        [*RUN, "--log", "-"],
        ["record", "--steps", "2", "-o", "-"],
        ["game", "--csv", "-"],
        ["game", "--html", "-"],
        ["sweep", "--axis", "seed=1:2:2", "-o", "-"],
    ],
    ids=lambda command: " ".join(command[:1] + command[-2:-1]),
)
def test_a_dash_is_no_name_of_an_output(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        commands.main(command)
    assert ended.value.code == 2
    assert 'Expected the name of a file, but got "-": standard output has' in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_refused_command_empties_no_earlier_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, log = tmp_path / "run.csv", tmp_path / "log.txt"
    assert commands.main([*RUN, "--csv", str(table)]) == 0
    log.write_text("notes")
    before = table.read_text()
    with pytest.raises(SystemExit):
        commands.main([*RUN, "--csv", str(table), "--log", str(log)])
    assert "gan1d run: --log: Expected a new file" in capsys.readouterr().err
    assert table.read_text() == before


@pytest.mark.skipif(os.name == "nt", reason="the system has no name for standard output")
@pytest.mark.parametrize(
    "command",
    [["run", "--steps", "1", "--csv"], ["game", "--csv"], ["game", "--html"], ["record", "--steps", "1", "-o"]],
)
def test_no_output_is_written_over_what_is_printed(tmp_path: Path, command: list[str]) -> None:
    printed = tmp_path / "out.json"
    for name in ("/dev/stdout", str(printed)):
        with printed.open("w") as stdout:
            ended = subprocess.run(
                [sys.executable, "-m", "gan1d", *command, name],
                stdout=stdout, stderr=subprocess.PIPE, text=True, timeout=60, check=False,
            )  # fmt: skip
        assert ended.returncode == 2
        assert "Expected another file than all others of this command" in ended.stderr
        assert printed.read_text() == ""


def test_the_command_refuses_and_replaces(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, table = tmp_path / "heights.csv", tmp_path / "run.csv"
    numbers = "cm\n" + "\n".join(str(160 + index) for index in range(20))
    data.write_text(numbers)
    for arguments in (["--csv", str(data)], ["--data", str(data), "--csv", str(data)]):
        with pytest.raises(SystemExit) as ended:
            commands.main([*RUN, *arguments])
        assert ended.value.code == 2
        assert capsys.readouterr().err.startswith("gan1d run: --csv: Expected ")
        assert data.read_text() == numbers
    for _ in range(2):
        assert commands.main([*RUN, "--data", str(data), "--csv", str(table)]) == 0
    assert len(table.read_text().splitlines()) == 3
    copy = str(shutil.copy(table, tmp_path / "copy.csv"))
    with pytest.raises(SystemExit):
        commands.main([*RUN, "--data", copy, "--column", "loss_d", "--csv", copy])
    assert Path(copy).read_text() == table.read_text()
