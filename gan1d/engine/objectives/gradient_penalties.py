"""Gradient penalties: terms added to L_D that keep the discriminator smooth.

A penalty defines the points at which it evaluates the slope dD/dx of the raw score, and the cost of these slopes. The
loss chart shows L_D without the penalty, so that its reference line stays valid.

`points_per_pair` is the number of points for each pair of a real sample and a fake, and `needs_mixing` says whether the
points lie between both.
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
    needs_mixing = False
    points_per_pair = 0

    def points_program(self, real: Array, fake: Array, mix: Array, out: Array) -> Program | None:
        """None, because there are no points."""
        return None

    def value(self, slopes: Array) -> float:
        """0."""
        return 0.0

    def gradient(self, slopes: Array, out: Array) -> Program:
        """d value / d slopes, which is 0."""
        return [(out.fill, (0.0,))]


class ZeroCentredPenalty:
    """The penalty γ/2 · mean (dD/dx)², which R1 and R2 evaluate at different points, and their sum at both."""

    gamma: float
    needs_mixing = False
    points_per_pair = 1

    def value(self, slopes: Array) -> float:
        """γ/2 · mean ‖∇D‖², or the sum of such means over `points_per_pair` equal parts of the points; at least 0.

        Args:
            slopes: Derivatives of the raw score at the points, `(directions, points)`.
        """
        return 0.5 * self.gamma * self.points_per_pair * float(np.square(slopes).sum(axis=0).mean())

    def gradient(self, slopes: Array, out: Array) -> Program:
        """d value / d slopes = γ · slope / pairs.

        Args:
            slopes: Derivatives of the raw score at the points, `(…, directions, points)`.
            out: Result, same shape as `slopes`.
        """
        share = self.gamma * self.points_per_pair / slopes.shape[-1]
        return [(np.multiply, (slopes, constant(share, out.dtype), out))]


@dataclass(frozen=True, kw_only=True)
class R1(ZeroCentredPenalty):
    """R1: penalizes a steep D at real samples, so that D becomes flat as G reaches the target.

    Mescheder et al. 2018, arXiv:1801.04406, eq. 9.
    """

    kind: Literal["r1"] = "r1"
    gamma: Annotated[
        float,
        Knob(
            label="γ", low=1e-3, high=100.0, scale="log", essential=True,
            help="Weight of the penalty on slopes of D at real samples. More is more stable, but slower.",
        ),
    ] = 0.3  # fmt: skip

    def points_program(self, real: Array, fake: Array, mix: Array, out: Array) -> Program:
        """Program that copies the real samples to `out`, as points."""
        return [(np.copyto, (out, real))]


@dataclass(frozen=True, kw_only=True)
class R2(ZeroCentredPenalty):
    """R2: penalizes a steep D at fakes, so that the gradients for G stay small.

    Mescheder et al. 2018, arXiv:1801.04406, eq. 10.
    """

    kind: Literal["r2"] = "r2"
    gamma: Annotated[
        float,
        Knob(
            label="γ", low=1e-3, high=100.0, scale="log", essential=True,
            help="Weight of the penalty on slopes of D at fakes. More is more stable, but slower.",
        ),
    ] = 0.3  # fmt: skip

    def points_program(self, real: Array, fake: Array, mix: Array, out: Array) -> Program:
        """Program that copies the fakes to `out`, as points."""
        return [(np.copyto, (out, fake))]


@dataclass(frozen=True, kw_only=True)
class R1R2(ZeroCentredPenalty):
    """R1 and R2: penalizes a steep D at real samples and at fakes, so that D is smooth wherever it is trained.

    Huang et al. 2024, arXiv:2501.05441, section 2.2: the sum of both penalties of Mescheder et al. 2018,
    arXiv:1801.04406, eq. 9 and 10, with the same weight.
    """

    kind: Literal["r1_r2"] = "r1_r2"
    gamma: Annotated[
        float,
        Knob(
            label="γ", low=1e-3, high=100.0, scale="log", essential=True,
            help="Weight of both penalties on slopes of D. More is more stable, but slower.",
        ),
    ] = 0.3  # fmt: skip
    points_per_pair = 2

    def points_program(self, real: Array, fake: Array, mix: Array, out: Array) -> Program:
        """Program that copies the real samples to the first half of `out` and the fakes to the second, as points."""
        of_real, of_fake = np.split(out, 2, axis=-1)
        return [(np.copyto, (of_real, real)), (np.copyto, (of_fake, fake))]


@dataclass(frozen=True, kw_only=True)
class GradientPenalty:
    """Gradient penalty: D should have a slope of 1 at points between real samples and fakes.

    Gulrajani et al. 2017, arXiv:1704.00028, algorithm 1.
    """

    kind: Literal["gradient_penalty"] = "gradient_penalty"
    weight: Annotated[
        float,
        Knob(
            label="λ", low=1e-2, high=100.0, scale="log", essential=True,
            help="Weight of the penalty on slopes of D other than 1.",
        ),
    ] = 1.0  # fmt: skip
    needs_mixing = True
    points_per_pair = 1

    def points_program(self, real: Array, fake: Array, mix: Array, out: Array) -> Program:
        """Program that writes the points x̂ = fake + ε·(real − fake) to `out`; `mix` is ε, uniform for each pair."""
        return [
            (np.subtract, (real, fake, out)),
            (np.multiply, (out, mix, out)),
            (np.add, (out, fake, out)),
        ]

    def value(self, slopes: Array) -> float:
        """λ · mean (‖∇D‖ − 1)², at least 0.

        Args:
            slopes: Derivatives of the raw score at the points, `(directions, points)`.
        """
        return self.weight * float(np.square(np.sqrt(np.square(slopes).sum(axis=0)) - 1).mean())

    def gradient(self, slopes: Array, out: Array) -> Program:
        """d value / d slopes = 2λ · (s − s/‖s‖) / points. With a single direction, s/‖s‖ is the sign of s.

        Args:
            slopes: Derivatives of the raw score at the points, `(…, directions, points)`.
            out: Result, same shape as `slopes`.
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


Penalty = NoPenalty | R1 | R2 | R1R2 | GradientPenalty
