"""The nonlinearity between two layers, with its first and second derivative beside it.

In order of increasing smoothness: ReLU, leaky ReLU, softplus, tanh, sine. Each is a value with `kind`; the union at
the foot is the only list of them. `apply`, `slope` and `second_derivative` are programs: they say which calls turn the
pre-activation `s` and the output `h = φ(s)` into `out`. The derivatives are given both, because most are cheapest
from `h`. The second derivative is what a gradient penalty needs; where it is zero almost everywhere,
`second_derivative` is None, and whole passes need not be made.
"""

import math
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np

from gan1d.engine.arrays import Array
from gan1d.engine.programs import Program, constant
from gan1d.knobs import Knob

STEEP = 2.0**100
"""Turns any number that is not next to nothing into one far beyond 1, so that a clamp makes a step of it."""


@dataclass(frozen=True, kw_only=True)
class ReLU:
    """ReLU: zero below 0, the identity above; the curve is made of straight pieces."""

    kind: Literal["relu"] = "relu"

    gain = 2.0
    """Variance gain / fan_in keeps a signal's size through a layer (He et al. 2015, arXiv:1502.01852, eq. 10)."""

    idempotent = True
    """φ(φ(s)) = φ(s): behind it, a layer that does nothing changes nothing."""
    straight = (0.0, math.inf)
    """A stretch of s on which φ is a straight line, or nearly so: there a unit can pass on what it gets."""

    def apply(self, s: Array, out: Array) -> Program:
        """φ(s) = max(0, s); `fmax` because `maximum` takes three times as long at these sizes."""
        return [(np.fmax, (s, constant(0.0, s.dtype), out))]

    def derivative(self, s: Array, h: Array, out: Array) -> Program:
        """φ′(s) = 1 where s > 0, else 0: a clamped multiple of h, since `sign` is not vectorised.

        Clamping by a whole array is vectorised, by a number it is not: 1.8 against 4.9 µs for the default D.
        """
        return [(np.multiply, (h, constant(STEEP, s.dtype), out)), (np.fmin, (out, np.ones_like(out), out))]

    def second_derivative(self, s: Array, h: Array, out: Array) -> None:
        """φ″(s) = 0 almost everywhere."""


@dataclass(frozen=True, kw_only=True)
class LeakyReLU:
    """Leaky ReLU: a small slope below 0, so that no unit ever stops learning.

    Maas et al. 2013.
    """

    kind: Literal["leaky_relu"] = "leaky_relu"
    negative_slope: Annotated[
        float, Knob(low=0.0, high=0.9, step=0.01, effect="network", help="Slope of the curve below zero.")
    ] = 0.2

    @property
    def gain(self) -> float:
        """2 / (1 + a²), for slope a below zero (He et al. 2015, arXiv:1502.01852, eq. 15)."""
        return 2.0 / (1.0 + self.negative_slope**2)

    straight = (0.0, math.inf)

    @property
    def idempotent(self) -> bool:
        """Only where it is ReLU: each further application shrinks what is below 0 once more."""
        return self.negative_slope == 0.0

    def apply(self, s: Array, out: Array) -> Program:
        """φ(s) = max(s, a·s), which is leaky because 0 ≤ a < 1."""
        return [(np.multiply, (s, constant(self.negative_slope, s.dtype), out)), (np.fmax, (s, out, out))]

    def derivative(self, s: Array, h: Array, out: Array) -> Program:
        """φ′(s) = 1 where s ≥ 0, else a; worked out on the bits, which takes two thirds of the time of clamping.

        Read as an integer and shifted right all the way, a float becomes 0, or −1 if it was negative: all bits 0, or
        all 1. So that picks from the bits of 1 how much to take off to get those of a.
        """
        whole: Any = np.dtype(f"i{s.itemsize}")
        one, low = np.ones((), s.dtype).view(whole), np.array(self.negative_slope, s.dtype).view(whole)
        bits, last = out.view(whole), np.array(8 * s.itemsize - 1, whole)
        return [
            (np.right_shift, (s.view(whole), last, bits)),
            (np.bitwise_and, (bits, np.asarray(one - low), bits)),
            (np.subtract, (one, bits, bits)),
        ]

    def second_derivative(self, s: Array, h: Array, out: Array) -> None:
        """φ″(s) = 0 almost everywhere."""


