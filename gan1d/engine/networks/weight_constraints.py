"""Constraints on the discriminator's weights: none, weight clipping, spectral normalization.

A constraint is a frozen value. `bind` applies it to one network. The optimizer then updates the `free` parameters,
and the applied constraint computes the network's parameters from them. Both are the same array, unless the constraint
reparametrizes the weights, as spectral normalization does.
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
    """A constraint applied to one network; this base class applies none.

    Attributes:
        free: Parameters that the optimizer updates, `(…, parameters)`.
        state: Arrays that the constraint keeps from update to update, by name.
    """

    free: Array
    state: dict[str, Array] = field(default_factory=dict)

    def pull_back(self, gradient: Array) -> Program:
        """Backpropagate through the constraint, in place: d loss / d parameters of the network → d loss / d free."""
        return []

    def apply(self) -> Program:
        """Compute the network's parameters from the free ones, after each update."""
        return []

    def refresh(self) -> None:
        """Compute the network's parameters from `free` and `state`, after both have been restored."""


@dataclass(frozen=True, kw_only=True)
class NoConstraint:
    """None: the weights may be as large as they like."""

    kind: Literal["none"] = "none"

    def bind(self, network: MLP) -> AppliedConstraint:
        """Apply no constraint: the free parameters are the network's own."""
        return AppliedConstraint(network.parameters)


class AppliedClipping(AppliedConstraint):
    """Weight clipping applied to one network."""

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
        """Clip the network's parameters; the free parameters are the network's own."""
        np.clip(network.parameters, -self.limit, self.limit, out=network.parameters)
        return AppliedClipping(network.parameters, self.limit)


PREVIOUS_VECTOR_WEIGHT = 1e-12
"""Weight of the previous vector u in a power iteration. If a layer's weights are all 0, the new direction is 0 and u
does not change."""

MIN_SPECTRAL_NORM = 0.01
"""Smallest divisor of a layer's weights. Dividing by a spectral norm near 0 would make the first gradient far too
large."""


class AppliedSpectralNorm(AppliedConstraint):
    """Spectral normalization applied to one network, with one power iteration per update.

    With u and v the leading singular vectors of a layer's free weights W and σ = uᵀWv its spectral norm, the network
    has the weights W̄ = limit·W/σ. The gradient of the free weights is dW = limit/σ·(dW̄ − ⟨dW̄, W/σ⟩·u vᵀ)
    (Miyato et al. 2018, arXiv:1802.05957, eq. 12 and appendix A). Where σ is below `MIN_SPECTRAL_NORM`, the divisor is
    constant, and the second term is missing.
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
        """Compute the network's parameters from the free ones and the stored singular vectors u."""
        for layer in self._layers:
            run(layer.write_normalized())

    def pull_back(self, gradient: Array) -> Program:
        """Backpropagate through W̄ = limit·W/σ, layer by layer, in place."""
        changes = split(gradient, self._shapes)
        return [
            call
            for layer, change in zip(self._layers, changes, strict=True)
            for call in layer.pull_back(without_bias(change))
        ]

    def apply(self) -> Program:
        """W̄ = limit·W/σ, layer by layer; biases are not normalized."""
        return [call for layer in self._layers for call in (*layer.power_iteration(), *layer.write_normalized())]


class SpectralNormLayer:
    """Spectral normalization of one layer; vectors are columns, `(…, n, 1)`, and scalars are `(…, 1, 1)`.

    Args:
        free: Free parameters of the layer, `(…, inputs + 1, outputs)`.
        layer: The network's parameters of the layer, same shape, overwritten.
        limit: Spectral norm of the network's weights.
    """

    def __init__(self, free: Array, layer: Array, limit: float) -> None:
        self._free, self._layer, self._weights = free, layer, without_bias(free)
        self.left = np.linalg.svd(self._weights)[0][..., :1].astype(free.dtype)
        self._right = np.zeros_like(transpose(free)[..., :1])
        self._limit = constant(limit, free.dtype)
        scalars = (np.ones((*free.shape[:-2], 1, 1), free.dtype) for _ in range(4))
        self._sigma, self._factor, self._projection, self._varies = scalars
        self._scratch, self._next_left = np.empty_like(self._weights), np.empty_like(self.left)

    def power_iteration(self) -> Program:
        """One power iteration: v ← Wᵀu / ‖Wᵀu‖, u ← Wv / ‖Wv‖; if W is 0, u does not change."""
        left, right, previous_weight = self.left, self._right, constant(PREVIOUS_VECTOR_WEIGHT, self.left.dtype)
        return [
            *matrix_product(transpose(self._weights), left, right),
            *self._normalize(right, previous_weight),
            *matrix_product(self._weights, right, self._next_left),
            (np.multiply, (left, previous_weight, left)),
            (np.add, (left, self._next_left, left)),
            *self._normalize(left, previous_weight),
        ]

    def write_normalized(self) -> Program:
        """Compute σ = ‖Wᵀu‖ and v = Wᵀu / σ from the stored u, then write W̄ and the biases to the network."""
        least = constant(MIN_SPECTRAL_NORM, self._right.dtype)
        return [
            *matrix_product(transpose(self._weights), self.left, self._right),
            *self._normalize(self._right, least),
            (np.greater, (self._sigma, least, self._varies)),
            (np.divide, (self._limit, self._sigma, self._factor)),
            (np.multiply, (self._weights, self._factor, without_bias(self._layer))),
            (np.copyto, (self._layer[..., -1, :], self._free[..., -1, :])),
        ]

    def _normalize(self, vector: Array, least: Array) -> Program:
        """Write max(‖vector‖, least) to σ and divide `vector` by it, in place."""
        return [
            *matrix_product(transpose(vector), vector, self._sigma),
            (np.sqrt, (self._sigma, self._sigma)),
            (np.fmax, (self._sigma, least, self._sigma)),
            (np.divide, (vector, self._sigma, vector)),
        ]

    def pull_back(self, change: Array) -> Program:
        """Backpropagate dW̄ → dW, in place, `(…, inputs, outputs)`."""
        return [
            (np.multiply, (change, self._weights, self._scratch)),
            (np.add.reduce, (self._scratch, (-2, -1), None, self._projection, True)),
            (np.divide, (self._projection, self._sigma, self._projection)),
            (np.multiply, (self._projection, self._varies, self._projection)),
            *matrix_product(self.left, transpose(self._right), self._scratch),
            (np.multiply, (self._scratch, self._projection, self._scratch)),
            (np.subtract, (change, self._scratch, change)),
            (np.multiply, (change, self._factor, change)),
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
