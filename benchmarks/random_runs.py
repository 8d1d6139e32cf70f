"""How often the diagnosis is right, and how early, on random experiments.

    python -m benchmarks.random_runs --population ordinary --runs 1000 --file ordinary.jsonl
    python -m benchmarks.random_runs --population measuring --runs 1000 --file measuring.jsonl --write

Each run is drawn from its seed (`random_configs.py`), recorded (`recordings.py`) and judged by an oracle that knows how
it ends (`oracle.py`). Recordings are appended to the file, and those that are in it are not made again: a measurement
may be stopped, and its runs are judged anew after a change of the rules. `--write` puts the tables into
docs/diagnosis.md. A run takes about half a second on an idle machine, and 40 kB.
"""

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gan1d.diagnosis.kinds import KINDS
from gan1d.gallery.rates import wilson

try:
    from judging import SUSPECTS, Delay, Suspicion, delays, failures_while_falling, replayed, said_and_seen, suspicions
    from oracle import ORDER, Eye
    from random_configs import POPULATIONS, Population, draw_config
    from recordings import Recording, record, recordings, to_line
except ModuleNotFoundError:  # run as a module from the top of the checkout
    from benchmarks.judging import (
        SUSPECTS,
        Delay,
        Suspicion,
        delays,
        failures_while_falling,
        replayed,
        said_and_seen,
        suspicions,
    )
    from benchmarks.oracle import ORDER, Eye
    from benchmarks.random_configs import POPULATIONS, Population, draw_config
    from benchmarks.recordings import Recording, record, recordings, to_line

DOCUMENT = Path(__file__).parents[1] / "docs" / "diagnosis.md"
LABELS = {kind.name: kind.label for kind in KINDS}
IN_TIME = 100
"""Largest delay of a diagnosis that is in time, in steps."""


@dataclass(frozen=True)
class Judgement:
    """One run, judged.

    Attributes:
        seed: Its seed.
        said: The diagnosis at the end.
        seen: The state that the oracle sees at the end.
        accepted: All diagnoses that the oracle accepts there.
        delays: How late each lasting state was recognized.
        failures_while_falling: Steps at which a failure was diagnosed while the error fell.
        suspicions: Suspicions that were raised.
    """

    seed: int
    said: str
    seen: str
    accepted: set[str]
    delays: Sequence[Delay]
    failures_while_falling: Sequence[int]
    suspicions: Sequence[Suspicion]

    @property
    def is_right(self) -> bool:
        """Whether the diagnosis at the end is one of those accepted."""
        return self.said in self.accepted


def judge(recording: Recording) -> Judgement:
    """Diagnose a recorded run, and judge that."""
    eye, verdicts = Eye(recording), replayed(recording)
    return Judgement(
        recording.seed,
        *said_and_seen(recording, eye, verdicts),
        tuple(delays(eye, verdicts)),
        failures_while_falling(eye, verdicts),
        tuple(suspicions(verdicts)),
    )


def record_missing(population: Population, seeds: Iterable[int], path: Path) -> None:
    """Append the recordings that a file lacks."""
    done = set[int]()
    if path.exists():
        with path.open(encoding="utf-8") as file:
            done = {json.loads(line)["seed"] for line in file}
    for seed in seeds:
        if seed not in done:
            line = to_line(record(*draw_config(population, seed)))
            with path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
            print(seed, end="\r", file=sys.stderr, flush=True)


# Tables ---------------------------------------------------------------------------------------------------------------


def confusion(judgements: Sequence[Judgement]) -> list[str]:
    """Lines of the confusion table: a row for each state that the oracle sees, a column for each diagnosis."""
    counts = Counter((each.seen, each.said, each.is_right) for each in judgements)
    said = [name for name in LABELS if any(each.said == name for each in judgements)]
    lines = [f"| seen | runs | right | {' | '.join(LABELS[name] for name in said)} |", f"|{'---|' * (len(said) + 3)}"]
    for seen in sorted({each.seen for each in judgements}, key=ORDER.index):
        part = [each for each in judgements if each.seen == seen]
        right = sum(each.is_right for each in part)
        cells = [
            " + ".join(
                f"**{count}**" if is_right else str(count)
                for is_right in (True, False)
                if (count := counts[seen, name, is_right])
            )
            for name in said
        ]
        lines.append(f"| {LABELS[seen]} | {len(part)} | {right} | {' | '.join(cells)} |")
    return lines


