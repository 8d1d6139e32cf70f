"""The cycle and identity losses: their gradients by differences, and their exact solutions."""

from collections.abc import Callable

import numpy as np
import pytest

from gan1d.engine.arrays import Float64
from gan1d.engine.networks.activations import LeakyReLU, Tanh
from gan1d.engine.networks.mlp import MLP, outputs_at
from gan1d.engine.objectives.cycle import MapPass, cycle_program, identity_program
from gan1d.engine.programs import Program, run
from tests.gradcheck import gradient, relative_error


def network(seed: int, *hidden: int, kinked: bool = False, scale: float = 1.0) -> MLP:
    made = MLP((1, *hidden, 1), LeakyReLU() if kinked else Tanh(), input_scale=scale, dtype=np.float64)
    made.parameters[:] = np.random.default_rng(seed).normal(0, 0.7, made.parameters.shape)
    return made


def passes(g: MLP, f: MLP, x: Float64, y: Float64) -> tuple[MapPass, MapPass]:
    """Both maps with their batches, and gradients of 0."""
    return tuple(
        MapPass(each, np.stack([batch, np.ones_like(batch)]), np.zeros_like(each.parameters))
        for each, batch in ((g, x), (f, y))
    )  # type: ignore[return-value]


def cycle_loss(g: MLP, f: MLP, x: Float64) -> float:
    return float(np.abs(outputs_at(f, outputs_at(g, x[None])[None]) - x).mean())


def identity_loss(g: MLP, y: Float64) -> float:
    return float(np.abs(outputs_at(g, y[None]) - y).mean())


@pytest.mark.parametrize("kinked", [False, True])
@pytest.mark.parametrize("layers", [((4,), (3, 5)), ((), (4,)), ((3, 3), ())], ids=str)
def test_both_maps_follow_the_gradient_of_the_cycle_loss(layers: tuple[tuple[int, ...], ...], kinked: bool) -> None:
    g, f = network(1, *layers[0], kinked=kinked), network(2, *layers[1], kinked=kinked, scale=1.5)
    x, y = np.random.default_rng(3).normal(0, 1.5, (2, 9))
    there, back = passes(g, f, x, y)
    run(cycle_program(0.7, there, back))
    for each, network_ in ((there, g), (back, f)):
        expected = gradient(lambda: 0.7 * cycle_loss(g, f, x), network_.parameters)
        assert relative_error(each.gradient, expected) < 1e-7
        assert relative_error(each.gradient, 0.5 * expected) > 0.1


def test_a_map_follows_the_gradient_of_the_identity_loss_and_the_other_has_none() -> None:
    g, f = network(1, 4, 3), network(2, 4)
    x, y = np.random.default_rng(3).normal(0, 1.5, (2, 9))
    there, back = passes(g, f, x, y)
    run(identity_program(1.3, there, back))
    assert relative_error(there.gradient, gradient(lambda: 1.3 * identity_loss(g, y), g.parameters)) < 1e-7
    assert not back.gradient.any()


def test_gradients_are_added_to_those_that_are_there() -> None:
    g, f = network(1, 4), network(2, 4)
    x, y = np.random.default_rng(3).normal(0, 1.5, (2, 9))
    for program in (cycle_program, identity_program):
        alone, added = passes(g, f, x, y), passes(g, f, x, y)
        added[0].gradient[:] = 1.0
        run(program(2.0, *alone))
        run(program(2.0, *added))
        np.testing.assert_allclose(added[0].gradient, alone[0].gradient + 1.0)


@pytest.mark.parametrize("program", [cycle_program, identity_program])
def test_a_weight_of_0_costs_nothing(program: Callable[..., Program]) -> None:
    assert program(0.0, *passes(network(1, 4), network(2, 4), np.zeros(3), np.zeros(3))) == []


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_both_orders_have_a_cycle_loss_of_0_and_one_an_identity_loss_of_0(sign: float) -> None:
    """From N(0, 1) to N(0, 1) both x and −x are exact: F(G(x)) = x, but G(y) = y for one of them only."""
    g, f = network(1), network(2)
    for each in (g, f):
        each.parameters[:] = [sign, 0.0]
    x = np.random.default_rng(3).normal(0, 1, 100)
    there, back = passes(g, f, x, x)
    run([*cycle_program(1.0, there, back), *cycle_program(1.0, back, there)])
    assert not there.gradient.any()
    assert not back.gradient.any()
    run([*identity_program(1.0, there, back), *identity_program(1.0, back, there)])
    # d/dw mean |w·y − y| at w = −1 is −mean |y|.
    expected = 0.0 if sign > 0 else -np.abs(x).mean()
    assert there.gradient[0] == pytest.approx(expected)
    assert back.gradient[0] == pytest.approx(expected)
