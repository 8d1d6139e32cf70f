"""Random batches, drawn many at a time.

A call to a random generator costs more than the few dozen numbers of one small batch, so a feed draws a block of
batches and hands out its rows. What matters is kept exact: the same stream gives the same batches, and a feed can
be put back to the very row.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from gan1d.engine.arrays import Array

BLOCK = 128
"""Batches drawn at a time; past this, a batch gets no cheaper."""

Draw = Callable[[np.random.Generator, int, DTypeLike], Array]
"""(rng, count, dtype) → `(count,)`, or `(rows, count)` where there is more than one number to a sample."""


class BatchStream:
    """Batches of one kind, in order.

    Args:
        draw: Where the numbers come from.
        rng: The stream; only this feed may use it.
        batch: Samples in a batch.
        dtype: Of the numbers.
    """

    def __init__(self, draw: Draw, rng: np.random.Generator, batch: int, dtype: DTypeLike) -> None:
        self.rng = rng
        self._draw, self._batch, self._dtype = draw, batch, dtype
        # The rows of the block that are left, the next one last.
        self._rows: list[Array] = []
        self._block_start = rng.bit_generator.state

    def next(self) -> Array:
        """The following batch, `(…, batch)`, valid until the block is used up: copy it to keep it."""
        if not self._rows:
            self._fill()
        return self._rows.pop()

    def fill(self, out: Array) -> None:
        """Write the following batch to `out`, `(…, batch)`."""
        # Every step comes here three times: this takes 0.2 µs, where calling `next` and `np.copyto` took 0.5.
        if not self._rows:
            self._fill()
        out[...] = self._rows.pop()

    def _fill(self) -> None:
        self._block_start = self.rng.bit_generator.state
        self._rows = list(split_into_batches(self._draw(self.rng, BLOCK * self._batch, self._dtype))[::-1])

    def state(self) -> dict[str, Any]:
        """Where this feed is: the stream at the start of the block, and the rows handed out of it (plain data)."""
        if not self._rows:
            return {"rng": self.rng.bit_generator.state, "cursor": 0}
        return {"rng": self._block_start, "cursor": BLOCK - len(self._rows)}

    def restore(self, state: dict[str, Any]) -> None:
        """Go to where `state` was taken; the next batches are those that came after it."""
        self.rng.bit_generator.state = state["rng"]
        self._rows = []
        if state["cursor"]:
            self._fill()
            del self._rows[-state["cursor"] :]


def split_into_batches(block: Array) -> Array:
    """A block of draws, `(…, BLOCK · batch)`, as its batches, `(BLOCK, …, batch)`, each in one piece."""
    batches = block.reshape(*block.shape[:-1], BLOCK, -1)
    return batches if block.ndim == 1 else np.ascontiguousarray(batches.swapaxes(0, 1))


class StackedBatchStream:
    """Batches for many members at once: to each what its own feed would give it.

    Args:
        draws: Where the numbers come from, for each member.
        rngs: The streams, likewise; only this feed may use them.
        batch: Samples in a batch of one member.
        dtype: Of the numbers.
    """

    def __init__(
        self, draws: Sequence[Draw], rngs: Sequence[np.random.Generator], batch: int, dtype: DTypeLike
    ) -> None:
        self._streams = list(zip(draws, rngs, strict=True))
        self._batch, self._dtype = batch, dtype
        self._rows: list[Array] = []
        self._cursor = BLOCK

    def fill(self, out: Array) -> None:
        """Write the following batches to `out`, `(members, …, batch)`."""
        if self._cursor == BLOCK:
            self._fill()
        out[...] = self._rows[self._cursor]
        self._cursor += 1

    def _fill(self) -> None:
        blocks = [split_into_batches(draw(rng, BLOCK * self._batch, self._dtype)) for draw, rng in self._streams]
        self._rows = list(np.stack(blocks, axis=1))
        self._cursor = 0


AnyBatchStream = BatchStream | StackedBatchStream


BatchStreams = Mapping[str, AnyBatchStream]
