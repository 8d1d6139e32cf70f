"""The cycle and identity losses of a CycleGAN, which two maps G: X → Y and F: Y → X minimize together.

Zhu et al. 2017, arXiv:1703.10593, equation 2 and section 5.2:

    L_cyc      = E |F(G(x)) − x| + E |G(F(y)) − y|
    L_identity = E |G(y) − y|    + E |F(x) − x|

In one dimension two pairs of maps are monotone, continuous and exact: G = F_Y⁻¹∘F_X, which keeps the order of the
samples, and G = F_Y⁻¹∘(1 − F_X), which reverses it. Both have a cycle loss of 0, and only the identity loss
distinguishes them (Moriakov et al. 2020, arXiv:2001.09061, on such kernels of CycleGAN).
"""

from dataclasses import dataclass

import numpy as np

from gan1d.engine.arrays import Array
from gan1d.engine.networks.mlp import MLP, Workspace, without_bias
from gan1d.engine.programs import Program, constant


@dataclass(frozen=True)
class MapPass:
    """A batch of one of both distributions, and the map that translates it.

    Attributes:
        network: The map.
        inputs: The batch and a row of ones, `(2, batch)`; only read.
        gradient: Gradient with respect to the parameters of the map, `(parameters,)`, to which those of these losses
            are added.
    """

    network: MLP
    inputs: Array
    gradient: Array


def cycle_program(weight: float, there: MapPass, back: MapPass) -> Program:
    """Program that adds the gradient of weight·E |F(G(x)) − x| to the gradients of both maps.

    Args:
        weight: Weight of the loss.
        there: G with a batch of x.
        back: F; its batch is not used.
    """
    if weight == 0:
        return []
    batch = there.inputs.shape[-1]
    second = Workspace(back.network, batch)
    first = Workspace(there.network, batch, inputs=there.inputs, outputs=without_bias(second.inputs))
    first.output_gradient = second.input_gradient
    return [
        *first.forward_program,
        *second.forward_program,
        *distance_gradient(weight, second, without_bias(there.inputs)),
        *second.backward_program(inputs=True),
        *first.backward_program(),
        (np.add, (there.gradient, first.gradient, there.gradient)),
        (np.add, (back.gradient, second.gradient, back.gradient)),
    ]


def identity_program(weight: float, there: MapPass, back: MapPass) -> Program:
    """Program that adds the gradient of weight·E |G(y) − y| to that of G.

    Args:
        weight: Weight of the loss.
        there: G; its batch is not used.
        back: F with a batch of y.
    """
    if weight == 0:
        return []
    work = Workspace(there.network, back.inputs.shape[-1], inputs=back.inputs)
    return [
        *work.forward_program,
        *distance_gradient(weight, work, without_bias(back.inputs)),
        *work.backward_program(),
        (np.add, (there.gradient, work.gradient, there.gradient)),
    ]


def distance_gradient(weight: float, work: Workspace, samples: Array) -> Program:
    """Program for the gradient of weight·mean |outputs − samples| with respect to the outputs: ±weight/batch."""
    gradient, share = work.output_gradient, constant(weight / work.batch, work.outputs.dtype)
    return [
        (np.subtract, (work.outputs, samples, gradient)),
        (np.sign, (gradient, gradient)),
        (np.multiply, (gradient, share, gradient)),
    ]
