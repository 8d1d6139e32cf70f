"""Every loss: its gradients by differences, its values by hand, and its optimum against a search."""

import math
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import pytest

from gan1d.engine.activations import Array
from gan1d.engine.losses import Loss, Minimax, NonSaturating, sigmoid
from tests.gradcheck import gradient, relative_error

MEMBERS = [member() for member in get_args(Loss)]
SMOOTHED = [member(real_label=0.9) for member in get_args(Loss)]
VARIANTS = [*MEMBERS, *SMOOTHED, NonSaturating(real_label=0.7, generator_label=0.8)]

every = pytest.mark.parametrize("loss", VARIANTS, ids=str)
LN2 = math.log(2)


def logit(probability: float) -> float:
    return math.log(probability / (1 - probability))


def check_gradients(loss: Any) -> None:
    """AssertionError unless both gradients are those of the values."""
    scores = np.random.default_rng(0).normal(scale=3, size=(2, 7))
    found = np.full_like(scores, np.nan)
    loss.discriminator_gradient(scores, found)
    assert relative_error(found, gradient(lambda: float(loss.discriminator_value(scores)), scores)) < 1e-9
    fake = scores[1:].copy()
    found = np.full_like(fake, np.nan)
    loss.generator_gradient(fake, found)
    assert relative_error(found, gradient(lambda: float(loss.generator_value(fake)[0]), fake)) < 1e-9


@every
def test_gradients(loss: Any) -> None:
    check_gradients(loss)


@dataclass(frozen=True, kw_only=True)
class WithoutLabel(NonSaturating):
    def generator_gradient(self, scores: Array, out: Array) -> None:
        sigmoid(scores, out)
        np.multiply(out, 1.0 / scores.shape[-1], out)


def test_a_wrong_gradient_is_found() -> None:
    with pytest.raises(AssertionError):
        check_gradients(WithoutLabel())


@pytest.mark.parametrize(
    ("loss", "of_generator"), [(NonSaturating(), LN2), (Minimax(), -LN2)], ids=["non_saturating", "minimax"]
)
def test_values_where_the_discriminator_says_one_half(loss: Any, of_generator: float) -> None:
    """A score of 0 is D = ½: ½·(−ln ½) + ½·(−ln ½) = ln 2 for D; −ln ½ or ln(1 − ½) for G."""
    assert float(loss.discriminator_value(np.zeros((2, 5)))) == pytest.approx(LN2, abs=1e-15)
    assert float(loss.generator_value(np.zeros(5))) == pytest.approx(of_generator, abs=1e-15)


