"""A multilayer perceptron: its parameters, forward pass and backward pass.

Arrays are feature-major. Activations are `(units + 1, batch)`, with a last row of ones for the bias. The parameters
of a layer are `(inputs + 1, outputs)`, with the biases in the last row, and are views of one flat vector for the whole
network. So a layer is one matrix product, the gradient of the biases is part of that of the weights, and an optimizer
updates one vector.

    s = Wᵀ a,   a′ = φ(s)                         forward
    dW = a dsᵀ,  da = W ds,  ds = da · φ′(s)      backward (the chain rule, layer by layer from the last)

Networks with the same layers can form a stack: every array then has a leading axis for its members, and one pass
computes all of them, each on its own inputs. `…` in a shape stands for this optional axis.

A `Workspace` holds the activations of one network at one batch size. Each caller has its own, so evaluating a network
between the forward and backward pass of a training step changes nothing.

Network and workspace stand in one file, because each pass is written for both.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike

from gan1d.engine.arrays import Array, Float64, ones, zeros
from gan1d.engine.networks.activations import Activation
from gan1d.engine.programs import Program, constant, matrix_product, run, transpose
from gan1d.engine.units import IDENTITY, Units


class MLP:
    """Multilayer perceptron: dense layers, the last of them linear.

    Args:
        sizes: Units per layer, inputs first, outputs last, such as (1, 16, 16, 1).
        activation: Activation function of every hidden layer.
        input_scale: Factor on the inputs. A larger one makes a network with the same first weights vary faster in x.
        dtype: Data type of the parameters and of all computations with them.
        members: Number of networks in a stack, or None for one network.

    Attributes:
        parameters: All weights and biases, `(…, parameters)`.
        layers: Views of `parameters`, one per layer, `(…, inputs + 1, outputs)`; the last row holds the biases.
        input_units: Units of the first inputs, one for each; only `apply` and `slope` take these inputs in x.
        output_units: Units of the output; only `apply` and `slope` return it in x.

    Raises:
        ValueError: There are fewer than two sizes, or one is below 1.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activation: Activation,
        *,
        input_scale: float = 1.0,
        dtype: DTypeLike = np.float32,
        members: int | None = None,
    ) -> None:
        if len(sizes) < 2 or min(sizes) < 1:
            raise ValueError(f"Expected at least two layer sizes of 1 or more, but got {tuple(sizes)}.")
        self.sizes = tuple(sizes)
        self.activation = activation
        self.input_scale = input_scale
        self.input_units: Sequence[Units] = ()
        self.output_units = IDENTITY
        stack = () if members is None else (members,)
        self._set_parameters(zeros((*stack, sum((a + 1) * b for a, b in pairwise(sizes))), dtype))

    def _set_parameters(self, parameters: Array) -> None:
        self.parameters = parameters
        self.layers = split(parameters, [(a + 1, b) for a, b in pairwise(self.sizes)])

    @property
    def dtype(self) -> np.dtype[Any]:
        """Data type of the parameters and of all computations with them."""
        return self.parameters.dtype

    @property
    def stack(self) -> tuple[int, ...]:
        """Leading axis of all arrays: `()` for one network, `(members,)` for a stack."""
        return self.parameters.shape[:-1]

    def member(self, index: int) -> Self:
        """One network of a stack, which shares its parameters with the stack."""
        one = type(self)(self.sizes, self.activation, input_scale=self.input_scale, dtype=self.dtype)
        one._set_parameters(self.parameters[index])
        return one

    def apply(self, inputs: object) -> Array:
        """Evaluate the network at any points. Allocates new buffers, so it is not meant for training.

        Args:
            inputs: Points, in units of x: any shape for a network with one input, `(inputs, …)` for one with several.

        Returns:
            One output for each point, in units of x for a generator: the shape of `inputs`, without the first axis if
            there are several inputs.

        Raises:
            ValueError: The first axis is not as long as the network has inputs.
        """
        points, count = np.asarray(inputs, np.float64), self.sizes[0]
        if count > 1 and (points.ndim == 0 or len(points) != count):
            raise ValueError(f"Expected {count} inputs along the first axis, but got an array of shape {points.shape}.")
        rows = points.reshape(count, -1)
        workspace = Workspace(self, rows.shape[1])
        workspace.inputs[:-1] = rows
        self._standardize(workspace, rows)
        outputs = workspace.forward().reshape(points.shape if count == 1 else points.shape[1:]).copy()
        if self.output_units == IDENTITY:
            return outputs
        return np.asarray(self.output_units.to_x(outputs.astype(np.float64)))

    def _standardize(self, workspace: "Workspace", rows: Float64) -> None:
        """Write the first inputs in their units."""
        for row, (units, x) in enumerate(zip(self.input_units, rows, strict=False)):
            workspace.inputs[row] = units.standardize(x)

    def slope(self, inputs: object) -> Array:
        """Derivative of the output by the input, for a network with one input; same shape as `inputs`."""
        points = np.asarray(inputs, np.float64)
        workspace = Workspace(self, points.size)
        workspace.inputs[0] = points.ravel()
        self._standardize(workspace, points.reshape(1, -1))
        workspace.forward()
        workspace.backward(np.ones_like(workspace.outputs), parameters=False, inputs=True)
        slope = workspace.input_gradient.reshape(points.shape).copy()
        unit = self.input_units[0].scale if self.input_units else 1.0
        return slope if unit == self.output_units.scale else slope.astype(np.float64) * (self.output_units.scale / unit)


