"""Presets are small and valid; the slow tests check the claim of each on one seed.

The rates behind the sentences come from `benchmarks/gallery.py` and stand in `docs/gallery.md`.
"""

import itertools
import math
import re
from pathlib import Path

import numpy as np
import pytest

import gan1d
from benchmarks import convergence
from gan1d.cli import check
from gan1d.config.model import Config
from gan1d.gallery import find_preset, presets

NAMES = list(gan1d.presets)


def config_of(name: str, seed: int) -> Config:
    return gan1d.presets[name].config.patched("seed", seed)


def test_the_presets_that_others_link_to() -> None:
    assert NAMES[0] == "default"
    assert {"default", "textbook", "original", "mode_collapse", "diverging"} <= set(NAMES)


def test_groups_stand_together() -> None:
    groups = [group for group, _ in itertools.groupby(preset.group for preset in gan1d.presets.values())]
    assert groups == ["Healthy", "Failures", "Cures", "Targets"]


def test_the_default_preset_is_the_default_config() -> None:
    assert gan1d.presets["default"].config == Config()
    assert not gan1d.presets["default"].changes


def test_half_a_config_starts_as_the_default_does() -> None:
    partial = Config.parsed({"generator": {"hidden": [8]}, "discriminator": {}})
    assert partial.generator.optimizer == Config().generator.optimizer
    assert partial.discriminator.initialization == Config().discriminator.initialization


@pytest.mark.parametrize("name", NAMES)
def test_texts_of_a_preset(name: str) -> None:
    preset = gan1d.presets[name]
    assert preset.name == name
    assert preset.title.strip()
    assert preset.watch.endswith(".")
    assert len(preset.watch) < 400


def test_no_two_presets_have_the_same_text() -> None:
    for said in ("title", "watch"):
        assert len({getattr(preset, said) for preset in gan1d.presets.values()}) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_change_has_an_effect(name: str) -> None:
    preset = gan1d.presets[name]
    for left_out in preset.changes:
        config = Config()
        for path, value in preset.changes.items():
            if path != left_out:
                config = config.patched(path, value)
        assert config != preset.config, left_out


@pytest.mark.parametrize("name", NAMES)
def test_the_config_survives_json(name: str) -> None:
    config = gan1d.presets[name].config
    assert Config.parsed(config.model_dump(mode="json")) == config


@pytest.mark.parametrize("name", [name for name in NAMES if name != "diverging"])
def test_fifty_steps_stay_finite(name: str) -> None:
    trainer = gan1d.Trainer(gan1d.presets[name].config)
    reports = trainer.run(50)
    assert trainer.diverged is None
    assert trainer.step_count == 50
    for column in (reports.loss_d, reports.loss_g, reports.grad_norm_d, reports.grad_norm_g):
        assert np.isfinite(column).all()
    assert math.isfinite(gan1d.observe(trainer).wasserstein1)


def test_diverging_lets_its_losses_be_seen_first() -> None:
    for seed in range(5):
        trainer = gan1d.Trainer(config_of("diverging", seed))
        reports = trainer.run(300)
        worst = np.maximum(reports.loss_d, reports.loss_g)
        assert trainer.diverged is not None, f"seed {seed}"
        assert trainer.diverged.step > 20, f"seed {seed}"
        assert worst[:5].max() < 1.5 < worst[-1], f"seed {seed}"


KNOWN = dict.fromkeys(NAMES, 7)
"""A seed for each preset with which it does what it says."""


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_preset_meets_its_claim(name: str) -> None:
    claim = gan1d.presets[name].claim
    step = check.run_seed(KNOWN[name], config=gan1d.presets[name].config, claim=claim)
    assert step is not None, f"seed {KNOWN[name]}: not so: {claim.words}"


@pytest.mark.slow
def test_the_default_meets_its_claim_without_symmetry() -> None:
    config = convergence.asymmetric(gan1d.presets["default"].config, 3)
    assert check.run_seed(3, config=config, claim=gan1d.presets["default"].claim) is not None


@pytest.mark.slow
@pytest.mark.parametrize("healthy", ["default", "hinge"])
@pytest.mark.parametrize("name", [name for name in NAMES if gan1d.presets[name].group == "Failures"])
def test_what_a_failure_claims_is_not_true_of_a_healthy_run(name: str, healthy: str) -> None:
    assert check.run_seed(7, config=gan1d.presets[healthy].config, claim=gan1d.presets[name].claim) is None


def test_a_cure_changes_one_thing_of_its_failure() -> None:
    pairs = {
        "collapse_": "mode_collapse",
        "hopping_": "mode_hopping",
        "vanishing_": "vanishing_gradient",
        "dropping_": "mode_dropping",
    }
    cures = ("loss", "penalty", "instance_noise", "conditional", "discriminator.constraint", "discriminator.view",
             "generator.lookahead", "generator.feature_matching")  # fmt: skip
    for name in [name for name in NAMES if gan1d.presets[name].group == "Cures"]:
        (failure,) = (pairs[start] for start in pairs if name.startswith(start))
        changed = gan1d.presets[name].config.differences(gan1d.presets[failure].config)
        assert changed, name
        assert all(path.startswith(cures) for path in changed), name


def rows_of(table: str) -> dict[str, list[str]]:
    text = (Path(__file__).parents[2] / "docs/gallery.md").read_text("utf-8")
    found = re.search(rf"<!-- {table} -->\n(.*?)<!-- /{table} -->", text, re.DOTALL)
    assert found
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in found[1].splitlines() if "|" in line]
    return {cells[0].strip("`"): cells for cells in lines[2:]}


def test_the_gallery_has_the_measured_rates() -> None:
    rows = rows_of("presets")
    assert list(rows) == NAMES
    for name, preset in gan1d.presets.items():
        measured = preset.claim.measured
        assert rows[name][1] == preset.claim.words
        assert rows[name][2] == f"{measured.hits}/{measured.seeds}"
        assert rows[name][4] == str(measured.median)


FEWEST_SEEDS = 50
"""Seeds of every claim, at least."""
FEWER_SEEDS = {"hopping_unrolled": 12}
"""Seeds of a claim whose steps take 3 ms, of which it needs 1,000."""


def test_claims_were_measured_often_enough() -> None:
    for name, preset in gan1d.presets.items():
        measured = preset.claim.measured
        assert measured.seeds >= FEWER_SEEDS.get(name, FEWEST_SEEDS), name
        assert 0 < measured.median <= preset.claim.by <= preset.claim.steps, name
        if preset.group == "Failures":
            assert measured.hits >= 0.99 * measured.seeds, name


def test_turns_counts_visible_ripples() -> None:
    x = np.linspace(0.0, 1.0, 200)
    wave, hum = np.sin(2 * np.pi * x), 0.004 * np.sin(30 * x)
    assert convergence.turns(x.tolist()) == 0
    assert convergence.turns((x + hum).tolist()) == 0
    assert convergence.turns(wave.tolist()) == 2
    assert convergence.turns((-wave + hum).tolist()) == 2


def test_a_former_name_finds_the_preset() -> None:
    assert find_preset("learned_by_heart") is presets["memorization"]
    assert find_preset("memorization") is presets["memorization"]
    assert find_preset("no_such_preset") is None


def test_former_names_are_no_ones_present_name() -> None:
    former = [name for preset in presets.values() for name in preset.former_names]
    assert len(former) == len(set(former))
    assert not set(former) & set(presets)
