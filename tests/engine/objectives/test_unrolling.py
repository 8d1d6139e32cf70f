"""Unrolling: directional derivatives, and gradients through D's updates, both against finite differences."""

from typing import Any, get_args

import numpy as np
import pytest

from gan1d.engine.arrays import Array
from gan1d.engine.networks.activations import Activation
from gan1d.engine.networks.hessian_vector_products import DirectionalDerivatives, DirectionalWorkspace
from gan1d.engine.networks.initialization import initialize
from gan1d.engine.networks.mlp import MLP, Workspace
from gan1d.engine.objectives.losses import Loss, NonSaturating
from gan1d.engine.objectives.unrolling import Unrolled, UnrolledDiscriminator
from gan1d.engine.programs import run
from tests.gradcheck import differentiated, gradient, relative_error

ITEMS = 6
HIDDEN = [(), (3,), (4, 3), (2, 3, 4)]
LOSSES = [member() for member in get_args(Loss) if not member.is_paired]


def network_of(hidden: tuple[int, ...] = (4, 3), activation: Any = None, inputs: int = 1) -> MLP:
    activation = get_args(Activation)[3]() if activation is None else activation
    network = MLP((inputs, *hidden, 1), activation, input_scale=1.5, dtype=np.float64)
    initialize(network, np.random.default_rng(1), random_biases=True)
    return network


def pair_of(inputs: int = 1) -> Array:
    pair = np.ones((inputs + 1, 2 * ITEMS))
    pair[:-1] = np.random.default_rng(2).normal(size=(inputs, 2 * ITEMS))
    return pair


def gradients_of(loss: Any, network: MLP, pair: Array) -> tuple[Array, Array]:
    """The gradients of L_D with respect to the parameters and the inputs."""
    room = Workspace(network, 2 * ITEMS)
    room.inputs[:] = pair
    room.forward()
    run(loss.discriminator_gradient(room.outputs.reshape(2, -1), room.output_gradient.reshape(2, -1)))
    run(room.backward_program(inputs=True))
    return room.gradient.copy(), room.input_gradient.copy()


@pytest.mark.parametrize("loss", [*LOSSES, NonSaturating(real_label=0.8, fake_label=0.1)], ids=str)
def test_curvature_of_the_loss(loss: Any) -> None:
    scores = np.random.default_rng(3).normal(scale=2, size=(2, 5))
    found, slopes = np.full_like(scores, np.nan), np.empty_like(scores)
    run(loss.discriminator_curvature(scores, found))

    def moved(by: float) -> Array:
        shifted = scores + by
        run(loss.discriminator_gradient(shifted, slopes))
        return slopes.copy()

    assert relative_error(found, differentiated(moved)) < 1e-8


@pytest.mark.parametrize("activation", [member() for member in get_args(Activation)], ids=lambda a: a.kind)
@pytest.mark.parametrize("hidden", HIDDEN, ids=str)
@pytest.mark.parametrize("inputs", [1, 2])
def test_directional_derivatives_of_gradients(activation: Any, hidden: tuple[int, ...], inputs: int) -> None:
    network, pair, loss = network_of(hidden, activation, inputs), pair_of(inputs), NonSaturating()
    room = DirectionalWorkspace(network, 2 * ITEMS)
    room.inputs[:] = pair
    derivatives = DirectionalDerivatives(network, 2 * ITEMS)
    derivatives.direction[:] = direction = np.random.default_rng(4).normal(size=network.parameters.shape)
    outputs, output_gradient, output_curvature = (
        a.reshape(2, -1) for a in (room.outputs, room.output_gradient, derivatives.output_curvature)
    )
    room.forward()
    run(loss.discriminator_gradient(outputs, output_gradient))
    run(room.backward_program())
    run(loss.discriminator_curvature(outputs, output_curvature))
    run(room.directional_program(derivatives))
    start = network.parameters.copy()

    def moved(by: float, which: int) -> Array:
        network.parameters[:] = start + by * direction
        return gradients_of(loss, network, pair)[which]

    for which, found in enumerate((derivatives.hessian_product, derivatives.mixed_product)):
        assert relative_error(found, differentiated(lambda by, which=which: moved(by, which))) < 1e-6


def loss_ahead(spec: Unrolled, loss: Any, network: MLP, pair: Array, updated_on: Array | None = None) -> float:
    """L_G of the fakes in `pair` after the updates of D, which use `updated_on` instead of `pair` if given."""
    start = network.parameters.copy()
    for _ in range(spec.steps):
        by_parameters, _ = gradients_of(loss, network, pair if updated_on is None else updated_on)
        network.parameters -= spec.learning_rate * by_parameters
    room = Workspace(network, ITEMS)
    room.inputs[:] = pair[:, ITEMS:]
    value = float(loss.generator_value(room.forward())[0])
    network.parameters[:] = start
    return value


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("steps", [1, 4])
@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.kind)
def test_the_gradient_through_the_updates(loss: Any, steps: int, full: bool) -> None:
    """Full: the updates depend on the fakes. First order: the updates use the unchanged fakes."""
    spec = Unrolled(steps=steps, learning_rate=0.3, full=full)
    network, pair = network_of(), pair_of()
    before = network.parameters.copy()
    unrolled = UnrolledDiscriminator(spec, loss, network, pair)
    run(unrolled.program)
    np.testing.assert_array_equal(network.parameters, before)
    fakes = pair[:1, ITEMS:]
    frozen = None if full else pair.copy()
    expected = gradient(lambda: loss_ahead(spec, loss, network, pair, frozen), fakes)
    assert relative_error(unrolled.fake_gradient, expected) < 1e-6


def test_the_full_gradient_differs_from_the_first_order_one() -> None:
    found = []
    for full in (True, False):
        unrolled = UnrolledDiscriminator(Unrolled(full=full), NonSaturating(), network_of(), pair_of())
        run(unrolled.program)
        found.append(unrolled.fake_gradient.copy())
    assert relative_error(*found) > 1e-2


def test_running_twice_gives_the_same_gradient() -> None:
    unrolled = UnrolledDiscriminator(Unrolled(), NonSaturating(), network_of(), pair_of())
    run(unrolled.program)
    first = unrolled.fake_gradient.copy()
    run(unrolled.program)
    np.testing.assert_array_equal(unrolled.fake_gradient, first)
