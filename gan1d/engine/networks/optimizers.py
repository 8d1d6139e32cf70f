"""How a gradient becomes a step: plain descent, momentum, RMSProp, Adam, in order of increasing complexity.

A spec is a frozen value: it says how. What happened so far lives in a `OptimizerState`, so turning a knob replaces the
spec and the memory stays. `update` binds spec, parameters, gradient and memory into a program that makes one update in
place, each time it is run. The gradient comes as `gradient_powers`, `(2, …, parameters)`: itself, and behind it room
for its square. A stack of networks is updated like one; where they differ in a spec's number, the spec has a column of
them, `(members, 1)`.

A running average m ← β·m + (1 − β)·g is kept as the sum M = m/(1 − β), so M ← β·M + g, which is one call less; the
factor goes into the learning rate.
"""

import math
from dataclasses import dataclass, field
from typing import Annotated, Literal

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from gan1d.engine.arrays import Array, zeros, zeros_like
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
    """What an optimizer remembers of one network.

    Attributes:
        count: Updates made so far.
        averages: Named running averages, each `(…, parameters)`, in the unit that the optimizer says.
    """

    count: int = 0
    averages: dict[str, Array] = field(default_factory=dict)

    def increment_count(self) -> None:
        """One more update was made."""
        self.count += 1


@dataclass(frozen=True, kw_only=True)
class SGD:
    """Gradient descent: a step straight down the gradient."""

    kind: Literal["sgd"] = "sgd"
    learning_rate: LearningRate = 0.05

    def average_factors(self, count: int) -> dict[str, float]:
        """What to multiply each remembered number by to get an average, after some updates."""
        return {}

    def init(self, parameters: Array) -> OptimizerState:
        """An empty memory: descent remembers nothing."""
        return OptimizerState()

    def update(self, parameters: Array, gradient_powers: Array, state: OptimizerState) -> Program:
        """θ ← θ − α·g."""
        rate, change = constant(self.learning_rate, parameters.dtype), zeros_like(parameters)
        return [
            (np.multiply, (gradient_powers[0], rate, change)),
            (np.subtract, (parameters, change, parameters)),
            (state.increment_count, ()),
        ]


