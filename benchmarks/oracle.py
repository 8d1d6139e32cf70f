"""The oracle of the diagnosis: what an eye that knows the whole run sees in its exact measurements.

It has definitions, windows and thresholds of its own, and it may look ahead, which the rules of `gan1d.diagnosis` may
not. Over a stretch of a run it takes medians of the measurements and the trend of the error, and lists all the
diagnoses that are true. Between "clearly" and "clearly not" lies a doubt, in which either word is right: `lenient`
includes it. The definitions stand in one function, and it beside the measurements, so that they can be compared.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np

from gan1d.engine.arrays import Float64

try:
    from recordings import Recording
except ModuleNotFoundError:  # run as a module from the top of the checkout
    from benchmarks.recordings import Recording

LAST: Final = 21
"""Observations of the last 500 steps, with both ends."""
AHEAD: Final = 13
"""Observations of 300 steps: a state that lasts less is passing."""
PATIENCE: Final = 200
"""Steps that an eye watches a state before it is certain of it."""
LONG_PATIENCE: Final = 350
"""Steps that it watches before it is certain that nothing changes any more."""
STANDSTILLS: Final = ("plateau", "rough_fit")
FAILURES: Final = (
    "diverged",
    "memorization",
    "mode_collapse",
    "discriminator_won",
    "oscillating",
    "discriminator_weak",
)


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Measurements of a run over some observations.

    Attributes:
        error: Median of Wasserstein-1 over the target's standard deviation.
        worst: Largest of these.
        trend: The trend of the error.
        samples_trend: The trend of the error to the fixed training samples, or that of the error without any.
        shape_trend: The trend of the Jensen-Shannon divergence.
        to_samples: Median error to the fixed training samples, or infinity without any.
        divergence: Median Jensen-Shannon divergence, in nats.
        least_share: Of all modes, the smallest median share of the due mass.
        lost: Share of the observations at which one and the same mode has less than 15 % of its due mass.
        nearly_lost: The same with 30 %.
        on_modes: Median share of the fakes inside the core of some mode.
        sure: Share of the observations at which D is right about 95 % of reals and of fakes.
        nearly_sure: The same with 92 %.
        known: Median of D's advantage over that of the optimal D.
        blind: Share of the observations at which that is below .3.
        returns: How often four fifths of the fakes came back to a mode that they had left.
        travel: Mean distance that the fakes move in 25 steps, in standard deviations of the target.
        away: Median distance of fakes and reals over the length of the axis.
    """

    error: float
    worst: float
    trend: "Trend"
    samples_trend: "Trend"
    shape_trend: "Trend"
    to_samples: float
    divergence: float
    least_share: float
    lost: float
    nearly_lost: float
    on_modes: float
    sure: float
    nearly_sure: float
    known: float
    blind: float
    returns: int
    travel: float
    away: float


@dataclass(frozen=True)
class Trend:
    """How a measurement changes over some observations.

    Attributes:
        ratio: Its median in the last third over that in the first: 1 without progress.
        order: Kendall's rank correlation with time: −1 if every observation is below all before it, 0 if it goes up and
            down.
    """

    ratio: float
    order: float

    def falls(self, *, lenient: bool) -> bool:
        """Whether it falls, clearly or without clearly standing."""
        return self.ratio < (0.93 if lenient else 0.8) and self.order < (-0.2 if lenient else -0.4)

    def stands(self, *, lenient: bool) -> bool:
        """Whether it stands, clearly or without clearly falling."""
        return self.ratio > (0.75 if lenient else 0.88) or self.order > (-0.4 if lenient else -0.2)


