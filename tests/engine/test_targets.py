"""Every target: density, distribution function, inverse, samples and basins all say the same thing."""

import math
from itertools import pairwise
from typing import Any, get_args

import numpy as np
import pytest

from gan1d.engine.latents import normal_cdf
from gan1d.engine.targets import (
    Exponential,
    GaussianMixture,
    Laplace,
    Mode,
    Target,
    Triangular,
    UniformTarget,
)

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
]

every = pytest.mark.parametrize("target", VARIANTS, ids=str)


def corners(target: Any) -> list[float]:
    """Where a density is not smooth, so that an integral is taken piece by piece; infinitely far ends included."""
    if isinstance(target, GaussianMixture):
        reach = [(mode.position, 12 * mode.width) for mode in target.modes]
        return sorted({p + side * r for p, r in reach for side in (-1, 0, 1)})
    if isinstance(target, UniformTarget):
        return [target.centre - target.half_width, target.centre + target.half_width]
    if isinstance(target, Laplace):
        return [target.position - 40 * target.scale, target.position, target.position + 40 * target.scale]
    if isinstance(target, Triangular):
        return [target.peak - target.rise, target.peak, target.peak + target.fall]
    if isinstance(target, Exponential):
        return [target.start, target.start + 40 * target.mean]
    raise AssertionError(f"say where the density of {type(target).__name__} has its corners")


NODES, WEIGHTS = np.polynomial.legendre.leggauss(40)


def integral(target: Any, ends: Any) -> float:
    """∫ pdf over consecutive pieces, by Gauss-Legendre quadrature on 25 parts of each."""
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


@every
def test_distribution_function_is_the_integral_of_the_density(target: Any) -> None:
    ends = corners(target)
    low, high = target.support()
    for x in np.linspace(low, high, 23):
        upto = [*(end for end in ends if end < x), x]
        assert target.cdf(np.array([x]))[0] == pytest.approx(integral(target, upto), abs=2e-12)


@every
def test_density_is_nowhere_negative_and_the_distribution_function_never_falls(target: Any) -> None:
    x = np.linspace(-60, 60, 4001)
    assert np.all(target.pdf(x) >= 0)
    below = target.cdf(x)
    assert np.all(np.diff(below) >= -1e-15)
    assert below.min() >= -1e-15
    assert below.max() <= 1 + 1e-15


@every
def test_distribution_function_reaches_both_ends(target: Any) -> None:
    assert target.cdf(np.array([-1e3, 1e3])) == pytest.approx([0.0, 1.0], abs=1e-15)


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
    """To the last digits of u, whichever other values it is asked for along with."""
    x = target.quantile(u)
    assert np.all(np.diff(x) > 0)
    np.testing.assert_allclose(target.cdf(x), u, rtol=0, atol=2e-14)


@every
def test_quantile_comes_back_to_where_the_mass_is(target: Any) -> None:
    x = target.quantile(np.linspace(0.01, 0.99, 99))
    lively = target.pdf(x) > 1e-3
    np.testing.assert_allclose(target.quantile(target.cdf(x))[lively], x[lively], rtol=0, atol=1e-9)


def distance_of_samples(target: Any, samples: Any) -> float:
    """Kolmogorov and Smirnov's: the largest gap between the samples' distribution function and the target's."""
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
    # Kolmogorov's limit: one honest sampler in a thousand is further off than 1.95/√n.
    assert distance_of_samples(target, samples) < 1.95 / math.sqrt(count)


def test_samples_of_another_distribution_are_found_out() -> None:
    samples = GaussianMixture(modes=(Mode(position=-2.0), Mode(position=2.1))).sample(np.random.default_rng(1), 20_000)
    assert distance_of_samples(GaussianMixture(), samples) > 1.95 / math.sqrt(20_000)


@every
def test_the_same_stream_gives_the_same_samples(target: Any) -> None:
    a, b = (target.sample(np.random.default_rng(3), 50) for _ in range(2))
    np.testing.assert_array_equal(a, b)
    assert not np.array_equal(a, target.sample(np.random.default_rng(4), 50))


