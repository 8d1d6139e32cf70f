"""`POST export`: the settings of a page as a program, a notebook or a file, by the rules of the command line."""

import asyncio

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from gan1d.config.errors import ConfigError
from gan1d.exports.config_file import LARGEST_CONFIG, config_from_json
from gan1d.exports.export import FORMATS, ExportFormat, export
from gan1d.server.upload import UploadEndpoint


class ExportEndpoint(UploadEndpoint):
    """Answers `POST export`."""

    name, largest_body, receive_seconds = "settings", LARGEST_CONFIG, 20.0
    busy, most_requests, retry_seconds = "The server is busy writing other files. Try again in a few seconds.", 4, 5

    async def answer(self, request: Request) -> Response:
        """Answer with the text of a file.

        The body is a config as JSON; settings that are missing have their defaults. `?as=` is a name in
        `gan1d.exports.export.FORMATS`.
        """
        body = await self.body(request)
        return await asyncio.to_thread(answer_export, body, request.query_params.get("as", ""))


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
