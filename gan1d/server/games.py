"""`GET games`: the settings and presets of the games of two numbers. `POST game`: a whole run of one of them. `POST
game-file`: a game as one HTML file.
"""

import asyncio
import json
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from gan1d.config.errors import ConfigError
from gan1d.games.game_config import GameConfig
from gan1d.games.game_presets import DEFAULT_GAME, game_presets
from gan1d.games.game_run import states_from_json
from gan1d.replay.game_page import game_answer, game_catalog, write_game_page
from gan1d.server.upload import UploadEndpoint

FIELDS: Final = {"preset", "config", "changes", "from"}


async def answer_games(request: Request) -> Response:
    """Answer with what a page needs before the first run."""
    return JSONResponse(game_catalog(DEFAULT_GAME, request.app.version))


class GameEndpoint(UploadEndpoint):
    """Answers `POST game`."""

    name, largest_body, receive_seconds = "game", 2**20, 10.0
    busy, most_requests, retry_seconds = "The server is busy with other games. Try again in a second.", 8, 1

    async def answer(self, request: Request) -> Response:
        """Answer with a run, as `gan1d.games.game_run.run_game` describes it, and the settings that it had.

        The body is a JSON object with some of these fields: `preset`, a name; `config`, settings to use instead of the
        preset's; `changes`, path → value, to be applied in order; `from`, states of the updates from which to go on.
        """
        return await asyncio.to_thread(answer_game, await self.body(request))


class GameFileEndpoint(UploadEndpoint):
    """Answers `POST game-file`: a game as one HTML file.

    Args:
        version: Version of gan1d.
        directory: Directory of the page's files.
    """

    name, largest_body, receive_seconds = "game", 2**20, 10.0
    busy, most_requests, retry_seconds = "The server is making other files. Try again in a second.", 2, 1

    def __init__(self, version: str, directory: Path) -> None:
        super().__init__()
        self._version, self._directory = version, directory

    async def answer(self, request: Request) -> Response:
        """Answer with the file of the game that the body describes as for `POST game`, from its start."""
        return await asyncio.to_thread(self._file, await self.body(request))

    def _file(self, body: bytes) -> Response:
        try:
            answer = game_of(body)
        except ConfigError as error:
            return PlainTextResponse(str(error), 422)
        preset, config = answer["preset"], GameConfig.parsed(answer["config"])
        text = write_game_page(preset, config, version=self._version, directory=self._directory)
        disposition = f'attachment; filename="gan1d-game-{preset}.html"'
        return Response(text, media_type="text/html", headers={"Content-Disposition": disposition})


def answer_game(body: bytes) -> Response:
    """The run of a game, or a sentence with status 422."""
    try:
        return JSONResponse(game_of(body), headers={"Cache-Control": "no-store"})
    except ConfigError as error:
        return PlainTextResponse(str(error), 422, {"Gan1d-Path": error.path} if error.path.isascii() else None)


def game_of(body: bytes) -> dict[str, Any]:
    """The run of a game.

    Raises:
        ConfigError: The body is no such request, or a setting is not allowed.
    """
    try:
        request = json.loads(body)
    except (ValueError, RecursionError):
        raise ConfigError("", "Expected a game as JSON, but got something else.") from None
    if not isinstance(request, dict) or set(request) - FIELDS:
        raise ConfigError("", f"Expected an object with some of the fields {', '.join(sorted(FIELDS))}.")
    name = request.get("preset") or DEFAULT_GAME
    if not isinstance(name, str) or name not in game_presets:
        raise ConfigError("", f"Expected preset to be one of {', '.join(game_presets)}, but got something else.")
    usual, changes = game_presets[name].config, request.get("changes") or {}
    if not isinstance(changes, dict):
        raise ConfigError("", "Expected changes to be an object of paths and values.")
    before = usual if request.get("config") is None else GameConfig.parsed(request["config"])
    config = before.with_changes(changes.items())
    return game_answer(name, config, states_from_json(request.get("from"), config, before))
