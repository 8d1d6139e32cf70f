"""Several runs of one session: going on from the past, returning, undoing a reset, and the memory that they share."""

import re

import pytest

from gan1d import presets
from gan1d.session.kept_runs import MOST_RUNS
from gan1d.session.messages import (
    BranchFrom,
    Forget,
    LoadPreset,
    Look,
    Play,
    Playback,
    Rename,
    Reset,
    Set,
    SetBookmark,
    Step,
    Switch,
)
from gan1d.session.session import DIFFERENCES_SECONDS, Session
from gan1d.session.session_info import SessionInfo
from tests.session.fakes import SMALL, FakeViewer, Stage, bits
from tests.session.test_viewing import in_turn, look, refusal, settle


def branch(stage: Stage, step: int, run: int | None = None, name: str | None = None) -> None:
    stage.send(BranchFrom(step=step, run=run, name=name))
    settle(stage)
    stage.advance()


def runs(viewer: FakeViewer) -> dict[int, dict[str, object]]:
    return {entry["run"]: entry for entry in viewer.last("runs")["runs"]}


def test_a_branch_makes_an_earlier_step_the_present_one(stage: Stage) -> None:
    stage.send(Step(count=40))
    then = bits(stage)
    in_turn(stage, SetBookmark(step=20, text="here"), Set(path="batch_size", value=8), Step(count=40))
    branch(stage, 40)
    assert (stage.step, stage.session.run.number) == (40, 2)
    assert stage.session.config.batch_size == 8, "after all changes made at the step"
    branch(stage, 39)
    assert stage.session.config == SMALL
    stage.send(Step())
    assert bits(stage) == then
    assert stage.viewer.last("status")["state"] == "paused"
    assert stage.viewer.last("marks")["bookmarks"] == [{"step": 20, "text": "here"}]
    assert stage.viewer.last("config")["config"] == SMALL.model_dump(mode="json")
    found = runs(stage.viewer)
    assert {number: entry["name"] for number, entry in found.items()} == {
        1: "run 1", 2: "from step 40", 3: "from step 39",
    }  # fmt: skip
    assert [found[3][key] for key in ("parent", "from_step", "shared_steps")] == [2, 39, 39]
    assert [found[1][key] for key in ("parent", "from_step", "shared_steps", "step")] == [None, 0, 39, 80]
    assert found[1]["differences"] == "batch size 4 → 8"


def test_the_old_future_can_be_returned_to_and_goes_on(stage: Stage) -> None:
    other = Stage()
    other.send(Step(count=150))
    stage.send(Step(count=100))
    branch(stage, 30, name="faster")
    in_turn(stage, Set(path="generator.optimizer.learning_rate", value=0.01), Step(count=20))
    stage.send(Switch(run=1))
    assert (stage.step, stage.session.config) == (100, SMALL)
    assert stage.viewer.last("scene")["run"] == 1
    assert stage.viewer.last("history")["losses"]["steps"] == 100
    stage.send(Step(count=50))
    assert bits(stage) == bits(other)
    assert stage.session.run.encoded_frame()[8:] == other.session.run.encoded_frame()[8:]
    stage.send(Switch(run=2))
    assert (stage.step, stage.session.config.generator.optimizer.learning_rate) == (50, 0.01)
    assert runs(stage.viewer)[2]["name"] == "faster"


def test_what_happens_at_the_last_step_of_a_run_that_is_returned_to_is_seen(stage: Stage) -> None:
    in_turn(stage, Step(count=20), Step(count=5, player="generator"), Reset(), Step(count=3))
    look(stage, 25, run=1)
    in_turn(stage, Switch(run=1), Set(path="generator.hidden", value=[4]))
    then = stage.session.run.encoded_frame()
    in_turn(stage, Step(count=5, player="generator"))
    last = stage.session.run.encoded_frame()
    in_turn(stage, Step(count=5))
    assert look(stage, 25) == then
    assert look(stage, 30) == last


