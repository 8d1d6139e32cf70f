"""What programs are made of: room that begins where the processor likes it."""

import numpy as np
import pytest

from gan1d.engine.arrays import CACHE_LINE_BYTES, ones, zeros, zeros_like

both = pytest.mark.parametrize("dtype", [np.float32, np.float64])


@both
@pytest.mark.parametrize("shape", [(), (1,), (7,), (17, 64), (2, 3, 5), 9], ids=str)
def test_room_begins_at_a_cache_line(shape: int | tuple[int, ...], dtype: type) -> None:
    for make, value in ((zeros, 0.0), (ones, 1.0)):
        kept = [make(shape, dtype) for _ in range(20)]  # each somewhere else, since all are alive
        for room in kept:
            assert room.ctypes.data % CACHE_LINE_BYTES == 0
            assert (room.shape, room.dtype) == (np.zeros(shape).shape, dtype)
            assert room.flags.c_contiguous
            assert room.flags.writeable
            assert np.all(room == value)


@both
def test_room_is_nobody_elses(dtype: type) -> None:
    first, second = zeros((5,), dtype), zeros_like(zeros((5,), dtype))
    first.fill(3.0)
    assert not second.any()
    assert second.dtype == dtype
