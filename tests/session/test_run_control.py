"""Runs that a reset or a preset begins."""

import pytest

from gan1d import Config, Trainer, presets
from gan1d.session.messages import LoadPreset, Play, Playback, Reset, Set, Step
from tests.session.fakes import SMALL, Stage, bits


def test_reset_replays_the_same_numbers(stage: Stage) -> None:
    def play() -> tuple[list[float], bytes]:
        stage.send(Step(count=40))
        stage.wait(1)
        assert stage.viewer.steps[-1] == 40
        return bits(stage), stage.viewer.frames[-1][8:]

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
