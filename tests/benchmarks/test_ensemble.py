"""The benchmark of many runs counts every run's steps. How fast they are is not tested here."""

import argparse

import pytest

from benchmarks import ensemble
from benchmarks.contenders.ours import plain
from benchmarks.game import Experiment
from benchmarks.speed import SIZES
from gan1d.engine.training.ensemble import stack_size_for


def test_the_table_has_every_ensemble_once() -> None:
    options = argparse.Namespace(rounds=2, stretch=0.001)
    times = ensemble.measured(Experiment((3,), 4), [1, 3], [2, 4, 8], options)
    assert list(times) == ["one run", "1 runs in stacks of 1", "3 runs in stacks of 2", "3 runs in stacks of 3"]
    assert all(len(found) == 2 for found in times.values())


def test_steps_of_all_runs_count(capsys: pytest.CaptureFixture[str]) -> None:
    # Seconds per step of one run: a quarter of what one alone takes, so 4 times as fast; the goal is 1.6 times.
    rows = ensemble.table("S", {"one run": [0.4, 0.8], "64 runs in stacks of 32": [0.1, 0.2]})
    assert rows["64 runs in stacks of 32"]["faster"]["median"] == pytest.approx(4.0)
    assert rows["one run"]["faster"]["median"] == 1.0
    assert "4.00x (4.00 to 4.00)  goal 1.6: met" in capsys.readouterr().out


def test_the_goal_is_for_the_stack_that_is_chosen() -> None:
    for size, _, stack in ensemble.GOAL:
        assert stack_size_for(plain(SIZES[size]), "float32") == stack
