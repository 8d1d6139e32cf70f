"""Distances and counts that teach: each against a closed form, a brute-force sum or scipy."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gan1d.engine.latents import normal_cdf
from gan1d.engine.metrics import histogram, jensen_shannon, pushforward_cdf, wasserstein1

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
    points = np.concatenate([np.linspace(-6.03, 6.01, 101), [-2e3, 2e3]])
    # An atom lies on one side of a point or the other, so none may lie on it.
    points = points[np.min(np.abs(points[:, None] - np.array(values)[None, :]), axis=1) > 1e-6]
    found = pushforward_cdf(values, masses, points)
    np.testing.assert_allclose(found, slowly(np.array(values), masses, points), rtol=0, atol=1e-6)


@given(values_of_g)
def test_mass_is_conserved(values: list[float]) -> None:
    masses = np.full(len(values) - 1, 1 / (len(values) - 1))
    cuts = np.linspace(-5.5, 5.5, 57)
    found = pushforward_cdf(values, masses, np.concatenate([[min(values) - 1], cuts, [max(values) + 1]]))
    assert found[0] == 0.0
    assert found[-1] == 1.0
    bins = np.diff(pushforward_cdf(values, masses, cuts), prepend=0.0, append=1.0)
    assert bins.sum() == pytest.approx(1.0, abs=1e-12)
    assert bins.min() > -1e-9


def test_masses_and_values_must_fit() -> None:
    with pytest.raises(ValueError, match=r"Expected 3 values for 2 masses, but got \(2,\)"):
        pushforward_cdf([0.0, 1.0], [0.5, 0.5], [0.0])


@given(st.floats(-20, 20), st.integers(2, 50))
def test_the_distance_of_a_shift_is_the_shift(shift: float, count: int) -> None:
    quantiles = normal_cdf(np.linspace(-2, 2, count)) * 5
    assert wasserstein1(quantiles[::-1] + shift, quantiles) == pytest.approx(abs(shift), abs=1e-13)


def test_distances_by_hand() -> None:
    # Sorted: 0, 1, 5 against 1, 1, 2: (1 + 0 + 3)/3
    assert wasserstein1([5.0, 0.0, 1.0], [1.0, 1.0, 2.0]) == pytest.approx(4 / 3)
    # All mass on 0 against ±1: everything travels 1.
    assert wasserstein1([0.0, 0.0], [-1.0, 1.0]) == 1.0


def test_distance_agrees_with_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    rng = np.random.default_rng(0)
    for _ in range(20):
        a, b = rng.normal(size=200), rng.exponential(size=200)
        assert wasserstein1(a, np.sort(b)) == pytest.approx(stats.wasserstein_distance(a, b), rel=1e-12)


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
    distance = pytest.importorskip("scipy.spatial.distance")
    rng = np.random.default_rng(1)
    for _ in range(20):
        p, q = normalised(rng.random(30) ** 4), normalised(rng.random(30))
        assert jensen_shannon(p, q) == pytest.approx(distance.jensenshannon(p, q) ** 2, rel=1e-10)


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
