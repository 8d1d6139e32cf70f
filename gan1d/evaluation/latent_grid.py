"""The noise that generators are asked about at every look, and how their answers become distributions and curves.

With one number to each z that is an even grid with tails, and what follows is exact. With more it is a fixed lattice,
every point of it an atom. Where labels are told, all of it is asked under each of them.
"""

import numpy as np

from gan1d.engine.arrays import Float64
from gan1d.engine.data.conditioning import class_count, repeat_for_each_class
from gan1d.engine.distributions.priors import Latent
from gan1d.engine.metrics import divergences
from gan1d.engine.metrics.empirical_pushforward import EmpiricalPushforward
from gan1d.engine.metrics.pushforward import Pushforward
from gan1d.engine.protocols import EvaluationSettings

LATENT_GRID = 241
"""Points of every curve on the noise axis, and with the tails all that densities, masses and distances are computed
from. The ends of a uniform prior lie on it."""
TAIL = 8
"""Values of z beyond the shown noise axis on each side, down to a probability of 1e-9."""
ATOMS, FEWER_ATOMS = 8191, 2039
"""Noise that stands for a latent of several dimensions, and for each class of it; both are primes (`Prior.lattice`)."""


class LatentGrid:
    """What generators are asked, under every label if there are labels.

    Args:
        config: Its latent, and whether labels are told of which target.
        points: Where distribution functions are asked for, increasing.

    Attributes:
        classes: How many labels there are, 1 if none are told.
        is_sampled: Whether the distributions are estimates.
        inputs: Everything that is asked, `(inputs, n)`: class by class what the distributions are made of, then what
            only curves are made of.
        count: Columns of it that make the distribution of one class.
        law: Turns the answers to the first `classes · count` questions of both generators, `(2 · classes, count)`,
            into distributions.
        grid: Even grid over the shown part of the noise axis, `(241,)`.
        curves: Where the answers that make curves are, `(curves, 241)`, as columns of `inputs`.
        names: What sets each curve apart: "" for a single one.
    """

    def __init__(self, config: EvaluationSettings, points: Float64) -> None:
        latent, labels = config.latent, class_count(config)
        self.classes, self.is_sampled = max(labels, 1), latent.dimension > 1
        self.grid = np.linspace(*latent.span, LATENT_GRID)
        self.pushforward: Pushforward | EmpiricalPushforward
        if self.is_sampled:
            z = latent.lattice(FEWER_ATOMS if labels else ATOMS)
            self.pushforward = EmpiricalPushforward(z.shape[1], points, rows=2 * self.classes)
            axes = range(latent.dimension if labels == 0 else 1)
            lines = along_axes(self.grid, latent.dimension, axes)
            inputs = [repeat_for_each_class(part, labels) for part in (z, lines)]
            first, many = self.classes * z.shape[1], len(axes) * self.classes
            self.curves = first + np.arange(many * LATENT_GRID).reshape(many, LATENT_GRID)
            self.names = tuple(f"z{subscript(axis + 1)}" for axis in axes) if labels == 0 else ()
        else:
            z, masses, curve = with_tails(self.grid, latent)
            self.pushforward = Pushforward(masses, points, rows=2 * self.classes)
            inputs = [repeat_for_each_class(z, labels)]
            self.curves = np.arange(self.classes * z.shape[1]).reshape(self.classes, -1)[:, curve]
            self.names = ("",)
        self.count = z.shape[1]
        self.inputs = np.concatenate(inputs, axis=1)
        if labels:
            self.names = tuple(f"{each.centre:.3g}".replace("-", "−") for each in config.target.classes())


def with_tails(grid: Float64, latent: Latent) -> tuple[Float64, Float64, slice]:
    """The grid with a few z beyond either end, `(1, n)`, the mass between neighbours, `(n − 1,)`, and the grid's place.

    Without the tails, all that lies beyond the grid would be spread evenly to its end, and the best D would be told of
    mass where there is next to none.
    """
    below, above = (float(latent.cdf(np.array(end))) for end in latent.span)
    left = latent.quantile(np.geomspace(1e-9, below, TAIL, endpoint=False)) if below > 0 else np.empty(0)
    right = latent.quantile(1 - np.geomspace(1 - above, 1e-9, TAIL + 1)[1:]) if above < 1 else np.empty(0)
    z = np.concatenate([left, grid, right])
    # What lies beyond the outermost z belongs to the outermost pieces.
    masses = divergences.bin_masses(latent.cdf(z))
    masses[1] += masses[0]
    masses[-2] += masses[-1]
    return z[None], masses[1:-1], slice(len(left), len(left) + len(grid))


def along_axes(grid: Float64, dimension: int, axes: range) -> Float64:
    """The grid along some of the axes of a space, all other coordinates at 0, `(dimension, axes · n)`."""
    lines = np.zeros((dimension, len(axes), len(grid)))
    for row, axis in enumerate(axes):
        lines[axis, row] = grid
    return lines.reshape(dimension, -1)


def subscript(number: int) -> str:
    """A whole number as an index: ₁₂."""
    return "".join(chr(ord("₀") + int(digit)) for digit in str(number))
