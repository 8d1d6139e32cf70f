"""What can happen to a GAN, each phenomenon as a criterion that a run meets or does not.

A run is seen as a `Trajectory`: what was measured at looks taken every `OBSERVE_EVERY` steps. A criterion is a frozen
value; `shown(trajectory)` is the step of the look at which the phenomenon shows, or None, and `words` says the same to
a reader. What is `lasting` has to last to the last look of a run that does not diverge; anything else is settled once
seen.

Distances are nW1, Wasserstein-1 over the standard deviation of the target: 1 is as far off as the target is wide, and
.1 is a good fit for networks of this size. D's verdicts are shares of its axis: 0 is fake, 1 is real.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

OBSERVE_EVERY: Final = 25
"""Steps between two looks."""

Floats = NDArray[np.floating[Any]]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Trajectory:
    """One run as it was seen at each look.

    Attributes:
        steps: Of the looks, rising, `(looks,)`.
        errors: nW1, at least 0, `(looks,)`.
        ema_errors: nW1 of the averaged generator, `(looks,)`.
        point_errors: The same distance of G to the fixed training points, NaN if there are none, `(looks,)`.
        divergences: Jensen-Shannon divergence, 0 to ln 2, `(looks,)`.
        masses: Share of G's mass in the basin of each mode, left to right, each row sums to 1, `(looks, modes)`.
        expected: Share of the target's mass there, `(modes,)`.
        real_outputs: D's mean verdict on all reals, 0 to 1, read from a histogram: right to 1/40, `(looks,)`.
        fake_outputs: D's mean verdict on fakes, in the same way, `(looks,)`.
        spreads: Highest minus lowest value of D's curve on the shown axis, as the page shows D, `(looks,)`.
        pushes: Mean length of the arrows, |dL_G/dx| of one fake, `(looks,)`.
        diverged: The step that could not be made, if there was one.
    """

    steps: NDArray[np.integer[Any]]
    errors: Floats
    ema_errors: Floats
    point_errors: Floats
    divergences: Floats
    masses: Floats
    expected: Floats
    real_outputs: Floats
    fake_outputs: Floats
    spreads: Floats
    pushes: Floats
    diverged: int | None = None

    def since(self, holds: Flags) -> int | None:
        """The step of the first look from which on `holds` is true at every look; None for a run that broke off."""
        others = np.flatnonzero(~holds)
        start = int(others[-1]) + 1 if len(others) else 0
        return int(self.steps[start]) if start < len(holds) and self.diverged is None else None

    def first(self, holds: Flags, in_a_row: int = 1) -> int | None:
        """The step of the first of `in_a_row` looks at which `holds` is true."""
        for index in range(len(holds) - in_a_row + 1):
            if holds[index : index + in_a_row].all():
                return int(self.steps[index])
        return None

    def kept(self, share: float) -> Flags:
        """Whether every mode has at least `share` of its mass, `(looks,)`."""
        kept: Flags = np.all(self.masses >= share * self.expected, axis=1)
        return kept


@dataclass(frozen=True, kw_only=True)
class Reached:
    """The target is met: nW1 below `error`, and every mode's mass within `tolerance` of what it should be (.3: 30 %),
    at `in_a_row` looks in a row; the first of them counts."""

    error: float = 0.1
    tolerance: float = 0.3
    in_a_row: int = 3
    lasting = False

    @property
    def words(self) -> str:
        """In a sentence."""
        return (
            f"G fits: nW1 below {self.error:g} and the mass of every mode within {self.tolerance:.0%} of its share, "
            f"at {self.in_a_row} looks in a row"
        )

    def shown(self, trajectory: Trajectory) -> int | None:
        """The step of the first of these looks."""
        fair = np.all(np.abs(trajectory.masses / trajectory.expected - 1) < self.tolerance, axis=1)
        return trajectory.first(fair & (trajectory.errors < self.error), self.in_a_row)


@dataclass(frozen=True, kw_only=True)
class Covered:
    """Every mode holds at least `share` of the mass that it should have, to the end."""

    share: float = 0.6
    lasting = True

    @property
    def words(self) -> str:
        """In a sentence."""
        return f"every mode keeps at least {self.share:.0%} of its mass to the end"

    def shown(self, trajectory: Trajectory) -> int | None:
        """The step from which on."""
        return trajectory.since(trajectory.kept(self.share))


@dataclass(frozen=True, kw_only=True)
class Blurred:
    """Every mode holds at least `share` of the mass that it should have, but the Jensen-Shannon divergence stays above
    `divergence`: the valleys between the modes are not there. To the end."""

    share: float = 0.6
    divergence: float = 0.04
    lasting = True

    @property
    def words(self) -> str:
        """In a sentence."""
        return (
            f"every mode keeps at least {self.share:.0%} of its mass, and Jensen-Shannon stays above "
            f"{self.divergence:g}, to the end"
        )

    def shown(self, trajectory: Trajectory) -> int | None:
        """The step from which on."""
        return trajectory.since(trajectory.kept(self.share) & (trajectory.divergences > self.divergence))


@dataclass(frozen=True, kw_only=True)
class Collapsed:
    """Some mode, not always the same, has less than `few` of all of G's mass (.05: 5 %), to the end."""

    few: float = 0.05
    lasting = True

    @property
    def words(self) -> str:
        """In a sentence."""
        return f"some mode has less than {self.few:.0%} of G's mass, to the end"

    def shown(self, trajectory: Trajectory) -> int | None:
        """The step from which on."""
        return trajectory.since(trajectory.masses.min(axis=1) < self.few)


