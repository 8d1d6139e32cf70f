"""Every number in the prose of the documents is a fact that is checked here.

Code, tables, generated pages, dated decision records and the changelog are left out: they are tested, written by
commands, or history. Small counts in words, up to four, are left to the reader.
"""

import itertools
import math
import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import numpy as np
import pytest

import gan1d
from benchmarks import convergence, exactness, gallery, maps, places_and_scales
from benchmarks.game import Experiment
from benchmarks.speed import SIZES
from gan1d.cli import check
from gan1d.cli.options import OPTIONS
from gan1d.diagnosis.features import OBSERVE_EVERY
from gan1d.diagnosis.rules import COLLAPSED, RULES
from gan1d.engine.data.batches import BLOCK
from gan1d.engine.games.closed_forms import bilinear_simultaneous_rate
from gan1d.engine.metrics.mode_coverage import COVERED_SHARE
from gan1d.engine.networks.optimizers import Adam
from gan1d.engine.training.spectrum import BEYOND
from gan1d.evaluation.fixed_samples import RUG
from gan1d.evaluation.latent_grid import LATENT_GRID, LATTICE_POINTS, LATTICE_POINTS_PER_CLASS
from gan1d.evaluation.probe import GRID
from gan1d.exports.experiment import MOST_TRAINING_SAMPLES, MOST_WEIGHTS
from gan1d.exports.notebook import COMPARED_STEPS, LOSS_TOLERANCE
from gan1d.gallery.rates import SuccessRate, wilson
from gan1d.games.fate import spectrum
from gan1d.games.game_presets import game_presets
from gan1d.number_file.reading import LARGEST_JSON
from gan1d.number_file.table import LONGEST_ROW
from gan1d.number_file.text import LARGEST_FILE
from gan1d.recording.frame_archive import MOST_FRAMES, QUANTA, SINH_QUANTUM
from gan1d.recording.key_frames import BUDGET
from gan1d.recording.recording import LARGEST_LOG
from gan1d.replay.recorder import USUAL_FRAMES
from gan1d.server.connections import PINGS_PER_SECOND, REFUSAL_RESPONSE, REQUEST_SECONDS
from gan1d.server.lobby import AWAY_SECONDS, IDLE_SECONDS, SECRET_BYTES, VIEWERS_LIMIT
from gan1d.server.numbers import LARGEST_JSON_TEXT, SHORT_TEXT
from gan1d.server.serving import DEFAULT_PORT
from gan1d.server.websocket import RATE
from gan1d.session.history import HISTORY_LENGTH
from gan1d.session.pacing import ROUND_SECONDS, SLICE_SECONDS
from gan1d.session.spectrum_answers import MOST_PARAMETERS
from gan1d.session.step_cost import DEFAULT_LIMIT, LARGEST_BYTES
from gan1d.sweeps.grid import LARGEST_GRID, Cell
from gan1d.sweeps.measurement import FITS, measure
from tests.diagnosis.facts import DIAGNOSIS
from tests.diagnosis.facts import RULES as DIAGNOSIS_RULES
from tests.gallery.test_claims import best_output
from tests.tools import slow_but

ROOT = Path(__file__).parents[1]
SCHEMA = gan1d.Config.model_json_schema()

NUMBER = re.compile(
    r"(?<![\w#])[±.~]?\d[\d  ,.]*(?<=\d)|[½⅓¼]"
    r"|\b(?:five|six|seven|eight|nine|ten|twelve|sixteen|twenty|hundred|thousand|half|thirds?|quarter|fifth|tenths?)\b",
    re.IGNORECASE,
)
IS_NAME = re.compile(
    r"<!-- (?P<name>\w+) -->.*?<!-- /(?P=name) -->|```.*?```|^    [^\n]*$"
    r"|<!--.*?-->|^\|[^\n]*$|`[^`]*`|\]\([^)]*\)|https?://\S+|arXiv:[\d.]+|^#* *\d+\. |et al\. \d{4}"
    r"|\(Wilson 1927\)|Wasserstein-1|Third-party|Record \d{4}|decision \d{4}|\bhalf by\b",
    re.DOTALL | re.MULTILINE,
)
"""Code, tables, links, sources and names with numbers in them."""


