"""What a session says to its viewers, and when: hello, history, diagnosis and goals."""

import json
from typing import Any

import pytest
from pydantic import BaseModel

from gan1d.evaluation import codec
from gan1d.session.inbox import Join
from gan1d.session.messages import Hello, LoadPreset, Pause, Play, Playback, Reset, Set, SetBookmark, SetGoal, Step
from gan1d.session.run import Run
from tests.session.fakes import DIVERGING, SMALL, FakeViewer, Stage, diverge
from tests.tools import slow_but


def test_hello_comes_first_and_holds_everything(stage: Stage) -> None:
    hello = stage.viewer.events[0]
    assert hello["type"] == "hello"
    assert {"protocol", "version", "session", "role", "schema", "presets", "preset", "config", "playback"} <= set(hello)
    assert {"speeds", "status", "trace", "losses", "marks", "layout", "grid", "latent_grid", "scene", "run"} <= set(
        hello
    )
    assert hello["config"] == SMALL.model_dump(mode="json")
    assert hello["playback"] == {"running": False, "speed": "frame"}
    assert hello["status"]["state"] == "ready"


def test_a_joiner_is_shown_the_present_picture(stage: Stage) -> None:
    assert stage.viewer.steps == [0]
    hello = stage.viewer.events[0]
    frame = codec.decode(stage.viewer.frames[0], hello["layout"])
    assert len(stage.viewer.frames[0]) == hello["frame_bytes"]
    assert frame["scene"] == hello["scene"] == 1
    stage.wait(30)
    assert stage.viewer.steps == [0]  # nothing new, nothing sent


def test_a_late_joiner_is_told_the_past(stage: Stage) -> None:
    stage.send(Step(count=7))
    stage.wait(1)
    stage.send(Set(path="batch_size", value=8))
    late = stage.join("viewer")
    hello = late.events[0]
    assert hello["role"] == "viewer"
    assert hello["trace"]["step"] == [0, 5]
    assert hello["trace"]["loss_d"][0] is None  # not measured at step 0
    assert (hello["losses"]["stride"], hello["losses"]["steps"]) == (1, 7)
    assert len(hello["losses"]["last"]["loss_d"]) == 7
    # Six digits are sent.
    assert hello["losses"]["last"]["loss_d"][-1] == pytest.approx(stage.session.run.trainer.report.loss_d, rel=1e-5)
    assert [mark["label"] for mark in hello["marks"]] == ["batch size 4 → 8"]
    assert late.steps == [7]


def test_all_who_join_at_once_get_one_hello(stage: Stage) -> None:
    crowd = [FakeViewer("viewer") for _ in range(499)]
    texts: list[str] = []
    for viewer in crowd:
        viewer.send_text = texts.append  # type: ignore[method-assign]
        stage.session.submit(Join(), viewer)
    stage.advance()
    assert len(texts) == 499
    assert len({id(text) for text in texts}) == 1
    assert json.loads(texts[0]).keys() == stage.viewer.events[0].keys() == set(fields_on_wire(Hello))


def fields_on_wire(message: type[BaseModel]) -> list[str]:
    return [entry.serialization_alias or name for name, entry in message.model_fields.items()]


def test_a_hello_is_as_new_as_the_last_change(stage: Stage) -> None:
    assert stage.join("viewer").events[0]["config"]["batch_size"] == 4
    for value in (8, 16):
        stage.send(Set(path="batch_size", value=value))
        viewer = FakeViewer("viewer")
        stage.session.submit(Join(), viewer)
        stage.advance()
        assert viewer.events[0]["type"] == "hello"
        assert [event["config"] for event in viewer.events if "config" in event][-1]["batch_size"] == value
    # No later event follows a hello after another one than a change, a status or the history.
    stage.send(SetBookmark(step=0, text="here"))
    viewer = FakeViewer("viewer")
    stage.session.submit(Join(), viewer)
    stage.advance()
    assert [bookmark["text"] for bookmark in viewer.events[0]["bookmarks"]] == ["here"]
    assert len(viewer.events) == 1


