"""The distribution of G(z) for a latent z of one dimension, from G at nodes that lie as densely as G needs.

Between two neighbouring nodes, in a *cell*, G is taken for a parabola and the prior's density for a straight line. A
*branch* is a part of the nodes on which G only rises or only falls, so G(z) = x has a single solution there, the
crossing. The CDF of G(z) is a sum over branches of the prior's mass on one side of the crossing, and its integral
follows from the first moment of G there. The error falls with the third power of the distance between nodes, and
`unresolved` finds the cells that need more of them.

Several generators are evaluated at once, one a row. All arrays over nodes are flat, row after row. An array over cells
has an entry for each node, that of the cell on its right; where a row ends, it is 0.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gan1d.engine.arrays import ONE, ZERO, Float64
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
WHOLE_SHARES = np.arange(1, SPLIT)
SHARES = WHOLE_SHARES / SPLIT
"""Places of the new nodes in such a cell, in parts and as shares of its width."""
PLACES = SPLIT**2
"""Places in each cell of the nodes that all rows have, at which the prior is known beforehand."""
KINK_FACTOR, SMOOTH_FACTOR = 0.1, 0.01
"""Error of a cell's parabola, divided by the second and the first change of the second derivative and by the square of
the cell's width. For a kink in the cell it is half of the largest error, for a smooth G far more."""
COST_TOLERANCE = 2e-4
"""Error of a cell times its mass, its share of Wasserstein-1, above which it is split, as a part of a bin's width."""
PLACE_TOLERANCE, STEP_TOLERANCE = 5e-3, 5e-3
"""Error of a cell above which it is split: this part of a bin's width, and of the step of G over the cell."""
SPLIT_MASS = 1e-7
"""Mass of a cell that is too small to matter in a bin."""
MASS_TOLERANCE, CURVED_STEP = 3e-7, 0.25
"""Error of the prior's mass below the middle of a cell above which the cell is split, if G changes there by more than
this part of a bin's width."""


