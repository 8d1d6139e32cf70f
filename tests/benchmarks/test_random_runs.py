"""Random experiments: drawn from the seed alone, recorded without loss, and judged against the oracle."""

from dataclasses import astuple, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from benchmarks.judging import Delay, Suspicion, replayed, suspicions
from benchmarks.random_configs import ORDINARY, POPULATIONS, Population, draw_config
from benchmarks.random_runs import Judgement, confusion, judge, record_missing, spread, summary, timing
from benchmarks.recordings import from_line, record, recordings, to_line
from gan1d.config.model import Config
from gan1d.diagnosis.monitor import Monitor
from gan1d.engine.training.trainer import Trainer

SMALL = Config.parsed({"batch_size": 8, "generator": {"hidden": [4]}, "discriminator": {"hidden": [4]}})


@pytest.mark.parametrize("population", POPULATIONS.values(), ids=lambda population: population.name)
def test_every_seed_draws_an_experiment(population: Population) -> None:
    drawn = [draw_config(population, population.first_seed + index) for index in range(60)]
    assert [config.seed for config, _ in drawn] == [population.first_seed + index for index in range(60)]
    assert {steps for _, steps in drawn} <= set(population.steps)
    assert {config.standardize for config, _ in drawn} == {True, False}
    assert drawn[3] == draw_config(population, population.first_seed + 3)


def test_the_populations_share_no_seed() -> None:
    first = sorted(population.first_seed for population in POPULATIONS.values())
    assert all(after - before > 1_000_000 for before, after in pairwise(first))


@pytest.mark.parametrize("latent", ["normal", "source"])
def test_a_recording_is_read_as_it_was_written(latent: str) -> None:
    made = record(SMALL.patched("latent", latent), 100)
    read = from_line(to_line(made))
    assert read.observed_at.tolist() == [0, 25, 50, 75, 100]
    assert (read.seed, read.steps, read.modes, read.config) == (made.seed, 100, made.modes, made.config)
    for name, values in made.measured.items():
        assert np.allclose(read.measured[name], values, rtol=1e-6, equal_nan=True), name
    assert read.features[2].masses == pytest.approx(made.features[2].masses)
    assert read.features[2].error == pytest.approx(made.features[2].error)
    found, written = read.features[2].translation, made.features[2].translation
    assert (found is None) == (written is None) == (latent == "normal")
    if found is not None and written is not None:
        assert astuple(found) == pytest.approx(astuple(written))


def test_a_recorded_run_is_diagnosed_as_the_run_itself() -> None:
    made = record(SMALL, 700)
    monitor = Monitor(Trainer(SMALL))
    found = [monitor.kind.name]
    for _ in range(28):
        monitor.run(25)
        found.append(monitor.kind.name)
    assert replayed(made) == found


def test_recordings_in_the_file_are_not_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def quick(config: Config, steps: int) -> object:
        made.append(config.seed)
        return record(SMALL.patched("seed", config.seed), 50)

    monkeypatch.setattr("benchmarks.random_runs.record", quick)
    path, seeds = tmp_path / "runs.jsonl", [ORDINARY.first_seed + index for index in range(3)]
    record_missing(ORDINARY, seeds[:2], path)
    record_missing(ORDINARY, seeds, path)
    assert made == seeds
    assert [each.seed for each in recordings(path)] == made
    assert judge(next(recordings(path))).seed == ORDINARY.first_seed


def test_with_a_failure_its_suspicion_is_accepted() -> None:
    made = record(SMALL, 700)
    weak = replace(made.features[-1], optimality=0.0, error=1.0, right_real=0.5)
    lost = replace(made, features=[replace(weak, step=25 * index) for index in range(29)])
    lost.measured["wasserstein1"][:] = lost.deviation
    lost.measured["known"][:] = 0.0
    accepted = judge(lost).accepted
    assert {"discriminator_weak", "suspected_discriminator_weak"} <= accepted
    assert "suspected_discriminator_won" not in accepted


def test_a_suspicion_comes_true_as_a_failure_or_a_standstill() -> None:
    late = ["learning"] * 30
    wrong = [*["suspected_mode_collapse"] * 3, *["learning"] * 20, "mode_collapse", *late]
    right = [*["suspected_mode_collapse"] * 3, *["learning"] * 17, "plateau", *late]
    assert list(suspicions(wrong)) == [Suspicion("mode_collapse", 0, False)]
    assert list(suspicions(right)) == [Suspicion("mode_collapse", 0, True)]
    assert list(suspicions(["learning"] * 5 + ["suspected_mode_collapse"])) == []  # no time to come true


def test_the_report_counts_what_is_accepted() -> None:
    runs = [
        Judgement(1, "converged", "converged", {"converged"}, [Delay("converged", 100, 50, 250)], [], []),
        Judgement(2, "plateau", "converged", {"converged"}, [Delay("converged", 200, None, None)], [400, 425], []),
        Judgement(3, "plateau", "rough_fit", {"rough_fit", "plateau"}, [], [], [Suspicion("oscillating", 0, True)]),
    ]
    assert confusion(runs)[2:] == [
        "| Converged | 2 | 1 | **1** | 1 |",
        "| Rough fit | 1 | 1 |  | **1** |",
    ]
    assert timing(runs)[2] == "| Converged | 2 | 1 | 50, 50, 50 | 250, 250, 250 | 1 |"
    first, second, third = summary(ORDINARY, runs)
    assert "seeds 1 to 3, 2 were diagnosed rightly" in first
    assert "0 of them by a suspicion" in first
    assert "of the 2 in which the oracle accepts a single diagnosis, 1 were" in first
    assert second == "A failure was diagnosed while the error fell in 1 runs, at 2 observations together."
    assert third == "Of 1 suspicions 1 came true within 500 steps, as a failure or a standstill."
    assert spread([10, 20, 30]) == "20, 28, 30"
