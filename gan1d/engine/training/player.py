"""A player: its network, its optimizer's state, and the constraint on its weights."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import DTypeLike

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.morphism.curve_fitting import curve_change
from gan1d.engine.morphism.weight_transfer import MorphResult, morph, reinitialized
from gan1d.engine.networks.initialization import initialize
from gan1d.engine.networks.mlp import MLP
from gan1d.engine.networks.optimizers import OptimizerState, rescale_averages
from gan1d.engine.networks.parameter_updates import decay_weights
from gan1d.engine.networks.weight_constraints import AppliedConstraint, Constraint
from gan1d.engine.programs import Program
from gan1d.engine.protocols import PlayerSettings
from gan1d.engine.training.historical_averaging import HistoricalAverage
from gan1d.engine.training.live_programs import LivePart

NEW_UNIT_SCALE = 0.05
"""Scale of a new unit's incoming weights under spectral normalization. Adding weights raises the layer's spectral norm,
which shrinks all others: by 0.1 % at 0.05, by 40 % at 1."""


class Inputs(Protocol):
    """The inputs of a network."""

    @property
    def rows(self) -> int:
        """Number of inputs."""
        ...


class Player:
    """A network with its optimizer.

    Args:
        settings: The network's layers and how it is trained.
        rng: Stream of first weights; a rebuilt network continues with it.
        dtype: Data type of the parameters.
        inputs: The network's inputs; other inputs require a new network.
        constraint: Constraint on the weights.
        outputs: Number of outputs.

    Attributes:
        settings: The settings in force.
        network: The network as it is now.
        optimizer_state: The state of the optimizer.
        age: Number of updates since the start, or since the last change of a setting of either player.
        applied_constraint: The constraint applied to the network; the optimizer updates its free parameters.
        is_extrapolated: Whether the parameters are those of an update on trial; see `update_order.Extragradient`.
    """

    def __init__(
        self,
        settings: PlayerSettings,
        rng: np.random.Generator,
        dtype: DTypeLike,
        inputs: Inputs,
        constraint: Constraint,
        outputs: int = 1,
    ) -> None:
        self.settings, self.inputs, self.constraint = settings, inputs, constraint
        self._rng, self._dtype, self._outputs = rng, dtype, outputs
        self.network = self._allocate()
        self._initialize(self.network)
        self._bind()
        self.optimizer_state = settings.optimizer.init(self.applied_constraint.free)
        self.age = 0
        self.is_extrapolated = False
        self._start = self.applied_constraint.free

    def _allocate(self) -> MLP:
        """A network of the present layers with all parameters 0."""
        settings = self.settings
        sizes = (self.inputs.rows, *settings.hidden, self._outputs)
        return MLP(sizes, settings.activation, input_scale=settings.input_scale, dtype=self._dtype)

    def _initialize(self, network: MLP) -> None:
        initialize(network, self._rng, **initialization_options(self.settings))

    def _bind(self) -> None:
        """Apply the constraint to the network, and start the historical average anew."""
        self.applied_constraint: AppliedConstraint = self.constraint.bind(self.network)
        self._restart_average()

    def _restart_average(self) -> None:
        self._average = HistoricalAverage(self.applied_constraint.free)

    def change(
        self,
        settings: PlayerSettings,
        inputs: Inputs,
        constraint: Constraint,
        *,
        points: Callable[[], Float64],
        reinitialize: bool = False,
    ) -> MorphResult | None:
        """Continue with other settings.

        Other layers, another activation or input scale rebuild the network so that it computes nearly the same
        function. Other inputs require a new network. An optimizer of another kind starts with an empty state. A new
        constraint is applied to the weights as they are.

        Args:
            settings: The settings from now on.
            inputs: The network's inputs from now on.
            constraint: The constraint from now on.
            points: Makes the points `(inputs, n)` at which a rebuilt network is fitted and compared with the old one.
            reinitialize: Draw first weights for a rebuilt network, instead of keeping the function.

        Returns:
            The rebuilt network and how far it is from the old one; None if the network is not rebuilt.
        """
        old, old_constraint = self.settings, self.constraint
        is_rebuilt = (inputs, shape_of(settings)) != (self.inputs, shape_of(old))
        reinitialize = reinitialize or inputs != self.inputs
        self.settings, self.inputs, self.constraint = settings, inputs, constraint
        result = self._rebuild(points, reinitialize) if is_rebuilt else None
        if result is None and constraint != old_constraint:
            self._bind()
        elif (settings.historical_averaging > 0) != (old.historical_averaging > 0):
            self._restart_average()
        self._change_optimizer(old, self.optimizer_state if result is None else result.optimizer_state)
        return result

    def _change_optimizer(self, old: PlayerSettings, state: OptimizerState | None) -> None:
        """Take over the state of the old optimizer, or start with an empty one if there is none of the same kind."""
        optimizer = self.settings.optimizer
        if state is None or optimizer.kind != old.optimizer.kind:
            state = optimizer.init(self.applied_constraint.free)
        elif optimizer != old.optimizer or old.rate_half_life:
            rescale_averages(state, old.optimizer, optimizer)
            if state is self.optimizer_state:
                optimizer.write_constants(state)
        self.optimizer_state = state

    def _rebuild(self, points: Callable[[], Float64], reinitialize: bool) -> MorphResult:
        """Replace the network by one of the present settings, and bind the constraint to it.

        A constraint may change the new weights; the change of the curve is then measured. The optimizer's state is
        transferred as if the weights were free, which is right up to a factor per layer.
        """
        old, old_constraint, new = self.network, self.applied_constraint, self._allocate()
        if reinitialize:
            self._initialize(new)
            result = reinitialized(new)
        else:
            scale = 1.0 if old_constraint.free is old.parameters else NEW_UNIT_SCALE
            result = morph(
                old, self.optimizer_state, new, initialize=self._initialize, points=points, new_unit_scale=scale
            )
        unconstrained = new.parameters.copy()
        self.network = new
        self._bind()
        if result.deviation == 0.0 and len(new.layers) == len(old.layers):
            self._restore_constraint_state(old_constraint.state)
        if not reinitialize and not np.array_equal(unconstrained, new.parameters):
            result = replace(result, deviation=curve_change(old, new, points()))
        return result

    def _restore_constraint_state(self, old: Mapping[str, Array]) -> None:
        """Take over the constraint's running vectors of each layer, with 0 for new units.

        They lag behind the weights, and to bring them up to date at once would change the curve.
        """
        for name, value in self.applied_constraint.state.items():
            if name in old and len(old[name]) <= len(value):
                value[:] = 0.0
                value[: len(old[name])] = old[name]
        self.applied_constraint.refresh()

    def update_parts(self, gradient_powers: Array) -> list[LivePart]:
        """The parts of one update of the parameters.

        Args:
            gradient_powers: `(2, …, parameters)`: the gradient with respect to the network's parameters, and a buffer
                for its square. Both are overwritten.
        """
        gradient = gradient_powers[0]

        def part(select: Callable[[PlayerSettings], Any], write: Callable[[Array, Any], Program]) -> LivePart:
            """Calls for some settings; all depend on the constraint, which defines the free parameters."""
            return LivePart(
                lambda _: (self.constraint, select(self.settings)),
                lambda selected: write(self.applied_constraint.free, selected[1]),
            )

        return [
            part(lambda _: None, lambda free, _: self.applied_constraint.pull_back(gradient)),
            part(
                lambda settings: settings.historical_averaging,
                lambda free, weight: self._average.gradient_program(free, gradient, weight),
            ),
            LivePart(
                lambda config: config.update_order.extrapolates,
                lambda extrapolates: [(self._exchange, ())] if extrapolates else [],
            ),
            part(lambda settings: settings.optimizer.learning_rate * settings.weight_decay, decay_weights),
            part(
                lambda settings: settings.rate_half_life,
                lambda _, half_life: [(self._reduce_rate, (half_life,))] if half_life else [],
            ),
            part(
                lambda settings: settings.optimizer.kind,
                lambda free, _: self.settings.optimizer.update(free, gradient_powers, self.optimizer_state),
            ),
            part(lambda _: None, lambda free, _: self.applied_constraint.apply()),
        ]

    def _reduce_rate(self, half_life: int) -> None:
        """Set the rate of the next update: α/(1 + t/half_life) after t updates.

        The sum of such rates is infinite and that of their squares is not, so that the noise of the gradient averages
        out and every minimum stays in reach (Robbins & Monro 1951, Annals of Mathematical Statistics 22, 400-407).
        """
        optimizer = self.settings.optimizer
        rate = optimizer.learning_rate / (1 + self.age / half_life)
        replace(optimizer, learning_rate=rate).write_constants(self.optimizer_state)
        self.age += not self.is_extrapolated

    def _exchange(self) -> None:
        """Keep the parameters before an update on trial; before the next update, return to them."""
        free = self.applied_constraint.free
        if self.is_extrapolated:
            free[...] = self._start
        else:
            self._start = free.copy()
        self.is_extrapolated = not self.is_extrapolated

    def abandon_extrapolation(self) -> None:
        """Return to the parameters before an update on trial, if there was one."""
        if self.is_extrapolated:
            self._exchange()
            self.applied_constraint.refresh()

    def state(self) -> dict[str, Any]:
        """All that is needed to continue bit for bit; arrays are copies."""
        return {
            "parameters": self.applied_constraint.free.copy(),
            "constraint": {name: value.copy() for name, value in self.applied_constraint.state.items()},
            "count": self.optimizer_state.count,
            "age": self.age,
            "averages": {name: average.copy() for name, average in self.optimizer_state.averages.items()},
            "historical_average": self._average.state(),
            "rng": self._rng.bit_generator.state,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Return to a state that `state` has returned.

        Raises:
            ValueError: The state belongs to a network of another size.
        """
        load(self.applied_constraint.free, state["parameters"])
        for name, value in self.applied_constraint.state.items():
            value[:] = state["constraint"][name]
        self.applied_constraint.refresh()
        self.optimizer_state.count = state["count"]
        self.age = state.get("age", 0)  # not in version 0.2
        for name, average in self.optimizer_state.averages.items():
            average[:] = state["averages"][name]
        past = state["historical_average"] if "historical_average" in state else state["past"]  # of version 0.1
        self._average.restore(past)
        self._rng.bit_generator.state = state["rng"]


def load(parameters: Array, saved: Array) -> None:
    """Overwrite a network's parameters.

    Raises:
        ValueError: The number of parameters differs.
    """
    if saved.shape != parameters.shape:
        raise ValueError(f"Expected {parameters.size} parameters, but got {saved.size}.")
    parameters[:] = saved


def initialization_options(player: PlayerSettings) -> dict[str, Any]:
    """The keyword arguments of `initialization.initialize` for a player's first weights."""
    initialization = player.initialization
    return {
        "weights": initialization.weights,
        "random_biases": initialization.random_biases,
        "output_gain": initialization.output_gain,
        "output_offset": initialization.output_offset,
    }


def shape_of(player: PlayerSettings) -> tuple[Any, ...]:
    """The settings that define a player's network; a change rebuilds it."""
    return player.hidden, player.activation, player.input_scale