def test_a_hello_is_written_once_in_a_while_whatever_happens(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    written, write = list[str](), stage.session._hello

    def hello(*arguments: Any) -> str:
        written.append(write(*arguments))
        return written[-1]

    monkeypatch.setattr(stage.session, "_hello", hello)
    crowd = list[FakeViewer]()
    begun = stage.now
    while stage.now < begun + 1:
        stage.send(Set(path="batch_size", value=8 + len(crowd)))
        crowd.append(FakeViewer("viewer"))
        stage.session.submit(Join(), crowd[-1])
        stage.advance()
        stage.now += 0.01
    assert len(crowd) >= 100
    assert len(written) <= 11
    for number, viewer in enumerate(crowd):
        seen = [viewer.events[0]["config"], *(event["config"] for event in viewer.events_of("config"))]
        sizes = [config["batch_size"] for config in seen]
        assert 8 + number in sizes
        assert sizes == list(range(sizes[0], 8 + len(crowd))), "no change is missing or comes twice"


def test_a_session_says_whether_it_is_new(stage: Stage) -> None:
    first = FakeViewer()
    stage.session.submit(Join(is_first=True), first)
    stage.advance()
    assert first.events[0]["resumed"] is False
    assert stage.join().events[0]["resumed"] is True


def history_of(viewer: FakeViewer) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Losses (at a stride of 1) and measurements, put together from hello and the messages after it."""
    losses: dict[str, list[float]] = {}
    trace: dict[str, list[float]] = {}
    for event in viewer.events:
        if event["type"] not in ("hello", "history"):
            continue
        assert event["losses"]["stride"] == 1
        for name, values in event["losses"]["last"].items():
            losses[name] = losses.get(name, [])[: event["losses"]["first"]] + values
        first = event["trace"]["step"][0]
        kept = sum(step < first for step in trace.get("step", []))
        trace = {name: trace.get(name, [])[:kept] + values for name, values in event["trace"].items()}
    return losses, trace


@pytest.mark.parametrize("speed", slow_but(["frame", 200.0], ["frame", 2.0, 200.0, "max"]))
@pytest.mark.parametrize("draws", [True, False])
def test_the_history_is_the_same_at_any_speed_and_for_every_viewer(speed: float | str, draws: bool) -> None:
    stage, alone = Stage(), Run(SMALL)
    watching = stage.join("viewer")
    stage.send(Playback(speed=speed), Play())  # type: ignore[arg-type]
    stage.wait(1.0, draws=draws)
    stage.send(Pause())
    late = stage.join("viewer")
    alone.advance(stage.step)
    for viewer in (stage.viewer, watching, late):
        losses, trace = history_of(viewer)
        assert losses == alone.losses.part().last
        assert trace["step"] == alone.measured.columns["step"]
        assert trace["wasserstein1"] == alone.measured.columns["wasserstein1"]
        assert trace["diagnosis"] == alone.measured.columns["diagnosis"]


def test_the_history_of_a_playing_run_comes_four_times_a_second(stage: Stage) -> None:
    stage.send(Playback(speed=200.0), Play())
    stage.viewer.events.clear()
    stage.wait(2.0)
    # Two more come with the statuses, one each second.
    assert len(stage.viewer.events_of("history")) == pytest.approx(9, abs=2)
    stage.send(Pause())
    stage.viewer.events.clear()
    stage.wait(9.0)
    assert not stage.viewer.events_of("history")


def test_a_new_run_begins_a_new_history(stage: Stage) -> None:
    stage.send(Step(count=30))
    stage.wait(1)
    stage.send(Reset())
    new = stage.viewer.last("history")
    assert new["run"] == 2
    assert (new["losses"]["steps"], new["trace"]["step"]) == (0, [0])


def told_kinds(stage: Stage) -> list[str]:
    return [status["diagnosis"]["kind"] for status in stage.viewer.events_of("status")]


def shown_kind(stage: Stage) -> str:
    hello = stage.viewer.events[0]
    frame = codec.decode(stage.viewer.frames[-1], hello["layout"])
    name: str = hello["diagnoses"][int(frame["diagnosis"])]["name"]
    return name


def test_hello_lists_the_diagnoses_and_says_the_present_one(stage: Stage) -> None:
    hello = stage.viewer.events[0]
    assert all({"name", "label", "severity", "help"} == set(kind) for kind in hello["diagnoses"])
    assert hello["status"]["diagnosis"] == {
        "kind": "untrained", "sentence": "Untrained: no step has been made yet.", "since": 0,
    }  # fmt: skip
    assert shown_kind(stage) == "untrained"


def test_another_diagnosis_is_said_at_once_and_shown(stage: Stage) -> None:
    stage.send(LoadPreset(name="mode_collapse"), Playback(speed=1000.0))
    stage.viewer.events[1:] = []
    stage.send(Play())
    stage.wait(0.6)
    kinds = told_kinds(stage)
    assert list(dict.fromkeys(kinds)) == ["untrained", "learning", "suspected_mode_collapse", "mode_collapse"]
    assert len(kinds) <= 5, "a new sentence is no reason for a message, a new kind is"
    assert shown_kind(stage) == "mode_collapse"
    stage.send(Pause())
    said = stage.viewer.last("status")["diagnosis"]
    assert said["sentence"].startswith("Mode collapse: ")
    assert said["since"] < stage.step
    assert stage.session.run.measured.columns["diagnosis"][-1] == 3


def test_a_change_while_paused_takes_back_what_was_said_of_the_run_before(stage: Stage) -> None:
    """The sentence speaks of modes and distances; of another target it would be false."""
    stage.send(LoadPreset(name="mode_collapse"), Step(count=300))
    stage.wait(2)
    assert stage.viewer.last("status")["diagnosis"]["kind"].endswith("mode_collapse")
    stage.viewer.events.clear()
    stage.send(Set(path="target", value="laplace"))
    (status,) = stage.viewer.events_of("status")
    assert status["diagnosis"]["sentence"].endswith("it is too early to say more.")
    # A drag says it once.
    stage.send(*[Set(path="target.scale", value=0.5 + step / 10) for step in range(5)])
    assert len(stage.viewer.events_of("status")) == 1


@pytest.mark.slow
def test_a_changed_setting_and_a_reset_start_the_watch_again(stage: Stage) -> None:
    stage.send(LoadPreset(name="mode_collapse"), Step(count=600))
    stage.wait(1)
    assert told_kinds(stage)[-1] == "mode_collapse"
    stage.send(Set(path="penalty", value="r1"))
    stage.send(Step())
    stage.wait(1)
    assert stage.viewer.last("status")["diagnosis"] == {
        "kind": "learning", "sentence": "Learning: it is too early to say more.", "since": 600,
    }  # fmt: skip
    stage.send(Reset())
    assert told_kinds(stage)[-1] == "untrained"
    stage.send(Step(count=1500))
    stage.wait(1)
    # Which of them depends on the processor.
    assert told_kinds(stage)[-1] in {"converged", "rough_fit", "learning"}, "the penalty is still R1, which cures it"


def test_a_blown_up_run_is_diagnosed_so() -> None:
    stage = Stage(config=DIVERGING)
    diverge(stage)
    assert told_kinds(stage)[-1] == "diverged"
    assert shown_kind(stage) == "diverged"


def test_the_status_says_when_the_run_has_met_a_goal(stage: Stage) -> None:
    stage.send(SetGoal(goal={"shows": "trained", "step": 40}, name="one"))
    assert stage.viewer.last("status")["goal"] == {
        "name": "one", "words": "the run has come to step 40", "met_at": None,
    }  # fmt: skip
    stage.send(Step(count=60))
    assert stage.viewer.last("status")["goal"]["met_at"] == 50
    stage.send(Step(count=25))
    assert stage.viewer.last("status")["goal"]["met_at"] == 50


def test_a_new_run_and_a_change_begin_a_goal_again(stage: Stage) -> None:
    stage.send(SetGoal(goal={"shows": "trained", "step": 25}), Step(count=25))
    assert stage.viewer.last("status")["goal"]["met_at"] == 25
    stage.send(Set(path="generator.optimizer.learning_rate", value=0.01), Step(count=1))
    assert stage.viewer.last("status")["goal"]["met_at"] is None
    stage.send(Step(count=24))
    assert stage.viewer.last("status")["goal"]["met_at"] == 50
    stage.send(Reset())
    assert stage.viewer.last("status")["goal"]["met_at"] is None


def test_no_goal_and_a_mistaken_one(stage: Stage) -> None:
    assert stage.viewer.last("hello")["status"]["goal"] is None
    stage.send(SetGoal(goal={"shows": "trained"}), SetGoal(goal={"shows": "nonsense"}))
    assert stage.viewer.last("refused")["message"].startswith("Expected shows to be one of converged")
    assert stage.viewer.last("status")["goal"]["words"] == "the run has come to step 100"
    stage.send(SetGoal(goal=None))
    assert stage.viewer.last("status")["goal"] is None
