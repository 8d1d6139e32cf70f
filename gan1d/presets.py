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


_SAME_DESCENT = {"kind": "sgd", "learning_rate": 0.1}
_HEAVY_BALL = {"kind": "momentum", "learning_rate": 0.1, "momentum": 0.9}
_ADAM_OF_ICH = {"kind": "adam", "learning_rate": 0.005, "beta1": 0.5, "beta2": 0.999}

_ROWS = (
    Preset(
        name="default",
        title="Two modes",
        watch="The generator has to learn to split one bump into two: within 100 steps it reaches for both sides, by "
        "300 the valley between them empties, and by about 500 the densities agree and D is a nearly flat line at ½.",
    ),
    Preset(
        name="textbook",
        title="Textbook",
        watch="The algorithm of 2014 with nothing added: plain gradient descent, one learning rate for both.",
        changes={
            "penalty": "none",
            "discriminator_steps": 1,
            "generator.hidden": [32, 32],
            "generator.optimizer": _SAME_DESCENT,
            "discriminator.hidden": [32, 32],
            "discriminator.activation": "tanh",
            "discriminator.optimizer": _SAME_DESCENT,
        },
    ),
    Preset(
        name="original",
        title="The original 1D GAN",
        watch="The networks and settings of ichko's 1D GAN.",
        changes={
            "discriminator_steps": 1,
            "target.modes.0.position": -1.5,
            "target.modes.0.weight": 0.3,
            "target.modes.1.position": 1.5,
            "target.modes.1.weight": 0.7,
            "loss.real_label": 0.95,
            "loss.generator_label": 0.95,
            "penalty": "none",
            "generator.hidden": [20, 10, 10],
            "generator.activation": "relu",
            "generator.optimizer": _ADAM_OF_ICH,
            "generator.initialization.weights": "xavier_normal",
            "generator.initialization.random_biases": False,
            "discriminator.hidden": [10, 10, 20],
            "discriminator.activation": "relu",
            "discriminator.optimizer": _ADAM_OF_ICH,
            "discriminator.initialization.weights": "xavier_normal",
            "discriminator.initialization.random_biases": False,
        },
    ),
    Preset(
        name="mode_collapse",
        title="Mode collapse",
        watch="The generator starts nearer the right mode and never finds the left one.",
        changes={
            "target.modes.0.position": -3.0,
            "target.modes.1.position": 3.0,
            "penalty": "none",
            "generator.initialization.output_offset": 1.5,
        },
    ),
    Preset(
        name="diverging",
        title="Diverging",
        watch="Learning rates too large.",
        changes={
            "penalty": "none",
            "generator.activation": "leaky_relu",
            "generator.optimizer": _HEAVY_BALL,
            "discriminator.optimizer": _HEAVY_BALL,
        },
    ),
)

presets: Mapping[str, Preset] = MappingProxyType({preset.name: preset for preset in _ROWS})
