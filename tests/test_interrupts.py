"""Ctrl-C before there is a program to hear it."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gan1d import interrupts
from gan1d.interrupts import exit_quietly_on_interrupt, is_program

INTERRUPTING = """
import signal, sys

class Interrupting:
    def find_spec(self, name, *_):
        if name == {name!r}:
            signal.raise_signal(signal.SIGINT)

sys.meta_path.insert(0, Interrupting())
sys.argv[0] = {program!r}
try:
    import gan1d.__main__
except KeyboardInterrupt:
    print("raised")
"""


def interrupted(name: str, program: str) -> tuple[int, str, str]:
    """Import the program from a script of that name, with Ctrl-C when it comes to a module: status, output, errors."""
    code = INTERRUPTING.format(name=name, program=program)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("name", ["numpy", "pydantic", "uvicorn"])
def test_a_program_that_is_still_imported_ends_in_one_line(name: str) -> None:
    assert interrupted(name, "/usr/bin/gan1d") == (130, "", "gan1d: interrupted\n")


def test_whoever_imports_a_library_is_interrupted_as_usual() -> None:
    assert interrupted("pydantic", "mine.py") == (0, "raised\n", "")


@pytest.mark.parametrize(
    ("start", "words", "expected"),
    [
        ("/usr/bin/gan1d", [], True),
        ("gan1d.exe", [], True),
        ("-m", ["python", "-m", "gan1d", "run"], True),
        ("-m", ["python", "-m", "pytest"], False),
        (str(Path(interrupts.__file__).with_name("__main__.py")), [], True),
        ("mine.py", ["python", "mine.py", "gan1d"], False),
        ("", ["python"], False),
    ],
)
def test_what_counts_as_the_program(
    start: str, words: list[str], expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [start])
    monkeypatch.setattr(sys, "orig_argv", words)
    assert is_program() is expected


def test_the_usual_handler_comes_back_and_another_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["gan1d"])
    before = signal.getsignal(signal.SIGINT)
    try:
        for usual in (signal.default_int_handler, signal.SIG_IGN):
            signal.signal(signal.SIGINT, usual)
            with exit_quietly_on_interrupt():
                assert (signal.getsignal(signal.SIGINT) is usual) is (usual is signal.SIG_IGN)
            assert signal.getsignal(signal.SIGINT) is usual
    finally:
        signal.signal(signal.SIGINT, before)