class LatentNodes:
    """Values of z at which generators are evaluated, and constants of the cells between them.

    Args:
        z: Nodes, increasing in each row, `(nodes,)`; the ends of a row hold all of the prior's mass but rounding.
        below: The prior's mass below each node, `(nodes,)`; 0 and 1 at the ends of a row.
        density: The prior's density at each node, `(nodes,)`.
        last: Index of the last node of each row, `(rows,)`.
        places: Places of the nodes among those at which the prior is known beforehand, if all are there.

    Attributes:
        first: Index of the first node of each row, `(rows,)`.
        masses: Mass of each cell, `(nodes,)`.
        widths: Width of each cell, 1 where a row ends, `(nodes,)`.
        skew: Half of the change of the prior's density over each cell, relative to its mean there, `(nodes,)`.
    """

    def __init__(
        self, z: Float64, below: Float64, density: Float64, last: Indices, places: Indices | None = None
    ) -> None:
        self.z, self.below, self.density, self.last, self.places = z, below, density, last, places
        self.first = np.zeros_like(last)
        np.add(last[:-1], 1, self.first[1:])
        count = len(z)
        masses, widths, change = self.masses, self.widths, self.skew = np.empty((3, count))
        np.subtract(below[1:], below[:-1], masses[:-1])
        np.subtract(z[1:], z[:-1], widths[:-1])
        np.subtract(density[1:], density[:-1], change[:-1])
        masses[last], widths[last], change[last] = 0.0, 1.0, 0.0
        change *= widths
        change *= 0.5
        change /= masses + LEAST_MASS
        np.fmin(np.fmax(change, -ONE, change), ONE, change)
        # Factors from changes of slopes to second derivatives, and from the sum of two of those to the bend of a cell.
        self.per_change, self.to_bend = np.zeros((2, count))
        np.add(widths[1:], widths[:-1], self.per_change[1:])
        np.divide(2.0, self.per_change[1:], self.per_change[1:])
        self.per_change[last] = 0.0
        self.per_change[self.first] = 0.0
        np.multiply(widths, widths, self.to_bend)
        self.to_bend *= 0.25
        self.to_bend[last] = 0.0


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

    Attributes:
        steps: Change of G over each cell, in units of x, `(nodes,)`.
        curvatures: Second derivative of G at each node, `(nodes,)`.
    """

    def __init__(self, nodes: LatentNodes, values: Float64) -> None:
        self.nodes, self.values = nodes, values
        self._branches: list[Branch] | None = None
        self.steps, self.curvatures, slopes = np.empty((3, len(values)))
        np.subtract(values[1:], values[:-1], self.steps[:-1])
        self.steps[nodes.last] = 0.0
        np.divide(self.steps, nodes.widths, slopes)
        np.subtract(slopes[1:], slopes[:-1], self.curvatures[1:])
        self.curvatures[0] = 0.0
        np.multiply(self.curvatures, nodes.per_change, self.curvatures)
        self.curvatures[nodes.first] = self.curvatures[nodes.first + 1]
        self.curvatures[nodes.last] = self.curvatures[nodes.last - 1]

    @cached_property
    def bends(self) -> Float64:
        """A quarter of a cell's width squared times the sum of the curvatures at its ends, `(nodes,)`."""
        bends = np.empty_like(self.values)
        np.add(self.curvatures[1:], self.curvatures[:-1], bends[:-1])
        bends[-1] = 0.0
        bends *= self.nodes.to_bend
        return bends

    @cached_property
    def excesses(self) -> Float64:
        """Mean of G in each cell less the mean of its ends, in units of x, `(nodes,)`."""
        excesses = self.nodes.skew * self.steps
        excesses -= self.bends
        excesses *= 1 / 6
        return excesses

    @cached_property
    def moments(self) -> Float64:
        """Sum of mass times mean of all cells on the left of each node, in units of x, `(nodes,)`."""
        cells = 0.5 * self.steps
        cells += self.values
        cells += self.excesses
        cells *= self.nodes.masses
        moments = np.empty_like(cells)
        moments[0] = 0.0
        cells[:-1].cumsum(out=moments[1:])
        return moments

    @cached_property
    def _table(self) -> Float64:
        """All that is gathered for a crossing, `(9, nodes)`."""
        nodes, table = self.nodes, np.empty((9, len(self.values)))
        inverse, asymmetry = table[2], table[3]
        inverse.fill(0.0)
        np.divide(1.0, self.steps, inverse, where=self.steps != 0)
        np.multiply(self.bends, inverse, asymmetry)
        np.fmin(np.fmax(asymmetry, -ONE, asymmetry), ONE, asymmetry)
        table[0], table[1], table[4], table[5] = self.values, self.steps, self.excesses, self.moments
        table[6], table[7], table[8] = nodes.masses, nodes.skew, nodes.below
        return table

    def least_step(self, bin_width: float) -> float:
        """Smallest step of G that is more than rounding, or than a negligible part of a bin, in units of x."""
        return NOISE * max(float(self.values.max()), -float(self.values.min())) + NEGLIGIBLE * bin_width

    def branches(self, bin_width: float) -> list[Branch]:
        """Branches of all rows, from left to right in z."""
        if self._branches is not None:
            return self._branches
        found: list[Branch] = []
        values, steps, least = self.values, self.steps, self.least_step(bin_width)
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
        self._branches = found
        return found

    def cumulate(self, branches: Sequence[Branch], points: Float64) -> tuple[Float64, Float64]:
        """CDF of the rows of some branches, and the first moment of G(z) up to each point.

        Args:
            branches: All branches of these rows.
            points: Increasing, `(points,)`.

        Returns:
            Two arrays, `(rows, points)`.
        """
        values, rows = self.values, branches[-1].row - branches[0].row + 1
        parts = []
        for branch in branches:
            nodes = values[branch.first : branch.last + 1]
            low, high = (branch.first, branch.last) if branch.rises else (branch.last, branch.first)
            begin, end = points.searchsorted(values[[low, high]]).tolist()
            if branch.rises:
                cells = nodes.searchsorted(points[begin:end], "right")
                cells += branch.first - 1
            else:
                cells = branch.last - nodes[::-1].searchsorted(points[begin:end], "right")
            parts.append((branch, low, high, begin, end, np.maximum(cells, branch.first)))
        x = np.concatenate([points[begin:end] for _, _, _, begin, end, _ in parts])
        below, moments = self._until_crossing(x, np.concatenate([cells for *_, cells in parts]))
        found, done = np.zeros((2, rows, len(points))), 0
        for branch, low, high, begin, end, _ in parts:
            row, until, sign = branch.row - branches[0].row, done + end - begin, 1.0 if branch.rises else -1.0
            for sums, at_nodes, at_crossings in zip(
                found, (self.nodes.below, self.moments), (below, moments), strict=True
            ):
                sums[row, begin:end] += sign * (at_crossings[done:until] - at_nodes[low])
                sums[row, end:] += sign * (at_nodes[high] - at_nodes[low])
            done = until
        return found[0], found[1]

    def _until_crossing(self, points: Float64, cells: Indices) -> tuple[Float64, Float64]:
        """The prior's mass and the first moment of G on the left of crossings, in z.

        Args:
            points: Values of x, `(crossings,)`.
            cells: Cells in which G has these values, `(crossings,)`.
        """
        x, step, inverse, asymmetry, excess, moments, masses, skew, below = self._table.take(cells, axis=1, mode="clip")
        # Place t of the crossing in its cell: asymmetry·t² + (1 − asymmetry)·t = share, with 0 ≤ share ≤ 1.
        share = np.subtract(points, x)
        share *= inverse
        np.fmin(np.fmax(share, ZERO, share), ONE, share)
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
        return masses, x

    def row_moments(self, rows: int) -> list[tuple[float, float]]:
        """Mean and standard deviation of each of the first rows, in units of x."""
        nodes, found = self.nodes, []
        for first, last in zip(nodes.first[:rows].tolist(), nodes.last[:rows].tolist(), strict=True):
            mean = float(self.moments[last] - self.moments[first])
            offsets, bends = self.values[first : last + 1] - mean, self.bends[first:last]
            left, right = offsets[:-1], offsets[1:]
            # Mean square of a straight cell, and what its bend and the skew of the prior add.
            sums = left + right
            squares = (sums * sums - left * right) * (1 / 3)
            squares += sums * self.excesses[first:last]
            squares += bends * bends * (1 / 30)
            found.append((mean, math.sqrt(max(float(nodes.masses[first:last] @ squares), 0.0))))
        return found


