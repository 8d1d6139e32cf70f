"""Distances and counts that teach: each against a closed form, a brute-force sum or scipy."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gan1d.engine.histograms import histogram
from gan1d.engine.latents import normal_cdf
from gan1d.engine.metrics import (
    HELD,
    Pushforward,
    accuracies,
    frechet,
    jensen_shannon,
    leanings,
    mode_coverage,
    pushforward_cdf,
    wasserstein1,
)

LN2 = math.log(2)

Z = np.linspace(-8, 8, 16_001)
PRIOR = np.diff(normal_cdf(Z)) / (normal_cdf(Z)[-1] - normal_cdf(Z)[0])
"""A fine grid of z, and the mass of a standard normal prior on each of its pieces."""
X = np.linspace(-4, 4, 801)


@pytest.mark.parametrize(("slope", "shift"), [(1.0, 0.0), (0.5, 1.0), (-1.0, 0.0), (-2.0, -0.5)])
def test_a_linear_generator_of_a_normal_prior_is_normal(slope: float, shift: float) -> None:
    expected = normal_cdf((X - shift) / abs(slope))
    np.testing.assert_allclose(pushforward_cdf(slope * Z + shift, PRIOR, X), expected, rtol=0, atol=1e-6)


def test_a_fold_at_zero() -> None:
    """P(|z| < x) = 2Φ(x) − 1."""
    expected = np.where(X > 0, 2 * normal_cdf(X) - 1, 0.0)
    np.testing.assert_allclose(pushforward_cdf(np.abs(Z), PRIOR, X), expected, rtol=0, atol=1e-6)


def test_a_square() -> None:
    """P(z² < x) = 2Φ(√x) − 1, whose density is infinite at 0."""
    expected = np.where(X > 0, 2 * normal_cdf(np.sqrt(np.maximum(X, 0))) - 1, 0.0)
    np.testing.assert_allclose(pushforward_cdf(Z**2, PRIOR, X), expected, rtol=0, atol=1e-6)


def test_a_flat_piece_is_an_atom() -> None:
    """relu(z): half of the mass lies on 0 itself."""
    expected = np.where(X > 0, normal_cdf(X), 0.0)
    found = pushforward_cdf(np.maximum(Z, 0), PRIOR, X)
    away = np.abs(X) > 1e-6
    np.testing.assert_allclose(found[away], expected[away], rtol=0, atol=1e-6)


@pytest.mark.parametrize("place", [0.0, 0.37, -3.9, 3.0e6, -3.0e9])
def test_a_constant_generator_is_one_atom(place: float) -> None:
    around = np.array([place - 1 - abs(place) / 2, place + 1 + abs(place) / 2])
    points = np.concatenate(
        [around[:1], [place - 1e-3 * max(1, abs(place)), place + 1e-3 * max(1, abs(place))], around[1:]]
    )
    found = pushforward_cdf(np.full(Z.shape, place), PRIOR, points)
    np.testing.assert_allclose(found, [0, 0, 1, 1], rtol=0, atol=1e-9)


def test_two_atoms_share_the_mass() -> None:
    """Half of the noise goes to one place and half to another, with a ramp of one grid step between them."""
    for low, high in ((-1.0, 1.0), (-1e3, 1e3), (-1e7, 2.0), (-3.0, 1e8)):
        values = np.where(Z < 0, low, high)
        found = pushforward_cdf(values, PRIOR, np.array([low - 1, low + 0.01, high - 0.01, high + 1]))
        np.testing.assert_allclose(found, [0, 0.5, 0.5, 1], rtol=0, atol=5e-4)


def slowly(values: Any, masses: Any, points: Any) -> Any:
    """The same by one ramp at a time."""
    total = np.zeros(len(points))
    for left, right, mass in zip(values[:-1], values[1:], masses, strict=True):
        low, high = min(left, right), max(left, right)
        if high - low < 1e-9:
            total += mass * (points > low)
        else:
            total += mass * np.clip((points - low) / (high - low), 0, 1)
    return total


values_of_g = st.lists(
    st.one_of(
        st.floats(-5, 5, width=32),
        st.sampled_from([0.0, 1.0, -1.0, 2.5]),  # so that flat pieces and touching folds come up
        st.floats(-1e3, 1e3, width=32),
    ),
    min_size=2,
    max_size=40,
)


@given(values_of_g, st.randoms(use_true_random=False))
@example([0.0, 0.0, 0.0], None)
@example([0.0, 1e3, 0.0, 1.0], None)
@example([0.0, 0.0, -35.0, -35.0], None)
def test_agrees_with_one_ramp_at_a_time(values: list[float], random: Any) -> None:
    masses = np.array([1.0 if random is None else random.uniform(0.01, 1) for _ in values[1:]])
    masses /= masses.sum()
    points = np.concatenate([[-2e3], np.linspace(-6.03, 6.01, 101), [2e3]])
    # An atom lies on one side of a point or the other, so none may lie on it.
    points = points[np.min(np.abs(points[:, None] - np.array(values)[None, :]), axis=1) > 1e-6]
    found = pushforward_cdf(values, masses, points)
    np.testing.assert_allclose(found, slowly(np.array(values), masses, points), rtol=0, atol=1e-6)


@given(values_of_g)
@example([0.0, 0.0, 0.0, 0.0, 1.6278882242204418e-08, 225.0, 0.0])  # a slope of 1e7, and a long way to go
@example([-2e-8, 1e-8, 225.0])
def test_mass_is_conserved(values: list[float]) -> None:
    masses = np.full(len(values) - 1, 1 / (len(values) - 1))
    cuts = np.linspace(-5.5, 5.5, 57)
    found = pushforward_cdf(values, masses, np.concatenate([[min(*values, -5.5) - 1], cuts, [max(*values, 5.5) + 1]]))
    assert found[0] == 0.0
    assert found[-1] == pytest.approx(1.0, abs=1e-7)
    bins = np.diff(pushforward_cdf(values, masses, cuts), prepend=0.0, append=1.0)
    assert bins.sum() == pytest.approx(1.0, abs=1e-7)
    assert bins.min() > -1e-9


def test_masses_and_values_must_fit() -> None:
    with pytest.raises(ValueError, match="Expected 1 × 3 values for 2 masses, but got 1 × 2"):
        pushforward_cdf([0.0, 1.0], [0.5, 0.5], [0.0])
    with pytest.raises(ValueError, match="Expected points from left to right"):
        Pushforward([1.0], [0.0, -1.0])


@given(values_of_g, values_of_g)
def test_two_rows_are_as_good_as_two_calls(first: list[float], second: list[float]) -> None:
    length = min(len(first), len(second))
    values = np.array([first[:length], second[:length]])
    masses = np.full(length - 1, 1 / (length - 1))
    below, areas = Pushforward(masses, X, rows=2)(values)
    for row in (0, 1):
        alone = Pushforward(masses, X)(values[row : row + 1])
        np.testing.assert_allclose(below[row], alone[0][0], rtol=0, atol=1e-9)
        np.testing.assert_allclose(areas[row], alone[1][0], rtol=0, atol=1e-9)


@given(values_of_g)
def test_areas_are_the_integral_of_the_function(values: list[float]) -> None:
    masses = np.full(len(values) - 1, 1 / (len(values) - 1))
    points = np.array([-1.5, -0.7, 0.1, 0.9, 2.6])
    _, areas = Pushforward(masses, points)(np.array([values]))
    assert areas[0, 0] == 0.0
    for k in range(1, len(points)):
        fine = np.linspace(points[k - 1], points[k], 4001)
        height = slowly(np.array(values), masses, 0.5 * (fine[1:] + fine[:-1]))
        assert areas[0, k] == pytest.approx(float(height.mean() * (points[k] - points[k - 1])), abs=2e-4)


@given(values_of_g)
def test_moments_agree_with_a_fine_sum(values: list[float]) -> None:
    masses = np.arange(1.0, len(values))
    masses /= masses.sum()
    mean, deviation = Pushforward(masses, [0.0]).moments(np.array([values]))
    shares = (np.arange(2000) + 0.5) / 2000
    fine = np.array(values[:-1])[:, None] + shares * np.diff(values)[:, None]
    weights = np.repeat(masses / 2000, 2000)
    expected = weights @ fine.ravel()
    assert mean[0] == pytest.approx(expected, abs=1e-6 * (1 + np.ptp(values)))
    assert deviation[0] == pytest.approx(
        math.sqrt(weights @ (fine.ravel() - expected) ** 2), abs=1e-3 * (1 + np.ptp(values))
    )


@pytest.mark.parametrize(("values", "end", "expected"), [
    ([0.0, 2.0], 1.0, 0.25),  # half of the mass, ½ away on average
    ([3.0, 3.0], 1.0, 2.0),
    ([2.0, 4.0], 1.0, 2.0),
    ([-1.0, 0.0], 1.0, 0.0),
])  # fmt: skip
def test_how_far_mass_lies_beyond_an_end(values: list[float], end: float, expected: float) -> None:
    assert Pushforward([1.0], [0.0]).beyond(np.array(values), end) == pytest.approx(expected, abs=1e-12)


def distance(values: Any, masses: Any, target_below: Any, target_areas: Any, points: Any) -> float:
    push = Pushforward(masses, points)
    below, areas = push(np.array([values]))
    return float(wasserstein1(below, areas, target_below[None], target_areas[None], push.gaps[None])[0])


def against(values: Any, masses: Any, others: Any, points: Any) -> float:
    """Between two generators, the second as target."""
    below, areas = Pushforward(masses, points)(np.array([others]))
    return distance(values, masses, below[0], areas[0], points)


WIDE = np.linspace(-45, 45, 901)


@given(st.floats(-20, 20))
def test_the_distance_of_a_shift_is_the_shift(shift: float) -> None:
    quantiles = np.linspace(-2, 2, 33) ** 3
    masses = np.full(32, 1 / 32)
    assert against(quantiles[::-1] + shift, masses, quantiles, WIDE) == pytest.approx(abs(shift), abs=1e-3)


def test_distances_by_hand() -> None:
    # All mass on 0.05 against half on each of ±1: on average 1 away, though no point of the grid hits 0.05.
    below = np.where(WIDE < -1, 0.0, np.where(WIDE < 1, 0.5, 1.0))
    areas = np.append(0.0, [0.1 * (0.0 if b <= -0.99 else 0.5 if b <= 1.01 else 1.0) for b in WIDE[1:]])
    assert distance([0.05, 0.05], [1.0], below, areas, WIDE) == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("place", [0.0, 0.13, 0.37, -1.21])
def test_an_atom_is_measured_where_it_lies(place: float) -> None:
    """E|x − c| = 2φ(c) + c·(2Φ(c) − 1) for a standard normal x, though c lies within a bin."""
    bins = np.linspace(-10, 10, 401)
    expected = 2 * math.exp(-0.5 * place**2) / math.sqrt(2 * math.pi) + place * (2 * float(normal_cdf(place)) - 1)
    assert against(np.full(Z.shape, place), PRIOR, Z, bins) == pytest.approx(expected, abs=1e-3)


def test_distance_agrees_with_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    rng = np.random.default_rng(0)
    points = np.linspace(-12, 12, 6001)
    shares = (np.arange(200) + 0.5) / 200
    for _ in range(20):
        a, b = rng.normal(size=30), rng.exponential(size=30)
        masses = np.full(29, 1 / 29)
        samples = [(row[:-1, None] + shares * np.diff(row)[:, None]).ravel() for row in (a, b)]
        assert against(a, masses, b, points) == pytest.approx(stats.wasserstein_distance(*samples), abs=1e-3)


masses_on_bins = st.lists(st.floats(0, 1), min_size=2, max_size=30).filter(lambda row: sum(row) > 1e-3)


def normalised(row: Any) -> Any:
    return np.asarray(row, np.float64) / np.sum(row)


@given(masses_on_bins, st.randoms(use_true_random=False))
def test_divergence_lies_between_its_bounds_and_takes_no_side(row: list[float], random: Any) -> None:
    p = normalised(row)
    q = normalised([random.random() + 1e-6 for _ in row])
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
        p, q = normalised(rng.random(30) ** 4), normalised(rng.random(30))
        assert jensen_shannon(p, q) == pytest.approx(scipy_distance.jensenshannon(p, q) ** 2, rel=1e-10)


def test_frechet_is_that_of_two_gaussians() -> None:
    """tr(Σ + Σ_g − 2·(ΣΣ_g)^½) in one dimension: σ² + σ_g² − 2σσ_g."""
    for mean, deviation, target_mean, target_deviation in ((0.0, 1.0, 0.0, 1.0), (1.0, 2.0, -1.0, 0.5)):
        full = (mean - target_mean) ** 2 + deviation**2 + target_deviation**2 - 2 * deviation * target_deviation
        assert frechet(mean, deviation, target_mean, target_deviation) == pytest.approx(full, abs=1e-12)


@given(masses_on_bins, st.randoms(use_true_random=False))
def test_coverage_is_a_share_of_the_modes(row: list[float], random: Any) -> None:
    masses, due = normalised(row), normalised([random.random() + 0.01 for _ in row])
    expected = sum(mass >= HELD * share for mass, share in zip(masses, due, strict=True)) / len(row)
    assert mode_coverage(masses, due) == expected
    assert 0 <= expected <= 1


def test_coverage_by_hand() -> None:
    assert mode_coverage([0, 0, 0, 1, 0, 0, 0, 0], [1 / 8] * 8) == 1 / 8
    assert mode_coverage([0.049, 0.951], [0.5, 0.5]) == 0.5
    assert mode_coverage([0.051, 0.949], [0.5, 0.5]) == 1.0


@given(masses_on_bins, st.randoms(use_true_random=False))
def test_accuracies_are_shares_and_no_judge_beats_the_total_variation(row: list[float], random: Any) -> None:
    real, fake = normalised(row), normalised([random.random() + 0.01 for _ in row])
    leaning = np.array([random.choice([-1.0, -0.3, 0.0, 1.0]) for _ in row])
    on_real, on_fake = accuracies(leaning, real, fake)
    assert 0 <= on_real <= 1
    assert 0 <= on_fake <= 1
    variation = 0.5 * np.abs(real - fake).sum()
    assert 0.5 * (on_real + on_fake) <= 0.5 + 0.5 * variation + 1e-9
    best = accuracies(np.sign(real - fake), real, fake)
    assert 0.5 * sum(best) == pytest.approx(0.5 + 0.5 * variation, abs=1e-9)


def test_accuracies_by_hand() -> None:
    real, fake = np.array([0.6, 0.3, 0.1]), np.array([0.0, 0.5, 0.5])
    # Right on the first bin, undecided on the second, wrong way round on the third.
    assert accuracies(np.array([1.0, 0.0, 1.0]), real, fake) == pytest.approx((0.6 + 0.15 + 0.1, 0.25))
    assert accuracies(np.zeros(3), real, fake) == (0.5, 0.5)


def test_leanings_by_hand() -> None:
    # D rises by 0.2 a bin and is 0.05 above ½ in the middle of one: ¾ of that bin is above, ¼ below.
    found = leanings([0.15, 0.15, 0.35, 0.55, 0.75, 0.75], 0.5)
    np.testing.assert_allclose(found, [-1, -1, -1, 0.5, 1, 1], atol=1e-12)
    np.testing.assert_array_equal(leanings(np.full(5, 0.5), 0.5), np.zeros(5))
    np.testing.assert_array_equal(leanings([-2e30, 1e30, 1e30, 3.0], 0.0), [-1, 1, 1, 1])


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
