"""`gan1d record`: the file, what it says of it, and that no mistake costs an earlier one."""

import json
import re
from pathlib import Path

import pytest

from gan1d.cli import commands, record
from gan1d.recording.run_log import OTHER_COURSE
from gan1d.replay.html_page import PAGE_BEGINNING

TINY = ["--set", "batch_size=4", "--set", "generator.hidden=[2]", "--set", "discriminator.hidden=[2]"]


def test_record_writes_a_page_and_says_its_size(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "run.html"
    assert commands.main(["record", "--steps", "20", "--every", "5", *TINY, "--seed", "3", "-o", str(file)]) == 0
    out, err = capsys.readouterr()
    assert re.fullmatch(rf"{re.escape(str(file))}: 5 pictures of 20 steps, 0\.\d\d MB\n", out)
    assert err.splitlines()[-1] == "step 20 of 20"
    assert file.read_text("utf-8").startswith(PAGE_BEGINNING)
    assert commands.main(["record", "--steps", "0", *TINY, "-o", str(file)]) == 0
    assert ": 1 picture of 0 steps, " in capsys.readouterr().out


def test_record_repeats_a_log(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    log, file = tmp_path / "run.ndjson", tmp_path / "run.html"
    assert commands.main(["run", "--steps", "9", *TINY, "--log", str(log)]) == 0
    assert commands.main(["record", "--log", str(log), "--every", "4", "-o", str(file)]) == 0
    assert ": 4 pictures of 9 steps, " in capsys.readouterr().out
    before = log.read_text("utf-8")
    with pytest.raises(SystemExit):
        commands.main(["record", "--log", str(log), "-o", str(log)])
    assert "Expected another file than all others of this command" in capsys.readouterr().err
    assert log.read_text("utf-8") == before


def test_a_run_that_took_another_course_is_recorded_and_said(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    log, file = tmp_path / "run.ndjson", tmp_path / "run.html"
    assert commands.main(["run", "--steps", "2", *TINY, "--log", str(log)]) == 0
    for is_said in (False, True):
        if is_said:
            *events, (step, name, end) = map(json.loads, log.read_text("utf-8").splitlines())
            lines = [*events, [step, name, end | {"digest": "0" * 16}]]
            log.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
        capsys.readouterr()
        assert commands.main(["record", "--log", str(log), "-o", str(file)]) == 0
        assert (OTHER_COURSE in capsys.readouterr().err) is is_said
        assert file.exists()


def test_a_log_from_elsewhere_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    log, file = tmp_path / "run.ndjson", tmp_path / "run.html"
    assert commands.main(["run", "--steps", "2", *TINY, "--log", str(log)]) == 0
    for numpy, is_said in ((None, False), ("1.0", True)):
        head, *events = log.read_text("utf-8").splitlines()
        said = json.loads(head)
        if numpy:
            said["fingerprint"]["numpy"] = numpy
        log.write_text("\n".join([json.dumps(said), *events]) + "\n", "utf-8")
        capsys.readouterr()
        assert commands.main(["record", "--log", str(log), "-o", str(file)]) == 0
        err = capsys.readouterr().err
        assert ("gan1d record: The log was made with other versions" in err) is is_said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--every", "0"], 'argument --every: Expected a number of 1 or more, but got "0".'),
        (["--steps", "5000", "--every", "1"], "Expected at most 2\u202f400 pictures, but got more: keep them more "
         "steps apart."),
        (["--log", "LOG", "--seed", "3"], "--seed cannot be used with --log: the log has all settings and steps."),
        (["--log", "LOG", "--set", "batch_size=3"], "--set cannot be used with --log: the log has all settings."),
        (["-o", "README.md"], 'Expected a new file or one that gan1d wrote, but "README.md" holds something else. '
         "Choose another name or delete it first."),
    ],
)  # fmt: skip
def test_record_refuses_wrong_input_with_a_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "run.html"
    with pytest.raises(SystemExit) as end:
        commands.main(["record", "-o", str(file), *arguments])
    assert end.value.code == 2
    assert capsys.readouterr() == ("", f"gan1d record: {sentence}\n")
    assert not file.exists()


def test_a_recording_that_is_interrupted_leaves_the_earlier_one(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    file = tmp_path / "run.html"
    file.write_text(f"{PAGE_BEGINNING}earlier", "utf-8")
    monkeypatch.setattr(record, "play", interrupt)
    assert commands.main(["record", "-o", str(file)]) == 130
    assert file.read_text("utf-8") == f"{PAGE_BEGINNING}earlier"
