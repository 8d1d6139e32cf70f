"""Looking back: original frames of earlier steps, for one viewer at a time, while the run stays as it is."""

import logging
import random
from typing import Any

import pytest

from gan1d import Config, presets
from gan1d.evaluation import codec
from gan1d.recording import recording
from gan1d.session.look_back import StepFinder
from gan1d.session.messages import (
    BranchFrom,
    Command,
    Forget,
    GetHistory,
    GetLog,
    GetStepTrace,
    Look,
    Pause,
    Play,
    Playback,
    Reset,
    Set,
    Step,
)
from gan1d.session.restoration import Restoration
from gan1d.session.run import Run
from gan1d.session.session import Session
from gan1d.session.session_info import SessionInfo
from tests.session.fakes import SMALL, FakeViewer, Stage, bits
from tests.tools import slow_but


def look(stage: Stage, step: int | None, viewer: FakeViewer | None = None, run: int | None = None) -> bytes:
    """The frame of a step as it was sent at that step."""
    viewer = viewer or stage.viewer
    stage.send(Look(step=step, run=run), viewer=viewer)
    settle(stage)
    stage.draw(viewer)
    stage.advance()
    marked = viewer.frames[-1]
    assert codec.LOOK_OFFSET == 14
    return marked[:14] + b"\0\0" + marked[16:]


def in_turn(stage: Stage, *commands: Command) -> None:
    """Carry out each command when the one before is done."""
    for command in commands:
        stage.send(command)


def settle(stage: Stage) -> None:
    """Let the session find what viewers wait for."""
    for _ in range(100_000):
        if not stage.session.viewing.is_busy and stage.session._going_back is None:
            return
        stage.now += 0.001
        stage.advance()
    raise AssertionError("Nothing was found.")


CHANGES: list[tuple[str, Any]] = [
    ("generator.optimizer.learning_rate", 0.006),
    ("generator.hidden", [5, 3]),
    ("discriminator.hidden", [4]),
    ("instance_noise.deviation", 0.4),
    ("target.kind", "uniform"),
    ("discriminator.activation", "tanh"),
    ("generator.historical_averaging", 0.5),
    ("batch_size", 6),
    ("target.kind", "gaussian_mixture"),
    ("generator.hidden", [2]),
]


def eventful(stage: Stage, seed: int, rounds: int = 30) -> dict[int, bytes]:
    """A run with changes and steps of one player; its last frame at each step at which there was one."""
    rng, frames, run = random.Random(seed), {}, stage.session.run
    for _ in range(rounds):
        player = rng.choice(["both", "both", "generator", "discriminator"])
        stage.send(Step(count=rng.choice([1, 2, 9, 30]), player=player))  # type: ignore[arg-type]
        if rng.random() < 0.5:
            path, value = rng.choice(CHANGES)
            stage.send(Set(path=path, value=value, reinitialize=rng.random() < 0.3))
        stage.draw(stage.viewer)
        frames[run.step] = run.encoded_frame()
    return frames


@pytest.mark.parametrize("seed", slow_but([0], range(3)))
def test_any_step_of_an_eventful_run_has_its_original_bytes(stage: Stage, seed: int) -> None:
    frames = eventful(stage, seed)
    before = bits(stage)
    steps = random.Random(seed).sample(sorted(frames), min(12, len(frames)))
    assert [look(stage, step) == frames[step] for step in steps] == [True] * len(steps)
    assert bits(stage) == before


@pytest.mark.parametrize("name", slow_but(["labelled_modes"], presets))
def test_any_step_of_every_preset_has_its_original_bytes(name: str) -> None:
    stage = Stage(presets[name].config.patched("batch_size", 16))
    run, frames = stage.session.run, {}
    rng = random.Random(name)
    for count in [rng.randint(1, 40) for _ in range(8)]:
        run.advance(count)
        frames[run.step] = run.encoded_frame()
    steps = rng.sample(sorted(frames), min(4, len(frames)))
    assert [look(stage, step) == frames[step] for step in steps] == [True] * len(steps), steps


