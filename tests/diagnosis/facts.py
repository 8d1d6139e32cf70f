"""Facts in the document on the diagnosis: words around its numbers, and whether they are true."""

import inspect
import math
from collections.abc import Callable

import gan1d
from benchmarks import judging, oracle, random_runs, scenarios
from gan1d.diagnosis import explanations, progress, rules
from gan1d.diagnosis.evaluation_samples import (
    COARSE_LATTICE_POINTS,
    COARSE_LATTICE_POINTS_PER_CLASS,
    QUANTILES,
    SMALLEST_CLASS,
)
from gan1d.diagnosis.feature_extraction import BINS
from gan1d.diagnosis.feature_window import FALLING_ORDER, WINDOW
from gan1d.diagnosis.features import OBSERVE_EVERY, VANISHED_GRADIENT, Features
from gan1d.diagnosis.progress import CLEAR_PROGRESS, SLOWEST_PROGRESS, STEADY, STEADY_FALL
from gan1d.engine.metrics.mode_coverage import COVERED_SHARE
from gan1d.gallery.rates import wilson

NEARER = OBSERVE_EVERY * (STEADY - 1)
"""Steps over which a run gets nearer."""


def has(code: object, *parts: str) -> bool:
    """Whether the source of a function, class or module has all these parts."""
    text = inspect.getsource(code)  # type: ignore[arg-type]
    return all(part in text for part in parts)


def suspected_after(*names: str) -> set[int]:
    """Steps until these diagnoses are suspected."""
    return {OBSERVE_EVERY * rule.suspected for rule in rules.RULES if rule.kind.name in names}


def entropy(share: float) -> float:
    """Entropy of two outcomes, in nats."""
    return -share * math.log(share) - (1 - share) * math.log(1 - share)


