"""Output and errors when standard output or standard error is closed."""

import io
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from gan1d.cli import commands, console, run
from gan1d.cli.console import ProgressBar
from tests.session.fakes import SMALL

FULL = Path("/dev/full")
QUICK = ["run", "--steps", "1", "--set", "batch_size=4"]
COMMANDS = [["presets"], ["presets", "--json"], ["schema"], QUICK, ["--version"], ["--help"], ["run", "--help"]]

needs_full = pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full")


@pytest.fixture
def unread() -> Iterator[IO[str]]:
    """A pipe whose reader has gone."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", encoding="utf-8") as stream:
        yield stream


@pytest.fixture
def full() -> Iterator[IO[str]]:
    """A file on a disk without room."""
    with FULL.open("w", encoding="utf-8") as stream:
        yield stream


class Broken:
    """A stream whose reader is gone."""

    def write(self, _: str) -> int:
        raise BrokenPipeError

    def flush(self) -> None:
        raise BrokenPipeError

    def isatty(self) -> bool:
        return False


def status_of(arguments: list[str]) -> Any:
    """Also where argparse leaves by itself."""
    try:
        return commands.main(arguments)
    except SystemExit as ended:
        return ended.code


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_reader_that_has_had_enough_is_no_error(
    arguments: list[str], unread: IO[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", unread)
    assert status_of(arguments) == 0
    assert capsys.readouterr().err == ""


@needs_full
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_an_answer_that_found_no_room_is_one_line_and_status_1(
    arguments: list[str], full: IO[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", full)
    assert status_of(arguments) == 1
    assert capsys.readouterr().err == "gan1d: Cannot write to standard output: No space left on device.\n"


@needs_full
@pytest.mark.slow
@pytest.mark.parametrize("arguments", [["--version"], ["run", "--help"]], ids=" ".join)
def test_unbuffered_output_that_found_no_room_is_status_1(arguments: list[str]) -> None:
    command, unbuffered = [sys.executable, "-m", "gan1d", *arguments], {**os.environ, "PYTHONUNBUFFERED": "1"}
    with FULL.open("w", encoding="utf-8") as stream:
        done = subprocess.run(command, env=unbuffered, stdout=stream, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [["--version"], ["presets"]])
def test_python_has_nothing_to_add_at_its_end(arguments: list[str], unread: IO[str]) -> None:
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    command = [sys.executable, "-m", "gan1d", *arguments]
    done = subprocess.run(command, env=usual, stdout=unread, stderr=subprocess.PIPE, text=True, timeout=30, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("arguments", [["fly"], ["run", "--set", "batch_size=0"]])
def test_a_complaint_that_nobody_hears_is_still_status_2(
    arguments: list[str], unread: IO[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", unread)
    assert status_of(arguments) == 2


def test_closed_streams_lead_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert status_of(["presets"]) == 0
    sys.stdout.close()
    sys.stderr.close()


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_what_an_encoding_does_not_have_is_escaped(
    encoding: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("presets", "schema"):
        with (tmp_path / name).open("w", encoding=encoding) as stream:
            monkeypatch.setattr(sys, "stdout", stream)
            assert status_of([name]) == 0
    assert json.loads((tmp_path / "schema").read_text(encoding))["title"] == "Config"
    assert "default" in (tmp_path / "presets").read_text(encoding)


def test_a_run_does_not_need_anybody_to_follow_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run.time, "monotonic", itertools.count().__next__)
    broken: Any = Broken()
    assert run.HeadlessRun(SMALL, 100, progress=broken).advance(100) == 100


def test_neither_does_a_measurement() -> None:
    broken: Any = Broken()
    progress = ProgressBar(broken, 1)
    progress.update(1, "done")
    progress.close()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_bar_and_a_file_gets_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = itertools.count(1.0).__next__
    monkeypatch.setattr(console.time, "monotonic", clock)
    bar, lines = Terminal(), io.StringIO()
    for stream in (bar, lines):
        progress = ProgressBar(stream, 4)
        for done in range(1, 5):
            progress.update(done, f"{done} of 4 runs")
        progress.close()
    assert bar.getvalue().count("\r") == 4
    assert "\r[" + "#" * 30 + "] 4 of 4 runs, 0 s left" in bar.getvalue()
    assert "\r[" + "#" * 15 + "." * 15 + "] 2 of 4 runs, 2 s left" in bar.getvalue()
    assert bar.getvalue().endswith("\n")
    assert lines.getvalue() == "1 of 4 runs\n4 of 4 runs\n"


@pytest.mark.parametrize(
    "place", [pytest.param(FULL, marks=needs_full), pytest.param(Path(os.devnull).parent / "fd", id="unread")]
)
def test_a_table_that_cannot_be_written_is_one_line_and_status_1(
    place: Path, unread: IO[str], capsys: pytest.CaptureFixture[str]
) -> None:
    if place != FULL:
        place = place / str(unread.fileno())
        if not place.exists():
            pytest.skip("there is no /dev/fd")
    assert commands.main(["run", "--steps", "200", "--set", "batch_size=4", "--csv", str(place)]) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(f'gan1d run: Cannot write to "{place}": ')


def test_a_closed_standard_input_holds_no_numbers(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert status_of(["run", "--data", "-"]) == 2
    assert capsys.readouterr().err == "gan1d run: Expected standard input for --data -, but it is closed.\n"


def test_an_interrupt_before_a_command_is_known_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "parser", interrupt)
    assert status_of(["presets"]) == 130
    assert capsys.readouterr().err == "gan1d: interrupted\n"
