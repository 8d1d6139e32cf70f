"""Criteria: the phenomena that the gallery shows, each as a threshold on features that a run meets or does not.

A run is a `Trajectory`: the features of every 25th step, the same that the diagnosis reads. A criterion is a frozen
value: `shown(trajectory)` is the step of the observation at which the phenomenon shows, or None, and `words` describes
it to a reader. A `lasting` criterion has to hold to the last observation of a run that does not diverge; any other is
met once and for all.

`error` is Wasserstein-1 over the standard deviation of the target: about 1 if all mass is on the mean, and 0.1 is a
good fit for networks of this size.

All criteria stand in this one file, so that a claim is made by reading one list.
"""

from dataclasses import dataclass

import numpy as np

from gan1d.diagnosis.feature_window import has_fitted, mode_switches
from gan1d.diagnosis.features import VANISHED_GRADIENT, Features, TargetModes, weights_match
from gan1d.diagnosis.trajectory import Trajectory
from gan1d.engine.metrics.mode_coverage import COVERED_SHARE, covered


class BaseCriterion:
    """A phenomenon, by thresholds on features."""

    lasting = False

    @property
    def words(self) -> str:
        """The criterion in a sentence."""
        raise NotImplementedError

    def shown(self, trajectory: Trajectory) -> int | None:
        """The step of the observation at which the phenomenon shows; None if it does not."""
        raise NotImplementedError


class Lasting(BaseCriterion):
    """A criterion that has to hold from some step to the end of the run."""

    lasting = True

    def holds(self, observation: Features, modes: TargetModes) -> bool:
        """Whether one observation meets the thresholds."""
        raise NotImplementedError

    def shown(self, trajectory: Trajectory) -> int | None:
        return trajectory.since(lambda observation: self.holds(observation, trajectory.modes))


@dataclass(frozen=True, kw_only=True)
class Converged(BaseCriterion):
    """The fakes fit the target over `count` observations in a row: the median error is below `error`, and no mode lacks
    more than `tolerance` of its mass; see `has_fitted`. The first of these observations counts."""

    error: float = 0.1
    tolerance: float = 0.3
    count: int = 3

    @property
    def words(self) -> str:
        return (
            f"G fits: error below {self.error:g}, and every mode has at least {1 - self.tolerance:.0%} of its mass, "
            f"at {self.count} observations in a row"
        )

    def shown(self, trajectory: Trajectory) -> int | None:
        observations, modes = trajectory.observations, trajectory.modes
        for start in range(len(observations) - self.count + 1):
            part = observations[start : start + self.count]
            if has_fitted(part, modes, error=self.error, tolerance=self.tolerance):
                return part[0].step
        return None


@dataclass(frozen=True, kw_only=True)
class Strayed(BaseCriterion):
    """The error has been below `near` at some observation, and is above `far` at a later one."""

    near: float = 0.5
    far: float = 1.0

    @property
    def words(self) -> str:
        return f"error falls below {self.near:g}, and later it is above {self.far:g} again"

    def shown(self, trajectory: Trajectory) -> int | None:
        was_near = False
        for observation in trajectory.observations:
            was_near = was_near or observation.error < self.near
            if was_near and observation.error > self.far:
                return observation.step
        return None


@dataclass(frozen=True, kw_only=True)
class Reached(BaseCriterion):
    """No mode lacks more than `tolerance` of its mass, at some observation; the first counts."""

    tolerance: float = 1 - COVERED_SHARE

    @property
    def words(self) -> str:
        return f"every mode has at least {1 - self.tolerance:.0%} of its mass, if only for a while"

    def shown(self, trajectory: Trajectory) -> int | None:
        due = trajectory.modes.due_masses
        matching = (each.step for each in trajectory.observations if weights_match(each.masses, due, self.tolerance))
        return next(matching, None)


@dataclass(frozen=True, kw_only=True)
class Balanced(Lasting):
    """No mode lacks more than `tolerance` of its mass (0.4: 40 %), to the end."""

    tolerance: float = 0.4

    @property
    def words(self) -> str:
        return f"every mode keeps at least {1 - self.tolerance:.0%} of its mass to the end"

    def holds(self, observation: Features, modes: TargetModes) -> bool:
        return weights_match(observation.masses, modes.due_masses, self.tolerance)


@dataclass(frozen=True, kw_only=True)
class Blurred(Lasting):
    """No mode lacks more than `tolerance` of its mass, but the Jensen-Shannon divergence stays above `divergence`: the
    fakes fill the valleys between the modes. To the end."""

    tolerance: float = 0.4
    divergence: float = 0.04

    @property
    def words(self) -> str:
        return (
            f"every mode keeps at least {1 - self.tolerance:.0%} of its mass, and Jensen–Shannon stays above "
            f"{self.divergence:g}, to the end"
        )

    def holds(self, observation: Features, modes: TargetModes) -> bool:
        return observation.jensen_shannon > self.divergence and weights_match(
            observation.masses, modes.due_masses, self.tolerance
        )


