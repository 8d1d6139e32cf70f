"""`gan1d.record`: what it writes, and what it refuses."""

from pathlib import Path

import pytest

import gan1d
from gan1d.output_files import OutputFileError
from gan1d.recording.run_log import End, RunLog
from gan1d.replay.html_page import PAGE_BEGINNING
from gan1d.replay.record import planned_run, record
from tests.session.fakes import SMALL


def test_a_config_becomes_a_file(tmp_path: Path) -> None:
    file = tmp_path / "run.html"
    assert gan1d.record(SMALL, file, steps=6, every=3, title="Six steps") == file
    page = file.read_text("utf-8")
    assert page.startswith(PAGE_BEGINNING)
    assert "<title>Six steps</title>" in page
    gan1d.record(SMALL, str(file), steps=3)
    assert "<title>gan1d</title>" in file.read_text("utf-8")


def test_a_preset_its_name_and_a_log_are_experiments() -> None:
    hinge = gan1d.presets["hinge"]
    for experiment in (hinge, "hinge"):
        log, preset = planned_run(experiment, 7)
        assert (log.config, log.last_step, preset) == (hinge.config, 7, "hinge")
    given = RunLog(SMALL, end=End(4))
    assert planned_run(given, 7) == (given, None)
    with pytest.raises(ValueError, match=r"Expected a preset \(default, .*\), but got 'nope'"):
        planned_run("nope", 7)


def test_a_file_of_somebody_else_is_not_replaced_and_no_step_is_made_for_it(tmp_path: Path) -> None:
    file = tmp_path / "thesis.html"
    file.write_text("<!doctype html>\n<p>My thesis", "utf-8")
    with pytest.raises(OutputFileError, match="holds something else"):
        record(SMALL, file, steps=10**9, every=10**9)
    assert file.read_text("utf-8").endswith("My thesis")


@pytest.mark.parametrize(("steps", "every"), [(-1, None), (5, 0)])
def test_numbers_out_of_bounds_are_refused(tmp_path: Path, steps: int, every: int | None) -> None:
    with pytest.raises(ValueError, match="Expected 0 steps or more and a picture every 1 or more, but got"):
        record(SMALL, tmp_path / "run.html", steps=steps, every=every)
