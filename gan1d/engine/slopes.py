"""The slope of a network, dD/dx, and the way back through it: what a gradient penalty needs.

With one input, a slope is one directional derivative, so it can be pushed *forward* beside the activations, and a
loss that contains it can be pulled back through both at once. With a the activations and t = da/dx:

    s = Wᵀ a,  u = Wᵀ t,   a′ = φ(s),  t′ = φ′(s)·u                                  forward, from t = dx/dx = 1
    ds = da·φ′ + dt·u·φ″,  du = dt·φ′,  dW = a dsᵀ + t duᵀ,  da = W ds,  dt = W du   backward
"""

import numpy as np

from gan1d.engine.activations import Array
from gan1d.engine.mlp import MLP, Workspace, split, with_ones


class SlopeWorkspace(Workspace):
    """Room for one network and its slopes at one batch size.

    Args:
        network: Of one input; read at every pass, never written.
        batch: Columns of every buffer.
    """

    def __init__(self, network: MLP, batch: int) -> None:
        super().__init__(network, batch)
        dtype, hidden = network.dtype, network.sizes[1:-1]
        # The constant that carries the bias does not move with x: in a tangent, its row is 0.
        self._tangents = [with_ones(size, batch, dtype) for size in network.sizes[:-1]]
        for tangent in self._tangents:
            tangent[-1] = 0.0
        self._tangents[0][:-1] = network.input_scale
        self._u = [np.empty((size, batch), dtype) for size in hidden]
        self._du = [np.empty((size, batch), dtype) for size in hidden]
        self._slope_outputs = np.empty((network.sizes[-1], batch), dtype)
        self._curvatures = np.zeros_like(self._slopes)
        self._from_slopes = np.empty_like(self.gradient)
        self._bind()

    def _bind(self) -> None:
        """Bind each layer's matrix products once."""
        layers = self.network.layers
        ahead = [layer.T.dot for layer in layers]
        self._slope_passes = [
            (dot, t, u, slope, after[:-1])
            for dot, t, u, slope, after in zip(
                ahead, self._tangents, self._u, self._layer_slopes, self._tangents[1:], strict=False
            )
        ]
        self._slope_output_pass = (ahead[-1], self._tangents[-1])
        shapes = [layer.shape for layer in layers]
        rooms, rooms_t = split(self.gradient, shapes), split(self._from_slopes, shapes)
        self._weight_passes = [
            (a.dot, room, t.dot, room_t)
            for a, room, t, room_t in zip(self._activations, rooms, self._tangents, rooms_t, strict=True)
        ]
        self._delta_passes = [
            (layer[:-1].dot, da, dt, u, slope, self._curvatures[span])
            for layer, da, dt, u, slope, span in zip(
                layers[1:], self._deltas, self._du, self._u, self._layer_slopes, self._spans, strict=True
            )
        ]

    def forward_slope(self) -> Array:
        """The derivative of the outputs by the input, at the inputs of the last `forward`.

        Returns:
            `(outputs, batch)`: the same buffer every time.
        """
        self.network.activation.slope(self._s, self._h, self._slopes)
        for dot, t, u, slope, after in self._slope_passes:
            dot(t, u)
            np.multiply(u, slope, after)
        dot, t = self._slope_output_pass
        return dot(t, self._slope_outputs)

    def backward_slope(self, output_gradient: Array, slope_gradient: Array) -> None:
        """Pull the gradient of a loss of the outputs *and* of their slopes back to the parameters, into `gradient`.

        It uses up what the last `forward_slope` left: one backward pass for each.

        Args:
            output_gradient: d loss / d outputs, `(outputs, batch)`.
            slope_gradient: d loss / d slopes, `(outputs, batch)`.
        """
        self.network.activation.curvature(self._s, self._h, self._curvatures)
        ds, du = output_gradient, slope_gradient
        for layer in range(len(self._weight_passes) - 1, -1, -1):
            a_dot, room, t_dot, room_t = self._weight_passes[layer]
            a_dot(ds.T, room)
            t_dot(du.T, room_t)
            if layer > 0:
                back, da, dt, u, slope, curvature = self._delta_passes[layer - 1]
                back(ds, da)
                back(du, dt)
                np.multiply(da, slope, da)
                np.multiply(u, curvature, u)
                np.multiply(u, dt, u)
                np.add(da, u, da)
                np.multiply(dt, slope, dt)
                ds, du = da, dt
        np.add(self.gradient, self._from_slopes, self.gradient)
