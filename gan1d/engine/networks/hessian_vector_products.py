"""Hessian-vector products by propagating directional derivatives (the R-operator, Pearlmutter 1994).

When the parameters move along a direction v, every quantity of a forward and backward pass changes. The directional
derivative of the gradient is H·v, with H = d² loss / d parameters²; that of the input gradient is M·v, with
M = d² loss / d inputs d parameters.
"""

import numpy as np

from gan1d.engine.arrays import Array, zeros, zeros_like
from gan1d.engine.networks.mlp import MLP, Workspace, split, without_bias
from gan1d.engine.programs import Call, Program, constant, matrix_product, transpose


class DirectionalDerivatives:
    """Buffers for the directional derivatives of one pass; passes that run one after the other can share them.

    A name that ends in `_dot` or `_dots` is a directional derivative along v.

    Args:
        network: A network with the layers of those to be differentiated.
        batch: Number of columns of every buffer.

    Attributes:
        direction: The direction v in parameter space, `(parameters,)`; set by the caller.
        output_curvature: d² loss / d outputs², element by element, `(outputs, batch)`; set by the caller.
        hessian_product: H·v, `(parameters,)`.
        mixed_product: M·v, `(inputs, batch)`.
    """

    def __init__(self, network: MLP, batch: int) -> None:
        sizes, dtype = network.sizes, network.dtype
        self.direction, self.hessian_product, self.parameter_scratch = (
            zeros_like(network.parameters) for _ in range(3)
        )
        self.mixed_product, self.input_scratch = zeros((2, sizes[0], batch), dtype)
        # Directional derivatives of each layer's s, of d loss / d s and of φ(s). The inputs are constant.
        self.s_dots, self.delta_dots, self.scratch = (
            [zeros((size, batch), dtype) for size in sizes[1:]] for _ in range(3)
        )
        self.h_dots = [zeros_like(s) for s in self.s_dots[:-1]]
        self.output_curvature = zeros_like(self.s_dots[-1])
        shapes = [(size + 1, batch) for size in sizes[1:-1]]
        self.second_derivatives = zeros(sum(rows * columns for rows, columns in shapes), dtype)
        self.layer_second_derivatives = [without_bias(layer) for layer in split(self.second_derivatives, shapes)]


class DirectionalWorkspace(Workspace):
    """A workspace that also computes directional derivatives of its last forward and backward pass."""

    def directional_program(self, derivatives: DirectionalDerivatives) -> Program:
        """Program that computes the directional derivatives of the last forward and backward pass along v.

        The backward pass must have computed the gradient of the parameters; since then, inputs, parameters and
        `output_gradient` must not have changed.
        """
        curved = None
        if self._shapes:
            curved = self.network.activation.second_derivative(self._s, self._h, derivatives.second_derivatives)
        directions = split(derivatives.direction, [layer.shape for layer in self.network.layers])
        return [
            *(curved or ()),
            *self._directional_forward(derivatives, directions),
            (np.multiply, (derivatives.output_curvature, derivatives.s_dots[-1], derivatives.delta_dots[-1])),
            *self._directional_backward(derivatives, directions, curved=curved is not None),
        ]

    def _directional_forward(self, derivatives: DirectionalDerivatives, directions: list[Array]) -> Program:
        """Differentiate pre-activations and activations, first layer first."""
        layers, program = self.network.layers, list[Call]()
        for i, layer in enumerate(layers):
            s_dot = derivatives.s_dots[i]
            program += matrix_product(transpose(directions[i]), self._activations[i], s_dot)
            if i > 0:
                weights, h_dot = without_bias(layer), derivatives.h_dots[i - 1]
                program += add_product(s_dot, transpose(weights), h_dot, derivatives.scratch[i])
            if i < len(layers) - 1:
                program.append((np.multiply, (s_dot, without_bias(self._layer_derivatives[i]), derivatives.h_dots[i])))
        return program

    def _directional_backward(
        self, derivatives: DirectionalDerivatives, directions: list[Array], *, curved: bool
    ) -> Program:
        """Differentiate the deltas d loss / d s and the gradients of parameters and inputs, last layer first."""
        layers, program = self.network.layers, list[Call]()
        shapes = [layer.shape for layer in layers]
        products, scratch = split(derivatives.hessian_product, shapes), split(derivatives.parameter_scratch, shapes)
        delta, delta_dot = self.output_gradient, derivatives.delta_dots[-1]
        for i in range(len(layers) - 1, 0, -1):
            program += matrix_product(self._activations[i], transpose(delta_dot), products[i])
            product, buffer = without_bias(products[i]), without_bias(scratch[i])
            program += add_product(product, derivatives.h_dots[i - 1], transpose(delta), buffer)
            below, weights, buffer = derivatives.delta_dots[i - 1], without_bias(layers[i]), derivatives.scratch[i - 1]
            program += matrix_product(without_bias(directions[i]), delta, below)
            program += add_product(below, weights, delta_dot, buffer)
            program.append((np.multiply, (below, without_bias(self._layer_derivatives[i - 1]), below)))
            if curved:
                program += [
                    *matrix_product(weights, delta, buffer),
                    (np.multiply, (buffer, derivatives.layer_second_derivatives[i - 1], buffer)),
                    (np.multiply, (buffer, derivatives.s_dots[i - 1], buffer)),
                    (np.add, (below, buffer, below)),
                ]
            delta, delta_dot = without_bias(self._deltas[i - 1]), below
        scale = constant(self.network.input_scale, self.network.dtype)
        return [
            *program,
            *matrix_product(self._activations[0], transpose(delta_dot), products[0]),
            *matrix_product(without_bias(directions[0]), delta, derivatives.mixed_product),
            *add_product(derivatives.mixed_product, without_bias(layers[0]), delta_dot, derivatives.input_scratch),
            (np.multiply, (derivatives.mixed_product, scale, derivatives.mixed_product)),
        ]


def add_product(total: Array, a: Array, b: Array, product: Array) -> Program:
    """total ← total + a·b, in place; `product` is a buffer for a·b."""
    return [*matrix_product(a, b, product), (np.add, (total, product, total))]
