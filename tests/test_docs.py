"""The documents say what the program does: keys, commands, requests, files, versions."""

import re
import textwrap
import tomllib
from pathlib import Path

from tests.test_floors import FLOORS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def between(document: str, marker: str) -> str:
    """The part of a document between `<!-- marker -->` and `<!-- /marker -->`."""
    text = (ROOT / document).read_text("utf-8")
    found = re.search(rf"<!-- {marker} -->\n(.*?)<!-- /{marker} -->", text, re.DOTALL)
    assert found, f"{document} has no part called {marker}"
    return found[1].strip()


def key_table() -> str:
    """The keys of the page's own table, as Markdown."""
    rows = re.findall(r'shown: "([^"]+)".*?help: "([^"]+)"', (ROOT / "static/js/page/keyboard.js").read_text("utf-8"))
    assert rows, "static/js/page/keyboard.js has no rows that this test can read"
    return "\n".join(["| key | does |", "|---|---|", *(f"| {shown} | {help} |" for shown, help in rows)])


def test_the_keys_of_the_page_are_documented() -> None:
    assert between("docs/start.md", "keys") == key_table()


def test_readme_has_the_two_commands_of_a_newcomer() -> None:
    commands = re.findall(r"^python3 -m venv .*$", README, re.MULTILINE)
    install = 'python3 -m venv .venv && .venv/bin/pip install -q -e ".[test]" && '
    assert commands == [f"{install}.venv/bin/gan1d", f"{install}.venv/bin/python -m pytest -q"]


def test_the_requests_of_post_message_are_documented() -> None:
    source = (ROOT / "static/js/embed/host.js").read_text("utf-8")
    actions = re.search(r"= \[((?:\"\w+\", ){3,}\"\w+\")\];", source)
    assert actions
    listed = re.findall(r"^\| `(\w+)`", between("docs/reference/post-message.md", "requests"), re.MULTILINE)
    assert listed == re.findall(r"\w+", actions[1])


def test_the_events_of_post_message_are_documented() -> None:
    source = (ROOT / "static/js/main.js").read_text("utf-8")
    posted = dict.fromkeys(re.findall(r'host\.\w+\("(\w+)"', source))
    listed = re.findall(r"^\| `(\w+)`", between("docs/reference/post-message.md", "events"), re.MULTILINE)
    assert sorted(listed) == sorted(posted)


def test_the_parameters_of_an_embedded_page_are_documented() -> None:
    source = (ROOT / "static/js/state/url.js").read_text("utf-8")
    read = set(re.findall(r'\.(?:get|has)\("(\w+)"\)', source)) - {"session"}
    assert read
    table = between("docs/slides.md", "parameters")
    assert [name for name in sorted(read) if f"`{name}=" not in table] == []


DOCUMENTS = [
    path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    if "_build" not in path.parts
]  # fmt: skip


def found_in_documents(pattern: str) -> list[tuple[str, str]]:
    """Each document and what a pattern finds in it."""
    return [(name, found) for name in DOCUMENTS for found in re.findall(pattern, (ROOT / name).read_text("utf-8"))]


def test_links_into_the_repository_lead_somewhere() -> None:
    links = found_in_documents(r"\]\((?!https?:|lit:|<?term:|arxiv:|#)([^)#]+)(?:#[^)]*)?\)")
    assert len(links) > 50
    assert [(name, link) for name, link in links if not ((ROOT / name).parent / link).exists()] == []


def test_files_named_in_the_documents_exist() -> None:
    named = found_in_documents(r"`((?:benchmarks|examples|tests|gan1d|static|docs)/[\w./-]*)`")
    assert len(named) > 50
    assert [(name, path) for name, path in named if not (ROOT / path).exists()] == []


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


def test_contributing_names_every_folder_of_the_page() -> None:
    table = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("connects its folders:")[2].partition("\n## ")[0]
    folders = {path.name for path in (ROOT / "static" / "js").iterdir() if path.is_dir()}
    assert set(re.findall(r"^\| `([\w-]+)/`", table, re.MULTILINE)) == folders


def test_the_changelog_knows_this_version() -> None:
    version = re.search(r'^version = "(.+?)"', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert version
    assert f"## [{version[1]}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_all_lists_of_python_versions_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    promised = re.findall(r"Python :: (3\.\d+)", "\n".join(project["classifiers"]))
    matrix = re.search(r"python: \[(.+)\]", (ROOT / ".github/workflows/ci.yml").read_text("utf-8"))
    tried = re.search(r"^for version in (.+); do$", (ROOT / ".ci/run").read_text("utf-8"), re.MULTILINE)
    assert matrix
    assert tried
    assert re.findall(r"[\d.]+", matrix[1]) == tried[1].split() == promised
    assert project["requires-python"] == f">={promised[0]}"


def test_the_citation_is_of_this_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    citation, changelog = (ROOT / "CITATION.cff").read_text("utf-8"), (ROOT / "CHANGELOG.md").read_text("utf-8")
    released = re.search(rf"^## \[{re.escape(version)}\] - (\S+)$", changelog, re.MULTILINE)
    assert released
    assert f"\nversion: {version}\ndate-released: {released[1]}\n" in citation


def test_what_make_runs_is_in_the_source_distribution() -> None:
    packed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["sdist"]
    scripts = re.findall(r"^\tbash (\S+)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert scripts
    for script in scripts:
        assert (ROOT / script).is_file()
        assert any(f"/{script}".startswith(f"{include}/") for include in packed["include"])
