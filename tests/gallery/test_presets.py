"""Presets are small and valid; `test_claims.py` holds their texts to what was measured."""

import itertools
import math

import numpy as np
import pytest

import gan1d
from benchmarks import convergence
from gan1d.cli import check
from gan1d.config.model import Config
from gan1d.diagnosis.feature_extraction import FeatureExtractor
from gan1d.diagnosis.features import Features
from gan1d.gallery import find_preset, presets
from tests.tools import slow_but

NAMES = list(gan1d.presets)


def config_of(name: str, seed: int) -> Config:
    return gan1d.presets[name].config.patched("seed", seed)


def test_the_presets_that_others_link_to() -> None:
    assert NAMES[0] == "default"
    assert {"default", "textbook", "original", "mode_collapse", "diverging"} <= set(NAMES)


def test_groups_stand_together() -> None:
    groups = [group for group, _ in itertools.groupby(preset.group for preset in gan1d.presets.values())]
    assert groups == ["Healthy", "Failures", "Cures", "Targets", "Historic"]


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
        config = Config() if preset.based_on is None else preset.based_on.config
        for path, value in preset.changes.items():
            if path != left_out:
                config = config.patched(path, value)
        assert config != preset.config, left_out


@pytest.mark.parametrize("name", NAMES)
def test_the_config_survives_json(name: str) -> None:
    config = gan1d.presets[name].config
    assert Config.parsed(config.model_dump(mode="json")) == config


@pytest.mark.parametrize("name", slow_but(NAMES[::4], [name for name in NAMES if name != "diverging"]))
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


@pytest.mark.slow
def test_the_default_meets_its_claim_without_symmetry() -> None:
    config = convergence.asymmetric(gan1d.presets["default"].config, 3)
    assert check.run_block([config], [gan1d.presets["default"].claim])[0][0] is not None


@pytest.mark.slow
@pytest.mark.parametrize("healthy", ["default", "hinge"])
@pytest.mark.parametrize("name", [name for name in NAMES if gan1d.presets[name].group == "Failures"])
def test_what_a_failure_claims_is_not_true_of_a_healthy_run(name: str, healthy: str) -> None:
    assert check.run_block([config_of(healthy, 7)], [gan1d.presets[name].claim]) == [[None]]


def test_a_cure_changes_one_thing_of_its_failure() -> None:
    cures = ("loss", "penalty", "instance_noise", "conditional", "discriminator.constraint", "discriminator.view",
             "generator.lookahead", "generator.feature_matching")  # fmt: skip
    for name in [name for name in NAMES if gan1d.presets[name].group == "Cures"]:
        failure = gan1d.presets[name].based_on
        assert failure is not None, name
        assert failure.group == "Failures"
        changed = gan1d.presets[name].config.differences(failure.config)
        assert changed, name
        assert all(path.startswith(cures) for path in changed), name


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


@pytest.mark.slow
@pytest.mark.parametrize("seed", [8_000_000, 8_000_001])
def test_the_identity_loss_pulls_samples_inwards_and_makes_the_fit_rougher(seed: int) -> None:
    frames, deviations = [], []
    for name in ("cyclegan", "cyclegan_identity"):
        trainer = gan1d.Trainer(config_of(name, seed))
        trainer.run(gan1d.presets[name].claim.steps)
        source = trainer.config.latent.distribution.quantile((np.arange(2000) + 0.5) / 2000)
        frames.append(gan1d.observe(trainer))
        deviations.append(float(np.std(trainer.generator.apply(source))))
    assert frames[1].wasserstein1 > 2 * frames[0].wasserstein1
    assert deviations[1] < 0.9 * deviations[0]


@pytest.mark.parametrize("name", ["mode_collapse", "collapse_best_d"])
def test_the_collapse_ends_on_the_right_mode(name: str) -> None:
    trainer = gan1d.Trainer(config_of(name, 8_000_000))
    trainer.run(200)
    assert gan1d.observe(trainer).mode_masses[1] > 0.95


def features_at_the_end(name: str, seed: int) -> Features:
    trainer = gan1d.Trainer(config_of(name, seed))
    trainer.run(gan1d.presets[name].claim.steps)
    return FeatureExtractor(trainer.config, trainer.units).extract(trainer)


@pytest.mark.slow
def test_the_seed_decides_which_mode_a_code_takes_and_in_which_direction_codes_lie() -> None:
    seeds = range(8_000_000, 8_000_003)
    rows = [features_at_the_end("infogan", seed).code_masses for seed in seeds]
    assert len({tuple(row.index(max(row)) for row in each) for each in rows}) > 1
    orders = [features_at_the_end("infogan_continuous", seed).code_order for seed in seeds]
    assert min(orders) < -0.9
    assert max(orders) > 0.9
