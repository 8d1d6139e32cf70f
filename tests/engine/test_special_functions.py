"""Special functions against closed forms and the standard library."""

import math

import numpy as np
import pytest

from gan1d.engine.special_functions import incomplete_beta, normal_cdf


def test_the_normal_cdf_is_that_of_the_error_function() -> None:
    z = np.linspace(-8.9, 8.9, 4001)
    exact = [0.5 * math.erfc(-each / math.sqrt(2)) for each in z]
    np.testing.assert_allclose(normal_cdf(z), exact, rtol=0, atol=1e-14)


@pytest.mark.parametrize(("z", "value"), [(-np.inf, 0.0), (0.0, 0.5), (np.inf, 1.0)])
def test_the_normal_cdf_at_the_ends_and_in_the_middle(z: float, value: float) -> None:
    assert normal_cdf(z) == pytest.approx(value, abs=1e-15)


def test_the_normal_cdf_keeps_the_shape() -> None:
    assert normal_cdf(np.zeros((2, 3))).shape == (2, 3)


def test_the_incomplete_beta_function_in_closed_form() -> None:
    x = np.linspace(0.0, 1.0, 101)
    # I_x(a, 1) = xᵃ and I_x(1, b) = 1 − (1 − x)ᵇ; I_x(½, ½) is the arcsine law.
    np.testing.assert_allclose(incomplete_beta(3.0, 1.0, x, 1 - x), x**3, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(incomplete_beta(1.0, 4.0, x, 1 - x), 1 - (1 - x) ** 4, rtol=1e-12, atol=1e-15)
    arcsine = 2 / math.pi * np.arcsin(np.sqrt(x))
    np.testing.assert_allclose(incomplete_beta(0.5, 0.5, x, 1 - x), arcsine, rtol=1e-11, atol=1e-14)


def test_the_incomplete_beta_function_is_symmetric() -> None:
    x = np.linspace(0.01, 0.99, 99)
    both = incomplete_beta(2.5, 0.5, x, 1 - x) + incomplete_beta(0.5, 2.5, 1 - x, x)
    np.testing.assert_allclose(both, 1.0, rtol=1e-13)
