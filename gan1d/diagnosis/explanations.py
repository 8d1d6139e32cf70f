"""The sentence of a diagnosis: the state of the run and its reason, with the numbers of the last observation."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from gan1d.diagnosis.feature_window import FeatureWindow
from gan1d.diagnosis.features import OBSERVE_EVERY, VANISHED_GRADIENT, TargetModes, mode_shares
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
    UNTRAINED,
    WEAK,
    WON,
    DiagnosisType,
)
from gan1d.diagnosis.progress import SHORT, SLOWEST_PROGRESS
from gan1d.diagnosis.rules import LONG, STANDSTILL
from gan1d.engine.metrics.mode_coverage import covered
from gan1d.engine.training.reports import Divergence
from gan1d.formatting import format_count, format_distance, format_position

TOO_EARLY: Final = "it is too early to say more."
FAR_FROM_ZERO: Final = 3.0
"""Distance of the target's mean from 0, in its standard deviations, above which it is far."""
NARROW, WIDE = 0.4, 8.0
"""Standard deviations of the target, as both networks see it, outside of which it is narrow or wide."""
ORDERED: Final = 0.95
"""Share of pairs in one order above which G keeps or reverses the order of the source."""
NOT_CERTAIN: Final = "It is too early to be certain."


@dataclass(frozen=True)
class Diagnosis:
    """A diagnosis in words.

    Attributes:
        kind: Name of its kind, one of `KINDS`.
        sentence: State of the run and its reason, with the numbers of the last observation.
        since: The step at which it was found.
    """

    kind: str
    sentence: str
    since: int


def explain(kind: DiagnosisType, window: FeatureWindow, since: int) -> Diagnosis:
    """The diagnosis with its sentence.

    A suspicion says what its failure would say, and that it is none yet. If the scale of the data is the likely cause
    of trouble, the sentence names it instead of the game.
    """
    words = SENTENCES[kind](window)
    if kind.severity not in ("calm", "good") and is_hard_to_see(window.modes):
        # The last sentence of a failure is its cause.
        facts = words if kind.severity == "standstill" else f"{words.rpartition('. ')[0] or words.rstrip('.')}."
        words = f"{facts} {describe_scale(window.modes)}"
    if kind.severity == "suspicion":
        words = f"{words} {NOT_CERTAIN}"
    return Diagnosis(kind.name, f"{kind.label}: {words}", since)


def untrained() -> Diagnosis:
    """The diagnosis of a run before its first step."""
    return Diagnosis(UNTRAINED.name, f"{UNTRAINED.label}: {UNTRAINED.help[:1].lower()}{UNTRAINED.help[1:]}", 0)


def too_early(step: int) -> Diagnosis:
    """The diagnosis of a run that has not been observed yet under its present settings."""
    return Diagnosis(LEARNING.name, f"{LEARNING.label}: {TOO_EARLY}", step)


def explain_divergence(divergence: Divergence) -> Diagnosis:
    """The diagnosis of a run that has diverged, and has no further step."""
    reason = f"the {divergence.player}'s gradient grew beyond all bounds, so there is no further step."
    return Diagnosis(DIVERGED.name, f"{DIVERGED.label}: {reason}", divergence.step)


def explain_learning(window: FeatureWindow) -> str:
    """Where the fakes are, and what gets better."""
    if len(window.observations) < SHORT:
        return TOO_EARLY
    distance, recent = format_distance(window.now.distance), window.last(SHORT)
    if recent.progress() > SLOWEST_PROGRESS:
        better = ", and that is getting less"
    elif recent.progress(lambda each: each.jensen_shannon) > SLOWEST_PROGRESS:
        better = "; the shape is getting better"
    else:
        better = ""
    back = describe_translation(window)
    return f"{describe_masses(window)}. A fake has {distance} to go on average{better}. {back}".rstrip()


