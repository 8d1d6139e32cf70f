"""The texts of the lessons: written from their sources, with no number that is neither measured nor computed."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

pytest.importorskip("latex2mathml", reason="latex2mathml is not installed (pip install -e '.[dev]')")
pytest.importorskip("mdit_py_plugins", reason="mdit-py-plugins is not installed (pip install -e '.[dev]')")

from docs import lesson_numbers, lessons
from gan1d.glossary import served
from gan1d.lessons.library import HERE, lesson_folders, read_lessons

SOURCES = [file for folder in lesson_folders() for file in sorted(folder.glob("**/*.md"))]
IDS = [str(file.relative_to(HERE).with_suffix("")) for file in SOURCES]
TRANSLATED = [file for file in SOURCES if file.parent.parent != HERE]


def test_every_lesson_is_written_from_its_source() -> None:
    late = [path.relative_to(HERE) for path, text in lessons.rendered().items() if path.read_text("utf-8") != text]
    assert late == [], "run python -m docs.lessons"


NAMES = re.compile(
    r"""\[[^\]]*\]\((?:arxiv|doi|https)[^)]*\) | `[^`]*` | ^\d\.[ ] | R1 | Wasserstein-1
    | (?:lessons?|propositions?|theorem|lemmas?|definition|equations?|algorithm|figure|table|section|example)
    \s[\d.]+(?:\s(?:and|to)\s\d+)?
    | (?:lektion(?:en)?|proposition|satz|lemma(?:ta)?|definition|gleichung|algorithmus
    |abbildung|tabelle|abschnitt|beispiel)
    \s[\d.]+(?:\s(?:und|bis)\s\d+)?""",
    re.MULTILINE | re.VERBOSE | re.IGNORECASE,
)
"""Sources, code, places in a list, and names."""


@pytest.mark.parametrize("file", SOURCES, ids=IDS)
def test_no_number_of_a_text_is_written_by_hand(file: Path) -> None:
    for part in lessons.read_source(file)[1].values():
        plain = NAMES.sub("", lesson_numbers.FIELD.sub("", lesson_numbers.MATH.sub("", part)))
        assert re.findall(r"[^\n]*\d[^\n]*", plain) == []


LINK = re.compile(r"\]\(([^)]*)\)")
MARKS = re.compile(r"^- \[([ x])\]", re.MULTILINE)


@pytest.mark.parametrize(
    "file", TRANSLATED, ids=lambda file: f"{file.parent.parent.name}/{file.parent.name}/{file.stem}"
)
def test_a_translation_has_the_parts_numbers_formulas_and_sources_of_its_page(file: Path) -> None:
    """The fields and formulas of a part may stand in another order, since sentences do."""
    english, translated = (lessons.read_source(each)[1] for each in (file.parent.parent / file.name, file))
    assert list(translated) == list(english)
    for part, text in translated.items():
        for pattern in (lesson_numbers.FIELD, LINK, MARKS):
            found, wanted = (sorted(map(str, pattern.findall(each))) for each in (text, english[part]))
            assert found == wanted, part
        assert MARKS.findall(text) == MARKS.findall(english[part]), part
        blocks = [
            re.findall(r"\$\$.*?\$\$", re.sub(r"\\text\{[^}]*\}", "", each), re.DOTALL)
            for each in (text, english[part])
        ]
        assert blocks[0] == blocks[1], part


def test_a_page_that_is_not_translated_is_marked_as_english(tmp_path: Path) -> None:
    (tmp_path / "de").mkdir()
    (tmp_path / "1-one.md").write_text('+++\ntitle = "One"\n[facts]\nhalf = "0.5"\n+++\nHalf: {facts.half}.', "utf-8")
    (tmp_path / "2-two.md").write_text('+++\ntitle = "Two"\n+++\nTwo.', "utf-8")
    (tmp_path / "de" / "1-one.md").write_text('+++\ntitle = "Eins"\n+++\nHalb: {facts.half}.', "utf-8")
    one, two = (lessons.render_page(tmp_path / name, {}, "one", "de") for name in ("1-one.md", "2-two.md"))
    assert (one["title"], one["text"], one.get("language")) == ("Eins", "<p>Halb: 0,5.</p>", None)
    assert (two["title"], two["text"], two["language"]) == ("Two", "<p>Two.</p>", "en")


class Checker(HTMLParser):
    """Notes tags that are left open, and what could run."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "iframe", "img", "style", "merror") or any(name.startswith("on") for name, _ in attrs):
            self.faults.append(tag)
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"/{tag}")


@pytest.mark.parametrize("lesson", read_lessons(), ids=lambda lesson: lesson.name)
def test_texts_are_whole_and_run_nothing(lesson: lessons.Lesson) -> None:
    for page in lesson.pages:
        question, task = page.question, page.task
        texts = [page.text, page.reveal]
        texts += [question.text, question.reveal, *question.answers] if question else []
        texts += [task.text, task.solution_text] if task else []
        for text in texts:
            checker = Checker()
            checker.feed(text)
            assert (checker.open, checker.faults) == ([], []), text
            assert "{" not in re.sub(r'data-latex="[^"]*"|<math.*?</math>', "", text), "a field was left"


def test_words_formulas_lights_and_sources() -> None:
    html = lessons.html_of("[The strings](lit:generator) of *G* and $x^2$, [a paper](arxiv:1406.2661).")
    assert '<button type="button" class="lights" data-lit="generator">The strings</button>' in html
    assert '<a href="https://arxiv.org/abs/1406.2661" target="_blank" rel="noreferrer">a paper</a>' in html
    assert '<math data-latex="x^2"' in html
    assert "<em>G</em>" in html


def test_no_line_begins_with_the_punctuation_behind_a_formula_or_a_button() -> None:
    assert re.search(r"</math>\)\.</span>$", lessons.inline_html("(the noise $z$)."))
    assert re.search(r"</math></span> and", lessons.inline_html("$z$ and $x$"))
    both = lessons.inline_html("[real](lit:real) or [fake](lit:fake), but")
    assert re.fullmatch(r"<button .*>real</button> or <span class=\"held\"><button .*>fake</button>,</span> but", both)


def test_terms_are_those_of_the_glossary() -> None:
    assert lessons.html_of("[noise](term:z)") == (
        '<p><button type="button" class="lights term" data-terms="z" aria-expanded="false">noise</button></p>'
    )
    words = {word for entry in served() for word in entry["page"].split(", ")}
    texts = "".join(path.read_text("utf-8") for path in lessons.rendered())
    named = set(re.findall(r'data-terms=\\"([^"\\]*)', texts))
    assert len(named) > 20
    assert named - words == set()


def test_fields_are_numbers() -> None:
    measured = {
        "waiting": {"found": [25, 50, None]},
        "config": {"target": [{"width": 0.5}]},
        "values": {"w": [1, 2, 4], "far": [0.5, 2, 3]},
    }
    page = {"facts": {"ln2": "log(2)"}, "values": {"far": {"above": 1.0}}}
    text = "{waiting.hits} of {waiting.seeds}, {config.target.0.width}, {values.w:.1f}, {facts.ln2:.2f} and $x_{1}$"
    assert lesson_numbers.with_numbers(text, page, measured) == "2 of 3, 0.5, 2.0, 0.69 and $x_{1}$"
    assert lesson_numbers.with_numbers("{values.far}", page, measured) == "2"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("no head", "Expected TOML between two lines"),
        ("+++\ntitle = \n+++\n", "Invalid value"),
        ('+++\ntitle = "One"\n+++\n# Nonsense\n', "Expected the parts Question, Reveal, Task, Solution"),
        ('+++\ntitle = "One"\n+++\n{waiting.median}', "a field has no number"),
        ('+++\ntitle = "One"\n+++\n# Question\nWhich?\n- [ ] a\n- [ ] b\n', "Expected the right answer to be one of 2"),
        ('+++\ntitle = "One"\nlit = ["moon"]\n+++\n', "lit.0"),
    ],
)
def test_a_mistake_names_the_file(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "1-one.md"
    file.write_text(text, "utf-8")
    with pytest.raises(ValueError, match=sentence) as error:
        lessons.render_page(file, {}, "one-1")
    assert str(file) in str(error.value)
