"""A rule for each kind of diagnosis, over the last observations.

The first rule of `RULES` that holds for long enough decides. The rule of a failure that holds for a short time raises a
suspicion. If neither is so, the run is learning. The thresholds were fitted on some runs and checked on others:
`docs/diagnosis.md` has the tables, and `benchmarks/confusion.py` and `benchmarks/random_runs.py` measure them again. No
rule depends on the loss, the networks or the optimizers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from gan1d.diagnosis.feature_window import FeatureWindow, median
from gan1d.diagnosis.features import EPSILON, OBSERVE_EVERY, error_of, mode_shares
from gan1d.diagnosis.kinds import (
    COLLAPSED,
    CONVERGED,
    DIVERGED,
    LEARNING,
    MEMORIZATION,
    OSCILLATING,
    PLATEAU,
    ROUGH_FIT,
    SUSPECTED,
    WEAK,
    WON,
    DiagnosisType,
)
from gan1d.diagnosis.progress import SHORT, STEADY, gets_nearer, stands
from gan1d.engine.metrics.mode_coverage import covered

LONG: Final = 10
"""Observations that show whether anything still changes, where single ones vary much: 250 steps."""
STANDSTILL: Final = 16
"""Observations that show that nothing changes any more: 400 steps. Healthy runs rest for up to 300 before the shape of
their modes is right."""
EARLIEST: Final = 12
"""Observations since the start, or since a changed setting, before which no failure is certain: the first 275 steps. In
its first steps a healthy G moves far too, and may be slow to begin."""
SUSPICION: Final = 4
"""Observations after which a failure is suspected: 100 steps."""
LATER_SUSPICION: Final = 6
"""The same for failures that resemble the first steps, in which G moves far to get to the reals: 150 steps."""

SHAPELESS_ERROR: Final = 0.2
"""Error above which the shape does not count: as long as the fakes are elsewhere, it gets better without any use."""
FITTED_ERROR, LASTING_ERROR = 0.125, 0.15
"""Error below which a run converges, and stays converged: by eye the two densities agree."""
FITTED_DIVERGENCE, LASTING_DIVERGENCE = 0.045, 0.06
"""Jensen-Shannon divergence below which a run converges, and stays converged: with more there would be something left
for the optimal D to tell. At .045 it is right about at most 65 % of all samples, and its value is .09 above the
floor."""
LARGE_DRIFT: Final = 0.5
"""Drift of D's curve in 25 steps above which D learns: if G outruns D, it is mostly larger; if D hardly learns, nearly
always smaller."""
LONG_WAY: Final = 0.2
"""Travel of the fakes in 25 steps, in standard deviations of the target, above which they are thrown about."""
LUCKY_PROGRESS: Final = 0.25
"""Progress of fakes that are thrown about and happen to come nearer; with more they may have found their way."""
DIRECTED: Final = 0.1
"""Share of the way of the fakes by which the error falls if they know where to go; healthy runs have .3 and more."""
STILL_FALLING: Final = 0.95
"""Error of the last third of 300 steps over that of the middle third below which the error still falls."""
RECOVERED_SHARE: Final = 0.4
"""Share of its due mass at which a lost mode ends a mode collapse: twice what covers a mode, so that the diagnosis does
not flicker."""


# The rules ------------------------------------------------------------------------------------------------------------
#
# Each takes the window of the last observations, and `is_current`: whether its kind is the current diagnosis. To stay
# takes less than to begin, so that a diagnosis does not flicker.


def is_blind(window: FeatureWindow, is_current: bool) -> bool:
    """The error is above 0.2 and does not fall, and at four of five observations D has less than a quarter of the
    optimal D's advantage; to stay, 0.18, and less than 0.3 at three of five.

    Near the equilibrium D rightly has no advantage, hence the bound on the error.
    """
    error, optimality, share = (0.18, 0.3, 0.6) if is_current else (0.2, 0.25, 0.8)
    return (
        window.error > error
        and window.share(lambda each: each.optimality < optimality) >= share
        and stands(window, is_current)
    )


def is_chased(window: FeatureWindow) -> bool:
    """The fakes travel far while D's curve changes quickly: D learns, but G outruns it."""
    return window.travel() > LONG_WAY and window.discriminator_drift() > LARGE_DRIFT


def is_weak(window: FeatureWindow, is_current: bool) -> bool:
    """D is blind, and G does not outrun it: such a D is blind, too, but not weak."""
    return is_blind(window, is_current) and not is_chased(window)


