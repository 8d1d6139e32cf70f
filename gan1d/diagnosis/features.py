"""What short looks at a run find: a few numbers each, and what the last of them say together."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

OBSERVE_EVERY: Final = 25
"""Steps between two looks."""
LONGEST: Final = 24
"""Looks that are remembered: no rule asks for what was more than 600 steps ago."""
SHORT: Final = 8
"""Looks that a rule goes by if it asks for a state: 200 steps."""
LONG: Final = 16
"""Looks that a rule goes by if it asks whether anything still happens: 400 steps."""

TINY: Final = 1e-30
"""Keeps a curve that is as flat as can be from a division by zero."""


@dataclass(frozen=True, kw_only=True)
class Features:
    """What one look found.

    Reals are what D is shown as real: the target, or the training points if they are fixed. What is said of D is about
    samples as D sees them, under instance noise if there is any.

    Attributes:
        step: Steps done.
        distance: Wasserstein-1 of fakes and reals, in units of x.
        error: The same over the standard deviation of the target: all mass on the mean scores about 1.
        target_distance: Wasserstein-1 of fakes and the target itself, in units of x.
        target_error: The same over its standard deviation.
        far: The distance over the length of the data axis.
        masses: Share of the fakes in each basin of the target, left to right.
        settled: Share of the fakes inside the core of some mode.
        knowledge: How much of what can be told of real and fake D tells, (balance − L_D) / (balance − best L_D): 1 for
            the best D, 0 for one that cannot tell anything, below 0 for one that is worse than that; above 1 for a
            critic that pays for a steeper slope than it is asked for.
        right_real: Share of the reals that D takes for real.
        right_fake: Share of the fakes that D takes for fake.
        pull: Mean |d L_G / d x| over the fakes: how hard G is pulled.
        gain: How much less G would pay if its samples were the reals and D stayed as it is.
        aim: Share of the pull that leads the fakes to where they have to go, less the share that leads away: −1 to 1.
        scores: D on an even grid over the data axis, class by class if labels are told, `(64 · classes,)`.
    """

    step: int
    distance: float
    error: float
    target_distance: float
    target_error: float
    far: float
    masses: tuple[float, ...]
    mass_on_modes: float
    optimality: float
    right_real: float
    right_fake: float
    mean_gradient: float
    loss_gap: float
    gradient_alignment: float
    scores: tuple[float, ...] = ()

    @property
    def gradient_strength(self) -> float:
        """The pull on the fakes over the mean slope of L_G on their way to the reals: about 1 on an even slope, 0 on a
        plain that the slope begins behind, infinite if it does not go down on that way."""
        return self.mean_gradient * self.distance / self.loss_gap if self.loss_gap > 0 else math.inf


@dataclass(frozen=True)
class FeatureWindow:
    """The last looks at a run, all under the same settings, and what its modes are.

    Attributes:
        looks: Oldest first, 25 steps apart, one at least.
        centres: Where the target's modes are, left to right.
        due: Share of the reals in the basin of each.
        points: Training points, 0 if every batch is fresh.
    """

    observations: Sequence[Features]
    centres: tuple[float, ...]
    due: tuple[float, ...]
    points: int = 0

    @property
    def now(self) -> Features:
        """The last look."""
        return self.observations[-1]

    @property
    def gradient_strength(self) -> float:
        """The usual one of the last 200 steps."""
        return median(observation.gradient_strength for observation in self.observations[-SHORT:])

    @property
    def gradient_alignment(self) -> float:
        """The usual one of the last 200 steps."""
        return median(observation.gradient_alignment for observation in self.observations[-SHORT:])

    def coverage(self, observation: Features) -> list[float]:
        """What each mode has of what it should have: 1 is right, and one that nothing is due to has it."""
        return [mass / due if due > 0 else 1.0 for mass, due in zip(observation.masses, self.due, strict=True)]

    def has_plateaued(self, count: int) -> bool:
        """Whether the distance is no shorter in the last half of so many looks than in the half before: by a tenth."""
        errors = [observation.error for observation in self.observations[-count:]]
        middle = len(errors) // 2
        return median(errors[middle:]) > 0.9 * median(errors[:middle])

    def dominant_modes(self) -> list[int]:
        """Which mode held more than four fifths of the fakes, at each look that found one, with most fakes on modes."""
        observations = [
            observation
            for observation in self.observations
            if max(observation.masses) > 0.8 and observation.mass_on_modes > 0.5
        ]
        return [observation.masses.index(max(observation.masses)) for observation in observations]

    def mode_switches(self) -> int:
        """How often another mode came to hold nearly all fakes."""
        return sum(before != after for before, after in pairwise(self.dominant_modes()))

    def discriminator_drift(self) -> float:
        """How much of D's curve is another one from look to look: the usual change over the spread of its scores."""
        pairs = [(np.array(before.scores), np.array(after.scores)) for before, after in pairwise(self.observations)]
        return (
            median(float(np.std(after - before) / (np.std(after) + TINY)) for before, after in pairs) if pairs else 0.0
        )

    def swings(self) -> int:
        """How often the distance went from below half its median to above one and a half of it, or back."""
        middle = median(observation.error for observation in self.observations)
        sides = [
            observation.error > middle
            for observation in self.observations
            if not 0.5 <= observation.error / middle <= 1.5
        ]
        return sum(before != after for before, after in pairwise(sides))


def median(values: Iterable[float]) -> float:
    """The middle one, of an even number the upper of both: quicker than numpy for so few."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2]
