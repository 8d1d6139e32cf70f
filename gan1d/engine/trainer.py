"""The game: two networks, one step at a time.

A step of Goodfellow et al. (2014, arXiv:1406.2661, algorithm 1): `discriminator_steps` times, draw noise and real
samples and move D down its loss; then `generator_steps` times, draw *new* noise and move G down its loss, with D
standing still.

Everything random comes from one seed through separate streams, so that no part can disturb another, and numbers are
drawn for many steps at a time. Same settings and seed, same bits, watched or not.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from gan1d.engine.activations import Array
from gan1d.engine.feed import BLOCK, Feed
from gan1d.engine.mlp import MLP, Workspace, initialize
from gan1d.engine.optimizers import follow
from gan1d.engine.settings import Player, Settings


@dataclass(frozen=True)
class StepReport:
    """What one step measured on its own minibatches; NaN where that player has not moved yet.

    Attributes:
        step: Steps done, 0 before the first.
        loss_d: Discriminator's loss before its last update, without the penalty.
        loss_g: Generator's loss before its last update.
        grad_norm_d: Euclidean norm of the gradient of that update, penalty included.
        grad_norm_g: Likewise.
    """

    step: int
    loss_d: float = math.nan
    loss_g: float = math.nan
    grad_norm_d: float = math.nan
    grad_norm_g: float = math.nan


@dataclass(frozen=True)
class Divergence:
    """Training blew up.

    Attributes:
        step: The step whose update could not be made.
        player: "generator" or "discriminator": whose gradient was not finite.
        reason: One sentence.
    """

    step: int
    player: str
    reason: str


@dataclass(frozen=True)
class Reports:
    """Step reports as columns, one entry a step; the names are those of `StepReport`."""

    step: NDArray[np.int64]
    loss_d: NDArray[np.float64]
    loss_g: NDArray[np.float64]
    grad_norm_d: NDArray[np.float64]
    grad_norm_g: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.step)

    def last(self) -> StepReport:
        """The newest row; IndexError if there is none."""
        return StepReport(int(self.step[-1]), *(float(getattr(self, f.name)[-1]) for f in fields(self)[1:]))


class Trainer:
    """One run of the game.

    Args:
        config: What the experiment is; a `gan1d.Config` or anything of that shape.
        dtype: float32 to train (the same outcome, up to four times as fast), float64 to prove.

    Attributes:
        generator: G as it is now.
        discriminator: D as it is now; its output is a raw score.
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
        self.generator = self._new_network(config.generator, "generator")
        self.discriminator = self._new_network(config.discriminator, "discriminator")
        self._memory_g = config.generator.optimizer.init(self.generator.parameters)
        self._memory_d = config.discriminator.optimizer.init(self.discriminator.parameters)
        self._start_average()
        self.step_count = 0
        self.report = StepReport(0)
        self.diverged: Divergence | None = None
        self._open_feeds()
        self._furnish()

    def _new_network(self, player: Player, name: str) -> MLP:
        network = MLP((1, *player.hidden, 1), player.activation, input_scale=player.input_scale, dtype=self.dtype)
        initialize(network, self._rngs[name], **start_values(player))
        return network

    def _start_average(self) -> None:
        """The average begins where G is."""
        g = self.generator
        self.ema_generator = MLP(g.sizes, g.activation, input_scale=g.input_scale, dtype=self.dtype)
        self.ema_generator.parameters[:] = g.parameters

    def _open_feeds(self) -> None:
        config, batch = self._config, self._config.batch_size
        self._real = Feed(config.target.sample, self._rngs["data"], batch, self.dtype)
        self._latent_d = Feed(config.latent.sample, self._rngs["latent_d"], batch, self.dtype)
        self._latent_g = Feed(config.latent.sample, self._rngs["latent_g"], batch, self.dtype)

    def _furnish(self) -> None:
        """Rooms for the passes, joined so that what one network writes is what the next one reads."""
        config, batch = self._config, self._config.batch_size
        # D's turn: reals and fakes lie side by side in one batch, and G writes straight into the fakes' half.
        self._pair = Workspace(self.discriminator, 2 * batch)
        self._pair_scores = self._pair.outputs.reshape(2, batch)
        self._pair_gradient = np.empty_like(self._pair_scores)
        self._real_x, fake_x = self._pair.inputs[0, :batch], self._pair.inputs[:1, batch:]
        self._fakes_d = Workspace(self.generator, batch, outputs=fake_x)
        self._noise_d = self._fakes_d.inputs[0]
        self._penalised = Workspace(self.discriminator, batch, tangents=True)
        self._slope_gradient = np.empty((1, batch), self.dtype)
        self._no_gradient = np.zeros((1, batch), self.dtype)
        # G's turn: fresh fakes through D as it stands.
        self._judged = Workspace(self.discriminator, batch)
        self._fakes_g = Workspace(self.generator, batch, outputs=self._judged.inputs[:1])
        self._noise_g = self._fakes_g.inputs[0]
        self._judged_gradient = np.empty_like(self._judged.outputs)
        self._update_d = config.discriminator.optimizer.updater(
            self.discriminator.parameters, self._pair.gradient, self._memory_d
        )
        self._update_g = config.generator.optimizer.updater(
            self.generator.parameters, self._fakes_g.gradient, self._memory_g
        )
        self._ema_gain = np.array(1 - config.generator.ema_decay, self.dtype)
        self._ema_scratch = np.empty_like(self.generator.parameters)

    @property
    def config(self) -> Settings:
        """The settings in force; assign new ones to change a running game.

        A new optimizer of the same kind keeps the old one's memory. A change to one network's layers or activation
        builds that network anew and leaves the other, the average history and the step count alone.

        Raises:
            ValueError: On assignment, if seed or first weights differ: those ask for a new Trainer.
        """
        return self._config

    @config.setter
    def config(self, new: Settings) -> None:
        old, self._config = self._config, new
        if new.seed != old.seed or any(
            start_values(a) != start_values(b)
            for a, b in ((new.generator, old.generator), (new.discriminator, old.discriminator))
        ):
            self._config = old
            raise ValueError("Expected the same seed and initialization, but they differ: make a new Trainer.")
        if shape_of(new.generator) != shape_of(old.generator):
            self.generator = self._new_network(new.generator, "generator")
            self._memory_g = new.generator.optimizer.init(self.generator.parameters)
            self._start_average()
        elif new.generator.optimizer.kind != old.generator.optimizer.kind:
            self._memory_g = new.generator.optimizer.init(self.generator.parameters)
        if shape_of(new.discriminator) != shape_of(old.discriminator):
            self.discriminator = self._new_network(new.discriminator, "discriminator")
            self._memory_d = new.discriminator.optimizer.init(self.discriminator.parameters)
        elif new.discriminator.optimizer.kind != old.discriminator.optimizer.kind:
            self._memory_d = new.discriminator.optimizer.init(self.discriminator.parameters)
        if (new.target, new.latent, new.batch_size) != (old.target, old.latent, old.batch_size):
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
        """Euclidean norm; one that is not finite ends the run before it can reach a parameter.

        The square of a norm above 1e19 overflows float32, so that counts as not finite too: training is long lost
        by then.
        """
        norm = math.sqrt(gradient.dot(gradient))
        if not math.isfinite(norm):
            step = self.step_count + 1
            reason = f"The {player}'s gradient was no longer a finite number at step {step}."
            self.diverged = Divergence(step, player, reason)
        return norm

    def state_dict(self) -> dict[str, Any]:
        """All that makes the run go on as it would have, random streams included; arrays are copies."""
        networks = {"generator": self.generator, "discriminator": self.discriminator, "ema": self.ema_generator}
        memories = {"generator": self._memory_g, "discriminator": self._memory_d}
        feeds = {"data": self._real, "latent_d": self._latent_d, "latent_g": self._latent_g}
        return {
            "step_count": self.step_count,
            "report": asdict(self.report),
            "diverged": None if self.diverged is None else asdict(self.diverged),
            "parameters": {name: network.parameters.copy() for name, network in networks.items()},
            "memories": {
                name: {"count": m.count, "averages": {k: a.copy() for k, a in m.averages.items()}}
                for name, m in memories.items()
            },
            "feeds": {name: feed.state() for name, feed in feeds.items()},
            "initial_rngs": {name: self._rngs[name].bit_generator.state for name in memories},
        }

    @classmethod
    def restore(cls, config: Settings, state: Mapping[str, Any]) -> Self:
        """A trainer that goes on, bit for bit, where `state_dict` was taken under the same config.

        Raises:
            ValueError: The state belongs to networks of another size.
        """
        trainer = cls(config, state["parameters"]["generator"].dtype)
        networks = {
            "generator": trainer.generator,
            "discriminator": trainer.discriminator,
            "ema": trainer.ema_generator,
        }
        for name, network in networks.items():
            saved = state["parameters"][name]
            if saved.shape != network.parameters.shape:
                raise ValueError(f"Expected {network.parameters.size} {name} parameters, but got {saved.size}.")
            network.parameters[:] = saved
        for name, memory in (("generator", trainer._memory_g), ("discriminator", trainer._memory_d)):
            memory.count = state["memories"][name]["count"]
            for key, average in memory.averages.items():
                average[:] = state["memories"][name]["averages"][key]
            trainer._rngs[name].bit_generator.state = state["initial_rngs"][name]
        for name, feed in (("data", trainer._real), ("latent_d", trainer._latent_d), ("latent_g", trainer._latent_g)):
            feed.restore(state["feeds"][name])
        trainer.step_count = state["step_count"]
        trainer.report = StepReport(**state["report"])
        trainer.diverged = None if state["diverged"] is None else Divergence(**state["diverged"])
        return trainer


def start_values(player: Player) -> dict[str, Any]:
    """How a network's first weights are drawn, as keywords of `mlp.initialize`."""
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
