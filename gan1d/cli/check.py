"""`gan1d run --check`: the success rate of a preset's claim on fresh seeds."""

from collections.abc import Iterator, Sequence
from concurrent.futures import as_completed
from functools import partial
from typing import IO, Any, Final

from gan1d.cli.console import ProgressBar
from gan1d.config.model import Config
from gan1d.diagnosis.trajectory import Trajectory, is_stackable, record_runs
from gan1d.gallery.criteria import Claim
from gan1d.gallery.rates import SuccessRate
from gan1d.sweeps.workers import cores, worker_pool

FIRST_FRESH_SEED: Final = 1_000_000
"""Seeds from here on were not used to choose the settings of a preset."""
SEEDS: Final = 200
RUNS_PER_BLOCK: Final = 16
"""Largest number of runs that one worker makes together."""

Found = list[int | None]
"""Step at which a run met each of some claims; None if it did not."""


def run_block(configs: Sequence[Config], claims: Sequence[Claim]) -> list[Found]:
    """Steps at which some runs meet each claim.

    The runs are trained together where that is faster (see `are_together`). A run ends when it has met all claims, if
    none of them is about the rest of the run.

    Args:
        configs: Settings of the runs, alike but for what a seed decides.
        claims: At least one.
    """
    is_enough = None if any(claim.shows.lasting for claim in claims) else partial(meets_all, claims)
    trajectories = record_runs(configs, max(claim.steps for claim in claims), is_enough)
    return [[claim.met(trajectory) for claim in claims] for trajectory in trajectories]


def meets_all(claims: Sequence[Claim], trajectory: Trajectory) -> bool:
    """Whether a run has met all claims."""
    return all(claim.met(trajectory) is not None for claim in claims)


def are_together(config: Config, claims: Sequence[Claim]) -> bool:
    """Whether runs are trained together, which pays only if none of them may end before the others."""
    return any(claim.shows.lasting for claim in claims) and is_stackable(config)


def run_all(configs: Sequence[Config], claims: Sequence[Claim], workers: int = 0) -> Iterator[tuple[Config, Found]]:
    """Run each config, on all cores, and yield each with the steps at which it met the claims, as they end.

    Args:
        configs: Settings of the runs, alike but for what a seed decides; at least one.
        claims: At least one.
        workers: Processes; 0 for one per core.
    """
    workers = min(workers or cores(), len(configs))
    size = min(RUNS_PER_BLOCK, -(-len(configs) // workers)) if are_together(configs[0], claims) else 1
    blocks = [configs[start : start + size] for start in range(0, len(configs), size)]
    pool = worker_pool(workers)
    try:
        runs = {pool.submit(run_block, block, claims): block for block in blocks}
        for run in as_completed(runs):
            yield from zip(runs[run], run.result(), strict=True)
    finally:
        # After an interrupt, wait for the present runs only.
        pool.shutdown(cancel_futures=True)


def measure_rate(config: Config, claim: Claim, seeds: Sequence[int], progress: IO[str] | None = None) -> SuccessRate:
    """Run every seed, on all cores.

    Args:
        config: Settings of the runs; its own seed is not used.
        claim: Claim to check.
        seeds: Seeds, at least one.
        progress: Destination of a progress bar if it is a terminal, else of a line now and then.
    """
    found: dict[int, int | None] = {}
    bar = ProgressBar(progress, len(seeds))
    try:
        for run, (step,) in run_all([config.patched("seed", seed) for seed in seeds], [claim]):
            found[run.seed] = step
            hits = sum(step is not None for step in found.values())
            bar.update(len(found), f"{len(found)} of {len(seeds)} runs, {hits} met the claim")
    finally:
        bar.close()
    return SuccessRate(seeds=seeds, found=[found[seed] for seed in seeds])


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
