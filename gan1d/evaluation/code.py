"""Evaluation of the code of an InfoGAN: the fakes under each of its values, and how much they say about it."""

import math
from dataclasses import dataclass, field

import numpy as np

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.data.conditioning import repeat_for_each
from gan1d.engine.distributions.latents import Latent
from gan1d.engine.metrics.grid import Grid
from gan1d.engine.metrics.mutual_information import mutual_information
from gan1d.engine.metrics.pushforward import Pushforward
from gan1d.engine.networks.mlp import MLP
from gan1d.engine.objectives.codes import CODE_NODES, CategoricalCode, Code, ContinuousCode
from gan1d.evaluation.forward_pass import ForwardPasses, bounded

SHOWN_NODES = (0, CODE_NODES // 4, CODE_NODES // 2, CODE_NODES - 1 - CODE_NODES // 4, CODE_NODES - 1)
"""Nodes of a continuous code that are nearest to the values whose curves are drawn."""
CODE_QUANTILES = 128
"""Values of z from which the fakes under one value of a continuous code are computed."""
OUTERMOST_LEVEL = 0.1 / CODE_QUANTILES
"""Probability beyond the outermost z on each side."""


@dataclass(slots=True)
class CodeEvaluation:
    """The code at one step.

    Attributes:
        masses: Bin masses of the fakes under each shown value of the code, of a continuous one at the nearest node,
            `(values, 258)`; `(0,)` without a code.
        mutual_information: I(c; x) in nats, over the bins; NaN without a code.
        bound: L_I in nats, over the same bins and values: never more than `mutual_information`; NaN without a code.
    """

    masses: Float64 = field(default_factory=lambda: np.empty(0))
    mutual_information: float = math.nan
    bound: float = math.nan


def shown_codes(code: Code) -> tuple[Float64, tuple[str, ...]]:
    """The values of a code whose curves are drawn, `(rows, n)`, and their names; `(0, 1)` and no names without one."""
    match code:
        case CategoricalCode():
            return code.nodes(), tuple(f"c={value + 1}" for value in range(code.values))
        case ContinuousCode():
            shown = np.linspace(-1.0, 1.0, len(SHOWN_NODES))
            return shown[None], tuple(f"{value:g}".replace("-", "−") for value in shown)
        case _:
            return code.nodes(), ()


class NodeDistributions:
    """Maps G to its distributions at all nodes of a continuous code, for a latent of one dimension.

    Args:
        latent: The prior.
        code: The code.
        grid: Bins of the data axis.
    """

    def __init__(self, latent: Latent, code: ContinuousCode, grid: Grid) -> None:
        levels = np.concatenate([
            [OUTERMOST_LEVEL], (np.arange(CODE_QUANTILES) + 0.5) / CODE_QUANTILES, [1 - OUTERMOST_LEVEL]
        ])  # fmt: skip
        masses = np.diff(levels)
        masses[[0, -1]] += OUTERMOST_LEVEL
        self._inputs = repeat_for_each(latent.quantile(levels)[None], code.nodes())
        self._pushforward = Pushforward(masses, grid, rows=CODE_NODES)

    def masses(self, passes: ForwardPasses, generator: MLP) -> Float64:
        """Bin masses of the fakes at each node, `(nodes, 258)`."""
        forward = passes.get("generator at all codes", generator, self._inputs)
        forward.run()
        values = bounded(forward.outputs.astype(np.float64)).reshape(CODE_NODES, -1)
        return self._pushforward(values).masses


def evaluate_code(
    code: CategoricalCode | ContinuousCode, masses: Float64, features: Array, head: MLP
) -> CodeEvaluation:
    """How much the fakes say about the code, and how much of it Q can read.

    Args:
        code: The code.
        masses: Bin masses of the fakes at each node of the code, `(nodes, 258)`.
        features: Units of D's last hidden layer at each bin, and a row of ones, `(units + 1, 258)`.
        head: Q, of one layer.
    """
    outputs = head.layers[0].T.astype(np.float64) @ features
    densities = code.log_density(outputs[None], code.nodes().T[:, :, None])
    bound = code.entropy + float((masses * densities).sum()) / len(masses)
    shown = masses if isinstance(code, CategoricalCode) else masses[list(SHOWN_NODES)]
    return CodeEvaluation(shown, mutual_information(masses), bound)
