"""The experiment that a command line describes: a preset or a file, a seed, numbers, and changed settings."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Final

from gan1d.cli.data import DATA_OPTIONS, chosen_options, with_data
from gan1d.cli.options import PRESET, SEED, Option, Parser, assignment, misuse
from gan1d.config.errors import ConfigError
from gan1d.config.model import Config
from gan1d.exports.config_file import LARGEST_CONFIG, config_from_json
from gan1d.gallery import DEFAULT_PRESET, presets

CONFIG: Final = Option(
    name="config", read=Path, metavar="FILE", help="start with the settings in a file that gan1d export has written"
)


def add_experiment(to: Parser, *, has_seed: bool = True) -> None:
    """Add the options that describe an experiment.

    Args:
        to: Parser of a command.
        has_seed: Whether the command has one seed; if not, `--seed` is not listed, and the command refuses it.
    """
    seed = SEED if has_seed else replace(SEED, help=argparse.SUPPRESS)
    for option in (PRESET, CONFIG, seed, *DATA_OPTIONS):
        option.add_to(to)
    to.add_argument("--set", action="append", type=assignment, default=[], metavar="PATH=VALUE",
                    help="change a setting, such as batch_size=128; may be repeated")  # fmt: skip


def experiment_of(program: str, given: argparse.Namespace) -> Config:
    """The experiment of a command line.

    Args:
        program: Start of an error's line.
        given: The command line, with the options of `add_experiment`.

    Raises:
        ConfigError: A setting is not allowed.
    """
    if given.config is None:
        config = chosen_config(given.preset or DEFAULT_PRESET, given.seed)
    elif given.preset is not None:
        misuse(program, "--preset cannot be used with --config.")
    else:
        config = with_seed(read_config(program, given.config), given.seed)
    return with_data(program, config, chosen_options(given)).with_changes(given.set)


def input_files(given: argparse.Namespace) -> list[Path]:
    """Files that a command line reads."""
    return [file for file in (given.config, given.data) if file is not None]


def chosen_config(preset: str, seed: int | None) -> Config:
    """The config of a preset, with another seed if one is given.

    Raises:
        ConfigError: The seed is out of bounds.
    """
    return with_seed(presets[preset].config, seed)


def with_seed(config: Config, seed: int | None) -> Config:
    """The config with another seed if one is given.

    Raises:
        ConfigError: The seed is out of bounds.
    """
    return config if seed is None else config.patched("seed", seed)


def read_config(program: str, file: Path) -> Config:
    """The config in a JSON file; settings that are missing have their defaults.

    Args:
        program: Start of an error's line.
        file: The file.
    """
    try:
        with file.open("rb") as stream:
            text = stream.read(LARGEST_CONFIG + 1)
    except OSError as error:
        misuse(program, f'Expected a file to read for --config, but got "{file}" ({error.strerror}).')
    try:
        return config_from_json(text)
    except ConfigError as error:
        misuse(program, f"{file}: {error}")
