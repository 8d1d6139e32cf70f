"""Historical averaging: the running mean of all parameters, and the gradient of the distance to it."""

import numpy as np
import pytest

from gan1d.engine.programs import run
from gan1d.engine.training.historical_averaging import HistoricalAverage


def test_the_mean_and_the_gradient_by_hand() -> None:
    """The mean of 1 and 4 is 2.5, so the gradient of 0.5·(4 − 2.5)² is 2·0.5·1.5 = 1.5; the first mean is θ itself."""
    parameters, gradient = np.array([1.0]), np.array([10.0])
    average = HistoricalAverage(parameters)
    program = average.gradient_program(parameters, gradient, weight=0.5)
    run(program)
    assert (average.count, average.mean.tolist(), gradient.tolist()) == (1, [1.0], [10.0])
    parameters[:] = 4.0
    run(program)
    assert (average.count, average.mean.tolist(), gradient.tolist()) == (2, [2.5], [11.5])


@pytest.mark.parametrize("shape", [(7,), (3, 7)])
def test_the_mean_is_that_of_all_parameters_so_far(shape: tuple[int, ...]) -> None:
    history = np.random.default_rng(1).normal(size=(20, *shape))
    parameters, gradient = np.empty(shape), np.zeros(shape)
    average = HistoricalAverage(parameters)
    program = average.gradient_program(parameters, gradient, weight=1.0)
    for each in history:
        parameters[:] = each
        run(program)
    np.testing.assert_allclose(average.mean, history.mean(axis=0), rtol=1e-12)


def test_weight_0_makes_no_calls() -> None:
    assert HistoricalAverage(np.zeros(2)).gradient_program(np.zeros(2), np.zeros(2), weight=0.0) == []
