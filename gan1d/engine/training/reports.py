"""What a trainer says of its steps, and of the one that could not be made."""

import math
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class StepReport:
    """What one step measured on its own minibatches; NaN where that player has not moved yet.

    Attributes:
        step: Steps done, 0 before the first.
        loss_d: Discriminator's loss before its last update, without the penalty.
        loss_g: Generator's loss before its last update.
        grad_norm_d: Euclidean norm of the gradient of that update, penalty included.
        grad_norm_g: Likewise.
    """

    step: int
    loss_d: float = math.nan
    loss_g: float = math.nan
    grad_norm_d: float = math.nan
    grad_norm_g: float = math.nan


@dataclass(frozen=True)
class Divergence:
    """Training blew up.

    Attributes:
        step: The step whose update could not be made.
        player: "generator" or "discriminator": whose gradient was not finite, or beyond all bounds.
        reason: One sentence.
    """

    step: int
    player: str
    reason: str


@dataclass(frozen=True)
class Reports:
    """Step reports as columns, one entry a step; the names are those of `StepReport`."""

    step: NDArray[np.int64]
    loss_d: NDArray[np.float64]
    loss_g: NDArray[np.float64]
    grad_norm_d: NDArray[np.float64]
    grad_norm_g: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.step)

    def last(self) -> StepReport:
        """The newest row; IndexError if there is none."""
        return StepReport(int(self.step[-1]), *(float(getattr(self, f.name)[-1]) for f in fields(self)[1:]))
