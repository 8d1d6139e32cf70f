"""Distances between two distributions, by their masses or moments, and the accuracy of a discriminator."""

import math

import numpy as np
from numpy.typing import ArrayLike

from gan1d.engine.arrays import HALF, ONE, Float64

SMALLEST_MASS = 1e-300
"""Keeps 0·log 0 at 0, and 0/0 of masses at 0, without a test for it."""

SMALLEST_RISE = 1e-200
"""Keeps 0/0 at 0 where D is constant."""

MINUS_ONE = np.array(-1.0)


def jensen_shannon(p: ArrayLike, q: ArrayLike) -> Float64:
    """Jensen-Shannon divergence of two histograms: ½·KL(p‖m) + ½·KL(q‖m), m = (p + q)/2 (Lin 1991, eq. 4.1).

    Args:
        p: Masses, `(bins,)`, summing to 1.
        q: Masses on the same bins, `(…, bins)`.

    Returns:
        `(…,)`, in nats, from 0 (equal) to ln 2 (disjoint).
    """
    first: Float64 = np.asarray(p, np.float64) + SMALLEST_MASS
    second: Float64 = np.asarray(q, np.float64) + SMALLEST_MASS
    middle: Float64 = first + second
    np.multiply(middle, HALF, middle)
    ratio = first / middle
    divergence: Float64 = np.log(ratio, ratio).dot(first)
    np.divide(second, middle, middle)
    np.log(middle, middle)
    np.multiply(middle, second, middle)
    divergence = (divergence + np.add.reduce(middle, -1)) * 0.5
    return np.asarray(np.fmin(np.fmax(divergence, 0.0), math.log(2)))


def frechet(mean: float, deviation: float, target_mean: float, target_deviation: float) -> float:
    """Fréchet distance of two Gaussians with these moments: (μ_g − μ)² + (σ_g − σ)².

    It is ‖μ_g − μ‖² + tr(Σ + Σ_g − 2·√(ΣΣ_g)) in one dimension (Fréchet 1957; Heusel et al. 2017, arXiv:1706.08500,
    eq. 6, on x itself instead of features of images).

    Args:
        mean: Mean of the generator, in units of x.
        deviation: Standard deviation of the generator, in units of x.
        target_mean: Mean of the target, in units of x.
        target_deviation: Standard deviation of the target, in units of x.

    Returns:
        In squared units of x, at least 0; 0 also for a generator that has only these two moments right. Infinite where
        it is too large for a double.
    """
    apart, wider = mean - target_mean, deviation - target_deviation
    # Products, because a power that is too large for a double raises an error.
    return apart * apart + wider * wider


def decisions(readout: ArrayLike, threshold: float) -> Float64:
    """D's decision in each bin: 1 real, −1 fake, 0 neither, and in between where D crosses its threshold in the bin.

    Args:
        readout: D at the centre of each bin, and at one point beyond either end, `(bins + 2,)`.
        threshold: The value of D that means neither real nor fake.

    Returns:
        Share of the bin where D is above `threshold`, less the share where it is below, if D is linear within the bin,
        `(bins + 2,)`.
    """
    margin = np.array(readout, np.float64)
    margin -= threshold
    rise = np.empty_like(margin)
    rise[0] = rise[-1] = 0.0
    inner = rise[1:-1]
    np.abs(np.subtract(margin[2:], margin[:-2], inner), inner)
    np.multiply(inner, 0.25, inner)
    np.divide(margin, np.add(rise, SMALLEST_RISE, rise), margin)
    return np.asarray(np.fmin(np.fmax(margin, MINUS_ONE, margin), ONE, margin))


def accuracy(leaning: Float64, real: Float64, fake: Float64) -> tuple[float, float]:
    """Accuracy of a discriminator on reals and on fakes: the mass on each side that it classifies correctly.

    Undecided mass counts half, so a D that is undecided everywhere has ½ on each side, as at the equilibrium. No
    discriminator has a mean of both above ½ + ½·TV, the total variation of real and fake (Lopez-Paz & Oquab 2017,
    arXiv:1610.06545, section 3).

    Args:
        leaning: D's decisions, as returned by `decisions`, `(bins,)`.
        real: Real mass of each bin, `(bins,)`, summing to 1.
        fake: Fake mass of each bin, `(bins,)`, summing to 1.

    Returns:
        On real and on fake, each from 0 to 1.
    """
    return min(max(0.5 + 0.5 * float(real @ leaning), 0.0), 1.0), min(max(0.5 - 0.5 * float(fake @ leaning), 0.0), 1.0)
