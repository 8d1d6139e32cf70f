"""More nodes where a generator turns, bends or is steep: further forward passes until its distribution is resolved."""

from collections.abc import Sequence

import numpy as np

from gan1d.engine.arrays import Float64
from gan1d.engine.data.conditioning import one_hot
from gan1d.engine.metrics.grid import Indices
from gan1d.engine.networks.mlp import MLP
from gan1d.evaluation.forward_pass import ForwardPasses, bounded

SMALLEST_BATCH, LARGEST_BATCH = 64, 4096
"""Sizes of the passes are powers of 2 times the smallest, so that few workspaces serve for all."""


def values_at(passes: ForwardPasses, networks: Sequence[MLP], classes: int, rows: Indices, z: Float64) -> Float64:
    """Values of the networks at some z, same shape as `z`.

    Args:
        passes: Workspaces.
        networks: Generators.
        classes: Number of labels, at least 1.
        rows: Network and label of each group of z, the label counting faster, increasing, `(groups,)`.
        z: Groups of z, `(groups, n)`.
    """
    found = np.empty(z.shape)
    ends = rows.searchsorted(np.arange(len(networks) + 1) * classes).tolist()
    for index, network in enumerate(networks):
        own = slice(ends[index], ends[index + 1])
        inputs = z[own].reshape(1, -1)
        if network.sizes[0] > 1:
            labels = one_hot(np.repeat(rows[own] % classes, z.shape[1]), classes)
            inputs = np.concatenate([inputs, labels])
        found[own] = outputs(passes, f"more of generator {index}", network, inputs).reshape(-1, z.shape[1])
    return bounded(found)


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
