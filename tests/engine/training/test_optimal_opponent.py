"""G against the optimal D: spread masses, the gradient against differences of the functional, and the trainer."""

import math
from typing import Any, get_args

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.engine.data.standardization import in_units
from gan1d.engine.objectives.losses import Loss
from gan1d.engine.training.ensemble import Ensemble
from gan1d.engine.training.optimal_opponent import MARGIN, OptimalOpponent, spread
from gan1d.engine.training.step_trace import trace_step
from gan1d.engine.training.trainer import Trainer
from gan1d.evaluation.observe import observe
from tests.engine.training.games import fingerprint, through_bytes
from tests.gradcheck import gradient, relative_error

LOSSES = [member.kind for member in get_args(Loss) if member.has_optimal_discriminator]
WIDTH = 0.25


def game(**changes: Any) -> Config:
    """A game against the optimal D, with small networks."""
    config = Config().patched("generator.hidden", [4, 3]).patched("discriminator.hidden", [4])
    for path, value in changes.items():
        config = config.patched(path.replace("__", "."), value)
    return config.patched("discriminator.optimal", True)


def opponent_of(config: Config) -> tuple[Trainer, OptimalOpponent]:
    """A trainer in float64, and D* against its G."""
    trainer = Trainer(config, np.float64)
    return trainer, OptimalOpponent(in_units(config, trainer.units), trainer.generator)


def test_spread_masses_keep_their_sum_and_their_mean() -> None:
    positions = np.random.default_rng(0).uniform(-1, 1, 50)
    found = spread(positions, -10, WIDTH)
    masses = found.masses(np.full(50, 1 / 50), 21)
    points = (np.arange(21) - 10) * WIDTH
    assert masses.sum() == pytest.approx(1.0, abs=1e-14)
    assert masses @ points == pytest.approx(positions.mean(), abs=1e-14)
    # A cubic B-spline has the variance of four uniform ones, 4·width²/12.
    assert masses @ points**2 == pytest.approx((positions**2).mean() + WIDTH**2 / 3, abs=1e-14)
    assert masses.min() >= 0


def test_a_mass_on_a_point_and_between_two_by_hand() -> None:
    np.testing.assert_allclose(spread(np.array([0.0]), -2, 1.0).weights[:, 0], [1 / 6, 4 / 6, 1 / 6, 0], atol=1e-15)
    np.testing.assert_allclose(
        spread(np.array([0.5]), -2, 1.0).weights[:, 0], np.array([1, 23, 23, 1]) / 48, atol=1e-15
    )


def test_slopes_of_the_weights() -> None:
    positions, values = np.random.default_rng(1).uniform(-1, 1, 8), np.random.default_rng(2).normal(size=21)

    def total() -> float:
        return float(spread(positions, -10, WIDTH).at_points(values).sum())

    expected = gradient(total, positions)
    assert relative_error(spread(positions, -10, WIDTH).at_points(values, slope=True), expected) < 1e-8


@pytest.mark.parametrize("loss", LOSSES)
def test_the_gradient_is_that_of_the_cost_with_d_fixed(loss: str) -> None:
    """L_G = Σ q·c by differences over all parameters of G, with the cost c of each point as it is at the start."""
    trainer, opponent = opponent_of(game(loss=loss))
    opponent.update()
    found, parameters = opponent.gradient.copy(), trainer.generator.parameters
    _, _, costs = opponent._judged(opponent._work.forward()[0])

    def value() -> float:
        _, masses, _ = opponent._judged(opponent._work.forward()[0])
        return float(costs @ masses)

    assert opponent.loss_g == pytest.approx(value(), rel=1e-12)
    assert relative_error(found, gradient(value, parameters)) < 1e-6


