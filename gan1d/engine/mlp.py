"""A multilayer perceptron: its parameters, the way forward, and the three ways back.

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
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

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
        workspace = Workspace(self, points.size, tangents=True)
        workspace.inputs[0] = points.ravel()
        workspace.forward()
        return workspace.forward_slope().reshape(points.shape).copy()


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
        tangents: Also make room for slopes (`forward_slope`, `backward_slope`).

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
        tangents: bool = False,
    ) -> None:
        self.network = network
        self.batch = batch
        sizes, dtype = network.sizes, network.dtype
        self.inputs = with_ones(sizes[0], batch, dtype) if inputs is None else inputs
        self.outputs = np.empty((sizes[-1], batch), dtype) if outputs is None else outputs
        self.input_gradient = np.empty((sizes[0], batch), dtype)
        self.gradient = np.zeros_like(network.parameters)
        self._weight_gradients = split(self.gradient, [layer.shape for layer in network.layers])
        self._scale = None if network.input_scale == 1.0 else np.array(network.input_scale, dtype)
        self._scaled = self.inputs if self._scale is None else with_ones(sizes[0], batch, dtype)
        # All hidden layers in one block each, so that φ′ and φ″ are one call for the whole network.
        rows = sum(size + 1 for size in sizes[1:-1])
        self._s, self._h, self._slopes = (np.ones((rows, batch), dtype) for _ in range(3))
        self._curvatures = np.zeros((rows, batch), dtype) if tangents else None
        self._prepare(tangents)

    def _prepare(self, tangents: bool) -> None:
        """Slice the blocks into layers, and bind each layer's matrix products once."""
        network = self.network
        hidden = network.sizes[1:-1]
        starts = np.cumsum([0, *(size + 1 for size in hidden)])[:-1]
        spans = [slice(start, start + size) for start, size in zip(starts, hidden, strict=True)]
        activations = [
            self._scaled,
            *(self._h[start : start + size + 1] for start, size in zip(starts, hidden, strict=True)),
        ]
        activate = network.activation.apply
        transposed = [layer.T.dot for layer in network.layers]
        self._hidden_passes = [
            (dot, a, self._s[span], activate, self._h[span])
            for dot, a, span in zip(transposed, activations, spans, strict=False)
        ]
        self._output_pass = (transposed[-1], activations[-1])
        self._deltas = [np.empty((size, self.batch), network.dtype) for size in hidden]
        self._layer_slopes = [self._slopes[span] for span in spans]
        back = [layer[:-1].dot for layer in network.layers]
        # From the last layer to the first: (dW = a dsᵀ, its room; da = W ds, its room; φ′ below).
        self._backward_passes = [
            (activations[i].dot, self._weight_gradients[i], back[i], self._deltas[i - 1], self._layer_slopes[i - 1])
            for i in range(len(hidden), 0, -1)
        ]
        self._first_backward = (activations[0].dot, self._weight_gradients[0], back[0])
        if tangents:
            self._prepare_tangents(spans, starts, hidden)

    def _prepare_tangents(self, spans: list[slice], starts: NDArray[Any], hidden: Sequence[int]) -> None:
        """Room for t = da/dx beside every activation a, and for what comes back through both."""
        batch, dtype, network = self.batch, self.network.dtype, self.network
        self._t_input = with_ones(network.sizes[0], batch, dtype)
        self._t_input[:-1] = network.input_scale
        self._t_input[-1] = 0.0  # the constant that carries the bias does not move with x
        self._u = [np.empty((size, batch), dtype) for size in hidden]
        self._t = [with_ones(size, batch, dtype) for size in hidden]
        for t in self._t:
            t[-1] = 0.0
        self._du = [np.empty((size, batch), dtype) for size in hidden]
        self._slope_outputs = np.empty((network.sizes[-1], batch), dtype)
        self._layer_curvatures = [self._curvatures[span] for span in spans] if self._curvatures is not None else []
        self._activations = [
            self._scaled,
            *(self._h[start : start + size + 1] for start, size in zip(starts, hidden, strict=True)),
        ]

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

    def forward_slope(self) -> Array:
        """The derivative of the outputs by the (one) input, pushed forward beside the last `forward`.

        u = Wᵀ t,  t′ = φ′(s)·u, starting from t = dx/dx = 1: one more matrix product a layer, no backward pass.

        Returns:
            `(outputs, batch)`: the same buffer every time.
        """
        network = self.network
        network.activation.slope(self._s, self._h, self._slopes)
        t = self._t_input
        for layer, u, slope, after in zip(network.layers, self._u, self._layer_slopes, self._t, strict=False):
            layer.T.dot(t, u)
            np.multiply(u, slope, after[:-1])
            t = after
        return network.layers[-1].T.dot(t, self._slope_outputs)

    def backward_slope(self, output_gradient: Array, slope_gradient: Array) -> None:
        """Pull the gradient of a loss of the outputs *and* of their slopes back to the parameters.

        With a the activations and t their derivatives by the input, both of the last `forward` and `forward_slope`:
            ds = da·φ′ + dt·u·φ″,   du = dt·φ′,   dW = a dsᵀ + t duᵀ,   da = W ds,   dt = W du.

        Args:
            output_gradient: d loss / d outputs, `(outputs, batch)`.
            slope_gradient: d loss / d slopes, `(outputs, batch)`.
        """
        network = self.network
        assert self._curvatures is not None, "this workspace was made without tangents"
        network.activation.curvature(self._s, self._h, self._curvatures)
        ds, du = output_gradient, slope_gradient
        tangents = [self._t_input, *self._t]
        for i in range(len(network.layers) - 1, -1, -1):
            self._activations[i].dot(ds.T, self._weight_gradients[i])
            self._weight_gradients[i] += tangents[i].dot(du.T)
            if i == 0:
                return
            weights, u = network.layers[i][:-1], self._u[i - 1]
            da, dt = weights.dot(ds, self._deltas[i - 1]), weights.dot(du, self._du[i - 1])
            slope, curvature = self._layer_slopes[i - 1], self._layer_curvatures[i - 1]
            np.multiply(da, slope, da)
            np.multiply(u, curvature, u)
            np.multiply(u, dt, u)
            np.add(da, u, da)
            np.multiply(dt, slope, dt)
            ds, du = da, dt


def with_ones(rows: int, batch: int, dtype: DTypeLike) -> Array:
    """An uninitialised `(rows + 1, batch)` buffer whose last row is ones."""
    buffer = np.zeros((rows + 1, batch), dtype)
    buffer[-1] = 1.0
    return buffer
