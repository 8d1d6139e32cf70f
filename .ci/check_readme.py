"""Run README's two commands as they stand there, in a fresh clone: the page is served, the tests pass."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[1]
CLONE = Path(sys.argv[1])


def commands() -> tuple[str, str]:
    """The first two lines of README that make an environment: one serves, one tests."""
    lines = [
        line for line in (ROOT / "README.md").read_text("utf-8").splitlines() if line.startswith("python3 -m venv")
    ]
    serve, test = lines[:2]
    return serve, test


def reader_environment() -> dict[str, str]:
    """What a newcomer has: no tool required, no display, nothing of this environment."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("GAN1D_", "CI", "VIRTUAL_"))}


def check_serving(command: str) -> None:
    process = subprocess.Popen(
        ["bash", "-c", f"{command.replace(' && .venv/bin/gan1d', ' && exec .venv/bin/gan1d')}"],
        cwd=CLONE,
        env=reader_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        address = None
        for line in process.stdout:
            print(line, end="")
            if found := re.search(r"http://[\w.:]+/", line):
                address = found[0]
                break
        if address is None:
            raise SystemExit("Expected the server to print its address")
        with urllib.request.urlopen(address, timeout=10) as page:
            if b"<canvas" not in page.read():
                raise SystemExit(f"Expected a page with a canvas at {address}")
        process.send_signal(signal.SIGINT)
        if (status := process.wait(timeout=10)) != 0:
            raise SystemExit(f"Expected Ctrl-C to end the server with status 0, but got {status}")
    finally:
        if process.poll() is None:
            process.kill()


def main() -> None:
    # What is started in the background ignores Ctrl-C, and so would the server. A handler is not inherited.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    serve, test = commands()
    subprocess.run(["git", "clone", "-q", "--no-hardlinks", str(ROOT), str(CLONE)], check=True)
    print(f"$ {serve}", flush=True)
    check_serving(serve)
    print(f"$ {test}", flush=True)
    started = time.monotonic()
    subprocess.run(["bash", "-c", test], cwd=CLONE, env=reader_environment(), stdin=subprocess.DEVNULL, check=True)
    print(f"The second command took {time.monotonic() - started:.0f} s.")


if __name__ == "__main__":
    main()
