"""The page's modules, tested in node, as a part of this suite where node is there."""

import re
import subprocess
from pathlib import Path

import pytest

from tests import tools

STATIC = Path(__file__).parents[1] / "static"
TESTS = sorted((Path(__file__).parent / "js").glob("*.test.js"))


@pytest.mark.slow
@pytest.mark.skipif(bool(tools.MISSING["node"]), reason=tools.MISSING["node"])
def test_page_modules() -> None:
    assert tools.NODE is not None
    done = subprocess.run([tools.NODE, "--test", *TESTS], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


# Modules of the page that shows a recorded run without a server, those that are loaded with the first saved picture,
# those of the dialogs and tips, which are loaded behind the first frame, and those of settings of few experiments.
LATER = (
    "js/replay/", "js/stills/", "js/language/", "js/games/", "js/map/", "js/page/dialogs.js",
    "js/page/pictures.js", "js/page/recording-file.js",
    "js/page/experiment-files.js", "js/page/run-pictures.js", "js/page/qr-code.js", "js/page/look-back.js",
    "js/page/loop.js",
    "js/page/compare.js", "js/page/code-choice.js", "js/page/same-but.js", "js/charts/second.js",
    "js/charts/way-back.js",
    "js/charts/overview.js", "js/learn/", "js/slow-motion/", "js/spectrum/", "js/state/csv.js", "js/page/tips.js",
    "js/controls/curve-input.js", "js/controls/samples-input.js", "js/connection/read-numbers.js", "js/download.js",
)  # fmt: skip


def test_every_module_is_checked_by_the_compiler() -> None:
    """Modules of packages are not, so the compiler's settings leave it to each file."""
    modules = (STATIC / "js").rglob("*.js")
    assert [path.name for path in modules if not path.read_text("utf-8").startswith("// @ts-check\n")] == []


def test_the_document_preloads_every_module() -> None:
    """A module that the page needs and is not listed is fetched only after the module that imports it has been read."""
    document = (STATIC / "index.html").read_text("utf-8")
    listed = re.findall(r'rel="modulepreload" href="([^"]+)"', document)
    modules = {path.relative_to(STATIC).as_posix() for path in (STATIC / "js").rglob("*.js")}
    modules = {name for name in modules if not name.startswith(LATER)}
    without_code = {name for name in modules if (STATIC / name).read_text("utf-8").rstrip().endswith("export {};")}
    started = set(re.findall(r'<script (?:type="module" )?src="([^"]+)"', document))
    assert sorted(listed) == sorted(modules - without_code - started)
