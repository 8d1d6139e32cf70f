"""Programs and libraries that some tests need and a plain installation does not have."""

import shutil
from importlib.util import find_spec

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NODE = shutil.which("node")

MISSING = {
    "torch": "" if find_spec("torch") else "PyTorch is not installed",
    "node": "" if NODE else "node is not installed",
    "browser": (
        "Playwright is not installed (pip install -e '.[dev]')"
        if not find_spec("playwright")
        else ""
        if CHROMIUM
        else "Chromium is not installed"
    ),
}
"""Why a tool cannot be used, in words; "" where it can."""
