"""How far apart two distributions on the line are, and how well a judge tells them apart.

All of it is computed from distribution functions and masses (see `pushforward` and `atoms`), most of it for several
generators at once, one a row.
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from gan1d.engine.arrays import Float64
from gan1d.engine.metrics.optimal_discriminator import SMALLEST_MASS

SMALLEST_RISE = 1e-200
"""Keeps 0/0 at 0 where D is level."""

COVERED_SHARE = 0.1
"""Share of its due mass from which on a mode counts as held."""


_ZERO, _QUARTER, _HALF, _ONE, _MINUS_ONE, _MINUS_TWO, _LN2 = map(
    np.array, (0.0, 0.25, 0.5, 1.0, -1.0, -2.0, math.log(2))
)
_SMALLEST, _SMALLEST_RISE = map(np.array, (SMALLEST_MASS, SMALLEST_RISE))
"""As arrays, which ufuncs take in half the time that they need for numbers."""


def wasserstein1(
    below: Float64, areas: Float64, target_below: Float64, target_areas: Float64, gaps: Float64
) -> Float64:
    """Wasserstein-1 between the outermost points: the mean distance that mass has to travel there, ∫ |F_g − F| dx.

    In one dimension the cheapest transport keeps the order, so the area between the distribution functions is its
    cost (Villani 2003, theorem 2.18). Between two points, with gaps a and b between the functions at its ends and the
    area A between them, that is |A| where one stays above the other; where one leaps over the other at a single
    place, it is ((a + b)·A + 2·max(0, −a·b)·width)/(|a| + |b|), which covers both.

    Args:
        below: F_g at the points, `(rows, m)`.
        areas: Its integral since the point before, `(rows, m)`.
        target_below: F at the points, a copy for each row, `(rows, m)`.
        target_areas: Its integral, likewise.
        gaps: Distance to the point before, 0 for the first, likewise.

    Returns:
        `(rows,)`, in units of x, at least 0; 0 for a perfect generator; a shift by δ scores |δ|.
    """
    # In one stretch of memory; between two rows there is neither width nor area.
    ahead = (below - target_below).ravel()
    left, right = ahead[:-1], ahead[1:]
    crossed = left * right
    np.fmin(crossed, _ZERO, crossed)
    np.multiply(crossed, gaps.ravel()[1:], crossed)
    np.multiply(crossed, _MINUS_TWO, crossed)
    costs = areas - target_areas
    cost = costs.ravel()[1:]
    np.multiply(cost, left + right, cost)
    np.add(cost, crossed, cost)
    np.abs(ahead, ahead)
    np.add(left, right, crossed)
    np.add(crossed, _SMALLEST, crossed)
    np.divide(cost, crossed, cost)
    # What is left of two equal functions is rounding, of either sign.
    np.fmax(costs, _ZERO, costs)
    return np.asarray(np.add.reduce(costs, 1))


def jensen_shannon(p: ArrayLike, q: ArrayLike) -> Float64:
    """Jensen-Shannon divergence of two histograms: ½·KL(p‖m) + ½·KL(q‖m), m = (p + q)/2 (Lin 1991, eq. 4.1).

    Args:
        p: Masses, `(bins,)`, summing to 1.
        q: Masses on the same bins, `(…, bins)`.

    Returns:
        `(…,)`, in nats, from 0 (equal) to ln 2 (disjoint).
    """
    first: Float64 = np.asarray(p, np.float64) + _SMALLEST
    second: Float64 = np.asarray(q, np.float64) + _SMALLEST
    middle: Float64 = first + second
    np.multiply(middle, _HALF, middle)
    ratio = first / middle
    divergence: Float64 = np.log(ratio, ratio).dot(first)
    np.divide(second, middle, middle)
    np.log(middle, middle)
    np.multiply(middle, second, middle)
    divergence = (divergence + np.add.reduce(middle, -1)) * _HALF
    return np.asarray(np.fmin(np.fmax(divergence, _ZERO), _LN2))


def frechet(mean: float, deviation: float, target_mean: float, target_deviation: float) -> float:
    """Fréchet distance of the two Gaussians that have these moments: (μ_g − μ)² + (σ_g − σ)².

    In one dimension that is all that is left of tr(Σ + Σ_g − 2·√(ΣΣ_g)) (Fréchet 1957; Heusel et al. 2017,
    arXiv:1706.08500, eq. 6, on x itself instead of features of images).

    Returns:
        In squared units of x, at least 0; 0 also for a generator that has only these two moments right.
    """
    return (mean - target_mean) ** 2 + (deviation - target_deviation) ** 2


def mode_coverage(masses: ArrayLike, due: ArrayLike) -> float:
    """Share of the modes that hold at least a tenth (`COVERED_SHARE`) of their due mass.

    The count of modes found, as in Srivastava et al. (2017, arXiv:1705.07761, section 4.1) and Lin et al. (2018,
    arXiv:1712.04086, section 4.1), by exact masses instead of samples.

    Args:
        masses: Generated mass of each mode, `(modes,)`.
        due: The target's, `(modes,)`.

    Returns:
        From 0 to 1.
    """
    held = np.asarray(masses) >= COVERED_SHARE * np.asarray(due)
    return float(np.count_nonzero(held) / len(held))


def decisions(readout: ArrayLike, undecided: float) -> Float64:
    """To which side D leans in each bin: 1 real, −1 fake, 0 neither, and in between where it changes its mind within.

    Args:
        readout: D at the middle of every bin, with one more place at either end, `(bins + 2,)`.
        undecided: The value that stands for neither.

    Returns:
        The share of the bin that is above `undecided`, less the share below, if D is straight there, `(bins + 2,)`.
    """
    lean = np.asarray(readout, np.float64) - undecided
    rise = np.empty_like(lean)
    rise[0] = rise[-1] = 0.0
    inner = rise[1:-1]
    np.abs(np.subtract(lean[2:], lean[:-2], inner), inner)
    np.multiply(inner, _QUARTER, inner)
    np.divide(lean, np.add(rise, _SMALLEST_RISE, rise), lean)
    return np.asarray(np.fmin(np.fmax(lean, _MINUS_ONE, lean), _ONE, lean))


def accuracy(leaning: Float64, real: Float64, fake: Float64) -> tuple[float, float]:
    """How much of each side a judge gets right: the mass of the reals that it takes for real, of the fakes for fake.

    What it leaves undecided counts half, so a D that cannot tell has ½ of each, as at balance. No judge has a mean of
    both above ½ + ½·TV, the total variation of real and fake (Lopez-Paz & Oquab 2017, arXiv:1610.06545, section 3).

    Args:
        leaning: See `decisions`, `(bins,)`.
        real: Real mass of the bins, `(bins,)`, summing to 1.
        fake: Fake mass, likewise.

    Returns:
        On real and on fake, each from 0 to 1.
    """
    return min(max(0.5 + 0.5 * float(real @ leaning), 0.0), 1.0), min(max(0.5 - 0.5 * float(fake @ leaning), 0.0), 1.0)


def bin_masses(below: Float64) -> Float64:
    """Mass below the first cut, between neighbours and above the last: `(…, n)` → `(…, n + 1)`, none below 0."""
    count = below.shape[-1]
    masses = np.empty((*below.shape[:-1], count + 1))
    if count == 0:
        masses[...] = 1.0
        return masses
    masses[..., 0] = below[..., 0]
    np.subtract(below[..., 1:], below[..., :-1], masses[..., 1:-1])
    masses[..., -1] = 1.0 - below[..., -1]
    # Where nothing lies, running sums leave rounding of either sign.
    return np.asarray(np.fmax(masses, _ZERO, masses))
