"""One session on a fake clock: the order of its commands, changes of settings, and who may command."""

import re

import numpy as np
import pytest

from gan1d import Config
from gan1d.engine.training.reports import Reports
from gan1d.session.inbox import Join, Leave
from gan1d.session.messages import Ack, Play, Playback, Set, Step
from gan1d.session.session import BATCH_LENGTH, Session
from tests.session.fakes import SMALL, FakeViewer, Stage, bits


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
    before = bits(stage)
    stage.send(Set(path="generator.optimizer.learning_rate", value=0.008))
    assert bits(stage) == before
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
        "label": "G learning rate 0.004 → 0.008",
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


def test_a_viewer_is_known_by_what_it_does() -> None:
    assert not hasattr(FakeViewer(), "close")  # the session needs no more than `send_text` and `send_frame`


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


def test_acknowledgements_wake_a_session_only_if_no_turn_is_near(stage: Stage) -> None:
    woken: list[Session] = []
    stage.session.wake = woken.append
    stage.session.acknowledge(stage.viewer)
    assert woken, "the session is at rest"
    stage.send(Play())
    woken.clear()
    stage.session.acknowledge(stage.viewer)
    assert not woken, "the next frame is due anyway"
