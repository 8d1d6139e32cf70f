"""The pieces of an update, as programs: running sums and averages, adaptive steps, weight decay."""

import math

import numpy as np
from numpy.typing import ArrayLike

from gan1d.engine.arrays import Array
from gan1d.engine.programs import Program, constant


def bias_correction(beta: float, count: int) -> float:
    """1 − βᵗ after t updates, accurate to all digits where β is near 1."""
    return -math.expm1(count * math.log(beta)) if beta > 0 else 1.0


def update_decayed_sum(total: Array, value: Array, decay: Array) -> Program:
    """total ← decay·total + value, in place."""
    return [(np.multiply, (total, decay, total)), (np.add, (total, value, total))]


def adaptive_step(
    parameters: Array, direction: Array, square: Array, rate: Array, eps: Array, scratch: Array
) -> Program:
    """θ ← θ − rate·direction / (√square + eps), in place; `scratch` is a buffer of the same shape."""
    return [
        *adaptive_direction(direction, square, rate, eps, scratch),
        (np.subtract, (parameters, scratch, parameters)),
    ]


def adaptive_direction(direction: Array, square: Array, rate: Array, eps: Array, out: Array) -> Program:
    """out = rate·direction / (√square + eps)."""
    return [
        (np.sqrt, (square, out)),
        (np.add, (out, eps, out)),
        (np.divide, (direction, out, out)),
        (np.multiply, (out, rate, out)),
    ]


def update_average(average: Array, value: Array, share: Array, scratch: Array) -> Program:
    """Running average: average ← average + share·(value − average), in place; `scratch` may be `value` itself."""
    return [
        (np.subtract, (value, average, scratch)),
        (np.multiply, (scratch, share, scratch)),
        (np.add, (average, scratch, average)),
    ]


def decay_weights(parameters: Array, share: ArrayLike) -> Program:
    """Decoupled weight decay, θ ← θ·(1 − share) (Loshchilov & Hutter 2019, arXiv:1711.05101, algorithm 2).

    Args:
        parameters: `(…, parameters)`, changed in place.
        share: Share of every parameter to remove in each update: learning rate times weight decay, at least 0. For 0
            the program is empty. Values above 1 count as 1, since otherwise weights would change sign and grow.
    """
    kept = constant(np.maximum(1 - np.asarray(share), 0.0), parameters.dtype)
    return [(np.multiply, (parameters, kept, parameters))] if np.any(share) else []
