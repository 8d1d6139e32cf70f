"""Hessian-vector products by a forward pass of directional derivatives (Pearlmutter 1994)."""

import numpy as np

from gan1d.engine.arrays import Array, zeros, zeros_like
from gan1d.engine.networks.mlp import MLP, Workspace, split, without_bias
from gan1d.engine.programs import Call, Program, constant, matrix_product, transpose


class DirectionalDerivatives:
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
        self.output_curvature = zeros_like(self._s[-1])
        shapes = [(size + 1, batch) for size in sizes[1:-1]]
        self._curvatures = zeros(sum(rows * columns for rows, columns in shapes), dtype)
        self._layer_curvatures = [without_bias(layer) for layer in split(self._curvatures, shapes)]


class DirectionalWorkspace(Workspace):
    """Passes whose change along a direction can be asked for."""

    def directional_program(self, change: DirectionalDerivatives) -> Program:
        """How the last forward and backward pass changes along `change.direction`.

        The backward pass was one to the parameters, and inputs, parameters and `output_gradient` are as it found them.
        """
        activation, layers = self.network.activation, self.network.layers
        directions = split(change.direction, [layer.shape for layer in layers])
        second_derivative = activation.second_derivative(self._s, self._h, change._curvatures) if self._shapes else None
        return [
            *(second_derivative or ()),
            *self._forward_along(change, directions),
            (np.multiply, (change.output_curvature, change._s[-1], change._deltas[-1])),
            *self._backward_along(change, directions, curved=second_derivative is not None),
        ]

    def _forward_along(self, change: DirectionalDerivatives, directions: list[Array]) -> Program:
        """How pre-activations and activations move."""
        layers, program = self.network.layers, list[Call]()
        for i, layer in enumerate(layers):
            ds = change._s[i]
            program += matrix_product(transpose(directions[i]), self._activations[i], ds)
            if i > 0:
                program += add_product(ds, transpose(without_bias(layer)), change._h[i - 1], change._spares[i])
            if i < len(layers) - 1:
                program.append((np.multiply, (ds, without_bias(self._layer_slopes[i]), change._h[i])))
        return program

    def _backward_along(self, change: DirectionalDerivatives, directions: list[Array], *, curved: bool) -> Program:
        """How the deltas, the gradient and that of the inputs move."""
        layers, program = self.network.layers, list[Call]()
        shapes = [layer.shape for layer in layers]
        changes, spares = split(change.gradient, shapes), split(change._spare_gradient, shapes)
        delta, delta_change = self.output_gradient, change._deltas[-1]
        for i in range(len(layers) - 1, 0, -1):
            program += matrix_product(self._activations[i], transpose(delta_change), changes[i])
            program += add_product(
                without_bias(changes[i]), change._h[i - 1], transpose(delta), without_bias(spares[i])
            )
            before, layer, spare = change._deltas[i - 1], without_bias(layers[i]), change._spares[i - 1]
            program += matrix_product(without_bias(directions[i]), delta, before)
            program += add_product(before, layer, delta_change, spare)
            program.append((np.multiply, (before, without_bias(self._layer_slopes[i - 1]), before)))
            if curved:
                program += [
                    *matrix_product(layer, delta, spare),
                    (np.multiply, (spare, change._layer_curvatures[i - 1], spare)),
                    (np.multiply, (spare, change._s[i - 1], spare)),
                    (np.add, (before, spare, before)),
                ]
            delta, delta_change = without_bias(self._deltas[i - 1]), before
        scale = constant(self.network.input_scale, self.network.dtype)
        return [
            *program,
            *matrix_product(self._activations[0], transpose(delta_change), changes[0]),
            *matrix_product(without_bias(directions[0]), delta, change.input_gradient),
            *add_product(change.input_gradient, without_bias(layers[0]), delta_change, change._spare_inputs),
            (np.multiply, (change.input_gradient, scale, change.input_gradient)),
        ]


def add_product(total: Array, a: Array, b: Array, spare: Array) -> Program:
    """total ← total + a·b, in place."""
    return [*matrix_product(a, b, spare), (np.add, (total, spare, total))]