def hops(window: FeatureWindow, is_current: bool) -> bool:
    """The fakes came back to a mode that they had left, and a mode is dominant.

    A change from one mode to the next is none: the fakes may have left for good. After the last change it lasts for
    twice the mean time between changes, at least for 200 steps, unless the run gets nearer. The error depends on the
    mode, so it has to fall still.
    """
    switches = window.mode_switches()
    if not window.returns() or median(max(each.masses) for each in window.observations[-SHORT:]) <= 0.8:
        return False
    _, middle, last = window.last(STEADY).thirds(error_of)
    if gets_nearer(window) and last < STILL_FALLING * middle:
        return False
    quiet, pause = window.now.step - switches[-1], (switches[-1] - switches[0]) / (len(switches) - 1)
    return quiet <= max(2 * pause, OBSERVE_EVERY * SHORT)


def is_thrown_about(window: FeatureWindow, is_current: bool) -> bool:
    """The fakes are far from the reals and travel far, but the error falls by less than a tenth of their way; or D is
    blind because G outruns it."""
    if is_blind(window, is_current) and is_chased(window):
        return True
    return (
        window.error > (0.2 if is_current else 0.25)
        and window.progress() < LUCKY_PROGRESS
        and (travel := window.travel()) > (0.75 * LONG_WAY if is_current else LONG_WAY)
        and window.fall() < DIRECTED * travel * (len(window.observations) - 1)
    )


def has_run_off(window: FeatureWindow, is_current: bool) -> bool:
    """The fakes are five lengths of the axis away from the reals: too far for D to be of use."""
    return window.now.axis_distance > 5


def has_won(window: FeatureWindow, is_current: bool) -> bool:
    """D is right about nearly all samples with three quarters of the optimal D's advantage at each observation, and the
    error is above 0.1 and does not fall.

    To stay, it is enough that D is so at more than half of the observations: a steep D may err for a moment about fakes
    that come near.

    A D that is right is no failure: as long as its curve rises towards the reals, G learns from it.
    """
    is_right = window.share(lambda each: each.is_right and each.optimality > 0.75) > (0.6 if is_current else 0.99)
    return is_right and min(each.error for each in window.observations) > 0.1 and stands(window, is_current)


def has_collapsed(window: FeatureWindow, is_current: bool) -> bool:
    """One and the same mode is not covered, the error is above 0.1 and does not fall, and most fakes are on modes.

    To stay, it is enough that the mode has less than `RECOVERED_SHARE` of its due mass. A mode of small weight makes
    little distance, hence the low bound on the error. A mode without a training sample cannot be learned, so it does
    not count.
    """
    masses, due_masses = [each.masses for each in window.observations], window.modes.due_masses
    is_missed = mode_shares(masses, due_masses) < RECOVERED_SHARE if is_current else ~covered(masses, due_masses)
    is_learnable = np.array(window.modes.training_masses) > 0
    return (
        bool((is_missed.all(axis=0) & is_learnable).any())
        and min(each.error for each in window.observations) > 0.1
        and window.median(lambda each: each.mass_on_modes) > 0.5
        and stands(window, is_current)
    )


def has_converged(window: FeatureWindow, is_current: bool) -> bool:
    """The fakes fit the reals by distance, shares and shape, so that even the optimal D has next to nothing to tell:
    the median error is small, the largest below 2.4 times that, no mode lacks more than two fifths of its mass, to stay
    three fifths, and the densities agree.

    Of fixed training samples and the target that they were drawn from, the nearer counts. Losses do not count: they
    look the same when D has become flat. In a translation, the way back has to fit as well.
    """
    if is_current:
        bound, divergence, tolerance = LASTING_ERROR, LASTING_DIVERGENCE, 0.6
    else:
        bound, divergence, tolerance = FITTED_ERROR, FITTED_DIVERGENCE, 0.4
    errors = [min(each.error, each.target_error) for each in window.observations]
    return (
        leads_back(window, bound)
        and median(errors) < bound
        and max(errors) < 2.4 * bound
        and window.least_share() > 1 - tolerance
        and window.median(lambda each: each.jensen_shannon) < divergence
    )


def leads_back(window: FeatureWindow, bound: float) -> bool:
    """The translations back fit the source, and a sample returns to its place: both median errors are below a bound, in
    standard deviations of the source. True without a source."""
    seen = [each.translation for each in window.observations if each.translation is not None]
    return not seen or max(median(each.back_error for each in seen), median(each.cycle_error for each in seen)) < bound


