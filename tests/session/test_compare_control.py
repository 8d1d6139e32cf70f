"""Two runs side by side: the second plays, steps, resets and is looked back at with the present one."""

from typing import Any

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.evaluation import codec
from gan1d.recording.run_log import Change, PlayerSteps
from gan1d.session import messages
from gan1d.session.compare_control import changes_besides
from gan1d.session.messages import (
    BranchFrom,
    Compare,
    EndComparison,
    Forget,
    LoadPreset,
    Look,
    Pause,
    Play,
    Playback,
    Reset,
    Set,
    Step,
    Switch,
)
from gan1d.session.second_run import SecondRun
from gan1d.session.session import Session
from gan1d.session.session_info import SessionInfo
from tests.session.fakes import SMALL, FakeViewer, Stage, bits
from tests.session.test_viewing import in_turn, look, refusal, settle
from tests.tools import slow_but

RATE = "generator.optimizer.learning_rate"
FASTER = {RATE: 0.01}


def meet(stage: Stage) -> None:
    """Let the second run come to the step of the present one, and the pending steps of both be made."""
    for _ in range(100_000):
        stage.now += 0.02
        stage.advance()
        stage.draw(stage.viewer)
        if not stage.session.is_second_behind and stage.session.playback_control.pending is None:
            stage.advance()
            return
    raise AssertionError("The second run has not caught up.")


def compare(stage: Stage, **fields: Any) -> SecondRun:
    stage.send(Compare(**fields))
    meet(stage)
    assert stage.session.second is not None, stage.viewer.events[-3:]
    return stage.session.second


def plain(frame: bytes) -> bytes:
    """A frame without its scene and its mark."""
    return frame[:6] + frame[8:14] + frame[16:]


def mark_of(frame: bytes) -> int:
    return int.from_bytes(frame[14:16], "little")


def shown(stage: Stage, viewer: FakeViewer | None = None) -> tuple[bytes, bytes]:
    """The last pair of frames that a viewer was sent."""
    viewer = viewer or stage.viewer
    second = viewer.seconds[-1]
    assert second is not None
    assert mark_of(second) == mark_of(viewer.frames[-1]) + codec.SECOND
    return plain(viewer.frames[-1]), plain(second)


def alone(config: Config, *commands: messages.Command) -> bytes:
    """The frame of a session that carries out commands without a comparison."""
    other = Stage(config)
    in_turn(other, *commands)
    return plain(other.session.run.encoded_frame())


def stepped(stage: Stage, *commands: messages.Command) -> None:
    for command in commands:
        stage.session.submit(command, stage.viewer)
        stage.advance()
        meet(stage)


def test_both_runs_have_the_bits_that_each_has_alone(stage: Stage) -> None:
    stage.send(Step(count=30))
    compare(stage, changes=FASTER)
    stepped(stage, Step(count=25), Step(count=5, player="generator"), Step(count=40))
    first = [Step(count=30), Step(count=25), Step(count=5, player="generator"), Step(count=40)]
    second = [first[0], Set(path=RATE, value=0.01), *first[1:]]
    assert shown(stage) == (alone(SMALL, *first), alone(SMALL, *second))
    assert stage.viewer.last("comparing")["differences"] == [
        {"path": RATE, "label": "G learning rate", "here": "0.004", "there": "0.01"}
    ]
    assert stage.viewer.last("comparing")["changes"] == FASTER


def test_playing_takes_the_same_steps_in_both(stage: Stage) -> None:
    second = compare(stage, changes=FASTER)
    stage.send(Playback(speed=200.0), Play())
    for _ in range(300):
        stage.now += 0.004
        stage.advance()
        stage.draw(stage.viewer)
    stage.send(Pause())
    meet(stage)
    assert stage.step > 100
    assert second.step == stage.step
    pairs = [
        (codec.HEADER.unpack_from(one)[3], codec.HEADER.unpack_from(two)[3] & codec.STEP_BITS)
        for one, two in zip(stage.viewer.frames, stage.viewer.seconds, strict=True)
        if two is not None
    ]
    assert len(pairs) > 20
    assert all(one == two for one, two in pairs)
    assert shown(stage)[1] == alone(SMALL.patched(RATE, 0.01), Step(count=stage.step))


