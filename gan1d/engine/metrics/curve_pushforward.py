"""The distribution of G(z) for a latent z of one dimension, from G at nodes that lie as densely as G needs.

Between two neighbouring nodes, in a *cell*, G is taken for a parabola and the prior's density for a straight line. A
*branch* is a part of the nodes on which G only rises or only falls, so G(z) = x has a single solution there, the
crossing. The CDF of G(z) is a sum over branches of the prior's mass on one side of the crossing, and its integral
follows from the first moment of G there. The error falls with the third power of the distance between nodes, and
`unresolved` finds the cells that need more of them.

Several generators are evaluated at once, one a row. All arrays over nodes are flat, row after row.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gan1d.engine.arrays import Float64
from gan1d.engine.distributions.priors import Latent
from gan1d.engine.metrics.grid_distribution import Grid, GridDistribution

Indices = NDArray[np.intp]

LEAST_MASS = 1e-15
"""Mass of a cell below which the slope of the prior's density there does not matter."""
SMALLEST_ROOT = 1e-300
"""Keeps 0/0 at 0 where a crossing is at the very beginning of a cell."""
NOISE = 4e-7
"""Rounding of G in single precision, relative to its largest value: smaller changes of direction are no turns."""
NEGLIGIBLE = 1e-6
"""Part of a bin's width within which a change of direction is no turn."""


SPLIT = 8
"""Parts into which a cell that needs more nodes is split."""
KINK_FACTOR, SMOOTH_FACTOR = 0.4, 0.04
"""Error of a cell's parabola, divided by the second and the first change of the second derivative and by a quarter of
the square of the cell's width. For a kink in the cell it is half of the largest error, for a smooth G far more."""
COST_TOLERANCE = 2e-4
"""Error of a cell times its mass, its share of Wasserstein-1, above which it is split, as a part of a bin's width."""
PLACE_TOLERANCE, STEP_TOLERANCE = 1e-2, 1e-2
"""Error of a cell above which it is split: this part of a bin's width, and of the step of G over the cell."""
SPLIT_MASS = 1e-7
"""Mass of a cell that is too small to matter in a bin."""
MASS_TOLERANCE = 3e-7
"""Error of the prior's mass below the middle of a cell above which the cell is split, if G changes there."""


class LatentNodes:
    """Values of z at which generators are evaluated, and constants of the cells between them.

    Args:
        rows: Increasing values of z for each row, `(n,)` each; their ends hold all of the prior's mass but rounding.
        latent: The prior.

    Attributes:
        z: All nodes, `(nodes,)`.
        first, last: Index of the first and of the last node of each row, `(rows,)`.
        below: The prior's mass below each node, `(nodes,)`.
        masses: Mass between each node and the next, 0 for the last of a row, `(nodes,)`.
        skew: Half of the change of the prior's density over each cell, relative to its mean there, `(nodes,)`.
        is_curved: Whether a straight line is too poor a model of the prior's density, `(nodes,)`.
        widths: Distance of each node to the next, 1 for the last of a row, `(nodes,)`.
    """

    def __init__(self, rows: Sequence[Float64], latent: Latent) -> None:
        self.z = np.concatenate(rows)
        self.last = np.cumsum([len(row) for row in rows]) - 1
        self.first = np.append(0, self.last[:-1] + 1)
        self.below = latent.cdf(self.z)
        self.below[self.first], self.below[self.last] = 0.0, 1.0
        self.masses = np.diff(self.below, append=0.0)
        self.masses[self.last] = 0.0
        self.widths = np.diff(self.z, append=0.0)
        self.widths[self.last] = 1.0
        # Just within each cell, as the density may leap at a node.
        begin, end = (latent.pdf(self.z + share * self.widths) for share in (1e-9, 1 - 1e-9))
        change = 0.5 * self.widths * (end - begin)
        known = self.masses > LEAST_MASS
        change[self.last] = 0.0
        halves = latent.cdf(self.z + 0.5 * self.widths) - self.below
        self.skew = np.clip(np.divide(change, self.masses, np.zeros_like(change), where=known), -1.0, 1.0)
        missed = np.abs(halves - self.masses * (0.5 - 0.25 * self.skew))
        missed[self.last] = 0.0
        self.is_curved = missed > MASS_TOLERANCE
        # Factors from steps to slopes, from changes of slopes to second derivatives, and from the sum of two of those
        # to the bend of a cell. They are 0 where a row ends.
        self.per_width, self.per_change = 1.0 / self.widths, np.zeros_like(self.z)
        self.per_width[self.last] = 0.0
        self.per_change[1:] = 2.0 / (self.widths[1:] + self.widths[:-1])
        self.per_change[self.first] = self.per_change[self.last] = 0.0
        self.to_bend = 0.25 * self.widths**2
        self.to_bend[self.last] = 0.0


