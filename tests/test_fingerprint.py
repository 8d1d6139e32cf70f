"""The fingerprint of the machine and its software."""

import json
import platform
import re
from pathlib import Path

import numpy as np
import pytest

import gan1d
from gan1d.engine import blas
from gan1d.fingerprint import arithmetic, fingerprint, processor_model


def test_the_fingerprint_has_the_same_keys_everywhere_and_survives_json() -> None:
    found = fingerprint()
    assert list(found) == ["gan1d", "python", "numpy", "blas", "simd", "processor", "machine", "system"]
    assert list(found["blas"]) == ["name", "version", "kernel"]
    assert json.loads(json.dumps(found)) == found == fingerprint()


def test_the_fingerprint_names_what_runs_here() -> None:
    found = fingerprint()
    assert (found["gan1d"], found["numpy"]) == (gan1d.__version__, np.__version__)
    assert found["python"].endswith(platform.python_version())
    assert found["blas"]["kernel"] == blas.kernel()
    assert all(isinstance(name, str) for name in found["simd"])


def test_the_processor_is_named_where_the_system_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cpuinfo").write_text("processor\t: 0\nmodel name\t: A: processor\nmodel name\t: another\n")
    assert processor_model(tmp_path / "cpuinfo") == "A: processor"
    monkeypatch.setattr(platform, "processor", lambda: "arm")
    assert processor_model(tmp_path / "missing") == "arm"


def test_the_arithmetic_is_that_of_the_versions_and_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    here = arithmetic()
    assert re.fullmatch("[0-9a-f]{8}", here)
    others = [{"numpy": "1.0"}, {"gan1d": "0.0"}, {"simd": ["NEON"]}, {"blas": {"name": "mkl"}}]
    for change in [{}, {"processor": "another", "system": "another", "python": "another"}, *others]:
        arithmetic.cache_clear()
        monkeypatch.setattr("gan1d.fingerprint.fingerprint", lambda change=change: {**fingerprint(), **change})
        assert (arithmetic() == here) == (change not in others), change
    arithmetic.cache_clear()
