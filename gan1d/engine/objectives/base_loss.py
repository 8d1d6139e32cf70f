"""The part that all losses share: means over a batch, expectations over whole distributions, and defaults.

A score is the output of the discriminator's last layer. A loss states one cost per sample for each of the three cases
(a real sample and a fake for D, a fake for G), and each player minimizes the mean of its costs over the batch. Scores
for an update of D have two rows, reals first: `(2, batch)`. Gradients are programs bound to the arrays that they read
and write. All of these arrays may have leading axes.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.metrics.optimal_discriminator import RealFakeMasses, ScoreCalibration
from gan1d.engine.networks.weight_constraints import Constraint, NoConstraint
from gan1d.engine.objectives.gradient_penalties import NoPenalty, Penalty
from gan1d.engine.objectives.readout import Readout
from gan1d.engine.programs import Program, constant

REAL_FAKE_SIGNS = np.array([[1.0], [-1.0]])
"""1 for the row of real scores and −1 for the row of fake scores, `(2, 1)`."""


@dataclass(frozen=True)
class CostFormulas:
    """The three costs of a sample as formulas in the output D(x) or D(G(z)), for the page.

    Attributes:
        real: Cost of a real sample to D.
        fake: Cost of a fake to D.
        generator: Cost of a fake to G.
    """

    real: str = "cost of D(x)"
    fake: str = "cost of D(G(z))"
    generator: str = "cost of D(G(z))"


LossGradient = Callable[[Array, Array], Program]
"""(scores, out) → the program that writes d L_G / d scores, `(1, n)`, to `out`."""


@dataclass(frozen=True, eq=False)
class WeightedScores:
    """D's scores of one side, with the share of each.

    Attributes:
        scores: `(n,)`.
        weights: `(n,)`, summing to 1.
    """

    scores: Array
    weights: Array


class BaseLoss:
    """Defaults of a loss, computed from its three costs per sample.

    Attributes:
        is_paired: Whether D judges pairs of a real and a fake. The scores in `generator_cost` and `generator_gradient`
            are then the differences D(G(z)) − D(x).
    """

    is_paired = False

    @property
    def readout(self) -> Readout:
        """How the page shows D's outputs and both losses."""
        raise NotImplementedError

    @property
    def formulas(self) -> CostFormulas:
        """The costs as formulas; words unless overridden."""
        return CostFormulas()

    @property
    def penalty(self) -> Penalty:
        """Gradient penalty that is part of the loss."""
        return NoPenalty()

    @property
    def constraint(self) -> Constraint:
        """Weight constraint on D that is part of the loss."""
        return NoConstraint()

    def real_cost(self, scores: ArrayLike) -> Array:
        """Cost to D of each score of a real sample, same shape."""
        raise NotImplementedError

    def fake_cost(self, scores: ArrayLike) -> Array:
        """Cost to D of each score of a fake, same shape."""
        raise NotImplementedError

    def generator_cost(self, scores: ArrayLike) -> Array:
        """Cost to G of each score of a fake, same shape."""
        raise NotImplementedError

    def discriminator_value(self, scores: Array) -> Array:
        """L_D, the mean cost of the reals plus the mean cost of the fakes: `(…, 2, batch)` → `(…,)`."""
        costs = self.real_cost(scores[..., 0, :]) + self.fake_cost(scores[..., 1, :])
        return np.asarray(costs.mean(axis=-1))

    def generator_value(self, scores: ArrayLike) -> Array:
        """L_G, the mean cost of the fakes to G: `(…, batch)` → `(…,)`."""
        return np.asarray(self.generator_cost(scores).mean(axis=-1))

    def discriminator_gradient(self, scores: Array, out: Array) -> Program:
        """d L_D / d scores, `(2, batch)`."""
        raise NotImplementedError

    def discriminator_curvature(self, scores: Array, out: Array) -> Program:
        """d² L_D / d scores², `(2, batch)`: 0 unless overridden, as for piecewise linear costs."""
        return [(np.copyto, (out, constant(0.0, out.dtype)))]

    def generator_gradient(self, scores: Array, out: Array) -> Program:
        """d L_G / d scores, `(1, batch)`."""
        raise NotImplementedError

    def gradient_against(self, reals: WeightedScores) -> LossGradient:
        """The program of d L_G / d scores at fakes beside given reals, on which only paired losses depend.

        Args:
            reals: Buffers of the reals' scores and weights, read whenever the program runs.
        """
        return self.generator_gradient

    def weighted_loss(self, reals: WeightedScores, fakes: WeightedScores) -> float:
        """L_D in expectation over weighted scores instead of a batch."""
        return float(reals.weights @ self.real_cost(reals.scores) + fakes.weights @ self.fake_cost(fakes.scores))

    def expected_loss(self, scores: Float64, pair: RealFakeMasses) -> float:
        """L_D in expectation over both distributions instead of a batch.

        Args:
            scores: D's score below the bins, in each bin, and above them, `(bins + 2,)`.
            pair: Real and fake masses of these bins.
        """
        return self.weighted_loss(WeightedScores(scores, pair.real), WeightedScores(scores, pair.fake))

    def optimal_outputs(self, pair: RealFakeMasses) -> Float64:
        """D*, the optimal discriminator for a pair of distributions, as an output at each bin centre, `(bins,)`.

        NaN where every output is equally good.
        """
        raise NotImplementedError

    def optimal_loss(self, pair: RealFakeMasses) -> float:
        """L_D of D*, the lowest that any D can reach against a pair of distributions; NaN if that is unknown."""
        raise NotImplementedError

    has_optimal_discriminator = True
    """Whether an optimal D is known, whose costs `costs_against_optimal` are."""

    def optimal_scores(self, pair: RealFakeMasses) -> Float64:
        """Scores of D* at the bin centres, `(bins,)`, finite: that of an undecided D where every score is equally
        good."""
        outputs = self.optimal_outputs(pair)
        return self.readout.scores_of(np.where(np.isnan(outputs), self.readout.threshold, outputs))

    def costs_against_optimal(self, pair: RealFakeMasses) -> Float64:
        """Cost to G of a fake at each bin centre, `(bins,)`, if D is D*."""
        return np.asarray(self.generator_cost(self.optimal_scores(pair)), np.float64)

    def reachable_loss(self, pair: RealFakeMasses, calibration: ScoreCalibration) -> float:
        """Lowest L_D of all D that are as steep as the present one; `optimal_loss` if a steeper D is no better."""
        return self.optimal_loss(pair)

    def lowest_loss(self, pair: RealFakeMasses, steepness: float) -> float:
        """Bound of L_D that no D as steep as the present one can beat.

        Args:
            pair: Real and fake masses.
            steepness: Largest |dD/dx| of the present D, in scores per unit of x. Only critics are bounded by it.
        """
        return self.optimal_loss(pair)

    def equilibrium(self) -> dict[str, float]:
        """Losses at the equilibrium of the game, where p_g = p_data and D's output is its threshold everywhere.

        Returns:
            "loss_d", and "loss_g" unless it may have any value there.
        """
        score = self.readout.threshold_score
        loss_d, loss_g = self.real_cost(score) + self.fake_cost(score), self.generator_cost(score)
        return {"loss_d": float(loss_d), "loss_g": float(loss_g)}
