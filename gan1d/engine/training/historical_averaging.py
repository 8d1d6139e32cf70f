"""Historical averaging: a pull of G towards the mean of its past parameters."""

import numpy as np

from gan1d.engine.arrays import Array
from gan1d.engine.networks.optimizers import update_average
from gan1d.engine.programs import Program, constant


class HistoricalAverage:
    """Historical averaging: the mean of all parameters so far, to which a player is drawn back.

    It adds weight·‖θ − (1/t)·Σ θᵢ‖² to the player's loss (Salimans et al. 2016, arXiv:1606.03498, section 3.3), the
    mean taken as given.

    Attributes:
        count: Updates that are in the mean.
        mean: `(…, parameters)`.
    """

    def __init__(self, parameters: Array) -> None:
        self.count = 0
        self.mean = np.zeros_like(parameters)

    def pull(self, parameters: Array, gradient: Array, weight: float) -> Program:
        """Take the parameters into the mean, and add 2·weight·(θ − mean) to the gradient; nothing for weight 0."""
        if weight == 0:
            return []
        away, factor = np.empty_like(parameters), constant(2 * weight, parameters.dtype)
        share = np.empty((), parameters.dtype)

        def count() -> None:
            self.count += 1
            share.fill(1 / self.count)

        return [
            (count, ()),
            *update_average(self.mean, parameters, share, away),
            (np.subtract, (parameters, self.mean, away)),
            (np.multiply, (away, factor, away)),
            (np.add, (gradient, away, gradient)),
        ]