@pytest.mark.parametrize(
    ("loss", "factor", "precision"),
    # The potential of Wasserstein-1 is rounded off over two cells where it turns.
    [("minimax", -2.0, 1e-6), ("wasserstein_gp", -1.0, 0.1)],
)
def test_the_gradient_is_that_of_the_value_of_the_game_at_d_star(loss: str, factor: float, precision: float) -> None:
    """2·JS − 2·ln 2, and Wasserstein-1, by differences: the change of D* with G does not matter to first order."""
    trainer, opponent = opponent_of(game(loss=loss))
    opponent.update()
    found = opponent.gradient.copy()

    def value() -> float:
        opponent.update()
        return factor * opponent.loss_d

    assert relative_error(found, gradient(value, trainer.generator.parameters)) < precision


def test_another_functional_is_detected() -> None:
    """A case that must fail: the non-saturating cost has another gradient than the value of the game."""
    trainer, opponent = opponent_of(game(loss="non_saturating"))
    opponent.update()
    found = opponent.gradient.copy()

    def value() -> float:
        opponent.update()
        return -2.0 * opponent.loss_d

    assert relative_error(found, gradient(value, trainer.generator.parameters)) > 1e-2


def test_the_losses_are_those_of_the_exact_distributions() -> None:
    trainer, opponent = opponent_of(game(target__modes__0__width=0.8))
    trainer.run(100)
    opponent.update()
    assert opponent.loss_d == pytest.approx(math.log(2) - observe(trainer).jensen_shannon, abs=0.02)


def test_fakes_far_away_lie_at_the_end_of_the_lattice() -> None:
    trainer, opponent = opponent_of(game(generator__initialization__output_offset=10.0, target__modes__0__width=0.05))
    trainer.generator.parameters[-1] = 1e12
    opponent.update()
    assert np.all(np.isfinite(opponent.gradient))
    first, count = opponent._lattice
    assert opponent._within(np.array([1e12]))[0] == (first + count - 1 - MARGIN) * opponent._width


def test_the_network_d_waits_and_the_losses_are_those_of_the_best_d() -> None:
    trainer = Trainer(game(), np.float64)
    before = trainer.discriminator.parameters.copy()
    reports = trainer.run(5)
    np.testing.assert_array_equal(trainer.discriminator.parameters, before)
    assert np.all(np.isfinite([reports.loss_d, reports.loss_g]))
    assert np.all(reports.grad_norm_d == 0)
    assert np.all(reports.grad_norm_g > 0)
    assert np.all(reports.loss_d < math.log(2))


@pytest.mark.parametrize("order", ["alternating", "simultaneous", "extragradient"])
def test_a_run_is_restored_bit_for_bit(order: str) -> None:
    config = game(update_order=order, generator_steps=2)
    trainer = Trainer(config)
    trainer.run(30)
    again = Trainer.restore(config, through_bytes(trainer.state_dict()))
    trainer.run(20)
    again.run(20)
    assert fingerprint(again) == fingerprint(trainer)


def test_the_best_d_comes_and_goes_in_a_running_game() -> None:
    config = game().patched("discriminator.optimal", False)
    trainer = Trainer(config, np.float64)
    trainer.run(3)
    for is_best in (True, False, True):
        config = config.patched("discriminator.optimal", is_best).patched("target.modes.1.position", 2.5 + is_best)
        trainer.change(config)
        again = Trainer.restore(config, trainer.state_dict())
        trainer.run(3)
        again.run(3)
        assert fingerprint(again) == fingerprint(trainer)


@pytest.mark.parametrize("loss", LOSSES)
def test_the_page_shows_the_best_d_in_place_of_the_network(loss: str) -> None:
    trainer = Trainer(game(loss=loss))
    trainer.run(20)
    frame = observe(trainer)
    lively = np.isfinite(frame.optimal_discriminator)
    np.testing.assert_allclose(frame.discriminator[lively], frame.optimal_discriminator[lively], atol=2e-3)
    assert frame.value == pytest.approx(frame.best_value, abs=2e-2)


def test_there_is_no_stack_and_no_trace_against_the_best_d() -> None:
    with pytest.raises(ValueError, match="a Trainer for each run"):
        Ensemble([game(), game(seed=1)])
    with pytest.raises(ValueError, match="no layers"):
        trace_step(Trainer(game()))
