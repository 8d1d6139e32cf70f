"""How many times faster a training step is than the same step written the usual way.

Every contender does the same work: one update of D and one of G, non-saturating loss, Adam on both. S, M and L are
hidden 16-16 at batch 64, 32-32 at 256, and 128-128-128 at 512, all tanh. They run in turns, a short stretch each, so
that a machine that slows down slows all of them; the ratio is the median over the rounds. What is not installed is
left out.

    python tests/bench/speed.py --rounds 15
"""

import argparse
import time
from collections.abc import Callable
from statistics import median

import gan1d  # before numpy, which it keeps to one thread
from gan1d.config import Config

try:
    from contenders import CONTENDERS
except ModuleNotFoundError:  # run as a module from the top of the checkout
    from tests.bench.contenders import CONTENDERS

SIZES = {"S": ((16, 16), 64), "M": ((32, 32), 256), "L": ((128, 128, 128), 512)}
STRETCH = 0.15
"""Seconds that one contender runs before the next has its turn."""


def plain(hidden: tuple[int, ...], batch: int) -> Config:
    """The experiment that all contenders run."""
    config = Config().patched("penalty", "none").patched("discriminator_steps", 1).patched("batch_size", batch)
    for network in ("generator", "discriminator"):
        config = config.patched(f"{network}.hidden", list(hidden))
        config = config.patched(f"{network}.activation", "tanh").patched(f"{network}.input_scale", 1.0)
        config = config.patched(f"{network}.optimizer", {"kind": "adam", "learning_rate": 1e-3, "beta1": 0.5})
    return config


def seconds(run: Callable[[int], object], count: int) -> float:
    """How long `count` steps take."""
    start = time.perf_counter()
    run(count)
    return time.perf_counter() - start


def stretch(run: Callable[[int], object]) -> int:
    """How many steps fill a stretch, found by doubling; warms the contender up as well."""
    count = 1
    while (taken := seconds(run, count)) < STRETCH / 4:
        count *= 2
    return max(1, round(count * STRETCH / taken))


def compare(size: str, rounds: int) -> None:
    """Print one table: steps per second at best, and how many times faster ours is."""
    hidden, batch = SIZES[size]
    runs: dict[str, Callable[[int], object]] = {"gan1d": gan1d.Trainer(plain(hidden, batch)).run}
    for name, contender in CONTENDERS.items():
        try:
            runs[name] = contender(hidden, batch)
        except ImportError as missing:
            print(f"{size}  {name}: left out, {missing}")
    counts = {name: stretch(run) for name, run in runs.items()}
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            times[name].append(seconds(run, counts[name]) / counts[name])
    for name, taken in times.items():
        ratio = median(other / ours for other, ours in zip(taken, times["gan1d"], strict=True))
        print(f"{size}  {name:28s} {1 / min(taken):>9,.0f} steps/s at best   ours is {ratio:6.2f}x", flush=True)


def main() -> None:
    """Read the command line and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--sizes", default="SML")
    options = parser.parse_args()
    for size in options.sizes:
        compare(size, options.rounds)


if __name__ == "__main__":
    main()
