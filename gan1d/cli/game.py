"""`gan1d game`: a game of two numbers without a page."""

import argparse
import csv
from pathlib import Path
from typing import Any, Final

import numpy as np

from gan1d import __version__
from gan1d.cli.console import print_json
from gan1d.cli.options import SUCCESS, Parser, assignment, misuse, one_of
from gan1d.games.game_presets import DEFAULT_GAME, game_presets
from gan1d.games.game_run import run_game
from gan1d.output_files import OutputFileError, open_output, standard_output
from gan1d.replay.game_page import GAME_BEGINNING, write_game_page

GAME_HELP: Final = "play a game of two numbers and print what becomes of it as JSON"
GAME_COLUMNS: Final = ("step", "track", "theta", "psi", "distance")


def add_game_options(to: Parser) -> None:
    """Add the options of the command."""
    to.add_argument("--preset", type=one_of(list(game_presets), "a game"), default=DEFAULT_GAME, metavar="NAME",
                    help=f"a game of the page: {', '.join(game_presets)} (default: {DEFAULT_GAME})")  # fmt: skip
    to.add_argument("--set", action="append", type=assignment, default=[], metavar="PATH=VALUE",
                    help="change a setting, such as update.learning_rate=0.2; may be repeated")  # fmt: skip
    to.add_argument(
        "--html", type=Path, metavar="FILE", help="write the game as one HTML file that plays it without a server"
    )
    to.add_argument("--csv", type=Path, metavar="FILE", help="write a row for each step of each update")


def game_command(given: argparse.Namespace) -> int:
    """Play a game and print it; returns the exit status.

    Raises:
        ConfigError: A setting is not allowed.
    """
    config = game_presets[given.preset].config.with_changes(given.set)
    run = run_game(config)
    if given.csv is not None:
        try:
            with open_output(given.csv, standard_output(), f"{','.join(GAME_COLUMNS)}\n") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(GAME_COLUMNS)
                writer.writerows(
                    row for number, track in enumerate(run["tracks"], 1) for row in table_rows(number, track)
                )
        except OutputFileError as error:
            misuse("gan1d game", f"--csv: {error}")
    if given.html is not None:
        try:
            text = write_game_page(given.preset, config, version=__version__)
            with open_output(given.html, standard_output(), GAME_BEGINNING) as file:
                file.write(text)
        except OutputFileError as error:
            misuse("gan1d game", f"--html: {error}")
    names = ("label", "rate", "eigenvalues", "near", "words")
    tracks = [{**{name: track[name] for name in names}, **last_of(track)} for track in run["tracks"]]
    print_json({"config": config.model_dump(mode="json"), "steps": config.steps, "tracks": tracks})
    return SUCCESS


def table_rows(number: int, track: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a track in the table, by `GAME_COLUMNS`."""
    points = np.reshape(track["states"], (-1, 2 * track["slots"]))[:, :2].tolist()
    pairs = zip(points, track["distances"], strict=True)
    return [(step, number, *point, distance) for step, (point, distance) in enumerate(pairs)]


def last_of(track: dict[str, Any]) -> dict[str, float]:
    """The last row of a track by name, without its number."""
    row = dict(zip(GAME_COLUMNS, table_rows(1, track)[-1], strict=True))
    return {name: row[name] for name in ("theta", "psi", "distance")}
