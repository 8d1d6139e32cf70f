"""Looking ahead: derivatives along a direction, and gradients through D's answers, both by differences."""

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
LOSSES = [member() for member in get_args(Loss)]


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
    """The gradients of L_D by parameters and by inputs."""
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
def test_how_gradients_change_along_a_direction(activation: Any, hidden: tuple[int, ...], inputs: int) -> None:
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


def loss_ahead(spec: Unrolled, loss: Any, network: MLP, pair: Array, answer_to: Array | None = None) -> float:
    """L_G of the fakes in `pair` against D after its answers, written out; D answers to `answer_to` if given."""
    start = network.parameters.copy()
    for _ in range(spec.steps):
        by_parameters, _ = gradients_of(loss, network, pair if answer_to is None else answer_to)
        network.parameters -= spec.learning_rate * by_parameters
    room = Workspace(network, ITEMS)
    room.inputs[:] = pair[:, ITEMS:]
    value = float(loss.generator_value(room.forward())[0])
    network.parameters[:] = start
    return value


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("steps", [1, 4])
@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.kind)
def test_the_gradient_through_the_answers(loss: Any, steps: int, full: bool) -> None:
    """Full: with D answering to every fake that is moved. First order: to the fakes as they were."""
    spec = Unrolled(steps=steps, learning_rate=0.3, full=full)
    network, pair = network_of(), pair_of()
    before = network.parameters.copy()
    unroller = UnrolledDiscriminator(spec, loss, network, pair)
    run(unroller.program)
    np.testing.assert_array_equal(network.parameters, before)
    fakes = pair[:1, ITEMS:]
    frozen = None if full else pair.copy()
    expected = gradient(lambda: loss_ahead(spec, loss, network, pair, frozen), fakes)
    assert relative_error(unroller.fake_gradient, expected) < 1e-6


def test_the_two_orders_differ() -> None:
    found = []
    for full in (True, False):
        unroller = UnrolledDiscriminator(Unrolled(full=full), NonSaturating(), network_of(), pair_of())
        run(unroller.program)
        found.append(unroller.fake_gradient.copy())
    assert relative_error(*found) > 1e-2


def test_looking_twice_is_looking_once() -> None:
    unroller = UnrolledDiscriminator(Unrolled(), NonSaturating(), network_of(), pair_of())
    run(unroller.program)
    first = unroller.fake_gradient.copy()
    run(unroller.program)
    np.testing.assert_array_equal(unroller.fake_gradient, first)
