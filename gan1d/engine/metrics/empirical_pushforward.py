"""The distribution of a generator whose latent has several dimensions, from what it makes of many fixed z.

On a line, G between two neighbouring z is known but for its curvature, so its distribution is exact; in a space no
grid is fine enough. Here every z is an atom of equal mass. What that costs: with 8,191 z of a lattice, Wasserstein-1 is
off by some thousandths of a standard deviation, .014 at worst, and Jensen-Shannon says .003 of two equal densities,
because 256 bins see the atoms.
"""

import numpy as np
from numpy.typing import ArrayLike

from gan1d.engine.arrays import Float64


class EmpiricalPushforward:
    """As `pushforward.Pushforward`, for values at `count` equally likely z instead of on a grid.

    Args:
        count: Values of each row.
        points: Where to evaluate, increasing, `(m,)`.
        rows: How many generators at once.
    """

    def __init__(self, count: int, points: ArrayLike, *, rows: int = 1) -> None:
        self.points = np.asarray(points, np.float64)
        self.gaps = np.diff(self.points, prepend=self.points[:1])
        self._shape = rows, count
        # An atom counts from the next point on its right; what is right of them all goes to a column that nobody reads.
        self._columns = len(self.points) + 1
        self._first_column = np.repeat(np.arange(rows) * self._columns, count)
        self._next = np.append(self.points, self.points[-1])

    def __call__(self, values: Float64) -> tuple[Float64, Float64]:
        """Distribution functions and the area under them.

        Args:
            values: G at the z, `(rows, count)`, in units of x.

        Returns:
            Share at or below each point, and its integral since the point before (0 for the first), both `(rows, m)`.

        Raises:
            ValueError: There are not as many values as were announced.
        """
        if values.shape != self._shape:
            raise ValueError(f"Expected {self._shape} values, but got {values.shape}.")
        index = self.points.searchsorted(values.ravel())
        reach = self._next[index] - values.ravel()
        index += self._first_column
        rows, count = self._shape
        shares, entering = (
            np.bincount(index, weights, rows * self._columns).reshape(rows, -1)[:, :-1] / count
            for weights in (None, reach)
        )
        below = shares.cumsum(axis=1)
        areas = entering
        areas[:, 1:] += below[:, :-1] * self.gaps[1:]
        areas[:, 0] = 0.0
        return below, areas

    def moments(self, values: Float64) -> tuple[Float64, Float64]:
        """Mean and standard deviation of G(z) for each row, `(rows,)`, in units of x."""
        mean = values.mean(axis=1)
        return mean, np.sqrt(np.square(values - mean[:, None]).mean(axis=1))

    def beyond(self, values: Float64, end: float) -> float:
        """How far one row of values, `(count,)`, reaches beyond an end on the right: mass times mean distance."""
        return float(np.fmax(values - end, 0.0).mean())
