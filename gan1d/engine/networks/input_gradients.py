"""The slope of a network, dD/dx, and the way back through it: what a gradient penalty needs.

With one input, a slope is one directional derivative, so it can be pushed *forward* beside the activations, and a
loss that contains it can be pulled back through both at once. With a the activations and t = da/dx:

    s = Wᵀ a,  u = Wᵀ t,   a′ = φ(s),  t′ = φ′(s)·u                                  forward, from t = dx/dx = 1
    ds = da·φ′ + dt·u·φ″,  du = dt·φ′,  dW = a dsᵀ + t duᵀ,  da = W ds,  dt = W du   backward
"""

import numpy as np

from gan1d.engine.arrays import Array
from gan1d.engine.networks.mlp import MLP, Workspace, split, without_bias
from gan1d.engine.programs import Program, matrix_product, run, transpose


class InputGradientWorkspace(Workspace):
    """Room for one network, or one stack, and its slopes at one batch size.

    A network of several inputs has a slope along each: the columns come in as many blocks, one for each of the first
    `directions` inputs, and every block is to be filled with the same points.

    Args:
        network: Read at every pass, never written.
        batch: Points.
        directions: How many inputs to find the slopes along; the others stand still.

    Attributes:
        slopes: The derivative of the outputs along each direction, `(…, outputs, directions · batch)`, of the last
            `slope_program`.
        slope_gradient: d loss / d slopes, `(…, outputs, directions · batch)`; fill it before a backward pass.
    """

    def __init__(self, network: MLP, batch: int, directions: int = 1) -> None:
        super().__init__(network, directions * batch)
        dtype = network.dtype
        # The constant that carries the bias does not move with x: in a tangent, its row is 0.
        self._tangents, self._u, self._du = ([np.zeros(shape, dtype) for shape in self._shapes] for _ in range(3))
        self._input_tangent = np.zeros_like(self.inputs)
        for direction, block in enumerate(np.split(self._input_tangent, directions, axis=-1)):
            block[..., direction, :] = network.input_scale
        self.slopes = np.empty_like(self.outputs)
        self.slope_gradient = np.zeros_like(self.slopes)
        self._curvatures = np.zeros_like(self._s)
        self._layer_curvatures = split(self._curvatures, self._shapes)
        # Both halves of the gradient; what an outputs' half does not reach stays 0.
        self._from_outputs, self._from_slopes = np.zeros_like(self.gradient), np.zeros_like(self.gradient)

    def slope_program(self) -> Program:
        """From the last forward pass of the hidden layers to `slopes`."""
        layers, program, t = self.network.layers, self.derivative_program(), self._input_tangent
        for layer, u, slopes, after in zip(layers, self._u, self._layer_slopes, self._tangents, strict=False):
            program += [*matrix_product(transpose(layer), t, without_bias(u)), (np.multiply, (u, slopes, after))]
            t = after
        return program + matrix_product(transpose(layers[-1]), t, self.slopes)

    def backward_slope_program(self, *, outputs: bool = False) -> Program:
        """Pulls `slope_gradient` back to the parameters, into `gradient`.

        It uses up what the last `slope_program` left: one backward pass for each.

        Args:
            outputs: Pull `output_gradient` back as well, for a loss of both.
        """
        layers, shapes = self.network.layers, [layer.shape[-2:] for layer in self.network.layers]
        second_derivative = (
            self.network.activation.second_derivative(self._s, self._h, self._curvatures) if self._shapes else None
        )
        # Where outputs play no part and nothing is curved, the slopes' half is all there is.
        halves = outputs or second_derivative is not None
        by_outputs = split(self._from_outputs, shapes)
        by_slopes = split(self._from_slopes, shapes) if halves else self._layer_gradients
        program, tangents = list(second_derivative or ()), [self._input_tangent, *self._tangents]
        # None where nothing comes back: a gradient that is known to be 0 costs no call.
        ds: Array | None = self.output_gradient if outputs else None
        du = self.slope_gradient
        for i in range(len(layers) - 1, -1, -1):
            program += matrix_product(tangents[i], transpose(du), by_slopes[i])
            if ds is not None:
                program += matrix_product(self._activations[i], transpose(ds), by_outputs[i])
            if i > 0:
                dt = self._du[i - 1]
                program += matrix_product(without_bias(layers[i]), du, without_bias(dt))
                ds = self._through_curve(program, i - 1, ds, curved=second_derivative is not None)
                program.append((np.multiply, (dt, self._layer_slopes[i - 1], dt)))
                du = without_bias(dt)
        if halves:
            program.append((np.add, (self._from_outputs, self._from_slopes, self.gradient)))
        return program

    def _through_curve(self, program: Program, layer: int, ds: Array | None, *, curved: bool) -> Array | None:
        """Add da·φ′ + dt·u·φ″ of one hidden layer to a program; returns where it will stand, None if it is 0."""
        delta, dt, u = self._deltas[layer], self._du[layer], self._u[layer]
        if ds is not None:
            program += self._back(self.network.layers[layer + 1], ds, delta, self._layer_slopes[layer])
        if curved:
            program.append((np.multiply, (u, self._layer_curvatures[layer], u)))
            if ds is None:
                program.append((np.multiply, (u, dt, delta)))
            else:
                program += [(np.multiply, (u, dt, u)), (np.add, (delta, u, delta))]
        return None if ds is None and not curved else without_bias(delta)

    def forward_slope(self) -> Array:
        """The slopes at the inputs of the last `forward`, once; returns `slopes`, the same buffer every time."""
        run(self.slope_program())
        return self.slopes

    def backward_slope(self, output_gradient: Array, slope_gradient: Array) -> None:
        """Pull the gradient of a loss of outputs *and* slopes back through the last `forward_slope`, once."""
        np.copyto(self.output_gradient, output_gradient)
        np.copyto(self.slope_gradient, slope_gradient)
        run(self.backward_slope_program(outputs=True))