def split(flat: Array, shapes: Sequence[tuple[int, ...]]) -> list[Array]:
    """Consecutive views of a flat vector `(…, n)`, one per shape; each view is `(…, *shape)`."""
    views, start = [], 0
    for shape in shapes:
        size = math.prod(shape)
        views.append(flat[..., start : start + size].reshape(*flat.shape[:-1], *shape))
        start += size
    return views


class Workspace:
    """Buffers and programs for passes through one network, or one stack of networks, at one batch size.

    Args:
        network: The network, only read.
        batch: Number of columns of every buffer.
        inputs: Buffer for the inputs, `(…, inputs + 1, batch)`, last row ones; allocated if not given.
        outputs: Buffer for the outputs, `(…, outputs, batch)`; allocated if not given.
        hidden: Buffer of ones for s, φ and φ′ of all hidden layers, `(3, hidden_size(network, batch))`; allocated if
            not given.

    Attributes:
        inputs: Inputs, `(…, inputs + 1, batch)`; the caller fills all rows but the last.
        outputs: Outputs of the last forward pass, `(…, outputs, batch)`.
        output_gradient: d loss / d outputs, `(…, outputs, batch)`; set before a backward pass.
        input_gradient: d loss / d inputs, `(…, inputs, batch)`, of the last backward pass with `inputs=True`.
        gradient: d loss / d parameters, `(…, parameters)`, of the last backward pass with `parameters=True`.
        powers: `(2, …, parameters)`, `gradient` first, then a buffer for its square, which optimizers use.
        hidden_program: Program of a forward pass up to the last hidden layer.
        forward_program: Program of a forward pass from `inputs` to `outputs`.
    """

    def __init__(
        self,
        network: MLP,
        batch: int,
        *,
        inputs: Array | None = None,
        outputs: Array | None = None,
        hidden: Array | None = None,
    ) -> None:
        self.network = network
        self.batch = batch
        sizes, stack, dtype = network.sizes, network.stack, network.dtype
        self.inputs = with_ones((*stack, sizes[0] + 1, batch), dtype) if inputs is None else inputs
        self.outputs = zeros((*stack, sizes[-1], batch), dtype) if outputs is None else outputs
        self.output_gradient = zeros((*stack, sizes[-1], batch), dtype)
        self.input_gradient = zeros((*stack, sizes[0], batch), dtype)
        self.gradient_powers = zeros((2, *network.parameters.shape), dtype)
        self.gradient = self.gradient_powers[0]
        self._scale = None if network.input_scale == 1.0 else constant(network.input_scale, dtype)
        self._scaled = self.inputs if self._scale is None else with_ones(self.inputs.shape, dtype)
        # s of all hidden layers is one block, and so are h and φ′: then φ′ and φ″ take one call for the whole network.
        self._shapes = [(*stack, size + 1, batch) for size in sizes[1:-1]]
        self._s, self._h, self._derivatives = (
            ones((3, hidden_size(network, batch)), dtype) if hidden is None else hidden
        )
        self._layer_s, self._layer_h = split(self._s, self._shapes), split(self._h, self._shapes)
        self._layer_derivatives = split(self._derivatives, self._shapes)
        self._activations = [self._scaled, *self._layer_h]
        self._deltas = [zeros(shape, dtype) for shape in self._shapes]
        self._layer_gradients = split(self.gradient, [layer.shape[-2:] for layer in network.layers])
        self.hidden_program = self._hidden()
        self.forward_program: Program = [
            *self.hidden_program,
            *matrix_product(transpose(network.layers[-1]), self._activations[-1], self.outputs),
        ]

    def _hidden(self) -> Program:
        """Program of a forward pass up to the last hidden layer."""
        program: Program = []
        if self._scale is not None:
            program.append((np.multiply, (without_bias(self.inputs), self._scale, without_bias(self._scaled))))
        for layer, a, s, h in zip(self.network.layers, self._activations, self._layer_s, self._layer_h, strict=False):
            program += [*matrix_product(transpose(layer), a, without_bias(s)), *self._activate(s, h)]
        return program

    def _activate(self, s: Array, h: Array) -> Program:
        """Program for h = φ(s).

        The units of a stack are not contiguous, so it is faster to overwrite the row of ones too, and restore it.
        """
        apply = self.network.activation.apply
        if not self.network.stack:
            return apply(without_bias(s), without_bias(h))
        return [*apply(s, h), (h[..., -1, :].fill, (1.0,))]

    def derivative_program(self) -> Program:
        """Program for φ′ of all hidden layers at once, after a forward pass."""
        return self.network.activation.derivative(self._s, self._h, self._derivatives) if self._shapes else []

    def backward_program(self, *, parameters: bool = True, inputs: bool = False, derivatives: bool = True) -> Program:
        """Program that backpropagates `output_gradient` through the last forward pass.

        Args:
            parameters: Write d loss / d parameters to `gradient`.
            inputs: Write d loss / d inputs to `input_gradient`.
            derivatives: Compute φ′ first; False if it is already computed.
        """
        layers, program, ds = (
            self.network.layers,
            self.derivative_program() if derivatives else [],
            self.output_gradient,
        )
        for i in range(len(layers) - 1, -1, -1):
            if parameters:
                program += matrix_product(self._activations[i], transpose(ds), self._layer_gradients[i])
            if i > 0:
                program += self._backward_layer(layers[i], ds, self._deltas[i - 1], self._layer_derivatives[i - 1])
                ds = without_bias(self._deltas[i - 1])
        if inputs:
            program += matrix_product(without_bias(layers[0]), ds, self.input_gradient)
            if self._scale is not None:
                program.append((np.multiply, (self.input_gradient, self._scale, self.input_gradient)))
        return program

    def _backward_layer(self, layer: Array, ds: Array, delta: Array, derivatives: Array) -> Program:
        """Program for ds of the layer below, (W ds)·φ′, in `delta`; with the row of ones, the product is faster."""
        return [
            *matrix_product(without_bias(layer), ds, without_bias(delta)),
            (np.multiply, (delta, derivatives, delta)),
        ]

    @property
    def features(self) -> Array:
        """Activations of the last hidden layer, `(…, units, batch)`; the inputs if there is no hidden layer."""
        return without_bias(self._activations[-1])

    @property
    def features_and_ones(self) -> Array:
        """`features` with a last row of ones, `(…, units + 1, batch)`: the inputs of another network."""
        return self._activations[-1]

    def hidden_layers(self) -> list[tuple[Array, Array]]:
        """Pre-activations s and outputs h of each hidden layer, `(…, units, batch)`, of the last forward pass."""
        return [(without_bias(s), without_bias(h)) for s, h in zip(self._layer_s, self._layer_h, strict=True)]

    def hidden_gradients(self) -> list[Array]:
        """d loss / d s of each hidden layer, `(…, units, batch)`, of the last backward pass."""
        return [without_bias(delta) for delta in self._deltas]

    def backward_features_program(self, feature_gradient: Array) -> Program:
        """Program that backpropagates d loss / d `features` to `input_gradient`, after a pass of the hidden layers."""
        layers, program, ds = self.network.layers, self.derivative_program(), feature_gradient
        for i in range(len(layers) - 2, -1, -1):
            delta, derivatives = self._deltas[i], self._layer_derivatives[i]
            if ds is feature_gradient:
                program.append((np.multiply, (ds, without_bias(derivatives), without_bias(delta))))
            else:
                program += self._backward_layer(layers[i + 1], ds, delta, derivatives)
            ds = without_bias(delta)
        if len(layers) > 1:
            program += matrix_product(without_bias(layers[0]), ds, self.input_gradient)
        else:
            program.append((np.copyto, (self.input_gradient, ds)))
        if self._scale is not None:
            program.append((np.multiply, (self.input_gradient, self._scale, self.input_gradient)))
        return program

    def forward(self) -> Array:
        """Run a forward pass; returns `outputs`, always the same buffer."""
        run(self.forward_program)
        return self.outputs

    def backward(self, output_gradient: Array, *, parameters: bool = True, inputs: bool = False) -> None:
        """Run a backward pass after `forward`; the arguments are those of `backward_program`."""
        np.copyto(self.output_gradient, output_gradient)
        run(self.backward_program(parameters=parameters, inputs=inputs))


