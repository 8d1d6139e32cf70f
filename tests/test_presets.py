"""Presets are small, valid and true to their names; the slow tests see each do what it says, on a few seeds.

The rates behind the sentences come from `tests/bench/convergence.py --all`.
"""

import math

import numpy as np
import pytest

import gan1d
from gan1d.config import Config
from tests.bench import convergence

NAMES = list(gan1d.presets)


def config_of(name: str, seed: int) -> Config:
    return gan1d.presets[name].config.patched("seed", seed)


def test_the_presets_that_others_link_to() -> None:
    assert NAMES == ["default", "textbook", "original", "mode_collapse", "diverging"]


def test_the_default_preset_is_the_default_config() -> None:
    assert gan1d.presets["default"].config == Config()
    assert not gan1d.presets["default"].changes


def test_half_a_config_starts_as_the_default_does() -> None:
    partial = Config.parsed({"generator": {"hidden": [8]}, "discriminator": {}})
    assert partial.generator.optimizer == Config().generator.optimizer
    assert partial.discriminator.initialization == Config().discriminator.initialization


@pytest.mark.parametrize("name", NAMES)
def test_what_is_said_of_a_preset(name: str) -> None:
    preset = gan1d.presets[name]
    assert preset.name == name
    assert preset.title.strip()
    assert preset.watch.endswith(".")
    assert len(preset.watch) < 400


def test_no_two_presets_say_the_same() -> None:
    for said in ("title", "watch"):
        assert len({getattr(preset, said) for preset in gan1d.presets.values()}) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_no_change_is_idle(name: str) -> None:
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


@pytest.mark.slow
@pytest.mark.parametrize("claim", [c for c in convergence.CLAIMS if c.rate], ids=lambda c: f"{c.preset}-{c.suite}")
@pytest.mark.parametrize("seed", [3, 141, 5926])
def test_a_promise_is_kept(claim: convergence.Claim, seed: int) -> None:
    config = gan1d.presets[claim.preset].config
    track = convergence.play(seed, config=config, steps=claim.steps, suite=claim.suite)
    step = claim.shown(track)
    assert step is not None, f"seed {seed}: not {claim.shown.__name__} within {claim.steps} steps"
    assert step <= claim.by, f"seed {seed}: {claim.shown.__name__} at step {step}"


@pytest.mark.slow
@pytest.mark.parametrize("seed", [3, 141, 5926])
def test_the_penalty_cures_the_collapse(seed: int) -> None:
    config = config_of("mode_collapse", seed)
    trainer = gan1d.Trainer(config)
    trainer.run(500)
    assert gan1d.observe(trainer).mode_masses.min() < convergence.FEW, f"seed {seed}"
    trainer.config = config.patched("penalty", "r1")
    trainer.run(2000)
    assert gan1d.observe(trainer).mode_masses.min() > 0.3, f"seed {seed}"


def test_turns_counts_what_a_reader_would_call_a_ripple() -> None:
    x = np.linspace(0.0, 1.0, 200)
    wave, hum = np.sin(2 * np.pi * x), 0.004 * np.sin(30 * x)
    assert convergence.turns(x.tolist()) == 0
    assert convergence.turns((x + hum).tolist()) == 0
    assert convergence.turns(wave.tolist()) == 2
    assert convergence.turns((-wave + hum).tolist()) == 2
