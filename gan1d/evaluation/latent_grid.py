"""The latent inputs at which generators are evaluated, and the curves that are drawn of them.

With a latent of one dimension it is an even grid with tails, from which the distribution of G(z) follows exactly. With
more it is a fixed lattice, whose points have equal mass. With labels, all of it is repeated for each label.
"""

import numpy as np

from gan1d.engine.arrays import Float64
from gan1d.engine.data.conditioning import class_count, repeat_for_each_class
from gan1d.engine.distributions.priors import Latent
from gan1d.engine.metrics.curve_pushforward import CurvePushforward
from gan1d.engine.metrics.empirical_pushforward import EmpiricalPushforward
from gan1d.engine.metrics.grid import Grid
from gan1d.engine.protocols import EvaluationSettings

LATENT_GRID = 241
"""Points of every curve on the latent axis. With the tails, all densities, masses and distances are computed from
them. The ends of a uniform prior lie on the grid."""
TAIL = 12
"""Values of z beyond the shown latent axis on each side, down to a probability of 1e-9."""
LATTICE_POINTS, LATTICE_POINTS_PER_CLASS = 8191, 2039
"""Latent inputs with a latent of several dimensions, and with labels for each class; both are primes
(`Prior.lattice`)."""


class LatentGrid:
    """Latent inputs of an evaluation.

    Args:
        config: The latent, the target, and whether networks are conditional.

    Attributes:
        classes: Number of labels, 1 without labels.
        is_sampled: Whether distributions are estimated from a lattice.
        inputs: Inputs of G, `(inputs, n)`: class by class those that distributions are computed from, then those that
            serve curves only.
        count: Number of inputs that the distribution of one class is computed from.
        grid: Even grid over the shown part of the latent axis, `(241,)`.
        curves: Columns of `inputs` that make each curve, `(curves, 241)`.
        names: Name of each curve, "" for a single one.
    """

    def __init__(self, config: EvaluationSettings) -> None:
        latent, labels = config.latent, class_count(config)
        self.classes, self.is_sampled = max(labels, 1), latent.dimension > 1
        self.grid = np.linspace(*latent.span, LATENT_GRID)
        if self.is_sampled:
            z = latent.lattice(LATTICE_POINTS_PER_CLASS if labels else LATTICE_POINTS)
            axes = range(latent.dimension if labels == 0 else 1)
            lines = along_axes(self.grid, latent.dimension, axes)
            inputs = [repeat_for_each_class(part, labels) for part in (z, lines)]
            first, many = self.classes * z.shape[1], len(axes) * self.classes
            self.curves = first + np.arange(many * LATENT_GRID).reshape(many, LATENT_GRID)
            self.names = tuple(f"z{subscript(axis + 1)}" for axis in axes) if labels == 0 else ()
        else:
            self._latent = latent
            z, curve = with_tails(self.grid, latent)
            inputs = [repeat_for_each_class(z, labels)]
            self.curves = np.arange(self.classes * z.shape[1]).reshape(self.classes, -1)[:, curve]
            self.names = ("",)
        self.count = z.shape[1]
        self.inputs = np.concatenate(inputs, axis=1)
        if labels:
            self.names = tuple(f"{each.centre:.3g}".replace("-", "−") for each in config.target.classes())

    def pushforward(self, grid: Grid) -> CurvePushforward | EmpiricalPushforward:
        """Map from two generators, with a row for each class, to their distributions on a grid of x."""
        if self.is_sampled:
            return EmpiricalPushforward(self.count, grid, rows=2 * self.classes)
        return CurvePushforward(self.inputs[0, : self.count], self._latent, grid, rows=2 * self.classes)


def with_tails(grid: Float64, latent: Latent) -> tuple[Float64, slice]:
    """An even grid of z with a few values beyond either end.

    Without the tails, all mass beyond the grid would be spread evenly up to its end, and the optimal discriminator
    would be computed from mass where there is next to none.

    Returns:
        The values of z, `(1, n)`, and the part that is the grid.
    """
    below, above = (float(latent.cdf(np.array(end))) for end in latent.span)
    left = latent.quantile(np.geomspace(1e-9, below, TAIL, endpoint=False)) if below > 0 else np.empty(0)
    right = latent.quantile(1 - np.geomspace(1 - above, 1e-9, TAIL + 1)[1:]) if above < 1 else np.empty(0)
    return np.concatenate([left, grid, right])[None], slice(len(left), len(left) + len(grid))


def along_axes(grid: Float64, dimension: int, axes: range) -> Float64:
    """The grid along some of the axes of a space, all other coordinates at 0, `(dimension, axes · n)`."""
    lines = np.zeros((dimension, len(axes), len(grid)))
    for row, axis in enumerate(axes):
        lines[axis, row] = grid
    return lines.reshape(dimension, -1)


def subscript(number: int) -> str:
    """A whole number in subscript digits: ₁₂."""
    return "".join(chr(ord("₀") + int(digit)) for digit in str(number))
