"""Steps taken apart for viewers: of the present step and of earlier ones, while the run stays as it is."""

from typing import Any

import numpy as np
import pytest

from gan1d import presets
from gan1d.config.model import Config
from gan1d.engine.metrics.optimal_discriminator import ScoreCalibration
from gan1d.engine.reference import activate
from gan1d.engine.training.step_trace import trace_step
from gan1d.session.messages import BranchFrom, Forget, GetStepTrace, Pause, Play, Set, Step, Switch
from gan1d.session.run_record import NOT_KEPT
from gan1d.session.step_tracing import SHOWN_SAMPLES, SHOWN_UNITS
from tests.engine.training.test_step_trace import TRACEABLE, USUAL
from tests.session.fakes import FakeViewer, Stage, bits
from tests.session.test_viewing import in_turn, settle
from tests.tools import slow_but


def traced(stage: Stage, viewer: FakeViewer | None = None, **fields: Any) -> dict[str, Any]:
    """The step that follows a step."""
    viewer = viewer or stage.viewer
    stage.send(GetStepTrace(**fields), viewer=viewer)
    settle(stage)
    return viewer.last("step_trace")


def refusal(stage: Stage, **fields: Any) -> str:
    count = len(stage.viewer.events_of("refused"))
    stage.send(GetStepTrace(**fields))
    settle(stage)
    assert len(stage.viewer.events_of("refused")) == count + 1
    return str(stage.viewer.last("refused")["message"])


def by_player(event: dict[str, Any], player: str) -> dict[str, Any]:
    return next(update for update in reversed(event["updates"]) if update["player"] == player)


def test_the_next_step_has_the_numbers_that_it_then_has_and_the_run_stays() -> None:
    stage = Stage()
    stage.send(Step(count=7))
    before = bits(stage)
    event = traced(stage)
    assert (event["run"], event["step"], bits(stage)) == (1, 8, before)
    stage.send(Step())
    report = stage.session.run.trainer.report
    assert by_player(event, "discriminator")["loss"] == report.loss_d
    assert by_player(event, "generator")["loss"] == report.loss_g
    assert by_player(event, "generator")["norm"] == report.grad_norm_g


def test_an_earlier_step_is_traced_as_it_was_made() -> None:
    stage = Stage()
    stage.send(Step(count=5))
    then = traced(stage, update=1, sample=2)
    in_turn(stage, Step(count=9), Step(count=4, player="generator"), Set(path="generator.hidden", value=[3, 2]))
    after = traced(stage)
    assert traced(stage, step=5, update=1, sample=2) == then
    assert [update["player"] for update in traced(stage, step=15)["updates"]] == ["generator"], "D was not updated"
    assert traced(stage, step=18) == after
    stage.send(Step(count=3))
    assert traced(stage, step=18) == after, "the layers were changed at this step"


def test_all_numbers_of_the_default_are_sent() -> None:
    stage = Stage(Config())
    event = traced(stage, update=2, sample=5)
    trainer, config = stage.session.run.trainer, Config()
    trace = trace_step(trainer)
    assert [update["player"] for update in event["updates"]] == ["discriminator"] * config.discriminator_steps + [
        "generator"
    ] * config.generator_steps
    update, sent = trace.updates[2], event["updates"][2]
    assert (sent["batch"], len(sent["scores"])) == (256, 256)
    units = trace.units
    x = units.to_x(update.discriminator.inputs[0].astype(np.float64))
    np.testing.assert_allclose(sent["samples"][0], x, rtol=1e-8)
    np.testing.assert_array_equal(np.float32(sent["scores"]), update.scores)
    np.testing.assert_allclose(sent["outputs"], 1 / (1 + np.exp(-update.scores.astype(float))), rtol=1e-6)
    slopes = update.discriminator.input_gradient
    assert slopes is not None
    np.testing.assert_allclose(sent["sample_gradients"][0], slopes[0] / units.scale, rtol=1e-6)
    assert np.mean(sent["costs"]) == pytest.approx(sent["loss"], rel=1e-6)
    before = trainer.generator.apply(np.array(sent["latents"][0]))
    np.testing.assert_allclose(before, sent["samples"][0], rtol=1e-5)
    first = event["updates"][0]
    assert len(first["samples"][0]) == len(first["costs"]) == 512
    assert len(first["latents"][0]) == 256
    assert np.mean(first["costs"][:256]) + np.mean(first["costs"][256:]) == pytest.approx(first["loss"], rel=1e-6)
    trainer.step_discriminator()
    second = event["updates"][1]
    outputs = config.loss.readout.transform(trainer.discriminator.apply(second["samples"][0]), ScoreCalibration())
    np.testing.assert_allclose(second["outputs_after"], outputs, rtol=1e-4)
    assert (sent["outputs_after"], first["samples_after"]) == ([], [])
    trainer.step_generator()
    np.testing.assert_allclose(sent["samples_after"][0], trainer.generator.apply(sent["latents"][0]), rtol=1e-5)
    assert sent["samples_after"] != sent["samples"]
    assert event["formulas"] == {"real": "−½ log D(x)", "fake": "−½ log(1 − D(G(z)))", "generator": "−log D(G(z))"}


