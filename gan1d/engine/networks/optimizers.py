"""Optimizers, in order of increasing complexity: gradient descent, momentum, RMSProp, Adam, optimistic Adam.

All five are in this one file, with their union at its foot, as the members of every family of the engine are.

An optimizer is a frozen value that holds the hyperparameters. Its running averages live in an `OptimizerState`, so
changing a hyperparameter replaces the optimizer and keeps the state. `update` builds a program that makes one update
of the parameters, in place, each time it is run. `write_constants` gives the hyperparameters of another optimizer of
the same kind to this program.

The gradient comes as `gradient_powers`, `(2, …, parameters)`: the gradient first, then a buffer for its square. A
stack of networks is updated like one network; a learning rate that differs between its members is a column,
`(members, 1)`.

A running average m ← β·m + (1 − β)·g is stored as the sum M = m/(1 − β), so that M ← β·M + g is one call less. The
factor 1 − β goes into the learning rate.
"""

import math
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import numpy as np

from gan1d.engine.arrays import Array, zeros, zeros_like
from gan1d.engine.networks.parameter_updates import (
    adaptive_direction,
    adaptive_step,
    bias_correction,
    update_decayed_sum,
)
from gan1d.engine.programs import Program, constant
from gan1d.knobs import Knob

LearningRate = Annotated[
    float,
    Knob(label="learning rate", low=1e-5, high=10.0, scale="log", essential=True, help="Size of one update."),
]
Decay = Annotated[
    float,
    Knob(label="decay", low=0.0, high=0.9999, help="Memory of the squared gradient: nearer 1 is longer."),
]
Epsilon = Annotated[
    float,
    Knob(label="ε", low=1e-12, high=1e-2, scale="log", help="Keeps the division safe where the gradient is tiny."),
]


@dataclass
class OptimizerState:
    """State of an optimizer for one network.

    Attributes:
        count: Number of updates made.
        averages: Running sums by name, each `(…, parameters)`; `average_factors` of the optimizer converts them to
            averages.
        constants: Arrays from which the programs of `update` read the hyperparameters, by name. `write_constants` of
            another optimizer of the same kind changes the hyperparameters of these programs.
        optimizer: Optimizer whose hyperparameters the programs use, if they compute with them in every update.
    """

    count: int = 0
    averages: dict[str, Array] = field(default_factory=dict)
    constants: dict[str, Array] = field(default_factory=dict)
    optimizer: Any = None

    def increment_count(self) -> None:
        """Count one more update."""
        self.count += 1


@dataclass(frozen=True, kw_only=True)
class SGD:
    """Gradient descent: a step straight down the gradient."""

    kind: Literal["sgd"] = "sgd"
    learning_rate: LearningRate = 0.05

    def average_factors(self, count: int) -> dict[str, float]:
        """Factor from each stored sum to its average, by name, after `count` updates."""
        return {}

    def init(self, parameters: Array) -> OptimizerState:
        """Empty state: gradient descent has no running averages."""
        return OptimizerState()

    def update(self, parameters: Array, gradient_powers: Array, state: OptimizerState) -> Program:
        """θ ← θ − α·g."""
        rate, change = constant(self.learning_rate, parameters.dtype), zeros_like(parameters)
        state.constants = {"rate": rate}
        return [
            (np.multiply, (gradient_powers[0], rate, change)),
            (np.subtract, (parameters, change, parameters)),
            (state.increment_count, ()),
        ]

    def write_constants(self, state: OptimizerState) -> None:
        """Give these hyperparameters to the programs that `update` has built for `state`."""
        state.constants["rate"][...] = self.learning_rate


@dataclass(frozen=True, kw_only=True)
class Momentum:
    """Momentum: a heavy ball that keeps rolling.

    Polyak 1964, in the form of Sutskever et al. 2013. Negative momentum: Gidel et al. 2019, arXiv:1807.04740.
    """

    kind: Literal["momentum"] = "momentum"
    learning_rate: LearningRate = 0.01
    momentum: Annotated[
        float,
        Knob(
            low=-0.999, high=0.999,
            help="Share of the last step that is kept. Below 0 that share is taken back, which damps circling.",
        ),
    ] = 0.9  # fmt: skip

    def average_factors(self, count: int) -> dict[str, float]:
        """Factor 1: the velocity is used as stored, after any number of updates."""
        return {"velocity": 1.0}

    def init(self, parameters: Array) -> OptimizerState:
        """State with velocity 0."""
        return OptimizerState(averages={"velocity": zeros_like(parameters)})

    def update(self, parameters: Array, gradient_powers: Array, state: OptimizerState) -> Program:
        """v ← μ·v + g,  θ ← θ − α·v."""
        rate, momentum = (constant(value, parameters.dtype) for value in (self.learning_rate, self.momentum))
        state.constants = {"rate": rate, "momentum": momentum}
        velocity, change = state.averages["velocity"], zeros_like(parameters)
        return [
            *update_decayed_sum(velocity, gradient_powers[0], momentum),
            (np.multiply, (velocity, rate, change)),
            (np.subtract, (parameters, change, parameters)),
            (state.increment_count, ()),
        ]

    def write_constants(self, state: OptimizerState) -> None:
        """Give these hyperparameters to the programs that `update` has built for `state`."""
        state.constants["rate"][...] = self.learning_rate
        state.constants["momentum"][...] = self.momentum


