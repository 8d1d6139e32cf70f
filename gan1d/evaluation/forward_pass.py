"""Forward and backward passes of an evaluation, in workspaces of their own, so that training's are not touched."""

from typing import TypeVar

import numpy as np

from gan1d.engine.arrays import Array
from gan1d.engine.networks.mlp import MLP, Workspace
from gan1d.engine.objectives.base_loss import LossGradient
from gan1d.engine.programs import Program, run

LARGEST_VALUE = 1e30
"""Bound of x and of gradients in a frame; sums of larger values would leave the range of a float32."""

SMALLEST_SIZE = 64
"""Smallest number of inputs of a pass that is chosen by its size."""

Values = TypeVar("Values", bound=Array)


class ForwardPass:
    """One network, or a stack of networks, at a fixed number of inputs.

    Args:
        network: Read at every run, never written.
        inputs: `(inputs, n)`, copied; the same for all networks of a stack.
        loss_gradient: Gradient of the loss, if the input gradient is wanted as well.

    Attributes:
        network: The network.
        inputs: Buffer of the inputs of the next run, `(…, inputs, n)`, where `…` is the axis of a stack.
        features: Units of the last hidden layer in the last run, and a row of ones, `(…, units + 1, n)`.
        outputs: Outputs of the last run, `(…, n)`.
        input_gradient: Gradient of the mean loss over all items of a network with respect to the first input,
            `(…, n)`, of the last run.
    """

    def __init__(self, network: MLP, inputs: Array, loss_gradient: LossGradient | None = None) -> None:
        workspace = Workspace(network, inputs.shape[-1])
        self.network, self.inputs, self.outputs = network, workspace.inputs[..., :-1, :], workspace.outputs[..., 0, :]
        self.features = workspace.features_and_ones
        self.input_gradient = workspace.input_gradient[..., 0, :]
        self.inputs[:] = inputs
        self._program: Program = [*workspace.forward_program]
        if loss_gradient is not None:
            self._program += loss_gradient(workspace.outputs, workspace.output_gradient)
            self._program += workspace.backward_program(parameters=False, inputs=True)

    def run(self) -> None:
        """Evaluate the network at the inputs."""
        run(self._program)


class ForwardPasses:
    """Cache of forward passes: one for each role, as long as the network of the role is the same object."""

    def __init__(self) -> None:
        self._passes: dict[str, ForwardPass] = {}

    def of_size(self, role: str, network: MLP, count: int) -> ForwardPass:
        """The forward pass of a role for some number of inputs, to be written before it is run.

        Args:
            role: See `get`.
            network: The network.
            count: Smallest number of inputs; the pass has a power of 2 of them, so that few workspaces serve for all.
        """
        size = max(SMALLEST_SIZE, 1 << (count - 1).bit_length())
        key = f"{role}, {size}"
        known = self._passes.get(key)
        if known is None or known.network is not network:
            known = self.get(key, network, np.zeros((network.sizes[0], size)))
        return known

    def get(self, role: str, network: MLP, inputs: Array, loss_gradient: LossGradient | None = None) -> ForwardPass:
        """The forward pass of a role; a new one if its network has been replaced.

        Args:
            role: Name of the pass among those of an evaluation.
            network: The network.
            inputs: Inputs of a new pass, `(inputs, n)`.
            loss_gradient: Gradient of the loss of a new pass; see `ForwardPass`.
        """
        known = self._passes.get(role)
        if known is None or known.network is not network:
            known = self._passes[role] = ForwardPass(network, inputs, loss_gradient)
        return known


def bounded(values: Values) -> Values:
    """Clamp to ±`LARGEST_VALUE` in place, and replace NaN by the bound, so that sums stay finite."""
    # fmax and fmin return the other operand where one is NaN.
    np.fmax(values, -LARGEST_VALUE, values)
    np.fmin(values, LARGEST_VALUE, values)
    return values
