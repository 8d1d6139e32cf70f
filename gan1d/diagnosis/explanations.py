"""A diagnosis as a sentence: what is happening and why, with the numbers of the last look."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from gan1d.diagnosis.features import OBSERVE_EVERY, SHORT, FeatureWindow
from gan1d.diagnosis.rules import (
    COLLAPSED,
    CONVERGED,
    DIVERGED,
    LEARNING,
    MEMORIZATION,
    OSCILLATING,
    UNTRAINED,
    WEAK,
    WON,
    Kind,
)
from gan1d.engine.training.reports import Divergence
from gan1d.formatting import format_count

TOO_EARLY: Final = "it is too early to say more."


@dataclass(frozen=True)
class Diagnosis:
    """What is happening.

    Attributes:
        kind: Which of `KINDS`, by name.
        sentence: What is happening and why, with the numbers of the last look.
        since: The step at which it was found.
    """

    kind: str
    sentence: str
    since: int


def explain(kind: Kind, window: FeatureWindow, since: int) -> Diagnosis:
    """A verdict with its sentence."""
    return Diagnosis(kind.name, f"{kind.label}: {SENTENCES[kind.name](window)}", since)


def untrained() -> Diagnosis:
    """A run before its first step."""
    return Diagnosis(UNTRAINED.name, f"{UNTRAINED.label}: {UNTRAINED.help[:1].lower()}{UNTRAINED.help[1:]}", 0)


def too_early(step: int) -> Diagnosis:
    """A run of which nothing has been seen yet under its present settings."""
    return Diagnosis(LEARNING.name, f"{LEARNING.label}: {TOO_EARLY}", step)


def explain_divergence(divergence: Divergence) -> Diagnosis:
    """A run that cannot go on."""
    reason = f"the {divergence.player}'s gradient grew beyond all bounds, so there is no further step."
    return Diagnosis(DIVERGED.name, f"{DIVERGED.label}: {reason}", divergence.step)


def of_learning(window: FeatureWindow) -> str:
    """Where the fakes are, and whether they come nearer."""
    if len(window.observations) < SHORT:
        return TOO_EARLY
    moves = "and that is not getting less" if window.has_plateaued(SHORT) else "and that is getting less"
    return f"{where(window)}. A fake has {number(window.now.distance)} to go on average, {moves}."


def of_converged(window: FeatureWindow) -> str:
    """How good the fit is."""
    shares = "" if len(window.due) == 1 else "every mode has about its share, and "
    return (
        f"{shares}a fake is {number(window.now.distance)} off on average. There is next to nothing left for D to tell."
    )


def of_memorization(window: FeatureWindow) -> str:
    """How near the points are, and how far the target."""
    now = window.now
    return (
        f"a fake is {number(now.distance)} off the {format_count(window.points)} training points on average, but "
        f"{number(now.target_distance)} off the target that they were drawn from."
    )


def of_collapsed(window: FeatureWindow) -> str:
    """Which mode has too much, which one too little, and why that lasts."""
    now, coverage = window.now, window.coverage(window.now)
    full, empty = now.masses.index(max(now.masses)), coverage.index(min(coverage))
    return (
        f"{percent(now.masses[full])} of the fakes sit on the mode at {place(window.centres[full])}; the one at "
        f"{place(window.centres[empty])} gets {percent(now.masses[empty])} instead of {percent(window.due[empty])}. "
        "Hardly a fake is near enough to it to be pulled there."
    )


def of_oscillating(window: FeatureWindow) -> str:
    """What goes to and fro, and why."""
    steps = OBSERVE_EVERY * (len(window.observations) - 1)
    if (mode_switches := window.mode_switches()) > 0:
        return (
            f"in the last {steps} steps nearly all fakes changed from one mode to another {times(mode_switches)}. "
            "As soon as D has learned to reject one place, G leaves for another."
        )
    low, high = (pick(observation.distance for observation in window.observations) for pick in (min, max))
    return (
        f"in the last {steps} steps the distance swung between {number(low)} and {number(high)}. Each player answers "
        "to where the other one was."
    )


def of_won(window: FeatureWindow) -> str:
    """How sure D is, and why that is no help to G."""
    now = window.now
    sure = f"it is right about {percent(min(now.right_real, now.right_fake))} of all samples"
    if window.gradient_strength < 0.1:
        return (
            f"{sure}, and so flat where the fakes are that G is pulled {ratio(window.gradient_strength)} as hard "
            "as on an even slope to the reals. G hardly moves."
        )
    if window.gradient_alignment < 0.8:
        share = percent(0.5 + 0.5 * window.gradient_alignment)
        trouble = f"is pulled hard, but only {share} of the pull leads to where fakes are missing"
    else:
        trouble = "is pulled hard and the right way, but learns too slowly"
    return f"{sure}. G {trouble}: a fake still has {number(now.distance)} to go on average."


def of_weak(window: FeatureWindow) -> str:
    """How little D knows, though there is much to know."""
    known = max(window.now.optimality, 0.0)
    share = "nothing" if known < 0.005 else f"only {percent(known)}"
    return (
        f"a fake is {number(window.now.distance)} off on average, but D tells {share} of what the best D could tell. "
        "Where it sends G is as good as chance."
    )


def of_run_off(window: FeatureWindow) -> str:
    """How far the fakes are."""
    return f"the fakes are {number(window.now.far)} times the length of the axis away. G has taken far too large steps."


def where(window: FeatureWindow) -> str:
    """Where the fakes are, in a few words."""
    masses = window.now.masses
    if len(masses) == 1:
        return f"{percent(window.now.mass_on_modes)} of the fakes are where the reals are"
    if len(masses) <= 3:
        parts = [f"{percent(mass)} at {place(c)}" for mass, c in zip(masses, window.centres, strict=True)]
        return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]
    covered = sum(share > 0.5 for share in window.coverage(window.now))
    return f"{covered} of {len(masses)} modes have at least half of their share"


def percent(share: float) -> str:
    """A share as a person says it."""
    rounded = round(100 * share)
    return "none" if share < 0.001 else "less than 1 %" if rounded < 1 else f"{rounded} %"


def number(value: float) -> str:
    """Two digits that mean something."""
    return f"{value:.2f}" if value < 10 else f"{value:.2g}" if value >= 1e4 else f"{value:.0f}"


def place(x: float) -> str:
    """A place on the data axis."""
    return f"{x:.3g}".replace("-", "−")


def times(count: int) -> str:
    """How often."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def ratio(share: float) -> str:
    """A small share of a strength."""
    return f"{100 * share:.1g} %" if share >= 0.001 else "less than a thousandth"


SENTENCES: Final[dict[str, Callable[[FeatureWindow], str]]] = {
    LEARNING.name: of_learning,
    CONVERGED.name: of_converged,
    MEMORIZATION.name: of_memorization,
    COLLAPSED.name: of_collapsed,
    OSCILLATING.name: of_oscillating,
    WON.name: of_won,
    WEAK.name: of_weak,
    DIVERGED.name: of_run_off,
}
