"""How fast a sweep makes its runs.

    python -m benchmarks.sweeps
    python -m benchmarks.sweeps --rounds 5 --write     (the table goes into docs/benchmarks.md)

Four comparisons, each at size S of `speed.py` but the last, and each with its goal:

- runs of a block, trained and observed together, against the same runs one after the other in one process;
- two workers against one;
- the same grid written with PyTorch and `multiprocessing`, which measures a run at its end only;
- the time of 12 × 12 learning rates of the default, with 16 seeds, 1500 steps and batches of 64, on two cores.

The ratios are of seconds of the processor, so that it matters less what else the machine does, and contenders take
turns. The gain of the second worker is what both make in a second of the processor, which is what they would make on
two free cores. The large grid is made as `gan1d sweep` makes it, and its minutes are those of the clock.
"""

import argparse
import multiprocessing
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from datetime import UTC, datetime
from importlib.util import find_spec

from benchmarks.contenders.ours import plain
from benchmarks.document_tables import fill
from benchmarks.rounds import Spread
from benchmarks.speed import DOCUMENT, SIZES, processor, shown
from gan1d.config.model import Config
from gan1d.sweeps.axes import parse_axis
from gan1d.sweeps.execution import make_missing, make_runs, planned_blocks
from gan1d.sweeps.grid import Sweep
from gan1d.sweeps.measurement import measure
from gan1d.sweeps.workers import worker_pool

GOALS = {"together": 1.8, "second core": 1.9, "PyTorch": 20.0, "minutes": 5.0}
"""The least ratios, and the most minutes of the large grid."""
SEEDS, STEPS = 32, 1500
"""Runs of a block, and steps of each."""
GRID_STEPS = 500
"""Steps of each run of the small grid."""
ALONE = 4
"""Runs that are made one after the other in a round."""
TORCH_STEPS = 250
"""Steps of each run in PyTorch."""
PATHS = ("generator.optimizer.learning_rate", "discriminator.optimizer.learning_rate")

LARGE = Sweep(
    base=Config().patched("batch_size", 64),
    axes=tuple(parse_axis(f"{path}=1e-4:1e-1:log:12") for path in PATHS),
    seeds=16,
    steps=1500,
)
"""The large grid."""


def small_grid(seeds: int) -> Sweep:
    """Two learning rates of G and of D at size S."""
    axes = tuple(parse_axis(f"{path}=0.001,0.003") for path in PATHS)
    return Sweep(base=plain(SIZES["S"]), axes=axes, seeds=seeds, steps=GRID_STEPS)


def together_against_alone() -> float:
    """How many times as long a run takes alone."""
    config = plain(SIZES["S"])
    alone = sum(measure(config, [seed], STEPS)[1] for seed in range(ALONE)) / ALONE
    return alone / (measure(config, range(SEEDS), STEPS)[1] / SEEDS)


def seconds_of(executor: Executor, workers: int) -> float:
    """Seconds of the processor for a run of the small grid."""
    sweep = small_grid(SEEDS)
    return sum(block.seconds for block in make_runs(sweep, planned_blocks(sweep), executor, workers)) / sweep.runs


def torch_run(task: tuple[float, float, int]) -> float:
    """Make a run in PyTorch as a tutorial has it, with Wasserstein-1 at its end; returns seconds of the processor."""
    import torch  # noqa: PLC0415 - only where it is installed

    from benchmarks.contenders.pytorch import Usual  # noqa: PLC0415

    rate_g, rate_d, seed = task
    torch.manual_seed(seed)
    run, begun = Usual(SIZES["S"]), time.process_time()
    for optimizer, rate in ((run.optimizer_g, rate_g), (run.optimizer_d, rate_d)):
        optimizer.param_groups[0]["lr"] = rate
    run.run(TORCH_STEPS)
    with torch.no_grad():
        fakes = run.generator(torch.randn(4096, 1)).sort(dim=0).values
    reals = (torch.randint(0, 2, (4096, 1)) * 4.0 - 2.0 + 0.5 * torch.randn(4096, 1)).sort(dim=0).values
    float((fakes - reals).abs().mean())
    return time.process_time() - begun


