"""A running server and a browser, for the tests of the page and for its screenshots."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from tests import tools

CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
)


@contextmanager
def run_server(*options: str, command: tuple[str, ...] = ()) -> Iterator[str]:
    """Start a server, on a free port unless the options name one; its address, slash included."""
    usual = ("--no-browser", "--port", "0", "--max-sessions", "64")
    arguments = [sys.executable, "-m", "gan1d", *command, *usual, *options]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GAN1D_")}
    process = subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        found = None
        for line in process.stdout:
            if found := re.search(r"http://[\w.:]+/", line):
                break
        assert found, "the server printed no address"
        yield found[0]
    finally:
        process.terminate()
        process.wait(timeout=10)
        if process.stdout:
            process.stdout.close()


def run_map(file: Path) -> AbstractContextManager[str]:
    """Start a server with the map of a file; its address, slash included."""
    return run_server(command=("map", str(file)))


@contextmanager
def run_chromium() -> Iterator[Any]:
    """Start Chromium; a Playwright browser."""
    sync_api = import_module("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=tools.CHROMIUM, args=list(CHROMIUM_ARGUMENTS))
        yield browser
        browser.close()