@dataclass(frozen=True, kw_only=True)
class Collapsed(Lasting):
    """Some mode, not always the same, is not covered, to the end."""

    words = f"some mode is not covered (has less than {COVERED_SHARE:.0%} of its mass), to the end"

    def holds(self, observation: Features, modes: TargetModes) -> bool:
        return not covered(observation.masses, modes.due_masses).all()


@dataclass(frozen=True, kw_only=True)
class Dropped(Lasting):
    """The lightest mode of the target is the only one that is not covered, to the end."""

    words = f"every mode is covered but the lightest, which has less than {COVERED_SHARE:.0%} of its mass, to the end"

    def holds(self, observation: Features, modes: TargetModes) -> bool:
        is_covered = covered(observation.masses, modes.due_masses).tolist()
        lightest = modes.due_masses.index(min(modes.due_masses))
        return is_covered.count(False) == 1 and not is_covered[lightest]


@dataclass(frozen=True, kw_only=True)
class Hopping(BaseCriterion):
    """The dominant mode, which has more than four fifths of the fakes, has changed `times` times."""

    times: int = 3

    @property
    def words(self) -> str:
        return f"the mode that has more than 80% of the fakes changes {self.times} times"

    def shown(self, trajectory: Trajectory) -> int | None:
        switches = mode_switches(trajectory.observations)
        return switches[self.times - 1] if len(switches) >= self.times else None


@dataclass(frozen=True, kw_only=True)
class Vanished(Lasting):
    """D is sure and flat where the fakes are, so that G's gradient has vanished, and the error stays above `error`, to
    the end."""

    error: float = 1.0

    @property
    def words(self) -> str:
        return (
            f"D is right about more than 95% of reals and of fakes, G's gradient is below {VANISHED_GRADIENT:.0%} of "
            f"an even slope to the reals, and error stays above {self.error:g}, to the end"
        )

    def holds(self, observation: Features, modes: TargetModes) -> bool:
        is_flat = observation.gradient_strength < VANISHED_GRADIENT
        return observation.is_sure and is_flat and observation.error > self.error


@dataclass(frozen=True, kw_only=True)
class Fooled(Lasting):
    """D is blind, with less than a quarter of the optimal D's advantage, and the error is above `error`, to the end."""

    error: float = 0.5

    @property
    def words(self) -> str:
        return (
            f"D tells less than 25% of what the optimal D could tell, although error is above {self.error:g}, "
            "to the end"
        )

    def holds(self, observation: Features, modes: TargetModes) -> bool:
        return observation.is_blind and observation.error > self.error


@dataclass(frozen=True, kw_only=True)
class Flat(Lasting):
    """D says nearly the same everywhere: the standard deviation of its scores over the data axis is below `spread`, to
    the end."""

    spread: float = 0.01

    @property
    def words(self) -> str:
        return f"D is flat: its scores over the axis have a standard deviation below {self.spread:g}, to the end"

    def holds(self, observation: Features, modes: TargetModes) -> bool:
        return float(np.std(observation.scores)) < self.spread


@dataclass(frozen=True, kw_only=True)
class Certain(Lasting):
    """D is sure, within a tenth of the optimal D, while the error is above `error`, to the end."""

    error: float = 0.5

    @property
    def words(self) -> str:
        return f"D is right about more than 95% of reals and of fakes, and error is above {self.error:g}, to the end"

    def holds(self, observation: Features, modes: TargetModes) -> bool:
        return observation.is_sure and observation.error > self.error


@dataclass(frozen=True, kw_only=True)
class Optimal(Lasting):
    """D has at least the share `least` of the optimal D's advantage over guessing, to the end."""

    least: float = 0.9

    @property
    def words(self) -> str:
        return f"D tells at least {self.least:.0%} of what the optimal D could tell, to the end"

    def holds(self, observation: Features, modes: TargetModes) -> bool:
        return observation.optimality >= self.least


@dataclass(frozen=True, kw_only=True)
class Undecided(Lasting):
    """D is right about a share of all samples that is within `within` of a half, and the error is below `error`, to the
    end: the fakes are too good for D."""

    within: float = 0.1
    error: float = 0.2

    @property
    def words(self) -> str:
        return (
            f"D is right about {0.5 - self.within:.0%} to {0.5 + self.within:.0%} of reals and fakes together, and "
            f"error is below {self.error:g}, to the end"
        )

    def holds(self, observation: Features, modes: TargetModes) -> bool:
        right = (observation.right_real + observation.right_fake) / 2
        return abs(right - 0.5) <= self.within and observation.error < self.error


