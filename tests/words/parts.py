"""The words of the page, part by part, in the English of the program, and what is missing in another language.

python -m tests.words.parts de
"""

import ast
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

from gan1d import words
from gan1d.config.model import Config
from gan1d.diagnosis.kinds import KINDS
from gan1d.evaluation.frame import described
from gan1d.evaluation.metric_descriptions import SCOREBOARD
from gan1d.gallery import presets
from gan1d.glossary import served
from gan1d.lessons.library import HERE as LESSONS
from gan1d.maps.content import NUMBERS
from gan1d.replay.page_directory import static_dir
from gan1d.session.change_marks import shown_values

MODULE: Final = (static_dir() / "js" / "language" / "page-language.js").read_text("utf-8")
ATTRIBUTES: Final[list[str]] = json.loads(re.findall(r"^const ATTRIBUTES = (.*);$", MODULE, re.MULTILINE)[0])
"""Attributes whose words the page exchanges."""
HAS_WORDS: Final = re.compile(r"[^\W\d_]{2}")


class Reader(HTMLParser):
    """Notes the words of a document: its texts, and those of the attributes that readers see or hear."""

    def __init__(self) -> None:
        super().__init__()
        self.found = set[str]()
        self.tag = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tag = tag
        self.found |= {value for name, value in attrs if name in ATTRIBUTES and value}

    def handle_endtag(self, tag: str) -> None:
        self.tag = ""

    def handle_data(self, data: str) -> None:
        if self.tag not in ("script", "style", "code") and HAS_WORDS.search(data):
            self.found.add(" ".join(data.split()))


def learn() -> set[str]:
    """The words around the lessons."""
    return set(json.loads((LESSONS / "words.json").read_text("utf-8")).values())


def document(name: str = "index.html") -> set[str]:
    """The words of the page's document, or of another one."""
    reader = Reader()
    reader.feed((static_dir() / name).read_text("utf-8"))
    return reader.found - SAME


def map_page() -> set[str]:
    """The words of a map's document, the numbers by which it is coloured, and the settings of its axes."""
    numbers = {words for number in NUMBERS for words in (number.label, number.help, number.missing)}
    return document("map.html") | with_words(numbers | axes())


def axes() -> set[str]:
    """The names of the settings of all presets, as an axis has them."""
    configs = [preset.config for preset in presets.values()]
    return {shown_values(config, config, path)[0] for config in configs for path in paths_in(config.model_dump())}


def paths_in(values: dict[str, Any], start: str = "") -> Iterator[str]:
    """The paths of the settings in a config's values, but those in lists."""
    for name, value in values.items():
        yield f"{start}{name}"
        if isinstance(value, dict):
            yield from paths_in(value, f"{start}{name}.")


def diagnosis() -> set[str]:
    """The kinds of diagnosis and their help; a suspicion is made of its failure."""
    kinds = [kind for kind in KINDS if kind.severity != "suspicion"]
    return {words for kind in kinds for words in (kind.label, kind.help)}


def metrics() -> set[str]:
    """The names and the help of all metrics of the scoreboard."""
    shown = {row["metric"]: row for row in SCOREBOARD}
    rows = [row for row in described() if row["name"] in shown]
    labels = {shown[row["name"]].get("label", row["label"]) for row in rows}
    return with_words(labels | {row["help"] for row in rows})


def settings() -> set[str]:
    """The names of all settings and of their choices, and their help."""
    return set(settings_in(Config.model_json_schema(), ""))


def settings_in(node: Any, name: str) -> Iterator[str]:
    """The words of a part of the schema, as `static/js/state/schema.js` shows them."""
    if isinstance(node, list):
        for each in node:
            yield from settings_in(each, name)
    elif isinstance(node, dict):
        if name not in ("items", "kind") and (knob := node.get("x-knob")):
            yield from with_words({knob.get("label") or name.replace("_", " "), node.get("description", "")})
        elif "kind" in node.get("properties", {}):
            yield from with_words({node["title"], node.get("description", "")})
        for key, each in node.items():
            yield from settings_in(each, key)


def gallery() -> set[str]:
    """The presets' groups, titles and texts."""
    return {words for preset in presets.values() for words in (preset.group, preset.title, preset.watch)}


def terms() -> set[str]:
    """The meanings of the glossary."""
    return {entry["meaning"] for entry in served()}


def refusals() -> set[str]:
    """The sentences of the server for a user, a field in place of each value, and the parts that they are made of."""
    found = set[str]()
    for pattern in SPEAKING:
        for file in sorted(PACKAGE.glob(pattern)):
            has_parts = file.relative_to(PACKAGE).as_posix() in MADE_OF_PARTS
            found.update(sentences_in(file.read_text("utf-8"), has_parts=has_parts))
    return found - NOT_SHOWN