def knob(schema: str, name: str, bound: str) -> float:
    """A bound of a setting."""
    return float(SCHEMA["$defs"][schema]["properties"][name]["x-knob"][bound])


def is_asymmetric() -> bool:
    """Whether the suite shifts both modes by up to 1 and gives one of them 0.6 to 0.8 of the mass."""
    suite = [convergence.asymmetric(gan1d.Config(), seed).target.modes for seed in range(200)]
    shifts = [abs(modes[0].position - gan1d.Config().target.modes[0].position) for modes in suite]
    heavy = [max(mode.weight for mode in modes) for modes in suite]
    return bool(
        0.95 < max(shifts) <= 1 and min(heavy) < 0.61 and max(heavy) > 0.79 and 0.6 <= min(heavy) <= max(heavy) <= 0.8
    )


def deviations_of_wilson() -> float:
    """Standard deviations on each side of the interval, z, from its end z² / (1 + z²) for no hit in one run."""
    end = wilson(0, 1)[1]
    return math.sqrt(end / (1 - end))


def collapse_distance() -> float:
    """Distance between the modes of the collapse."""
    left, right = gan1d.presets["mode_collapse"].config.target.modes
    return float(right.position - left.position)


def futures() -> list[list[bool]]:
    """Which modes of *mode collapse* are covered at step 400, and at step 1500 without and with R1 from step 400 on."""
    config = gan1d.presets["mode_collapse"].config
    trainer = gan1d.Trainer(config)
    trainer.run(400)
    ends = [trainer]
    for future in (config, config.patched("penalty", "r1")):
        ends.append(gan1d.Trainer.restore(config, trainer.state_dict()))
        ends[-1].change(future)
        ends[-1].run(1100)
    masses = [gan1d.observe(end).mode_masses for end in ends]
    return [(mass >= COVERED_SHARE / len(mass)).tolist() for mass in masses]


def rates_at(generator: float, discriminator: float) -> list[Cell]:
    """The cell of the map of learning rates."""
    return maps.found("rates").cells(lambda g, d: (g, d) == (generator, discriminator))


def half_fit() -> set[tuple[float, float]]:
    """G's learning rate, and D's over it, of the cells in which half of the runs or more fit."""
    found, axes = maps.found("rates"), maps.found("rates").sweep.axes
    cells = [cell for cell in found.cells() if 2 * found.fitted([cell]) >= found.sweep.seeds]
    return {(axes[0].values[g], round(axes[1].values[d] / axes[0].values[g], 2)) for g, d in cells}


def said_of(name: str) -> tuple[int, int, int]:
    """Seeds, steps, and minutes of one core of a map."""
    found = maps.found(name)
    return found.sweep.seeds, found.sweep.steps, round(found.seconds / 60)


def widths_at(least_width: int, *counts: int) -> list[Cell]:
    """Cells of the map of widths with networks of a width or wider, and some numbers of modes."""
    return maps.found("widths").cells(lambda hidden, modes: hidden[0] >= least_width and len(modes) in counts)


def updates_at(losses: Collection[str], *counts: int) -> list[Cell]:
    """Cells of the map of updates with some losses and numbers of updates of D; without numbers, with all."""
    return maps.found("updates").cells(lambda loss, updates: loss in losses and (not counts or updates in counts))


def collapsed(losses: Collection[str], *counts: int) -> tuple[int, int]:
    """Runs of `updates_at` that lost a mode, and all of them."""
    cells = updates_at(losses, *counts)
    return maps.found("updates").count(cells, "mode_collapse"), 8 * len(cells)


