"""Streams of random batches, drawn many at a time.

A call of a random generator costs more than the few dozen numbers of one small batch, so a stream draws a block of
batches at once and hands them out one by one. The same random generator gives the same batches, and a stream can be
restored at any batch.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from gan1d.engine.arrays import Array

BLOCK = 128
"""Batches drawn at a time; larger blocks make a batch no cheaper."""

Draw = Callable[[np.random.Generator, int, DTypeLike], Array]
"""(rng, count, dtype) → `(count,)`, or `(rows, count)` for several numbers to a sample."""


class BatchStream:
    """Batches of one kind, in order.

    Args:
        draw: Draws the samples.
        rng: The random generator; no other stream may use it.
        batch: Samples in a batch.
        dtype: Data type of the samples.
    """

    def __init__(self, draw: Draw, rng: np.random.Generator, batch: int, dtype: DTypeLike) -> None:
        self.rng = rng
        self._draw, self._batch, self._dtype = draw, batch, dtype
        # The batches of the block that are left, the next one last.
        self._left: list[Array] = []
        self._block_start = rng.bit_generator.state

    def next(self) -> Array:
        """The next batch, `(…, batch)`, valid until the block is used up: copy it to keep it."""
        if not self._left:
            self._draw_block()
        return self._left.pop()

    def fill(self, out: Array) -> None:
        """Write the next batch to `out`, `(…, batch)`."""
        # Runs three times in every step, and takes 0.2 µs; a call of `next` and one of `np.copyto` took 0.5 µs.
        if not self._left:
            self._draw_block()
        out[...] = self._left.pop()

    def _draw_block(self) -> None:
        self._block_start = self.rng.bit_generator.state
        self._left = list(split_into_batches(self._draw(self.rng, BLOCK * self._batch, self._dtype))[::-1])

    def state(self) -> dict[str, Any]:
        """The position in the stream as plain data: the generator's state at the start of the block, and the number of
        batches taken from it."""
        if not self._left:
            return {"rng": self.rng.bit_generator.state, "cursor": 0}
        return {"rng": self._block_start, "cursor": BLOCK - len(self._left)}

    def restore(self, state: dict[str, Any]) -> None:
        """Return to a position that `state` has returned; the same batches follow."""
        self.rng.bit_generator.state = state["rng"]
        self._left = []
        if state["cursor"]:
            self._draw_block()
            del self._left[-state["cursor"] :]


def split_into_batches(block: Array) -> Array:
    """A block of draws, `(…, BLOCK · batch)`, as its batches, `(BLOCK, …, batch)`, each contiguous in memory."""
    batches = block.reshape(*block.shape[:-1], BLOCK, -1)
    return batches if block.ndim == 1 else np.ascontiguousarray(batches.swapaxes(0, 1))


class StackedBatchStream:
    """Batches for the members of a stack: each member gets the batches of a `BatchStream` of its own.

    Args:
        draws: Draw the samples, one for each member.
        rngs: The random generators, one for each member; no other stream may use them.
        batch: Samples in a batch of one member.
        dtype: Data type of the samples.
    """

    def __init__(
        self, draws: Sequence[Draw], rngs: Sequence[np.random.Generator], batch: int, dtype: DTypeLike
    ) -> None:
        self._sources = list(zip(draws, rngs, strict=True))
        self._batch, self._dtype = batch, dtype
        self._left: list[Array] = []

    def fill(self, out: Array) -> None:
        """Write the next batches to `out`, `(members, …, batch)`."""
        if not self._left:
            blocks = [split_into_batches(draw(rng, BLOCK * self._batch, self._dtype)) for draw, rng in self._sources]
            self._left = list(np.stack(blocks, axis=1)[::-1])
        out[...] = self._left.pop()


AnyBatchStream = BatchStream | StackedBatchStream
"""A stream for one network or for a stack."""

BatchStreams = Mapping[str, AnyBatchStream]
"""The streams of a run, by name."""
