"""What keeps a discriminator's weights in bounds after every update: nothing, clipping, or a spectral norm.

A constraint stands between the free parameters, which the optimizer moves, and the network's own. `bind` gives it a
network; the free parameters are the network's own unless the constraint needs them apart.
"""

from dataclasses import dataclass, field
from typing import Annotated, Literal

import numpy as np

from gan1d.engine.arrays import Array
from gan1d.engine.networks.mlp import MLP, split, without_bias
from gan1d.engine.programs import Program, constant, matrix_product, run, transpose
from gan1d.knobs import Knob


@dataclass
class AppliedConstraint:
    """A constraint at work on one network.

    Attributes:
        free: What the optimizer moves, `(…, parameters)`.
        memory: Named arrays that it carries from update to update.
    """

    free: Array
    state: dict[str, Array] = field(default_factory=dict)

    def pull_back(self, gradient: Array) -> Program:
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

    def bind(self, network: MLP) -> AppliedConstraint:
        """The network's own parameters are free."""
        return AppliedConstraint(network.parameters)


class AppliedClipping(AppliedConstraint):
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

    def bind(self, network: MLP) -> AppliedClipping:
        """The network's own parameters are free, and clipped at once."""
        np.clip(network.parameters, -self.limit, self.limit, out=network.parameters)
        return AppliedClipping(network.parameters, self.limit)


PREVIOUS_VECTOR_WEIGHT = 1e-12
"""What is left of an old direction beside a new one: all of it, where the layer is 0 and gives none."""

MIN_SPECTRAL_NORM = 0.01
"""A layer that stretches less is divided by this. One of nothing but 0 has no stretch to be divided by, and its first
gradient would be blown up beyond all use."""


class AppliedSpectralNorm(AppliedConstraint):
    """Weights whose layers are divided by their largest stretch, which one power iteration per update follows.

    With u and v the leading singular vectors of a layer's weights W, σ = uᵀWv and W̄ = limit·W/σ, the gradient
    comes back as dW = limit/σ·(dW̄ − ⟨dW̄, W/σ⟩·u vᵀ) (Miyato et al. 2018, arXiv:1802.05957, eq. 12 and appendix A).
    """

    def __init__(self, network: MLP, limit: float) -> None:
        super().__init__(network.parameters.copy())
        shapes = [layer.shape[-2:] for layer in network.layers]
        self._layers = [
            SpectralNormLayer(free, layer, limit)
            for free, layer in zip(split(self.free, shapes), network.layers, strict=True)
        ]
        self._shapes = shapes
        self.state = {f"left{index}": layer.left[..., 0] for index, layer in enumerate(self._layers)}
        self.refresh()

    def refresh(self) -> None:
        """The network's parameters from the free ones and the singular vectors as they stand."""
        for layer in self._layers:
            run(layer.write_normalized())

    def pull_back(self, gradient: Array) -> Program:
        """Through the division by σ."""
        changes = split(gradient, self._shapes)
        return [
            call
            for layer, change in zip(self._layers, changes, strict=True)
            for call in layer.pull_back(without_bias(change))
        ]

    def apply(self) -> Program:
        """W̄ = limit·W/σ, layer by layer; biases stay as they are."""
        return [call for layer in self._layers for call in (*layer.power_iteration(), *layer.write_normalized())]


class SpectralNormLayer:
    """One layer under spectral normalization; vectors are columns, `(…, n, 1)`, and scalars `(…, 1, 1)`."""

    def __init__(self, free: Array, layer: Array, limit: float) -> None:
        self._free, self._layer, self._weights = free, layer, without_bias(free)
        self.left = np.linalg.svd(self._weights)[0][..., :1].astype(free.dtype)
        self._right = np.zeros_like(transpose(free)[..., :1])
        self._limit = constant(limit, free.dtype)
        self._sigma, self._gain, self._along = (np.ones((*free.shape[:-2], 1, 1), free.dtype) for _ in range(3))
        self._scratch, self._next = np.empty_like(self._weights), np.empty_like(self.left)

    def power_iteration(self) -> Program:
        """One power iteration: v ← Wᵀu / |Wᵀu|, u ← Wv / |Wv|, or as it is if W is 0."""
        left, right, tiny = self.left, self._right, constant(PREVIOUS_VECTOR_WEIGHT, self.left.dtype)
        return [
            *matrix_product(transpose(self._weights), left, right),
            *self._divide_by_length(right, tiny),
            *matrix_product(self._weights, right, self._next),
            (np.multiply, (left, tiny, left)),
            (np.add, (left, self._next, left)),
            *self._divide_by_length(left, tiny),
        ]

    def write_normalized(self) -> Program:
        """σ = |Wᵀu| and v from the u at hand, then W̄ and the biases."""
        return [
            *matrix_product(transpose(self._weights), self.left, self._right),
            *self._divide_by_length(self._right, constant(MIN_SPECTRAL_NORM, self._right.dtype)),
            (np.divide, (self._limit, self._sigma, self._gain)),
            (np.multiply, (self._weights, self._gain, without_bias(self._layer))),
            (np.copyto, (self._layer[..., -1, :], self._free[..., -1, :])),
        ]

    def _divide_by_length(self, vector: Array, least: Array) -> Program:
        """`vector` gets the length 1; σ becomes the length it had, or `least` if it had less."""
        return [
            *matrix_product(transpose(vector), vector, self._sigma),
            (np.sqrt, (self._sigma, self._sigma)),
            (np.fmax, (self._sigma, least, self._sigma)),
            (np.divide, (vector, self._sigma, vector)),
        ]

    def pull_back(self, change: Array) -> Program:
        """dW̄ → dW, in place."""
        return [
            (np.multiply, (change, self._weights, self._scratch)),
            (np.add.reduce, (self._scratch, (-2, -1), None, self._along, True)),
            (np.divide, (self._along, self._sigma, self._along)),
            *matrix_product(self.left, transpose(self._right), self._scratch),
            (np.multiply, (self._scratch, self._along, self._scratch)),
            (np.subtract, (change, self._scratch, change)),
            (np.multiply, (change, self._gain, change)),
        ]


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

    def bind(self, network: MLP) -> AppliedSpectralNorm:
        """The free parameters stand apart; the network has the divided ones."""
        return AppliedSpectralNorm(network, self.limit)


Constraint = NoConstraint | WeightClipping | SpectralNormalization
