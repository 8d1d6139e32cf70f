"""The relativistic pairing loss: its optimum by a search over discriminators, its best value by integrals over pairs,
and what a constant added to D changes. `test_losses` has the tests of all losses."""

import math

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.engine.metrics.divergences import jensen_shannon
from gan1d.engine.metrics.optimal_discriminator import RealFakeMasses, ScoreCalibration
from gan1d.engine.objectives.base_loss import WeightedScores
from gan1d.engine.objectives.readout import RelativeReadout
from gan1d.engine.objectives.relativistic import RelativisticPairing
from gan1d.engine.programs import run
from gan1d.engine.training.trainer import Trainer
from tests.gradcheck import gradient, relative_error

LOSS = RelativisticPairing()
REAL, FAKE = np.array([0.0, 0.4, 0.3, 0.2, 0.1, 0.0]), np.array([0.05, 0.1, 0.15, 0.3, 0.4, 0.0])
PAIR = RealFakeMasses(np.arange(5.0), REAL, FAKE)
FIVE = np.array([0.1, 0.15, 0.2, 0.25, 0.3])


def test_values_by_hand() -> None:
    # Pairs with differences ln 3 and −ln 3 for the real:  −ln ¾ and −ln ¼.
    scores = np.array([[math.log(3), 0.0], [0.0, math.log(3)]])
    expected = 0.5 * (-math.log(0.75) - math.log(0.25))
    assert float(LOSS.discriminator_value(scores)) == pytest.approx(expected, abs=1e-15)
    assert float(LOSS.generator_value(scores[1] - scores[0])) == pytest.approx(expected, abs=1e-15)


def test_formulas_compute_the_costs() -> None:
    real, fake = 0.7, -0.4
    names = {"log": math.log, "e": math.e, "x": real, "z": fake}
    found = [
        eval(formula.replace("^", "**").replace("−", "-").replace("s(G(z))", "z").replace("s(x)", "x"), names)
        for formula in (LOSS.formulas.real, LOSS.formulas.fake, LOSS.formulas.generator)
    ]
    scores = np.array([[real], [fake]])
    assert found[0] + found[1] == pytest.approx(float(LOSS.discriminator_value(scores)), rel=1e-14)
    assert found[2] == pytest.approx(float(LOSS.generator_value(scores[1] - scores[0])), rel=1e-14)


def test_the_expected_loss_of_scores_far_apart() -> None:
    """No exponential overflows, and close scores give the same sum by either way."""
    apart = WeightedScores(np.array([-900.0, 900.0]), np.array([0.25, 0.75]))
    # Fakes at 0: a quarter of the pairs cost 900, and the others nothing.
    assert LOSS.weighted_loss(apart, WeightedScores(np.zeros(1), np.ones(1))) == pytest.approx(225.0, rel=1e-14)
    reals, fakes = (np.random.default_rng(seed).normal(scale=40, size=9) for seed in (1, 2))
    weights = np.full(9, 1 / 9)
    expected = np.logaddexp(0, fakes - reals[:, None]).mean()
    found = LOSS.weighted_loss(WeightedScores(reals, weights), WeightedScores(fakes, weights))
    assert found == pytest.approx(expected, rel=1e-13)


def test_a_constant_added_to_d_changes_nothing() -> None:
    scores = np.random.default_rng(0).normal(size=(2, 9))
    found, shifted = np.empty_like(scores), np.empty_like(scores)
    run(LOSS.discriminator_gradient(scores, found))
    moved = scores + 5.0
    run(LOSS.discriminator_gradient(moved, shifted))
    np.testing.assert_allclose(shifted, found, atol=1e-15)
    assert found.sum() == pytest.approx(0.0, abs=1e-15)
    assert float(LOSS.discriminator_value(moved)) == pytest.approx(float(LOSS.discriminator_value(scores)), abs=1e-14)


def test_no_discriminator_beats_the_log_ratio() -> None:
    """Gradient and second derivative of the expected loss at log(p/q) by differences, and 1000 other discriminators."""
    real, fake = FIVE, FIVE[::-1].copy()
    best = np.log(real / fake)

    def expected(scores: np.ndarray) -> float:
        return LOSS.weighted_loss(WeightedScores(scores, real), WeightedScores(scores, fake))

    assert np.abs(gradient(lambda: expected(best), best)).max() < 1e-9
    rng, least = np.random.default_rng(1), expected(best)
    for _ in range(1000):
        assert expected(best + rng.normal(scale=rng.exponential(), size=5)) >= least - 1e-14


def test_the_best_loss_is_that_of_the_log_ratio() -> None:
    real, fake = FIVE, FIVE[[2, 4, 0, 1, 3]]
    scores = np.log(real / fake)
    reached = LOSS.weighted_loss(WeightedScores(scores, real), WeightedScores(scores, fake))
    pair = RealFakeMasses(np.arange(4.0), real, fake)
    assert LOSS.optimal_loss(pair) == pytest.approx(reached, abs=1e-14)
    # ln 2 minus the Jensen-Shannon divergence of p⊗q and q⊗p, by its own definition.
    both, swapped = np.outer(real, fake).ravel(), np.outer(fake, real).ravel()
    assert LOSS.optimal_loss(pair) == pytest.approx(math.log(2) - float(jensen_shannon(both, swapped)), abs=1e-14)


