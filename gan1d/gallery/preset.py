"""What an experiment of the gallery is: settings, and what they are there to show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from gan1d.config.model import Config
from gan1d.gallery.criteria import Claim


@dataclass(frozen=True, kw_only=True)
class Preset:
    """One experiment.

    Attributes:
        name: Name in commands and links.
        group: Under which heading the menu has it.
        title: How the menu calls it.
        watch: What to watch for, a few sentences for a student.
        claim: What it shows, by when, and how often it did.
        diagnosis: What may be said of it at its end, as names of `gan1d.diagnosis.KINDS`.
        changes: Path → value, applied to the default config in order.
        former_names: Earlier values of `name`, which links and commands may still contain.
    """

    name: str
    group: str
    title: str
    watch: str
    claim: Claim
    diagnosis: tuple[str, ...]
    changes: Mapping[str, Any] = field(default_factory=dict)
    former_names: tuple[str, ...] = ()

    @cached_property
    def config(self) -> Config:
        """The whole experiment."""
        config = Config()
        for path, value in self.changes.items():
            config = config.patched(path, value)
        return config

    def row(self) -> dict[str, Any]:
        """JSON for the page and for `gan1d presets --json`."""
        texts = {name: getattr(self, name) for name in ("name", "group", "title", "watch")}
        return {**texts, "former_names": [*self.former_names], "config": self.config.model_dump(mode="json")}
