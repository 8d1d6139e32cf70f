"""Features of a run: the numbers that one observation yields, and what several observations say together.

The diagnosis reads the last observations of a run, the gallery's criteria read all of them, and both use the
definitions of this module. A mode is covered as in `gan1d.engine.metrics.mode_coverage`.
"""

import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from gan1d.engine.arrays import Float64

OBSERVE_EVERY: Final = 25
"""Steps between two observations."""
WINDOW: Final = 24
"""Number of observations that are kept: no rule looks back further than 600 steps."""

EPSILON: Final = 1e-30
"""Added to divisors that may be 0, as the spread of a constant curve is."""

VANISHED_GRADIENT: Final = 0.05
"""Gradient strength below which G's gradient has vanished."""
FALLING_ORDER: Final = -0.4
"""Rank correlation of error and time above which the error does not fall: noise alone reaches it now and then."""


@dataclass(frozen=True)
class TargetModes:
    """The target's modes, left to right.

    Attributes:
        centres: Position of each mode, in units of x, `(modes,)`.
        due_masses: Share of the target's mass in the basin of each mode, `(modes,)`, summing to 1.
        training_masses: Share of the training distribution there, `(modes,)`: of the training samples if they are
            fixed, else of the target.
        training_samples: Number of fixed training samples, 0 if every batch is fresh.
        axis_length: Length of the data axis, in standard deviations of the target.
        seen_mean: Mean of the target as both networks see it: in the units of the run, 0 if the data are standardized.
        seen_deviation: Standard deviation of the target as both networks see it, 1 if the data are standardized.
    """

    centres: tuple[float, ...]
    due_masses: tuple[float, ...]
    training_masses: tuple[float, ...]
    training_samples: int = 0
    axis_length: float = 1.0
    seen_mean: float = 0.0
    seen_deviation: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Features:
    """The numbers that one observation yields.

    Reals come from the training distribution: the target, or the training samples if they are fixed. Everything about D
    is about samples as D sees them, under instance noise if there is any.

    Attributes:
        step: Steps done.
        distance: Wasserstein-1 of fakes and reals, in units of x, at least 0.
        error: `distance` over the target's standard deviation: about 1 if all mass is on the mean.
        target_distance: Wasserstein-1 of fakes and the target itself, in units of x, at least 0.
        target_error: `target_distance` over the target's standard deviation.
        axis_distance: `distance` over the length of the data axis.
        jensen_shannon: Jensen-Shannon divergence of fakes and the target on 64 bins, in nats, 0 to ln 2.
        masses: Share of the fakes in the basin of each mode, left to right, `(modes,)`, summing to 1.
        mass_on_modes: Share of the fakes inside the core of some mode, 0 to 1.
        best_accuracy: Share of the samples about which the optimal D is right, 0.5 to 1.
        optimality: D's advantage over a D that cannot separate reals from fakes, relative to that of the optimal D,
            (balance − L_D) / (balance − best L_D). 1: the optimal D. 0: no advantage. Below 0: D is wrong. A
            Wasserstein D may exceed 1 by paying the penalty on slopes above 1.
        right_real: Share of the reals that D takes for real, 0 to 1.
        right_fake: Share of the fakes that D takes for fake, 0 to 1.
        mean_gradient: Mean |d L_G / d x| at the fakes, in L_G per unit of x, at least 0.
        loss_gap: L_G at the fakes less L_G at the reals, with D held fixed.
        gradient_alignment: Share of the gradient that points to where the fakes have to go, less the share that points
            away, −1 to 1.
        scores: D's scores on an even grid over the data axis, class by class if conditional, `(64 · classes,)`.
        fake_cdf: Share of the fakes below each edge of the 64 bins of the data axis, `(65,)`.
    """

    step: int
    distance: float
    error: float
    target_distance: float
    target_error: float
    axis_distance: float
    jensen_shannon: float
    masses: tuple[float, ...]
    mass_on_modes: float
    best_accuracy: float
    optimality: float
    right_real: float
    right_fake: float
    mean_gradient: float
    loss_gap: float
    gradient_alignment: float
    scores: tuple[float, ...] = ()
    fake_cdf: tuple[float, ...] = ()

    @property
    def gradient_strength(self) -> float:
        """Mean gradient at the fakes, relative to the average slope of L_G between fakes and reals.

        1: the slope is uniform. 0: D is flat where the fakes are (vanishing gradient). ∞: L_G does not decrease towards
        the reals.
        """
        return self.mean_gradient * self.distance / self.loss_gap if self.loss_gap > 0 else math.inf

    @property
    def dominant_mode(self) -> int | None:
        """Index of the mode that holds more than four fifths of the fakes, if most fakes are on modes."""
        largest = max(self.masses)
        return self.masses.index(largest) if largest > 0.8 and self.mass_on_modes > 0.5 else None

    @property
    def is_right(self) -> bool:
        """Whether D is right about more than 19 of 20 samples of each kind."""
        return min(self.right_real, self.right_fake) > 0.95

    @property
    def is_sure(self) -> bool:
        """Whether D is right about more than 19 of 20 samples of each kind, and within a tenth of the optimal D."""
        return self.is_right and self.optimality > 0.9

    @property
    def is_blind(self) -> bool:
        """Whether D has less than a quarter of the optimal D's advantage, while fakes and reals clearly differ."""
        return self.optimality < 0.25 and self.error > 0.2


def error_of(observation: Features) -> float:
    """The error of an observation."""
    return observation.error


def mode_shares(masses: ArrayLike, due_masses: ArrayLike) -> Float64:
    """Each mode's mass over its due mass: 1 is right; 1 also where nothing is due.

    Args:
        masses: Mass of each mode, `(…, modes)`.
        due_masses: Due mass of each mode, `(modes,)`.

    Returns:
        `(…, modes)`, at least 0.
    """
    given, due = np.asarray(masses, np.float64), np.asarray(due_masses, np.float64)
    return np.divide(given, due, out=np.ones_like(given), where=due > 0)


def weights_match(masses: Sequence[float], due_masses: Sequence[float], tolerance: float) -> bool:
    """Whether no mode lacks more than `tolerance` of its due mass (0.3: 30 %).

    An excess on one mode is a lack on the others; where it is a small lack of a large mode it shows in the distance.
    """
    return bool(mode_shares(masses, due_masses).min() > 1 - tolerance)


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
        values = [feature(observation) for observation in self.observations]
        pairs = [(before, after) for index, after in enumerate(values) for before in values[:index]]
        order = sum((after > before) - (after < before) for before, after in pairs)
        return order / len(pairs) if pairs else 0.0

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
