"""How many times as many steps a second many runs at once make together as one run alone.

All play the game of `speed.py`, and take turns on one core: one run in a `Trainer`, and ensembles of several sizes,
computed in stacks of several sizes. Every one of an ensemble's runs has a seed of its own; random numbers, losses,
gradient norms and running averages are included. Ratios are taken within a round.

    python -m benchmarks.ensemble
    python -m benchmarks.ensemble --size M --members 64 --stacks 4 8 16 --rounds 31 --json ensemble.json
"""

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from time import process_time
from typing import Any

import gan1d  # before numpy, which it keeps to one thread
from benchmarks.contenders.ours import plain
from benchmarks.game import DRAWN_AT_ONCE, Experiment
from benchmarks.processes import pin
from benchmarks.rounds import Spread, Times, Turn, play
from benchmarks.speed import SIZES
from gan1d.engine.training.ensemble import Ensemble

ALONE = "one run"

GOAL = {("S", 64, 32): 1.6}
"""How many times as fast as one run an ensemble should be, at least: size, members, stack."""


def blocks(run: gan1d.Trainer | Ensemble) -> Turn:
    """Blocks of as many steps as numbers are drawn for at a time, so that no turn is spared the drawing."""

    def turn(count: int) -> float:
        start = process_time()
        run.run(DRAWN_AT_ONCE * count)
        return process_time() - start

    return turn


def measured(experiment: Experiment, members: list[int], stacks: list[int], options: argparse.Namespace) -> Times:
    """Seconds that a step of one run takes, one number for each round, by name: `ALONE`, or members and stack."""
    config = plain(experiment)
    turns, runs = {ALONE: blocks(gan1d.Trainer(config))}, {ALONE: 1}
    for count in members:
        configs = [config.patched("seed", seed) for seed in range(count)]
        # Larger stacks than there are members are the same as one of all members.
        for stack in sorted({min(stack, count) for stack in stacks}):
            name = named(count, stack)
            turns[name], runs[name] = blocks(Ensemble(configs, stack=stack)), count
    times = play(turns, options.rounds, options.stretch, warm_up=options.stretch)
    return {name: [seconds / DRAWN_AT_ONCE / runs[name] for seconds in found] for name, found in times.items()}


def named(members: int, stack: int) -> str:
    """A row of the table."""
    return f"{members} runs in stacks of {stack}"


def table(size: str, times: Times) -> dict[str, Any]:
    """Print the rows, and return them."""
    goals = {named(members, stack): goal for (at, members, stack), goal in GOAL.items() if at == size}
    rows = {}
    for name, found in times.items():
        steps = Spread.of([1 / seconds for seconds in found])
        faster = Spread.of([one / many for one, many in zip(times[ALONE], found, strict=True)])
        goal = goals.get(name)
        rows[name] = {"steps_per_second": asdict(steps), "faster": asdict(faster), "goal": goal}
        verdict = "" if goal is None else f"  goal {goal:g}: {'met' if faster.median >= goal else 'missed'}"
        spread = f"{faster.median:5.2f}x ({faster.low:.2f} to {faster.high:.2f})"
        print(f"{size:8} {name:26} {steps.median:>10,.0f} steps/s   {spread}{verdict}", flush=True)
    return rows


def parse_options() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", default="S", choices=list(SIZES))
    parser.add_argument("--members", type=int, nargs="+", default=[1, 8, 16, 32, 64])
    parser.add_argument("--stacks", type=int, nargs="+", default=[8, 16, 32])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--stretch", type=float, default=0.15, help="seconds of one turn, at least")
    parser.add_argument("--core", type=int, help="the one to run on; the last one if not given")
    parser.add_argument("--json", type=Path, metavar="FILE", help="the table")
    return parser.parse_args()


def main() -> None:
    """Print the table, and write it to a file on request."""
    options = parse_options()
    pin(options.core)
    rows = table(options.size, measured(SIZES[options.size], options.members, options.stacks, options))
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
