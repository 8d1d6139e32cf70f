"""Wasserstein losses. Their discriminator is a critic: its score is a potential and not a decision."""

import math
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import ArrayLike

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.metrics.optimal_discriminator import RealFakeMasses, ScoreCalibration
from gan1d.engine.networks.weight_constraints import Constraint, WeightClipping
from gan1d.engine.objectives.base_loss import REAL_FAKE_SIGNS, BaseLoss, CostFormulas
from gan1d.engine.objectives.gradient_penalties import GradientPenalty, Penalty
from gan1d.engine.objectives.readout import CriticReadout
from gan1d.engine.programs import Program, constant
from gan1d.knobs import Knob


@dataclass(frozen=True, kw_only=True)
class Critic(BaseLoss):
    """Costs of both Wasserstein losses: D, here called a critic, scores reals high and fakes low.

    L_D = E D(G(z)) − E D(x) and L_G = −E D(G(z)) (Arjovsky et al. 2017, arXiv:1701.07875, eq. 2 and 3). The value of
    the game is V = E D(x) − E D(G(z)) = −L_D.
    """

    formulas = CostFormulas("−D(x)", "D(G(z))", "−D(G(z))")

    def real_cost(self, scores: ArrayLike) -> Array:
        """−s."""
        return -np.asarray(scores)

    def fake_cost(self, scores: ArrayLike) -> Array:
        """s."""
        return np.asarray(scores)

    def generator_cost(self, scores: ArrayLike) -> Array:
        """−s."""
        return -np.asarray(scores)

    def discriminator_gradient(self, scores: Array, out: Array) -> Program:
        """d L_D / d scores = ∓1 / batch at every score."""
        share = np.broadcast_to(-REAL_FAKE_SIGNS / scores.shape[-1], scores.shape).astype(out.dtype)
        return [(np.copyto, (out, share))]

    def generator_gradient(self, scores: Array, out: Array) -> Program:
        """d L_G / d scores = −1 / batch at every score."""
        return [(np.copyto, (out, constant(-1.0 / scores.shape[-1], out.dtype)))]

    def lowest_loss(self, pair: RealFakeMasses, steepness: float) -> float:
        """Minus Wasserstein-1 times the steepness: L_D of the scaled potential (Villani 2003, theorem 1.14)."""
        return -steepness * pair.distance()

    def optimal_outputs(self, pair: RealFakeMasses) -> Float64:
        """Kantorovich potential of the pair, `(bins,)`: it rises or falls with slope 1 (Villani 2003, thm 1.14)."""
        return pair.potential()

    def equilibrium(self) -> dict[str, float]:
        """0 for D, whose score is the same everywhere; L_G is minus that score, which may be any number."""
        return {"loss_d": 0.0}


@dataclass(frozen=True, kw_only=True)
class Wasserstein(Critic):
    """Wasserstein: D's scores rise wherever fakes have to move to the right. Clipped weights limit its slope.

    Arjovsky et al. 2017, arXiv:1701.07875, algorithm 1. The slope that a clipped D can reach is not known beforehand,
    so the page divides its scores by its steepest slope.
    """

    kind: Literal["wasserstein"] = "wasserstein"
    clip: Annotated[
        float,
        Knob(low=1e-3, high=10.0, scale="log", essential=True, help="Largest absolute value of D's weights."),
    ] = 0.1

    readout = CriticReadout(loss_axis=(-3.0, 3.0), value_label="V(D, G)", has_unit_slope=False)
    has_optimal_discriminator = False

    @property
    def constraint(self) -> Constraint:
        """Every weight of D stays within ±clip."""
        return WeightClipping(limit=self.clip)

    def optimal_loss(self, pair: RealFakeMasses) -> float:
        """NaN: it depends on how steep a clipped D can get, which is not known."""
        return math.nan

    def reachable_loss(self, pair: RealFakeMasses, calibration: ScoreCalibration) -> float:
        """Minus Wasserstein-1 times the steepness; see `lowest_loss`."""
        return self.lowest_loss(pair, calibration.steepness)


@dataclass(frozen=True, kw_only=True)
class WassersteinGP(Critic):
    """Wasserstein-GP: as Wasserstein, but a penalty on slopes of D other than 1 replaces the clipping.

    Gulrajani et al. 2017, arXiv:1704.00028, algorithm 1.
    """

    kind: Literal["wasserstein_gp"] = "wasserstein_gp"
    weight: Annotated[
        float,
        Knob(
            label="λ", low=1e-2, high=100.0, scale="log", essential=True,
            help="Weight of the penalty on slopes of D other than 1. More is closer to Wasserstein-1, but slower.",
        ),
    ] = 1.0  # fmt: skip

    readout = CriticReadout(loss_axis=(-3.0, 3.0), value_label="V(D, G)")

    @property
    def penalty(self) -> Penalty:
        """Gradient penalty with the weight λ."""
        return GradientPenalty(weight=self.weight)

    def optimal_loss(self, pair: RealFakeMasses) -> float:
        """Minus Wasserstein-1, the L_D of the Kantorovich potential (Villani 2003, theorem 1.14).

        That is the lowest L_D of all D with a slope of at most 1. The penalty lets D be steeper.
        """
        return -pair.distance()

    def lowest_loss(self, pair: RealFakeMasses, steepness: float) -> float:
        """`optimal_loss`, or the bound of a D that is somewhere steeper than 1."""
        return super().lowest_loss(pair, max(steepness, 1.0))
