"""The page's modules, tested in node, as a part of this suite where node is there."""

import subprocess
from pathlib import Path

import pytest

from tests import tools

TESTS = sorted((Path(__file__).parent / "js").glob("*.test.js"))


@pytest.mark.skipif(bool(tools.MISSING["node"]), reason=tools.MISSING["node"])
def test_page_modules() -> None:
    assert tools.NODE is not None
    done = subprocess.run([tools.NODE, "--test", *TESTS], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
