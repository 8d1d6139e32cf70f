"""Sigmoid and cross-entropy of scores: values by hand, and digits at large scores."""

import math

import numpy as np
import pytest

from gan1d.engine.objectives.cross_entropy import cross_entropy, scaled_sigmoid, sigmoid
from gan1d.engine.programs import run

LN3 = math.log(3)


def test_sigmoid_by_hand() -> None:
    np.testing.assert_allclose(sigmoid([-LN3, 0.0, LN3]), [0.25, 0.5, 0.75], rtol=1e-15)


def test_sigmoid_keeps_its_digits_at_large_scores() -> None:
    """σ(−s) = e⁻ˢ to all digits for large s."""
    assert float(sigmoid(-600.0)) == pytest.approx(math.exp(-600), rel=1e-14, abs=0)
    np.testing.assert_array_equal(sigmoid([-1e4, 1e4]), [0, 1])


def test_cross_entropy_by_hand() -> None:
    # −log ¾ and −log ¼ at score ln 3; with a label of 0.9, 0.9 of the one and 0.1 of the other.
    assert float(cross_entropy(LN3, 1.0)) == pytest.approx(-math.log(0.75))
    assert float(cross_entropy(LN3, 0.0)) == pytest.approx(-math.log(0.25))
    assert float(cross_entropy(LN3, 0.9)) == pytest.approx(-0.9 * math.log(0.75) - 0.1 * math.log(0.25))
    np.testing.assert_allclose(cross_entropy(np.zeros((2, 3)), 0.3), np.full((2, 3), math.log(2)))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_cross_entropy_is_finite_at_large_scores(dtype: type) -> None:
    scores = np.array([-1000.0, 1000.0], dtype)
    with np.errstate(all="raise", under="ignore"):
        np.testing.assert_array_equal(cross_entropy(scores, 1.0), [1000, 0])
        np.testing.assert_array_equal(cross_entropy(scores, 0.0), [0, 1000])


@pytest.mark.parametrize("sign", [None, 1.0, -1.0])
def test_scaled_sigmoid(sign: float | None) -> None:
    """factor·σ(−sign·s), with no sign for +1, and the limit 0 where the exponential overflows."""
    scores, factor = np.array([[-800.0, -LN3, 0.0, LN3, 800.0]]), np.full((1, 5), 4.0)
    found = np.empty_like(scores)
    with np.errstate(over="ignore"):
        run(scaled_sigmoid(scores, factor, found, None if sign is None else np.full_like(scores, sign)))
    expected = [[4, 3, 2, 1, 0]] if sign != -1.0 else [[0, 1, 2, 3, 4]]
    np.testing.assert_allclose(found, expected, rtol=1e-14, atol=1e-300)