def sentences_in(source: str, *, has_parts: bool) -> Iterator[str]:
    """The sentences in the source of a module; also words without a capital and a full stop if it has parts of some."""
    for text in texts_in(ast.parse(source)):
        # The translator looks up the sentences of a text one by one.
        for each in re.split(r"(?<=[.!?…]) (?=[^a-z])", re.sub(r"^\{} (?=[A-Z])", "", text.strip())):
            is_sentence = re.fullmatch(r"[A-Z“{].*[.…]", each, re.DOTALL)
            if (is_sentence or (has_parts and re.match("[a-z{]", each))) and re.search("[A-Za-z]+ [A-Za-z{]", each):
                yield each


def texts_in(tree: ast.AST) -> Iterator[str]:
    """The texts in a module, a field in place of each value."""
    skipped = {each for node in ast.walk(tree) for part in left_out(node) for each in ast.walk(part)}
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def left_out(node: ast.AST) -> Sequence[ast.AST]:
    """The parts of a node that hold no text of their own: docstrings, help, names, annotations, formats and the log."""
    match node:
        case ast.Expr(value=ast.Constant()):
            return [node.value]
        case ast.AnnAssign():
            return [node.annotation]
        case ast.keyword(arg="help" | "description" | "label" | "name" | "thread_name_prefix"):
            return [node]
        case ast.Call() if re.search(r"\blog\b|logger|^re\.", ast.unparse(node.func).lower()):
            return [node]
        case ast.JoinedStr():
            return [part for part in node.values if isinstance(part, ast.Constant)]
        case ast.FormattedValue(format_spec=ast.JoinedStr() as spec):
            return [spec]
    return []


def with_words(texts: set[str]) -> set[str]:
    """Those of some texts that are no mere symbols."""
    return {text for text in texts if re.search(r"[^\W\d_]{3}", text)} - SAME


PACKAGE: Final = words.HERE.parent
SPEAKING: Final = (
    "config/conflicts.py",
    "config/errors.py",
    "config/paths.py",
    "engine/data/translation.py",
    "engine/distributions/custom.py",
    "engine/training/reports.py",
    "engine/training/spectrum.py",
    "games/game_[cr]*.py",
    "number_file/*.py",
    "recording/run_log.py",
    "server/[!ms]*.py",
    "session/*.py",
    "session/messages/connection.py",
)
"""Modules whose sentences the page shows: refusals, notices, and why a connection ends."""
MADE_OF_PARTS: Final = ("config/conflicts.py", "config/errors.py", "config/paths.py", "engine/training/spectrum.py")
"""Those of them that put parts into a sentence."""
NOT_SHOWN: Final = {
    "Closing a connection that sent more than {} pings in a second.",
    "Closing a connection that sent a message in more than {} parts.",
    "Expected JSON or a short literal.",
    "Expected a run that is recorded.",
    "Expected the record of a run that was closed.",
    "Expected {} parameters, but got {}.",
    "Raise the limit of open files (ulimit -n).",
    "Refusing a connection: too many are open.",
    "Refusing more requests for other reasons.",
}
"""Sentences for the log of the server, or about mistakes in a program."""
SAME: Final = {
    "gan1d",
    "x = G(z)",
    "D(x)",
    "Fréchet",
    "Map · gan1d",
    "The map needs JavaScript: allow it for this page.",
    "gan1d needs JavaScript: allow it for this page. A frame with a sandbox attribute needs",
}
"""Words that are the same in every language, and those that are shown where no script runs."""
PARTS: Final[tuple[Callable[[], set[str]], ...]] = (
    learn, document, map_page, diagnosis, metrics, settings, gallery, terms, refusals,
)  # fmt: skip
"""All parts."""


def missing(language: str, part: Callable[[], set[str]]) -> list[str]:
    """The words of a part that have no entry in a language."""
    known = {nameless(text) for text in words.words_of(language)}
    return sorted(text for text in part() if nameless(text) not in known)


def nameless(text: str) -> str:
    """A text without the names of its fields."""
    return re.sub(r"\{[^{}]*}", "{}", text)


if __name__ == "__main__":
    for each in PARTS:
        for line in missing(sys.argv[1], each):
            sys.stdout.write(f"{each.__name__}: {line}\n")
    pages = [page for folder in sorted(LESSONS.glob("[0-9]*")) for page in sorted(folder.glob("*.md"))]
    for page in pages:
        if not (page.parent / sys.argv[1] / page.name).exists():
            sys.stdout.write(f"{Path(page).relative_to(LESSONS)}\n")
