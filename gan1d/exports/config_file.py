"""The settings of an experiment as a JSON file, written and read."""

import json
from pathlib import Path
from typing import Final

from gan1d.config.errors import ConfigError
from gan1d.config.model import Config

LARGEST_CONFIG: Final = 2**20
"""Largest number of bytes of a file with settings; 2,000 numbers of a target take 40,000."""

CONFIG_BEGINNING: Final = '{\n  "seed": '
"""Beginning of every file with settings."""


def config_as_json(config: Config) -> str:
    """All settings as JSON, which `gan1d run --config` reads."""
    return json.dumps(config.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n"


def is_written_config(file: Path) -> bool:
    """Whether a file is as `config_as_json` writes it, and not by hand."""
    try:
        text = file.read_bytes()
        return text == config_as_json(config_from_json(text)).encode()
    except ConfigError:
        return False


def config_from_json(text: bytes) -> Config:
    """The config in a JSON text; settings that are missing have their defaults.

    Raises:
        ConfigError: The text is too long or not JSON, or a setting is not allowed.
    """
    if len(text) > LARGEST_CONFIG:
        raise ConfigError("", f"Expected settings of at most {LARGEST_CONFIG >> 20} MB, but got more.")
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        raise ConfigError("", "Expected settings as JSON, but got something else.") from None
    return Config.parsed(values)
