"""`POST export`: the settings of a page as a program, a notebook or a file, by the rules of the command line."""

import asyncio
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from gan1d.config.errors import ConfigError
from gan1d.exports.config_file import LARGEST_CONFIG, config_from_json
from gan1d.exports.export import FORMATS, ExportFormat, export

EXPORTS_LIMIT: Final = 4
"""Largest number of exports at a time, so that no visitor can take the processor of all others."""
RECEIVE_SECONDS: Final = 20.0
"""Longest time in which the settings must have come."""


class ExportEndpoint:
    """Answers `POST export`, with a limit on the number of exports at a time."""

    def __init__(self) -> None:
        self._count = 0

    async def respond(self, request: Request) -> Response:
        """Answer with the text of a file.

        The body is a config as JSON; settings that are missing have their defaults. `?as=` is a name in
        `gan1d.exports.export.FORMATS`.
        """
        if self._count >= EXPORTS_LIMIT:
            reason = "The server is busy writing other files. Try again in a few seconds."
            return PlainTextResponse(reason, 503, {"Retry-After": "5"})
        self._count += 1
        try:
            async with asyncio.timeout(RECEIVE_SECONDS):
                body = await receive_settings(request)
            return await asyncio.to_thread(answer_export, body, request.query_params.get("as", ""))
        except ClientDisconnect:
            return PlainTextResponse("The settings did not come whole.", 400)
        except TimeoutError:
            return PlainTextResponse(f"Expected the settings within {RECEIVE_SECONDS:.0f} s, but it took longer.", 408)
        finally:
            self._count -= 1


async def receive_settings(request: Request) -> bytes:
    """The body of a request, of which one byte more than allowed is enough."""
    body = bytearray()
    async for part in request.stream():
        body += part[: LARGEST_CONFIG + 1 - len(body)]
        if len(body) > LARGEST_CONFIG:
            break
    return bytes(body)


def answer_export(body: bytes, name: str) -> Response:
    """The experiment in the format with this name, or a sentence with status 422."""
    format = format_of(name)
    if format is None:
        return PlainTextResponse(f"Expected ?as= and a format ({', '.join(FORMATS)}).", 422)
    try:
        return PlainTextResponse(export(config_from_json(body), format), headers={"Cache-Control": "no-store"})
    except ConfigError as error:
        return PlainTextResponse(str(error), 422)


def format_of(name: str) -> ExportFormat | None:
    """The format with this name; None if there is none."""
    return next((format for format in FORMATS if format == name), None)
