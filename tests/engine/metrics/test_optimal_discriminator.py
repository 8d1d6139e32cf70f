"""What the optimal discriminator knows: against linear programming, and by hand."""

from dataclasses import replace

import numpy as np
import pytest

from gan1d.engine.metrics.optimal_discriminator import RealFakeMasses
from gan1d.engine.special_functions import normal_cdf


def pair_of(seed: int, bins: int) -> RealFakeMasses:
    """Random masses, some bins empty, some mass outside."""
    rng = np.random.default_rng(seed)
    masses = rng.exponential(size=(2, bins + 2)) * (rng.random((2, bins + 2)) < 0.8) + 1e-6
    real, fake = masses / masses.sum(axis=1, keepdims=True)
    return RealFakeMasses(np.linspace(-1.0, 3.0, bins + 1), real, fake)


def within(pair: RealFakeMasses) -> RealFakeMasses:
    """The same without what lies outside."""
    real, fake = pair.real.copy(), pair.fake.copy()
    for masses in (real, fake):
        masses[[0, -1]] = 0
        masses /= masses.sum()
    return RealFakeMasses(pair.edges, real, fake)


@pytest.mark.parametrize("seed", range(5))
def test_the_potential_is_the_best_critic_of_all(seed: int) -> None:
    """Every function with slope at most 1 between bin centres, by linear programming."""
    optimize = pytest.importorskip("scipy.optimize", reason="SciPy is not installed")
    pair = within(pair_of(seed, 24))
    width, bins = pair.edges[1] - pair.edges[0], 24
    difference = np.diff(np.eye(bins), axis=0)
    found = optimize.linprog(
        pair.fake[1:-1] - pair.real[1:-1],
        A_ub=np.vstack([difference, -difference]),
        b_ub=np.full(2 * (bins - 1), width),
        bounds=[(0, 0), *[(None, None)] * (bins - 1)],
    )
    # Mass sits at bin centres there: the area between staircases, which is what `distance` measures too.
    value = pair.real[1:-1] @ found.x - pair.fake[1:-1] @ found.x
    ahead = np.abs(np.cumsum(pair.fake[1:-1]) - np.cumsum(pair.real[1:-1]))[:-1]
    assert value == pytest.approx(width * ahead.sum(), rel=1e-9)
    assert pair.distance() == pytest.approx(value, rel=1e-9)
    mine = pair.potential()
    assert np.abs(np.diff(mine)).max() <= width * (1 + 1e-12)
    # Half a bin is lost where the sign turns inside of it.
    assert pair.real[1:-1] @ mine - pair.fake[1:-1] @ mine == pytest.approx(value, abs=width)


def test_the_potential_by_hand() -> None:
    # Fakes on the left, reals on the right: all mass has to travel right, and the critic rises all the way.
    pair = RealFakeMasses(np.arange(5.0), np.array([0, 0, 0, 0, 1, 0.0]), np.array([0, 1, 0, 0, 0, 0.0]))
    # Bin centres ½, 1½, 2½, 3½; at the outermost edges nothing is ahead, so there it is flat: ½, 1, 1, ½ of a slope.
    np.testing.assert_allclose(np.diff(pair.potential()), [0.75, 1.0, 0.75], rtol=1e-14)
    assert pair.potential()[[0, 3]].sum() == pytest.approx(0.0, abs=1e-14)
    assert pair.distance() == 3.0


def test_equal_ones_leave_the_critic_flat() -> None:
    real = pair_of(3, 10).real
    pair = RealFakeMasses(np.linspace(-1.0, 3.0, 11), real, real)
    np.testing.assert_array_equal(pair.potential(), np.zeros(10))
    assert pair.distance() == 0.0
    assert pair.overlap() == pytest.approx(1.0, rel=1e-14)


