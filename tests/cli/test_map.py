"""`gan1d map`: the file that it writes, the server that it starts, and what it refuses."""

from pathlib import Path
from typing import Any

import pytest

from gan1d.cli import commands, map
from gan1d.maps.map_page import MAP_BEGINNING
from gan1d.server.serving import ServeError
from tests.maps.sweeps import PLANE, block_of_runs, write_results


@pytest.fixture
def file(tmp_path: Path) -> Path:
    write_results(tmp_path / "r.ndjson", PLANE, block_of_runs(PLANE, (0, 0), "converged", "plateau"))
    return tmp_path / "r.ndjson"


def test_a_map_is_written(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = file.with_name("map.html")
    assert commands.main(["map", str(file), "--out", str(out), "--title", "Rates"]) == commands.SUCCESS
    assert capsys.readouterr().out == f"{out}: 2 of 24 runs\n"
    assert out.read_text("utf-8").startswith(MAP_BEGINNING)
    assert "<title>Rates</title>" in out.read_text("utf-8")
    assert commands.main(["map", str(file), "-o", str(out)]) == commands.SUCCESS, "an earlier map is replaced"


def test_a_line_that_is_not_whole_is_left_out(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with file.open("ab") as stream:
        stream.write(b'{"cell": [1')
    commands.main(["map", str(file), "--out", str(file.with_name("map.html"))])
    assert "is not whole and was left out" in capsys.readouterr().err


def test_the_server_shows_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Any] = []
    monkeypatch.setattr(map, "serve", lambda *given: served.append(given))
    assert commands.main(["map", str(file), "--port", "0", "--no-browser"]) == commands.SUCCESS
    settings, address, _ = served[0]
    assert (settings.results, address.page, address.port, address.browser) == (file, "map", 0, False)


def test_other_files_are_never_replaced(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = file.with_name("mine.html")
    mine.write_text("<!doctype html>\n<p>mine")
    for out, sentence in ((mine, "holds something else"), (file, "Expected another file")):
        before = out.read_bytes()
        with pytest.raises(SystemExit) as ended:
            commands.main(["map", str(file), "--out", str(out)])
        assert ended.value.code == 2
        assert sentence in capsys.readouterr().err
        assert out.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["{}.no"], "Expected a file to read"),
        (["{}", "--out", "/no/such/folder/map.html"], "Expected a file to write"),
        (["{}", "--out", "{}.html", "--port", "0"], "--port cannot be used with --out: a file needs no server."),
        (["{}", "--title", "x"], "--title needs --out FILE"),
    ],
)
def test_wrong_input_is_one_line(
    file: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        commands.main(["map", *(argument.format(file) for argument in arguments)])
    error = capsys.readouterr().err
    assert ended.value.code == 2
    assert sentence in error
    assert error.count("\n") == 1


def test_a_map_beside_a_sweep_needs_no_options_and_does_not_stop_it(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    served: list[Any] = []

    def serve(*given: Any) -> None:
        served.append(given)
        raise ServeError("Port 8765 is busy.")

    monkeypatch.setattr(map, "serve", serve)
    map.begin_map("gan1d sweep", file).join()
    settings, address, _ = served[0]
    assert (settings.results, address.page) == (file, "map")
    assert capsys.readouterr().err == "gan1d sweep: --open: Port 8765 is busy.\n"
