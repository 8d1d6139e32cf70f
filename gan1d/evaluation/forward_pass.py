"""A network and what it is asked: a workspace of its own, so that looking touches nothing that training uses; and
answers that can be summed."""

from collections.abc import Callable

import numpy as np

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.networks.mlp import MLP, Workspace
from gan1d.engine.programs import Program

FARTHEST = 1e30
"""Where a generator that has run away is drawn; beyond it sums would leave the range of a float32."""

NEAREST_END, FARTHEST_END = np.array(-FARTHEST), np.array(FARTHEST)
"""As arrays, which numpy takes in half the time that it needs for numbers."""


class ForwardPass:
    """A network and what it is asked, as a program.

    Args:
        network: Read at every run, never written.
        inputs: `(inputs, n)`.
        gradient: Makes the program from scores to d L_G / d scores, if the way back is asked for.

    Attributes:
        network: Who is asked.
        inputs: Likewise, for those who ask anew.
        outputs: Answers of the last run, `(n,)`.
        pulls: d L_G / d first inputs of the mean loss over all items, `(n,)`, of the last run.
        program: To be run.
    """

    def __init__(self, network: MLP, inputs: Array, gradient: Callable[[Array, Array], Program] | None = None) -> None:
        room = Workspace(network, inputs.shape[-1])
        self.network, self.inputs, self.outputs = network, room.inputs[:-1], room.outputs[0]
        self.input_gradient = room.input_gradient[0]
        self.inputs[:] = inputs
        self.program: Program = [*room.forward_program]
        if gradient is not None:
            self.program += gradient(room.outputs, room.output_gradient)
            self.program += room.backward_program(parameters=False, inputs=True)


def bounded(values: Float64) -> Float64:
    """Values that can be summed, in place: what is farther than any picture stays far, as does no number."""
    # fmax and fmin pass over what is not a number, so it ends up at the bound.
    return np.asarray(np.fmin(np.fmax(values, NEAREST_END, values), FARTHEST_END, values))