def test_a_run_that_has_diverged_has_its_original_bytes() -> None:
    wild = {"hidden": [16, 16], "activation": {"kind": "leaky_relu"}, "optimizer": {"kind": "sgd", "learning_rate": 10}}
    config = Config.parsed({"batch_size": 8, "penalty": {"kind": "none"}, "generator": wild, "discriminator": wild})
    stage = Stage(config)
    run, frames = stage.session.run, {}
    frames[0] = run.encoded_frame()
    while run.diverged is None and run.step < 5000:
        run.advance(1)
        frames[run.step] = run.encoded_frame()
    assert run.diverged is not None
    assert all(look(stage, step) == frames[step] for step in (run.step, 0, run.step // 2, run.step))


def test_the_answer_says_what_is_shown(stage: Stage) -> None:
    in_turn(stage, Step(count=60), Set(path="batch_size", value=8), Step(count=40))
    look(stage, 30)
    looking = stage.viewer.last("looking")
    assert looking["config"] == SMALL.model_dump(mode="json")
    assert {key: looking[key] for key in ("look", "step", "run", "last_step", "running", "spacing")} == {
        "look": 1, "step": 30, "run": 1, "last_step": 100, "running": False, "spacing": 34,
    }  # fmt: skip
    assert looking["sentence"] == "Looking at step 30 of “run 1”."
    assert codec.HEADER.unpack_from(stage.viewer.frames[-1])[3] == (1 << 48) + 30
    look(stage, 80)
    assert (stage.viewer.last("looking")["look"], stage.viewer.last("looking")["config"]) == (2, None)


def test_a_viewer_that_looks_back_gets_no_frame_of_the_present_until_it_returns(stage: Stage) -> None:
    follower = stage.join("viewer")
    stage.send(Step(count=50))
    stage.draw(follower)
    look(stage, 20, follower)
    shown = len(follower.frames)
    stage.send(Playback(speed=100.0), Play())
    stage.wait(2)
    assert stage.step > 200
    assert len(follower.frames) == shown, "it sees nothing of the present"
    assert stage.viewer.steps[-1] > 240, "the driver does"
    assert follower.last("status")["step"] > 150, "but it reads how far the run is"
    stage.send(Look(step=None), viewer=follower)
    stage.wait(0.1)
    assert follower.last("looking")["step"] is None
    assert follower.steps[-1] >= 200


@pytest.mark.parametrize("speed", ["frame", 60.0])
def test_a_run_goes_on_while_its_only_viewer_looks_back(stage: Stage, speed: Any) -> None:
    stage.send(Step(count=50))
    look(stage, 20)
    stage.send(Playback(speed=speed), Play())
    stage.wait(2)
    assert stage.step == pytest.approx(50 + 120, abs=6)
    assert stage.viewer.steps[-1] & 0xFFFF == 20


def test_only_the_last_of_several_looks_is_answered(stage: Stage) -> None:
    stage.send(Step(count=100))
    stage.draw(stage.viewer)
    for step in (10, 90, 35):
        stage.session.submit(Look(step=step), stage.viewer)
    settle_after_inbox(stage)
    assert [event["step"] for event in stage.viewer.events_of("looking")] == [35]


def settle_after_inbox(stage: Stage) -> None:
    stage.session.handle_inbox(stage.now)
    settle(stage)


def test_a_viewer_without_credit_gets_the_newest_past_frame_when_it_draws(stage: Stage) -> None:
    stage.send(Step(count=100))
    stage.draw(stage.viewer)
    stage.advance()
    for step in (10, 20, 30, 40):
        stage.send(Look(step=step))
        settle(stage)
    assert [step & 0xFFFF for step in stage.viewer.steps[-2:]] == [10, 20]
    stage.ack()
    assert stage.viewer.steps[-1] & 0xFFFF == 40


def test_two_viewers_look_at_once(stage: Stage) -> None:
    stage.send(Step(count=100))
    run, other = stage.session.run, stage.join("viewer")
    stage.draw(stage.viewer)
    stage.session.submit(Look(step=77), stage.viewer)
    stage.session.submit(Look(step=12), other)
    settle_after_inbox(stage)
    assert [viewer.steps[-1] & 0xFFFF for viewer in (stage.viewer, other)] == [77, 12]
    assert run.step == 100


def test_a_frame_of_another_scene_comes_after_its_scene(stage: Stage) -> None:
    in_turn(stage, Step(count=30), Set(path="target.kind", value="uniform"), Step(count=30))
    stage.draw(stage.viewer)
    look(stage, 10)
    scene = stage.viewer.last("scene")
    assert (scene["scene"], scene["run"], scene["look"]) == (1, 1, 1)
    assert stage.viewer.scenes[-1] == 1
    count = len(stage.viewer.events_of("scene"))
    look(stage, 20)
    assert len(stage.viewer.events_of("scene")) == count, "it has that scene"
    stage.send(Look(step=None))
    assert stage.viewer.last("scene")["scene"] == stage.session.run.scene
    assert stage.viewer.last("scene")["look"] == 0


def test_a_new_scene_of_the_present_is_sent_to_a_viewer_when_it_returns(stage: Stage) -> None:
    stage.send(Step(count=30))
    other = stage.join("viewer")
    look(stage, 10, other)
    count = len(other.events_of("scene"))
    stage.send(Set(path="target.kind", value="uniform"))
    assert len(other.events_of("scene")) == count
    stage.send(Look(step=None), viewer=other)
    stage.wait(0.05)
    assert other.last("scene")["scene"] == stage.session.run.scene
    assert other.scenes[-1] == stage.session.run.scene


def refusal(stage: Stage, command: Command, viewer: FakeViewer | None = None) -> str:
    stage.send(command, viewer=viewer)
    return str((viewer or stage.viewer).last("refused")["message"])


def test_what_cannot_be_looked_at_is_refused_and_nothing_changes(stage: Stage) -> None:
    stage.send(Step(count=30))
    look(stage, 10)
    assert refusal(stage, Look(step=31)) == "Expected a step from 0 to 30 of “run 1”, but got 31."
    assert refusal(stage, Look(step=3, run=7)) == "Expected the number of a run that is kept (1), but got 7."
    assert refusal(stage, BranchFrom(step=31)) == "Expected a step from 0 to 30 of “run 1”, but got 31."
    assert refusal(stage, GetLog(run=7)) == "Expected the number of a run that is kept (1), but got 7."
    assert look(stage, 20) != b""
    assert stage.step == 30


def test_without_history_a_sentence_says_so() -> None:
    stage = Stage(SMALL)
    stage.session = Session(SMALL, "default", info=SessionInfo(history_bytes=0))
    stage.viewer = stage.join()
    stage.send(Step(count=5))
    for command in (Look(step=3), BranchFrom(step=3), GetLog()):
        assert refusal(stage, command) == (
            "The steps of a run are not kept here: the server was started with --history 0."
        )
    stage.send(Reset())
    assert [entry["run"] for entry in stage.viewer.last("runs")["runs"]] == [2]


def test_a_viewer_that_looks_at_a_forgotten_run_sees_the_present(stage: Stage) -> None:
    stage.send(Step(count=30))
    stage.send(Reset())
    other = stage.join("viewer")
    assert codec.HEADER.unpack_from(look(stage, 10, other, run=1))[3] == 10
    stage.send(Forget(run=1))
    assert other.last("looking")["step"] is None
    assert other.last("looking")["sentence"] == "“run 1” is no longer kept, so this is the present step."
    assert other.steps[-1] == 0


def test_a_viewer_goes_on_looking_at_a_run_that_was_reset(stage: Stage) -> None:
    stage.send(Step(count=30))
    other = stage.join("viewer")
    first = look(stage, 10, other)
    in_turn(stage, Reset(), Step(count=3))
    assert look(stage, 10, other) == first
    assert other.last("looking")["run"] == 1


def test_looking_back_changes_nothing_in_a_run() -> None:
    def course(looks: bool) -> bytes:
        stage = Stage()
        stage.send(Playback(speed="max"), Play())
        for step in (5, 3, 40, 12):
            stage.wait(0.1)
            if looks:
                stage.send(Look(step=step))
        while stage.step < 600:
            stage.wait(0.05)
        stage.send(Pause())
        run = Run(SMALL)
        run.advance(stage.step)
        assert run.encoded_frame()[16:] == stage.session.run.encoded_frame()[16:]
        return run.encoded_frame()

    assert course(looks=True)
    assert course(looks=False)


def test_the_history_of_a_run_can_be_had_by_anybody(stage: Stage) -> None:
    in_turn(stage, Step(count=30), Set(path="batch_size", value=8), Step(count=5))
    losses = stage.join("viewer").events[0]["losses"]
    stage.send(Reset())
    other = stage.join("viewer")
    stage.send(GetHistory(run=1), viewer=other)
    found = other.last("run_history")
    assert found["losses"] == losses
    assert found["trace"]["step"][:3] == [0, 5, 10]
    assert [mark["label"] for mark in found["marks"]] == ["batch size 4 → 8"]
    assert found["config"]["batch_size"] == 8
    assert "at most 4 requests" in refusal(stage, GetHistory(run=1), other)
    stage.now += 1
    stage.send(GetHistory(run=1), viewer=other)
    assert len(other.events_of("run_history")) == 2


def test_a_look_is_answered_in_slices(stage: Stage) -> None:
    stage.send(Step(count=24))
    stage.session.submit(Look(step=23), stage.viewer)
    stage.session.handle_inbox(stage.now)
    turns = 0
    while stage.session.viewing.is_busy:
        stage.advance()
        turns += 1
    # Every slice seems to last as long as one may, so each holds a single step.
    assert turns >= 23


@pytest.mark.slow
def test_the_run_gets_its_turns_while_viewers_look_back(stage: Stage) -> None:
    stage.send(Step(count=300))
    others = [stage.join("viewer") for _ in range(10)]
    stage.send(Playback(speed="max"), Play())
    before = stage.step
    for turn in range(200):
        for other in others:
            stage.session.submit(Look(step=(37 * turn) % 300), other)
        stage.wait(0.001)
    assert stage.step > before + 100
    assert all(len(other.events_of("looking")) >= 1 for other in others), "each viewer gets an answer"


def test_a_viewer_that_drags_sees_steps_on_its_way(stage: Stage) -> None:
    stage.send(Step(count=300))
    for step in range(0, 300, 3):
        stage.session.submit(Look(step=step), stage.viewer)
        for _ in range(10):
            stage.advance()
        stage.draw(stage.viewer)
    settle(stage)
    shown = [event["step"] for event in stage.viewer.events_of("looking")]
    assert shown == sorted(shown)
    assert len(shown) > 30
    assert shown[-1] == 297


def test_two_looks_at_a_step_that_is_still_to_be_found_are_answered_once(stage: Stage) -> None:
    stage.send(Step(count=100))
    stage.session.submit(Look(step=60), stage.viewer)
    stage.session.handle_inbox(stage.now)
    stage.advance()
    assert stage.session.viewing.is_busy, "the step is on its way"
    stage.session.submit(Look(step=60), stage.viewer)
    settle(stage)
    assert [(event["look"], event["step"]) for event in stage.viewer.events_of("looking")] == [(2, 60)]


def test_a_look_for_which_the_memory_does_not_suffice_is_refused(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    stage.send(Step(count=30))
    monkeypatch.setattr(StepFinder, "advance", fail)
    stage.send(Look(step=3))
    settle(stage)
    looking = stage.viewer.last("looking")
    assert (looking["step"], looking["sentence"]) == (
        None,
        "The memory of the server does not suffice to look at an earlier step of this run.",
    )
    assert stage.viewer.last("status")["state"] == "paused"
    stage.send(Step())
    assert stage.step == 31


def test_an_error_while_going_back_ends_that(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    stage.send(Step(count=30))
    stage.session.submit(BranchFrom(step=3), stage.viewer)
    stage.session.handle_inbox(stage.now)
    monkeypatch.setattr(Restoration, "advance", fail)
    with pytest.raises(ZeroDivisionError) as caught:
        stage.session.advance(stage.now)
    stage.session.fail(caught.value, stage.now)
    stage.advance()
    assert stage.viewer.last("status")["state"] == "failed"
    monkeypatch.undo()
    stage.send(BranchFrom(step=29))
    settle(stage)
    assert (stage.step, stage.viewer.last("status")["state"]) == (29, "paused")


def test_an_error_while_looking_back_is_none_of_the_run(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    stage.send(Step(count=30))
    other, third = stage.join("viewer"), stage.join("viewer")
    assert look(stage, 7, other)
    monkeypatch.setattr(StepFinder, "advance", fail)
    with caplog.at_level(logging.ERROR):
        stage.session.submit(GetStepTrace(step=5), third)
        stage.send(Look(step=3))
        settle(stage)
    assert third.last("refused")["message"].startswith("Something went wrong in the server")
    assert caplog.records[0].exc_info is not None
    stage.wait(0.1)
    for viewer in (stage.viewer, other):
        looking = viewer.last("looking")
        assert looking["step"] is None
        assert looking["sentence"] == (
            "Something went wrong in the server while it looked for an earlier step; its log says what."
        )
        assert viewer.frames[-1] == stage.session.run.encoded_frame()
    assert stage.viewer.last("status")["state"] == "paused"
    monkeypatch.undo()
    assert look(stage, 3, other)
    stage.send(Step())
    assert stage.step == 31


def test_a_look_goes_on_while_the_run_has_failed(stage: Stage) -> None:
    stage.send(Step(count=30))
    shown = look(stage, 3)
    stage.session.submit(Look(step=7), stage.viewer)
    stage.session.handle_inbox(stage.now)
    stage.session.fail(ZeroDivisionError("oops"), stage.now)
    settle(stage)
    assert (stage.viewer.last("looking")["step"], stage.viewer.last("status")["state"]) == (7, "failed")
    assert look(stage, 3) == shown


def test_a_run_whose_log_is_full_can_be_looked_at_up_to_there(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "MOST_LINES", 4)
    for count in range(5):
        in_turn(stage, Step(count=10), Set(path="batch_size", value=5 + count))
    assert stage.step == 50
    assert look(stage, 30)
    assert refusal(stage, Look(step=31)) == (
        "Expected a step from 0 to 30 of “run 1”, but got 31. The log of the run is full there."
    )
    stage.send(GetLog())
    assert stage.viewer.last("run_log")["text"].splitlines()[-1].startswith("[30,")
    stage.send(BranchFrom(step=20))
    settle(stage)
    in_turn(stage, Step(count=10))
    assert look(stage, 25)
