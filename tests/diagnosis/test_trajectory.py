"""Trajectories have the features of the run at every 25th step and at its end."""

import gan1d
from gan1d.diagnosis.feature_extraction import FeatureExtractor
from gan1d.diagnosis.monitor import Monitor
from gan1d.diagnosis.trajectory import record_runs, record_trajectory

SMALL = gan1d.Config().patched("batch_size", 16)


def test_a_trajectory_is_what_the_extractor_finds() -> None:
    trajectory, trainer, watched = record_trajectory(SMALL, 60), gan1d.Trainer(SMALL), list[int]()
    assert [observation.step for observation in trajectory.observations] == [25, 50, 60]
    trainer.run(60)
    extractor = FeatureExtractor(SMALL)
    assert trajectory.observations[-1] == extractor.extract(trainer)
    assert trajectory.modes == extractor.modes
    assert record_trajectory(SMALL, 60, lambda run: watched.append(run.step_count)) == trajectory
    assert watched == [25, 50, 60]


def test_criteria_and_diagnosis_read_the_same_observations() -> None:
    trajectory, monitor = record_trajectory(SMALL, 75), Monitor(gan1d.Trainer(SMALL))
    monitor.run(75)
    assert monitor.window is not None
    assert list(monitor.window.observations)[1:] == list(trajectory.observations)
    assert monitor.window.modes == trajectory.modes


def test_a_run_may_end_early() -> None:
    assert len(record_trajectory(SMALL, 500, is_enough=lambda run: len(run.observations) == 2).observations) == 2


def test_a_run_that_diverges_says_when() -> None:
    config = gan1d.presets["diverging"].config
    trajectory, trainer = record_trajectory(config, 500), gan1d.Trainer(config)
    trainer.run(500)
    assert trainer.diverged is not None
    assert trajectory.diverged == trainer.diverged.step


def test_a_run_may_be_observed_from_its_start() -> None:
    trajectory = record_trajectory(SMALL, 30, from_start=True)
    assert [observation.step for observation in trajectory.observations] == [0, 25, 30]
    assert trajectory.observations[1:] == record_trajectory(SMALL, 30).observations


def test_runs_that_may_end_early_are_made_one_by_one() -> None:
    configs = [SMALL.patched("seed", seed) for seed in range(3)]
    ended = record_runs(configs, 500, lambda run: len(run.observations) == 2)
    assert ended == [record_trajectory(config, 50) for config in configs]
    assert [len(run.observations) for run in record_runs(configs, 75)] == [3, 3, 3]
