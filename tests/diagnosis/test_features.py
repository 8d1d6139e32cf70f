"""Definitions on one observation: the shares of modes, and whether their weights match."""

import pytest

from gan1d.diagnosis.features import mode_shares, weights_match


def test_shares_are_relative_to_what_is_due() -> None:
    assert mode_shares([0.3, 0.7, 0.0], [0.6, 0.4, 0.0]).tolist() == pytest.approx([0.5, 1.75, 1.0])
    assert mode_shares([[0.5, 0.5], [0.1, 0.9]], [0.5, 0.5]).tolist() == [[1.0, 1.0], [0.2, 1.8]]


def test_weights_match_if_no_mode_lacks_more_than_the_tolerance() -> None:
    assert weights_match([0.31, 0.69], [0.5, 0.5], 0.4)
    assert not weights_match([0.29, 0.71], [0.5, 0.5], 0.4)
    assert weights_match([0.0, 1.0], [0.0, 1.0], 0.4)  # nothing is due to the first
