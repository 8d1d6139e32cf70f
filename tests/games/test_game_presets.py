"""The presets of the games: what each says is measured, to the digits that it says."""

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gan1d.engine.games.dynamics import trajectory
from gan1d.games.fate import spectrum
from gan1d.games.game_presets import DEFAULT_GAME, GamePreset, game_presets
from gan1d.games.game_run import run_game

PRESETS = list(game_presets.values())


def measured(preset: GamePreset, claim: Mapping[str, Any]) -> float:
    config = preset.config
    update = config.updates[claim.get("track", 1) - 1]
    largest = spectrum(config.game, update)[0]
    if claim["of"] == "rate":
        return float(abs(largest))
    if claim["of"] == "smallest":
        return float(abs(spectrum(config.game, update)[-1]))
    if claim["of"] == "real":
        return float(abs(largest.imag) < 1e-6)
    points = trajectory(config.game, update, [config.start.theta, config.start.psi], config.steps)
    distances = config.game.distance(points.T)
    if claim["of"] == "distance":
        return float(distances[claim["step"]])
    return float({"least": np.min, "most": np.max, "mean": np.mean}[claim["of"]](distances[claim["from"] :]))


CLAIMS = [(preset, claim) for preset in PRESETS for claim in preset.claims]


@pytest.mark.parametrize(("preset", "claim"), CLAIMS, ids=[f"{p.name}-{i}" for i, (p, _) in enumerate(CLAIMS)])
def test_each_claim_is_what_the_run_does(preset: GamePreset, claim: Mapping[str, Any]) -> None:
    decimals = len(claim["is"].partition(".")[2])
    assert f"{measured(preset, claim):.{decimals}f}" == claim["is"]


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_each_number_in_a_text_is_a_claim_or_a_setting(preset: GamePreset) -> None:
    known = {abs(float(number)) for number in re.findall(r"-?\d+\.?\d*", preset.config.model_dump_json())}
    known |= {float(claim["is"]) for claim in preset.claims} | {float(claim.get("from", 0)) for claim in preset.claims}
    # Formulas: the slope to which WGAN-GP draws D, the best γ, and thresholds that a claim of another preset proves.
    known |= {0.0, 1.0, 0.001}
    numbers = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", preset.watch)]
    assert [number for number in numbers if not any(math.isclose(number, one) for one in known)] == []


def test_the_rates_in_the_tutorial_are_claims() -> None:
    tutorial = (Path(__file__).parents[2] / "docs/tutorials/why-gans-circle.md").read_text("utf-8")
    rows = re.findall(r"^\| \*(.+?)\* \|.*\| (×.*) \|$", tutorial, re.MULTILINE)
    rates = {preset.title: [claim["is"] for claim in preset.claims if claim["of"] == "rate"] for preset in PRESETS}
    assert len(rows) == 5
    assert {title: re.findall(r"[\d.]+", numbers) for title, numbers in rows} == {
        title: rates[title] for title, _ in rows
    }


def test_the_comparison_in_a_text_holds_for_the_other_preset() -> None:
    distances = run_game(game_presets["best_penalty"].config)["tracks"][0]["distances"]
    assert distances[100] < 0.001


@pytest.mark.parametrize("gamma", [0.8, 0.95, 1.05, 1.5])
def test_no_penalty_is_faster_than_the_best(gamma: float) -> None:
    best = game_presets["best_penalty"].config
    other = best.patched("game.gamma", gamma)
    assert abs(spectrum(other.game, other.update)[0]) > abs(spectrum(best.game, best.update)[0])


@pytest.mark.parametrize(("gamma", "circles"), [(0.5, True), (0.95, True), (1.05, False), (2.0, False)])
def test_a_smaller_penalty_than_the_best_circles_and_a_larger_one_does_not(gamma: float, circles: bool) -> None:
    config = game_presets["best_penalty"].config.patched("game.gamma", gamma)
    assert (abs(spectrum(config.game, config.update)[0].imag) > 1e-3) == circles


def test_without_its_penalty_the_spiral_opens() -> None:
    config = game_presets["r1_spirals_in"].config.patched("game.gamma", 0.0)
    assert abs(spectrum(config.game, config.update)[0]) > 1


@pytest.mark.parametrize("step_size", [0.001, 0.01, 0.1, 1.0])
def test_plain_steps_lead_out_however_small_they_are(step_size: float) -> None:
    config = game_presets["spiral_out"].config.patched("update.learning_rate", step_size)
    assert abs(spectrum(config.game, config.update)[0]) > 1


def test_alternating_steps_keep_what_the_text_says() -> None:
    config = game_presets["circle"].config
    theta, psi = trajectory(config.game, config.update, [config.start.theta, config.start.psi], config.steps).T
    kept = theta**2 + psi**2 - 0.1 * theta * psi
    np.testing.assert_allclose(kept, kept[0], rtol=1e-12)


@pytest.mark.parametrize("start", [(0.05, 0.0), (0.3, -0.4), (-2.0, 0.5)])
def test_other_starts_end_on_the_same_circle(start: tuple[float, float]) -> None:
    config = game_presets["non_saturating"].config
    distances = config.game.distance(trajectory(config.game, config.update, start, 3000).T)
    assert np.all(np.abs(distances[-100:] - 0.63) < 0.01)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_the_first_curve_stays_in_the_picture(preset: GamePreset) -> None:
    run = run_game(preset.config)
    states = np.array(run["tracks"][0]["states"]).reshape(preset.config.steps + 1, -1)
    assert np.max(np.abs(states[:, 1])) <= run["plane"]


def test_the_default_preset_is_the_first() -> None:
    assert next(iter(game_presets)) == DEFAULT_GAME
    assert {preset.name for preset in PRESETS} == {row["name"] for row in (preset.row() for preset in PRESETS)}
