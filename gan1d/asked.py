"""A network and what it is asked: a workspace of its own, so that looking touches nothing that training uses."""

from collections.abc import Callable

from gan1d.engine.mlp import MLP, Workspace
from gan1d.engine.programs import Array, Program


class Asked:
    """A network and what it is asked, as a program.

    Args:
        network: Read at every run, never written.
        inputs: `(n,)`, the same for each of its inputs, or `(rows, n)`.
        gradient: Makes the program from scores to d L_G / d scores, if the way back is asked for.

    Attributes:
        network: Who is asked.
        inputs: `(rows, n)`, for those who ask anew.
        outputs: Answers of the last run, `(n,)`.
        pulls: d L_G / d first inputs of the mean loss over all items, `(n,)`, of the last run.
        program: To be run.
    """

    def __init__(self, network: MLP, inputs: Array, gradient: Callable[[Array, Array], Program] | None = None) -> None:
        room = Workspace(network, inputs.shape[-1])
        self.network, self.inputs, self.outputs = network, room.inputs[:-1], room.outputs[0]
        self.pulls = room.input_gradient[0]
        self.inputs[:] = inputs
        self.program: Program = [*room.forward_program]
        if gradient is not None:
            self.program += gradient(room.outputs, room.output_gradient)
            self.program += room.backward_program(parameters=False, inputs=True)
