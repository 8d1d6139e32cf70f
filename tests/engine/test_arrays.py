"""Buffers: aligned to cache lines, and independent of each other."""

import numpy as np
import pytest

from gan1d.engine.arrays import CACHE_LINE_BYTES, ones, zeros, zeros_like

both = pytest.mark.parametrize("dtype", [np.float32, np.float64])


@both
@pytest.mark.parametrize("shape", [(), (1,), (7,), (17, 64), (2, 3, 5), 9], ids=str)
def test_an_array_begins_at_a_cache_line(shape: int | tuple[int, ...], dtype: type) -> None:
    for make, value in ((zeros, 0.0), (ones, 1.0)):
        kept = [make(shape, dtype) for _ in range(20)]  # at different addresses, since all are alive
        for array in kept:
            assert array.ctypes.data % CACHE_LINE_BYTES == 0
            assert (array.shape, array.dtype) == (np.zeros(shape).shape, dtype)
            assert array.flags.c_contiguous
            assert array.flags.writeable
            assert np.all(array == value)


@both
def test_arrays_do_not_share_memory(dtype: type) -> None:
    first, second = zeros((5,), dtype), zeros_like(zeros((5,), dtype))
    first.fill(3.0)
    assert not second.any()
    assert second.dtype == dtype
