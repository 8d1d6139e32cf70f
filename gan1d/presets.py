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
        diagnosis: What may be said of it at its end, as names of `gan1d.diagnosis.KINDS`.
        changes: Path → value, applied to the default config in order.
    """

    name: str
    title: str
    watch: str
    diagnosis: tuple[str, ...]
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
        watch="One bump has to become two. Within about 150 steps G reaches for both sides, by 300 the valley between "
        "them is nearly empty, at about 500 the densities agree. Then D flattens towards ½: it can no longer tell.",
        diagnosis=("converged",),
    ),
    Preset(
        name="textbook",
        title="Textbook",
        watch="The algorithm of 2014 with nothing added: plain gradient descent, and one learning rate for both. The "
        "modes part within 300 steps and fit at about 650, but the fit stays rougher than with the default.",
        diagnosis=("converged",),
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
        watch="The networks and settings of ichko's page. Both bumps are there by step 500, but the fit keeps "
        "wandering. By step 3000 most of D's last units are dead, and in half of the runs it has gone flat: both "
        "losses look perfect, and G is stuck.",
        diagnosis=("learning", "converged", "oscillating", "discriminator_weak"),
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
        watch="G starts right of the middle, falls onto the right mode and never finds the left one. D says 1 over "
        "the mode that is missed, but no sample of G is there to be pulled; over the other it says ⅓, which is right. "
        "Cure: set the penalty to R1, and within 800 steps both modes are covered.",
        diagnosis=("mode_collapse",),
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
        watch="Momentum with too large a learning rate. The losses leave the chart after some 15 steps and swing ever "
        "wider; at about step 70 (seeds differ: 25 to 240) a gradient has grown beyond all bounds, and training "
        "stops.",
        diagnosis=("diverged",),
        changes={
            "penalty": "none",
            "generator.activation": "leaky_relu",
            "generator.optimizer": _HEAVY_BALL,
            "discriminator.optimizer": _HEAVY_BALL,
        },
    ),
)

presets: Mapping[str, Preset] = MappingProxyType({preset.name: preset for preset in _ROWS})