@dataclass(frozen=True, kw_only=True)
class RMSProp:
    """RMSProp: each parameter's step is divided by the usual size of its gradient.

    Tieleman & Hinton 2012, Neural Networks for Machine Learning, lecture 6.5.
    """

    kind: Literal["rmsprop"] = "rmsprop"
    learning_rate: LearningRate = 1e-3
    decay: Decay = 0.99
    eps: Epsilon = 1e-8

    def average_factors(self, count: int) -> dict[str, float]:
        """Factor from each stored sum to its average, by name, after `count` updates."""
        return {"square": 1 - self.decay}

    def init(self, parameters: Array) -> OptimizerState:
        """State with mean square 0."""
        return OptimizerState(averages={"square": zeros_like(parameters)})

    def update(self, parameters: Array, gradient_powers: Array, state: OptimizerState) -> Program:
        """v ← ρ·v + (1 − ρ)·g²,  θ ← θ − α·g / (√v + ε).

        With V = v/(1 − ρ) and c = √(1 − ρ):  V ← ρ·V + g²,  θ ← θ − α/c · g / (√V + ε/c).
        """
        shape, dtype = np.shape(self.learning_rate), parameters.dtype
        rate, decay, eps = np.empty(shape, dtype), np.empty((), dtype), np.empty((), dtype)
        state.constants = {"rate": rate, "decay": decay, "eps": eps}
        self.write_constants(state)
        square, change = state.averages["square"], zeros_like(parameters)
        gradient, gradient_square = gradient_powers
        return [
            (np.square, (gradient, gradient_square)),
            *update_decayed_sum(square, gradient_square, decay),
            *adaptive_step(parameters, gradient, square, rate, eps, change),
            (state.increment_count, ()),
        ]

    def write_constants(self, state: OptimizerState) -> None:
        """Give these hyperparameters to the programs that `update` has built for `state`."""
        root = math.sqrt(1 - self.decay)
        state.constants["rate"][...] = self.learning_rate / root
        state.constants["decay"][...] = self.decay
        state.constants["eps"][...] = self.eps / root


Beta1 = Annotated[float, Knob(label="β₁", low=0.0, high=0.999, help="Memory of the mean gradient.")]
Beta2 = Annotated[float, Knob(label="β₂", low=0.0, high=0.9999, help="Memory of the squared gradient.")]


@dataclass(frozen=True, kw_only=True)
class AdamAverages:
    """What the optimizers of Adam's family have in common: the averages of the gradient and of its square."""

    kind: str
    learning_rate: LearningRate = 1e-3
    beta1: Beta1 = 0.5
    beta2: Beta2 = 0.999
    eps: Epsilon = 1e-8

    def average_factors(self, count: int) -> dict[str, float]:
        """Factor from each stored sum to its bias-corrected average, by name, after `count` updates."""
        decays = {"mean": self.beta1, "square": self.beta2}
        return {name: (1 - beta) / bias_correction(beta, max(count, 1)) for name, beta in decays.items()}

    def write_constants(self, state: OptimizerState) -> None:
        """Give these hyperparameters to the programs that `update` has built for `state`."""
        state.optimizer = self
        state.constants["decays"][0], state.constants["decays"][1] = self.beta1, self.beta2


@dataclass(frozen=True, kw_only=True)
class Adam(AdamAverages):
    """Adam: momentum and RMSProp together, corrected for their cold start.

    Kingma & Ba 2015, arXiv:1412.6980, algorithm 1.
    """

    kind: Literal["adam"] = "adam"

    def init(self, parameters: Array) -> OptimizerState:
        """State with mean 0 and mean square 0."""
        return OptimizerState(averages={"mean": zeros_like(parameters), "square": zeros_like(parameters)})

    def update(self, parameters: Array, gradient_powers: Array, state: OptimizerState) -> Program:
        """m ← β₁m + (1 − β₁)g,  v ← β₂v + (1 − β₂)g²,  θ ← θ − α·m̂ / (√v̂ + ε).

        With M = m/(1 − β₁) and V = v/(1 − β₂), M ← β₁M + g and V ← β₂V + g². The bias corrections m̂ = m/(1 − β₁ᵗ)
        and v̂ = v/(1 − β₂ᵗ) go into two scalars, so that they cost nothing per parameter:
        with c = √((1 − β₂ᵗ)/(1 − β₂)),  α·m̂/(√v̂ + ε) = α·c·(1 − β₁)/(1 − β₁ᵗ) · M / (√V + ε·c).
        """
        program, rate_and_eps = update_moments(gradient_powers, state, np.shape(self.learning_rate))
        self.write_constants(state)
        mean, square, change = state.averages["mean"], state.averages["square"], zeros_like(parameters)
        return [
            *program,
            *adaptive_step(parameters, mean, square, rate_and_eps[0, ...], rate_and_eps[1, ...], change),
        ]

    def rate(self) -> float:
        """α, the factor on a bias-corrected step."""
        return self.learning_rate


