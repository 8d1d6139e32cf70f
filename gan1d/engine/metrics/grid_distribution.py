"""Distributions on the data axis, as metrics see them: exact CDFs at the points of a grid, and the overflow beyond it.

Generators (by `Pushforward` or `EmpiricalPushforward`), targets and training samples all become a `GridDistribution`,
and are compared as such. One object may hold several distributions, a row each, in little more than the time of one.
Means and deviations are not read off the grid: `Pushforward.moments` computes them exactly.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gan1d.engine.arrays import ZERO, Float64
from gan1d.engine.metrics.crossings import (
    INNER_PLACES,
    UNEVENNESS,
    crossing_bound,
    inner_costs,
    leap_cost,
    parabola_cost,
)
from gan1d.engine.metrics.divergences import jensen_shannon
from gan1d.engine.special_functions import normal_cdf

Indices = NDArray[np.intp]

CROSSING_TOLERANCE = 1e-4
"""Part of Wasserstein-1 that the cost of an interval may be off by before the CDFs are evaluated within it."""

AROUND = np.arange(-2, 2)
"""Points around an interval, from the point at its right end."""

FAR_DISTANCES = np.append(0.0, np.geomspace(1e-3, 1e4, 400))
"""Distances from an end of the grid, in its lengths, at which CDFs are compared beyond it."""

OVERFLOW_ROUNDING = 1e-9
"""Mass beyond an end of the grid up to which it is taken for rounding."""


@dataclass(frozen=True, eq=False)
class Grid:
    """Points of the data axis at which CDFs are known.

    Attributes:
        edges: Edges of the bins, increasing, `(bins + 1,)`; equally spaced where distributions are blurred.
        cuts: Points between neighbouring modes of the target, increasing, `(modes − 1,)`.
        others: Further points, in any order, `(others,)`.

    Raises:
        ValueError: Edges or cuts do not increase.
    """

    edges: Float64
    cuts: Float64 = field(default_factory=lambda: np.empty(0))
    others: Float64 = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        for name in ("edges", "cuts"):
            if np.any(np.diff(getattr(self, name)) < 0):
                raise ValueError(f"Expected {name} from left to right, but got some that step back.")

    @cached_property
    def points(self) -> Float64:
        """Edges, cuts and others together, increasing, `(points,)`."""
        return np.sort(np.concatenate([self.edges, self.cuts, self.others]))

    @cached_property
    def gaps(self) -> Float64:
        """Distance of each point to the one before, 0 for the first, `(points,)`."""
        return np.diff(self.points, prepend=self.points[:1])

    @cached_property
    def at_edges(self) -> Indices:
        """Indices of the edges among the points, `(bins + 1,)`."""
        return np.searchsorted(self.points, self.edges)

    @cached_property
    def at_cuts(self) -> Indices:
        """Indices of the cuts among the points, `(modes − 1,)`."""
        return np.searchsorted(self.points, self.cuts)

    @cached_property
    def at_others(self) -> Indices:
        """Indices of the other points among the points, `(others,)`."""
        return np.searchsorted(self.points, self.others)

    @cached_property
    def low(self) -> float:
        """Left end of the axis."""
        return float(self.edges[0])

    @cached_property
    def high(self) -> float:
        """Right end of the axis."""
        return float(self.edges[-1])

    @cached_property
    def bin_width(self) -> float:
        """Width of a bin, in units of x."""
        return (self.high - self.low) / (len(self.edges) - 1)

    @cached_property
    def centres(self) -> Float64:
        """Centres of the bins, `(bins,)`."""
        return 0.5 * (self.edges[:-1] + self.edges[1:])


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
        cdf_at: CDF of all rows at further points between the ends of the grid, increasing, `(n,)` → `(rows, n)`; None
            if it is known on the grid only.
    """

    grid: Grid
    cdf: Float64
    cdf_integral: Float64
    masses: Float64
    overflow: Sequence[Overflow]
    cdf_at: CDF | None = None

    @classmethod
    def from_cdf(
        cls,
        grid: Grid,
        cdf: Float64,
        cdf_integral: Float64,
        moments: Callable[[int], tuple[float, float]],
        cdf_at: CDF | None = None,
    ) -> "GridDistribution":
        """Distributions that are known by their CDF on the grid.

        Args:
            grid: Points at which the CDF is known.
            cdf: Probability at or below each point, `(rows, points)`.
            cdf_integral: Integral of the CDF since the point before, `(rows, points)`.
            moments: Mass times mean distance of the overflow of a row, left and right, in units of x. It is called only
                for rows that have mass there.
            cdf_at: CDF at further points.
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
        return cls(grid, cdf, cdf_integral, masses, overflow, cdf_at)

    @classmethod
    def stack(cls, parts: "Sequence[GridDistribution]") -> "GridDistribution":
        """All rows of several objects on the same grid as one object."""
        cdf, cdf_integral, masses = (
            np.concatenate([getattr(part, name) for part in parts]) for name in ("cdf", "cdf_integral", "masses")
        )
        overflow = [row for part in parts for row in part.overflow]
        known = [part.cdf_at for part in parts if part.cdf_at is not None]
        cdf_at = (lambda x: np.concatenate([each(x) for each in known])) if len(known) == len(parts) else None
        return cls(parts[0].grid, cdf, cdf_integral, masses, overflow, cdf_at)

    def __getitem__(self, rows: slice) -> "GridDistribution":
        """Some of the rows, sharing their memory."""
        whole = self.cdf_at
        return GridDistribution(
            self.grid,
            self.cdf[rows],
            self.cdf_integral[rows],
            self.masses[rows],
            self.overflow[rows],
            None if whole is None else lambda x: whole(x)[rows],
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
        costs = self.cdf_integral - other.cdf_integral
        # All rows as one stretch of memory, which is faster; between two rows there is neither width nor area.
        difference, areas = (self.cdf - other.cdf).ravel(), costs.ravel()
        crossed = (difference[1:] * difference[:-1] < 0).nonzero()[0] + 1
        at_crossings = areas.take(crossed)
        np.abs(costs, costs)
        if len(crossed):
            self._replace_crossings(other, difference, at_crossings, costs, crossed)
        overflows = other.overflow if len(other.overflow) > 1 else [other.overflow[0]] * len(self.overflow)
        found: list[float] = np.add.reduce(costs, 1).tolist()
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

    def _replace_crossings(
        self, other: "GridDistribution", difference: Float64, areas: Float64, costs: Float64, crossed: Indices
    ) -> None:
        """Replace the costs of intervals in which the CDFs cross.

        Args:
            other: The distributions that these are compared with.
            difference: Difference of the CDFs at the points, row after row, `(rows · points,)`.
            areas: Integral of the difference in each of the intervals, `(n,)`.
            costs: Cost of the interval before each point, `(rows, points)`, overwritten.
            crossed: Points at the ends of the intervals, as indices of `difference`, `(n,)`.
        """
        count, found, rough = len(self.grid.points), [], []
        tolerances = (CROSSING_TOLERANCE * np.add.reduce(costs, 1)).tolist()
        widths = self.grid.gaps.take(crossed % count)
        around = difference.take(crossed[:, None] + AROUND, mode="clip") * widths[:, None]
        for index, (place, area, (left, start, end, right)) in enumerate(
            zip(crossed.tolist(), areas.tolist(), around.tolist(), strict=True)
        ):
            if start == end:  # between rows, or in an interval without width
                found.append(0.0)
                continue
            unevenness = UNEVENNESS * abs(right - left - 3 * (end - start))
            if end < 0:
                start, end, area = -start, -end, -area
            tolerance = tolerances[place // count]
            if unevenness > tolerance and crossing_bound(-start, end) > tolerance:
                rough.append(index)
                found.append(leap_cost(-start, end, area))
            else:
                found.append(parabola_cost(-start, end, area))
        costs.put(crossed, found)
        if rough and self.cdf_at is not None and other.cdf_at is not None:
            places = crossed.take(rough)
            row, point = np.divmod(places, count)
            which = sorted(set(point.tolist()))
            x = self.grid.points.take(which)[:, None] - self.grid.gaps.take(which)[:, None] * INNER_PLACES[::-1]
            inner = (self.cdf_at(x.ravel()) - other.cdf_at(x.ravel())).reshape(-1, *x.shape)
            inside = np.empty((len(places), len(INNER_PLACES) + 2))
            inside[:, 0], inside[:, -1] = difference.take(places - 1), difference.take(places)
            inside[:, 1:-1] = inner[row, np.searchsorted(which, point)]
            costs.put(places, inner_costs(inside, areas.take(rough), widths.take(rough)))

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
        whole = self.cdf_at
        return GridDistribution(
            self.grid,
            mixed(self.cdf),
            mixed(self.cdf_integral),
            mixed(self.masses),
            overflow,
            None if whole is None else lambda x: mixed(whole(x)),
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
