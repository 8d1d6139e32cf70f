"""Every loss: gradients by differences, values by hand, and the optimal discriminator by a search."""

import math
import re
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import pytest

from gan1d.engine.arrays import Array
from gan1d.engine.metrics.optimal_discriminator import RealFakeMasses, ScoreCalibration
from gan1d.engine.objectives.gradient_penalties import GradientPenalty, NoPenalty
from gan1d.engine.objectives.losses import (
    CrossEntropy,
    Hinge,
    LeastSquares,
    Loss,
    Minimax,
    NonSaturating,
    Wasserstein,
    WassersteinGP,
)
from gan1d.engine.programs import Program, run
from tests.gradcheck import gradient, relative_error

MEMBERS = [member() for member in get_args(Loss)]
SMOOTHED = [
    NonSaturating(real_label=0.9),
    Minimax(real_label=0.9),
    Minimax(real_label=0.9, fake_label=0.1),
    NonSaturating(real_label=0.7, fake_label=0.2, generator_label=0.8),
    LeastSquares(real_label=0.9, fake_label=-0.5, generator_label=0.7),
]
VARIANTS = [*MEMBERS, *SMOOTHED]
ENTROPIES = [loss for loss in VARIANTS if isinstance(loss, CrossEntropy)]

every = pytest.mark.parametrize("loss", VARIANTS, ids=str)
every_entropy = pytest.mark.parametrize("loss", ENTROPIES, ids=str)
LN2 = math.log(2)


def logit(probability: float) -> float:
    return math.log(probability / (1 - probability))


def slopes_of(loss: Any, scores: Array, player: str) -> Array:
    """The gradient that the loss computes for these scores."""
    found = np.full_like(scores, np.nan)
    with np.errstate(over="ignore"):
        run(getattr(loss, f"{player}_gradient")(scores, found))
    return found


def check_gradients(loss: Any) -> None:
    """Raise AssertionError unless both gradients are the derivatives of the values."""
    scores = np.random.default_rng(0).normal(scale=3, size=(2, 7))
    found = slopes_of(loss, scores, "discriminator")
    assert relative_error(found, gradient(lambda: float(loss.discriminator_value(scores)), scores)) < 1e-9
    fake = scores[1:].copy()
    found = slopes_of(loss, fake, "generator")
    assert relative_error(found, gradient(lambda: float(loss.generator_value(fake)[0]), fake)) < 1e-9


@every
def test_gradients(loss: Any) -> None:
    check_gradients(loss)


@dataclass(frozen=True, kw_only=True)
class WithoutLabel(NonSaturating):
    def generator_gradient(self, scores: Array, out: Array) -> Program:
        return Minimax(real_label=self.real_label).generator_gradient(scores, out)


def test_a_wrong_gradient_is_detected() -> None:
    with pytest.raises(AssertionError):
        check_gradients(WithoutLabel())


@pytest.mark.parametrize(
    ("loss", "of_discriminator", "of_generator"),
    [
        # D = ½: −½·ln ½ − ½·ln ½ = ln 2 for D; −ln ½ or ln(1 − ½) for G
        (NonSaturating(), LN2, LN2),
        (Minimax(), LN2, -LN2),
        # ½·(0 − 1)² + ½·0² and ½·(0 − 1)²
        (LeastSquares(), 0.5, 0.5),
        # max(0, 1 − 0) + max(0, 1 + 0) and −0
        (Hinge(), 2.0, 0.0),
        (Wasserstein(), 0.0, 0.0),
        (WassersteinGP(), 0.0, 0.0),
    ],
    ids=str,
)
def test_values_at_score_0(loss: Any, of_discriminator: float, of_generator: float) -> None:
    assert float(loss.discriminator_value(np.zeros((2, 5)))) == pytest.approx(of_discriminator, abs=1e-15)
    assert float(loss.generator_value(np.zeros(5))) == pytest.approx(of_generator, abs=1e-15)


