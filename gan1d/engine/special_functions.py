"""Special functions that NumPy lacks: the incomplete beta function (for Student's t) and the normal CDF."""

import math

import numpy as np
from numpy.typing import ArrayLike

from gan1d.engine.arrays import Float64

MAX_FRACTION_TERMS = 200
"""Largest number of terms of the continued fraction; for a, b ≤ 15 about 30 are enough."""
LENTZ_MINIMUM = 1e-300
"""Replacement for a denominator of 0 in Lentz's method."""


def incomplete_beta(a: float, b: float, x: ArrayLike, complement: ArrayLike) -> Float64:
    """Regularized incomplete beta function I_x(a, b) = ∫₀ˣ tᵃ⁻¹ (1 − t)ᵇ⁻¹ dt / B(a, b).

    The relative error is below 1e-13.

    Args:
        a: First parameter, above 0.
        b: Second parameter, above 0.
        x: Upper limit of the integral, from 0 to 1, `(n,)`.
        complement: 1 − x, `(n,)`; an argument of its own, because computing a small 1 − x here would lose digits.

    Returns:
        `(n,)`, from 0 to 1.
    """
    x, complement = np.asarray(x, np.float64), np.asarray(complement, np.float64)
    # The continued fraction converges quickly only left of the integrand's peak; right of it,
    # I_x(a, b) = 1 − I_{1−x}(b, a) (DLMF 8.17.4).
    left = x < (a + 1) / (a + b + 2)
    result = np.empty_like(x)
    result[left] = leading_factor(a, b, x[left], complement[left]) * continued_fraction(a, b, x[left])
    other = ~left
    result[other] = 1 - leading_factor(b, a, complement[other], x[other]) * continued_fraction(b, a, complement[other])
    return result


def leading_factor(a: float, b: float, x: Float64, complement: Float64) -> Float64:
    """Factor xᵃ (1 − x)ᵇ / (a B(a, b)) in front of the continued fraction (DLMF 8.17.22)."""
    scale = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)) / a
    return np.asarray(scale * x**a * complement**b)


def continued_fraction(a: float, b: float, x: Float64) -> Float64:
    """Continued fraction 1/(1 + d₁/(1 + d₂/(1 + …))) of DLMF 8.17.22, by the method of Lentz (1976)."""
    value, above, below = np.ones_like(x), np.ones_like(x), np.zeros_like(x)
    for term in range(1, MAX_FRACTION_TERMS):
        m = term // 2
        if term % 2 == 0:
            d = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        else:
            d = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        below = 1 / away_from_zero(1 + d * below)
        above = away_from_zero(1 + d / above)
        value = value * above * below
        if np.all(np.abs(above * below - 1) < 1e-15):
            break
    return 1 / value


def away_from_zero(values: Float64) -> Float64:
    """Values with those near 0 replaced by `LENTZ_MINIMUM`, so that dividing by them is safe."""
    return np.where(np.abs(values) < LENTZ_MINIMUM, LENTZ_MINIMUM, values)


_NODES = np.linspace(-9.0, 9.0, 18 * 128 + 1)
_CDF_AT_NODES = np.array([0.5 * math.erfc(-node / math.sqrt(2)) for node in _NODES])
_PDF_AT_NODES = np.exp(-0.5 * _NODES**2) / math.sqrt(2 * math.pi)


def normal_cdf(z: ArrayLike) -> Float64:
    """Cumulative distribution function Φ(z) of the standard normal distribution, with an error below 1e-14.

    NumPy has no erf, so this is a Taylor expansion of fourth order around the nearest of 2,305 exact values. The
    derivatives of Φ are φ, −z·φ, (z² − 1)·φ and (3z − z³)·φ. The mass beyond ±9, 1e-19, is neglected.

    Args:
        z: Points, any shape.

    Returns:
        Φ(z), same shape, from 0 to 1.
    """
    points = np.clip(np.asarray(z, np.float64), -9.0, 9.0)
    index = np.rint((points + 9.0) * 128).astype(np.intp)
    node, pdf = _NODES[index], _PDF_AT_NODES[index]
    d = points - node
    square = node * node
    series = 1 + d * (-node / 2 + d * ((square - 1) / 6 + d * (3 - square) * node / 24))
    return np.asarray(_CDF_AT_NODES[index] + pdf * d * series)
