"""Many runs at once, for sweeps over seeds and settings: the game of `Trainer`, played by stacks of networks.

At the sizes trained here, numpy spends more time on the overhead of its calls than on arithmetic. A stack makes each
call once for many networks, whose arrays lie behind each other along a leading axis. Each member behaves like a
`Trainer` with the same config, up to rounding. Members use separate random streams and do not influence each other,
even if one diverges.

`Ensemble` sorts its members into stacks, and each `Stack` trains some of them; neither is used without the other.
"""

from collections.abc import Sequence
from dataclasses import fields
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from gan1d.engine.arrays import Array
from gan1d.engine.data.conditioning import inputs_of_discriminator, inputs_of_generator
from gan1d.engine.data.instance_noise import InstanceNoise
from gan1d.engine.data.random_streams import open_stacked_streams, random_streams
from gan1d.engine.data.standardization import in_units, units_of
from gan1d.engine.data.translation import is_translation
from gan1d.engine.networks.initialization import initialize
from gan1d.engine.networks.mlp import MLP
from gan1d.engine.networks.weight_constraints import Constraint, NoConstraint
from gan1d.engine.objectives.codes import NoCode
from gan1d.engine.objectives.unrolling import NoUnrolling
from gan1d.engine.programs import run
from gan1d.engine.protocols import PlayerSettings, TrainerSettings
from gan1d.engine.training.code_head import head_inputs, head_settings
from gan1d.engine.training.discriminator_update import DiscriminatorUpdate
from gan1d.engine.training.generator_update import GeneratorUpdate
from gan1d.engine.training.player import Inputs, Player, initialization_options
from gan1d.engine.training.reports import Divergence, Reports, StepReport, divergence, joined
from gan1d.engine.training.stacked_config import common_config
from gan1d.engine.training.trainer import LARGEST_NORM, PLAYER_NAMES, constraint_of, joint_updates, state_units
from gan1d.engine.units import Units

LARGEST_STACK = 32
"""Largest number of members in one stack: with more, the overhead of numpy's calls no longer matters."""

CACHE_BUDGET = 9 * 2**18
"""Bytes that the activations of a stack may take: with more of them a stack leaves the processor's cache, and is slower
than one network at a time (0.97 times as fast for 32 default games, 1.27 times for 8)."""

SCORED_STEPS = 16
"""Steps whose scores are kept until their losses are computed at once, while the scores are still in the cache."""


class Member:
    """One run of an ensemble; `gan1d.observe` accepts it like a trainer.

    Attributes:
        config: The settings of the run.
        generator: G as it is now; shares its parameters with the ensemble.
        ema_generator: Running average of G's parameters.
        discriminator: D as it is now.
        code_head: Q, which reads the code from D's last hidden layer; None without a code.
        way_back: None, as an ensemble has no translations.
        units: Units of D's inputs and of G's outputs.
        report: Losses and gradient norms of the last step.
        diverged: None, or why the run has stopped for good.
    """

    def __init__(
        self,
        config: TrainerSettings,
        units: Units,
        generator: MLP,
        ema_generator: MLP,
        discriminator: MLP,
        head: MLP | None,
    ) -> None:
        self.config, self.units = config, units
        state_units(units, config, generator, ema_generator, discriminator)
        self.generator, self.ema_generator, self.discriminator = generator, ema_generator, discriminator
        self.code_head, self.way_back = head, None
        self.report = StepReport(0)
        self.diverged: Divergence | None = None

    @property
    def step_count(self) -> int:
        """Number of steps done."""
        return self.report.step


