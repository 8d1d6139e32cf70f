"""A run plays at its speed, and its frames come when they are due: a session on a fake clock."""

import itertools
import math
from typing import Any

import numpy as np
import pytest

from gan1d.session.flow_control import CREDIT
from gan1d.session.messages import Pause, Play, Playback, Speed, Step
from tests.session.fakes import Stage
from tests.tools import slow_rows_but


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
