"""Generators as parabolas on cells of the latent axis, and the cells that are too wide for one.

A *cell* lies between two neighbouring nodes, the values of z at which G is evaluated. In a cell G is taken for a
parabola and the prior's density for a straight line. The error falls with the third power of the cell's width, and a
cell in which it is too large is split evenly. All generators have the nodes of the first level; a row of a further
level holds the parts of one split cell.
"""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from gan1d.engine.arrays import HALF, Float64
from gan1d.engine.distributions.latents import Latent
from gan1d.engine.metrics.grid import Indices

SPLIT = 8
"""Parts into which a cell is split."""
PLACES = np.arange(SPLIT + 1) / SPLIT
"""Nodes of these parts, from 0 at the left end of the cell to 1 at its right end."""
LEVELS = 7
"""Largest number of levels."""
LARGEST_COUNT = 40_000
"""Number of cells of all rows and levels together above which none is split."""

LEAST_MASS = 1e-15
"""Mass of a cell below which the slope of the prior's density there does not matter."""
SMOOTH_FACTOR, KINKS_TO_SMOOTH = 0.01, np.array(10.0)
"""Error of a parabola, divided by the change of the second derivative of G and by the square of the cell's width, and
how many times as much the second change counts. For a kink in the cell, the sum is half of the largest error, and the
second change is doubled if G has kinks; for a smooth G it is far more."""
COST_TOLERANCE = 2e-3
"""Error of a cell times its mass, its share of Wasserstein-1, above which it is split, as a part of a bin's width."""
PLACE_TOLERANCE, STEP_TOLERANCE = 5e-3, np.array(5e-3)
"""Error of a cell above which it is split: this part of a bin's width, and of the step of G over the cell."""
CUBIC_SHARE = np.array(0.05)
"""Error of a cell of a smooth G, as a part of the change of G over it, above which the error of its parts is not taken
for a 512th of it."""
SPLIT_MASS = 1e-7
"""Mass of a cell that is too small to matter in a bin."""
NO_CELLS = np.empty(0, np.intp)
SIXTH = np.array(1 / 6)


class PriorCells:
    """The prior in cells, row by row. Arrays over cells have an entry for each node, that of the cell on its right.

    Args:
        latent: The prior.
        z: Nodes, increasing in each row, `(rows, nodes)`.
        below: The prior's mass below each node, `(rows, nodes)`.

    Attributes:
        z: The nodes.
        table: Mass of each cell, half of the change of the density over it, relative to its mean, and the mass on the
            left of it, `(3, rows, nodes)`.
    """

    def __init__(self, latent: Latent, z: Float64, below: Float64) -> None:
        self.z, self.table = z, np.zeros((3, *z.shape))
        masses, skew, _ = self.table[:, :, :-1]
        density = latent.pdf(z * (1 - 1e-9))  # where it leaps, that on the inner side
        masses[:] = np.diff(below)
        np.clip(0.5 * np.diff(density) * np.diff(z) / (masses + LEAST_MASS), -1.0, 1.0, out=skew)
        self.table[2] = below


@lru_cache(maxsize=256)
def row_ends(rows: int, nodes: int) -> Indices:
    """Last node of each row, an index into the nodes of all rows, `(rows,)`, read-only."""
    ends = np.arange(nodes - 1, rows * nodes, nodes)
    ends.flags.writeable = False
    return ends


class CellScale(NamedTuple):
    """Factors that follow from the widths of cells, `(nodes,)`; 0 where a row ends.

    Attributes:
        to_slope: From the step of G over a cell to its slope.
        to_curvature: From the change of slope at a node to the second derivative.
        to_bend: From the sum of the second derivatives at both ends of a cell to its bend.
        to_error: From the change of the second derivative over a cell to the error of its parabola.
    """

    to_slope: Float64
    to_curvature: Float64
    to_bend: Float64
    to_error: Float64

    @classmethod
    def of(cls, z: Float64, rows: int) -> "CellScale":
        """The scale of cells between nodes, `(n,)`, for a number of equal rows."""
        widths = np.diff(z)
        curvature = np.pad(2.0 / (widths[1:] + widths[:-1]), 1)
        slope, square = np.append(1.0 / widths, 0.0), np.append(widths * widths, 0.0)
        return cls(*(np.tile(each, rows) for each in (slope, curvature, 0.25 * square, SMOOTH_FACTOR * square)))


EVEN = CellScale(np.array(1.0), np.array(1.0), np.array(0.25), np.array(SMOOTH_FACTOR))
"""Scale of the parts of split cells: all parts of a cell have one width, which cancels."""


