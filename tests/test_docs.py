"""What README says is what the program does: keys, commands, options, files."""

import os
import re
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path

import pytest

from tests.test_floors import FLOORS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def between(marker: str) -> str:
    """The part of README between `<!-- marker -->` and `<!-- /marker -->`."""
    found = re.search(rf"<!-- {marker} -->\n(.*?)<!-- /{marker} -->", README, re.DOTALL)
    assert found, f"README has no part called {marker}"
    return found[1].strip()


def key_table() -> str:
    """The keys of the page's own table, as Markdown."""
    rows = re.findall(r'shown: "([^"]+)".*?help: "([^"]+)"', (ROOT / "static/js/page/keyboard.js").read_text("utf-8"))
    assert rows, "static/js/page/keyboard.js has no rows that this test can read"
    return "\n".join(["| key | does |", "|---|---|", *(f"| {shown} | {help} |" for shown, help in rows)])


def help_of(*command: str) -> str:
    """What the program prints, at a width and in a style that do not depend on the terminal."""
    fixed = {"COLUMNS": "100", "NO_COLOR": "1", "PYTHON_COLORS": "0"}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GAN1D_")} | fixed
    done = subprocess.run(
        [sys.executable, "-m", "gan1d", *command, "--help"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout.strip()


def commands_shown() -> list[tuple[str, str]]:
    """Each `$ gan1d … --help` in README with the text shown below it."""
    return re.findall(r"^```text\n\$ gan1d ?(.*?) ?--help\n(.*?)^```", between("help"), re.DOTALL | re.MULTILINE)


def test_readme_shows_the_keys_of_the_page() -> None:
    assert between("keys") == key_table()


@pytest.mark.parametrize("command", ["serve", "run"])
def test_readme_shows_the_help_of_the_program(command: str) -> None:
    shown = dict(commands_shown())[command]
    # Word by word: where lines break is a matter of the Python version.
    assert shown.split() == help_of(command).split()


def test_links_into_the_repository_lead_somewhere() -> None:
    for document in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/diagnosis.md"):
        links = re.findall(r"\]\((?!https?:|#)([^)]+)\)", (ROOT / document).read_text("utf-8"))
        assert [link for link in links if not ((ROOT / document).parent / link).exists()] == []


def test_files_named_in_the_documents_exist() -> None:
    for document in ("README.md", "CONTRIBUTING.md"):
        text = (ROOT / document).read_text("utf-8")
        named = re.findall(r"`((?:examples|tests|gan1d|static|docs)/[\w./-]*)`", text)
        assert [path for path in named if not (ROOT / path).exists()] == []


def floors_picture() -> str:
    """The packages and their modules, highest first, as `tests/test_floors.py` orders them."""
    lines = []
    for key, modules in reversed(FLOORS.items()):
        package = key.partition(" ")[0]
        names = [name or "__init__" for name in reversed(modules)]
        text = textwrap.wrap(" · ".join(names), 78)
        lines += [f" {label:<26} {row}" for label, row in zip([package, *[""] * len(text)], text, strict=False)]
    return "\n".join(["```text", *lines, "```"])


def test_the_picture_in_contributing_is_that_of_the_floors() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    found = re.search(r"<!-- floors -->\n(.*?)\n<!-- /floors -->", text, re.DOTALL)
    assert found
    assert found[1] == floors_picture(), f"Out of date. Expected:\n{floors_picture()}"


def test_the_changelog_knows_this_version() -> None:
    version = re.search(r'^version = "(.+?)"', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert version
    assert f"## [{version[1]}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_what_make_runs_is_in_the_source_distribution() -> None:
    packed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["sdist"]
    scripts = re.findall(r"^\tbash (\S+)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert scripts
    for script in scripts:
        assert (ROOT / script).is_file()
        assert any(f"/{script}".startswith(f"{include}/") for include in packed["include"])
