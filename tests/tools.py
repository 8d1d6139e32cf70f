"""Programs and libraries that some tests need and a plain installation does not have, and parameters of slow tests."""

import os
import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
NODE_MODULES = Path(os.environ.get("GAN1D_NODE_MODULES", ROOT / "node_modules"))

AXE = NODE_MODULES / "axe-core" / "axe.min.js"
"""A script that finds what hinders readers with disabilities on a page."""

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
    "axe": "" if AXE.exists() else "axe-core is not installed (npm install)",
    "nginx": "" if NGINX else "nginx is not installed",
    "apache": "" if APACHE else "Apache is not installed (Debian's apache2)",
    "jupyter": (
        ""
        if all(map(find_spec, ("jupyter_server_proxy", "nbclient", "ipykernel")))
        else "jupyter-server-proxy, nbclient or ipykernel is not installed (pip install -e '.[dev]')"
    ),
    "dask": "" if find_spec("distributed") else "Dask is not installed (pip install -e '.[dask]')",
    "parquet": "" if find_spec("pyarrow") else "PyArrow is not installed (pip install -e '.[parquet]')",
    "browser": (
        "Playwright is not installed (pip install -e '.[dev]')"
        if not find_spec("playwright")
        else ""
        if CHROMIUM
        else "Chromium is not installed"
    ),
}
"""Why a tool cannot be used, in words; "" where it can."""


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    """A place where no file of this process can grow beyond some bytes."""
    resource = pytest.importorskip("resource", reason="Windows has no limit on the size of files")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def slow_but(usual: Collection[Any], values: Iterable[Any]) -> list[Any]:
    """Parameters of a test, all but the usual ones marked as slow."""
    return [value if value in usual else pytest.param(value, marks=pytest.mark.slow) for value in values]


def slow_rows_but(usual: Collection[Any], rows: Iterable[tuple[Any, ...]]) -> list[Any]:
    """Rows of several parameters of a test, all but the usual ones marked as slow."""
    return [row if row in usual else pytest.param(*row, marks=pytest.mark.slow) for row in rows]
