"""Many runs at once, for sweeps over seeds and settings: the same game as `Trainer`'s, played by stacks of networks.

At the sizes trained here, numpy spends more time on finding out what to do than on doing it. In a stack it is told
once for many networks, whose arrays lie behind each other along a leading axis. What a member does is, but for
rounding, what a trainer with its config does: it has its own random streams, and whether another member is there,
or diverges, is nothing to it.
"""

from collections.abc import Sequence
from dataclasses import fields
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from gan1d.engine.arrays import Array
from gan1d.engine.data.batches import StackedBatchStream
from gan1d.engine.data.conditioning import inputs_of_discriminator, inputs_of_generator
from gan1d.engine.data.instance_noise import InstanceNoise
from gan1d.engine.data.random_streams import random_streams, samplers_of
from gan1d.engine.networks.initialization import initialize
from gan1d.engine.networks.mlp import MLP
from gan1d.engine.networks.weight_constraints import Constraint
from gan1d.engine.objectives.unrolling import NoLookahead
from gan1d.engine.programs import run
from gan1d.engine.protocols import PlayerSettings, TrainerSettings
from gan1d.engine.training.player import ONE, Inputs, Player, start_values
from gan1d.engine.training.reports import Divergence, Reports, StepReport
from gan1d.engine.training.stacked_config import common_config
from gan1d.engine.training.trainer import LARGEST_NORM, constraint_of, divergence
from gan1d.engine.training.updates import DiscriminatorUpdate, GeneratorUpdate

LARGEST_STACK = 32
"""Members in one stack, at most: numpy has enough to do at a time by then."""

ROOM = 9 * 2**18
"""Bytes that the activations of a stack may take: with more of them a stack leaves the processor's cache, and is slower
than one network at a time (0.97 times as fast for 32 default games, 1.27 times for 8)."""

KEPT = 16
"""Steps whose scores are kept until all their losses are computed at once, while they are in the cache."""


class Member:
    """One run of an ensemble, as far as it has come; `gan1d.observe` looks at it as at a trainer.

    Attributes:
        config: Its settings.
        generator: G as it is now; it moves on with the ensemble.
        ema_generator: Running average of G's parameters.
        discriminator: D as it is now.
        report: What its last step measured.
        step_count: Steps done.
        diverged: None, or why it makes no further step.
    """

    def __init__(self, config: TrainerSettings, generator: MLP, ema_generator: MLP, discriminator: MLP) -> None:
        self.config = config
        self.generator, self.ema_generator, self.discriminator = generator, ema_generator, discriminator
        self.report = StepReport(0)
        self.diverged: Divergence | None = None

    @property
    def step_count(self) -> int:
        """Steps done."""
        return self.report.step


