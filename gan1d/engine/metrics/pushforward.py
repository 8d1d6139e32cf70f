"""What generators of one variable make of a prior: exactly, without drawing a sample.

Between two neighbouring values of z, G is a straight piece to any accuracy wanted, and the prior's mass between them is
spread evenly over the stretch of x that the piece covers. So the generated distribution function is a sum of ramps.
Where G is piecewise linear in truth (ReLU) and its kinks lie on the grid, nothing at all is lost; elsewhere the error
falls with the square of the grid's spacing.

Several generators are followed at once, one a row, in the time of little more than one.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gan1d.engine.arrays import Float64
from gan1d.engine.metrics.optimal_discriminator import SMALLEST_MASS

Indices = NDArray[np.int64]
Flags = NDArray[np.bool_]

NARROW = 1e-6
"""A piece of G shorter than this in x is counted by its mass and not by its slope, which is so steep that what rounding
takes of it would add up on the way to the last point. Far from 0, where doubles are farther apart, it counts in shares
of x."""

_HALF, _ONE, _NARROW = map(np.array, (0.5, 1.0, NARROW))
"""As arrays, which ufuncs take in half the time that they need for numbers."""


class Pushforward:
    """What generators make of a prior, on a fixed row of points.

    Every piece of G adds its mass as a ramp from its one end to the other. Summed, that is a piecewise linear function
    whose slope changes at the values of G only: F(p) = Σ cⱼ·max(0, p − xⱼ). So each node is counted into the
    stretch between two points that it falls in, and running sums give F at the points and the area under it between
    them, with nothing to sort.

    Args:
        masses: Probability of z between neighbouring grid values, `(n,)`, summing to 1.
        points: Where to evaluate, increasing, `(m,)`.
        rows: How many generators at once.

    Raises:
        ValueError: The points do not increase.
    """

    def __init__(self, masses: ArrayLike, points: ArrayLike, *, rows: int = 1) -> None:
        self.masses, self.points = np.asarray(masses, np.float64), np.asarray(points, np.float64)
        gaps = np.diff(self.points)
        if np.any(gaps < 0):
            raise ValueError("Expected points from left to right, but got some that step back.")
        self._rows, self._nodes, count = rows, len(self.masses) + 1, len(self.points)
        self.gaps = np.append(0.0, gaps)
        # A node counts at the next point on its right; what is right of them all goes to a column that nobody reads.
        self._columns = count + 1
        self._next = np.append(self.points, self.points[-1:])
        self._first_column = np.repeat(np.arange(rows) * self._columns, self._nodes)
        # All rows in one chain, for numpy is twice as fast on one stretch of memory; between them lies no mass.
        self._chain = np.tile(np.append(self.masses, 0.0), rows)[:-1]
        self._ahead = np.tile(np.append(gaps, [0.0, 0.0]), rows)[:-1]
        # Nothing before the first node and after the last.
        pieces, total = len(self._chain), rows * self._columns
        self._rates, self._narrow_masses = np.zeros(pieces + 2), np.zeros(pieces + 2)
        self._widths, self._least, self._size = np.empty((3, pieces))
        self._narrow, self._weights, self._reach = np.empty(pieces, bool), np.empty(pieces + 1), np.empty(pieces + 1)
        self._rises, self._below = np.empty((2, rows, self._columns))
        # Clamping by a whole array is vectorised, by a number it is not.
        self._nothing, self._all = np.zeros(total), np.ones(total)
        # Weights of x, and of x² and x·x′, in the mean of a piece and of its square.
        self._ends = 0.5 * (np.append(self.masses, 0.0) + np.append(0.0, self.masses))

    def __call__(self, values: Float64) -> tuple[Float64, Float64]:
        """Distribution functions and the area under them.

        Args:
            values: G on an increasing grid of z, `(rows, n + 1)`, in units of x.

        Returns:
            Probability at or below each point, from 0 to 1, and its integral since the point before (0 for the
            first), both `(rows, m)`.

        Raises:
            ValueError: There is not exactly one mass between each two values.
        """
        if values.shape != (self._rows, self._nodes):
            raise ValueError(
                f"Expected {self._rows} × {self._nodes} values for {self._nodes - 1} masses, "
                f"but got {' × '.join(map(str, values.shape))}."
            )
        nodes, narrow, weights, reach = values.ravel(), self._narrow, self._weights, self._reach
        has_narrow = self._change_slopes(nodes)
        index = self.points.searchsorted(nodes)
        np.subtract(self._next.take(index), nodes, reach)
        np.add(index, self._first_column, index)
        slopes = self._gathered(index, weights)
        np.multiply(weights, reach, weights)
        held = self._held(narrow) if has_narrow else None
        if held is not None:
            weights += held
        steps = self._gathered(index, weights)
        if held is not None:
            weights += held  # once more, for what follows is halved
        np.multiply(weights, reach, weights)
        areas = self._gathered(index, weights)
        np.multiply(areas, _HALF, areas)
        if has_narrow:
            self._share_cut(narrow, nodes, index, reach, steps, areas)
        return self._summed(slopes, steps, areas)

    def _change_slopes(self, nodes: Float64) -> bool:
        """By how much the slope changes at each node, to `_weights`; which pieces are narrow, and whether any is."""
        widths, least, narrow, rates, right = self._widths, self._least, self._narrow, self._rates, nodes[1:]
        np.subtract(right, nodes[:-1], widths)
        np.abs(right, least)
        np.multiply(np.add(least, _ONE, least), _NARROW, least)
        np.less_equal(np.abs(widths, self._size), least, narrow)
        has_narrow = np.count_nonzero(narrow) > 0
        if has_narrow:
            np.putmask(widths, narrow, math.inf)  # a rate of 0: as a ramp, such a piece adds nothing
        np.divide(self._chain, widths, rates[1:-1])
        np.subtract(rates[1:], rates[:-1], self._weights)
        return bool(has_narrow)

    def _held(self, narrow: Flags) -> Float64:
        """The mass of narrow pieces, half of each at either of its nodes, which has the same mean."""
        np.multiply(self._chain, narrow, self._narrow_masses[1:-1])
        held = self._narrow_masses[1:] + self._narrow_masses[:-1]
        held *= _HALF
        return held

    def _share_cut(
        self, narrow: Flags, nodes: Float64, index: Indices, reach: Float64, steps: Float64, areas: Float64
    ) -> None:
        """Put right the few narrow pieces that a point cuts: what is left of it counts there, the rest at the next."""
        is_cut = index[1:] != index[:-1]
        is_cut &= narrow
        if not np.count_nonzero(is_cut):
            return
        pieces = np.flatnonzero(is_cut)
        pieces = pieces[self._chain[pieces] > 0]  # not from the last node of a row to the first of the next
        turned = nodes[pieces] > nodes[pieces + 1]
        left, right = pieces + turned, pieces + ~turned
        mass, size = self._chain[pieces], nodes[right] - nodes[left]
        ours = mass * (reach[left] / size)
        theirs, half = mass - ours, 0.5 * mass
        steps += self._gathered(index[left], ours - half)
        steps += self._gathered(index[right], theirs - half)
        areas += self._gathered(index[left], (0.5 * ours - half) * reach[left])
        areas += self._gathered(
            index[right], theirs * (reach[right] + 0.5 * (size - reach[left])) - half * reach[right]
        )

    def _gathered(self, index: Indices, weights: Float64) -> Float64:
        """Sums per row and point, `(rows·(m + 1),)`."""
        counted: Float64 = np.bincount(index, weights, self._rows * self._columns)  # type: ignore[assignment]
        return counted

    def _summed(self, slopes: Float64, steps: Float64, areas: Float64) -> tuple[Float64, Float64]:
        """Running sums: each stretch begins where the one before it ended, with the slope it ended with."""
        shape, rises, below = (self._rows, self._columns), self._rises, self._below
        np.add.accumulate(slopes.reshape(shape), 1, None, rises)
        rise, above = rises.ravel()[:-1], below.ravel()
        np.multiply(rise, self._ahead, rise)
        np.add(steps[1:], rise, steps[1:])
        np.add.accumulate(steps.reshape(shape), 1, None, below)
        np.fmin(np.fmax(above, self._nothing, above), self._all, above)
        # Under a stretch lies a rectangle as high as its beginning, and half of what it rises.
        np.multiply(rise, _HALF, rise)
        np.add(rise, above[:-1], rise)
        np.multiply(rise, self._ahead, rise)
        np.add(areas[1:], rise, areas[1:])
        under = areas.reshape(shape)[:, :-1].copy()
        under[:, 0] = 0.0
        return below[:, :-1].copy(), under

    def moments(self, values: Float64) -> tuple[Float64, Float64]:
        """Mean and standard deviation of G(z) for each row, `(rows,)`, in units of x.

        The mean square of a piece from x to x′ is (x² + x·x′ + x′²)/3.
        """
        mean = values @ self._ends
        offsets = values - mean[:, None]
        ends = (offsets * offsets) @ self._ends
        bin_masses = (offsets[:, 1:] * offsets[:, :-1]) @ self.masses
        return mean, np.sqrt(np.fmax((2.0 * ends + bin_masses) / 3.0, 0.0))

    def beyond(self, values: Float64, end: float) -> float:
        """How far one row of values, `(n + 1,)`, reaches beyond an end on the right: mass times mean distance."""
        low, high = np.fmin(values[1:], values[:-1]) - end, np.fmax(values[1:], values[:-1]) - end
        out = np.fmax(high, 0.0)
        crossing = 0.5 * out * out / np.fmax(high - low, SMALLEST_MASS)
        return float(self.masses @ np.where(low >= 0, 0.5 * (low + high), crossing))


def pushforward_cdf(values: ArrayLike, masses: ArrayLike, points: ArrayLike) -> Float64:
    """The distribution function of G(z) at some points, from left to right: one row of `Pushforward`, `(m,)`."""
    below, _ = Pushforward(masses, points)(np.asarray(values, np.float64)[None])
    return np.asarray(below[0])
