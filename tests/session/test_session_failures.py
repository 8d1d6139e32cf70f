"""What ends or holds up a run, and what no sequence of commands may do to a session."""

import gc
import logging
import weakref
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gan1d.evaluation import codec
from gan1d.session.messages import (
    Ack,
    BranchFrom,
    CancelSpectrum,
    Compare,
    Forget,
    GetHistory,
    GetLog,
    GetPathAngle,
    GetSpectrum,
    GetStepTrace,
    LoadPreset,
    Look,
    Pause,
    Play,
    Playback,
    Reset,
    Set,
    SetBookmark,
    Step,
    Switch,
)
from tests.session.fakes import DIVERGING, SMALL, Stage, diverge


def test_divergence_is_said_and_the_last_good_picture_stays() -> None:
    stage = Stage(DIVERGING)
    diverge(stage)
    assert stage.session.run.diverged is not None
    player = stage.session.run.diverged.player
    status = stage.viewer.last("status")
    assert status["state"] == "diverged"
    assert not status["playback"]["running"]
    assert status["sentence"] == (
        f"Diverged at step {stage.step + 1}: the {player}'s gradient grew beyond all bounds. "
        "Lower the learning rate, then press Reset."
    )
    frame = codec.decode(stage.viewer.frames[-1], stage.viewer.events[0]["layout"])
    assert np.isfinite(frame["discriminator"]).all()
    assert frame["step"] == status["step"]


def test_play_and_step_after_divergence_say_what_to_do() -> None:
    stage = Stage(DIVERGING)
    diverge(stage)
    before = stage.step
    stage.send(Play(), Step())
    stage.wait(1)
    assert stage.step == before
    assert [r["message"] for r in stage.viewer.events_of("refused")] == [stage.viewer.last("status")["sentence"]] * 2
    stage.send(Set(path="generator.optimizer.learning_rate", value=1e-3), Reset(), Play())
    assert stage.viewer.last("status")["state"] == "running"


def test_divergence_ends_a_long_step() -> None:
    stage = Stage(DIVERGING)
    stage.send(Step(count=10_000))
    stage.wait(2)
    assert stage.viewer.last("status")["state"] == "diverged"
    assert stage.advance() > 0


