"""Spectra for viewers: of the present step and of earlier ones, beside the run, which stays as it is."""

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.engine.training.spectrum import GameField, game_spectrum, parameters_of, path_angle
from gan1d.engine.training.trainer import Trainer
from gan1d.engine.units import Units
from gan1d.session.messages import (
    CancelSpectrum,
    Forget,
    GetPathAngle,
    GetSpectrum,
    Play,
    Reset,
    Set,
    Step,
)
from gan1d.session.run_record import NOT_KEPT
from gan1d.session.spectrum_answers import MOST_PARAMETERS, NOT_IN_FIELD, RunPoint, field_differences, point_conflict
from gan1d.session.spectrum_requests import SpectrumWorker
from tests.session.fakes import SMALL, FakeViewer, Stage, bits
from tests.session.test_viewing import in_turn, settle


class Later:
    """Takes computations in the place of the thread, and makes them when the test says so."""

    def __init__(self, stage: Stage) -> None:
        self.calls: list[Callable[[], None]] = []
        stage.session.viewing.spectra.submit = self.calls.append  # type: ignore[method-assign]

    def work(self) -> None:
        while self.calls:
            self.calls.pop(0)()


def answered(stage: Stage, command: Any, viewer: FakeViewer | None = None) -> dict[str, Any]:
    """The last event after a request was computed."""
    later, viewer = Later(stage), viewer or stage.viewer
    stage.send(command, viewer=viewer)
    settle(stage)
    later.work()
    settle(stage)
    return viewer.events[-1]


def trained(steps: int, config: Config = SMALL) -> Trainer:
    trainer = Trainer(config)
    trainer.run(steps)
    return trainer


def complex_of(pairs: list[list[float]]) -> Any:
    return np.array([re + 1j * im for re, im in pairs])


def test_the_present_spectrum_is_that_of_the_engine_and_the_run_stays() -> None:
    stage = Stage()
    stage.send(Step(count=7))
    before = bits(stage)
    event = answered(stage, GetSpectrum())
    found = game_spectrum(trained(7))
    assert found is not None
    assert bits(stage) == before
    assert (event["type"], event["run"], event["step"], event["parameters"]) == ("spectrum", 1, 7, 14)
    for name in ("eigenvalues", "discriminator", "generator"):
        values = getattr(found, name)
        moving = values[np.abs(values) > 1e-4 * np.abs(values).max()]
        np.testing.assert_allclose(complex_of(event[name]), moving, rtol=1e-5, atol=1e-9)
    assert event["attracting"] + event["repelling"] == len(event["eigenvalues"])
    assert event["flat"] == 14 - len(event["eigenvalues"])
    stage.send(Step(count=3))
    assert stage.viewer.steps[-1] == 10


def test_progress_comes_before_the_answer() -> None:
    stage = Stage()
    answered(stage, GetSpectrum())
    sent = [(event["done"], event["total"]) for event in stage.viewer.events_of("spectrum_progress")]
    assert sent == [(0, 14), *((done, 14) for done in range(14)), *[(14, 14)] * 3], "three blocks have eigenvalues"
    many = Stage(SMALL.patched("generator.hidden", [40]).patched("discriminator.hidden", [40]))
    answered(many, GetSpectrum())
    # 2·(80 + 41) = 242 columns, a report for every 242 // 50 = 4 of them.
    done = [event["done"] for event in many.viewer.events_of("spectrum_progress")]
    assert done[1:] == [*range(0, 242, 4), 242, 242, 242]


def test_an_earlier_step_has_the_spectrum_that_it_had() -> None:
    stage = Stage()
    stage.send(Step(count=5))
    then = answered(stage, GetSpectrum())
    in_turn(stage, Step(count=9), Step(count=4, player="generator"))
    assert answered(stage, GetSpectrum(step=5)) == then
    assert stage.step == 18


def test_a_path_angle_leads_from_step_to_step() -> None:
    stage = Stage()
    stage.send(Step(count=12))
    event = answered(stage, GetPathAngle(start=3, end=12))
    start, end = trained(3), trained(12)
    found = path_angle(SMALL, end.units, parameters_of(start), parameters_of(end))
    assert (event["type"], event["start"], event["end"]) == ("path_angle", 3, 12)
    np.testing.assert_allclose(event["cosines"], found.cosines, rtol=1e-5)
    np.testing.assert_allclose(event["norms"], found.norms, rtol=1e-5)
    assert answered(stage, GetPathAngle(start=12, end=3))["norms"][16:] != event["norms"][16:]


