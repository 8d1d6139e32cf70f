"""Every target: density, distribution function, quantiles, samples and modes agree with each other."""

import math
from itertools import pairwise
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import assume, given, settings

from gan1d.config.model import Config
from gan1d.engine.distributions.custom import DrawnDensity, PiecewiseLinearTarget, Samples
from gan1d.engine.distributions.gaussian_mixture import GaussianMixture, Mode
from gan1d.engine.distributions.targets import Exponential, Laplace, StudentT, Target, Triangular, UniformTarget
from gan1d.engine.special_functions import normal_cdf
from tests.configs import parsed, values
from tests.tools import slow_but

OVERLAPPING = GaussianMixture(
    modes=(Mode(position=0.3, width=1.0, weight=0.2), Mode(position=-0.3, width=0.6, weight=1.0), Mode(position=0.3))
)
FAR_APART = GaussianMixture(modes=(Mode(position=-10, width=0.05), Mode(position=10, width=0.05, weight=0.25)))
EIGHT = GaussianMixture(modes=tuple(Mode(position=p, width=0.1 + 0.02 * p, weight=0.1 + p / 10) for p in range(8)))
ONE = GaussianMixture(modes=(Mode(position=1.5, width=2.0, weight=0.01),))

MEMBERS = [member() for member in get_args(Target)]
VARIANTS = [
    *MEMBERS,
    OVERLAPPING,
    FAR_APART,
    EIGHT,
    ONE,
    UniformTarget(centre=-10.0, half_width=0.1),
    Laplace(position=4.0, scale=0.05),
    Triangular(peak=-2.0, rise=0.1, fall=10.0),
    Exponential(start=3.0, mean=5.0),
    StudentT(position=-3.0, scale=0.05, freedom=2.0),
    StudentT(scale=3.0, freedom=30.0),
    DrawnDensity(centre=3.0, half_width=0.1, heights=(0.0, 1e-9, 0.0, 0.0, 0.0, 1.0, 1.0, 0.5)),
    DrawnDensity(half_width=10.0, heights=(1.0, *[0.0] * 62, 1.0)),
    Samples(values=(5.0,) * 9 + (7.0,), smoothing=0.1),
    Samples(values=tuple(np.random.default_rng(8).standard_t(3, 2000).tolist())),
]

USUAL = [*MEMBERS, OVERLAPPING, EIGHT]

every = pytest.mark.parametrize("target", slow_but(USUAL, VARIANTS), ids=lambda target: str(target)[:80])


def corners(target: Any) -> list[float]:
    """Points where the density is not smooth, and ends beyond which its mass is negligible: bounds of integration."""
    if isinstance(target, GaussianMixture):
        distances = [(mode.position, 12 * mode.width) for mode in target.modes]
        return sorted({p + side * r for p, r in distances for side in (-1, 0, 1)})
    if isinstance(target, UniformTarget):
        return [target.centre - target.half_width, target.centre + target.half_width]
    if isinstance(target, Laplace):
        return [target.position - 40 * target.scale, target.position, target.position + 40 * target.scale]
    if isinstance(target, Triangular):
        return [target.peak - target.rise, target.peak, target.peak + target.fall]
    if isinstance(target, Exponential):
        return [target.start, target.start + 40 * target.mean]
    if isinstance(target, StudentT):
        distances = [0.0, *np.geomspace(1.0, 1e8, 17).tolist()]
        return [target.position + target.scale * r for r in (*(-r for r in distances[:0:-1]), *distances)]
    if isinstance(target, PiecewiseLinearTarget):
        return target.density_units.to_x(target.piecewise_linear_density.knots).tolist()
    raise AssertionError(f"corners() does not know the density of {type(target).__name__}")


NODES, WEIGHTS = np.polynomial.legendre.leggauss(40)


def integral(target: Any, ends: Any) -> float:
    """∫ pdf over consecutive intervals, by Gauss-Legendre quadrature on 25 parts of each."""
    total = 0.0
    for low, high in pairwise(ends):
        cuts = np.linspace(low, high, 26)
        half = 0.5 * np.diff(cuts)[:, None]
        x = half * NODES + 0.5 * (cuts[:-1] + cuts[1:])[:, None]
        total += float(np.sum(half * WEIGHTS * target.pdf(x.ravel()).reshape(x.shape)))
    return total


