"""Drawn densities and lists of numbers; `test_targets` has the tests of all targets."""

import re

import numpy as np
import pytest

from gan1d.engine.distributions.custom import DrawnDensity, Samples


def test_two_drawn_peaks_are_two_modes() -> None:
    target = DrawnDensity(half_width=3.5, heights=(0.0, 0.5, 1.0, 0.5, 0.0, 0.0, 0.5, 0.0))
    # Heights at −3.5, −2.5, …, 3.5: peaks at −1.5 and 2.5, nothing between 0.5 and 1.5.
    (left, right) = target.mode_intervals()
    assert (left.centre, left.high, right.centre) == pytest.approx((-1.5, 1.0, 2.5))
    # The peaks have areas in the ratio of 0.5 + 1 + 0.5 to 0.5, so four fifths lie on the left.
    np.testing.assert_allclose(target.cdf([1.0]), [0.8], atol=1e-15)


def test_a_density_of_zeros_is_rejected() -> None:
    with pytest.raises(ValueError, match="Expected at least one height above 0, but got only zeros"):
        DrawnDensity(heights=(0.0,) * 8)


def test_equal_numbers_are_rejected() -> None:
    with pytest.raises(ValueError, match="Expected numbers that differ, but got 10 times 3"):
        Samples(values=(3.0,) * 10)


@pytest.mark.parametrize("far", [9.96921e36, -1e200, 1e300])
def test_a_number_beside_which_the_others_are_nearly_equal_is_rejected(far: float) -> None:
    values = np.linspace(-1.0, 1.0, 30).tolist()
    with pytest.raises(ValueError, match=re.escape(f"but got {far:g}, beside which 90 % of them, from -0.")):
        Samples(values=(*values, far))
    assert Samples(values=(*values, 1e9)).support()[1] == pytest.approx(1e9)
    # Of many equal numbers and a far one nothing is lost.
    assert Samples(values=(*[0.0] * 30, far)).values[-1] == far


@pytest.mark.parametrize(("low", "scale"), [(0.0, 1e-12), (0.0, 1e-300), (-1e299, 1e299), (1e6, 1e-3), (-200.0, 1e9)])
def test_numbers_of_any_place_and_scale_have_the_same_shape(low: float, scale: float) -> None:
    values = np.random.default_rng(4).gamma(2.0, 1.0, 300)
    shape, target = Samples(values=tuple(values)), Samples(values=tuple(low + scale * values))
    u = np.linspace(0.01, 0.99, 50)
    # A number next to `low` is known to a share of 1e-16 of it.
    tolerance = 1e-9 + 1e-15 * abs(low) / scale
    np.testing.assert_allclose((target.quantile(u) - low) / scale, shape.quantile(u), atol=tolerance)
    np.testing.assert_allclose(target.cdf(low + scale * values), shape.cdf(values), atol=tolerance)
    with np.errstate(over="ignore"):
        np.testing.assert_allclose(target.pdf(target.quantile(u)) * scale, shape.pdf(shape.quantile(u)), rtol=1e-5)


def test_smoothing_adds_the_variance_of_the_triangle() -> None:
    """A triangle of half-width r has the variance r²/6."""
    for smoothing in (0.2, 1.0, 3.0):
        target = Samples(smoothing=smoothing)
        x = target.quantile((np.arange(20_000) + 0.5) / 20_000)
        half_width = target.kernel_half_width * target.density_units.scale
        assert float(x.var()) == pytest.approx(np.var(target.values) + half_width**2 / 6, rel=1e-3)


def test_training_samples_of_numbers_are_the_numbers() -> None:
    target = Samples()
    rng = np.random.default_rng(1)
    np.testing.assert_array_equal(np.sort(target.training_samples(rng, 1000)), target.sorted_values)
    few = target.training_samples(rng, 7)
    assert len(few) == 7
    assert set(few.tolist()) <= set(target.sorted_values.tolist())


def test_two_thousand_numbers_have_few_knots() -> None:
    """Three knots per number, so that the work does not grow with their square."""
    target = Samples(values=tuple(np.random.default_rng(8).standard_normal(2000).tolist()), smoothing=0.1)
    assert len(target.piecewise_linear_density.knots) == 6000
    assert len(target.mode_intervals()) <= 8
