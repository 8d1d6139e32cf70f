"""Measure what the gallery says of itself, and write it down.

    python benchmarks/gallery.py --write docs/gallery.md
    python benchmarks/gallery.py --write docs/gallery.md --only hinge many_modes --seeds 400
    python benchmarks/gallery.py --only default --suite

Each row is written as soon as it is measured; rows that are not measured stay as they are. `gan1d run --check` measures
one preset in the same way.
"""

import argparse
import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import gan1d
from benchmarks.convergence import asymmetric
from gan1d.cli import check
from gan1d.config.model import Config
from gan1d.gallery.criteria import Claim, Covered

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
"""What was tried on the collapse, too: key → how the table calls it, and what it changes."""

SUITE = ("default", "textbook", "wgan", "wgan_gp", "least_squares", "hinge")

HEADS = {
    "presets": "| preset | what it shows | seeds | rate | half by | 95 % by | not with |",
    "suite": "| preset | by step | seeds | rate | half by | 95 % by | not with |",
    "unhelpful": "| instead | seeds | rate | half by |",
}


def claim_of(name: str) -> Claim:
    """What is asked of a preset."""
    return gan1d.presets[name].claim


def numbers(rate: check.SuccessRate) -> list[str]:
    """hits of seeds, interval, and the steps by which half of them and 95 % had shown it."""
    low, high = rate.interval
    times = [str(time) if (time := rate.by(percent)) is not None else "–" for percent in (50, 95)]
    return [f"{rate.hits}/{len(rate.seeds)}", f"{low:.1%} to {high:.1%}", *times]


def exceptions(rate: check.SuccessRate) -> str:
    """The seeds that did not show it, a few of them by name."""
    return ", ".join(map(str, rate.missed[:4])) + (", …" if len(rate.missed) > 4 else "")


def put(path: Path | None, table: str, cells: list[str]) -> None:
    """Print a row, and write it into its table: in place of the row with the same first cell, or as one more."""
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
    """What tells a row from others."""
    return row.split("|")[1].strip()


def ordered(table: str) -> list[str]:
    """First cells of a table, as they follow each other; a row of anything else is dropped."""
    if table == "unhelpful":
        return [label for label, _ in UNHELPFUL.values()]
    return [f"`{name}`" for name in gan1d.presets]


def on_suite(seed: int, *, config: Config, claim: Claim) -> int | None:
    """The same question with the symmetry broken."""
    return check.run_seed(seed, config=asymmetric(config, seed), claim=claim)


def asked() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", type=Path, metavar="FILE", help="the document whose rows are to be replaced")
    parser.add_argument("--only", nargs="+", choices=[*gan1d.presets, *UNHELPFUL], metavar="NAME")
    parser.add_argument("--suite", action="store_true", help="on the asymmetry suite")
    parser.add_argument("--unhelpful", action="store_true", help="what does not cure the collapse")
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--first-seed", type=int, default=check.FRESH)
    parser.add_argument("--workers", type=int, default=0, help="0 for one per core")
    return parser.parse_args()


def main() -> None:
    """Measure the rows that are asked for."""
    given = asked()
    seeds = range(given.first_seed, given.first_seed + given.seeds)
    if given.unhelpful:
        collapse = gan1d.presets["mode_collapse"].config
        for key in given.only or UNHELPFUL:
            label, changes = UNHELPFUL[key]
            config = collapse
            for path, value in changes.items():
                config = config.patched(path, value)
            claim = replace(claim_of("mode_collapse"), shows=Covered(), by=1500, steps=1500)
            rate = check.measure_rate(config, claim, seeds, sys.stderr, given.workers)
            put(given.write, "unhelpful", [label, *numbers(rate)[:3]])
        return
    for name in given.only or (SUITE if given.suite else gan1d.presets):
        claim, config = claim_of(name), gan1d.presets[name].config
        run_one = on_suite if given.suite else check.run_seed
        rate = check.measure_rate(config, claim, seeds, sys.stderr, given.workers, run_one)
        cells = [str(claim.by)] if given.suite else [claim.words]
        put(given.write, "suite" if given.suite else "presets", [f"`{name}`", *cells, *numbers(rate), exceptions(rate)])


if __name__ == "__main__":
    main()