def trend_of(values: Float64) -> Trend:
    """The trend of a measurement, `(observations,)`."""
    third = max(1, len(values) // 3)
    return Trend(float(np.median(values[-third:]) / max(np.median(values[:third]), 1e-12)), rank_correlation(values))


class Eye:
    """Exact measurements of one run.

    Args:
        recording: The run.
    """

    def __init__(self, recording: Recording) -> None:
        measured, modes = recording.measured, recording.modes
        self.steps = recording.observed_at
        self.errors = measured["wasserstein1"] / recording.deviation
        self.to_samples = np.full_like(self.errors, np.inf)
        if modes.training_samples:
            self.to_samples = measured["points_wasserstein1"] / recording.deviation
        self.divergences = measured["jensen_shannon"]
        # The recorded value of the game is against the target and of single samples. Where D plays against fixed
        # samples, or sees several samples at once, its advantage is that against its own inputs.
        optimality = np.array([each.optimality for each in recording.features])
        sees_one = recording.config["discriminator"]["view"]["kind"] == "one_sample"
        has_value = np.isfinite(measured["known"]) & (modes.training_samples == 0) & sees_one
        self.known = np.where(has_value, measured["known"], optimality)
        masses, due = measured["mode_masses"].reshape(len(self.steps), -1), np.array(modes.due_masses)
        learnable = np.array(modes.training_masses) > 0.02
        self.shares = np.where(learnable & (due > 0), masses / np.maximum(due, 1e-12), 1.0)
        right = [(each.right_real, each.right_fake) for each in recording.features]
        measured_right = np.stack([measured["accuracy_real"], measured["accuracy_fake"]], axis=1)
        self.right = np.where(np.isfinite(measured_right), measured_right, right).min(axis=1)
        largest = masses.argmax(axis=1)
        self.dominant = np.where((masses.max(axis=1) > 0.8) & (masses.shape[1] > 1), largest, -1)
        self.on_modes = np.array([each.mass_on_modes for each in recording.features])
        self.away = np.array([each.axis_distance for each in recording.features])
        self.travel = travel_of(recording)

    def __len__(self) -> int:
        return len(self.steps)

    def stretch(self, start: int, stop: int) -> Stretch:
        """The measurements from observation `start` to before `stop`."""
        part = slice(start, stop)
        errors, shares = self.errors[part], self.shares[part]
        dominant = self.dominant[part]
        visits = [mode for mode, _ in groupby(dominant[dominant >= 0])]
        return Stretch(
            error=float(np.median(errors)),
            worst=float(errors.max()),
            trend=(trend := trend_of(errors)),
            samples_trend=trend_of(self.to_samples[part]) if np.isfinite(self.to_samples[start]) else trend,
            shape_trend=trend_of(self.divergences[part]),
            to_samples=float(np.median(self.to_samples[part])),
            divergence=float(np.median(self.divergences[part])),
            least_share=float(np.median(shares, axis=0).min()),
            lost=float((shares < 0.15).mean(axis=0).max()),
            nearly_lost=float((shares < 0.3).mean(axis=0).max()),
            on_modes=float(np.median(self.on_modes[part])),
            sure=float((self.right[part] > 0.95).mean()),
            nearly_sure=float((self.right[part] > 0.92).mean()),
            known=float(np.median(self.known[part])),
            blind=float((self.known[part] < 0.3).mean()),
            returns=len(visits) - len(set(visits)),
            travel=float(self.travel[part].mean()),
            away=float(np.median(self.away[part])),
        )


def rank_correlation(values: Float64) -> float:
    """Kendall's rank correlation of values and their order, −1 to 1 (Kendall 1938, Biometrika 30, 81-93)."""
    count = len(values)
    if count < 2:
        return 0.0
    signs = np.sign(values[None, :] - values[:, None])
    return float(np.triu(signs).sum() / (count * (count - 1) / 2))


def travel_of(recording: Recording) -> Float64:
    """Wasserstein-1 of the fakes to those of the observation before, in standard deviations, `(observations,)`."""
    cdf = np.array([each.fake_cdf for each in recording.features])
    lengths = [each.error / each.axis_distance for each in recording.features if each.axis_distance > 0]
    return np.concatenate([[0.0], np.abs(np.diff(cdf, axis=0)).mean(axis=1)]) * float(np.median(lengths))


def true_of(seen: Stretch, *, lenient: bool) -> set[str]:
    """Names of all diagnoses that are true of a stretch: clearly, or without being clearly wrong (`lenient`)."""

    def bound(strict: float, doubtful: float) -> float:
        return doubtful if lenient else strict

    stands = seen.trend.stands(lenient=lenient)
    is_thrown_about = stands or (lenient and seen.travel > 0.5)
    fair = seen.least_share > bound(0.5, 0.4)
    found = {
        "diverged": seen.away > bound(5, 3),
        "memorization": seen.to_samples < bound(0.2, 0.25)
        and seen.to_samples < bound(0.6, 0.75) * seen.error
        and seen.error > bound(0.12, 0.09),
        "converged": seen.error < bound(0.11, 0.14)
        and seen.divergence < bound(0.04, 0.065)
        and fair
        and seen.worst < bound(0.3, 0.45),
        "rough_fit": seen.error < bound(0.15, 0.2) and fair and seen.divergence > bound(0.06, 0.04) and stands,
        "mode_collapse": (seen.nearly_lost if lenient else seen.lost) >= bound(0.9, 0.75)
        and seen.on_modes > bound(0.5, 0.35)
        and seen.error > bound(0.1, 0.07)
        and stands,
        "discriminator_won": (seen.nearly_sure if lenient else seen.sure) >= bound(0.9, 0.75)
        and seen.known > bound(0.85, 0.75)
        and seen.error > 0.1
        and stands,
        "oscillating": seen.returns > 0
        or (seen.travel > bound(0.25, 0.12) and seen.error > bound(0.3, 0.18) and is_thrown_about),
        "discriminator_weak": seen.blind >= bound(0.9, 0.65)
        and seen.known < bound(0.25, 0.35)
        and seen.error > bound(0.25, 0.18)
        and stands,
    }
    names = {name for name, holds in found.items() if holds}
    # Nearer to the training samples is nearer to all that D can know. The shape counts where the distance is small.
    shape_falls = seen.error < 0.2 and seen.shape_trend.falls(lenient=lenient)
    if seen.trend.falls(lenient=lenient) or (lenient and (shape_falls or seen.samples_trend.falls(lenient=True))):
        names.add("learning")
    is_off = seen.error > bound(0.14, 0.1) or seen.least_share < bound(0.4, 0.5)
    if not names & set(FAILURES) and stands and is_off:
        names.add("plateau")
    return names


DOUBT: Final = "doubt"
"""Where nothing is clearly true."""
ORDER: Final = (
    "diverged",
    "memorization",
    "converged",
    "oscillating",
    "mode_collapse",
    "discriminator_won",
    "discriminator_weak",
    "rough_fit",
    "plateau",
    "learning",
)
"""Which of several true diagnoses is counted as the one that is seen."""


def judged_at_end(eye: Eye) -> tuple[str, set[str]]:
    """The diagnosis that is seen over the last 500 steps, and all that are accepted of them or of the last 300: a state
    may begin in between."""
    kind, accepted = judged(eye, max(0, len(eye) - LAST), len(eye))
    return kind, accepted | judged(eye, max(0, len(eye) - AHEAD), len(eye))[1]


def judged(eye: Eye, start: int, stop: int) -> tuple[str, set[str]]:
    """The diagnosis that is seen over a stretch, and all that are accepted."""
    seen = eye.stretch(start, stop)
    clear, accepted = true_of(seen, lenient=False), true_of(seen, lenient=True)
    # What clearly fails is no mere plateau, and what clearly stands still does not learn.
    if clear & set(FAILURES):
        accepted.discard("plateau")
    names = clear or accepted or {"learning"}
    return next(name for name in ORDER if name in names), accepted | names


def clearly_seen(eye: Eye, start: int) -> str:
    """The diagnosis that is clearly true of the 300 steps from observation `start` on, or `DOUBT`."""
    clear = true_of(eye.stretch(start, start + AHEAD), lenient=False)
    return next((name for name in ORDER if name in clear), DOUBT)


@dataclass(frozen=True, kw_only=True)
class Episode:
    """A state that lasts.

    Attributes:
        kind: The diagnosis that is seen.
        onset: Step from which on it is seen.
        certain: Step at which an eye that cannot look ahead is certain.
        end: The last step of the state.
    """

    kind: str
    onset: int
    certain: int
    end: int


def episodes(eye: Eye) -> Iterator[Episode]:
    """The states of a run that are clearly seen for at least 300 steps, in their order."""
    kinds = [clearly_seen(eye, start) for start in range(max(1, len(eye) - AHEAD + 1))]
    begin = 0
    for index in range(1, len(kinds) + 1):
        if index < len(kinds) and kinds[index] == kinds[begin]:
            continue
        onset, end = int(eye.steps[begin]), int(eye.steps[min(index + AHEAD - 2, len(eye) - 1)])
        if kinds[begin] != DOUBT:
            patience = LONG_PATIENCE if kinds[begin] in STANDSTILLS else PATIENCE
            yield Episode(kind=kinds[begin], onset=onset, certain=onset + patience, end=end)
        begin = index
