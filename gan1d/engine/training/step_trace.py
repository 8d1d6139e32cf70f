"""A step taken apart: every number of its passes, losses, gradients and updates, as the step itself computes them.

The numbers are read from the buffers of a second trainer, which makes the step in place of the first. So they are those
of the step in every bit, and to look at a step changes nothing.
"""

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from gan1d.engine.arrays import Array
from gan1d.engine.data.translation import is_translation
from gan1d.engine.networks.mlp import MLP, Workspace, duplicate, without_bias
from gan1d.engine.objectives.unrolling import NoUnrolling
from gan1d.engine.training.discriminator_update import DiscriminatorUpdate
from gan1d.engine.training.player import Player
from gan1d.engine.training.trainer import AnyUpdate, Trainer
from gan1d.engine.units import Units


@dataclass(frozen=True)
class LayerTrace:
    """One hidden layer in a pass: h = φ(s).

    Attributes:
        s: Weighted sums with their biases, `(units, batch)`.
        h: Activations, `(units, batch)`.
        gradient: ∂L/∂s, `(units, batch)`; None if nothing is backpropagated.
    """

    s: Array
    h: Array
    gradient: Array | None


@dataclass(frozen=True)
class PassTrace:
    """A pass of one network over a batch, in the units of the run.

    Attributes:
        network: Copy of the network as it is in the pass, with its constraint applied.
        inputs: Inputs, `(inputs, batch)`.
        layers: Hidden layers, first to last; none if the pass is not kept.
        outputs: Outputs, `(batch,)`.
        output_gradient: ∂L/∂output, `(batch,)`; None if nothing is backpropagated.
        input_gradient: ∂L/∂input, `(inputs, batch)`; None if it is not computed.
    """

    network: MLP
    inputs: Array
    layers: tuple[LayerTrace, ...]
    outputs: Array
    output_gradient: Array | None = None
    input_gradient: Array | None = None


@dataclass(frozen=True)
class WeightsTrace:
    """The free parameters of a network before and after an update, and the memory of its optimizer.

    Attributes:
        before: Parameters, `(parameters,)`.
        after: Parameters, `(parameters,)`.
        averages_before: Averages of the optimizer by name, each `(parameters,)`.
        averages_after: Averages of the optimizer by name, each `(parameters,)`.
        outputs_after: Outputs of the network after the update, on the inputs of the pass before it, `(batch,)`.
    """

    before: Array
    after: Array
    averages_before: dict[str, Array]
    averages_after: dict[str, Array]
    outputs_after: Array


@dataclass(frozen=True)
class UpdateTrace:
    """One update of one player.

    Attributes:
        player: The player that is updated.
        is_trial: Whether the update only looks ahead (see `update_order.Extragradient`).
        generator: G's pass from latents to fakes. Its gradients are those of G's loss, None in an update of D.
        discriminator: D's pass from samples to scores. In an update of D the first half are reals.
        costs: Cost of each score, `(batch,)`, twice as many in an update of D.
        loss: Loss of the player: the mean cost of the fakes, in an update of D plus that of the reals.
        gradient: ∂L/∂parameters, `(parameters,)`, penalties included.
        norm: Euclidean norm of `gradient`.
        weights: What the update does to the parameters; None if the run diverges here.
    """

    player: Literal["discriminator", "generator"]
    is_trial: bool
    generator: PassTrace
    discriminator: PassTrace
    costs: Array
    loss: float
    gradient: Array
    norm: float
    weights: WeightsTrace | None = None

    @property
    def scores(self) -> Array:
        """D's scores, `(batch,)`, twice as many in an update of D."""
        return self.discriminator.outputs


@dataclass(frozen=True)
class StepTrace:
    """The step that follows a state of a run.

    Attributes:
        step: Number of the step, 1 for the first.
        units: Units of the run, which those of the passes are.
        updates: The updates of the step, in the order of their gradients.
    """

    step: int
    units: Units
    updates: tuple[UpdateTrace, ...]


def trace_step(trainer: Trainer, *, discriminator: bool = True, generator: bool = True) -> StepTrace:
    """The next step of a trainer, taken apart; the trainer stays as it is.

    Args:
        trainer: The run before the step.
        discriminator: Whether the step updates D.
        generator: Whether the step updates G.

    Raises:
        ValueError: The run has diverged and makes no further steps, G plays against the optimal D, or the run is a
            translation.
    """
    if trainer.diverged is not None:
        raise ValueError(f"Expected a run that goes on, but got one that diverged at step {trainer.diverged.step}.")
    if trainer.config.discriminator.optimal:
        raise ValueError("Expected updates against the network D, but got the optimal D, which has no layers.")
    if is_translation(trainer.config):
        raise ValueError("Expected a run with two networks, but got a translation, which has four.")
    copy = _TracingTrainer.restore(trainer.config, trainer.state_dict())
    copy.run(1, discriminator=discriminator, generator=generator)
    return StepTrace(trainer.step_count + 1, copy.units, tuple(copy.updates))


