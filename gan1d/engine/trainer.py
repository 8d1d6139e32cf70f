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

from gan1d.engine.activations import Array
from gan1d.engine.datasets import real_batches
from gan1d.engine.feed import BLOCK, Feed
from gan1d.engine.learner import Learner, load, start_values
from gan1d.engine.mlp import MLP, Workspace
from gan1d.engine.optimizers import follow
from gan1d.engine.reports import Divergence, Reports, StepReport
from gan1d.engine.settings import Settings
from gan1d.engine.slopes import SlopeWorkspace

LARGEST_NORM = 1e15
"""Where a gradient that is longer, or not even a number, ends the run: all is lost by then, and all is still finite."""


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

    def __init__(self, config: Settings, dtype: DTypeLike = np.float32) -> None:
        self._config = config
        self.dtype = np.dtype(dtype)
        names = ("generator", "discriminator", "data", "latent_d", "latent_g")
        seeds = np.random.SeedSequence(config.seed).spawn(len(names))
        self._rngs = {name: np.random.default_rng(seed) for name, seed in zip(names, seeds, strict=True)}
        self._generator = Learner(config.generator, self._rngs["generator"], self.dtype)
        self._discriminator = Learner(config.discriminator, self._rngs["discriminator"], self.dtype)
        self._start_average()
        self.step_count = 0
        self.report = StepReport(0)
        self.diverged: Divergence | None = None
        self._open_feeds()
        self._furnish()

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
        g = self.generator
        self.ema_generator = MLP(g.sizes, g.activation, input_scale=g.input_scale, dtype=self.dtype)
        self.ema_generator.parameters[:] = g.parameters

    def _open_feeds(self) -> None:
        config, batch = self._config, self._config.batch_size
        self._real = Feed(real_batches(config), self._rngs["data"], batch, self.dtype)
        self._latent_d = Feed(config.latent.sample, self._rngs["latent_d"], batch, self.dtype)
        self._latent_g = Feed(config.latent.sample, self._rngs["latent_g"], batch, self.dtype)

    def _furnish(self) -> None:
        """Rooms for the passes, joined so that what one network writes is what the next one reads."""
        batch = self._config.batch_size
        # D's turn: reals and fakes lie side by side in one batch, and G writes straight into the fakes' half.
        self._pair = Workspace(self.discriminator, 2 * batch)
        self._pair_scores = self._pair.outputs.reshape(2, batch)
        self._pair_gradient = np.empty_like(self._pair_scores)
        self._real_x, fake_x = self._pair.inputs[0, :batch], self._pair.inputs[:1, batch:]
        self._fakes_d = Workspace(self.generator, batch, outputs=fake_x)
        self._noise_d = self._fakes_d.inputs[0]
        self._penalised = SlopeWorkspace(self.discriminator, batch)
        self._slope_gradient = np.empty((1, batch), self.dtype)
        self._no_gradient = np.zeros((1, batch), self.dtype)
        # G's turn: fresh fakes through D as it stands.
        self._judged = Workspace(self.discriminator, batch)
        self._fakes_g = Workspace(self.generator, batch, outputs=self._judged.inputs[:1])
        self._noise_g = self._fakes_g.inputs[0]
        self._judged_gradient = np.empty_like(self._judged.outputs)
        self._update_d = self._discriminator.updater(self._pair.gradient)
        self._update_g = self._generator.updater(self._fakes_g.gradient)
        self._ema_gain = np.array(1 - self._config.generator.ema_decay, self.dtype)
        self._ema_scratch = np.empty_like(self.generator.parameters)

    @property
    def config(self) -> Settings:
        """The settings in force; assign new ones to change a running game.

        A new optimizer of the same kind keeps the old one's memory. A change to one network's layers or activation
        builds that network anew and leaves the other and the step count alone.

        Raises:
            ValueError: On assignment, if seed or first weights differ: those ask for a new Trainer.
        """
        return self._config

    @config.setter
    def config(self, new: Settings) -> None:
        old = self._config
        if started_as(new) != started_as(old):
            raise ValueError("Expected the same seed and initialization, but they differ: make a new Trainer.")
        self._config = new
        if self._generator.change(new.generator):
            self._start_average()
        self._discriminator.change(new.discriminator)
        if any(
            getattr(new, name) != getattr(old, name) for name in ("target", "latent", "batch_size", "training_points")
        ):
            self._open_feeds()
        self._furnish()

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
        batch = self._config.batch_size
        scores_d, scores_g = np.empty((count, 2, batch), self.dtype), np.empty((count, batch), self.dtype)
        norms, done = np.full((2, count), np.nan), 0
        while done < count and self.diverged is None:
            for _ in range(turns_d):
                norms[0, done] = self._move_discriminator()
            for _ in range(turns_g):
                norms[1, done] = self._move_generator()
            if self.diverged is None:
                scores_d[done], scores_g[done] = self._pair_scores, self._judged.outputs[0]
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

    def _move_discriminator(self) -> float:
        """One update of D; returns the norm of its gradient."""
        if self.diverged is not None:
            return math.nan
        np.copyto(self._noise_d, self._latent_d.next())
        self._fakes_d.forward()
        np.copyto(self._real_x, self._real.next())
        self._pair.forward()
        self._config.loss.discriminator_gradient(self._pair_scores, self._pair_gradient)
        self._pair.backward(self._pair_gradient.reshape(1, -1))
        points = self._config.penalty.points(self._real_x, self._fakes_d.outputs[0])
        if points is not None:
            self._penalise(points)
        norm = self._norm(self._pair.gradient, "discriminator")
        if self.diverged is None:
            self._update_d()
        return norm

    def _penalise(self, points: Array) -> None:
        """Add the gradient of the penalty on D's slope at `points`, `(batch,)`, to D's gradient."""
        workspace = self._penalised
        np.copyto(workspace.inputs[0], points)
        workspace.forward()
        self._config.penalty.gradient(workspace.forward_slope(), self._slope_gradient)
        workspace.backward_slope(self._no_gradient, self._slope_gradient)
        np.add(self._pair.gradient, workspace.gradient, self._pair.gradient)

    def _move_generator(self) -> float:
        """One update of G against D as it stands; returns the norm of its gradient."""
        if self.diverged is not None:
            return math.nan
        np.copyto(self._noise_g, self._latent_g.next())
        self._fakes_g.forward()
        self._config.loss.generator_gradient(self._judged.forward(), self._judged_gradient)
        self._judged.backward(self._judged_gradient, parameters=False, inputs=True)
        self._fakes_g.backward(self._judged.input_gradient)
        norm = self._norm(self._fakes_g.gradient, "generator")
        if self.diverged is None:
            self._update_g()
            follow(self.ema_generator.parameters, self.generator.parameters, self._ema_gain, self._ema_scratch)
        return norm

    def _norm(self, gradient: Array, player: str) -> float:
        """Euclidean norm; one that is out of all bounds ends the run before the gradient can reach a parameter."""
        norm = math.sqrt(gradient.dot(gradient))
        if not norm <= LARGEST_NORM:
            step = self.step_count + 1
            reason = f"Diverged at step {step}: the {player}'s gradient grew beyond all bounds."
            self.diverged = Divergence(step, player, reason)
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
            "feeds": {name: feed.state() for name, feed in self._feeds().items()},
        }

    @classmethod
    def restore(cls, config: Settings, state: Mapping[str, Any]) -> Self:
        """A trainer that goes on, bit for bit, where `state_dict` was taken under the same config.

        Raises:
            ValueError: The state belongs to networks of another size.
        """
        trainer = cls(config, state["average"].dtype)
        trainer._generator.restore(state["generator"])
        trainer._discriminator.restore(state["discriminator"])
        load(trainer.ema_generator, state["average"])
        for name, feed in trainer._feeds().items():
            feed.restore(state["feeds"][name])
        trainer.step_count = state["step_count"]
        trainer.report = StepReport(**state["report"])
        trainer.diverged = None if state["diverged"] is None else Divergence(**state["diverged"])
        return trainer

    def _feeds(self) -> dict[str, Feed]:
        return {"data": self._real, "latent_d": self._latent_d, "latent_g": self._latent_g}


def started_as(config: Settings) -> tuple[Any, ...]:
    """What the start of a run depends on for good."""
    return config.seed, start_values(config.generator), start_values(config.discriminator)
