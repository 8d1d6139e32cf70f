"""Wasserstein critics; `test_losses` has the tests of all losses."""

import math

import numpy as np
import pytest

from gan1d.engine.metrics.optimal_discriminator import RealFakeMasses, ScoreCalibration
from gan1d.engine.objectives.critics import Wasserstein, WassersteinGP

FAKE, REAL = 20, 80
SHIFT = RealFakeMasses(np.arange(101.0), np.eye(102)[REAL + 1], np.eye(102)[FAKE + 1])
"""A hundred bins of width 1 with all fakes in one and all reals in another, 60 bins to the right."""


@pytest.mark.parametrize("loss", [Wasserstein(), WassersteinGP()], ids=lambda loss: loss.kind)
def test_the_optimal_critic_rises_with_slope_1_from_fakes_to_reals(loss: Wasserstein | WassersteinGP) -> None:
    optimum = loss.optimal_outputs(SHIFT)
    np.testing.assert_allclose(np.diff(optimum)[FAKE + 1 : REAL - 1], 1.0, rtol=1e-12)
    # The slope within the two bins that hold the masses is approximate.
    assert optimum[REAL] - optimum[FAKE] == pytest.approx(60, abs=1)
    np.testing.assert_allclose(np.diff(optimum)[: FAKE - 1], 0.0, atol=1e-12)
    np.testing.assert_allclose(np.diff(optimum)[REAL + 1 :], 0.0, atol=1e-12)


def test_the_best_loss_is_minus_wasserstein_1() -> None:
    assert WassersteinGP().optimal_loss(SHIFT) == pytest.approx(-60.0)
    assert math.isnan(Wasserstein().optimal_loss(SHIFT))


def test_the_reachable_loss_of_a_clipped_critic_grows_with_its_steepness() -> None:
    calibration = ScoreCalibration(steepness=0.25)
    assert Wasserstein().reachable_loss(SHIFT, calibration) == pytest.approx(-15.0)
    assert WassersteinGP().reachable_loss(SHIFT, calibration) == pytest.approx(-60.0)


def test_the_lowest_loss_is_bounded_by_the_steepest_slope() -> None:
    for steepness, clipped, penalized in ((0.25, -15.0, -60.0), (3.0, -180.0, -180.0)):
        assert Wasserstein().lowest_loss(SHIFT, steepness) == pytest.approx(clipped)
        assert WassersteinGP().lowest_loss(SHIFT, steepness) == pytest.approx(penalized)


def test_the_loss_of_the_potential_is_minus_wasserstein_1() -> None:
    optimum = WassersteinGP().optimal_outputs(SHIFT)
    scores = np.concatenate([[0.0], optimum, [0.0]])
    assert WassersteinGP().expected_loss(scores, SHIFT) == pytest.approx(-60.0, abs=1)


def test_loss_g_has_no_value_at_equilibrium() -> None:
    assert Wasserstein().equilibrium() == WassersteinGP().equilibrium() == {"loss_d": 0.0}