def gradient_penalty_fits() -> bool:
    """Whether WGAN-GP with 2 updates of D and the weight of its preset fits with all seeds of the map."""
    sweep, weight = maps.MAPS["updates"].sweep, gan1d.presets["wgan_gp"].config.value_at("loss.weight")
    config = sweep.base.patched("loss", "wasserstein_gp").patched("loss.weight", weight)
    seeds = range(sweep.first_seed, sweep.first_seed + sweep.seeds)
    runs = measure(config, seeds, sweep.steps)[0]
    return weight == 0.1 and config.discriminator_steps == 2 and all(run["fitted"] is not None for run in runs)


PAIRED_OR_CROSS_ENTROPY = ("non_saturating", "minimax", "least_squares", "relativistic_pairing")


def r1_at(rate: float, low: float = 0.0, high: float = math.inf) -> list[Cell]:
    """Cells of the map of R1 at a learning rate of G, and at γ from `low` to `high`."""
    return maps.found("r1").cells(lambda gamma, g: g == rate and low <= gamma <= high)


def errors_at(rate: float, low: float, high: float) -> set[float]:
    """Median errors of the cells of `r1_at`, with two decimals."""
    return {round(maps.found("r1").error([cell]), 2) for cell in r1_at(rate, low, high)}


def single_number_divergence() -> float:
    """Jensen-Shannon of the default target and a G whose fakes are all in the target's heaviest bin."""
    probe = gan1d.Probe(gan1d.Config())
    t = float(probe.target.masses[0, 1:-1].max())
    return 0.5 * (2 * math.log(2) + t * math.log(t) - (1 + t) * math.log(1 + t))


def worst_of_lattices() -> tuple[float, float]:
    """Largest Wasserstein-1 and Jensen-Shannon of a sum of 2 to 16 normal coordinates."""
    distances, divergences = zip(*map(exactness.lattice_errors, range(2, 17)), strict=True)
    return max(distances), max(divergences)


def phases_of(maker: str) -> int:
    """Number of phases that a function of the slow motion makes itself: `making`, `discriminator` or `generator`."""
    modules = re.split(r"^function (\w+)", text_of("static/js/slow-motion/phases.js"), flags=re.MULTILINE)
    bodies = dict(zip(modules[1::2], modules[2::2], strict=True))
    return len(re.findall(r"\btitle: ", bodies[maker + ("Of" if maker == "making" else "Phases")]))


def text_of(document: str) -> str:
    return (ROOT / document).read_text("utf-8")


PYTHON = {"Python 3.11": lambda: 'requires-python = ">=3.11"' in text_of("pyproject.toml")}

OTHERS = {
    "CHANGELOG.md": "history",
}
"""Documents that this module leaves to others."""


def documents() -> Iterator[str]:
    """Documents with prose by hand."""
    for path in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]):
        name = path.relative_to(ROOT).as_posix()
        is_generated = "do not edit" in path.read_text("utf-8")[:100]
        if not is_generated and name not in OTHERS and not name.startswith(("docs/_build", "docs/decisions")):
            yield name


DOCUMENTS = list(documents())

