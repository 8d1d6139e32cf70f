"""Points of the data axis: bins, and cuts between modes."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gan1d.engine.arrays import Float64

INNER_PARTS = 16
"""Parts of an interval between two points, at whose ends CDFs that cross there are compared."""

Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Grid:
    """Points of the data axis at which CDFs are known. Grids with the same points are equal.

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
    def _key(self) -> tuple[bytes, ...]:
        return self.edges.tobytes(), self.cuts.tobytes(), self.others.tobytes()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Grid) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

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
    def within(self) -> Float64:
        """Ends of the parts of the interval before each point, `(points, INNER_PARTS + 1)`."""
        return np.asarray(self.points[:, None] - self.gaps[:, None] * np.linspace(1.0, 0.0, INNER_PARTS + 1))

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
