"""Distances and counts that teach: each against a closed form, a brute-force sum or scipy."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gan1d.engine.metrics.divergences import accuracy, decisions, frechet, jensen_shannon
from gan1d.engine.metrics.histograms import histogram

LN2 = math.log(2)

masses_on_bins = st.lists(st.floats(0, 1), min_size=2, max_size=30).filter(lambda row: sum(row) > 1e-3)


def normalized(row: Any) -> Any:
    return np.asarray(row, np.float64) / np.sum(row)


@given(masses_on_bins, st.randoms(use_true_random=False))
def test_divergence_lies_between_its_bounds_and_takes_no_side(row: list[float], random: Any) -> None:
    p = normalized(row)
    q = normalized([random.random() + 1e-6 for _ in row])
    assert 0 <= jensen_shannon(p, q) <= LN2
    assert jensen_shannon(p, q) == pytest.approx(jensen_shannon(q, p), abs=1e-15)
    assert jensen_shannon(p, p) == 0.0


def test_divergence_by_hand() -> None:
    assert jensen_shannon([1, 0], [0, 1]) == pytest.approx(LN2, abs=1e-15)
    assert jensen_shannon([0.5, 0.5, 0, 0], [0, 0, 0.1, 0.9]) == pytest.approx(LN2, abs=1e-15)
    # p = (1, 0), q = (½, ½), m = (¾, ¼):  ½·ln(4/3) + ½·(½·ln(2/3) + ½·ln 2) = ½·ln(4/3) + ¼·ln(4/3)
    assert jensen_shannon([1, 0], [0.5, 0.5]) == pytest.approx(0.75 * math.log(4 / 3), abs=1e-15)


def test_divergence_agrees_with_scipy() -> None:
    scipy_distance = pytest.importorskip("scipy.spatial.distance")
    rng = np.random.default_rng(1)
    for _ in range(20):
        p, q = normalized(rng.random(30) ** 4), normalized(rng.random(30))
        assert jensen_shannon(p, q) == pytest.approx(scipy_distance.jensenshannon(p, q) ** 2, rel=1e-10)


def test_frechet_is_that_of_two_gaussians() -> None:
    """tr(Σ + Σ_g − 2·(ΣΣ_g)^½) in one dimension: σ² + σ_g² − 2σσ_g."""
    for mean, deviation, target_mean, target_deviation in ((0.0, 1.0, 0.0, 1.0), (1.0, 2.0, -1.0, 0.5)):
        full = (mean - target_mean) ** 2 + deviation**2 + target_deviation**2 - 2 * deviation * target_deviation
        assert frechet(mean, deviation, target_mean, target_deviation) == pytest.approx(full, abs=1e-12)


@given(masses_on_bins, st.randoms(use_true_random=False))
def test_accuracies_are_shares_and_no_judge_beats_the_total_variation(row: list[float], random: Any) -> None:
    real, fake = normalized(row), normalized([random.random() + 0.01 for _ in row])
    leaning = np.array([random.choice([-1.0, -0.3, 0.0, 1.0]) for _ in row])
    on_real, on_fake = accuracy(leaning, real, fake)
    assert 0 <= on_real <= 1
    assert 0 <= on_fake <= 1
    variation = 0.5 * np.abs(real - fake).sum()
    assert 0.5 * (on_real + on_fake) <= 0.5 + 0.5 * variation + 1e-9
    best = accuracy(np.sign(real - fake), real, fake)
    assert 0.5 * sum(best) == pytest.approx(0.5 + 0.5 * variation, abs=1e-9)


def test_accuracies_by_hand() -> None:
    real, fake = np.array([0.6, 0.3, 0.1]), np.array([0.0, 0.5, 0.5])
    # Right on the first bin, undecided on the second, wrong way round on the third.
    assert accuracy(np.array([1.0, 0.0, 1.0]), real, fake) == pytest.approx((0.6 + 0.15 + 0.1, 0.25))
    assert accuracy(np.zeros(3), real, fake) == (0.5, 0.5)


def test_leanings_by_hand() -> None:
    # D rises by 0.2 a bin and is 0.05 above ½ in the middle of one: ¾ of that bin is above, ¼ below.
    found = decisions([0.15, 0.15, 0.35, 0.55, 0.75, 0.75], 0.5)
    np.testing.assert_allclose(found, [-1, -1, -1, 0.5, 1, 1], atol=1e-12)
    np.testing.assert_array_equal(decisions(np.full(5, 0.5), 0.5), np.zeros(5))
    np.testing.assert_array_equal(decisions([-2e30, 1e30, 1e30, 3.0], 0.0), [-1, 1, 1, 1])


samples_anywhere = st.lists(
    st.one_of(
        st.floats(-4, 4),
        st.sampled_from([-2.0, 2.0, 0.0, 1e30, -1e30, math.inf, -math.inf]),
        st.floats(allow_nan=False),
    ),
    min_size=1,
    max_size=60,
)


@given(samples_anywhere, st.integers(1, 60))
def test_no_sample_is_lost(samples: list[float], bins: int) -> None:
    with np.errstate(over="ignore"):
        counts = histogram(samples, -2.0, 2.0, bins)
    assert counts.shape == (bins + 2,)
    assert counts.sum() == len(samples)
    assert counts[0] == sum(sample < -2 for sample in samples)
    assert counts[-1] == sum(sample > 2 for sample in samples)


def test_counts_by_hand() -> None:
    # Four bins of width 1 from −2 to 2; a bin holds its left end, and the last one the right end too.
    counts = histogram([-2.5, -2.0, -1.5, -1.0, 0.0, 0.99, 1.0, 2.0, 2.0001, 1e300], -2.0, 2.0, 4)
    np.testing.assert_array_equal(counts, [1, 2, 1, 2, 2, 2])


def test_counts_agree_with_numpy() -> None:
    samples = np.random.default_rng(2).normal(scale=2, size=5000)
    expected, _ = np.histogram(samples, 50, (-3.3, 4.1))
    np.testing.assert_array_equal(histogram(samples, -3.3, 4.1, 50)[1:-1], expected)