class NewNodes(NamedTuple):
    """Nodes that split some cells.

    Attributes:
        cells: Indices of the cells, increasing, `(cells,)`.
        z: The new nodes in each cell, `(cells, SPLIT − 1)`.
        places: Their places among those at which the prior is known beforehand, or None.
    """

    cells: Indices
    z: Float64
    places: Indices | None


class CurvePushforward:
    """Maps generators, by their values at nodes, to their distributions.

    Args:
        z: Nodes that all generators have, increasing, `(n,)`.
        latent: The prior.
        grid: Points at which the CDFs are evaluated.
        rows: Number of generators that are evaluated at once.

    Attributes:
        nodes: The nodes that all generators have, row after row.
    """

    def __init__(self, z: Float64, latent: Latent, grid: Grid, *, rows: int = 1) -> None:
        self.latent, self.grid = latent, grid
        places = np.append(np.linspace(z[:-1], z[1:], PLACES, endpoint=False, axis=1).ravel(), z[-1])
        self._row_places = len(places)
        base = np.arange(len(z)) * PLACES
        base = (base + np.arange(rows)[:, None] * self._row_places).ravel()
        last = np.arange(1, rows + 1) * len(z) - 1
        self._z, self._below, self._density = (np.tile(each, rows) for each in self._prior_at(places))
        self.nodes = self._nodes_at(base, last)
        self._is_known = np.zeros(len(self._z), bool)
        self._is_known[base] = True
        # G at places; only those of nodes are ever read.
        self._values = np.empty(len(self._z))
        halves = latent.cdf(self.nodes.z + 0.5 * self.nodes.widths) - self.nodes.below
        missed = np.abs(halves - self.nodes.masses * (0.5 - 0.25 * self.nodes.skew))
        missed[last] = 0.0
        # Cells in which a straight line is too poor a model of the prior's density.
        self._is_curved = (missed > MASS_TOLERANCE) & (self.nodes.masses > SPLIT_MASS)
        self._limits = self._limits_of(self.nodes)

    def _prior_at(self, z: Float64) -> tuple[Float64, Float64, Float64]:
        """The nodes of one row, the mass below each, and the density there."""
        below = self.latent.cdf(z)
        below[0], below[-1] = 0.0, 1.0
        # Where the density leaps, that on the inner side.
        return z, below, self.latent.pdf(z * (1 - 1e-9))

    def _nodes_at(self, places: Indices, last: Indices) -> LatentNodes:
        return LatentNodes(self._z.take(places), self._below.take(places), self._density.take(places), last, places)

    def unresolved(self, curves: Curves) -> tuple[Indices, bool]:
        """Cells where more nodes are needed, as indices of their first nodes, and whether one split of them is enough.

        The error of a parabola is estimated by the change of the second derivative of G from cell to cell, with factors
        that hold for a kink as well as for a smooth curve.
        """
        nodes, sizes = curves.nodes, np.abs(curves.steps)
        errors, changes, bumps = np.empty((3, len(sizes)))
        np.subtract(curves.curvatures[1:], curves.curvatures[:-1], changes[:-1])
        changes[nodes.last] = 0.0
        np.subtract(changes[1:], changes[:-1], bumps[1:])
        bumps[0] = changes[0]
        np.abs(bumps, bumps)
        np.add(bumps[1:], bumps[:-1], errors[:-1])
        errors[-1] = 0.0
        errors *= 4 * KINK_FACTOR
        np.abs(changes, changes)
        changes *= 4 * SMOOTH_FACTOR
        errors += changes
        errors *= nodes.to_bend
        by_place, by_cost = self._limits if nodes is self.nodes else self._limits_of(nodes)
        limits = np.multiply(sizes, STEP_TOLERANCE, bumps)
        limits += by_place
        np.fmin(limits, by_cost, limits)
        found = errors > limits
        if nodes is self.nodes:
            found |= self._is_curved & (sizes > CURVED_STEP * self.grid.bin_width)
        cells = found.nonzero()[0]
        # The error of a split cell falls at least as its width.
        return cells, bool((errors.take(cells) <= SPLIT * limits.take(cells)).all())

    def _limits_of(self, nodes: LatentNodes) -> tuple[Float64, Float64]:
        """Largest error of each cell by its effect on bins, without the part of its step, and on Wasserstein-1."""
        width = self.grid.bin_width
        by_place = np.where(nodes.masses > SPLIT_MASS, PLACE_TOLERANCE * width, math.inf)
        return by_place, COST_TOLERANCE * width / (nodes.masses + LEAST_MASS)

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
            ends = curves.nodes.last[row], curves.nodes.first[row]
            above = float(curves.moments[ends[0]] - curves.moments[ends[1]] - moments[row, -1])
            return float(integrals[row, 0]), above - self.grid.high * float(1.0 - cdf[row, -1])

        return GridDistribution.from_cdf(
            self.grid, cdf, between, overflow_moments, lambda x: curves.cumulate(branches, x)[0]
        )

    def split(self, curves: Curves, cells: Indices) -> NewNodes:
        """New nodes that split each of some cells evenly."""
        nodes = curves.nodes
        if nodes.places is not None:
            left = nodes.places.take(cells)
            parts = (nodes.places.take(cells + 1) - left) // SPLIT
            if parts.min() > 0:
                places = left[:, None] + parts[:, None] * WHOLE_SHARES
                return NewNodes(cells, self._z.take(places), places)
        return NewNodes(cells, nodes.z[cells][:, None] + nodes.widths[cells][:, None] * SHARES, None)

    def refined(self, curves: Curves, new: NewNodes, values: Float64) -> Curves:
        """The curves with further nodes, where G has these values, `(cells, SPLIT − 1)`."""
        old = curves.nodes
        if new.places is None or old.places is None:
            return self._with_nodes(curves, np.repeat(new.cells + 1, SPLIT - 1), new.z.ravel(), values.ravel())
        self._values[old.places], self._values[new.places] = curves.values, values
        is_known = self._is_known.copy()
        is_known[old.places] = True
        is_known[new.places] = True
        known = np.flatnonzero(is_known)
        last = known.searchsorted(old.places.take(old.last))
        return Curves(self._nodes_at(known, last), self._values.take(known))

    def turned(self, curves: Curves) -> Curves:
        """The curves with a node at each turn that lies within a cell."""
        branches = curves.branches(self.grid.bin_width)
        if len(branches) == len(curves.nodes.last):
            return curves
        ends = [left.last for left, right in pairwise(branches) if left.row == right.row]
        steps, bends, least = curves.steps, curves.bends, curves.least_step(self.grid.bin_width)
        cells = np.array(sorted({cell for end in ends for cell in (end - 1, end)}))
        sizes = np.abs(bends[cells])
        cells = cells[(0.99 * sizes > np.abs(steps[cells])) & (sizes > least) & (curves.nodes.masses[cells] > 0)]
        step, bend, start = steps[cells], bends[cells], curves.values[cells]
        t = 0.5 - 0.5 * step / bend
        extremes = start - bend * t * t
        # A turn matters only if its cell contains a point of the grid.
        others = np.where(bend > 0, np.fmax(start, start + step), np.fmin(start, start + step))
        points = self.grid.points
        crossing = np.flatnonzero(points.searchsorted(extremes) != points.searchsorted(others))
        if len(crossing) == 0:
            return curves
        cells, t = cells[crossing], t[crossing]
        z = curves.nodes.z[cells] + t * curves.nodes.widths[cells]
        return self._with_nodes(curves, cells + 1, z, extremes[crossing])

    def _with_nodes(self, curves: Curves, before: Indices, z: Float64, values: Float64) -> Curves:
        """The curves with further nodes, each before a node with this index, in order."""
        nodes = curves.nodes
        density = self.latent.pdf(z * (1 - 1e-9))
        all_z, below, densities, all_values = (
            np.insert(old, before, new)
            for old, new in (
                (nodes.z, z),
                (nodes.below, self.latent.cdf(z)),
                (nodes.density, density),
                (curves.values, values),
            )
        )
        last = nodes.last + before.searchsorted(nodes.last, "right")
        return Curves(LatentNodes(all_z, below, densities, last), all_values)
