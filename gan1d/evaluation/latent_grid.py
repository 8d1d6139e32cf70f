"""The latent inputs at which generators are evaluated, and the curves that are drawn of them.

With a latent of one dimension it is an even grid with tails, from which the distribution of G(z) follows exactly. With
more it is a fixed lattice, whose points have equal mass. With labels or a categorical code, all of it is repeated for
each value; a continuous code is one more dimension.
"""

import numpy as np

from gan1d.engine.arrays import Float64
from gan1d.engine.data.conditioning import conditions_of, repeat_for_each
from gan1d.engine.distributions.latents import Latent
from gan1d.engine.distributions.priors import korobov_lattice
from gan1d.engine.metrics.curve_pushforward import CurvePushforward
from gan1d.engine.metrics.empirical_pushforward import EmpiricalPushforward
from gan1d.engine.metrics.grid import Grid
from gan1d.engine.objectives.codes import ContinuousCode
from gan1d.engine.protocols import EvaluationSettings
from gan1d.evaluation.code import shown_codes

LATENT_GRID = 241
"""Points of every curve on the latent axis. With the tails, all densities, masses and distances are computed from
them. The ends of a uniform prior lie on the grid."""
TAIL = 12
"""Values of z beyond the shown latent axis on each side, down to a probability of `OUTERMOST_MASS`."""
OUTERMOST_MASS = 1e-9
"""Probability beyond the outermost z on each side."""
LATTICE_POINTS, LATTICE_POINTS_PER_CLASS = 8191, 2039
"""Latent inputs with a latent of several dimensions, and with labels or a code for each value; both are primes
(`Prior.lattice`)."""


class LatentGrid:
    """Latent inputs of an evaluation.

    Args:
        config: The latent, the target, the code, and whether networks are conditional.
        latent: The latent in the units of the run, in which `inputs` and `grid` are; by default that of `config`.

    Attributes:
        conditions: Inputs of G beside z, one column for each label or value of a categorical code, `(rows, n)`.
        classes: Number of these columns, 1 without labels and code.
        is_sampled: Whether distributions are estimated from a lattice.
        inputs: Inputs of G, `(inputs, n)`: class by class those that distributions are computed from, then those that
            serve curves only.
        count: Number of inputs that the distribution of one class is computed from.
        grid: Even grid over the shown part of the latent axis, `(241,)`.
        curves: Columns of `inputs` that make each curve, `(curves, 241)`.
        names: Name of each curve, "" for a single one.
    """

    def __init__(self, config: EvaluationSettings, latent: Latent | None = None) -> None:
        latent = config.latent if latent is None else latent
        self.conditions = conditions_of(config)
        has_code = isinstance(config.code, ContinuousCode)
        self.classes, self.is_sampled = self.conditions.shape[1], latent.dimension > 1 or has_code
        has_conditions = len(self.conditions) > 0
        self.grid = np.linspace(*latent.span, LATENT_GRID)
        if self.is_sampled:
            if has_code:
                z, lines = (
                    lattice_with_code(config, LATTICE_POINTS),
                    repeat_for_each(self.grid[None], shown_codes(config.code)[0]),
                )
                axes = range(0)
            else:
                z = latent.lattice(LATTICE_POINTS_PER_CLASS if has_conditions else LATTICE_POINTS)
                axes = range(1 if has_conditions else latent.dimension)
                lines = along_axes(self.grid, latent.dimension, axes)
            inputs = [repeat_for_each(part, self.conditions) for part in (z, lines)]
            self.curves = inputs[0].shape[1] + np.arange(inputs[1].shape[1]).reshape(-1, LATENT_GRID)
            self.names = tuple(f"z{subscript(axis + 1)}" for axis in axes)
        else:
            self._latent = latent
            z, curve = with_tails(self.grid, latent)
            inputs = [repeat_for_each(z, self.conditions)]
            self.curves = np.arange(self.classes * z.shape[1]).reshape(self.classes, -1)[:, curve]
            self.names = ("",)
        self.count = z.shape[1]
        self.inputs = np.concatenate(inputs, axis=1)
        if config.conditional:
            self.names = tuple(f"{each.centre:.3g}".replace("-", "−") for each in config.target.classes())
        self.names = shown_codes(config.code)[1] or self.names

    def pushforward(self, grid: Grid) -> CurvePushforward | EmpiricalPushforward:
        """Map from two generators, with a row for each label or code, to their distributions on a grid of x."""
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
    left, right = np.empty(0), np.empty(0)
    if below > OUTERMOST_MASS:
        left = latent.quantile(np.geomspace(OUTERMOST_MASS, below, TAIL, endpoint=False))
    if above < 1 - OUTERMOST_MASS:
        right = latent.quantile(1 - np.geomspace(1 - above, OUTERMOST_MASS, TAIL + 1)[1:])
    return np.concatenate([left, grid, right])[None], slice(len(left), len(left) + len(grid))


def lattice_with_code(config: EvaluationSettings, count: int) -> Float64:
    """A fixed lattice of z with the code below it, `(inputs, count)`."""
    u = korobov_lattice(config.latent.dimension + 1, count)
    return np.concatenate([config.latent.quantile(u[:-1]), config.code.quantile(u[-1])])


def along_axes(grid: Float64, dimension: int, axes: range) -> Float64:
    """The grid along some of the axes of a space, all other coordinates at 0, `(dimension, axes · n)`."""
    lines = np.zeros((dimension, len(axes), len(grid)))
    for row, axis in enumerate(axes):
        lines[axis, row] = grid
    return lines.reshape(dimension, -1)


def subscript(number: int) -> str:
    """A whole number in subscript digits: ₁₂."""
    return "".join(chr(ord("₀") + int(digit)) for digit in str(number))