@dataclass(frozen=True)
class Branch:
    """A part of a row on which G does not change its direction, by more than rounding.

    Attributes:
        row: The row.
        first: Its first node.
        last: Its last node, which is the first of the next branch of the row.
        rises: Whether G rises along it.
    """

    row: int
    first: int
    last: int
    rises: bool


class Curves:
    """G at all nodes, with the parabola of each cell.

    x(t) = x + t·step − t·(1 − t)·bend for t from 0 to 1 in a cell.

    Args:
        nodes: The nodes.
        values: G at the nodes, `(nodes,)`, in units of x.
    """

    def __init__(self, nodes: LatentNodes, values: Float64) -> None:
        self.nodes, self.values = nodes, values
        count = len(values)
        self.steps = np.empty(count)
        np.subtract(values[1:], values[:-1], self.steps[:-1])
        self.steps[nodes.last] = 0.0
        slopes = self.steps * nodes.per_width
        self.curvatures = np.empty(count)
        self.curvatures[0] = 0.0
        np.subtract(slopes[1:], slopes[:-1], self.curvatures[1:])
        self.curvatures *= nodes.per_change
        self.curvatures[nodes.first] = self.curvatures[nodes.first + 1]
        self.curvatures[nodes.last] = self.curvatures[nodes.last - 1]
        self.bends = np.empty(count)
        np.add(self.curvatures[1:], self.curvatures[:-1], self.bends[:-1])
        self.bends[-1] = 0.0
        self.bends *= nodes.to_bend
        # Mean of a cell = mean of its ends + excess.
        self.excesses = nodes.skew * self.steps
        self.excesses -= self.bends
        self.excesses *= 1 / 6
        moments = 0.5 * self.steps
        moments += values
        moments += self.excesses
        moments *= nodes.masses
        self.moments = np.empty(count)
        self.moments[0] = 0.0
        np.cumsum(moments[:-1], out=self.moments[1:])
        inverse = np.divide(1.0, self.steps, np.zeros(count), where=self.steps != 0)
        asymmetry = self.bends * inverse
        np.fmin(np.fmax(asymmetry, -1.0, asymmetry), 1.0, asymmetry)
        # Gathered at once for all crossings.
        self._table = np.stack(
            [values, self.steps, inverse, asymmetry, self.excesses, self.moments, nodes.masses, nodes.skew, nodes.below]
        )

    def branches(self, bin_width: float) -> list[Branch]:
        """Branches of all rows, from left to right in z."""
        found, values, steps = [], self.values, self.steps
        least = NOISE * float(np.abs(values).max()) + NEGLIGIBLE * bin_width
        for row, (first, last) in enumerate(zip(self.nodes.first.tolist(), self.nodes.last.tolist(), strict=True)):
            part = steps[first:last]
            low, high = float(part.min()), float(part.max())
            if low >= -least or high <= least:
                found.append(Branch(row, first, last, bool(values[last] >= values[first])))
                continue
            moving = np.flatnonzero(np.abs(part) > least)
            rises = part[moving] > 0
            turns = np.flatnonzero(rises[1:] != rises[:-1])
            ends = [first, *(first + moving[turns + 1]).tolist(), last]
            ways = rises[[0, *(turns + 1).tolist()]].tolist()
            found += [Branch(row, *part) for part in zip(ends, ends[1:], ways, strict=False)]
        return found

    def cumulate(self, branches: Sequence[Branch], points: Float64) -> tuple[Float64, Float64]:
        """CDF of the rows of some branches, and the first moment of G(z) up to each point.

        Args:
            branches: All branches of these rows.
            points: Increasing, `(points,)`.

        Returns:
            Two arrays, `(rows, points)`.
        """
        values, count = self.values, len(points)
        cells, low_ends = np.empty((len(branches), count), np.intp), np.empty(len(branches), np.intp)
        for cell, (index, branch) in zip(cells, enumerate(branches), strict=True):
            part = values[branch.first : branch.last + 1]
            if branch.rises:
                np.add(part.searchsorted(points, "right"), branch.first - 1, cell)
                low_ends[index] = branch.first
            else:
                np.subtract(branch.last, part[::-1].searchsorted(points, "right"), cell)
                low_ends[index] = branch.last
            np.maximum(cell, branch.first, out=cell)
        shape = cells.shape
        x, step, inverse, asymmetry, excess, moments, masses, skew, below = self._table.take(
            cells.ravel(), axis=1, mode="clip"
        ).reshape(-1, *shape)
        # Place t of the crossing in its cell: asymmetry·t² + (1 − asymmetry)·t = share, with 0 ≤ share ≤ 1.
        share = np.subtract(points, x)
        share *= inverse
        np.fmin(np.fmax(share, 0.0, share), 1.0, share)
        straight = 1.0 - asymmetry
        asymmetry *= share
        asymmetry *= 4.0
        asymmetry += straight * straight
        np.sqrt(asymmetry, asymmetry)
        straight += asymmetry
        straight += SMALLEST_ROOT
        t = 2.0 * share
        t /= straight
        # Share of the cell's mass on the near side of t, and its first moment.
        skew *= t - 1.0
        skew += 1.0
        t *= skew
        masses *= t
        step *= share
        step *= 0.5
        x += step
        t *= t
        t *= excess
        x += t
        x *= masses
        x += moments
        masses += below
        masses -= self.nodes.below[low_ends][:, None]
        x -= self.moments[low_ends][:, None]
        rows = [branch.row for branch in branches]
        if len(set(rows)) == len(rows) and all(branch.rises for branch in branches):
            return masses, x
        signs = np.where([branch.rises for branch in branches], 1.0, -1.0)[:, None]
        starts = np.flatnonzero(np.diff(rows, prepend=-1))
        return np.add.reduceat(signs * masses, starts), np.add.reduceat(signs * x, starts)

    def row_moments(self) -> list[tuple[float, float]]:
        """Mean and standard deviation of each row, in units of x."""
        nodes, found = self.nodes, []
        for first, last in zip(nodes.first.tolist(), nodes.last.tolist(), strict=True):
            mean = float(self.moments[last] - self.moments[first])
            offsets, cells = self.values[first : last + 1] - mean, slice(first, last)
            left, right, bends = offsets[:-1], offsets[1:], self.bends[cells]
            # Mean square of a straight cell, and what its bend and the skew of the prior add.
            squares = (left * left + left * right + right * right) * (1 / 3)
            squares += (left + right) * self.excesses[cells] + bends * bends * (1 / 30)
            found.append((mean, float(np.sqrt(max(float(nodes.masses[cells] @ squares), 0.0)))))
        return found


