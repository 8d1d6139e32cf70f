"""What the diagnosis says at the end of many runs, and what it said wrongly on the way.

    python tests/bench/confusion.py
    python tests/bench/confusion.py --seeds 40 --only default --only vanishing
    python tests/bench/confusion.py --write

Each preset is run with fresh seeds, and so are settings around it: the default on the asymmetry suite of
`convergence.py`, other losses, other targets, and failures of other kinds. Losses and targets get a quarter of the
seeds. What may be said at the end is written beside each experiment before it is run. `--write` puts the table into
docs/diagnosis.md.
"""

import argparse
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import gan1d  # before numpy, which it keeps to one thread
from gan1d.checking import wilson
from gan1d.config import Config
from gan1d.diagnosis import KINDS
from gan1d.engine.trainer import Trainer
from gan1d.monitor import Monitor

try:
    from convergence import asymmetric
except ModuleNotFoundError:  # run as a module from the top of the checkout
    from tests.bench.convergence import asymmetric

DOCUMENT = Path(__file__).parents[2] / "docs" / "diagnosis.md"
FIRST_SEED = 7_000_000
"""None of these was seen while the rules were made."""
ALARMS = {kind.name for kind in KINDS if kind.severity == "warning"}
LABELS = {kind.name: kind.label for kind in KINDS}
TOLD = ("learning", "converged", "mode_collapse", "oscillating", "discriminator_won", "discriminator_weak", "diverged")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One experiment.

    Attributes:
        name: As the table has it.
        expected: What may be said at its end.
        changes: What differs from the preset it starts from.
        preset: That preset.
        steps: How long it runs.
        suite: Whether each seed breaks the symmetry in another way.
        share: Of the seeds that were asked for.
    """

    name: str
    expected: tuple[str, ...]
    changes: Mapping[str, Any] = field(default_factory=dict)
    preset: str = "default"
    steps: int = 2000
    suite: bool = False
    share: float = 1.0

    @property
    def config(self) -> Config:
        """The experiment."""
        config = gan1d.presets[self.preset].config
        for path, value in self.changes.items():
            config = config.patched(path, value)
        return config


def sgd(rate: float) -> dict[str, Any]:
    return {"kind": "sgd", "learning_rate": rate}


def adam(rate: float) -> dict[str, Any]:
    return {"kind": "adam", "learning_rate": rate, "beta1": 0.5, "beta2": 0.999}


PLAIN: dict[str, Any] = {
    "penalty": "none",
    "batch_size": 64,
    "discriminator_steps": 1,
    "generator.hidden": [16, 16],
    "generator.initialization.weights": "xavier_normal",
    "generator.initialization.random_biases": False,
    "discriminator.hidden": [16, 16],
    "discriminator.activation": "tanh",
    "discriminator.initialization.weights": "xavier_normal",
    "discriminator.initialization.random_biases": False,
}
"""Small networks and nothing that keeps D smooth."""
FAR_AWAY = PLAIN | {
    "target.modes.0.position": -1.25,
    "target.modes.1.position": 1.25,
    "target.modes.0.width": 0.4,
    "target.modes.1.width": 0.4,
    "generator.optimizer": sgd(0.05),
    "generator.initialization.output_gain": 0.3,
    "generator.initialization.output_offset": 6.0,
    "discriminator.optimizer": sgd(0.2),
    "discriminator_steps": 5,
}
"""G starts far from the data, and D has five updates to see it."""
RMSPROP = {"kind": "rmsprop", "learning_rate": 5e-4}
CLIPPED = {
    "loss": "wasserstein",
    "penalty": "none",
    "discriminator_steps": 5,
    "generator.optimizer": RMSPROP,
    "discriminator.optimizer": RMSPROP,
}
ENOUGH = 1000
"""Steps that every preset gets, even if it shows sooner what it is there to show: rules look back over 400."""

SMOOTH = {"loss": "wasserstein_gp", "loss.weight": 0.1, "penalty": "none", "discriminator_steps": 3}
WELL, SLOWLY = ("converged",), ("converged", "learning")


def of_presets() -> Iterator[Row]:
    """Each as it is."""
    for preset in gan1d.presets.values():
        yield Row(
            name=preset.name, expected=preset.diagnosis, preset=preset.name, steps=max(preset.claim.steps, ENOUGH)
        )


def healthy() -> Iterator[Row]:
    """Where no alarm may be raised at any time."""
    yield Row(name="default, asymmetric", expected=WELL, suite=True)
    yield Row(name="textbook, asymmetric", expected=SLOWLY, preset="textbook", steps=3000, suite=True, share=0.5)
    for loss, changes in {
        "minimax": {"loss": "minimax"},
        "hinge": {"loss": "hinge"},
        "least squares": {"loss": "least_squares"},
        "clipped Wasserstein": CLIPPED,
        "Wasserstein-GP": SMOOTH,
    }.items():
        yield Row(name=loss, expected=SLOWLY, changes=changes, share=0.25)
        if loss != "least squares":  # it drops a mode of an asymmetric target often enough: no alarm would be false
            yield Row(name=f"{loss}, asymmetric", expected=SLOWLY, changes=changes, suite=True, share=0.25)
    three = [{"position": x, "width": 0.4, "weight": 0.3} for x in (-3.0, 0.0, 3.0)]
    one = [{"position": 1.0, "width": 0.5, "weight": 1.0}]
    yield Row(name="three modes", expected=SLOWLY, changes={"target.modes": three}, share=0.25)
    yield Row(name="one mode", expected=SLOWLY, changes={"target.modes": one}, share=0.25)
    yield Row(name="uniform", expected=SLOWLY, changes={"target": "uniform"}, share=0.25)


def failing() -> Iterator[Row]:
    """Failures of all kinds, and one that is cured."""
    hopping = PLAIN | {
        "generator.optimizer": adam(5e-3),
        "discriminator.optimizer": adam(5e-3),
        "generator_steps": 10,
    }
    yield Row(name="mode hopping", expected=("oscillating",), changes=hopping, steps=1000)
    yield Row(name="vanishing", expected=("discriminator_won",), changes=FAR_AWAY | {"loss": "minimax"}, steps=1500)
    yield Row(name="vanishing, non-saturating", expected=SLOWLY, changes=FAR_AWAY, share=0.25)
    frozen = {"generator.optimizer": adam(1e-2), "discriminator.optimizer": adam(1e-5)}
    yield Row(name="D hardly learns", expected=("discriminator_weak",), changes=PLAIN | frozen)
    rates = {"generator.optimizer.learning_rate": 1e-2, "discriminator.optimizer.learning_rate": 1e-5}
    yield Row(name="the default's D hardly learns", expected=("discriminator_weak",), changes=rates, share=0.5)
    slow = {"discriminator.optimizer.learning_rate": 1e-4}
    yield Row(name="the textbook's D hardly learns", expected=("discriminator_weak",), changes=slow, preset="textbook")
    wild = PLAIN | {"generator.optimizer": sgd(2.0), "discriminator.optimizer": sgd(2.0)}
    wild |= {"discriminator.activation": "leaky_relu", "discriminator.initialization.weights": "auto"}
    yield Row(name="far too fast", expected=("diverged",), changes=wild, steps=600, share=0.5)
    cure = {"penalty": "r1"}
    yield Row(
        name="mode collapse, cured by R1", expected=WELL, changes=cure, preset="mode_collapse", steps=3000, share=0.25
    )


ROWS = (*of_presets(), *healthy(), *failing())


def play(seed: int, row: Row) -> tuple[str, set[str]]:
    """What is said at the end of one run, and which alarms were raised at any time."""
    config = asymmetric(row.config, seed) if row.suite else row.config.patched("seed", seed)
    trainer = Trainer(config)
    monitor, raised = Monitor(trainer), set[str]()
    while trainer.step_count < row.steps and trainer.diverged is None:
        monitor.run(25)
        raised |= ALARMS & {monitor.kind.name}
    return monitor.kind.name, raised


def line(row: Row, outcomes: list[tuple[str, set[str]]]) -> str:
    """A row of the table."""
    said = Counter(end for end, _ in outcomes)
    right = sum(said[name] for name in row.expected)
    low = wilson(right, len(outcomes))[0]
    wrong = Counter(name for _, raised in outcomes for name in raised if name not in row.expected)
    alarms = ", ".join(f"{LABELS[name]} {count}" for name, count in sorted(wrong.items())) or "–"
    cells = [
        row.name,
        " or ".join(LABELS[name] for name in row.expected),
        f"{right}/{len(outcomes)} (≥ {low:.1%})",
        *(f"**{said[name]}**" if name in row.expected and said[name] else str(said[name] or "") for name in TOLD),
        alarms,
    ]
    return f"| {' | '.join(cells)} |"


def head() -> list[str]:
    """The first two lines of the table."""
    names = ["run", "should say", "says so", *(LABELS[name] for name in TOLD), "other alarms on the way"]
    return [f"| {' | '.join(names)} |", f"|{'---|' * len(names)}"]


def asked() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=400)
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED, help="so that they are fresh")
    parser.add_argument("--only", action="append", metavar="ROW", help="the name of a row; may be repeated")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="put the table into docs/diagnosis.md")
    return parser.parse_args()


def main() -> None:
    """Run all rows, and print the table as it grows."""
    options = asked()
    wanted = [row for row in ROWS if options.only is None or row.name in options.only]
    table = head()
    print(*table, sep="\n", flush=True)
    with ProcessPoolExecutor(options.workers) as pool:
        for row in wanted:
            seeds = range(options.first_seed, options.first_seed + max(1, round(row.share * options.seeds)))
            table.append(line(row, list(pool.map(partial(play, row=row), seeds, chunksize=4))))
            print(table[-1], flush=True)
    if options.write:
        text = DOCUMENT.read_text("utf-8")
        filled = "\n".join(["<!-- table -->", *table, "<!-- /table -->"])
        DOCUMENT.write_text(
            re.sub(r"<!-- table -->.*<!-- /table -->", lambda _: filled, text, flags=re.DOTALL), "utf-8"
        )


if __name__ == "__main__":
    main()
