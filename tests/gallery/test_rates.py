"""Rates: their interval, and the numbers that they give to a text."""

import pytest

from gan1d.gallery.rates import SuccessRate, wilson


# Brown, Cai & DasGupta (2001), section 3.1.1, has the formula; 200 of 200 has the closed form n / (n + z²).
@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (200, 200, 200 / (200 + 1.959964**2), 1.0),
        (0, 50, 0.0, 1.959964**2 / (50 + 1.959964**2)),
        (5, 10, 0.2366, 0.7634),
    ],
)
def test_wilson(hits: int, n: int, low: float, high: float) -> None:
    assert wilson(hits, n) == pytest.approx((low, high), abs=1e-4)


def test_what_at_least_99_percent_takes() -> None:
    assert wilson(380, 380)[0] < 0.99 < wilson(381, 381)[0]


def test_a_rate_says_who_when_and_who_not() -> None:
    rate = SuccessRate(seeds=[7, 8, 9, 10], found=[300, None, 100, 200])
    assert (rate.hits, rate.missed) == (3, [8])
    assert (rate.by(50), rate.by(75), rate.by(95)) == (200, 300, None)


def rate_of(*found: int | None) -> SuccessRate:
    return SuccessRate(seeds=range(len(found)), found=found)


@pytest.mark.parametrize(
    ("step", "median", "most"),
    [(13, 15, 15), (12, 10, 15), (25, 25, 25), (175, 175, 175), (190, 200, 200), (425, 450, 450), (410, 400, 450),
     (1000, 1000, 1000), (1125, 1100, 1200), (1150, 1200, 1200)],
)  # fmt: skip
def test_a_text_has_the_median_rounded_and_most_rounded_up(step: int, median: int, most: int) -> None:
    assert (rate_of(step).median, rate_of(step).most) == (median, most)


def test_a_text_cannot_name_the_step_of_more_runs_than_there_were() -> None:
    half = rate_of(100, None, 50, None)
    assert half.median == 100
    with pytest.raises(ValueError, match="95 % of the runs to meet the claim, but 2 of 4 did"):
        _ = half.most
