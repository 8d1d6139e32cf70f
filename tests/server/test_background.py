"""The server of a notebook; `tests/test_notebook.py` starts it as a process."""

import io
import os
import signal
from types import SimpleNamespace
from typing import Any

import pytest

from gan1d.server import background


@pytest.mark.parametrize(("prefix", "hosts"), [(None, ()), ("/user/ada/", ("*",))])
def test_every_host_name_is_accepted_behind_a_hub_only(
    monkeypatch: pytest.MonkeyPatch, prefix: str | None, hosts: tuple[str, ...]
) -> None:
    served: list[Any] = []
    monkeypatch.setattr(background, "serve", lambda *arguments: served.extend(arguments))
    monkeypatch.setattr(background, "stop_with_parent", lambda: None)
    monkeypatch.delenv("JUPYTERHUB_SERVICE_PREFIX", raising=False)
    if prefix:
        monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", prefix)
    background.serve_notebook()
    settings, place, print_line = served
    assert settings.allow_hosts == hosts
    assert (place.host, place.port, place.browser) == ("127.0.0.1", 0, False)
    print_line("one line")


def test_it_stops_when_its_input_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    signals: list[tuple[int, int]] = []
    monkeypatch.setattr(background.os, "kill", lambda pid, number: signals.append((pid, number)))
    monkeypatch.setattr(background.sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"some input")))
    background.stop_with_parent()
    assert signals == [(os.getpid(), signal.SIGTERM)]
