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
    Level,
    PriorCells,
    Scale,
    error_limits,
)
from gan1d.engine.metrics.grid import Grid, Indices
from gan1d.engine.metrics.grid_distribution import GridDistribution

SMALLEST_ROOT = 1e-300
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
        # Cells in which G turns.
        step, bend, mass = self._table[1], self._table[2], self._table[5]
        turning = (np.abs(bend) > np.abs(step)).nonzero()[0]
        self._turning = turning.compress(mass.take(turning) > 0)

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
        change, first = change.take(cells), below.take(cells)
        sign = np.sign(change).astype(np.float64)
        np.fmin(first, first + change, first)
        cells, at, (sign,) = self._each_point(cells, first, np.abs(change), count, sign)
        if len(self._turning):
            cells, at, sign = self._with_turns(points, below, (cells, at, sign))
        mass, moment = self._until_crossing(np.concatenate([points] * rows).take(at), cells, sign)
        last = below.take(self._row_ends).tolist()
        sums = np.empty((2, rows, count))
        for found, at_crossings, wholes in ((sums[0], mass, [1.0] * rows), (sums[1], moment, self.means.tolist())):
            found[:] = np.bincount(at, at_crossings, rows * count).reshape(rows, count)
            for row, start, whole in zip(found, last, wholes, strict=True):
                row[start:] += whole
        return sums[0], sums[1]

    def _with_turns(
        self, points: Float64, below: Indices, crossings: tuple[Indices, Indices, Float64]
    ) -> tuple[Indices, Indices, Float64]:
        """The crossings (cell, point and sign), with both crossings of each point between a turn and the ends of its
        cell.

        Args:
            points: Increasing, `(points,)`.
            below: Number of points below each node, those of the rows before included.
            crossings: Cell, point and sign of the crossings of points between the ends of a cell.
        """
        cells = self._turning
        start, step, bend = self._table[:3].take(cells, axis=1)
        place = 0.5 - 0.5 * step / bend
        turns = points.searchsorted(start - bend * place * place)
        starts, ends, is_minimum = below.take(cells), below.take(cells + 1), bend > 0
        low = np.where(is_minimum, turns, np.maximum(starts, ends))
        counts = np.where(is_minimum, np.minimum(starts, ends), turns)
        counts -= low
        if counts.max() <= 0:
            return crossings
        found, at, () = self._each_point(cells, low, np.maximum(counts, 0), len(points))
        sign = np.ones(len(found))
        parts = zip(crossings, (found, at, sign), (found, at, -sign), strict=True)
        cells, at, sign = (np.concatenate(part) for part in parts)
        return cells, at, sign

    def _each_point(
        self, cells: Indices, first: Indices, counts: Indices, points: int, *others: Float64
    ) -> tuple[Indices, Indices, list[Float64]]:
        """Cell and point of each crossing, points counted row after row, and further numbers of its cell.

        Args:
            cells: Cells with crossings, `(cells,)`.
            first: First point that each cell crosses, `(cells,)`.
            counts: Number of points that each cell crosses, `(cells,)`.
            points: Number of points in a row.
            others: Further numbers of each cell, `(cells,)`.
        """
        ends = counts.cumsum()
        first = first + self._owners.take(cells) * points
        first -= ends
        first += counts
        at = first.repeat(counts)
        at += np.arange(len(at))
        return cells.repeat(counts), at, [each.repeat(counts) for each in others]

    def _until_crossing(self, x: Float64, cells: Indices, sign: Float64) -> tuple[Float64, Float64]:
        """The prior's mass and the first moment of G on the left of crossings, in z, both times the sign.

        Args:
            x: Values of G at the crossings, `(crossings,)`.
            cells: Cells of the crossings, `(crossings,)`.
            sign: 1 where G rises, −1 where it falls, `(crossings,)`.
        """
        start, step, bend, excess, moment, mass, skew, below = self._table.take(cells, axis=1)
        # Place t of the crossing in its cell: bend·t² + slope·t = ahead, where the derivative has this sign.
        ahead = x - start
        slope = step - bend
        root = bend * ahead
        root *= 4.0
        root += slope * slope
        np.sqrt(np.fmax(root, ZERO, root), root)
        root *= sign
        far = (slope * root < 0).nonzero()[0]
        denominator = slope + root
        denominator += SMALLEST_ROOT
        ahead *= 2.0
        t = ahead / denominator
        if len(far):
            # Beyond the turn of the parabola, where the sum above would cancel.
            t[far] = (root.take(far) - slope.take(far)) / (2.0 * bend.take(far))
        np.fmin(np.fmax(t, ZERO, t), ONE, t)
        # Share of the cell's mass on the near side of t, and its first moment.
        skew *= t - 1.0
        skew += 1.0
        skew *= t
        mass *= skew
        ahead *= 0.25
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
        self._scale, self._owners = Scale.of(z, rows), np.arange(rows)
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
