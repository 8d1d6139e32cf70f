"""Rates, limit circles and conserved quantities of the games of two numbers, as formulas.

They are written independently of `dynamics`, which computes the same from the games themselves.
"""

import math

import numpy as np

from gan1d.engine.arrays import Float64


def bilinear_simultaneous_rate(learning_rate: float) -> float:
    """√(1 + h²): simultaneous steps leave the equilibrium (Gidel et al. 2019, arXiv:1802.10551, section 3.1)."""
    return math.sqrt(1 + learning_rate**2)


def bilinear_extragradient_rate(learning_rate: float) -> float:
    """√(1 − h² + h⁴): extragradient settles for h < 1 (Gidel et al. 2019, arXiv:1802.10551, section 3.2)."""
    return math.sqrt(1 - learning_rate**2 + learning_rate**4)


def bilinear_optimistic_rate(learning_rate: float) -> float:
    """Rate of optimism and of extrapolation from the past, which settle for h < 1/√3.

    The eigenvalues solve λ² − (1 ± 2ih)·λ ± ih = 0, so λ = (1 ± 2ih + √(1 − 4h²))/2 is the largest; its modulus is
    √((1 + √(1 − 4h²))/2) for h ≤ ½ (Gidel et al. 2019, arXiv:1802.10551, section 3.2).
    """
    return abs(1 + 2j * learning_rate + complex(np.emath.sqrt(1 - 4 * learning_rate**2))) / 2


def bilinear_alternating_invariant(point: Float64, learning_rate: float) -> Float64:
    """θ² + ψ² − h·θψ, which alternating steps keep if G is first, `(…,)` (Gidel et al. 2019, section 3.1)."""
    theta, psi = point
    return np.asarray(theta**2 + psi**2 - learning_rate * theta * psi)


def dirac_flow_eigenvalues(gamma: float) -> tuple[complex, complex]:
    """−γ/2 ± √(γ²/4 − ¼): the Dirac-GAN with penalty γ/2·ψ² (Mescheder et al. 2018, arXiv:1801.04406, lemma 3.3)."""
    root = np.emath.sqrt(gamma**2 / 4 - 0.25)
    return complex(-gamma / 2 + root), complex(-gamma / 2 - root)


def dirac_noise_eigenvalues(deviation: float) -> tuple[complex, complex]:
    """−σ²/4 ± √(σ⁴/16 − ¼): the Dirac-GAN with instance noise (Mescheder et al. 2018, arXiv:1801.04406, lemma 3.2)."""
    root = np.emath.sqrt(deviation**4 / 16 - 0.25)
    return complex(-(deviation**2) / 4 + root), complex(-(deviation**2) / 4 - root)


def dirac_simultaneous_rate(learning_rate: float, gamma: float = 0.0) -> float:
    """|1 + h·λ| for the larger eigenvalue λ of the flow; √(1 + h²/4) without a penalty."""
    return max(abs(1 + learning_rate * eigenvalue) for eigenvalue in dirac_flow_eigenvalues(gamma))


def dirac_alternating_rate(learning_rate: float, gamma: float = 0.0) -> float:
    """Rate of steps in which G moves first and then D, once each; √(1 − hγ) where the eigenvalues are complex.

    They solve λ² − (2 − hγ − h²/4)·λ + 1 − hγ = 0, since the matrix of the step is the product of G's and D's. Best is
    γ = 1 − h/4, where the discriminant h²·((γ + h/4)² − 1) is 0 and the rate 1 − h/2.
    """
    trace = 2 - learning_rate * gamma - learning_rate**2 / 4
    root = learning_rate * np.emath.sqrt((gamma + learning_rate / 4) ** 2 - 1)
    return float(max(abs(trace + root), abs(trace - root))) / 2


def non_saturating_limit_radius(learning_rate: float) -> float:
    """√(2h): radius of the circle on which simultaneous steps of the non-saturating Dirac-GAN end, to first order in h.

    A step lengthens r² by h²·r²/4; the flow shortens it by 2h·w·tanh(w/2), w = θψ, on average h·r⁴/8 over a circle.
    """
    return math.sqrt(2 * learning_rate)


def non_saturating_alternating_radius(learning_rate: float, start: float, steps: int) -> float:
    """(1/r₀² + n·h/8)^(−½): radius of the non-saturating Dirac-GAN after n alternating steps, to first order in h.

    Args:
        learning_rate: Size of one update, h.
        start: Radius r₀ before the first step.
        steps: Number n of steps.
    """
    return 1 / math.sqrt(1 / start**2 + steps * learning_rate / 8)


def quadratic_wgan_eigenvalues(regularizer: float) -> tuple[complex, complex]:
    """−4η/9 ± ⅔·√(4η²/9 − 1) (Nagarajan & Kolter 2017, arXiv:1706.04156, section 4, for their one-dimensional WGAN)."""
    root = 2 / 3 * np.emath.sqrt(4 * regularizer**2 / 9 - 1)
    return complex(-4 * regularizer / 9 + root), complex(-4 * regularizer / 9 - root)