def test_one_sample_goes_through_both_networks() -> None:
    """Every number of a layer follows from the one before: s = W·h + b, and ∂L/∂s by the chain rule."""
    stage = Stage(Config().patched("discriminator_steps", 1))
    stage.send(Step(count=3))
    event = traced(stage, update=1, sample=9)
    sample, sent = event["sample"], event["updates"][1]
    assert (sample["update"], sample["sample"], sample["units"]) == (1, 9, SHOWN_UNITS)
    made, scored = sample["generator"], sample["discriminator"]
    assert made["inputs"][0] == pytest.approx(sent["latents"][0][9])
    assert made["output"] == scored["inputs"][0]
    assert scored["output"] == sent["scores"][9]
    assert scored["output_gradient"] == sent["score_gradients"][9]
    activations = stage.session.config.generator.activation, stage.session.config.discriminator.activation
    for one, activation in zip((made, scored), activations, strict=True):
        h = np.array(one["inputs"]) * one["input_scale"]
        for layer, weights in zip(one["layers"], one["weights"], strict=False):
            np.testing.assert_allclose(layer["s"], np.append(h, 1) @ np.array(weights), rtol=1e-4, atol=1e-5)
            h = np.array(layer["h"])
        assert one["output"] == pytest.approx(float((np.append(h, 1) @ np.array(one["weights"][-1]))[0]), rel=1e-4)
        back = one["output_gradient"] * np.array(one["weights"][-1])[:-1, 0]
        slope = activate(activation, np.array(one["layers"][-1]["s"]))[1]
        np.testing.assert_allclose(one["layers"][-1]["gradient"], back * slope, rtol=1e-3, atol=1e-9)
    parameters = sample["parameters"]
    config = stage.session.config.generator.optimizer
    mean, square = (np.array(parameters["averages_after"][name][0]) for name in ("mean", "square"))
    change = np.array(parameters["after"][0]) - np.array(parameters["before"][0])
    np.testing.assert_allclose(change, -config.learning_rate * mean / np.sqrt(square), rtol=0.02, atol=1e-6)


def test_the_second_trainer_is_freed_and_the_samples_of_a_step_are_found_without_it() -> None:
    stage = Stage()
    stage.send(Step(count=4))
    look_back = stage.session.viewing._step_tracing._look_back
    first = traced(stage, step=2, update=0, sample=0)
    assert look_back._finder.run is None
    assert traced(stage, step=2, update=0, sample=0) == first
    assert look_back._finder._repetition is None, "the trace was kept"


def test_a_viewer_that_waits_is_answered_although_its_run_becomes_the_present_one() -> None:
    stage = Stage()
    in_turn(stage, Step(count=4), BranchFrom(step=2))
    settle(stage)
    stage.session.submit(GetStepTrace(step=1, run=1), stage.viewer)
    stage.session.submit(Switch(run=1), stage.viewer)
    stage.advance()
    settle(stage)
    assert [(event["run"], event["step"]) for event in stage.viewer.events_of("step_trace")] == [(1, 2)]


def test_reals_have_no_latent() -> None:
    stage = Stage()
    assert traced(stage, update=0, sample=1)["sample"]["generator"] is None
    assert traced(stage, update=0, sample=5)["sample"]["generator"] is not None


