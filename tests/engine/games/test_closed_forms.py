"""The formulas against the games themselves, to 1e-12, and limit circles against long trajectories."""

import math

import numpy as np
import pytest

from gan1d.engine.games import closed_forms
from gan1d.engine.games.dynamics import eigenvalues, field_jacobian, spectral_radius, trajectory
from gan1d.engine.games.updates import (
    AlternatingUpdate,
    ExtragradientUpdate,
    OptimisticUpdate,
    PastExtrapolationUpdate,
    SimultaneousUpdate,
)
from gan1d.engine.games.vector_fields import (
    Bilinear,
    DiracInstanceNoise,
    DiracMinimax,
    DiracNonSaturating,
    QuadraticWGAN,
)
from tests.tools import slow_but

RATES = [0.01, 0.1, 0.2, 0.45, 0.6, 0.9]


def exactly(value: float) -> object:
    return pytest.approx(value, rel=1e-12)


def same_eigenvalues(found: np.ndarray, expected: tuple[complex, complex]) -> None:
    def in_order(values: object) -> list[complex]:
        return sorted(np.atleast_1d(values), key=lambda value: (round(value.real, 9), value.imag))

    np.testing.assert_allclose(in_order(found), in_order(expected), rtol=0, atol=1e-12)


@pytest.mark.parametrize("rate", RATES)
def test_rates_of_the_bilinear_game(rate: float) -> None:
    game = Bilinear()
    simultaneous = spectral_radius(game, SimultaneousUpdate(learning_rate=rate))
    assert simultaneous == exactly(closed_forms.bilinear_simultaneous_rate(rate))
    assert spectral_radius(game, AlternatingUpdate(learning_rate=rate)) == exactly(1.0)
    extragradient = spectral_radius(game, ExtragradientUpdate(learning_rate=rate))
    assert extragradient == exactly(closed_forms.bilinear_extragradient_rate(rate))
    for update in (OptimisticUpdate(learning_rate=rate), PastExtrapolationUpdate(learning_rate=rate)):
        assert spectral_radius(game, update) == exactly(closed_forms.bilinear_optimistic_rate(rate))


def test_optimism_settles_below_1_over_root_3() -> None:
    assert closed_forms.bilinear_optimistic_rate(1 / math.sqrt(3)) == exactly(1.0)
    assert closed_forms.bilinear_optimistic_rate(0.577) < 1 < closed_forms.bilinear_optimistic_rate(0.578)


@pytest.mark.parametrize("rate", RATES)
def test_the_length_of_bilinear_steps(rate: float) -> None:
    """N ← (1 + h²)·N in each simultaneous step, (1 − h² + h⁴)·N in each of extragradient, wherever it starts."""
    game = Bilinear()
    for update, factor in (
        (SimultaneousUpdate(learning_rate=rate), 1 + rate**2),
        (ExtragradientUpdate(learning_rate=rate), 1 - rate**2 + rate**4),
    ):
        squares = game.conserved(trajectory(game, update, [0.3, -1.1], 40).T)
        np.testing.assert_allclose(squares[1:] / squares[:-1], factor, rtol=1e-12)


@pytest.mark.parametrize("rate", RATES)
def test_what_alternating_steps_keep(rate: float) -> None:
    points = trajectory(Bilinear(), AlternatingUpdate(learning_rate=rate), [0.3, -1.1], 500)
    kept = closed_forms.bilinear_alternating_invariant(points.T, rate)
    np.testing.assert_allclose(kept, kept[0], rtol=1e-12)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("gamma", [0.0, 0.3, 0.8, 1.1, 2.0, 5.0])
def test_rates_of_the_dirac_gan(gamma: float, rate: float) -> None:
    game = DiracMinimax(gamma=gamma)
    same_eigenvalues(eigenvalues(field_jacobian(game, [0, 0])), closed_forms.dirac_flow_eigenvalues(gamma))
    simultaneous = spectral_radius(game, SimultaneousUpdate(learning_rate=rate))
    assert simultaneous == exactly(closed_forms.dirac_simultaneous_rate(rate, gamma))
    alternating = spectral_radius(game, AlternatingUpdate(learning_rate=rate))
    assert alternating == exactly(closed_forms.dirac_alternating_rate(rate, gamma))


def test_the_best_penalties() -> None:
    """γ = 1 for simultaneous steps and 1 − h/4 for alternating ones; both have the rate 1 − h/2."""
    gammas = np.linspace(0, 3, 3001)
    for h in (0.05, 0.2, 0.5):
        simultaneous = [closed_forms.dirac_simultaneous_rate(h, gamma) for gamma in gammas]
        alternating = [closed_forms.dirac_alternating_rate(h, gamma) for gamma in gammas]
        assert gammas[np.argmin(simultaneous)] == pytest.approx(1.0, abs=1e-3)
        assert gammas[np.argmin(alternating)] == pytest.approx(1 - h / 4, abs=1e-3)
        assert closed_forms.dirac_simultaneous_rate(h, 1.0) == exactly(1 - h / 2)
        assert closed_forms.dirac_alternating_rate(h, 1 - h / 4) == exactly(1 - h / 2)


@pytest.mark.parametrize("deviation", [0.1, 0.7, 1.0, 1.5, 2.0])
def test_eigenvalues_of_instance_noise(deviation: float) -> None:
    found = eigenvalues(field_jacobian(DiracInstanceNoise(deviation=deviation), [0, 0]))
    same_eigenvalues(found, closed_forms.dirac_noise_eigenvalues(deviation))


@pytest.mark.parametrize("regularizer", [0.0, 0.25, 0.5, 1.0, 2.0])
def test_eigenvalues_of_the_quadratic_wgan(regularizer: float) -> None:
    found = eigenvalues(field_jacobian(QuadraticWGAN(regularizer=regularizer), [1, 0]))
    same_eigenvalues(found, closed_forms.quadratic_wgan_eigenvalues(regularizer))


@pytest.mark.parametrize(("h", "steps"), [(0.2, 2000), pytest.param(0.05, 20_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("start", slow_but([1.0], [0.05, 1.0]))
def test_simultaneous_non_saturating_steps_end_on_a_circle_from_inside_and_outside(
    h: float, steps: int, start: float
) -> None:
    game = DiracNonSaturating()
    last = game.distance(trajectory(game, SimultaneousUpdate(learning_rate=h), [start, start], steps)[-500:].T)
    # To first order in h: the deviation itself is of order h.
    np.testing.assert_allclose(last, closed_forms.non_saturating_limit_radius(h), rtol=0.1 * h)


@pytest.mark.parametrize("start", [0.2, 0.5])
def test_alternating_non_saturating_steps_come_in_ever_more_slowly(start: float) -> None:
    game, h = DiracNonSaturating(), 0.05
    distances = game.distance(trajectory(game, AlternatingUpdate(learning_rate=h), [start, 0.0], 4000).T)
    for steps in (1000, 2000, 4000):
        predicted = closed_forms.non_saturating_alternating_radius(h, start, steps)
        assert distances[steps] == pytest.approx(predicted, rel=0.03)
