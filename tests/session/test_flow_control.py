"""Credit-based flow control, as the viewers of a session on a fake clock see it."""

import pytest

from gan1d.session.flow_control import CREDIT
from gan1d.session.messages import Ack, Play, Playback, Set, Step
from tests.session.fakes import Stage


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


def test_one_picture_is_encoded_once_for_all(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    viewers = [stage.viewer, *(stage.join("viewer") for _ in range(3))]
    stage.send(Step())
    assert len({id(viewer.frames[-1]) for viewer in viewers}) == 1


def test_a_new_scene_gives_back_the_credit_of_frames_never_drawn(stage: Stage) -> None:
    stage.send(Playback(speed="max"), Play())
    stage.wait(0.2, draws=False)
    stage.send(Set(path="loss", value="minimax"))
    stage.wait(0.2, draws=False)
    assert stage.viewer.scenes.count(2) == CREDIT
