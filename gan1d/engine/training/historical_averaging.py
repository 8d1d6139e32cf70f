"""Historical averaging: a penalty on the distance to the mean of a player's past parameters."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from gan1d.engine.arrays import Array
from gan1d.engine.networks.parameter_updates import update_average
from gan1d.engine.programs import Program, constant


class HistoricalAverage:
    """The mean of all past parameters of a player, and the penalty on the distance to it.

    The penalty adds weight·‖θ − (1/t)·Σ θᵢ‖² to the player's loss (Salimans et al. 2016, arXiv:1606.03498, section
    3.3); its gradient takes the mean as constant.

    Attributes:
        count: Number of updates in the mean.
        mean: `(…, parameters)`.
    """

    def __init__(self, parameters: Array) -> None:
        self.count = 0
        self.mean = np.zeros_like(parameters)

    def gradient_program(self, parameters: Array, gradient: Array, weight: float) -> Program:
        """Include `parameters` in the mean, and add 2·weight·(θ − mean) to `gradient`; empty for weight 0."""
        if weight == 0:
            return []
        distance, factor = np.empty_like(parameters), constant(2 * weight, parameters.dtype)
        share = np.empty((), parameters.dtype)

        def count_update() -> None:
            self.count += 1
            share.fill(1 / self.count)

        return [
            (count_update, ()),
            *update_average(self.mean, parameters, share, distance),
            (np.subtract, (parameters, self.mean, distance)),
            (np.multiply, (distance, factor, distance)),
            (np.add, (gradient, distance, gradient)),
        ]

    def state(self) -> dict[str, Any]:
        """Count and mean, which is None while nothing is in it: it would take as many bytes as the network."""
        return {"count": self.count, "mean": self.mean.copy() if self.count else None}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Return to what `state` has returned."""
        self.count = state["count"]
        self.mean[:] = 0.0 if state["mean"] is None else state["mean"]
