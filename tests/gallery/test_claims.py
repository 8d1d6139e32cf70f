"""Every number in a preset's text is a claim: measured on fresh seeds, or a fact of its settings.

Fields such as `{fit.median}` come from gan1d/gallery/measured.json, so a text cannot say another number than was
measured. These tests hold the record to the presets: no other number stands in a text, the record is of the present
settings and claims, enough seeds were run, and new runs agree with it.
"""

import json
import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from string import Formatter
from typing import Any

import numpy as np
import pytest

import gan1d
from benchmarks import gallery
from gan1d.cli import check
from gan1d.config.model import Config
from gan1d.engine.objectives.losses import CrossEntropy
from gan1d.evaluation.latent_grid import LATTICE_POINTS, LatentGrid
from gan1d.gallery.preset import MEASURED
from gan1d.gallery.rates import SuccessRate

NAMES = list(gan1d.presets)
CLAIMS = [(preset.name, key) for preset in gan1d.presets.values() for key in preset.claims]
RECORD = json.loads(MEASURED.read_text("utf-8"))

# Numbers in texts -----------------------------------------------------------------------------------------------------

NUMBER = re.compile(
    r"""
    (?<![\w])[±.]?\d[\d  ,.]*\d | (?<![\w])[±.]?\d(?!\w) | [½⅓¼] | \bln\ 2\b
    | \b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|hundred|thousand|half|twice|third|quarter
    |fifth|tenth|twentieth|thirtieth)\b
    | \bone\ in\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Numerals, fractions and number words; "one" is a pronoun too often."""


def due(config: Any) -> list[float]:
    """Shares of the modes, left to right."""
    return [mode.weight for mode in config.target.modes]


def balance(config: Any) -> float:
    """D's output where it cannot tell."""
    return float(config.loss.readout.threshold)


def equilibrium(config: Any) -> float:
    """L_D at the equilibrium, where neither player can gain."""
    return float(config.loss.equilibrium()["loss_d"])


def best_output(real: float, fake: float) -> float:
    """Output of the optimal D where these are the masses (Goodfellow et al. 2014, proposition 1)."""
    return real / (real + fake)


def is_two_narrow_modes(config: Any) -> bool:
    return [mode.width for mode in config.target.modes] == [0.05, 0.05]


FACTS: dict[str, dict[str, Callable[[Any], bool]]] = {
    "default": {
        "become two": lambda config: len(due(config)) == 2,
        "half of the mass": lambda config: due(config) == [0.5, 0.5],
        "towards ½": lambda config: balance(config) == 0.5,
    },
    "eight_dimensions": {
        "eight numbers": lambda config: config.latent.dimension == 8,
        "the others at 0": lambda config: not LatentGrid(config).inputs[1:, LatentGrid(config).curves[0]].any(),
        "8 191 fixed z": lambda config: LATTICE_POINTS == 8191,
    },
    "textbook": {"of 2014": lambda config: "Goodfellow et al. (2014" in str(CrossEntropy.__doc__)},
    "original": {
        "more than a fifth": lambda config: gan1d.presets["original"].claims["flat"].least == 0.2,
        "by step 3000": lambda config: gan1d.presets["original"].claims["flat"].steps == 3000,
    },
    "wgan": {"nears 0": lambda config: equilibrium(config) == 0},
    "wgan_gp": {"slope of 1": lambda config: config.loss.penalty.value(np.ones((1, 1))) == 0},
    "least_squares": {
        "reals 1": lambda config: config.loss.real_label == 1,
        "fakes 0": lambda config: config.loss.fake_label == 0,
        "settles at ½": lambda config: balance(config) == 0.5,
    },
    "hinge": {
        "beyond ±1": lambda config: config.loss.real_cost(1.0) == config.loss.fake_cost(-1.0) == 0,
        "nears 2": lambda config: equilibrium(config) == 2,
    },
    # All fakes are on the right mode.
    "mode_collapse": {
        "says 1": lambda config: best_output(due(config)[0], 0) == 1,
        "says ⅓": lambda config: best_output(due(config)[1], 1) == 1 / 3,
    },
    "mode_hopping": {"Ten updates": lambda config: config.generator_steps == 10 * config.discriminator_steps},
    "mode_dropping": {
        "One sample in twenty": lambda config: due(config)[1] == 0.05,
        # A twentieth of the mass has to travel 6 units.
        "stays near .3": lambda config: np.isclose(0.05 * (3.0 - -3.0), 0.3),
    },
    "vanishing_gradient": {
        "1 over": lambda config: best_output(1, 0) == 1,
        "0 over": lambda config: best_output(0, 1) == 0,
        "L_G is 0": lambda config: abs(config.loss.generator_cost(-30.0)) < 1e-9,
    },
    "weak_discriminator": {"ln 2": lambda config: np.isclose(equilibrium(config), np.log(2))},
    "strong_discriminator": {
        "two thin spikes": is_two_narrow_modes,
        "ten updates": lambda config: config.discriminator_steps == 10,
        "L_D is 0": lambda config: abs(config.loss.real_cost(30.0)) + abs(config.loss.fake_cost(-30.0)) < 1e-9,
    },
    "memorization": {"six points": lambda config: config.training_points == 6},
    "collapse_wgan_gp": {"slope of 1": lambda config: config.loss.penalty.value(np.ones((1, 1))) == 0},
    "collapse_noise": {
        "half as loud every 300 steps": lambda config: config.instance_noise.half_life == 300,
        "the two modes": lambda config: len(due(config)) == 2,
    },
    "collapse_pack": {
        "six samples": lambda config: config.discriminator.view.size == 6,
        "six of one mode": lambda config: config.discriminator.view.size == 6,
        "six equal samples": lambda config: config.discriminator.view.size == 6,
    },
    "hopping_unrolled": {"five answers": lambda config: config.generator.lookahead.steps == 5},
    "dropping_r1": {"its twentieth": lambda config: due(config)[1] == 0.05},
    "unequal_modes": {
        "Three modes": lambda config: len(due(config)) == 3,
        "60, 30 and 10 %": lambda config: due(config) == [0.6, 0.3, 0.1],
        "bend three times": lambda config: len(due(config)) == 3,
    },
    "many_modes": {"Eight narrow modes": lambda config: len(due(config)) == 8},
    "infogan_continuous": {
        "from −1 to 1": lambda config: config.code.quantile([0.0, 1.0]).tolist() == [[-1.0, 1.0]],
    },
    "cyclegan": {"of two bells": lambda config: len(config.latent.distribution.modes) == 2},
    # Increasing and decreasing; see objectives.cycle.
    "cyclegan_identity": {"Of the two": lambda config: config.latent.identity_weight > 0},
    "aylien_2016": {
        "of four softplus": lambda config: config.generator.hidden == (4,),
        "of eight samples": lambda config: config.batch_size == 8,
        "In more than half": lambda config: gan1d.presets["aylien_2016"].claims["fit"].least == 0.5,
        "within 5000 steps": lambda config: gan1d.presets["aylien_2016"].claims["fit"].by == 5000,
        "and in more than half": lambda config: gan1d.presets["aylien_2016"].claims["stray"].least == 0.5,
    },
    "nag_2017": {"a hundred samples": lambda config: config.batch_size == 100},
    "labelled_modes": {"The eight modes": lambda config: len(due(config)) == 8},
}
"""Preset → words around a number that is no measurement → whether it is true of the settings."""


IN_WORDS = {("original", "flat"), ("aylien_2016", "stray")}
"""Claims whose share a text says in words, which its `least` has to support."""


def numbers_of(text: str) -> list[str]:
    """Numbers in a text outside of its fields."""
    plain = "".join(literal + " " for literal, *_ in Formatter().parse(text))
    return [found[0].strip() for found in NUMBER.finditer(plain)]


def fields_of(text: str) -> set[str]:
    """Names of the claims whose numbers a text has."""
    return {field.partition(".")[0] for _, field, *_ in Formatter().parse(text) if field}


def test_numbers_are_found() -> None:
    text = "Two of 8 191 in 3 runs, {fit.median} steps, .3 at ½ or ln 2, beyond ±1; one R1 is a name. One in ten."
    assert numbers_of(text) == ["Two", "8 191", "3", ".3", "½", "ln 2", "±1", "One in", "ten"]
    assert fields_of(text) == {"fit"}


@pytest.mark.parametrize("name", NAMES)
def test_every_number_in_a_text_is_measured_or_a_fact(name: str) -> None:
    text = gan1d.presets[name].text
    facts = FACTS.get(name, {})
    for fact in facts:
        assert text.count(fact) == 1, fact
        text = text.replace(fact, "")
    assert numbers_of(text) == []


@pytest.mark.parametrize("name", NAMES)
def test_facts_are_true(name: str) -> None:
    for fact, is_true in FACTS.get(name, {}).items():
        assert is_true(gan1d.presets[name].config), fact


@pytest.mark.parametrize("name", NAMES)
def test_every_claim_is_in_the_text_or_what_the_preset_is_for(name: str) -> None:
    preset = gan1d.presets[name]
    others = list(preset.claims)[1:]
    assert [key for key in others if key not in fields_of(preset.text) and (name, key) not in IN_WORDS] == []


# The record -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_record_is_of_these_settings_and_claims(name: str) -> None:
    again = f"measure again: python -m benchmarks.gallery --write --only {name}"
    assert name in RECORD, again
    preset, row = gan1d.presets[name], RECORD[name]
    assert Config.parsed(row["config"]) == preset.config, again
    assert {key: claim["words"] for key, claim in row["claims"].items()} == {
        key: claim.words for key, claim in preset.claims.items()
    }, again


@pytest.mark.parametrize("name", NAMES)
def test_the_first_steps_are_still_those_that_were_measured(name: str) -> None:
    """A change of the engine or of a default that changes what a preset does changes its first losses."""
    found = gallery.early_losses(gan1d.presets[name].config)
    np.testing.assert_allclose(found, RECORD[name]["early_losses"], rtol=1e-5, atol=2e-6)


FEWEST_SEEDS = 40
"""Seeds of every claim, at least."""


@pytest.mark.parametrize(("name", "key"), CLAIMS)
def test_a_claim_was_measured_often_enough_and_holds(name: str, key: str) -> None:
    preset = gan1d.presets[name]
    claim, rate = preset.claims[key], preset.rates[key]
    assert len(rate.seeds) >= FEWEST_SEEDS
    assert rate.seeds[0] >= gallery.FIRST_SEED
    assert rate.interval[0] > claim.least
    if claim is preset.claim and preset.group == "Failures":
        assert rate.hits >= 0.99 * len(rate.seeds)


def test_the_document_has_the_record() -> None:
    text = (Path(__file__).parents[2] / "docs/gallery.md").read_text("utf-8")
    found = re.search(r"<!-- presets -->\n.*?\n.*?\n(.*?)\n<!-- /presets -->", text, re.DOTALL)
    assert found
    rows = [gallery.preset_cells(name, key, gan1d.presets[name].rates[key]) for name, key in CLAIMS]
    assert found[1].splitlines() == [f"| {' | '.join(cells)} |" for cells in rows]


# New runs -------------------------------------------------------------------------------------------------------------

NEW_SEEDS = range(8_000_000, 8_000_004)
"""Seeds that the record does not have."""
UNLIKELY = 2e-4
"""Probability below which new runs contradict the record: one false alarm in fifty runs of all these tests."""


def chance(new: Sequence[int | None], recorded: Sequence[int | None], draws: int = 50_000) -> float:
    """Probability that as many runs drawn from all of these lie as far towards one end as the new ones do.

    A permutation test on the sum of ranks, two-sided; a run that did not meet its claim comes last.
    """
    steps = np.array([np.inf if step is None else step for step in (*new, *recorded)])
    order = np.unique(steps, return_inverse=True)[1]
    counts = np.bincount(order)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[order]  # ties have their mean rank
    rng = np.random.default_rng(1)
    sums, found = rng.choice(ranks, (draws, len(new))).sum(axis=1), ranks[: len(new)].sum()
    lower, upper = np.mean(sums <= found), np.mean(sums >= found)
    return float(min(1.0, 2 * (min(lower, upper) + 1 / draws)))


def test_agreeing_runs_are_likely_and_others_are_not() -> None:
    recorded = [random.Random(seed).choice((350, 375, 400, 425, 450)) for seed in range(50)]
    assert chance([375, 400, 425, 400], recorded) > 0.1
    assert chance([600, 700, 650, 625], recorded) < UNLIKELY
    assert chance([25, 50, 50, 25], recorded) < UNLIKELY
    assert chance([None] * 4, recorded) < UNLIKELY
    assert chance([25] * 4, [25] * 50) == 1.0


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", NAMES)
def test_new_runs_agree_with_the_record(name: str) -> None:
    preset = gan1d.presets[name]
    configs = [preset.config.patched("seed", seed) for seed in NEW_SEEDS]
    runs = check.run_block(configs, [*preset.claims.values()])
    for index, (key, rate) in enumerate(preset.rates.items()):
        new = [found[index] for found in runs]
        assert chance(new, rate.found) > UNLIKELY, f"{key}: {new}, but half of the recorded runs by {rate.by(50)}"


def test_rates_are_read_in_the_order_of_their_seeds() -> None:
    rate = gan1d.presets["diverging"].rates["diverged"]
    assert isinstance(rate, SuccessRate)
    assert rate.seeds == range(RECORD["diverging"]["first_seed"], RECORD["diverging"]["first_seed"] + len(rate.found))