def test_play_in_the_past_goes_on_there(stage: Stage) -> None:
    stage.send(Step(count=100))
    look(stage, 60)
    for command in (BranchFrom(step=60), Playback(speed=100.0), Play()):
        stage.session.submit(command, stage.viewer)
    stage.advance()
    settle(stage)
    stage.wait(1)
    assert stage.session.run.number == 2
    assert stage.step == pytest.approx(160, abs=5)
    assert stage.viewer.last("looking")["step"] is None, "the driver sees the present again"
    assert stage.viewer.steps[-1] > 150


def test_a_diverged_run_goes_on_from_an_earlier_step(stage: Stage) -> None:
    stage.send(Step(count=30))
    for player in ("generator", "discriminator"):
        stage.send(Set(path=f"{player}.optimizer", value={"kind": "sgd", "learning_rate": 10.0}))
    stage.send(Set(path="loss", value="least_squares"))
    stage.send(Step(count=3000))
    assert stage.session.run.diverged is not None
    stage.session.submit(BranchFrom(step=29), stage.viewer)
    stage.session.submit(Step(count=2), stage.viewer)
    stage.advance()
    settle(stage)
    stage.send()
    assert stage.viewer.events_of("refused") == []
    assert (stage.step, stage.session.config) == (31, SMALL)
    assert runs(stage.viewer)[1]["diverged"] is True
    stage.send(Switch(run=1))
    assert stage.viewer.last("status")["state"] == "diverged"


def test_reset_and_presets_keep_the_last_run(stage: Stage) -> None:
    stage.send(Step(count=20))
    first = bits(stage)
    in_turn(
        stage,
        Reset(seed=3),
        Step(count=5),
        LoadPreset(name="ring") if "ring" in presets else LoadPreset(name="default"),
    )
    assert sorted(runs(stage.viewer)) == [1, 2, 3]
    stage.send(Switch(run=1))
    assert (bits(stage), stage.session.config.seed, stage.session.preset) == (first, 0, "default")
    assert sorted(runs(stage.viewer)) == [1, 2], "a run without a step is not kept"


def test_a_late_joiner_gets_all_runs_and_marks(stage: Stage) -> None:
    in_turn(stage, Step(count=20), SetBookmark(step=12, text="b"), SetBookmark(step=3, text="a"))
    branch(stage, 15)
    hello = stage.join("viewer").events[0]
    assert [entry["run"] for entry in hello["runs"]] == [1, 2]
    assert hello["run"] == 2
    assert hello["bookmarks"] == [{"step": 3, "text": "a"}, {"step": 12, "text": "b"}]
    assert hello["losses"]["steps"] == 15


def test_bookmarks_are_set_renamed_and_removed(stage: Stage) -> None:
    stage.send(Step(count=20))
    for text, left in (("a", ["a"]), ("b", ["b"]), ("", [])):
        stage.send(SetBookmark(step=12, text=text))
        assert [mark["text"] for mark in stage.viewer.last("marks")["bookmarks"]] == left
    assert refusal(stage, SetBookmark(step=21, text="x")) == "Expected a step from 0 to 20 of “run 1”, but got 21."


def test_runs_are_renamed_and_forgotten(stage: Stage) -> None:
    in_turn(stage, Step(count=20), Reset(), Rename(run=1, name="slow"))
    assert runs(stage.viewer)[1]["name"] == "slow"
    assert "not the present one" in refusal(stage, Forget(run=2))
    stage.send(Forget(run=1))
    assert sorted(runs(stage.viewer)) == [2]
    for command in (
        Forget(run=1),
        Rename(run=1, name="x"),
        Switch(run=1),
        Look(step=0, run=1),
        BranchFrom(step=0, run=1),
    ):
        assert refusal(stage, command) == "Expected the number of a run that is kept (2), but got 1."