@dataclass(frozen=True, kw_only=True)
class OptimisticAdam(AdamAverages):
    """Optimistic Adam: Adam that expects the next step to equal the last one, and takes it in advance, which damps
    circling.

    Daskalakis et al. 2018, arXiv:1711.00141, algorithm 1.
    """

    kind: Literal["optimistic_adam"] = "optimistic_adam"

    def average_factors(self, count: int) -> dict[str, float]:
        """Factor from each stored sum to its bias-corrected average, by name, after `count` updates; 1 for a step."""
        return {**super().average_factors(count), "step": 1.0}

    def init(self, parameters: Array) -> OptimizerState:
        """State with mean 0, mean square 0 and a last step of 0."""
        return OptimizerState(averages={name: zeros_like(parameters) for name in ("mean", "square", "step")})

    def update(self, parameters: Array, gradient_powers: Array, state: OptimizerState) -> Program:
        """θ ← θ − α·(2·uₜ − uₜ₋₁), where uₜ = m̂ / (√v̂ + ε) is Adam's step at learning rate 1, and u₀ = 0."""
        last, step = state.averages["step"], zeros_like(parameters)
        rate = np.empty(np.shape(self.learning_rate), parameters.dtype)
        program, rate_and_eps = update_moments(gradient_powers, state, ())
        state.averages["step"], state.constants["rate"] = last, rate
        self.write_constants(state)
        mean, square = state.averages["mean"], state.averages["square"]
        return [
            *program,
            *adaptive_direction(mean, square, rate_and_eps[0, ...], rate_and_eps[1, ...], step),
            (np.subtract, (step, last, last)),
            (np.add, (step, last, last)),
            (np.multiply, (last, rate, last)),
            (np.subtract, (parameters, last, parameters)),
            (np.copyto, (last, step)),
        ]

    def rate(self) -> float:
        """1: the learning rate is a factor on the sum of two steps."""
        return 1.0

    def write_constants(self, state: OptimizerState) -> None:
        """Give these hyperparameters to the programs that `update` has built for `state`."""
        super().write_constants(state)
        state.constants["rate"][...] = self.learning_rate


def update_moments(gradient_powers: Array, state: OptimizerState, rates: tuple[int, ...]) -> tuple[Program, Array]:
    """The averages of Adam, and the scalars of its step; `write_constants` must follow.

    Args:
        gradient_powers: `(2, …, parameters)`.
        state: State with the averages "mean" and "square", which become views of one array.
        rates: Shape of the learning rates: `()`, or `(members, 1)`.

    Returns:
        The program that updates the averages, and the rate and ε of `Adam.update` that it writes, `(2, *rates)`.
    """
    dtype = gradient_powers.dtype
    # One array for both sums, so that one call decays both and one call adds to both: 2 % of a small step.
    sums = zeros(gradient_powers.shape, dtype)
    decays = zeros_like(sums)
    sums[0], sums[1] = state.averages["mean"], state.averages["square"]
    state.averages, state.constants = {"mean": sums[0], "square": sums[1]}, {"decays": decays}
    rate_and_eps = np.empty((2, *rates), dtype)

    def correct_bias() -> None:
        state.count += 1
        adam = state.optimizer
        c = math.sqrt(bias_correction(adam.beta2, state.count) / (1 - adam.beta2))
        rate_and_eps[0] = c * (1 - adam.beta1) / bias_correction(adam.beta1, state.count) * adam.rate()
        rate_and_eps[1] = c * adam.eps

    program: Program = [
        (correct_bias, ()),
        (np.square, tuple(gradient_powers)),
        *update_decayed_sum(sums, gradient_powers, decays),
    ]
    return program, rate_and_eps


def rescale_averages(state: OptimizerState, old: "Optimizer", new: "Optimizer") -> None:
    """Rescale the stored sums, in place, so that the bias-corrected averages are the same for both optimizers.

    Otherwise raising β would treat the sum of a few gradients as one of many, and the next step would be hundreds of
    times too large.

    Args:
        state: State that `old` has updated.
        old: Optimizer of the same kind as `new`.
        new: Optimizer that makes the next update.
    """
    before, after = old.average_factors(state.count), new.average_factors(state.count)
    for name, average in state.averages.items():
        if before[name] != after[name]:
            average *= before[name] / after[name]


Optimizer = SGD | Momentum | RMSProp | Adam | OptimisticAdam

GRADIENT_POWER = {"velocity": 1, "mean": 1, "square": 2, "step": 0}
"""Power p of the gradient in each average, by name: scaling a parameter's gradient by c scales its average by cᵖ."""
