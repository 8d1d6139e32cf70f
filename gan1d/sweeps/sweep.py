"""`gan1d.sweep`: a sweep from Python, with its results as columns."""

import warnings
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from gan1d.config.model import Config
from gan1d.gallery import Preset
from gan1d.sweeps.execution import columns_of, make_missing
from gan1d.sweeps.grid import Sweep, preset_config, sweep_of
from gan1d.sweeps.results import BEGUN_ELSEWHERE, Block, ResultsFile


def sweep(
    base: Config | Preset | str,
    axes: Mapping[str, Sequence[Any]],
    *,
    seeds: int = Sweep.seeds,
    first_seed: int = Sweep.first_seed,
    steps: int = Sweep.steps,
    every: int = Sweep.every,
    file: str | Path | None = None,
    workers: int = 0,
    executor: str = "",
) -> dict[str, list[Any]]:
    """Make the runs of a grid of settings, each with several seeds.

    A program that calls it needs `if __name__ == "__main__":`, because the workers are processes that import it.

    Args:
        base: Settings that the axes change: a config, a preset or its name.
        axes: One to three settings by config path, with their values; the path "preset" has names of presets.
        seeds: Number of runs of each cell.
        first_seed: Seed of the first of them; the others follow.
        steps: Steps of each run.
        every: Steps between two measurements that are kept of each run, a multiple of 25; 0 for the last only.
        file: File for the results as they come. If it has some of this sweep, only the others are made, with a warning
            if these were made with other versions or on another kind of processor.
        workers: Number of processes; 0 for one per core.
        executor: Address of a Dask scheduler, such as "dask:tcp://lab:8786", in place of processes.

    Returns:
        A row for each run, as columns of equal length: the values on the axes, then the fields of
        `gan1d.sweeps.measurement.RunResult`.

    Raises:
        AxisError: The grid has no axis, too many, or too many cells; a ValueError.
        ConfigError: A path or a value is not allowed.
        OutputFileError: The file cannot be written.
        ResultsError: The file holds something else, or another process writes to it.
        WorkersError: There are no workers, or they are lost.
    """
    config = preset_config(base) if isinstance(base, str) else base.config if isinstance(base, Preset) else base
    plan = sweep_of(config, dict(axes), seeds=seeds, first_seed=first_seed, steps=steps, every=every)
    blocks: list[Block] = []
    results = None if file is None else ResultsFile(Path(file), plan)
    if results is not None and results.is_from_elsewhere:
        warnings.warn(BEGUN_ELSEWHERE.format(file), stacklevel=2)
    try:
        blocks += () if results is None else results.blocks
        # Closed at once if the file cannot be written, so that no worker goes on.
        with closing(make_missing(plan, tuple(blocks), executor, workers)) as made:
            for block in made:
                blocks.append(block)
                if results is not None:
                    results.add(block)
    finally:
        if results is not None:
            results.close()
    return columns_of(plan, blocks)
