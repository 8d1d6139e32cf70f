"""The exact distribution of G(z) for a latent z of one dimension, without drawing a sample.

Between two neighbouring values of z, G is linear to any accuracy wanted, and the prior's mass between them is spread
evenly over the values of x that this piece covers. So the CDF of G(z) is a sum of ramps. Where G is piecewise linear
itself (ReLU) and its kinks lie on the grid, this is exact; elsewhere the error falls with the square of the grid's
spacing.

Several generators are evaluated at once, one a row, in little more than the time of one.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gan1d.engine.arrays import HALF, ONE, Float64
from gan1d.engine.metrics.divergences import SMALLEST_MASS
from gan1d.engine.metrics.grid import Grid
from gan1d.engine.metrics.grid_distribution import GridDistribution

NARROW_WIDTH = 1e-6
"""Width in x below which a piece of G counts by its mass instead of its slope: the slope is so steep that its rounding
errors would add up on the way to the last point. Far from 0, where doubles are farther apart, the width is relative to
x."""


class Pushforward:
    """Maps the values of generators on a grid of z to their distributions.

    Every piece of G adds its mass as a ramp from one end to the other. The sum of all ramps is a piecewise linear CDF
    whose slope changes at the values of G only: F(p) = Σ cⱼ·max(0, p − xⱼ). So each value is counted in the interval
    of the grid that contains it, and running sums give F at the points and its integral between them, without sorting.

    Args:
        masses: Probability of z between neighbouring grid values, `(n,)`, summing to 1.
        grid: Points at which the CDFs are evaluated.
        rows: Number of generators that are evaluated at once.
    """

    def __init__(self, masses: ArrayLike, grid: Grid, *, rows: int = 1) -> None:
        self.masses, self.grid = np.asarray(masses, np.float64), grid
        points = grid.points
        self._rows, self._nodes = rows, len(self.masses) + 1
        # A node counts at the next point on its right; nodes right of all points go to a last column, unused.
        self._columns = len(points) + 1
        self._next = np.append(points, points[-1:])
        self._first_column = np.repeat(np.arange(rows) * self._columns, self._nodes)
        # All rows in one chain, as numpy is twice as fast on one stretch of memory; between rows lies no mass.
        self._chain = np.tile(np.append(self.masses, 0.0), rows)[:-1]
        self._ahead = np.tile(np.append(grid.gaps[1:], [0.0, 0.0]), rows)[:-1]
        # Nothing before the first node and after the last.
        pieces, total = len(self._chain), rows * self._columns
        self._rates, self._narrow_masses = np.zeros(pieces + 2), np.zeros(pieces + 2)
        self._widths, self._least, self._size = np.empty((3, pieces))
        self._narrow, self._weights, self._reach = np.empty(pieces, bool), np.empty(pieces + 1), np.empty(pieces + 1)
        self._rises, self._below = np.empty((2, rows, self._columns))
        # Clamping by a whole array is vectorized, by a number it is not.
        self._nothing, self._all = np.zeros(total), np.ones(total)
        # Weights of x, and of x² and x·x′, in the mean of a piece and of its square.
        self._ends = 0.5 * (np.append(self.masses, 0.0) + np.append(0.0, self.masses))

    def __call__(self, values: Float64) -> GridDistribution:
        """Distributions of G(z).

        Args:
            values: G on an increasing grid of z, `(rows, n + 1)`, in units of x.

        Returns:
            One distribution for each row.

        Raises:
            ValueError: The number of values is not one more than the number of masses, or rows differ.
        """
        if values.shape != (self._rows, self._nodes):
            raise ValueError(
                f"Expected {self._rows} × {self._nodes} values for {self._nodes - 1} masses, "
                f"but got {' × '.join(map(str, values.shape))}."
            )
        nodes, narrow, weights, reach = values.ravel(), self._narrow, self._weights, self._reach
        has_narrow = self._write_slope_changes(nodes)
        index = self.grid.points.searchsorted(nodes)
        np.subtract(self._next.take(index), nodes, reach)
        np.add(index, self._first_column, index)
        slopes = self._sum_by_point(index, weights)
        np.multiply(weights, reach, weights)
        node_masses = self._narrow_mass_at_nodes(narrow) if has_narrow else None
        if node_masses is not None:
            weights += node_masses
        steps = self._sum_by_point(index, weights)
        if node_masses is not None:
            weights += node_masses  # a second time, because the areas are halved below
        np.multiply(weights, reach, weights)
        areas = self._sum_by_point(index, weights)
        np.multiply(areas, HALF, areas)
        if has_narrow:
            self._split_narrow_pieces(narrow, nodes, index, reach, steps, areas)
        cdf, integral = self._integrate(slopes, steps, areas)
        return GridDistribution.from_cdf(self.grid, cdf, integral, lambda row: self._overflow_moments(values[row]))

    def _write_slope_changes(self, nodes: Float64) -> bool:
        """Write the change of slope at each node to `_weights`, mark narrow pieces, and return whether any is."""
        widths, least, narrow, rates, right = self._widths, self._least, self._narrow, self._rates, nodes[1:]
        np.subtract(right, nodes[:-1], widths)
        np.abs(right, least)
        np.multiply(np.add(least, ONE, least), NARROW_WIDTH, least)
        np.less_equal(np.abs(widths, self._size), least, narrow)
        has_narrow = np.count_nonzero(narrow) > 0
        if has_narrow:
            np.putmask(widths, narrow, math.inf)  # a rate of 0: as a ramp, such a piece adds nothing
        np.divide(self._chain, widths, rates[1:-1])
        np.subtract(rates[1:], rates[:-1], self._weights)
        return bool(has_narrow)

    def _narrow_mass_at_nodes(self, narrow: NDArray[np.bool_]) -> Float64:
        """Mass of the narrow pieces at each node: half of a piece at either of its ends, which keeps its mean."""
        np.multiply(self._chain, narrow, self._narrow_masses[1:-1])
        node_masses = self._narrow_masses[1:] + self._narrow_masses[:-1]
        node_masses *= 0.5
        return node_masses

    def _split_narrow_pieces(
        self,
        narrow: NDArray[np.bool_],
        nodes: Float64,
        index: NDArray[np.int64],
        reach: Float64,
        steps: Float64,
        areas: Float64,
    ) -> None:
        """Split the few narrow pieces that contain a point: mass left of it counts there, the rest at the next."""
        is_cut = index[1:] != index[:-1]
        is_cut &= narrow
        if not np.count_nonzero(is_cut):
            return
        pieces = np.flatnonzero(is_cut)
        pieces = pieces[self._chain[pieces] > 0]  # not from the last node of a row to the first of the next
        turned = nodes[pieces] > nodes[pieces + 1]
        left, right = pieces + turned, pieces + ~turned
        mass, size = self._chain[pieces], nodes[right] - nodes[left]
        left_mass = mass * (reach[left] / size)
        right_mass, half = mass - left_mass, 0.5 * mass
        steps += self._sum_by_point(index[left], left_mass - half)
        steps += self._sum_by_point(index[right], right_mass - half)
        areas += self._sum_by_point(index[left], (0.5 * left_mass - half) * reach[left])
        areas += self._sum_by_point(
            index[right], right_mass * (reach[right] + 0.5 * (size - reach[left])) - half * reach[right]
        )

    def _sum_by_point(self, index: NDArray[np.int64], weights: Float64) -> Float64:
        """Sums per row and point, `(rows·(m + 1),)`."""
        counted: Float64 = np.bincount(index, weights, self._rows * self._columns)  # type: ignore[assignment]
        return counted

    def _integrate(self, slopes: Float64, steps: Float64, areas: Float64) -> tuple[Float64, Float64]:
        """CDF and integral by running sums: each interval begins where the one before ended, with the slope there."""
        shape, rises, below = (self._rows, self._columns), self._rises, self._below
        np.add.accumulate(slopes.reshape(shape), 1, None, rises)
        rise, above = rises.ravel()[:-1], below.ravel()
        np.multiply(rise, self._ahead, rise)
        np.add(steps[1:], rise, steps[1:])
        np.add.accumulate(steps.reshape(shape), 1, None, below)
        np.fmin(np.fmax(above, self._nothing, above), self._all, above)
        # The area under an interval: a rectangle as high as its beginning, and half of its rise.
        np.multiply(rise, HALF, rise)
        np.add(rise, above[:-1], rise)
        np.multiply(rise, self._ahead, rise)
        np.add(areas[1:], rise, areas[1:])
        under = areas.reshape(shape)[:, :-1].copy()
        under[:, 0] = 0.0
        return below[:, :-1].copy(), under

    def moments(self, values: Float64) -> list[tuple[float, float]]:
        """Mean and standard deviation of G(z) for each row, in units of x.

        The mean square of a piece from x to x′ is (x² + x·x′ + x′²)/3.
        """
        means = values @ self._ends
        offsets = values - means[:, None]
        at_ends = (offsets * offsets) @ self._ends
        between = (offsets[:, 1:] * offsets[:, :-1]) @ self.masses
        rows = zip(means.tolist(), at_ends.tolist(), between.tolist(), strict=True)
        return [(mean, math.sqrt(max((2.0 * ends + products) / 3.0, 0.0))) for mean, ends, products in rows]

    def _overflow_moments(self, values: Float64) -> tuple[float, float]:
        """Mass times mean distance of one row of values, `(n + 1,)`, below the grid and above it."""
        return self._moment_above(-values, -self.grid.low), self._moment_above(values, self.grid.high)

    def _moment_above(self, values: Float64, end: float) -> float:
        """Mass times mean distance of the part of a row of values above an end, in units of x."""
        low, high = np.fmin(values[1:], values[:-1]) - end, np.fmax(values[1:], values[:-1]) - end
        out = np.fmax(high, 0.0)
        crossing = 0.5 * out * out / np.fmax(high - low, SMALLEST_MASS)
        return float(self.masses @ np.where(low >= 0, 0.5 * (low + high), crossing))
