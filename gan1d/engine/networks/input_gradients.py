"""The slope of a network, dD/dx, and backpropagation through it, as gradient penalties need.

The slope along one input is a directional derivative, so it can be computed *forward*, as a tangent beside each
activation. A loss of slopes is then backpropagated through both. With activations a and tangents
t = da/dx:

    s = Wᵀ a,  u = Wᵀ t,   a′ = φ(s),  t′ = φ′(s)·u                                  forward, from t = dx/dx = 1
    ds = da·φ′ + dt·u·φ″,  du = dt·φ′,  dW = a dsᵀ + t duᵀ,  da = W ds,  dt = W du   backward
"""

import numpy as np

from gan1d.engine.arrays import Array
from gan1d.engine.networks.mlp import MLP, Workspace, split, without_bias
from gan1d.engine.programs import Program, matrix_product, transpose


class InputGradientWorkspace(Workspace):
    """Buffers and programs for the slopes of a network, or of a stack of networks, at one batch size.

    A network of several inputs has a slope along each input. The columns form one block for each of the first
    `directions` inputs, and the caller fills every block with the same points.

    Args:
        network: The network, only read.
        batch: Number of points.
        directions: Number of inputs along which to compute slopes.

    Attributes:
        slopes: Derivative of the outputs along each direction, `(…, outputs, directions · batch)`, written by
            `slope_program`.
        slope_gradient: d loss / d slopes, `(…, outputs, directions · batch)`; set before a backward pass.
    """

    def __init__(self, network: MLP, batch: int, directions: int = 1) -> None:
        super().__init__(network, directions * batch)
        dtype = network.dtype
        # The row of ones, which carries the bias, does not depend on x: its tangent is 0.
        self._tangents, self._u, self._du = ([np.zeros(shape, dtype) for shape in self._shapes] for _ in range(3))
        self._input_tangent = np.zeros_like(self.inputs)
        for direction, block in enumerate(np.split(self._input_tangent, directions, axis=-1)):
            block[..., direction, :] = network.input_scale
        self.slopes = np.empty_like(self.outputs)
        self.slope_gradient = np.zeros_like(self.slopes)
        self._second_derivatives = np.zeros_like(self._s)
        self._layer_second_derivatives = split(self._second_derivatives, self._shapes)
        # The gradient's two summands. The part of the first that no pass writes to stays 0.
        self._by_activations, self._by_slopes = np.zeros_like(self.gradient), np.zeros_like(self.gradient)

    def slope_program(self) -> Program:
        """Program that computes `slopes` after a forward pass of the hidden layers."""
        layers, program, t = self.network.layers, self.derivative_program(), self._input_tangent
        for layer, u, derivatives, after in zip(layers, self._u, self._layer_derivatives, self._tangents, strict=False):
            program += [*matrix_product(transpose(layer), t, without_bias(u)), (np.multiply, (u, derivatives, after))]
            t = after
        return program + matrix_product(transpose(layers[-1]), t, self.slopes)

    def backward_slope_program(self) -> Program:
        """Program that backpropagates `slope_gradient` to the parameters, into `gradient`.

        It overwrites buffers of the last `slope_program`, so each backward pass needs a new one.
        """
        layers, shapes = self.network.layers, [layer.shape[-2:] for layer in self.network.layers]
        curved: Program | None = None
        if self._shapes:
            curved = self.network.activation.second_derivative(self._s, self._h, self._second_derivatives)
        # Where φ″ = 0, ds is 0 in every layer, and the gradient has one summand.
        by_activations = split(self._by_activations, shapes)
        by_slopes = self._layer_gradients if curved is None else split(self._by_slopes, shapes)
        program, tangents = list(curved or ()), [self._input_tangent, *self._tangents]
        ds: Array | None = None
        du = self.slope_gradient
        for i in range(len(layers) - 1, -1, -1):
            program += matrix_product(tangents[i], transpose(du), by_slopes[i])
            if ds is not None:
                program += matrix_product(self._activations[i], transpose(ds), by_activations[i])
            if i > 0:
                dt = self._du[i - 1]
                program += matrix_product(without_bias(layers[i]), du, without_bias(dt))
                if curved is not None:
                    program += self._backward_activation(i - 1, ds)
                    ds = without_bias(self._deltas[i - 1])
                program.append((np.multiply, (dt, self._layer_derivatives[i - 1], dt)))
                du = without_bias(dt)
        if curved is not None:
            program.append((np.add, (self._by_activations, self._by_slopes, self.gradient)))
        return program

    def _backward_activation(self, layer: int, ds: Array | None) -> Program:
        """Program for ds = da·φ′ + dt·u·φ″ of a hidden layer, given that of the layer above it, None where it is 0."""
        delta, dt, u = self._deltas[layer], self._du[layer], self._u[layer]
        bend = (np.multiply, (u, self._layer_second_derivatives[layer], u))
        if ds is None:
            return [bend, (np.multiply, (u, dt, delta))]
        return [
            *self._backward_layer(self.network.layers[layer + 1], ds, delta, self._layer_derivatives[layer]),
            bend,
            (np.multiply, (u, dt, u)),
            (np.add, (delta, u, delta)),
        ]
