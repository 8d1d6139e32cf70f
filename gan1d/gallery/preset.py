"""Presets: experiments of the gallery, each with its settings and its claim."""

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
        group: Heading in the menu.
        title: Title in the menu.
        watch: A few sentences that guide a student through the run.
        claim: The criterion that it meets, by which step, and how often it did.
        diagnosis: Diagnoses expected at the end of the run, as names of `gan1d.diagnosis.rules.KINDS`.
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
        """The settings of the experiment."""
        config = Config()
        for path, value in self.changes.items():
            config = config.patched(path, value)
        return config

    def row(self) -> dict[str, Any]:
        """The preset as JSON, for the page and for `gan1d presets --json`."""
        texts = {name: getattr(self, name) for name in ("name", "group", "title", "watch")}
        return {**texts, "former_names": [*self.former_names], "config": self.config.model_dump(mode="json")}
