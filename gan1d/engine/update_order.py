"""The order of the updates of both players within a step: alternating, simultaneous, or with a look ahead.

The players are updated in rounds. Where one player makes more updates in a step than the other, it makes the extra ones
first, alone.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Alternating:
    """Alternating: D makes its updates, then G makes its own against the new D.

    Goodfellow et al. 2014, arXiv:1406.2661, algorithm 1.
    """

    kind: Literal["alternating"] = "alternating"
    is_joint = False
    extrapolates = False


@dataclass(frozen=True, kw_only=True)
class Simultaneous:
    """Simultaneous: both gradients are taken at the same weights, then both players are updated. Without a penalty the
    players spiral outwards where alternating ones circle.

    Mescheder et al. 2017, arXiv:1705.10461, algorithm 1.
    """

    kind: Literal["simultaneous"] = "simultaneous"
    is_joint = True
    extrapolates = False


@dataclass(frozen=True, kw_only=True)
class Extragradient:
    """Extragradient: both players make an update on trial, take their gradients there, and make the update with them
    from where they were. That damps circling, for twice the time.

    Gidel et al. 2019, arXiv:1802.10551, algorithm 4: the gradients of both are taken on new batches, and both count in
    the averages of the optimizer. The losses shown are those after the update on trial.
    """

    kind: Literal["extragradient"] = "extragradient"
    is_joint = True
    extrapolates = True


UpdateOrder = Alternating | Simultaneous | Extragradient
