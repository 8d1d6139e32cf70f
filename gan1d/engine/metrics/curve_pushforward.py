"""The distribution of G(z) for a latent z of one dimension, from parabolas of G on cells of the latent axis.

Where G(z) crosses a point x, the prior's mass on the left of the crossing is known. P(G(z) ≤ x) is the sum of these
masses, positive where G rises through x and negative where it falls, and the integral of this CDF follows from the
first moment of G on the left of the crossings in the same way.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gan1d.engine.arrays import HALF, ONE, ZERO, Float64
from gan1d.engine.distributions.priors import Latent
from gan1d.engine.metrics.curve_cells import (
    EVEN,
    LARGEST_COUNT,
    LEVELS,
    NO_CELLS,
    PLACES,
    CellScale,
    Level,
    PriorCells,
    error_limits,
)
from gan1d.engine.metrics.grid import Grid, Indices
from gan1d.engine.metrics.grid_distribution import GridDistribution

SMALLEST_ROOT = np.array(1e-300)
"""Keeps 0/0 at 0 where a crossing is at the very beginning of a cell."""

Evaluate = Callable[[Indices, Float64], Float64]
"""Values of G, `(groups, n)`, from the generator of each group, increasing, `(groups,)`, and its z, `(groups, n)`."""


class Curves:
    """Generators as parabolas on cells of all levels.

    Args:
        levels: Cells of all levels; those of further levels are parts of the split cells of the level before.
    """

    def __init__(self, levels: Sequence[Level]) -> None:
        for child, parent in zip(levels[:0:-1], levels[-2::-1], strict=True):
            parent.table[5][parent.split] = 0.0
            parent.moments.reshape(-1)[parent.split] = child.moments.sum(axis=1)
        for index, level in enumerate(levels):
            left = level.moments.cumsum(axis=1)
            if index == 0:
                self.means = left[:, -1].copy()
            else:
                left += levels[index - 1].table[4].take(level.parents)[:, None]
            np.subtract(left, level.moments, level.table[4].reshape(left.shape))
        self._table = _joined([level.table for level in levels])
        self._owners = _joined([level.owners.repeat(level.moments.shape[1]) for level in levels])
        # Cells that are none: those after the last node of a row, and those that are split.
        none, first = [], 0
        for level in levels:
            none += [level.split + first, level.ends + first]
            first += level.moments.size
        self._none, self._row_ends = np.concatenate(none)[:-1], levels[0].ends
        # Cells in which G turns, and its values there.
        turning = (np.abs(self._table[2]) > np.abs(self._table[1])).nonzero()[0]
        self._turning = turning.compress(self._table[5].take(turning) > 0)
        start, step, self._bends = self._table[:3].take(self._turning, axis=1)
        slope = self._bends - step
        self._turns = start - slope * slope / (4 * self._bends)

    @property
    def count(self) -> int:
        """Number of nodes of all levels; the ends of split cells count twice."""
        return len(self._owners)

    def cumulate(self, points: Float64) -> tuple[Float64, Float64]:
        """CDF of G(z), and its first moment up to each point.

        Args:
            points: Increasing, `(points,)`.

        Returns:
            Two arrays, `(rows, points)`.
        """
        rows, count = len(self.means), len(points)
        below = points.searchsorted(self._table[0])
        change = below[1:] - below[:-1]
        change[self._none] = 0
        cells = change.nonzero()[0]
        change = change.take(cells)
        first = below.take(cells) + np.minimum(change, 0)
        spans = [cells, first, np.abs(change), np.sign(change)]
        if len(self._turning):
            spans = [np.concatenate(parts) for parts in zip(spans, *self._turning_spans(points, below), strict=True)]
        cells, first, counts, sign = spans
        # Points are counted row after row.
        first = first + self._owners.take(cells) * count
        first -= counts.cumsum()
        first += counts
        at = first.repeat(counts)
        at += np.arange(len(at))
        x = np.concatenate([points] * rows).take(at)
        mass, moment = self._until_crossing(x, cells.repeat(counts), sign.astype(np.float64).repeat(counts))
        last = below.take(self._row_ends).tolist()
        sums = []
        for at_crossings, wholes in ((mass, [1.0] * rows), (moment, self.means.tolist())):
            # Without crossings the counts would be whole numbers.
            found = np.bincount(at, at_crossings, rows * count).astype(np.float64, copy=False).reshape(rows, count)
            for row, start, whole in zip(found, last, wholes, strict=True):
                row[start:] += whole
            sums.append(found)
        return sums[0], sums[1]

    def _turning_spans(self, points: Float64, below: Indices) -> list[list[Indices]]:
        """Points between the turn of a cell and its ends: cells, first point, number of points, and sign, for the
        crossings on either side of the turn.

        Args:
            points: Increasing, `(points,)`.
            below: Number of points below each node.
        """
        starts, ends = below.take(self._turning), below.take(self._turning + 1)
        turns, is_minimum = points.searchsorted(self._turns), self._bends > 0
        low = np.where(is_minimum, turns, np.maximum(starts, ends))
        counts = np.maximum(np.where(is_minimum, np.minimum(starts, ends), turns) - low, 0)
        sign = np.ones_like(counts)
        return [[self._turning, low, counts, sign], [self._turning, low, counts, -sign]]

    def _until_crossing(self, x: Float64, cells: Indices, sign: Float64) -> tuple[Float64, Float64]:
        """The prior's mass and the first moment of G on the left of crossings, in z, both times the sign.

        Args:
            x: Values of G at the crossings, `(crossings,)`.
            cells: Cells of the crossings, `(crossings,)`.
            sign: 1 where G rises, −1 where it falls, `(crossings,)`.
        """
        start, step, bend, excess, moment, mass, skew, below = self._table.take(cells, axis=1)
        # Place t of the crossing in its cell: bend·t² + 2·slope·t = ahead, where the derivative has this sign.
        ahead = x - start
        slope = step - bend
        slope *= HALF
        root = bend * ahead
        root += slope * slope
        np.sqrt(np.fmax(root, ZERO, root), root)
        root *= sign
        far = (slope * root < 0).nonzero()[0]
        denominator = slope + root
        denominator += SMALLEST_ROOT
        t = ahead / denominator
        if len(far):
            # Beyond the turn of the parabola, where the sum above would cancel.
            t[far] = (root.take(far) - slope.take(far)) / bend.take(far)
        np.fmin(np.fmax(t, ZERO, t), ONE, t)
        # Share of the cell's mass on the near side of t, and its first moment.
        skew *= t - ONE
        skew += ONE
        skew *= t
        mass *= skew
        ahead *= HALF
        start += ahead
        t *= t
        t *= excess
        start += t
        start *= mass
        start += moment
        mass += below
        mass *= sign
        start *= sign
        return mass, start

    def row_moments(self, rows: int) -> list[tuple[float, float]]:
        """Mean and standard deviation of each of the first rows, in units of x."""
        start, step, bend, excess, _, mass, _, _ = self._table
        means = self.means.tolist()
        # Square of the mean of each cell, from a number among all means, and the variance within the cell.
        squares = start - means[0]
        squares += step * HALF
        squares += excess
        squares *= squares
        squares += step * step * (1 / 12)
        squares += bend * bend * (1 / 180)
        squares *= mass
        sums = np.bincount(self._owners, squares, len(means)).tolist()
        return [
            (mean, math.sqrt(max(square - (mean - means[0]) ** 2, 0.0)))
            for mean, square in zip(means[:rows], sums, strict=False)
        ]


def _joined(parts: list[Any]) -> Any:
    """Arrays along their last axis as one; a single one itself."""
    return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=-1)


class CurvePushforward:
    """Maps generators, by their values at nodes, to their distributions.

    Args:
        z: Nodes that all generators have, increasing, `(n,)`; nearly all of the prior's mass lies between their ends.
        latent: The prior.
        grid: Points at which the CDFs are evaluated.
        rows: Number of generators that are evaluated at once.
    """

    def __init__(self, z: Float64, latent: Latent, grid: Grid, *, rows: int = 1) -> None:
        self.latent, self.grid = latent, grid
        below = latent.cdf(z)
        below[0], below[-1] = 0.0, 1.0
        cells = PriorCells(latent, z[None], below[None])
        self._z, self._prior = np.tile(z, (rows, 1)), np.tile(cells.table, (1, rows, 1))
        self._parts = self._parts_of(self._z[0], cells.table.reshape(3, -1), np.arange(len(z) - 1))
        self._scale, self._owners = CellScale.of(z, rows), np.arange(rows)
        self._limits = error_limits(self._prior[0].ravel(), grid.bin_width)

    def _parts_of(self, z: Float64, prior: Float64, cells: Indices) -> PriorCells:
        """The prior in the parts of some cells, a row each, from the nodes `(nodes,)` and the prior `(3, nodes)`."""
        masses, _, below = prior.take(cells, axis=1)
        left = z.take(cells)[:, None]
        parts = left + (z.take(cells + 1)[:, None] - left) * PLACES
        at_nodes = self.latent.cdf(parts)
        at_nodes[:, 0], at_nodes[:, -1] = below, below + masses
        return PriorCells(self.latent, parts, at_nodes)

    def curves(self, values: Float64, evaluate: Evaluate | None = None, *, has_kinks: bool = True) -> Curves:
        """Curves with as many nodes as their distributions need.

        Args:
            values: G at the nodes that all generators have, in units of x, `(rows, n)`.
            evaluate: Values of the generators at further z; without it there are no further nodes.
            has_kinks: Whether the generators have kinks.
        """
        levels = [Level(values, self._z, self._prior, self._scale, self._owners, NO_CELLS)]
        limits, is_enough, count = self._limits, evaluate is None, 0
        while evaluate is not None and not is_enough and len(levels) < LEVELS:
            level = levels[-1]
            cells, is_enough = level.unresolved(limits, has_kinks)
            count += level.moments.size
            if len(cells) == 0 or count > LARGEST_COUNT:
                break
            rows, columns = np.divmod(cells, level.moments.shape[1])
            if len(levels) == 1:
                z, prior = self._parts.z.take(columns, axis=0), self._parts.table.take(columns, axis=1)
            else:
                parts = self._parts_of(level.z.reshape(-1), level.table[5:], cells)
                z, prior = parts.z, parts.table
            at_nodes, owners = np.empty(z.shape), level.owners.take(rows)
            at_nodes[:, 0], at_nodes[:, -1] = level.table[0].take(cells), level.table[0].take(cells + 1)
            at_nodes[:, 1:-1] = evaluate(owners, z[:, 1:-1])
            level.split = cells
            levels.append(Level(at_nodes, z, prior, EVEN, owners, cells))
            if not is_enough:
                limits = error_limits(prior[0].ravel(), self.grid.bin_width)
        return Curves(levels)

    def __call__(self, curves: Curves) -> GridDistribution:
        """Distributions of G(z), one for each row."""
        points = self.grid.points
        cdf, moments = curves.cumulate(points)
        integrals = points * cdf
        integrals -= moments
        between = np.empty_like(integrals)
        between[:, 0] = 0.0
        np.subtract(integrals[:, 1:], integrals[:, :-1], between[:, 1:])

        def overflow_moments(row: int) -> tuple[float, float]:
            above = float(curves.means[row] - moments[row, -1])
            return float(integrals[row, 0]), above - self.grid.high * float(1.0 - cdf[row, -1])

        return GridDistribution.from_cdf(self.grid, cdf, between, overflow_moments, lambda x: curves.cumulate(x)[0])
