"""Each example runs, alone, from another directory, and prints something."""

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.py"))
FEW_STEPS = "5"
ALONE = [path for path in EXAMPLES if path.stem != "websocket_client"]
"""All but the one that needs a server: `tests/server/test_example.py` runs it."""


@pytest.mark.slow
@pytest.mark.parametrize("example", ALONE, ids=lambda path: path.stem)
def test_example_runs(example: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", str(example), FEW_STEPS],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
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