@dataclass(frozen=True, kw_only=True)
class Trained(BaseCriterion):
    """The run has come to a step."""

    step: int = 100

    @property
    def words(self) -> str:
        return f"the run has come to step {self.step}"

    def shown(self, trajectory: Trajectory) -> int | None:
        steps = (each.step for each in trajectory.observations if each.step >= self.step)
        return next(steps, None)


@dataclass(frozen=True, kw_only=True)
class Memorized(Lasting):
    """The fakes fit the training samples: the error to them is below `error` and below `share` of the error to the
    target that they were drawn from, to the end."""

    error: float = 0.2
    share: float = 0.75

    @property
    def words(self) -> str:
        return (
            f"G fits the training samples, error to them below {self.error:g} and below {self.share:.0%} of that to "
            "the target, to the end"
        )

    def holds(self, observation: Features, modes: TargetModes) -> bool:
        is_nearer = observation.error < self.share * observation.target_error
        return modes.training_samples > 0 and observation.error < self.error and is_nearer


@dataclass(frozen=True, kw_only=True)
class Sorted(Lasting):
    """Each value of the code has more than `purity` of its fakes in one mode, and no two values have the same mode, to
    the end."""

    purity: float = 0.9

    @property
    def words(self) -> str:
        return f"each value of the code has more than {self.purity:.0%} of its fakes in a mode of its own, to the end"

    def holds(self, observation: Features, modes: TargetModes) -> bool:
        rows = observation.code_masses
        chosen = {row.index(max(row)) for row in rows if max(row) > self.purity}
        return len(rows) > 0 and len(chosen) == len(rows)


@dataclass(frozen=True, kw_only=True)
class Ordered(Lasting):
    """The fakes lie along x in the order of a continuous code, rising or falling: the size of the rank correlation of
    code and fake is above `least`, to the end."""

    least: float = 0.95

    @property
    def words(self) -> str:
        return (
            f"the fakes lie along x in the order of their code, with a rank correlation above {self.least:g} or below "
            f"−{self.least:g}, to the end"
        )

    def holds(self, observation: Features, modes: TargetModes) -> bool:
        return abs(observation.code_order) > self.least


@dataclass(frozen=True, kw_only=True)
class Translated(Lasting):
    """A translation fits: the errors of both ways, and that of there and back over the source's standard deviation, are
    below `error`, and at least the share `least` of all pairs is in one order, to the end."""

    error: float = 0.2
    least: float = 0.95
    verb = "keeps or reverses"

    @property
    def words(self) -> str:
        return (
            f"both ways fit and lead back, errors below {self.error:g}, and G {self.verb} the order of at least "
            f"{self.least:.0%} of all pairs of source samples, to the end"
        )

    def share(self, order_kept: float) -> float:
        """The share of the pairs that are in the wanted order, from the share whose order is kept."""
        return max(order_kept, 1 - order_kept)

    def holds(self, observation: Features, modes: TargetModes) -> bool:
        translation = observation.translation
        if translation is None:
            return False
        errors = observation.error, translation.back_error, translation.cycle_error
        return all(error < self.error for error in errors) and self.share(translation.order_kept) >= self.least


@dataclass(frozen=True, kw_only=True)
class OrderKept(Translated):
    """As `Translated`, with the order kept."""

    verb = "keeps"

    def share(self, order_kept: float) -> float:
        return order_kept


@dataclass(frozen=True, kw_only=True)
class OrderReversed(Translated):
    """As `Translated`, with the order reversed."""

    verb = "reverses"

    def share(self, order_kept: float) -> float:
        return 1 - order_kept


@dataclass(frozen=True, kw_only=True)
class Diverged(BaseCriterion):
    """A gradient has grown beyond all bounds, and the run stops."""

    words = "a gradient grows beyond all bounds, and training stops"

    def shown(self, trajectory: Trajectory) -> int | None:
        return trajectory.diverged


Criterion = (
    Converged
    | Strayed
    | Reached
    | Balanced
    | Blurred
    | Collapsed
    | Dropped
    | Hopping
    | Vanished
    | Fooled
    | Flat
    | Certain
    | Optimal
    | Undecided
    | Trained
    | Memorized
    | Sorted
    | Ordered
    | Translated
    | OrderKept
    | OrderReversed
    | Diverged
)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What a preset shows, and how soon.

    Attributes:
        shows: The criterion.
        steps: Length of the run; "to the end" is to this step.
        by: The step by which the criterion has to be met.
        least: What the true rate is above, at 95 % confidence: the lower bound of the measured rate has to exceed it.
    """

    shows: Criterion
    steps: int
    by: int
    least: float = 0.8

    def met(self, trajectory: Trajectory) -> int | None:
        """The step at which a run meets the criterion within its first `steps` steps; None if not, or too late."""
        step = self.shows.shown(trajectory.until(self.steps))
        return step if step is not None and step <= self.by else None

    @property
    def words(self) -> str:
        """The claim in a sentence."""
        return f"{self.shows.words}; seen by step {self.by} of {self.steps}"
