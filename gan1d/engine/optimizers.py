"""How a gradient becomes a step: plain descent, momentum, RMSProp, Adam, in order of increasing complexity.

A spec is a frozen value: it says how. What happened so far lives in a `Memory`, so turning a knob replaces the spec
and the memory stays. `update` binds spec, parameters, gradient and memory into a program that makes one update in
place, each time it is run. A stack of networks is updated like one; where they differ in a spec's number, the spec has
a column of them, `(members, 1)`.
"""

from dataclasses import dataclass, field
from typing import Annotated, Literal

import numpy as np
from numpy.typing import ArrayLike

from gan1d.engine.programs import Array, Program, constant
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
class Memory:
    """What an optimizer remembers of one network.

    Attributes:
        count: Updates made so far.
        averages: Named running averages, each `(…, parameters)`.
    """

    count: int = 0
    averages: dict[str, Array] = field(default_factory=dict)

    def tick(self) -> None:
        """One more update was made."""
        self.count += 1


@dataclass(frozen=True, kw_only=True)
class SGD:
    """Gradient descent: a step straight down the gradient."""

    kind: Literal["sgd"] = "sgd"
    learning_rate: LearningRate = 0.05

    def init(self, parameters: Array) -> Memory:
        """An empty memory: descent remembers nothing."""
        return Memory()

    def update(self, parameters: Array, gradient: Array, memory: Memory) -> Program:
        """θ ← θ − α·g."""
        rate, change = constant(self.learning_rate, parameters.dtype), np.empty_like(parameters)
        return [
            (np.multiply, (gradient, rate, change)),
            (np.subtract, (parameters, change, parameters)),
            (memory.tick, ()),
        ]


@dataclass(frozen=True, kw_only=True)
class Momentum:
    """Momentum: a heavy ball that keeps rolling.

    Polyak 1964, in the form of Sutskever et al. 2013.
    """

    kind: Literal["momentum"] = "momentum"
    learning_rate: LearningRate = 0.01
    momentum: Annotated[float, Knob(low=0.0, high=0.999, help="Share of the last step that is kept.")] = 0.9

    def init(self, parameters: Array) -> Memory:
        """A velocity of 0."""
        return Memory(averages={"velocity": np.zeros_like(parameters)})

    def update(self, parameters: Array, gradient: Array, memory: Memory) -> Program:
        """v ← μ·v + g,  θ ← θ − α·v."""
        rate, keep = (constant(value, parameters.dtype) for value in (self.learning_rate, self.momentum))
        velocity, change = memory.averages["velocity"], np.empty_like(parameters)
        return [
            (np.multiply, (velocity, keep, velocity)),
            (np.add, (velocity, gradient, velocity)),
            (np.multiply, (velocity, rate, change)),
            (np.subtract, (parameters, change, parameters)),
            (memory.tick, ()),
        ]


@dataclass(frozen=True, kw_only=True)
class RMSProp:
    """RMSProp: each parameter's step is divided by the usual size of its gradient.

    Tieleman & Hinton 2012, Neural Networks for Machine Learning, lecture 6.5.
    """

    kind: Literal["rmsprop"] = "rmsprop"
    learning_rate: LearningRate = 1e-3
    decay: Decay = 0.99
    eps: Epsilon = 1e-8

    def init(self, parameters: Array) -> Memory:
        """A mean square of 0."""
        return Memory(averages={"square": np.zeros_like(parameters)})

    def update(self, parameters: Array, gradient: Array, memory: Memory) -> Program:
        """v ← ρ·v + (1 − ρ)·g²,  θ ← θ − α·g / (√v + ε)."""
        dtype = parameters.dtype
        rate, gain, eps = (constant(value, dtype) for value in (self.learning_rate, 1 - self.decay, self.eps))
        square, change = memory.averages["square"], np.empty_like(parameters)
        return [
            (np.multiply, (gradient, gradient, change)),
            *follow(square, change, gain, change),
            (np.sqrt, (square, change)),
            (np.add, (change, eps, change)),
            (np.divide, (gradient, change, change)),
            (np.multiply, (change, rate, change)),
            (np.subtract, (parameters, change, parameters)),
            (memory.tick, ()),
        ]


