"""The documents say what the program does: keys, buttons, commands, requests, names, files, versions."""

import inspect
import re
import shlex
import textwrap
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import gan1d
from gan1d.cli.commands import parser
from gan1d.engine.training.spectrum import field_conflict
from gan1d.games.game_presets import game_presets
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


def test_the_fields_of_a_state_are_documented() -> None:
    source = (ROOT / "static/js/embed/host.js").read_text("utf-8")
    sent = re.search(r"function stateOf\(.*?return \{\n(.*?)\n  \};", source, re.DOTALL)
    assert sent
    row = re.search(r"^\| `state` \|.*\| (.*) \|$", between("docs/reference/post-message.md", "events"), re.MULTILINE)
    assert row
    assert re.findall(r"`(\w+)`", row[1]) == re.findall(r"^ +(\w+)[:,]", sent[1], re.MULTILINE)


def test_the_parameters_of_an_embedded_page_are_documented() -> None:
    source = (ROOT / "static/js/state/url.js").read_text("utf-8")
    read = set(re.findall(r'\.(?:get|has)\("(\w+)"\)', source)) - {"session"}
    assert read
    table = between("docs/slides.md", "parameters")
    assert [name for name in sorted(read) if f"`{name}=" not in table] == []
    for name, values in re.findall(r'oneOf\(query, "(\w+)", .*?\[(.*?)\]\)', source):
        row = re.search(rf"^\| `{name}=(.*?) \|", table, re.MULTILINE)
        assert row
        assert set(re.findall(r"\w+", row[1])) == set(re.findall(r"\w+", values))
    least, most = (re.search(rf"{end}_SCALE = (.*);", source) for end in ("SMALLEST", "LARGEST"))
    assert least
    assert most
    assert f"{least[1]} to {most[1]}" in table
    rows = re.findall(r"^\| `([^`]+)`", table, re.MULTILINE)
    assert len(rows) == len(set(rows))
    assert Counter(row.partition("=")[0] for row in rows)["lang"] == 1


DOCUMENTS = [
    path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    if "_build" not in path.parts
]  # fmt: skip


def found_in_documents(pattern: str) -> list[tuple[str, Any]]:
    """Each document and what a pattern finds in it, as `re.findall` has it."""
    return [(name, found) for name in DOCUMENTS for found in re.findall(pattern, (ROOT / name).read_text("utf-8"))]


HANDWRITTEN = [
    name for name in DOCUMENTS if name != "CHANGELOG.md" and "do not edit" not in (ROOT / name).read_text("utf-8")[:100]
]


