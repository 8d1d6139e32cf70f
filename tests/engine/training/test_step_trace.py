"""Step traces: the numbers are those of the step in every bit, those of the textbook, and looking changes nothing."""

from typing import Any

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.engine.arrays import Float64
from gan1d.engine.data.translation import is_translation
from gan1d.engine.networks.mlp import Workspace
from gan1d.engine.reference import ReferenceNetwork
from gan1d.engine.training.step_trace import PassTrace, UpdateTrace, trace_step
from gan1d.engine.training.trainer import Trainer
from gan1d.gallery import presets
from tests.tools import slow_but

ONE_EACH = Config().patched("discriminator_steps", 1)
"""One update of D, then one of G."""


def trained(config: Config, steps: int = 7, dtype: type = np.float32) -> Trainer:
    trainer = Trainer(config, dtype)
    trainer.run(steps)
    return trainer


def flat(tree: Any) -> list[Any]:
    """A state as lists and bytes, to compare with ==."""
    if isinstance(tree, dict):
        return [[key, flat(tree[key])] for key in sorted(tree)]
    return [tree.tobytes() if isinstance(tree, np.ndarray) else repr(tree)]


USUAL = ("default", "hopping_unrolled", "infogan", "labelled_modes", "wgan_gp")
TRACEABLE = [
    name
    for name, preset in presets.items()
    if not (preset.config.discriminator.optimal or is_translation(preset.config))
]


@pytest.mark.parametrize("name", slow_but(USUAL, TRACEABLE))
def test_a_trace_has_the_numbers_of_the_step_that_follows_and_changes_nothing(name: str) -> None:
    trainer = trained(presets[name].config)
    before = flat(trainer.state_dict())
    trace = trace_step(trainer)
    assert flat(trainer.state_dict()) == before

    report = trainer.step()
    assert trace.step == report.step == trainer.step_count
    by_player = {update.player: update for update in trace.updates}
    last_d, last_g = by_player["discriminator"], by_player["generator"]
    assert (last_d.loss, last_g.loss) == (report.loss_d, report.loss_g)
    assert (last_d.norm, last_g.norm) == (report.grad_norm_d, report.grad_norm_g)
    for update, player in ((last_d, trainer._discriminator), (last_g, trainer._generator)):
        assert update.weights is not None
        assert np.array_equal(update.weights.after, player.applied_constraint.free)
        for key, average in update.weights.averages_after.items():
            factor = player.settings.optimizer.average_factors(player.optimizer_state.count)[key]
            assert np.array_equal(average, factor * player.optimizer_state.averages[key])


def test_the_costs_of_pairs_are_those_of_differences() -> None:
    trainer = trained(presets["default"].config.patched("loss", "relativistic_pairing"))
    of_d, of_g = (trace_step(trainer).updates[index] for index in (0, -1))
    reals, fakes = np.split(of_d.costs, 2)
    assert reals.mean() + fakes.mean() == pytest.approx(of_d.loss, rel=1e-6)
    assert of_g.costs.mean() == pytest.approx(of_g.loss, rel=1e-6)


def outputs(network: Any, inputs: Float64) -> Float64:
    work = Workspace(network, inputs.shape[1])
    work.inputs[:-1] = inputs
    return work.forward()[0].copy()


def test_the_passes_of_a_trace_follow_from_each_other() -> None:
    trainer = trained(ONE_EACH)
    first, second = trace_step(trainer).updates
    batch = ONE_EACH.batch_size
    assert first.player == "discriminator"
    assert second.player == "generator"
    assert np.array_equal(first.generator.outputs, outputs(trainer.generator, first.generator.inputs))
    assert np.array_equal(first.discriminator.inputs[0, batch:], first.generator.outputs), "fakes are the second half"
    assert first.generator.layers[0].gradient is None
    assert first.discriminator.layers[0].gradient is not None
    assert first.weights is not None
    trainer.step_discriminator()
    assert np.array_equal(second.scores, outputs(trainer.discriminator, second.discriminator.inputs)), "D is updated"
    assert np.array_equal(first.weights.outputs_after, outputs(trainer.discriminator, first.discriminator.inputs))
    assert not np.array_equal(first.generator.inputs, second.generator.inputs), "G's update draws new latents"


