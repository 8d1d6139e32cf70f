"""What keeps a discriminator's weights in bounds after every update: nothing, clipping, or a spectral norm.

A constraint stands between the free parameters, which the optimizer moves, and the network's own. `bind` gives it a
network; the free parameters are the network's own unless the constraint needs them apart.
"""

from dataclasses import dataclass, field
from typing import Annotated, Literal

import numpy as np

from gan1d.engine.mlp import MLP, split
from gan1d.engine.programs import Array, Program, constant
from gan1d.knobs import Knob


@dataclass
class Bound:
    """A constraint at work on one network.

    Attributes:
        free: What the optimizer moves, `(parameters,)`.
        memory: Named arrays that it carries from update to update.
    """

    free: Array
    memory: dict[str, Array] = field(default_factory=dict)

    def pull(self, gradient: Array) -> Program:
        """Turn d loss / d parameters of the network into d loss / d free, in place."""
        return []

    def apply(self) -> Program:
        """Make the network's parameters from the free ones, after each update."""
        return []

    def refresh(self) -> None:
        """The same, with the memory as it stands: after both were put back."""


@dataclass(frozen=True, kw_only=True)
class NoConstraint:
    """None: the weights may be as large as they like."""

    kind: Literal["none"] = "none"

    def bind(self, network: MLP) -> Bound:
        """The network's own parameters are free."""
        return Bound(network.parameters)


class Clipped(Bound):
    """Weights that are pushed back into an interval."""

    def __init__(self, free: Array, limit: float) -> None:
        super().__init__(free)
        self._limit = limit

    def apply(self) -> Program:
        """θ ← min(max(θ, −c), c)."""
        low, high = (constant(value, self.free.dtype) for value in (-self._limit, self._limit))
        return [(np.fmax, (self.free, low, self.free)), (np.fmin, (self.free, high, self.free))]


@dataclass(frozen=True, kw_only=True)
class WeightClipping:
    """Weight clipping: after each update every weight is pushed back into an interval, so D cannot get too steep.

    Arjovsky et al. 2017, arXiv:1701.07875, algorithm 1.
    """

    kind: Literal["weight_clipping"] = "weight_clipping"
    limit: Annotated[
        float,
        Knob(
            label="limit", low=1e-3, high=10.0, scale="log", essential=True,
            help="Largest weight and bias of D, either sign; it bounds how steep D can be.",
        ),
    ] = 0.1  # fmt: skip

    def bind(self, network: MLP) -> Clipped:
        """The network's own parameters are free, and clipped at once."""
        np.clip(network.parameters, -self.limit, self.limit, out=network.parameters)
        return Clipped(network.parameters, self.limit)


class Normalized(Bound):
    """Weights whose layers are divided by their largest stretch, which one power iteration per update follows.

    With u and v the leading singular vectors of a layer's weights W, σ = uᵀWv and W̄ = limit·W/σ, the gradient
    comes back as dW = limit/σ·(dW̄ − ⟨dW̄, W/σ⟩·u vᵀ) (Miyato et al. 2018, arXiv:1802.05957, eq. 12 and appendix A).
    """

    def __init__(self, network: MLP, limit: float) -> None:
        super().__init__(network.parameters.copy())
        shapes = [layer.shape for layer in network.layers]
        self._limit, self._network, self._shapes = limit, network, shapes
        self._layers = split(self.free, shapes)
        for index, layer in enumerate(self._layers):
            self.memory[f"left{index}"] = np.linalg.svd(layer[:-1])[0][:, 0].astype(self.free.dtype)
        self._sigmas = [1.0] * len(shapes)
        self._rights = [np.zeros(shape[1], self.free.dtype) for shape in shapes]
        self.refresh()

    def refresh(self) -> None:
        """The network's parameters from the free ones and the singular vectors as they stand."""
        self.normalize(0)

    def normalize(self, iterations: int = 1) -> None:
        """Follow the singular vectors and write the network's parameters."""
        tiny = np.finfo(self.free.dtype).tiny
        for index, (free, layer) in enumerate(zip(self._layers, self._network.layers, strict=True)):
            weights, left, right = free[:-1], self.memory[f"left{index}"], self._rights[index]
            for _ in range(iterations):
                np.dot(weights.T, left, right)
                right /= max(np.linalg.norm(right), tiny)
                np.dot(weights, right, left)
                left /= max(np.linalg.norm(left), tiny)
            np.dot(weights.T, left, right)
            sigma = max(float(np.linalg.norm(right)), float(tiny))
            right /= sigma
            self._sigmas[index] = sigma
            np.multiply(weights, self._limit / sigma, layer[:-1])
            layer[-1] = free[-1]

    def pull(self, gradient: Array) -> Program:
        """Through the division by σ."""
        layers = split(gradient, self._shapes)

        def back() -> None:
            for index, (change, free) in enumerate(zip(layers, self._layers, strict=True)):
                sigma, left, right = self._sigmas[index], self.memory[f"left{index}"], self._rights[index]
                along = float(np.vdot(change[:-1], free[:-1])) / sigma
                change[:-1] -= along * np.outer(left, right)
                change[:-1] *= self._limit / sigma

        return [(back, ())]

    def apply(self) -> Program:
        """W̄ = limit·W/σ, layer by layer; biases stay as they are."""
        return [(self.normalize, ())]


@dataclass(frozen=True, kw_only=True)
class SpectralNormalization:
    """Spectral norm: every layer of D is divided by its largest stretch, so D's slope is bounded everywhere.

    Miyato et al. 2018, arXiv:1802.05957.
    """

    kind: Literal["spectral_normalization"] = "spectral_normalization"
    limit: Annotated[
        float,
        Knob(
            label="stretch", low=0.1, high=10.0, scale="log", essential=True,
            help="Largest stretch of each layer; the slope of D is at most their product.",
        ),
    ] = 1.0  # fmt: skip

    def bind(self, network: MLP) -> Normalized:
        """The free parameters stand apart; the network has the divided ones."""
        return Normalized(network, self.limit)


Constraint = NoConstraint | WeightClipping | SpectralNormalization
