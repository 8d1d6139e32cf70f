"""The page's words in other languages: every file is sound, and what is declared complete has no gap."""

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from gan1d import words
from gan1d.lessons.library import HERE as LESSONS
from tests.words import parts

FILES = sorted(words.HERE.glob("*/*.json"))
FIELD = re.compile(r"\{\w+\}")


def pairs_of(file: Path) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = json.loads(file.read_text("utf-8"), object_pairs_hook=list)
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_entries_have_the_fields_and_the_ends_of_the_english_words(file: Path) -> None:
    for english, other in pairs_of(file):
        assert english == " ".join(english.split(" ")).strip(), "one space between words, and none around them"
        assert other.strip() == other != ""
        assert Counter(FIELD.findall(other)) == Counter(FIELD.findall(english)), english


@pytest.mark.parametrize("language", set(words.languages()) - {words.ENGLISH})
def test_no_words_have_two_entries(language: str) -> None:
    found = Counter(english for file in FILES if file.parent.name == language for english, _ in pairs_of(file))
    assert [english for english, count in found.items() if count > 1] == []


COMPLETE = {"de": parts.PARTS}
"""Language → the parts of the page of which every word is translated."""


@pytest.mark.parametrize(("language", "part"), [(name, part) for name, listed in COMPLETE.items() for part in listed])
def test_a_part_that_is_declared_complete_has_every_word(language: str, part: Callable[[], set[str]]) -> None:
    assert parts.missing(language, part) == []


@pytest.mark.parametrize(
    "folder", sorted(LESSONS.glob("[0-9]*/*/lesson.toml")), ids=lambda file: file.parent.parent.name
)
def test_a_lesson_with_a_title_in_a_language_has_all_its_pages(folder: Path) -> None:
    pages = {page.name for page in folder.parent.parent.glob("*.md")}
    assert {page.name for page in folder.parent.glob("*.md")} == pages


@pytest.mark.parametrize("language", set(words.languages()) - {words.ENGLISH})
def test_translated_words_are_not_translated_again(language: str) -> None:
    found = words.words_of(language)
    assert [other for other in found.values() if found.get(other, other) != other] == []


def test_the_first_known_language_is_taken() -> None:
    wanted = ["en-GB", "EN", "xx", "", "../en", "fr,de-AT,en", "DE", "en,de"]
    assert [words.known_language(name) for name in wanted] == ["en"] * 5 + ["de", "de", "en"]
    assert words.words_of("en") == {}


def test_a_page_of_some_words_needs_the_entries_of_which_every_part_occurs_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entries = {"Play": "Start", "{done} of {all} runs": "{done} von {all}", "step {step}": "Schritt {step}"}
    monkeypatch.setattr(words, "words_of", {"de": entries}.__getitem__)
    assert list(words.words_in("de", "Play; `${a} of ${b} runs`")) == ["Play", "{done} of {all} runs"]
