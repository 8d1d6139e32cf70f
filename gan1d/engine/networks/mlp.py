"""A multilayer perceptron: its parameters, the way forward, and the way back.

Everything is feature-major: activations are `(units + 1, batch)` with a last row of ones that carries the bias, a
layer's parameters are `(inputs + 1, outputs)` with the biases in the last row, and all of a network's parameters
are views of one flat vector. So a layer is one matrix product, its bias gradient falls out of the weight gradient,
and an optimizer sees one vector.

    s = Wᵀ a,   a′ = φ(s)                         forward
    dW = a dsᵀ,  da = W ds,  ds = da · φ′(s)      backward (the chain rule, layer by layer from the last)

Many networks of the same layers can be one stack: every array then has a leading axis, its members, and every pass
goes through all of them, each on its own inputs. Where shapes say `…`, that axis is meant.

Who computes owns the room: a `Workspace` holds the activations of one network at one batch size, so that a picture
taken between somebody's forward and backward harms nothing.
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


class MLP:
    """A network of dense layers; the last one is linear.

    Args:
        sizes: Units per layer, inputs first, outputs last, such as (1, 16, 16, 1).
        activation: The nonlinearity of every hidden layer.
        input_scale: Factor on the inputs; it makes a network with a fixed initialisation see finer detail.
        dtype: Of parameters and of all that is computed with them.
        members: None for one network, else how many are stacked.

    Attributes:
        parameters: All weights and biases, `(…, parameters)`.
        layers: One view per layer, `(…, inputs + 1, outputs)`; the last row holds the biases.
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
        stack = () if members is None else (members,)
        self._place(zeros((*stack, sum((a + 1) * b for a, b in pairwise(sizes))), dtype))

    def _place(self, parameters: Array) -> None:
        self.parameters = parameters
        self.layers = split(parameters, [(a + 1, b) for a, b in pairwise(self.sizes)])

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of the parameters and of all that is computed with them."""
        return self.parameters.dtype

    @property
    def stack(self) -> tuple[int, ...]:
        """The leading axis of all arrays: `()` for one network, `(members,)` for a stack."""
        return self.parameters.shape[:-1]

    def member(self, index: int) -> Self:
        """One network of a stack; it shares the stack's parameters."""
        one = type(self)(self.sizes, self.activation, input_scale=self.input_scale, dtype=self.dtype)
        one._place(self.parameters[index])
        return one

    def apply(self, inputs: object) -> Array:
        """The network's output; allocates, so for looking, not for training.

        Args:
            inputs: Any shape for a network of one input; `(inputs, …)` for one of several.

        Returns:
            One output for each point: the shape of `inputs`, or what follows its first axis.

        Raises:
            ValueError: A network of several inputs was given another number of them.
        """
        points, count = np.asarray(inputs, self.dtype), self.sizes[0]
        if count > 1 and (points.ndim == 0 or len(points) != count):
            raise ValueError(f"Expected {count} inputs along the first axis, but got an array of shape {points.shape}.")
        rows = points.reshape(count, -1)
        workspace = Workspace(self, rows.shape[1])
        workspace.inputs[:-1] = rows
        return workspace.forward().reshape(points.shape if count == 1 else points.shape[1:]).copy()

    def slope(self, inputs: object) -> Array:
        """The derivative of the output by the input, at any array of scalar inputs; same shape as `inputs`."""
        points = np.asarray(inputs, self.dtype)
        workspace = Workspace(self, points.size)
        workspace.inputs[0] = points.ravel()
        workspace.forward()
        workspace.backward(np.ones_like(workspace.outputs), parameters=False, inputs=True)
        return workspace.input_gradient.reshape(points.shape).copy()


def split(flat: Array, shapes: Sequence[tuple[int, ...]]) -> list[Array]:
    """Views of a flat vector, or of each of a stack of them, one per shape, in order."""
    views, start = [], 0
    for shape in shapes:
        size = math.prod(shape)
        views.append(flat[..., start : start + size].reshape(*flat.shape[:-1], *shape))
        start += size
    return views