@pytest.mark.parametrize("start", slow_but([40], [0, 40]))
def test_one_knob_is_changed_at_an_earlier_step_and_the_run_catches_up(stage: Stage, start: int) -> None:
    in_turn(stage, Step(count=50), Set(path="batch_size", value=6), Step(count=100))
    compare(stage, changes=FASTER, step=start)
    before = [Step(count=start)] if start else []
    commands = [*before, Set(path=RATE, value=0.01), Step(count=50 - start), Set(path="batch_size", value=6)]
    assert shown(stage)[1] == alone(SMALL, *commands, Step(count=100)), "with the other changes of the run"
    entry = stage.viewer.last("runs")["runs"][-1]
    assert (entry["name"], entry["parent"], entry["from_step"]) == ("G learning rate 0.01", 1 if start else None, start)
    assert stage.viewer.last("comparing")["shared_steps"] == start


def test_a_setting_that_begins_a_run_is_changed_from_the_start(stage: Stage) -> None:
    stage.send(Step(count=20))
    compare(stage, changes={"seed": 5})
    assert shown(stage)[1] == alone(SMALL.patched("seed", 5), Step(count=20))
    compare(stage, changes={"generator.hidden": [3]}, step=0)
    assert shown(stage)[1] == alone(SMALL.patched("generator.hidden", [3]), Step(count=20))


@pytest.mark.slow
def test_a_run_on_its_way_is_shown_and_said_to_catch_up(stage: Stage) -> None:
    stage.send(Step(count=300))
    stage.send(Compare(changes=FASTER, step=0))
    while stage.session.is_second_behind:
        stage.now += 0.02
        stage.advance()
        stage.draw(stage.viewer)
    sentences = [event["sentence"] for event in stage.viewer.events_of("comparing")]
    assert any(one.startswith("“G learning rate 0.01” catches up: step ") for one in sentences)
    assert sentences[-1] == "Compared with “G learning rate 0.01”: G learning rate 0.004 here, 0.01 there."
    on_the_way = [codec.HEADER.unpack_from(each)[3] & codec.STEP_BITS for each in stage.viewer.seconds if each]
    assert len(set(on_the_way)) > 10
    assert on_the_way == sorted(on_the_way)


def test_the_present_run_waits_for_a_second_one_that_catches_up(stage: Stage) -> None:
    stage.send(Step(count=100))
    stage.send(Playback(speed="max"), Play())
    stage.send(Compare(changes=FASTER, step=0))
    at = stage.step
    for _ in range(20):
        stage.advance()
    assert stage.session.is_second_behind
    assert stage.step == at
    meet(stage)
    for _ in range(20):
        stage.advance()
    assert stage.step > at


def test_the_present_run_is_the_same_with_a_comparison_and_without(stage: Stage) -> None:
    commands = [Step(count=30), Set(path="discriminator.hidden", value=[4]), Step(count=60, player="both")]
    other = Stage()
    in_turn(other, *commands)
    stage.send(commands[0])
    compare(stage, changes=FASTER, step=10)
    stepped(stage, commands[1], Look(step=12), Look(step=None), commands[2])
    assert bits(stage) == bits(other)
    assert plain(stage.session.run.encoded_frame()) == plain(other.session.run.encoded_frame())
    assert stage.session.run.losses.part() == other.session.run.losses.part()


