"""Outcomes of runs: those of the diagnosis of a single run, however the runs are made."""

import math

import pytest

from gan1d import Config, presets
from gan1d.diagnosis.trajectory import is_stackable, record_trajectories, record_trajectory
from gan1d.recording.observed_run import ObservedRun
from gan1d.sweeps.measurement import RunResult, measure, result_of

QUICK = Config.parsed({"batch_size": 16, "generator": {"hidden": [6]}, "discriminator": {"hidden": [6]}})
DIVERGING = presets["diverging"].config


def measure_alone(config: Config, steps: int, every: int = 0) -> RunResult:
    return result_of(record_trajectory(config, steps, from_start=True), config.seed, every)


def test_a_run_ends_as_the_page_would_say() -> None:
    config = QUICK.patched("seed", 5)
    run = ObservedRun(config)
    run.advance(130)
    result = measure_alone(config, 130)
    assert (result.seed, result.steps) == (5, 130)
    assert (result.outcome, result.since) == (run.diagnosis_kind.name, run.diagnosis.since)
    window = run.monitor.window
    assert window is not None
    assert result.distance == pytest.approx(run.frame().wasserstein1, rel=0.02)
    last = window.observations[-1]
    assert result.error / result.distance == pytest.approx(last.error / last.distance, rel=1e-6)


def test_runs_that_are_made_together_end_like_single_ones() -> None:
    configs = [QUICK.patched("seed", seed) for seed in range(9)]
    assert is_stackable(QUICK)
    for trajectory, config in zip(record_trajectories(configs, 100, from_start=True), configs, strict=True):
        together = result_of(trajectory, config.seed, 50)
        alone = measure_alone(config, 100, 50)
        assert (together.outcome, together.seed, together.covered) == (alone.outcome, alone.seed, alone.covered)
        assert together.error == pytest.approx(alone.error, rel=1e-3)
        assert together.course["step"] == alone.course["step"] == [50, 100]
        assert together.course["error"] == pytest.approx(alone.course["error"], rel=1e-3)


def test_a_run_that_diverges_has_no_numbers() -> None:
    results, seconds = measure(DIVERGING, [1, 2], 400)
    assert seconds > 0
    assert [result["outcome"] for result in results] == ["diverged", "diverged"]
    assert all(result["error"] is None and result["steps"] == result["since"] - 1 for result in results)


@pytest.mark.slow
def test_the_first_step_of_a_fit_is_kept() -> None:
    """At an error that every run has, the first observation fits."""
    fitted = [measure_alone(presets["default"].config.patched("seed", seed), 600).fitted for seed in (1, 2)]
    assert all(step is None or (25 <= step <= 600 and step % 25 == 0) for step in fitted)
    assert any(step is not None for step in fitted), fitted


def test_a_course_has_the_measurements_on_the_way() -> None:
    (result,), _ = measure(QUICK, [3], 100, every=25)
    assert result["course"]["step"] == [25, 50, 75, 100]
    assert result["course"]["error"][-1] == result["error"]
    assert result["course"]["covered"][-1] == result["covered"]
    assert "course" not in measure(QUICK, [3], 50)[0][0]


def test_numbers_are_written_without_digits_that_mean_nothing() -> None:
    result = RunResult(
        seed=1, outcome="learning", since=1, steps=10, fitted=None, error=1 / 3, distance=math.nan,
        jensen_shannon=0.0, covered=2, course={"error": [2 / 3, math.inf]},
    )  # fmt: skip
    values = result.to_json()
    assert (values["error"], values["distance"]) == (0.333333, None)
    assert values["course"] == {"error": [0.666667, None]}


def test_unrolled_games_are_made_one_by_one() -> None:
    assert not is_stackable(presets["hopping_unrolled"].config)
    (result,), _ = measure(presets["hopping_unrolled"].config.patched("batch_size", 8), [1], 25)
    assert result["steps"] == 25
