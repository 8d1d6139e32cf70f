"""What a PyTorch program needs to know of an experiment, and the settings for which none is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import prod
from typing import Final

import numpy as np

from gan1d.config.errors import ConfigError
from gan1d.config.model import Config
from gan1d.engine.arrays import Array
from gan1d.engine.data.conditioning import class_count, inputs_of_discriminator, inputs_of_generator
from gan1d.engine.data.datasets import TrainingSet, training_classes, training_set
from gan1d.engine.data.random_streams import BACK, random_streams
from gan1d.engine.data.standardization import units_of
from gan1d.engine.data.translation import is_translation
from gan1d.engine.networks.discriminator_inputs import Pack
from gan1d.engine.networks.mlp import split
from gan1d.engine.networks.weight_constraints import Constraint, NoConstraint, SpectralNormalization
from gan1d.engine.objectives.codes import NoCode
from gan1d.engine.objectives.gradient_penalties import GradientPenalty, NoPenalty, Penalty
from gan1d.engine.objectives.unrolling import Unrolled
from gan1d.engine.training.player import Player
from gan1d.engine.training.trainer import constraint_of
from gan1d.engine.units import Units
from gan1d.formatting import format_count

MOST_WEIGHTS: Final = 50_000
"""Largest number of initial weights in a program, about 600 kB of text."""
MOST_TRAINING_SAMPLES: Final = 5_000
"""Largest number of training samples in a program."""


@dataclass(frozen=True)
class Experiment:
    """An experiment that a PyTorch program can repeat.

    Raises:
        ConfigError: No PyTorch program is written for one of the settings.
    """

    config: Config

    def __post_init__(self) -> None:
        check(self.config)

    @cached_property
    def units(self) -> Units:
        """Units in which both networks work."""
        return units_of(self.config)

    @cached_property
    def classes(self) -> int:
        """Number of classes, 0 without labels."""
        return class_count(self.config)

    @cached_property
    def class_weights(self) -> list[float]:
        """Share of each class in the training data."""
        return [each.weight for each in training_classes(self.config)]

    @cached_property
    def training_set(self) -> TrainingSet | None:
        """The training samples in x, or None if every batch is drawn from the target."""
        return training_set(self.config)

    @cached_property
    def generator_inputs(self) -> int:
        """Number of inputs of G."""
        return inputs_of_generator(self.config).rows

    @cached_property
    def discriminator_inputs(self) -> int:
        """Number of inputs of D."""
        return inputs_of_discriminator(self.config).rows

    @property
    def has_code(self) -> bool:
        """Whether G gets a code beside z."""
        return not isinstance(self.config.code, NoCode)

    @property
    def is_translation(self) -> bool:
        """Whether G gets samples of a source in place of noise, and F translates back."""
        return is_translation(self.config)

    @property
    def latents(self) -> str:
        """Name of the function that draws the inputs of G."""
        if self.is_translation:
            return "source_samples"
        return "labelled_latents" if self.classes else "coded_latents" if self.has_code else "latents"

    @property
    def constraint(self) -> Constraint:
        """The constraint on D's weights."""
        return constraint_of(self.config)

    @property
    def penalties(self) -> list[Penalty]:
        """The penalties on D's slopes."""
        both = (self.config.penalty, self.config.loss.penalty)
        return [penalty for penalty in both if not isinstance(penalty, NoPenalty)]

    @property
    def is_noisy(self) -> bool:
        """Whether the samples get instance noise."""
        return self.config.instance_noise.deviation > 0

    @property
    def samples(self) -> str:
        """Number of samples in a batch, as an expression of the program."""
        return "PACK * BATCH" if isinstance(self.config.discriminator.view, Pack) else "BATCH"

    @property
    def reals_of_generator(self) -> list[str]:
        """Names of the batches of reals that an update of G needs."""
        generator = self.config.generator
        wanted = {
            "real_ahead": isinstance(generator.lookahead, Unrolled),
            "real_paired": self.config.loss.is_paired,
            "real": generator.feature_matching > 0,
        }
        return [name for name, is_wanted in wanted.items() if is_wanted]

    @cached_property
    def initial_weights(self) -> dict[str, Array]:
        """The initial weights of each network in single precision, in PyTorch's order, `(parameters,)`."""
        config, rngs = self.config, random_streams(self.config.seed)
        of_g, of_d = inputs_of_generator(config), inputs_of_discriminator(config)
        players = dict[str, Player]()
        for way in ("", BACK) if self.is_translation else ("",):
            g, d = f"{way}generator", f"{way}discriminator"
            players[g] = Player(config.generator, rngs[g], np.float32, of_g, NoConstraint())
            players[d] = Player(config.discriminator, rngs[d], np.float32, of_d, self.constraint)
        # The free parameters, which the optimizer updates; a constraint may compute the network's from them.
        return {
            name: in_pytorch_order(player.applied_constraint.free, [layer.shape for layer in player.network.layers])
            for name, player in players.items()
        }


def in_pytorch_order(parameters: Array, shapes: Sequence[tuple[int, ...]]) -> Array:
    """Parameters layer by layer, with the weights of each layer as `(outputs, inputs)`, then its biases."""
    layers = split(parameters, shapes)
    return np.concatenate([part for layer in layers for part in (layer[:-1].T.ravel(), layer[-1])])


def layer_shapes(inputs: int, hidden: Sequence[int]) -> list[tuple[int, int]]:
    """Shape of each layer of a network with one output, `(inputs + 1, outputs)`; the last row holds the biases."""
    return [(before + 1, after) for before, after in pairwise((inputs, *hidden, 1))]


def check(config: Config) -> None:
    """Raise a ConfigError if no PyTorch program is written for one of the settings."""
    inputs = inputs_of_generator(config).rows, inputs_of_discriminator(config).rows
    players = ("generator", config.generator), ("discriminator", config.discriminator)
    for (name, player), rows in zip(players, inputs, strict=True):
        if (count := sum(map(prod, layer_shapes(rows, player.hidden)))) > MOST_WEIGHTS:
            refuse(
                f"{name}.hidden",
                f"at most {format_count(MOST_WEIGHTS)} weights in one network for a PyTorch program, which lists them",
                format_count(count),
            )
    if config.training_points > MOST_TRAINING_SAMPLES:
        refuse(
            "training_points",
            f"at most {format_count(MOST_TRAINING_SAMPLES)} training samples for a PyTorch program, which lists them",
            format_count(config.training_points),
        )
    if isinstance(config.penalty, GradientPenalty) and isinstance(config.loss.penalty, GradientPenalty):
        refuse("penalty", "one gradient penalty for a PyTorch program", "a second one beside that of the loss")
    if config.discriminator.optimal:
        refuse("discriminator.optimal", "a D that is a network for a PyTorch program", "the optimal D")
    if config.update_order.is_joint:
        refuse("update_order", "alternating updates for a PyTorch program", config.update_order.kind)
    if isinstance(config.generator.lookahead, Unrolled) and isinstance(constraint_of(config), SpectralNormalization):
        refuse(
            "generator.lookahead",
            "a D without spectral normalization for a PyTorch program with lookahead",
            "both",
        )


def refuse(path: str, expected: str, given: str) -> None:
    """Raise a ConfigError about one setting."""
    raise ConfigError(path, f"Expected {expected}, but got {given} ({path}).")
