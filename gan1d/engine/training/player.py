"""One of the two players: its network, how it learns, and what its optimizer remembers."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import DTypeLike

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.morphism.curve_fitting import curve_change
from gan1d.engine.morphism.weight_transfer import MorphResult, morph, reinitialized
from gan1d.engine.networks.discriminator_inputs import OneSample
from gan1d.engine.networks.initialization import initialize
from gan1d.engine.networks.mlp import MLP
from gan1d.engine.networks.optimizers import decay_weights, rescale_averages
from gan1d.engine.networks.weight_constraints import AppliedConstraint, Constraint, NoConstraint
from gan1d.engine.programs import Program
from gan1d.engine.protocols import PlayerSettings
from gan1d.engine.training.historical_averaging import HistoricalAverage

ONE = OneSample()

NEW_UNIT_SCALE = 0.05
"""Factor on a new unit's incoming weights where weights are not free of each other. A layer that is divided by its
largest stretch is divided by more when weights are added: 0.1 % at this factor, 40 % at 1."""


class Inputs(Protocol):
    """What a network is given."""

    @property
    def rows(self) -> int: ...


class Player:
    """A network with an optimizer and its memory.

    Args:
        player: What it is made of and how it learns.
        rng: For first weights only; a new network draws on from where the last one stopped.
        dtype: Of its parameters.
        inputs: What the network is given, in so many rows; anything else builds it anew.
        constraint: What keeps its weights in bounds.

    Attributes:
        network: The function as it is now.
        memory: What the optimizer remembers.
        bound: The constraint at work; its free parameters are what the optimizer moves.
    """

    def __init__(
        self,
        player: PlayerSettings,
        rng: np.random.Generator,
        dtype: DTypeLike,
        inputs: Inputs = ONE,
        constraint: Constraint | None = None,
    ) -> None:
        self.player, self.inputs, self.constraint = player, inputs, constraint or NoConstraint()
        self._rng, self._dtype = rng, dtype
        self.network = self._room()
        self._draw(self.network)
        self.applied_constraint: AppliedConstraint = self.constraint.bind(self.network)
        self.optimizer_state = self.player.optimizer.init(self.applied_constraint.free)
        self.past = HistoricalAverage(self.applied_constraint.free)

    def _room(self) -> MLP:
        """A network of the present layers, all zero."""
        player = self.player
        sizes = (self.inputs.rows, *player.hidden, 1)
        return MLP(sizes, player.activation, input_scale=player.input_scale, dtype=self._dtype)

    def _draw(self, network: MLP) -> None:
        initialize(network, self._rng, **start_values(self.player))

    def change(
        self,
        player: PlayerSettings,
        inputs: Inputs = ONE,
        constraint: Constraint | None = None,
        *,
        points: Callable[[], Float64],
        reinitialize: bool = False,
    ) -> MorphResult | None:
        """Go on as another player: a new shape keeps the function as nearly as it can, a new optimizer forgets,
        anything else keeps both. A new constraint takes the network as it stands; other inputs ask for a new one.

        Args:
            player: What it is made of and how it learns from now on.
            inputs: What the network is given from now on.
            constraint: What keeps its weights in bounds from now on.
            points: Makes the points `(inputs, n)` at which the function matters, if it has to be fitted or measured.
            reinitialize: Let a new shape begin with first weights instead of what was learned.

        Returns:
            What became of the network; None if it is the one it was.
        """
        old, old_inputs, old_constraint = self.player, self.inputs, self.constraint
        self.player, self.inputs, self.constraint = player, inputs, constraint or NoConstraint()
        is_rebuilt = (inputs, shape_of(player)) != (old_inputs, shape_of(old))
        graft = self._rebuilt(points, reinitialize or inputs != old_inputs) if is_rebuilt else None
        optimizer_state = self.optimizer_state if graft is None else graft.optimizer_state
        is_bound_anew = self.constraint != old_constraint
        if graft is None and is_bound_anew:
            self.applied_constraint = self.constraint.bind(self.network)
        if optimizer_state is None or player.optimizer.kind != old.optimizer.kind:
            optimizer_state = player.optimizer.init(self.applied_constraint.free)
        else:
            rescale_averages(optimizer_state, old.optimizer, player.optimizer)
        self.optimizer_state = optimizer_state
        is_averaged_anew = (player.historical_averaging > 0) != (old.historical_averaging > 0)
        if is_rebuilt or is_bound_anew or is_averaged_anew:
            self.past = HistoricalAverage(self.applied_constraint.free)
        return graft

    def _rebuilt(self, points: Callable[[], Float64], reinitialize: bool) -> MorphResult:
        """Another network in the place of the present one, in the bounds of the constraint.

        A constraint may move the new weights; how far that moves the curve is measured. What the optimizer remembers is
        carried as if the weights were free, which is right but for a factor per layer.
        """
        old, room = self.network, self._room()
        are_free = self.applied_constraint.free is old.parameters
        if reinitialize:
            self._draw(room)
            graft = reinitialized(room)
        else:
            whisper = 1.0 if are_free else NEW_UNIT_SCALE
            graft = morph(old, self.optimizer_state, room, first=self._draw, points=points, new_unit_scale=whisper)
        made, followed = room.parameters.copy(), self.applied_constraint.state
        self.network, self.applied_constraint = room, self.constraint.bind(room)
        if graft.error == 0.0 and len(room.layers) == len(old.layers):
            self._go_on_following(followed)
        if not reinitialize and not np.array_equal(made, room.parameters):
            graft = replace(graft, error=curve_change(old, room, points()))
        return graft

    def _go_on_following(self, followed: Mapping[str, Array]) -> None:
        """Put back what the constraint followed of each layer, new units left out.

        It lags behind the weights, and to catch up at once would move the curve.
        """
        for name, value in self.applied_constraint.state.items():
            if name in followed and len(followed[name]) <= len(value):
                value[:] = 0.0
                value[: len(followed[name])] = followed[name]
        self.applied_constraint.refresh()

    def update(self, gradient_powers: Array) -> Program:
        """One update of this network from where its gradient will stand, `(2, …, parameters)`, the gradient first and
        then room for its square; both may be used up."""
        optimizer, free, gradient = self.player.optimizer, self.applied_constraint.free, gradient_powers[0]
        return [
            *self.applied_constraint.pull_back(gradient),
            *self.past.pull(free, gradient, self.player.historical_averaging),
            *decay_weights(free, optimizer.learning_rate * self.player.weight_decay),
            *optimizer.update(free, gradient_powers, self.optimizer_state),
            *self.applied_constraint.apply(),
        ]

    def state(self) -> dict[str, Any]:
        """All that makes it go on as it would have; arrays are copies."""
        return {
            "parameters": self.applied_constraint.free.copy(),
            "constraint": {name: value.copy() for name, value in self.applied_constraint.state.items()},
            "count": self.optimizer_state.count,
            "averages": {name: average.copy() for name, average in self.optimizer_state.averages.items()},
            "past": {"count": self.past.count, "mean": self.past.mean.copy()},
            "rng": self._rng.bit_generator.state,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Be as when `state` was taken.

        Raises:
            ValueError: The state belongs to a network of another size.
        """
        load(self.applied_constraint.free, state["parameters"])
        for name, value in self.applied_constraint.state.items():
            value[:] = state["constraint"][name]
        self.applied_constraint.refresh()
        self.optimizer_state.count = state["count"]
        for name, average in self.optimizer_state.averages.items():
            average[:] = state["averages"][name]
        self.past.count = state["past"]["count"]
        self.past.mean[:] = state["past"]["mean"]
        self._rng.bit_generator.state = state["rng"]


def load(parameters: Array, saved: Array) -> None:
    """Overwrite a network's parameters; ValueError if there are not as many."""
    if saved.shape != parameters.shape:
        raise ValueError(f"Expected {parameters.size} parameters, but got {saved.size}.")
    parameters[:] = saved


def start_values(player: PlayerSettings) -> dict[str, Any]:
    """How a network's first weights are drawn, as keywords of `initialization.initialize`."""
    start = player.initialization
    return {
        "weights": start.weights,
        "random_biases": start.random_biases,
        "output_gain": start.output_gain,
        "output_offset": start.output_offset,
    }


def shape_of(player: PlayerSettings) -> tuple[Any, ...]:
    """What a network is made of; a change to it asks for surgery."""
    return player.hidden, player.activation, player.input_scale
