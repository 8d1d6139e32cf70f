"""Each example runs, alone, from another directory, prints something, and shows what its text says."""

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.py"))
FEW_STEPS = "5"
ALONE = [path for path in EXAMPLES if path.stem != "websocket_client"]
"""All but the one that needs a server: `tests/server/test_example.py` runs it."""


def run(example: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run an example with warnings as errors."""
    command = [sys.executable, "-W", "error", str(example), *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60)


@pytest.mark.slow
@pytest.mark.parametrize("example", ALONE, ids=lambda path: path.stem)
def test_example_runs(example: Path, tmp_path: Path) -> None:
    done = run(example, FEW_STEPS, cwd=tmp_path)
    assert done.stderr == ""
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) > 3
    assert "nan" not in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_example_is_short_and_explained(example: Path) -> None:
    lines = example.read_text("utf-8").splitlines()
    assert len([line for line in lines if line.strip()]) < 55
    assert lines[0].startswith('"""')


@pytest.mark.slow
def test_the_collapse_is_one_until_the_penalty_is_on(tmp_path: Path) -> None:
    (example,) = (path for path in EXAMPLES if path.stem == "collapse")
    lines = run(example, cwd=tmp_path).stdout.splitlines()
    left = [float(line.split()[-2].rstrip("%")) for line in lines if line.startswith("step")]
    steps = [int(line.split()[1]) for line in lines if line.startswith("step")]
    assert all(share < 1 for step, share in zip(steps, left, strict=True) if step <= 2000)
    assert left[-1] > 40


@pytest.mark.slow
def test_under_labels_both_modes_are_learned(tmp_path: Path) -> None:
    (example,) = (path for path in EXAMPLES if path.stem == "ask_for_a_mode")
    last = run(example, cwd=tmp_path).stdout.splitlines()[-1]
    assert float(last.split()[-1]) < 0.2
