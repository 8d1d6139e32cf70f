"""What an experiment of the gallery is: settings, and what they are there to show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gan1d.config.model import Config
from gan1d.gallery.criteria import Claim


@dataclass(frozen=True, kw_only=True)
class Preset:
    """One experiment.

    Attributes:
        name: How commands and links call it.
        group: Under which heading the menu has it.
        title: How the menu calls it.
        watch: What to watch for, a few sentences for a student.
        claim: What it shows, by when, and how often it did.
        diagnosis: What may be said of it at its end, as names of `gan1d.diagnosis.KINDS`.
        changes: Path → value, applied to the default config in order.
    """

    name: str
    group: str
    title: str
    watch: str
    claim: Claim
    diagnosis: tuple[str, ...]
    changes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def config(self) -> Config:
        """The whole experiment."""
        config = Config()
        for path, value in self.changes.items():
            config = config.patched(path, value)
        return config

    def row(self) -> dict[str, Any]:
        """What the page and `gan1d presets --json` are told, as JSON has it."""
        told = {name: getattr(self, name) for name in ("name", "group", "title", "watch")}
        return {**told, "config": self.config.model_dump(mode="json")}