@dataclass(frozen=True, kw_only=True)
class Softplus:
    """Softplus: ReLU with its corner rounded off."""

    kind: Literal["softplus"] = "softplus"

    gain = 2.0
    """As for ReLU, which it approaches on both sides."""

    idempotent = False
    straight = (3.0, math.inf)
    """To 5 % of one unit at its near end, 0.2 % three units on."""

    def apply(self, s: Array, out: Array) -> Program:
        """φ(s) = log(1 + eˢ) = max(s, 0) + log(1 + e^−|s|), which cannot overflow and is vectorised."""
        positive = np.empty_like(s)
        return [
            (np.abs, (s, out)),
            (np.negative, (out, out)),
            (np.exp, (out, out)),
            (np.log1p, (out, out)),
            (np.fmax, (s, constant(0.0, s.dtype), positive)),
            (np.add, (out, positive, out)),
        ]

    def derivative(self, s: Array, h: Array, out: Array) -> Program:
        """φ′(s) = σ(s) = 1 − e⁻ʰ, exact for large |s| because h never overflows."""
        return [(np.negative, (h, out)), (np.expm1, (out, out)), (np.negative, (out, out))]

    def second_derivative(self, s: Array, h: Array, out: Array) -> Program:
        """φ″(s) = σ(s)·(1 − σ(s)) = e⁻ʰ·(1 − e⁻ʰ)."""
        square = np.empty_like(h)
        return [
            (np.negative, (h, out)),
            (np.exp, (out, out)),
            (np.multiply, (out, out, square)),
            (np.subtract, (out, square, out)),
        ]


@dataclass(frozen=True, kw_only=True)
class Tanh:
    """Tanh: a smooth step from −1 to 1."""

    kind: Literal["tanh"] = "tanh"

    gain = 1.0
    """Near 0 it is the identity, so Xavier's variance applies unchanged (Glorot & Bengio 2010, eq. 16)."""

    idempotent = False
    straight = (-0.5, 0.5)
    """To 8 % of the value at its ends."""

    def apply(self, s: Array, out: Array) -> Program:
        """φ(s) = tanh(s)."""
        return [(np.tanh, (s, out))]

    def derivative(self, s: Array, h: Array, out: Array) -> Program:
        """φ′(s) = 1 − h²."""
        return [(np.square, (h, out)), (np.subtract, (constant(1.0, s.dtype), out, out))]

    def second_derivative(self, s: Array, h: Array, out: Array) -> Program:
        """φ″(s) = −2h·(1 − h²)."""
        return [
            (np.square, (h, out)),
            (np.subtract, (out, constant(1.0, s.dtype), out)),
            (np.multiply, (out, h, out)),
            (np.multiply, (out, constant(2.0, s.dtype), out)),
        ]


@dataclass(frozen=True, kw_only=True)
class Sine:
    """Sine: a wave; it fits fine detail easily, and ripples where there is no data.

    Sitzmann et al. 2020, arXiv:2006.09661.
    """

    kind: Literal["sine"] = "sine"

    gain = 1.0
    """Near 0 it is the identity, as tanh is."""

    idempotent = False
    straight = (-0.5, 0.5)
    """To 4 % of the value at its ends."""

    def apply(self, s: Array, out: Array) -> Program:
        """φ(s) = sin(s)."""
        return [(np.sin, (s, out))]

    def derivative(self, s: Array, h: Array, out: Array) -> Program:
        """φ′(s) = cos(s)."""
        return [(np.cos, (s, out))]

    def second_derivative(self, s: Array, h: Array, out: Array) -> Program:
        """φ″(s) = −sin(s) = −h."""
        return [(np.negative, (h, out))]


Activation = ReLU | LeakyReLU | Softplus | Tanh | Sine
