"""Speed of the server while it trains: steps a second, frames a second, control latency, and the time to stop.

    python benchmarks/streaming.py [--seconds 5] [--sessions 1 4 16] [--watchers 100]

The server gets one core and this program another, where there are two. Each session plays at full speed and
acknowledges each frame at once. The latency is the time from a `set` to its `config`, measured twenty times a second in
each session.
"""

import argparse
import asyncio
import itertools
import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from websockets.asyncio.client import ClientConnection, connect

SET_EVERY = 0.05


@dataclass
class Observations:
    """Measurements of one page.

    Attributes:
        steps: Step of each frame.
        latencies: Seconds from a `set` to its `config`.
        sent_at: Value of a `set` without an answer → time at which it was sent.
        gaps: Seconds between two frames.
        name: Name by which the session can be watched.
        greeted: Set when hello has come.
    """

    steps: list[int] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    sent_at: dict[float, float] = field(default_factory=dict)
    gaps: list[float] = field(default_factory=list)
    name: str = ""
    greeted: asyncio.Event = field(default_factory=asyncio.Event)


async def read(page: ClientConnection, seen: Observations) -> None:
    """Acknowledge frames and record answers until cancelled."""
    last = time.perf_counter()
    async for message in page:
        now = time.perf_counter()
        if isinstance(message, bytes):
            seen.steps.append(int.from_bytes(message[8:16], "little"))
            seen.gaps.append(now - last)
            last = now
            await page.send('{"type":"ack"}')
            continue
        event = json.loads(message)
        if event["type"] == "hello":
            seen.name = event["watch"]
            seen.greeted.set()
        elif event["type"] == "config":
            seen.latencies.append(now - seen.sent_at.pop(event["value"], now))
        elif event["type"] == "refused":
            raise RuntimeError(event["message"])


async def turn_knobs(page: ClientConnection, seen: Observations, seconds: float) -> None:
    """Change a learning rate by 0.05 % to and fro, which hardly changes the run."""
    # Sessions do not send at the same instant.
    await asyncio.sleep(SET_EVERY * random.random())
    end = time.perf_counter() + seconds
    for n in itertools.count():
        value = 0.002 + 1e-6 * (n % 2)
        seen.sent_at[value] = time.perf_counter()
        await page.send(json.dumps({"type": "set", "path": "generator.optimizer.learning_rate", "value": value}))
        await asyncio.sleep(SET_EVERY)
        if time.perf_counter() > end:
            return


async def play(
    port: int, sessions: int, watchers: int, seconds: float
) -> tuple[list[Observations], list[Observations], float]:
    """Play in several sessions at once; return the measurements of drivers and watchers, and the seconds measured."""
    url = f"ws://127.0.0.1:{port}/ws"
    pages = [await connect(url, compression=None, max_queue=None) for _ in range(sessions)]
    drivers = [Observations() for _ in pages]
    readers = [asyncio.create_task(read(page, seen)) for page, seen in zip(pages, drivers, strict=True)]
    await asyncio.gather(*(seen.greeted.wait() for seen in drivers))
    audience = [Observations() for _ in range(watchers)]
    for seen in audience:
        page = await connect(f"{url}?session={drivers[0].name}", compression=None, max_queue=None)
        pages.append(page)
        readers.append(asyncio.create_task(read(page, seen)))
    for page in pages[:sessions]:
        await page.send('{"type":"playback","speed":"max"}')
        await page.send('{"type":"play"}')
    await asyncio.sleep(1)
    for seen in [*drivers, *audience]:
        seen.steps.clear(), seen.gaps.clear(), seen.latencies.clear()
    begun = time.perf_counter()
    await asyncio.gather(*(turn_knobs(p, s, seconds) for p, s in zip(pages[:sessions], drivers, strict=True)))
    took = time.perf_counter() - begun
    for reader in readers:
        reader.cancel()
    results = await asyncio.gather(*readers, return_exceptions=True)
    for result in results:
        if not isinstance(result, asyncio.CancelledError):
            raise RuntimeError(f"A page was disconnected: {result!r}")
    await asyncio.gather(*(page.close() for page in pages))
    return drivers, audience, took


def quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def row(name: str, drivers: list[Observations], audience: list[Observations], took: float, busy: float) -> str:
    """One line of the table."""
    steps = sum(seen.steps[-1] - seen.steps[0] for seen in drivers if seen.steps) / took
    everybody = [*drivers, *audience]
    rates = [len(seen.steps) / took for seen in everybody]
    latencies = [1000 * value for seen in drivers for value in seen.latencies]
    gaps = [1000 * gap for seen in everybody for gap in seen.gaps]
    return (
        f"{name:>14} {steps:>9,.0f} {statistics.median(rates):>7.1f} {min(rates):>7.1f} "
        f"{quantile(latencies, 0.5):>8.1f} {quantile(latencies, 0.99):>8.1f} {quantile(gaps, 0.99):>8.1f} {busy:>6.0%}"
    )


class Server:
    """The program as a user starts it, on its own core.

    Args:
        cores: Numbers of the processor's cores; the server gets the first one, this program the last.
        tree: Directory with the package to serve; None for this one.
        files: Limit of open files; None for that of this program.
        log: Destination of the server's log; None for that of this program.
    """

    def __init__(
        self, cores: Sequence[int], tree: Path | None = None, files: int | None = None, log: IO[bytes] | None = None
    ) -> None:
        command = [sys.executable, "-m", "gan1d", "--no-browser", "--port", "0", "--max-sessions", "64"]
        if files is not None:
            command = ["sh", "-c", f'ulimit -n {files}; exec "$@"', "sh", *command]
        environment = os.environ | ({"PYTHONPATH": str(tree)} if tree else {})
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment, cwd=tree
        )
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(self.process.pid, {cores[0]})
            os.sched_setaffinity(0, {cores[-1]})
        assert self.process.stdout is not None
        found = re.search(r"http://[\w.]+:(\d+)/", self.process.stdout.readline())
        assert found, "the server printed no address"
        self.port = int(found[1])

    def cpu_seconds(self) -> float:
        """Processor time used so far; 0 where the system does not report it."""
        try:
            with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as stat:
                fields = stat.read().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Resident memory in MB; 0 where the system does not report it."""
        try:
            text = Path(f"/proc/{self.process.pid}/status").read_text("ascii")
        except OSError:
            return 0.0
        return int(text.partition("VmRSS:")[2].split()[0]) / 1e3

    def stop(self) -> float:
        """Press Ctrl-C; return the seconds until the program has ended."""
        begun = time.perf_counter()
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(20)
        assert status == 0, f"the server ended with status {status}"
        return time.perf_counter() - begun


async def stop_with_pages_open(server: Server) -> float:
    """Press Ctrl-C while four pages play; return the seconds until the program has ended."""
    pages = [await connect(f"ws://127.0.0.1:{server.port}/ws", compression=None, max_queue=None) for _ in range(4)]
    for page in pages:
        await page.send('{"type":"playback","speed":"max"}')
        await page.send('{"type":"play"}')
    await asyncio.sleep(0.5)
    took = await asyncio.to_thread(server.stop)
    await asyncio.gather(*(page.close() for page in pages))
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--sessions", type=int, nargs="*", default=[1, 4, 16])
    parser.add_argument("--watchers", type=int, nargs="*", default=[100])
    arguments = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
    server = Server(cores)
    print(f"{'':>14} {'steps/s':>9} {'frames/s':>15} {'control ms':>17} {'gap ms':>8} {'server':>6}")
    print(f"{'':>14} {'':>9} {'median':>7} {'least':>7} {'p50':>8} {'p99':>8} {'p99':>8} {'cpu':>6}")
    for sessions, watchers in [*((n, 0) for n in arguments.sessions), *((1, n) for n in arguments.watchers)]:
        before, begun = server.cpu_seconds(), time.perf_counter()
        drivers, audience, took = asyncio.run(play(server.port, sessions, watchers, arguments.seconds))
        busy = (server.cpu_seconds() - before) / (time.perf_counter() - begun)
        name = f"1 + {watchers} watch" if watchers else f"{sessions} session{'s' * (sessions > 1)}"
        print(row(name, drivers, audience, took, busy), flush=True)
    print(f"Ctrl-C with four pages playing: {asyncio.run(stop_with_pages_open(server)):.2f} s")


if __name__ == "__main__":
    main()
