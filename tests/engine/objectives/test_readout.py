"""Readouts: the outputs that the page shows for given scores, and the ranges of its axes."""

import math
from typing import Any, get_args

import numpy as np
import pytest

from gan1d.engine.metrics.optimal_discriminator import ScoreCalibration
from gan1d.engine.objectives.losses import LeastSquares, Loss, Minimax, NonSaturating, Wasserstein, WassersteinGP
from gan1d.engine.objectives.readout import CriticReadout, ProbabilityReadout, Readout, RelativeReadout, ScoreReadout

AXIS = (-1.0, 1.0)
MEMBERS = [
    ProbabilityReadout(loss_axis=AXIS),
    ProbabilityReadout(loss_axis=AXIS, threshold=0.4, logit_scale=2.0),
    ScoreReadout(loss_axis=AXIS, low=-1.0, high=2.0, threshold=0.5),
    CriticReadout(loss_axis=AXIS),
    CriticReadout(loss_axis=AXIS, has_unit_slope=False),
    RelativeReadout(loss_axis=AXIS),
]

every = pytest.mark.parametrize("readout", MEMBERS, ids=str)


def test_every_readout_is_tested() -> None:
    assert {type(readout) for readout in MEMBERS} == set(get_args(Readout))


@every
def test_the_threshold_lies_on_the_axis_and_is_the_output_of_its_score(readout: Any) -> None:
    low, high = readout.output_range(10.0)
    assert low < readout.threshold < high
    assert float(readout.transform(readout.threshold_score, ScoreCalibration())) == pytest.approx(readout.threshold)


@every
def test_outputs_rise_with_the_scores_and_keep_shape_and_precision(readout: Any) -> None:
    scores = np.linspace(-3, 3, 12, dtype=np.float32).reshape(3, 4)
    outputs = readout.transform(scores, ScoreCalibration(centre=0.5, steepness=2.0))
    assert (outputs.shape, outputs.dtype) == (scores.shape, scores.dtype)
    assert np.all(np.diff(outputs.ravel()) > 0)


@every
def test_calibration_matters_only_where_it_is_needed(readout: Any) -> None:
    scores = np.array([-1.0, 0.5])
    calibrated = [readout.transform(scores, ScoreCalibration(centre=centre)) for centre in (0.0, 5.0)]
    assert np.array_equal(*calibrated) != readout.needs_calibration


@pytest.mark.parametrize(
    "loss",
    [NonSaturating(), NonSaturating(real_label=0.7, fake_label=0.2), Minimax(), Minimax(real_label=0.9)],
    ids=str,
)
def test_outputs_of_cross_entropy_are_probabilities(loss: Any) -> None:
    """σ(±ln 3) = ¾ and ¼."""
    assert loss.readout.kind == "probability"
    scores = np.array([-1e3, -math.log(3), 0.0, math.log(3), 1e3])
    outputs = loss.readout.transform(scores, ScoreCalibration(centre=5.0))
    np.testing.assert_allclose(outputs, [0.0, 0.25, 0.5, 0.75, 1.0], atol=1e-15)


def test_probabilities_of_scores_that_are_half_of_the_log_odds() -> None:
    """σ(±2·½·ln 3) = ¾ and ¼."""
    outputs = MEMBERS[1].transform([-0.5 * math.log(3), 0.5 * math.log(3)], ScoreCalibration())
    np.testing.assert_allclose(outputs, [0.25, 0.75], atol=1e-15)


def test_outputs_of_critics_have_mean_0_and_slope_1() -> None:
    calibration = ScoreCalibration(centre=2.0, steepness=4.0)
    np.testing.assert_array_equal(WassersteinGP().readout.transform([2.0, 6.0], calibration), [0.0, 4.0])
    np.testing.assert_array_equal(Wasserstein().readout.transform([2.0, 6.0], calibration), [0.0, 1.0])


def test_a_constant_critic_has_finite_outputs() -> None:
    outputs = MEMBERS[4].transform(np.zeros(3), ScoreCalibration(steepness=0.0))
    np.testing.assert_array_equal(outputs, np.zeros(3))


def test_the_range_of_a_critic_grows_with_the_data_axis() -> None:
    assert CriticReadout(loss_axis=AXIS).output_range(10.0) == (-2.5, 2.5)
    assert MEMBERS[2].output_range(10.0) == (-1.0, 2.0)


def test_the_direction_of_labels() -> None:
    assert LeastSquares().readout.direction == 1.0
    assert LeastSquares(real_label=0.0, fake_label=1.0).readout.direction == -1.0
    assert LeastSquares(real_label=0.5, fake_label=0.5).readout.direction == 0.0


def test_thresholds_lie_halfway_between_the_labels() -> None:
    assert NonSaturating(real_label=0.9, fake_label=0.2).readout.threshold == pytest.approx(0.55)
    assert Minimax().readout.threshold == 0.5
    assert LeastSquares(real_label=2.0, fake_label=-1.0).readout.threshold == 0.5


@pytest.mark.parametrize("loss", [member() for member in get_args(Loss)], ids=lambda loss: loss.kind)
def test_the_value_of_the_game_rises_as_the_loss_of_d_falls(loss: Any) -> None:
    assert loss.readout.value_factor < 0
