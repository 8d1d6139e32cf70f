"""The code in the documentation runs as it stands, each page from top to bottom."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)


PAGES = [page for page in sorted(DOCS.rglob("*.md")) if blocks(page, "python")]


def test_the_tutorials_have_code() -> None:
    assert {"train", "collapse"} <= {page.stem for page in PAGES}


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
    done = subprocess.run(
        [sys.executable, "-m", "gan1d", *short.split()[1:]], capture_output=True, text=True, timeout=60, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