def test_both_are_looked_back_at_with_their_original_bytes(stage: Stage) -> None:
    stage.send(Step(count=20))
    compare(stage, changes=FASTER)
    frames = {}
    for _ in range(50):
        stepped(stage, Step())
        frames[stage.step] = shown(stage)
    follower = stage.join("viewer")
    for viewer in (stage.viewer, follower):
        for step in (70, 21, 48, 22):
            look(stage, step, viewer)
            assert shown(stage, viewer) == frames[step], step
    received = stage.viewer.last("comparing")
    assert (received["look"], received["step"]) == (4, 22)
    look(stage, 10)
    one, two = shown(stage)
    assert one == two, "the same run up to step 20"
    assert stage.viewer.last("comparing")["differences"] == []
    stage.send(Look(step=None))
    assert stage.viewer.last("comparing")["look"] == 0
    assert stage.viewer.last("comparing")["changes"] == FASTER


def test_a_kept_run_repeats_its_course_and_then_goes_on(stage: Stage) -> None:
    in_turn(stage, Step(count=60), Set(path=RATE, value=0.01), Step(count=60))
    stage.send(BranchFrom(step=40))
    settle(stage)
    stage.advance()
    second = compare(stage, run=1)
    assert stage.viewer.last("comparing")["differences"] == []
    stepped(stage, Step(count=40))
    assert stage.viewer.last("comparing")["changes"] == FASTER, "which it changed at step 60"
    stepped(stage, Step(count=60))
    whole = [Step(count=60), Set(path=RATE, value=0.01), Step(count=80)]
    assert shown(stage)[1] == alone(SMALL, *whole)
    assert (second.record.step, second.record.losses.all_steps) == (140, 140)
    assert stage.viewer.events_of("history")[-1]["losses"]["steps"] == 140


def test_a_shorter_run_is_trained_on(stage: Stage) -> None:
    in_turn(stage, Step(count=30), Reset(seed=3), Step(count=90))
    compare(stage, run=1)
    assert shown(stage)[1] == alone(SMALL, Step(count=90))
    assert stage.viewer.last("comparing")["differences"] == [
        {"path": "seed", "label": "seed", "here": "3", "there": "0"}
    ]


def test_a_reset_begins_both_again_and_a_common_seed_stays_common(stage: Stage) -> None:
    stage.send(Step(count=30))
    compare(stage, changes=FASTER)
    stepped(stage, Step(count=10), Reset(), Step(count=15))
    pair = alone(SMALL, Step(count=15)), alone(SMALL.patched(RATE, 0.01), Step(count=15))
    assert shown(stage) == pair
    count = len(stage.session.runs.all)
    stepped(stage, Reset(), Step(count=15))
    assert shown(stage) == pair
    assert len(stage.session.runs.all) == count + 1, "the second run is repeated"
    stepped(stage, Reset(seed=8), Step(count=15))
    config = SMALL.patched("seed", 8)
    assert shown(stage) == (alone(config, Step(count=15)), alone(config.patched(RATE, 0.01), Step(count=15)))
    stepped(stage, Reset())
    assert stage.viewer.last("comparing")["changes"] == FASTER


def test_switching_to_the_second_run_exchanges_both(stage: Stage) -> None:
    stage.send(Step(count=30))
    compare(stage, changes=FASTER)
    stepped(stage, Step(count=10))
    pair = shown(stage)
    stepped(stage, Switch(run=2))
    assert shown(stage) == pair[::-1]
    assert stage.session.config == SMALL.patched(RATE, 0.01)
    stepped(stage, Set(path="batch_size", value=8), Step(count=3))
    differences = {one["path"]: one["there"] for one in stage.viewer.last("comparing")["differences"]}
    assert differences == {RATE: "0.004", "batch_size": "4"}
    stepped(stage, Reset())
    stepped(stage, Switch(run=stage.session.second.record.number))
    assert stage.session.config == SMALL


def test_a_branch_is_compared_with_the_same_run(stage: Stage) -> None:
    stage.send(Step(count=30))
    compare(stage, changes=FASTER)
    stepped(stage, Step(count=40))
    stage.send(BranchFrom(step=50))
    settle(stage)
    meet(stage)
    second = alone(SMALL, Step(count=30), Set(path=RATE, value=0.01), Step(count=20))
    assert shown(stage) == (alone(SMALL, Step(count=50)), second)
    stepped(stage, Set(path=RATE, value=0.005), Step(count=5))
    assert stage.viewer.last("comparing")["changes"] == FASTER


