"""What keeps the discriminator smooth: a price on its slope dD/dx, added to its loss.

A penalty says at which points it looks, and what the slopes of the raw score cost there. The chart of L_D shows the
loss without the penalty, so that its reference line stays true.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np

from gan1d.engine.activations import Array
from gan1d.knobs import Knob


@dataclass(frozen=True, kw_only=True)
class NoPenalty:
    """None: the discriminator may be as steep as it likes."""

    kind: Literal["none"] = "none"

    def points(self, real: Array, fake: Array) -> Array | None:
        """Nowhere."""
        return None

    def value(self, slopes: Array) -> float:
        """0."""
        return 0.0

    def gradient(self, slopes: Array, out: Array) -> None:
        """d value / d slopes = 0."""
        out.fill(0)


@dataclass(frozen=True, kw_only=True)
class R1:
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

    def points(self, real: Array, fake: Array) -> Array | None:
        """At the real samples."""
        return real

    def value(self, slopes: Array) -> float:
        """γ/2 · mean (dD/dx)².

        Args:
            slopes: Of the raw score at the points, any shape.

        Returns:
            At least 0.
        """
        return 0.5 * self.gamma * float(np.mean(np.square(slopes)))

    def gradient(self, slopes: Array, out: Array) -> None:
        """d value / d slopes = γ · slope / points; `out` is overwritten, same shape as `slopes`."""
        np.multiply(slopes, self.gamma / slopes.size, out)


Penalty = NoPenalty | R1