@every
def test_density_integrates_to_one(target: Any) -> None:
    assert integral(target, corners(target)) == pytest.approx(1.0, abs=1e-12)


@pytest.mark.slow
@every
def test_distribution_function_is_the_integral_of_the_density(target: Any) -> None:
    ends = corners(target)
    low, high = target.support()
    for x in np.linspace(low, high, 23):
        upto = [*(end for end in ends if end < x), x]
        assert target.cdf(np.array([x]))[0] == pytest.approx(integral(target, upto), abs=2e-12)


@every
def test_density_is_not_negative_and_the_distribution_function_does_not_decrease(target: Any) -> None:
    x = np.linspace(-60, 60, 4001)
    assert np.all(target.pdf(x) >= 0)
    below = target.cdf(x)
    assert np.all(np.diff(below) >= -1e-15)
    assert below.min() >= -1e-15
    assert below.max() <= 1 + 1e-15


@every
def test_distribution_function_reaches_both_ends(target: Any) -> None:
    assert target.cdf(np.array([-1e9, 1e9])) == pytest.approx([0.0, 1.0], abs=1e-15)


@every
@pytest.mark.parametrize(
    "u",
    [
        np.array([1e-9, 1e-6, 1e-3, 0.5, 1 - 1e-3, 1 - 1e-6, 1 - 1e-9]),
        np.linspace(0.002, 0.998, 401),
        np.array([0.3]),
        (np.arange(1024) + 0.5) / 1024,
        normal_cdf(np.linspace(-3.5, 3.5, 201)),
    ],
    ids=["tails", "even", "one", "probe", "map"],
)
def test_quantile_inverts_the_distribution_function(target: Any, u: Any) -> None:
    """To the last digits of u, in arrays of any other values."""
    x = target.quantile(u)
    assert np.all(np.diff(x) > 0)
    np.testing.assert_allclose(target.cdf(x), u, rtol=0, atol=2e-14)


@every
def test_distribution_function_inverts_the_quantile_where_there_is_mass(target: Any) -> None:
    x = target.quantile(np.linspace(0.01, 0.99, 99))
    dense = target.pdf(x) > 1e-3
    np.testing.assert_allclose(target.quantile(target.cdf(x))[dense], x[dense], rtol=0, atol=1e-9)


def distance_of_samples(target: Any, samples: Any) -> float:
    """Kolmogorov-Smirnov statistic: largest difference between the distribution functions of samples and target."""
    below = target.cdf(np.sort(samples.astype(np.float64)))
    steps = np.arange(len(samples) + 1) / len(samples)
    return float(max(np.max(steps[1:] - below), np.max(below - steps[:-1])))


@every
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("seed", [1, 2])
def test_samples_follow_the_distribution(target: Any, dtype: type, seed: int) -> None:
    count = 20_000
    samples = target.sample(np.random.default_rng(seed), count, dtype)
    assert (samples.shape, samples.dtype) == ((count,), dtype)
    assert np.all(np.isfinite(samples))
    # Kolmogorov-Smirnov: one correct sampler in a thousand exceeds 1.95/√n.
    assert distance_of_samples(target, samples) < 1.95 / math.sqrt(count)


def test_samples_of_another_distribution_are_detected() -> None:
    samples = GaussianMixture(modes=(Mode(position=-2.0), Mode(position=2.1))).sample(np.random.default_rng(1), 20_000)
    assert distance_of_samples(GaussianMixture(), samples) > 1.95 / math.sqrt(20_000)


@every
def test_the_same_stream_gives_the_same_samples(target: Any) -> None:
    a, b = (target.sample(np.random.default_rng(3), 50) for _ in range(2))
    np.testing.assert_array_equal(a, b)
    assert not np.array_equal(a, target.sample(np.random.default_rng(4), 50))


