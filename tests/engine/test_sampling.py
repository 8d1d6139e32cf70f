"""Random samples in bulk: their distribution, precision and determinism."""

import math

import numpy as np
import pytest

from gan1d.engine.sampling import normal, uniform
from gan1d.engine.special_functions import normal_cdf

both = pytest.mark.parametrize("dtype", [np.float32, np.float64])
MANY = 200_000


@both
@pytest.mark.parametrize("seed", [0, 1])
def test_normal_samples_are_normal(dtype: type, seed: int) -> None:
    """The Kolmogorov-Smirnov distance exceeds 1.95/√n with a probability of 0.001."""
    draws = np.sort(normal(np.random.default_rng(seed), MANY, dtype))
    assert draws.dtype == dtype
    expected = (np.arange(MANY) + 0.5) / MANY
    assert np.abs(normal_cdf(draws) - expected).max() < 1.95 / math.sqrt(MANY)


@both
def test_moments_and_tails_of_normal_samples(dtype: type) -> None:
    draws = normal(np.random.default_rng(2), MANY, dtype).astype(np.float64)
    # Standard errors of mean, variance, third and fourth moment: √(1, 2, 15, 96 / n)
    for power, moment, variance in ((1, 0, 1), (2, 1, 2), (3, 0, 15), (4, 3, 96)):
        assert np.mean(draws**power) == pytest.approx(moment, abs=4 * math.sqrt(variance / MANY))
    # P(|z| > 3) = .0027, 540 of 200,000, with a standard deviation of 23
    assert np.sum(np.abs(draws) > 3) == pytest.approx(540, abs=4 * 23)


@both
def test_both_halves_are_independent(dtype: type) -> None:
    first, second = normal(np.random.default_rng(3), MANY, dtype).astype(np.float64).reshape(2, -1)
    for power in (1, 2):
        correlation = np.corrcoef(first**power, second**power)[0, 1]
        assert abs(correlation) < 4 / math.sqrt(MANY / 2)


@both
@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_any_count(dtype: type, count: int) -> None:
    assert normal(np.random.default_rng(0), count, dtype).shape == (count,)
    assert uniform(np.random.default_rng(0), count, dtype).shape == (count,)


class Edges:
    """Random generator that returns both ends of [0, 1)."""

    def random(self, count: int, dtype: object) -> object:
        ends = [0.0, np.nextafter(np.asarray(1, dtype), 0)]
        return np.array([ends[index % 2] for index in range(count)], dtype)


@both
def test_the_ends_of_the_unit_interval_are_finite(dtype: type) -> None:
    draws = normal(Edges(), 8, dtype)  # type: ignore[arg-type]
    assert np.all(np.isfinite(draws))
    # 1 − 0 = 1 gives a radius of 0; the other end √(−2·ln 2⁻²⁴) = 5.77 or √(−2·ln 2⁻⁵³) = 8.57
    assert np.abs(draws).max() == pytest.approx(5.768 if dtype is np.float32 else 8.572, rel=1e-3)


def test_other_precisions_are_refused() -> None:
    for draw in (normal, uniform):
        with pytest.raises(TypeError):
            draw(np.random.default_rng(0), 3, np.float16)
