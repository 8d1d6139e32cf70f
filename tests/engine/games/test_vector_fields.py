"""Each field is the negative gradient of its players' losses, written here as the sources write them."""

import math
from collections.abc import Callable
from typing import Any, get_args

import numpy as np
import pytest

from gan1d.engine.games.vector_fields import (
    BaseGame,
    Bilinear,
    DiracConsensus,
    DiracInstanceNoise,
    DiracMinimax,
    DiracNonSaturating,
    DiracWasserstein,
    DiracWassersteinGP,
    Game,
    QuadraticGAN,
    QuadraticWGAN,
    curvature,
    slope,
)

integrate: Any = pytest.importorskip("scipy.integrate", reason="SciPy is not installed")

Value = Callable[[float, float], float]

POINTS = [(1.2, 0.3), (-0.7, 1.1), (0.4, -2.0), (0.9, 0.1)]
STEP = 1e-5


def f(t: float) -> float:
    return -math.log1p(math.exp(-t))


def normal_mean(value: Callable[[float], float], mean: float, deviation: float) -> float:
    scale = math.sqrt(2 * math.pi)

    def integrand(e: float) -> float:
        return value(mean + deviation * e) * math.exp(-e * e / 2) / scale

    return float(integrate.quad(integrand, -12, 12, epsabs=1e-13)[0])


def uniform_mean(value: Callable[[float], float]) -> float:
    return float(integrate.quad(lambda z: value(z) / 2, -1, 1, epsabs=1e-13)[0])


def quadratic_value(theta: float, psi: float) -> float:
    return uniform_mean(lambda x: f(psi * x * x)) + uniform_mean(lambda z: f(-psi * (theta * z) ** 2))


def quadratic_wasserstein_value(theta: float, psi: float) -> float:
    return uniform_mean(lambda x: psi * x * x) - uniform_mean(lambda z: psi * (theta * z) ** 2)


def by_psi(value: Value, theta: float, psi: float) -> float:
    return (value(theta, psi + STEP) - value(theta, psi - STEP)) / (2 * STEP)


def minimax_field_length(theta: float, psi: float) -> float:
    """½‖v‖² of the minimax Dirac-GAN, by differences of its value."""
    v = by_psi(lambda p, t: -dirac_value(t, p), psi, theta), by_psi(dirac_value, theta, psi)
    return 0.5 * (v[0] ** 2 + v[1] ** 2)


def dirac_value(theta: float, psi: float) -> float:
    return f(psi * theta) + f(0)


LOSSES: list[tuple[BaseGame, Value, Value]] = [
    (Bilinear(), lambda t, p: t * p, lambda t, p: -t * p),
    (DiracMinimax(gamma=0.3), dirac_value, lambda t, p: -dirac_value(t, p) + 0.15 * p**2),
    (DiracNonSaturating(gamma=0.3), lambda t, p: -f(-p * t), lambda t, p: -dirac_value(t, p) + 0.15 * p**2),
    (DiracWasserstein(), lambda t, p: t * p, lambda t, p: -t * p),
    (DiracWassersteinGP(), lambda t, p: t * p, lambda t, p: -t * p + 0.35 * (abs(p) - 1) ** 2),
    (
        DiracInstanceNoise(),
        lambda t, p: normal_mean(lambda x: f(p * x), t, 0.7),
        lambda t, p: -normal_mean(lambda x: f(p * x), t, 0.7) - normal_mean(lambda x: f(-p * x), 0, 0.7),
    ),
    (
        DiracConsensus(gamma=0.8),
        lambda t, p: dirac_value(t, p) + 0.8 * minimax_field_length(t, p),
        lambda t, p: -dirac_value(t, p) + 0.8 * minimax_field_length(t, p),
    ),
    (
        QuadraticGAN(regularizer=0.4),
        lambda t, p: quadratic_value(t, p) + 0.4 * by_psi(quadratic_value, t, p) ** 2,
        lambda t, p: -quadratic_value(t, p),
    ),
    (
        QuadraticWGAN(regularizer=0.4),
        lambda t, p: quadratic_wasserstein_value(t, p) + 0.4 * by_psi(quadratic_wasserstein_value, t, p) ** 2,
        lambda t, p: -quadratic_wasserstein_value(t, p),
    ),
]
"""A game, the loss of G and the loss of D, as functions of θ and ψ."""

