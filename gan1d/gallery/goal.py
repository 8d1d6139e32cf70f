"""Goals: criteria that a run is to meet while it is watched, as by a page of a lesson.

A claim is about a run of a certain length. A goal is about a run that goes on: it is met at the first observation at
which its criterion shows in the run so far and, if the criterion is a lasting one, has held for `hold` steps.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from gan1d.diagnosis.feature_window import FeatureWindow
from gan1d.diagnosis.features import Features, TargetModes
from gan1d.diagnosis.trajectory import Trajectory
from gan1d.gallery.criteria import Criterion
from gan1d.gallery.preset import CRITERIA

LONGEST: Final = 400
"""Observations that are kept for a goal: its criterion sees the last 10 000 steps."""


@dataclass(frozen=True, kw_only=True)
class Goal:
    """What a run is to show.

    Attributes:
        shows: The criterion.
        hold: Steps for which a lasting criterion has to hold.
    """

    shows: Criterion
    hold: int = 0

    def is_met(self, trajectory: Trajectory) -> bool:
        """Whether the last observation of a run completes the goal."""
        step = self.shows.shown(trajectory)
        if step is None or not self.shows.lasting:
            return step is not None
        return trajectory.observations[-1].step - step >= self.hold


def read_goal(row: Mapping[str, Any]) -> Goal:
    """A goal from its row: `shows`, the name of a criterion; `hold`, if any; and thresholds of the criterion.

    Raises:
        ValueError: There is no such criterion or threshold, or a value is no number, or not a whole one for a count.
    """
    name = row.get("shows")
    if not isinstance(name, str) or name not in CRITERIA:
        raise ValueError(f"Expected shows to be one of {', '.join(CRITERIA)}, but got {name!r}.")
    kind, given = CRITERIA[name], {key: value for key, value in row.items() if key != "shows"}
    known = ["hold", *(each.name for each in fields(kind))]
    whole = {"hold", *(each.name for each in fields(kind) if isinstance(each.default, int))}
    for key, value in given.items():
        if key not in known:
            raise ValueError(f"Expected {name} to have {', '.join(known)}, but got {key!r}.")
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"Expected {key} to be a number, but got {value!r}.")
        if key in whole and value != value // 1:
            raise ValueError(f"Expected {key} to be a whole number, but got {value!r}.")
    given = {key: int(value) if key in whole else value for key, value in given.items()}
    hold = given.pop("hold", 0)
    return Goal(shows=kind(**given), hold=hold)


class GoalWatch:
    """A goal with the observations of the run that is to meet it, under its present settings.

    Args:
        goal: The goal.
        name: Its name in the program that set it.

    Attributes:
        goal: The goal.
        name: Its name.
        met_at: The step at which it was met; None while it is not.
    """

    def __init__(self, goal: Goal, name: str = "") -> None:
        self.goal, self.name = goal, name
        self.met_at: int | None = None
        self._observations: deque[Features] = deque(maxlen=LONGEST)

    def restart(self) -> None:
        """Forget all observations, because a new run begins, or one with other settings."""
        self.met_at = None
        self._observations.clear()

    def follow(self, window: FeatureWindow | None, diverged: int | None = None) -> bool:
        """Add the observations of a window that are new, and return whether the goal was met with one of them.

        Args:
            window: The last observations of the run; None before the first.
            diverged: Step at which the run diverged; None if it has not.
        """
        if window is None or self.met_at is not None:
            return False
        known = self._observations[-1].step if self._observations else -1
        for observation in window.observations:
            if observation.step > known and self.met_at is None:
                self._observations.append(observation)
                self._check(window.modes, None, observation.step)
        if diverged is not None and self.met_at is None:
            self._check(window.modes, diverged, diverged)
        return self.met_at is not None

    def _check(self, modes: TargetModes, diverged: int | None, step: int) -> None:
        if self.goal.is_met(Trajectory(observations=tuple(self._observations), modes=modes, diverged=diverged)):
            self.met_at = step


def met_at(goal: Goal, trajectory: Trajectory) -> int | None:
    """The step at which a whole run meets a goal as it is watched; None if it does not."""
    watch = GoalWatch(goal)
    for observation in trajectory.observations:
        watch.follow(FeatureWindow((observation,), trajectory.modes))
    if trajectory.observations:
        watch.follow(FeatureWindow((trajectory.observations[-1],), trajectory.modes), trajectory.diverged)
    return watch.met_at
