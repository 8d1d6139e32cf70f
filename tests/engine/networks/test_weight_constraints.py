"""Constraints: bounded weights after every update, and gradients through spectral normalization."""

from typing import Any, get_args

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.engine.networks.activations import LeakyReLU, Tanh
from gan1d.engine.networks.initialization import initialize
from gan1d.engine.networks.mlp import MLP, split
from gan1d.engine.networks.weight_constraints import (
    MIN_SPECTRAL_NORM,
    Constraint,
    NoConstraint,
    SpectralNormalization,
    WeightClipping,
)
from gan1d.engine.programs import run
from gan1d.engine.training.trainer import Trainer
from tests.gradcheck import gradient, relative_error


def network_of(sizes: tuple[int, ...] = (1, 5, 4, 1)) -> MLP:
    network = MLP(sizes, Tanh(), dtype=np.float64)
    initialize(network, np.random.default_rng(1), random_biases=True)
    return network


def spectral_norms(network: MLP) -> list[float]:
    """The largest singular value of each layer's weights."""
    return [float(np.linalg.norm(layer[:-1], 2)) for layer in network.layers]


def test_no_constraint_changes_nothing() -> None:
    network = network_of()
    before = network.parameters.copy()
    applied_constraint = NoConstraint().bind(network)
    assert applied_constraint.free is network.parameters
    assert applied_constraint.apply() == applied_constraint.pull_back(before) == []
    np.testing.assert_array_equal(network.parameters, before)


def test_clipping_by_hand() -> None:
    network = MLP((1, 1), Tanh(), dtype=np.float64)
    network.parameters[:] = [0.3, -0.7]
    applied_constraint = WeightClipping(limit=0.5).bind(network)
    np.testing.assert_array_equal(network.parameters, [0.3, -0.5])
    applied_constraint.free += 0.4
    run(applied_constraint.apply())
    np.testing.assert_allclose(network.parameters, [0.5, -0.1], rtol=1e-15)


def test_normalized_layers_have_the_spectral_norm_of_the_limit() -> None:
    network = network_of()
    applied_constraint = SpectralNormalization(limit=1.5).bind(network)
    assert spectral_norms(network) == pytest.approx([1.5, 1.5, 1.5], rel=1e-12)
    rng = np.random.default_rng(2)
    for _ in range(30):
        applied_constraint.free += 0.01 * rng.normal(size=applied_constraint.free.shape)
        run(applied_constraint.apply())
    # One power iteration per update is enough for weights that change slowly.
    assert spectral_norms(network) == pytest.approx([1.5, 1.5, 1.5], rel=2e-2)


def test_biases_are_not_normalized() -> None:
    network = network_of()
    before = [layer[-1].copy() for layer in network.layers]
    SpectralNormalization().bind(network)
    for layer, biases in zip(network.layers, before, strict=True):
        np.testing.assert_array_equal(layer[-1], biases)


def check_pull_back(applied_constraint: Any, network: MLP, refresh: Any) -> None:
    """AssertionError unless `pull_back` gives the gradient of a loss with respect to the free parameters."""
    points, weights = np.linspace(-2, 2, 9), np.random.default_rng(3).normal(size=9)
    by_network = gradient(lambda: float(weights @ network.apply(points)), network.parameters)
    pulled = by_network.copy()
    run(applied_constraint.pull_back(pulled))

    def loss() -> float:
        refresh()
        return float(weights @ network.apply(points))

    assert relative_error(pulled, gradient(loss, applied_constraint.free)) < 1e-8


def test_gradient_through_spectral_normalization() -> None:
    """The singular vectors are exact here; to first order, their rotation does not change the norm."""
    network = network_of()
    applied_constraint = SpectralNormalization(limit=0.7).bind(network)
    check_pull_back(applied_constraint, network, lambda: run(50 * applied_constraint.apply()))


@pytest.mark.slow
@pytest.mark.parametrize("flat", [(0,), (2,), (0, 1, 2)])
def test_gradient_where_the_divisor_is_constant(flat: tuple[int, ...]) -> None:
    """Layers whose norm is below the smallest divisor are divided by that, which does not depend on the weights."""
    network = network_of()
    for index in flat:
        layer = network.layers[index]
        layer[:-1] *= 0.4 * MIN_SPECTRAL_NORM / np.linalg.norm(layer[:-1], 2)
    applied_constraint = SpectralNormalization(limit=0.7).bind(network)
    check_pull_back(applied_constraint, network, lambda: run(50 * applied_constraint.apply()))


def test_a_gradient_that_ignores_the_norm_is_found() -> None:
    network = network_of()
    applied_constraint = SpectralNormalization(limit=0.7).bind(network)
    applied_constraint.pull_back = lambda gradient: []  # type: ignore[method-assign]
    with pytest.raises(AssertionError):
        check_pull_back(applied_constraint, network, lambda: run(50 * applied_constraint.apply()))


@pytest.mark.parametrize("hidden", [[], [3], [5, 4]], ids=str)
def test_the_slope_of_a_normalized_discriminator_is_bounded_by_its_layers(hidden: list[int]) -> None:
    config = Config().patched("discriminator.hidden", hidden).patched("discriminator.constraint", CONSTRAINTS[2])
    trainer = Trainer(config)
    trainer.run(50)
    limit = 1.2 ** (len(hidden) + 1)
    # The layers bound the slope by a standardized sample.
    slopes = trainer.discriminator.slope(np.linspace(-6, 6, 400)) * trainer.units.scale
    assert np.abs(slopes).max() <= limit * 1.05


