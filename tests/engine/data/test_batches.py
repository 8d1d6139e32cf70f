"""Batches drawn many at a time are those drawn one long draw at a time, from any row on."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gan1d.engine.data.batches import BLOCK, BatchStream, StackedBatchStream
from gan1d.engine.distributions.priors import NormalPrior, UniformPrior
from gan1d.engine.distributions.targets import GaussianMixture, UniformTarget

SOURCES = [GaussianMixture().sample, UniformTarget().sample, NormalPrior().sample, UniformPrior().sample]

every = pytest.mark.parametrize("draw", SOURCES, ids=lambda draw: type(draw.__self__).__name__)


def feed_of(draw: Callable[..., Any], batch: int = 5, dtype: type = np.float32, seed: int = 1) -> BatchStream:
    return BatchStream(draw, np.random.default_rng(seed), batch, dtype)


@every
def test_rows_of_a_block_are_one_long_draw(draw: Callable[..., Any]) -> None:
    feed, rng = feed_of(draw), np.random.default_rng(1)
    for _ in range(2):
        block = draw(rng, 5 * BLOCK, np.float32)
        found = np.concatenate([feed.next().copy() for _ in range(BLOCK)])
        np.testing.assert_array_equal(found, block)


@every
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_batches_have_their_size_and_precision(draw: Callable[..., Any], dtype: type) -> None:
    batch = feed_of(draw, batch=7, dtype=dtype).next()
    assert (batch.shape, batch.dtype) == ((7,), dtype)


@every
@pytest.mark.parametrize("taken", [0, 1, 17, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 2 * BLOCK + 3])
def test_goes_on_from_any_row(draw: Callable[..., Any], taken: int) -> None:
    feed = feed_of(draw)
    for _ in range(taken):
        feed.next()
    state = feed.state()
    other = feed_of(draw, seed=99)
    other.next()
    other.restore(state)
    again = other.state()
    for _ in range(BLOCK + 2):
        np.testing.assert_array_equal(other.next(), feed.next())
    # A state taken before anything was drawn after a restore is that state.
    third = feed_of(draw, seed=7)
    third.restore(again)
    fourth = feed_of(draw, seed=8)
    fourth.restore(state)
    np.testing.assert_array_equal(third.next(), fourth.next())


def test_samples_of_several_numbers_stay_together() -> None:
    """The block is (rows, samples): batch 2 of five samples has columns 10 to 14 of it, in one piece."""
    draw = NormalPrior(dimension=3).draw
    feed, block = feed_of(draw), draw(np.random.default_rng(1), 5 * BLOCK, np.float32)
    for start in (0, 5, 10):
        batch = feed.next()
        np.testing.assert_array_equal(batch, block[:, start : start + 5])
        assert batch.flags.c_contiguous


def test_a_stack_gives_each_member_what_its_own_feed_would() -> None:
    draws = [NormalPrior(dimension=2).draw, UniformPrior(dimension=2).draw]
    stacked = StackedBatchStream(draws, [np.random.default_rng(seed) for seed in (1, 2)], 5, np.float32)
    alone, out = (
        [feed_of(draw, seed=seed) for draw, seed in zip(draws, (1, 2), strict=True)],
        np.empty((2, 2, 5), np.float32),
    )
    for _ in range(BLOCK + 2):
        stacked.fill(out)
        np.testing.assert_array_equal(out, [feed.next() for feed in alone])


@every
def test_asking_for_the_state_changes_nothing(draw: Callable[..., Any]) -> None:
    asked, unasked = feed_of(draw), feed_of(draw)
    for _ in range(BLOCK + 5):
        asked.state()
        np.testing.assert_array_equal(asked.next(), unasked.next())
