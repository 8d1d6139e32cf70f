"""Where the runs of a sweep are made: processes of this machine, or a cluster.

A sweep knows no more of them than the `Executor` of the standard library.
"""

import importlib
import multiprocessing
import os
import re
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, Final

DASK: Final = re.compile(r"dask:([a-z]+://\S+)")
"""Address of a Dask scheduler, such as dask:tcp://lab:8786."""
CONNECT_SECONDS: Final = 10
"""Seconds after which a scheduler that does not answer counts as absent."""


class WorkersError(Exception):
    """There are no workers, or they are lost. The message is shown to the user."""


@contextmanager
def open_workers(where: str = "", count: int = 0) -> Iterator[tuple[Executor, int]]:
    """Workers and their number.

    Args:
        where: "" for processes of this machine, or the address of a Dask scheduler as in `DASK`.
        count: Number of processes; 0 for one per core. A cluster has the workers that it has.

    Raises:
        WorkersError: The address is wrong, nothing answers there, Dask is not installed, or the workers are lost.
    """
    with (
        lost_workers_in_words(BrokenExecutor, CancelledError),
        dask_workers(where) if where else processes(count) as workers,
    ):
        yield workers


@contextmanager
def lost_workers_in_words(*errors: type[BaseException]) -> Iterator[None]:
    """Turn the errors of lost workers into a sentence.

    Args:
        errors: Types of these errors.

    Raises:
        WorkersError: The workers are lost.
    """
    try:
        yield
    except errors as error:
        # The text of some errors goes on with advice for those who run the cluster.
        reason = str(error).partition(". ")[0].strip(".") or type(error).__name__
        raise WorkersError(f"The workers are lost ({reason}). What is finished is kept; run the same again.") from None


@contextmanager
def processes(count: int) -> Iterator[tuple[Executor, int]]:
    """Processes of this machine; see `open_workers`."""
    count = count or cores()
    others = set(multiprocessing.active_children())
    pool = worker_pool(count)
    try:
        yield pool, count
    finally:
        try:
            # After an interrupt, wait for the present runs only.
            pool.shutdown(cancel_futures=True)
        except KeyboardInterrupt:
            # After a second one, not even for them. Workers that were left alone would keep the program from ending.
            for worker in set(multiprocessing.active_children()) - others:
                worker.terminate()
            raise


@contextmanager
def dask_workers(address: str) -> Iterator[tuple[Executor, int]]:
    """The workers of a Dask cluster, and the number of their threads.

    Raises:
        WorkersError: See `open_workers`.
    """
    match = DASK.fullmatch(address)
    if match is None:
        raise WorkersError(f"Expected an executor such as dask:tcp://lab:8786, but got {address!r}.")
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError:
        raise WorkersError("A Dask cluster needs Dask here, too: pip install 'gan1d[dask]'.") from None
    try:
        client = distributed.Client(match[1], timeout=CONNECT_SECONDS)
    except (OSError, TimeoutError, ValueError) as error:
        raise WorkersError(f"No Dask scheduler answers at {match[1]}: {error}.") from None
    with client:
        threads = sum(client.nthreads().values())
        if threads == 0:
            raise WorkersError(f"The Dask scheduler at {match[1]} has no workers.")
        # Runs are pure functions of their arguments, but a result that was lost has to be made again.
        with lost_workers_in_words(distributed.KilledWorker):
            yield client.get_executor(pure=False, retries=3), threads


def worker_pool(count: int) -> ProcessPoolExecutor:
    """Processes that end with this one, and ignore Ctrl-C, which also reaches them: one that died of it would break the
    pool."""
    # A fork would copy locks that threads of other libraries hold.
    return ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"), initializer=begin_worker)


def begin_worker() -> None:
    """Ignore Ctrl-C, and end when the process that began this one ends, even if it was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def end_with_parent() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=end_with_parent, daemon=True).start()


def cores() -> int:
    """Number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