def test_shared_mass() -> None:
    # min(.5, .2) + min(.5, .8)
    pair = RealFakeMasses(np.arange(3.0), np.array([0, 0.5, 0.5, 0]), np.array([0, 0.2, 0.8, 0]))
    assert pair.overlap() == pytest.approx(0.7, rel=1e-14)


def bells(shift: float, deviation: float = 0.5) -> RealFakeMasses:
    """Normal distributions around ±shift, on 256 bins from −8 to 8."""
    edges = np.linspace(-8, 8, 257)
    masses = [np.diff(normal_cdf((edges - place) / deviation), prepend=0.0, append=1.0) for place in (shift, -shift)]
    for row in masses:
        row[0], row[-1] = 0.0, 0.0
        row /= row.sum()
    return RealFakeMasses(edges, *masses)


@pytest.mark.parametrize("deviation", [0.1, 0.5, 1.0])
def test_a_blurred_bell_is_a_wider_bell(deviation: float) -> None:
    """Variances add: √(0.5² + deviation²), to the width of a bin."""
    found, expected = bells(1.0).blurred(deviation), bells(1.0, float(np.hypot(0.5, deviation)))
    np.testing.assert_allclose(found.real, expected.real, atol=2e-4)
    np.testing.assert_allclose(found.fake, expected.fake, atol=2e-4)
    assert found.real.sum() == pytest.approx(1.0, abs=1e-12)


def test_noise_wider_than_the_bins_loses_no_mass() -> None:
    found = bells(1.0).blurred(50.0)
    assert found.real.sum() == pytest.approx(1.0, abs=1e-9)
    assert found.real[0] > 0.4
    assert found.real[-1] > 0.4


def test_without_noise_a_pair_stays_itself() -> None:
    pair = bells(1.0)
    assert pair.blurred(0.0) is pair
    np.testing.assert_allclose(pair.blurred(1e-4).real, pair.real, atol=1e-12)


@pytest.mark.parametrize(("yes", "no"), [(1.0, 0.0), (0.9, 0.1), (0.8, 0.0)])
def test_the_cross_entropy_of_votes_is_what_the_best_judge_pays(yes: float, no: float) -> None:
    """Bin by bin, against the lowest cost on a fine grid of judgements."""
    pair = bells(0.7)
    said = np.linspace(1e-6, 1 - 1e-6, 20001)[:, None]
    votes, total = yes * pair.real + no * pair.fake, pair.real + pair.fake
    costs = -votes * np.log(said) - (total - votes) * np.log(1 - said)
    assert pair.cross_entropy(yes, no) == pytest.approx(float(costs.min(axis=0).sum()), abs=1e-5)


@pytest.mark.parametrize("size", [2, 3, 8])
def test_a_pack_of_equals_is_judged_by_the_sign_of_one(size: int) -> None:
    """Where densities of items are tiny they are still told apart: p⁸ − q⁸ has the sign of p − q."""
    pair = bells(0.5)
    np.testing.assert_array_equal(replace(pair, samples=size).majority(), pair.majority())


def test_no_critic_is_claimed_for_packs() -> None:
    """Items of several samples do not lie on a line, so the potential of a line is none of theirs."""
    assert np.isnan(replace(bells(0.5), samples=2).potential()).all()


def test_what_lies_beyond_the_bins_counts_by_its_distance() -> None:
    # All fakes are 26 to the right of the bins, all reals in the third: 26 and half a bin, and one bin more.
    real, fake = np.array([0, 0, 0, 1.0, 0, 0]), np.array([0, 0, 0, 0, 0, 1.0])
    pair = RealFakeMasses(np.arange(5.0), real, fake, overflow_distances=(0.0, 26.0))
    assert pair.distance() == pytest.approx(27.5)
    potential = pair.potential()
    # The critic falls all the way, and its mean over reals and fakes is 0.
    outer = potential[3] - 0.5 - 26.0
    assert potential[2] > potential[3]
    assert 0.5 * (potential[2] + outer) == pytest.approx(0.0, abs=0.5)
