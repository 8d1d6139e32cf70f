"""The trainer: the generator and the discriminator, updated in turn.

One step is that of Goodfellow et al. (2014, arXiv:1406.2661, algorithm 1): `discriminator_steps` times, draw latents
and real samples and update D; then, `generator_steps` times, draw *new* latents and update G, with D fixed. Other
orders are in `update_order`.

All random numbers come from one seed through separate streams, so that no part of a run disturbs another, and are drawn
for many steps at a time. The same settings and seed give the same bits on the same kind of processor, whether
or not the run is observed.

Separate and joint updates stand in one file, because they are two orders of the same few calls.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from gan1d.engine.arrays import Array
from gan1d.engine.data.batches import BLOCK
from gan1d.engine.data.conditioning import inputs_of_discriminator, inputs_of_generator
from gan1d.engine.data.instance_noise import InstanceNoise
from gan1d.engine.data.random_streams import batch_settings, open_streams, random_streams, streams_back
from gan1d.engine.data.standardization import in_units, units_after, units_of
from gan1d.engine.data.translation import is_translation, mirrored
from gan1d.engine.networks.mlp import MLP, duplicate
from gan1d.engine.networks.weight_constraints import Constraint, NoConstraint
from gan1d.engine.programs import run
from gan1d.engine.protocols import TrainerSettings
from gan1d.engine.training.code_head import code_head, head_inputs, head_settings
from gan1d.engine.training.discriminator_update import DiscriminatorUpdate
from gan1d.engine.training.generator_update import GeneratorUpdate
from gan1d.engine.training.player import Player, initialization_options, load
from gan1d.engine.training.reports import Divergence, Reports, StepReport, divergence, joined
from gan1d.engine.training.way_back import PairOfUpdates, change_pair, make_way_back, shared_losses
from gan1d.engine.units import IDENTITY, Units
from gan1d.engine.update_order import UpdateOrder

LARGEST_NORM = 1e15
"""Gradient norm above which training stops. The update is skipped, so the parameters stay finite."""

PLAYER_NAMES = ("discriminator", "generator")
"""Both players, in the order of their norms."""

AnyUpdate = DiscriminatorUpdate | GeneratorUpdate | PairOfUpdates
"""The update of a player: of one network, or of those of both ways in a translation."""


class Trainer:
    """One run of the experiment that a config describes.

    Args:
        config: The settings; a `gan1d.Config` or any object with the same attributes.
        dtype: float32 to train (the same outcome, up to four times as fast), float64 to check gradients.
        units: Units to train in; by default those of the config's target, or x if `standardize` is off.

    Attributes:
        units: Units of D's inputs and of G's outputs. A change to a target that lies far outside of them makes new
            ones; see `units_after`.
        ema_generator: Running average of G's parameters, for display (Yazıcı et al. 2019, arXiv:1806.04498).
        step_count: Number of steps done.
        report: Losses and gradient norms of the last step.
        diverged: None, or why training has stopped for good.
    """

    def __init__(self, config: TrainerSettings, dtype: DTypeLike = np.float32, *, units: Units | None = None) -> None:
        self._config = config
        self.units = units_of(config) if units is None else units
        self._standardized = in_units(config, self.units)
        self.dtype = np.dtype(dtype)
        self._rngs = random_streams(config.seed)
        self._generator = Player(
            config.generator, self._rngs["generator"], self.dtype, inputs_of_generator(config), NoConstraint()
        )
        self._discriminator = Player(
            config.discriminator,
            self._rngs["discriminator"],
            self.dtype,
            inputs_of_discriminator(config),
            constraint_of(config),
        )
        self._head = code_head(config, self._rngs["code_head"], self.dtype)
        self._back = make_way_back(config, constraint_of(config), self._rngs, self.dtype)
        self.ema_generator = duplicate(self.generator)
        self.step_count = 0
        self.report = StepReport(0)
        self.diverged: Divergence | None = None
        self._noise = InstanceNoise(self.dtype)
        self._streams = open_streams(self._standardized, self._rngs, self.dtype)
        self._compile_updates()

    @property
    def _players(self) -> list[Player]:
        """All players, those of the way back last."""
        players = [self._discriminator, self._generator]
        if self._head is not None:
            players.append(self._head)
        return players if self._back is None else [*players, self._back.discriminator, self._back.generator]

    @property
    def generator(self) -> MLP:
        """G as it is now."""
        return self._generator.network

    @property
    def discriminator(self) -> MLP:
        """D as it is now; its output is a raw score."""
        return self._discriminator.network

    @property
    def code_head(self) -> MLP | None:
        """Q, which reads the code from D's last hidden layer; None without a code."""
        return None if self._head is None else self._head.network

    @property
    def way_back(self) -> tuple[MLP, MLP, MLP] | None:
        """F, its average and the discriminator of the source as they are now; None without a source."""
        return None if self._back is None else self._back.networks

    def _compile_updates(self) -> None:
        """Allocate the buffers of both updates, and write their programs."""
        config, streams, noise = self._standardized, self._streams, self._noise
        update_d = DiscriminatorUpdate(config, self._discriminator, self.generator, streams, noise)
        update_g = GeneratorUpdate(
            config, self._generator, self.ema_generator, self.discriminator, streams, noise, self._head
        )
        state_units(self.units, config, self.generator, self.ema_generator, self.discriminator)
        self._update_d: DiscriminatorUpdate | PairOfUpdates = update_d
        self._update_g: GeneratorUpdate | PairOfUpdates = update_g
        if self._back is not None:
            back, reverse, (f, average, judge) = mirrored(config), streams_back(streams), self._back.networks
            update_f = GeneratorUpdate(back, self._back.generator, average, judge, reverse, noise)
            update_judge = DiscriminatorUpdate(back, self._back.discriminator, f, reverse, noise)
            self._update_d = PairOfUpdates(config, update_d, update_judge)
            self._update_g = PairOfUpdates(config, update_g, update_f, shared_losses(update_g, update_f))
            state_units(self.units, back, f, average, judge)

    @property
    def config(self) -> TrainerSettings:
        """The settings in force; assign new ones to change a running game, as `change` does.

        Raises:
            ValueError: On assignment, if seed or first weights differ: these require a new Trainer.
        """
        return self._config

    @config.setter
    def config(self, new: TrainerSettings) -> None:
        self.change(new)

    def change(self, new: TrainerSettings, *, reinitialize: bool = False) -> dict[str, float]:
        """Continue with other settings.

        Learning rates that fall with time start again from their whole values. A new optimizer of the same kind keeps
        the state of the old one. A change to one network's layers, activation or input scale rebuilds this network so
        that it computes the same function, as nearly as it can (see `morphism`); the other network and the step count
        stay as they are. A network with other inputs, after a change of D's view or of the number of classes, is
        reinitialized.

        Args:
            new: The settings from now on.
            reinitialize: Draw first weights for a rebuilt network, instead of keeping the function.

        Returns:
            For each rebuilt network, by player: the largest deviation of its curve from the old one, as a share of the
            old one's range; infinite if the network was reinitialized.

        Raises:
            ValueError: The seed, the first weights, the latent's dimension, the use of labels or of a source, the
                values of the code or the standardization differ: those ask for a new Trainer.
        """
        old = self._config
        if start_settings(new) != start_settings(old):
            raise ValueError(
                "Expected the same seed, initialization, latent dimension, use of labels and of a source, values of "
                "the code and standardization, but they differ: make a new Trainer."
            )
        self._config = new
        if (new.target, new.latent.data) != (old.target, old.latent.data):
            self.units = units_after(self.units, new)
        self._standardized = in_units(new, self.units)
        errors = self._change_players(new, reinitialize)
        if new != old:
            for player in self._players:
                player.age = 0
        are_batches_changed = batch_settings(new) != batch_settings(old)
        if are_batches_changed:
            self._streams = open_streams(self._standardized, self._rngs, self.dtype)
        if errors or are_batches_changed:
            self._compile_updates()
        else:
            self._update_d.configure(self._standardized)
            self._update_g.configure(self._standardized)
        return errors

    def _change_players(self, new: TrainerSettings, reinitialize: bool) -> dict[str, float]:
        """Give both players their new settings; returns the deviations of rebuilt networks, as `change` does."""
        self.ema_generator, errors = change_pair(
            self._generator,
            self._discriminator,
            self.ema_generator,
            self._standardized,
            constraint_of(new),
            reinitialize=reinitialize,
        )
        if self._head is not None:
            # With other inputs it is reinitialized, so that no points are needed.
            self._head.change(head_settings(new), head_inputs(new), NoConstraint(), points=lambda: np.empty((0, 0)))
        if self._back is not None:
            back = mirrored(self._standardized)
            of_back = self._back.change(back, constraint_of(new), reinitialize=reinitialize)
            errors = {name: max(error, of_back[name]) for name, error in errors.items()}
        return errors

    def step(self) -> StepReport:
        """Make one step: D's updates, then G's."""
        self.run(1)
        return self.report

    def step_discriminator(self) -> StepReport:
        """Make one step that updates only D; G stays the same to the last bit."""
        self.run(1, generator=False)
        return self.report

    def step_generator(self) -> StepReport:
        """Make one step that updates only G; D stays the same to the last bit."""
        self.run(1, discriminator=False)
        return self.report

    def run(self, count: int, *, discriminator: bool = True, generator: bool = True) -> Reports:
        """Make `count` steps, or fewer if the run diverges.

        The scores of many steps are kept and their losses computed at once: a tenth of the time of one by one.

        Args:
            count: Number of steps, at least 0.
            discriminator: Whether D is updated.
            generator: Whether G is updated.

        Returns:
            One row for each step made.

        Raises:
            ValueError: `count` is negative.
        """
        if count < 0:
            raise ValueError(f"Expected 0 steps or more, but got {count}.")
        count_d = self._config.discriminator_steps if discriminator and self._update_g.optimal_opponent is None else 0
        count_g = self._config.generator_steps if generator else 0
        parts: list[Reports] = []
        left = count
        # Overflow shows in the norms, where it is checked, so numpy need not warn of it.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            while not parts or (left > 0 and self.diverged is None):
                parts.append(self._run_block(min(left, BLOCK), count_d, count_g))
                left -= BLOCK
        return joined(parts)

    def _run_block(self, count: int, count_d: int, count_g: int) -> Reports:
        """Make at most `count` steps of `count_d` and `count_g` updates, and keep the scores of each."""
        batch, instance_noise = self._config.batch_size, self._config.instance_noise
        opponent = self._update_g.optimal_opponent
        is_joint = self._config.update_order.is_joint
        scores_d, scores_g = np.empty((count, 2, batch), self.dtype), np.empty((count, batch), self.dtype)
        norms, optimal_losses, done = np.full((2, count), np.nan), np.empty((2, count)), 0
        while done < count and self.diverged is None:
            if instance_noise.deviation:
                self._noise.set(instance_noise, self.step_count)
            if is_joint:
                norms[:, done] = self._apply_jointly(count_d, count_g)
            else:
                for _ in range(count_d):
                    norms[0, done] = self._apply(self._update_d, "discriminator")
                for _ in range(count_g):
                    norms[1, done] = self._apply(self._update_g, "generator")
            if self.diverged is None:
                scores_d[done], scores_g[done] = self._update_d.scores, self._update_g.scores
                if opponent is not None:
                    optimal_losses[:, done] = opponent.loss_d, opponent.loss_g
                done += 1
                self.step_count += 1
        if opponent is not None and count_g:
            return self._rows(*optimal_losses[:, :done], np.zeros(done), norms[1, :done])  # D* has no gradient left
        return self._reports(scores_d[:done], scores_g[:done], norms[:, :done], count_d > 0, count_g > 0)

    def _reports(
        self, scores_d: Array, scores_g: Array, norms: NDArray[np.float64], moved_d: bool, moved_g: bool
    ) -> Reports:
        """Report the steps just made, one row each; a player that was not updated repeats its last numbers."""
        last, loss, done = self.report, self._config.loss, len(scores_d)
        loss_d = loss.discriminator_value(scores_d) if moved_d else np.full(done, last.loss_d)
        loss_g = loss.generator_value(scores_g) if moved_g else np.full(done, last.loss_g)
        return self._rows(
            np.asarray(loss_d, np.float64),
            np.asarray(loss_g, np.float64),
            norms[0] if moved_d else np.full(done, last.grad_norm_d),
            norms[1] if moved_g else np.full(done, last.grad_norm_g),
        )

    def _rows(self, *columns: NDArray[np.float64]) -> Reports:
        """Report the steps just made, by the losses and gradient norms of D and G."""
        done = len(columns[0])
        reports = Reports(np.arange(self.step_count - done + 1, self.step_count + 1), *columns)
        if done:
            self.report = reports.last()
        return reports

    def _apply(self, update: AnyUpdate, player: str) -> float:
        """Update one player; returns the norm of its gradient, or NaN if the run has diverged.

        A norm above `LARGEST_NORM`, or NaN, ends the run, and the parameters stay as they are.
        """
        if self.diverged is not None:
            return math.nan
        norm = self._compute_gradient(update)
        if norm <= LARGEST_NORM:
            self._apply_gradient(update)
        else:
            self.diverged = divergence(self.step_count + 1, player)
        return norm

    def _apply_jointly(self, count_d: int, count_g: int) -> list[float]:
        """Make the updates of a step in rounds, with the gradients of a round taken at the same parameters.

        Returns:
            Norms of the last gradients of D and of G. One above `LARGEST_NORM`, or NaN, ends the run, and the
            parameters of both players are those before the round.
        """
        norms = [math.nan, math.nan]
        for _, are_updated in joint_updates(self._config.update_order, count_d, count_g):
            pair: tuple[AnyUpdate, ...] = (self._update_d, self._update_g)
            updates = [(index, update) for index, update in enumerate(pair) if are_updated[index]]
            for index, update in updates:
                norms[index] = self._compute_gradient(update)
            diverged = next((index for index, _ in updates if not norms[index] <= LARGEST_NORM), None)
            if diverged is not None:
                self.diverged = divergence(self.step_count + 1, PLAYER_NAMES[diverged])
                for player in self._players:
                    player.abandon_extrapolation()
                break
            for _, update in updates:
                self._apply_gradient(update)
        return norms

    def _compute_gradient(self, update: AnyUpdate) -> float:
        """Compute the gradient of an update; returns its norm."""
        run(update.gradient_program)
        gradient = update.gradient
        return math.sqrt(gradient.dot(gradient))

    def _apply_gradient(self, update: AnyUpdate) -> None:
        """Change the parameters of a player by the gradient of its update."""
        run(update.update_program)

    def state_dict(self) -> dict[str, Any]:
        """All that is needed to continue bit for bit, random streams included; arrays are copies."""
        return {
            "step_count": self.step_count,
            "units": asdict(self.units),
            "report": asdict(self.report),
            "diverged": None if self.diverged is None else asdict(self.diverged),
            "generator": self._generator.state(),
            "discriminator": self._discriminator.state(),
            "average": self.ema_generator.parameters.copy(),
            **({} if self._head is None else {"code_head": self._head.state()}),
            **({} if self._back is None else {"way_back": self._back.state()}),
            "streams": {name: stream.state() for name, stream in self._streams.items()},
        }

    @classmethod
    def restore(cls, config: TrainerSettings, state: Mapping[str, Any]) -> Self:
        """A trainer that continues, bit for bit, where `state_dict` was called under the same config.

        Raises:
            ValueError: The state belongs to networks of another size.
        """
        # Version 0.2 and before did not standardize.
        units = Units(**state["units"]) if "units" in state else IDENTITY
        trainer = cls(config, state["average"].dtype, units=units)
        trainer._generator.restore(state["generator"])
        trainer._discriminator.restore(state["discriminator"])
        if trainer._head is not None:
            trainer._head.restore(state["code_head"])
        if trainer._back is not None:
            trainer._back.restore(state["way_back"])
        load(trainer.ema_generator.parameters, state["average"])
        positions = state["streams"] if "streams" in state else state["feeds"]  # of version 0.1
        for name, stream in trainer._streams.items():
            stream.restore(positions[name])
        trainer.step_count = state["step_count"]
        trainer.report = StepReport(**state["report"])
        trainer.diverged = None if state["diverged"] is None else Divergence(**state["diverged"])
        return trainer