def test_of_large_batches_and_layers_the_first_are_sent() -> None:
    large = {"batch_size": 512, "generator": {"hidden": [40]}, "discriminator": {"hidden": [20, 30]}}
    event = traced(Stage(Config.parsed(large)), update=0, sample=600)
    update, scored = event["updates"][0], event["sample"]["discriminator"]
    assert (update["batch"], len(update["scores"])) == (512, 2 * SHOWN_SAMPLES)
    assert scored["sizes"] == [1, 20, 30, 1]
    assert [np.shape(matrix) for matrix in scored["weights"]] == [(2, 16), (17, 16), (17, 1)]
    assert [len(layer["h"]) for layer in scored["layers"]] == [16, 16]
    assert len(event["sample"]["parameters"]["gradient"][1]) == 17


@pytest.mark.parametrize("name", slow_but(USUAL, TRACEABLE))
def test_the_first_step_of_every_preset_can_be_sent(name: str) -> None:
    stage = Stage(presets[name].config)
    event = traced(stage, update=0)
    last = event["updates"][-1]
    assert len(last["costs"]) == min(last["batch"], SHOWN_SAMPLES)
    assert len(last["samples"]) == presets[name].config.discriminator.view.samples
    assert bool(last["labels"]) == presets[name].config.conditional


def test_a_viewer_may_trace_while_the_run_plays() -> None:
    stage = Stage()
    viewer = stage.join("viewer")
    stage.send(Play())
    stage.wait(0.1)
    event = traced(stage, viewer, step=2)
    assert event["step"] == 3
    assert not stage.viewer.events_of("step_trace")
    stage.send(Pause())


def test_wrong_numbers_are_refused_in_a_sentence() -> None:
    stage = Stage()
    stage.send(Step(count=3))
    assert refusal(stage, step=4) == "Expected a step from 0 to 3 of “run 1”, but got 4."
    assert refusal(stage, run=4) == "Expected the number of a run that is kept (1), but got 4."
    last = len(traced(stage)["updates"]) - 1
    assert stage.viewer.last("refused")["command"] == "get_step_trace"
    assert refusal(stage, update=9) == f"Expected the number of an update from 0 to {last}, but got 9."
    assert stage.viewer.last("refused")["command"] == "get_step_trace"
    assert refusal(stage, update=0, sample=8) == "Expected the number of a sample from 0 to 7, but got 8."


def test_no_step_follows_a_run_that_diverged() -> None:
    stage = Stage()
    stage.session.run.trainer.generator.parameters[:] = 1e30
    stage.send(Step())
    assert refusal(stage) == "The run has diverged, so no step follows."


def test_the_best_d_has_no_layers() -> None:
    stage = Stage(presets["collapse_best_d"].config)
    assert refusal(stage).startswith("G plays against the optimal D, which is a formula and no network")


def test_a_translation_is_not_taken_apart() -> None:
    stage = Stage(presets["cyclegan"].config)
    assert refusal(stage) == "A step of two networks is taken apart, and a translation has four."


def test_a_run_that_is_forgotten_meanwhile_is_not_traced() -> None:
    stage = Stage()
    in_turn(stage, Step(count=4), BranchFrom(step=2))
    settle(stage)
    kept = next(run for run in stage.viewer.last("runs")["runs"] if run["run"] != stage.viewer.last("runs")["present"])
    stage.session.submit(GetStepTrace(step=1, run=kept["run"]), stage.viewer)
    stage.session.submit(Forget(run=kept["run"]), stage.viewer)
    stage.advance()
    settle(stage)
    assert stage.viewer.last("refused")["message"] == f"“{kept['name']}” is no longer kept."
    assert not stage.viewer.events_of("step_trace")


def test_without_a_history_the_present_step_can_be_traced() -> None:
    stage = Stage()
    stage.session.run.record.recording = None
    assert traced(stage)["step"] == 1
    stage.send(Step())
    assert refusal(stage, step=0) == NOT_KEPT
    stage.session.submit(GetStepTrace(), stage.viewer)
    stage.session.submit(Step(), stage.viewer)
    stage.advance()
    assert stage.viewer.last("refused")["message"] == NOT_KEPT, "the run went on before it was this viewer's turn"
