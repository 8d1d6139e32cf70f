"""Rates of the gallery's claims, written into docs/gallery.md.

    python benchmarks/gallery.py --write docs/gallery.md
    python benchmarks/gallery.py --write docs/gallery.md --only hinge many_modes --seeds 400
    python benchmarks/gallery.py --only default --suite
    python benchmarks/gallery.py --keep runs.jsonl --seeds 100

Each row is written as soon as it is measured; other rows stay. With `--keep` each run becomes a line of a file, and
runs that are already in it are not repeated, so that a long measurement may be stopped and continued.
`gan1d run --check` measures one preset in the same way.
"""

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gan1d
from benchmarks.convergence import asymmetric
from gan1d.cli import check
from gan1d.config.model import Config
from gan1d.gallery.criteria import Balanced, Claim

UNHELPFUL: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "r2": ("R2, γ = 1", {"penalty": {"kind": "r2", "gamma": 1.0}}),
    "weak_r1": ("R1, γ = .1", {"penalty": {"kind": "r1", "gamma": 0.1}}),
    "least_squares": ("least squares", {"loss": "least_squares"}),
    "hinge": ("hinge", {"loss": "hinge"}),
    "minimax": ("minimax", {"loss": "minimax"}),
    "smoothing": ("labels of .8 and .2", {"loss.real_label": 0.8, "loss.fake_label": 0.2}),
    "little_noise": (
        "instance noise of 1, half-life 300 steps",
        {"instance_noise.deviation": 1.0, "instance_noise.half_life": 300.0},
    ),
    "unrolled": (
        "unrolled five steps ahead",
        {"generator.lookahead": {"kind": "unrolled", "steps": 5, "learning_rate": 0.2}},
    ),
    "history": ("historical averaging of G, .1", {"generator.historical_averaging": 0.1}),
    "weight_decay": ("weight decay of D, .1", {"discriminator.weight_decay": 0.1}),
    "batch": ("batches of 1024", {"batch_size": 1024}),
}
"""Other changes that were tried on the collapse: key → label in the table, and changes."""

BLOCK = 32
"""Runs between two additions to the file of runs."""

SUITE = ("default", "textbook", "wgan", "wgan_gp", "least_squares", "hinge")

HEADS = {
    "presets": "| preset | what it shows | seeds | rate | half by | 95 % by | not with |",
    "suite": "| preset | by step | seeds | rate | half by | 95 % by | not with |",
    "unhelpful": "| instead | seeds | rate | half by |",
}


def claim_of(name: str) -> Claim:
    """The claim of a preset."""
    return gan1d.presets[name].claim


def numbers(rate: check.SuccessRate) -> list[str]:
    """Cells of a rate: hits of seeds, interval, and the steps by which half of them and 95 % had met the claim."""
    low, high = rate.interval
    times = [str(time) if (time := rate.by(percent)) is not None else "–" for percent in (50, 95)]
    return [f"{rate.hits}/{len(rate.seeds)}", f"{low:.1%} to {high:.1%}", *times]


def exceptions(rate: check.SuccessRate) -> str:
    """The seeds that missed the claim, the first few by number."""
    return ", ".join(map(str, rate.missed[:4])) + (", …" if len(rate.missed) > 4 else "")


def put(path: Path | None, table: str, cells: list[str]) -> None:
    """Print a row, and write it into its table, where it replaces the row with the same first cell."""
    line = f"| {' | '.join(cells)} |"
    print(line, flush=True)
    if path is None:
        return
    text = path.read_text("utf-8")
    begin, end = f"<!-- {table} -->\n", f"<!-- /{table} -->"
    before, rest = text.split(begin)
    old, after = rest.split(end)
    lines = {first_cell(row): row for row in old.splitlines()[2:]} | {cells[0]: line}
    order = ordered(table)
    body = [lines[name] for name in order if name in lines]
    ruler = re.sub(r"[^|]+", "---", HEADS[table])
    path.write_text(before + begin + "\n".join([HEADS[table], ruler, *body, ""]) + end + after, "utf-8")


def first_cell(row: str) -> str:
    """The first cell of a row, which identifies it."""
    return row.split("|")[1].strip()


def ordered(table: str) -> list[str]:
    """First cells of a table in their order; rows with other first cells are dropped."""
    if table == "unhelpful":
        return [label for label, _ in UNHELPFUL.values()]
    return [f"`{name}`" for name in gan1d.presets]


def on_suite(seeds: Sequence[int], *, config: Config, claim: Claim) -> list[int | None]:
    """Run some seeds on the asymmetry suite."""
    return [check.run_seed(seed, config=asymmetric(config, seed), claim=claim) for seed in seeds]


def kept(path: Path | None) -> dict[tuple[str, int], int | None]:
    """The steps in a file of runs, by row and seed."""
    lines = path.read_text("utf-8").splitlines() if path is not None and path.exists() else []
    return {(run["row"], run["seed"]): run["step"] for run in map(json.loads, lines)}


def measure(
    row: str, config: Config, claim: Claim, given: argparse.Namespace, runner: check.BlockRunner = check.run_block
) -> check.SuccessRate:
    """The rate of a claim, from the runs that are kept and from new ones, which are added to them."""
    seeds, known = range(given.first_seed, given.first_seed + given.seeds), kept(given.keep)
    missing = [seed for seed in seeds if (row, seed) not in known]
    for start in range(0, len(missing), BLOCK):
        block: Sequence[int] = missing[start : start + BLOCK]
        rate = check.measure_rate(config, claim, block, sys.stderr, given.workers, runner)
        for seed, step in zip(block, rate.found, strict=True):
            known[row, seed] = step
            if given.keep is not None:
                with given.keep.open("a", encoding="utf-8") as file:
                    file.write(json.dumps({"row": row, "seed": seed, "step": step}) + "\n")
    return check.SuccessRate(seeds=seeds, found=[known[row, seed] for seed in seeds])


def parse_arguments() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", type=Path, metavar="FILE", help="the document whose rows are to be replaced")
    parser.add_argument("--only", nargs="+", choices=[*gan1d.presets, *UNHELPFUL], metavar="NAME")
    parser.add_argument("--suite", action="store_true", help="on the asymmetry suite")
    parser.add_argument("--unhelpful", action="store_true", help="what does not cure the collapse")
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--first-seed", type=int, default=check.FIRST_FRESH_SEED)
    parser.add_argument("--workers", type=int, default=0, help="0 for one per core")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="file of runs, a line each")
    return parser.parse_args()


def main() -> None:
    """Measure the chosen rows."""
    given = parse_arguments()
    if given.unhelpful:
        collapse = gan1d.presets["mode_collapse"].config
        for key in given.only or UNHELPFUL:
            label, changes = UNHELPFUL[key]
            config = collapse
            for path, value in changes.items():
                config = config.patched(path, value)
            claim = replace(claim_of("mode_collapse"), shows=Balanced(), by=1500, steps=1500)
            rate = measure(f"unhelpful {key}", config, claim, given)
            put(given.write, "unhelpful", [label, *numbers(rate)[:3]])
        return
    for name in given.only or (SUITE if given.suite else gan1d.presets):
        claim, config = claim_of(name), gan1d.presets[name].config
        runner = on_suite if given.suite else check.run_block
        rate = measure(f"{name}, asymmetric" if given.suite else name, config, claim, given, runner)
        cells = [str(claim.by)] if given.suite else [claim.words]
        put(given.write, "suite" if given.suite else "presets", [f"`{name}`", *cells, *numbers(rate), exceptions(rate)])


if __name__ == "__main__":
    main()
