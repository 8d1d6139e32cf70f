"""A goal is met at the first observation that completes it, whatever comes after."""

import math
from typing import Any

import pytest

from gan1d.diagnosis.feature_window import FeatureWindow
from gan1d.diagnosis.trajectory import Trajectory
from gan1d.gallery.criteria import Balanced, Diverged, Reached, Trained
from gan1d.gallery.goal import Goal, GoalWatch, met_at, read_goal
from tests.gallery.test_criteria import HALF, LEFT, trajectory_of


def of_masses(*masses: tuple[float, ...], **more: Any) -> Trajectory:
    return trajectory_of(*[{"masses": each} for each in masses], **more)


def test_a_criterion_that_holds_once_is_met_at_once() -> None:
    assert met_at(Goal(shows=Reached()), of_masses(LEFT, HALF, LEFT)) == 50
    assert met_at(Goal(shows=Reached()), of_masses(LEFT, LEFT)) is None


def test_a_lasting_criterion_is_met_after_it_has_held() -> None:
    run = of_masses(LEFT, HALF, HALF, HALF, LEFT)
    assert met_at(Goal(shows=Balanced()), run) == 50
    assert met_at(Goal(shows=Balanced(), hold=50), run) == 100
    assert met_at(Goal(shows=Balanced(), hold=75), run) is None


def test_a_run_that_diverges_is_met_where_it_ends() -> None:
    assert met_at(Goal(shows=Diverged()), of_masses(HALF, HALF, diverged=61)) == 61
    assert met_at(Goal(shows=Balanced(), hold=75), of_masses(HALF, HALF, diverged=61)) is None


def test_a_watch_takes_each_observation_once_and_forgets_with_a_new_run() -> None:
    run = of_masses(HALF, HALF, HALF)
    watch = GoalWatch(Goal(shows=Balanced(), hold=50))
    first, all_three = (FeatureWindow(tuple(run.observations[:count]), run.modes) for count in (2, 3))
    assert not watch.follow(None)
    assert not watch.follow(first)
    assert not watch.follow(first)
    assert watch.follow(all_three)
    assert watch.met_at == 75
    assert not watch.follow(all_three)
    watch.restart()
    assert watch.met_at is None


def test_a_goal_is_read_by_the_name_of_its_criterion() -> None:
    assert read_goal({"shows": "balanced", "tolerance": 0.2, "hold": 100}) == Goal(
        shows=Balanced(tolerance=0.2), hold=100
    )
    assert read_goal({"shows": "trained", "step": 30}) == Goal(shows=Trained(step=30))


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"shows": "nonsense"}, "Expected shows to be one of converged, .*, but got 'nonsense'."),
        ({}, "but got None."),
        ({"shows": "reached", "errors": 1.0}, "Expected reached to have hold, tolerance, but got 'errors'."),
        ({"shows": "reached", "tolerance": "much"}, "Expected tolerance to be a number, but got 'much'."),
        ({"shows": "reached", "tolerance": True}, "Expected tolerance to be a number, but got True."),
        ({"shows": "hopping", "times": 1.5}, "Expected times to be a whole number, but got 1.5."),
        ({"shows": "reached", "hold": math.inf}, "Expected hold to be a whole number, but got inf."),
    ],
)
def test_a_mistake_is_named(row: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        read_goal(row)
