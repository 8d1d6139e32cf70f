"""Streams give the batches of one long draw, also after a restore at any batch."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gan1d.engine.data.batches import BLOCK, BatchStream, StackedBatchStream
from gan1d.engine.distributions.priors import NormalPrior, UniformPrior
from gan1d.engine.distributions.targets import GaussianMixture, UniformTarget

SOURCES = [GaussianMixture().sample, UniformTarget().sample, NormalPrior().sample, UniformPrior().sample]

every = pytest.mark.parametrize("draw", SOURCES, ids=lambda draw: type(draw.__self__).__name__)


def stream_of(draw: Callable[..., Any], batch: int = 5, dtype: type = np.float32, seed: int = 1) -> BatchStream:
    return BatchStream(draw, np.random.default_rng(seed), batch, dtype)


@every
def test_batches_are_the_parts_of_one_long_draw(draw: Callable[..., Any]) -> None:
    stream, rng = stream_of(draw), np.random.default_rng(1)
    for _ in range(2):
        block = draw(rng, 5 * BLOCK, np.float32)
        found = np.concatenate([stream.next().copy() for _ in range(BLOCK)])
        np.testing.assert_array_equal(found, block)


@every
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_batches_have_their_size_and_precision(draw: Callable[..., Any], dtype: type) -> None:
    batch = stream_of(draw, batch=7, dtype=dtype).next()
    assert (batch.shape, batch.dtype) == ((7,), dtype)


@every
@pytest.mark.parametrize("taken", [0, 1, 17, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 2 * BLOCK + 3])
def test_a_stream_is_restored_at_any_batch(draw: Callable[..., Any], taken: int) -> None:
    stream = stream_of(draw)
    for _ in range(taken):
        stream.next()
    state = stream.state()
    other = stream_of(draw, seed=99)
    other.next()
    other.restore(state)
    again = other.state()
    for _ in range(BLOCK + 2):
        np.testing.assert_array_equal(other.next(), stream.next())
    # A state taken before anything was drawn after a restore is that state.
    third = stream_of(draw, seed=7)
    third.restore(again)
    fourth = stream_of(draw, seed=8)
    fourth.restore(state)
    np.testing.assert_array_equal(third.next(), fourth.next())


def test_batches_of_several_rows_are_contiguous() -> None:
    """The block is (rows, samples): batch 2 of five samples has columns 10 to 14 of it."""
    draw = NormalPrior(dimension=3).draw
    stream, block = stream_of(draw), draw(np.random.default_rng(1), 5 * BLOCK, np.float32)
    for start in (0, 5, 10):
        batch = stream.next()
        np.testing.assert_array_equal(batch, block[:, start : start + 5])
        assert batch.flags.c_contiguous


def test_a_stack_gives_each_member_the_batches_of_its_own_stream() -> None:
    draws = [NormalPrior(dimension=2).draw, UniformPrior(dimension=2).draw]
    stacked = StackedBatchStream(draws, [np.random.default_rng(seed) for seed in (1, 2)], 5, np.float32)
    alone, out = (
        [stream_of(draw, seed=seed) for draw, seed in zip(draws, (1, 2), strict=True)],
        np.empty((2, 2, 5), np.float32),
    )
    for _ in range(BLOCK + 2):
        stacked.fill(out)
        np.testing.assert_array_equal(out, [stream.next() for stream in alone])


@every
def test_reading_the_state_changes_nothing(draw: Callable[..., Any]) -> None:
    read, unread = stream_of(draw), stream_of(draw)
    for _ in range(BLOCK + 5):
        read.state()
        np.testing.assert_array_equal(read.next(), unread.next())
