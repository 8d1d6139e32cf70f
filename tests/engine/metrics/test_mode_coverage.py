"""One definition of a covered mode: by hand, and as a share of the modes."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gan1d.engine.metrics.mode_coverage import COVERED_SHARE, covered, mode_coverage

mode_masses = st.lists(st.floats(0, 1), min_size=2, max_size=30).filter(lambda row: sum(row) > 1e-3)


def normalized(row: Any) -> Any:
    return np.asarray(row, np.float64) / np.sum(row)


@given(mode_masses, st.randoms(use_true_random=False))
def test_coverage_is_a_share_of_the_modes(row: list[float], random: Any) -> None:
    masses, due = normalized(row), normalized([random.random() + 0.01 for _ in row])
    expected = sum(mass >= COVERED_SHARE * share for mass, share in zip(masses, due, strict=True)) / len(row)
    assert mode_coverage(masses, due) == expected
    assert 0 <= expected <= 1


def test_coverage_by_hand() -> None:
    assert mode_coverage([0, 0, 0, 1, 0, 0, 0, 0], [1 / 8] * 8) == 1 / 8
    # A fifth of one half is a tenth.
    assert mode_coverage([0.099, 0.901], [0.5, 0.5]) == 0.5
    assert mode_coverage([0.101, 0.899], [0.5, 0.5]) == 1.0


def test_covered_modes_by_hand() -> None:
    """Due are ¾ and ¼, so .15 and .05 are enough; several distributions at once have a row each."""
    rows = covered([[0.16, 0.84], [0.14, 0.86], [0.96, 0.04], [0.95, 0.05]], [0.75, 0.25])
    np.testing.assert_array_equal(rows, [[True, True], [False, True], [True, False], [True, True]])