FACTS: dict[str, dict[str, Callable[[], bool]]] = {
    "README.md": PYTHON | {"up to 500 pages watch": lambda: VIEWERS_LIMIT == 500},
    "SECURITY.md": {
        "listens to 127.0.0.1": lambda: any(each.name == "host" and each.default == "127.0.0.1" for each in OPTIONS),
        "connect to 127.0.0.1": lambda: any(each.name == "host" and each.default == "127.0.0.1" for each in OPTIONS),
        "96 random bits": lambda: 8 * SECRET_BYTES == 96,
        "status 403": lambda: '"status": 403' in text_of("gan1d/server/access_control.py"),
    },
    "docs/start.md": PYTHON
    | {
        "one half at balance": lambda: best_output(1, 1) == 0.5,
        "up to eight modes": lambda: knob("GaussianMixture", "modes", "high") == 8,
    },
    "docs/tutorials/collapse.md": {  # `test_tutorials.py` runs the page and checks its results
        "half of the mass, but": lambda: gan1d.presets["mode_collapse"].config.target.modes[0].weight == 0.5,
        "is near 0": lambda: gan1d.presets["mode_collapse"].rates["collapsed"].interval[0] > 0.9,
        "Half of the mass has": lambda: gan1d.presets["mode_collapse"].config.target.modes[1].weight == 0.5,
        "for 100 steps": lambda: [rule.suspected * OBSERVE_EVERY for rule in RULES if rule.kind is COLLAPSED] == [100],
        "after 250": lambda: [rule.certain * OBSERVE_EVERY for rule in RULES if rule.kind is COLLAPSED] == [250],
    },
    "docs/tutorials/why-gans-circle.md": {
        "√(1 + h²)": lambda: np.isclose(bilinear_simultaneous_rate(0.1), math.sqrt(1 + 0.1**2)),
        "For h = 0.1 they are 1 ± 0.1i, and the modulus is 1.0050": lambda: np.allclose(
            np.sort_complex(spectrum(game_presets["spiral_out"].config.game, game_presets["spiral_out"].config.update)),
            [1 - 0.1j, 1 + 0.1j],
        ),
        "set γ to 0, and then to 1": lambda: game_presets["r1_spirals_in"].config.value_at("game.gamma") not in (0, 1),
        "to 1 and not to 0": lambda: game_presets["wgan_gp"].config.value_at("game.target_slope") == 1,
    },
    "docs/tutorials/one-step.md": {
        "An update of D has seven phases, an update of G six": lambda: (
            (phases_of("making"), phases_of("discriminator"), phases_of("generator")) == (2, 7 - 2, 6 - 2)
        ),
    },
    "docs/benchmarks.md": {
        "two hidden layers of 16 units in each network and batches of 64": lambda: (
            SIZES["S"] == Experiment((16, 16), 64)
        ),
        "M two of 32 and batches of 256": lambda: SIZES["M"] == Experiment((32, 32), 256),
    },
    "docs/tutorials/lecture.md": {
        "there are about 600": lambda: USUAL_FRAMES == 600,
        "At step 400 of *mode collapse* one mode is lost": lambda: sum(futures()[0]) == 1,
        "at step 1 500: the collapse goes on, and the run with the penalty covers both modes": lambda: (
            futures()[1:] == [futures()[0], [True, True]]
        ),
        "from version 123 on, Firefox from 120, or Safari from 17.5": lambda: (
            "from version 123 on, Firefox from 120, or Safari from 17.5" in text_of("static/js/replay/loader.js")
        ),
        "to 1/4,096 of": lambda: QUANTA == 4096,
        "to 1/3,900 of": lambda: math.exp(SINH_QUANTUM / 2) - 1 < 1 / 3900,
        # tests/replay/test_html_page.py measures it.
        "600 pictures of the default take less than 1 MB": lambda: USUAL_FRAMES == 600,
        "at most 2,400 pictures": lambda: MOST_FRAMES == 2400,
    },
    "docs/gallery.md": {
        "every 25th step": lambda: OBSERVE_EVERY == 25,
        "a fifth of its due mass": lambda: COVERED_SHARE == 0.2,
        "a 95 % interval": lambda: np.isclose(math.erf(deviations_of_wilson() / math.sqrt(2)), 0.95),
        '"95 % by"': lambda: SuccessRate(seeds=range(20), found=[*range(19), None]).by(95) == 18,
        "from 9000000": lambda: gallery.FIRST_SEED == 9_000_000,
        "±1, gives": is_asymmetric,
        ".6 to .8 of": is_asymmetric,
        "from 1000000": lambda: check.FIRST_FRESH_SEED == 1_000_000,
        "default within 1500 steps": lambda: places_and_scales.STEPS == 1500,
        "last 200 of 1500 steps": lambda: (places_and_scales.LATE, places_and_scales.STEPS) == (200, 1500),
        "from 9100000": lambda: places_and_scales.FIRST_QUOTED_SEED == 9_100_000,
        "at least 60 %": lambda: "at least 60%" in gallery.CURED.words,
        "of 1500 steps": lambda: gallery.CURED.steps == 1500,
        "the next five": lambda: gan1d.presets["hopping_unrolled"].config.generator.lookahead.steps == 5,
        "six units": lambda: collapse_distance() == 6,
    },
    "docs/sweeps.md": {
        ", a multiple of 25": lambda: OBSERVE_EVERY == 25,
        "at most 10,000 cells": lambda: LARGEST_GRID == 10_000,
    },
    "docs/maps.md": {
        "with batches of 64": lambda: all(each.sweep.base.batch_size == 64 for each in maps.MAPS.values()),
        "β2 = 0.9, a learning rate of 0.001 where no axis has another, and a half-life of 1000": lambda: all(
            (each.sweep.base.generator.optimizer, each.sweep.base.generator.rate_half_life)
            == (Adam(learning_rate=0.001, beta1=0.0, beta2=0.9), 1000)
            for each in maps.MAPS.values()
        ),
        "error was below 0.1": lambda: FITS.error == 0.1 and FITS.tolerance < 0.5,
        "16 seeds, 1000 steps; 3 minutes": lambda: said_of("rates") == (16, 1000, 3),
        "half of the runs": lambda: len(half_fit()) == 10,
        "where G's learning rate is 0.001 or 0.00316 and that of D a third of it to ten times as large, and where G's "
        "is 0.01 and D's a third of it or the same": lambda: (
            half_fit()
            == {
                *itertools.product((0.001, 0.00316228), (0.32, 1.0, 3.16, 10.0)),
                *itertools.product([0.01], (0.32, 1.0)),
            }
        ),
        "With G at 0.01, a D at 0.0316 leaves 1 fit of 16, and a D at 0.1 none": lambda: (
            [maps.found("rates").fitted(rates_at(0.01, rate)) for rate in (0.0316228, 0.1)] == [1, 0]
        ),
        "at G's 0.001 and D's 0.0001, 13 of 16 runs oscillate, and 1 fits": lambda: (
            maps.found("rates").count(rates_at(0.001, 0.0001), "oscillating") == 13
            and maps.found("rates").fitted(rates_at(0.001, 0.0001)) == 1
        ),
        "from 0.0316 on, G is too fast for any D: 168 of 224 runs": lambda: (
            len(fast := maps.found("rates").cells(lambda g, d: g > 0.03)) * 16 == 224
            and maps.found("rates").count(fast, "oscillating") == 168
            and maps.found("rates").fitted(fast) == 0
        ),
        "With G at 0.001, a D that is ten times as fast does as well as one of the same rate: 15 of 16": lambda: (
            maps.found("rates").fitted(rates_at(0.001, 0.01))
            == maps.found("rates").fitted(rates_at(0.001, 0.001))
            == 15
        ),
        "16 seeds, 1500 steps; 5 minutes": lambda: said_of("r1") == (16, 1500, 5),
        "With G at 0.001 the median error is 0.05 from γ = 0.003 to 3, and 0.08 at 100": lambda: (
            errors_at(0.001, 0.003, 3) == {0.05} and errors_at(0.001, 100, 100) == {0.08}
        ),
        "with G at 0.0003 and γ = 0.001, modes are lost in 8 of 16 runs, and in none from γ = 0.01 on": lambda: (
            maps.found("r1").count(r1_at(0.0003, 0, 0.001), "mode_collapse") == 8
            and maps.found("r1").count(r1_at(0.0003, 0.01), "mode_collapse") == 0
        ),
        "with G at 0.03 the": lambda: len(r1_at(0.03)) == 11,
        "14 of 16 runs oscillate at γ = 0.001, and none from γ = 30 on": lambda: (
            maps.found("r1").count(r1_at(0.03, 0, 0.001), "oscillating") == 14
            and maps.found("r1").count(r1_at(0.03, 30), "oscillating") == 0
        ),
        "7 of 176": lambda: maps.found("r1").fitted(r1_at(0.03)) == 7 and 16 * len(r1_at(0.03)) == 176,
        "And with G at 0.003 the": lambda: len(r1_at(0.003)) == 11,
        "13 of 16 runs converge at γ = 0.001 and 10 at 100, but none at 0.1": lambda: (
            [maps.found("r1").count(r1_at(0.003, gamma, gamma), "converged") for gamma in (0.001, 100, 0.1)]
            == [13, 10, 0]
            and maps.found("r1").count(r1_at(0.003, 0.1, 0.1), "rough_fit") == 16
        ),
        "8 seeds, 1500 steps; less than a minute": lambda: (
            said_of("widths")[:2] == (8, 1500) and said_of("widths")[2] <= 1
        ),
        "The modes are 2 apart and 0.3 wide": lambda: (maps.GAP, maps.WIDTH) == (2.0, 0.3),
        "none of 40 runs fits, and in 21": lambda: (
            len(narrow := maps.found("widths").cells(lambda hidden, modes: hidden == [2, 2, 2])) * 8 == 40
            and maps.found("widths").fitted(narrow) == 0
            and maps.found("widths").count(narrow, "discriminator_weak") == 21
        ),
        "all 8 runs converge from 8 units on for one mode, and with 16 for two": lambda: (
            maps.found("widths").count(widths_at(8, 1), "converged") == 8 * len(widths_at(8, 1))
            and maps.found("widths").count(widths_at(16, 2), "converged") == 8
        ),
        "With 8 units or more, all runs with 5 and 8 modes fit": lambda: (
            maps.found("widths").fitted(widths_at(8, 5, 8)) == 8 * len(widths_at(8, 5, 8)) == 32
        ),
        "with 3 modes 1 of 16 does": lambda: (
            maps.found("widths").fitted(widths_at(8, 3)) == 1 and 8 * len(widths_at(8, 3)) == 16
        ),
        "stays above 0.09": lambda: (
            min(run["jensen_shannon"] for cell in widths_at(8, 3, 5, 8) for run in maps.found("widths").runs[cell])
            > 0.09
            and maps.found("widths").count(widths_at(8, 3, 5, 8), "converged") == 0
        ),
        "8 seeds, 1500 steps, without a penalty; 2 minutes": lambda: (
            said_of("updates") == (8, 1500, 2) and maps.MAPS["updates"].sweep.base.penalty.kind == "none"
        ),
        "with 1 or 2 updates of D a step": lambda: collapsed(PAIRED_OR_CROSS_ENTROPY, 1, 2) == (2, 64),
        "in 2 of 64 runs, with 4 in 18 of 32, and with 8 in 24 of 32": lambda: (
            [collapsed(PAIRED_OR_CROSS_ENTROPY, k) for k in (4, 8)] == [(18, 32), (24, 32)]
        ),
        "No run of 32 collapses, and the median error falls from 0.06 with one update to 0.04 with 8": lambda: (
            collapsed(["hinge"]) == (0, 32)
            and [round(maps.found("updates").error(updates_at(["hinge"], k)), 2) for k in (1, 8)] == [0.06, 0.04]
        ),
        "the median error is 0.14": lambda: (
            round(maps.found("updates").error(updates_at(["wasserstein"])), 2) == 0.14
            and collapsed(["wasserstein"]) == (0, 32)
        ),
        "oscillates in 26 of 32 runs: the weight 1": lambda: (
            maps.found("updates").count(updates_at(["wasserstein_gp"]), "oscillating") == 26
            and gan1d.Config().patched("loss", "wasserstein_gp").value_at("loss.weight") == 1
        ),
        "With 0.1, as in the preset, the same 8 seeds fit with 2": gradient_penalty_fits,
    },
    "docs/design.md": {
        "two thousand numbers": lambda: knob("Samples", "values", "high") == 2000,
        "as for ten": lambda: knob("Samples", "values", "low") == 10,
        "up to sixteen, no grid": lambda: knob("NormalPrior", "dimension", "high") == 16,
        "8,191 fixed z": lambda: LATTICE_POINTS == 8191,
        "64 samples of noise": lambda: RUG == 64,
        "8 ms divided by": lambda: ROUND_SECONDS == 0.008,
        "half a millisecond": lambda: SLICE_SECONDS == 0.0005,
        "six layers of": lambda: knob("GeneratorConfig", "hidden", "high") == 6,
        "256 units": lambda: SCHEMA["$defs"]["GeneratorConfig"]["properties"]["hidden"]["items"]["maximum"] == 256,
        "128 steps at a time": lambda: BLOCK == 128,
        "more than 8 kB": lambda: SHORT_TEXT == 8 * 2**10,
    },
    "docs/take-along.md": {
        "2 048 steps": lambda: HISTORY_LENGTH == 2048,
        "the first 100 steps agree to 1e-5": lambda: (COMPARED_STEPS, LOSS_TOLERANCE) == (100, 1e-5),
        "a difference of 1e-6": lambda: "config, 100) < 1e-6" in text_of("tests/exports/test_comparison.py"),
        "2 to 12 steps": lambda: (
            "STRIP = { usual: 4, least: 2, most: 12 }" in text_of("static/js/page/run-pictures.js")
        ),
        "up to 480 steps": lambda: "COLUMNS = 480;" in text_of("static/js/page/run-pictures.js"),
        "50 000 weights": lambda: MOST_WEIGHTS == 50_000,
        "5 000 training samples": lambda: MOST_TRAINING_SAMPLES == 5000,
    },
    "docs/exactness.md": {
        "to 1/4,096 of": lambda: QUANTA == 4096,
        "the same 256 bins": lambda: GRID == 256,
        "at 241 values of z": lambda: LATENT_GRID == 241,
        "20,001 values of z or more": lambda: exactness.POINTS == 20_001,
        "at steps 50, 300 and 1,000": lambda: exactness.STEPS == (50, 300, 1000),
        "within .1 % of": lambda: {exactness.GOALS[name] for name in exactness.FLOORS} == {0.001},
        ".0001 nats for": lambda: exactness.FLOORS["jensen_shannon"] == 0.0001,
        ".0001 standard deviations of": lambda: exactness.FLOORS["wasserstein1"] == 0.0001,
        ".0001 of its variance": lambda: exactness.FLOORS["frechet"] == 0.0001,
        "within .01 in the bins that hold 99.9 %": lambda: (
            (exactness.GOALS["optimal_d"], exactness.HELD_MASS) == (0.01, 0.999)
        ),
        "on ten networks of each kind with the seed 9303": lambda: (
            (exactness.QUOTED_NETWORKS, exactness.QUOTED_SEED) == (10, 9303)
        ),
        "with seeds from 9303 on": lambda: exactness.QUOTED_SEED == 9303 and exactness.QUOTED_RUNS == 2,
        "A reference of 20,001": lambda: exactness.POINTS == 20_001,
        "with 60,001 values": lambda: exactness.NETWORK_POINTS == 60_001,
        "with 200,001": lambda: exactness.NARROW_POINTS == 200_001,
        "on 256 bins": lambda: GRID == 256,
        "½·(2·ln 2 + t·ln t − (1 + t)·ln(1 + t)) instead of ln 2, that is .65 for": lambda: (
            round(single_number_divergence(), 2) == 0.65
        ),
        "is −.08 instead of 0": lambda: round(2 * (single_number_divergence() - math.log(2)), 2) == -0.08,
        "8,191 fixed z": lambda: LATTICE_POINTS == 8191,
        "or 2,039 for": lambda: LATTICE_POINTS_PER_CLASS == 2039,
        "of 2 to 16 normal": lambda: knob("NormalPrior", "dimension", "high") == 16,
        "by up to .012 standard": lambda: round(worst_of_lattices()[0], 3) == 0.012,
        "is up to .008, because": lambda: round(worst_of_lattices()[1], 3) == 0.008,
        "times 1 if D": lambda: gan1d.presets["wgan_gp"].config.loss.penalty.value(np.ones((1, 1))) == 0,
    },
    "docs/own-numbers.md": {
        "has 10 to 2,000 numbers": lambda: (
            (knob("Samples", "values", "low"), knob("Samples", "values", "high")) == (10, 2000)
        ),
        "draws 2,000 with": lambda: knob("Samples", "values", "high") == 2000,
        "may have 1 GB": lambda: LARGEST_FILE == 2**30,
        "on the page 256 MB": lambda: "LARGEST_FILE = 2 ** 28;" in text_of("static/js/controls/samples-input.js"),
        "more than 4 million characters": lambda: LONGEST_ROW == 4 * 2**20,
        "64 MB, and on the page 4 MB": lambda: (LARGEST_JSON, LARGEST_JSON_TEXT) == (64 * 2**20, 4 * 2**20),
    },
    "docs/spectrum.md": {
        "up to 2,500 parameters in all": lambda: MOST_PARAMETERS == 2500,
        "a quarter of its length": lambda: BEYOND == 0.25,
    },
    "docs/slides.md": {
        "ports 8765 to 8774": lambda: (
            DEFAULT_PORT == 8765 and "PORTS_TRIED = 10;" in text_of("examples/deck/index.html")
        )
    },
    "docs/diagnosis.md": DIAGNOSIS,
    # mod_proxy_http has `upgrade` since 2.4.47.
    "docs/deployment.md": {
        "Apache 2.4.47": lambda: "upgrade=websocket" in (ROOT / "docs/deployment.md").read_text("utf-8"),
        "Up to 500 pages can follow": lambda: VIEWERS_LIMIT == 500,
        "ten minutes, or 15 seconds after": lambda: (IDLE_SECONDS, AWAY_SECONDS) == (600, 15),
        "at most 50,000 million": lambda: DEFAULT_LIMIT == 50_000,
        "about 2 s on a common core": lambda: any("about 2 s" in each.help for each in OPTIONS),
        "and 1 GB of arrays": lambda: LARGEST_BYTES == 2**30,
        "may take 1 GB": lambda: LARGEST_BYTES == 2**30,
        "16 MB by default": lambda: BUDGET == 2**24,
        "at most 4 MB": lambda: LARGEST_LOG == 2**22,
        "150 commands and 20 pings a second": lambda: (RATE, PINGS_PER_SECOND) == (150, 20),
        "has 10 s to": lambda: REQUEST_SECONDS == 10,
        "with status 503": lambda: b"503" in REFUSAL_RESPONSE,
    },
}
"""Document → words around a number → whether it is true."""


