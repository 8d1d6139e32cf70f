"""Raw scores and what a sigmoid makes of them, stable at any score.

A score is what the discriminator's last layer gives; no sigmoid hides in the network, so that nothing is lost where
it saturates.
"""

import numpy as np
from numpy.typing import ArrayLike

from gan1d.engine.arrays import Array
from gan1d.engine.programs import Program, constant


def sigmoid(scores: ArrayLike) -> Array:
    """σ(s) = 1 / (1 + e⁻ˢ), same shape, with full relative precision for very negative s."""
    with np.errstate(over="ignore"):
        return np.asarray(1 / (1 + np.exp(-np.asarray(scores))))


def cross_entropy(scores: ArrayLike, label: float) -> Array:
    """−label·log σ(s) − (1 − label)·log(1 − σ(s)) = log(1 + eˢ) − label·s, exact at any score.

    Args:
        scores: Any shape.
        label: From 0 (fake) to 1 (real).

    Returns:
        Same shape; ln 2 at score 0.
    """
    s = np.asarray(scores)
    softplus = np.fmax(s, 0) + np.log1p(np.exp(-np.abs(s)))
    return np.asarray(softplus - label * s if label else softplus)


def scaled_sigmoid(scores: Array, factor: Array, out: Array, sign: Array | None = None) -> Program:
    """out = factor·σ(−sign·s) = factor / (1 + e^(sign·s)), with full relative precision where it vanishes.

    An overflow of the exponential gives the right limit, 0: run this where numpy does not warn of it.

    Args:
        scores: Any shape.
        factor: Same shape as `scores`: broadcasting would cost more than the arithmetic.
        out: Overwritten, same shape.
        sign: ±1, same shape; +1 everywhere if not given, which saves a call.
    """
    signed = [] if sign is None else [(np.multiply, (scores, sign, out))]
    return [
        *signed,
        (np.exp, (scores if sign is None else out, out)),
        (np.add, (out, constant(1.0, out.dtype), out)),
        (np.divide, (factor, out, out)),
    ]