class Level:
    """Generators on the cells of one level. Arrays over cells have an entry for each node, as in `PriorCells`.

    In a cell, x(t) = start + t·step − t·(1 − t)·bend for t from 0 to 1.

    Args:
        values: G at the nodes, `(rows, nodes)`, in units of x.
        z: The nodes, same shape.
        prior: The prior in the cells, as `PriorCells.table`, `(3, rows, nodes)`.
        scale: Factors that follow from the widths of the cells.
        owners: Generator of each row, increasing, `(rows,)`.
        parents: Cell whose parts are in each row, an index into the cells of the level before, `(rows,)`.

    Attributes:
        table: Start, step and bend of each cell, mean of G there less the mean of the ends, sum of mass times mean of G
            on the left of the cell, and the prior; `(8, rows · nodes)`. Cells that are split have no mass.
        moments: Mass times mean of G in each cell, in units of x, `(rows, nodes)`.
        ends: Last node of each row, an index into all nodes, `(rows,)`.
        split: Cells that are split, increasing, `(cells,)`.
    """

    def __init__(
        self, values: Float64, z: Float64, prior: Float64, scale: CellScale, owners: Indices, parents: Indices
    ) -> None:
        self.z, self.scale, self.owners, self.parents, self.split = z, scale, owners, parents, NO_CELLS
        self.ends = row_ends(*values.shape)
        self.table = np.empty((8, values.size))
        start, step, bend, excess, _, mass, skew, _ = self.table
        start[:] = values.reshape(-1)
        self.table[5:] = prior.reshape(3, -1)
        np.subtract(start[1:], start[:-1], step[:-1])
        step[-1] = 0.0
        slopes = step if scale is EVEN else step * scale.to_slope
        self._curvatures = curvatures = np.zeros(values.size)
        np.subtract(slopes[1:], slopes[:-1], curvatures[1:])
        if scale is not EVEN:
            curvatures *= scale.to_curvature
        rows = curvatures.reshape(values.shape)
        rows[:, 0], rows[:, -1] = rows[:, 1], rows[:, -2]
        np.add(curvatures[1:], curvatures[:-1], bend[:-1])
        bend[-1] = 0.0
        bend *= scale.to_bend
        np.multiply(skew, step, excess)
        excess -= bend
        excess *= SIXTH
        moments = step * HALF
        moments += start
        moments += excess
        moments *= mass
        self.moments = moments.reshape(values.shape)

    def unresolved(self, limits: tuple[Float64, Float64], has_kinks: bool) -> tuple[Indices, bool]:
        """Cells whose parabola is too far from G, and whether one split of them is enough.

        The error is estimated by the change of the second derivative of G from cell to cell, with factors that hold for
        a kink as well as for a smooth curve.

        Args:
            limits: Largest error of each cell by its effect on bins, without the part of its step, and on
                Wasserstein-1, in units of x.
            has_kinks: Whether G has kinks. If so, the error of a split cell falls as its width, else as the cube of it.
        """
        count = self.moments.size
        errors, changes, bumps = np.zeros(count), np.zeros(count), np.zeros(count)
        np.subtract(self._curvatures[1:], self._curvatures[:-1], changes[:-1])
        changes.reshape(self.moments.shape)[:, -1] = 0.0
        np.subtract(changes[1:], changes[:-1], bumps[1:])
        np.abs(bumps, bumps)
        if has_kinks and self.scale is EVEN:
            # What lies beyond the ends of a split cell is not known: a kink in its outer parts would be overlooked.
            curvatures, ends = self._curvatures.reshape(self.moments.shape), bumps.reshape(self.moments.shape)
            ends[:, 0], ends[:, -1] = 2 * np.abs(curvatures[:, 0]), 2 * np.abs(curvatures[:, -1])
        np.add(bumps[1:], bumps[:-1], errors[:-1])
        errors *= 2 * KINKS_TO_SMOOTH if has_kinks else KINKS_TO_SMOOTH
        errors += np.abs(changes, changes)
        errors *= self.scale.to_error
        if not has_kinks and self.scale is EVEN:
            # Of an outer part only one side is known, which may look even by chance: it counts as its neighbour.
            parts = errors.reshape(self.moments.shape)
            np.fmax(parts[:, 0], parts[:, 1], parts[:, 0])
            np.fmax(parts[:, -2], parts[:, -3], parts[:, -2])
        largest = np.abs(self.table[1])
        largest *= STEP_TOLERANCE
        largest += limits[0]
        np.fmin(largest, limits[1], largest)
        cells = (errors > largest).nonzero()[0]
        if len(cells) == 0:
            return cells, True
        found, enough = errors.take(cells), largest.take(cells)
        enough *= SPLIT if has_kinks else SPLIT**3
        if not has_kinks:
            # Where G rises within less than a cell, the error does not fall as the cube of the width yet.
            _, step, bend = np.abs(self.table[:3].take(cells, axis=1))
            step += bend
            step *= CUBIC_SHARE
            np.fmin(enough, step, enough)
        return cells, np.count_nonzero(found > enough) == 0


def error_limits(masses: Float64, bin_width: float) -> tuple[Float64, Float64]:
    """Largest errors of cells with these masses, as `Level.unresolved` takes them."""
    by_place = np.where(masses > SPLIT_MASS, PLACE_TOLERANCE * bin_width, math.inf)
    return by_place, COST_TOLERANCE * bin_width / (masses + LEAST_MASS)
