"""One session on a fake clock: what it does, when, and what it says."""

import gc
import itertools
import json
import logging
import math
import re
import weakref
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from gan1d import Config, Trainer, presets
from gan1d.engine.training.reports import Reports
from gan1d.evaluation import codec
from gan1d.session.flow_control import CREDIT
from gan1d.session.inbox import Join, Leave
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
    Hello,
    LoadPreset,
    Look,
    Pause,
    Play,
    Playback,
    Reset,
    Set,
    SetBookmark,
    SetGoal,
    Speed,
    Step,
    Switch,
)
from gan1d.session.run import Run
from gan1d.session.session import BATCH_LENGTH, Session
from tests.session.fakes import SMALL, FakeViewer, Stage
from tests.tools import slow_but, slow_rows_but

EXPLODING = {"kind": "sgd", "learning_rate": 10.0}
WILD = {"hidden": [16, 16], "activation": {"kind": "leaky_relu"}, "optimizer": EXPLODING, "input_scale": 10.0}
DIVERGING = Config.parsed({"batch_size": 8, "penalty": {"kind": "none"}, "generator": WILD, "discriminator": WILD})
"""Diverges within a few steps."""


@pytest.fixture
def stage() -> Stage:
    return Stage()


def parameters(stage: Stage) -> list[float]:
    trainer = stage.session.run.trainer
    return [*trainer.generator.parameters.tolist(), *trainer.discriminator.parameters.tolist()]


def diverge(stage: Stage) -> None:
    stage.send(Playback(speed="max"), Play())
    stage.wait(0.5)
    assert stage.session.run.diverged is not None


# Hello and frames -----------------------------------------------------------------------------------------------------


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


def test_a_viewer_that_draws_nothing_is_sent_two_frames(stage: Stage) -> None:
    stage.send(Playback(speed="max"), Play())
    stage.wait(0.5, draws=False)
    assert len(stage.viewer.frames) == 1 + CREDIT
    assert stage.step > stage.viewer.steps[-1] + 10


def test_a_slow_viewer_sees_the_latest(stage: Stage) -> None:
    stage.send(Playback(speed="max"), Play())
    stage.wait(0.5, draws=False)
    before = stage.step
    stage.ack()
    assert stage.viewer.steps[-1] >= before


def test_acks_beyond_what_was_sent_count_for_nothing(stage: Stage) -> None:
    stage.send(*[Ack()] * 50, Playback(speed="max"), Play())
    stage.wait(0.5, draws=False)
    assert len(stage.viewer.frames) <= 1 + CREDIT


@pytest.mark.parametrize(("speed", "rate"), slow_rows_but([("frame", 60)], [("frame", 60), (5000, 60), ("max", 30)]))
def test_frames_come_at_most_sixty_times_a_second_and_thirty_times_at_full_speed(
    stage: Stage, speed: Speed, rate: int
) -> None:
    stage.send(Playback(speed=speed), Play())
    begun = len(stage.viewer.frames)
    stage.wait(1, busy=0.004)
    assert len(stage.viewer.frames) - begun == pytest.approx(rate, abs=1.5)


@pytest.mark.parametrize(("seconds", "rate"), slow_rows_but([(0.005, 20)], [(0.002, 30), (0.005, 20), (0.05, 10)]))
def test_frames_take_a_tenth_of_the_time_at_full_speed(stage: Stage, seconds: float, rate: int) -> None:
    stage.session.playback_control._timer = itertools.count(step=seconds).__next__
    stage.send(Playback(speed="max"), Play())
    begun = len(stage.viewer.frames)
    stage.wait(1, busy=0.002)
    assert len(stage.viewer.frames) - begun == pytest.approx(rate, abs=1.5)


