"""What can be happening in a run: one rule for each kind of diagnosis, over the last looks.

The first rule of `RULES` that holds is the verdict; if none does, the run is learning. The thresholds were fitted on
some seeds and checked on others: `docs/diagnosis.md` has the table, and `benchmarks/confusion.py` makes it anew. No
rule asks which loss, network or optimizer it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from gan1d.diagnosis.features import LONG, SHORT, TINY, Track, median

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

BY_HEART: Final = Kind(
    "learned_by_heart",
    "Learned by heart",
    "warning",
    "The fakes are where the training points are, and not where others of their kind would be. More points help.",
)

KINDS: Final = (UNTRAINED, LEARNING, CONVERGED, COLLAPSED, OSCILLATING, WON, WEAK, DIVERGED, BY_HEART)
"""All of them; a frame says the place of its diagnosis in here, so a new one goes to the end."""


# The rules ------------------------------------------------------------------------------------------------------------


def is_weak(track: Track, stays: bool) -> bool:
    """For 400 steps D has never told more than a quarter of what could be told, with much to tell and no progress.

    Near balance D rightly knows little, so the distance has to be well above that of a good fit. A D that G outruns
    is right in between, when G rests; one that changes a lot while all fakes leap from mode to mode is outrun all the
    same, and one that stays as it is may let them fall to another mode, but not drive them to and fro.
    Fakes that nobody guides may come past the reals, or to where D happens to be right, so to stay it is enough that
    most looks are like that.
    """
    looks, jumps = track.looks[-LONG:], track.jumps()
    if len(looks) < LONG or jumps > 3 or (jumps > 1 and track.unrest() > RESTLESS):
        return False
    knowledge, errors = [look.knowledge for look in looks], [look.error for look in looks]
    if stays:
        return median(knowledge) < 0.35 and median(errors) > 0.15
    return max(knowledge) < 0.25 and min(errors) > 0.25 and track.standstill(LONG)


def oscillates(track: Track, stays: bool) -> bool:
    """Within 600 steps nearly all fakes went from one mode to another twice, and one still has them; or the distance,
    far from that of a good fit, swung four times by a factor of three.

    A run may leap about before it settles, so nothing is said of its first 400 steps.
    """
    is_ruled = median(max(look.masses) for look in track.looks[-SHORT:]) > 0.8
    has_jumped = track.jumps() >= (1 if stays else 2)
    is_rough = median(look.error for look in track.looks) > 0.25
    has_swung = track.swings() >= (2 if stays else 4)
    return len(track.looks) >= LONG and ((is_ruled and has_jumped) or (is_rough and has_swung))


def has_run_off(track: Track, stays: bool) -> bool:
    """The fakes are five lengths of the axis away from the reals."""
    return track.now.far > 5


def has_won(track: Track, stays: bool) -> bool:
    """For 200 steps D has been right about 19 of 20 samples and near its best, and the distance does not fall: for as
    long if the fakes stand where D is flat, for 400 steps if they are pulled.

    A D that is right is not enough: as long as its curve rises towards the reals, G learns from it. A steep D that
    fakes come near to may slip for a look, so to stay it is enough that it has been right at most looks.
    """
    looks = track.looks[-SHORT:]
    slips = sum(min(look.right_real, look.right_fake) <= 0.95 or look.knowledge <= 0.9 for look in looks)
    is_sure = (
        len(looks) == SHORT and slips <= (SHORT // 2 - 1 if stays else 0) and min(look.error for look in looks) > 0.1
    )
    if track.grip < (0.1 if stays else 0.05):
        return is_sure and track.standstill(SHORT)
    return is_sure and len(track.looks) >= LONG and track.standstill(LONG)


def has_collapsed(track: Track, stays: bool) -> bool:
    """For 400 steps the same mode has had less than a fifth of its share, most fakes sit on modes, and the distance
    does not fall. A mode of small weight makes little distance."""
    looks = track.looks[-LONG:]
    worst = [max(column) for column in zip(*(track.coverage(look) for look in looks), strict=True)]
    return (
        len(looks) == LONG
        and min(worst) < (0.4 if stays else 0.2)
        and min(look.error for look in looks) > 0.1
        and median(look.settled for look in looks) > 0.5
        and (stays or track.standstill(LONG))
    )


def has_converged(track: Track, stays: bool) -> bool:
    """For 200 steps the distance has been below an eighth of the target's standard deviation and every mode has had
    at least three fifths of its share; a fifth and two fifths are enough to stay."""
    looks = track.looks[-SHORT:]
    return (
        len(looks) == SHORT
        and median(look.error for look in looks) < (0.2 if stays else 0.125)
        and max(look.error for look in looks) < (0.5 if stays else 0.3)
        and min(min(track.coverage(look)) for look in looks) > (0.4 if stays else 0.6)
    )


def has_learned_by_heart(track: Track, stays: bool) -> bool:
    """The fakes have converged to a fixed number of points, and are twice as far from the target that these were drawn
    from; one and a half times is enough to stay."""
    looks = track.looks[-SHORT:]
    ratio = median(look.target_error / (look.error + TINY) for look in looks)
    is_off = median(look.target_error for look in looks) > (0.1 if stays else 0.125)
    return track.points > 0 and ratio > (1.5 if stays else 2.0) and is_off and has_converged(track, stays)


RULES: Final[tuple[tuple[Kind, Callable[[Track, bool], bool]], ...]] = (
    (WEAK, is_weak),
    (OSCILLATING, oscillates),
    (DIVERGED, has_run_off),
    (WON, has_won),
    (COLLAPSED, has_collapsed),
    (BY_HEART, has_learned_by_heart),
    (CONVERGED, has_converged),
)
"""In the order in which they are asked. A weak D also lets the fakes run off, and one that they have run away from has
won; a mode that all fakes left a moment ago has not collapsed but oscillates."""


def verdict(track: Track, present: Kind) -> Kind:
    """What the looks say.

    Args:
        track: The looks.
        present: What was found before; to stay takes less than to begin.
    """
    return next((kind for kind, holds in RULES if holds(track, kind is present)), LEARNING)
