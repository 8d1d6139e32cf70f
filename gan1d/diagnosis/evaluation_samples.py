"""Samples that represent a prior and the training distribution, on which a run's features are evaluated."""

from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np

from gan1d.engine.arrays import Float64
from gan1d.engine.data.conditioning import class_count, one_hot, repeat_for_each_class
from gan1d.engine.data.datasets import target_classes, training_classes
from gan1d.engine.metrics.empirical_pushforward import EmpiricalPushforward
from gan1d.engine.metrics.grid import Grid
from gan1d.engine.metrics.grid_distribution import GridDistribution
from gan1d.engine.metrics.pushforward import Pushforward
from gan1d.engine.protocols import EvaluationSettings
from gan1d.evaluation.latent_grid import lattice_with_code

QUANTILES: Final = 128
"""Fakes at which gradients and D's outputs are evaluated, and as many reals; of all classes together."""
SMALLEST_CLASS: Final = 32
"""Fakes and reals of each class, at least: with many classes, 128 in all would be too few for the quantiles of one."""
COARSE_LATTICE_POINTS, COARSE_LATTICE_POINTS_PER_CLASS = 509, 127
"""Values of z for a prior of several dimensions or beside a code, without and with labels: primes, as a Korobov
lattice needs them, and few enough for an observation to cost about one step."""
OUTERMOST: Final = 0.1 / QUANTILES
"""Probability beyond the outermost z on each side."""


class EvaluationSamples:
    """Latent inputs that represent a prior, under every label if conditional, and as many reals.

    Args:
        config: The prior, the target and its fixed training samples, if any, and whether labels are given.
        grid: Points at which CDFs are computed.

    Attributes:
        classes: The training distribution, by label or as a whole.
        weights: Share of each class, `(classes,)`.
        latents: Inputs of G, class by class, `(inputs, classes · n)`.
        fakes: Indices, among G's outputs, of the fakes that are evaluated one by one, `(samples,)`.
        reals: As many reals, class by class, `(samples,)`.
        labels: One-hot labels of fakes and of reals, `(classes, samples)`, no rows if not conditional.
        shares: Mass of each fake and of each real, `(samples,)`, summing to 1.
        mean: Mean of the target, in units of x.
        deviation: Standard deviation of the target, in units of x, from its quantiles: tails that are so heavy that
            they decide it alone are cut off.
    """

    def __init__(self, config: EvaluationSettings, grid: Grid) -> None:
        labels, latent = class_count(config), config.latent
        self._make_pushforward: Callable[..., Pushforward | EmpiricalPushforward]
        self.classes = training_classes(config)
        self.weights, classes = np.array([each.weight for each in self.classes]), len(self.classes)
        self._pushforwards: dict[int, Pushforward | EmpiricalPushforward] = {}
        has_code = config.code.rows > 0
        if latent.dimension > 1 or has_code:
            count = COARSE_LATTICE_POINTS_PER_CLASS if labels else COARSE_LATTICE_POINTS
            z, inner = lattice_with_code(config, count) if has_code else latent.lattice(count), np.arange(count)
            self._make_pushforward = partial(EmpiricalPushforward, count, grid)
        else:
            count = max(QUANTILES // classes, SMALLEST_CLASS)
            # Without the tails, the mass beyond the outermost quantiles would count as between them.
            nodes = np.concatenate([[OUTERMOST], (np.arange(count) + 0.5) / count, [1 - OUTERMOST]])
            masses = np.diff(nodes)
            masses[[0, -1]] += OUTERMOST
            z, inner = latent.quantile(nodes)[None], np.arange(1, count + 1)
            self._make_pushforward = partial(Pushforward, masses, grid)
        self.latents = repeat_for_each_class(z, labels)
        self.fakes = (np.arange(classes)[:, None] * z.shape[1] + inner).ravel()
        evenly = (np.arange(count) + 0.5) / count
        sides = self.classes, target_classes(config)
        self.reals, ideal = (np.concatenate([part.quantile(evenly) for part in parts]) for parts in sides)
        class_of = np.repeat(np.arange(classes), count)
        self.labels = one_hot(class_of, labels)
        self.shares = self.weights[class_of] / count
        self.mean = float(self.shares @ ideal)
        self.deviation = float(np.sqrt(self.shares @ np.square(ideal - self.mean)))
        order = np.argsort(self.reals, kind="stable")
        self._real_ranks, self._rising_reals = mid_ranks(self.shares[order]), self.reals[order]

    def distributions(self, outputs: Float64) -> GridDistribution:
        """Distributions of G's outputs in some runs, `(runs, classes · n)`: a row for each class of each run."""
        rows = len(outputs) * len(self.classes)
        if rows not in self._pushforwards:
            self._pushforwards[rows] = self._make_pushforward(rows=rows)
        return self._pushforwards[rows](outputs.reshape(rows, -1))

    def transport(self, fakes: Float64) -> Float64:
        """The way of each fake to its real, to the right if positive, in units of x, `(runs, samples)`: in one
        dimension the cheapest transport keeps the order (Villani 2003, theorem 2.18)."""
        orders = np.argsort(fakes)
        ways = np.empty_like(fakes)
        if len(self.classes) == 1:  # all fakes have the same share
            np.put_along_axis(ways, orders, self._rising_reals, axis=1)
            return np.asarray(ways - fakes)
        for way, row, order in zip(ways, fakes, orders, strict=True):
            way[order] = np.interp(mid_ranks(self.shares[order]), self._real_ranks, self._rising_reals) - row[order]
        return ways


def mid_ranks(shares: Float64) -> Float64:
    """Mass below the middle of each share, `(n,)`."""
    return np.asarray(np.cumsum(shares) - 0.5 * shares)
