"""How the page shows the discriminator's outputs and the losses.

The discriminator returns raw scores. A readout maps them to the outputs D(x) in the charts: probabilities, the scores
themselves, or the scores of a Wasserstein critic, which have no fixed zero and sometimes no fixed unit.
"""

import math
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.metrics.optimal_discriminator import ScoreCalibration
from gan1d.engine.objectives.cross_entropy import sigmoid

CENTRING_STEPS = 40
"""Halvings of the interval that contains the constant of relative scores; its width falls to a part in 10¹²."""

LEAST_STEEPNESS = 1e-12
"""Smallest slope of D, in scores per unit of x, that a critic's scores are divided by."""


@dataclass(frozen=True, kw_only=True)
class BaseReadout:
    """Fields of every readout.

    Attributes:
        kind: "probability" for outputs from 0 to 1, "score" for all others. The charts choose their ticks by it.
        needs_calibration: Whether the outputs depend on where D's scores lie.
        loss_axis: Lowest and highest value on the axis of the loss chart.
        threshold: Output of D halfway between real and fake.
        direction: 1 if outputs above the threshold mean real, −1 if they mean fake, 0 if they mean neither.
        value_label: Name of the value of the game, which D maximizes.
        value_factor: Value of the game divided by L_D.
    """

    kind: ClassVar[Literal["probability", "score"]] = "score"
    needs_calibration: ClassVar[bool] = False
    loss_axis: tuple[float, float]
    threshold: float = 0.0
    direction: float = 1.0
    value_label: str = "−L_D"
    value_factor: float = -1.0

    @property
    def threshold_score(self) -> float:
        """Score of a D whose output is the threshold."""
        return self.threshold

    def scores_of(self, outputs: Float64) -> Float64:
        """Finite scores with these outputs, same shape."""
        return outputs

    def centre(self, scores: Float64, real: Float64, fake: Float64) -> float:
        """Score that counts as 0: the mean, half over reals and half over fakes.

        Args:
            scores: D's scores, `(n,)`.
            real: Mass of the reals at each score, `(n,)`, summing to 1.
            fake: Mass of the fakes at each score, `(n,)`, summing to 1.
        """
        return 0.5 * float((real + fake) @ scores)


@dataclass(frozen=True, kw_only=True)
class ProbabilityReadout(BaseReadout):
    """Outputs are the probability that a sample is real.

    Attributes:
        logit_scale: Log-odds of a sample being real, divided by its score.
    """

    kind = "probability"
    threshold: float = 0.5
    logit_scale: float = 1.0

    @property
    def threshold_score(self) -> float:
        """Score of a D whose output is the threshold."""
        return math.log(self.threshold / (1 - self.threshold)) / self.logit_scale

    def output_range(self, axis_length: float) -> tuple[float, float]:
        """Lowest and highest output on the axis of D: 0 and 1."""
        return 0.0, 1.0

    def scores_of(self, outputs: Float64) -> Float64:
        """Log-odds / logit_scale, bounded where they would be infinite."""
        bounded = np.clip(outputs, np.finfo(float).tiny, 1 - np.finfo(float).epsneg)
        return np.asarray(np.log(bounded / (1 - bounded)) / self.logit_scale)

    def transform(self, scores: ArrayLike, calibration: ScoreCalibration) -> Array:
        """σ(logit_scale · score), same shape as `scores`."""
        return sigmoid(scores if self.logit_scale == 1.0 else self.logit_scale * np.asarray(scores))


@dataclass(frozen=True, kw_only=True)
class RelativeReadout(ProbabilityReadout):
    """Outputs are the probability that a sample is real, for scores that have no fixed zero."""

    needs_calibration = True

    def centre(self, scores: Float64, real: Float64, fake: Float64) -> float:
        """The c for which σ(score − c) has the least cross-entropy: where its sum over reals and fakes is the reals' 1.

        The sum falls as c rises. It is at least 1 at the lowest score, and at most 1 at the highest.
        """
        total = real + fake
        scores, total = scores[total > 0], total[total > 0]
        low, high = float(scores.min()), float(scores.max())
        for _ in range(CENTRING_STEPS):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if float(total @ sigmoid(scores - middle)) > 1.0 else (low, middle)
        return 0.5 * (low + high)

    def transform(self, scores: ArrayLike, calibration: ScoreCalibration) -> Array:
        """σ(score − c), same shape as `scores`."""
        return sigmoid(np.asarray(scores) - calibration.centre)


@dataclass(frozen=True, kw_only=True)
class ScoreReadout(BaseReadout):
    """Outputs are the scores.

    Attributes:
        low: Lowest score on the axis of D.
        high: Highest score on the axis of D.
    """

    low: float
    high: float

    def output_range(self, axis_length: float) -> tuple[float, float]:
        """Lowest and highest output on the axis of D."""
        return self.low, self.high

    def transform(self, scores: ArrayLike, calibration: ScoreCalibration) -> Array:
        """The scores."""
        return np.asarray(scores)


@dataclass(frozen=True, kw_only=True)
class CriticReadout(BaseReadout):
    """Outputs are a critic's scores with their mean at 0, since adding a constant to a critic changes nothing.

    Attributes:
        has_unit_slope: Whether training holds the critic's slope near 1. If not, the scores are divided by their
            steepest slope, so that they are in units of x and comparable with the Kantorovich potential.
    """

    needs_calibration = True
    has_unit_slope: bool = True

    def output_range(self, axis_length: float) -> tuple[float, float]:
        """Lowest and highest output on the axis of D, in units of x.

        Args:
            axis_length: Length of the data axis, in units of x. With a slope of at most 1, outputs seldom lie farther
                from 0 than a quarter of it.
        """
        return -0.25 * axis_length, 0.25 * axis_length

    def transform(self, scores: ArrayLike, calibration: ScoreCalibration) -> Array:
        """Centred scores, divided by their steepest slope unless that is held near 1; same shape as `scores`."""
        centred = np.asarray(np.asarray(scores) - calibration.centre)
        return centred if self.has_unit_slope else centred / max(calibration.steepness, LEAST_STEEPNESS)


Readout = ProbabilityReadout | RelativeReadout | ScoreReadout | CriticReadout
