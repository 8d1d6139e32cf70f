"""Programs: a computation as a list of NumPy calls, built once and run many times.

For networks this small, half of a step would be Python overhead: looking up functions, allocating arrays and
converting constants. A program does all that once, when it is built. Running it only makes the calls.

    program = [(np.exp, (scores, out)), (np.add, (out, one, out))]
    run(program)

All operations also accept arrays with a leading axis, so one program can compute a stack of networks.
"""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from gan1d.engine.arrays import Array

Call = tuple[Callable[..., Any], tuple[Any, ...]]
"""A function and its arguments. The return value is dropped, so the function must write to one of its arguments."""

Program = list[Call]


def run(program: Iterable[Call]) -> None:
    """Execute all calls in order."""
    for function, arguments in program:
        function(*arguments)


def constant(value: ArrayLike, dtype: DTypeLike) -> Array:
    """A number as a 0-d array of the given dtype, which a ufunc takes faster than a Python number (0.4 against 0.7 µs).

    For a stack of networks with different values, `value` is a column of numbers.
    """
    return np.array(value, dtype)


def matrix_product(a: Array, b: Array, out: Array) -> Program:
    """Matrix product out = a·b, for two matrices or two stacks of matrices.

    Args:
        a: Left factor, `(…, n, k)`.
        b: Right factor, `(…, k, m)`, with the leading axes of `a`.
        out: Result, `(…, n, m)`, overwritten.
    """
    if a.ndim == 2:
        return [(a.dot, (b, out))]
    if a.shape[-1] > 1:
        return [(np.matmul, (a, b, out))]
    # For a stack of outer products (k = 1) NumPy does not call BLAS and takes 20 times as long. With a second column
    # and row of zeros (k = 2) it does.
    columns, rows = np.zeros((*a.shape[:-1], 2), out.dtype), np.zeros((*b.shape[:-2], 2, b.shape[-1]), out.dtype)
    return [
        (np.copyto, (columns[..., :1], a)),
        (np.copyto, (rows[..., :1, :], b)),
        (np.matmul, (columns, rows, out)),
    ]


def transpose(a: Array) -> Array:
    """Transposed view of a matrix, or of each matrix of a stack."""
    return a.swapaxes(-1, -2)