def test_one_picture_is_encoded_once_for_all(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    viewers = [stage.viewer, *(stage.join("viewer") for _ in range(3))]
    stage.send(Step())
    assert len({id(viewer.frames[-1]) for viewer in viewers}) == 1


# Playing --------------------------------------------------------------------------------------------------------------


def test_one_step_a_frame_is_exactly_that(stage: Stage) -> None:
    stage.send(Play())
    stage.wait(2)
    assert stage.viewer.steps == list(range(len(stage.viewer.steps)))
    assert stage.step == stage.viewer.steps[-1]
    assert stage.step == pytest.approx(120, abs=3)


def test_one_step_a_frame_waits_for_whoever_draws(stage: Stage) -> None:
    stage.send(Play())
    stage.wait(0.5, draws=False)
    drawn = stage.step
    assert drawn <= CREDIT
    stage.wait(0.1, draws=False)
    stage.ack()
    assert stage.step == drawn + 1
    assert stage.viewer.steps[-1] == drawn + 1


STEPS_A_SECOND = [(0.5, 20), (2.0, 10), (30.0, 3), (200.0, 1), (2000.0, 0.5)]
"""Speed, and the seconds for which a run is played at that speed."""


@pytest.mark.parametrize(("speed", "seconds"), slow_rows_but([(2.0, 10), (200.0, 1)], STEPS_A_SECOND))
def test_steps_a_second(stage: Stage, speed: float, seconds: float) -> None:
    stage.send(Playback(speed=speed), Play())
    stage.wait(seconds, busy=1e-4)
    assert stage.step == pytest.approx(seconds * speed, abs=1 + 0.01 * speed)


def test_a_slow_run_shows_each_step_at_once(stage: Stage) -> None:
    stage.send(Playback(speed=2.0), Play())
    assert stage.viewer.steps == [0, 1]
    stage.wait(0.501)
    assert stage.viewer.steps == [0, 1, 2]


def test_no_burst_after_a_stall(stage: Stage) -> None:
    stage.send(Playback(speed=100.0), Play())
    stage.wait(1)
    before = stage.step
    stage.now += 60
    stage.ack()
    stage.wait(0.05)
    assert stage.step - before <= 20


def test_full_speed_trains_in_every_turn(stage: Stage) -> None:
    stage.send(Playback(speed="max"), Play())
    before = stage.step
    assert stage.advance() == 0.0
    assert stage.step > before


def test_the_speed_can_be_changed_while_playing(stage: Stage) -> None:
    stage.send(Playback(speed=1.0), Play())
    stage.wait(2)
    stage.send(Playback(speed=100.0))
    before = stage.step
    stage.wait(1)
    assert stage.step - before == pytest.approx(100, abs=3)
    assert stage.viewer.last("status")["playback"] == {"running": True, "speed": 100.0}


def test_a_session_nobody_draws_parks_after_a_second(stage: Stage) -> None:
    stage.send(Playback(speed="max"), Play())
    stage.wait(3, draws=False)
    parked = stage.step
    stage.wait(100, draws=False)
    assert stage.step == parked
    assert 0 < stage.advance() <= 5  # only the heartbeat
    assert stage.viewer.last("status")["sentence"] == "Training waits until the page draws again."
    stage.ack()
    assert stage.step > parked


def test_a_session_nobody_watches_sleeps(stage: Stage) -> None:
    stage.send(Playback(speed="max"), Play())
    stage.leave(stage.viewer)
    stage.wait(1.1)
    assert stage.advance() == math.inf
    resumed = stage.join()
    assert resumed.events[0]["playback"]["running"]
    before = stage.step
    stage.advance()
    assert stage.step > before


def test_an_idle_session_wants_no_turn_but_the_heartbeat(stage: Stage) -> None:
    assert 0 < stage.advance() <= 5
    stage.viewer.events.clear()
    stage.wait(60)
    assert 12 <= len(stage.viewer.events_of("status")) <= 16


def test_pause_is_exact_and_shown(stage: Stage) -> None:
    stage.send(Playback(speed="max"), Play())
    stage.wait(0.2)
    before = stage.step
    stage.send(Pause())
    assert stage.step == before
    assert stage.viewer.steps[-1] == before
    assert stage.viewer.last("status") | {"rate": 0, "diagnosis": None} == {
        "type": "status", "state": "paused", "sentence": f"Paused at step {before}.", "step": before, "rate": 0,
        "playback": {"running": False, "speed": "max"}, "diagnosis": None, "goal": None,
    }  # fmt: skip
    stage.wait(60)
    assert stage.step == before


def test_a_change_while_paused_takes_back_what_was_said_of_the_run_before(stage: Stage) -> None:
    """The sentence speaks of modes and distances; of another target it would be false."""
    stage.send(Step(count=300))
    stage.wait(2)
    assert stage.viewer.last("status")["diagnosis"]["kind"].endswith("mode_collapse")
    stage.viewer.events.clear()
    stage.send(Set(path="target", value="laplace"))
    (status,) = stage.viewer.events_of("status")
    assert status["diagnosis"]["sentence"].endswith("it is too early to say more.")
    # A drag says it once.
    stage.send(*[Set(path="target.scale", value=0.5 + step / 10) for step in range(5)])
    assert len(stage.viewer.events_of("status")) == 1


def test_step_pauses_and_makes_exactly_that_many(stage: Stage) -> None:
    stage.send(Playback(speed="max"), Play())
    stage.wait(0.2)
    before = stage.step
    stage.send(Step(count=250))
    stage.wait(5)
    assert stage.step == before + 250
    assert stage.viewer.steps[-1] == before + 250
    assert not stage.viewer.last("status")["playback"]["running"]


def test_play_forgets_steps_still_asked_for(stage: Stage) -> None:
    stage.send(Step(count=10_000), Play())
    assert stage.step == 1


@pytest.mark.parametrize(("player", "other"), [("generator", "discriminator"), ("discriminator", "generator")])
def test_one_player_moves_alone(stage: Stage, player: Any, other: str) -> None:
    trainer = stage.session.run.trainer
    before = {name: getattr(trainer, name).parameters.copy() for name in (player, other)}
    stage.send(Step(player=player))
    assert not np.array_equal(before[player], getattr(trainer, player).parameters)
    assert np.array_equal(before[other], getattr(trainer, other).parameters)


# Changing -------------------------------------------------------------------------------------------------------------


def test_commands_apply_between_slices(stage: Stage) -> None:
    stage.send(Playback(speed="max"), Play())
    rates: list[float] = []
    trainer = stage.session.run.trainer
    trained = trainer.run

    def run(count: int, **players: bool) -> Reports:
        # Left in the middle of a slice, from another thread as it were.
        stage.session.submit(Set(path="generator.optimizer.learning_rate", value=0.5), stage.viewer)
        rates.append(trainer.config.generator.optimizer.learning_rate)
        reports = trained(count, **players)
        rates.append(trainer.config.generator.optimizer.learning_rate)
        return reports

    trainer.run = run  # type: ignore[method-assign]
    stage.advance()
    old = SMALL.generator.optimizer.learning_rate
    assert rates == [old, old]
    stage.advance()
    assert rates[2:] == [0.5, 0.5]


def test_a_live_change_keeps_the_run(stage: Stage) -> None:
    stage.send(Step(count=5))
    before = parameters(stage)
    stage.send(Set(path="generator.optimizer.learning_rate", value=0.008))
    assert parameters(stage) == before
    assert stage.step == 5
    event = stage.viewer.last("config")
    assert event["path"] == "generator.optimizer.learning_rate"
    assert event["value"] == 0.008
    assert event["effect"] == "live"
    assert event["revision"] == 1
    assert event["preset"] == "default"
    assert event["config"]["generator"]["optimizer"]["learning_rate"] == 0.008
    assert event["mark"] == {
        "step": 5,
        "path": "generator.optimizer.learning_rate",
        "label": "G learning rate 0.001 → 0.008",
    }
    assert stage.viewer.events_of("scene") == []


def test_a_network_change_rebuilds_that_network_only(stage: Stage) -> None:
    stage.send(Step(count=5))
    other = stage.session.run.trainer.discriminator.parameters.copy()
    stage.send(Set(path="generator.hidden", value=[3, 3]))
    assert stage.viewer.last("config")["effect"] == "network"
    assert stage.session.run.trainer.generator.sizes == (1, 3, 3, 1)
    assert np.array_equal(other, stage.session.run.trainer.discriminator.parameters)
    assert stage.step == 5
    assert len(stage.viewer.frames) == 3  # the new function is shown, although no step was made


def test_a_rebuilt_network_keeps_its_curve_and_the_mark_says_so(stage: Stage) -> None:
    stage.send(Step(count=5))
    z = np.linspace(-3, 3, 50)
    before = stage.session.run.trainer.generator.apply(z)
    stage.send(Set(path="generator.hidden", value=[3]))
    assert stage.viewer.last("config")["mark"]["label"] == "G layers 2 → 3, kept"
    np.testing.assert_allclose(stage.session.run.trainer.generator.apply(z), before, atol=1e-5)


def test_a_rebuilt_network_is_reinitialized_if_asked_to(stage: Stage) -> None:
    stage.send(Step(count=5))
    z = np.linspace(-3, 3, 50)
    before = stage.session.run.trainer.generator.apply(z)
    stage.send(Set(path="generator.hidden", value=[3], reinitialize=True))
    assert stage.viewer.last("config")["mark"]["label"] == "G layers 2 → 3, reinitialized"
    assert np.abs(stage.session.run.trainer.generator.apply(z) - before).max() > 0.01


def test_what_a_network_can_no_longer_hold_is_said(stage: Stage) -> None:
    stage.send(Set(path="discriminator.hidden", value=[16, 16]), Step(count=5))
    stage.wait(2.0)
    stage.send(Set(path="discriminator.hidden", value=[]))
    assert re.fullmatch(r"D layers 16-16 → 0, kept to \d+ %", stage.viewer.last("config")["mark"]["label"])


def test_reinitialize_says_nothing_of_a_change_that_rebuilds_nothing(stage: Stage) -> None:
    stage.send(Set(path="batch_size", value=8, reinitialize=True))
    assert stage.viewer.last("config")["mark"]["label"] == "batch size 4 → 8"


def test_a_change_that_restarts_begins_a_new_run_and_plays_on(stage: Stage) -> None:
    stage.send(Playback(speed="max"), Play())
    stage.wait(0.2)
    stage.send(Set(path="seed", value=9))
    assert stage.viewer.last("config")["effect"] == "restart"
    assert stage.viewer.last("config")["mark"]["step"] == 0
    assert stage.viewer.last("scene")["run"] == 2
    assert stage.viewer.last("scene")["scene"] == 2
    assert stage.viewer.last("status")["state"] == "running"
    assert stage.session.run.trainer.config.seed == 9


@pytest.mark.parametrize(
    ("path", "value"), [("target.modes.0.position", -3.0), ("latent", "uniform"), ("loss", "minimax")]
)
def test_a_scene_change_is_a_new_scene_of_the_same_run(stage: Stage, path: str, value: object) -> None:
    stage.send(Step(count=5))
    stage.send(Set(path=path, value=value))
    stage.wait(0.02)
    scene = stage.viewer.last("scene")
    assert (scene["scene"], scene["run"]) == (2, 1)
    assert stage.viewer.scenes[-1] == 2
    assert stage.step == 5


def test_a_drag_through_many_scenes_makes_one(stage: Stage) -> None:
    stage.send(*(Set(path="target.modes.0.position", value=-3.0 + n / 100) for n in range(20)))
    assert len(stage.viewer.events_of("config")) == 20
    assert len(stage.viewer.events_of("scene")) == 1


def builds(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> list[Config]:
    """The configs that the run is moved to from now on."""
    seen: list[Config] = []
    change = stage.session.run.change

    def counted(config: Config, *, reinitialize: bool = False) -> float | None:
        seen.append(config)
        return change(config, reinitialize=reinitialize)

    monkeypatch.setattr(stage.session.run, "change", counted)
    return seen


def test_of_many_layers_in_a_row_only_the_last_are_built_and_all_are_answered(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = builds(stage, monkeypatch)
    stage.send(*(Set(path="generator.hidden", value=[3 + n % 2]) for n in range(20)))
    assert [config.generator.hidden for config in built] == [(4,)]
    received = stage.viewer.events_of("config")
    assert len(received) == 20
    assert {event["config"]["generator"]["hidden"][0] for event in received} == {4}, "what is said is what holds"
    assert [event["effect"] for event in received] == ["network"] + 19 * ["none"]
    assert stage.session.run.trainer.config == stage.session.config


def test_layers_are_built_where_something_lies_between(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    built = builds(stage, monkeypatch)
    stage.send(
        Set(path="generator.hidden", value=[3]),
        Set(path="discriminator.hidden", value=[3]),
        Set(path="generator.hidden", value=[4]),
        Set(path="generator.hidden", value=[5], reinitialize=True),
        Set(path="generator.hidden", value="many"),
    )
    hidden = [(config.generator.hidden[0], config.discriminator.hidden[0]) for config in built]
    assert hidden == [(3, 2), (3, 3), (4, 3), (5, 3)]
    assert len(stage.viewer.events_of("refused")) == 1


def test_of_many_seeds_in_a_row_only_the_last_is_run(stage: Stage) -> None:
    stage.send(*(Set(path="seed", value=n) for n in range(1, 20)))
    assert stage.session.run.number == 2
    assert stage.session.run.trainer.config.seed == 19
    assert len(stage.viewer.events_of("config")) == 19


def test_a_batch_of_commands_ends_with_one_that_rebuilds_a_network(stage: Stage) -> None:
    woken: list[Session] = []
    stage.session.wake = woken.append
    for player, size in (("generator", 3), ("discriminator", 3), ("generator", 4)):
        stage.session.submit(Set(path=f"{player}.hidden", value=[size]), stage.viewer)
    woken.clear()
    assert stage.advance() == 0.0
    assert len(stage.viewer.events_of("config")) == 1
    assert woken == [stage.session], "the owner is to come once more"
    stage.advance()
    assert len(stage.viewer.events_of("config")) == 2
    stage.advance()
    assert stage.viewer.last("config")["value"] == [4]


def test_a_batch_of_commands_is_no_longer_than_its_limit(stage: Stage) -> None:
    stage.viewer.events.clear()
    for n in range(2 * BATCH_LENGTH + 1):
        stage.session.submit(Playback(speed=n + 1.0), stage.viewer)
    for count in (BATCH_LENGTH, 2 * BATCH_LENGTH, 2 * BATCH_LENGTH + 1):
        stage.session.handle_inbox(stage.now)
        assert len(stage.viewer.events_of("status")) == count


def test_a_wrong_value_among_several_is_refused_and_the_others_count(stage: Stage) -> None:
    stage.send(*(Set(path="batch_size", value=value) for value in (8, 0, 16)))
    assert [event["value"] for event in stage.viewer.events_of("config")] == [16, 16]
    assert [event["value"] for event in stage.viewer.events_of("refused")] == [8]


def test_a_new_scene_gives_back_the_credit_of_frames_never_drawn(stage: Stage) -> None:
    stage.send(Playback(speed="max"), Play())
    stage.wait(0.2, draws=False)
    stage.send(Set(path="loss", value="minimax"))
    stage.wait(0.2, draws=False)
    assert stage.viewer.scenes.count(2) == CREDIT


def test_setting_what_is_already_so_changes_nothing(stage: Stage) -> None:
    stage.send(Set(path="batch_size", value=4))
    event = stage.viewer.last("config")
    assert (event["effect"], event["revision"], event["mark"]) == ("none", 0, None)


@pytest.mark.parametrize(
    ("path", "value", "holds"),
    [("batch_size", 0, 4), ("batch_size", "many", 4), ("no.such.path", 1, None), ("", 1, None), ("loss", "none", ...)],
)
def test_what_cannot_be_is_refused_to_whoever_asked(stage: Stage, path: str, value: object, holds: object) -> None:
    other = stage.join("viewer")
    stage.send(Set(path=path, value=value))
    refused = stage.viewer.last("refused")
    assert refused["path"] == path
    assert refused["message"].startswith("Expected ")
    assert refused["value"] == (SMALL.value_at(path) if holds is ... else holds)
    assert other.events_of("refused") == []
    assert stage.session.config == SMALL


def test_reset_replays_the_same_numbers(stage: Stage) -> None:
    def play() -> tuple[list[float], bytes]:
        stage.send(Step(count=40))
        stage.wait(1)
        assert stage.viewer.steps[-1] == 40
        return parameters(stage), stage.viewer.frames[-1][8:]

    first = play()
    stage.send(Playback(speed="max"), Play())
    stage.wait(0.3)
    stage.send(Reset())
    assert stage.viewer.last("status") | {"rate": 0, "diagnosis": None} == {
        "type": "status", "state": "ready", "sentence": "Press Play to train.", "step": 0, "rate": 0,
        "playback": {"running": False, "speed": "max"}, "diagnosis": None, "goal": None,
    }  # fmt: skip
    assert stage.viewer.steps[-1] == 0
    assert play() == first


def test_reset_leaves_nothing_running(stage: Stage) -> None:
    stage.send(Play())
    stage.wait(1)
    for _ in range(5):
        stage.send(Reset())
    stage.send(Play())
    begun = len(stage.viewer.frames)
    stage.wait(1)
    shown = stage.viewer.steps[begun:]
    assert shown == list(range(shown[0], shown[0] + len(shown)))
    assert stage.step == pytest.approx(60, abs=3)


def test_reset_with_a_seed_is_another_run(stage: Stage) -> None:
    stage.send(Reset(seed=5))
    assert stage.viewer.last("config")["value"] == 5
    trainer = Trainer(SMALL.patched("seed", 5))
    assert stage.session.run.trainer.generator.parameters.tolist() == trainer.generator.parameters.tolist()
    stage.send(Reset(seed=-1))
    assert stage.viewer.last("refused")["path"] == "seed"
    assert stage.viewer.last("refused")["value"] == 5


def test_a_reset_tells_of_a_new_run_with_an_empty_history(stage: Stage) -> None:
    stage.send(Step(count=4), Set(path="batch_size", value=5))
    stage.send(Reset())
    assert stage.viewer.last("scene")["run"] == 2
    late = stage.join()
    assert late.events[0]["trace"]["step"] == [0]
    assert late.events[0]["marks"] == []


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


def test_load_preset_starts_its_run(stage: Stage) -> None:
    stage.send(Step(count=5), LoadPreset(name="textbook"))
    event = stage.viewer.last("config")
    assert (event["preset"], event["effect"], event["path"]) == ("textbook", "restart", None)
    assert event["config"] == presets["textbook"].config.model_dump(mode="json")
    assert stage.step == 0
    assert stage.viewer.last("scene")["run"] == 2
    assert stage.viewer.last("status")["state"] == "ready"


def test_load_preset_applies_what_it_can_and_refuses_the_rest(stage: Stage) -> None:
    stage.send(LoadPreset(name="default", changes={"batch_size": 8, "loss": "nonsense", "no.path": 1, "seed": 3}))
    assert [refused["path"] for refused in stage.viewer.events_of("refused")] == ["loss", "no.path"]
    assert len(stage.viewer.events_of("config")) == 1
    assert stage.session.config == Config().patched("batch_size", 8).patched("seed", 3)
    assert stage.session.run.trainer.config == stage.session.config


def test_an_index_of_thousands_of_digits_is_one_wrong_change(stage: Stage) -> None:
    paths = ["target.modes." + index for index in (180 * "9", "00", "\u0660", "-1", "8")]
    stage.send(LoadPreset(name="hinge", changes=dict.fromkeys(paths, 1)), Set(path=paths[1], value=1))
    assert [refused["path"] for refused in stage.viewer.events_of("refused")] == [*paths, paths[1]]
    assert stage.viewer.last("config")["preset"] == "hinge"
    assert stage.session.config == presets["hinge"].config


def test_a_refused_change_of_a_preset_comes_with_the_value_of_that_preset(stage: Stage) -> None:
    stage.send(LoadPreset(name="default", changes={"batch_size": 0}))
    assert stage.viewer.last("refused")["value"] == Config().batch_size != SMALL.batch_size


def test_an_unknown_preset_is_refused(stage: Stage) -> None:
    stage.send(LoadPreset(name="nope"))
    message = stage.viewer.last("refused")["message"]
    assert message == f'Expected a preset of {", ".join(presets)}, but got "nope".'
    assert stage.session.config == SMALL


def test_a_viewer_may_watch_but_not_command(stage: Stage) -> None:
    viewer = stage.join("viewer")
    stage.send(Play(), Set(path="batch_size", value=8), viewer=viewer)
    assert len(viewer.events_of("refused")) == 2
    assert stage.session.config == SMALL
    assert not stage.session.playback_control.running
    stage.send(Ack(), viewer=viewer)
    assert len(viewer.events_of("refused")) == 2


def test_whoever_left_is_not_heard(stage: Stage) -> None:
    stage.join()
    stage.leave(stage.viewer)
    stage.send(Play(), Ack())
    assert not stage.session.playback_control.running


# Trouble --------------------------------------------------------------------------------------------------------------


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


def test_a_viewer_is_known_by_what_it_does() -> None:
    assert not hasattr(FakeViewer(), "close")  # the session needs no more than `send_text` and `send_frame`


# The diagnosis --------------------------------------------------------------------------------------------------------


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


# Many viewers ---------------------------------------------------------------------------------------------------------


def test_messages_of_viewers_who_left_are_passed_over(stage: Stage) -> None:
    author = stage.join()
    for n in range(600):
        stage.session.submit(Set(path=("generator.hidden", "discriminator.hidden")[n % 2], value=[3 + n]), author)
    passer_by = FakeViewer("viewer")
    stage.session.submit(Join(), passer_by)
    for viewer in (author, passer_by):
        viewer.has_left = True
        stage.session.submit(Leave(), viewer)
    stage.advance()
    assert not len(stage.session._inbox)
    assert stage.session.config == SMALL
    assert passer_by.events == []
    assert len(stage.session.flow_control) == 1


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


def test_acknowledgements_wake_a_session_only_if_no_turn_is_near(stage: Stage) -> None:
    woken: list[Session] = []
    stage.session.wake = woken.append
    stage.session.acknowledge(stage.viewer)
    assert woken, "the session is at rest"
    stage.send(Play())
    woken.clear()
    stage.session.acknowledge(stage.viewer)
    assert not woken, "the next frame is due anyway"


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


# Long steps -----------------------------------------------------------------------------------------------------------


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


# Goals ----------------------------------------------------------------------------------------------------------------


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
