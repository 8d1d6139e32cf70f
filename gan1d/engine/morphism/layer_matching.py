"""Match the layers of two networks, and start a fit of the new one from the old one's layers."""

import math
from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.networks.mlp import MLP, Workspace
from gan1d.engine.programs import run

MAX_MATCHINGS = 3
"""Largest number of matchings of old and new layers to start from, in turn."""
RIDGE = 1e-6
"""Regularization of least squares, relative to the mean square of the features; without it, nearly equal features get
huge weights of opposite sign."""


def match_layers(old: Sequence[int], new: Sequence[int]) -> list[list[int | None]]:
    """Match each new hidden layer with an old one, in order; an inserted layer has no match.

    A matching is better if fewer layers get narrower, then if widths change less, then if the inserted or removed
    layers are the last ones.

    Args:
        old: Widths of the old hidden layers.
        new: Widths of the new hidden layers.

    Returns:
        At most `MAX_MATCHINGS` matchings, the best first; each is a list with the index of the matching old layer, or
        None, for every new layer.
    """

    def cost(pairs: list[tuple[int, int]]) -> tuple[int, float]:
        ratios = [new[there] / old[here] for here, there in pairs]
        return sum(ratio < 1 for ratio in ratios), sum(abs(math.log(ratio)) for ratio in ratios)

    few, many = sorted((len(old), len(new)))
    ways = [list(zip(range(few), some, strict=True)) for some in combinations(range(many), few)]
    if len(old) > len(new):
        ways = [[(here, there) for there, here in way] for way in ways]
    chosen = [{there: here for here, there in way} for way in sorted(ways, key=cost)[:MAX_MATCHINGS]]
    return [[way.get(there) for there in range(len(new))] for way in chosen]


def start_from_layers(
    old: MLP, new: MLP, points: Float64, matching: Sequence[int | None], sharpness: float, stagger: float
) -> None:
    """Write weights to `new`, layer by layer, that reproduce the pre-activations of the matching layers of `old`.

    A layer's pre-activations become sharpness·(s ± stagger), with s those of its match, as closely as a least-squares
    fit to the outputs of the layer below allows. A narrower layer keeps the units from which the others can best be
    reconstructed. In a wider layer, further units keep their first weights. A layer without a match passes on its
    inputs.

    Args:
        old: The network to imitate, in float64.
        new: The network to write to, which holds first weights.
        points: Points at which the function matters, `(inputs, n)`.
        matching: One result of `match_layers`.
        sharpness: Factor on the pre-activations.
        stagger: Offset by which even units are raised and odd units are lowered.
    """
    workspace = Workspace(old, points.shape[1])
    workspace.inputs[:-1] = points
    wanted = workspace.forward().copy()
    hidden = workspace.hidden_layers()
    features = append_ones(points * new.input_scale)
    for source, layer in zip(matching, new.layers[:-1], strict=True):
        if source is None:
            _write_identity_units(new, layer, features[:-1])
        else:
            s, h = hidden[source]
            units = np.arange(len(s))
            if layer.shape[1] < len(s):
                importance = np.linalg.norm(old.layers[source + 1][:-1], axis=1)
                units = gram_schmidt_selection(h * importance[:, None], layer.shape[1])
            apart = stagger * (-1.0) ** np.arange(len(units))[:, None]
            layer[:, : len(units)] = least_squares(features, sharpness * (s[units] + apart))
        s = layer.T @ features
        h = np.empty_like(s)
        run(new.activation.apply(s, h))
        features = append_ones(h)
    new.layers[-1][:] = least_squares(features, wanted)


def _write_identity_units(network: MLP, layer: Array, h: Array) -> None:
    """Make the first units of a layer pass on the outputs h of the layer below, `(units, n)`, where φ is linear.

    The outputs are shifted into the activation's `straight` interval, and scaled down if it is bounded.
    """
    low, high = network.activation.straight
    units = gram_schmidt_selection(h, min(layer.shape[1], len(h)))
    bottom, top = h[units].min(axis=1), h[units].max(axis=1)
    gain = np.ones(len(units))
    shift = low - bottom
    if math.isfinite(high):
        gain = np.minimum(1.0, (high - low) / np.maximum(top - bottom, np.finfo(float).tiny))
        shift = 0.5 * (low + high) - gain * 0.5 * (bottom + top)
    columns = np.arange(len(units))
    layer[:, columns] = 0.0
    layer[units, columns] = gain
    layer[-1, columns] = shift


def least_squares(features: Float64, wanted: Array) -> Float64:
    """Weights `(features, outputs)` of the ridge regression of `wanted`, `(outputs, n)`, on `(features, n)`."""
    system = features @ features.T
    system[np.diag_indices_from(system)] += RIDGE * np.trace(system) / len(system)
    return np.asarray(np.linalg.solve(system, features @ wanted.T))


def gram_schmidt_selection(features: Array, count: int) -> NDArray[np.intp]:
    """Indices, ascending, of `count` rows that span the others best: Gram-Schmidt, largest residual first."""
    rest = features - features.mean(axis=1, keepdims=True)
    chosen: list[int] = []
    for _ in range(count):
        lengths = np.einsum("un,un->u", rest, rest)
        lengths[chosen] = -1.0
        pick = int(lengths.argmax())
        chosen.append(pick)
        if lengths[pick] > 0:
            direction = rest[pick] / math.sqrt(lengths[pick])
            rest = rest - np.outer(rest @ direction, direction)
    return np.sort(np.array(chosen, np.intp))


def append_ones(features: Array) -> Float64:
    """Features with a last row of ones, in float64."""
    return np.vstack([features, np.ones(features.shape[1])]).astype(np.float64)
