"""More nodes where a generator turns, bends or is steep: further forward passes until its distribution is resolved."""

from collections.abc import Sequence

import numpy as np

from gan1d.engine.arrays import Float64
from gan1d.engine.data.conditioning import one_hot
from gan1d.engine.metrics.curve_pushforward import CurvePushforward, Curves, Indices
from gan1d.engine.networks.mlp import MLP
from gan1d.evaluation.forward_pass import ForwardPasses, bounded

PASSES = 6
"""Largest number of further passes; in each of them a cell can become an eighth as wide."""
LARGEST_COUNT = 40_000
"""Number of nodes of all rows together above which no more are added."""
SMALLEST_BATCH, LARGEST_BATCH = 64, 4096
"""Sizes of the passes are powers of 2 times the smallest, so that few workspaces serve for all."""


def resolved_curves(
    passes: ForwardPasses, pushforward: CurvePushforward, networks: Sequence[MLP], values: Float64
) -> Curves:
    """Curves of some networks with as many nodes as their distributions need.

    Args:
        passes: Workspaces.
        pushforward: Maps the curves to distributions.
        networks: Generators, with a row for each label and at least one.
        values: Their values at the nodes that all have, in units of x, `(rows, n)`.
    """
    curves = Curves(pushforward.nodes, values.ravel())
    for _ in range(PASSES):
        cells, is_enough = pushforward.unresolved(curves)
        if len(cells) == 0 or len(curves.values) > LARGEST_COUNT:
            break
        new = pushforward.split(curves, cells)
        row = curves.nodes.last.searchsorted(cells)
        curves = pushforward.refined(curves, new, bounded(values_at(passes, networks, len(values), row, new.z)))
        if is_enough:
            break
    return pushforward.turned(curves)


def values_at(passes: ForwardPasses, networks: Sequence[MLP], rows: int, row: Indices, z: Float64) -> Float64:
    """Values of the networks at some z, same shape as `z`.

    Args:
        passes: Workspaces.
        networks: Generators.
        rows: Number of rows of all of them together.
        row: Row of each group of z, increasing, `(groups,)`.
        z: Groups of z, `(groups, n)`.
    """
    classes, found = rows // len(networks), np.empty(z.shape)
    ends = row.searchsorted(np.arange(len(networks) + 1) * classes).tolist()
    for index, network in enumerate(networks):
        own = slice(ends[index], ends[index + 1])
        inputs = z[own].reshape(1, -1)
        if network.sizes[0] > 1:
            labels = one_hot(np.repeat(row[own] % classes, z.shape[1]), classes)
            inputs = np.concatenate([inputs, labels])
        found[own] = outputs(passes, f"more of generator {index}", network, inputs).reshape(-1, z.shape[1])
    return found


def outputs(passes: ForwardPasses, role: str, network: MLP, inputs: Float64) -> Float64:
    """Outputs of a network at any number of inputs, `(inputs, n)`, in passes of a few sizes."""
    found = np.empty(inputs.shape[1])
    for start in range(0, inputs.shape[1], LARGEST_BATCH):
        part = inputs[:, start : start + LARGEST_BATCH]
        size = SMALLEST_BATCH
        while size < part.shape[1]:
            size *= 2
        forward = passes.get(f"{role}, {size}", network, np.zeros((len(inputs), size)))
        forward.inputs[:, : part.shape[1]] = part
        forward.run()
        found[start : start + LARGEST_BATCH] = forward.outputs[: part.shape[1]]
    return found
