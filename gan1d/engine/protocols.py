"""What a trainer must be told, as shapes: any object with these attributes will do, and `gan1d.Config` is one.

So the engine needs no pydantic, and a test can play with a plain namespace.
"""

from typing import Protocol

from gan1d.engine.distributions.priors import Latent
from gan1d.engine.distributions.targets import Target
from gan1d.engine.networks.activations import Activation
from gan1d.engine.networks.discriminator_inputs import DiscriminatorView
from gan1d.engine.networks.optimizers import Optimizer
from gan1d.engine.networks.weight_constraints import Constraint
from gan1d.engine.objectives.gradient_penalties import Penalty
from gan1d.engine.objectives.losses import Loss
from gan1d.engine.objectives.unrolling import Unrolling


class InitializationSettings(Protocol):
    """How a network's first weights are drawn (see `initialization.initialize`)."""

    @property
    def weights(self) -> str: ...
    @property
    def random_biases(self) -> bool: ...
    @property
    def output_gain(self) -> float: ...
    @property
    def output_offset(self) -> float: ...


class PlayerSettings(Protocol):
    """One network and how it learns."""

    @property
    def hidden(self) -> tuple[int, ...]: ...
    @property
    def activation(self) -> Activation: ...
    @property
    def optimizer(self) -> Optimizer: ...
    @property
    def initialization(self) -> InitializationSettings: ...
    @property
    def input_scale(self) -> float: ...
    @property
    def weight_decay(self) -> float: ...
    @property
    def historical_averaging(self) -> float: ...


class GeneratorSettings(PlayerSettings, Protocol):
    """The generator, which is also shown as its running average."""

    @property
    def ema_decay(self) -> float: ...
    @property
    def lookahead(self) -> Unrolling: ...
    @property
    def feature_matching(self) -> float: ...


class DiscriminatorSettings(PlayerSettings, Protocol):
    """The discriminator: what it is given to judge, and what keeps its weights in bounds."""

    @property
    def view(self) -> DiscriminatorView: ...
    @property
    def constraint(self) -> Constraint: ...


class NoiseSettings(Protocol):
    """Noise on what D sees (see `turns.instance_noise_at`)."""

    @property
    def deviation(self) -> float: ...
    @property
    def half_life(self) -> float: ...


class ViewSettings(Protocol):
    """What D is given to judge."""

    @property
    def view(self) -> DiscriminatorView: ...


class EvaluationSettings(Protocol):
    """What a run is about: all that a probe must be told."""

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


class TrainerSettings(EvaluationSettings, Protocol):
    """What a trainer must be told; `gan1d.Config` is one."""

    @property
    def batch_size(self) -> int: ...
    @property
    def discriminator_steps(self) -> int: ...
    @property
    def generator_steps(self) -> int: ...
    @property
    def penalty(self) -> Penalty: ...
    @property
    def instance_noise(self) -> NoiseSettings: ...
    @property
    def generator(self) -> GeneratorSettings: ...
    @property
    def discriminator(self) -> DiscriminatorSettings: ...