def test_values_by_hand() -> None:
    # Real score ln 3, so D = ¾; fake score −ln 3, so D = ¼.   L_D = −½·ln ¾ − ½·ln(1 − ¼) = −ln ¾
    scores = np.array([[math.log(3)], [-math.log(3)]])
    assert float(NonSaturating().discriminator_value(scores)) == pytest.approx(-math.log(0.75), abs=1e-15)
    assert float(NonSaturating().generator_value(scores[1])) == pytest.approx(-math.log(0.25), abs=1e-15)
    assert float(Minimax().generator_value(scores[1])) == pytest.approx(math.log(0.75), abs=1e-15)
    # Reals smoothed to 0.9:  L_D = −½·(0.9·ln ¾ + 0.1·ln ¼) − ½·ln ¾
    smoothed = -0.5 * (0.9 * math.log(0.75) + 0.1 * math.log(0.25)) - 0.5 * math.log(0.75)
    assert float(Minimax(real_label=0.9).discriminator_value(scores)) == pytest.approx(smoothed, abs=1e-15)
    assert float(NonSaturating(generator_label=0.9).generator_value(scores[1])) == pytest.approx(
        -0.9 * math.log(0.25) - 0.1 * math.log(0.75), abs=1e-15
    )
    # Fakes smoothed to 0.2:  L_D = −½·ln ¾ − ½·(0.2·ln ¼ + 0.8·ln ¾)
    smoothed = -0.5 * math.log(0.75) - 0.5 * (0.2 * math.log(0.25) + 0.8 * math.log(0.75))
    assert float(NonSaturating(fake_label=0.2).discriminator_value(scores)) == pytest.approx(smoothed, abs=1e-15)


def test_values_of_the_others_by_hand() -> None:
    scores = np.array([[0.5, 3.0], [-0.5, 1.0]])
    # ½·mean(0.25, 4) + ½·mean(0.25, 1) = ½·2.125 + ½·0.625;  ½·mean(2.25, 0)
    assert float(LeastSquares().discriminator_value(scores)) == pytest.approx(1.375, abs=1e-15)
    assert float(LeastSquares().generator_value(scores[1])) == pytest.approx(0.5625, abs=1e-15)
    # mean(½, 0) + mean(½, 2);  −mean(−½, 1)
    assert float(Hinge().discriminator_value(scores)) == pytest.approx(1.5, abs=1e-15)
    assert float(Hinge().generator_value(scores[1])) == pytest.approx(-0.25, abs=1e-15)
    # mean(−½, 1) − mean(½, 3)
    assert float(Wasserstein().discriminator_value(scores)) == pytest.approx(-1.5, abs=1e-15)
    assert float(WassersteinGP().generator_value(scores[1])) == pytest.approx(-0.25, abs=1e-15)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_values_at_large_scores_are_the_limits(dtype: type) -> None:
    """log(1 + eˢ) is s at 1000 and 0 at −1000: a correct D pays nothing, a wrong one |s|."""
    right, wrong = np.array([[1e3], [-1e3]], dtype), np.array([[-1e3], [1e3]], dtype)
    with np.errstate(all="raise", under="ignore"):
        assert float(NonSaturating().discriminator_value(right)) == 0.0
        assert float(NonSaturating().discriminator_value(wrong)) == 1000.0
        # With a label of 0.9, a score of 1000 costs (1 − 0.9)·1000, halved in L_D.
        assert float(NonSaturating(real_label=0.9).discriminator_value(right)) == pytest.approx(50.0, rel=1e-6)
        assert float(NonSaturating().generator_value(right[1])) == 1000.0
        assert float(NonSaturating().generator_value(wrong[1])) == 0.0
        assert float(Minimax().generator_value(right[1])) == 0.0
        assert float(Minimax().generator_value(wrong[1])) == -1000.0


@every_entropy
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_gradients_at_large_scores_are_the_limits(loss: Any, dtype: type) -> None:
    scores = np.array([[1e3, -1e3], [1e3, -1e3]], dtype)
    found = slopes_of(loss, scores, "discriminator")
    real, fake = loss.real_label, loss.fake_label
    expected = [[(1 - real) / 4, -real / 4], [(1 - fake) / 4, -fake / 4]]
    assert found == pytest.approx(np.array(expected), abs=1e-7)


@every
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_gradients_at_large_scores_are_finite(loss: Any, dtype: type) -> None:
    scores = np.array([[1e3, -1e3, 0.0], [1e3, -1e3, 0.0]], dtype)
    assert np.all(np.isfinite(slopes_of(loss, scores, "discriminator")))
    assert np.all(np.isfinite(slopes_of(loss, scores[:1].copy(), "generator")))


@pytest.mark.parametrize(("dtype", "precision"), [(np.float32, 1e-5), (np.float64, 1e-14)])
def test_vanishing_gradients_keep_their_relative_precision(dtype: type, precision: float) -> None:
    """σ(−60) is e⁻⁶⁰ to all digits, far below the rounding error of a probability near 1.

    That is the gradient of G in minimax and of D at a fake with score −60; at a real with score 60 it is −e⁻⁶⁰.
    """
    out = slopes_of(Minimax(), np.full((1, 1), -60, dtype), "generator")
    assert out[0, 0] == pytest.approx(-math.exp(-60), rel=precision, abs=0)
    out = slopes_of(NonSaturating(), np.array([[60.0], [-60.0]], dtype), "discriminator")
    assert out[:, 0] == pytest.approx(0.5 * math.exp(-60) * np.array([-1, 1]), rel=precision, abs=0)


