"""Runs that follow a log: the same run again, and a log of its own that says the same."""

import io
import json

import pytest

from gan1d.fingerprint import fingerprint
from gan1d.recording.run_log import MADE_ELSEWHERE, OTHER_COURSE, End, RunLog
from gan1d.session.messages import GetLog, LoadLog, Pause, Play, Playback, Reset, Set, SetBookmark, Step
from tests.session.fakes import SMALL, FakeViewer, Stage, bits
from tests.session.test_viewing import eventful, in_turn, look, refusal
from tests.tools import slow_but


def log_of(stage: Stage, run: int | None = None, viewer: FakeViewer | None = None) -> str:
    stage.now += 1
    stage.send(GetLog(run=run), viewer=viewer)
    return str((viewer or stage.viewer).last("run_log")["text"])


def test_the_log_has_what_happened(stage: Stage) -> None:
    stage.send(Step(count=20))
    stage.send(Set(path="generator.hidden", value=[3], reinitialize=True))
    in_turn(stage, SetBookmark(step=20, text="wider"), Step(count=2, player="generator"), Step(count=3))
    header, *lines = map(json.loads, log_of(stage).splitlines())
    assert header["config"] == SMALL.model_dump(mode="json")
    assert header["fingerprint"]["gan1d"]
    assert lines[:-1] == [
        [20, "set", {"generator.hidden": [3]}, {"reinitialize": True}],
        [20, "step", {"player": "generator", "count": 2}],
        [20, "mark", "wider"],
    ]
    assert lines[-1][:2] == [25, "end"]
    stage.send(SetBookmark(step=21, text="within steps of one player"))
    assert RunLog.read(io.BytesIO(log_of(stage).encode())).bookmarks[1].step == 21
    stage.send(SetBookmark(step=21, text=""))
    in_turn(stage, Reset(), Step())
    follower = stage.join("viewer")
    assert log_of(stage, 1, follower).splitlines()[1:] == [json.dumps(line) for line in lines]


@pytest.mark.parametrize("seed", slow_but([0], range(3)))
def test_a_log_gives_the_same_run_at_any_speed(stage: Stage, seed: int) -> None:
    eventful(stage, seed, 15)
    text = log_of(stage)
    for speed in (97.0, "max"):
        other = Stage()
        other.send(LoadLog(text=text))
        assert other.viewer.last("status")["state"] == "ready"
        in_turn(other, Playback(speed=speed), Play())  # type: ignore[arg-type]
        for _ in range(1000):
            other.wait(0.1)
            if not other.session.playback_control.running:
                break
        assert other.step == stage.step
        assert bits(other) == bits(stage)
        assert other.session.config == stage.session.config
        assert log_of(other) == text
        assert other.session.run.encoded_frame()[8:] == stage.session.run.encoded_frame()[8:]
        assert OTHER_COURSE not in [event["sentence"] for event in other.viewer.events_of("runs")]
        assert look(other, stage.step // 2) == look(other, stage.step // 2)


def small_log() -> str:
    stage = Stage()
    in_turn(stage, Step(count=20), Set(path="batch_size", value=8), Step(count=20))
    return log_of(stage)


def test_a_change_leaves_the_log(stage: Stage) -> None:
    in_turn(stage, LoadLog(text=small_log()), Step(count=10), Set(path="batch_size", value=6), Step(count=30))
    assert (stage.step, stage.session.config.batch_size) == (40, 6)


def test_steps_follow_the_log_and_go_on_after_its_end(stage: Stage) -> None:
    in_turn(stage, LoadLog(text=small_log()), Step(count=25))
    assert (stage.step, stage.session.config.batch_size) == (25, 8)
    assert stage.viewer.last("config")["mark"]["label"] == "batch size 4 → 8"
    in_turn(stage, Step(count=100), Step(count=5))
    assert stage.step == 45, "it pauses at the end of the log"
    stage.send(Play())
    stage.wait(0.5)
    stage.send(Pause())
    assert stage.step > 60


def test_another_course_is_said(stage: Stage) -> None:
    text = small_log().replace('"batch_size": 8', '"batch_size": 9')
    in_turn(stage, LoadLog(text=text), Step(count=40))
    assert stage.viewer.last("runs")["sentence"] == OTHER_COURSE


def test_a_text_that_is_no_log_is_refused_and_nothing_changes(stage: Stage) -> None:
    stage.send(Step(count=3))
    assert "Expected the log of a run" in refusal(stage, LoadLog(text="hello"))
    assert "Expected the log of a run" in refusal(stage, LoadLog(text=""))
    huge = json.dumps({"gan1d_log": 1, "fingerprint": {}, "config": SMALL.patched("batch_size", 4096).model_dump()})
    stage.session._step_limit = 0.5
    assert "multiply-adds in a step" in refusal(stage, LoadLog(text=huge))
    assert stage.step == 3


def test_a_log_made_elsewhere_is_announced() -> None:
    for here, count in ((fingerprint(), 0), ({**fingerprint(), "numpy": "1.0"}, 1)):
        stage = Stage()
        log = RunLog(SMALL, end=End(3), fingerprint=here)
        stage.send(LoadLog(text="".join(f"{line}\n" for line in log.lines())))
        sentences = [event["sentence"] for event in stage.viewer.events_of("runs")]
        assert sentences.count(MADE_ELSEWHERE) == count
