"""`POST numbers`: read the numbers of a text or file that a user pasted or chose, by the rules of the command line."""

import asyncio
import re
import tempfile
import threading
import time
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
from gan1d.server.upload import UploadEndpoint

SPOOLED_BYTES: Final = 2**20
"""Bytes of a text that are kept in memory; more goes to a temporary file."""
LARGEST_JSON_TEXT: Final = 2**20
"""Largest number of characters of a JSON text. Python's parser holds up all other threads until it is through."""
READ_SECONDS: Final = 120.0
"""Longest time for reading a text."""
SAMPLE_SEED: Final = re.compile(r"\d{1,20}", re.ASCII)


class NumbersEndpoint(UploadEndpoint):
    """Answers `POST numbers`."""

    name, largest_body, receive_seconds = "text", 2**28, 120.0
    busy, most_requests, retry_seconds = "The server is busy reading other texts. Try again in a few seconds.", 4, 5

    async def answer(self, request: Request) -> Response:
        """Answer with the content of a text as JSON (see `gan1d.number_file.reading.Reading`).

        The body is the text in any encoding that the reader knows. `?column=` is the name of a column or its number
        from 1, `?decimal=` the decimal mark, `?sample=` the seed with which as many numbers as allowed are drawn from
        too many.
        """
        with tempfile.SpooledTemporaryFile(SPOOLED_BYTES) as file:

            async def write(part: bytes) -> None:
                if file.tell() + len(part) > SPOOLED_BYTES:
                    await asyncio.to_thread(file.write, part)
                else:
                    file.write(part)

            await self.receive(request, write)
            return await read_body(request.query_params, file)


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

    end = time.monotonic() + READ_SECONDS

    def check(count: int) -> None:
        if time.monotonic() > end:
            raise NumberFileError(
                f"Expected a text that is read within {READ_SECONDS:.0f} s, but only {count / 1e6:.0f} MB of it were."
            )
        if is_stopped is not None and is_stopped.is_set():
            raise NumberFileError("The server is stopping, so the text was not read.")

    mark, seed = query.get("decimal"), query.get("sample", "")
    if mark not in (None, ".", ","):
        raise NumberFileError(f"Expected a decimal mark of . or , but got “{mark[:10]}”.")
    decimal: Decimal | None = "," if mark == "," else "." if mark == "." else None
    reading = read_file(file, limits, query.get("column"), decimal, check, LARGEST_JSON_TEXT)
    values, most = reading.values, limits.most
    if SAMPLE_SEED.fullmatch(seed) and len(values) > most:
        values = draw_sample(values, int(most), int(seed))
    return {
        **asdict(reading),
        "values": list(values) if len(values) <= most else [],
        "count": len(reading.values),
        "low": min(reading.values, default=None),
        "high": max(reading.values, default=None),
        "complaint": complaint(reading, limits),
    }
