"""A computation as a list of calls that is made once and run many times.

At the sizes trained here, half of a step's time would go into finding out what to call with what. A program has it
all looked up: every method is bound, every buffer is there, every constant has the right precision.

    program = [(np.exp, (scores, out)), (np.add, (out, one, out))]
    run(program)
"""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

Array = NDArray[np.floating[Any]]

Call = tuple[Callable[..., Any], tuple[Any, ...]]
"""A function and what it is called with; what it returns is dropped, so it writes to its last argument."""

Program = list[Call]


def run(program: Iterable[Call]) -> None:
    """Make all the calls, in order."""
    for call, arguments in program:
        call(*arguments)


def constant(value: float, dtype: DTypeLike) -> Array:
    """A number as an array of one precision: half as dear to a ufunc as a Python number (0.4 against 0.7 µs a call)."""
    return np.array(value, dtype)
