"""The numbers with which a server begins, as an entry of the menu of presets."""

from dataclasses import dataclass
from typing import Any, Final

from gan1d.config.model import Config

STARTING_DATA: Final = "data"
"""Name of the entry; no preset of the gallery has it."""
GROUP: Final = "Your data"
"""Heading of the entry in the menu."""


@dataclass(frozen=True)
class StartingData:
    """An experiment that imitates the numbers of a file.

    Attributes:
        config: Its settings.
        title: Name of the file.
        watch: A sentence with count and range of the numbers.
    """

    config: Config
    title: str
    watch: str

    def row(self) -> dict[str, Any]:
        """The entry as JSON, like that of a preset."""
        texts = {"name": STARTING_DATA, "group": GROUP, "title": self.title, "watch": self.watch}
        return {**texts, "former_names": [], "config": self.config.model_dump(mode="json")}