def test_the_best_loss_of_equal_and_of_disjoint_distributions() -> None:
    assert LOSS.optimal_loss(RealFakeMasses(np.arange(5.0), REAL, REAL)) == pytest.approx(math.log(2), abs=1e-14)
    apart = RealFakeMasses(np.arange(3.0), np.array([0.0, 1, 0, 0]), np.array([0.0, 0, 0.5, 0.5]))
    assert LOSS.optimal_loss(apart) == pytest.approx(0.0, abs=1e-14)


def test_the_best_loss_of_two_normals() -> None:
    """For N(0, 1) and N(d, 1) the log-ratio of a pair is normal, N(d², 2d²): L_D is E log(1 + e^−t), by quadrature."""
    distance, edges = 1.5, np.linspace(-9, 11, 401)
    t = np.linspace(-14, 14, 20_001)
    density = np.exp(-0.5 * t**2) / math.sqrt(2 * math.pi)
    costs = np.logaddexp(0.0, -(distance**2 + math.sqrt(2) * distance * t))
    expected = float(np.trapezoid(density * costs, t))
    masses = [np.exp(-0.5 * (0.5 * (edges[1:] + edges[:-1]) - mean) ** 2) for mean in (0.0, distance)]
    real, fake = (np.array([0.0, *mass, 0.0]) / mass.sum() for mass in masses)
    assert LOSS.optimal_loss(RealFakeMasses(edges, real, fake)) == pytest.approx(expected, abs=2e-4)


@pytest.mark.parametrize("constant", [-3.0, 0.0, 7.0])
def test_outputs_of_the_log_ratio_are_the_optimum_whatever_its_constant(constant: float) -> None:
    readout, lively = RelativeReadout(loss_axis=(0.0, 2.5)), REAL > 0
    scores = np.zeros(6)
    scores[lively] = np.log(REAL[lively] / FAKE[lively])
    scores[[0, 5]] = [-40.0, 0.0]  # no reals, and nothing at all
    scores += constant
    centre = readout.centre(scores, REAL, FAKE)
    assert centre == pytest.approx(constant, abs=1e-9)
    outputs = readout.transform(scores, ScoreCalibration(centre=centre))[1:-1]
    np.testing.assert_allclose(outputs, LOSS.optimal_outputs(PAIR), atol=1e-9)


def test_the_centre_has_the_least_cross_entropy() -> None:
    scores = np.random.default_rng(3).normal(scale=2, size=6)
    centre = np.array([RelativeReadout(loss_axis=(0.0, 1.0)).centre(scores, REAL, FAKE)])

    def entropy() -> float:
        return float(REAL @ np.logaddexp(0, centre - scores) + FAKE @ np.logaddexp(0, scores - centre))

    assert np.abs(gradient(entropy, centre)).max() < 1e-9


def test_the_gradient_beside_all_reals() -> None:
    reals = WeightedScores(np.array([0.5, -1.0, 2.0]), np.array([0.2, 0.5, 0.3]))
    fakes = np.random.default_rng(4).normal(size=(1, 5))
    found = np.empty_like(fakes)
    run(LOSS.gradient_against(reals)(fakes, found))

    def value() -> float:
        return float((LOSS.generator_cost(fakes.T - reals.scores) @ reals.weights).mean())

    assert relative_error(found, gradient(value, fakes)) < 1e-9


def test_a_gradient_of_single_samples_is_no_gradient_of_pairs() -> None:
    """A case that must fail: the program of differences, applied to scores of fakes alone."""
    reals = WeightedScores(np.array([0.5, -1.0, 2.0]), np.array([0.2, 0.5, 0.3]))
    fakes = np.random.default_rng(4).normal(size=(1, 5))
    found, alone = np.empty_like(fakes), np.empty_like(fakes)
    run(LOSS.gradient_against(reals)(fakes, found))
    run(LOSS.generator_gradient(fakes, alone))
    assert relative_error(alone, found) > 1e-2


def test_a_loss_of_pairs_has_no_curvature_in_columns() -> None:
    with pytest.raises(ValueError, match="loss of single samples"):
        LOSS.discriminator_curvature(np.zeros((2, 3)), np.zeros((2, 3)))


def test_the_loss_changes_in_a_running_game() -> None:
    """A step after a change is the step of a trainer that had this loss from the start."""
    trainer = Trainer(Config(batch_size=16), np.float64)
    trainer.run(3)
    for loss in ("relativistic_pairing", "hinge", "relativistic_pairing"):
        config = trainer.config.patched("loss", loss)  # type: ignore[attr-defined]
        trainer.change(config)
        again = Trainer.restore(config, trainer.state_dict())
        trainer.run(2)
        again.run(2)
        np.testing.assert_array_equal(trainer.generator.parameters, again.generator.parameters)
        assert trainer.report == again.report
