"""Lessons are read in the order of their folders, and what the page loads has all of them."""

import json
from pathlib import Path

import pytest

from gan1d.lessons.library import (
    LessonError,
    encoded,
    inventory,
    lesson_folders,
    read_lesson,
    read_lessons,
)


def test_lessons_stand_in_the_order_of_their_numbers() -> None:
    names = [lesson.name for lesson in read_lessons()]
    assert names == [folder.name.partition("-")[2] for folder in lesson_folders()]
    assert {"two-networks", "what-d-learns", "mode-collapse"} <= set(names)


def test_there_are_six_questions() -> None:
    names = [question.name for question in inventory()]
    assert names == [
        "optimal-discriminator", "mode-collapse", "saturation", "balance", "discriminator-steps", "seed",
    ]  # fmt: skip


def test_names_of_questions_are_their_own() -> None:
    names = [page.question.name for lesson in read_lessons() for page in lesson.pages if page.question]
    names += [question.name for question in inventory()]
    assert len(names) == len(set(names))


def test_what_the_page_loads() -> None:
    content = json.loads(encoded("en"))
    assert content["language"] == "en"
    assert [lesson["name"] for lesson in content["lessons"]] == [lesson.name for lesson in read_lessons()]
    assert len(content["questions"]) == 6


def test_a_lesson_that_is_not_translated_is_english() -> None:
    assert json.loads(encoded("de"))["lessons"][1]["title"] == "Zwei Netze, eine Achse"
    english, fallback = (read_lesson(lesson_folders()[1], language) for language in ("en", "xx"))
    assert [page.title for page in fallback.pages] == [page.title for page in english.pages]
    assert {page.language for page in fallback.pages} == {"en"}


def test_a_folder_without_pages_says_how_they_are_written(tmp_path: Path) -> None:
    with pytest.raises(LessonError, match=r"python -m docs\.lessons writes it"):
        read_lesson(tmp_path)


def test_a_mistake_names_the_file_and_the_field(tmp_path: Path) -> None:
    (tmp_path / "lesson.json").write_text('{"name": "one", "title": "One", "minutes": 5, "pages": [{"text": ""}]}')
    with pytest.raises(LessonError, match=r"lesson.json: pages.0.title: Field required"):
        read_lesson(tmp_path)
