"""Distributions on the data axis, as metrics see them: exact CDFs at the points of a grid, and the overflow beyond it.

Generators (by `Pushforward` or `EmpiricalPushforward`), targets and training samples all become a `GridDistribution`,
and are compared as such. One object may hold several distributions, a row each, in little more than the time of one.
Means and deviations are not read off the grid: `Pushforward.moments` computes them exactly.

All distances stand in this one class, because they share its bins, overflow and rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import mul
from typing import NamedTuple

import numpy as np

from gan1d.engine.arrays import ZERO, Float64
from gan1d.engine.metrics.crossings import CROSSING_TOLERANCE, InnerDifference, detours
from gan1d.engine.metrics.divergences import jensen_shannon
from gan1d.engine.metrics.grid import Grid
from gan1d.engine.special_functions import normal_cdf

FAR_DISTANCES = np.append(0.0, np.geomspace(1e-3, 1e4, 400))
"""Distances from an end of the grid, in its lengths, at which CDFs are compared beyond it."""

OVERFLOW_ROUNDING = 1e-9
"""Mass beyond an end of the grid up to which it is taken for rounding."""


class Overflow(NamedTuple):
    """The part of one distribution that lies beyond the ends of the grid.

    Attributes:
        left: Mass left of the grid; 0 if it is no more than rounding.
        right: Mass right of the grid; 0 if it is no more than rounding.
        left_moment: Mass left of the grid times its mean distance from the grid, in units of x.
        right_moment: Mass right of the grid times its mean distance from the grid, in units of x.
    """

    left: float = 0.0
    right: float = 0.0
    left_moment: float = 0.0
    right_moment: float = 0.0

    def distances(self) -> tuple[float, float]:
        """Mean distance of the mass left and right of the grid from it, in units of x; 0 where there is none."""
        return (
            self.left_moment / self.left if self.left > 0 else 0.0,
            self.right_moment / self.right if self.right > 0 else 0.0,
        )


CDF = Callable[[Float64], Float64]
"""CDF of one or several distributions: points, increasing, `(n,)` → `(rows, n)`."""

InnerCDF = Callable[[int, int, int], tuple[float, float]]
"""CDF at a place in an interval of the grid, and the integral of the CDF from the left end of the interval up to there.