def test_the_end_shows_the_present_run_alone_and_keeps_the_second(stage: Stage) -> None:
    stage.send(Step(count=30))
    compare(stage, changes=FASTER)
    stepped(stage, Step(count=10), EndComparison(), Step(count=2))
    ended = stage.viewer.last("comparing")
    assert (ended["run"], ended["sentence"]) == (None, "The comparison has ended.")
    assert stage.viewer.seconds[-1] is None
    assert stage.viewer.steps[-1] == 42
    stage.send(Switch(run=2))
    assert stage.step == 40
    stage.send(Step(count=5))
    expected = alone(SMALL, Step(count=30), Set(path=RATE, value=0.01), Step(count=15))
    assert plain(stage.session.run.encoded_frame()) == expected


def test_another_experiment_and_forgetting_end_the_comparison(stage: Stage) -> None:
    stage.send(Step(count=10))
    compare(stage, changes=FASTER)
    stepped(stage, LoadPreset(name="default"))
    sentence = "Another experiment has begun, so the comparison has ended."
    assert stage.viewer.last("comparing")["sentence"] == sentence
    stepped(stage, Step())
    compare(stage, run=2)
    stepped(stage, Forget(run=2))
    assert stage.viewer.last("comparing")["run"] is None
    assert 2 not in stage.session.runs.all


def test_a_run_that_has_diverged_stays_and_the_other_goes_on(stage: Stage) -> None:
    wild = {f"{player}.optimizer": {"kind": "sgd", "learning_rate": 10.0} for player in ("generator", "discriminator")}
    stage.send(Step(count=20))
    second = compare(stage, changes={**wild, "loss": "least_squares"})
    stepped(stage, Step(count=60))
    assert second.record.diverged
    assert stage.step == 80
    at = second.record.step
    assert 20 <= at < 80
    received = stage.viewer.last("comparing")
    assert received["diverged"]
    assert received["sentence"].endswith(f" It has diverged at step {at} and stays there.")
    look(stage, at - 1)
    assert codec.HEADER.unpack_from(stage.viewer.seconds[-1] or b"")[3] & codec.STEP_BITS == at - 1
    stage.send(Look(step=None))
    stepped(stage, Switch(run=second.record.number))
    tame = {path: {"kind": "sgd", "learning_rate": 0.001} for path in wild}
    stepped(stage, Compare(changes=tame, step=at - 1))
    stepped(stage, Switch(run=stage.session.second.record.number), Step(count=5))
    assert stage.step == at + 5


def test_runs_with_other_curves_are_not_compared(stage: Stage) -> None:
    stage.send(Step(count=5))
    for changes in ({"latent.dimension": 2}, {"conditional": True}):
        stage.send(Compare(changes=changes))
        for _ in range(1000):
            stage.advance()
        assert stage.viewer.last("comparing")["run"] is None
        assert "as many labels and coordinates of z" in stage.viewer.last("comparing")["sentence"]
    assert stage.session.second is None


def test_what_cannot_be_compared_is_refused_in_a_sentence(stage: Stage) -> None:
    stage.send(Step(count=5))
    found = {
        "Expected the number of a run that is kept (1), but got 7.": Compare(run=7),
        "Expected a run besides the present one, but got the present one.": Compare(run=1),
        "Expected either a run or changes to compare with, but got both.": Compare(run=1, changes=FASTER),
        "Expected a change that makes a difference, but got none.": Compare(changes={RATE: 0.004}),
        "Expected a step from 0 to 5 of “run 1”, but got 6.": Compare(changes=FASTER, step=6),
    }
    for sentence, command in found.items():
        assert refusal(stage, command) == sentence
    assert refusal(stage, Compare()) == "Expected a change that makes a difference, but got none."
    assert "Expected a number of 10 or less" in refusal(stage, Compare(changes={RATE: 99.0}))
    assert "only who drives it" in refusal(stage, Compare(changes=FASTER), stage.join("viewer"))
    assert stage.session.second is None
    assert sorted(stage.session.runs.all) == [1]