def explain_converged(window: FeatureWindow) -> str:
    """How good the fit is, and what is left for D."""
    shares = "" if len(window.modes.centres) == 1 else "every mode has about its share, and "
    off = format_distance(window.now.distance)
    rest = describe_translation(window) or f"Even the optimal D would be {describe_optimal(window)}."
    return f"{shares}a fake is {off} off on average. {rest}"


def describe_translation(window: FeatureWindow) -> str:
    """Whether a translation keeps the order of the source, and how far a sample is from its place there and back; ""
    without a source."""
    now = window.now.translation
    if now is None:
        return ""
    if max(now.order_kept, 1 - now.order_kept) > ORDERED:
        order = "keeps the order" if now.order_kept > 0.5 else "reverses the order"
    else:
        order = f"keeps the order of {format_share(now.order_kept)} of all pairs"
    return f"G {order}, and there and back a sample is off by {format_share(now.cycle_error)} of the spread."


def explain_rough_fit(window: FeatureWindow) -> str:
    """That the shape is wrong although shares and distance are right, and what is left for D."""
    shares = "" if len(window.modes.centres) == 1 else "every mode has about its share, and "
    off = format_distance(window.now.distance)
    rest = describe_translation(window) or f"The optimal D would be {describe_optimal(window)}."
    return f"{shares}a fake is only {off} off on average, but the shape is wrong and gets no better. {rest}"


def explain_plateau(window: FeatureWindow) -> str:
    """Where the fakes are, and for how long that has not changed."""
    left, steps = format_distance(window.now.distance), OBSERVE_EVERY * STANDSTILL
    return (
        f"{describe_masses(window)}. A fake has {left} to go on average, and that has not got less for {steps} steps. "
        f"{describe_translation(window)}"
    ).rstrip()


def describe_optimal(window: FeatureWindow) -> str:
    """About how many samples the optimal D would be right."""
    return f"right about {format_share(window.now.optimal_accuracy)} of all samples; 50 % is chance"


def explain_memorization(window: FeatureWindow) -> str:
    """The distances to the training samples and to the target."""
    to_samples, to_target = format_distance(window.now.distance), format_distance(window.now.target_distance)
    return (
        f"a fake is {to_samples} off the {format_count(window.modes.training_samples)} training samples on average, "
        f"but {to_target} off the target that they were drawn from."
    )


def explain_collapsed(window: FeatureWindow) -> str:
    """Which mode has most of the fakes, which one lacks most, and why that lasts."""
    now, modes = window.now, window.modes
    full, empty = now.masses.index(max(now.masses)), int(mode_shares(now.masses, modes.due_masses).argmin())
    most, lack, due = map(format_share, (now.masses[full], now.masses[empty], modes.due_masses[empty]))
    return (
        f"{most} of the fakes sit on the mode at {mode_position(modes, full)}; the one at "
        f"{mode_position(modes, empty)} gets {lack} instead of {due}. "
        "Hardly a fake is near enough to it to be pulled there."
    )


def explain_oscillating(window: FeatureWindow) -> str:
    """How often the fakes hopped, or how far they move without getting nearer, and why."""
    steps = OBSERVE_EVERY * (len(window.observations) - 1)
    if (switches := len(window.mode_switches())) > 1:
        return (
            f"in the last {steps} steps nearly all fakes changed from one mode to another {format_times(switches)}. "
            "As soon as D has learned to reject one place, G leaves for another."
        )
    now, deviation = window.now, window.now.distance / window.now.error
    way, left = format_distance(deviation * window.last(LONG).travel()), format_distance(now.distance)
    return (
        f"a fake moves by {way} every {OBSERVE_EVERY} steps, but gets no nearer: it has {left} to go on average. Each "
        "player answers to where the other one was."
    )


def explain_won(window: FeatureWindow) -> str:
    """How often D is right, and why G does not learn from it."""
    now = window.now
    sure = f"it is right about {format_share(min(now.right_real, now.right_fake))} of all samples"
    if window.gradient_strength < 2 * VANISHED_GRADIENT:
        strength = format_ratio(window.gradient_strength)
        return (
            f"{sure}, and so flat where the fakes are that G is pulled {strength} as hard as on an even slope to the "
            "reals. G hardly moves."
        )
    if window.gradient_alignment < 0.8:
        share = format_share(0.5 + 0.5 * window.gradient_alignment)
        trouble = f"is pulled hard, but only {share} of the pull leads to where fakes are missing"
    else:
        trouble = "is pulled hard and the right way, but learns too slowly"
    return f"{sure}. G {trouble}: a fake still has {format_distance(now.distance)} to go on average."