@dataclass(frozen=True, kw_only=True)
class Momentum:
    """Momentum: a heavy ball that keeps rolling.

    Polyak 1964, in the form of Sutskever et al. 2013.
    """

    kind: Literal["momentum"] = "momentum"
    learning_rate: LearningRate = 0.01
    momentum: Annotated[float, Knob(low=0.0, high=0.999, help="Share of the last step that is kept.")] = 0.9

    def average_factors(self, count: int) -> dict[str, float]:
        """What to multiply each remembered number by: a velocity is no average, and stays what it is."""
        return {"velocity": 1.0}

    def init(self, parameters: Array) -> OptimizerState:
        """A velocity of 0."""
        return OptimizerState(averages={"velocity": zeros_like(parameters)})

    def update(self, parameters: Array, gradient_powers: Array, state: OptimizerState) -> Program:
        """v ← μ·v + g,  θ ← θ − α·v."""
        rate, kept = (constant(value, parameters.dtype) for value in (self.learning_rate, self.momentum))
        velocity, change = state.averages["velocity"], zeros_like(parameters)
        return [
            *update_decayed_sum(velocity, gradient_powers[0], kept),
            (np.multiply, (velocity, rate, change)),
            (np.subtract, (parameters, change, parameters)),
            (state.increment_count, ()),
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

    def average_factors(self, count: int) -> dict[str, float]:
        """What to multiply each remembered number by to get an average, after some updates."""
        return {"square": 1 - self.decay}

    def init(self, parameters: Array) -> OptimizerState:
        """A mean square of 0."""
        return OptimizerState(averages={"square": zeros_like(parameters)})

    def update(self, parameters: Array, gradient_powers: Array, state: OptimizerState) -> Program:
        """v ← ρ·v + (1 − ρ)·g²,  θ ← θ − α·g / (√v + ε).

        With V = v/(1 − ρ) and c = √(1 − ρ):  V ← ρ·V + g²,  θ ← θ − α/c · g / (√V + ε/c).
        """
        dtype, root = parameters.dtype, math.sqrt(1 - self.decay)
        rate, kept, eps = (constant(value, dtype) for value in (self.learning_rate / root, self.decay, self.eps / root))
        square, change = state.averages["square"], zeros_like(parameters)
        gradient, gradient_square = gradient_powers
        return [
            (np.square, (gradient, gradient_square)),
            *update_decayed_sum(square, gradient_square, kept),
            *adaptive_step(parameters, gradient, square, rate, eps, change),
            (state.increment_count, ()),
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

    def average_factors(self, count: int) -> dict[str, float]:
        """What to multiply each remembered number by to get an average, corrected for its cold start, after some
        updates."""
        t = np.array(max(count, 1), np.float64)
        decays = {"mean": self.beta1, "square": self.beta2}
        return {name: float((1 - beta) / bias_correction(beta, t)) for name, beta in decays.items()}

    def init(self, parameters: Array) -> OptimizerState:
        """Mean and mean square of 0."""
        return OptimizerState(averages={"mean": zeros_like(parameters), "square": zeros_like(parameters)})

    def update(self, parameters: Array, gradient_powers: Array, state: OptimizerState) -> Program:
        """m ← β₁m + (1 − β₁)g,  v ← β₂v + (1 − β₂)g²,  θ ← θ − α·m̂ / (√v̂ + ε).

        With M = m/(1 − β₁) and V = v/(1 − β₂), M ← β₁M + g and V ← β₂V + g². The factors and the corrections
        m̂ = m/(1 − β₁ᵗ) and v̂ = v/(1 − β₂ᵗ) go into two scalars, so none of them costs anything per parameter: with
        c = √((1 − β₂ᵗ)/(1 − β₂)),  α·m̂/(√v̂ + ε) = α·c·(1 − β₁)/(1 − β₁ᵗ) · M / (√V + ε·c).
        """
        dtype = parameters.dtype
        # Side by side, both sums fade in one call and grow in one: 2 % of a small step.
        both = zeros((2, *parameters.shape), dtype)
        kept, change = zeros_like(both), zeros_like(parameters)
        both[0], both[1] = state.averages["mean"], state.averages["square"]
        kept[0], kept[1] = self.beta1, self.beta2
        mean, square = both
        state.averages = {"mean": mean, "square": square}
        now = np.empty((2, *np.shape(self.learning_rate)), dtype)
        ahead: list[Array] = []

        def correct() -> None:
            if not ahead:
                ahead.extend(self._rates(state.count, dtype)[::-1])
            state.count += 1
            now[...] = ahead.pop()

        return [
            (correct, ()),
            (np.square, tuple(gradient_powers)),
            *update_decayed_sum(both, gradient_powers, kept),
            *adaptive_step(parameters, mean, square, now[0, ...], now[1, ...], change),
        ]

    def _rates(self, count: int, dtype: DTypeLike) -> Array:
        """α·c·(1 − β₁)/(1 − β₁ᵗ) and ε·c of the next updates, `(AHEAD, 2, …)`: one by one they would cost as much as a
        fifth of an update."""
        t = count + np.arange(1.0, PRECOMPUTED_UPDATES + 1)
        c = np.sqrt(bias_correction(self.beta2, t) / (1 - self.beta2))
        rates = np.empty((PRECOMPUTED_UPDATES, 2, *np.shape(self.learning_rate)), dtype)
        rates[:, 0] = np.multiply.outer(c * (1 - self.beta1) / bias_correction(self.beta1, t), self.learning_rate)
        rates[:, 1] = np.multiply.outer(c * self.eps, np.ones_like(self.learning_rate))
        return rates


PRECOMPUTED_UPDATES = 512
"""Updates whose learning rates Adam works out at a time."""


def bias_correction(beta: float, t: Array) -> Array:
    """1 − βᵗ: to all digits where β is near 1, and many times as fast as a power that vanishes (9 ns against 117)."""
    return np.asarray(-np.expm1(t * math.log(beta))) if beta > 0 else np.ones_like(t)


def update_decayed_sum(total: Array, value: Array, kept: Array) -> Program:
    """total ← kept·total + value, in place."""
    return [(np.multiply, (total, kept, total)), (np.add, (total, value, total))]


def adaptive_step(parameters: Array, towards: Array, square: Array, rate: Array, eps: Array, scratch: Array) -> Program:
    """θ ← θ − rate·towards / (√square + eps), in place."""
    return [
        (np.sqrt, (square, scratch)),
        (np.add, (scratch, eps, scratch)),
        (np.divide, (towards, scratch, scratch)),
        (np.multiply, (scratch, rate, scratch)),
        (np.subtract, (parameters, scratch, parameters)),
    ]


def rescale_averages(state: OptimizerState, old: "Optimizer", new: "Optimizer") -> None:
    """Take over a memory from an optimizer of the same kind whose averages are kept in other units.

    What stays is the average as the next step uses it, with its cold start corrected: otherwise a longer memory would
    take the sum of a few gradients for that of many, and step hundreds of times too far.
    """
    before, after = old.average_factors(state.count), new.average_factors(state.count)
    for name, average in state.averages.items():
        if before[name] != after[name]:
            average *= before[name] / after[name]


def update_average(average: Array, value: Array, gain: Array, scratch: Array) -> Program:
    """average ← average + gain·(value − average), in place; `scratch` may be `value` itself."""
    return [
        (np.subtract, (value, average, scratch)),
        (np.multiply, (scratch, gain, scratch)),
        (np.add, (average, scratch, average)),
    ]


def decay_weights(parameters: Array, share: ArrayLike) -> Program:
    """θ ← θ·(1 − share): weight decay apart from the gradient (Loshchilov & Hutter 2019, arXiv:1711.05101, alg. 2).

    Args:
        parameters: `(…, parameters)`, changed in place.
        share: Lost in each update, learning rate times weight decay: 0 makes no call at all, and what is above 1
            counts as 1, for weights that have lost all would otherwise come back with the other sign, and larger.
    """
    kept = constant(np.maximum(1 - np.asarray(share), 0.0), parameters.dtype)
    return [(np.multiply, (parameters, kept, parameters))] if np.any(share) else []


Optimizer = SGD | Momentum | RMSProp | Adam

GRADIENT_POWER = {"velocity": 1, "mean": 1, "square": 2}
"""Of each average, by name: where a parameter's gradient becomes c times as large, the average becomes c to this power
as large."""