def test_without_a_history_there_is_no_comparison(stage: Stage) -> None:
    stage.session = Session(SMALL, "default", info=SessionInfo(history_bytes=0))
    stage.viewer = stage.join()
    stage.send(Step(count=5))
    assert "--history 0" in refusal(stage, Compare(changes=FASTER))


def test_a_late_joiner_is_told_and_shown_both(stage: Stage) -> None:
    stage.send(Step(count=10))
    compare(stage, changes=FASTER)
    follower = stage.join("viewer")
    assert follower.events[1]["type"] == "comparing"
    assert follower.events[1]["run"] == 2
    stage.wait(0.1)
    assert shown(stage, follower) == shown(stage)
    scene = follower.last("second_scene")
    assert codec.HEADER.unpack_from(follower.seconds[-1] or b"")[2] == scene["scene"]
    decoded = codec.decode(follower.seconds[-1] or b"", scene["layout"])
    assert (decoded["is_second"], decoded["look"], decoded["step"]) == (1, 0, 10)
    assert np.isfinite(decoded["generator"]).all()


@pytest.mark.slow
def test_frames_in_pairs_are_as_many_on_their_way_as_single_ones(stage: Stage) -> None:
    stage.send(Step(count=10))
    compare(stage, changes=FASTER)
    stage.send(Playback(speed=1000.0), Play())
    sent = len(stage.viewer.frames)
    stage.wait(0.1, draws=False)
    assert len(stage.viewer.frames) - sent <= 2
    stage.draw(stage.viewer)
    sent = len(stage.viewer.frames)
    stage.wait(0.1, draws=False)
    assert len(stage.viewer.frames) - sent == 2
    stepped(stage, Pause(), EndComparison())
    stage.draw(stage.viewer)
    stage.send(Play())
    sent = len(stage.viewer.frames)
    stage.wait(0.1, draws=False)
    assert len(stage.viewer.frames) - sent == 2


@pytest.mark.slow
def test_a_compared_run_is_not_forgotten_to_make_room(stage: Stage) -> None:
    stage.session = Session(SMALL, "default", info=SessionInfo(history_bytes=40_000))
    stage.viewer = stage.join()
    stage.send(Step(count=100))
    second = compare(stage, changes=FASTER)
    for _ in range(12):
        stepped(stage, Set(path="seed", value=stage.step + 1), Step(count=20))
        kept = stage.session.runs.all
        assert stage.session.second.record.number in kept
        used = sum(each.recording.key_frames.bytes for each in kept.values() if each.recording)
        assert used < 55_000
    assert second is not stage.session.second


def test_an_error_of_the_server_ends_the_comparison(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    stage.send(Step(count=5))
    compare(stage, changes=FASTER)
    with monkeypatch.context() as patch:
        patch.setattr(SecondRun, "follow", fail)
        with pytest.raises(ZeroDivisionError):
            stage.advance()
    stage.session.fail(ZeroDivisionError(), stage.now)
    assert stage.session.second is None
    assert sorted(stage.session.runs.all) == [1]
    assert stage.viewer.last("comparing")["run"] is None


def test_changes_of_the_same_setting_are_left_out() -> None:
    events = [
        Change(10, {"loss.kind": "hinge", "batch_size": 8}),
        PlayerSteps(12, "generator", 3),
        Change(20, {"loss.smoothing": 0.1}),
        Change(30, {"batch_size": 9}, True),
    ]
    assert changes_besides({"loss": "wasserstein"}, events, 0) == [Change(10, {"batch_size": 8}), events[3]]
    assert changes_besides({"batch_size": 7}, events, 15) == [events[2]]
