"""Programs: calls in order, constants of one precision, and matrix products of matrices and of stacks."""

import numpy as np
import pytest

from gan1d.engine.programs import constant, matrix_product, run, transpose


def test_run_makes_all_calls_in_order() -> None:
    out = np.array([1.0, 4.0])
    run([(np.add, (out, 5.0, out)), (np.sqrt, (out, out))])
    np.testing.assert_array_equal(out, [np.sqrt(6), 3.0])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_constant_has_the_precision_of_its_program(dtype: type) -> None:
    assert constant(0.1, dtype).dtype == dtype
    assert (np.ones(2, dtype) * constant(0.1, dtype)).dtype == dtype


@pytest.mark.parametrize("stack", [(), (4,)], ids=str)
@pytest.mark.parametrize(("n", "k", "m"), [(3, 5, 2), (3, 1, 2), (1, 5, 1), (1, 1, 1)])
def test_matrix_product(stack: tuple[int, ...], n: int, k: int, m: int) -> None:
    rng = np.random.default_rng(0)
    a, b, out = rng.normal(size=(*stack, n, k)), rng.normal(size=(*stack, k, m)), np.full((*stack, n, m), np.nan)
    program = matrix_product(a, b, out)
    for _ in range(2):
        run(program)
        np.testing.assert_allclose(out, a @ b, rtol=1e-13)
        a *= 2.0  # a program reads its arrays anew each time it is run


def test_transpose_is_a_view() -> None:
    stack = np.zeros((2, 3, 4))
    transpose(stack)[0, 3, 1] = 1.0
    assert stack[0, 1, 3] == 1.0
