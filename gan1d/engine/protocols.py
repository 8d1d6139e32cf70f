"""The settings that the engine reads, as protocols: any object with these attributes will do, such as `gan1d.Config`.

They keep the engine free of pydantic, and tests may use plain namespaces.
"""

from typing import Protocol

from gan1d.engine.distributions.latents import Latent
from gan1d.engine.distributions.targets import Target
from gan1d.engine.networks.activations import Activation
from gan1d.engine.networks.discriminator_inputs import DiscriminatorView
from gan1d.engine.networks.optimizers import Optimizer
from gan1d.engine.networks.weight_constraints import Constraint
from gan1d.engine.objectives.codes import Code
from gan1d.engine.objectives.gradient_penalties import Penalty
from gan1d.engine.objectives.losses import Loss
from gan1d.engine.objectives.unrolling import Unrolling
from gan1d.engine.update_order import UpdateOrder


class InitializationSettings(Protocol):
    """The first weights of a network (see `initialization.initialize`)."""

    @property
    def weights(self) -> str: ...
    @property
    def random_biases(self) -> bool: ...
    @property
    def output_gain(self) -> float: ...
    @property
    def output_offset(self) -> float: ...


class PlayerSettings(Protocol):
    """One network and its training."""

    @property
    def hidden(self) -> tuple[int, ...]: ...
    @property
    def activation(self) -> Activation: ...
    @property
    def optimizer(self) -> Optimizer: ...
    @property
    def initialization(self) -> InitializationSettings: ...
    @property
    def rate_half_life(self) -> int: ...
    @property
    def input_scale(self) -> float: ...
    @property
    def weight_decay(self) -> float: ...
    @property
    def historical_averaging(self) -> float: ...


class GeneratorSettings(PlayerSettings, Protocol):
    """The generator, its running average, and the additions to its objective."""

    @property
    def ema_decay(self) -> float: ...
    @property
    def lookahead(self) -> Unrolling: ...
    @property
    def feature_matching(self) -> float: ...


class DiscriminatorSettings(PlayerSettings, Protocol):
    """The discriminator, its inputs, the constraint on its weights, and whether the optimal D plays in its place."""

    @property
    def optimal(self) -> bool: ...
    @property
    def view(self) -> DiscriminatorView: ...
    @property
    def constraint(self) -> Constraint: ...


class NoiseSettings(Protocol):
    """Noise on D's inputs (see `instance_noise.instance_noise_at`)."""

    @property
    def deviation(self) -> float: ...
    @property
    def half_life(self) -> float: ...


class ViewSettings(Protocol):
    """D's inputs, and whether the optimal D plays in its place."""

    @property
    def optimal(self) -> bool: ...
    @property
    def view(self) -> DiscriminatorView: ...


class EvaluationSettings(Protocol):
    """The settings that the evaluation of a run depends on."""

    @property
    def target(self) -> Target: ...
    @property
    def latent(self) -> Latent: ...
    @property
    def loss(self) -> Loss: ...
    @property
    def discriminator(self) -> ViewSettings: ...
    @property
    def seed(self) -> int: ...
    @property
    def training_points(self) -> int: ...
    @property
    def conditional(self) -> bool: ...
    @property
    def code(self) -> Code: ...
    @property
    def standardize(self) -> bool: ...


class TrainerSettings(EvaluationSettings, Protocol):
    """All settings of a run."""

    @property
    def batch_size(self) -> int: ...
    @property
    def discriminator_steps(self) -> int: ...
    @property
    def generator_steps(self) -> int: ...
    @property
    def update_order(self) -> UpdateOrder: ...
    @property
    def penalty(self) -> Penalty: ...
    @property
    def instance_noise(self) -> NoiseSettings: ...
    @property
    def generator(self) -> GeneratorSettings: ...
    @property
    def discriminator(self) -> DiscriminatorSettings: ...
