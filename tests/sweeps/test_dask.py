"""A sweep on a real Dask cluster: a scheduler and three workers on this machine, one of which is killed meanwhile."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from gan1d import Config
from gan1d.sweeps.execution import columns_of, make_runs, planned_blocks
from gan1d.sweeps.grid import sweep_of
from gan1d.sweeps.results import ResultsFile, read_results
from gan1d.sweeps.workers import WorkersError, open_workers
from tests import tools

distributed: Any = None if tools.MISSING["dask"] else import_module("distributed")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(bool(tools.MISSING["dask"]), reason=tools.MISSING["dask"]),
]

QUICK = Config.parsed({"batch_size": 4, "generator": {"hidden": [2]}, "discriminator": {"hidden": [2]}})
RATES = [0.001 * 1.5**k for k in range(12)]
SWEEP = sweep_of(QUICK, {"generator.optimizer.learning_rate": RATES}, seeds=32, steps=200)


def address_of(process: subprocess.Popen[str]) -> str:
    """The address that a scheduler prints when it listens."""
    assert process.stderr is not None
    for line in process.stderr:
        if "Scheduler at:" in line:
            return line.split()[-1]
    raise AssertionError("The scheduler did not start.")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list["subprocess.Popen[str]"]]]:
    """The address of a scheduler, and its workers."""
    cli, quiet = [sys.executable, "-m"], {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    scheduler = subprocess.Popen(
        [*cli, "distributed.cli.dask_scheduler", *options], stderr=subprocess.PIPE, text=True, cwd=tmp_path
    )
    processes: list[subprocess.Popen[str]] = []
    try:
        address = address_of(scheduler)
        worker = [*cli, "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        processes += [subprocess.Popen(worker, text=True, cwd=tmp_path, **quiet) for _ in range(3)]
        with distributed.Client(address) as client:
            client.wait_for_workers(3, timeout=60)
        yield address, processes
    finally:
        for process in (*processes, scheduler):
            process.kill()
            process.wait()
        if scheduler.stderr is not None:
            scheduler.stderr.close()


def test_a_cluster_that_loses_a_worker_makes_the_same_results(
    cluster: tuple[str, list["subprocess.Popen[str]"]], tmp_path: Path
) -> None:
    address, processes = cluster
    file = tmp_path / "r.ndjson"
    with open_workers(f"dask:{address}") as (executor, count), ResultsFile(file, SWEEP) as results:
        assert count == 3
        for block in make_runs(SWEEP, planned_blocks(SWEEP), executor, count):
            results.add(block)
            if len(results.blocks) == 2:
                processes[0].kill()
    sweep, blocks, _ = read_results(file)
    assert planned_blocks(sweep, blocks) == []
    with ThreadPoolExecutor(1) as pool:
        assert columns_of(sweep, blocks) == columns_of(SWEEP, make_runs(SWEEP, planned_blocks(SWEEP), pool, 1))


def test_a_scheduler_without_workers_is_said(cluster: tuple[str, list["subprocess.Popen[str]"]]) -> None:
    address, processes = cluster
    for process in processes:
        process.kill()
        process.wait()
    with distributed.Client(address) as client:
        while client.nthreads():
            client.sync(client.scheduler.identity)
    with pytest.raises(WorkersError, match="has no workers"), open_workers(f"dask:{address}"):
        pass


def test_a_scheduler_that_is_not_there_is_said() -> None:
    answer = r"No Dask scheduler answers at tcp://127\.0\.0\.1:9"
    with pytest.raises(WorkersError, match=answer), open_workers("dask:tcp://127.0.0.1:9"):
        pass