class CurvePushforward:
    """Maps generators, by their values at nodes, to their distributions.

    Args:
        z: Nodes that all generators have, increasing, `(n,)`.
        latent: The prior.
        grid: Points at which the CDFs are evaluated.
        rows: Number of generators that are evaluated at once.
    """

    def __init__(self, z: Float64, latent: Latent, grid: Grid, *, rows: int = 1) -> None:
        self.latent, self.grid, self.nodes = latent, grid, LatentNodes([z] * rows, latent)

    def unresolved(self, curves: Curves) -> Indices:
        """Cells where more nodes are needed, as indices of their first nodes.

        The error of a parabola is estimated by the change of the second derivative of G from cell to cell, with factors
        that hold for a kink as well as for a smooth curve.
        """
        nodes = curves.nodes
        changes = np.diff(curves.curvatures, append=0.0)
        changes[nodes.last] = 0.0
        bumps = np.abs(np.diff(changes, prepend=0.0))
        errors = np.append(bumps[1:], 0.0)
        errors += bumps
        errors *= KINK_FACTOR
        np.abs(changes, changes)
        changes *= SMOOTH_FACTOR
        errors += changes
        errors *= nodes.to_bend
        far = errors * nodes.masses > COST_TOLERANCE * self.grid.bin_width
        sizes = np.abs(curves.steps)
        steep = errors > PLACE_TOLERANCE * self.grid.bin_width + STEP_TOLERANCE * sizes
        steep |= nodes.is_curved & (sizes > self.grid.bin_width)
        steep &= nodes.masses > SPLIT_MASS
        return np.flatnonzero(far | steep)

    def __call__(self, curves: Curves) -> GridDistribution:
        """Distributions of G(z), one for each row."""
        branches, points = curves.branches(self.grid.bin_width), self.grid.points
        cdf, moments = curves.cumulate(branches, points)
        integrals = points * cdf
        integrals -= moments
        between = np.empty_like(integrals)
        between[:, 0] = 0.0
        np.subtract(integrals[:, 1:], integrals[:, :-1], between[:, 1:])

        def overflow_moments(row: int) -> tuple[float, float]:
            above = float(
                curves.moments[curves.nodes.last[row]] - curves.moments[curves.nodes.first[row]] - moments[row, -1]
            )
            return float(integrals[row, 0]), above - self.grid.high * float(1.0 - cdf[row, -1])

        return GridDistribution.from_cdf(
            self.grid, cdf, between, overflow_moments, lambda x: curves.cumulate(branches, x)[0]
        )

    def refined(self, curves: Curves, cells: Indices, z: Float64, values: Float64) -> Curves:
        """The curves with `SPLIT − 1` more nodes in each of some cells.

        Args:
            curves: The curves.
            cells: Indices of the cells, increasing, `(cells,)`.
            z: The new nodes, as returned by `between`, `(cells, SPLIT − 1)`.
            values: G there, `(cells, SPLIT − 1)`.
        """
        places = np.repeat(cells + 1, SPLIT - 1)
        all_z, all_values = (
            np.insert(curves.nodes.z, places, z.ravel()),
            np.insert(curves.values, places, values.ravel()),
        )
        return self._rebuilt(curves, cells, SPLIT - 1, all_z, all_values)

    def between(self, curves: Curves, cells: Indices) -> Float64:
        """New nodes that split each of some cells evenly, `(cells, SPLIT − 1)`."""
        nodes = curves.nodes
        return nodes.z[cells][:, None] + nodes.widths[cells][:, None] * (np.arange(1, SPLIT) / SPLIT)

    def turned(self, curves: Curves) -> Curves:
        """The curves with a node at each turn that lies within a cell."""
        least = NOISE * float(np.abs(curves.values).max()) + NEGLIGIBLE * self.grid.bin_width
        steps, bends = curves.steps, curves.bends
        cells = np.flatnonzero((0.99 * np.abs(bends) > np.abs(steps)) & (np.abs(bends) > least))
        turns = steps[cells - 1] * steps[(cells + 1) % len(steps)] < 0
        cells = cells[turns & (curves.nodes.masses[cells] > 0)]
        if len(cells) == 0:
            return curves
        step, bend = steps[cells], bends[cells]
        t = 0.5 - 0.5 * step / bend
        z = curves.nodes.z[cells] + t * curves.nodes.widths[cells]
        values = curves.values[cells] - bend * t * t
        return self._rebuilt(
            curves, cells, 1, np.insert(curves.nodes.z, cells + 1, z), np.insert(curves.values, cells + 1, values)
        )

    def _rebuilt(self, curves: Curves, cells: Indices, added: int, z: Float64, values: Float64) -> Curves:
        nodes = curves.nodes
        ends = nodes.last + 1 + added * np.searchsorted(cells, nodes.last, "right")
        return Curves(LatentNodes(np.split(z, ends[:-1]), self.latent), values)