@dataclass(frozen=True, kw_only=True)
class Adam:
    """Adam: momentum and RMSProp together, corrected for their cold start.

    Kingma & Ba 2015, arXiv:1412.6980, algorithm 1.
    """

    kind: Literal["adam"] = "adam"
    learning_rate: LearningRate = 1e-3
    beta1: Annotated[float, Knob(label="β₁", low=0.0, high=0.999, help="Memory of the mean gradient.")] = 0.5
    beta2: Annotated[float, Knob(label="β₂", low=0.0, high=0.9999, help="Memory of the squared gradient.")] = 0.999
    eps: Epsilon = 1e-8

    def init(self, parameters: Array) -> Memory:
        """Mean and mean square of 0."""
        return Memory(averages={"mean": np.zeros_like(parameters), "square": np.zeros_like(parameters)})

    def update(self, parameters: Array, gradient: Array, memory: Memory) -> Program:
        """m ← β₁m + (1 − β₁)g,  v ← β₂v + (1 − β₂)g²,  θ ← θ − α·m̂ / (√v̂ + ε).

        The corrections m̂ = m/(1 − β₁ᵗ) and v̂ = v/(1 − β₂ᵗ) go into two scalars and cost nothing per parameter:
        α·m̂/(√v̂ + ε) = α·√(1 − β₂ᵗ)/(1 − β₁ᵗ) · m / (√v + ε·√(1 − β₂ᵗ)).
        """
        dtype = parameters.dtype
        gain1, gain2 = constant(1 - self.beta1, dtype), constant(1 - self.beta2, dtype)
        rate, eps = constant(self.learning_rate, dtype), constant(self.eps, dtype)
        mean, square, change = memory.averages["mean"], memory.averages["square"], np.empty_like(parameters)

        ahead: list[tuple[float, float]] = []

        def correct() -> None:
            # Both corrections for many updates at once: one by one they would cost as much as a fifth of the update.
            if not ahead:
                counts = memory.count + np.arange(128.0, 0.0, -1.0)
                corrections = np.sqrt(1 - self.beta2**counts), 1 - self.beta1**counts
                ahead.extend(zip(*(values.tolist() for values in corrections), strict=True))
            memory.count += 1
            of_square, of_mean = ahead.pop()
            rate[...] = self.learning_rate * of_square / of_mean
            eps[...] = self.eps * of_square

        return [
            (correct, ()),
            # With β₁ = 0 the mean is the gradient itself.
            *(follow(mean, gradient, gain1, change) if self.beta1 > 0 else [(np.copyto, (mean, gradient))]),
            (np.multiply, (gradient, gradient, change)),
            *follow(square, change, gain2, change),
            (np.sqrt, (square, change)),
            (np.add, (change, eps, change)),
            (np.divide, (mean, change, change)),
            (np.multiply, (change, rate, change)),
            (np.subtract, (parameters, change, parameters)),
        ]


def follow(average: Array, value: Array, gain: Array, scratch: Array) -> Program:
    """average ← average + gain·(value − average), in place; `scratch` may be `value` itself."""
    return [
        (np.subtract, (value, average, scratch)),
        (np.multiply, (scratch, gain, scratch)),
        (np.add, (average, scratch, average)),
    ]


def decay(parameters: Array, share: ArrayLike) -> Program:
    """θ ← θ·(1 − share): weight decay apart from the gradient (Loshchilov & Hutter 2019, arXiv:1711.05101, alg. 2).

    Args:
        parameters: `(…, parameters)`, changed in place.
        share: Lost in each update: learning rate times weight decay; 0 makes no call at all.
    """
    kept = constant(1 - np.asarray(share), parameters.dtype)
    return [(np.multiply, (parameters, kept, parameters))] if np.any(share) else []


Optimizer = SGD | Momentum | RMSProp | Adam

POWERS = {"velocity": 1, "mean": 1, "square": 2}
"""Of each average, by name: where a parameter's gradient becomes c times as large, the average becomes c to this power
as large."""
