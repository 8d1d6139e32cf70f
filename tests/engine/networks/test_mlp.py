"""The network: a small one computed by hand, and every gradient against finite differences."""

import math
from typing import Any, get_args

import numpy as np
import pytest

from gan1d.engine.networks.activations import Activation, ReLU, Sine, Tanh
from gan1d.engine.networks.initialization import initialize
from gan1d.engine.networks.input_gradients import InputGradientWorkspace
from gan1d.engine.networks.mlp import MLP, Workspace, hidden_size
from gan1d.engine.programs import run
from tests.gradcheck import differentiated, gradient, relative_error
from tests.tools import slow_but

MEMBERS = [member() for member in get_args(Activation)]
HIDDEN = [(), (1,), (3,), (4, 3), (5, 1, 4), (2, 3, 4, 2)]

every = pytest.mark.parametrize("activation", MEMBERS, ids=lambda member: member.kind)
depths = pytest.mark.parametrize("hidden", HIDDEN, ids=str)
scales = pytest.mark.parametrize("input_scale", slow_but([2.5], [1.0, 2.5]))


def network_of(sizes: tuple[int, ...], activation: Any, input_scale: float = 1.0, seed: int = 1) -> MLP:
    """A network in double precision with random weights and biases."""
    network = MLP(sizes, activation, input_scale=input_scale, dtype=np.float64)
    initialize(network, np.random.default_rng(seed), random_biases=True)
    return network


def by_hand(input_scale: float = 1.0) -> MLP:
    """Two ReLU units: 3·relu(x + ½) + 4·relu(−x + 1) + ¼."""
    network = MLP((1, 2, 1), ReLU(), input_scale=input_scale, dtype=np.float64)
    network.layers[0][:] = [[1.0, -1.0], [0.5, 1.0]]
    network.layers[1][:] = [[3.0], [4.0], [0.25]]
    return network


def test_a_small_network_by_hand() -> None:
    # x = 2:   s = (2 + ½, −2 + 1) = (2½, −1),  h = (2½, 0),  y = 3·2½ + 4·0 + ¼ = 7¾
    # x = ½:   s = (1, ½),  h = s,  y = 3·1 + 4·½ + ¼ = 5¼
    workspace = InputGradientWorkspace(by_hand(), 2)
    workspace.inputs[0] = [2.0, 0.5]
    np.testing.assert_array_equal(workspace.forward(), [[7.75, 5.25]])
    # dy/dx: only the first unit is active at 2, so 3·1; both are at ½, so 3·1 + 4·(−1).
    np.testing.assert_array_equal(by_hand().slope([2.0, 0.5]), [3.0, -1.0])
    # L = y(2) + 10·y(½), so dL/dy = (1, 10).
    workspace.backward(np.array([[1.0, 10.0]]), inputs=True)
    # Last layer: dW = 1·h(2) + 10·h(½) = (2½ + 10, 0 + 5), db = 11.
    # First layer: ds(2) = (3, 0), ds(½) = (30, 40); dW = 2·ds(2) + ½·ds(½) = (21, 20), db = (33, 40).
    np.testing.assert_array_equal(workspace.gradient, [21.0, 20.0, 33.0, 40.0, 12.5, 5.0, 11.0])
    np.testing.assert_array_equal(workspace.input_gradient, [[3.0, -10.0]])


def test_a_small_network_with_scaled_inputs_by_hand() -> None:
    # With input scale 2, x = 1 gives the outputs of 2 above and ¼ those of ½; dy/dx has another factor of 2.
    workspace = InputGradientWorkspace(by_hand(input_scale=2.0), 2)
    workspace.inputs[0] = [1.0, 0.25]
    np.testing.assert_array_equal(workspace.forward(), [[7.75, 5.25]])
    np.testing.assert_array_equal(by_hand(input_scale=2.0).slope([1.0, 0.25]), [6.0, -2.0])
    workspace.backward(np.array([[1.0, 10.0]]), inputs=True)
    np.testing.assert_array_equal(workspace.gradient, [21.0, 20.0, 33.0, 40.0, 12.5, 5.0, 11.0])
    np.testing.assert_array_equal(workspace.input_gradient, [[6.0, -20.0]])


