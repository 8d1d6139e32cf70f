"""The distribution of G(z) for a latent z of one dimension, from parabolas of G on cells of the latent axis.

Where G(z) crosses a point x, the prior's mass on the left of the crossing is known. P(G(z) ≤ x) is the sum of these
masses, positive where G rises through x and negative where it falls, and the integral of this CDF follows from the
first moment of G on the left of the crossings in the same way.

Crossings for arrays of points and for one point stand side by side, because they are the same formulas.
"""

import math
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from gan1d.engine.arrays import HALF, ONE, ZERO, Float64
from gan1d.engine.distributions.latents import Latent
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
            parent.moments.reshape(-1)[parent.split] = np.add.reduce(child.moments, 1)
        for index, level in enumerate(levels):
            left = np.add.accumulate(level.moments, 1, None, level.table[4].reshape(level.moments.shape))
            if index == 0:
                self._totals = np.ones((2, len(left)))
                self.means = self._totals[1]
                self.means[:] = left[:, -1]
            else:
                left += levels[index - 1].table[4].take(level.parents)[:, None]
            left -= level.moments
        self._levels, self._table = levels, _joined([level.table for level in levels])
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
        spans = [cells, first, np.abs(change), np.copysign(ONE, change)]
        if len(self._turning):
            spans = [np.concatenate(parts) for parts in zip(spans, *self._turning_spans(points, below), strict=True)]
        cells, first, counts, sign = spans
        # Points are counted row after row.
        first = first + self._owners.take(cells) * count
        first -= counts.cumsum()
        first += counts
        at = first.repeat(counts)
        at += np.arange(len(at))
        crossings = self._until_crossing(points.take(at, mode="wrap"), cells.repeat(counts), sign.repeat(counts))
        sums = np.empty((2, rows, count))
        for found, at_crossings in zip(sums.reshape(2, -1), crossings, strict=True):
            found[:] = np.bincount(at, at_crossings, rows * count)
        for row, start in enumerate(below.take(self._row_ends).tolist()):
            sums[:, row, start:] += self._totals[:, row, None]
        return sums[0], sums[1]

    def _turning_spans(self, points: Float64, below: Indices) -> list[list[Any]]:
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
        sign = np.ones(len(counts))
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

    def cumulate_at(self, row: int, x: float) -> tuple[float, float]:
        """CDF of one row at a single point, and its first moment up to there: as `cumulate`, in less time."""
        is_above = self._table[0] > x
        mass, moment = (0.0, 0.0) if is_above.item(self._row_ends[row]) else (1.0, self.means.item(row))
        is_crossed = is_above[1:] != is_above[:-1]
        is_crossed[self._none] = False
        crossings = [
            (cell, 1.0 if is_above.item(cell + 1) else -1.0)
            for cell in is_crossed.nonzero()[0].tolist()
            if self._owners.item(cell) == row
        ]
        for cell, low, high in self._turning_ranges[row]:
            if low <= x < high:
                crossings += [(cell, 1.0), (cell, -1.0)]
        for cell, sign in crossings:
            more, more_moment = until_crossing(x, self._table[:, cell].tolist(), sign)
            mass, moment = mass + more, moment + more_moment
        return mass, moment

    @cached_property
    def _turning_ranges(self) -> list[list[tuple[int, float, float]]]:
        """For each row the cells in which G turns, and the values that it takes twice there, from low to high."""
        found: list[list[tuple[int, float, float]]] = [[] for _ in self.means]
        for cell, turn, bend in zip(self._turning.tolist(), self._turns.tolist(), self._bends.tolist(), strict=True):
            ends = self._table[0, cell : cell + 2].tolist()
            low, high = (turn, min(ends)) if bend > 0 else (max(ends), turn)
            found[self._owners[cell]].append((cell, low, high))
        return found

    def row_moments(self, rows: int) -> list[tuple[float, float]]:
        """Mean and standard deviation of each of the first rows, in units of x."""
        found = []
        for row, mean in enumerate(self.means[:rows].tolist()):
            variance = 0.0
            for level in self._levels:
                first, last = level.owners.searchsorted((row, row + 1)).tolist()
                nodes = level.moments.shape[1]
                start, step, bend, excess, _, mass, _, _ = level.table[:, first * nodes : last * nodes]
                # Distance of the mean of each cell from the mean of all, then the variance within the cells.
                offset = step * HALF
                offset += start
                offset += excess
                offset -= mean
                variance += mass.dot(offset * offset) + mass.dot(step * step) / 12 + mass.dot(bend * bend) / 180
            found.append((mean, math.sqrt(variance)))
        return found


def until_crossing(x: float, cell: list[float], sign: float) -> tuple[float, float]:
    """The prior's mass and the first moment of G on the left of a crossing, as `Curves._until_crossing` computes them.

    Args:
        x: Value of G at the crossing.
        cell: Column of `Level.table`.
        sign: 1 where G rises, −1 where it falls.
    """
    start, step, bend, excess, moment, mass, skew, below = cell
    ahead, slope = x - start, 0.5 * (step - bend)
    root = sign * math.sqrt(max(bend * ahead + slope * slope, 0.0))
    t = (root - slope) / bend if slope * root < 0 else ahead / (slope + root or 1.0)
    t = min(max(t, 0.0), 1.0)
    share = mass * t * (1.0 + skew * (t - 1.0))
    return sign * (below + share), sign * (moment + share * (start + 0.5 * ahead + excess * t * t))


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
        # As one stretch of memory, which is faster.
        flat = integrals.reshape(-1)
        np.subtract(flat[1:], flat[:-1], between.reshape(-1)[1:])
        between[:, 0] = 0.0

        def overflow_moments(row: int) -> tuple[float, float]:
            above = float(curves.means[row] - moments[row, -1])
            return float(integrals[row, 0]), above - self.grid.high * float(1.0 - cdf[row, -1])

        def inner(row: int, point: int, place: int) -> tuple[float, float]:
            x = self.grid.within.item(point, place)
            below, moment = curves.cumulate_at(row, x)
            return below, x * below - moment - integrals.item(row, point - 1)

        return GridDistribution.from_cdf(
            self.grid, cdf, between, overflow_moments, lambda x: curves.cumulate(x)[0], inner
        )
