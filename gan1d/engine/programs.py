"""A computation as a list of calls that is made once and run many times.

At the sizes trained here, half of a step's time would go into finding out what to call with what. A program has it
all looked up: every method is bound, every buffer is there, every constant has the right precision.

    program = [(np.exp, (scores, out)), (np.add, (out, one, out))]
    run(program)

Arrays may have leading axes: what is written here for one network then happens in many at once.
"""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from gan1d.engine.arrays import Array

Call = tuple[Callable[..., Any], tuple[Any, ...]]
"""A function and what it is called with; what it returns is dropped, so it writes to its last argument."""

Program = list[Call]


def run(program: Iterable[Call]) -> None:
    """Make all the calls, in order."""
    for call, arguments in program:
        call(*arguments)


def constant(value: ArrayLike, dtype: DTypeLike) -> Array:
    """A number as an array of one precision: half as dear to a ufunc as a Python number (0.4 against 0.7 µs a call).

    Where many networks differ in it, a column of numbers.
    """
    return np.array(value, dtype)


def matrix_product(a: Array, b: Array, out: Array) -> Program:
    """out = a·b, for matrices, or for stacks of them, matrix by matrix.

    Args:
        a: `(…, n, k)`.
        b: `(…, k, m)`, with the same leading axes.
        out: Overwritten, `(…, n, m)`.
    """
    if a.ndim == 2:
        return [(a.dot, (b, out))]
    if a.shape[-1] > 1:
        return [(np.matmul, (a, b, out))]
    # numpy sends a stack of outer products to no BLAS (20 times as long); with an empty second pair of vectors it does.
    columns, rows = np.zeros((*a.shape[:-1], 2), out.dtype), np.zeros((*b.shape[:-2], 2, b.shape[-1]), out.dtype)
    return [
        (np.copyto, (columns[..., :1], a)),
        (np.copyto, (rows[..., :1, :], b)),
        (np.matmul, (columns, rows, out)),
    ]


def transpose(a: Array) -> Array:
    """A matrix, or each of a stack of them, with rows and columns exchanged; a view."""
    return a.swapaxes(-1, -2)