def check_gradients(network: MLP, workspace: Workspace, weights: Any) -> None:
    """Compare both gradients of a weighted sum of the outputs with differences."""

    def loss() -> float:
        return float(np.sum(weights * workspace.forward()))

    loss()
    workspace.backward(weights, inputs=True)
    found, found_inputs = workspace.gradient.copy(), workspace.input_gradient.copy()
    assert relative_error(found, gradient(loss, network.parameters)) < 1e-8
    assert relative_error(found_inputs, gradient(loss, workspace.inputs[:-1])) < 1e-8


@every
@depths
@scales
def test_backward(activation: Any, hidden: tuple[int, ...], input_scale: float) -> None:
    network = network_of((1, *hidden, 1), activation, input_scale)
    rng = np.random.default_rng(2)
    weights = rng.normal(size=(1, 5))
    workspace = Workspace(network, 5)
    workspace.inputs[0] = rng.normal(size=5)
    check_gradients(network, workspace, weights)


@every
def test_backward_with_several_inputs_and_outputs(activation: Any) -> None:
    network = network_of((3, 4, 2), activation, 1.5)
    rng = np.random.default_rng(3)
    weights = rng.normal(size=(2, 6))
    workspace = Workspace(network, 6)
    workspace.inputs[:-1] = rng.normal(size=(3, 6))
    check_gradients(network, workspace, weights)


@every
@depths
@scales
def test_slope(activation: Any, hidden: tuple[int, ...], input_scale: float) -> None:
    network = network_of((1, *hidden, 1), activation, input_scale)
    x = np.random.default_rng(4).normal(size=7)
    expected = differentiated(lambda by: network.apply(x + by))
    assert relative_error(network.slope(x), expected) < 1e-8


def test_a_wrong_gradient_is_found() -> None:
    network = network_of((1, 3, 1), Tanh())
    workspace = Workspace(network, 2)
    workspace.inputs[0] = [0.3, -0.8]
    workspace.forward()
    workspace.backward(np.ones((1, 2)))
    found = workspace.gradient.copy()
    found[1] *= 1 + 1e-4
    assert relative_error(found, gradient(lambda: float(workspace.forward().sum()), network.parameters)) > 1e-6


@every
def test_backward_writes_only_the_requested_gradients(activation: Any) -> None:
    network = network_of((1, 3, 3, 1), activation)
    workspace = Workspace(network, 4)
    workspace.inputs[0] = [0.1, -0.2, 0.3, 0.4]
    workspace.forward()
    workspace.gradient.fill(7.0)
    workspace.input_gradient.fill(7.0)
    workspace.backward(np.ones((1, 4)), parameters=False)
    assert np.all(workspace.gradient == 7.0)
    assert np.all(workspace.input_gradient == 7.0)
    workspace.backward(np.ones((1, 4)), parameters=False, inputs=True)
    assert np.all(workspace.gradient == 7.0)
    assert np.all(workspace.input_gradient != 7.0)


@every
def test_evaluation_between_forward_and_backward_changes_nothing(activation: Any) -> None:
    network = network_of((1, 4, 3, 1), activation, 1.5)
    alone, disturbed = (Workspace(network, 5) for _ in range(2))
    for workspace in (alone, disturbed):
        workspace.inputs[0] = [-1.0, -0.5, 0.1, 0.6, 2.0]
        workspace.forward()
        if workspace is disturbed:
            evaluate_network(network)
        workspace.backward(np.ones((1, 5)), inputs=True)
    np.testing.assert_array_equal(alone.gradient, disturbed.gradient)
    np.testing.assert_array_equal(alone.input_gradient, disturbed.input_gradient)