def explain_weak(window: FeatureWindow) -> str:
    """How large D's advantage is, relative to that of the optimal D."""
    known = max(window.now.optimality, 0.0)
    share = "nothing" if known < 0.005 else f"only {format_share(known)}"
    off = format_distance(window.now.distance)
    return (
        f"a fake is {off} off on average, but D tells {share} of what the optimal D could tell. Where it sends G is as "
        "good as chance."
    )


def explain_run_off(window: FeatureWindow) -> str:
    """How far the fakes are from the reals."""
    lengths = format_distance(window.now.axis_distance)
    return f"the fakes are {lengths} times the length of the axis away. G has taken far too large steps."


def is_hard_to_see(modes: TargetModes) -> bool:
    """Whether the data, as both networks see them, are far from 0, narrow or wide.

    The first layers start with weights and biases for inputs around −1 to 1. In 285 random runs without `standardize`
    the fakes ended within an error of .15 in 35 % where the mean was below one standard deviation, and in 10 % above
    three.
    """
    is_far = abs(modes.seen_mean) > FAR_FROM_ZERO * modes.seen_deviation
    return is_far or not NARROW < modes.seen_deviation < WIDE


def describe_scale(modes: TargetModes) -> str:
    """The place and scale of the data as a cause, and what helps."""
    mean, deviation = (f"{value:.2g}".replace("-", "−") for value in (modes.seen_mean, modes.seen_deviation))
    return (
        f"The likely cause is the scale: both networks see data at {mean} with a spread of {deviation}. Switch "
        "standardize on."
    )


def describe_masses(window: FeatureWindow) -> str:
    """Where the fakes are: by mode, or how many of many modes are covered."""
    masses = window.now.masses
    if len(masses) == 1:
        return f"{format_share(window.now.mass_on_modes)} of the fakes are where the reals are"
    if len(masses) <= 3:
        parts = [f"{format_share(mass)} at {mode_position(window.modes, index)}" for index, mass in enumerate(masses)]
        return f"{', '.join(parts[:-1])} and {parts[-1]}"
    count = np.count_nonzero(covered(masses, window.modes.due_masses))
    return f"{count} of {len(masses)} modes have at least a fifth of their share"


def format_share(share: float) -> str:
    """A share in per cent, in words where it is tiny."""
    rounded = round(100 * share)
    return "none" if share < 0.001 else "less than 1 %" if rounded < 1 else f"{rounded} %"


def mode_position(modes: TargetModes, index: int) -> str:
    """The position of a mode, one of at least two."""
    return format_position(modes.centres[index], modes.centres[-1] - modes.centres[0])


def format_times(count: int) -> str:
    """A number of times, in words where there are any."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def format_ratio(share: float) -> str:
    """A small ratio in per cent, with one digit."""
    return f"{100 * share:.1g} %" if share >= 0.001 else "less than a thousandth"


EXPLANATIONS: Final[dict[DiagnosisType, Callable[[FeatureWindow], str]]] = {
    LEARNING: explain_learning,
    CONVERGED: explain_converged,
    MEMORIZATION: explain_memorization,
    COLLAPSED: explain_collapsed,
    OSCILLATING: explain_oscillating,
    WON: explain_won,
    WEAK: explain_weak,
    DIVERGED: explain_run_off,
    PLATEAU: explain_plateau,
    ROUGH_FIT: explain_rough_fit,
}
SENTENCES: Final = EXPLANATIONS | {suspicion: EXPLANATIONS[failure] for failure, suspicion in SUSPECTED.items()}
"""Explanation of each kind that is found by a rule."""