@every
def test_losses_are_means_over_the_batch(loss: Any) -> None:
    scores = np.random.default_rng(1).normal(size=(2, 6))
    twice = np.concatenate([scores, scores], axis=1)
    assert loss.discriminator_value(twice) == pytest.approx(loss.discriminator_value(scores), rel=1e-14)
    assert loss.generator_value(twice[1]) == pytest.approx(loss.generator_value(scores[1]), rel=1e-14)
    for player in ("discriminator", "generator"):
        once = slopes_of(loss, scores, player)
        np.testing.assert_allclose(slopes_of(loss, twice, player)[:, :6], once / 2, rtol=1e-14)


@every
def test_leading_axes_are_independent_batches(loss: Any) -> None:
    scores = np.random.default_rng(2).normal(size=(3, 2, 6))
    np.testing.assert_array_equal(
        loss.discriminator_value(scores), [float(loss.discriminator_value(one)) for one in scores]
    )
    np.testing.assert_array_equal(
        loss.generator_value(scores[:, 1]), [float(loss.generator_value(one)) for one in scores[:, 1]]
    )


# The optimal discriminator ------------------------------------------------------------------------------------------


def pair_of(real: list[float], fake: list[float]) -> RealFakeMasses:
    """Masses on bins of width 1, with none outside."""
    r, f = (np.array([0.0, *masses, 0.0]) / sum(masses) for masses in (real, fake))
    return RealFakeMasses(np.arange(len(real) + 1.0), r, f)


POINTWISE = [loss for loss in VARIANTS if not isinstance(loss, (Wasserstein, WassersteinGP)) and not loss.is_paired]


@pytest.mark.parametrize("loss", POINTWISE, ids=str)
def test_no_discriminator_is_better_than_the_optimal_one(loss: Any) -> None:
    """Against a search over a fine grid of scores, in each bin and for the sum over all bins."""
    pair = pair_of([1.0, 0.3, 2.0, 0.01], [1.5, 0.7, 0.1, 1.5])
    scores = np.linspace(-12, 12, 240_001)
    costs = [
        real * loss.real_cost(scores) + fake * loss.fake_cost(scores)
        for real, fake in zip(pair.real[1:-1], pair.fake[1:-1], strict=True)
    ]
    found = loss.readout.transform(np.array([scores[np.argmin(cost)] for cost in costs]), ScoreCalibration())
    assert found == pytest.approx(loss.optimal_outputs(pair), abs=2e-4)
    assert sum(cost.min() for cost in costs) == pytest.approx(loss.optimal_loss(pair), abs=1e-6)


@pytest.mark.parametrize("loss", [loss for loss in POINTWISE if not isinstance(loss, Hinge)], ids=str)
def test_the_optimum_is_defined_only_where_there_is_mass(loss: Any) -> None:
    best = loss.optimal_outputs(pair_of([0.0, 1.0, 0.0, 0.5], [0.0, 0.0, 1.0, 0.5]))
    np.testing.assert_allclose(best, [np.nan, loss.real_label, loss.fake_label, loss.readout.threshold], rtol=1e-14)


def test_the_optimum_of_hinge_is_undefined_where_masses_are_equal() -> None:
    best = Hinge().optimal_outputs(pair_of([0.0, 1.0, 0.0, 0.5], [0.0, 0.0, 1.0, 0.5]))
    np.testing.assert_array_equal(best, [np.nan, 1.0, -1.0, np.nan])


@pytest.mark.parametrize("loss", [NonSaturating(), Minimax()], ids=str)
def test_the_best_loss_is_ln_2_minus_jensen_shannon(loss: Any) -> None:
    """Goodfellow et al. 2014, theorem 1; disjoint: 0, equal: ln 2."""
    assert loss.optimal_loss(pair_of([1, 0], [0, 1])) == pytest.approx(0.0, abs=1e-12)
    assert loss.optimal_loss(pair_of([1, 2], [1, 2])) == pytest.approx(LN2, rel=1e-14)
    # p = (¾, ¼), q = (¼, ¾), m = ½ each:  JS = ¾·ln 1.5 + ¼·ln 0.5
    js = 0.75 * math.log(1.5) + 0.25 * math.log(0.5)
    assert loss.optimal_loss(pair_of([3, 1], [1, 3])) == pytest.approx(LN2 - js, rel=1e-13)


