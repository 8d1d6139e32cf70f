"""`gan1d run --check`: whether a preset does what it says, on as many fresh seeds as wanted."""

import math
import os
import signal
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from typing import IO, Any, Final, Protocol

from gan1d.cli.console import write_progress
from gan1d.config.model import Config
from gan1d.gallery.criteria import Claim, Trajectory
from gan1d.gallery.trajectory import follow

FRESH: Final = 1_000_000
"""First of the seeds that nobody has looked at before."""
SEEDS: Final = 200
BAR: Final = 30
"""Characters of the progress bar."""
QUIET_SECONDS: Final = 5.0
"""Between two lines of progress where no bar can be drawn."""


@dataclass(frozen=True, kw_only=True)
class SuccessRate:
    """How often, and when: one entry for each seed.

    Attributes:
        seeds: That were run, rising.
        found: The step at which each showed it, or None.
    """

    seeds: Sequence[int]
    found: Sequence[int | None]

    @property
    def hits(self) -> int:
        """Seeds that showed it."""
        return sum(step is not None for step in self.found)

    @property
    def missed(self) -> list[int]:
        """Seeds that did not."""
        return [seed for seed, step in zip(self.seeds, self.found, strict=True) if step is None]

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the rate."""
        return wilson(self.hits, len(self.seeds))

    def by(self, percent: int) -> int | None:
        """The step by which so many percent of all seeds had shown it; None if fewer ever did."""
        times = sorted(math.inf if step is None else step for step in self.found)
        time = times[max(0, math.ceil(percent / 100 * len(times)) - 1)]
        return None if time == math.inf else int(time)


def wilson(hits: int, n: int) -> tuple[float, float]:
    """95 % interval of a rate of `hits` in `n`, n ≥ 1 (Wilson 1927, doi:10.1080/01621459.1927.10502953)."""
    z, p = 1.959964, hits / n
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, (middle - half) / (1 + z * z / n)), min(1.0, (middle + half) / (1 + z * z / n))


def run_seed(seed: int, *, config: Config, claim: Claim) -> int | None:
    """The step at which one seed shows what is claimed, or None."""

    def settled(trajectory: Trajectory) -> bool:
        return claim.shows.shown(trajectory) is not None

    enough = None if claim.shows.lasting else settled
    return claim.met(follow(config.patched("seed", seed), claim.steps, enough=enough))


class SeedRunner(Protocol):
    """How one seed is asked."""

    def __call__(self, seed: int, *, config: Config, claim: Claim) -> int | None:
        """The step at which it shows what is claimed, or None."""


def measure_rate(
    config: Config,
    claim: Claim,
    seeds: Sequence[int],
    progress: IO[str] | None = None,
    workers: int = 0,
    run_one: SeedRunner = run_seed,
) -> SuccessRate:
    """Run every seed, on all cores.

    Args:
        config: The experiment; its own seed does not matter.
        claim: What it should show.
        seeds: At least one.
        progress: Gets a bar if it is a terminal, else a line now and then.
        workers: Processes; 0 for one per core.
        ask: What is done with each seed; a function at the top of a module.
    """
    found: dict[int, int | None] = {}
    bar = Progress(progress, len(seeds))
    # Ctrl-C reaches the workers, too. It is not theirs to answer: one that died of it would look like one that broke.
    pool = ProcessPoolExecutor(
        min(workers or cores(), len(seeds)),
        # A fork would copy whatever threads of other libraries hold at the moment.
        mp_context=get_context("spawn"),
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    )
    try:
        runs = {pool.submit(run_one, seed, config=config, claim=claim): seed for seed in seeds}
        for run in as_completed(runs):
            found[runs[run]] = run.result()
            bar.add(run.result() is not None)
    finally:
        # Whoever stops the measurement waits for the runs that are under way, not for those that are still to come.
        pool.shutdown(cancel_futures=True)
        bar.close()
    return SuccessRate(seeds=seeds, found=[found[seed] for seed in seeds])


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Progress:
    """How far a measurement is: a bar that is drawn over and over on a terminal, else a line now and then.

    Args:
        stream: Where to, or None for nowhere.
        count: Runs to come.
    """

    def __init__(self, stream: IO[str] | None, count: int) -> None:
        self._stream, self._count = stream, count
        self._done, self._hits = 0, 0
        self._begun = self._said = time.monotonic()

    def add(self, hit: bool) -> None:
        """One more run is done."""
        self._done += 1
        self._hits += hit
        now = time.monotonic()
        if self._stream is None:
            return
        if self._stream.isatty():
            filled = BAR * self._done // self._count
            left = (now - self._begun) / self._done * (self._count - self._done)
            write_progress(
                self._stream, f"\r[{'#' * filled}{'.' * (BAR - filled)}] {self._line()}, {left:.0f} s left \033[K"
            )
        elif now - self._said >= QUIET_SECONDS or self._done in (1, self._count):
            self._said = now
            write_progress(self._stream, self._line() + "\n")

    def _line(self) -> str:
        return f"{self._done} of {self._count} runs, {self._hits} showed it"

    def close(self) -> None:
        """Leave the bar's line to whoever writes next."""
        if self._stream is not None and self._done and self._stream.isatty():
            write_progress(self._stream, "\n")


def to_json(name: str, claim: Claim, rate: SuccessRate) -> dict[str, Any]:
    """The measurement, as JSON has it."""
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
