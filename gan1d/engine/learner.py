"""One of the two players: its network, how it learns, and what its optimizer remembers."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from gan1d.engine.activations import Array
from gan1d.engine.initialization import initialize
from gan1d.engine.mlp import MLP
from gan1d.engine.settings import Player


class Learner:
    """A network with an optimizer and its memory.

    Args:
        player: What it is made of and how it learns.
        rng: For first weights only; a rebuilt network draws on from where the last one stopped.
        dtype: Of its parameters.

    Attributes:
        network: The function as it is now.
        memory: What the optimizer remembers.
    """

    def __init__(self, player: Player, rng: np.random.Generator, dtype: DTypeLike) -> None:
        self.player = player
        self._rng, self._dtype = rng, dtype
        self._build()

    def _build(self) -> None:
        player = self.player
        sizes = (1, *player.hidden, 1)
        self.network = MLP(sizes, player.activation, input_scale=player.input_scale, dtype=self._dtype)
        initialize(self.network, self._rng, **start_values(player))
        self.memory = player.optimizer.init(self.network.parameters)

    def change(self, player: Player) -> bool:
        """Go on as another player: a new shape builds the network anew, a new optimizer forgets, anything else
        keeps both.

        Returns:
            Whether the network was built anew.
        """
        old, self.player = self.player, player
        if shape_of(player) != shape_of(old):
            self._build()
            return True
        if player.optimizer.kind != old.optimizer.kind:
            self.memory = player.optimizer.init(self.network.parameters)
        return False

    def updater(self, gradient: Array) -> Callable[[], None]:
        """The optimizer's update of this network, bound to the vector in which its gradient will stand."""
        return self.player.optimizer.updater(self.network.parameters, gradient, self.memory)

    def state(self) -> dict[str, Any]:
        """All that makes it go on as it would have; arrays are copies."""
        return {
            "parameters": self.network.parameters.copy(),
            "count": self.memory.count,
            "averages": {name: average.copy() for name, average in self.memory.averages.items()},
            "rng": self._rng.bit_generator.state,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Be as when `state` was taken.

        Raises:
            ValueError: The state belongs to a network of another size.
        """
        load(self.network, state["parameters"])
        self.memory.count = state["count"]
        for name, average in self.memory.averages.items():
            average[:] = state["averages"][name]
        self._rng.bit_generator.state = state["rng"]


def load(network: MLP, parameters: Array) -> None:
    """Overwrite a network's parameters; ValueError if there are not as many."""
    if parameters.shape != network.parameters.shape:
        raise ValueError(f"Expected {network.parameters.size} parameters, but got {parameters.size}.")
    network.parameters[:] = parameters


def start_values(player: Player) -> dict[str, Any]:
    """How a network's first weights are drawn, as keywords of `initialization.initialize`."""
    start = player.initialization
    return {
        "weights": start.weights,
        "random_biases": start.random_biases,
        "output_gain": start.output_gain,
        "output_offset": start.output_offset,
    }


def shape_of(player: Player) -> tuple[Any, ...]:
    """What a network is made of; a change to it builds the network anew."""
    return player.hidden, player.activation, player.input_scale
