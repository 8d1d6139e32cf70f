"""The code in the documentation runs as it stands, each page from top to bottom."""

import json
import re
import subprocess
import sys
import warnings
from importlib import import_module
from pathlib import Path

import pytest

from tests import tools

DOCS = Path(__file__).parents[1] / "docs"


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)


PAGES = [page for page in sorted(DOCS.rglob("*.md")) if blocks(page, "python")]


def test_the_tutorials_have_code() -> None:
    assert {"train", "collapse"} <= {page.stem for page in PAGES}


NOTEBOOK = DOCS / "tutorials/notebook.ipynb"


def test_the_notebook_has_the_code_of_its_page() -> None:
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert code == [block.strip() for block in blocks(NOTEBOOK.with_suffix(".md"), "python")]
    assert all(cell.get("outputs", []) == [] for cell in cells)


def test_the_notebook_has_the_words_of_its_page() -> None:
    """Without links, which would lead nowhere from a notebook that is copied."""
    page = (
        NOTEBOOK.with_suffix(".md").read_text("utf-8").replace("This page is also a [notebook](notebook.ipynb). ", "")
    )
    between = re.split(r"^```python\n.*?^```\n", page, flags=re.DOTALL | re.MULTILINE)
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    words = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    assert words == [re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text.strip()) for text in between]


@pytest.mark.slow
@pytest.mark.skipif(bool(tools.MISSING["jupyter"]), reason=tools.MISSING["jupyter"])
def test_the_notebook_runs() -> None:
    """In a real kernel; each of its frames comes from a server that answers."""
    with warnings.catch_warnings():
        # Jupyter's own: a directory that its next version names otherwise, and sockets that it closes late.
        warnings.simplefilter("ignore")
        nbformat, nbclient = import_module("nbformat"), import_module("nbclient")
        notebook = nbformat.read(NOTEBOOK, as_version=4)
        probe = (
            "import json, urllib.request\nprint(urllib.request.urlopen(page.url.partition('?')[0] + 'identity').read())"
        )
        notebook.cells.append(nbformat.v4.new_code_cell(probe))
        nbclient.NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    outputs = [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]
    frames = [out.data["text/html"] for cell in outputs[:2] for out in cell]
    assert [re.fullmatch(r'<iframe src="http://127.0.0.1:\d+/\?embed=1[^"]*" .*></iframe>', frame) is None
            for frame in frames] == [False, False]  # fmt: skip
    assert "preset=mode_collapse" in frames[0]
    assert outputs[-1][0].text.strip() == """b'{"program":"gan1d"}'"""


CHECKS = {
    "collapse": """
assert min(frame.mode_masses) < 0.05
assert frame.wasserstein1 > 1
assert min(gan1d.observe(trainer).mode_masses) > 0.3
""",
}
"""What a page says about its results."""


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_python_of_a_page_runs(page: Path) -> None:
    code = "\n".join([*blocks(page, "python"), CHECKS.get(page.stem, "")])
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=60, cwd=DOCS.parent
    )
    assert (done.stderr, done.returncode) == ("", 0)
    assert "nan" not in done.stdout


PATTERN = re.compile(r"^gan1d run .*$", re.MULTILINE)
COMMANDS = sorted({command for page in DOCS.rglob("*.md") for command in PATTERN.findall(page.read_text("utf-8"))})
TO_COME = {"gan1d run --set loss=hellinger --steps 1000"}
"""Commands for the loss that a tutorial adds."""


@pytest.mark.slow
@pytest.mark.parametrize("command", [command for command in COMMANDS if command not in TO_COME])
def test_a_command_of_the_documentation_is_accepted(command: str, tmp_path: Path) -> None:
    short = re.sub(r"--(steps|seeds) \d+", r"--\1 1", command)
    (tmp_path / "heights.csv").write_text("name,cm\n" + "".join(f"n{cm},{cm}\n" for cm in range(160, 180)))
    (tmp_path / "heights.json").write_text('{"target": {"kind": "uniform"}}')
    done = subprocess.run(
        [sys.executable, "-m", "gan1d", *short.split()[1:]], capture_output=True, text=True, timeout=60, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
