"""Bias correction in exact fractions, and the bound of weight decay."""

from fractions import Fraction

import numpy as np
import pytest

from gan1d.engine.networks.parameter_updates import bias_correction, decay_weights
from gan1d.engine.programs import run


@pytest.mark.parametrize("beta", [0.0, 0.25, 0.5, 0.9, 0.999, 0.9999])
def test_bias_correction(beta: float) -> None:
    """Compare with exact fractions."""
    t = [1, 2, 3, 10, 1000]
    exact = [float(1 - Fraction(beta) ** count) for count in t]
    np.testing.assert_allclose([bias_correction(beta, count) for count in t], exact, rtol=1e-12)


def test_weight_decay_cannot_change_a_sign() -> None:
    """Without a bound, learning rate 10 and weight decay 1 would multiply every weight by −9."""
    parameters = np.ones(3)
    run(decay_weights(parameters, 10.0))
    np.testing.assert_array_equal(parameters, np.zeros(3))
