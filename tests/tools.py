"""Programs and libraries that some tests need and a plain installation does not have, and parameters of slow tests."""

import os
import shutil
from collections.abc import Collection, Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
NODE_MODULES = Path(os.environ.get("GAN1D_NODE_MODULES", ROOT / "node_modules"))

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NODE = shutil.which("node")
SYSTEM_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"])
NGINX = shutil.which("nginx", path=SYSTEM_PATH)
APACHE = shutil.which("apache2", path=SYSTEM_PATH)
REVEAL = {
    "4": NODE_MODULES / "reveal.js-4/dist",
    "5": NODE_MODULES / "reveal.js-5/dist",
    "6": ROOT / "examples/deck/vendor/reveal.js/dist",
}
"""Version of reveal.js → its directory."""

MISSING = {
    "torch": "" if find_spec("torch") else "PyTorch is not installed",
    "node": "" if NODE else "node is not installed",
    "reveal": (
        "" if all(path.is_dir() for path in REVEAL.values()) else "reveal.js 4 and 5 are not installed (npm install)"
    ),
    "nginx": "" if NGINX else "nginx is not installed",
    "apache": "" if APACHE else "Apache is not installed (Debian's apache2)",
    "jupyter": (
        ""
        if all(map(find_spec, ("jupyter_server_proxy", "nbclient", "ipykernel")))
        else "jupyter-server-proxy, nbclient or ipykernel is not installed (pip install -e '.[dev]')"
    ),
    "browser": (
        "Playwright is not installed (pip install -e '.[dev]')"
        if not find_spec("playwright")
        else ""
        if CHROMIUM
        else "Chromium is not installed"
    ),
}
"""Why a tool cannot be used, in words; "" where it can."""


def slow_but(usual: Collection[Any], values: Iterable[Any]) -> list[Any]:
    """Parameters of a test, all but the usual ones marked as slow."""
    return [value if value in usual else pytest.param(value, marks=pytest.mark.slow) for value in values]
