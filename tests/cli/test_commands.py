"""The command line, as a shell sees it: what is printed where, and with which status."""

import argparse
import csv
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

import gan1d
from gan1d.cli import commands, data
from gan1d.cli.options import OPTIONS, origin
from gan1d.config.model import Config

CLEAN = {
    name: value
    for name, value in os.environ.items()
    # Without a buffer some mistakes would not show.
    if not name.startswith("GAN1D_") and name != "PYTHONUNBUFFERED"
}
PATIENCE = 30

Capture = pytest.CaptureFixture[str]


def gan1d_says(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """One whole run of the program."""
    return subprocess.run(
        [sys.executable, "-m", "gan1d", *arguments],
        env={**CLEAN, **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def main_says(capsys: Capture, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The same in this process, for tests to which it makes no difference: a new process takes a second."""
    try:
        status: Any = commands.main(arguments)
    except SystemExit as ended:
        status = ended.code
    out, err = capsys.readouterr()
    return subprocess.CompletedProcess(arguments, status, out, err)


@contextmanager
def serving(*arguments: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running server and the first line it printed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "gan1d", "--no-browser", *arguments],
        env={**CLEAN, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        yield process, process.stdout.readline()
    finally:
        process.kill()
        process.wait(PATIENCE)
        process.stdout.close()
        process.stderr.close()


def port_in(line: str) -> int:
    found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
    assert found, line
    return int(found[1])


@pytest.fixture
def busy() -> Iterator[int]:
    """A port on which another program listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


# serve ----------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
@pytest.mark.parametrize("stop", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_it_says_where_it_is_and_ends_quickly_with_pages_open(stop: signal.Signals) -> None:
    with serving("--port", "0") as (process, line):
        port = port_in(line)
        assert line == f"gan1d {gan1d.__version__} is running at http://127.0.0.1:{port}/  (Ctrl-C to stop)\n"
        options: dict[str, Any] = {"subprotocols": ["gan1d.v1"], "max_queue": None}
        url = f"ws://127.0.0.1:{port}/ws"
        with connect(url, **options) as playing, connect(url, **options) as idle:
            assert json.loads(idle.recv(timeout=PATIENCE))["version"] == gan1d.__version__
            playing.send('{"type": "playback", "speed": "max"}')
            playing.send('{"type": "play"}')
            for _ in range(4):
                playing.recv(timeout=PATIENCE)
            begun = time.monotonic()
            process.send_signal(stop)
            assert process.wait(PATIENCE) == 0
            assert time.monotonic() - begun < 2.5  # 1.5 s on a machine that has nothing else to do
        assert process.stderr is not None
        assert process.stderr.read() == ""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
@pytest.mark.parametrize(
    "stops",
    [[signal.SIGINT, signal.SIGINT], [signal.SIGHUP]],
    ids=["Ctrl-C twice", "hang-up"],
)
def test_every_page_learns_why_the_server_ends(stops: list[signal.Signals]) -> None:
    with serving("--port", "0") as (process, line):
        with connect(f"ws://127.0.0.1:{port_in(line)}/ws") as page:
            page.recv(timeout=PATIENCE)
            for stop in stops:
                process.send_signal(stop)
            messages = deque[Any](maxlen=1)
            with pytest.raises(ConnectionClosed) as closed:
                messages.extend(iter(lambda: page.recv(timeout=PATIENCE), None))
        assert json.loads(messages[0]) == {
            "type": "closing", "code": 1001, "reason": "The server is stopping.", "reaction": "reconnect",
            "watch": None,
        }  # fmt: skip
        assert closed.value.rcvd is not None
        assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1001, "The server is stopping.")
        assert process.wait(PATIENCE) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
def test_a_page_that_does_not_read_cannot_hold_up_the_end() -> None:
    with serving("--port", "0") as (process, line), socket.socket() as raw:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        raw.connect(("127.0.0.1", port_in(line)))
        raw.sendall(
            b"GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        for n in range(250):  # each is answered with the whole config, far more than the buffers hold
            command = json.dumps({"type": "set", "path": "batch_size", "value": 8 + n % 8}).encode()
            raw.sendall(bytes([0x81, 0x80 | len(command), 0, 0, 0, 0]) + command)  # masked with zeros
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
        assert time.monotonic() - begun < 2.5


@pytest.mark.slow
def test_what_is_asked_for_is_what_a_session_begins_with() -> None:
    environment = {"GAN1D_PRESET": "textbook", "GAN1D_SEED": "5", "GAN1D_PORT": "0"}
    with (
        serving("--seed", "7", **environment) as (_, line),
        connect(f"ws://127.0.0.1:{port_in(line)}/ws") as page,
    ):
        hello = json.loads(page.recv(timeout=PATIENCE))
    assert (hello["preset"], hello["config"]["seed"]) == ("textbook", 7)  # the option beats the environment
    assert hello["config"]["penalty"]["kind"] == "none"


@pytest.mark.slow
@pytest.mark.parametrize(
    "headers", [{"Cookie": "jar=" + 30_000 * "x"}, {f"X-Header-{n}": "x" for n in range(300)}], ids=["long", "many"]
)
def test_a_page_with_the_cookies_of_all_of_localhost_is_served(headers: dict[str, str]) -> None:
    with (
        serving("--port", "0") as (_, line),
        connect(f"ws://127.0.0.1:{port_in(line)}/ws", additional_headers=headers, open_timeout=PATIENCE) as page,
    ):
        assert json.loads(page.recv(timeout=PATIENCE))["type"] == "hello"


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
def test_a_mistake_of_a_page_is_one_line_in_the_log() -> None:
    with serving("--port", "0") as (process, line):
        url = f"ws://127.0.0.1:{port_in(line)}/ws"
        with pytest.raises(InvalidStatus), connect(url, origin=Origin("https://evil.example")):
            pass
        with connect(url) as page:
            page.send(b"\xff\xfe", text=True)
            with pytest.raises(ConnectionClosed) as closed:
                deque(page, maxlen=0)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1007
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
        assert process.stderr is not None
        said = process.stderr.read().splitlines()
    assert len(said) == 2
    assert said[0].startswith("WARNING: Refusing a connection from origin https://evil.example")
    assert said[1].endswith("Invalid UTF-8 sequence received from client.")


@pytest.mark.slow
def test_an_explicit_busy_port_is_one_line_and_status_1(busy: int) -> None:
    for arguments, environment in ((["--port", str(busy)], {}), ([], {"GAN1D_PORT": str(busy)})):
        done = gan1d_says("--no-browser", *arguments, **environment)
        assert done.returncode == 1
        assert done.stderr.startswith(f"gan1d serve: Port {busy} is busy.")
        assert done.stderr.count("\n") == 1
        assert done.stdout == ""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("host", "words", "status"),
    [
        ("no.such.host.invalid", "Expected a name of this machine", 2),
        (70 * "a", "Expected a name of this machine", 2),
        ("192.0.2.1", "Cannot listen on", 1),
    ],
)
def test_a_host_that_is_not_this_machine_is_one_line(host: str, words: str, status: int) -> None:
    done = gan1d_says("--no-browser", "--host", host, "--port", "0")
    assert (done.returncode, done.stderr.count("\n")) == (status, 1)
    assert words in done.stderr


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
def test_that_nobody_reads_where_it_is_is_no_reason_not_to_serve() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gan1d", "--no-browser", "--port", str(port)]
    with subprocess.Popen(command, env=CLEAN, stdout=writer, stderr=subprocess.PIPE, text=True) as process:
        os.close(writer)
        try:
            assert process.stderr is not None
            deadline = time.monotonic() + PATIENCE
            while time.monotonic() < deadline:
                try:
                    with connect(f"ws://127.0.0.1:{port}/ws") as page:
                        assert json.loads(page.recv(timeout=PATIENCE))["type"] == "hello"
                    break
                except ConnectionRefusedError:
                    assert process.poll() is None
            process.send_signal(signal.SIGINT)
            assert process.wait(PATIENCE) == 0
            assert process.stderr.read() == ""
        finally:
            process.kill()


# run ------------------------------------------------------------------------------------------------------------------


def test_run_prints_one_json_object_and_a_row_a_step(capsys: Capture, tmp_path: Path) -> None:
    table = tmp_path / "run.csv"
    done = main_says(capsys, "run", "--steps", "60", "--seed", "3", "--set", "batch_size=8",
                      "--set", "generator.activation=relu", "--csv", str(table))  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    result = json.loads(done.stdout)
    assert set(result) == {"config", "step", "losses", "metrics", "exact", "diagnosis", "diverged", "fingerprint"}
    assert result["exact"] is True
    assert (result["step"], result["diverged"]) == (60, None)
    assert result["config"]["seed"] == 3
    assert result["config"]["batch_size"] == 8
    assert result["config"]["generator"]["activation"]["kind"] == "relu"
    assert {"wasserstein1", "jensen_shannon", "mode_masses"} <= set(result["metrics"])
    rows = list(csv.DictReader(io.StringIO(table.read_text("utf-8"))))
    assert [int(row["step"]) for row in rows] == list(range(1, 61))
    assert [int(row["step"]) for row in rows if row["wasserstein1"]] == [50, 60]
    assert float(rows[-1]["loss_d"]) == result["losses"]["discriminator"]
    assert float(rows[-1]["wasserstein1"]) == result["metrics"]["wasserstein1"]


def test_run_is_the_run_of_the_library(capsys: Capture) -> None:
    assert commands.main(["run", "--steps", "120", "--preset", "textbook"]) == 0
    result = json.loads(capsys.readouterr().out)
    trainer = gan1d.Trainer(gan1d.presets["textbook"].config)
    trainer.run(120)
    assert result["metrics"]["wasserstein1"] == gan1d.observe(trainer).wasserstein1


def test_estimates_are_called_so(capsys: Capture) -> None:
    assert commands.main(["run", "--steps", "2", "--set", "latent.dimension=2", "--set", "conditional=true"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["exact"] is False
    assert result["metrics"]["class_wasserstein1"] > 0


def test_what_is_not_a_number_is_null(capsys: Capture) -> None:
    assert commands.main(["run", "--steps", "0"]) == 0
    result = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert result["losses"] == {"discriminator": None, "generator": None}


def test_a_run_that_diverges_says_so(capsys: Capture, tmp_path: Path) -> None:
    player = {"hidden": [16, 16], "activation": {"kind": "leaky_relu"}, "input_scale": 10.0,
              "optimizer": {"kind": "sgd", "learning_rate": 10.0}}  # fmt: skip
    sets = [f"--set={name}={json.dumps(player)}" for name in ("generator", "discriminator")]
    table = tmp_path / "run.csv"
    assert commands.main(["run", "--steps", "500", "--set", "penalty=none", *sets, "--csv", str(table)]) == 0
    result = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert result["diverged"]["step"] == result["step"] + 1
    assert len(table.read_text("utf-8").splitlines()) == 1 + result["step"]


# presets, schema, version ---------------------------------------------------------------------------------------------


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


# Wrong input ----------------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize(
    ("name", "value"),
    [("GAN1D_PORT", "x"), ("GAN1D_NO_BROWSER", "perhaps"), ("GAN1D_PRESET", "x"), ("GAN1D_SEED", "-1")],
)
def test_a_wrong_environment_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as caught:
        commands.main(["serve"])
    assert caught.value.code == 2
    err = capsys.readouterr().err
    assert err.startswith(f"gan1d serve: {name}: Expected ")
    assert err.endswith(f", but got {json.dumps(value)}.\n")


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_every_option_of_serve_can_come_from_the_environment(option: Any) -> None:
    text = {"port": "9", "preset": "textbook", "seed": "3", "log-level": "info", "no-browser": "yes",
            "max-sessions": "3", "max-step": "3", "history": "3", "token": "abcd", "allow-host": "a",
            "allow-origin": "app://a"}.get(option.name, "/a")  # fmt: skip
    variable = f"GAN1D_{option.name.upper().replace('-', '_')}"
    found = option.value(None, {variable: text})
    assert found != option.default
    assert option.value("given", {variable: text}) == "given"
    assert option.value(None, {}) == option.default


@pytest.mark.parametrize("text", ["null", "https://a.example", "http://127.0.0.1:80/", "http://[::1]:8765", "app://x"])
def test_origins_are_read(text: str) -> None:
    assert origin(text) == text


@pytest.mark.parametrize(
    "text", ["*", "nonsense", "a.example", "https://a.example/path", "https://", "https://*.example"]
)
def test_text_that_no_browser_sends_as_an_origin_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="Expected an origin such as "):
        origin(text)


def test_lists_in_the_environment() -> None:
    (option,) = (option for option in OPTIONS if option.name == "allow-origin")
    assert option.value(None, {"GAN1D_ALLOW_ORIGIN": "https://a.example, https://b.example"}) == [
        "https://a.example",
        "https://b.example",
    ]


# Numbers from a file --------------------------------------------------------------------------------------------------

TABLE = "who;cm\n" + "".join(f"p{i};{150 + i},5\n" for i in range(30))


def ran_on(capsys: Capture, *arguments: str) -> Any:
    assert commands.main(["run", "--steps", "2", *arguments]) == 0
    return json.loads(capsys.readouterr().out)


def test_run_imitates_the_numbers_in_a_file(capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "data.csv"
    file.write_text(TABLE, "utf-8")
    to_json = ran_on(capsys, "--data", str(file), "--column", "cm", "--set", "training_points=5")
    assert to_json["config"]["target"]["values"] == [150.5 + i for i in range(30)]
    assert to_json["config"]["training_points"] == 5
    assert to_json["metrics"]["points_wasserstein1"] > 0


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e9])
def test_run_imitates_numbers_of_any_scale(scale: float, capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "data.csv"
    values = [scale * (3 + n % 7) for n in range(30)]
    file.write_text("x\n" + "".join(f"{value!r}\n" for value in values), "utf-8")
    to_json = ran_on(capsys, "--data", str(file))
    assert to_json["config"]["target"]["values"] == values
    assert 0 < to_json["metrics"]["wasserstein1"] < 100 * scale


def test_options_lead_on_where_numbers_are_missing_or_too_many(capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "data.csv"
    file.write_text("x\nNA\n" + "".join(f"{n}\n" for n in range(2500)), "utf-8")
    found = [
        ran_on(capsys, "--data", str(file), "--skip-invalid", "--sample", "--seed", seed)["config"]["target"]["values"]
        for seed in ("1", "1", "2")
    ]
    assert found[0] == found[1] != found[2]
    assert len(found[0]) == 2000
    assert set(found[0]) <= set(range(2500))


def test_run_reads_numbers_from_standard_input(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(" ".join(map(str, range(12))).encode())))
    assert ran_on(capsys, "--data", "-")["config"]["target"]["values"] == list(range(12))


def test_without_fixed_points_there_is_no_distance_to_them(capsys: Capture) -> None:
    assert ran_on(capsys)["metrics"]["points_wasserstein1"] is None


@pytest.mark.parametrize(
    ("content", "more", "sentence"),
    [
        (b"1\n2\nabc\n4\n", [], "Expected a number in row 3, but got \u201cabc\u201d."),
        (b"1\n2\n3\n", [], "Expected 10 numbers or more, but got 3."),
        (b"0\n1\n" * 1001, [], "Expected 2000 numbers or fewer, but got 2002."),
        (TABLE.encode(), [], "Expected one column, or --column with one of who, cm."),
        (TABLE.encode(), ["--column", "kg"], 'Expected one of who, cm, but got "kg".'),
        (b"\xff\xfe\x00", [], "Expected a text file such as CSV"),
        (b"5\n" * 20, [], "Expected numbers that differ, but got 20 times 5."),
    ],
)
def test_bad_data_is_one_line_and_status_2(
    content: bytes, more: list[str], sentence: str, capsys: Capture, tmp_path: Path
) -> None:
    file = tmp_path / "data.csv"
    file.write_bytes(content)
    with pytest.raises(SystemExit) as ended:
        commands.main(["run", "--data", str(file), *more])
    to_json = capsys.readouterr()
    assert ended.value.code == 2
    assert sentence in to_json.err
    assert to_json.err.count("\n") == 1
    assert to_json.out == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [(["--data", "/nowhere.csv"], "Expected a file to read for --data"), (["--column", "a"], "--column needs --data")],
)
def test_data_that_is_not_there_is_one_line_and_status_2(arguments: list[str], sentence: str, capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended:
        commands.main(["run", *arguments])
    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err


def test_standard_input_that_is_closed_or_without_an_end_is_one_line_and_status_2(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    said = main_says(capsys, "run", "--data", "-")
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr == "gan1d run: Expected standard input for --data -, but it is closed.\n"
    monkeypatch.setattr(data, "LARGEST_FILE", 2**20)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"1\n" * 2**20)))
    said = main_says(capsys, "run", "--data", "-")
    assert (said.returncode, said.stderr) == (2, "gan1d run: -: Expected at most 1 MB, but got more.\n")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no named pipes")
def test_a_pipe_is_read_and_a_large_file_shows_its_progress(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(" ".join(map(str, range(12))),))
    writer.start()
    assert ran_on(capsys, "--data", str(pipe))["config"]["target"]["values"] == list(range(12))
    writer.join()
    monkeypatch.setattr(data, "SLOW_BYTES", 1000)
    file = tmp_path / "data.csv"
    file.write_text(" ".join(map(str, range(1000))))
    said = main_says(capsys, "run", "--steps", "0", "--data", str(file))
    assert (said.returncode, said.stderr.splitlines()[0]) == (0, "read 0 of 0 MB")


@pytest.mark.slow
def test_serve_begins_with_the_numbers_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "data.txt"
    file.write_text(", ".join(map(str, range(15))), "utf-8")
    with (
        serving("--port", "0", "--data", str(file)) as (_, line),
        connect(f"ws://127.0.0.1:{port_in(line)}/ws") as page,
    ):
        hello = json.loads(page.recv(timeout=PATIENCE))
    assert hello["config"]["target"]["values"] == list(range(15))
    assert hello["presets"][0]["title"] == "data.txt"
    assert hello["presets"][0]["watch"].startswith("The target is 15 numbers from data.txt: 0 to 14. ")


# Logs -----------------------------------------------------------------------------------------------------------------

EVENTS = """[20, "set", {"generator.hidden": [4]}, {"reinitialize": true}]
[30, "step", {"player": "generator", "count": 5}]
[40, "mark", "look"]
[60, "end", {"digest": "", "diverged": false}]
"""


def write_log(capsys: Capture, file: Path, events: str = EVENTS) -> None:
    assert main_says(capsys, "run", "--steps", "1", "--set", "batch_size=4", "--log", str(file)).returncode == 0
    file.write_text(file.read_text().splitlines()[0] + "\n" + events)


def test_a_log_is_repeated_bit_for_bit(capsys: Capture, tmp_path: Path) -> None:
    written, again = tmp_path / "run.log", tmp_path / "again.log"
    write_log(capsys, written)
    first = json.loads(main_says(capsys, "replay", str(written), "--log", str(again)).stdout)
    assert first["config"]["generator"]["hidden"] == [4]
    assert first["step"] == 60
    assert "repeated" not in first
    assert again.read_text().splitlines()[1:-1] == EVENTS.splitlines()[:-1]
    said = main_says(capsys, "replay", str(again), "--csv", str(tmp_path / "table.csv"))
    assert said.returncode == 0
    second = json.loads(said.stdout)
    assert second.pop("repeated") is True
    assert second == first
    assert "another course" not in said.stderr
    with (tmp_path / "table.csv").open() as file:
        assert [int(row["step"]) for row in csv.DictReader(file)] == list(range(1, 61))


@pytest.mark.slow
def test_a_log_of_a_run_is_repeated_bit_for_bit(capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "run.log"
    first = main_says(capsys, "run", "--steps", "70", "--set", "batch_size=4", "--log", str(file))
    assert json.loads(gan1d_says("replay", str(file)).stdout) == json.loads(first.stdout) | {"repeated": True}


def test_a_run_that_diverges_is_repeated_to_its_last_bit(capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "run.log"
    said = main_says(capsys, "run", "--preset", "diverging", "--steps", "400", "--log", str(file))
    first = json.loads(said.stdout)
    assert first["diverged"] is not None
    assert json.loads(main_says(capsys, "replay", str(file)).stdout) == first | {"repeated": True}


def test_another_course_is_said(capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "run.log"
    write_log(capsys, file, '[10, "end", {"digest": "0123456789abcdef", "diverged": false}]\n')
    said = main_says(capsys, "replay", str(file))
    assert said.returncode == 3
    assert json.loads(said.stdout)["repeated"] is False
    assert "gan1d replay: The run took another course than the one in the log." in said.stderr


@pytest.mark.parametrize("arguments", [("--log", "run.log"), ("--csv", "run.log"), ("--csv", "x", "--log", "x")])
def test_no_output_of_a_replay_replaces_its_log_or_the_other_output(
    capsys: Capture, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    write_log(capsys, tmp_path / "run.log")
    content = (tmp_path / "run.log").read_bytes()
    names = [word if word.startswith("-") else str(tmp_path / word) for word in arguments]
    said = main_says(capsys, "replay", str(tmp_path / "run.log"), *names)
    assert said.returncode == 2
    assert "Expected another file than all others of this command" in said.stderr
    assert (tmp_path / "run.log").read_bytes() == content


def test_what_is_no_log_is_refused(capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "heights.csv"
    file.write_text("cm\n180\n")
    said = main_says(capsys, "replay", str(file))
    assert (said.returncode, said.stdout) == (2, "")
    assert said.stderr.startswith(f'gan1d replay: {file}: Expected the log of a run, which begins with {{"gan1d_log":')
    said = main_says(capsys, "replay", str(tmp_path / "none.log"))
    assert said.returncode == 1
    assert said.stderr == f'gan1d replay: "{tmp_path / "none.log"}": No such file or directory\n'


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_an_interrupted_run_leaves_its_log(capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "run.log"
    process = subprocess.Popen(
        [sys.executable, "-m", "gan1d", "run", "--steps", "100000000", "--set", "batch_size=4", "--log", str(file)],
        env=CLEAN, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("step ")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
    assert process.returncode == 130
    step, kind, end = json.loads(file.read_text().splitlines()[-1])
    assert step > 0
    assert (kind, end) == ("end", {"digest": "", "diverged": False})
    assert json.loads(main_says(capsys, "replay", str(file)).stdout)["step"] == step
