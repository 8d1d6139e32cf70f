"""The command line, as a shell sees it: lists, the version, and wrong input."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import gan1d
from gan1d.cli import commands
from gan1d.config.model import Config
from tests.cli.program import PATIENCE, Capture, main_says


def test_presets(capsys: Capture) -> None:
    assert commands.main(["presets"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(gan1d.presets)
    assert commands.main(["presets", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [Config.parsed(preset["config"]) for preset in listed] == [p.config for p in gan1d.presets.values()]


def test_schema(capsys: Capture) -> None:
    assert commands.main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == Config.model_json_schema()


def test_version(capsys: Capture) -> None:
    done = main_says(capsys, "--version")
    assert (done.returncode, done.stdout) == (0, f"gan1d {gan1d.__version__}\n")


@pytest.mark.slow
def test_the_installed_command_is_the_same_program() -> None:
    command = Path(sys.executable).with_name("gan1d")
    if not command.exists():
        pytest.skip("gan1d is not installed here")
    done = subprocess.run([command, "--version"], capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert done.stdout == f"gan1d {gan1d.__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ["fly"],
            "gan1d: Expected a command (serve, run, sweep, map, record, replay, export, game, spectrum, presets, "
            'schema), but got "fly".',
        ),
        (["--fly"], 'gan1d serve: Expected an option that gan1d serve --help lists, but got "--fly".'),
        (["--port", "x"], 'gan1d serve: argument --port: Expected a port from 0 to 65535, but got "x".'),
        (["--port", "65536"], 'gan1d serve: argument --port: Expected a port from 0 to 65535, but got "65536".'),
        (["--port"], "gan1d serve: argument --port: expected one argument"),
        (["--no-browser=1"], "gan1d serve: argument --no-browser: ignored explicit argument '1'"),
        (["--max-sessions", "0"], 'gan1d serve: argument --max-sessions: Expected a number of 1 or more, but got "0".'),
        (["--root-path", "a b"], 'gan1d serve: argument --root-path: Expected a path such as /gan1d, but got "a b".'),
        (["--frame-ancestors", "a\nb"],
         "gan1d serve: argument --frame-ancestors: Expected sources such as 'self' https://slides.example, "
         'but got "a\\nb".'),
        (["--frame-ancestors", "ä"],
         "gan1d serve: argument --frame-ancestors: Expected sources such as 'self' https://slides.example, "
         'but got "ä".'),
        (["--frame-ancestors", "'self'; sandbox"],
         "gan1d serve: argument --frame-ancestors: Expected sources such as 'self' https://slides.example, "
         "but got \"'self'; sandbox\"."),
        (["--allow-host", "Example.com:8940"],
         "gan1d serve: argument --allow-host: Expected a name without a port such as lab.example, "
         'but got "Example.com:8940".'),
        (["run", "--steps", "-1"], 'gan1d run: argument --steps: Expected a number of 0 or more, but got "-1".'),
        (["run", "--set", "x"], 'gan1d run: argument --set: Expected path=value, but got "x".'),
        (["run", "--set", "batch_size=0"], "gan1d run: Expected a number of 1 or more for batch_size, but got 0."),
        (["run", "--seed", "-1"], 'gan1d run: argument --seed: Expected a seed from 0 to 4294967295, but got "-1".'),
        (["run", "--set", "batch_size=many"], 'gan1d run: Expected a whole number for batch_size, but got "many".'),
        (["run", "--check", "default", "--seeds", "0"],
         'gan1d run: argument --seeds: Expected a number of 1 or more, but got "0".'),
        (["run", "--check", "default", "--preset", "default"],
         'gan1d run: --preset cannot be used with --check.'),
        (["run", "--check", "default", "--steps", "5"], 'gan1d run: --steps cannot be used with --check.'),
        (["run", "--seeds", "5"], 'gan1d run: --seeds needs --check.'),
        (["run", "--first-seed", "0"], 'gan1d run: --first-seed needs --check.'),
        (["run", "--check", "default", "--first-seed", "4294967295", "--seeds", "2"],
         "gan1d run: Expected a number of 4294967295 or less for seed, but got 4294967296."),
        (["run", "more"], 'gan1d run: Expected an option that gan1d run --help lists, but got "more".'),
        (["schema", "--x"], 'gan1d schema: Expected an option that gan1d schema --help lists, but got "--x".'),
    ],
)  # fmt: skip
def test_wrong_input_is_one_line_and_status_2(arguments: list[str], line: str, capsys: Capture) -> None:
    with pytest.raises(SystemExit) as caught:
        commands.main(arguments)
    assert caught.value.code == 2
    assert capsys.readouterr() == ("", line + "\n")


@pytest.mark.parametrize(
    "arguments", [["--preset", "x"], ["--log-level", "x"], ["run", "--preset", "x"], ["run", "--check", "x"],
                  ["run", "--set", f"loss={3000 * '['}"],
                  ["run", "--set", "no.such=1"], ["run", "--set", f"target.modes.{5000 * '9'}=1"],
                  ["run", "--csv", "/no/such/place"]]
)  # fmt: skip
def test_other_wrong_input_too(arguments: list[str], capsys: Capture) -> None:
    with pytest.raises(SystemExit) as caught:
        commands.main(arguments)
    assert caught.value.code == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "Expected" in err
    assert "but got" in err