GAMES = [kind() for kind in get_args(Game)]


def kind_of(game: BaseGame) -> str:
    return str(game.kind)  # type: ignore[attr-defined]


def test_every_game_has_its_losses_here() -> None:
    assert [type(game) for game, *_ in LOSSES] == list(get_args(Game))


@pytest.mark.parametrize(
    ("game", "generator_loss", "discriminator_loss"), LOSSES, ids=lambda each: getattr(each, "kind", "")
)
@pytest.mark.parametrize("point", POINTS)
def test_the_field_is_the_negative_gradient_of_both_losses(
    game: BaseGame, generator_loss: Value, discriminator_loss: Value, point: tuple[float, float]
) -> None:
    theta, psi = point
    by_theta = (generator_loss(theta + STEP, psi) - generator_loss(theta - STEP, psi)) / (2 * STEP)
    expected = [-by_theta, -by_psi(discriminator_loss, theta, psi)]
    np.testing.assert_allclose(game.field(np.array(point)), expected, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("game", GAMES, ids=kind_of)
def test_neither_player_moves_at_an_equilibrium(game: BaseGame) -> None:
    for equilibrium in game.equilibria:
        np.testing.assert_allclose(game.field(np.array(equilibrium)), 0, atol=1e-15)
        assert game.distance(np.array(equilibrium)) == 0


@pytest.mark.parametrize("game", GAMES, ids=kind_of)
def test_a_grid_of_points_is_a_grid_of_fields(game: BaseGame) -> None:
    grid = np.stack(np.meshgrid(np.linspace(-2, 2, 5), np.linspace(-1.5, 1.5, 4)))
    whole = game.field(grid)
    assert whole.shape == grid.shape
    np.testing.assert_allclose(whole[:, 2, 3], game.field(grid[:, 2, 3]), rtol=1e-14, atol=1e-16)
    conserved = game.conserved(grid)
    assert conserved is None or conserved.shape == grid.shape[1:]


@pytest.mark.parametrize("game", [Bilinear(), DiracMinimax(), QuadraticWGAN()], ids=kind_of)
def test_the_conserved_quantity_does_not_change_along_the_field(game: BaseGame) -> None:
    """Its gradient is orthogonal to the field."""
    for point in np.array(POINTS):
        shifts = STEP * np.eye(2)
        values = [(game.conserved(point + shift), game.conserved(point - shift)) for shift in shifts]
        gradient = [(high - low) / (2 * STEP) for high, low in values if high is not None and low is not None]
        assert gradient @ game.field(point) == pytest.approx(0, abs=1e-8)


@pytest.mark.parametrize(
    "game", [DiracMinimax(gamma=0.1), QuadraticWGAN(regularizer=0.1), DiracNonSaturating()], ids=kind_of
)
def test_damped_games_conserve_nothing(game: BaseGame) -> None:
    assert game.conserved(np.array([1.0, 1.0])) is None


def test_the_quadratic_wgan_conserves_infinity_at_a_generator_of_one_point() -> None:
    assert QuadraticWGAN().conserved(np.array([0.0, 1.0])) == math.inf


def test_clipping_bounds_the_discriminator_alone() -> None:
    projected = DiracWasserstein(clip=0.5).project(np.array([[2.0, 2.0, -2.0], [0.3, 3.0, -3.0]]))
    np.testing.assert_array_equal(projected, [[2.0, 2.0, -2.0], [0.3, 0.5, -0.5]])


def test_the_gradient_penalty_is_smooth_everywhere_but_at_slope_0() -> None:
    assert not DiracWassersteinGP().is_smooth_at(np.zeros(2))
    assert DiracWassersteinGP().is_smooth_at(np.array([0.0, 0.1]))
    assert DiracWassersteinGP(target_slope=0.0).is_smooth_at(np.zeros(2))


def test_slope_and_curvature_of_the_logistic_loss_at_0() -> None:
    assert slope(np.zeros(())) == 0.5
    assert curvature(np.zeros(())) == -0.25
    np.testing.assert_array_equal(slope(np.array([-1e4, 1e4])), [1.0, 0.0])