def test_values_by_hand() -> None:
    # Real score ln 3, so D = ¾; fake score −ln 3, so D = ¼.   L_D = −½·ln ¾ − ½·ln(1 − ¼) = −ln ¾
    scores = np.array([[math.log(3)], [-math.log(3)]])
    assert float(NonSaturating().discriminator_value(scores)) == pytest.approx(-math.log(0.75), abs=1e-15)
    assert float(NonSaturating().generator_value(scores[1])) == pytest.approx(-math.log(0.25), abs=1e-15)
    assert float(Minimax().generator_value(scores[1])) == pytest.approx(math.log(0.75), abs=1e-15)
    # Smoothed to 0.9:  L_D = −½·(0.9·ln ¾ + 0.1·ln ¼) − ½·ln ¾
    smoothed = -0.5 * (0.9 * math.log(0.75) + 0.1 * math.log(0.25)) - 0.5 * math.log(0.75)
    assert float(Minimax(real_label=0.9).discriminator_value(scores)) == pytest.approx(smoothed, abs=1e-15)
    assert float(NonSaturating(generator_label=0.9).generator_value(scores[1])) == pytest.approx(
        -0.9 * math.log(0.25) - 0.1 * math.log(0.75), abs=1e-15
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_far_out_values_are_the_limits(dtype: type) -> None:
    """log(1 + eˢ) is s at 1000 and 0 at −1000; D sure and right costs nothing, sure and wrong costs |s|."""
    right, wrong = np.array([[1e3], [-1e3]], dtype), np.array([[-1e3], [1e3]], dtype)
    with np.errstate(all="raise", under="ignore"):
        assert float(NonSaturating().discriminator_value(right)) == 0.0
        assert float(NonSaturating().discriminator_value(wrong)) == 1000.0
        # A label of 0.9 blames a score of 1000 with (1 − 0.9)·1000 for half of the batch.
        assert float(NonSaturating(real_label=0.9).discriminator_value(right)) == pytest.approx(50.0, rel=1e-6)
        assert float(NonSaturating().generator_value(right[1])) == 1000.0
        assert float(NonSaturating().generator_value(wrong[1])) == 0.0
        assert float(Minimax().generator_value(right[1])) == 0.0
        assert float(Minimax().generator_value(wrong[1])) == -1000.0


@every
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_far_out_gradients_are_the_limits(loss: Any, dtype: type) -> None:
    scores = np.array([[1e3, -1e3], [1e3, -1e3]], dtype)
    found = np.full_like(scores, np.nan)
    with np.errstate(all="raise", under="ignore"):
        loss.discriminator_gradient(scores, found)
    label = loss.real_label
    assert found == pytest.approx(np.array([[(1 - label) / 4, -label / 4], [1 / 4, 0]]), abs=1e-7)
    with np.errstate(all="raise", under="ignore"):
        loss.generator_gradient(scores[:1], found[:1])
    assert np.all(np.isfinite(found))


def test_the_minimax_pull_keeps_its_digits_where_it_vanishes() -> None:
    """d L_G / ds = −σ(s): at −60 that is −e⁻⁶⁰ to all digits, far below the precision of a probability."""
    for dtype, precision in ((np.float32, 1e-6), (np.float64, 1e-14)):
        out = np.empty((1, 1), dtype)
        Minimax().generator_gradient(np.full((1, 1), -60, dtype), out)
        assert out[0, 0] == pytest.approx(-math.exp(-60), rel=precision, abs=0)


@every
def test_batches_are_averaged(loss: Any) -> None:
    scores = np.random.default_rng(1).normal(size=(2, 6))
    twice = np.concatenate([scores, scores], axis=1)
    once_out, twice_out = np.empty_like(scores), np.empty_like(twice)
    assert loss.discriminator_value(twice) == pytest.approx(loss.discriminator_value(scores), rel=1e-14)
    assert loss.generator_value(twice[1]) == pytest.approx(loss.generator_value(scores[1]), rel=1e-14)
    for slope in (loss.discriminator_gradient, loss.generator_gradient):
        slope(scores, once_out)
        slope(twice, twice_out)
        np.testing.assert_allclose(twice_out[:, :6], once_out / 2, rtol=1e-14)


@every
def test_many_steps_at_once_are_the_same_steps(loss: Any) -> None:
    scores = np.random.default_rng(2).normal(size=(3, 2, 6))
    np.testing.assert_array_equal(
        loss.discriminator_value(scores), [float(loss.discriminator_value(one)) for one in scores]
    )
    np.testing.assert_array_equal(
        loss.generator_value(scores[:, 1]), [float(loss.generator_value(one)) for one in scores[:, 1]]
    )


@every
@pytest.mark.parametrize(("real", "fake"), [(1.0, 1.0), (0.3, 0.7), (2.0, 0.1), (0.01, 1.5)])
def test_no_discriminator_is_better_than_the_optimal_one(loss: Any, real: float, fake: float) -> None:
    """A search over D on a fine grid: p_data·(price of D on a real) + p_g·(price of D on a fake), at one point x."""
    probabilities = np.arange(1, 10_000) / 10_000
    scores = np.log(probabilities / (1 - probabilities))
    pairs = np.zeros((2, len(scores), 2, 1))
    pairs[0, :, 0, 0] = scores  # a varied real beside a fake of score 0, whose price is the same throughout
    pairs[1, :, 1, 0] = scores
    prices = real * loss.discriminator_value(pairs[0]) + fake * loss.discriminator_value(pairs[1])
    best = loss.shown(scores[[np.argmin(prices)]])[0]
    assert best == pytest.approx(loss.optimal(np.array([real]), np.array([fake]))[0], abs=1.1e-4)


@every
def test_the_optimum_is_claimed_only_where_somebody_lives(loss: Any) -> None:
    best = loss.optimal(np.array([0.0, 1.0, 0.0, 0.5]), np.array([0.0, 0.0, 1.0, 0.5]))
    np.testing.assert_array_equal(best, [np.nan, loss.real_label, 0.0, loss.real_label / 2])


@every
def test_equilibrium_is_what_the_losses_say_there(loss: Any) -> None:
    """Where p_g = p_data, put the optimal D's score into the loss itself."""
    best = float(loss.optimal(np.array([0.4]), np.array([0.4]))[0])
    scores = np.full((2, 3), logit(best))
    balance = loss.equilibrium()
    assert set(balance) == {"loss_d", "loss_g"}
    assert balance["loss_d"] == pytest.approx(float(loss.discriminator_value(scores)), rel=1e-13)
    assert balance["loss_g"] == pytest.approx(float(loss.generator_value(scores[1])), rel=1e-13)


def test_equilibrium_without_smoothing_is_ln_2() -> None:
    assert NonSaturating().equilibrium() == pytest.approx({"loss_d": LN2, "loss_g": LN2})
    assert Minimax().equilibrium() == pytest.approx({"loss_d": LN2, "loss_g": -LN2})


def test_equilibrium_with_labels_smoothed_to_095() -> None:
    # D = 0.475:   L_G = −0.95·ln 0.475 − 0.05·ln 0.525 = 0.7394
    #              L_D = ½·L_G − ½·ln 0.525             = 0.6919
    balance = NonSaturating(real_label=0.95, generator_label=0.95).equilibrium()
    assert balance["loss_g"] == pytest.approx(0.7394, abs=5e-5)
    assert balance["loss_d"] == pytest.approx(0.6919, abs=5e-5)


@every
def test_what_is_shown_is_a_probability(loss: Any) -> None:
    assert loss.readout == "probability"
    shown = loss.shown(np.array([-1e3, -math.log(3), 0.0, math.log(3), 1e3]))
    np.testing.assert_allclose(shown, [0.0, 0.25, 0.5, 0.75, 1.0], atol=1e-15)


@every
def test_equilibrium_lies_on_the_chart(loss: Any) -> None:
    assert all(loss.axis[0] < value < loss.axis[1] for value in loss.equilibrium().values())
