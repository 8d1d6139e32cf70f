"""The command line as the tests use it: a whole run of the program, in a process of its own or in this one."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from gan1d.cli import commands

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
    """One run in this process, for tests to which that makes no difference: a new process takes a second."""
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
