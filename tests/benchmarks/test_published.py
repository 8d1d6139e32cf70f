"""docs/agreement.md says what the code computes today, and every row that can agree does."""

import json
import math

import numpy as np
import pytest

from benchmarks.published import page, simulations, training
from benchmarks.published.row import Row, formula, interval, published
from tests.tools import slow_but

RESULTS = json.loads(page.SIMULATED.read_text("utf-8"))


@pytest.fixture(scope="module")
def quick() -> dict[str, list[Row]]:
    """All rows that take seconds, computed once."""
    return page.quick_rows()


@pytest.mark.slow
def test_every_quick_row_agrees(quick: dict[str, list[Row]]) -> None:
    assert [row for title, rows in quick.items() for row in rows if title != page.DIFFERING and not row.agrees] == []


def test_every_simulated_row_agrees() -> None:
    rows = training.rows(RESULTS)
    assert [row for title, each in rows.items() for row in each if title != page.DIFFERING and not row.agrees] == []


@pytest.mark.slow
def test_what_differs_says_why(quick: dict[str, list[Row]]) -> None:
    for row in quick[page.DIFFERING] + training.rows(RESULTS)[page.DIFFERING]:
        assert row.agrees is None
        assert len(row.difference) > 10


@pytest.mark.slow
def test_the_page_is_up_to_date(quick: dict[str, list[Row]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "quick_rows", lambda: dict(quick))
    assert page.PAGE.read_text("utf-8") == page.page(), "Out of date: run `python -m benchmarks.published --write`."


def test_a_printed_number_agrees_to_its_last_digit() -> None:
    assert published("", "", "1.25", 1.2549).agrees
    assert not published("", "", "1.25", 1.2551).agrees
    assert published("", "", "9.2e-34", 9.249e-34).agrees
    assert not published("", "", "9.2e-34", 9.26e-34).agrees
    assert published("", "", ".640207", 0.64020708).ours == "0.64020708"


def test_a_formula_agrees_to_a_billionth() -> None:
    assert formula("", "", 100.0, 100.0 + 9e-8).agrees
    assert not formula("", "", 100.0, 100.0 + 2e-7).agrees
    assert not formula("", "", 0.0, math.nan).agrees


def test_the_interval_of_a_mean() -> None:
    # Deviation √(2/1) of 1 and 3 around 2; standard error √2/√2 = 1
    assert interval([1.0, 3.0]) == "2 ± 1"


# Parts of the long simulations ----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_run_with_drawn_noise_is_the_stored_one() -> None:
    np.testing.assert_allclose(simulations.noise_floor(0), RESULTS["noise_floor"][0], rtol=1e-6)


@pytest.mark.slow
def test_some_runs_against_the_optimal_d_are_the_stored_ones() -> None:
    means = simulations.play_optimal(simulations.starts()[::15], simulations.CHECKPOINTS[0])
    # At the end the means jump about the equilibrium, by less than this, and rounding decides where they are.
    np.testing.assert_allclose(simulations.worst_error(means), RESULTS["optimal"][::15], atol=0.002)


@pytest.mark.parametrize("name", slow_but(["alternating"], ["simultaneous", "alternating"]))
def test_a_set_of_first_order_runs_is_the_stored_one(name: str) -> None:
    found = simulations.play_first_order([3], simulations.DYNAMICS[name])
    # One start in 45 may end on the other side of a threshold on another processor.
    np.testing.assert_allclose(found, RESULTS[name][3:4], atol=1.01 / 45)


def test_the_means_of_two_normal_densities_come_from_the_formula() -> None:
    # ½·φ(1) + ½·φ(2) at 0, for means of −1 and 2
    expected = 0.5 * (math.exp(-0.5) + math.exp(-2)) / math.sqrt(2 * math.pi)
    assert simulations.density(np.zeros((1, 1)), np.array([[-1.0, 2.0]]))[0, 0] == pytest.approx(expected, rel=1e-14)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_other_seeds_vanish_and_recover_as_stored() -> None:
    seed = 77
    assert simulations.vanished("vanishing_gradient", seed)["kl"] > 5
    assert simulations.vanished("vanishing_non_saturating", seed)["kl"] < 0.05


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_other_seeds_cover_more_modes_with_packs() -> None:
    seeds = range(2010, 2030)
    plain, packed = (simulations.covered(seeds, pack) for pack in (1, 2))
    assert sum(modes for modes, _ in packed) > sum(modes for modes, _ in plain)
    assert sum(divergence for _, divergence in packed) < sum(divergence for _, divergence in plain)


@pytest.mark.slow
def test_another_seed_has_its_code_read_only_with_its_term() -> None:
    bound, exact = simulations.information(6000, simulations.CODE_WEIGHTS["code"])
    assert 0.5 * math.log(3) < bound <= exact <= math.log(3) + 1e-6
    bound, exact = simulations.information(6000, 0.0)
    assert bound <= exact
    assert bound < 0.5 * math.log(3)
