"""Unrolled GANs: G is trained against the discriminator that some further updates of D would lead to.

The updates θ₀ → θ₁ → … → θ_K of D are plain gradient descent, and D itself is not changed by them (Metz et al. 2017,
arXiv:1611.02163, eq. 7 to 9). The full gradient of L_G also includes how each of these updates depends on the fakes x.
With λ = ∇_θ L_G(θ_K, x) at first, and from the last update to the first,

    ∇_x  += −η·∇_x (λᵀ∇_θ L_D(θ_k, x)),      λ ← λ − η·∇_θ (λᵀ∇_θ L_D(θ_k, x))

Both are derivatives of D's gradients along the direction λ, which are computed exactly by a pass that carries the
directional derivative of each activation beside its value (Pearlmutter 1994).
"""

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np

from gan1d.engine.arrays import Array
from gan1d.engine.networks.hessian_vector_products import DirectionalDerivatives, DirectionalWorkspace
from gan1d.engine.networks.mlp import MLP, Workspace, duplicate
from gan1d.engine.objectives.losses import Loss
from gan1d.engine.programs import Program, constant
from gan1d.knobs import Knob


@dataclass(frozen=True, kw_only=True)
class NoUnrolling:
    """None: G is trained against D as it is."""

    kind: Literal["none"] = "none"


@dataclass(frozen=True, kw_only=True)
class Unrolled:
    """Unrolled: G is trained against D as it would be after some more updates, so that jumping from mode to mode does
    not pay. It cannot lead G to a mode where D has no slope towards it at the fakes.

    Metz et al. 2017, arXiv:1611.02163.
    """

    kind: Literal["unrolled"] = "unrolled"
    steps: Annotated[int, Knob(low=1, high=20, essential=True, help="Number of updates of D to look ahead.")] = 5
    learning_rate: Annotated[
        float,
        Knob(
            label="D's learning rate", low=1e-4, high=10.0, scale="log", essential=True,
            help="Learning rate of these updates.",
        ),
    ] = 0.1  # fmt: skip
    full: Annotated[
        bool,
        Knob(help="Also differentiate the updates of D by the fakes. Off is faster, but ignores how D reacts to G."),
    ] = True


Unrolling = NoUnrolling | Unrolled


class UnrolledDiscriminator:
    """A discriminator after some updates ahead, and the gradient of L_G through them.

    Args:
        spec: Number and learning rate of the updates.
        loss: Loss of both players.
        network: D, which the program reads at every run and never writes.
        pair: D's inputs, reals then fakes, `(inputs + 1, 2·items)`; to be filled before every run.

    Attributes:
        inputs: `pair`.
        learning_rate: Learning rate of the updates, `()`; write to it to change it.
        scores: Scores of the fakes after the updates, `(items,)`.
        fake_gradient: d L_G / d D's inputs of the fakes, `(inputs, items)`.
        program: Makes the updates and computes `scores` and `fake_gradient`.
    """

    def __init__(self, spec: Unrolled, loss: Loss, network: MLP, pair: Array) -> None:
        items, rate = pair.shape[1] // 2, constant(spec.learning_rate, network.dtype)
        self.inputs, self.learning_rate = pair, rate
        # D before each update and after the last. Each has its own workspace, which the backward pass needs again.
        networks = [duplicate(network) for _ in range(spec.steps + 1)]
        workspaces = [DirectionalWorkspace(before, 2 * items, inputs=pair) for before in networks[:-1]]
        final = Workspace(networks[-1], items)
        self.scores, self.fake_gradient = final.outputs[0], final.input_gradient
        self.program: Program = [(np.copyto, (networks[0].parameters, network.parameters))]
        for workspace, before, after in zip(workspaces, networks, networks[1:], strict=False):
            score_gradient = real_fake_rows(workspace.output_gradient)
            self.program += [
                *workspace.forward_program,
                *loss.discriminator_gradient(real_fake_rows(workspace.outputs), score_gradient),
                *workspace.backward_program(),
                *descent_step(before.parameters, workspace.gradient, rate, after.parameters),
            ]
        self.program += [
            (np.copyto, (final.inputs, pair[:, items:])),
            *final.forward_program,
            *loss.generator_gradient(final.outputs, final.output_gradient),
            *final.backward_program(inputs=True),
        ]
        if spec.full:
            derivatives = DirectionalDerivatives(network, 2 * items)
            self.program.append((np.copyto, (derivatives.direction, final.gradient)))
            for workspace in reversed(workspaces):
                self.program += self._backward_through_update(loss, workspace, derivatives, rate)

    def _backward_through_update(
        self, loss: Loss, workspace: DirectionalWorkspace, derivatives: DirectionalDerivatives, rate: Array
    ) -> Program:
        """Both equations of the module docstring for one update; λ is `derivatives.direction`."""
        direction, of_fakes = derivatives.direction, derivatives.mixed_product[:, len(self.scores) :]
        curvature = real_fake_rows(derivatives.output_curvature)
        return [
            *loss.discriminator_curvature(real_fake_rows(workspace.outputs), curvature),
            *workspace.directional_program(derivatives),
            *descent_step(self.fake_gradient, of_fakes, rate, self.fake_gradient),
            *descent_step(direction, derivatives.hessian_product, rate, direction),
        ]


def descent_step(values: Array, gradient: Array, rate: Array, out: Array) -> Program:
    """out = values − rate·gradient; `gradient` is overwritten."""
    return [(np.multiply, (gradient, rate, gradient)), (np.subtract, (values, gradient, out))]


def real_fake_rows(row: Array) -> Array:
    """One row with reals, then fakes, as a view of two rows."""
    return row.reshape(2, -1)