def test_a_cancelled_request_is_not_answered_and_ends() -> None:
    stage = Stage()
    later = Later(stage)
    stage.send(GetSpectrum())
    stage.send(CancelSpectrum())
    later.work()
    settle(stage)
    assert [event["done"] for event in stage.viewer.events_of("spectrum_progress")] == [0]
    assert stage.viewer.events_of("spectrum") == []
    assert answered(stage, GetSpectrum())["type"] == "spectrum"


def test_the_last_request_is_answered_and_each_viewer_has_its_own() -> None:
    stage = Stage()
    stage.send(Step(count=4))
    watcher, later = stage.join("viewer"), Later(stage)
    stage.send(GetSpectrum(step=1))
    stage.send(GetSpectrum(step=2), viewer=watcher)
    settle(stage)
    stage.send(GetSpectrum())
    later.work()
    settle(stage)
    assert [event["step"] for event in stage.viewer.events_of("spectrum")] == [4]
    assert [event["step"] for event in watcher.events_of("spectrum")] == [2]
    stage.send(GetSpectrum(), viewer=watcher)
    stage.leave(watcher)
    later.work()
    assert stage.session.viewing.spectra._requests == {}


def test_viewers_who_want_the_same_share_one_computation() -> None:
    stage = Stage()
    stage.send(Step(count=4))
    watcher, later = stage.join("viewer"), Later(stage)
    stage.send(GetSpectrum())
    stage.send(GetSpectrum(), viewer=watcher)
    assert len(later.calls) == 1
    stage.send(CancelSpectrum())
    later.work()
    settle(stage)
    assert stage.viewer.events_of("spectrum") == []
    assert len(watcher.events_of("spectrum")) == 1
    stage.send(GetSpectrum())
    assert later.calls == []
    assert stage.viewer.events_of("spectrum") == watcher.events_of("spectrum")
    stage.send(Set(path="penalty", value="none"))
    stage.send(GetSpectrum())
    assert len(later.calls) == 1, "with other settings the same parameters have another spectrum"


def test_the_run_goes_on_while_the_thread_works() -> None:
    """With the real thread, held up in its first column until the run has made more steps."""
    stage, held, woken = Stage(), threading.Event(), threading.Event()
    worker = SpectrumWorker()
    spectra = stage.session.viewing.spectra
    stage.session.wake = lambda _: woken.set()
    spectra.submit = lambda call: worker.submit(lambda: (held.wait(60), call())[1])  # type: ignore[method-assign]
    stage.send(Step(count=2))
    stage.send(GetSpectrum(), Play())
    stage.wait(0.1)
    assert stage.step > 2
    assert stage.viewer.events_of("spectrum") == []
    held.set()
    while not stage.viewer.events_of("spectrum"):
        assert woken.wait(60)
        woken.clear()
        stage.advance()
    assert stage.viewer.last("spectrum")["step"] == 2


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (GetSpectrum(step=9), "Expected a step from 0 to 4 of “run 1”, but got 9."),
        (GetSpectrum(run=7), "Expected the number of a run that is kept (1), but got 7."),
        (GetPathAngle(start=0, end=9), "Expected a step from 0 to 4 of “run 1”, but got 9."),
        (GetPathAngle(start=4, end=4), "Expected two different points of a run, but got the same twice."),
    ],
)
def test_wrong_steps_are_refused(command: Any, words: str) -> None:
    stage = Stage()
    stage.send(Step(count=4))
    event = answered(stage, command)
    assert (event["message"], event["command"]) == (words, command.type)


def test_large_networks_and_other_games_are_refused() -> None:
    # D and G with 1 → 48 → 48 → 1 have 2·(96 + 48·49 + 49) = 4994 parameters.
    large = Stage(SMALL.patched("generator.hidden", [48, 48]).patched("discriminator.hidden", [48, 48]))
    most = f"{MOST_PARAMETERS:,}".replace(",", "\u202f")
    sentence = f"Expected at most {most} parameters in both networks for the spectrum, but got 4\u202f994."
    assert answered(large, GetSpectrum())["message"] == sentence
    labelled = Stage(SMALL.patched("conditional", True))
    assert "without labels" in answered(labelled, GetSpectrum())["message"]


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("generator.hidden", [3], "generator.hidden"),
        ("loss", "least_squares", "loss.kind"),
        ("penalty.gamma", 0.7, "penalty.gamma"),
        ("generator.weight_decay", 0.1, "generator.weight_decay"),
    ],
)
def test_a_path_between_steps_of_other_fields_is_refused(path: str, value: Any, named: str) -> None:
    stage = Stage()
    stage.send(Step(count=2))
    stage.send(Set(path=path, value=value))
    stage.send(Step(count=2))
    event = answered(stage, GetPathAngle(start=0, end=4))
    sentence = f"Expected two steps with the same settings for the path angle, but got others of {named}."
    assert (event["message"], event["command"]) == (sentence, "get_path_angle")


