"""A game of two numbers as one HTML file: the page's own modules, styles and font, and the run of the game.

The file makes no request: its policy forbids all of them, and its only script is named there by its hash.
"""

import html
import json
from pathlib import Path
from typing import Any, Final

from gan1d import glossary
from gan1d.games.game_config import GameConfig
from gan1d.games.game_presets import game_presets
from gan1d.games.game_run import run_game
from gan1d.replay.html_page import BODY, REQUIREMENT, policy, styles
from gan1d.replay.linking import link
from gan1d.replay.page_directory import static_dir
from gan1d.session.pacing import speeds

GAME_BEGINNING: Final = "<!doctype html>\n<!-- gan1d game -->\n"
"""Beginning of every game as a file."""
USUAL_SPEED: Final = 30
"""Steps a second with which a page begins."""
GAME_WITHOUT_SCRIPTS: Final = (
    "This file is a game of gan1d. It needs JavaScript and all of its lines: open it in a browser that runs scripts, "
    "and copy or download it again if its end is missing."
)
INSTEAD_OF_SERVER: Final = {"live.js": "replay/recorded-game.js"}
"""The module of a live page, and the one that takes its place in the file."""


def game_catalog(default_preset: str, version: str) -> dict[str, Any]:
    """What a page needs before the first run, as JSON values: the settings, the presets and the speeds.

    Args:
        default_preset: The preset that is shown first.
        version: Version of gan1d.
    """
    return {
        "schema": GameConfig.model_json_schema(),
        "presets": [preset.row() for preset in game_presets.values()],
        "default_preset": default_preset,
        "speeds": [choice.model_dump() for choice in speeds() if choice.value != "max"],
        "speed": USUAL_SPEED,
        "version": version,
        "glossary": glossary.served(),
    }


def game_answer(preset: str, config: GameConfig, states: Any = None) -> dict[str, Any]:
    """The run of a game, as `gan1d.games.game_run.run_game` describes it, with its settings, as JSON values.

    Args:
        preset: Name of the preset on which the settings are based.
        config: The settings.
        states: States of the updates from which to go on; None for the start.
    """
    changed = config.differences(game_presets[preset].config)
    run = run_game(config, states)
    return {"preset": preset, "config": config.model_dump(mode="json"), "changed": changed, **run}


def write_game_page(preset: str, config: GameConfig, *, version: str, directory: Path | None = None) -> str:
    """The file's text.

    Args:
        preset: Name of the preset on which the settings are based.
        config: The settings.
        version: Version of gan1d.
        directory: Directory of the page's files; None for `static_dir()`.

    Raises:
        OSError: The page's files cannot be read.
    """
    static = directory or static_dir()
    page = (static / "index.html").read_text("utf-8")
    program = link(static / "js", "main.js", INSTEAD_OF_SERVER)
    body = BODY.search(page)
    if body is None:
        raise ValueError("Expected index.html to have a body.")
    content = {"catalog": game_catalog(preset, version), "answer": game_answer(preset, config)}
    # No "<" can end the element.
    data = json.dumps(content, allow_nan=False).replace("<", "\\u003c")
    requirement = f'<p class="requirement" role="alert">{GAME_WITHOUT_SCRIPTS}</p>'
    return "".join([
        GAME_BEGINNING,
        '<html lang="en">\n<head>\n<meta charset="utf-8">\n',
        f'<meta http-equiv="Content-Security-Policy" content="{policy(program)}">\n',
        '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">\n',
        '<meta name="color-scheme" content="light dark">\n',
        f"<title>{html.escape(game_presets[preset].title)} · gan1d</title>\n",
        *styles(page, static, ("look-back.css", "games.css")),
        "</head>\n<body>",
        REQUIREMENT.sub(lambda _: requirement, body[1].rstrip()),
        f'\n<script type="application/json" id="game-data">{data}</script>\n',
        f'<script type="module">{program}</script>\n</body>\n</html>\n',
    ])  # fmt: skip
