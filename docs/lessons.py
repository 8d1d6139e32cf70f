"""Write the pages of the lessons as HTML and MathML: run `python -m docs.lessons`.

The source of a lesson is a folder of gan1d/lessons: `lesson.toml`, and one Markdown file for each page, in the order
of their names. A page begins with TOML between two lines `+++`, with the fields of `gan1d.lessons.lesson.Page`. Its
text ends with the parts `# Question`, `# Reveal`, `# Task` and `# Solution`, each of which may be missing.

    $x = G(z)$                     a formula; on its own lines between $$ it is set apart
    {waiting.most}, {config.seed}  a measured number, or a setting of the experiment; `lesson_numbers` has all of them
    [the strings](lit:generator)   words that light a part of the picture
    [noise](term:z)                words that open an entry of the glossary; <term:mode collapse> for one with a space
    [Goodfellow et al. 2014](arxiv:1406.2661)   a source
    - [ ] … and - [x] …            answers of a question, the right one with a cross

A folder `de` in it has the pages in German under the same names, with `title` and the `words` of what is waited for at
their heads; all else is that of the English page, which stands in for one that is missing.

Numbers come from `measured.json` in the same folder, which `python -m benchmarks.lessons` writes. The result is
`lesson.json`, and `de/lesson.json`; `tests/lessons/test_texts.py` fails when one is out of date.
"""

import json
import re
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from docs.lesson_numbers import with_numbers
from gan1d.lessons.lesson import Lesson, Page, Question
from gan1d.lessons.library import QUESTIONS, RENDERED, checked, lesson_folders
from gan1d.words import ENGLISH, languages

PARTS: Final = ("Question", "Reveal", "Task", "Solution")
ANSWER: Final = re.compile(r"^- \[([ x])\] ", re.MULTILINE)
BEHIND_FORMULA: Final = re.compile(r"</math></span>([.,;:!?)]+)")
BEHIND_BUTTON: Final = re.compile(r"(<button (?:(?!</button>).)*</button>[.,;:!?)]+)", re.DOTALL)


class SourceError(ValueError):
    """A mistake in the source of a page; the message names the file."""


# Text to HTML ---------------------------------------------------------------------------------------------------------


def mathml(latex: str, context: Mapping[str, Any]) -> str:
    """A formula as MathML, with its LaTeX for those who copy it."""
    html = convert(latex, display="block" if context["display_mode"] else "inline")
    # Chromium sets no space behind the name of a function.
    html = re.sub(r"(<mi>(?:log|max|min)</mi>)(?!<mo stretchy=)", r'\1<mspace width="0.17em" />', html)
    return html.replace("<math ", f'<math data-latex="{escape(latex.strip())}" ', 1)