class Workspace:
    """Room for one network, or one stack, at one batch size, and the passes through it as programs.

    Args:
        network: Read at every pass, never written.
        batch: Columns of every buffer.
        inputs: Buffer `(…, inputs + 1, batch)` to read from, last row ones; made here if not given.
        outputs: Buffer `(…, outputs, batch)` to write to; made here if not given.
        hidden: Room of ones, `(3, hidden_size(network, batch))`, for s, φ and φ′ of all hidden layers; likewise.

    Attributes:
        inputs: `(…, inputs + 1, batch)`; fill all rows but the last.
        outputs: `(…, outputs, batch)`, the raw output of the last forward pass.
        output_gradient: d loss / d outputs, `(…, outputs, batch)`; fill it before a backward pass.
        input_gradient: `(…, inputs, batch)`, of the last backward pass that was asked for it.
        gradient: `(…, parameters)`, of the last backward pass that was asked for it.
        powers: `(2, …, parameters)`, `gradient` first; then room for its square, for whoever needs it.
        forward_program: Pushes `inputs` through the network, to `outputs`.
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
        # All hidden layers in one block each, so that φ′ and φ″ are one call for the whole network.
        self._shapes = [(*stack, size + 1, batch) for size in sizes[1:-1]]
        self._s, self._h, self._slopes = ones((3, hidden_size(network, batch)), dtype) if hidden is None else hidden
        self._layer_s, self._layer_h = split(self._s, self._shapes), split(self._h, self._shapes)
        self._layer_slopes = split(self._slopes, self._shapes)
        self._activations = [self._scaled, *self._layer_h]
        self._deltas = [zeros(shape, dtype) for shape in self._shapes]
        self._layer_gradients = split(self.gradient, [layer.shape[-2:] for layer in network.layers])
        self.hidden_program = self._hidden()
        self.forward_program: Program = [
            *self.hidden_program,
            *matrix_product(transpose(network.layers[-1]), self._activations[-1], self.outputs),
        ]

    def _hidden(self) -> Program:
        """Forward up to the last hidden layer."""
        program: Program = []
        if self._scale is not None:
            program.append((np.multiply, (without_bias(self.inputs), self._scale, without_bias(self._scaled))))
        for layer, a, s, h in zip(self.network.layers, self._activations, self._layer_s, self._layer_h, strict=False):
            program += [*matrix_product(transpose(layer), a, without_bias(s)), *self._activate(s, h)]
        return program

    def _activate(self, s: Array, h: Array) -> Program:
        """φ of every unit. In a stack these are not in one piece, and it is faster to take the ones along."""
        apply = self.network.activation.apply
        if not self.network.stack:
            return apply(without_bias(s), without_bias(h))
        return [*apply(s, h), (h[..., -1, :].fill, (1.0,))]

    def derivative_program(self) -> Program:
        """φ′ of all hidden layers at once, from the last forward pass."""
        return self.network.activation.derivative(self._s, self._h, self._slopes) if self._shapes else []

    def backward_program(self, *, parameters: bool = True, inputs: bool = False, slopes: bool = True) -> Program:
        """Pulls `output_gradient` back through the last forward pass.

        Args:
            parameters: Write d loss / d parameters to `gradient`.
            inputs: Write d loss / d inputs to `input_gradient`.
            slopes: Compute φ′ first; False if that has been done since.
        """
        layers, program, ds = self.network.layers, self.derivative_program() if slopes else [], self.output_gradient
        for i in range(len(layers) - 1, -1, -1):
            if parameters:
                program += matrix_product(self._activations[i], transpose(ds), self._layer_gradients[i])
            if i > 0:
                program += self._back(layers[i], ds, self._deltas[i - 1], self._layer_slopes[i - 1])
                ds = without_bias(self._deltas[i - 1])
        if inputs:
            program += matrix_product(without_bias(layers[0]), ds, self.input_gradient)
            if self._scale is not None:
                program.append((np.multiply, (self.input_gradient, self._scale, self.input_gradient)))
        return program

    def _back(self, layer: Array, ds: Array, delta: Array, slopes: Array) -> Program:
        """ds of the layer before: (W ds)·φ′, to the units of `delta`; the row of the ones comes along for speed."""
        return [*matrix_product(without_bias(layer), ds, without_bias(delta)), (np.multiply, (delta, slopes, delta))]

    @property
    def features(self) -> Array:
        """Activations of the last hidden layer, `(…, units, batch)`, or the inputs of a network without any."""
        return without_bias(self._activations[-1])

    def backward_features_program(self, feature_gradient: Array) -> Program:
        """Pulls d loss / d `features` back to `input_gradient` through the last pass of the hidden layers."""
        layers, program, ds = self.network.layers, self.derivative_program(), feature_gradient
        for i in range(len(layers) - 2, -1, -1):
            delta, slopes = self._deltas[i], self._layer_slopes[i]
            if ds is feature_gradient:
                program.append((np.multiply, (ds, without_bias(slopes), without_bias(delta))))
            else:
                program += self._back(layers[i + 1], ds, delta, slopes)
            ds = without_bias(delta)
        if len(layers) > 1:
            program += matrix_product(without_bias(layers[0]), ds, self.input_gradient)
        else:
            program.append((np.copyto, (self.input_gradient, ds)))
        if self._scale is not None:
            program.append((np.multiply, (self.input_gradient, self._scale, self.input_gradient)))
        return program

    def forward(self) -> Array:
        """Push `inputs` through the network, once; returns `outputs`, the same buffer every time."""
        run(self.forward_program)
        return self.outputs

    def backward(self, output_gradient: Array, *, parameters: bool = True, inputs: bool = False) -> None:
        """Pull a gradient back through the last `forward`, once; the choices are those of `backward_program`."""
        np.copyto(self.output_gradient, output_gradient)
        run(self.backward_program(parameters=parameters, inputs=inputs))


def hidden_size(network: MLP, batch: int) -> int:
    """Numbers in all hidden layers of a network, or of a stack, with the ones."""
    return math.prod(network.stack) * sum(size + 1 for size in network.sizes[1:-1]) * batch


def without_bias(rows: Array) -> Array:
    """All rows but the last, which carries the biases."""
    return rows[..., :-1, :]


def with_ones(shape: tuple[int, ...], dtype: DTypeLike) -> Array:
    """A `(…, rows + 1, batch)` buffer of zeros whose last row is ones."""
    buffer = zeros(shape, dtype)
    buffer[..., -1, :] = 1.0
    return buffer


def outputs_at(network: MLP, points: Float64) -> Float64:
    """A network's outputs, `(n,)`, at points `(inputs, n)`."""
    work = Workspace(network, points.shape[1])
    work.inputs[:-1] = points
    return np.array(work.forward()[0], np.float64)


def duplicate(network: MLP, dtype: type | np.dtype | None = None) -> MLP:
    """The same function in its own memory, in its own precision or another."""
    copy = MLP(
        network.sizes,
        network.activation,
        input_scale=network.input_scale,
        dtype=network.dtype if dtype is None else dtype,
    )
    copy.parameters[:] = network.parameters
    return copy
