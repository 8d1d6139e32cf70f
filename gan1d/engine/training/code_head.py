"""Q, the network that reads the code back from a fake: one linear layer on the last hidden layer of D.

It is a player of its own, updated in G's update (Chen et al. 2016, arXiv:1606.03657, equation 6). It has D's optimizer,
because the units that it reads move as fast as D. It starts with weights of 0, that is without a guess.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from gan1d.engine.data.conditioning import inputs_of_discriminator
from gan1d.engine.networks.activations import Activation, Tanh
from gan1d.engine.networks.optimizers import Optimizer
from gan1d.engine.networks.weight_constraints import NoConstraint
from gan1d.engine.objectives.codes import NoCode
from gan1d.engine.protocols import TrainerSettings
from gan1d.engine.training.player import Player


@dataclass(frozen=True, kw_only=True)
class ZeroWeights:
    """Initial weights of Q."""

    weights: str = "uniform"
    random_biases: bool = False
    output_gain: float = 0.0
    output_offset: float = 0.0


NO_ACTIVATION = Tanh()
"""Activation of the hidden layers of Q, of which there are none."""
FIRST_WEIGHTS = ZeroWeights()


@dataclass(frozen=True, kw_only=True)
class HeadSettings:
    """Q's layers and how it is trained.

    Attributes:
        optimizer: That of D.
        rate_half_life: That of D.
    """

    optimizer: Optimizer
    rate_half_life: int
    hidden: tuple[int, ...] = ()
    activation: Activation = NO_ACTIVATION
    initialization: ZeroWeights = FIRST_WEIGHTS
    input_scale: float = 1.0
    weight_decay: float = 0.0
    historical_averaging: float = 0.0


@dataclass(frozen=True, kw_only=True)
class HeadInputs:
    """The inputs of Q: the units of D's last hidden layer, or D's inputs if it has none."""

    rows: int


def head_settings(config: TrainerSettings) -> HeadSettings:
    """Q's settings."""
    discriminator = config.discriminator
    return HeadSettings(optimizer=discriminator.optimizer, rate_half_life=discriminator.rate_half_life)


def head_inputs(config: TrainerSettings) -> HeadInputs:
    """Q's inputs."""
    return HeadInputs(rows=(inputs_of_discriminator(config).rows, *config.discriminator.hidden)[-1])


def code_head(config: TrainerSettings, rng: np.random.Generator, dtype: DTypeLike) -> Player | None:
    """A new Q; None without a code.

    Args:
        config: The settings.
        rng: A random stream of its own.
        dtype: Data type of the parameters.
    """
    if isinstance(config.code, NoCode):
        return None
    return Player(head_settings(config), rng, dtype, head_inputs(config), NoConstraint(), outputs=config.code.outputs)
