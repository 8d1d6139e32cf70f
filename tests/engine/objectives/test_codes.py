"""Codes: draws, gradients of the bound by differences, and the bound by hand."""

import math
from typing import Any

import numpy as np
import pytest

from gan1d.engine.arrays import Array
from gan1d.engine.objectives.codes import CODE_NODES, SMALLEST_DEVIATION, CategoricalCode, ContinuousCode
from gan1d.engine.programs import run
from tests.gradcheck import gradient, relative_error

CODES = [CategoricalCode(values=2), CategoricalCode(values=5), ContinuousCode()]

every = pytest.mark.parametrize("code", CODES, ids=str)


def batch_of(code: Any, count: int = 7) -> tuple[Array, Array]:
    """Random outputs of Q and random codes."""
    rng = np.random.default_rng(4)
    return rng.normal(size=(code.outputs, count)), code.draw(rng, count)


def slopes_of(code: Any, outputs: Array, codes: Array) -> Array:
    """The gradient of −L_I that the code computes."""
    found = np.full_like(outputs, np.nan)
    run(code.gradient(outputs, codes, found))
    return found


def check_gradient(code: Any, outputs: Array, codes: Array) -> None:
    """Raise AssertionError unless the gradient is the derivative of the mean of −log Q."""
    expected = gradient(lambda: -float(code.log_density(outputs, codes).mean()), outputs)
    assert relative_error(slopes_of(code, outputs, codes), expected) < 1e-9


@every
def test_the_gradient_is_the_derivative_of_the_bound(code: Any) -> None:
    check_gradient(code, *batch_of(code))


@every
def test_a_wrong_gradient_is_found(code: Any) -> None:
    """The gradient for other codes is not the derivative, so that the comparison above can fail."""

    class Wrong(type(code)):  # type: ignore[misc]
        def gradient(self, outputs: Array, codes: Array, out: Array) -> Any:
            return super().gradient(outputs, np.roll(codes, 1, axis=-1), out)

    wrong = Wrong(values=code.values) if isinstance(code, CategoricalCode) else Wrong()
    with pytest.raises(AssertionError):
        check_gradient(wrong, *batch_of(code))


@every
def test_a_stack_has_the_gradients_of_its_members(code: Any) -> None:
    outputs, codes = batch_of(code)
    stacked = slopes_of(code, np.stack([outputs, 2 * outputs]), np.stack([codes, codes]))
    np.testing.assert_allclose(stacked[0], slopes_of(code, outputs, codes), rtol=1e-12)
    np.testing.assert_allclose(stacked[1], slopes_of(code, 2 * outputs, codes), rtol=1e-12)


def test_the_gradient_of_a_softmax_is_finite_for_huge_outputs() -> None:
    code = CategoricalCode(values=2)
    outputs, codes = np.array([[1e4, -1e4], [-1e4, 1e4]]), np.eye(2)
    assert code.log_density(outputs, codes).tolist() == [0.0, 0.0]
    # The second column is certain of the wrong value: (softmax − c)/2 = (±1)/2.
    np.testing.assert_array_equal(slopes_of(code, outputs, codes[:, ::-1].copy()), [[0.5, -0.5], [-0.5, 0.5]])


def test_log_densities_by_hand() -> None:
    # softmax(0, ln 3) = (1/4, 3/4).
    outputs = np.array([[0.0, 0.0], [math.log(3), math.log(3)]])
    found = CategoricalCode(values=2).log_density(outputs, np.eye(2))
    np.testing.assert_allclose(found, [math.log(1 / 4), math.log(3 / 4)], rtol=1e-12)
    # Normal with mean .5 and variance 0.05² + 1 at c = −.5: −½·ln(2π·1.0025) − 1/(2·1.0025).
    found = ContinuousCode().log_density(np.array([[0.5], [0.0]]), np.array([[-0.5]]))
    np.testing.assert_allclose(found, [-0.5 * math.log(2 * math.pi * 1.0025) - 1 / 2.005], rtol=1e-12)


@every
def test_draws_have_the_moments_of_the_code(code: Any) -> None:
    drawn = code.draw(np.random.default_rng(0), 40_000, np.float32)
    assert (drawn.shape, drawn.dtype) == ((code.rows, 40_000), np.float32)
    nodes = code.nodes()
    # The standard errors are below .003.
    np.testing.assert_allclose(drawn.mean(axis=1), nodes.mean(axis=1), atol=0.015)
    np.testing.assert_allclose(drawn.var(axis=1), nodes.var(axis=1), atol=0.015)


def test_no_density_of_q_is_above_1_in_total_over_the_nodes() -> None:
    """Otherwise the bound could exceed the mutual information over the same nodes."""
    code = ContinuousCode()
    nodes = code.nodes()
    for mean in np.linspace(-1, 1, 201):
        outputs = np.tile([[mean], [-50.0]], (1, CODE_NODES))
        total = np.exp(code.log_density(outputs, nodes)).sum() * 2 / CODE_NODES
        assert total < 1 + 1e-12
    assert 2 / CODE_NODES < SMALLEST_DEVIATION
