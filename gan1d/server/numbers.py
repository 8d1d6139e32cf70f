"""`POST numbers`: read the numbers of a text or file that a user pasted or chose, by the rules of the command line."""

import asyncio
import tempfile
import threading
from dataclasses import asdict
from typing import Any, BinaryIO, Final

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from gan1d.config.sample_limits import sample_limits
from gan1d.number_file.cells import Decimal
from gan1d.number_file.checked_numbers import complaint, draw_sample
from gan1d.number_file.columns import NumberFileError
from gan1d.number_file.reading import Limits, read_file

LARGEST_BODY: Final = 2**28
"""Largest number of bytes of a text."""
SPOOLED_BYTES: Final = 2**20
"""Bytes of a text that are kept in memory; more goes to a temporary file."""
READINGS_LIMIT: Final = 4
"""Largest number of texts at a time, so that no visitor can take the processor or the disk of all others."""
UPLOAD_SECONDS: Final = 120.0
"""Longest time in which a text must have come."""


class NumbersEndpoint:
    """Answers `POST numbers`, with a limit on the number of texts at a time."""

    def __init__(self) -> None:
        self._count = 0

    async def respond(self, request: Request) -> Response:
        """Answer with the content of a text as JSON (see `gan1d.number_file.reading.Reading`).

        The body is the text in any encoding that the reader knows. `?column=` is the name of a column or its number
        from 1, `?decimal=` the decimal mark, `?sample=` the seed with which as many numbers as allowed are drawn from
        too many.
        """
        if self._count >= READINGS_LIMIT:
            reason = "The server is busy reading other texts. Try again in a few seconds."
            return PlainTextResponse(reason, 503, {"Retry-After": "5"})
        self._count += 1
        try:
            with tempfile.SpooledTemporaryFile(SPOOLED_BYTES) as file:
                async with asyncio.timeout(UPLOAD_SECONDS):
                    if not await receive_body(request, file):
                        return PlainTextResponse(
                            f"Expected a text of at most {LARGEST_BODY >> 20} MB, but got more.", 413
                        )
                return await read_body(request.query_params, file)
        except TimeoutError:
            return PlainTextResponse(f"Expected the text within {UPLOAD_SECONDS:.0f} s, but it took longer.", 408)
        finally:
            self._count -= 1


async def receive_body(request: Request, file: Any) -> bool:
    """Write the body of a request to a file; False if it is too long."""
    count = 0
    async for part in request.stream():
        count += len(part)
        if count > LARGEST_BODY:
            return False
        await asyncio.to_thread(file.write, part) if count > SPOOLED_BYTES else file.write(part)
    return True


async def read_body(query: QueryParams, file: Any) -> Response:
    """Read a text in a thread of its own."""
    file.seek(0)
    is_stopped = threading.Event()
    try:
        return JSONResponse(await asyncio.to_thread(answer, file, query, sample_limits(), is_stopped))
    except NumberFileError as error:
        return PlainTextResponse(str(error), 422)
    finally:
        # The program cannot end while a thread of the pool is reading.
        is_stopped.set()


def answer(
    file: BinaryIO, query: QueryParams, limits: Limits, is_stopped: threading.Event | None = None
) -> dict[str, Any]:
    """The content of a text as JSON; `values` is empty where there are too many and no sample is drawn.

    Args:
        file: The text, in any encoding that the reader knows.
        query: `column`, `decimal` and `sample`.
        limits: Allowed numbers.
        is_stopped: Set while the text is read, it ends the reading.

    Raises:
        NumberFileError: The text cannot be read, the query names an unknown column or decimal mark, or the reading was
            stopped.
    """

    def check(_: int) -> None:
        if is_stopped is not None and is_stopped.is_set():
            raise NumberFileError("The server is stopping, so the text was not read.")

    mark, seed = query.get("decimal"), query.get("sample", "")
    if mark not in (None, ".", ","):
        raise NumberFileError(f"Expected a decimal mark of . or , but got “{mark[:10]}”.")
    decimal: Decimal | None = "," if mark == "," else "." if mark == "." else None
    reading = read_file(file, limits, query.get("column"), decimal, check)
    values, most = reading.values, limits.most
    if seed.isdecimal() and len(values) > most:
        values = draw_sample(values, int(most), int(seed))
    return {
        **asdict(reading),
        "values": list(values) if len(values) <= most else [],
        "count": len(reading.values),
        "low": min(reading.values, default=None),
        "high": max(reading.values, default=None),
        "complaint": complaint(reading, limits),
    }