def test_the_differences_of_kept_runs_follow_a_changed_setting_once_for_many_changes(stage: Stage) -> None:
    in_turn(stage, Step(count=20), BranchFrom(step=10))
    settle(stage)
    count = len(stage.viewer.events_of("runs"))
    for value in (5, 6, 7):
        stage.send(Set(path="batch_size", value=value))
    assert len(stage.viewer.events_of("runs")) == count
    stage.now += DIFFERENCES_SECONDS
    stage.advance()
    assert len(stage.viewer.events_of("runs")) == count + 1
    assert runs(stage.viewer)[1]["differences"] == "batch size 7 → 4"


def test_a_viewer_cannot_branch(stage: Stage) -> None:
    stage.send(Step(count=20))
    other = stage.join("viewer")
    for command in (
        BranchFrom(step=3),
        Switch(run=1),
        Forget(run=1),
        Rename(run=1, name="x"),
        SetBookmark(step=1, text="x"),
    ):
        assert "only who drives it" in refusal(stage, command, other)


def test_only_the_newest_runs_are_kept_and_a_sentence_says_so(stage: Stage) -> None:
    for _ in range(MOST_RUNS + 1):
        in_turn(stage, Step(), Reset())
    assert len(runs(stage.viewer)) == MOST_RUNS
    assert stage.viewer.last("runs")["sentence"] == "To make room, the history of “run 2” is no longer kept."


@pytest.mark.slow
def test_branches_share_the_memory_of_their_past() -> None:
    stage = Stage()
    stage.session = Session(SMALL, "default", info=SessionInfo(history_bytes=300_000))
    stage.viewer = stage.join()
    stage.send(Step(count=1000))
    for _ in range(8):
        branch(stage, 990)
        stage.send(Step(count=10))
    assert {event["sentence"] for event in stage.viewer.events_of("runs")} == {""}
    assert {entry["spacing"] for entry in runs(stage.viewer).values()} == {34}


@pytest.mark.slow
def test_the_runs_share_the_memory_and_the_oldest_get_coarser() -> None:
    stage = Stage()
    stage.session = Session(SMALL, "default", info=SessionInfo(history_bytes=100_000))
    stage.viewer = stage.join()
    for _ in range(4):
        in_turn(stage, Step(count=1000), Reset())
        kept = stage.session.runs.all.values()
        used = sum(0 if each.recording is None else each.recording.key_frames.bytes for each in kept)
        assert used <= 110_000
    sent = [event["sentence"] for event in stage.viewer.events_of("runs")]
    assert "To make room, the history of “run 1” has become coarser." in sent
    assert look(stage, 500, run=4)


@pytest.mark.slow
def test_a_sentence_says_that_a_long_run_has_become_coarser() -> None:
    stage = Stage()
    stage.session = Session(SMALL, "default", info=SessionInfo(history_bytes=25_000))
    stage.viewer = stage.join()
    stage.send(Step(count=3000))
    sent = [event["sentence"] for event in stage.viewer.events_of("runs") if event["sentence"]]
    assert len(sent) >= 1
    assert all(
        re.fullmatch("To make room, earlier steps of this run are kept up to .* steps apart.", each) for each in sent
    )
    spacing = [entry["spacing"] for event in stage.viewer.events_of("runs") for entry in event["runs"]]
    assert spacing == sorted(spacing)
    assert spacing[0] >= 100


@pytest.mark.slow
def test_a_branch_of_a_heavy_run_stays_with_the_owner_of_heavy_sessions(stage: Stage) -> None:
    stage.send(Step(count=2))
    for value in ([256] * 4, [2]):
        stage.send(Set(path="generator.hidden", value=value))
        stage.send(Set(path="generator.hidden", value=value))
    assert stage.session.is_heavy
    branch(stage, 2)
    stage.send(Forget(run=1))
    assert stage.session.is_heavy, "its past has a step that takes long"
