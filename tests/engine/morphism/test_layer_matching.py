"""Matching of layers, and the linear algebra of a fit's start."""

import numpy as np
import pytest

from gan1d.engine.morphism.layer_matching import append_ones, gram_schmidt_selection, least_squares, match_layers


@pytest.mark.parametrize(
    ("old", "new", "best"),
    [
        ((16, 16), (20, 20), [0, 1]),
        ((16, 16), (16, 16, 16), [0, 1, None]),  # widths do not change, so the last layer is the new one
        ((16, 8), (16, 4, 8), [0, None, 1]),  # no layer gets narrower
        ((16, 8, 4), (8, 4), [1, 2]),
        ((), (5, 5), [None, None]),
        ((5, 5), (), []),
    ],
    ids=str,
)
def test_best_matching(old: tuple[int, ...], new: tuple[int, ...], best: list[int | None]) -> None:
    assert match_layers(old, new)[0] == best


def test_selection_spans_the_other_rows() -> None:
    x, y = np.random.default_rng(0).normal(size=(2, 50))
    # Rows 0, 1 and 3 are in the span of rows 2 and 4; row 2 is the longest, row 4 has the larger rest of the others.
    features = np.stack([x, 0.5 * x, 9 * x, 0.1 * y, 5 * y])
    np.testing.assert_array_equal(gram_schmidt_selection(features, 2), [2, 4])


def test_selection_of_constant_rows() -> None:
    np.testing.assert_array_equal(gram_schmidt_selection(np.ones((3, 4)), 2), [0, 1])


def test_least_squares_recovers_weights() -> None:
    rng = np.random.default_rng(0)
    features, weights = append_ones(rng.normal(size=(3, 200))), rng.normal(size=(4, 2))
    np.testing.assert_allclose(least_squares(features, weights.T @ features), weights, rtol=1e-4, atol=1e-5)