def layer_by_layer(network: ReferenceNetwork, trace: PassTrace) -> None:
    """Compare a pass with that of the textbook: layer by layer, forward and backward."""
    out, cache = network.forward(trace.inputs.T)
    np.testing.assert_allclose(trace.outputs, out[:, 0], rtol=1e-9)
    for layer, (a, _) in zip(trace.layers, cache[1:], strict=True):
        np.testing.assert_allclose(layer.h, a.T, rtol=1e-9, atol=1e-14)
    if trace.output_gradient is None:
        return
    gradient = trace.output_gradient[:, None]
    for i in range(len(network.layers) - 1, 0, -1):
        ds = gradient * cache[i][1]
        if i < len(network.layers) - 1:
            np.testing.assert_allclose(trace.layers[i].gradient, ds.T, rtol=1e-9, atol=1e-14)
        gradient = ds @ network.layers[i][0].T
    np.testing.assert_allclose(trace.layers[0].gradient, (gradient * cache[0][1]).T, rtol=1e-9, atol=1e-14)
    if trace.input_gradient is not None:
        dx = network.input_scale * (gradient * cache[0][1]) @ network.layers[0][0].T
        np.testing.assert_allclose(trace.input_gradient, dx.T, rtol=1e-9, atol=1e-14)


def test_every_layer_of_a_trace_is_that_of_the_textbook() -> None:
    trainer = trained(ONE_EACH, dtype=np.float64)
    settings = trainer.config
    generator = ReferenceNetwork(trainer.generator, settings.generator.optimizer)
    before = ReferenceNetwork(trainer.discriminator, settings.discriminator.optimizer)
    first, second = trace_step(trainer).updates
    layer_by_layer(generator, first.generator)
    layer_by_layer(generator, second.generator)
    layer_by_layer(before, first.discriminator)
    trainer.step_discriminator()
    layer_by_layer(ReferenceNetwork(trainer.discriminator, settings.discriminator.optimizer), second.discriminator)


def test_the_cost_of_a_fake_falls_against_its_gradient() -> None:
    """∂L/∂x of a trace is the derivative of L_G by the position of one fake."""
    trainer = trained(ONE_EACH, dtype=np.float64)
    update = trace_step(trainer).updates[1]
    trainer.step_discriminator()
    x, h, loss = update.discriminator.inputs, 1e-6, trainer.config.loss
    cost = [loss.generator_cost(outputs(trainer.discriminator, x + sign * h)) for sign in (1, -1)]
    slope = (cost[0] - cost[1]) / (2 * h) / x.shape[1]
    assert update.discriminator.input_gradient is not None
    np.testing.assert_allclose(update.discriminator.input_gradient[0], slope, rtol=1e-5, atol=1e-10)
    np.testing.assert_allclose(update.generator.output_gradient, slope, rtol=1e-5, atol=1e-10)


def players(updates: tuple[UpdateTrace, ...]) -> list[tuple[str, bool]]:
    return [(update.player[0], update.is_trial) for update in updates]


def test_the_updates_are_in_the_order_of_the_config() -> None:
    config = ONE_EACH.patched("discriminator_steps", 2)
    assert players(trace_step(trained(config)).updates) == [("d", False), ("d", False), ("g", False)]
    extragradient = ONE_EACH.patched("update_order", {"kind": "extragradient"})
    trace = trace_step(trained(extragradient))
    assert players(trace.updates) == [("d", True), ("g", True), ("d", False), ("g", False)]
    assert all(update.weights is not None for update in trace.updates)


def test_a_step_of_one_player_is_traced_alone() -> None:
    trainer = trained(ONE_EACH)
    assert players(trace_step(trainer, discriminator=False).updates) == [("g", False)]
    assert players(trace_step(trainer, generator=False).updates) == [("d", False)]


def test_with_a_lookahead_the_scores_are_those_of_the_future_discriminator() -> None:
    trainer = trained(ONE_EACH.patched("generator.lookahead", {"kind": "unrolled", "steps": 3}))
    update = trace_step(trainer).updates[1]
    assert update.discriminator.layers == ()
    assert update.discriminator.output_gradient is None
    trainer.step_discriminator()
    assert not np.array_equal(update.scores, outputs(trainer.discriminator, update.discriminator.inputs))
    assert update.discriminator.input_gradient is not None
    assert update.discriminator.input_gradient.any()


def test_a_step_that_diverges_is_traced_without_an_update() -> None:
    trainer = trained(ONE_EACH)
    trainer.generator.parameters[:] = 1e30
    with np.errstate(all="ignore"):
        trace = trace_step(trainer)
    assert trace.updates[-1].weights is None
    assert not trace.updates[-1].norm <= 1e15


def test_a_run_that_has_diverged_has_no_next_step() -> None:
    trainer = trained(ONE_EACH)
    trainer.generator.parameters[:] = 1e30
    trainer.step()
    with pytest.raises(ValueError, match="Expected a run that goes on, but got one that diverged at step 8"):
        trace_step(trainer)


def test_the_best_d_has_no_layers_to_trace() -> None:
    with pytest.raises(ValueError, match="got the optimal D, which has no layers"):
        trace_step(Trainer(presets["collapse_best_d"].config))


def test_a_translation_is_not_traced() -> None:
    with pytest.raises(ValueError, match="Expected a run with two networks, but got a translation, which has four"):
        trace_step(Trainer(presets["cyclegan"].config))
