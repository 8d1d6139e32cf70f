"""Making the runs: each once, in blocks, by any executor."""

import random
import subprocess
import sys
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from gan1d import Config
from gan1d.sweeps import execution, workers
from gan1d.sweeps.execution import PlannedBlock, block_size, columns_of, make_missing, make_runs, planned_blocks
from gan1d.sweeps.grid import sweep_of
from gan1d.sweeps.results import Block, read_results
from gan1d.sweeps.workers import WorkersError
from tests.tools import slow_but

QUICK = Config.parsed({"batch_size": 4, "generator": {"hidden": [2]}, "discriminator": {"hidden": [2]}})
SWEEP = sweep_of(QUICK, {"generator.optimizer.learning_rate": [0.001, 0.01]}, seeds=40, steps=25)


def block(cell: int, *seeds: int) -> Block:
    runs: list[dict[str, Any]] = [{"seed": 1_000_000 + seed, "outcome": "learning"} for seed in seeds]
    return Block((cell,), runs, 1.0)


def seeds_of(planned: list[PlannedBlock]) -> list[tuple[int, int]]:
    return [(each.cell[0], seed - 1_000_000) for each in planned for seed in each.seeds]


def test_the_planned_blocks_are_the_runs_that_are_not_done() -> None:
    planned = planned_blocks(SWEEP)
    assert seeds_of(planned) == [(cell, seed) for cell in (0, 1) for seed in range(40)]
    assert {len(each.seeds) for each in planned} <= {block_size(SWEEP, (0,)), 40 % block_size(SWEEP, (0,))}
    left = planned_blocks(SWEEP, [block(0, *range(40)), block(1, 3, 4)])
    assert seeds_of(left) == [(1, seed) for seed in range(40) if seed not in (3, 4)]
    assert planned_blocks(SWEEP, [block(0, *range(40)), block(1, *range(40))]) == []


def test_every_run_is_made_once() -> None:
    with ThreadPoolExecutor(2) as pool:
        blocks = list(make_runs(SWEEP, planned_blocks(SWEEP), pool, 2))
    columns = columns_of(SWEEP, blocks)
    assert columns["generator.optimizer.learning_rate"] == [0.001] * 40 + [0.01] * 40
    assert columns["seed"] == [1_000_000 + seed for seed in range(40)] * 2
    assert set(columns["steps"]) == {25}
    assert planned_blocks(SWEEP, blocks) == []


@pytest.mark.parametrize("count", slow_but([], [1, 3]))
def test_no_block_is_lost_between_those_that_wait(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(execution, "block_size", lambda *_: 1)
    with ThreadPoolExecutor(count) as pool:
        blocks = list(make_runs(SWEEP, planned_blocks(SWEEP), pool, count))
    assert planned_blocks(SWEEP, blocks) == []


@pytest.mark.slow
def test_few_blocks_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting: list[int] = []

    class Slow(ThreadPoolExecutor):
        def submit(self, *arguments: Any, **options: Any) -> Future[Any]:
            waiting.append(self._work_queue.qsize())
            return super().submit(*arguments, **options)

    monkeypatch.setattr(execution, "block_size", lambda *_: 1)
    with Slow(1) as pool:
        blocks = list(make_runs(SWEEP, planned_blocks(SWEEP), pool, 1))
    assert len(blocks) == 80
    assert max(waiting) <= 5


class Broken(Executor):
    """Workers of which every block ends with an error."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def submit(self, *_: Any, **__: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_exception(self.error)
        return future


@pytest.mark.parametrize(
    ("error", "words"), [(BrokenExecutor("a process ended"), "a process ended"), (CancelledError(), "CancelledError")]
)
def test_lost_workers_are_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch, error: Exception, words: str) -> None:
    monkeypatch.setattr(workers, "worker_pool", lambda _: Broken(error))
    with pytest.raises(WorkersError) as found:
        list(make_missing(SWEEP, ()))
    assert str(found.value) == f"The workers are lost ({words}). What is finished is kept; run the same again."


COMMAND = [
    sys.executable, "-m", "gan1d", "sweep", "--set", "batch_size=4", "--set", "generator.hidden=[2]",
    "--set", "discriminator.hidden=[2]", "--axis", "generator.optimizer.learning_rate=0.001,0.003,0.01",
    "--axis", "discriminator.optimizer.learning_rate=0.001,0.01", "--seeds", "24", "--steps", "300", "--workers", "2",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_sweep_that_is_killed_again_and_again_goes_on_where_it_was(tmp_path: Path) -> None:
    file, seed = tmp_path / "r.ndjson", random.randrange(2**32)
    rng, before = random.Random(seed), b""
    for _ in range(10):
        process = subprocess.Popen([*COMMAND, "-o", str(file)], stderr=subprocess.DEVNULL)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=rng.uniform(0.5, 8))
        process.kill()
        process.wait()
        if file.exists():
            now = file.read_bytes()
            assert now.startswith(before[: before.rfind(b"\n") + 1]), f"a finished line is lost, seed {seed}"
            before = now
    subprocess.run([*COMMAND, "-o", str(file)], check=True, capture_output=True, timeout=300)
    sweep, blocks, damaged = read_results(file)
    found = [(block.cell, run["seed"]) for block in blocks for run in block.runs]
    assert damaged == b""
    assert len(found) == len(set(found)) == sweep.runs == 144
    with ThreadPoolExecutor(1) as pool:
        assert columns_of(sweep, blocks) == columns_of(sweep, make_runs(sweep, planned_blocks(sweep), pool, 1))
