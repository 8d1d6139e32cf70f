"""How far apart two distributions on the line are, without drawing a sample.

A generator of one variable pushes its prior forward exactly: between two neighbouring values of z, G is a straight
piece to any accuracy wanted, and the prior's mass between them is spread evenly over the stretch of x that the
piece covers. So the generated distribution function is a sum of ramps, and everything below follows from it. Where
G is piecewise linear in truth (ReLU) and its kinks lie on the grid, nothing at all is lost; elsewhere the error
falls with the square of the grid's spacing.
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from gan1d.engine.latents import Float64

NARROWEST = 1e-8
"""A piece of G shorter than this in x counts as a point that holds its mass: finer than anything drawn."""


SMALLEST_MASS = 1e-300
"""Keeps 0·log 0 at 0 without a test for it."""


def pushforward_cdf(values: ArrayLike, masses: ArrayLike, points: ArrayLike) -> Float64:
    """The distribution function of G(z) at some points.

    Every piece adds its mass as a ramp from its one end to the other. Summed, that is a piecewise linear function
    whose slope changes at the values of G only, so one sort and one running sum give it everywhere.

    Args:
        values: G on an increasing grid of z, `(n + 1,)`, in units of x.
        masses: Probability of z between neighbouring grid values, `(n,)`, summing to 1.
        points: Where to evaluate, `(m,)`.

    Returns:
        Probability below each point, `(m,)`, from 0 to 1.

    Raises:
        ValueError: There is not exactly one mass between each two values.
    """
    nodes, mass = np.asarray(values, np.float64), np.asarray(masses, np.float64)
    if nodes.shape != (len(mass) + 1,):
        raise ValueError(f"Expected {len(mass) + 1} values for {len(mass)} masses, but got {nodes.shape}.")
    widths = np.diff(nodes)
    flat = np.abs(widths) < NARROWEST
    rates = np.divide(mass, widths, out=np.zeros_like(mass), where=~flat)
    changes = np.zeros_like(nodes)
    changes[:-1] += rates
    changes[1:] -= rates
    order = np.argsort(nodes)
    ordered = nodes[order]
    density = np.cumsum(changes[order])[:-1]
    below = np.concatenate([[0.0], np.cumsum(density * np.diff(ordered))])
    places = np.asarray(points, np.float64)
    found: Float64 = np.interp(places, ordered, below)
    if flat.any():
        found += mass_at_points(nodes[:-1][flat], mass[flat], places)
    found[places > ordered[-1]] = 1.0  # whatever was rounded on the way
    return np.asarray(np.clip(found, 0.0, 1.0))


def mass_at_points(places: Float64, masses: Float64, points: Float64) -> Float64:
    """How much of the mass that sits on single places lies at or below each point."""
    order = np.argsort(places)
    running = np.concatenate([[0.0], np.cumsum(masses[order])])
    return np.asarray(running[np.searchsorted(places[order], points, side="right")])


def wasserstein1(values: ArrayLike, target_quantiles: ArrayLike) -> float:
    """Wasserstein-1: the mean distance that mass has to travel, ∫₀¹ |F_g⁻¹(u) − F⁻¹(u)| du.

    In one dimension the cheapest transport keeps the order, so sorting solves it (Villani 2003, theorem 2.18).

    Args:
        values: G at n equally likely z, or n samples, `(n,)`.
        target_quantiles: F⁻¹ at (i + ½)/n, increasing, `(n,)`.

    Returns:
        In units of x, at least 0; 0 for a perfect generator; a shift by δ scores |δ|.
    """
    return float(np.mean(np.abs(np.sort(np.asarray(values, np.float64)) - np.asarray(target_quantiles))))


def jensen_shannon(p: ArrayLike, q: ArrayLike) -> float:
    """Jensen-Shannon divergence of two histograms: ½·KL(p‖m) + ½·KL(q‖m), m = (p + q)/2 (Lin 1991, eq. 4.1).

    Args:
        p: Masses, `(bins,)`, summing to 1.
        q: Masses on the same bins.

    Returns:
        In nats, from 0 (equal) to ln 2 (disjoint).
    """
    p, q = np.asarray(p, np.float64), np.asarray(q, np.float64)
    middle = 0.5 * (p + q) + SMALLEST_MASS
    divergence = p @ np.log((p + SMALLEST_MASS) / middle) + q @ np.log((q + SMALLEST_MASS) / middle)
    return min(max(0.5 * float(divergence), 0.0), math.log(2))


def between(below: Float64) -> Float64:
    """Mass below the first cut, between neighbours and above the last, from what is below each: `(n,)` → `(n + 1,)`."""
    masses = np.empty(len(below) + 1)
    if len(below) == 0:
        masses[0] = 1.0
        return masses
    masses[0], masses[-1] = below[0], 1.0 - below[-1]
    np.subtract(below[1:], below[:-1], masses[1:-1])
    return masses


def histogram(samples: ArrayLike, low: float, high: float, bins: int) -> Float64:
    """Counts of samples on equal bins, with those outside kept: no sample is lost.

    Args:
        samples: `(n,)`.
        low: Left end of the first bin.
        high: Right end of the last bin; it belongs to that bin.
        bins: Number of bins between them.

    Returns:
        `(bins + 2,)`: below `low`, the bins, above `high`; NaN samples are an error of the caller.
    """
    points = np.asarray(samples, np.float64)
    place = np.floor((points - low) * (bins / (high - low)))
    index = np.clip(place, -1, bins).astype(np.int64) + 1
    index[points == high] = bins
    return np.bincount(index, minlength=bins + 2).astype(np.float64)
