"""More nodes where a generator turns, bends or is steep: further forward passes until its distribution is resolved."""

from collections.abc import Sequence

import numpy as np

from gan1d.engine.arrays import Float64
from gan1d.engine.metrics.grid import Indices
from gan1d.engine.networks.mlp import MLP
from gan1d.evaluation.forward_pass import ForwardPasses, bounded

LARGEST_BATCH = 4096
"""Largest number of inputs of one pass."""


def values_at(
    passes: ForwardPasses, networks: Sequence[MLP], conditions: Float64, rows: Indices, z: Float64
) -> Float64:
    """Values of the networks at some z, same shape as `z`.

    Args:
        passes: Workspaces.
        networks: Generators.
        conditions: Inputs beside z, one column for each label or code, `(inputs − 1, n)`; at least one column.
        rows: Network and column of each group of z, the column counting faster, increasing, `(groups,)`.
        z: Groups of z, `(groups, n)`.
    """
    found, classes, first = np.empty(z.shape), conditions.shape[1], 0
    for index, network in enumerate(networks):
        last = int(rows.searchsorted((index + 1) * classes))
        own, first = slice(first, last), last
        inputs = z[own].reshape(1, -1)
        if network.sizes[0] > 1:
            inputs = np.concatenate([inputs, conditions[:, np.repeat(rows[own] % classes, z.shape[1])]])
        write_outputs(passes, f"more of generator {index}", network, inputs, found[own].reshape(-1))
    return bounded(found)


def write_outputs(passes: ForwardPasses, role: str, network: MLP, inputs: Float64, out: Float64) -> None:
    """Write the outputs of a network at any number of inputs, `(inputs, n)`, to `out`, `(n,)`, in passes of a few
    sizes."""
    for start in range(0, len(out), LARGEST_BATCH):
        part = inputs[:, start : start + LARGEST_BATCH]
        count = part.shape[1]
        forward = passes.of_size(role, network, count)
        forward.inputs[:, :count] = part
        forward.run()
        out[start : start + count] = forward.outputs[:count]
