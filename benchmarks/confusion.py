"""Confusion table of the diagnosis: the diagnosis at the end of many runs, and false alarms on the way.

    python -m benchmarks.confusion
    python -m benchmarks.confusion --seeds 40 --only default --only vanishing
    python -m benchmarks.confusion --write
    python -m benchmarks.confusion --keep runs.jsonl

Each preset is run with fresh seeds, and so are other experiments: the default on the asymmetry suite of
`convergence.py`, other losses, other targets, and failures of other kinds. The presets that fail get all the seeds,
others a half to an eighth of them. The diagnoses expected at the end are stated with each experiment. A run of a preset
that does not meet the preset's own claim is no test of the expected diagnosis, so it is counted separately. `--write`
replaces the rows in docs/diagnosis.md. With `--keep` each run becomes a line of a file, and runs that are already in it
are not repeated: a long measurement may be stopped, or made in parts whose files are concatenated.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from benchmarks import document_tables
from benchmarks.convergence import asymmetric
from benchmarks.scenarios import ROWS, Row
from gan1d.diagnosis.features import OBSERVE_EVERY, Features
from gan1d.diagnosis.kinds import KINDS, UNTRAINED
from gan1d.diagnosis.monitor import Monitor
from gan1d.diagnosis.trajectory import Trajectory
from gan1d.engine.training.trainer import Trainer
from gan1d.gallery.rates import wilson

DOCUMENT = Path(__file__).parents[1] / "docs" / "diagnosis.md"
FIRST_SEED = 7_000_000
"""First of the seeds that were not used to make the rules."""
ALARMS = {kind.name for kind in KINDS if kind.severity == "warning"}
LABELS = {kind.name: kind.label for kind in KINDS}
SHOWN = tuple(kind.name for kind in KINDS if kind is not UNTRAINED)
"""Kinds that have a column, if some run ended with them."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Outcome of one run.

    Attributes:
        row: Name of its experiment.
        seed: Its seed.
        end: Diagnosis at its end.
        raised: Warnings that were raised at any time.
        as_claimed: Whether it met the preset's claim.
        seconds: Processor time.
    """

    row: str
    seed: int
    end: str
    raised: Sequence[str]
    as_claimed: bool
    seconds: float


def play(seed: int, row: Row) -> Outcome:
    """Make one run and diagnose it."""
    begun = time.process_time()
    config = asymmetric(row.config, seed) if row.suite else row.config.patched("seed", seed)
    trainer = Trainer(config)
    monitor, raised, observations = Monitor(trainer), set[str](), list[Features]()
    while trainer.step_count < row.steps and trainer.diverged is None:
        monitor.run(OBSERVE_EVERY)
        raised |= ALARMS & {monitor.kind.name}
        if monitor.window is not None and (row.claim is None or trainer.step_count <= row.claim.steps):
            observations.append(monitor.window.now)
    diverged = None if trainer.diverged is None else trainer.diverged.step
    trajectory = Trajectory(observations=observations, modes=monitor.feature_extractor.modes, diverged=diverged)
    return Outcome(
        row=row.name,
        seed=seed,
        end=monitor.kind.name,
        raised=sorted(raised),
        as_claimed=row.claim is None or row.claim.met(trajectory) is not None,
        seconds=round(time.process_time() - begun, 3),
    )


def line(row: Row, outcomes: Sequence[Outcome]) -> str:
    """A row of the table."""
    runs = [outcome for outcome in outcomes if outcome.as_claimed]
    ends = Counter(run.end for run in runs)
    right = sum(ends[name] for name in row.expected)
    wrong = Counter(name for run in runs for name in run.raised if name not in row.expected)
    others = Counter(outcome.end for outcome in outcomes if not outcome.as_claimed)
    cells = [
        row.name,
        " or ".join(LABELS[name] for name in row.expected),
        f"{right}/{len(runs)} (≥ {wilson(right, len(runs))[0]:.1%})" if runs else "–",
        *(f"**{ends[name]}**" if name in row.expected and ends[name] else str(ends[name] or "") for name in SHOWN),
        listed(wrong) or "–",
        listed(others),
    ]
    return document_tables.line(cells)


def listed(counts: Mapping[str, int]) -> str:
    """Number of runs of each kind, as text."""
    return ", ".join(f"{LABELS[name]} {count}" for name, count in sorted(counts.items()))


HEAD = (
    "run",
    "should say",
    "says so",
    *(LABELS[name] for name in SHOWN),
    "other alarms on the way",
    "not as claimed",
)


def parse_arguments() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=400)
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED, help="first of the seeds")
    parser.add_argument("--only", action="append", metavar="ROW", help="the name of a row; may be repeated")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path, metavar="FILE", help="file of runs, a line each")
    parser.add_argument("--write", action="store_true", help="replace the rows in docs/diagnosis.md")
    return parser.parse_args()


def kept(path: Path | None) -> dict[tuple[str, int], Outcome]:
    """The runs in a file, by row and seed."""
    lines = path.read_text("utf-8").splitlines() if path is not None and path.exists() else []
    found = [Outcome(**json.loads(text)) for text in lines]
    return {(outcome.row, outcome.seed): outcome for outcome in found}


def write(row: Row, text: str) -> None:
    """Replace a row of the table in the document."""
    document_tables.put_rows(DOCUMENT, "table", HEAD, {row.name: text}, [each.name for each in ROWS])


def main() -> None:
    """Run all rows, and print the table as it grows."""
    options = parse_arguments()
    known = kept(options.keep)
    print(document_tables.line(HEAD), flush=True)
    with ProcessPoolExecutor(options.workers) as pool:
        for row in ROWS:
            if options.only is not None and row.name not in options.only:
                continue
            count = max(1, round(row.share * options.seeds))
            seeds = range(options.first_seed, options.first_seed + count)
            for outcome in pool.map(partial(play, row=row), [s for s in seeds if (row.name, s) not in known]):
                known[row.name, outcome.seed] = outcome
                if options.keep is not None:
                    with options.keep.open("a", encoding="utf-8") as file:
                        file.write(json.dumps(asdict(outcome)) + "\n")
            outcomes = [known[row.name, seed] for seed in seeds]
            text = line(row, outcomes)
            print(text, flush=True)
            if options.write:
                write(row, text)
            print(f"{sum(o.seconds for o in outcomes) / count:.2f} s a run", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
