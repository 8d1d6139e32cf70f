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
from gan1d.engine.programs import Array, Call, Program, constant, product, transposed, zeros, zeros_like
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


class Change:
    """How the numbers of a pass change when the parameters move along a direction; passes that are made one after the
    other share one.

    Args:
        network: Of the shape of those that are moved.
        batch: Columns of every buffer.

    Attributes:
        direction: Where the parameters move, `(parameters,)`; to be filled.
        bend: d² loss / d outputs², each output by itself, `(outputs, batch)`; to be filled.
        gradient: Change of the pass's `gradient`, `(parameters,)`.
        input_gradient: Change of its `input_gradient`, `(inputs, batch)`.
    """

    def __init__(self, network: MLP, batch: int) -> None:
        sizes, dtype = network.sizes, network.dtype
        self.direction, self.gradient, self._spare_gradient = (zeros_like(network.parameters) for _ in range(3))
        self.input_gradient, self._spare_inputs = zeros((2, sizes[0], batch), dtype)
        # Of each layer's pre-activations s, activations φ(s), and d loss / d s. The inputs do not move.
        self._s, self._deltas, self._spares = ([zeros((size, batch), dtype) for size in sizes[1:]] for _ in range(3))
        self._h = [zeros_like(s) for s in self._s[:-1]]
        self.bend = zeros_like(self._s[-1])
        shapes = [(size + 1, batch) for size in sizes[1:-1]]
        self._curvatures = zeros(sum(rows * columns for rows, columns in shapes), dtype)
        self._layer_curvatures = [units(layer) for layer in split(self._curvatures, shapes)]


class DirectionalWorkspace(Workspace):
    """Passes whose change along a direction can be asked for."""

    def along(self, change: Change) -> Program:
        """How the last forward and backward pass changes along `change.direction`.

        The backward pass was one to the parameters, and inputs, parameters and `output_gradient` are as it found them.
        """
        activation, layers = self.network.activation, self.network.layers
        directions = split(change.direction, [layer.shape for layer in layers])
        curvature = activation.curvature(self._s, self._h, change._curvatures) if self._shapes else None
        return [
            *(curvature or ()),
            *self._forward_along(change, directions),
            (np.multiply, (change.bend, change._s[-1], change._deltas[-1])),
            *self._backward_along(change, directions, curved=curvature is not None),
        ]

    def _forward_along(self, change: Change, directions: list[Array]) -> Program:
        """How pre-activations and activations move."""
        layers, program = self.network.layers, list[Call]()
        for i, layer in enumerate(layers):
            ds = change._s[i]
            program += product(transposed(directions[i]), self._activations[i], ds)
            if i > 0:
                program += added(ds, transposed(units(layer)), change._h[i - 1], change._spares[i])
            if i < len(layers) - 1:
                program.append((np.multiply, (ds, units(self._layer_slopes[i]), change._h[i])))
        return program

    def _backward_along(self, change: Change, directions: list[Array], *, curved: bool) -> Program:
        """How the deltas, the gradient and that of the inputs move."""
        layers, program = self.network.layers, list[Call]()
        shapes = [layer.shape for layer in layers]
        changes, spares = split(change.gradient, shapes), split(change._spare_gradient, shapes)
        delta, delta_change = self.output_gradient, change._deltas[-1]
        for i in range(len(layers) - 1, 0, -1):
            program += product(self._activations[i], transposed(delta_change), changes[i])
            program += added(units(changes[i]), change._h[i - 1], transposed(delta), units(spares[i]))
            before, layer, spare = change._deltas[i - 1], units(layers[i]), change._spares[i - 1]
            program += product(units(directions[i]), delta, before)
            program += added(before, layer, delta_change, spare)
            program.append((np.multiply, (before, units(self._layer_slopes[i - 1]), before)))
            if curved:
                program += [
                    *product(layer, delta, spare),
                    (np.multiply, (spare, change._layer_curvatures[i - 1], spare)),
                    (np.multiply, (spare, change._s[i - 1], spare)),
                    (np.add, (before, spare, before)),
                ]
            delta, delta_change = units(self._deltas[i - 1]), before
        scale = constant(self.network.input_scale, self.network.dtype)
        return [
            *program,
            *product(self._activations[0], transposed(delta_change), changes[0]),
            *product(units(directions[0]), delta, change.input_gradient),
            *added(change.input_gradient, units(layers[0]), delta_change, change._spare_inputs),
            (np.multiply, (change.input_gradient, scale, change.input_gradient)),
        ]


def added(total: Array, a: Array, b: Array, spare: Array) -> Program:
    """total ← total + a·b, in place."""
    return [*product(a, b, spare), (np.add, (total, spare, total))]


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
        change = Change(network, 2 * items)
        of_fakes, weight = change.input_gradient[:, items:], change.direction
        self.program.append((np.copyto, (weight, judged.gradient)))
        for room in reversed(rooms):
            self.program += [
                *loss.discriminator_curvature(by_side(room.outputs), by_side(change.bend)),
                *room.along(change),
                *descended(self.fake_gradient, of_fakes, rate, self.fake_gradient),
                *descended(weight, change.gradient, rate, weight),
            ]


def blank(network: MLP) -> MLP:
    """Room for another network of the same kind."""
    return MLP(network.sizes, network.activation, input_scale=network.input_scale, dtype=network.dtype)


def by_side(row: Array) -> Array:
    """One output for reals, then fakes, as a row for each."""
    return row.reshape(2, -1)
