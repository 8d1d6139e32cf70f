"""Options of the server that come from the environment, and their values."""

import argparse
import json
from typing import Any

import pytest

from gan1d.cli import commands
from gan1d.cli.options import OPTIONS, origin
from tests.cli.program import Capture


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
