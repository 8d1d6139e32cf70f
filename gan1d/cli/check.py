"""`gan1d run --check`: the success rate of a preset's claim on fresh seeds."""

import math
import os
import signal
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from typing import IO, Any, Final, Protocol

import numpy as np

from gan1d.cli.console import ProgressBar
from gan1d.config.model import Config
from gan1d.engine.objectives.unrolling import NoUnrolling
from gan1d.engine.training.ensemble import stack_size_for
from gan1d.gallery.criteria import Claim, Trajectory
from gan1d.gallery.trajectory import record_trajectories, record_trajectory

FIRST_FRESH_SEED: Final = 1_000_000
"""Seeds from here on were not used to choose the settings of a preset."""
SEEDS: Final = 200
SEEDS_PER_BLOCK: Final = 16
"""Largest number of seeds that one worker runs together."""
SMALLEST_STACK: Final = 8
"""Members of a stack from which on training together is faster."""


@dataclass(frozen=True, kw_only=True)
class SuccessRate:
    """Outcome of a claim for each of some seeds.

    Attributes:
        seeds: Seeds of the runs, rising.
        found: Step at which each run met the claim; None if it did not.
    """

    seeds: Sequence[int]
    found: Sequence[int | None]

    @property
    def hits(self) -> int:
        """Number of runs that met the claim."""
        return sum(step is not None for step in self.found)

    @property
    def missed(self) -> list[int]:
        """Seeds of the runs that did not meet the claim."""
        return [seed for seed, step in zip(self.seeds, self.found, strict=True) if step is None]

    @property
    def interval(self) -> tuple[float, float]:
        """95 % confidence interval of the rate."""
        return wilson(self.hits, len(self.seeds))

    def by(self, percent: int) -> int | None:
        """Step by which a percentage of all runs had met the claim; None if fewer ever did."""
        times = sorted(math.inf if step is None else step for step in self.found)
        time = times[max(0, math.ceil(percent / 100 * len(times)) - 1)]
        return None if time == math.inf else int(time)


def wilson(hits: int, n: int) -> tuple[float, float]:
    """95 % confidence interval of a rate of `hits` in `n`, n ≥ 1 (Wilson 1927, doi:10.1080/01621459.1927.10502953)."""
    z, p = 1.959964, hits / n
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, (middle - half) / (1 + z * z / n)), min(1.0, (middle + half) / (1 + z * z / n))


def run_seed(seed: int, *, config: Config, claim: Claim) -> int | None:
    """Step at which the run of one seed meets the claim; None if it does not."""

    def settled(trajectory: Trajectory) -> bool:
        return claim.shows.shown(trajectory) is not None

    is_enough = None if claim.shows.lasting else settled
    return claim.met(record_trajectory(config.patched("seed", seed), claim.steps, is_enough=is_enough))


class BlockRunner(Protocol):
    """A function that runs some seeds."""

    def __call__(self, seeds: Sequence[int], *, config: Config, claim: Claim) -> list[int | None]:
        """Step at which each run meets the claim; None if it does not."""


def run_block(seeds: Sequence[int], *, config: Config, claim: Claim) -> list[int | None]:
    """Step at which the run of each seed meets the claim; None if it does not.

    The runs are trained together where that is faster (see `is_stackable`).
    """
    if not is_stackable(config, claim):
        return [run_seed(seed, config=config, claim=claim) for seed in seeds]
    configs = [config.patched("seed", seed) for seed in seeds]
    return [claim.met(trajectory) for trajectory in record_trajectories(configs, claim.steps)]


def is_stackable(config: Config, claim: Claim) -> bool:
    """Whether runs are faster when trained together.

    Training together pays with at least `SMALLEST_STACK` members in a stack, if no run may end before the others.
    """
    is_unrolled = not isinstance(config.generator.lookahead, NoUnrolling)
    return claim.shows.lasting and not is_unrolled and stack_size_for(config, np.float32) >= SMALLEST_STACK


def measure_rate(
    config: Config,
    claim: Claim,
    seeds: Sequence[int],
    progress: IO[str] | None = None,
    workers: int = 0,
    runner: BlockRunner = run_block,
) -> SuccessRate:
    """Run every seed, on all cores.

    Args:
        config: Settings of the runs; its own seed is not used.
        claim: Claim to check.
        seeds: Seeds, at least one.
        progress: Destination of a progress bar if it is a terminal, else of a line now and then.
        workers: Processes; 0 for one per core.
        runner: Function that runs some seeds, defined at the top of a module.
    """
    found: dict[int, int | None] = {}
    bar = ProgressBar(progress, len(seeds))
    workers = min(workers or cores(), len(seeds))
    size = min(SEEDS_PER_BLOCK, -(-len(seeds) // workers)) if is_stackable(config, claim) else 1
    blocks = [seeds[start : start + size] for start in range(0, len(seeds), size)]
    pool = worker_pool(workers)
    try:
        runs = {pool.submit(runner, block, config=config, claim=claim): block for block in blocks}
        for run in as_completed(runs):
            found |= zip(runs[run], run.result(), strict=True)
            hits = sum(step is not None for step in found.values())
            bar.update(len(found), f"{len(found)} of {len(seeds)} runs, {hits} met the claim")
    finally:
        # After an interrupt, wait for the present runs only.
        pool.shutdown(cancel_futures=True)
        bar.close()
    return SuccessRate(seeds=seeds, found=[found[seed] for seed in seeds])


def worker_pool(workers: int) -> ProcessPoolExecutor:
    """Processes that ignore Ctrl-C, which also reaches them: one that died of it would break the pool."""
    return ProcessPoolExecutor(
        workers,
        # A fork would copy locks that threads of other libraries hold.
        mp_context=get_context("spawn"),
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    )


def cores() -> int:
    """Number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def rate_to_json(name: str, claim: Claim, rate: SuccessRate) -> dict[str, Any]:
    """The success rate as JSON values."""
    low, high = rate.interval
    return {
        "preset": name,
        "criterion": claim.words,
        "hits": rate.hits,
        "seeds": len(rate.seeds),
        "first_seed": rate.seeds[0],
        "rate": rate.hits / len(rate.seeds),
        "interval": [round(low, 4), round(high, 4)],
        "t50": rate.by(50),
        "t95": rate.by(95),
        "missed": rate.missed,
    }
