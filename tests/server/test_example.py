"""The example of a websocket client understands a real server."""

import re
import subprocess
import sys
from pathlib import Path

from tests.server.conftest import Served

EXAMPLE = Path(__file__).parents[2] / "examples" / "websocket_client.py"


def test_the_client_prints_the_frames_that_it_is_sent(served: Served) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", str(EXAMPLE), f"ws://127.0.0.1:{served.port}/ws"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.stderr, done.returncode) == ("", 0)
    steps = [int(step) for step in re.findall(r"^step +(\d+)   W1 \d\.\d{4}$", done.stdout, re.MULTILINE)]
    assert len(steps) == 20
    assert steps == sorted(steps)
    assert steps[-1] > 0