def anchors_of(path: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub and the site make them."""
    text = re.sub(r"^```.*?^```", "", path.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+ +(.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_anchors_of_links_are_headings() -> None:
    links = found_in_documents(r"\]\((?!https?:|lit:)([\w./-]*)#([\w-]+)\)")
    assert len(links) > 20
    for name, (link, anchor) in links:
        target = (ROOT / name).parent / link if link else ROOT / name
        assert anchor in anchors_of(target), f"{name}: {link}#{anchor}"


def test_readme_or_an_index_leads_to_every_page() -> None:
    """Each page of `docs/` is in one table of contents of the site, and README links those that are not records."""
    pages = {path.relative_to(ROOT / "docs").with_suffix("") for path in (ROOT / "docs").rglob("*.md")}
    pages = {page for page in pages if page.parts[0] != "_build"}
    listed = Counter[Path]()
    for page in pages:
        text = (ROOT / "docs" / page).with_suffix(".md").read_text("utf-8")
        for entries in re.findall(r"```\{toctree\}\n(.*?)```", text, re.DOTALL):
            listed.update(page.parent / line for line in entries.splitlines() if line and not line.startswith(":"))
    assert listed == Counter(pages - {Path("index")})
    linked = set(re.findall(r"\]\(docs/([\w./-]+)\.md", README))
    indices = {Path("index"), Path("topics"), Path("tutorials/index"), Path("reference/index")}
    assert {str(page) for page in pages - indices if page.parts[0] != "decisions"} <= linked


def test_every_public_name_is_in_the_reference() -> None:
    page = (ROOT / "docs/reference/python.md").read_text("utf-8")
    described = re.findall(r"^\.\. (?:py:data|auto\w+):: gan1d\.([\w.]+)", page, re.MULTILINE)
    assert sorted(name.rpartition(".")[2] for name in described) == sorted(gan1d.__all__)


COMMANDS = [
    (name, " ".join(line.split()))
    for name in HANDWRITTEN
    for block in re.findall(
        r"^ *```(?:sh|console)\n(.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    for line in block.replace("\\\n", " ").splitlines()
    if re.match(r" *(\$ )?gan1d\b", line) and "…" not in line
]


@pytest.mark.parametrize(("document", "line"), COMMANDS, ids=[line for _, line in COMMANDS])
def test_a_command_line_is_accepted(document: str, line: str) -> None:
    words = shlex.split(line.removeprefix("$ ").partition(" < ")[0], comments=True)[1:]
    parser()[0].parse_args(words)


def test_options_named_in_sentences_exist() -> None:
    commands = parser()[1]
    found = [each for each in found_in_documents(r"`gan1d ([^`\n]*)`") if each[0] in HANDWRITTEN]
    assert len(found) > 30
    for name, text in found:
        first, *words = text.split()
        command = first if first in commands else "serve"
        assert command == first or first.startswith("--"), f"{name}: gan1d {text}"
        known = option_strings(command)
        for word in [first, *words]:
            assert not word.startswith("-") or word.partition("=")[0] in known, f"{name}: gan1d {text}"


def option_strings(command: str) -> set[str]:
    """The options of a command."""
    actions = (action for action in parser()[0]._actions if isinstance(action.choices, dict))
    own = next(actions).choices[command]  # type: ignore[call-overload, index]
    return {text for action in own._actions for text in action.option_strings}


def test_programs_named_in_the_documents_exist() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    for name, target in found_in_documents(r"`make ([a-z]+)`"):
        assert target in targets, f"{name}: make {target}"
    modules = [
        each for each in found_in_documents(r"python -m ((?:docs|tests|benchmarks)[\w.]*)") if each[0] in HANDWRITTEN
    ]
    assert len(modules) > 15
    for name, module in modules:
        path = ROOT / module.replace(".", "/")
        assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file(), f"{name}: python -m {module}"


def test_options_of_the_benchmarks_exist() -> None:
    lines = found_in_documents(r"python -m (benchmarks\.\w+)((?: [^`\n]*)?)")
    assert sum("--" in options for _, (_, options) in lines) > 10
    for name, (module, options) in lines:
        path = ROOT / module.replace(".", "/")
        files = [path.with_suffix(".py")] if path.with_suffix(".py").is_file() else [*path.glob("*.py")]
        source = "".join(file.read_text("utf-8") for file in files)
        for option in re.findall(r" (--[\w-]+)", options):
            assert f'"{option}"' in source, f"{name}: python -m {module} {option}"


ABOUT_THE_PAGE = (
    "README.md",
    *(f"docs/{name}.md" for name in (
        "deployment", "languages", "own-numbers", "slides", "spectrum", "start", "sweeps", "take-along",
        "tutorials/collapse", "tutorials/lecture", "tutorials/one-step", "tutorials/why-gans-circle",
    )),
)  # fmt: skip


@pytest.mark.parametrize("document", ABOUT_THE_PAGE)
def test_buttons_and_titles_are_on_the_page(document: str) -> None:
    """What a document for users has in italics, from a capital on, is a label of the page or the title of a preset."""
    files = [*(ROOT / "static").glob("*.html"), *(ROOT / "static/js").rglob("*.js"), ROOT / "gan1d/lessons/words.json"]
    page = "\n".join(file.read_text("utf-8") for file in files)
    titles = {preset.title for preset in (*gan1d.presets.values(), *game_presets.values())} | {"Deutsch"}
    text = re.sub(r"^```.*?^```|`[^`\n]*`", "", (ROOT / document).read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    for words in re.findall(r"(?<![*\w\\])\*([A-Z][^*]+)\*(?!\*)", text):
        for label in re.split(r" → | · ", " ".join(words.split())):
            is_shown = any(
                f"{before}{label}{after}" in page for before in ('"', '" ', ">") for after in ('"', "<", " ▾")
            )
            assert is_shown or label in titles, label


NO_SPECTRUM = {
    "optimal D": {"discriminator.optimal": True, "penalty": "none"},
    "labels": {"conditional": True},
    "several samples": {"discriminator.view": "pack"},
    "several latent dimensions": {"latent.dimension": 2},
    "a source": {"latent": "source"},
    "a code": {"code": "categorical"},
    "instance noise": {"instance_noise.deviation": 0.1},
    "spectral normalization": {"discriminator.constraint": "spectral_normalization"},
}
"""What has no spectrum, in the words of its document, and such settings."""


def test_the_document_on_spectra_names_all_settings_without_one() -> None:
    sentence = re.search(r"There is no spectrum (.*?);", (ROOT / "docs/spectrum.md").read_text("utf-8"), re.DOTALL)
    assert sentence
    stated = re.split(
        r", with | or with ", " ".join(sentence[1].split()).removeprefix("with the ").removeprefix("with ")
    )
    assert len(stated) == len(NO_SPECTRUM)
    assert len({field_conflict(gan1d.Config().with_changes(each.items())) for each in NO_SPECTRUM.values()}) == len(
        stated
    )
    assert all(any(words in each for each in stated) for words in NO_SPECTRUM)
    assert inspect.getsource(field_conflict).count('": ') == len(stated)
    assert field_conflict(gan1d.Config()) == ""


def test_the_record_on_storage_names_all_that_the_page_stores() -> None:
    stores = {"page/views.js", "learn/progress.js", "connection/session-memory.js", "replay/own-bookmarks.js"}
    scripts = ROOT / "static/js"
    using = re.compile(r"localStorage|sessionStorage|indexedDB|document\.cookie")
    found = {
        path.relative_to(scripts).as_posix() for path in scripts.rglob("*.js") if using.search(path.read_text("utf-8"))
    }
    assert found == stores
    record = (ROOT / "docs/decisions/0006-no-accounts-no-storage.md").read_text("utf-8")
    for words in (
        "the view that was chosen last",
        "read and answered in the lessons",
        "name of the session",
        "bookmarks",
    ):
        assert words in record


def test_the_documents_personify_nothing() -> None:
    """A person asks and tells; a page has a question, and a value says or shows."""
    banned = r"(?i)\b(asked|told|nobody)\b"
    found = [(name, word) for name, word in found_in_documents(banned) if name in HANDWRITTEN]
    assert found == []


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
