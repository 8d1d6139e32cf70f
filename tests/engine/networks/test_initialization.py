"""First weights: the variance of every scheme, random biases, and the last layer's gain and offset."""

import math
from typing import Any

import numpy as np
import pytest

from gan1d.engine.networks.activations import LeakyReLU, ReLU, Sine, Softplus, Tanh
from gan1d.engine.networks.initialization import initialize
from gan1d.engine.networks.mlp import MLP

FAN_IN, FAN_OUT = 300, 500


def first_weights(activation: Any, dtype: type = np.float64, **how: Any) -> MLP:
    network = MLP((FAN_IN, FAN_OUT, 1), activation, dtype=dtype)
    initialize(network, np.random.default_rng(7), **how)
    return network


@pytest.mark.parametrize(
    ("activation", "weights", "variance"),
    [
        (Tanh(), "xavier_normal", 2 / (FAN_IN + FAN_OUT)),
        (ReLU(), "xavier_normal", 2 / (FAN_IN + FAN_OUT)),
        (ReLU(), "he_normal", 2 / FAN_IN),
        (Tanh(), "he_normal", 2 / FAN_IN),
        (ReLU(), "standard_normal", 1.0),
        (ReLU(), "uniform", 1 / (3 * FAN_IN)),  # a uniform draw on ±a has variance a²/3
        (Tanh(), "auto", 2 / (FAN_IN + FAN_OUT)),
        (Sine(), "auto", 2 / (FAN_IN + FAN_OUT)),
        (ReLU(), "auto", 2 / FAN_IN),
        (Softplus(), "auto", 2 / FAN_IN),
        (LeakyReLU(negative_slope=0.5), "auto", 1.6 / FAN_IN),  # 2 / (1 + ¼)
    ],
    ids=str,
)
def test_first_weights_have_the_variance_of_their_scheme(activation: Any, weights: str, variance: float) -> None:
    layer = first_weights(activation, weights=weights).layers[0]
    drawn = layer[:-1].ravel()
    # 150,000 weights: the standard error of the mean is 1/387 of a standard deviation, that of the variance 0.4 %.
    assert abs(drawn.mean()) < 4 * math.sqrt(variance / drawn.size)
    assert drawn.var() == pytest.approx(variance, rel=0.02)
    assert np.all(layer[-1] == 0)
    if weights == "uniform":
        assert np.abs(drawn).max() <= 1 / math.sqrt(FAN_IN)
    else:
        assert np.abs(drawn).max() > 3.5 * math.sqrt(variance)


def test_random_biases_do_not_change_the_weights() -> None:
    still, moved = first_weights(Tanh()), first_weights(Tanh(), random_biases=True)
    for a, b in zip(still.layers, moved.layers, strict=True):
        np.testing.assert_array_equal(a[:-1], b[:-1])
        assert np.all(b[-1] != 0)
        assert np.abs(b[-1]).max() <= 1 / math.sqrt(len(b) - 1)


def test_output_gain_and_offset_change_the_last_layer_only() -> None:
    plain = first_weights(Tanh(), random_biases=True)
    turned = first_weights(Tanh(), random_biases=True, output_gain=0.5, output_offset=-3.0)
    np.testing.assert_array_equal(plain.layers[0], turned.layers[0])
    np.testing.assert_array_equal(0.5 * plain.layers[1][:-1], turned.layers[1][:-1])
    np.testing.assert_array_equal(plain.layers[1][-1] - 3.0, turned.layers[1][-1])


def test_both_precisions_start_alike() -> None:
    double, single = (first_weights(Tanh(), dtype, random_biases=True) for dtype in (np.float64, np.float32))
    np.testing.assert_array_equal(double.parameters.astype(np.float32), single.parameters)


def test_an_unknown_scheme_is_refused() -> None:
    names = "auto, xavier_normal, he_normal, standard_normal or uniform"
    with pytest.raises(ValueError, match=f"Expected {names}, but got 'zeros'"):
        first_weights(Tanh(), weights="zeros")
