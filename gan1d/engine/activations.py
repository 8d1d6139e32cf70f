"""The nonlinearity between two layers, with its first and second derivative beside it.

In order of increasing smoothness: ReLU, leaky ReLU, softplus, tanh, sine. Each is a value with `kind`; the union at
the foot is the only list of them. The derivatives are given the pre-activation `s` and the output `h = φ(s)`,
because most are cheapest from `h`. The second derivative is what a gradient penalty needs, and what bends the
arrows on the page.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray

from gan1d.knobs import Knob

Array = NDArray[np.floating[Any]]

ZERO, ONE, TWO = (np.array(value, np.float32) for value in (0.0, 1.0, 2.0))
"""Exact in every precision, and as arrays half as dear to a ufunc as Python numbers (0.4 against 0.7 µs a call)."""


@dataclass(frozen=True, kw_only=True)
class ReLU:
    """ReLU: zero below 0, the identity above; the curve is made of straight pieces."""

    kind: Literal["relu"] = "relu"

    gain = 2.0
    """Variance gain / fan_in keeps a signal's size through a layer (He et al. 2015, arXiv:1502.01852, eq. 10)."""

    def apply(self, s: Array, out: Array) -> None:
        """φ(s) = max(0, s); `fmax` because `maximum` takes three times as long at these sizes."""
        np.fmax(s, ZERO, out)

    def slope(self, s: Array, h: Array, out: Array) -> None:
        """φ′(s) = 1 where s > 0, else 0: the sign of h, which is never negative."""
        np.sign(h, out)

    def curvature(self, s: Array, h: Array, out: Array) -> None:
        """φ″(s) = 0 almost everywhere."""
        out.fill(0)


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

    def apply(self, s: Array, out: Array) -> None:
        """φ(s) = max(s, a·s), which is leaky because 0 ≤ a < 1."""
        np.multiply(s, self.negative_slope, out)
        np.fmax(s, out, out)

    def slope(self, s: Array, h: Array, out: Array) -> None:
        """φ′(s) = 1 where s > 0, a where s < 0, and the mean of the two at the kink."""
        np.sign(s, out)
        out *= 0.5 * (1.0 - self.negative_slope)
        out += 0.5 * (1.0 + self.negative_slope)

    def curvature(self, s: Array, h: Array, out: Array) -> None:
        """φ″(s) = 0 almost everywhere."""
        out.fill(0)


@dataclass(frozen=True, kw_only=True)
class Softplus:
    """Softplus: ReLU with its corner rounded off."""

    kind: Literal["softplus"] = "softplus"

    gain = 2.0
    """As for ReLU, which it approaches on both sides."""

    def apply(self, s: Array, out: Array) -> None:
        """φ(s) = log(1 + eˢ) = max(s, 0) + log(1 + e^−|s|), which cannot overflow and is vectorised."""
        np.abs(s, out)
        np.negative(out, out)
        np.exp(out, out)
        np.log1p(out, out)
        out += np.fmax(s, ZERO)

    def slope(self, s: Array, h: Array, out: Array) -> None:
        """φ′(s) = σ(s) = 1 − e⁻ʰ, exact for large |s| because h never overflows."""
        np.negative(h, out)
        np.expm1(out, out)
        np.negative(out, out)

    def curvature(self, s: Array, h: Array, out: Array) -> None:
        """φ″(s) = σ(s)·(1 − σ(s)) = e⁻ʰ·(1 − e⁻ʰ)."""
        np.negative(h, out)
        np.exp(out, out)
        out -= np.square(out)


@dataclass(frozen=True, kw_only=True)
class Tanh:
    """Tanh: a smooth step from −1 to 1."""

    kind: Literal["tanh"] = "tanh"

    gain = 1.0
    """Near 0 it is the identity, so Xavier's variance applies unchanged (Glorot & Bengio 2010, eq. 16)."""

    def apply(self, s: Array, out: Array) -> None:
        """φ(s) = tanh(s)."""
        np.tanh(s, out)

    def slope(self, s: Array, h: Array, out: Array) -> None:
        """φ′(s) = 1 − h²."""
        np.multiply(h, h, out)
        np.subtract(ONE, out, out)

    def curvature(self, s: Array, h: Array, out: Array) -> None:
        """φ″(s) = −2h·(1 − h²)."""
        np.multiply(h, h, out)
        np.subtract(out, ONE, out)
        np.multiply(out, h, out)
        np.multiply(out, TWO, out)


@dataclass(frozen=True, kw_only=True)
class Sine:
    """Sine: a wave; it fits fine detail easily, and ripples where there is no data.

    Sitzmann et al. 2020, arXiv:2006.09661.
    """

    kind: Literal["sine"] = "sine"

    gain = 1.0
    """Near 0 it is the identity, as tanh is."""

    def apply(self, s: Array, out: Array) -> None:
        """φ(s) = sin(s)."""
        np.sin(s, out)

    def slope(self, s: Array, h: Array, out: Array) -> None:
        """φ′(s) = cos(s)."""
        np.cos(s, out)

    def curvature(self, s: Array, h: Array, out: Array) -> None:
        """φ″(s) = −sin(s) = −h."""
        np.negative(h, out)


Activation = ReLU | LeakyReLU | Softplus | Tanh | Sine