def test_a_failure_is_said_and_reset_recovers(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    stage.send(Play())
    with caplog.at_level(logging.ERROR):
        stage.session.fail(ZeroDivisionError("oops"), stage.now)
    assert caplog.records[0].exc_info is not None
    assert stage.viewer.last("status")["state"] == "failed"
    before = stage.step
    stage.send(Play(), Set(path="batch_size", value=8))
    assert {r["message"] for r in stage.viewer.events_of("refused")} == {stage.viewer.last("status")["sentence"]}
    stage.wait(1)
    assert stage.step == before
    stage.send(Reset(), Play())
    assert stage.viewer.last("status")["state"] == "running"


def test_what_failed_between_a_change_and_the_word_of_it_is_said(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(stage.session.run, "change", fail)
    with pytest.raises(ZeroDivisionError) as caught:
        stage.send(Set(path="batch_size", value=8))
    stage.session.fail(caught.value, stage.now)
    stage.send(Reset())
    assert stage.session.run.trainer.config.batch_size == 8
    assert stage.viewer.last("config")["config"]["batch_size"] == 8


def test_settings_that_need_too_much_memory_are_taken_back(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    stage.send(Step())
    stage.send(Set(path="batch_size", value=4096))
    stage.session.config = stage.session.config.patched("generator.hidden", [256])
    stage.session.fail(MemoryError(), stage.now)
    assert "memory" in stage.viewer.last("status")["sentence"]
    assert stage.viewer.last("config")["config"]["generator"]["hidden"] == [2]
    stage.send(Reset())
    assert stage.viewer.last("status")["state"] == "ready"
    assert "MemoryError" in caplog.text


def test_settings_with_a_step_that_is_too_long_are_refused(stage: Stage) -> None:
    stage.session._step_limit = 1.0
    stage.send(Set(path="batch_size", value=4096))
    assert stage.viewer.last("refused")["value"] == 4
    assert "at most 1 million multiply-adds in a step" in stage.viewer.last("refused")["message"]
    stage.send(Set(path="batch_size", value=8))
    assert stage.session.config.batch_size == 8
    stage.send(LoadPreset(name="default", changes={"batch_size": 4096, "seed": 5}))
    assert stage.viewer.last("refused")["path"] == "batch_size"
    assert (stage.session.config.batch_size, stage.session.config.seed) == (256, 5)
    stage.send(Set(path="batch_size", value=16))
    assert stage.session.config.batch_size == 16, "what lowers the cost is accepted from any value"


def test_a_command_that_makes_a_session_heavy_waits_for_its_other_owner(stage: Stage) -> None:
    for value in (60, 256):
        stage.session.submit(Set(path="generator.hidden", value=[value] * 4), stage.viewer)
    stage.session.handle_inbox(stage.now)
    assert stage.session.is_heavy
    assert stage.session.config == SMALL, "nothing was done yet"
    stage.session.handle_inbox(stage.now)
    assert [event["value"][0] for event in stage.viewer.events_of("config")] == [256, 256]
    stage.send(Set(path="generator.hidden", value=[2]))
    assert stage.session.is_heavy, "the change can be looked back at, which repeats it"
    stage.send(Step())
    stage.send(Reset())
    stage.send(Forget(run=1))
    assert not stage.session.is_heavy


def leaves(tree: Any, path: str = "") -> list[str]:
    if isinstance(tree, dict):
        return [found for key, value in tree.items() for found in leaves(value, f"{path}.{key}" if path else key)]
    return [path]


values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=8),
    st.sampled_from(["sgd", "adam", "rmsprop", "tanh", "relu", "sine", "uniform", "normal", "minimax", "r1"]),
    st.lists(st.integers(0, 20), max_size=4),
    st.floats(-20, 20), st.integers(0, 64),
)  # fmt: skip


sets = st.builds(Set, path=st.sampled_from([*leaves(SMALL.model_dump(mode="json")), "target", "loss"]), value=values)


others = st.sampled_from([Play(), Pause(), Step(count=3), Reset(), Reset(seed=3), Ack(), Playback(speed="max"),
                          Playback(speed=5.0), LoadPreset(name="textbook")])  # fmt: skip


numbers = st.none() | st.integers(1, 4)


past = st.one_of(
    st.builds(Look, step=st.none() | st.integers(0, 12), run=numbers),
    st.builds(BranchFrom, step=st.integers(0, 12), run=numbers),
    st.builds(GetLog, run=numbers),
    st.builds(GetStepTrace, step=st.none() | st.integers(0, 12), run=numbers, update=numbers, sample=st.integers(0, 9)),
    st.builds(GetSpectrum, step=st.none() | st.integers(0, 12), run=numbers),
    st.builds(GetPathAngle, start=st.integers(0, 12), end=st.integers(0, 12), run=numbers),
    st.just(CancelSpectrum()),
    *(st.builds(command, run=st.integers(1, 4)) for command in (Switch, Forget, GetHistory)),
    st.builds(SetBookmark, step=st.integers(0, 12), text=st.text(max_size=3)),
)


@pytest.mark.slow
@settings(max_examples=25)
@given(st.lists(sets | others | past, max_size=14))
def test_no_sequence_of_commands_breaks_a_session(commands: list[Any]) -> None:
    stage = Stage()
    for command in commands:
        stage.send(command)
        stage.wait(0.02, busy=0.005)
    while stage.session.viewing.is_busy or stage.session._going_back is not None:
        stage.wait(0.02, busy=0.005)
    assert stage.viewer.events_of("status")[-1:] == [] or stage.viewer.last("status")["state"] != "failed"
    received = [event["revision"] for event in stage.viewer.events_of("config")]
    assert received == sorted(received)
    if stage.viewer.events_of("config"):
        assert stage.viewer.last("config")["config"] == stage.session.config.model_dump(mode="json")
    assert stage.session.run.trainer.config == stage.session.config


@pytest.mark.parametrize(
    "commands",
    [
        [Set(path="generator.hidden", value=[4, 4]), Step(count=5), Reset(), Step(count=3)],
        [Look(run=1, step=10), BranchFrom(step=10), Step(count=3)],
        [Compare(changes={"batch_size": 8}), Step(count=3)],
        [GetSpectrum(), CancelSpectrum(), GetStepTrace(step=20), SetBookmark(step=3, text="here")],
    ],
    ids=["changes", "past", "comparison", "requests"],
)
def test_the_memory_of_a_session_is_free_as_soon_as_it_is_removed(commands: list[Any]) -> None:
    """Otherwise it waits for one of Python's searches for cycles, which hold up all sessions."""
    stage = Stage(config=SMALL)
    stage.send(Step(count=30))
    stage.wait(1)
    for command in commands:
        stage.send(command)
        stage.wait(0.5)
    parts = [weakref.ref(part) for part in (stage.session, stage.session.run, stage.session.run.trainer)]
    gc.collect()
    gc.disable()
    try:
        del stage
        assert [part() for part in parts] == [None] * 3
    finally:
        gc.enable()