The arguments are the row, the point at the right end, and the place, as a column of `Grid.within`."""

NO_OVERFLOW = Overflow()
"""All mass lies within the grid."""


@dataclass(eq=False, slots=True)
class GridDistribution:
    """One or several distributions, a row each, by the CDF at the points of a grid.

    Attributes:
        grid: Points at which the CDF is known.
        cdf: Probability at or below each point, `(rows, points)`.
        cdf_integral: Integral of the CDF from the point before to each point, 0 for the first, `(rows, points)`.
        masses: Mass below the bins, in each bin, and above them, `(rows, bins + 2)`.
        overflow: Mass beyond the ends of the grid, for each row.
        cdf_at: CDF of all rows at points beyond an end of the grid; None if it is known on the grid only.
        inner: CDF of each row within the intervals of the grid; None if it is known on the grid only.
    """

    grid: Grid
    cdf: Float64
    cdf_integral: Float64
    masses: Float64
    overflow: Sequence[Overflow]
    cdf_at: CDF | None = None
    inner: InnerCDF | None = None

    @classmethod
    def from_cdf(
        cls,
        grid: Grid,
        cdf: Float64,
        cdf_integral: Float64,
        moments: Callable[[int], tuple[float, float]],
        cdf_at: CDF | None = None,
        inner: InnerCDF | None = None,
    ) -> "GridDistribution":
        """Distributions that are known by their CDF on the grid.

        Args:
            grid: Points at which the CDF is known.
            cdf: Probability at or below each point, `(rows, points)`.
            cdf_integral: Integral of the CDF since the point before, `(rows, points)`.
            moments: Mass times mean distance of the overflow of a row, left and right, in units of x. It is called only
                for rows that have mass there.
            cdf_at: CDF beyond the grid.
            inner: CDF within the intervals of the grid.
        """
        masses = bin_masses(cdf.take(grid.at_edges, axis=1))
        overflow = []
        for row, (left, right) in enumerate(masses[:, :: masses.shape[1] - 1].tolist()):
            if left <= OVERFLOW_ROUNDING and right <= OVERFLOW_ROUNDING:
                overflow.append(NO_OVERFLOW)
                continue
            sides = [
                (mass, moment) if mass > OVERFLOW_ROUNDING else (0.0, 0.0)
                for mass, moment in zip((left, right), moments(row), strict=True)
            ]
            overflow.append(Overflow(*(value for values in zip(*sides, strict=True) for value in values)))
        return cls(grid, cdf, cdf_integral, masses, overflow, cdf_at, inner)

    @classmethod
    def stack(cls, parts: "Sequence[GridDistribution]") -> "GridDistribution":
        """Several objects of one row each, on the same grid, as one object."""
        cdf, cdf_integral, masses = (
            np.concatenate([getattr(part, name) for part in parts]) for name in ("cdf", "cdf_integral", "masses")
        )
        overflow = [row for part in parts for row in part.overflow]
        known = [part.cdf_at for part in parts if part.cdf_at is not None]
        inner = [part.inner for part in parts if part.inner is not None]
        return cls(
            parts[0].grid,
            cdf,
            cdf_integral,
            masses,
            overflow,
            (lambda x: np.concatenate([each(x) for each in known])) if len(known) == len(parts) else None,
            (lambda row, point, place: inner[row](0, point, place)) if len(inner) == len(parts) else None,
        )

    def __getitem__(self, rows: slice) -> "GridDistribution":
        """Some of the rows, sharing their memory."""
        whole, inner, first = self.cdf_at, self.inner, rows.start or 0
        return GridDistribution(
            self.grid,
            self.cdf[rows],
            self.cdf_integral[rows],
            self.masses[rows],
            self.overflow[rows],
            None if whole is None else lambda x: whole(x)[rows],
            None if inner is None else lambda row, point, place: inner(row + first, point, place),
        )

    def mode_masses(self) -> Float64:
        """Mass between neighbouring cuts, that is of each mode, `(rows, modes)`."""
        return bin_masses(self.cdf.take(self.grid.at_cuts, axis=1))

    def wasserstein1(self, other: "GridDistribution") -> list[float]:
        """Wasserstein-1 of each row: the mean distance that mass has to travel to the other distribution, ∫ |F − G| dx.

        In one dimension the cheapest transport keeps the order, so the area between the CDFs is its cost (Villani 2003,
        theorem 2.18). Between two points that is the absolute difference of their integrals, unless the CDFs cross.
        Beyond the grid the moments are compared, and the CDFs if both have mass there.

        Args:
            other: On the same grid; one row, or as many as here.

        Returns:
            In units of x, at least 0; 0 for equal distributions; a shift by δ scores |δ|.
        """
        difference, areas = self.cdf - other.cdf, self.cdf_integral - other.cdf_integral
        found: list[float] = np.add.reduce(np.abs(areas), 1).tolist()
        # All rows as one stretch of memory, which is faster; between two rows there is neither width nor area.
        for row, detour in detours(difference.ravel(), areas, found, self.grid.gaps, self._inner_difference(other)):
            found[row] += detour
        overflows = other.overflow if len(other.overflow) > 1 else [other.overflow[0]] * len(self.overflow)
        for row, (a, b) in enumerate(zip(self.overflow, overflows, strict=True)):
            if a is b:
                continue
            found[row] += abs(a.left_moment - b.left_moment) + abs(a.right_moment - b.right_moment)
            for side, doubt in (
                (-1.0, min(a.left_moment, b.left_moment)),
                (1.0, min(a.right_moment, b.right_moment)),
            ):
                if doubt > CROSSING_TOLERANCE * found[row]:
                    found[row] += self._detour_beyond(other, row, side)
        return found

    def _inner_difference(self, other: "GridDistribution") -> InnerDifference | None:
        """Difference of the CDFs within intervals, if both are known there."""
        ours, theirs, is_single = self.inner, other.inner, len(other.cdf) == 1
        if ours is None or theirs is None:
            return None

        def difference(row: int, point: int, place: int) -> tuple[float, float]:
            a, b = ours(row, point, place), theirs(0 if is_single else row, point, place)
            return (a[0] - b[0]) * self.grid.gaps.item(point), a[1] - b[1]

        return difference

    def _detour_beyond(self, other: "GridDistribution", row: int, side: float) -> float:
        """What the difference of the moments misses beyond an end of the grid, because the CDFs of a row cross there.

        Args:
            other: The distributions that these are compared with.
            row: Index of the row.
            side: −1 for the left end, 1 for the right end.
        """
        if self.cdf_at is None or other.cdf_at is None:
            return 0.0
        distances = FAR_DISTANCES * (self.grid.high - self.grid.low)
        x = np.sort((self.grid.low if side < 0 else self.grid.high) + side * distances)
        theirs = other.cdf_at(x)
        d = self.cdf_at(x)[row] - theirs[row if len(theirs) > 1 else 0]
        areas = 0.5 * (d[1:] + d[:-1]) * np.diff(x)
        return 2.0 * float(min(areas[areas > 0].sum(), -areas[areas < 0].sum()))

    def jensen_shannon(self, other: "GridDistribution") -> list[float]:
        """Jensen-Shannon divergence of each row's bin masses, in nats, from 0 (equal) to ln 2 (disjoint).

        Args:
            other: On the same grid; one row.
        """
        found: list[float] = jensen_shannon(other.masses[0], self.masses).tolist()
        return found

    def mixture(self, weights: Float64) -> "GridDistribution":
        """Mixtures of neighbouring rows: the first `len(weights)` make the first mixture, and so on.

        Args:
            weights: Share of each part, `(parts,)`, summing to 1.

        Returns:
            `rows / parts` distributions.
        """
        parts = len(weights)
        if parts == 1:
            return self

        def mixed(rows: Float64) -> Float64:
            return np.asarray(weights @ rows.reshape(len(rows) // parts, parts, -1))

        overflow = [Overflow(*row) for row in mixed(np.array(self.overflow)).tolist()]
        whole, inner, shares = self.cdf_at, self.inner, weights.tolist()

        def mixed_inner(row: int, point: int, place: int) -> tuple[float, float]:
            assert inner is not None
            found = [inner(row * parts + part, point, place) for part in range(parts)]
            return sum(map(mul, shares, (cdf for cdf, _ in found))), sum(map(mul, shares, (area for _, area in found)))

        return GridDistribution(
            self.grid,
            mixed(self.cdf),
            mixed(self.cdf_integral),
            mixed(self.masses),
            overflow,
            None if whole is None else lambda x: mixed(whole(x)),
            None if inner is None else mixed_inner,
        )


def bin_masses(cdf: Float64) -> Float64:
    """Mass below the first of some points, between neighbours, and above the last.

    Args:
        cdf: Probability at or below each point, `(…, n)`; without points all mass is one.

    Returns:
        `(…, n + 1)`, none below 0.
    """
    masses = np.empty((*cdf.shape[:-1], cdf.shape[-1] + 1))
    if cdf.shape[-1] == 0:
        masses.fill(1.0)
        return masses
    # With points along the first axis, one distribution and several are indexed alike.
    at_points, between = cdf.T, masses.T
    between[0] = at_points[0]
    np.subtract(at_points[1:], at_points[:-1], between[1:-1])
    between[-1] = 1.0 - at_points[-1]
    # Running sums leave rounding of either sign where there is no mass.
    return np.asarray(np.fmax(masses, ZERO, masses))


def blurred(masses: Float64, bin_width: float, deviation: float) -> Float64:
    """Bin masses convolved with a Gaussian, as instance noise does.

    Args:
        masses: Mass below the bins, in each bin, and above them, `(…, bins + 2)`.
        bin_width: Width of a bin, in units of x.
        deviation: Standard deviation of the Gaussian, in units of x; at 0 the masses themselves are returned.

    Returns:
        `(…, bins + 2)`. The mass of a bin spreads from its centre; what spreads beyond the bins is kept in the outer
        two, and mass that is there already does not spread.
    """
    if deviation <= 0:
        return masses
    bins = masses.shape[-1] - 2
    kernel = np.diff(normal_cdf((np.arange(2 * bins) - bins + 0.5) * (bin_width / deviation)))
    found = masses.copy()
    for row, spread in zip(masses.reshape(-1, bins + 2), found.reshape(-1, bins + 2), strict=True):
        moved = np.convolve(row[1:-1], kernel)
        # A Gaussian wider than the bins is cut off by the kernel; half of the missing mass lies on either side.
        left_out = 0.5 * max(0.0, 1.0 - float(kernel.sum())) * float(row[1:-1].sum())
        spread[0] += moved[: bins - 1].sum() + left_out
        spread[-1] += moved[2 * bins - 1 :].sum() + left_out
        spread[1:-1] = moved[bins - 1 : 2 * bins - 1]
    return found
