"""The state of a run in one word and in a sentence."""

import pytest

from gan1d.engine.training.reports import Divergence
from gan1d.session.playback import PARK_SECONDS, PlaybackControl
from gan1d.session.run import Run
from gan1d.session.status import divergence_sentence, status_of
from tests.session.fakes import SMALL


@pytest.fixture
def run() -> Run:
    return Run(SMALL)


def test_a_run_is_ready_then_running_then_paused(run: Run) -> None:
    playback = PlaybackControl(lambda: 0.0)
    assert (found := status_of(run, playback, None, 0.0)).state == "ready"
    assert found.sentence == "Press Play to train."
    playback.play(0, 0.0)
    assert (found := status_of(run, playback, None, 0.5 * PARK_SECONDS)).state == "running"
    assert found.sentence == "Training."
    late = status_of(run, playback, None, 2 * PARK_SECONDS)
    assert (late.state, late.sentence) == ("running", "Training waits until the page draws again.")
    run.advance(3)
    playback.halt(3, 1.0)
    found = status_of(run, playback, None, 1.0)
    assert (found.state, found.sentence, found.step) == ("paused", "Paused at step 3.", 3)


def test_a_failure_goes_before_everything_else(run: Run) -> None:
    playback = PlaybackControl(lambda: 0.0)
    playback.play(0, 0.0)
    found = status_of(run, playback, "Something went wrong.", 0.0)
    assert (found.state, found.sentence) == ("failed", "Something went wrong.")


def test_a_diverged_run_says_what_helps(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    divergence = Divergence(step=7, player="generator", reason="Diverged at step 7.")
    monkeypatch.setattr(run.trainer, "diverged", divergence)
    found = status_of(run, PlaybackControl(lambda: 0.0), None, 0.0)
    assert found.state == "diverged"
    assert found.sentence == "Diverged at step 7. Lower the learning rate, then press Reset."
    assert found.sentence == divergence_sentence(divergence)
    assert divergence_sentence(None) == ""
