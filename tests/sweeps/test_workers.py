"""Workers: processes that end with the sweep, and clusters that are not there."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest

from gan1d.sweeps.workers import WorkersError, cores, open_workers


def test_there_are_cores() -> None:
    assert 1 <= cores() <= (os.cpu_count() or 1)


@pytest.mark.parametrize("address", ["dask", "dask:", "dask:lab:8786", "ray:tcp://lab:1"])
def test_a_wrong_address_is_refused(address: str) -> None:
    with pytest.raises(WorkersError, match="Expected an executor such as dask:tcp://lab:8786"), open_workers(address):
        pass


def test_a_cluster_needs_dask_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(WorkersError, match=r"pip install 'gan1d\[dask\]'"), open_workers("dask:tcp://lab:8786"):
        pass


def test_a_cluster_that_gives_a_task_up_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    class KilledWorker(Exception):
        pass

    client = MagicMock()
    client.return_value.nthreads.return_value = {"tcp://lab:1": 2}
    distributed = SimpleNamespace(Client=client, KilledWorker=KilledWorker)
    monkeypatch.setitem(sys.modules, "distributed", distributed)
    words = r"^The workers are lost \(all 4 died\)\. What is finished is kept; run the same again\.$"
    with pytest.raises(WorkersError, match=words), open_workers("dask:tcp://lab:8786"):
        raise KilledWorker("all 4 died. Look at the logs.")


SLEEPER = """
import os, sys, time
from gan1d.sweeps.workers import worker_pool
if __name__ == "__main__":
    pool = worker_pool(1)
    print(pool.submit(os.getpid).result(), flush=True)
    pool.submit(time.sleep, 600)
    sys.stdin.read()
"""


INTERRUPTED = """
import signal, time
from gan1d.sweeps.workers import open_workers
if __name__ == "__main__":
    # A shell starts what runs in the background with interrupts ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with open_workers(count=1) as (pool, _):
        pool.submit(int).result()
        pool.submit(time.sleep, 600)
        try:
            print("ready", flush=True)
            time.sleep(600)
        finally:
            print("interrupted", flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process.")
def test_a_second_interrupt_does_not_wait_for_the_present_runs(tmp_path: Path) -> None:
    script = tmp_path / "interrupted.py"
    script.write_text(INTERRUPTED)
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == b"interrupted\n"
        # One that comes before the workers are waited for is a part of the first one.
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=2)


@pytest.mark.slow
def test_workers_end_with_a_sweep_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "sleeper.py"
    script.write_text(SLEEPER)
    with subprocess.Popen(
        [sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        worker = int(process.stdout.readline())
        process.kill()
    subprocess.run(["tail", f"--pid={worker}", "-f", "/dev/null"], timeout=30, check=True)
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)
