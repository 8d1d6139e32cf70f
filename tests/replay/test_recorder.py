"""What a recording holds is what a viewer of the run would see."""

import itertools
import json
from typing import Any

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.engine.training.trainer import Trainer
from gan1d.evaluation.observe import observe
from gan1d.evaluation.probe import Probe
from gan1d.gallery import presets
from gan1d.recording.frame_archive import QUANTA, quanta_of, unpack
from gan1d.recording.repetition import play_log
from gan1d.recording.run_log import Change, End, PlayerSteps, RunLog
from gan1d.replay.recorder import (
    MOST_FRAMES,
    Recorder,
    RecordingError,
    Replay,
    play,
    playing_speeds,
    preset_like,
    usual_distance,
)
from gan1d.session import messages
from tests.session.fakes import SMALL


def decoded(replay: Replay) -> list[dict[str, Any]]:
    """All frames of a recording in units of x."""
    scenes = [replay.content["hello"], *replay.content["scenes"]]
    frames = []
    for scene, packed in zip(scenes, replay.frames, strict=True):
        found = unpack(packed)
        factors = {entry["name"]: (entry["origin"], entry["factor"]) for entry in scene["layout"]}
        for at, step in enumerate(found["step"]):
            units = {name: factors[name][0] + factors[name][1] * found[name][at] for name in factors}
            frames.append({"step": int(step), **units})
    return frames


def test_frames_come_every_few_steps_and_at_the_end() -> None:
    replay = play(RunLog(SMALL, end=End(23)), every=5)
    assert [frame["step"] for frame in decoded(replay)] == [0, 5, 10, 15, 20, 23]
    assert (replay.count, replay.last_step) == (6, 23)


@pytest.mark.parametrize(
    "config",
    [
        Config(),
        presets["collapse_wgan_gp"].config,
        presets["labelled_modes"].config,
        *(
            Config().patched("target", {"kind": "samples", "values": [unit * x for x in range(12)]})
            for unit in (1e-3, 1e6)
        ),
    ],
)
def test_curves_are_off_by_less_than_a_four_thousandth_of_their_axis(config: Config) -> None:
    """In all units of the data: a run is trained in units of its target."""
    config = config.patched("batch_size", 16)
    replay = play(RunLog(config, end=End(20)), every=10)
    trainer = Trainer(config)
    probe = Probe(config, trainer.units)
    scene = replay.content["hello"]
    lengths = {field: QUANTA * quantum for field, quantum in quanta_of(scene).items()}
    assert lengths["generator"] == scene["x_axis"]["high"] - scene["x_axis"]["low"]
    for frame in decoded(replay):
        trainer.run(frame["step"] - trainer.step_count)
        right = observe(trainer, probe)
        for field, length in lengths.items():
            values, shown = np.asarray(getattr(right, field), float), np.asarray(frame[field])
            known = np.isfinite(values)
            assert np.abs(shown - values)[known].max(initial=0) < length / 4000, field
        assert frame["loss_d"] == pytest.approx(right.loss_d, rel=1e-6, nan_ok=True)


def test_a_change_of_the_settings_has_its_frame_its_config_and_its_mark() -> None:
    target = [{"position": x, "width": 0.5, "weight": 1.0} for x in (-1.0, 3.0)]
    log = RunLog(SMALL, end=End(20))
    log.add(Change(8, {"generator.optimizer.learning_rate": 0.01}))
    log.add(Change(12, {"target.modes": target}))
    replay = play(log, every=10)
    content = replay.content
    assert [frame["step"] for frame in decoded(replay)] == [0, 8, 10, 12, 20]
    assert [len(unpack(part)["step"]) for part in replay.frames] == [3, 2]
    assert [step for step, _ in content["configs"]] == [0, 8, 12]
    assert content["configs"][1][1]["changed"]["generator.optimizer.learning_rate"] == 0.01
    assert content["configs"][2][1]["config"]["target"]["modes"] == target
    assert [mark.step for mark in content["hello"]["marks"]] == [8, 12]
    assert content["scenes"][0]["modes"][0]["centre"] == pytest.approx(-1, abs=0.01)


