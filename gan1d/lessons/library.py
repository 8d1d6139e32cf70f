"""All lessons in their order, and what a page loads of them."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from gan1d.lessons.lesson import Lesson, Question
from gan1d.words import ENGLISH, languages

HERE: Final = Path(__file__).parent
QUESTIONS: Final = HERE / "questions"
RENDERED: Final = "lesson.json"
"""File of a lesson's folder that `docs/lessons.py` writes."""


class LessonError(ValueError):
    """A file of a lesson cannot be used; the message names the file and the field."""


def lesson_folders() -> list[Path]:
    """The folders of all lessons, in order; a folder's name is the lesson's number and its name, `06-mode-collapse`."""
    return sorted(path for path in HERE.iterdir() if path.name[:1].isdigit() and path.is_dir())


def read_lesson(folder: Path, language: str = ENGLISH) -> Lesson:
    """A lesson from its folder.

    Args:
        folder: The folder.
        language: Language of its texts, which is English where the folder has no folder of that name.

    Raises:
        LessonError: The file is missing or has a mistake.
    """
    translated = folder / language / RENDERED
    file = translated if translated.exists() else folder / RENDERED
    if not file.exists():
        raise LessonError(f"Expected {file}, but there is none; python -m docs.lessons writes it.")
    lesson: Lesson = checked(Lesson, json.loads(file.read_text("utf-8")), str(file))
    if file == translated or language == ENGLISH:
        return lesson
    pages = [page.model_copy(update={"language": ENGLISH}) for page in lesson.pages]
    return lesson.model_copy(update={"pages": pages})


def checked(kind: Any, value: Any, place: str) -> Any:
    """A value of a kind.

    Args:
        kind: A model, or another type that pydantic knows.
        value: What was read.
        place: Name of the file, for the message.

    Raises:
        LessonError: The value is not of the kind; the message names the field.
    """
    try:
        return TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        first = error.errors()[0]
        path = ".".join(map(str, first["loc"])) or "the file"
        raise LessonError(f"{place}: {path}: {first['msg']}") from error


@cache
def read_lessons(language: str = ENGLISH) -> tuple[Lesson, ...]:
    """All lessons in order."""
    return tuple(read_lesson(folder, language) for folder in lesson_folders())


def inventory(language: str = ENGLISH) -> list[Question]:
    """The six questions before and after all lessons."""
    translated = QUESTIONS / language / "questions.json"
    file = translated if translated.exists() else QUESTIONS / "questions.json"
    rows = json.loads(file.read_text("utf-8"))
    found: list[Question] = checked(list[Question], rows, "questions.json")
    return found


@cache
def encoded(language: str = ENGLISH) -> bytes:
    """All that a page loads, as JSON: `language`, all `languages`, English `words`, `questions` and `lessons`.

    Args:
        language: One of `gan1d.words.languages()`.
    """
    content = {
        "language": language,
        "languages": languages(),
        "words": json.loads((HERE / "words.json").read_text("utf-8")),
        "questions": [question.model_dump(mode="json") for question in inventory(language)],
        "lessons": [lesson.model_dump(mode="json", exclude_defaults=True) for lesson in read_lessons(language)],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def pages() -> Iterator[tuple[Lesson, int]]:
    """Every page of every lesson, as the lesson and the number of the page, from 1 on."""
    for lesson in read_lessons():
        for number in range(1, len(lesson.pages) + 1):
            yield lesson, number
