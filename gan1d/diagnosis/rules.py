"""What can be happening in a run: one rule for each kind of diagnosis, over the last looks.

The first rule of `RULES` that holds is the verdict; if none does, the run is learning. The thresholds were fitted on
some seeds and checked on others: `docs/diagnosis.md` has the table, and `benchmarks/confusion.py` makes it anew. No
rule asks which loss, network or optimizer it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from gan1d.diagnosis.features import LONG, SHORT, TINY, FeatureWindow, median

RESTLESS: Final = 0.5
"""Share of its curve that a D changes in 25 steps if it learns at all: most that are outrun change more, nearly
all that hardly learn less."""


@dataclass(frozen=True)
class Kind:
    """One thing that can be happening.

    Attributes:
        name: How programs call it.
        label: How the page calls it.
        severity: Whether all is well, something is wrong, or neither.
        help: What it means, and what helps against it.
    """

    name: str
    label: str
    severity: Literal["calm", "good", "warning"]
    help: str


UNTRAINED: Final = Kind("untrained", "Untrained", "calm", "No step has been made yet.")
LEARNING: Final = Kind("learning", "Learning", "calm", "None of the other diagnoses fits (yet).")
CONVERGED: Final = Kind(
    "converged", "Converged", "good", "The fakes are where the reals are, with every mode's share about right."
)
COLLAPSED: Final = Kind(
    "mode_collapse",
    "Mode collapse",
    "warning",
    "The fakes crowd onto some modes and leave others out. A penalty on D's slope (R1) or a Wasserstein loss helps.",
)
OSCILLATING: Final = Kind(
    "oscillating",
    "Oscillating",
    "warning",
    "The players chase each other in circles. A slower G, more updates of D or a penalty on its slope helps.",
)
WON: Final = Kind(
    "discriminator_won",
    "D has won",
    "warning",
    "D is sure of every sample, and G gets no nearer. Where D is flat, G's gradient has vanished: another loss for G, "
    "noise on what D sees or a slower D helps. Where it is steep, it leads astray or G is too slow: a penalty on its "
    "slope together with a faster G helps.",
)
WEAK: Final = Kind(
    "discriminator_weak",
    "D too weak",
    "warning",
    "There is a difference between real and fake, but D cannot tell it, so G learns nothing from D. A faster or larger "
    "D helps, or a slower G.",
)
DIVERGED: Final = Kind(
    "diverged", "Diverged", "warning", "The run has blown up. A lower learning rate helps, after a reset."
)

MEMORIZATION: Final = Kind(
    "memorization",
    "Memorization",
    "warning",
    "The fakes are where the training points are, and not where others of their kind would be. More points help.",
)

KINDS: Final = (UNTRAINED, LEARNING, CONVERGED, COLLAPSED, OSCILLATING, WON, WEAK, DIVERGED, MEMORIZATION)
"""All of them; a frame says the place of its diagnosis in here, so a new one goes to the end."""


# The rules ------------------------------------------------------------------------------------------------------------


def is_weak(window: FeatureWindow, stays: bool) -> bool:
    """For 400 steps D has never told more than a quarter of what could be told, with much to tell and no progress.

    Near balance D rightly knows little, so the distance has to be well above that of a good fit. A D that G outruns
    is right in between, when G rests; one that changes a lot while all fakes leap from mode to mode is outrun all the
    same, and one that stays as it is may let them fall to another mode, but not drive them to and fro.
    Fakes that nobody guides may come past the reals, or to where D happens to be right, so to stay it is enough that
    most looks are like that.
    """
    observations, mode_switches = window.observations[-LONG:], window.mode_switches()
    if len(observations) < LONG or mode_switches > 3 or (mode_switches > 1 and window.discriminator_drift() > RESTLESS):
        return False
    optimality, errors = (
        [observation.optimality for observation in observations],
        [observation.error for observation in observations],
    )
    if stays:
        return median(optimality) < 0.35 and median(errors) > 0.15
    return max(optimality) < 0.25 and min(errors) > 0.25 and window.has_plateaued(LONG)


def oscillates(window: FeatureWindow, stays: bool) -> bool:
    """Within 600 steps nearly all fakes went from one mode to another twice, and one still has them; or the distance,
    far from that of a good fit, swung four times by a factor of three.

    A run may leap about before it settles, so nothing is said of its first 400 steps.
    """
    is_ruled = median(max(observation.masses) for observation in window.observations[-SHORT:]) > 0.8
    has_jumped = window.mode_switches() >= (1 if stays else 2)
    is_rough = median(observation.error for observation in window.observations) > 0.25
    has_swung = window.swings() >= (2 if stays else 4)
    return len(window.observations) >= LONG and ((is_ruled and has_jumped) or (is_rough and has_swung))


def has_run_off(window: FeatureWindow, stays: bool) -> bool:
    """The fakes are five lengths of the axis away from the reals."""
    return window.now.far > 5


def has_won(window: FeatureWindow, stays: bool) -> bool:
    """For 200 steps D has been right about 19 of 20 samples and near its best, and the distance does not fall: for as
    long if the fakes stand where D is flat, for 400 steps if they are pulled.

    A D that is right is not enough: as long as its curve rises towards the reals, G learns from it. A steep D that
    fakes come near to may slip for a look, so to stay it is enough that it has been right at most looks.
    """
    observations = window.observations[-SHORT:]
    slips = sum(
        min(observation.right_real, observation.right_fake) <= 0.95 or observation.optimality <= 0.9
        for observation in observations
    )
    is_sure = (
        len(observations) == SHORT
        and slips <= (SHORT // 2 - 1 if stays else 0)
        and min(observation.error for observation in observations) > 0.1
    )
    if window.gradient_strength < (0.1 if stays else 0.05):
        return is_sure and window.has_plateaued(SHORT)
    return is_sure and len(window.observations) >= LONG and window.has_plateaued(LONG)


def has_collapsed(window: FeatureWindow, stays: bool) -> bool:
    """For 400 steps the same mode has had less than a fifth of its share, most fakes sit on modes, and the distance
    does not fall. A mode of small weight makes little distance."""
    observations = window.observations[-LONG:]
    worst = [
        max(column) for column in zip(*(window.coverage(observation) for observation in observations), strict=True)
    ]
    return (
        len(observations) == LONG
        and min(worst) < (0.4 if stays else 0.2)
        and min(observation.error for observation in observations) > 0.1
        and median(observation.mass_on_modes for observation in observations) > 0.5
        and (stays or window.has_plateaued(LONG))
    )


def has_converged(window: FeatureWindow, stays: bool) -> bool:
    """For 200 steps the distance has been below an eighth of the target's standard deviation and every mode has had
    at least three fifths of its share; a fifth and two fifths are enough to stay."""
    observations = window.observations[-SHORT:]
    return (
        len(observations) == SHORT
        and median(observation.error for observation in observations) < (0.2 if stays else 0.125)
        and max(observation.error for observation in observations) < (0.5 if stays else 0.3)
        and min(min(window.coverage(observation)) for observation in observations) > (0.4 if stays else 0.6)
    )


def memorizes(window: FeatureWindow, stays: bool) -> bool:
    """The fakes have converged to a fixed number of points, and are twice as far from the target that these were drawn
    from; one and a half times is enough to stay."""
    observations = window.observations[-SHORT:]
    ratio = median(observation.target_error / (observation.error + TINY) for observation in observations)
    is_off = median(observation.target_error for observation in observations) > (0.1 if stays else 0.125)
    return window.points > 0 and ratio > (1.5 if stays else 2.0) and is_off and has_converged(window, stays)


RULES: Final[tuple[tuple[Kind, Callable[[FeatureWindow, bool], bool]], ...]] = (
    (WEAK, is_weak),
    (OSCILLATING, oscillates),
    (DIVERGED, has_run_off),
    (WON, has_won),
    (COLLAPSED, has_collapsed),
    (MEMORIZATION, memorizes),
    (CONVERGED, has_converged),
)
"""In the order in which they are asked. A weak D also lets the fakes run off, and one that they have run away from has
won; a mode that all fakes left a moment ago has not collapsed but oscillates."""


def select_diagnosis(window: FeatureWindow, present: Kind) -> Kind:
    """What the looks say.

    Args:
        track: The looks.
        present: What was found before; to stay takes less than to begin.
    """
    return next((kind for kind, holds in RULES if holds(window, kind is present)), LEARNING)
