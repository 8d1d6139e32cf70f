"""Every activation: both derivatives against finite differences, known values, and finite results far from 0."""

import math
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import pytest

from gan1d.engine.arrays import Array
from gan1d.engine.networks.activations import Activation, LeakyReLU, ReLU, Sine, Softplus, Tanh
from gan1d.engine.programs import Program, run
from tests.gradcheck import differentiated, relative_error

MEMBERS = [member() for member in get_args(Activation)]
VARIANTS = [*MEMBERS, LeakyReLU(negative_slope=0.0), LeakyReLU(negative_slope=0.9)]

AWAY_FROM_ZERO = np.concatenate([np.linspace(-4, -0.01, 40), np.linspace(0.01, 4, 40)])
"""Points at which all activations are smooth; ReLU has a kink at 0."""

every = pytest.mark.parametrize("activation", VARIANTS, ids=str)
both = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def evaluated(activation: Any, s: Array) -> tuple[Array, Array, Array]:
    """φ, φ′ and φ″ at s."""
    h, derivative, second_derivative = (np.full_like(s, np.nan) for _ in range(3))
    run(activation.apply(s, h))
    run(activation.derivative(s, h, derivative))
    program = activation.second_derivative(s, h, second_derivative)
    if program is None:
        second_derivative.fill(0.0)  # None stands for 0 everywhere
    else:
        run(program)
    return h, derivative, second_derivative


def check_derivatives(activation: Any) -> None:
    """AssertionError unless φ′ is the derivative of φ, and φ″ is the derivative of φ′."""
    _, derivative, second_derivative = evaluated(activation, AWAY_FROM_ZERO)
    assert relative_error(derivative, differentiated(lambda by: evaluated(activation, AWAY_FROM_ZERO + by)[0])) < 1e-9
    assert (
        relative_error(second_derivative, differentiated(lambda by: evaluated(activation, AWAY_FROM_ZERO + by)[1]))
        < 1e-9
    )


@every
def test_derivatives(activation: Any) -> None:
    check_derivatives(activation)


@dataclass(frozen=True)
class WrongDerivative(Tanh):
    def derivative(self, s: Array, h: Array, out: Array) -> Program:
        return [(np.subtract, (1.0, h, out))]  # 1 − h instead of 1 − h²


@dataclass(frozen=True)
class WrongSecondDerivative(Sine):
    def second_derivative(self, s: Array, h: Array, out: Array) -> Program:
        return [(np.copyto, (out, h))]  # the sign is missing


@pytest.mark.parametrize("wrong", [WrongDerivative(), WrongSecondDerivative()], ids=["derivative", "second_derivative"])
def test_a_wrong_derivative_is_found(wrong: Any) -> None:
    with pytest.raises(AssertionError):
        check_derivatives(wrong)


@every
@both
def test_finite_far_from_zero(activation: Any, dtype: type) -> None:
    s = np.array([-1e3, -100, -50, 50, 100, 1e3], dtype)
    with np.errstate(all="raise", under="ignore"):
        found = evaluated(activation, s)
    for values in found:
        assert np.all(np.isfinite(values))
    assert np.all(np.abs(found[1]) <= 1.0)


@every
def test_single_precision_agrees_with_double(activation: Any) -> None:
    s = np.linspace(-20, 20, 401).astype(np.float32)
    for single, double in zip(evaluated(activation, s), evaluated(activation, s.astype(np.float64)), strict=True):
        assert single.dtype == np.float32
        np.testing.assert_allclose(single, double, rtol=2e-6, atol=1e-6)


@pytest.mark.parametrize(
    ("activation", "s", "value", "derivative", "second_derivative"),
    [
        (ReLU(), 3.0, 3.0, 1.0, 0.0),
        (ReLU(), -3.0, 0.0, 0.0, 0.0),
        (LeakyReLU(), 3.0, 3.0, 1.0, 0.0),
        (LeakyReLU(negative_slope=0.2), -3.0, -0.6, 0.2, 0.0),
        (Softplus(), 0.0, math.log(2), 0.5, 0.25),  # σ(0) = ½, σ(0)·(1 − σ(0)) = ¼
        (Softplus(), 1000.0, 1000.0, 1.0, 0.0),
        (Softplus(), -1000.0, 0.0, 0.0, 0.0),
        # artanh ½ = ½·ln 3; there 1 − h² = ¾ and −2h·(1 − h²) = −¾.
        (Tanh(), 0.5 * math.log(3), 0.5, 0.75, -0.75),
        (Tanh(), -0.5 * math.log(3), -0.5, 0.75, 0.75),
        (Sine(), math.pi / 6, 0.5, math.sqrt(0.75), -0.5),
        (Sine(), math.pi / 2, 1.0, 0.0, -1.0),
    ],
    ids=str,
)
def test_known_values(activation: Any, s: float, value: float, derivative: float, second_derivative: float) -> None:
    found = [float(values[0]) for values in evaluated(activation, np.array([s]))]
    assert found == pytest.approx([value, derivative, second_derivative], abs=1e-14)


@every
def test_derivative_at_zero_lies_between_its_neighbours(activation: Any) -> None:
    _, (left, at, right), _ = evaluated(activation, np.array([-1e-9, 0.0, 1e-9]))
    assert min(left, right) - 1e-8 <= at <= max(left, right) + 1e-8


def test_softplus_keeps_its_tail_in_single_precision() -> None:
    _, derivative, _ = evaluated(Softplus(), np.array([-30.0], np.float32))
    assert derivative[0] == pytest.approx(math.exp(-30), rel=1e-5, abs=0)


@pytest.mark.parametrize("activation", [ReLU(), LeakyReLU(), LeakyReLU(negative_slope=0.9)], ids=str)
def test_gain_keeps_the_size_of_a_signal(activation: Any) -> None:
    """gain · E φ(s)² = 1 for a standard normal s (He et al. 2015)."""
    s = np.linspace(-10, 10, 200_001)
    density = np.exp(-0.5 * s**2) / math.sqrt(2 * math.pi)
    mean_square = float(np.sum(evaluated(activation, s)[0] ** 2 * density) * (s[1] - s[0]))
    assert activation.gain * mean_square == pytest.approx(1.0, abs=1e-6)


@both
@pytest.mark.parametrize("negative_slope", [0.0, 0.2, 0.9])
def test_leaky_derivative_is_exact_near_to_and_far_from_zero(negative_slope: float, dtype: type) -> None:
    positive = np.array([0.0, np.finfo(dtype).smallest_subnormal, 1e-30, 1.0, np.finfo(dtype).max], dtype)
    s = np.concatenate([positive, -positive[1:]])
    _, derivative, _ = evaluated(LeakyReLU(negative_slope=negative_slope), s)
    np.testing.assert_array_equal(derivative, np.where(s >= 0, 1.0, negative_slope).astype(dtype))