def escape(text: str) -> str:
    """Text as the value of an attribute."""
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def markdown() -> MarkdownIt:
    """The converter."""
    converter = MarkdownIt("commonmark", {"html": False}).enable("table")
    converter.use(dollarmath_plugin, renderer=mathml, double_inline=False)
    # Parentheses of addresses with a scheme of their own.
    converter.validateLink = lambda url: not url.startswith("javascript:")  # type: ignore[method-assign]

    def link_open(self: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
        href = str(tokens[index].attrs["href"])
        scheme, _, rest = href.partition(":")
        if scheme == "lit":
            return f'<button type="button" class="lights" data-lit="{escape(rest)}">'
        if scheme == "term":
            name = escape(unquote(rest))
            return f'<button type="button" class="lights term" data-terms="{name}" aria-expanded="false">'
        address = {"arxiv": "https://arxiv.org/abs/", "doi": "https://doi.org/"}.get(scheme)
        return f'<a href="{escape(address + rest if address else href)}" target="_blank" rel="noreferrer">'

    def link_close(self: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
        opened = next(each for each in reversed(tokens[:index]) if each.type == "link_open")
        return "</button>" if str(opened.attrs["href"]).startswith(("lit:", "term:")) else "</a>"

    converter.add_render_rule("link_open", link_open)
    converter.add_render_rule("link_close", link_close)
    return converter


CONVERTER: Final = markdown()


def with_punctuation(html: str) -> str:
    """HTML whose formulas and buttons are held together with the punctuation behind them: no line begins with it."""
    return BEHIND_BUTTON.sub(r'<span class="held">\1</span>', BEHIND_FORMULA.sub(r"</math>\1</span>", html))


def html_of(text: str) -> str:
    """A text of several paragraphs as HTML."""
    return with_punctuation(str(CONVERTER.render(text)).strip())


def inline_html(text: str) -> str:
    """A text of one paragraph as HTML without the paragraph."""
    return with_punctuation(str(CONVERTER.renderInline(" ".join(text.split()))).strip())


# Pages ----------------------------------------------------------------------------------------------------------------


def read_source(file: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """The head of a page, and its parts as Markdown: "" for the text, and those of `PARTS`.

    Raises:
        SourceError: The file does not begin with TOML between two lines `+++`, or has another part.
    """
    found = re.fullmatch(r"\+\+\+\n(.*?)\n\+\+\+\n(.*)", file.read_text("utf-8"), re.DOTALL)
    if found is None:
        raise SourceError(f"{file}: Expected TOML between two lines +++ at the beginning.")
    try:
        head = tomllib.loads(found[1])
    except tomllib.TOMLDecodeError as error:
        raise SourceError(f"{file}: {error}") from error
    first, *rest = re.split(r"^# (\w+)\n", found[2], flags=re.MULTILINE)
    parts = {"": first, **dict(zip(rest[::2], rest[1::2], strict=True))}
    for name in parts:
        if name and name not in PARTS:
            raise SourceError(f"{file}: Expected the parts {', '.join(PARTS)}, but got {name!r}.")
    return head, {name: text.strip() for name, text in parts.items()}


def question_of(name: str, text: str, reveal: str) -> dict[str, Any]:
    """A question from its Markdown: a text, and answers below it."""
    ask, *rest = ANSWER.split(text)
    marks, answers = rest[::2], rest[1::2]
    return {
        "name": name,
        "text": html_of(ask),
        "answers": [inline_html(answer) for answer in answers],
        "right": marks.index("x") if "x" in marks else len(answers),
        "reveal": reveal,
    }


def merged(base: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """A table with the values of another one in it; tables in both are merged, too."""
    both = {key: merged(base[key], other[key]) for key in base.keys() & other.keys() if isinstance(base[key], dict)}
    return {**base, **other, **both}


def read_page(file: Path, language: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The head and the parts of a page in a language; those of the English page if there is none."""
    head, parts = read_source(file)
    translated = file.parent / language / file.name
    if language == ENGLISH:
        return head, parts
    if not translated.exists():
        return {**head, "language": ENGLISH}, parts
    other, parts = read_source(translated)
    return merged(head, other), parts


def render_page(file: Path, measured: Mapping[str, Any], name: str, language: str = ENGLISH) -> dict[str, Any]:
    """A page as the fields of `Page`.

    Args:
        file: Its source.
        measured: What was measured of it.
        name: Name of its question.
        language: Language of its texts.

    Raises:
        SourceError: The source has a mistake.
    """
    head, parts = read_page(file, language)
    written = head.get("language", language)
    try:
        texts = {key: with_numbers(text, head, measured, written) for key, text in parts.items()}
    except (KeyError, AttributeError, ValueError) as error:
        raise SourceError(f"{file}: a field has no number: {error}") from error
    page = {key: value for key, value in head.items() if key not in ("facts", "values", "numbers")}
    page["text"] = html_of(texts[""])
    reveal = html_of(texts.get("Reveal", ""))
    if "Question" in texts:
        page["question"] = question_of(name, texts["Question"], reveal)
    elif reveal:
        page["reveal"] = reveal
    if "Task" in texts:
        solution = html_of(texts.get("Solution", ""))
        page["task"] = {**page.get("task", {}), "text": html_of(texts["Task"]), "solution_text": solution}
    checked(Page, page, str(file))
    return page


def read_measured(folder: Path) -> dict[str, Any]:
    """What was measured of a lesson's pages, by the names of their files."""
    file = folder / "measured.json"
    found: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return found


def render_lesson(folder: Path, language: str = ENGLISH) -> str:
    """The content of a folder's `lesson.json` in a language."""
    name, measured = folder.name.partition("-")[2], read_measured(folder)
    sources = sorted(folder.glob("*.md"))
    lesson = {
        "name": name,
        **tomllib.loads((folder / "lesson.toml").read_text("utf-8")),
        **({} if language == ENGLISH else tomllib.loads((folder / language / "lesson.toml").read_text("utf-8"))),
        "pages": [
            render_page(file, measured.get(file.stem, {}), f"{name}-{number}", language)
            for number, file in enumerate(sources, 1)
        ],
    }
    checked(Lesson, lesson, str(folder))
    return json.dumps(lesson, ensure_ascii=False, indent=1) + "\n"


def render_questions(file: Path = QUESTIONS / "questions.md") -> str:
    """The content of `questions.json`: each has a heading, which is its name, a text, answers and the reason."""
    questions = []
    for block in re.split(r"^# ", file.read_text("utf-8"), flags=re.MULTILINE)[1:]:
        name, _, text = block.partition("\n")
        ask, _, reveal = text.partition("\n---\n")
        questions.append(question_of(name.strip(), ask.strip(), html_of(reveal)))
    checked(list[Question], questions, str(file))
    return json.dumps(questions, ensure_ascii=False, indent=1) + "\n"


def rendered() -> dict[Path, str]:
    """Every file that is written, with its content."""
    files = {}
    for folder in lesson_folders():
        files[folder / RENDERED] = render_lesson(folder)
        for language in translations(folder, "lesson.toml"):
            files[folder / language / RENDERED] = render_lesson(folder, language)
    for folder in (QUESTIONS, *(QUESTIONS / language for language in translations(QUESTIONS, "questions.md"))):
        files[folder / "questions.json"] = render_questions(folder / "questions.md")
    return files


def translations(folder: Path, name: str) -> list[str]:
    """The languages other than English in which a folder has a file."""
    return [language for language in languages() if (folder / language / name).exists()]


if __name__ == "__main__":
    for path, content in rendered().items():
        path.write_text(content, "utf-8")
        sys.stdout.write(f"{path}\n")
