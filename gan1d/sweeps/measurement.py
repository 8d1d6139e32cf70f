"""The runs of one cell: how each ends, by the diagnosis and by numbers.

A run is diagnosed every 25 steps, as on the page, so its outcome is what a viewer would see at its last step.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from gan1d.config.model import Config
from gan1d.diagnosis.features import OBSERVE_EVERY, Features, TargetModes
from gan1d.diagnosis.kinds import DIVERGED, LEARNING
from gan1d.diagnosis.monitor import DiagnosisState
from gan1d.diagnosis.trajectory import Trajectory, record_runs
from gan1d.engine.metrics.mode_coverage import covered
from gan1d.formatting import round_digits
from gan1d.gallery.criteria import Converged

FITS: Final = Converged()
"""The criterion of a fit, whose first step is kept."""


@dataclass(frozen=True, kw_only=True)
class RunResult:
    """How one run ended.

    Attributes:
        seed: Its seed.
        outcome: Name of its diagnosis at the end; see `gan1d.diagnosis.kinds`.
        since: Step at which this diagnosis was first made.
        steps: Steps made, fewer than wanted if it diverged.
        fitted: Step at which the fakes fit the target for the first time; None if they never did.
        error: Wasserstein-1 of fakes and reals over the target's standard deviation; NaN if it diverged.
        distance: Wasserstein-1, in units of x; NaN if it diverged.
        jensen_shannon: Jensen–Shannon divergence on 64 bins, in nats; NaN if it diverged.
        covered: Number of modes that are covered.
        course: Measurements on the way: lists of `step`, `error`, `jensen_shannon`, `covered`.
    """

    seed: int
    outcome: str
    since: int
    steps: int
    fitted: int | None
    error: float
    distance: float
    jensen_shannon: float
    covered: int
    course: dict[str, list[float]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The result as JSON values, without digits that mean nothing; NaN is None."""
        return {name: six_digits(value) for name, value in asdict(self).items() if name != "course" or value}


def six_digits(value: Any) -> Any:
    """A value with six digits; NaN becomes None."""
    if isinstance(value, dict):
        return {name: six_digits(each) for name, each in value.items()}
    if isinstance(value, list):
        return [six_digits(each) for each in value]
    if not isinstance(value, float):
        return value
    return round_digits(value, 6) if math.isfinite(value) else None


def measure(config: Config, seeds: Sequence[int], steps: int, every: int = 0) -> tuple[list[dict[str, Any]], float]:
    """Make the runs of some seeds, together if that is faster.

    Args:
        config: Settings of all runs; its own seed is not used.
        seeds: Seeds of the runs, at least one.
        steps: Steps of each run.
        every: Steps between two measurements on the way; 0 for none.

    Returns:
        The results as JSON values, in the order of the seeds, and the seconds of processor time.
    """
    begun = time.process_time()
    trajectories = record_runs([config.patched("seed", seed) for seed in seeds], steps, from_start=True)
    results = [result_of(each, seed, every) for each, seed in zip(trajectories, seeds, strict=True)]
    return [result.to_json() for result in results], time.process_time() - begun


def result_of(trajectory: Trajectory, seed: int, every: int) -> RunResult:
    """How a run has ended.

    Args:
        trajectory: The run, observed from step 0.
        seed: Its seed.
        every: See `measure`.
    """
    start, *observed = trajectory.observations
    diverged, modes = trajectory.diverged, trajectory.modes
    # The numbers of a run that has diverged mean nothing at its last step.
    finite = observed if diverged is None else observed[:-1]
    end = observed[-1] if diverged is None else None
    state = diagnose(start, finite, modes)
    return RunResult(
        seed=seed,
        outcome=state.kind.name if diverged is None else DIVERGED.name,
        since=state.since if diverged is None else diverged,
        steps=trajectory.observations[-1].step,
        fitted=FITS.shown(Trajectory(observations=finite, modes=modes)),
        error=math.nan if end is None else end.error,
        distance=math.nan if end is None else end.distance,
        jensen_shannon=math.nan if end is None else end.jensen_shannon,
        covered=0 if end is None else covered_modes(end, modes),
        course=course_of(finite, modes, every) if every else {},
    )


def diagnose(start: Features, observed: Sequence[Features], modes: TargetModes) -> DiagnosisState:
    """The diagnosis of a run at its end.

    Args:
        start: Its observation at step 0.
        observed: All others; the last step need not be one at which the diagnosis observes.
        modes: The target's modes.
    """
    state = DiagnosisState()
    state.add(start, modes)
    state.set_kind(LEARNING, 1)
    for observation in observed:
        if observation.step % OBSERVE_EVERY == 0:
            state.add(observation, modes)
    return state


def covered_modes(observation: Features, modes: TargetModes) -> int:
    """Number of modes that are covered."""
    return int(covered(observation.masses, modes.due_masses).sum())


def course_of(observed: Sequence[Features], modes: TargetModes, every: int) -> dict[str, list[float]]:
    """Measurements on the way; see `RunResult.course`."""
    kept = [each for each in observed if each.step % every == 0]
    return {
        "step": [each.step for each in kept],
        "error": [each.error for each in kept],
        "jensen_shannon": [each.jensen_shannon for each in kept],
        "covered": [covered_modes(each, modes) for each in kept],
    }
