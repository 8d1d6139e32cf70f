"""Sigmoid and cross-entropy of raw scores, accurate at any score.

The discriminator has no sigmoid after its last layer, so that no digits are lost where a sigmoid saturates.
"""

import numpy as np
from numpy.typing import ArrayLike

from gan1d.engine.arrays import Array
from gan1d.engine.programs import Program, constant


def sigmoid(scores: ArrayLike) -> Array:
    """σ(s) = 1 / (1 + e⁻ˢ), same shape, accurate to full relative precision for very negative s."""
    # eˢ / (1 + eˢ) where s is negative, so that no power overflows.
    s = np.asarray(scores)
    return np.asarray(np.exp(np.fmin(s, 0)) / (1 + np.exp(-np.abs(s))))


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


def cross_entropy_formula(output: str, label: float, factor: str = "", sign: str = "−") -> str:
    """The cross-entropy of an output and a label as a formula, such as "−½ log(1 − D(x))" for label 0."""
    if label == 1.0:
        return f"{sign}{factor}log {output}"
    if label == 0.0:
        return f"{sign}{factor}log(1 − {output})"
    return f"{sign}{factor}({label:g} log {output} + {1 - label:g} log(1 − {output}))"


def scaled_sigmoid(scores: Array, factor: Array, out: Array, sign: Array | None = None) -> Program:
    """out = factor·σ(−sign·s) = factor / (1 + e^(sign·s)), with full relative precision where it vanishes.

    If the exponential overflows, the result is the correct limit 0; run the program with numpy's overflow warnings off.

    Args:
        scores: Any shape.
        factor: Same shape as `scores`, because broadcasting would cost more than the arithmetic.
        out: Result, same shape as `scores`.
        sign: ±1, same shape as `scores`; None for +1 everywhere, which saves a call.
    """
    signed = [] if sign is None else [(np.multiply, (scores, sign, out))]
    return [
        *signed,
        (np.exp, (scores if sign is None else out, out)),
        (np.add, (out, constant(1.0, out.dtype), out)),
        (np.divide, (factor, out, out)),
    ]
