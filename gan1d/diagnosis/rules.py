"""The kinds of diagnosis, and a rule for each over the last observations.

The first rule of `RULES` that holds decides; if none does, the run is learning. The thresholds were fitted on some
seeds and checked on others: `docs/diagnosis.md` has the table, and `benchmarks/confusion.py` measures it again. No rule
depends on the loss, the networks or the optimizers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from gan1d.diagnosis.features import (
    EPSILON,
    LONG_WINDOW,
    SHORT_WINDOW,
    VANISHED_GRADIENT,
    FeatureWindow,
    has_fitted,
    median,
    mode_shares,
)
from gan1d.engine.metrics.mode_coverage import covered

LARGE_DRIFT: Final = 0.5
"""Drift of D's curve in 25 steps above which D learns: if G outruns D, it is mostly larger; if D hardly learns, nearly
always smaller."""
RECOVERED_SHARE: Final = 0.4
"""Share of its due mass at which a lost mode ends a mode collapse: twice what covers a mode, so that the diagnosis does
not flicker."""


@dataclass(frozen=True)
class DiagnosisType:
    """One kind of diagnosis.

    Attributes:
        name: Name in code, JSON and the frames' list of diagnoses.
        label: Name on the page.
        severity: "good" if the run does well, "warning" if something is wrong, else "calm".
        help: Meaning and remedies, for a student.
    """

    name: str
    label: str
    severity: Literal["calm", "good", "warning"]
    help: str


UNTRAINED: Final = DiagnosisType("untrained", "Untrained", "calm", "No step has been made yet.")
LEARNING: Final = DiagnosisType("learning", "Learning", "calm", "None of the other diagnoses fits (yet).")
CONVERGED: Final = DiagnosisType(
    "converged", "Converged", "good", "The fakes are where the reals are, with every mode's share about right."
)
COLLAPSED: Final = DiagnosisType(
    "mode_collapse",
    "Mode collapse",
    "warning",
    "The fakes crowd onto some modes and leave others out. A penalty on D's slope (R1) or a Wasserstein loss helps.",
)
OSCILLATING: Final = DiagnosisType(
    "oscillating",
    "Oscillating",
    "warning",
    "The players chase each other in circles. A slower G, more updates of D or a penalty on its slope helps.",
)
WON: Final = DiagnosisType(
    "discriminator_won",
    "D has won",
    "warning",
    "D is sure of every sample, and G gets no nearer. Where D is flat, G's gradient has vanished: another loss for G, "
    "noise on what D sees or a slower D helps. Where it is steep, it leads astray or G is too slow: a penalty on its "
    "slope together with a faster G helps.",
)
WEAK: Final = DiagnosisType(
    "discriminator_weak",
    "D too weak",
    "warning",
    "There is a difference between real and fake, but D cannot tell it, so G learns nothing from D. A faster or larger "
    "D helps, or a slower G.",
)
DIVERGED: Final = DiagnosisType(
    "diverged", "Diverged", "warning", "The run has blown up. A lower learning rate helps, after a reset."
)

MEMORIZATION: Final = DiagnosisType(
    "memorization",
    "Memorization",
    "warning",
    "The fakes are where the training points are, and not where others of their kind would be. More points help.",
)

KINDS: Final = (UNTRAINED, LEARNING, CONVERGED, COLLAPSED, OSCILLATING, WON, WEAK, DIVERGED, MEMORIZATION)
"""All kinds. A frame has the index of its diagnosis, so a new kind goes to the end."""


# The rules ------------------------------------------------------------------------------------------------------------
#
# Each takes the window of the last observations, and `is_current`: whether its kind is the current diagnosis. To stay
# takes less than to begin, so that a diagnosis does not flicker.


def is_weak(window: FeatureWindow, is_current: bool) -> bool:
    """D is blind at each of 400 steps, the error does not fall, and the fakes do not hop from mode to mode.

    To stay, it is enough that the median optimality is below 0.35 and the median error above 0.15: fakes without
    guidance may pass the reals, or a place where D happens to be right.

    Near the equilibrium D rightly has no advantage, hence the bound on the error. Mode hopping also makes D look weak.
    If D's curve changes quickly while the fakes switch modes, D is being chased, not weak. If D hardly changes, up to
    three switches in 600 steps are chance, and the rule still applies.
    """
    observations, switches = window.observations[-LONG_WINDOW:], window.mode_switches()
    is_hopping = switches > 3 or (switches > 1 and window.discriminator_drift() > LARGE_DRIFT)
    if len(observations) < LONG_WINDOW or is_hopping:
        return False
    if is_current:
        optimality = median(each.optimality for each in observations)
        return optimality < 0.35 and median(each.error for each in observations) > 0.15
    return all(each.is_blind for each in observations) and window.has_plateaued(LONG_WINDOW)


def oscillates(window: FeatureWindow, is_current: bool) -> bool:
    """Within 600 steps the dominant mode changed twice, and a mode is dominant; or the error, with a median above 0.25,
    swung four times between below half and above one and a half times its median.

    To stay, one change or two swings are enough. A run may hop before it settles, so the rule needs 400 steps.
    """
    is_dominated = median(max(each.masses) for each in window.observations[-SHORT_WINDOW:]) > 0.8
    has_hopped = window.mode_switches() >= (1 if is_current else 2)
    is_far = median(each.error for each in window.observations) > 0.25
    has_swung = window.swings() >= (2 if is_current else 4)
    return len(window.observations) >= LONG_WINDOW and ((is_dominated and has_hopped) or (is_far and has_swung))


def has_run_off(window: FeatureWindow, is_current: bool) -> bool:
    """The fakes are five lengths of the axis away from the reals: too far for D to be of use."""
    return window.now.axis_distance > 5


def has_won(window: FeatureWindow, is_current: bool) -> bool:
    """D is sure at each of 200 steps, the error is above 0.1 and does not fall: for 200 steps if G's gradient has
    vanished, else for 400.

    To stay, it is enough that D is sure at more than half of the observations, and that the gradient strength is below
    0.1 instead of 0.05: a steep D may err for a moment about fakes that come near.

    A sure D alone is no failure: as long as its curve rises towards the reals, G learns from it.
    """
    observations = window.observations[-SHORT_WINDOW:]
    errs = sum(not each.is_sure for each in observations)
    is_sure = (
        len(observations) == SHORT_WINDOW
        and errs <= (SHORT_WINDOW // 2 - 1 if is_current else 0)
        and min(each.error for each in observations) > 0.1
    )
    if window.gradient_strength < (2 * VANISHED_GRADIENT if is_current else VANISHED_GRADIENT):
        return is_sure and window.has_plateaued(SHORT_WINDOW)
    return is_sure and len(window.observations) >= LONG_WINDOW and window.has_plateaued(LONG_WINDOW)


def has_collapsed(window: FeatureWindow, is_current: bool) -> bool:
    """For 400 steps one and the same mode is not covered, the error is above 0.1 and does not fall, and most fakes are
    on modes.

    To stay, it is enough that the mode has less than `RECOVERED_SHARE` of its due mass, and the error may fall. A mode
    of small weight makes little distance, hence the low bound on the error. A mode without a training sample cannot be
    learned, so it does not count.
    """
    observations = window.observations[-LONG_WINDOW:]
    masses, due_masses = [each.masses for each in observations], window.modes.due_masses
    is_missed = mode_shares(masses, due_masses) < RECOVERED_SHARE if is_current else ~covered(masses, due_masses)
    is_learnable = np.array(window.modes.training_masses) > 0
    return (
        len(observations) == LONG_WINDOW
        and bool((is_missed.all(axis=0) & is_learnable).any())
        and min(each.error for each in observations) > 0.1
        and median(each.mass_on_modes for each in observations) > 0.5
        and (is_current or window.has_plateaued(LONG_WINDOW))
    )


def has_converged(window: FeatureWindow, is_current: bool) -> bool:
    """For 200 steps the fakes fit the reals (`has_fitted`): the median error is below 0.125, and no mode lacks more
    than two fifths of its training mass.

    To stay, a median error below 0.2 and a lack of up to three fifths are enough. Losses do not count: they look the
    same when D has become flat.
    """
    observations = window.observations[-SHORT_WINDOW:]
    error, tolerance = (0.2, 0.6) if is_current else (0.125, 0.4)
    fits = has_fitted(observations, window.modes, error=error, tolerance=tolerance)
    return len(observations) == SHORT_WINDOW and fits


def memorizes(window: FeatureWindow, is_current: bool) -> bool:
    """The fakes have converged to fixed training samples, and are twice as far from the target that these were drawn
    from, at a median target error above 0.125.

    To stay, one and a half times as far and 0.1 are enough. With many samples both distances are alike.
    """
    observations = window.observations[-SHORT_WINDOW:]
    ratio = median(each.target_error / (each.error + EPSILON) for each in observations)
    is_off = median(each.target_error for each in observations) > (0.1 if is_current else 0.125)
    is_far = ratio > (1.5 if is_current else 2.0) and is_off
    return window.modes.training_samples > 0 and is_far and has_converged(window, is_current)


RULES: Final[tuple[tuple[DiagnosisType, Callable[[FeatureWindow, bool], bool]], ...]] = (
    (WEAK, is_weak),
    (OSCILLATING, oscillates),
    (DIVERGED, has_run_off),
    (WON, has_won),
    (COLLAPSED, has_collapsed),
    (MEMORIZATION, memorizes),
    (CONVERGED, has_converged),
)
"""In order of precedence. A weak D also lets the fakes run off, and D is sure of fakes that have run off; a mode that
all fakes left a moment ago has not been lost, the run oscillates."""


def select_diagnosis(window: FeatureWindow, current: DiagnosisType) -> DiagnosisType:
    """The kind of the first rule that holds, `LEARNING` if none does.

    Args:
        window: The last observations.
        current: The current diagnosis; to stay takes less than to begin.
    """
    return next((kind for kind, holds in RULES if holds(window, kind is current)), LEARNING)
