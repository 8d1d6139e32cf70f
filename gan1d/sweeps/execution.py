"""The runs of a sweep, made in blocks on any workers, each block once."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import numpy as np

from gan1d.diagnosis.trajectory import is_stackable
from gan1d.engine.training.ensemble import stack_size_for
from gan1d.sweeps.grid import Cell, Sweep
from gan1d.sweeps.measurement import measure
from gan1d.sweeps.results import Block
from gan1d.sweeps.workers import cores, open_workers

LARGEST_BLOCK: Final = 64
"""Largest number of runs of a block."""
WAITING_BLOCKS: Final = 4
"""Blocks that wait for each worker, so that no worker is idle between two blocks."""


@dataclass(frozen=True)
class PlannedBlock:
    """A block that is not finished: runs of one cell that one worker makes in a row, or together.

    Attributes:
        cell: The cell.
        seeds: Seeds of the runs.
    """

    cell: Cell
    seeds: tuple[int, ...]


def planned_blocks(sweep: Sweep, done: Iterable[Block] = ()) -> list[PlannedBlock]:
    """The blocks of a sweep that are not finished, in the order of the cells.

    Args:
        sweep: The sweep.
        done: Finished blocks, in any order and of any size.
    """
    finished: dict[Cell, set[int]] = {}
    for block in done:
        finished.setdefault(block.cell, set()).update(run["seed"] for run in block.runs)
    planned: list[PlannedBlock] = []
    seeds = range(sweep.first_seed, sweep.first_seed + sweep.seeds)
    for cell in sweep.cells():
        known, size = finished.get(cell, set()), block_size(sweep, cell)
        # Blocks begin at the same seeds whatever is finished: runs that are made together are rounded together.
        for start in range(0, len(seeds), size):
            left = tuple(seed for seed in seeds[start : start + size] if seed not in known)
            if left:
                planned.append(PlannedBlock(cell, left))
    return planned


def block_size(sweep: Sweep, cell: Cell) -> int:
    """Number of runs of a block: as many as a stack has, or about as many where each is made alone."""
    config = sweep.config(cell)
    stack = stack_size_for(config, np.float32) if is_stackable(config) else 16
    return min(max(stack, 1), LARGEST_BLOCK)


def make_runs(sweep: Sweep, planned: Sequence[PlannedBlock], executor: Executor, workers: int) -> Iterator[Block]:
    """Make the runs of some blocks, and yield each block as it is finished, in any order.

    Args:
        sweep: The sweep.
        planned: The blocks to make.
        executor: The workers.
        workers: Their number.
    """
    waiting, running = iter(planned), dict[Future[Any], PlannedBlock]()

    def submit(count: int) -> None:
        for block in islice(waiting, count):
            config = sweep.config(block.cell)
            running[executor.submit(measure, config, block.seeds, sweep.steps, sweep.every)] = block

    try:
        submit(workers * (1 + WAITING_BLOCKS))
        while running:
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                runs, seconds = future.result()
                yield Block(running.pop(future).cell, runs, seconds)
            submit(len(finished))
    finally:
        for future in running:
            future.cancel()


def make_missing(
    sweep: Sweep, done: Iterable[Block], where: str = "", processes: int = 0
) -> Generator[Block, None, None]:
    """Make the runs of a sweep that are not done, and yield each block as it is finished.

    Args:
        sweep: The sweep.
        done: Finished blocks.
        where: See `open_workers`.
        processes: Largest number of processes; 0 for one per core.

    Raises:
        WorkersError: There are no workers, or they are lost.
    """
    planned = planned_blocks(sweep, done)
    if planned:
        with open_workers(where, min(processes or cores(), len(planned))) as (executor, count):
            yield from make_runs(sweep, planned, executor, count)


def columns_of(sweep: Sweep, blocks: Iterable[Block]) -> dict[str, list[Any]]:
    """Results as columns of equal length, a row for each run: the value on each axis, then the fields of the result."""
    runs = sorted(
        ((block.cell, run) for block in blocks for run in block.runs), key=lambda each: (each[0], each[1]["seed"])
    )
    rows = [
        {**{axis.path: axis.values[index] for axis, index in zip(sweep.axes, cell, strict=True)}, **run}
        for cell, run in runs
    ]
    return {name: [row.get(name) for row in rows] for name in (rows[0] if rows else {})}
