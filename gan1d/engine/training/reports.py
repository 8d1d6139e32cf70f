"""What a trainer reports: losses and gradient norms of its steps, and why it stopped."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class StepReport:
    """Losses and gradient norms of one step, on its own minibatches; NaN for a player that was never updated.

    Attributes:
        step: Number of steps done, 0 before the first.
        loss_d: Discriminator's loss before its last update, without the penalty.
        loss_g: Generator's loss before its last update.
        grad_norm_d: Euclidean norm of the discriminator's gradient in that update, penalty included.
        grad_norm_g: Euclidean norm of the generator's gradient in that update.
    """

    step: int
    loss_d: float = math.nan
    loss_g: float = math.nan
    grad_norm_d: float = math.nan
    grad_norm_g: float = math.nan


@dataclass(frozen=True)
class Divergence:
    """The end of a run whose training has diverged.

    Attributes:
        step: The step whose update was skipped.
        player: "generator" or "discriminator": the player whose gradient was not finite, or too large.
        reason: One sentence for the user.
    """

    step: int
    player: str
    reason: str


@dataclass(frozen=True)
class Reports:
    """Step reports as columns, one entry for each step; the fields are those of `StepReport`."""

    step: NDArray[np.int64]
    loss_d: NDArray[np.float64]
    loss_g: NDArray[np.float64]
    grad_norm_d: NDArray[np.float64]
    grad_norm_g: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.step)

    def last(self) -> StepReport:
        """The last row; IndexError if there are no rows."""
        return StepReport(int(self.step[-1]), *(float(getattr(self, f.name)[-1]) for f in fields(self)[1:]))


def joined(parts: Sequence[Reports], axis: int = 0) -> Reports:
    """Reports concatenated along one axis of their columns, `(steps,)` or `(members, steps)`."""
    return Reports(*(np.concatenate([getattr(part, f.name) for part in parts], axis) for f in fields(Reports)))


def divergence(step: int, player: str) -> Divergence:
    """The divergence of a player in a step."""
    return Divergence(step, player, f"Diverged at step {step}: the {player}'s gradient grew beyond all bounds.")
