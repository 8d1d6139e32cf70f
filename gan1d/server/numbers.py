"""`POST numbers`: read the numbers of a text or file that a user pasted or chose, by the rules of the command line."""

import asyncio
import io
import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO, Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from gan1d.config.sample_limits import sample_limits
from gan1d.number_file.answers import REFUSED, encoded_answer
from gan1d.server.upload import UploadEndpoint, UploadError, while_wanted

SHORT_TEXT: Final = 2**13
"""Bytes of a text that is read in this process; it takes some milliseconds, and a process takes fifty to begin."""
SPOOLED_BYTES: Final = 2**20
"""Bytes of a text that are kept in memory while it comes; more goes to a temporary file."""
LARGEST_JSON_TEXT: Final = 2**22
"""Largest number of characters of a JSON text: what the parser makes of it takes up to 60 times its memory."""
LONGEST_COLUMN: Final = 2000
"""Characters of the name of a column; the arguments of a process have a limit."""
POLL_SECONDS: Final = 0.1
"""Time between two looks at whether the text that is being read is still wanted."""

READER: Final = """\
import signal, sys, types
signal.signal(signal.SIGINT, signal.SIG_IGN)
package = types.ModuleType("gan1d")
package.__path__ = [sys.argv[1]]
sys.modules["gan1d"] = package
from gan1d.number_file.answers import answer_stdin
answer_stdin()
"""
"""Program of a process that reads a text. It ends with the text, and so Ctrl-C, which also reaches it, can be ignored.
The beginning of this package is left out: it loads NumPy, which takes half a second."""


class ShortTextEndpoint(UploadEndpoint):
    """Answers `POST numbers` with a short text, one after another."""

    name, largest_body, receive_seconds = "text", SHORT_TEXT, 10.0
    busy, most_requests, retry_seconds = "The server is busy reading other texts. Try again in a few seconds.", 8, 5

    def __init__(self) -> None:
        super().__init__()
        self._turn = asyncio.Lock()

    async def answer(self, request: Request) -> Response:
        """Read the text in a thread of its own."""
        text = io.BytesIO(await self.body(request))
        async with self._turn:
            return response_of(*await asyncio.to_thread(encoded_answer, text, request.query_params, sample_limits()))


class LongTextEndpoint(UploadEndpoint):
    """Answers `POST numbers` with a text of any length, one after another.

    A process reads it, because single calls of Python's parsers take up to seconds, and hold up all other threads.
    """

    name, largest_body, receive_seconds = "text", 2**28, 120.0
    busy, most_requests, retry_seconds = ShortTextEndpoint.busy, 4, 5

    def __init__(self) -> None:
        super().__init__()
        self._turn = asyncio.Lock()

    async def answer(self, request: Request) -> Response:
        """Read the text in a process of its own, as long as the page waits."""
        with tempfile.SpooledTemporaryFile(SPOOLED_BYTES) as file:

            async def write(part: bytes) -> None:
                if file.tell() + len(part) > SPOOLED_BYTES:
                    await asyncio.to_thread(file.write, part)
                else:
                    file.write(part)

            await self.receive(request, write)
            async with self._turn:
                query = request.query_params
                return await while_wanted(request, lambda is_stopped: read_in_process(file, query, is_stopped))


class NumbersEndpoint:
    """Answers `POST numbers` with the content of a text as JSON (see `gan1d.number_file.answers.answer`).

    The body is the text in any encoding that the reader knows; the query is that of the answer. A short text does not
    wait for a long one.
    """

    def __init__(self) -> None:
        self._short, self._long = ShortTextEndpoint(), LongTextEndpoint()

    async def respond(self, request: Request) -> Response:
        """Answer; a text whose length is not stated counts as long."""
        length = request.headers.get("content-length", "")
        is_short = length.isdecimal() and len(length) < 10 and int(length) <= SHORT_TEXT
        return await (self._short if is_short else self._long).respond(request)


def read_in_process(file: IO[bytes], query: Mapping[str, str], is_stopped: threading.Event) -> Response:
    """The answer to a text, which a process reads.

    Args:
        file: The text.
        query: See `gan1d.number_file.answers.answer`.
        is_stopped: Set while the text is read, it ends the process.

    Raises:
        UploadError: The process has ended early.
    """
    # The process reads the same open file.
    file.flush()
    file.seek(0)
    fields = {name: value[:LONGEST_COLUMN] for name, value in query.items()}
    arguments = json.dumps([fields, asdict(sample_limits()), LARGEST_JSON_TEXT])
    # The directory of the user may hold files with the names of modules, which -P leaves out.
    command = [sys.executable, "-P", "-c", READER, str(Path(__file__).parents[1]), arguments]
    # Windows would open a window for a program of a server that has none.
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    with subprocess.Popen(command, stdin=file, stdout=subprocess.PIPE, creationflags=flags) as process:
        while True:
            try:
                output, _ = process.communicate(timeout=POLL_SECONDS)
                break
            except subprocess.TimeoutExpired:
                if is_stopped.is_set():
                    process.kill()
    return response_of(process.returncode, output)


def response_of(status: int, text: bytes) -> Response:
    """The response with what `encoded_answer` returned.

    Raises:
        UploadError: It is the status of a process that has ended early.
    """
    if status == REFUSED:
        return PlainTextResponse(text, 422)
    if status != 0:
        raise UploadError(500, "The program that reads texts has ended early, so the text was not read.")
    return Response(text, media_type="application/json")
