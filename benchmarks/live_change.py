"""Time from a `set` message to its effect, for live settings of the default experiment.

`change` is the time that the trainer takes to continue with the new config. `effect` is the time from the submission of
the message to a session until the trainer has changed: validation of the value included, the wait for the end of a
slice of training (at most 0.5 ms) not. `answer` is the time until the viewer gets the message of the change.

    python -m benchmarks.live_change
    python -m benchmarks.live_change --repetitions 2000 --json live_change.json
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from time import perf_counter
from typing import Any

import gan1d  # before numpy, which it keeps to one thread
from benchmarks.processes import pin
from benchmarks.rounds import Spread
from gan1d.config.model import Config
from gan1d.session.messages import Role, Set
from gan1d.session.session import Join, Session

SETTINGS: dict[str, tuple[Any, Any]] = {
    "generator.optimizer.learning_rate": (2e-3, 1e-3),
    "discriminator.optimizer.beta2": (0.95, 0.9),
    "generator.ema_decay": (0.9, 0.99),
    "penalty.gamma": (0.2, 0.1),
    "loss.real_label": (0.9, 0.8),
    "instance_noise.deviation": (0.2, 0.1),
}
"""The settings that are changed, by path, each with the two values between which it alternates."""

GOAL = 300e-6
"""Seconds that an effect should take at most, as a median."""

WARM_UP = 20
"""Changes, and steps of training, before the clock starts."""


class Viewer:
    """A viewer that drives the session and ignores all messages."""

    role: Role = "driver"
    has_left = False

    def send_text(self, text: str) -> None:
        """Receive a message."""

    def send_frame(self, frame: bytes) -> None:
        """Receive a frame."""


def changes(path: str, repetitions: int) -> list[float]:
    """Seconds of each change of a trainer."""
    configs = [Config().patched(path, value) for value in SETTINGS[path]]
    trainer = gan1d.Trainer(configs[1])
    trainer.run(WARM_UP)
    seconds = []
    for index in range(WARM_UP + repetitions):
        start = perf_counter()
        trainer.change(configs[index % 2])
        seconds.append(perf_counter() - start)
        trainer.run(1)
    return seconds[WARM_UP:]


def messages(path: str, repetitions: int) -> tuple[list[float], list[float]]:
    """Seconds from each submission of a message to its effect, and to its answer."""
    session, viewer = Session(Config()), Viewer()
    session.submit(Join(), viewer)
    session.handle_inbox(0.0)
    trainer = session.run.trainer
    trainer.run(WARM_UP)
    changed = stamp_changes(trainer)
    effects, answers = [], []
    for index in range(WARM_UP + repetitions):
        message = Set(path=path, value=SETTINGS[path][index % 2])
        start = perf_counter()
        session.submit(message, viewer)
        session.handle_inbox(0.0)
        answers.append(perf_counter() - start)
        effects.append(changed.pop() - start)
        trainer.run(1)
    return effects[WARM_UP:], answers[WARM_UP:]


def stamp_changes(trainer: gan1d.Trainer) -> list[float]:
    """A list that will hold the time at the end of every change of the trainer."""
    stamps: list[float] = []
    change: Callable[..., dict[str, float]] = trainer.change

    def stamped(*arguments: Any, **options: Any) -> dict[str, float]:
        errors = change(*arguments, **options)
        stamps.append(perf_counter())
        return errors

    vars(trainer)["change"] = stamped
    return stamps


def table(repetitions: int) -> dict[str, dict[str, Any]]:
    """Measure every setting, and print and return its row."""
    rows: dict[str, dict[str, Any]] = {}
    for path in SETTINGS:
        effects, answers = messages(path, repetitions)
        spreads = {
            "change": Spread.of(changes(path, repetitions)),
            "effect": Spread.of(effects),
            "answer": Spread.of(answers),
        }
        rows[path] = {name: asdict(spread) for name, spread in spreads.items()}
        times = "  ".join(f"{name} {1e6 * spread.median:6.0f} µs" for name, spread in spreads.items())
        met = "met" if spreads["effect"].median <= GOAL else "missed"
        print(f"{path:36} {times}  goal {1e6 * GOAL:.0f} µs: {met}", flush=True)
    return rows


def arguments() -> argparse.Namespace:
    """The arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repetitions", type=int, default=500, help="changes of each setting")
    parser.add_argument("--core", type=int, help="the one to run on; the last one if not given")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the table to this file")
    return parser.parse_args()


def main() -> None:
    """Print the table, and write it to a file on request."""
    options = arguments()
    pin(options.core)
    rows = table(options.repetitions)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
