"""Features of several observations: trends, switches of modes, and fits.

Rules read them over a `FeatureWindow`, the last observations under the present settings.
"""

import math
import statistics
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

import numpy as np

from gan1d.diagnosis.features import EPSILON, Features, TargetModes, error_of, mode_shares, weights_match

WINDOW: Final = 24
"""Number of observations that are kept: no rule looks back further than 600 steps."""
FALLING_ORDER: Final = -0.4
"""Rank correlation of error and time above which the error does not fall: noise alone reaches it now and then."""


def has_fitted(observations: Sequence[Features], modes: TargetModes, *, error: float, tolerance: float) -> bool:
    """Whether the fakes fit the reals over all of some observations.

    Args:
        observations: At least one.
        modes: The target's modes.
        error: The median of `Features.error` has to be below this, and the largest below 2.4 times this.
        tolerance: Share of its training mass that a mode may lack at any of the observations.
    """
    errors = [observation.error for observation in observations]
    return (
        median(errors) < error
        and max(errors) < 2.4 * error
        and all(weights_match(each.masses, modes.training_masses, tolerance) for each in observations)
    )


def mode_switches(observations: Iterable[Features]) -> list[int]:
    """Steps at which another mode was found dominant than before; observations without a dominant mode do not count."""
    dominant = [(each.step, each.dominant_mode) for each in observations if each.dominant_mode is not None]
    return [step for (_, before), (step, after) in pairwise(dominant) if before != after]


@dataclass(frozen=True)
class FeatureWindow:
    """The last observations of a run, all under the same settings.

    Attributes:
        observations: Oldest first, 25 steps apart, at least one.
        modes: The target's modes.
    """

    observations: Sequence[Features]
    modes: TargetModes

    @property
    def now(self) -> Features:
        """The last observation."""
        return self.observations[-1]

    def last(self, count: int) -> "FeatureWindow":
        """The window of the last `count` observations."""
        return FeatureWindow(self.observations[-count:], self.modes)

    def median(self, feature: Callable[[Features], float]) -> float:
        """Median of a feature."""
        return median(map(feature, self.observations))

    def share(self, holds: Callable[[Features], bool]) -> float:
        """Share of the observations of which something holds, 0 to 1."""
        return sum(map(holds, self.observations)) / len(self.observations)

    @property
    def error(self) -> float:
        """Median error."""
        return self.median(lambda each: each.error)

    @property
    def gradient_strength(self) -> float:
        """Median gradient strength."""
        return self.median(lambda each: each.gradient_strength)

    @property
    def gradient_alignment(self) -> float:
        """Median gradient alignment."""
        return self.median(lambda each: each.gradient_alignment)

    def least_share(self) -> float:
        """Of all modes, the smallest median share of the training mass that is due."""
        shares = mode_shares([each.masses for each in self.observations], self.modes.training_masses)
        return float(np.sort(shares, axis=0)[len(shares) // 2].min())

    def rank_correlation(self, feature: Callable[[Features], float]) -> float:
        """Kendall's rank correlation of a feature with time, −1 to 1; 0 of a single observation.

        −1 if every observation is below all before it, 0 if the feature goes up and down (Kendall 1938, Biometrika 30,
        81-93).
        """
        order, before = 0, list[float]()
        for index, value in enumerate(map(feature, self.observations)):
            # All earlier values are sorted: those below this one, less those above it.
            order += bisect_left(before, value) + bisect_right(before, value) - index
            insort(before, value)
        return order / math.comb(len(before), 2) if len(before) > 1 else 0.0

    def thirds(self, feature: Callable[[Features], float]) -> tuple[float, float, float]:
        """Median of a feature in the first, the middle and the last third."""
        values, third = [feature(observation) for observation in self.observations], len(self.observations) // 3
        parts = values[:third], values[third : len(values) - third], values[len(values) - third :]
        first, middle, last = (statistics.median(part) if part else math.nan for part in parts)
        return first, middle, last

    def fall(self, feature: Callable[[Features], float] = error_of) -> float:
        """By how much the median of a feature falls from half to half; 0 if it only goes up and down."""
        if self.rank_correlation(feature) > FALLING_ORDER:
            return 0.0
        values = [feature(observation) for observation in self.observations]
        middle = len(values) // 2
        return max(median(values[:middle]) - median(values[middle:]), 0.0)

    def progress(self, feature: Callable[[Features], float] = error_of) -> float:
        """The fall of a feature as a share of its median in the first half, 0 to 1."""
        first = [feature(observation) for observation in self.observations[: len(self.observations) // 2]]
        return self.fall(feature) / (median(first) + EPSILON) if first else 0.0

    def mode_switches(self) -> list[int]:
        """Steps at which the dominant mode changed."""
        return mode_switches(self.observations)

    def returns(self) -> bool:
        """Whether the fakes came back to a mode that they had left."""
        dominant = [each.dominant_mode for each in self.observations if each.dominant_mode is not None]
        visits = [mode for mode, _ in groupby(dominant)]
        return len(visits) > len(set(visits))

    def discriminator_drift(self) -> float:
        """Median change of D's curve between two observations, over the spread of its scores."""
        pairs = [(np.array(before.scores), np.array(after.scores)) for before, after in pairwise(self.observations)]
        changes = [float(np.std(after - before) / (np.std(after) + EPSILON)) for before, after in pairs]
        return median(changes) if changes else 0.0

    def travel(self) -> float:
        """Mean distance that the fakes move on the axis in 25 steps, in standard deviations of the target."""
        if len(self.observations) < 2:
            return 0.0
        cdf = np.array([observation.fake_cdf for observation in self.observations])
        return self.modes.axis_length * float(np.abs(np.diff(cdf, axis=0)).mean())


def median(values: Iterable[float]) -> float:
    """The middle value, of an even number the upper of the two in the middle; faster than numpy for so few."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2]
