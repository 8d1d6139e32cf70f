"""The BLAS library behind NumPy: one thread for gan1d, whatever was imported first."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gan1d.engine import blas

ROOT = Path(__file__).parents[2]

THREADS = """
import gan1d
from gan1d.engine import blas
getters = [name.replace("_set_", "_get_") for name in blas.THREAD_SETTERS]
print(blas._function(tuple(getters))())
"""

BITS = """
import hashlib
config = gan1d.Config().patched("generator.hidden", [128, 128]).patched("batch_size", 1024)
trainer = gan1d.Trainer(config)
trainer.run(3)
print(hashlib.sha256(trainer.generator.parameters.tobytes()).hexdigest())
"""


def output(program: str, **variables: str) -> str:
    """Output of a program in a fresh process without any number of threads in its environment but these."""
    inherited = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env={**inherited, "PYTHONPATH": str(ROOT), **variables},
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


IS_OPENBLAS = "openblas" in blas.build()[0]
needs_openblas = pytest.mark.skipif(not IS_OPENBLAS, reason="NumPy was built with another BLAS")


@needs_openblas
@pytest.mark.slow
@pytest.mark.skipif(os.cpu_count() == 1, reason="one processor has one thread")
def test_the_number_of_threads_in_the_environment_is_kept() -> None:
    for first in ("import numpy\n", ""):
        assert output(first + THREADS, OPENBLAS_NUM_THREADS="2") == "2"


@pytest.mark.slow
def test_numpy_before_gan1d_leaves_one_thread_too_and_the_same_bits() -> None:
    program = (THREADS if IS_OPENBLAS else "import gan1d; print(1)") + BITS
    first, then = (output(imported + program).splitlines() for imported in ("import numpy\n", ""))
    assert first == then
    assert first[0] == "1"


@needs_openblas
def test_the_kernel_is_named() -> None:
    assert blas.kernel().isidentifier()


def test_a_library_without_a_function_for_threads_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in blas.THREAD_VARIABLES.values():
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(blas, "_libraries", list)
    monkeypatch.setattr(blas, "build", lambda: ("accelerate", ""))
    assert not blas.use_one_thread()
    assert blas.kernel() == ""
    monkeypatch.setenv("VECLIB_MAXIMUM_THREADS", "1")
    assert blas.use_one_thread()
    monkeypatch.setattr(blas, "build", lambda: ("blas", "3.9.0"))  # the reference implementation has one thread
    assert blas.use_one_thread()


WITHOUT_SETTERS = """
import numpy
from unittest import mock
settings = {"Build Dependencies": {"blas": {"name": "accelerate", "version": ""}}}
with mock.patch("ctypes.CDLL", lambda file: object()), mock.patch("numpy.show_config", lambda mode: settings):
    import gan1d
"""


@pytest.mark.slow
def test_where_threads_cannot_be_set_there_is_one_line_of_warning() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_SETTERS],
        env={name: value for name, value in os.environ.items() if not name.endswith("_THREADS")}
        | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stderr.splitlines() if "RuntimeWarning" in line]
    assert len(lines) == 1
    assert "NumPy was imported before gan1d" in lines[0]
