"""The state of a run in one word and in a sentence."""

from dataclasses import asdict

from gan1d.engine.training.reports import Divergence
from gan1d.formatting import format_count
from gan1d.gallery.goal import GoalWatch
from gan1d.session.messages import DiagnosisMessage, GoalProgress, State, Status
from gan1d.session.playback import PlaybackControl
from gan1d.session.run import Run


def status_of(
    run: Run,
    playback: PlaybackControl,
    failure: str | None,
    now: float,
    going_to: int | None = None,
    goal: GoalWatch | None = None,
) -> Status:
    """The status message.

    Args:
        run: The run.
        playback: Its playback.
        failure: An error of the server in a sentence; None if there is none.
        now: Time in seconds.
        going_to: Earlier step that is about to become the present one; None for none.
        goal: What the run is to show; None for nothing.
    """
    state = state_of(run, playback, failure)
    match state:
        case "failed":
            sentence = failure or ""
        case "diverged":
            sentence = divergence_sentence(run.diverged)
        case "running":
            sentence = "Training waits until the page draws again." if playback.is_parked(now) else "Training."
        case "paused":
            sentence = f"Paused at step {format_count(run.step)}."
        case "ready":
            sentence = "Press Play to train."
    if going_to is not None and state != "failed":
        sentence = f"Going back to step {format_count(going_to)}."
    return Status(
        state=state,
        sentence=sentence,
        step=run.step,
        rate=playback.rate(run.step, now),
        playback=playback.state,
        diagnosis=DiagnosisMessage(**asdict(run.diagnosis)),
        goal=None if goal is None else GoalProgress(name=goal.name, words=goal.goal.shows.words, met_at=goal.met_at),
    )


def state_of(run: Run, playback: PlaybackControl, failure: str | None) -> State:
    """The state in one word."""
    if failure is not None:
        return "failed"
    if run.diverged is not None:
        return "diverged"
    if playback.running:
        return "running"
    return "paused" if run.step else "ready"


def divergence_sentence(divergence: Divergence | None) -> str:
    """The reason why a diverged run can take no more steps, and the remedies; "" if it has not diverged."""
    return f"{divergence.reason} Lower the learning rate, then press Reset." if divergence else ""