def timing(judgements: Sequence[Judgement]) -> list[str]:
    """Lines of the table of delays."""
    found = [delay for each in judgements for delay in each.delays]
    lines = [
        "| seen | times | certain in time | certain: median, 90 %, worst | first word: median, 90 %, worst | never |",
        f"|{'---|' * 6}",
    ]
    rows = [(LABELS[name], [each for each in found if each.kind == name]) for name in ORDER]
    for label, part in [*rows, ("all", found)]:
        if part:
            certain = [each.certain for each in part if each.certain is not None]
            in_time = sum(delay <= IN_TIME for delay in certain)
            words = [each.first_word for each in part if each.first_word is not None]
            never = len(part) - len(certain)
            cells = (label, len(part), in_time, spread(certain), spread(words), never or "")
            lines.append(f"| {' | '.join(map(str, cells))} |")
    return lines


def spread(steps: Sequence[int]) -> str:
    """Median, nine tenths and largest of some numbers of steps."""
    if not steps:
        return ""
    return ", ".join(f"{round(value):d}".replace("-", "−") for value in np.percentile(steps, [50, 90, 100]))


def summary(population: Population, judgements: Sequence[Judgement]) -> list[str]:
    """Sentences with the totals."""
    count, right = len(judgements), sum(each.is_right for each in judgements)
    only = [each for each in judgements if len(each.accepted - set(SUSPECTS)) == 1]
    words = sum(each.is_right and each.said in SUSPECTS for each in judgements)
    low, high = wilson(right, count)
    falling = [each for each in judgements if each.failures_while_falling]
    first, last = min(each.seed for each in judgements), max(each.seed for each in judgements)
    steps, observed = sum(len(each.failures_while_falling) for each in falling), len(falling)
    raised = [each for judgement in judgements for each in judgement.suspicions]
    true = sum(each.is_true for each in raised)
    return [
        f"Of {count} runs of the population `{population.name}`, seeds {first} to {last}, {right} were "
        f"diagnosed rightly at their end ({right / count:.1%}, 95 % interval {low:.1%} to {high:.1%}), {words} of them "
        f"by a suspicion; of the {len(only)} in which the oracle accepts a single diagnosis, "
        f"{sum(each.is_right for each in only)} were.",
        f"A failure was diagnosed while the error fell in {observed} runs, at {steps} observations together.",
        f"Of {len(raised)} suspicions {true} came true within 500 steps, as a failure or a standstill.",
    ]


def report(population: Population, judgements: Sequence[Judgement]) -> list[str]:
    """All lines of the report, as Markdown."""
    return [*summary(population, judgements), "", *confusion(judgements), "", *timing(judgements)]


def write(name: str, lines: Iterable[str]) -> None:
    """Put the report of a population into the document."""
    filled = "\n".join([f"<!-- {name} -->", *lines, f"<!-- /{name} -->"])
    text = DOCUMENT.read_text("utf-8")
    pattern = f"<!-- {name} -->.*<!-- /{name} -->"
    DOCUMENT.write_text(re.sub(pattern, lambda _: filled, text, flags=re.DOTALL), "utf-8")


def main() -> None:
    """Record, judge and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--population", choices=list(POPULATIONS), default="measuring")
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--skip", type=int, default=0, help="number of runs to leave out before these")
    parser.add_argument("--file", type=Path, required=True, help="recordings, a line each")
    parser.add_argument("--wrong", action="store_true", help="list the runs that are diagnosed wrongly")
    parser.add_argument("--write", action="store_true", help="put the report into docs/diagnosis.md")
    options = parser.parse_args()
    population = POPULATIONS[options.population]
    first = population.first_seed + options.skip
    wanted = range(first, first + options.runs)
    record_missing(population, wanted, options.file)
    judgements = [judge(each) for each in recordings(options.file) if each.seed in wanted]
    lines = report(population, judgements)
    print(*lines, sep="\n")
    if options.wrong:
        for each in judgements:
            if not each.is_right:
                print(each.seed, each.said, "but seen:", each.seen, "accepted:", *sorted(each.accepted))
    if options.write:
        write(population.name, lines)


if __name__ == "__main__":
    main()
