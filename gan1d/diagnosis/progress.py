"""Whether a run gets nearer to the reals: tests of the last observations that noise does not pass."""

from collections.abc import Callable
from typing import Final

from gan1d.diagnosis.feature_window import FALLING_ORDER, FeatureWindow
from gan1d.diagnosis.features import Features, error_of

SHORT: Final = 8
"""Observations that show a state: 200 steps."""
STEADY: Final = 13
"""Observations that show that a fall is not chance: 300 steps."""

SLOWEST_PROGRESS: Final = 0.1
"""Share of the error that has to fall from one half of a window to the other; with less, the run does not get on."""
CLEAR_PROGRESS: Final = 0.2
"""Progress that ends a state in which the error stood: twice the slowest."""
STEADY_FALL: Final = 0.25
"""Share of the error that has fallen over 300 steps if the run gets nearer: no failure, whatever else holds."""


def stands(window: FeatureWindow, is_current: bool, feature: Callable[[Features], float] = error_of) -> bool:
    """The error, or another feature, does not fall.

    In a window of fewer than `SHORT` observations, whose median says little, the last observation must not be lower
    than the first either.

    Args:
        window: The last observations.
        is_current: Whether the feature stood before: then it stands until it clearly falls.
        feature: The feature.
    """
    enough = CLEAR_PROGRESS if is_current else SLOWEST_PROGRESS
    first, last = feature(window.observations[0]), feature(window.now)
    is_short = len(window.observations) < SHORT and not is_current
    return window.progress(feature) < enough and not (is_short and last < (1 - SLOWEST_PROGRESS) * first)


def falls_steadily(window: FeatureWindow, feature: Callable[[Features], float]) -> bool:
    """A kind of error has fallen steadily over the last 300 steps, by a quarter from the first third to the last."""
    steady = window.last(STEADY)
    if len(steady.observations) < STEADY or steady.rank_correlation(feature) >= FALLING_ORDER:
        return False
    first, _, last = steady.thirds(feature)
    return last < (1 - STEADY_FALL) * first


def gets_nearer(window: FeatureWindow) -> bool:
    """The run gets nearer to the reals or to the target that they were drawn from."""
    return falls_steadily(window, error_of) or falls_steadily(window, lambda each: each.target_error)