def joint_updates(order: UpdateOrder, count_d: int, count_g: int) -> Iterator[tuple[bool, tuple[bool, bool]]]:
    """The joint updates of a step, in order: whether each is on trial, and whether it updates D and G."""
    for left in range(max(count_d, count_g), 0, -1):
        if order.extrapolates:
            yield True, (left <= count_d, left <= count_g)
        yield False, (left <= count_d, left <= count_g)


def state_units(units: Units, config: TrainerSettings, generator: MLP, average: MLP, discriminator: MLP) -> None:
    """Write the units of a run to its networks, so that their `apply` takes and returns x."""
    view = config.discriminator.view
    generator.output_units = average.output_units = units
    if is_translation(config):
        generator.input_units = average.input_units = [units]
    derived = [Units(scale=units.scale)] * (view.rows - view.samples)
    discriminator.input_units = [*[units] * view.samples, *derived]


def constraint_of(config: TrainerSettings) -> Constraint:
    """The constraint on D's weights: the one in D's settings, otherwise that of the loss."""
    chosen = config.discriminator.constraint
    return config.loss.constraint if isinstance(chosen, NoConstraint) else chosen


def start_settings(config: TrainerSettings) -> tuple[Any, ...]:
    """The settings that define the start of a run; a change requires a new trainer."""
    first_weights = initialization_options(config.generator), initialization_options(config.discriminator)
    code = config.code.kind, config.code.rows
    latent = config.latent.dimension, is_translation(config)
    return config.seed, latent, config.conditional, code, config.standardize, first_weights