@dataclass(frozen=True, kw_only=True)
class Dropped:
    """The lightest mode of the target has less than `few` of the mass that it should have (.2: a fifth), while every
    other has at least `share` of its own, to the end."""

    few: float = 0.2
    share: float = 0.6
    lasting = True

    @property
    def words(self) -> str:
        """In a sentence."""
        return (
            f"the lightest mode has less than {self.few:.0%} of its mass and every other at least {self.share:.0%}, "
            "to the end"
        )

    def shown(self, trajectory: Trajectory) -> int | None:
        """The step from which on."""
        lightest = int(np.argmin(trajectory.expected))
        kept = trajectory.masses / trajectory.expected
        others = np.delete(kept, lightest, axis=1)
        return trajectory.since((kept[:, lightest] < self.few) & np.all(others >= self.share, axis=1))


@dataclass(frozen=True, kw_only=True)
class Hopping:
    """The mode that holds more than `most` of G's mass has changed `times` times; looks without such a mode do not
    count."""

    times: int = 3
    most: float = 0.8
    lasting = False

    @property
    def words(self) -> str:
        """In a sentence."""
        return f"the mode that has more than {self.most:.0%} of G's mass changes {self.times} times"

    def shown(self, trajectory: Trajectory) -> int | None:
        """The step of the look that sees the last of these changes."""
        settled = np.flatnonzero(trajectory.masses.max(axis=1) > self.most)
        leaders = trajectory.masses[settled].argmax(axis=1)
        changes = settled[1:][np.diff(leaders) != 0]
        return int(trajectory.steps[changes[self.times - 1]]) if len(changes) >= self.times else None


@dataclass(frozen=True, kw_only=True)
class Vanished:
    """D's mean verdict on fakes is below `verdict`, G's loss pushes a fake by less than `push` per unit of x on
    average, and nW1 stays above `error`, to the end."""

    verdict: float = 0.05
    push: float = 0.02
    error: float = 1.0
    lasting = True

    @property
    def words(self) -> str:
        """In a sentence."""
        return (
            f"D's mean verdict on fakes is below {self.verdict:g}, a fake is pushed by less than {self.push:g}, and "
            f"nW1 stays above {self.error:g}, to the end"
        )

    def shown(self, trajectory: Trajectory) -> int | None:
        """The step from which on."""
        unmoved = (trajectory.pushes < self.push) & (trajectory.errors > self.error)
        return trajectory.since((trajectory.fake_outputs < self.verdict) & unmoved)


