"""Base classes of the targets: the inverse of a distribution function, and classes by mode intervals."""

from statistics import NormalDist

import numpy as np
import pytest

from gan1d.engine.distributions.base import QUANTILE_TOLERANCE, Distribution, invert_cdf
from gan1d.engine.distributions.custom import DrawnDensity
from gan1d.engine.distributions.priors import NormalPrior
from gan1d.engine.distributions.targets import UniformTarget


@pytest.mark.parametrize("nodes", [2, 5, 1000])
def test_the_inverse_of_the_normal_distribution_function(nodes: int) -> None:
    """Against the standard library, from tables of any resolution."""
    normal, u = NormalPrior(), np.linspace(0.001, 0.999, 101)
    found = invert_cdf(normal.cdf, normal.pdf, u, np.linspace(-40, 40, nodes))
    np.testing.assert_allclose(found, [NormalDist().inv_cdf(each) for each in u], rtol=0, atol=1e-11)
    np.testing.assert_allclose(normal.cdf(found), u, rtol=0, atol=QUANTILE_TOLERANCE)


def test_a_target_of_one_mode_has_one_class() -> None:
    target = UniformTarget(centre=1.0, half_width=2.0)
    (only,) = target.classes()
    assert (only.centre, only.weight) == (1.0, 1.0)
    np.testing.assert_array_equal(only.cdf([-2, 1, 4]), target.cdf([-2, 1, 4]))
    np.testing.assert_array_equal(target.labels([-5.0, 0.0, 5.0]), [0, 0, 0])


def test_classes_and_labels_of_two_modes_by_hand() -> None:
    """Heights at −3.5, −2.5, …, 3.5: four fifths of the mass lie left of 1, the middle of the valley."""
    target = DrawnDensity(half_width=3.5, heights=(0.0, 0.5, 1.0, 0.5, 0.0, 0.0, 0.5, 0.0))
    left, right = target.classes()
    assert (left.weight, right.weight) == pytest.approx((0.8, 0.2))
    np.testing.assert_allclose(left.cdf([-1.5, 1.0, 3.0]), [0.5, 1, 1])
    np.testing.assert_allclose(right.quantile([0.5]), [2.5])
    np.testing.assert_array_equal(target.labels([[-3.0, 0.9], [1.1, 3.0]]), [[0, 0], [1, 1]])


def test_the_base_class_has_no_distribution_of_its_own() -> None:
    target = Distribution()
    for call in (
        lambda: target.sample(np.random.default_rng(0), 1),
        lambda: target.cdf(0.0),
        lambda: target.quantile(0.5),
        target.mode_intervals,
    ):
        with pytest.raises(NotImplementedError):
            call()
