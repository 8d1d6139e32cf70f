"""`gan1d sweep`: the runs of a grid of settings, into a file that grows as they end."""

import argparse
import statistics
import sys
import threading
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from gan1d.cli.console import ProgressBar, print_error, print_output
from gan1d.cli.experiment import add_experiment, experiment_of, input_files
from gan1d.cli.map import begin_map
from gan1d.cli.options import FAILURE, SUCCESS, Parser, fault, misuse, whole
from gan1d.diagnosis.features import OBSERVE_EVERY
from gan1d.diagnosis.kinds import KINDS
from gan1d.diagnosis.trajectory import is_stackable
from gan1d.formatting import format_count
from gan1d.output_files import OutputFileError, check_output, standard_output
from gan1d.sweeps.axes import Axis, AxisError, parse_axis
from gan1d.sweeps.execution import PlannedBlock, make_missing, planned_blocks
from gan1d.sweeps.grid import LAST_SEED, Sweep
from gan1d.sweeps.measurement import measure
from gan1d.sweeps.results import (
    BEGUN_ELSEWHERE,
    RESULTS_BEGINNING,
    Block,
    ResultsError,
    ResultsFile,
    read_results,
)
from gan1d.sweeps.tables import (
    ParquetError,
    check_parquet,
    csv_beginning,
    write_csv,
    write_parquet,
)
from gan1d.sweeps.workers import WorkersError, cores

SWEEP_HELP: Final = "train a grid of settings with several seeds each, and write how every run ends"
PROGRAM: Final = "gan1d sweep"
TRIAL_STEPS: Final = (25, 100)
"""Steps of the two runs by which --dry-run measures how long a sweep takes."""


def axis(text: str) -> Axis:
    """Read an axis."""
    try:
        return parse_axis(text)
    except AxisError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def executor(text: str) -> str:
    """Read the name of an executor."""
    if text != "processes" and not text.startswith("dask:"):
        raise fault("processes or dask:tcp://HOST:PORT", text)
    return "" if text == "processes" else text


def add_sweep_options(to: Parser) -> None:
    """Add the options of the command."""
    add_experiment(to, has_seed=False)
    to.add_argument("--axis", action="append", type=axis, default=[], metavar="PATH=VALUES",
                    help="values of a setting: a list such as loss=hinge,wasserstein, or a range such as "
                         "penalty.gamma=0.01:1:log:7; the path preset has names of presets; one to three times",
    )  # fmt: skip
    to.add_argument("--seeds", type=whole(1, None, "a number"), default=Sweep.seeds, metavar="N",
                    help="runs of each cell (default: %(default)s)")  # fmt: skip
    to.add_argument("--first-seed", type=whole(0, LAST_SEED, "a seed"), default=Sweep.first_seed, metavar="N",
                    help="seed of the first of them (default: %(default)s)")  # fmt: skip
    to.add_argument("--steps", type=whole(1, None, "a number"), default=Sweep.steps, metavar="N",
                    help="steps of each run (default: %(default)s)")  # fmt: skip
    to.add_argument("--every", type=whole(0, None, "a number"), default=Sweep.every, metavar="N",
                    help=f"steps between two measurements that are kept, a multiple of {OBSERVE_EVERY} "
                         "(default: only the last)")  # fmt: skip
    to.add_argument("--workers", type=whole(1, None, "a number"), default=0, metavar="N",
                    help="processes (default: one for each core)")  # fmt: skip
    to.add_argument("--executor", type=executor, default="processes", metavar="WHERE",
                    help="processes, or the Dask scheduler dask:tcp://HOST:PORT (default: processes)")  # fmt: skip
    to.add_argument("--dry-run", action="store_true", help="print how many runs there are and how long they take")
    to.add_argument("--open", action="store_true",
                    help="open the map of the sweep in a browser; it fills while the sweep runs")  # fmt: skip
    to.add_argument("--csv", type=Path, metavar="FILE", help="also write a table with a row for each run at the end")
    to.add_argument("--parquet", type=Path, metavar="FILE",
                    help="the same as Parquet (pip install 'gan1d[parquet]')")  # fmt: skip
    to.add_argument("-o", "--output", type=Path, metavar="FILE",
                    help="file for the results; the same command goes on with an unfinished one")  # fmt: skip


def sweep_command(given: argparse.Namespace) -> int:
    """Make the runs of a sweep."""
    if given.seed is not None:
        misuse(PROGRAM, "--seed cannot be used: a sweep has --first-seed and --seeds.")
    if given.output is None and not given.dry_run:
        misuse(PROGRAM, "Expected a file for the results (-o FILE), but got none.")
    try:
        sweep = Sweep(
            base=experiment_of(PROGRAM, given),
            axes=tuple(given.axis),
            first_seed=given.first_seed,
            seeds=given.seeds,
            steps=given.steps,
            every=given.every,
        )
        if given.dry_run:
            return dry_run(sweep, given.output, given.workers)
        return run_sweep(sweep, given)
    except (AxisError, ResultsError, OutputFileError, ParquetError) as error:
        misuse(PROGRAM, str(error))
    except WorkersError as error:
        print_error(f"{PROGRAM}: {error}")
        return FAILURE


