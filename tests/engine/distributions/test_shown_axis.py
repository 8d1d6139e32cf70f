"""The shown range of an axis: it holds the bulk of a distribution, and its ends are round."""

import math
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings

from gan1d.config.model import Config
from gan1d.engine.distributions.custom import DrawnDensity
from gan1d.engine.distributions.shown_axis import bulk, shown_axis
from gan1d.engine.distributions.targets import Samples, StudentT, Target, Triangular, UniformTarget
from tests.configs import configs


@pytest.mark.slow
@given(configs)
@settings(max_examples=50)
def test_an_axis_holds_the_bulk_of_the_target_and_ends_on_round_numbers(config: Config) -> None:
    low, high = shown_axis(config.target)
    inner_low, inner_high = bulk(config.target)
    assert low < inner_low < inner_high < high
    assert high - low < 1.6 * (inner_high - inner_low)
    unit = 10.0 ** math.floor(math.log10(inner_high - inner_low)) / 10
    # Where the axis is far from 0, its ends are as near to round numbers as doubles are.
    for end in (low, high):
        assert end / unit == pytest.approx(round(end / unit), abs=1e-6 + 1e-15 * abs(end) / unit)


@pytest.mark.parametrize(
    "target",
    [
        DrawnDensity(centre=1.0, half_width=4.0),
        DrawnDensity(heights=(0.0, 0.0, 1.0, 0.5, 0.0, 0.0, 0.0, 0.0), centre=1.0, half_width=4.0),
        UniformTarget(centre=1.0, half_width=4.0),
        Triangular(peak=4.0, rise=7.0, fall=1.0),
    ],
)
def test_a_target_between_two_ends_is_shown_whole_with_a_margin(target: Target) -> None:
    low, high = shown_axis(target)
    assert -5.1 <= low <= -3.8
    assert 5.8 <= high <= 7.1


OUTLIER = Samples(values=(*map(float, range(50)), 1e9))
POWERS = Samples(values=tuple((np.random.default_rng(1).normal(size=500) ** 7).tolist()))


@pytest.mark.parametrize("target", [*(kind() for kind in get_args(Target)), StudentT(freedom=2.0), OUTLIER, POWERS])
def test_most_of_the_mass_takes_much_of_the_axis(target: Target) -> None:
    """However heavy the tails are: 90 % of the mass have more than two fifths of the axis, and little lies outside."""
    low, high = shown_axis(target)
    first, last = target.quantile([0.05, 0.95]).tolist()
    assert last - first > 0.4 * (high - low)
    below, above = target.cdf([low, high]).tolist()
    assert above - below > 0.9