@dataclass(frozen=True, kw_only=True)
class Fooled:
    """D is too weak: its mean verdicts on real samples and on fakes differ by less than `gap` (.1: a tenth of its
    axis) while nW1 is above `error`, to the end."""

    gap: float = 0.1
    error: float = 0.5
    lasting = True

    @property
    def words(self) -> str:
        """In a sentence."""
        return (
            f"D's mean verdicts on real samples and on fakes differ by less than {self.gap:g} although nW1 is above "
            f"{self.error:g}, to the end"
        )

    def shown(self, trajectory: Trajectory) -> int | None:
        """The step from which on."""
        blind = np.abs(trajectory.real_outputs - trajectory.fake_outputs) < self.gap
        return trajectory.since(blind & (trajectory.errors > self.error))


@dataclass(frozen=True, kw_only=True)
class Certain:
    """D is too strong: its mean verdict on real samples is above that on fakes by `gap` or more while nW1 is above
    `error`, to the end."""

    gap: float = 0.8
    error: float = 0.5
    lasting = True

    @property
    def words(self) -> str:
        """In a sentence."""
        return (
            f"D's mean verdict on real samples is above that on fakes by {self.gap:g} or more, and nW1 is above "
            f"{self.error:g}, to the end"
        )

    def shown(self, trajectory: Trajectory) -> int | None:
        """The step from which on."""
        sure = trajectory.real_outputs - trajectory.fake_outputs >= self.gap
        return trajectory.since(sure & (trajectory.errors > self.error))


@dataclass(frozen=True, kw_only=True)
class Flattened:
    """D's curve, as the page shows it, spans less than `spread`, to the end: G has nothing to go by."""

    spread: float = 0.02
    lasting = True

    @property
    def words(self) -> str:
        """In a sentence."""
        return f"D's curve spans less than {self.spread:g}, to the end"

    def shown(self, trajectory: Trajectory) -> int | None:
        """The step from which on."""
        return trajectory.since(trajectory.spreads < self.spread)


@dataclass(frozen=True, kw_only=True)
class Memorised:
    """G fits its training points, nW1 to them below `error`, and that is below `share` of nW1 to the target that they
    were drawn from, to the end."""

    error: float = 0.2
    share: float = 0.75
    lasting = True

    @property
    def words(self) -> str:
        """In a sentence."""
        return (
            f"G fits the training points, nW1 to them below {self.error:g} and below {self.share:.0%} of that to the "
            "target, to the end"
        )

    def shown(self, trajectory: Trajectory) -> int | None:
        """The step from which on."""
        return trajectory.since(
            (trajectory.point_errors < self.error) & (trajectory.point_errors < self.share * trajectory.errors)
        )


@dataclass(frozen=True, kw_only=True)
class Diverged:
    """A gradient has grown beyond all bounds, and the run stops."""

    lasting = False
    words = "a gradient grows beyond all bounds, and training stops"

    def shown(self, trajectory: Trajectory) -> int | None:
        """The step that could not be made."""
        return trajectory.diverged


Criterion = (
    Reached
    | Covered
    | Blurred
    | Collapsed
    | Dropped
    | Hopping
    | Vanished
    | Fooled
    | Certain
    | Flattened
    | Memorised
    | Diverged
)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """How often a claim held, on seeds that were not used to find its settings.

    Attributes:
        hits: Seeds that showed it in time.
        seeds: Seeds that were run.
        median: The step by which half of them had shown it.
    """

    hits: int
    seeds: int
    median: int


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What an experiment is there to show, and how soon.

    Attributes:
        shows: The phenomenon.
        steps: How long the run has to be: "to the end" is to this step.
        by: The step by which it has to show.
        measured: How often it did.
    """

    shows: Criterion
    steps: int
    by: int
    measured: Measured

    def met(self, trajectory: Trajectory) -> int | None:
        """The step at which a run of `steps` steps shows it; None if it does not, or too late."""
        step = self.shows.shown(trajectory)
        return step if step is not None and step <= self.by else None

    @property
    def words(self) -> str:
        """In a sentence."""
        return f"{self.shows.words}; seen by step {self.by} of {self.steps}"
