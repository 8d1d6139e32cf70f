"""Texts as the page loads them: JSON, compressed, and not sent again while they are the same."""

import gzip
import json

from gan1d import words
from gan1d.lessons import library
from gan1d.server.languages import LanguageEndpoint
from tests.server.test_page_files import get


def test_lessons_are_json_that_a_browser_keeps() -> None:
    status, headers, body = get(LanguageEndpoint(library.encoded), "/lessons")
    assert (status, headers["content-type"], headers["cache-control"]) == (200, "application/json", "no-cache")
    assert json.loads(body)["lessons"][1]["name"] == "two-networks"
    again, _, nothing = get(LanguageEndpoint(library.encoded), "/lessons", if_none_match=headers["etag"])
    assert (again, nothing) == (304, b"")


def test_lessons_are_compressed() -> None:
    _, headers, body = get(LanguageEndpoint(library.encoded), "/lessons", accept_encoding="gzip")
    assert headers["content-encoding"] == "gzip"
    assert json.loads(gzip.decompress(body))["words"]["next"] == "Next"


def test_an_unknown_language_is_answered_in_english() -> None:
    _, _, body = get(LanguageEndpoint(library.encoded), "/lessons", query="lang=xx")
    assert json.loads(body)["language"] == "en"


def test_the_words_are_those_of_the_first_language_that_is_known() -> None:
    _, _, body = get(LanguageEndpoint(words.encoded_words), "/words", query="lang=fr,de-AT,en")
    content = json.loads(body)
    assert (content["language"], content["languages"]) == ("de", {"en": "English", "de": "Deutsch"})
    assert content["words"]["English"] == "Deutsch"