@every
def test_two_networks_can_share_a_buffer_for_their_hidden_layers(activation: Any) -> None:
    """With φ′ of both computed in one call, each network gets the gradients that it gets alone."""
    networks, batches, rng = (
        [network_of(sizes, activation) for sizes in ((1, 3, 1), (2, 4, 2, 1))],
        (5, 7),
        np.random.default_rng(3),
    )
    ends = np.cumsum([0, *map(hidden_size, networks, batches)])
    hidden = np.ones((3, ends[-1]))
    workspaces = []
    for network, batch, start, end in zip(networks, batches, ends[:-1], ends[1:], strict=True):
        workspace = Workspace(network, batch, hidden=hidden[:, start:end])
        workspace.inputs[:-1] = rng.normal(size=workspace.inputs[:-1].shape)
        workspace.output_gradient[:] = rng.normal(size=workspace.output_gradient.shape)
        workspaces.append(workspace)
    for workspace in workspaces:
        workspace.forward()
    run(activation.derivative(*hidden))
    for workspace in workspaces:
        run(workspace.backward_program(derivatives=False))
        alone = Workspace(workspace.network, workspace.batch, inputs=workspace.inputs)
        np.testing.assert_array_equal(alone.forward(), workspace.outputs)
        alone.backward(workspace.output_gradient)
        np.testing.assert_allclose(workspace.gradient, alone.gradient, rtol=1e-13)


def evaluate_network(network: MLP) -> None:
    """Run all passes, in new workspaces."""
    network.apply(np.linspace(-3, 3, 50))
    network.slope(np.linspace(-3, 3, 5))
    workspace = Workspace(network, 5)
    workspace.inputs[0] = 0.25
    workspace.forward()
    workspace.backward(np.ones((1, 5)), inputs=True)


@pytest.mark.parametrize("shape", [(), (1,), (0,), (7,), (2, 3), (2, 1, 3)], ids=str)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_apply_takes_any_shape(shape: tuple[int, ...], dtype: type) -> None:
    network = MLP((1, 3, 1), Tanh(), dtype=dtype)
    initialize(network, np.random.default_rng(0))
    x = np.linspace(-1, 1, math.prod(shape)).reshape(shape)
    for function in (network.apply, network.slope):
        found = function(x)
        assert found.shape == shape
        assert found.dtype == dtype
        np.testing.assert_allclose(found.ravel(), [function(value) for value in x.ravel()], rtol=1e-5)


def test_apply_returns_a_new_array() -> None:
    network = network_of((1, 3, 1), Sine())
    first = network.apply([0.5, 1.0])
    kept = first.copy()
    network.apply([-2.0, 3.0])
    np.testing.assert_array_equal(first, kept)


def test_layers_are_views_of_the_parameters() -> None:
    network = MLP((1, 2, 3, 1), Tanh())
    assert [layer.shape for layer in network.layers] == [(2, 2), (3, 3), (4, 1)]
    assert network.parameters.shape == (4 + 9 + 4,)
    network.parameters[:] = np.arange(17)
    np.testing.assert_array_equal(np.concatenate([layer.ravel() for layer in network.layers]), np.arange(17))


@pytest.mark.parametrize("sizes", [(), (1,), (1, 0, 1), (0, 1), (1, -3, 1)], ids=str)
def test_invalid_sizes_are_refused(sizes: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"Expected at least two layer sizes of 1 or more, but got \("):
        MLP(sizes, Tanh())


def test_several_inputs_lie_along_the_first_axis() -> None:
    network = MLP((2, 1), Tanh(), dtype=np.float64)
    network.parameters[:] = [2.0, 10.0, 1.0]
    np.testing.assert_array_equal(network.apply([[1.0, 2.0, 3.0], [0.5, 0.0, -1.0]]), [8.0, 5.0, -3.0])
    for wrong in ([1.0], [[1.0], [2.0], [3.0]], 1.0):
        with pytest.raises(ValueError, match="Expected 2 inputs along the first axis, but got an array of shape"):
            network.apply(wrong)
