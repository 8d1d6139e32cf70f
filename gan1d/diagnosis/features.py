"""Features of a run: the numbers that one observation yields.

The diagnosis reads the last observations of a run, the gallery's criteria read all of them, and both use the
definitions of this module and of `feature_window`. A mode is covered as in `gan1d.engine.metrics.mode_coverage`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from gan1d.engine.arrays import Float64

OBSERVE_EVERY: Final = 25
"""Steps between two observations."""
EPSILON: Final = 1e-30
"""Added to divisors that may be 0, as the spread of a constant curve is."""
VANISHED_GRADIENT: Final = 0.05
"""Gradient strength below which G's gradient has vanished."""


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


@dataclass(frozen=True, slots=True)
class TranslationFeatures:
    """How well a translation leads there and back.

    Attributes:
        order_kept: Share of the pairs of source samples whose order G keeps, 0 to 1.
        cycle_error: E |F(G(x)) − x| over the source's standard deviation, at least 0.
        back_error: Wasserstein-1 of the translations back and the source, over the source's standard deviation, at
            least 0.
    """

    order_kept: float
    cycle_error: float
    back_error: float


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
        optimal_accuracy: Share of the samples about which the optimal D is right, 0.5 to 1.
        optimality: D's advantage over a D that cannot separate reals from fakes, relative to that of the optimal D,
            (balance − L_D) / (balance − L_D of D*). 1: the optimal D. 0: no advantage. Below 0: D is wrong. A
            Wasserstein D may exceed 1 by paying the penalty on slopes above 1.
        right_real: Share of the reals that D takes for real, 0 to 1.
        right_fake: Share of the fakes that D takes for fake, 0 to 1.
        mean_gradient: Mean |d L_G / d x| at the fakes, in L_G per unit of x, at least 0.
        loss_gap: L_G at the fakes less L_G at the reals, with D held fixed.
        gradient_alignment: Share of the gradient that points to where the fakes have to go, less the share that points
            away, −1 to 1.
        scores: D's scores on an even grid over the data axis, class by class if conditional, `(64 · classes,)`.
        fake_cdf: Share of the fakes below each edge of the 64 bins of the data axis, `(65,)`.
        code_masses: Share of the fakes of each value of a categorical code in each basin, `(values, modes)`;
            empty without one.
        code_order: Rank correlation of a continuous code and its fakes, −1 to 1: 1 or −1 if a fake with a larger code
            always lies further right or left; 0 without one.
        translation: How G and F translate the source and the target into each other; None without a source.
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
    optimal_accuracy: float
    optimality: float
    right_real: float
    right_fake: float
    mean_gradient: float
    loss_gap: float
    gradient_alignment: float
    scores: tuple[float, ...] = ()
    fake_cdf: tuple[float, ...] = ()
    code_masses: tuple[tuple[float, ...], ...] = ()
    code_order: float = 0.0
    translation: TranslationFeatures | None = None

    @property
    def gradient_strength(self) -> float:
        """Mean gradient at the fakes, relative to the average slope of L_G between fakes and reals.

        1: the slope is uniform. 0: D is flat where the fakes are (vanishing gradient). ∞: L_G does not decrease towards
        the reals.
        """
        return self.mean_gradient * self.distance / self.loss_gap if self.loss_gap > 0 else math.inf

    @cached_property
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