def dry_run(sweep: Sweep, output: Path | None, workers: int) -> int:
    """Print how many runs are left and, by a short trial, how long they take on the processes of this machine."""
    done = read_results(output)[1] if output is not None and output.exists() else []
    planned = planned_blocks(sweep, done)
    left = sum(len(block.seeds) for block in planned)
    cells = " × ".join(map(str, sweep.shape))
    print_output(
        f"{cells} cells with {sweep.seeds} seeds and {format_count(sweep.steps)} steps: "
        f"{format_count(sweep.runs)} runs, {format_count(left)} of them left"
    )
    if note := alone_in_words(sweep):
        print_output(note)
    if planned:
        processes = workers or cores()
        seconds = estimated_seconds(sweep, planned) / min(processes, len(planned))
        print_output(f"about {duration(max(seconds, 1.0))} on {processes} processes")
    return SUCCESS


def estimated_seconds(sweep: Sweep, planned: Sequence[PlannedBlock]) -> float:
    """Seconds of processor time of some blocks, by trials with those at both ends and in the middle.

    A trial has two lengths, because a short run takes most of its time to begin.
    """
    trials = [planned[index] for index in sorted({0, len(planned) // 2, len(planned) - 1})]
    seconds = []
    for block in trials:
        config = sweep.config(block.cell)
        measure(config, block.seeds, 1)  # what is done once in a process
        short, long = (measure(config, block.seeds, steps, sweep.every)[1] for steps in TRIAL_STEPS)
        step = max(long - short, 0.0) / (TRIAL_STEPS[1] - TRIAL_STEPS[0])
        seconds.append((short + step * (sweep.steps - TRIAL_STEPS[0])) / len(block.seeds))
    return statistics.mean(seconds) * sum(len(block.seeds) for block in planned)


def duration(seconds: float) -> str:
    """A time in words."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"


def run_sweep(sweep: Sweep, given: argparse.Namespace) -> int:
    """Make the runs that are left, and write them as they end."""
    inputs = [*input_files(given), *standard_output()]
    check_output(given.output, inputs, RESULTS_BEGINNING)
    if given.csv is not None:
        check_output(given.csv, [*inputs, given.output], csv_beginning(sweep))
    if given.parquet is not None:
        others = [given.output] if given.csv is None else [given.output, given.csv]
        check_parquet(given.parquet, [*inputs, *others])
    with ResultsFile(given.output, sweep) as results:
        if results.set_aside is not None:
            print_error(f"{PROGRAM}: the last line was damaged and is now in {results.set_aside}")
        if results.is_from_elsewhere:
            print_error(f"{PROGRAM}: {BEGUN_ELSEWHERE.format(given.output)}")
        if note := alone_in_words(sweep):
            print_error(f"{PROGRAM}: {note}")
        shown = begin_map(PROGRAM, given.output) if given.open else None
        add_missing(sweep, results, given)
        if given.csv is not None:
            write_csv(sweep, results.blocks, given.csv, [*inputs, given.output])
        if given.parquet is not None:
            write_parquet(sweep, results.blocks, given.parquet, [*inputs, given.output])
    print_output(f"{given.output}: {format_count(sweep.runs)} runs, {outcomes_in_words(results.blocks)}")
    if shown is not None:
        wait_for_interrupt(shown)
    return SUCCESS


def alone_in_words(sweep: Sweep) -> str:
    """How many cells have settings whose runs are not trained together; "" if none has."""
    cells = [*sweep.cells()]
    alone = sum(not is_stackable(sweep.config(cell)) for cell in cells)
    return (
        f"{format_count(alone)} of {format_count(len(cells))} cells are trained one run at a time: their networks and "
        "batches are large, G looks ahead, or D is the optimal one"
        if alone and sweep.seeds > 1
        else ""
    )


def wait_for_interrupt(shown: threading.Thread) -> None:
    """Keep a map that is complete until Ctrl-C, or until its server has failed."""
    with suppress(KeyboardInterrupt):
        shown.join()


def add_missing(sweep: Sweep, results: ResultsFile, given: argparse.Namespace) -> None:
    """Make the runs that the file does not have."""
    before = done = sum(len(block.runs) for block in results.blocks)
    bar = ProgressBar(sys.stderr, sweep.runs - before)
    try:
        with closing(make_missing(sweep, tuple(results.blocks), given.executor, given.workers)) as made:
            for block in made:
                results.add(block)
                done += len(block.runs)
                bar.update(done - before, f"{format_count(done)} of {format_count(sweep.runs)} runs")
    finally:
        bar.close()


def outcomes_in_words(blocks: Sequence[Block]) -> str:
    """How many runs ended with each diagnosis, the most frequent first."""
    labels = {kind.name: kind.label for kind in KINDS}
    outcomes = [run["outcome"] for block in blocks for run in block.runs]
    counts = {name: outcomes.count(name) for name in dict.fromkeys(outcomes)}
    ranked = sorted(counts.items(), key=lambda each: -each[1])
    return ", ".join(f"{labels[name]}: {format_count(count)}" for name, count in ranked)
