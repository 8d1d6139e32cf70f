"""Small sweeps with invented results, for the tests of maps."""

from pathlib import Path
from typing import Any

from gan1d import Config
from gan1d.sweeps.grid import Sweep, sweep_of
from gan1d.sweeps.results import Block, ResultsFile

PLANE = sweep_of(
    Config().patched("batch_size", 32),
    {"generator.optimizer.learning_rate": [0.001, 0.01, 0.1], "loss": ["non_saturating", "hinge"]},
    seeds=4,
    steps=300,
)
SPACE = sweep_of(
    Config(), {"batch_size": [8, 16], "penalty.gamma": [0.1, 1.0], "loss": ["minimax", "hinge"]}, seeds=2, steps=50
)


def run_result(seed: int, outcome: str = "converged", **fields: Any) -> dict[str, Any]:
    """A run's result as JSON values."""
    usual = {"since": 25, "steps": 300, "fitted": 100, "error": 0.1, "distance": 0.2, "jensen_shannon": 0.05}
    return {"seed": seed, "outcome": outcome, **usual, "covered": 2, **fields}


def block_of_runs(sweep: Sweep, cell: tuple[int, ...], *outcomes: str, **fields: Any) -> Block:
    """A block with an outcome for each run, whose seeds begin with the first."""
    return Block(cell, [run_result(sweep.first_seed + i, outcome, **fields) for i, outcome in enumerate(outcomes)], 0.5)


def write_results(file: Path, sweep: Sweep, *blocks: Block) -> None:
    """Add blocks to a file of results."""
    with ResultsFile(file, sweep) as results:
        for block in blocks:
            results.add(block)
