"""What becomes of the gallery's claims on fresh seeds, for the texts of the presets and for docs/gallery.md.

    python -m benchmarks.gallery --write
    python -m benchmarks.gallery --write --only hinge many_modes --seeds 400
    python -m benchmarks.gallery --write --keep runs/
    python -m benchmarks.gallery --suite
    python -m benchmarks.gallery --unhelpful --write

With `--write`, the outcomes of a preset replace its row in gan1d/gallery/measured.json, and with them the numbers in
its text, and each table row in the document is replaced as soon as it is measured. A preset whose settings or claims
have changed has to be measured again; tests fail until it is. With `--keep` each run becomes a line of a file in a
folder, and runs that are already there are not repeated, so that a long measurement may be stopped and continued.
`gan1d run --check` measures one claim in the same way.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import gan1d
from benchmarks.convergence import asymmetric
from benchmarks.document_tables import line, put_rows
from gan1d.cli import check
from gan1d.cli.check import Found
from gan1d.cli.console import ProgressBar
from gan1d.config.model import Config
from gan1d.gallery.criteria import Balanced, Claim
from gan1d.gallery.preset import MEASURED, Preset, read_rates
from gan1d.gallery.rates import SuccessRate

DOCUMENT = Path(__file__).parents[1] / "docs" / "gallery.md"
FIRST_SEED = 9_000_000
"""Neither the settings of the presets nor the rules of the diagnosis were chosen with seeds from here on."""
EARLY_STEPS = 10
"""Steps of the run whose losses identify what was measured."""
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

CURED = Claim(shows=Balanced(), by=1500, steps=1500)
"""A run in which the collapse does not last."""

SUITE = ("default", "textbook", "wgan", "wgan_gp", "least_squares", "hinge")

HEADS = {
    "presets": ("claim", "what it shows", "seeds", "rate", "half by", "95 % by", "not with"),
    "suite": ("preset", "by step", "seeds", "rate", "half by", "95 % by", "not with"),
    "unhelpful": ("instead", "seeds", "rate", "half by"),
}


# Runs -----------------------------------------------------------------------------------------------------------------


def run_all(row: str, configs: Sequence[Config], claims: Sequence[Claim], given: argparse.Namespace) -> list[Found]:
    """Steps at which runs meet each claim: runs that are kept, and new ones, which are added to them.

    Args:
        row: Name of the file of runs.
        configs: Settings of the runs, all alike but for what a seed decides.
        claims: What to find.
        given: Options of the command.
    """
    file: Path | None = given.keep and given.keep / f"{row}.jsonl"
    known = kept_runs(file, configs, claims)
    missing = [config for config in configs if config.seed not in known]
    bar = ProgressBar(sys.stderr, len(configs))
    for config, found in check.run_all(missing, claims, given.workers) if missing else ():
        known[config.seed] = found
        if file is not None:
            keep_run(file, config, claims, found)
        bar.update(len(known), f"{row}: {len(known)} of {len(configs)} runs")
    bar.close()
    return [known[config.seed] for config in configs]


def keep_run(file: Path, config: Config, claims: Sequence[Claim], found: Found) -> None:
    """Add a run to a file."""
    steps = dict(zip((claim.words for claim in claims), found, strict=True))
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps({"config": config.model_dump(mode="json"), "found": steps}) + "\n")


def kept_runs(file: Path | None, configs: Sequence[Config], claims: Sequence[Claim]) -> dict[int, Found]:
    """The runs in a file with these settings and claims, by seed."""
    wanted, words, found = {config.seed: config for config in configs}, [claim.words for claim in claims], {}
    lines = file.read_text("utf-8").splitlines() if file is not None and file.exists() else []
    for run in map(json.loads, lines):
        config = Config.parsed(run["config"])
        if wanted.get(config.seed) == config and run["found"].keys() >= set(words):
            found[config.seed] = [run["found"][each] for each in words]
    return found


# Presets --------------------------------------------------------------------------------------------------------------


def early_losses(config: Config) -> list[float]:
    """Losses of D and G after a few steps, by which a later version recognizes what was measured.

    In float64, in which they agree to many digits on every processor: in float32 another order of a sum changes the
    losses of some presets by a tenth within ten steps.
    """
    trainer = gan1d.Trainer(config, np.float64)
    trainer.run(EARLY_STEPS)
    return [round(float(loss), 6) for loss in (trainer.report.loss_d, trainer.report.loss_g)]


def measured_row(preset: Preset, first_seed: int, runs: Sequence[Found]) -> dict[str, Any]:
    """The outcomes of all claims of a preset, as they stand in measured.json."""
    return {
        "first_seed": first_seed,
        "config": preset.config.model_dump(mode="json"),
        "early_losses": early_losses(preset.config),
        "claims": {
            name: {"words": claim.words, "found": [found[index] for found in runs]}
            for index, (name, claim) in enumerate(preset.claims.items())
        },
    }


def write_measured(name: str, row: Mapping[str, Any]) -> None:
    """Replace the row of a preset in measured.json, which has one line for each."""
    rows = json.loads(MEASURED.read_text("utf-8")) | {name: row}
    lines = [f"{json.dumps(name)}: {json.dumps(rows[name])}" for name in gan1d.presets if name in rows]
    MEASURED.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


# Tables ---------------------------------------------------------------------------------------------------------------


def numbers(rate: SuccessRate) -> list[str]:
    """Cells of a rate: hits of seeds, interval, and the steps by which half of them and 95 % had met the claim."""
    low, high = rate.interval
    times = [str(time) if (time := rate.by(percent)) is not None else "–" for percent in (50, 95)]
    return [f"{rate.hits}/{len(rate.seeds)}", f"{low:.1%} to {high:.1%}", *times]


def exceptions(rate: SuccessRate) -> str:
    """The seeds that missed the claim, the first few by number."""
    return ", ".join(map(str, rate.missed[:4])) + (", …" if len(rate.missed) > 4 else "")


def preset_cells(name: str, key: str, rate: SuccessRate) -> list[str]:
    """A row of the table of presets: a claim and its rate."""
    return [f"`{name}`: {key}", gan1d.presets[name].claims[key].words, *numbers(rate), exceptions(rate)]


def put(table: str, cells: list[str], is_written: bool) -> None:
    """Print a row, and write it into its table, where it replaces the row with the same first cell."""
    print(line(cells), flush=True)
    if is_written:
        put_rows(DOCUMENT, table, HEADS[table], {cells[0]: line(cells)}, ordered(table))


def ordered(table: str) -> list[str]:
    """First cells of a table in their order; rows with other first cells are dropped."""
    if table == "unhelpful":
        return [label for label, _ in UNHELPFUL.values()]
    if table == "suite":
        return [f"`{name}`" for name in gan1d.presets]
    return [f"`{preset.name}`: {key}" for preset in gan1d.presets.values() for key in preset.claims]


# Commands -------------------------------------------------------------------------------------------------------------


def measure_presets(given: argparse.Namespace) -> None:
    """Measure all claims of the chosen presets."""
    for name in given.only or gan1d.presets:
        preset = gan1d.presets[name]
        configs = [preset.config.patched("seed", seed) for seed in seeds_of(given)]
        row = measured_row(preset, given.first_seed, run_all(name, configs, [*preset.claims.values()], given))
        if given.write:
            write_measured(name, row)
        for key, rate in read_rates(row).items():
            put("presets", preset_cells(name, key, rate), given.write)


def measure_suite(given: argparse.Namespace) -> None:
    """Measure what the healthy presets are for, on the asymmetry suite."""
    for name in given.only or SUITE:
        claim, config = gan1d.presets[name].claim, gan1d.presets[name].config
        configs = [asymmetric(config, seed) for seed in seeds_of(given)]
        rate = rate_of(claim, f"{name}, asymmetric", configs, given)
        put("suite", [f"`{name}`", str(claim.by), *numbers(rate), exceptions(rate)], given.write)


def measure_unhelpful(given: argparse.Namespace) -> None:
    """Measure how often other changes cure the collapse."""
    for key in given.only or UNHELPFUL:
        label, changes = UNHELPFUL[key]
        config = gan1d.presets["mode_collapse"].config
        for path, value in changes.items():
            config = config.patched(path, value)
        configs = [config.patched("seed", seed) for seed in seeds_of(given)]
        rate = rate_of(CURED, f"unhelpful {key}", configs, given)
        put("unhelpful", [label, *numbers(rate)[:3]], given.write)


def rate_of(claim: Claim, row: str, configs: Sequence[Config], given: argparse.Namespace) -> SuccessRate:
    """The rate of one claim."""
    found = [steps[0] for steps in run_all(row, configs, [claim], given)]
    return SuccessRate(seeds=[config.seed for config in configs], found=found)


def seeds_of(given: argparse.Namespace) -> range:
    """Seeds of the command."""
    return range(given.first_seed, given.first_seed + given.seeds)


def parse_arguments() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="replace the rows in measured.json and docs/gallery.md")
    parser.add_argument("--only", nargs="+", choices=[*gan1d.presets, *UNHELPFUL], metavar="NAME")
    parser.add_argument("--suite", action="store_true", help="on the asymmetry suite")
    parser.add_argument("--unhelpful", action="store_true", help="what does not cure the collapse")
    parser.add_argument("--seeds", type=int, default=check.SEEDS)
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED)
    parser.add_argument("--workers", type=int, default=0, help="0 for one per core")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="folder of runs, a line each")
    return parser.parse_args()


def main() -> None:
    """Measure the chosen rows."""
    given = parse_arguments()
    measure = measure_suite if given.suite else measure_unhelpful if given.unhelpful else measure_presets
    measure(given)


if __name__ == "__main__":
    main()
