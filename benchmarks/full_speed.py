"""Speed of the page at "as fast as possible", as a share of training without a page.

`python -m benchmarks.full_speed` opens the default experiment in Chromium, plays it as fast as possible, and counts its
steps; `python -m benchmarks.full_speed --client` has a bare client in place of Chromium. Both kinds of training run
alternately, each in a process of its own, for a few seconds at a time. So other programs slow down both, and the
median of the ratios is given. Needs two idle cores, and Playwright for Chromium.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from websockets.sync.client import connect

from tests.browser.running import run_chromium, run_server

ROUNDS: Final = 8
SECONDS: Final = 3.0
WARM_UP_STEPS: Final = 2000

HEADLESS: Final = f"""
import time
from gan1d import Config, Trainer
from gan1d.diagnosis.monitor import Monitor
trainer = Trainer(Config())
monitor = Monitor(trainer)
monitor.run({WARM_UP_STEPS})
begun, first = time.perf_counter(), trainer.step_count
while time.perf_counter() - begun < {SECONDS}:
    monitor.run(100)
print((trainer.step_count - first) / (time.perf_counter() - begun))
"""


def headless_rate() -> float:
    """Steps a second of `gan1d run`, without its start."""
    done = subprocess.run([sys.executable, "-c", HEADLESS], capture_output=True, text=True, check=True, env=os.environ)
    return float(done.stdout)


class Counter:
    """Steps of a session as its statuses give them."""

    def __init__(self) -> None:
        self.step, self.at = 0, 0.0

    def read(self, text: str) -> None:
        """Note the step of a status."""
        message = json.loads(text)
        if message["type"] == "status":
            self.step, self.at = message["step"], time.perf_counter()

    def next(self) -> tuple[int, float]:
        """Wait for the next status."""
        before = self.at
        while self.at == before:
            time.sleep(0.005)
        return self.step, self.at


@contextmanager
def client(address: str) -> Iterator[tuple[Counter, list[str]]]:
    """A bare client that acknowledges 60 frames a second; messages in the list are sent."""
    counter, outbox = Counter(), ['{"type":"playback","speed":"max"}']

    def work() -> None:
        with connect(address.replace("http", "ws") + "ws") as socket:
            while "stop" not in outbox:
                while outbox and outbox[0] != "stop":
                    socket.send(outbox.pop(0))
                try:
                    message = socket.recv(timeout=0.1)
                except TimeoutError:
                    continue
                if isinstance(message, str):
                    counter.read(message)
                else:
                    time.sleep(1 / 60)
                    socket.send('{"type":"ack"}')

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield counter, outbox
    finally:
        outbox.append("stop")
        thread.join()


def measured(counter: Counter) -> float:
    """Steps a second between two statuses that are at least `SECONDS` apart."""
    first, begun = counter.next()
    last, at = first, begun
    while at - begun < SECONDS:
        last, at = counter.next()
    return (last - first) / (at - begun)


def client_rates() -> Iterator[tuple[float, float]]:
    """Steps a second with a bare client, and without a page."""
    with run_server() as address, client(address) as (counter, outbox):
        for _ in range(ROUNDS):
            outbox.append('{"type":"play"}')
            while counter.step < WARM_UP_STEPS:
                counter.next()
            served = measured(counter)
            outbox.append('{"type":"pause"}')
            time.sleep(0.3)
            yield served, headless_rate()


def page_rates() -> Iterator[tuple[float, float]]:
    """Steps a second on the page in Chromium, and without a page."""
    with run_server() as address, run_chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        counter = Counter()
        page.on(
            "websocket",
            lambda socket: socket.on("framereceived", lambda data: isinstance(data, str) and counter.read(data)),
        )
        page.goto(address)
        page.wait_for_function("() => !document.querySelector('#play').disabled")
        page.locator("#speed").focus()
        page.keyboard.press("End")
        for _ in range(ROUNDS):
            page.locator("#play").click()
            steps: list[tuple[int, float]] = []
            while len(steps) < 2 or steps[-1][1] - steps[0][1] < SECONDS:
                before = counter.at
                page.wait_for_timeout(100)
                if counter.at != before and counter.step >= WARM_UP_STEPS:
                    steps.append((counter.step, counter.at))
            page.locator("#play").click()
            page.wait_for_timeout(300)
            yield (steps[-1][0] - steps[0][0]) / (steps[-1][1] - steps[0][1]), headless_rate()


def main() -> None:
    """Print each round and the median ratio."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--client", action="store_true", help="measure with a bare client in place of Chromium")
    ratios = []
    for served, headless in client_rates() if parser.parse_args().client else page_rates():
        ratios.append(served / headless)
        print(f"{served:6.0f} steps/s of {headless:6.0f}: {ratios[-1]:.2f}", flush=True)
    print(f"median {statistics.median(ratios):.2f}, from {min(ratios):.2f} to {max(ratios):.2f}")


if __name__ == "__main__":
    main()
