"""`POST numbers`: read the numbers of a text that a user pasted or chose, by the rules of the command line."""

from dataclasses import asdict
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from gan1d.config.sample_limits import sample_limits
from gan1d.number_file import COLUMN_NUMBER, complaint, read_numbers

LARGEST_TEXT: Final = 1_000_000
"""Bytes of a text; a larger one holds more numbers than a target may."""


async def read_posted_numbers(request: Request) -> Response:
    """Answer with a `gan1d.number_file.Reading` as JSON, and with a `complaint` in sentences.

    The body is the text in UTF-8; `?column=2` reads the second column of a table.
    """
    wanted = request.query_params.get("column")
    if wanted is not None and not COLUMN_NUMBER.fullmatch(wanted):
        return PlainTextResponse("Expected column to be a number from 1.", 400)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_TEXT:
            return PlainTextResponse(f"Expected a text of at most {LARGEST_TEXT // 1000} kB, but got more.", 413)
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        return PlainTextResponse("Expected a text file such as CSV, but got something else.", 415)
    bounds, count = sample_limits()
    reading = read_numbers(text, bounds, None if wanted is None else int(wanted) - 1)
    answer: dict[str, Any] = {**asdict(reading), "complaint": complaint(reading, bounds, count)}
    return JSONResponse(answer)
