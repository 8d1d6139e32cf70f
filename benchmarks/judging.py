"""The diagnosis of recorded runs beside what the oracle sees: at the end, and when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from gan1d.diagnosis.features import OBSERVE_EVERY
from gan1d.diagnosis.kinds import LEARNING, SUSPECTED, UNTRAINED
from gan1d.diagnosis.monitor import DiagnosisState

try:
    from oracle import AHEAD, FAILURES, STANDSTILLS, Eye, episodes, judged, judged_at_end
    from recordings import Recording
except ModuleNotFoundError:  # run as a module from the top of the checkout
    from benchmarks.oracle import AHEAD, FAILURES, STANDSTILLS, Eye, episodes, judged, judged_at_end
    from benchmarks.recordings import Recording

SUSPECTS = {suspicion.name: failure.name for failure, suspicion in SUSPECTED.items()}
"""Suspicion → the failure that it suspects."""
LASTS = 500
"""Steps that a state lasts at least for its beginning to be timed: of a shorter one the end is as near."""
NEXT = 6
"""Observations of the next 150 steps."""
COMES_TRUE = 500
"""Steps within which a suspicion comes true."""


@dataclass(frozen=True)
class Delay:
    """How late a state is recognized.

    Attributes:
        kind: What the oracle sees.
        onset: Step from which on it sees that.
        certain: Steps from the moment at which an eye is certain to the diagnosis; below 0 if it is earlier, None if it
            is never made.
        first_word: Steps from the onset to the diagnosis or its suspicion, None if there is none.
    """

    kind: str
    onset: int
    certain: int | None
    first_word: int | None


@dataclass(frozen=True)
class Suspicion:
    """A suspicion that was raised.

    Attributes:
        kind: The failure that is suspected.
        step: When.
        is_true: Whether this failure, another one or a standstill is diagnosed within 500 steps.
    """

    kind: str
    step: int
    is_true: bool


def replayed(recording: Recording) -> list[str]:
    """Name of the diagnosis at each observation of a recorded run, by the present rules."""
    state, found = DiagnosisState(LEARNING), list[str]()
    for observation in recording.features:
        state.add(observation, recording.modes)
        found.append(state.kind.name if observation.step else UNTRAINED.name)
    return found


def said_and_seen(recording: Recording, eye: Eye, verdicts: Sequence[str]) -> tuple[str, str, set[str]]:
    """The diagnosis at the end, the state that the oracle sees there, and all diagnoses that it accepts: with a failure
    its suspicion."""
    if recording.diverged is not None:  # the monitor diagnoses it at that step
        return "diverged", "diverged", {"diverged"}
    kind, accepted = judged_at_end(eye)
    return verdicts[-1], kind, accepted | {word for word, failure in SUSPECTS.items() if failure in accepted}


def delays(eye: Eye, verdicts: Sequence[str]) -> Iterator[Delay]:
    """How late each lasting state is recognized; a plateau is what is left, so it has no beginning of its own."""
    for episode in episodes(eye):
        if episode.kind in ("learning", "plateau") or episode.end - episode.onset < LASTS:
            continue
        first = episode.onset // OBSERVE_EVERY
        accepted = judged(eye, first, first + AHEAD)[1] - {LEARNING.name}
        later = range(max(0, first - 4), len(verdicts))
        certain = next((index for index in later if verdicts[index] in accepted), None)
        word = next((index for index in later if SUSPECTS.get(verdicts[index], verdicts[index]) in accepted), None)
        yield Delay(
            episode.kind,
            episode.onset,
            None if certain is None else OBSERVE_EVERY * certain - episode.certain,
            None if word is None else OBSERVE_EVERY * word - episode.onset,
        )


def failures_while_falling(eye: Eye, verdicts: Sequence[str]) -> list[int]:
    """Steps at which a failure is diagnosed although the error has fallen for 300 steps, and goes on falling.

    It has fallen if the median of the last 100 steps is below .7 of that of the first 100, with a rank correlation
    below −.5, and goes on if the median of the next 150 steps is below .9 of that of the last 150.
    """
    found = []
    for index in range(AHEAD - 1, len(verdicts) - NEXT):
        seen, errors = eye.stretch(index + 1 - AHEAD, index + 1), eye.errors
        goes_on = np.median(errors[index + 1 : index + 1 + NEXT]) < 0.9 * np.median(
            errors[index + 1 - NEXT : index + 1]
        )
        if verdicts[index] in FAILURES and seen.trend.ratio < 0.7 and seen.trend.order < -0.5 and goes_on:
            found.append(OBSERVE_EVERY * index)
    return found


def suspicions(verdicts: Sequence[str]) -> Iterator[Suspicion]:
    """All suspicions of a run but those of its last 300 steps, which had no time to come true."""
    wait = COMES_TRUE // OBSERVE_EVERY
    for index, verdict in enumerate(verdicts[: -(AHEAD - 1)]):
        if verdict in SUSPECTS and (index == 0 or verdicts[index - 1] != verdict):
            next_ones = verdicts[index : index + wait + 1]
            is_true = any(name in (*FAILURES, *STANDSTILLS) for name in next_ones)
            yield Suspicion(SUSPECTS[verdict], OBSERVE_EVERY * index, is_true)
