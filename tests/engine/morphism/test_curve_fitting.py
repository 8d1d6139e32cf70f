"""Fits of a network to the curve of another one."""

from typing import Any

import numpy as np

from gan1d.engine.morphism.curve_fitting import TOLERANCE, JacobianWorkspace, fit_network
from gan1d.engine.networks.activations import Sine, Tanh
from gan1d.engine.networks.initialization import initialize
from gan1d.engine.networks.mlp import MLP, outputs_at


def random_network(sizes: tuple[int, ...], activation: Any) -> MLP:
    network = MLP(sizes, activation, dtype=np.float64)
    initialize(network, np.random.default_rng(0), weights="uniform", random_biases=True)
    return network


def draw_weights(network: MLP) -> None:
    initialize(network, np.random.default_rng(99), weights="uniform", random_biases=True)


def test_gram_matrix_of_the_jacobian() -> None:
    """Row i of J is the gradient of output i, from a backward pass of its own."""
    work = JacobianWorkspace(random_network((2, 4, 3, 1), Sine()), 5)
    work.inputs[:-1] = np.random.default_rng(1).normal(size=(2, 5))
    work.forward()
    rows = []
    for one_hot in np.eye(5):
        work.backward(one_hot[None])
        rows.append(work.gradient.copy())
    np.testing.assert_allclose(work.gram(), np.array(rows) @ np.array(rows).T, rtol=1e-12, atol=1e-13)


def test_a_network_without_hidden_layers_fits_a_line() -> None:
    """The best line for x² on −1 … 1 is a constant, with a deviation of half the range."""
    old = MLP((1, 40, 1), Tanh(), dtype=np.float64)
    points = np.linspace(-1, 1, 500)[None]
    parabola = random_network((1, 40, 1), Tanh())
    from_parabola = np.linalg.lstsq(
        np.vstack([np.tanh(parabola.layers[0].T @ np.vstack([points, np.ones(500)])), np.ones(500)]).T,
        points[0] ** 2,
        rcond=1e-10,
    )[0]
    old.layers[0][:] = parabola.layers[0]
    old.layers[-1][:, 0] = from_parabola
    line = MLP((1, 1), Tanh(), dtype=np.float64)
    assert 0.5 <= fit_network(old, line, points, draw_weights) < 0.7


def test_fits_a_function_of_several_inputs() -> None:
    old = random_network((3, 12, 12, 1), Tanh())
    points = np.random.default_rng(0).standard_normal((3, 600))
    new = MLP((3, 20, 1), Tanh())
    error = fit_network(old, new, points, draw_weights)
    assert error < 0.05
    difference = np.abs(outputs_at(new, points) - outputs_at(old, points)).max() / np.ptp(outputs_at(old, points))
    assert difference < 2 * max(error, TOLERANCE)
