"""The derivatives of ReLU and leaky ReLU, written for speed.

Both are step functions, and NumPy has no fast one: `np.sign` is not vectorized, and `np.where` cannot write to an
existing buffer. The functions here save up to 5 % of a training step.
"""

from typing import Any

import numpy as np

from gan1d.engine.arrays import Array
from gan1d.engine.programs import Program, constant

FAR_ABOVE_ONE = 2.0**100
"""Factor that scales every output of ReLU but 0 and the very smallest to above 1, so that clamping gives a step."""


def relu_derivative(h: Array, out: Array) -> Program:
    """out ← 1 where h > 0, else 0, for outputs h ≥ 0 of ReLU: min(2¹⁰⁰·h, 1).

    The 1 is a whole array, because `fmin` is vectorized for two arrays only: 1.8 against 4.9 µs at the default D.
    """
    return [(np.multiply, (h, constant(FAR_ABOVE_ONE, h.dtype), out)), (np.fmin, (out, np.ones_like(out), out))]


def leaky_relu_derivative(s: Array, negative_slope: float, out: Array) -> Program:
    """out ← 1 where s ≥ 0, else `negative_slope`, computed on the bits of s.

    Shifting the bits of a float right until only the sign is left gives the integer 0, or −1 (all bits 1) if the float
    is negative. This mask selects how much to subtract from the bits of 1.0 to get those of `negative_slope`.

    The readable form max(copysign(1, s), negative_slope) gives the same bits in 5.8 instead of 2.7 µs for 6,528 floats
    (2 % of a step at hidden layers 16-16 and batch 64), and in 38 instead of 12 µs for 50,688 (5 % at 32-32 and 256).
    """
    integer: Any = np.dtype(f"i{s.itemsize}")
    one, slope = (np.array(value, s.dtype).view(integer) for value in (1.0, negative_slope))
    bits, sign_shift = out.view(integer), np.array(8 * s.itemsize - 1, integer)
    return [
        (np.right_shift, (s.view(integer), sign_shift, bits)),
        (np.bitwise_and, (bits, np.asarray(one - slope), bits)),
        (np.subtract, (one, bits, bits)),
    ]