def memorizes(window: FeatureWindow, is_current: bool) -> bool:
    """The fakes fit fixed training samples, with a median error below 0.2, and are 1.6 times as far from the target
    that these were drawn from, at a median target error above 0.125.

    To stay, a median error below 0.25, 1.4 times as far and 0.1 are enough. With many samples both distances are alike.
    """
    error, ratio, off = (0.25, 1.4, 0.1) if is_current else (0.2, 1.6, 0.125)
    return (
        window.modes.training_samples > 0
        and window.error < error
        and window.median(lambda each: each.target_error / (each.error + EPSILON)) > ratio
        and window.median(lambda each: each.target_error) > off
        and stands(window, is_current, lambda each: each.target_error)
    )


def has_rough_fit(window: FeatureWindow, is_current: bool) -> bool:
    """Every mode has its share and the error is small, but nothing gets better, and the run has not converged."""
    bound, tolerance = (0.2, 0.6) if is_current else (0.15, 0.5)
    return (
        window.error < bound
        and window.least_share() > 1 - tolerance
        and window.median(lambda each: each.jensen_shannon) > FITTED_DIVERGENCE
        and has_plateaued(window, is_current)
    )


def has_plateaued(window: FeatureWindow, is_current: bool) -> bool:
    """The error does not fall; nor, if it is so small that the shape counts, the Jensen-Shannon divergence."""
    return stands(window, is_current) and (
        window.error > SHAPELESS_ERROR or stands(window, is_current, lambda each: each.jensen_shannon)
    )


@dataclass(frozen=True)
class Rule:
    """When a kind of diagnosis is made.

    Attributes:
        kind: The kind.
        holds: Whether the rule holds over a window. Its second argument is whether `kind` is the current diagnosis.
        certain: Number of observations over which the rule has to hold. For a failure `STANDSTILL` also do: an error
            that goes up and down may seem to fall over a shorter stretch.
        suspected: Number of observations over which it has to hold to raise a suspicion; 0 for none.
        sees_all: Whether the rule is given all observations as soon as there are `certain` of them.
    """

    kind: DiagnosisType
    holds: Callable[[FeatureWindow, bool], bool]
    certain: int
    suspected: int = 0
    sees_all: bool = False


RULES: Final = (
    Rule(OSCILLATING, hops, LONG, LATER_SUSPICION, sees_all=True),
    Rule(WEAK, is_weak, LONG, LATER_SUSPICION),
    Rule(OSCILLATING, is_thrown_about, LONG, LATER_SUSPICION),
    Rule(DIVERGED, has_run_off, 1),
    Rule(WON, has_won, SHORT, SUSPICION),
    Rule(COLLAPSED, has_collapsed, LONG, SUSPICION),
    Rule(MEMORIZATION, memorizes, SHORT),
    Rule(CONVERGED, has_converged, SHORT),
    Rule(ROUGH_FIT, has_rough_fit, STANDSTILL),
    Rule(PLATEAU, has_plateaued, STANDSTILL),
)
"""In order of precedence. A weak D also lets the fakes run off, and D is sure of fakes that have run off; a mode that
all fakes left a moment ago has not been lost, the run oscillates."""


def select_diagnosis(window: FeatureWindow, current: DiagnosisType) -> DiagnosisType:
    """The kind of the first rule that holds; else the first suspicion; else `LEARNING`.

    Args:
        window: The last observations.
        current: The current diagnosis; to stay takes less than to begin.
    """
    count, is_nearing = len(window.observations), gets_nearer(window)
    for rule in RULES:
        if is_nearing and rule.holds not in (hops, memorizes, has_converged):
            continue
        is_failure = rule.kind in SUSPECTED
        lengths = (rule.certain, STANDSTILL) if is_failure and not rule.sees_all else (rule.certain,)
        for length in lengths:
            part = window if rule.sees_all else window.last(length)
            enough = max(length, EARLIEST) if is_failure and rule.kind is not current else length
            if count >= enough and rule.holds(part, rule.kind is current):
                return rule.kind
    for rule in RULES:
        if not is_nearing and 0 < rule.suspected <= count and rule.holds(window.last(rule.suspected), False):
            return SUSPECTED[rule.kind]
    return LEARNING
