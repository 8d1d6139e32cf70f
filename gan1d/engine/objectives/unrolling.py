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

from gan1d.engine.arrays import Array
from gan1d.engine.networks.hessian_vector_products import DirectionalDerivatives, DirectionalWorkspace
from gan1d.engine.networks.mlp import MLP, Workspace
from gan1d.engine.objectives.losses import Loss
from gan1d.engine.programs import Program, constant
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


def descended(values: Array, slope: Array, rate: Array, out: Array) -> Program:
    """out ← values − rate·slope; `slope` is used up."""
    return [(np.multiply, (slope, rate, slope)), (np.subtract, (values, slope, out))]


class Unroller:
    """D's answers to G's move, and what they say about the move.

    Args:
        spec: How far to look ahead.
        loss: What both players want.
        network: D; read at every run, never written.
        pair: D's inputs, reals then fakes, `(inputs + 1, 2·items)`; filled by the caller before every run.

    Attributes:
        scores: What the answering D scores the fakes, `(items,)`.
        fake_gradient: d L_G / d D's inputs of the fakes, `(inputs, items)`.
        program: Lets D answer, judges the fakes by the answer, and pulls the verdict back to the fakes.
    """

    def __init__(self, spec: Unrolled, loss: Loss, network: MLP, pair: Array) -> None:
        items, rate = pair.shape[1] // 2, constant(spec.learning_rate, network.dtype)
        # D before each of its answers and after the last, with a pass of its own each, which the way back needs again.
        chain = [blank(network) for _ in range(spec.steps + 1)]
        rooms = [DirectionalWorkspace(before, 2 * items, inputs=pair) for before in chain[:-1]]
        judged = Workspace(chain[-1], items)
        self.scores, self.fake_gradient = judged.outputs[0], judged.input_gradient
        self.program: Program = [(np.copyto, (chain[0].parameters, network.parameters))]
        for room, before, after in zip(rooms, chain, chain[1:], strict=False):
            self.program += [
                *room.forward_program,
                *loss.discriminator_gradient(by_side(room.outputs), by_side(room.output_gradient)),
                *room.backward_program(),
                *descended(before.parameters, room.gradient, rate, after.parameters),
            ]
        self.program += [
            (np.copyto, (judged.inputs, pair[:, items:])),
            *judged.forward_program,
            *loss.generator_gradient(judged.outputs, judged.output_gradient),
            *judged.backward_program(inputs=True),
        ]
        if not spec.full:
            return
        change = DirectionalDerivatives(network, 2 * items)
        of_fakes, weight = change.input_gradient[:, items:], change.direction
        self.program.append((np.copyto, (weight, judged.gradient)))
        for room in reversed(rooms):
            self.program += [
                *loss.discriminator_curvature(by_side(room.outputs), by_side(change.output_curvature)),
                *room.directional_program(change),
                *descended(self.fake_gradient, of_fakes, rate, self.fake_gradient),
                *descended(weight, change.gradient, rate, weight),
            ]


def blank(network: MLP) -> MLP:
    """Room for another network of the same kind."""
    return MLP(network.sizes, network.activation, input_scale=network.input_scale, dtype=network.dtype)


def by_side(row: Array) -> Array:
    """One output for reals, then fakes, as a row for each."""
    return row.reshape(2, -1)