class Ensemble:
    """Many runs of the game at once.

    Args:
        configs: One for each run, at least one. They may differ in seed, target, training points, prior and first
            weights, in the learning rates and weight decays of both players, in G's `ema_decay`, and in the strength of
            a penalty on slopes (`penalty.gamma`, `penalty.weight`, `loss.weight`).
        dtype: float32 to train, float64 to prove.
        stack: Members that are computed together, at most; only speed depends on it. None: as many as do well.

    Attributes:
        members: The runs, in the order of `configs`.

    Raises:
        ValueError: There is no config, they differ in something else, or the generator is to look ahead: D's answers
            are made for one network at a time, which asks for a `Trainer` for each run. Latents of several dimensions
            and labelled targets of several classes must have the same number of them.
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
        if not isinstance(lookahead, NoLookahead):
            raise ValueError(f"Expected generator.lookahead of kind none, but got {lookahead.kind}.")
        count = -(-len(configs) // (stack or stack_size_for(common, dtype)))
        ends = [len(configs) * index // count for index in range(count + 1)]
        self._stacks = [Stack(configs[start:end], dtype) for start, end in pairwise(ends)]
        self.members = [member for each in self._stacks for member in each.members]

    def run(self, count: int) -> Reports:
        """Make steps with every member that has not diverged.

        Args:
            count: Steps to make, at least 0.

        Returns:
            Columns `(members, count)`; from where a member diverged, `step` stays the same, and the rest is NaN.

        Raises:
            ValueError: `count` is negative.
        """
        if count < 0:
            raise ValueError(f"Expected 0 steps or more, but got {count}.")
        parts = [stack.run(count) for stack in self._stacks]
        return Reports(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Reports)))


def stack_size_for(config: TrainerSettings, dtype: DTypeLike) -> int:
    """How many members of a game to compute together, by the room that D's activations take in its turn."""
    rows = sum(size + 1 for size in config.discriminator.hidden)
    # Pre-activations, activations, their slopes, and what comes back; reals and fakes.
    member = 4 * np.dtype(dtype).itemsize * rows * 2 * config.batch_size
    return min(max(ROOM // max(member, 1), 1), LARGEST_STACK)


class PlayerStack(Player):
    """One player of every member, as a stack: first weights are those that each would have alone.

    Args:
        players: Each member's, for its first weights.
        player: What they share.
        rngs: Each member's stream of first weights.
        dtype: Of the parameters.
        inputs: What their networks are given.
        constraint: What keeps the weights in bounds.
    """

    def __init__(
        self,
        players: Sequence[PlayerSettings],
        player: PlayerSettings,
        rngs: Sequence[np.random.Generator],
        dtype: DTypeLike,
        inputs: Inputs = ONE,
        constraint: Constraint | None = None,
    ) -> None:
        self._players, self._rngs = players, rngs
        super().__init__(player, rngs[0], dtype, inputs, constraint)

    def _room(self) -> MLP:
        one = super()._room()
        return MLP(one.sizes, one.activation, input_scale=one.input_scale, dtype=one.dtype, members=len(self._players))

    def _draw(self, network: MLP) -> None:
        for index, (player, rng) in enumerate(zip(self._players, self._rngs, strict=True)):
            initialize(network.member(index), rng, **start_values(player))


class Stack:
    """Some members of an ensemble, which make every step together.

    Args:
        configs: One for each.
        dtype: Of all that is computed.

    Attributes:
        members: The runs.
    """

    def __init__(self, configs: Sequence[TrainerSettings], dtype: DTypeLike) -> None:
        config = self._config = common_config(configs)
        rngs = [random_streams(each.seed) for each in configs]
        first_g, first_d = ([each[player] for each in rngs] for player in ("generator", "discriminator"))
        g = PlayerStack(
            [each.generator for each in configs], config.generator, first_g, dtype, inputs_of_generator(config)
        )
        judges = [each.discriminator for each in configs]
        d = PlayerStack(
            judges, config.discriminator, first_d, dtype, inputs_of_discriminator(config), constraint_of(config)
        )
        average = MLP(
            g.network.sizes, g.network.activation, input_scale=g.network.input_scale, dtype=dtype, members=len(configs)
        )
        average.parameters[:] = g.network.parameters
        self.members = [
            Member(each, g.network.member(index), average.member(index), d.network.member(index))
            for index, each in enumerate(configs)
        ]
        draws = [samplers_of(each) for each in configs]
        feeds = {
            name: StackedBatchStream([each[name][0] for each in draws], [each[name] for each in rngs], size, dtype)
            for name, (_, size) in draws[0].items()
        }
        self._noise = InstanceNoise(dtype)
        self._turn_d = DiscriminatorUpdate(config, d, g.network, feeds, self._noise)
        self._turn_g = GeneratorUpdate(config, g, average, d.network, feeds, self._noise)
        self._step = 0
        self._stopped = np.zeros((len(configs), 1), bool)
        # What a member that has stopped is put back to after each update of the others.
        moving = [
            g.applied_constraint.free,
            g.network.parameters,
            d.applied_constraint.free,
            d.network.parameters,
            average.parameters,
        ]
        self._moving = [(array, array.copy()) for array in moving]

    def run(self, count: int) -> Reports:
        """Make steps; columns are `(members, count)`."""
        # Numbers that overflow are looked for where they end up, in the norms; numpy need not warn.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            parts = [self._run_few(min(KEPT, count - start)) for start in range(0, max(count, 1), KEPT)]
        return Reports(*(np.concatenate([getattr(part, f.name) for part in parts], axis=1) for f in fields(Reports)))

    def _run_few(self, count: int) -> Reports:
        """Some steps, with room to keep the scores of each."""
        config = self._config
        scores_d = np.empty((count, *self._turn_d.scores.shape), self._turn_d.scores.dtype)
        scores_g = np.empty((count, *self._turn_g.scores.shape), scores_d.dtype)
        squares = np.full((2, count, len(self.members)), np.nan, scores_d.dtype)
        made = np.zeros((count, len(self.members)), bool)
        for row in range(count):
            if self._stopped.all():
                break
            if config.instance_noise.deviation:
                self._noise.set(config.instance_noise, self._step)
            for _ in range(config.discriminator_steps):
                self._move(self._turn_d, "discriminator", squares[0, row])
            for _ in range(config.generator_steps):
                self._move(self._turn_g, "generator", squares[1, row])
            scores_d[row], scores_g[row] = self._turn_d.scores, self._turn_g.scores
            np.logical_not(self._stopped[:, 0], made[row])
            self._step += 1
        return self._reported(scores_d, scores_g, np.sqrt(squares), made)

    def _move(self, turn: DiscriminatorUpdate | GeneratorUpdate, player: str, squares: Array) -> None:
        """One update of one player of every member; writes the squared norms of their gradients, `(members,)`.

        A member whose norm is out of all bounds stops there, as its trainer would.
        """
        run(turn.compute)
        np.einsum("mp,mp->m", turn.gradient, turn.gradient, out=squares)
        is_fine = squares.max() <= LARGEST_NORM**2
        if not is_fine:
            self._stop(~(squares <= LARGEST_NORM**2) & ~self._stopped[:, 0], player)
        run(turn.update)
        if not is_fine or self._stopped.any():
            for array, last in self._moving:
                np.copyto(array, last, where=self._stopped)

    def _stop(self, who: NDArray[np.bool_], player: str) -> None:
        """Some members go no further, and stay as they are before this update."""
        for index in np.flatnonzero(who):
            self.members[index].diverged = divergence(self._step + 1, player)
        self._stopped[who] = True
        for array, last in self._moving:
            np.copyto(last, array, where=who[:, None])

    def _reported(self, scores_d: Array, scores_g: Array, norms: Array, made: NDArray[np.bool_]) -> Reports:
        """The rows of these steps, and the last one made for each member."""
        loss = self._config.loss
        before = np.array([member.step_count for member in self.members])
        measured = (loss.discriminator_value(scores_d), loss.generator_value(scores_g), *norms)
        columns: list[Any] = [np.where(made, values, np.nan).astype(np.float64).T for values in measured]
        reports = Reports((before + made.cumsum(axis=0)).T, *columns)
        for index, (member, last) in enumerate(zip(self.members, made.sum(axis=0) - 1, strict=True)):
            if last >= 0:
                row = (float(getattr(reports, f.name)[index, last]) for f in fields(Reports)[1:])
                member.report = StepReport(int(reports.step[index, last]), *row)
        return reports
