"""A multilayer perceptron: its parameters, the way forward, and the way back.

Everything is feature-major: activations are `(units + 1, batch)` with a last row of ones that carries the bias, a
layer's parameters are `(inputs + 1, outputs)` with the biases in the last row, and all of a network's parameters
are views of one flat vector. So a layer is one matrix product, its bias gradient falls out of the weight gradient,
and an optimizer sees one vector.

    s = Wᵀ a,   a′ = φ(s)                         forward
    dW = a dsᵀ,  da = W ds,  ds = da · φ′(s)      backward (the chain rule, layer by layer from the last)

Who computes owns the room: a `Workspace` holds the activations of one network at one batch size, so that a picture
taken between somebody's forward and backward harms nothing.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from gan1d.engine.activations import Activation, Array


class MLP:
    """A network of dense layers; the last one is linear.

    Args:
        sizes: Units per layer, inputs first, outputs last, such as (1, 16, 16, 1).
        activation: The nonlinearity of every hidden layer.
        input_scale: Factor on the inputs; it makes a network with a fixed initialisation see finer detail.
        dtype: Of parameters and of all that is computed with them.

    Attributes:
        parameters: All weights and biases, `(parameters,)`.
        layers: One view per layer, `(inputs + 1, outputs)`; the last row holds the biases.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activation: Activation,
        *,
        input_scale: float = 1.0,
        dtype: DTypeLike = np.float32,
    ) -> None:
        if len(sizes) < 2 or min(sizes) < 1:
            raise ValueError(f"Expected at least two layer sizes of 1 or more, but got {tuple(sizes)}.")
        self.sizes = tuple(sizes)
        self.activation = activation
        self.input_scale = input_scale
        shapes = [(a + 1, b) for a, b in pairwise(sizes)]
        self.parameters = np.zeros(sum(a * b for a, b in shapes), dtype)
        self.layers = split(self.parameters, shapes)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of the parameters and of all that is computed with them."""
        return self.parameters.dtype

    def apply(self, inputs: object) -> Array:
        """The network's output at any array of scalar inputs, in the same shape; allocates, so for looking, not for
        training.

        Args:
            inputs: Any shape; a network of several inputs is not a function of one variable.

        Returns:
            Same shape as `inputs`.

        Raises:
            ValueError: The network has more than one input.
        """
        if self.sizes[0] != 1:
            raise ValueError(f"Expected a network of one input, but got one of {self.sizes[0]}.")
        points = np.asarray(inputs, self.dtype)
        workspace = Workspace(self, points.size)
        workspace.inputs[0] = points.ravel()
        return workspace.forward().reshape(points.shape).copy()

    def slope(self, inputs: object) -> Array:
        """The derivative of the output by the input, at any array of scalar inputs; same shape as `inputs`."""
        points = np.asarray(inputs, self.dtype)
        workspace = Workspace(self, points.size)
        workspace.inputs[0] = points.ravel()
        workspace.backward(np.ones_like(workspace.forward()), parameters=False, inputs=True)
        return workspace.input_gradient.reshape(points.shape).copy()


def split(flat: Array, shapes: Sequence[tuple[int, int]]) -> list[Array]:
    """Views of a flat vector, one per shape, in order."""
    views, start = [], 0
    for rows, columns in shapes:
        views.append(flat[start : start + rows * columns].reshape(rows, columns))
        start += rows * columns
    return views


class Workspace:
    """Room for one network at one batch size, and the passes through it.

    Args:
        network: Read at every pass, never written.
        batch: Columns of every buffer.
        inputs: Buffer `(inputs + 1, batch)` to read from, last row ones; made here if not given.
        outputs: Buffer `(outputs, batch)` to write to; made here if not given.

    Attributes:
        inputs: `(inputs + 1, batch)`; fill all rows but the last.
        outputs: `(outputs, batch)`, the raw output of the last `forward`.
        input_gradient: `(inputs, batch)`, of the last backward pass that was asked for it.
        gradient: `(parameters,)`, of the last backward pass that was asked for it.
    """

    def __init__(
        self,
        network: MLP,
        batch: int,
        *,
        inputs: Array | None = None,
        outputs: Array | None = None,
    ) -> None:
        self.network = network
        self.batch = batch
        sizes, dtype = network.sizes, network.dtype
        self.inputs = with_ones(sizes[0], batch, dtype) if inputs is None else inputs
        self.outputs = np.empty((sizes[-1], batch), dtype) if outputs is None else outputs
        self.input_gradient = np.empty((sizes[0], batch), dtype)
        self.gradient = np.zeros_like(network.parameters)
        self._scale = None if network.input_scale == 1.0 else np.array(network.input_scale, dtype)
        self._scaled = self.inputs if self._scale is None else with_ones(sizes[0], batch, dtype)
        # All hidden layers in one block each, so that φ′ and φ″ are one call for the whole network.
        rows = sum(size + 1 for size in sizes[1:-1])
        self._s, self._h, self._slopes = (np.ones((rows, batch), dtype) for _ in range(3))
        self._prepare()

    def _prepare(self) -> None:
        """Slice the blocks into layers, and bind each layer's matrix products once."""
        network, hidden = self.network, self.network.sizes[1:-1]
        ends = list(accumulate(size + 1 for size in hidden))
        self._spans = [slice(end - size - 1, end - 1) for end, size in zip(ends, hidden, strict=True)]
        self._layer_slopes = [self._slopes[span] for span in self._spans]
        self._activations = [self._scaled, *(self._h[span.start : span.stop + 1] for span in self._spans)]
        self._deltas = [np.empty((size, self.batch), network.dtype) for size in hidden]
        ahead = [layer.T.dot for layer in network.layers]
        activate = network.activation.apply
        self._hidden_passes = [
            (dot, a, self._s[span], activate, self._h[span])
            for dot, a, span in zip(ahead, self._activations, self._spans, strict=False)
        ]
        self._output_pass = (ahead[-1], self._activations[-1])
        back = [layer[:-1].dot for layer in network.layers]
        gradients = split(self.gradient, [layer.shape for layer in network.layers])
        # From the last layer to the second: (dW = a dsᵀ, its room; da = W ds, its room; φ′ below).
        self._backward_passes = [
            (self._activations[i].dot, gradients[i], back[i], self._deltas[i - 1], self._layer_slopes[i - 1])
            for i in range(len(hidden), 0, -1)
        ]
        self._first_backward = (self._activations[0].dot, gradients[0], back[0])

    def forward(self) -> Array:
        """Push `inputs` through the network.

        Returns:
            `outputs`, `(outputs, batch)`: the same buffer every time.
        """
        if self._scale is not None:
            np.multiply(self.inputs[:-1], self._scale, self._scaled[:-1])
        for dot, a, s, activate, h in self._hidden_passes:
            dot(a, s)
            activate(s, h)
        dot, a = self._output_pass
        dot(a, self.outputs)
        return self.outputs

    def backward(self, output_gradient: Array, *, parameters: bool = True, inputs: bool = False) -> None:
        """Pull the gradient of a loss back through the last `forward`.

        Args:
            output_gradient: d loss / d outputs, `(outputs, batch)`.
            parameters: Write d loss / d parameters to `gradient`.
            inputs: Write d loss / d inputs to `input_gradient`.
        """
        self.network.activation.slope(self._s, self._h, self._slopes)
        ds = output_gradient
        for weight_dot, weight_gradient, back, delta, slope in self._backward_passes:
            if parameters:
                weight_dot(ds.T, weight_gradient)
            back(ds, delta)
            np.multiply(delta, slope, delta)
            ds = delta
        weight_dot, weight_gradient, back = self._first_backward
        if parameters:
            weight_dot(ds.T, weight_gradient)
        if inputs:
            back(ds, self.input_gradient)
            if self._scale is not None:
                np.multiply(self.input_gradient, self._scale, self.input_gradient)


def with_ones(rows: int, batch: int, dtype: DTypeLike) -> Array:
    """An uninitialised `(rows + 1, batch)` buffer whose last row is ones."""
    buffer = np.zeros((rows + 1, batch), dtype)
    buffer[-1] = 1.0
    return buffer
