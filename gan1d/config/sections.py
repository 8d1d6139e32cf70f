"""The sections of a config: both networks, their optimizers and first weights, and the noise on D's inputs.

The engine's own specs are the field types, so that a bound, a default or a help text is stated once, on the field.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict

from gan1d.engine.networks.activations import Activation, LeakyReLU, Tanh
from gan1d.engine.networks.discriminator_inputs import DiscriminatorView, OneSample
from gan1d.engine.networks.optimizers import Adam, Optimizer
from gan1d.engine.networks.weight_constraints import Constraint, NoConstraint
from gan1d.engine.objectives.unrolling import NoUnrolling, Unrolling
from gan1d.knobs import Knob

ActivationSetting = Annotated[
    Activation,
    Knob(essential=True, effect="network", help="Function that each hidden unit applies to its input."),
]
OptimizerSetting = Annotated[
    Optimizer,
    Knob(essential=True, help="How a gradient becomes an update of the weights."),
]


class ConfigSection(BaseModel):
    """Base of all sections: frozen, unknown fields are an error, numbers are finite."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class InitializationConfig(ConfigSection):
    """Initial weights of a network."""

    weights: Annotated[
        Literal["auto", "xavier_normal", "he_normal", "standard_normal", "uniform"],
        Knob(help="Distribution of the initial weights; auto chooses it by the activation.", effect="restart"),
    ] = "auto"
    random_biases: Annotated[
        bool, Knob(help="Draw the initial biases at random instead of setting them to 0.", effect="restart")
    ] = False
    output_gain: Annotated[
        float,
        Knob(low=0.0, high=10.0, step=0.1, help="Factor on the initial weights of the last layer.", effect="restart"),
    ] = 1.0
    output_offset: Annotated[
        float, Knob(low=-10.0, high=10.0, step=0.1, help="Added to the initial bias of the output.", effect="restart")
    ] = 0.0


RateHalfLife = Annotated[
    int,
    Knob(
        label="rate half-life",
        low=0,
        high=100_000,
        scale="log",
        help="Number of updates after which the learning rate is half, and after twice as many a third, so that the "
        "noise of the batches averages out. A change of any setting makes it whole again; 0 keeps it constant.",
    ),
]
"""Falling learning rate of a player; see `Player`."""


class NetworkConfig(ConfigSection):
    """One of the two networks, and how it is trained."""

    hidden: Annotated[
        tuple[Annotated[int, Knob(low=1, high=256, effect="network")], ...],
        Knob(
            label="layers",
            low=0,
            high=6,
            effect="network",
            essential=True,
            help="Number of units in each hidden layer.",
        ),
    ] = (16, 16, 16)
    activation: ActivationSetting = Tanh()
    optimizer: OptimizerSetting = Adam(learning_rate=4e-3, beta1=0.0, beta2=0.99)
    rate_half_life: RateHalfLife = 0
    input_scale: Annotated[
        float,
        Knob(
            low=0.1,
            high=10.0,
            scale="log",
            effect="network",
            help="Factor on the input; with a larger one the network can learn finer detail.",
        ),
    ] = 1.0
    weight_decay: Annotated[
        float,
        Knob(
            label="weight decay", low=0.0, high=1.0, step=0.01,
            help="Share of each weight that an update removes, times the learning rate; it keeps the weights small.",
        ),
    ] = 0.0  # fmt: skip
    historical_averaging: Annotated[
        float,
        Knob(
            label="historical averaging", low=0.0, high=10.0, step=0.01,
            help="Penalty on the distance from the average of all past weights; it damps oscillation.",
        ),
    ] = 0.0  # fmt: skip
    initialization: Annotated[InitializationConfig, Knob(effect="restart")] = InitializationConfig(
        weights="uniform", random_biases=True
    )


class GeneratorConfig(NetworkConfig):
    """The generator, and the running average of its parameters, which is drawn as well."""

    rate_half_life: RateHalfLife = 150
    ema_decay: Annotated[
        float,
        Knob(
            label="average",
            low=0.0,
            high=0.9999,
            help="Share of the running average of G that each step keeps; the average is drawn as a thin line.",
        ),
    ] = 0.99
    lookahead: Annotated[
        Unrolling,
        Knob(help="Whether G is updated against the present D, or against D some updates later."),
    ] = NoUnrolling()
    feature_matching: Annotated[
        float,
        Knob(
            label="feature matching", low=0.0, high=100.0, step=0.1,
            help="Penalty on the difference between reals and fakes in the mean output of D's last hidden layer.",
        ),
    ] = 0.0  # fmt: skip


class DiscriminatorConfig(NetworkConfig):
    """The discriminator, its inputs, and the constraint on its weights."""

    optimal: Annotated[
        bool,
        Knob(
            label="play as optimal D",
            overrides=("discriminator", "discriminator_steps", "penalty"),
            help="Update G against D*, the optimal D against the present G, which is computed from both densities "
            "before each update. The network D waits meanwhile, and all of its settings are without effect.",
        ),
    ] = False
    activation: ActivationSetting = LeakyReLU()
    optimizer: OptimizerSetting = Adam(learning_rate=5e-3, beta1=0.0, beta2=0.9)
    view: Annotated[
        DiscriminatorView,
        Knob(label="input", effect="network", help="What D receives: one sample, or several at once."),
    ] = OneSample()
    constraint: Annotated[
        Constraint,
        Knob(help="How D's weights are bounded; it replaces the constraint of the loss, if that has one."),
    ] = NoConstraint()


class InstanceNoiseConfig(ConfigSection):
    """Noise on all inputs of D, real and fake."""

    deviation: Annotated[
        float,
        Knob(
            label="noise", low=0.0, high=3.0, step=0.05,
            help="Spread of noise on all inputs of D. D is less certain, and the optimal D is that of the blurred "
            "densities.",
        ),
    ] = 0.0  # fmt: skip
    half_life: Annotated[
        float,
        Knob(
            label="half-life", low=10.0, high=1e6, scale="log", help="Number of steps in which the noise falls to half."
        ),
    ] = 1000.0