CHANGES: dict[str, Any] = {
    "batch_size": 8,
    "discriminator_steps": 3,
    "generator_steps": 2,
    "update_order": "simultaneous",
    "generator.optimizer": "sgd",
    "generator.rate_half_life": 50,
    "generator.ema_decay": 0.5,
    "discriminator.optimizer": {"kind": "adam", "learning_rate": 0.02},
    "discriminator.rate_half_life": 70,
}


@pytest.mark.parametrize("lookahead", ["none", "unrolled"])
@pytest.mark.parametrize("path", NOT_IN_FIELD)
def test_settings_that_leave_the_field_alone_do_so(path: str, lookahead: str) -> None:
    base = Config().patched("generator.lookahead", lookahead)
    trainer, other = trained(3, base), base.patched(path, CHANGES[path])
    at = parameters_of(trainer)
    assert other != base
    assert field_differences(base, other) == []
    np.testing.assert_array_equal(GameField(base, trainer.units)(at), GameField(other, trainer.units)(at))


def test_points_in_other_units_are_not_the_same_and_have_no_path() -> None:
    point = RunPoint.of(trained(2), SMALL)
    moved = RunPoint(SMALL, Units(1.0, 2.0), point.parameters)
    assert point.is_same(RunPoint(SMALL, point.units, point.parameters.copy()))
    assert not point.is_same(moved)
    assert point_conflict([point, moved]).startswith("Expected two steps with the same units")
    assert point_conflict([point, point]) == ""


def test_a_path_across_a_change_of_the_optimizer_is_computed() -> None:
    stage = Stage()
    stage.send(Step(count=2))
    stage.send(Set(path="generator.optimizer.learning_rate", value=0.5))
    stage.send(Step(count=2))
    assert answered(stage, GetPathAngle(start=0, end=4))["type"] == "path_angle"


def test_the_second_trainer_is_freed_when_no_step_is_to_be_found() -> None:
    stage = Stage()
    stage.send(Step(count=4))
    look_back = stage.session.viewing.spectra._look_back
    answered(stage, GetSpectrum(step=1))
    assert look_back._finder.run is None
    stage.send(GetPathAngle(start=1, end=3))
    stage.send(CancelSpectrum())
    assert (look_back._finder.run, len(look_back)) == (None, 0)
    assert list(look_back._found) == [(1, 1)], "the point itself is kept for the next request"


def test_a_call_that_fails_does_not_end_the_thread(caplog: pytest.LogCaptureFixture) -> None:
    worker, is_done = SpectrumWorker(), threading.Event()

    def fail() -> None:
        raise RuntimeError("broken")

    worker.submit(fail)
    worker.submit(is_done.set)
    assert is_done.wait(60)
    assert "RuntimeError: broken" in caplog.text


def test_an_error_in_the_report_of_progress_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage()
    monkeypatch.setattr("gan1d.session.spectrum_requests.PROGRESS_REPORTS", 0)  # a division by 0
    event = answered(stage, GetSpectrum())
    assert "its log says what" in event["message"]
    assert event["command"] == "get_spectrum"
    assert not stage.session.viewing.spectra.is_busy


def test_a_run_that_is_forgotten_is_refused() -> None:
    stage = Stage()
    stage.send(Step(count=2))
    stage.send(Reset())
    later = Later(stage)
    stage.send(GetSpectrum(run=1, step=1))
    settle(stage)
    stage.send(Forget(run=1))
    assert stage.viewer.last("refused")["message"] == "“run 1” is no longer kept."
    later.work()
    settle(stage)
    assert stage.viewer.events_of("spectrum") == []


def test_an_error_is_told_and_the_session_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("broken")

    stage = Stage()
    monkeypatch.setattr("gan1d.session.spectrum_answers.spectrum_of", fail)
    assert "its log says what" in answered(stage, GetSpectrum())["message"]
    stage.send(Step())
    assert stage.step == 1


def test_a_viewer_hears_of_an_error_even_if_the_session_cannot_be_woken() -> None:
    stage = Stage()
    later, spectra = Later(stage), stage.session.viewing.spectra

    def fail() -> None:
        raise RuntimeError("broken")

    stage.send(GetSpectrum())
    spectra.wake = fail
    with pytest.raises(RuntimeError, match="broken"):
        later.work()
    settle(stage)
    assert "its log says what" in stage.viewer.last("refused")["message"]
    assert spectra._requests == {}


def test_without_history_there_is_the_present_step_alone() -> None:
    stage = Stage()
    stage.session.run.record.recording = None
    stage.send(Step(count=2))
    assert answered(stage, GetSpectrum())["step"] == 2
    assert answered(stage, GetSpectrum(step=1))["message"] == NOT_KEPT