def test_the_best_losses_of_a_shift_by_hand() -> None:
    # All mass one bin apart: no overlap, distance 1.
    pair = pair_of([0, 1], [1, 0])
    assert Hinge().optimal_loss(pair) == 0.0
    assert LeastSquares().optimal_loss(pair) == pytest.approx(0.0, abs=1e-15)
    assert WassersteinGP().optimal_loss(pair) == pytest.approx(-1.0, rel=1e-14)
    assert math.isnan(Wasserstein().optimal_loss(pair))


@every
def test_the_reachable_loss_is_the_best_loss_unless_it_depends_on_steepness(loss: Any) -> None:
    pair = pair_of([3, 1, 0], [0, 1, 3])
    reachable = loss.reachable_loss(pair, ScoreCalibration(steepness=0.2))
    if math.isnan(loss.optimal_loss(pair)):
        assert reachable == pytest.approx(-0.2 * pair.distance())
    else:
        assert reachable == loss.optimal_loss(pair)


@every
def test_equilibrium_is_the_loss_of_a_constant_d_at_the_threshold(loss: Any) -> None:
    """Where p_g = p_data, the optimal D has the same score everywhere."""
    threshold = loss.readout.threshold
    scores = np.full((2, 3), logit(threshold) if loss.readout.kind == "probability" else threshold)
    balance = loss.equilibrium()
    assert balance["loss_d"] == pytest.approx(float(loss.discriminator_value(scores)), rel=1e-13)
    if "loss_g" in balance:
        assert balance["loss_g"] == pytest.approx(float(loss.generator_value(scores[1])), rel=1e-13)
    if not isinstance(loss, Wasserstein):
        assert balance["loss_d"] == pytest.approx(loss.optimal_loss(pair_of([1, 2, 3], [1, 2, 3])), abs=1e-13)


def test_equilibrium_without_smoothing_is_ln_2() -> None:
    assert NonSaturating().equilibrium() == pytest.approx({"loss_d": LN2, "loss_g": LN2})
    assert Minimax().equilibrium() == pytest.approx({"loss_d": LN2, "loss_g": -LN2})
    assert LeastSquares().equilibrium() == {"loss_d": 0.25, "loss_g": 0.125}


def test_equilibrium_with_labels_smoothed_to_095() -> None:
    # D = 0.475:   L_G = −0.95·ln 0.475 − 0.05·ln 0.525 = 0.7394
    #              L_D = ½·L_G − ½·ln 0.525             = 0.6919
    balance = NonSaturating(real_label=0.95, generator_label=0.95).equilibrium()
    assert balance["loss_g"] == pytest.approx(0.7394, abs=5e-5)
    assert balance["loss_d"] == pytest.approx(0.6919, abs=5e-5)


# Readout, penalty and constraint --------------------------------------------------------------------------------------


@every
def test_equilibrium_and_threshold_lie_on_the_axes(loss: Any) -> None:
    assert all(loss.readout.loss_axis[0] <= value <= loss.readout.loss_axis[1] for value in loss.equilibrium().values())
    low, high = loss.readout.output_range(10.0)
    assert low < loss.readout.threshold < high


def test_penalties_and_constraints_of_losses() -> None:
    assert isinstance(NonSaturating().penalty, NoPenalty)
    assert WassersteinGP(weight=3.0).penalty == GradientPenalty(weight=3.0)
    assert Wasserstein(clip=0.05).constraint.kind == "weight_clipping"
    assert Wasserstein(clip=0.05).constraint.limit == 0.05


@every
def test_the_cost_of_nan_is_nan(loss: Any) -> None:
    """A diverged D must not look like a perfect one."""
    nan = np.array([np.nan])
    assert all(np.isnan(cost(nan)).all() for cost in (loss.real_cost, loss.fake_cost, loss.generator_cost))


@pytest.mark.parametrize("loss", [loss for loss in VARIANTS if not loss.is_paired], ids=str)
def test_formulas_compute_the_costs(loss: Any) -> None:
    score = 0.7
    output = float(loss.readout.transform(score, ScoreCalibration()))

    def computed(formula: str) -> float:
        for symbol, code in (
            ("−", "-"),
            ("½ ", "0.5*"),
            ("²", "**2"),
            ("D(G(z))", "D"),
            ("D(x)", "D"),
            ("log D", "log(D)"),
        ):
            formula = formula.replace(symbol, code)
        return float(eval(re.sub(r"(\d) log", r"\1*log", formula), {"D": output, "log": math.log, "max": max}))

    assert computed(loss.formulas.real) == pytest.approx(float(loss.real_cost(score)), rel=1e-9)
    assert computed(loss.formulas.fake) == pytest.approx(float(loss.fake_cost(score)), rel=1e-9)
    assert computed(loss.formulas.generator) == pytest.approx(float(loss.generator_cost(score)), rel=1e-9)
