"""The game: two networks, one step at a time.

A step of Goodfellow et al. (2014, arXiv:1406.2661, algorithm 1): `discriminator_steps` times, draw noise and real
samples and move D down its loss; then `generator_steps` times, draw *new* noise and move G down its loss, with D
standing still.

Everything random comes from one seed through separate streams, so that no part can disturb another, and numbers are
drawn for many steps at a time. Same settings and seed, same bits, watched or not.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from gan1d.engine.arrays import Array
from gan1d.engine.data.batches import BLOCK, BatchStream
from gan1d.engine.data.conditioning import inputs_of_discriminator, inputs_of_generator
from gan1d.engine.data.instance_noise import InstanceNoise
from gan1d.engine.data.random_streams import batch_settings, random_streams, samplers_of
from gan1d.engine.morphism.fit_points import data_points, latent_points
from gan1d.engine.networks.mlp import MLP, duplicate
from gan1d.engine.networks.weight_constraints import Constraint, NoConstraint
from gan1d.engine.programs import run
from gan1d.engine.protocols import TrainerSettings
from gan1d.engine.training.player import Player, load, start_values
from gan1d.engine.training.reports import Divergence, Reports, StepReport
from gan1d.engine.training.updates import DiscriminatorUpdate, GeneratorUpdate

LARGEST_NORM = 1e15
"""Where a gradient that is longer, or not even a number, ends the run before it reaches a parameter: all is lost by
then, and all that has gone into it is still finite."""


class Trainer:
    """One run of the game.

    Args:
        config: What the experiment is; a `gan1d.Config` or anything of that shape.
        dtype: float32 to train (the same outcome, up to four times as fast), float64 to prove.

    Attributes:
        ema_generator: Running average of G's parameters, for display (Yazıcı et al. 2019, arXiv:1806.04498).
        step_count: Steps done.
        report: What the last step measured.
        diverged: None, or why no further step can be made.
    """

    def __init__(self, config: TrainerSettings, dtype: DTypeLike = np.float32) -> None:
        self._config = config
        self.dtype = np.dtype(dtype)
        self._rngs = random_streams(config.seed)
        self._generator = Player(config.generator, self._rngs["generator"], self.dtype, inputs_of_generator(config))
        self._discriminator = Player(
            config.discriminator,
            self._rngs["discriminator"],
            self.dtype,
            inputs_of_discriminator(config),
            constraint_of(config),
        )
        self._start_average()
        self.step_count = 0
        self.report = StepReport(0)
        self.diverged: Divergence | None = None
        self._noise = InstanceNoise(self.dtype)
        self._feeds = self._open_feeds()
        self._compile_updates()

    @property
    def generator(self) -> MLP:
        """G as it is now."""
        return self._generator.network

    @property
    def discriminator(self) -> MLP:
        """D as it is now; its output is a raw score."""
        return self._discriminator.network

    def _start_average(self) -> None:
        """The average begins where G is."""
        self.ema_generator = duplicate(self.generator)

    def _open_feeds(self) -> dict[str, BatchStream]:
        draws = samplers_of(self._config).items()
        return {name: BatchStream(draw, self._rngs[name], size, self.dtype) for name, (draw, size) in draws}

    def _compile_updates(self) -> None:
        """Write both turns' programs anew."""
        config = self._config
        self._turn_d = DiscriminatorUpdate(config, self._discriminator, self.generator, self._feeds, self._noise)
        self._turn_g = GeneratorUpdate(
            config, self._generator, self.ema_generator, self.discriminator, self._feeds, self._noise
        )

    @property
    def config(self) -> TrainerSettings:
        """The settings in force; assign new ones to change a running game, as `change` does.

        Raises:
            ValueError: On assignment, if seed or first weights differ: those ask for a new Trainer.
        """
        return self._config

    @config.setter
    def config(self, new: TrainerSettings) -> None:
        self.change(new)

    def change(self, new: TrainerSettings, *, reinitialize: bool = False) -> dict[str, float]:
        """Go on under other settings.

        A new optimizer of the same kind keeps the old one's memory. A change to one network's layers, activation or
        input scale puts a network in its place that computes the same, as nearly as it can (see `surgery`), and leaves
        the other network and the step count alone. A network that is given something else, for another view or other
        classes, begins with first weights.

        Args:
            new: The settings.
            reinitialize: Let a network of other layers, activation or input scale begin with first weights instead.

        Returns:
            For each player whose network is another one now, by name: the largest deviation of its curve from the old
            one, as a share of the old one's range; infinite if it was reinitialized.

        Raises:
            ValueError: Seed, first weights, the latent's dimension or whether labels are told differ: those ask for a
                new Trainer.
        """
        old = self._config
        if started_as(new) != started_as(old):
            raise ValueError(
                "Expected the same seed, initialization, latent dimension and use of labels, but they differ: "
                "make a new Trainer."
            )
        self._config = new
        errors = {}
        graft = self._generator.change(
            new.generator, inputs_of_generator(new), points=lambda: latent_points(new), reinitialize=reinitialize
        )
        if graft is not None:
            self.ema_generator = graft.morph_average(self.ema_generator)
            errors["generator"] = graft.error
        graft = self._discriminator.change(
            new.discriminator,
            inputs_of_discriminator(new),
            constraint_of(new),
            points=lambda: data_points(new, self.generator),
            reinitialize=reinitialize,
        )
        if graft is not None:
            errors["discriminator"] = graft.error
        if batch_settings(new) != batch_settings(old):
            self._feeds = self._open_feeds()
        self._compile_updates()
        return errors

    def step(self) -> StepReport:
        """One turn of the game: D's updates, then G's."""
        self.run(1)
        return self.report

    def step_discriminator(self) -> StepReport:
        """One turn in which only D moves; it counts as a step, and G stays as it is to the last bit."""
        self.run(1, generator=False)
        return self.report

    def step_generator(self) -> StepReport:
        """One turn in which only G moves; it counts as a step, and D stays as it is to the last bit."""
        self.run(1, discriminator=False)
        return self.report

    def run(self, count: int, *, discriminator: bool = True, generator: bool = True) -> Reports:
        """Make steps, fewer than asked if the run diverges.

        Losses of many steps are computed from their kept scores at once, which costs a tenth of doing it step by step.

        Args:
            count: Steps to make, at least 0.
            discriminator: Whether D moves.
            generator: Whether G moves.

        Returns:
            One row per step made.

        Raises:
            ValueError: `count` is negative.
        """
        if count < 0:
            raise ValueError(f"Expected 0 steps or more, but got {count}.")
        turns_d = self._config.discriminator_steps if discriminator else 0
        turns_g = self._config.generator_steps if generator else 0
        parts: list[Reports] = []
        left = count
        # Numbers that overflow are looked for where they end up, in the norms; numpy need not warn.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            while not parts or (left > 0 and self.diverged is None):
                parts.append(self._run_block(min(left, BLOCK), turns_d, turns_g))
                left -= BLOCK
        return Reports(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Reports)))

    def _run_block(self, count: int, turns_d: int, turns_g: int) -> Reports:
        """Some steps, with room to keep the scores of each."""
        batch, instance_noise = self._config.batch_size, self._config.instance_noise
        scores_d, scores_g = np.empty((count, 2, batch), self.dtype), np.empty((count, batch), self.dtype)
        norms, done = np.full((2, count), np.nan), 0
        while done < count and self.diverged is None:
            if instance_noise.deviation:
                self._noise.set(instance_noise, self.step_count)
            for _ in range(turns_d):
                norms[0, done] = self._move(self._turn_d, "discriminator")
            for _ in range(turns_g):
                norms[1, done] = self._move(self._turn_g, "generator")
            if self.diverged is None:
                scores_d[done], scores_g[done] = self._turn_d.scores, self._turn_g.scores
                done += 1
                self.step_count += 1
        return self._reported(done, scores_d, scores_g, norms, turns_d > 0, turns_g > 0)

    def _reported(
        self, done: int, scores_d: Array, scores_g: Array, norms: NDArray[np.float64], moved_d: bool, moved_g: bool
    ) -> Reports:
        """The rows of the steps made; a player that stood still keeps its last numbers."""
        last, loss = self.report, self._config.loss
        loss_d = loss.discriminator_value(scores_d[:done]) if moved_d else np.full(done, last.loss_d)
        loss_g = loss.generator_value(scores_g[:done]) if moved_g else np.full(done, last.loss_g)
        reports = Reports(
            np.arange(self.step_count - done + 1, self.step_count + 1),
            np.asarray(loss_d, np.float64),
            np.asarray(loss_g, np.float64),
            norms[0, :done] if moved_d else np.full(done, last.grad_norm_d),
            norms[1, :done] if moved_g else np.full(done, last.grad_norm_g),
        )
        if done:
            self.report = reports.last()
        return reports

    def _move(self, turn: DiscriminatorUpdate | GeneratorUpdate, player: str) -> float:
        """One update of one player; returns the norm of its gradient.

        A norm that is out of all bounds ends the run before the gradient can reach a parameter.
        """
        if self.diverged is not None:
            return math.nan
        run(turn.compute)
        gradient = turn.gradient
        norm = math.sqrt(gradient.dot(gradient))
        if norm <= LARGEST_NORM:
            run(turn.update)
        else:
            self.diverged = divergence(self.step_count + 1, player)
        return norm

    def state_dict(self) -> dict[str, Any]:
        """All that makes the run go on as it would have, random streams included; arrays are copies."""
        return {
            "step_count": self.step_count,
            "report": asdict(self.report),
            "diverged": None if self.diverged is None else asdict(self.diverged),
            "generator": self._generator.state(),
            "discriminator": self._discriminator.state(),
            "average": self.ema_generator.parameters.copy(),
            "feeds": {name: feed.state() for name, feed in self._feeds.items()},
        }

    @classmethod
    def restore(cls, config: TrainerSettings, state: Mapping[str, Any]) -> Self:
        """A trainer that goes on, bit for bit, where `state_dict` was taken under the same config.

        Raises:
            ValueError: The state belongs to networks of another size.
        """
        trainer = cls(config, state["average"].dtype)
        trainer._generator.restore(state["generator"])
        trainer._discriminator.restore(state["discriminator"])
        load(trainer.ema_generator.parameters, state["average"])
        for name, feed in trainer._feeds.items():
            feed.restore(state["feeds"][name])
        trainer.step_count = state["step_count"]
        trainer.report = StepReport(**state["report"])
        trainer.diverged = None if state["diverged"] is None else Divergence(**state["diverged"])
        return trainer


def divergence(step: int, player: str) -> Divergence:
    """What is said of a step that could not be made."""
    return Divergence(step, player, f"Diverged at step {step}: the {player}'s gradient grew beyond all bounds.")


def constraint_of(config: TrainerSettings) -> Constraint:
    """What keeps D's weights in bounds: what was chosen for it, else what its loss brings."""
    chosen = config.discriminator.constraint
    return config.loss.constraint if isinstance(chosen, NoConstraint) else chosen


def started_as(config: TrainerSettings) -> tuple[Any, ...]:
    """What the start of a run depends on for good."""
    first = start_values(config.generator), start_values(config.discriminator)
    return config.seed, config.latent.dimension, config.conditional, first
