"""The part that all losses share, on a loss with the simplest costs."""

import numpy as np
import pytest
from numpy.typing import ArrayLike

from gan1d.engine.arrays import Array
from gan1d.engine.metrics.optimal_discriminator import RealFakeMasses, ScoreCalibration
from gan1d.engine.objectives.base_loss import BaseLoss
from gan1d.engine.objectives.gradient_penalties import NoPenalty
from gan1d.engine.objectives.readout import ScoreReadout
from gan1d.engine.programs import run

PAIR = RealFakeMasses(np.arange(3.0), np.array([0, 0.25, 0.75, 0]), np.array([0, 0.5, 0.25, 0.25]))


class Absolute(BaseLoss):
    """D pays |s − 2| for reals and |s| for fakes, G pays |s − 2|."""

    readout = ScoreReadout(low=-1.0, high=3.0, threshold=1.0, loss_axis=(0.0, 4.0))

    def real_cost(self, scores: ArrayLike) -> Array:
        return np.abs(np.asarray(scores) - 2)

    def fake_cost(self, scores: ArrayLike) -> Array:
        return np.abs(scores)

    generator_cost = real_cost

    def optimal_loss(self, pair: RealFakeMasses) -> float:
        return 2 * pair.overlap()


def test_losses_are_means_of_costs() -> None:
    # mean(2, 1) + mean(4, 0) and mean(2, 2)
    scores = np.array([[0.0, 1.0], [4.0, 0.0]])
    assert float(Absolute().discriminator_value(scores)) == 3.5
    assert float(Absolute().generator_value(scores[1])) == 2.0


def test_the_expected_loss_weighs_costs_by_mass() -> None:
    # 0.25·|0 − 2| + 0.75·|2 − 2| for reals, 0.5·|0| + 0.25·|2| + 0.25·|4| for fakes
    assert Absolute().expected_loss(np.array([5.0, 0.0, 2.0, 4.0]), PAIR) == 2.0


def test_equilibrium_is_at_the_threshold() -> None:
    assert Absolute().equilibrium() == {"loss_d": 2.0, "loss_g": 1.0}


def test_defaults() -> None:
    loss = Absolute()
    assert loss.penalty == NoPenalty()
    assert loss.constraint.kind == "none"
    assert loss.reachable_loss(PAIR, ScoreCalibration(steepness=5.0)) == loss.optimal_loss(PAIR) == 1.0
    curvature = np.full((2, 3), np.nan)
    run(loss.discriminator_curvature(np.zeros((2, 3)), curvature))
    np.testing.assert_array_equal(curvature, 0.0)


def test_the_base_class_has_no_costs_of_its_own() -> None:
    loss, scores = BaseLoss(), np.zeros((2, 1))
    for call in (
        lambda: loss.readout,
        lambda: loss.real_cost(scores),
        lambda: loss.fake_cost(scores),
        lambda: loss.generator_cost(scores),
        lambda: loss.discriminator_gradient(scores, scores),
        lambda: loss.generator_gradient(scores, scores),
        lambda: loss.optimal_outputs(PAIR),
        lambda: loss.optimal_loss(PAIR),
    ):
        with pytest.raises(NotImplementedError):
            call()
