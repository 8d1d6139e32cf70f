"""`GET map/results`: what a map of a sweep does not have yet. The page of the map itself is a file."""

import asyncio
from pathlib import Path
from typing import Any, Final

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from gan1d.maps.growing_results import GrowingResults
from gan1d.sweeps.results import ResultsError

MOST_ROWS: Final = 2000
"""Rows of an answer; the page asks again for the others."""


class MapEndpoint:
    """Answers `GET map/results`.

    Args:
        file: The file of results; None for a server without a map.
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._results: GrowingResults | None = None

    async def respond(self, request: Request) -> Response:
        """Answer with JSON: `generation`, the `content` of a new one, the next `rows`, and whether there are `more`.

        `?generation=` and `?rows=` say what the page has. A file that cannot be read is answered with status 422 and a
        sentence.
        """
        if self._file is None:
            return PlainTextResponse("This server has no results of a sweep. Start it with gan1d map FILE.", 404)
        try:
            return JSONResponse(
                await asyncio.to_thread(self._answer, self._file, request.query_params),
                headers={"Cache-Control": "no-store"},
            )
        except ResultsError as error:
            return PlainTextResponse(str(error), 422)

    def _answer(self, file: Path, query: QueryParams) -> dict[str, Any]:
        results = self._results
        if results is None:
            results = self._results = GrowingResults(file)
        else:
            results.look()
        generation, content, rows = results.since(query.get("generation", ""), number_in(query, "rows"))
        return {
            "generation": generation,
            **({} if content is None else {"content": content}),
            "rows": rows[:MOST_ROWS],
            "more": len(rows) > MOST_ROWS,
        }


def number_in(query: QueryParams, name: str) -> int:
    """A whole number of a query; 0 for anything else."""
    text = query.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