def hidden_size(network: MLP, batch: int) -> int:
    """Number of activations in all hidden layers of a network, or of a stack, including the ones."""
    return math.prod(network.stack) * sum(size + 1 for size in network.sizes[1:-1]) * batch


def without_bias(rows: Array) -> Array:
    """View without the last row: units without the ones, or weights without the biases."""
    return rows[..., :-1, :]


def with_ones(shape: tuple[int, ...], dtype: DTypeLike) -> Array:
    """Buffer of zeros, `(…, rows + 1, batch)`, whose last row is ones."""
    buffer = zeros(shape, dtype)
    buffer[..., -1, :] = 1.0
    return buffer


def outputs_at(network: MLP, points: Float64) -> Float64:
    """Outputs of a network, `(n,)`, at points `(inputs, n)`, in float64."""
    work = Workspace(network, points.shape[1])
    work.inputs[:-1] = points
    return np.array(work.forward()[0], np.float64)


def duplicate(network: MLP, dtype: type | np.dtype | None = None, parameters: Array | None = None) -> MLP:
    """Copy of a network, with the same or another dtype, and the same or other parameters."""
    copy = MLP(
        network.sizes,
        network.activation,
        input_scale=network.input_scale,
        dtype=network.dtype if dtype is None else dtype,
    )
    copy.parameters[:] = network.parameters if parameters is None else parameters
    copy.input_units, copy.output_units = network.input_units, network.output_units
    return copy
