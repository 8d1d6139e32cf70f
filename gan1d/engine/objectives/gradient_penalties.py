"""What keeps the discriminator smooth: a price on its slope dD/dx, added to its loss.

A penalty says at which points it looks, and what the slopes of the raw score cost there. The chart of L_D shows the
loss without the penalty, so that its reference line stays true.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np

from gan1d.engine.arrays import Array
from gan1d.engine.programs import Program, constant
from gan1d.knobs import Knob


@dataclass(frozen=True, kw_only=True)
class NoPenalty:
    """None: the discriminator may be as steep as it likes."""

    kind: Literal["none"] = "none"
    mixes = False

    def place(self, real: Array, fake: Array, mix: Array, out: Array) -> Program | None:
        """Nowhere: None."""
        return None

    def value(self, slopes: Array) -> float:
        """0."""
        return 0.0

    def gradient(self, slopes: Array, out: Array) -> Program:
        """d value / d slopes = 0."""
        return [(out.fill, (0.0,))]


class ZeroCentred:
    """γ/2 · mean (dD/dx)²: what R1 and R2 share."""

    gamma: float
    mixes = False

    def value(self, slopes: Array) -> float:
        """γ/2 · mean ‖∇D‖², at least 0; `slopes` of the raw score at the points, `(directions, points)`."""
        return 0.5 * self.gamma * float(np.square(slopes).sum(axis=0).mean())

    def gradient(self, slopes: Array, out: Array) -> Program:
        """d value / d slopes = γ · slope / points; `out` is overwritten, same shape as `slopes`, which may have leading
        axes."""
        return [(np.multiply, (slopes, constant(self.gamma / slopes.shape[-1], out.dtype), out))]


@dataclass(frozen=True, kw_only=True)
class R1(ZeroCentred):
    """R1: a steep D on real samples costs something, so D calms down as G arrives.

    Mescheder et al. 2018, arXiv:1801.04406, eq. 9.
    """

    kind: Literal["r1"] = "r1"
    gamma: Annotated[
        float,
        Knob(
            label="γ", low=1e-3, high=100.0, scale="log", essential=True,
            help="Price of a steep D on real samples; more is calmer and slower.",
        ),
    ] = 0.3  # fmt: skip

    def place(self, real: Array, fake: Array, mix: Array, out: Array) -> Program:
        """At the real samples."""
        return [(np.copyto, (out, real))]


@dataclass(frozen=True, kw_only=True)
class R2(ZeroCentred):
    """R2: a steep D on fakes costs something, so that G is not thrown about.

    Mescheder et al. 2018, arXiv:1801.04406, eq. 10.
    """

    kind: Literal["r2"] = "r2"
    gamma: Annotated[
        float,
        Knob(
            label="γ", low=1e-3, high=100.0, scale="log", essential=True,
            help="Price of a steep D on fakes; more is calmer and slower.",
        ),
    ] = 0.3  # fmt: skip

    def place(self, real: Array, fake: Array, mix: Array, out: Array) -> Program:
        """At the fakes."""
        return [(np.copyto, (out, fake))]


@dataclass(frozen=True, kw_only=True)
class GradientPenalty:
    """Gradient penalty: between real and fake, D should have a slope of 1.

    Gulrajani et al. 2017, arXiv:1704.00028, algorithm 1.
    """

    kind: Literal["gradient_penalty"] = "gradient_penalty"
    weight: Annotated[
        float,
        Knob(
            label="λ", low=1e-2, high=100.0, scale="log", essential=True,
            help="Price of a slope of D other than 1, either way.",
        ),
    ] = 1.0  # fmt: skip
    mixes = True

    def place(self, real: Array, fake: Array, mix: Array, out: Array) -> Program:
        """At x̂ = fake + ε·(real − fake), with ε drawn uniformly for each pair."""
        return [
            (np.subtract, (real, fake, out)),
            (np.multiply, (out, mix, out)),
            (np.add, (out, fake, out)),
        ]

    def value(self, slopes: Array) -> float:
        """λ · mean (‖∇D‖ − 1)², at least 0; `slopes` of the raw score at the points, `(directions, points)`."""
        return self.weight * float(np.square(np.sqrt(np.square(slopes).sum(axis=0)) - 1).mean())

    def gradient(self, slopes: Array, out: Array) -> Program:
        """d value / d slopes = 2λ · (s − s/‖s‖) / points; `out` is overwritten, same shape as `slopes`.

        Along a single direction s/‖s‖ is the sign. The arrays may have leading axes.
        """
        unit: Program = [(np.sign, (slopes, out))]
        if slopes.shape[-2] > 1:
            lengths = np.empty_like(slopes[..., :1, :])
            tiny = constant(float(np.finfo(slopes.dtype).tiny), slopes.dtype)
            unit = [
                (np.multiply, (slopes, slopes, out)),
                (np.add.reduce, (out, -2, None, lengths, True)),
                (np.sqrt, (lengths, lengths)),
                (np.fmax, (lengths, tiny, lengths)),
                (np.divide, (slopes, lengths, out)),
            ]
        return [
            *unit,
            (np.subtract, (slopes, out, out)),
            (np.multiply, (out, constant(2 * self.weight / slopes.shape[-1], out.dtype), out)),
        ]


Penalty = NoPenalty | R1 | R2 | GradientPenalty
