"""Mode intervals of mixtures; `test_targets` has the tests of all targets."""

import math

import numpy as np
import pytest

from gan1d.engine.distributions.gaussian_mixture import GaussianMixture, Mode


def test_intervals_of_distant_modes_hold_their_weights() -> None:
    weights = np.array([0.1, 0.7, 0.2])
    target = GaussianMixture(
        modes=(
            Mode(position=3.0, width=0.2, weight=0.35),  # in any order, with weights of any sum
            Mode(position=-3.0, width=0.2, weight=0.05),
            Mode(position=6.0, width=0.2, weight=0.10),
        )
    )
    mode_intervals = target.mode_intervals()
    assert [interval.centre for interval in mode_intervals] == [-3.0, 3.0, 6.0]
    cuts = np.array([interval.low for interval in mode_intervals[1:]])
    np.testing.assert_allclose(np.diff(target.cdf(cuts), prepend=0.0, append=1.0), weights, atol=1e-9)


def test_modes_at_the_same_position_are_one_interval() -> None:
    """Otherwise the interval of the middle one of three at 0 would have no mass."""
    target = GaussianMixture(modes=(Mode(position=0.0), Mode(position=2.0), Mode(position=0.0), Mode(position=0.0)))
    assert [interval.centre for interval in target.mode_intervals()] == [0.0, 2.0]
    (interval,) = GaussianMixture(modes=(Mode(), Mode(), Mode())).mode_intervals()
    assert (interval.low, interval.high) == (-math.inf, math.inf)


def test_intervals_meet_in_the_valley() -> None:
    target = GaussianMixture(modes=(Mode(position=-2.0, width=0.3), Mode(position=2.0, width=0.9)))
    cut = target.mode_intervals()[0].high
    x = np.linspace(-2, 2, 4001)
    assert target.pdf(np.array([cut]))[0] <= target.pdf(x).min() * 1.001


@pytest.mark.parametrize(("position", "width"), [(1.0, 0.3), (2.0, 0.5), (2.0, 0.05), (10.0, 0.05), (10.0, 5.0)])
def test_the_intervals_of_a_symmetric_target_are_symmetric(position: float, width: float) -> None:
    """Also where the density in the valley underflows to 0."""
    target = GaussianMixture(modes=(Mode(position=-position, width=width), Mode(position=position, width=width)))
    assert target.mode_intervals()[0].high == pytest.approx(0.0, abs=2 * position / 512)
