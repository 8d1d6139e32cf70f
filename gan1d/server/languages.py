"""Texts in the language of a reader, as the page loads them when it first needs them."""

from collections.abc import Callable
from functools import cache
from urllib.parse import parse_qs

from gan1d.server.access_control import Receive, Scope, Send
from gan1d.server.page_files import CHECKED_EACH_TIME, PageFile, send_file
from gan1d.words import known_language


class LanguageEndpoint:
    """Answers `GET …?lang=fr,de` with JSON in the first of these languages that is known, as an ASGI application.

    Args:
        encoded: Code of a language → the JSON.
    """

    def __init__(self, encoded: Callable[[str], bytes]) -> None:
        self._file = cache(lambda language: PageFile(encoded(language), "application/json"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; a language that is not known is answered in English."""
        query = parse_qs(scope["query_string"].decode("latin-1"))
        language = known_language(query.get("lang", [""])[0])
        await send_file(self._file(language), CHECKED_EACH_TIME, scope, send)