def test_changes_of_one_setting_within_a_second_of_play_are_one_mark() -> None:
    log = RunLog(SMALL, end=End(100))
    for step in (10, 12, 14, 90):
        log.add(Change(step, {"generator.optimizer.learning_rate": step / 1000}))
    marks = play(log, every=50).content["hello"]["marks"]
    assert [mark.label for mark in marks] == [
        f"G learning rate {SMALL.generator.optimizer.learning_rate:g} → 0.014", "G learning rate 0.014 → 0.09"
    ]  # fmt: skip


def test_steps_of_one_player_and_bookmarks_of_the_log_are_in_the_recording() -> None:
    log = RunLog(SMALL, end=End(10))
    log.add(PlayerSteps(4, "discriminator", 3))
    log.bookmark(5, "only D learns")
    replay = play(log, every=1)
    generators = [frame["generator"] for frame in decoded(replay)][3:8]
    assert [np.array_equal(a, b) for a, b in itertools.pairwise(generators)] == [
        False, True, True, True
    ]  # fmt: skip
    assert replay.content["hello"]["bookmarks"] == [{"step": 5, "text": "only D learns"}]


def test_a_run_that_diverges_is_recorded_up_to_there() -> None:
    config = presets["diverging"].config
    replay = play(RunLog(config, end=End(2000)), every=100)
    assert replay.last_step < 2000
    assert replay.content["diagnoses"][-1][1]["kind"] == "diverged"


def test_the_first_message_is_a_hello_of_the_protocol() -> None:
    content = json.loads(messages.to_text(play(RunLog(SMALL, end=End(3))).content))
    fields = {**content["hello"], "config_schema": content["hello"].pop("schema")}
    fields.pop("schema", None)
    hello = messages.Hello(**fields)
    assert hello.losses.steps == 3
    assert hello.preset == "default"
    assert [row["name"] for row in hello.presets] == ["default"]
    assert content["made_with"].startswith("The run was made with gan1d ")


def test_recording_does_not_change_the_run() -> None:
    log = RunLog(SMALL, end=End(30))
    recorder, alone = Recorder(SMALL, 7), Trainer(SMALL)
    play_log(recorder, log)
    alone.run(30)
    np.testing.assert_array_equal(recorder._run.trainer.generator.parameters, alone.generator.parameters)


def test_too_many_pictures_are_refused_before_the_run() -> None:
    def fail(_: int) -> None:
        raise AssertionError

    with pytest.raises(RecordingError, match="Expected at most 2\u202f400 pictures, but got more: keep"):
        play(RunLog(SMALL, end=End(MOST_FRAMES)), every=1, on_step=fail)


def test_changes_cannot_bring_more_pictures_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gan1d.replay.recorder.MOST_FRAMES", 5)
    log = RunLog(SMALL, end=End(20))
    for step in range(1, 10):
        log.add(Change(step, {"generator.optimizer.learning_rate": step / 1000}))
    with pytest.raises(RecordingError, match="pictures, but got more"):
        play(log, every=10)


def test_pictures_that_take_too_much_memory_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gan1d.replay.recorder.LARGEST_SIZE", 2**17)
    with pytest.raises(RecordingError, match="MB of pictures, but got more"):
        play(RunLog(SMALL, end=End(20)), every=1)


def test_the_usual_distance_gives_at_most_600_pictures() -> None:
    assert [usual_distance(steps) for steps in (0, 1, 600, 601, 3000, 100_000)] == [1, 1, 1, 2, 5, 167]


def test_speeds_are_those_that_show_a_picture_within_two_seconds() -> None:
    assert [choice.value for choice in playing_speeds(1)][:3] == [0.5, 1, 2]
    values = [choice.value for choice in playing_speeds(100)]
    assert values == ["frame", 200, 500, 1000, 2000, 5000]


def test_a_recording_is_of_the_default_settings_or_any_other() -> None:
    changed = play(RunLog(Config().patched("batch_size", 32), end=End(2)), preset=None).content["hello"]
    assert changed["changed"] == {"batch_size": 32}
    titled = play(RunLog(Config(), end=End(2)), preset="default", title="My run").content["hello"]
    assert titled["presets"][0]["title"] == "My run"


def test_a_log_with_the_settings_of_a_preset_has_its_story() -> None:
    config = presets["hinge"].config.patched("seed", 77)
    assert preset_like(config) == "hinge"
    assert preset_like(config.patched("batch_size", 3)) is None
    hello = play(RunLog(config, end=End(1))).content["hello"]
    assert (hello["preset"], hello["changed"]) == ("hinge", {"seed": 77})