@every
def test_mode_intervals_partition_the_line(target: Any) -> None:
    mode_intervals = target.mode_intervals()
    assert mode_intervals[0].low == -math.inf
    assert mode_intervals[-1].high == math.inf
    for left, right in pairwise(mode_intervals):
        assert left.high == right.low
    assert all(interval.low <= interval.centre <= interval.high for interval in mode_intervals)
    cuts = np.array([-math.inf, *(interval.high for interval in mode_intervals)])
    inner = target.cdf(cuts[1:-1])
    assert np.sum(np.diff(inner, prepend=0.0, append=1.0)) == pytest.approx(1.0, abs=1e-14)
    assert np.all(np.diff(inner, prepend=0.0, append=1.0) >= 0)


@every
def test_centres_of_modes_are_peaks(target: Any) -> None:
    if isinstance(target, GaussianMixture) and target is OVERLAPPING:
        return  # its Gaussians have a common peak between their centres
    for interval in target.mode_intervals():
        around = target.pdf(np.array([interval.centre - 1e-3, interval.centre + 1e-3]))
        assert target.pdf(np.array([interval.centre]))[0] >= around.max() * (1 - 1e-9)


@every
def test_support_holds_nearly_all_of_the_mass(target: Any) -> None:
    low, high = target.support()
    assert low < high
    below, upto = target.cdf(np.array([low, high]))
    # The support of Student's t leaves out 1 % of the mass, since its tails are heavy.
    assert upto - below > (0.9899 if isinstance(target, StudentT) else 0.9979)


def mixed(parts: list[Any]) -> tuple[Any, Any]:
    """pdf and cdf of a mixture of scipy distributions with their weights."""
    return lambda x: sum(w * d.pdf(x) for w, d in parts), lambda x: sum(w * d.cdf(x) for w, d in parts)


def hats(target: DrawnDensity, stats: Any) -> list[Any]:
    """A piecewise linear density as a mixture of hat functions, with half a hat at either end."""
    gap, first = 2 * target.half_width / (len(target.heights) - 1), target.centre - target.half_width
    found: list[Any] = []
    for i, height in enumerate(target.heights):
        at = first + i * gap
        if i == 0:
            found.append((height / 2, stats.triang(0, at, gap)))
        elif i == len(target.heights) - 1:
            found.append((height / 2, stats.triang(1, at - gap, gap)))
        else:
            found.append((height, stats.triang(0.5, at - gap, 2 * gap)))
    total = sum(weight for weight, _ in found)
    return [(weight / total, hat) for weight, hat in found if weight]


def reference(target: Any) -> tuple[Any, Any, Any]:
    """pdf, cdf and quantile function computed by scipy; None for a quantile function that it does not have."""
    stats = pytest.importorskip("scipy.stats")
    if isinstance(target, GaussianMixture):
        total = sum(mode.weight for mode in target.modes)
        parts = [(mode.weight / total, stats.norm(mode.position, mode.width)) for mode in target.modes]
        inverse = parts[0][1].ppf if len(parts) == 1 else None
        return *mixed(parts), inverse
    if isinstance(target, Samples):
        numbers = np.array(target.values)
        spread = min(numbers.std(), stats.iqr(numbers) / 1.34) or numbers.std()
        half_width = math.sqrt(6) * 0.9 * spread * len(numbers) ** -0.2 * target.smoothing
        return *mixed(
            [(1 / len(numbers), stats.triang(0.5, number - half_width, 2 * half_width)) for number in numbers]
        ), None
    if isinstance(target, DrawnDensity):
        return *mixed(hats(target, stats)), None
    if isinstance(target, StudentT):
        found = stats.t(target.freedom, target.position, target.scale)
        return found.pdf, found.cdf, found.ppf
    if isinstance(target, UniformTarget):
        found = stats.uniform(target.centre - target.half_width, 2 * target.half_width)
    elif isinstance(target, Laplace):
        found = stats.laplace(target.position, target.scale)
    elif isinstance(target, Triangular):
        width = target.rise + target.fall
        found = stats.triang(target.rise / width, target.peak - target.rise, width)
    else:
        found = stats.expon(target.start, target.mean)
    return found.pdf, found.cdf, found.ppf


def inner(x: Any, target: Any) -> Any:
    """x without the knots of a piecewise linear density, at which rounding may select either side of a jump."""
    if not isinstance(target, PiecewiseLinearTarget):
        return x
    away = np.abs(x[:, None] - target.density_units.to_x(target.piecewise_linear_density.knots)).min(axis=1)
    return x[away > 1e-9]