DIAGNOSIS: dict[str, Callable[[], bool]] = {
    "at every 25th step": lambda: OBSERVE_EVERY == 25,
    "on 64 bins, and from 128 equally likely fakes and 128 equally": lambda: (BINS, QUANTILES) == (64, 128),
    "the error of 64 bins": lambda: BINS == 64,
    "those of 509 fixed z": lambda: COARSE_LATTICE_POINTS == 509,
    "or 127 for each label": lambda: COARSE_LATTICE_POINTS_PER_CLASS == 127,
    "at least 32 for each": lambda: SMALLEST_CLASS == 32,
    # All at the mean of a bell are E|x − μ|/σ = √(2/π) away.
    "scores about 1.": lambda: round(math.sqrt(2 / math.pi)) == 1,
    "at least a fifth of its due mass": lambda: COVERED_SHARE == 0.2,
    "target on the 64 bins": lambda: BINS == 64,
    "½ is chance": lambda: gan1d.Config().loss.readout.threshold == 0.5,
    "1 is the optimal D, 0 is the same output everywhere, and below 0 D is wrong": lambda: True,  # the quotient
    "above 0.95 and optimality is above 0.9": lambda: has(Features, "> 0.95", "self.optimality > 0.9"),
    "On an even slope it is 1. It is 0 where": lambda: True,  # the quotient
    "by less than a tenth from the first half": lambda: SLOWEST_PROGRESS == 0.1,
    "is above −.4": lambda: FALLING_ORDER == -0.4,
    "until it falls by a fifth": lambda: CLEAR_PROGRESS == 0.2,
    "fallen by a quarter from the first third to the last third of the last 300 steps": lambda: (
        (STEADY_FALL, NEARER) == (0.25, 300) and has(progress.falls_steadily, "first, _, last = steady.thirds")
    ),
    "rank correlation below −.4": lambda: FALLING_ORDER == -0.4,
    "in the first 275 steps": lambda: OBSERVE_EVERY * (rules.EARLIEST - 1) == 275,
    "on a window of 100 steps": lambda: suspected_after("mode_collapse", "discriminator_won") == {100},
    "it takes 150 steps": lambda: suspected_after("discriminator_weak", "oscillating") == {150},
    "(gradient strength < .1), astray (gradient alignment < .8: less than nine tenths": lambda: (
        # The share that points there, less the share that points away: .9 − .1.
        2 * VANISHED_GRADIENT == 0.1 and has(explanations.explain_won, "2 * VANISHED_GRADIENT", "alignment < 0.8")
    ),
    "by a twentieth from the middle third of 300 steps": lambda: (rules.STILL_FALLING, NEARER) == (1 - 1 / 20, 300),
    "over eight modes": lambda: len(gan1d.presets["many_modes"].config.target.modes) == 8,
    # The value is twice the divergence, less a constant. Of all pairs with this divergence two coins, of ½ ± a and
    # ½ ∓ a, are told apart best: ln 2 − H(½ + a) (Topsøe 2000, doi:10.1109/18.850703).
    "divergence of .045 the optimal D raises the value of the game by .09 and is right about at most 65 %": lambda: (
        (rules.FITTED_DIVERGENCE, 2 * rules.FITTED_DIVERGENCE) == (0.045, 0.09)
        and math.log(2) - entropy(0.645) < 0.045 < math.log(2) - entropy(0.65)
    ),
    "They need 400 steps, because healthy runs stay the same for up to 300": lambda: (
        OBSERVE_EVERY * rules.STANDSTILL == 400
    ),
    "far from 0 (more than three": lambda: explanations.FAR_FROM_ZERO == 3,
    "narrow (below .4) or wide (above 8)": lambda: (explanations.NARROW, explanations.WIDE) == (0.4, 8),
    "the last 500 steps, or over the last 300": lambda: (
        (OBSERVE_EVERY * (oracle.LAST - 1), OBSERVE_EVERY * (oracle.AHEAD - 1)) == (500, 300)
    ),
    "(last third over first third)": lambda: has(oracle.trend_of, "third = max(1, len(values) // 3)"),
    "below .8 and −.4, and *stands* above .88 or −.2": lambda: (
        has(oracle.Trend.falls, "else 0.8)", "else -0.4)") and has(oracle.Trend.stands, "else 0.88)", "else -0.2)")
    ),
    "at an error below .2, a divergence": lambda: has(oracle, "seen.error < 0.2 and seen.shape_trend.falls"),
    "travel in 25 steps": lambda: OBSERVE_EVERY == 25,
    "200 steps after the state has begun, 350 for a rough fit, for states that are clearly seen for 500": lambda: (
        (oracle.PATIENCE, oracle.LONG_PATIENCE, judging.LASTS) == (200, 350, 500)
    ),
    "at most 100 steps later": lambda: random_runs.IN_TIME == 100,
    "by three tenths over the last 300 steps, steadily, and falls by another tenth over the next 150": lambda: (
        has(judging.failures_while_falling, "trend.ratio < 0.7", "< 0.9 * np.median")
        and (OBSERVE_EVERY * (oracle.AHEAD - 1), OBSERVE_EVERY * judging.NEXT) == (300, 150)
    ),
    "of 1,500 steps and more (failures: 1,000)": lambda: (scenarios.ENOUGH, scenarios.ENOUGH_TO_FAIL) == (1500, 1000),
    "lower end of the 95 % interval, Wilson 1927": lambda: has(wilson, "1.959964"),
    "more than 200 steps for a tenth": lambda: (OBSERVE_EVERY * progress.SHORT, SLOWEST_PROGRESS) == (200, 0.1),
}
"""Words around a number → whether it is true."""

