"""Activation functions φ with their first and second derivatives.

In order of increasing smoothness: ReLU, leaky ReLU, softplus, tanh, sine. Each is a frozen value with a `kind`; the
union at the end of the file is the only list of them. Every activation has:

- `apply`, `derivative`, `second_derivative`: programs that write φ(s), φ′(s) or φ″(s) to `out`. The derivatives get
  both the pre-activation `s` and the output `h = φ(s)`, because most are cheapest to compute from `h`. Only gradient
  penalties and full unrolling need φ″. Where φ″ is 0 almost everywhere, `second_derivative` returns None, and passes
  that would multiply by it are left out.
- `gain`: the variance of first weights is gain / fan_in (see `initialization`).
- `idempotent`: whether φ(φ(s)) = φ(s). If so, a layer with identity weights can be inserted behind another layer
  without changing the network's function (see `morphism`).
- `has_kink`: whether φ′ leaps.
- `straight`: an interval of s on which φ is linear, or nearly so, in which a unit can pass on its input unchanged.
"""

import math
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np

from gan1d.engine.arrays import Array
from gan1d.engine.networks.fast import leaky_relu_derivative, relu_derivative
from gan1d.engine.programs import Program, constant
from gan1d.knobs import Knob


@dataclass(frozen=True, kw_only=True)
class ReLU:
    """ReLU: zero below 0, the identity above; the curve is made of straight pieces."""

    kind: Literal["relu"] = "relu"

    gain = 2.0
    """With variance gain / fan_in a layer keeps the size of its signal (He et al. 2015, arXiv:1502.01852, eq. 10)."""
    idempotent = True
    has_kink = True
    straight = (0.0, math.inf)

    def apply(self, s: Array, out: Array) -> Program:
        """φ(s) = max(0, s). `np.fmax` takes a third of the time of `np.maximum` at these sizes."""
        return [(np.fmax, (s, constant(0.0, s.dtype), out))]

    def derivative(self, s: Array, h: Array, out: Array) -> Program:
        """φ′(s) = 1 where s > 0, else 0."""
        return relu_derivative(h, out)

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
        """2 / (1 + a²), with a the negative slope (He et al. 2015, arXiv:1502.01852, eq. 15)."""
        return 2.0 / (1.0 + self.negative_slope**2)

    has_kink = True
    straight = (0.0, math.inf)

    @property
    def idempotent(self) -> bool:
        """True only for negative slope 0, which is ReLU: otherwise each application shrinks negative values again."""
        return self.negative_slope == 0.0

    def apply(self, s: Array, out: Array) -> Program:
        """φ(s) = max(s, a·s), with 0 ≤ a < 1."""
        return [(np.multiply, (s, constant(self.negative_slope, s.dtype), out)), (np.fmax, (s, out, out))]

    def derivative(self, s: Array, h: Array, out: Array) -> Program:
        """φ′(s) = 1 where s ≥ 0, else a."""
        return leaky_relu_derivative(s, self.negative_slope, out)

    def second_derivative(self, s: Array, h: Array, out: Array) -> None:
        """φ″(s) = 0 almost everywhere."""


@dataclass(frozen=True, kw_only=True)
class Softplus:
    """Softplus: ReLU with its corner rounded off."""

    kind: Literal["softplus"] = "softplus"

    gain = 2.0
    """The gain of ReLU, which softplus approaches on both sides."""
    idempotent = False
    has_kink = False
    straight = (3.0, math.inf)
    """φ(s) exceeds s by 0.05 at s = 3 and by 0.0025 at s = 6."""

    def apply(self, s: Array, out: Array) -> Program:
        """φ(s) = log(1 + eˢ) = max(s, 0) + log(1 + e^−|s|), which cannot overflow and is vectorized."""
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
    """Tanh is the identity near 0, so Xavier's variance applies unchanged (Glorot & Bengio 2010, eq. 16)."""
    idempotent = False
    has_kink = False
    straight = (-0.5, 0.5)
    """At both ends tanh(s) differs from s by 8 %."""

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
    """Sine is the identity near 0, so Xavier's variance applies unchanged (Glorot & Bengio 2010, eq. 16)."""
    idempotent = False
    has_kink = False
    straight = (-0.5, 0.5)
    """At both ends sin(s) differs from s by 4 %."""

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