class Ensemble:
    """Many runs of the game at once.

    Args:
        configs: One for each run, at least one. They may differ in seed, target, standardization, training samples,
            prior and first weights, in the learning rates and weight decays of both players, in G's `ema_decay`, and
            in the strength of a penalty on slopes (`penalty.gamma`, `penalty.weight`, `loss.weight`).
        dtype: float32 to train, float64 to check gradients.
        stack: Largest number of members that are computed together; only speed depends on it. None chooses a number
            that fits the processor's cache.

    Attributes:
        members: The runs, in the order of `configs`.
        stacks: The same runs as they are computed, in the same order.

    Raises:
        ValueError: There is no config, the configs differ in another setting, or the generator has a lookahead or a
            source: unrolling works on one network at a time, a translation has four networks, and both need a
            `Trainer` for each run. Latents of several dimensions and labelled targets of several classes must have the
            same number of them.
    """

    def __init__(
        self, configs: Sequence[TrainerSettings], dtype: DTypeLike = np.float32, *, stack: int | None = None
    ) -> None:
        if stack is not None and stack < 1:
            raise ValueError(f"Expected stacks of 1 member or more, but got {stack}.")
        common = common_config(configs)
        lookahead = common.generator.lookahead
        for inputs in (inputs_of_generator(each) for each in configs):
            if inputs != inputs_of_generator(common):
                raise ValueError(f"Expected runs whose networks have the same inputs, but got {inputs} among others.")
        if not isinstance(lookahead, NoUnrolling):
            raise ValueError(f"Expected generator.lookahead of kind none, but got {lookahead.kind}.")
        if any(map(is_translation, configs)):
            raise ValueError("Expected noise as G's input, but got a source: a way back needs a Trainer for each run.")
        if common.discriminator.optimal:
            raise ValueError("Expected discriminator.optimal to be off, but it is on: it needs a Trainer for each run.")
        count = -(-len(configs) // (stack or stack_size_for(common, dtype)))
        bounds = [len(configs) * index // count for index in range(count + 1)]
        self.stacks = [Stack(configs[start:stop], dtype) for start, stop in pairwise(bounds)]
        self.members = [member for each in self.stacks for member in each.members]

    def run(self, count: int, *, losses: bool = True) -> Reports:
        """Make steps with every member that has not diverged.

        Args:
            count: Number of steps, at least 0.
            losses: Whether to compute both losses of each step, up to 7 % of its time; otherwise they are NaN.

        Returns:
            Columns `(members, count)`. Once a member has diverged, its `step` stays the same and the rest is NaN.

        Raises:
            ValueError: `count` is negative.
        """
        if count < 0:
            raise ValueError(f"Expected 0 steps or more, but got {count}.")
        return joined([stack.run(count, losses=losses) for stack in self.stacks], axis=0)


def stack_size_for(config: TrainerSettings, dtype: DTypeLike) -> int:
    """Number of members of a stack whose activations in D's update fit into `CACHE_BUDGET`."""
    rows = sum(size + 1 for size in config.discriminator.hidden)
    # Pre-activations, activations, their derivatives and their gradients, of reals and fakes.
    member = 4 * np.dtype(dtype).itemsize * rows * 2 * config.batch_size
    return min(max(CACHE_BUDGET // max(member, 1), 1), LARGEST_STACK)


class PlayerStack(Player):
    """One player of every member, as a stack, with the same first weights as each would have in a `Trainer`.

    Args:
        players: Each member's settings, for its first weights.
        common: The settings that the members share.
        rngs: Each member's stream of first weights.
        dtype: Data type of the parameters.
        inputs: The networks' inputs.
        constraint: Constraint on the weights.
        outputs: Number of outputs.
    """

    def __init__(
        self,
        players: Sequence[PlayerSettings],
        common: PlayerSettings,
        rngs: Sequence[np.random.Generator],
        dtype: DTypeLike,
        inputs: Inputs,
        constraint: Constraint,
        outputs: int = 1,
    ) -> None:
        self._players, self._rngs = players, rngs
        super().__init__(common, rngs[0], dtype, inputs, constraint, outputs)

    def _allocate(self) -> MLP:
        return blank_stack(super()._allocate(), len(self._players))

    def _initialize(self, network: MLP) -> None:
        for index, (player, rng) in enumerate(zip(self._players, self._rngs, strict=True)):
            initialize(network.member(index), rng, **initialization_options(player))


def blank_stack(network: MLP, members: int) -> MLP:
    """A stack of networks of the same layers, with all parameters 0."""
    scale = network.input_scale
    return MLP(network.sizes, network.activation, input_scale=scale, dtype=network.dtype, members=members)


def generator_stack(
    configs: Sequence[TrainerSettings], common: TrainerSettings, rngs: Sequence[np.random.Generator], dtype: DTypeLike
) -> PlayerStack:
    """G of every member, as a stack."""
    players, inputs = [each.generator for each in configs], inputs_of_generator(common)
    return PlayerStack(players, common.generator, rngs, dtype, inputs, NoConstraint())


def discriminator_stack(
    configs: Sequence[TrainerSettings], common: TrainerSettings, rngs: Sequence[np.random.Generator], dtype: DTypeLike
) -> PlayerStack:
    """D of every member, as a stack."""
    players, inputs = [each.discriminator for each in configs], inputs_of_discriminator(common)
    return PlayerStack(players, common.discriminator, rngs, dtype, inputs, constraint_of(common))


def code_head_stack(
    configs: Sequence[TrainerSettings], common: TrainerSettings, rngs: Sequence[np.random.Generator], dtype: DTypeLike
) -> PlayerStack | None:
    """Q of every member, as a stack; None without a code."""
    if isinstance(common.code, NoCode):
        return None
    players, inputs = [head_settings(each) for each in configs], head_inputs(common)
    return PlayerStack(players, head_settings(common), rngs, dtype, inputs, NoConstraint(), common.code.outputs)


class Stack:
    """Some members of an ensemble, which make every step together.

    Args:
        configs: One for each member.
        dtype: Data type of all computations.

    Attributes:
        members: The runs, in the order of `configs`.
        generator: Their generators.
        discriminator: Their discriminators.
    """

    def __init__(self, configs: Sequence[TrainerSettings], dtype: DTypeLike) -> None:
        units = [units_of(each) for each in configs]
        standardized = [in_units(*each) for each in zip(configs, units, strict=True)]
        config = self._config = common_config(standardized)
        rngs = [random_streams(each.seed) for each in configs]
        generator = generator_stack(configs, config, [each["generator"] for each in rngs], dtype)
        discriminator = discriminator_stack(configs, config, [each["discriminator"] for each in rngs], dtype)
        head = code_head_stack(configs, config, [each["code_head"] for each in rngs], dtype)
        g, d = self.generator, self.discriminator = generator.network, discriminator.network
        average = blank_stack(g, len(configs))
        average.parameters[:] = g.parameters
        self.members = [
            Member(
                each,
                units[index],
                g.member(index),
                average.member(index),
                d.member(index),
                None if head is None else head.network.member(index),
            )
            for index, each in enumerate(configs)
        ]
        self._noise = InstanceNoise(dtype)
        streams = open_stacked_streams(standardized, rngs, dtype)
        self._update_d = DiscriminatorUpdate(config, discriminator, g, streams, self._noise)
        self._update_g = GeneratorUpdate(config, generator, average, d, streams, self._noise, head)
        self._updates: tuple[DiscriminatorUpdate | GeneratorUpdate, ...] = (self._update_d, self._update_g)
        self._step = 0
        self._stopped = np.zeros((len(configs), 1), bool)
        # Arrays that an update changes, with copies to which the rows of stopped members are put back.
        updated = [
            generator.applied_constraint.free,
            g.parameters,
            discriminator.applied_constraint.free,
            d.parameters,
            average.parameters,
            *([] if head is None else [head.network.parameters]),
        ]
        self._updated = [(array, array.copy()) for array in updated]

    def run(self, count: int, *, losses: bool = True) -> Reports:
        """Make steps; columns are `(members, count)`."""
        # Overflow shows in the norms, where it is checked, so numpy need not warn of it.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            starts = range(0, max(count, 1), SCORED_STEPS)
            return joined([self._run_block(min(SCORED_STEPS, count - start), losses) for start in starts], axis=1)

    def _run_block(self, count: int, losses: bool) -> Reports:
        """Make `count` steps, and keep the scores of each if losses are wanted."""
        config, kept = self._config, count if losses else 0
        scores_d = np.empty((kept, *self._update_d.scores.shape), self._update_d.scores.dtype)
        scores_g = np.empty((kept, *self._update_g.scores.shape), scores_d.dtype)
        norms = np.full((2, count, len(self.members)), np.nan, scores_d.dtype)
        made = np.zeros((count, len(self.members)), bool)
        for row in range(count):
            if self._stopped.all():
                break
            if config.instance_noise.deviation:
                self._noise.set(config.instance_noise, self._step)
            if config.update_order.is_joint:
                self._apply_jointly(norms[:, row])
            else:
                for _ in range(config.discriminator_steps):
                    self._apply(0, norms[0, row])
                for _ in range(config.generator_steps):
                    self._apply(1, norms[1, row])
            if losses:
                scores_d[row], scores_g[row] = self._update_d.scores, self._update_g.scores
            np.logical_not(self._stopped[:, 0], made[row])
            self._step += 1
        return self._reports(scores_d, scores_g, np.sqrt(norms, norms), made)

    def _apply(self, player: int, squared_norms: Array) -> None:
        """Update one player of every member, and write the squared norms of their gradients, `(members,)`.

        A member whose norm is above `LARGEST_NORM`, or NaN, stops before its update, as a `Trainer` would.
        """
        self._compute_gradient(player, squared_norms)
        self._update(player)

    def _apply_jointly(self, squared_norms: Array) -> None:
        """Make the joint updates of a step of every member, and write the squared norms of the last gradients of D and
        of G, `(2, members)`. A member that stops keeps the parameters from before the round."""
        config = self._config
        for trial, are_updated in joint_updates(
            config.update_order, config.discriminator_steps, config.generator_steps
        ):
            players = [player for player in (0, 1) if are_updated[player]]
            if trial:
                self._save(~self._stopped)
            for player in players:
                self._compute_gradient(player, squared_norms[player], is_saved=config.update_order.extrapolates)
            for player in players:
                self._update(player)

    def _compute_gradient(self, player: int, squared_norms: Array, *, is_saved: bool = False) -> None:
        """Compute the gradients of one player, and stop the members whose norm is too large or NaN.

        Args:
            player: 0 for D, 1 for G.
            squared_norms: Squared norms of the gradients, `(members,)`, overwritten.
            is_saved: Whether the parameters to which members that stop return are saved already.
        """
        update = self._updates[player]
        run(update.gradient_program)
        np.einsum("mp,mp->m", update.gradient, update.gradient, out=squared_norms)
        if squared_norms.max() <= LARGEST_NORM**2:
            return
        chosen = ~(squared_norms <= LARGEST_NORM**2) & ~self._stopped[:, 0]
        for index in np.flatnonzero(chosen):
            self.members[index].diverged = divergence(self._step + 1, PLAYER_NAMES[player])
        self._stopped[chosen] = True
        if not is_saved:
            self._save(chosen[:, None])

    def _save(self, chosen: NDArray[np.bool_]) -> None:
        """Save the parameters of some members, `(members, 1)`."""
        for array, saved in self._updated:
            np.copyto(saved, array, where=chosen)

    def _update(self, player: int) -> None:
        """Apply the gradients of one player; the members that have stopped keep their saved parameters."""
        run(self._updates[player].update_program)
        if self._stopped.any():
            for array, saved in self._updated:
                np.copyto(array, saved, where=self._stopped)

    def _reports(self, scores_d: Array, scores_g: Array, norms: Array, made: NDArray[np.bool_]) -> Reports:
        """Report some steps, and give each member the report of its last one.

        Args:
            scores_d: D's scores, `(steps, members, 2, batch)`; without steps if no losses are wanted.
            scores_g: D's scores of the fakes in G's update, `(steps, members, batch)`; likewise.
            norms: Gradient norms of D and G, `(2, steps, members)`.
            made: Whether a member made the step, `(steps, members)`.
        """
        loss = self._config.loss
        before = np.array([member.step_count for member in self.members])
        losses = loss.discriminator_value(scores_d), loss.generator_value(scores_g)
        measured = (*(values if len(values) else np.full(made.shape, np.nan) for values in losses), *norms)
        columns: list[Any] = [np.where(made, values, np.nan).astype(np.float64).T for values in measured]
        reports = Reports((before + made.cumsum(axis=0)).T, *columns)
        for index, (member, last) in enumerate(zip(self.members, made.sum(axis=0) - 1, strict=True)):
            if last >= 0:
                row = (float(getattr(reports, f.name)[index, last]) for f in fields(Reports)[1:])
                member.report = StepReport(int(reports.step[index, last]), *row)
        return reports
