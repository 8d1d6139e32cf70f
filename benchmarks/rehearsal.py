"""Load and attacks on the server: many followers, many sessions, and clients that do harm, beside one honest page.

    python -m benchmarks.rehearsal [--seconds 5] [--tree DIRECTORY] [--only NAME …] [--write]

The server gets one core and this program another, where there are two. Pages are bare sockets, which cost a tenth of a
websocket library, and acknowledge each frame at once. The age of a frame is the time since the first page got it. The
control time is that from a `set` to its `config`, measured twenty times a second in each driven session.

In an attack, one honest page plays while another process does harm. `--tree` serves another version of the package,
to compare both. `--write` puts the tables into docs/benchmarks.md.
"""

import argparse
import asyncio
import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.attacks import ATTACKS
from benchmarks.document_tables import fill
from benchmarks.pages import Page, connect, watch_name
from benchmarks.streaming import SET_EVERY, Server, quantile

DOCUMENT = Path(__file__).parents[1] / "docs" / "benchmarks.md"
RATE = "generator.optimizer.learning_rate"

LOADS = {
    "1 page": (1, 0, "frame"),
    "1 page, 100 followers": (1, 100, "frame"),
    "1 page, 300 followers": (1, 300, "frame"),
    "1 page, 499 followers": (1, 499, "frame"),
    "1 page, 499 followers, 30 steps a second": (1, 499, 30),
    "1 page, 499 followers, as fast as possible": (1, 499, "max"),
    "16 pages, 30 steps a second": (16, 0, 30),
    "32 pages, 30 steps a second": (32, 0, 30),
}
"""Name → driven sessions, followers of the first one, and the speed."""

LOAD_HEAD = (
    "| load | frames/s each | CPU | CPU µs per frame | frame age p50 / p99 ms | control p50 / p99 ms | memory MB |\n"
    "|---|---:|---:|---:|---:|---:|---:|"
)
ATTACK_HEAD = "| beside it | control p50 / p99 ms | run kept | log kB | memory MB |\n|---|---:|---|---:|---:|"


@dataclass
class Control:
    """The control times of one page.

    Attributes:
        seconds: Measured times.
    """

    seconds: list[float] = field(default_factory=list)

    async def measure(self, page: Page, seconds: float) -> None:
        """Raise a learning rate by 0.005 % again and again, which hardly changes the run."""
        end = time.perf_counter() + seconds
        for n in itertools.count():
            value, begun = 0.002 + 1e-7 * n, time.perf_counter()
            page.expected[value] = begun
            page.say(type="set", path=RATE, value=value)
            await asyncio.sleep(SET_EVERY)
            if time.perf_counter() > end:
                break
        # A value without an answer counts with the time so far.
        now = time.perf_counter()
        self.seconds += [*page.latencies, *(now - sent for sent in page.expected.values() if now - sent > SET_EVERY)]


def milliseconds(values: list[float]) -> str:
    """Median and 99th percentile."""
    return f"{1e3 * quantile(values, 0.5):.1f} / {1e3 * quantile(values, 0.99):.1f}" if values else "none"


async def load(server: Server, sessions: int, followers: int, speed: Any, seconds: float) -> str:
    """The cells of a row of the table of loads."""
    first_seen: dict[int, float] = {}
    drivers = [await connect(server.port) for _ in range(sessions)]
    names = [await watch_name(page) for page in drivers]
    drivers[0].say(type="playback", speed=speed)
    drivers[0].say(type="play")
    crowd = [await connect(server.port, names[0]) for _ in range(followers)]
    for page in crowd:
        await page.greeted
    for page in drivers[1:]:
        page.say(type="playback", speed=speed)
        page.say(type="play")
    await asyncio.sleep(1)
    for page in [*drivers, *crowd]:
        page.begin(first_seen if page in crowd or followers else {})
    busy, begun = server.cpu_seconds(), time.perf_counter()
    controls = [Control() for _ in drivers]
    await asyncio.gather(*(control.measure(page, seconds) for control, page in zip(controls, drivers, strict=True)))
    took = time.perf_counter() - begun
    busy = (server.cpu_seconds() - busy) / took
    rates = [page.frames / took for page in [*drivers, *crowd]]
    ages = [age for page in crowd for age in page.ages]
    times = [value for control in controls for value in control.seconds]
    memory = server.memory()
    for page in [*drivers, *crowd]:
        page.leave()
    cost = 1e6 * busy / max(sum(rates), 1)
    return (
        f"{quantile(rates, 0.5):.0f} | {busy:.0%} | {cost:.0f} | {milliseconds(ages)} | {milliseconds(times)} | "
        f"{memory:.0f}"
    )