def prose(document: str) -> str:
    """The document without code, tables and names, on one line."""
    return " ".join(IS_NAME.sub(" ", text_of(document)).split())


def numbers_of(document: str) -> Iterator[str]:
    """Numbers in the prose that no fact explains, with the words around them."""
    text = prose(document)
    for fact in FACTS.get(document, ()):
        text = text.replace(fact, "")
    for found in NUMBER.finditer(text):
        yield text[max(0, found.start() - 30) : found.end() + 20]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_number_is_explained(document: str) -> None:
    assert list(numbers_of(document)) == []


# Some facts train, which takes longer where coverage is measured.
@pytest.mark.timeout(400)
@pytest.mark.parametrize("document", slow_but(set(FACTS) - {"docs/maps.md", "docs/tutorials/lecture.md"}, FACTS))
def test_facts_are_in_the_document_and_true(document: str) -> None:
    for fact, is_true in FACTS[document].items():
        assert fact in prose(document), fact
        assert is_true(), fact


def test_the_table_of_the_rules_has_no_other_number_than_theirs() -> None:
    table = text_of("docs/diagnosis.md").split("| kind | holds when |")[1].split("\n\n")[0]
    for fact, is_true in DIAGNOSIS_RULES.items():
        assert fact in table, fact
        assert is_true(), fact
        table = table.replace(fact, "")
    assert re.findall(r"[.\d]*\d[^|]{0,20}", table) == []


def test_the_documents_of_the_lists_exist() -> None:
    assert set(FACTS) <= set(DOCUMENTS)
    assert all((ROOT / document).is_file() for document in OTHERS)
