"""Slopes of a network, and the gradient of a loss that contains them."""

import math
from typing import Any, get_args

import numpy as np
import pytest

from gan1d.engine.arrays import Array
from gan1d.engine.networks.activations import Activation, Tanh
from gan1d.engine.networks.initialization import initialize
from gan1d.engine.networks.input_gradients import InputGradientWorkspace
from gan1d.engine.networks.mlp import MLP, Workspace
from gan1d.engine.programs import run
from tests.gradcheck import differentiated, gradient, relative_error
from tests.tools import slow_but

MEMBERS = [member() for member in get_args(Activation)]
HIDDEN = [(), (1,), (3,), (4, 3), (5, 1, 4), (2, 3, 4, 2)]

every = pytest.mark.parametrize("activation", MEMBERS, ids=lambda member: member.kind)
depths = pytest.mark.parametrize("hidden", HIDDEN, ids=str)
scales = pytest.mark.parametrize("input_scale", slow_but([2.5], [1.0, 2.5]))


def network_of(sizes: tuple[int, ...], activation: Any, input_scale: float = 1.0) -> MLP:
    """A network in double precision with random weights and biases."""
    network = MLP(sizes, activation, input_scale=input_scale, dtype=np.float64)
    initialize(network, np.random.default_rng(1), random_biases=True)
    return network


def forward_slope(workspace: InputGradientWorkspace) -> Array:
    """The slopes at the inputs of the last forward pass."""
    run(workspace.slope_program())
    return workspace.slopes


def backward_slope(workspace: InputGradientWorkspace, slope_gradient: Array) -> None:
    """Backpropagate the gradient of a loss of slopes."""
    workspace.slope_gradient[:] = slope_gradient
    run(workspace.backward_slope_program())


def test_the_gradient_of_a_slope_by_hand() -> None:
    # y = v·tanh(w·x + b) + c, so with h = tanh(w·x + b):   dy/dx = v·w·(1 − h²),
    #   d/dv = w·(1 − h²),  d/db = −2·v·w·h·(1 − h²),  d/dw = v·(1 − h²) + x·d/db,  d/dc = 0.
    x, w, b, v, c = 0.7, 1.3, -0.4, 2.0, 5.0
    network = MLP((1, 1, 1), Tanh(), dtype=np.float64)
    network.parameters[:] = [w, b, v, c]
    workspace = InputGradientWorkspace(network, 1)
    workspace.inputs[0] = x
    workspace.forward()
    h = math.tanh(w * x + b)
    assert forward_slope(workspace)[0, 0] == pytest.approx(v * w * (1 - h**2), rel=1e-14)
    backward_slope(workspace, np.ones((1, 1)))
    by_b = -2 * v * w * h * (1 - h**2)
    assert workspace.gradient == pytest.approx([v * (1 - h**2) + x * by_b, by_b, w * (1 - h**2), 0.0], rel=1e-13)


@every
@depths
@scales
def test_forward_slope(activation: Any, hidden: tuple[int, ...], input_scale: float) -> None:
    network = network_of((1, *hidden, 1), activation, input_scale)
    x = np.random.default_rng(4).normal(size=7)
    workspace = InputGradientWorkspace(network, 7)
    workspace.inputs[0] = x
    workspace.forward()
    expected = differentiated(lambda by: network.apply(x + by))
    assert relative_error(forward_slope(workspace)[0], expected) < 1e-8


@every
@depths
@scales
def test_backward_slope(activation: Any, hidden: tuple[int, ...], input_scale: float) -> None:
    network = network_of((1, *hidden, 1), activation, input_scale)
    rng = np.random.default_rng(8)  # No input is within a difference of a kink of ReLU.
    of_slopes = rng.normal(size=(1, 5))
    workspace = InputGradientWorkspace(network, 5)
    workspace.inputs[0] = rng.normal(size=5)

    def loss() -> float:
        workspace.forward()
        return float(np.sum(of_slopes * forward_slope(workspace)))

    loss()
    backward_slope(workspace, of_slopes)
    found = workspace.gradient.copy()
    assert relative_error(found, gradient(loss, network.parameters)) < 1e-8


@every
def test_a_slope_workspace_is_a_workspace(activation: Any) -> None:
    network = network_of((1, 4, 3, 1), activation, 1.5)
    plain, sloped = Workspace(network, 3), InputGradientWorkspace(network, 3)
    for workspace in (plain, sloped):
        workspace.inputs[0] = [-1.0, 0.1, 2.0]
        workspace.forward()
        workspace.backward(np.array([[1.0, 2.0, 3.0]]), inputs=True)
    np.testing.assert_array_equal(plain.outputs, sloped.outputs)
    np.testing.assert_array_equal(plain.gradient, sloped.gradient)
    np.testing.assert_array_equal(plain.input_gradient, sloped.input_gradient)


@every
def test_passes_are_independent_of_earlier_passes(activation: Any) -> None:
    """A second pass gives the same bits as the first."""
    network = network_of((1, 4, 3, 1), activation)
    workspace = InputGradientWorkspace(network, 3)
    workspace.inputs[0] = [-1.0, 0.1, 2.0]
    found = []
    for _ in range(2):
        workspace.forward()
        forward_slope(workspace)
        backward_slope(workspace, np.full((1, 3), 0.5))
        found.append(workspace.gradient.copy())
    np.testing.assert_array_equal(*found)


@every
def test_evaluation_between_the_passes_changes_nothing(activation: Any) -> None:
    network = network_of((1, 4, 3, 1), activation, 1.5)
    found = []
    for is_disturbed in (False, True):
        workspace = InputGradientWorkspace(network, 5)
        workspace.inputs[0] = [-1.0, -0.5, 0.1, 0.6, 2.0]
        workspace.forward()
        forward_slope(workspace)
        if is_disturbed:
            network.slope(np.linspace(-3, 3, 5))
            other = InputGradientWorkspace(network, 5)
            other.inputs[0] = 0.25
            other.forward()
            forward_slope(other)
            backward_slope(other, np.ones((1, 5)))
        backward_slope(workspace, np.full((1, 5), 0.5))
        found.append(workspace.gradient.copy())
    np.testing.assert_array_equal(*found)