RULES: dict[str, Callable[[], bool]] = {
    "for 250 steps D is *blind*: at four of five observations optimality is below .25, the": lambda: (
        has(rules.is_blind, "(0.2, 0.25, 0.8)") and OBSERVE_EVERY * rules.LONG == 250
    ),
    "median error is above .2, and": lambda: has(rules.is_blind, "(0.2, 0.25, 0.8)"),
    "travel by more than .2 in 25 steps while D's curve changes by half": lambda: (
        (rules.LONG_WAY, rules.LARGE_DRIFT) == (0.2, 0.5)
    ),
    "| below .3 at three of five, error > .18 |": lambda: has(rules.is_blind, "(0.18, 0.3, 0.6) if is_current"),
    "for 250 steps D is blind and chased": lambda: OBSERVE_EVERY * rules.LONG == 250,
    "travel by more than .2 in 25 steps at a": lambda: rules.LONG_WAY == 0.2,
    "error > .25, and the error falls by less than a tenth of their way | travel > .15, median error > .2": lambda: (
        has(rules.is_thrown_about, "(0.2 if is_current else 0.25)", "0.75 * LONG_WAY") and rules.DIRECTED == 0.1
    ),
    "each time with more than .8 of them": lambda: has(rules.hops, "<= 0.8"),
    "within 600 steps": lambda: OBSERVE_EVERY * WINDOW == 600,
    "twice the mean time between changes, or 200 steps": lambda: has(
        rules.hops, "max(2 * pause, OBSERVE_EVERY * SHORT)"
    ),
    "| the fakes are more than 5 lengths of the axis away |": lambda: has(rules.has_run_off, "> 5"),
    "for 200 steps D is right about .95 of the reals and": lambda: OBSERVE_EVERY * progress.SHORT == 200,
    "with an optimality above .75, error > .1": lambda: has(
        rules.has_won, "is_right and each.optimality > 0.75", "each.error for each in window.observations) > 0.1"
    ),
    "so at three of five observations": lambda: has(rules.has_won, "0.6 if is_current"),
    "| for 250 steps one and the same mode is not covered, error > .1": lambda: has(rules.has_collapsed, "> 0.1"),
    "| it has < .4 of its due mass |": lambda: rules.RECOVERED_SHARE == 0.4,
    "for 200 steps median error to": lambda: OBSERVE_EVERY * progress.SHORT == 200,
    "them < .2, and the error": lambda: has(rules.memorizes, "(0.2, 1.6, 0.125)"),
    "more than 1.6 times that and more than .125 | .25, 1.4 times and .1": lambda: has(
        rules.memorizes, "(0.25, 1.4, 0.1) if is_current else (0.2, 1.6, 0.125)"
    ),
    "for 200 steps median error < .125, never > .3, Jensen–Shannon < .045, the": lambda: (
        (rules.FITTED_ERROR, rules.FITTED_DIVERGENCE) == (0.125, 0.045)
        and math.isclose(2.4 * rules.FITTED_ERROR, 0.3)
        and has(rules.has_converged, "2.4 * bound", "FITTED_DIVERGENCE, 0.4")
    ),
    "median share of each mode is > .6 of": lambda: has(rules.has_converged, "FITTED_DIVERGENCE, 0.4"),
    "| < .15, .36, .06 and .4 |": lambda: (
        (rules.LASTING_ERROR, rules.LASTING_DIVERGENCE) == (0.15, 0.06)
        and math.isclose(2.4 * rules.LASTING_ERROR, 0.36)
        and has(rules.has_converged, "LASTING_DIVERGENCE, 0.6")
    ),
    "for 400 steps median error < .15, the median share of each mode is > .5 of": lambda: has(
        rules.has_rough_fit, "(0.2, 0.6) if is_current else (0.15, 0.5)"
    ),
    "its mass, Jensen–Shannon > .045": lambda: has(rules.has_rough_fit, "> FITTED_DIVERGENCE"),
    "| < .2 and .4 |": lambda: has(rules.has_rough_fit, "(0.2, 0.6) if is_current"),
    "| for 400 steps the error does not fall, nor, if it is below .2, Jensen–Shannon": lambda: (
        (OBSERVE_EVERY * rules.STANDSTILL, rules.SHAPELESS_ERROR) == (400, 0.2)
    ),
    "each falls by less than a fifth |": lambda: CLEAR_PROGRESS == 0.2,
}
"""The same for the table of the rules."""