CONSTRAINTS = [
    {"kind": "none"},
    {"kind": "weight_clipping", "limit": 0.2},
    {"kind": "spectral_normalization", "limit": 1.2},
]


@pytest.mark.slow
@pytest.mark.parametrize("optimizer", ["sgd", "adam", "rmsprop"])
def test_a_layer_that_starts_at_0_learns_like_any_other(optimizer: str) -> None:
    """Its spectral norm is 0; without a smallest divisor its first gradient would be so large that it stays there."""
    config = Config().patched("discriminator.constraint", {"kind": "spectral_normalization", "limit": 3.0})
    config = config.patched("discriminator.initialization.output_gain", 0.0)
    trainer = Trainer(config.patched("discriminator.optimizer", optimizer))
    trainer.run(5)
    first = trainer.discriminator.layers[-1][:-1].ravel().copy()
    trainer.run(600)
    last = trainer.discriminator.layers[-1][:-1].ravel()
    assert np.linalg.norm(trainer._discriminator.applied_constraint.free) < 100
    cosine = first @ last / (np.linalg.norm(first) * np.linalg.norm(last))
    assert cosine < 0.999
    assert np.linalg.norm(last) > 0.1


def test_every_constraint_is_tested() -> None:
    assert {values["kind"] for values in CONSTRAINTS} == {member.kind for member in get_args(Constraint)}


@pytest.mark.parametrize("values", CONSTRAINTS, ids=lambda values: values["kind"])
def test_a_restored_run_continues_bit_for_bit(values: Any) -> None:
    config = Config().patched("discriminator.constraint", values)
    trainer = Trainer(config)
    trainer.run(20)
    other = Trainer.restore(config, trainer.state_dict())
    for each in (trainer, other):
        each.run(20)
    np.testing.assert_array_equal(trainer.discriminator.parameters, other.discriminator.parameters)
    np.testing.assert_array_equal(trainer.generator.parameters, other.generator.parameters)


@pytest.mark.parametrize("loss", ["wasserstein", "non_saturating"])
def test_weights_stay_clipped_during_training(loss: str) -> None:
    config = Config().patched("loss", loss).patched("discriminator.constraint", CONSTRAINTS[1])
    trainer = Trainer(config)
    trainer.run(30)
    assert np.abs(trainer.discriminator.parameters).max() <= np.float32(0.2)


def test_a_chosen_constraint_replaces_that_of_the_loss() -> None:
    trainer = Trainer(Config().patched("loss", {"kind": "wasserstein", "clip": 0.05}))
    trainer.run(5)
    assert np.abs(trainer.discriminator.parameters).max() <= np.float32(0.05)
    normalized = Config().patched("loss", "wasserstein").patched("discriminator.constraint", CONSTRAINTS[2])
    # One power iteration per update follows weights that change slowly; these are at most 0.05.
    trainer.config = normalized.patched("discriminator.optimizer.learning_rate", 1e-4)
    trainer.run(5)
    assert spectral_norms(trainer.discriminator) == pytest.approx([1.2] * 4, rel=0.05)
    trainer.config = Config()
    before = trainer.discriminator.parameters.copy()
    np.testing.assert_array_equal(trainer.discriminator.parameters, before)
    trainer.run(5)
    assert not np.array_equal(trainer.discriminator.parameters, before)


@pytest.mark.torch
def test_spectral_norm_against_pytorch() -> None:
    """PyTorch's spectral_norm of the same layer, with its power iteration run to convergence, and its gradient."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    network = MLP((1, 6, 5, 1), LeakyReLU(), dtype=np.float64)
    initialize(network, np.random.default_rng(1), random_biases=True)
    free = network.parameters.copy()
    applied_constraint = SpectralNormalization().bind(network)
    modules = []
    for index, layer in enumerate(split(free, [layer.shape for layer in network.layers])):
        linear = torch.nn.Linear(layer.shape[0] - 1, layer.shape[1], dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(torch.tensor(layer[:-1].T.copy()))
            linear.bias.copy_(torch.tensor(layer[-1].copy()))
        modules.append(torch.nn.utils.parametrizations.spectral_norm(linear, n_power_iterations=200))
        if index < 2:
            modules.append(torch.nn.LeakyReLU(0.2))
    theirs = torch.nn.Sequential(*modules)
    points = np.linspace(-2, 2, 9)
    out = theirs(torch.tensor(points).reshape(-1, 1))
    np.testing.assert_allclose(network.apply(points), out.detach().numpy().ravel(), rtol=1e-9)
    out.square().mean().backward()
    by_network = gradient(lambda: float(np.mean(network.apply(points) ** 2)), network.parameters)
    run(applied_constraint.pull_back(by_network))
    expected = np.concatenate(
        [
            part
            for linear in modules[::2]
            for part in (
                linear.parametrizations.weight.original.grad.numpy().T.ravel(),
                linear.bias.grad.numpy(),
            )
        ]
    )
    np.testing.assert_allclose(by_network, expected, rtol=1e-7, atol=1e-10)