class _TracingTrainer(Trainer):
    """A trainer that keeps a trace of each of its updates, in `updates`."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.updates: list[UpdateTrace] = []

    def _compute_gradient(self, update: AnyUpdate) -> float:
        norm = super()._compute_gradient(update)
        self.updates.append(self._traced(update, norm))
        return norm

    def _apply_gradient(self, update: AnyUpdate) -> None:
        player = self._player_of(update)
        name = "discriminator" if player is self._discriminator else "generator"
        index = max(i for i, each in enumerate(self.updates) if each.player == name)
        before, averages_before = player.applied_constraint.free.copy(), _averages(player)
        super()._apply_gradient(update)
        traced = self.updates[index]
        one = traced.discriminator if name == "discriminator" else traced.generator
        weights = WeightsTrace(
            before=before,
            after=player.applied_constraint.free.copy(),
            averages_before=averages_before,
            averages_after=_averages(player),
            outputs_after=_outputs(player.network, one.inputs),
        )
        self.updates[index] = replace(traced, weights=weights, is_trial=player.is_extrapolated)

    def _player_of(self, update: AnyUpdate) -> Player:
        return self._discriminator if isinstance(update, DiscriminatorUpdate) else self._generator

    def _traced(self, update: AnyUpdate, norm: float) -> UpdateTrace:
        loss, (work_g, work_d) = self.config.loss, update.workspaces
        common: dict[str, Any] = {"is_trial": False, "gradient": update.gradient.copy(), "norm": norm}
        if isinstance(update, DiscriminatorUpdate):
            real, fake = update.scores
            return UpdateTrace(
                player="discriminator",
                generator=_pass_of(work_g),
                discriminator=_pass_of(work_d, has_gradients=True),
                # A pair has one cost, that of the difference.
                costs=np.concatenate(
                    [loss.real_cost(real - fake), np.zeros_like(fake)]
                    if loss.is_paired
                    else [loss.real_cost(real), loss.fake_cost(fake)]
                ),
                loss=float(loss.discriminator_value(update.scores)),
                **common,
            )
        scored = _pass_of(work_d, has_gradients=True, has_input_gradient=True)
        if not isinstance(self.config.generator.lookahead, NoUnrolling):
            # D after its lookahead scores the fakes, and only the gradient with respect to them is written back.
            scored = replace(scored, layers=(), outputs=update.scores.copy(), output_gradient=None)
        return UpdateTrace(
            player="generator",
            generator=_pass_of(work_g, has_gradients=True),
            discriminator=scored,
            costs=np.array(loss.generator_cost(update.scores)),
            loss=float(loss.generator_value(update.scores)),
            **common,
        )


def _pass_of(work: Workspace, *, has_gradients: bool = False, has_input_gradient: bool = False) -> PassTrace:
    """The last pass in some buffers, which may then be overwritten."""
    gradients = work.hidden_gradients() if has_gradients else [None] * len(work.hidden_layers())
    layers = zip(work.hidden_layers(), gradients, strict=True)
    return PassTrace(
        network=duplicate(work.network),
        inputs=without_bias(work.inputs).copy(),
        layers=tuple(
            LayerTrace(s.copy(), h.copy(), None if gradient is None else gradient.copy()) for (s, h), gradient in layers
        ),
        outputs=work.outputs[0].copy(),
        output_gradient=work.output_gradient[0].copy() if has_gradients else None,
        input_gradient=work.input_gradient.copy() if has_input_gradient else None,
    )


def _outputs(network: MLP, inputs: Array) -> Array:
    """Outputs of a network, `(batch,)`, on inputs in the units of the run, `(inputs, batch)`."""
    work = Workspace(network, inputs.shape[1])
    without_bias(work.inputs)[...] = inputs
    return np.array(work.forward()[0])


def _averages(player: Player) -> dict[str, Array]:
    """The averages of a player's optimizer by name, corrected for their start; 0 before the first update."""
    state = player.optimizer_state
    factors = player.settings.optimizer.average_factors(max(1, state.count))
    return {name: factors[name] * average for name, average in state.averages.items()}