async def join_storm(server: Server, count: int = 499) -> str:
    """How long a driver waits at most while many join at once, and when the last one is greeted."""
    driver = await connect(server.port)
    watch = await watch_name(driver)
    driver.say(type="play")
    await asyncio.sleep(1)
    driver.begin({})
    control = Control()
    measuring = asyncio.create_task(control.measure(driver, 4))
    begun = time.perf_counter()
    crowd = await asyncio.gather(*(connect(server.port, watch) for _ in range(count)))
    await asyncio.gather(*(page.greeted for page in crowd))
    took = time.perf_counter() - begun
    await measuring
    for page in [driver, *crowd]:
        page.leave()
    longest = 1e3 * max(control.seconds)
    return f"{count} pages join at once: all have their hello after {took:.1f} s; the driver waits {longest:.0f} ms."


async def attack(server: Server, name: str, seconds: float) -> tuple[list[float], bool]:
    """Control times of an honest page during an attack, and whether its run goes on."""
    page = await connect(server.port)
    watch = await watch_name(page)
    page.say(type="play")
    await asyncio.sleep(0.5)
    # The attacker has the same core and leaves it to this program.
    command = ["nice", "-n", "15", sys.executable, "-m", "benchmarks.attacks", name, str(server.port), watch]
    attacker = await asyncio.create_subprocess_exec(*command, "--seconds", str(seconds + 1), stdout=subprocess.DEVNULL)
    await asyncio.sleep(1.0)
    page.begin({})
    control, before = Control(), page.step
    await control.measure(page, seconds)
    await attacker.wait()
    await asyncio.sleep(0.2)
    is_kept = page.step > before and not page.is_closed
    page.leave()
    return control.seconds, is_kept


def in_new_server(
    arguments: argparse.Namespace, work: Callable[[Server], Coroutine[Any, Any, Any]], files: int | None = None
) -> tuple[Any, float, float]:
    """The result of some work with a server of its own, the kB that this has logged, and its memory in MB."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
    with tempfile.TemporaryFile() as log:
        server = Server(cores, arguments.tree, files, log)
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, cores[-1:])
        try:
            result = asyncio.run(work(server))
            return result, log.seek(0, os.SEEK_END) / 1e3, server.memory()
        finally:
            server.process.kill()
            server.process.wait()
            if hasattr(os, "sched_setaffinity"):
                os.sched_setaffinity(0, cores)


def rows_of_loads(arguments: argparse.Namespace) -> list[str]:
    """The table of loads, and the sentence about joining."""
    lines = [LOAD_HEAD]
    for name, (sessions, followers, speed) in LOADS.items():
        if not arguments.only or name in arguments.only:
            cells, _, _ = in_new_server(
                arguments, lambda server, s=sessions, f=followers, p=speed: load(server, s, f, p, arguments.seconds)
            )
            lines.append(f"| {name} | {cells} |")
            print(lines[-1], flush=True)
    if not arguments.only or "join storm" in arguments.only:
        sentence, _, _ = in_new_server(arguments, join_storm)
        lines += ["", sentence]
        print(sentence, flush=True)
    return lines


def rows_of_attacks(arguments: argparse.Namespace) -> list[str]:
    """The table of attacks."""
    lines = [ATTACK_HEAD]
    for name, found in ATTACKS.items():
        if arguments.only and name not in arguments.only:
            continue
        (times, is_kept), logged, memory = in_new_server(
            arguments, lambda server, name=name: attack(server, name, arguments.seconds), found.files
        )
        description = (found.run.__doc__ or "").strip().rstrip(".")
        lines.append(
            f"| {description} | {milliseconds(times)} | {'yes' if is_kept else 'no'} | {logged:.0f} | {memory:.0f} |"
        )
        print(lines[-1], flush=True)
    return lines


def main() -> None:
    """Print the tables, and write them on request."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5.0, help="time of each measurement")
    parser.add_argument("--tree", type=Path, help="directory with another version of the package to serve")
    parser.add_argument("--only", nargs="*", default=[], help="rows to measure")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    arguments = parser.parse_args()
    text = "\n".join([*rows_of_loads(arguments), "", *rows_of_attacks(arguments)])
    if arguments.write:
        fill(DOCUMENT, "rehearsal", text)


if __name__ == "__main__":
    main()
