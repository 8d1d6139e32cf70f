"""G's update against the optimal discriminator D*, which is computed from both densities before every update.

The fakes are G at 1024 quantiles z of the prior, each with the same mass. A cubic B-spline spreads every mass over four
points of a lattice, and the mass of the reals likewise. D* and the cost c of a fake at each point follow from both, and
L_G = Σ q·c, where q are the masses of the fakes. As in every update of G, D is fixed: dL_G/dG(zᵢ) = Σ c·dq/dG(zᵢ). It
goes back through G like any other gradient. No sample is drawn, so the update has no noise.

For the minimax loss that is also the gradient of the value of the game at D*, 2·JS − 2·ln 2, whose derivative by D
vanishes at D* (Goodfellow et al. 2014, arXiv:1406.2661, prop. 2; Li et al. 2018, arXiv:1706.09884, train the first GAN
against an optimal D in this way).
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gan1d.engine.arrays import Float64
from gan1d.engine.metrics.optimal_discriminator import RealFakeMasses
from gan1d.engine.networks.mlp import MLP, Workspace
from gan1d.engine.objectives.losses import Loss
from gan1d.engine.protocols import TrainerSettings

NODES: Final = 1024
"""Quantiles of the prior at which G is evaluated."""
CELLS: Final = 128
"""Cells of the lattice between the quantiles `ENDS` of the reals."""
ENDS: Final = (0.001, 0.999)
BLOCK_CELLS: Final = 64
"""Cells by which the lattice is extended towards fakes beyond the reals."""
MOST_CELLS: Final = 1024
"""Largest number of such cells on either side; fakes beyond them are pushed as at the end."""
LEAST_RANGE: Final = 1e-9
"""Least distance of the `ENDS`, for a target of a single value."""
PARTS: Final = 8
"""Parts of a cell in each of which the mass of the reals counts at the middle."""
MARGIN: Final = 3
"""Cells between the outermost mass and the end of the lattice: a spline reaches over two points on either side."""


@dataclass(frozen=True)
class Spread:
    """Masses spread over a lattice by cubic B-splines.

    Attributes:
        index: First of the four points of each mass, `(n,)`.
        weights: Share of each mass at its four points, `(4, n)`.
        slopes: Derivatives of the weights by the position, `(4, n)`.
    """

    index: NDArray[np.intp]
    weights: Float64
    slopes: Float64

    def masses(self, parts: Float64, count: int) -> Float64:
        """Masses at the points of the lattice, `(count,)`, of parts `(n,)`."""
        points = self.index + np.arange(4)[:, None]
        return np.asarray(np.bincount(points.ravel(), (self.weights * parts).ravel(), count), np.float64)

    def at_points(self, values: Float64, *, slope: bool = False) -> Float64:
        """Sums of values of the lattice, `(count,)`, with the weights of each mass, or with their slopes, `(n,)`."""
        points = self.index + np.arange(4)[:, None]
        return np.asarray(((self.slopes if slope else self.weights) * values[points]).sum(axis=0))


def spread(positions: Float64, first: int, width: float) -> Spread:
    """Spread masses at some positions.

    Args:
        positions: In units of x, `(n,)`.
        first: Number of the first point of the lattice; point k lies at k·width.
        width: Distance of two points, in units of x.
    """
    u = positions / width - first
    cell = np.floor(u)
    t = u - cell
    rest, cube = 1 - t, t**3
    weights = np.stack([rest**3, 3 * cube - 6 * t**2 + 4, 3 * (t + t**2 - cube) + 1, cube]) / 6
    slopes = np.stack([-(rest**2), t * (3 * t - 4), 1 + t * (2 - 3 * t), t**2]) / (2 * width)
    return Spread(cell.astype(np.intp) - 1, weights, slopes)


class OptimalOpponent:
    """D* against G, and the gradient of G's loss against it.

    Args:
        config: The settings in force, in the units of the run.
        network: G, only read.

    Attributes:
        gradient: d L_G / d parameters of G after `update`, `(parameters,)`.
        loss_d: L_D of D* after `update`.
        loss_g: L_G against D* after `update`.
    """

    def __init__(self, config: TrainerSettings, network: MLP) -> None:
        self._loss: Loss = config.loss
        self._target = config.target
        self._work = Workspace(network, NODES)
        self._work.inputs[0] = config.latent.quantile((np.arange(NODES) + 0.5) / NODES)
        self.gradient = self._work.gradient
        self.loss_d = self.loss_g = math.nan
        low, high = np.asarray(self._target.quantile(np.array(ENDS)), np.float64).tolist()
        self._width = max(high - low, LEAST_RANGE) / CELLS
        self._core = math.floor(low / self._width), math.ceil(high / self._width)
        self._lattice, self._real_masses = (0, 0), np.empty(0)

    def update(self) -> None:
        """Compute `gradient` and both losses for G as it is now."""
        values = self._work.forward()[0].astype(np.float64)
        fakes, masses, costs = self._judged(values)
        self.loss_g = float(costs @ masses)
        pushes = fakes.at_points(costs, slope=True) / NODES
        self._work.backward(pushes[None].astype(self._work.outputs.dtype))

    def _judged(self, values: Float64) -> tuple[Spread, Float64, Float64]:
        """The fakes on the lattice, their mass and the cost of a fake at each point, both `(points,)`."""
        self._lay_out(values)
        first, count = self._lattice
        fakes = spread(self._within(values), first, self._width)
        masses = fakes.masses(np.full(NODES, 1 / NODES), count)
        edges = (first - 0.5 + np.arange(count + 1)) * self._width
        pair = RealFakeMasses(edges, np.pad(self._real_masses, 1), np.pad(masses, 1))
        self.loss_d = self._loss.optimal_loss(pair)
        return fakes, masses, self._loss.costs_against_optimal(pair)

    def _within(self, positions: Float64) -> Float64:
        """Positions, or the nearest ones whose splines lie on the lattice."""
        first, count = self._lattice
        low, high = ((first + cell) * self._width for cell in (MARGIN, count - 1 - MARGIN))
        return np.clip(positions, low, high)

    def _lay_out(self, values: Float64) -> None:
        """Let the lattice reach from the outermost fake or real to the other, and spread the reals over it.

        It is extended by whole blocks, so that this seldom happens. It depends on G alone, so that a restored run
        continues bit for bit.
        """
        needed = np.array([self._core[0] - values.min() / self._width, values.max() / self._width - self._core[1]])
        blocks = np.ceil(np.clip(np.nan_to_num(needed), 0, MOST_CELLS) / BLOCK_CELLS).astype(int) * BLOCK_CELLS + MARGIN
        first, last = self._core[0] - int(blocks[0]), self._core[1] + int(blocks[1])
        if (first, last - first + 1) == self._lattice:
            return
        self._lattice = first, last - first + 1
        edges = (first + np.arange((last - first) * PARTS + 1) / PARTS) * self._width
        parts = np.diff(np.asarray(self._target.cdf(edges), np.float64))
        reals = spread(self._within(0.5 * (edges[1:] + edges[:-1])), first, self._width)
        masses = reals.masses(parts, self._lattice[1])
        self._real_masses = masses / masses.sum()
