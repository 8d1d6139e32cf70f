"""Presets of the games, each with a story that is known exactly. `presets.toml` is written by hand, with its claims."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from gan1d.games.game_config import GameConfig

DEFAULT_GAME: Final = "spiral_out"
"""Name of the preset that a link without one means."""


@dataclass(frozen=True, kw_only=True)
class GamePreset:
    """One game with its settings and its text.

    Attributes:
        name: Name in commands and links.
        group: Heading in the menu.
        title: Title in the menu.
        watch: A few sentences that guide a student; each number in it is a setting or a claim.
        changes: Path → value, applied in order to the default settings.
        claims: Measured quantities of the run; `presets.toml` explains them.
    """

    name: str
    group: str
    title: str
    watch: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    claims: Sequence[Mapping[str, Any]] = ()

    @cached_property
    def config(self) -> GameConfig:
        """The settings."""
        return GameConfig().with_changes(self.changes.items())

    def row(self) -> dict[str, Any]:
        """The preset as JSON, for the page."""
        texts = {name: getattr(self, name) for name in ("name", "group", "title", "watch")}
        return {**texts, "former_names": [], "config": self.config.model_dump(mode="json")}


def read_game_presets() -> dict[str, GamePreset]:
    """All presets by name, in the order of the menu."""
    tables = tomllib.loads(Path(__file__).with_name("presets.toml").read_text("utf-8"))
    return {name: GamePreset(name=name, **table) for name, table in tables.items()}


game_presets: Final = read_game_presets()
"""All presets by name, in the order of the menu."""
