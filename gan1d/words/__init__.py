"""The page's words in other languages: a folder for each, of files with English words and what stands for them.

The program writes English everywhere. `de/*.json` has German: `{"Play": "Start", "Theme: {theme}": "Farben: {theme}"}`.
A field in braces stands for any words, which are translated, too. Words without an entry stay English.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
ENGLISH: Final = "en"
"""Language of the program, which is served where no other one is known."""
FIELD: Final = re.compile(r"\{\w+\}")
"""A field of an entry."""


def languages() -> dict[str, str]:
    """Code of each language, such as "de", and the language's own name for itself."""
    others = sorted(path.name for path in HERE.iterdir() if any(path.glob("*.json")))
    return {ENGLISH: "English", **{code: words_of(code)["English"] for code in others}}


@cache
def words_of(language: str) -> dict[str, str]:
    """English words and what stands for them in a language; nothing for English.

    Args:
        language: One of `languages()`.
    """
    files = sorted((HERE / language).glob("*.json"))
    return {key: other for file in files for key, other in json.loads(file.read_text("utf-8")).items()}


def words_in(language: str, text: str) -> dict[str, str]:
    """The entries of `words_of` that a page of this English text can need: those whose fixed words all occur in it."""
    entries = words_of(language).items()
    return {key: other for key, other in entries if all(part in text for part in FIELD.split(key))}


def known_language(wanted: str) -> str:
    """The first language of a list, such as "fr,de-AT,en", that is one of `languages()`; else English."""
    known = languages()
    short = (name.strip().lower().partition("-")[0] for name in wanted.split(","))
    return next((name for name in short if name in known), ENGLISH)


@cache
def encoded_words(language: str) -> bytes:
    """What a page loads, as JSON: `language`, all `languages`, and the `words`.

    Args:
        language: One of `languages()`.
    """
    content = {"language": language, "languages": languages(), "words": words_of(language)}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
