"""Experiments worth watching: each a title, what to look for, and what differs from the default."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from gan1d.config import Config


@dataclass(frozen=True, kw_only=True)
class Preset:
    """One experiment.

    Attributes:
        name: How commands and links call it.
        title: How the menu calls it.
        watch: What to watch for, one or two sentences for a student.
        changes: Path → value, applied to the default config in order.
    """

    name: str
    title: str
    watch: str
    changes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def config(self) -> Config:
        """The whole experiment."""
        config = Config()
        for path, value in self.changes.items():
            config = config.patched(path, value)
        return config


_ROWS = (
    Preset(
        name="default",
        title="Two modes",
        watch="The generator has to learn to split one bump into two.",
    ),
    Preset(
        name="textbook",
        title="Textbook",
        watch="The algorithm of 2014 with nothing added: plain gradient descent and one learning rate for both.",
        changes={
            "penalty": "none",
            "discriminator_steps": 1,
            "discriminator.activation": "tanh",
            "generator.optimizer": {"kind": "sgd", "learning_rate": 0.05},
            "discriminator.optimizer": {"kind": "sgd", "learning_rate": 0.05},
        },
    ),
)

presets: Mapping[str, Preset] = MappingProxyType({preset.name: preset for preset in _ROWS})