@pytest.mark.slow
@every
def test_agrees_with_scipy(target: Any) -> None:
    pdf, cdf, quantile = reference(target)
    low, high = target.support()
    x = inner(np.linspace(low - 0.1, high + 0.1, 501), target)
    np.testing.assert_allclose(target.pdf(x), pdf(x), rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(target.cdf(x), cdf(x), rtol=0, atol=1e-13)
    if quantile is not None:
        u = np.concatenate([[1e-9, 1e-6], np.linspace(0.001, 0.999, 99), [1 - 1e-6, 1 - 1e-9]])
        np.testing.assert_allclose(target.quantile(u), quantile(u), rtol=1e-6, atol=1e-9)


def test_samples_pass_the_kolmogorov_smirnov_test_of_scipy() -> None:
    stats = pytest.importorskip("scipy.stats")
    for target in MEMBERS:
        samples = target.sample(np.random.default_rng(5), 5000)
        assert stats.kstest(samples, target.cdf).pvalue > 0.001


def test_values_by_hand() -> None:
    # A triangle from −1 to 3 with its peak, of height 2/4, at 1: half of its mass on either side.
    triangle = Triangular(peak=1.0, rise=2.0, fall=2.0)
    np.testing.assert_allclose(triangle.pdf([-1, 0, 1, 2, 3]), [0, 0.25, 0.5, 0.25, 0])
    np.testing.assert_allclose(triangle.cdf([-1, 0, 1, 2, 3]), [0, 0.125, 0.5, 0.875, 1])
    np.testing.assert_allclose(triangle.quantile([0.125, 0.5, 0.875]), [0, 1, 2], atol=1e-15)
    np.testing.assert_allclose(Exponential(start=1.0, mean=2.0).cdf([1.0, 1.0 + 2 * math.log(2)]), [0, 0.5])
    np.testing.assert_allclose(Laplace(position=1.0, scale=2.0).quantile([0.25, 0.5]), [1 - 2 * math.log(2), 1])
    np.testing.assert_allclose(UniformTarget(centre=1.0, half_width=2.0).quantile([0.0, 0.25, 1.0]), [-1, 0, 3])
    # Two equal Gaussians of width ½ at ±2: ½·1/(½·√2π) at a peak, with the other one 8 widths away.
    assert GaussianMixture().pdf([-2.0])[0] == pytest.approx(1 / math.sqrt(2 * math.pi), rel=1e-12)


def test_students_t_by_hand() -> None:
    """With two degrees of freedom: F(t) = ½ + t/(2√(2 + t²)), F⁻¹(u) = (2u − 1)/√(2u(1 − u))."""
    target = StudentT(position=0.0, scale=1.0, freedom=2.0)
    t = np.array([-1e6, -30.0, -1.0, 0.0, 0.5, 7.0, 1e3])
    np.testing.assert_allclose(target.cdf(t), 0.5 + t / (2 * np.sqrt(2 + t * t)), rtol=0, atol=1e-15)
    np.testing.assert_allclose(target.pdf(t), (2 + t * t) ** -1.5, rtol=1e-14)
    u = np.array([0.01, 0.3, 0.5, 0.9])
    np.testing.assert_allclose(target.quantile(u), (2 * u - 1) / np.sqrt(2 * u * (1 - u)), rtol=1e-14, atol=1e-15)


@pytest.mark.slow
def test_the_mean_absolute_value_of_students_t_is_finite() -> None:
    """∫|F⁻¹| du is √2 for 2 degrees of freedom, the lowest number allowed, so Wasserstein-1 is finite for all."""
    u = (np.arange(400_000) + 0.5) / 400_000
    distance = float(np.mean(np.abs(StudentT(scale=1.0, freedom=2.0).quantile(u))))
    # The part beyond the outermost of n nodes is of the order of 1/√n.
    assert distance == pytest.approx(math.sqrt(2), abs=4 / math.sqrt(400_000))


@pytest.mark.parametrize("freedom", [2.0, 2.5, 3.0, 7.0, 30.0])
def test_tails_of_students_t_agree_with_scipy(freedom: float) -> None:
    stats = pytest.importorskip("scipy.stats")
    target, found = StudentT(position=0.0, scale=1.0, freedom=freedom), stats.t(freedom)
    x = -np.geomspace(1e-9, 1e9, 400)
    np.testing.assert_allclose(target.cdf(x), found.cdf(x), rtol=2e-13)
    u = np.geomspace(1e-15, 0.5, 400)
    np.testing.assert_allclose(target.quantile(u), found.ppf(u), rtol=1e-9, atol=1e-9)


ANY_TARGET = values(Config.model_json_schema()["properties"]["target"]).map(
    lambda tree: parsed({"target": tree}).target
)


@pytest.mark.slow
@given(ANY_TARGET)
@settings(max_examples=150, deadline=None)
def test_any_target_is_consistent(target: Any) -> None:
    low, high = target.support()
    assert low < high
    x = np.linspace(low, high, 201)
    below = target.cdf(x)
    assert np.all(np.diff(below) >= -1e-14)
    assert below.min() >= 0
    assert below.max() <= 1 + 1e-15
    u = np.linspace(0.001, 0.999, 101)
    x_of_u = target.quantile(u)
    assert np.all(np.diff(x_of_u) >= 0)
    assert np.all(np.abs(target.cdf(x_of_u) - u) <= 1e-12 + rounding(target, x_of_u))
    mode_intervals = target.mode_intervals()
    assert (mode_intervals[0].low, mode_intervals[-1].high) == (-math.inf, math.inf)
    assert all(left.high == right.low for left, right in pairwise(mode_intervals))
    assert 1 <= len(mode_intervals) <= 8
    draws = target.sample(np.random.default_rng(1), 64)
    assert np.all(np.isfinite(draws))


def rounding(target: Any, x: Any) -> Any:
    """Mass between neighbouring doubles, the error of a quantile by rounding x alone."""
    return target.pdf(x) * np.spacing(np.abs(x)) * 4


@given(ANY_TARGET)
@settings(max_examples=40, deadline=None)
def test_any_density_integrates_to_its_distribution_function(target: Any) -> None:
    ends = corners(target)
    assume(min(np.diff(ends), default=1.0) > 1e-6 * max(1.0, abs(ends[0]), abs(ends[-1])))
    low, high = target.support()
    a, b = low + 0.3 * (high - low), low + 0.6 * (high - low)
    inside = [a, *(end for end in ends if a < end < b), b]
    assert target.cdf([b])[0] - target.cdf([a])[0] == pytest.approx(integral(target, inside), abs=1e-9)


# Classes ---------------------------------------------------------------------------------------------------------


@every
def test_classes_add_up_to_the_target(target: Any) -> None:
    classes = target.classes()
    assert sum(each.weight for each in classes) == pytest.approx(1.0, abs=1e-12)
    low, high = target.support()
    x = np.linspace(low - 1, high + 1, 301)
    total = sum(each.weight * each.cdf(x) for each in classes)
    np.testing.assert_allclose(total, target.cdf(x), rtol=0, atol=1e-12)


@every
def test_quantile_of_a_class_inverts_its_distribution_function(target: Any) -> None:
    u = np.linspace(0.01, 0.99, 99)
    for each in target.classes():
        np.testing.assert_allclose(each.cdf(each.quantile(u)), u, rtol=0, atol=1e-7)


@every
def test_labelled_samples_follow_their_class(target: Any) -> None:
    samples, labels = target.labelled_samples(np.random.default_rng(6), 4000)
    np.testing.assert_array_equal(samples, target.sample(np.random.default_rng(6), 4000))
    for index, each in enumerate(target.classes()):
        mine = np.sort(samples[labels == index])
        assert len(mine) == pytest.approx(4000 * each.weight, abs=4 * math.sqrt(4000 * each.weight) + 1)
        if len(mine) > 20:
            gap = np.abs(each.cdf(mine) - (np.arange(len(mine)) + 0.5) / len(mine)).max()
            assert gap < 1.95 / math.sqrt(len(mine)) + 0.5 / len(mine)


@every
def test_labelled_training_samples_are_the_training_samples(target: Any) -> None:
    samples, labels = target.labelled_training_samples(np.random.default_rng(2), 30)
    np.testing.assert_array_equal(samples, target.training_samples(np.random.default_rng(2), 30))
    assert labels.shape == samples.shape
    assert labels.max(initial=0) < len(target.classes())