def torch_seconds(processes: int) -> float:
    """Seconds of the processor for a step of the small grid in PyTorch, with one seed."""
    rates = small_grid(1).axes[0].values
    tasks = [(rate_g, rate_d, 0) for rate_g in rates for rate_d in rates]
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        pool.map(torch_run, tasks, chunksize=1)  # without what the first run of a process takes
        return sum(pool.map(torch_run, tasks, chunksize=1)) / (len(tasks) * TORCH_STEPS)


def minutes_of_large() -> float:
    """Minutes of the large grid on two cores, by the clock."""
    begun = time.perf_counter()
    for _ in make_missing(LARGE, [], processes=2):
        pass
    return (time.perf_counter() - begun) / 60


def rounds_of(measured: Callable[[], float], rounds: int) -> Spread:
    """Quartiles of a ratio over some rounds."""
    return Spread.of([measured() for _ in range(rounds)])


def rows_of(options: argparse.Namespace) -> list[tuple[str, str, str, bool]]:
    """Comparison, result, goal, and whether it is met."""
    measure(plain(SIZES["S"]), range(SEEDS), 25)
    together = rounds_of(together_against_alone, options.rounds)
    rows = [ratio_row("a block of 32 runs, over one run after the other", together, GOALS["together"])]
    with worker_pool(1) as one, worker_pool(2) as two:
        for pool, count in ((one, 1), (two, 2)):
            warm_up(pool, count)
        second = rounds_of(lambda: 2 * seconds_of(one, 1) / seconds_of(two, 2), options.rounds)
        rows.append(ratio_row("two workers, over one", second, GOALS["second core"]))
        if find_spec("torch"):
            torch = rounds_of(lambda: torch_seconds(2) * GRID_STEPS / seconds_of(two, 2), options.rounds)
            rows.append(ratio_row("over PyTorch in `multiprocessing`", torch, GOALS["PyTorch"]))
        else:
            print("PyTorch is not installed", flush=True)
    minutes = minutes_of_large()
    name = "12 × 12 × 16 runs of 1,500 steps on two cores, by the clock"
    return [*rows, printed(name, f"{minutes:.1f} minutes", f"{GOALS['minutes']:g}", minutes <= GOALS["minutes"])]


def warm_up(pool: ProcessPoolExecutor, workers: int) -> None:
    """Let every worker make some steps."""
    for _ in pool.map(measure, [plain(SIZES["S"])] * workers, [range(SEEDS)] * workers, [25] * workers):
        pass


def ratio_row(name: str, spread: Spread, goal: float) -> tuple[str, str, str, bool]:
    """A row of a ratio."""
    return printed(name, shown(spread).strip().replace("x", "×"), f"{goal:g}×", spread.median >= goal)


def printed(name: str, result: str, goal: str, is_met: bool) -> tuple[str, str, str, bool]:
    """A row, which is printed."""
    print(f"{name:70} {result:26} goal {goal}: {'met' if is_met else 'missed'}", flush=True)
    return name, result, goal, is_met


def report(rows: Sequence[tuple[str, str, str, bool]], command: str) -> str:
    """The table of the document."""
    lines = [
        f"{datetime.now(UTC).date().isoformat()}, by `{command}`, on {processor()}. The ratios are of seconds of the "
        "processor, in brackets the quartiles of the rounds.",
        "",
        "| sweep | result | goal |",
        "|---|---:|---:|",
    ]
    return "\n".join([*lines, *(f"| {name} | {result} | {goal} |" for name, result, goal, _ in rows)])


def parse_options() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    return parser.parse_args()


def main() -> None:
    """Print the table, and write it on request."""
    options = parse_options()
    rows = rows_of(options)
    if options.write:
        fill(DOCUMENT, "sweeps", report(rows, " ".join(["python -m benchmarks.sweeps", *sys.argv[1:]])))


if __name__ == "__main__":
    main()
