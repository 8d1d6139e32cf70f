"""Cells of the latent axis: parabolas of G, and which cells are split."""

import numpy as np
import pytest

from gan1d.engine.distributions.priors import NormalPrior, UniformPrior
from gan1d.engine.metrics.curve_cells import EVEN, NO_CELLS, SPLIT, CellScale, Level, PriorCells, error_limits
from gan1d.engine.special_functions import normal_cdf

Z = np.array([-4.0, -2.0, -1.0, 0.0, 0.5, 1.0, 4.0])
NORMAL = NormalPrior()
NORMAL_CELLS = PriorCells(NORMAL, Z[None], normal_cdf(Z)[None])
WIDTH = 0.05
"""Width of a bin."""


def level(values: np.ndarray, prior: PriorCells = NORMAL_CELLS) -> Level:
    return Level(values[None], prior.z, prior.table, CellScale.of(prior.z[0], 1), np.array([0]), NO_CELLS)


def even(values: np.ndarray) -> Level:
    """A level on even nodes from −1 to 1."""
    prior = UniformPrior()
    z = np.linspace(-1, 1, len(values))
    return level(values, PriorCells(prior, z[None], prior.cdf(z)[None]))


def split_cells(found: Level) -> list[int]:
    cells, _ = found.unresolved(error_limits(found.table[5], WIDTH), has_kinks=True)
    return [int(cell) for cell in cells]


def test_masses_are_those_of_the_prior() -> None:
    masses, skew, below = NORMAL_CELLS.table[:, 0]
    np.testing.assert_allclose(masses, [*np.diff(normal_cdf(Z)), 0.0], rtol=0, atol=1e-15)
    np.testing.assert_array_equal(below, normal_cdf(Z))
    assert np.all(skew[:3] > 0)
    assert np.all(skew[3:-1] < 0)


def test_a_parabola_is_met_exactly_on_uneven_nodes() -> None:
    """Between two nodes x = start + t·step − t·(1 − t)·bend; near the ends the second derivative is a neighbour's."""
    start, step, bend = level(3 * Z**2 - Z).table[:3, :-1]
    for t in (0.25, 0.5):
        z = Z[:-1] + t * np.diff(Z)
        np.testing.assert_allclose(start + t * step - t * (1 - t) * bend, 3 * z**2 - z, rtol=1e-12)


def test_moments_are_the_integrals_of_g() -> None:
    """∫ z over half of a normal distribution is φ(0); a straight G with a straight density is nearly exact."""
    z = np.linspace(-6, 6, 481)
    moments = level(z, PriorCells(NORMAL, z[None], normal_cdf(z)[None])).moments[0]
    assert moments[240:].sum() == pytest.approx(1 / np.sqrt(2 * np.pi), rel=1e-6)
    assert moments.sum() == pytest.approx(0.0, abs=1e-12)


def test_no_cell_of_a_parabola_is_split_but_those_around_a_kink() -> None:
    z = np.linspace(-1, 1, 41)
    assert split_cells(even(z**2)) == []
    kink = split_cells(even(np.maximum(z, 0.513)))
    assert 30 in kink  # the cell from .5 to .55
    assert set(kink) <= set(range(27, 34))


def test_parts_of_a_split_cell_need_no_widths() -> None:
    """The bend of even cells follows from the values alone."""
    values = np.linspace(0, 1, SPLIT + 1) ** 2
    prior = PriorCells(UniformPrior(), np.linspace(0, 1, SPLIT + 1)[None], np.linspace(0.5, 1, SPLIT + 1)[None])
    parts = Level(values[None], prior.z, prior.table, EVEN, np.array([0]), np.array([0]))
    np.testing.assert_allclose(parts.table[2, :-1], level(values, prior).table[2, :-1], rtol=1e-12)
    np.testing.assert_allclose(parts.table[2, :-1], 1 / SPLIT**2, rtol=1e-12)


def test_outer_parts_of_a_split_cell_that_bend_may_hide_a_kink() -> None:
    """The slope beyond them is not known; so if G has kinks, they are split again, even those of a parabola."""
    z = np.linspace(0.5, 1, SPLIT + 1)
    prior = PriorCells(UniformPrior(), z[None], (0.5 * (z + 1))[None])
    values = 0.01 * np.arange(SPLIT + 1) ** 2
    parts = Level(values[None], prior.z, prior.table, EVEN, np.array([0]), np.array([0]))
    limits = error_limits(parts.table[5], WIDTH)
    assert parts.unresolved(limits, has_kinks=True)[0].tolist() == [0, SPLIT - 1]
    assert parts.unresolved(limits, has_kinks=False)[0].tolist() == []
