"""A generator that looks ahead: it is trained against the discriminator that would answer its move.

An unrolled generator plays against D after some further updates θ₀ → θ₁ → … → θ_K by plain descent, and then D goes
back to where it was (Metz et al. 2017, arXiv:1611.02163, eq. 7 to 9). The full gradient also asks how each of these
updates depends on the fakes x. With λ_K = ∇_θ L_G(θ_K, x), from the last update to the first:

    ∇_x  += −η·∇_x (λᵀ∇_θ L_D(θ_k, x)),      λ ← λ − η·∇_θ (λᵀ∇_θ L_D(θ_k, x))

Both are derivatives of D's gradients along the direction λ, which a pass with two numbers per activation gives
exactly (Pearlmutter 1994): the value and how it changes when the parameters move along λ.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np

from gan1d.engine.losses import Loss
from gan1d.engine.mlp import MLP, Workspace, split, units
from gan1d.engine.programs import Array, Program, constant, run
from gan1d.knobs import Knob


@dataclass(frozen=True, kw_only=True)
class NoLookahead:
    """None: G plays against D as it is."""

    kind: Literal["none"] = "none"


@dataclass(frozen=True, kw_only=True)
class Unrolled:
    """Unrolled: G plays against the D that would answer its move, so that running from mode to mode does not pay. It
    cannot call G to a mode that no slope of D reaches from where the fakes are.

    Metz et al. 2017, arXiv:1611.02163.
    """

    kind: Literal["unrolled"] = "unrolled"
    steps: Annotated[int, Knob(low=1, high=20, essential=True, help="Updates of D that G looks ahead.")] = 5
    learning_rate: Annotated[
        float,
        Knob(label="its rate", low=1e-4, high=10.0, scale="log", essential=True, help="Size of these updates."),
    ] = 0.1
    full: Annotated[
        bool, Knob(help="Also follow how D's answer depends on the fakes; off is cheaper, and sees only the answer.")
    ] = True


Lookahead = NoLookahead | Unrolled


class DirectionalWorkspace(Workspace):
    """Passes with two numbers per activation: its value, and its change when the parameters move along a direction.

    Args:
        network: Read at every pass, never written.
        batch: Columns of every buffer.

    Attributes:
        direction: Where the parameters move, `(parameters,)`; fill it before `along`.
        gradient_change: Change of `gradient` along it, `(parameters,)`.
        input_gradient_change: Change of `input_gradient` along it, `(inputs, batch)`.
    """

    def __init__(self, network: MLP, batch: int) -> None:
        super().__init__(network, batch)
        self.direction = np.zeros_like(network.parameters)
        self.gradient_change = np.zeros_like(network.parameters)
        self.input_gradient_change = np.zeros_like(self.input_gradient)
        self._curvatures = np.zeros_like(self._s)
        self._layer_curvatures = split(self._curvatures, self._shapes)

    def along(self, gradient: Program, curvature: Program, scale: Array) -> None:
        """A forward and a backward pass with both numbers, at today's inputs and parameters.

        Args:
            gradient: Writes d loss / d outputs to `output_gradient` from `outputs`.
            curvature: Writes d² loss / d outputs² to `scale` from `outputs`, each output by itself.
            scale: `(outputs, batch)`.
        """
        activation, layers = self.network.activation, self.network.layers
        turned, changes = (
            split(flat, [layer.shape for layer in layers]) for flat in (self.direction, self.gradient_change)
        )
        self.forward()
        run(self.slope_program())
        run(activation.curvature(self._s, self._h, self._curvatures) or ())
        run(gradient)
        run(curvature)
        # Forward: how pre-activations and activations move. A row of ones does not.
        moves: list[Array] = [np.zeros_like(self._activations[0])]
        steps: list[Array] = []
        for i, layer in enumerate(layers):
            step = layer.T @ moves[i] + turned[i].T @ self._activations[i]
            steps.append(step)
            if i < len(layers) - 1:
                move = np.zeros_like(self._activations[i + 1])
                np.multiply(step, units(self._layer_slopes[i]), units(move))
                moves.append(move)
        # Backward: the deltas, and how they and the gradient move.
        ds, ds_change = self.output_gradient, scale * steps[-1]
        for i in range(len(layers) - 1, -1, -1):
            changes[i][:] = moves[i] @ ds.T + self._activations[i] @ ds_change.T
            da = layers[i][:-1] @ ds
            da_change = turned[i][:-1] @ ds + layers[i][:-1] @ ds_change
            if i > 0:
                slope, curvature_here = units(self._layer_slopes[i - 1]), units(self._layer_curvatures[i - 1])
                ds = da * slope
                ds_change = da_change * slope + da * curvature_here * steps[i - 1]
        factor = self.network.input_scale
        np.multiply(da_change, factor, self.input_gradient_change)


class Unroller:
    """D's answers to G's move, and what they say about the move.

    Args:
        spec: How far to look ahead.
        loss: What both players want.
        network: D; copied at every look, never written.
        pair: D's inputs, reals then fakes, `(inputs + 1, 2·items)`; filled by the caller before `look`.

    Attributes:
        scores: What the answering D scores the fakes, `(items,)`.
        fake_gradient: d L_G / d D's inputs of the fakes, `(inputs, items)`.
    """

    def __init__(self, spec: Unrolled, loss: Loss, network: MLP, pair: Array) -> None:
        self._spec, self._network = spec, network
        items = pair.shape[1] // 2
        self._copy = MLP(network.sizes, network.activation, input_scale=network.input_scale, dtype=network.dtype)
        self._room = DirectionalWorkspace(self._copy, 2 * items)
        self._room.inputs[:] = pair
        self._pair, self._items = pair, items
        self._judged = Workspace(self._copy, items)
        room, judged = self._room, self._judged
        pair_scores, pair_gradient = (a.reshape(2, items) for a in (room.outputs, room.output_gradient))
        self._curvature = np.zeros_like(room.outputs)
        self._gradient_program = loss.discriminator_gradient(pair_scores, pair_gradient)
        self._curvature_program = loss.discriminator_curvature(pair_scores, self._curvature.reshape(2, items))
        self._answer: Program = [*room.forward_program, *self._gradient_program, *room.backward_program()]
        self._judge: Program = [
            *judged.forward_program,
            *loss.generator_gradient(judged.outputs, judged.output_gradient),
            *judged.backward_program(inputs=True),
        ]
        self._rate = constant(spec.learning_rate, network.dtype)
        self.scores = judged.outputs[0]
        self.fake_gradient = judged.input_gradient

    def look(self) -> None:
        """Let D answer, judge the fakes by the answer, and pull the verdict back to the fakes."""
        parameters, room = self._copy.parameters, self._room
        parameters[:] = self._network.parameters
        room.inputs[:] = self._pair
        passed = []
        for _ in range(self._spec.steps):
            passed.append(parameters.copy())
            run(self._answer)
            parameters -= self._rate * room.gradient
        self._judged.inputs[:] = self._pair[:, self._items :]
        run(self._judge)
        if not self._spec.full:
            return
        weight = self._judged.gradient.copy()
        for before in reversed(passed):
            parameters[:] = before
            room.direction[:] = weight
            room.along(self._gradient_program, self._curvature_program, self._curvature)
            self.fake_gradient -= self._rate * room.input_gradient_change[:, self._items :]
            weight -= self._rate * room.gradient_change