@every
def test_basins_partition_the_line(target: Any) -> None:
    basins = target.basins()
    assert basins[0].low == -math.inf
    assert basins[-1].high == math.inf
    for left, right in pairwise(basins):
        assert left.high == right.low
    assert all(basin.low <= basin.centre <= basin.high for basin in basins)
    cuts = np.array([-math.inf, *(basin.high for basin in basins)])
    inner = target.cdf(cuts[1:-1])
    assert np.sum(np.diff(inner, prepend=0.0, append=1.0)) == pytest.approx(1.0, abs=1e-14)
    assert np.all(np.diff(inner, prepend=0.0, append=1.0) >= 0)


@every
def test_a_lonely_centre_is_a_peak(target: Any) -> None:
    if isinstance(target, GaussianMixture) and target is OVERLAPPING:
        return  # bumps that melted into one have one peak between them
    for basin in target.basins():
        around = target.pdf(np.array([basin.centre - 1e-3, basin.centre + 1e-3]))
        assert target.pdf(np.array([basin.centre]))[0] >= around.max() * (1 - 1e-9)


def test_well_parted_basins_hold_the_weights_of_their_modes() -> None:
    weights = np.array([0.1, 0.7, 0.2])
    target = GaussianMixture(
        modes=(
            Mode(position=3.0, width=0.2, weight=0.35),  # in any order, with weights of any sum
            Mode(position=-3.0, width=0.2, weight=0.05),
            Mode(position=6.0, width=0.2, weight=0.10),
        )
    )
    basins = target.basins()
    assert [basin.centre for basin in basins] == [-3.0, 3.0, 6.0]
    cuts = np.array([basin.low for basin in basins[1:]])
    np.testing.assert_allclose(np.diff(target.cdf(cuts), prepend=0.0, append=1.0), weights, atol=1e-9)


def test_basins_meet_in_the_valley() -> None:
    target = GaussianMixture(modes=(Mode(position=-2.0, width=0.3), Mode(position=2.0, width=0.9)))
    cut = target.basins()[0].high
    x = np.linspace(-2, 2, 4001)
    assert target.pdf(np.array([cut]))[0] <= target.pdf(x).min() * 1.001


@pytest.mark.parametrize(("reach", "width"), [(1.0, 0.3), (2.0, 0.5), (2.0, 0.05), (10.0, 0.05), (10.0, 5.0)])
def test_the_basins_of_a_symmetric_target_are_symmetric(reach: float, width: float) -> None:
    """Also where the valley is so deep that no double is left of the density in it."""
    target = GaussianMixture(modes=(Mode(position=-reach, width=width), Mode(position=reach, width=width)))
    assert target.basins()[0].high == pytest.approx(0.0, abs=2 * reach / 512)


@every
def test_support_holds_nearly_all_of_the_mass(target: Any) -> None:
    low, high = target.support()
    assert low < high
    below, upto = target.cdf(np.array([low, high]))
    assert upto - below > 0.9979


def reference(target: Any) -> tuple[Any, Any, Any]:
    """pdf, cdf and quantile as scipy has them."""
    stats = pytest.importorskip("scipy.stats")
    if isinstance(target, GaussianMixture):
        total = sum(mode.weight for mode in target.modes)
        parts = [(mode.weight / total, stats.norm(mode.position, mode.width)) for mode in target.modes]
        inverse = parts[0][1].ppf if len(parts) == 1 else None
        return (lambda x: sum(w * d.pdf(x) for w, d in parts), lambda x: sum(w * d.cdf(x) for w, d in parts), inverse)
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


@every
def test_agrees_with_scipy(target: Any) -> None:
    pdf, cdf, quantile = reference(target)
    low, high = target.support()
    x = np.linspace(low - 0.1, high + 0.1, 501)
    np.testing.assert_allclose(target.pdf(x), pdf(x), rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(target.cdf(x), cdf(x), rtol=0, atol=1e-13)
    if quantile is not None:
        u = np.concatenate([[1e-9, 1e-6], np.linspace(0.001, 0.999, 99), [1 - 1e-6, 1 - 1e-9]])
        np.testing.assert_allclose(target.quantile(u), quantile(u), rtol=1e-6, atol=1e-9)


def test_samples_pass_scipys_test() -> None:
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
    # Two equal bumps of width ½ at ±2: at a peak, ½·1/(½·√2π), the other one 8 widths away.
    assert GaussianMixture().pdf([-2.0])[0] == pytest.approx(1 / math.sqrt(2 * math.pi), rel=1e-12)
