"""gan1d beside a PyTorch program: the same initial weights and the same batches, in double precision.

In single precision both round differently, and training amplifies that: the losses of the default differ by 0.00008 at
step 100 and by 0.01 at step 200. In double precision they agree to 14 digits at step 100.
"""

from typing import Any

import numpy as np

from gan1d.config.model import Config
from gan1d.engine.arrays import Array
from gan1d.engine.data.instance_noise import instance_noise_at
from gan1d.engine.data.random_streams import BACK, open_streams, random_streams
from gan1d.engine.data.standardization import in_units
from gan1d.engine.networks.mlp import split
from gan1d.engine.networks.weight_constraints import SpectralNormalization
from gan1d.engine.objectives.gradient_penalties import GradientPenalty
from gan1d.engine.training.trainer import Trainer
from gan1d.exports.experiment import Experiment, layer_shapes


class Comparison:
    """A run of gan1d in double precision, and its batches as a PyTorch program takes them.

    Args:
        config: Settings of the run; a program must exist for them.

    Attributes:
        trainer: The run, which begins with initial weights in single precision.

    Raises:
        ConfigError: No PyTorch program is written for one of the settings.
    """

    def __init__(self, config: Config) -> None:
        self._experiment = Experiment(config)
        state = Trainer(config).state_dict()
        state["average"] = state["average"].astype(np.float64)
        self.trainer = Trainer.restore(config, with_precise_directions(self._experiment, state))
        # The trainer has streams of its own with the same numbers.
        self._streams = open_streams(in_units(config, self.trainer.units), random_streams(config.seed), np.float64)
        self._mixes = any(isinstance(penalty, GradientPenalty) for penalty in self._experiment.penalties)
        self._ways = ("", BACK) if self._experiment.is_translation else ("",)

    def _next(self, name: str) -> Array:
        """The next batch of a stream, one row for each sample: `(samples, columns)`."""
        return np.array(np.atleast_2d(self._streams[name].next()).T, np.float64, order="C")

    def _latents(self, player: str, way: str) -> Array:
        """The next latents of a player's update, with their codes, `(samples, inputs)`."""
        names = [f"{way}latent_{player}", *([f"code_{player}"] if self._experiment.has_code else [])]
        return np.concatenate([self._next(name) for name in names], axis=1)

    def for_discriminator(self, step: int) -> list[Array]:
        """The arguments of the next `update_discriminator`; those of a way back last.

        Args:
            step: Number of steps made.
        """
        batch = []
        for way in self._ways:
            batch += [self._next(f"{way}data"), self._latents("d", way)]
            if self._experiment.is_noisy:
                batch.append(self._deviation(step) * self._next(f"{way}noise_d").reshape(2, -1, 1))
            if self._mixes:
                batch.append(self._next(f"{way}mix"))
        return batch

    def for_generator(self, step: int) -> list[Array]:
        """The arguments of the next `update_generator`; those of a way back last.

        Args:
            step: Number of steps made.
        """
        batch, reals = [], self._experiment.reals_of_generator
        for way in self._ways:
            z = self._latents("g", way)
            if self._experiment.classes:
                z = np.concatenate([z, self._next("label_g")], axis=1)
            batch += [z, *(self._next(f"{way}data_g") for _ in reals)]
            if self._experiment.is_noisy:
                noise = [self._next(f"{way}noise_g"), *(self._next(f"{way}noise_data_g") for _ in reals)]
                batch.append(self._deviation(step) * (np.stack(noise) if reals else noise[0]))
        return batch

    def _deviation(self, step: int) -> float:
        return instance_noise_at(self._experiment.config.instance_noise, step)


def with_precise_directions(experiment: Experiment, state: dict[str, Any]) -> dict[str, Any]:
    """The first state of a trainer, with the singular vectors of spectral normalization in double precision."""
    if not isinstance(experiment.constraint, SpectralNormalization):
        return state
    shapes = layer_shapes(experiment.discriminator_inputs, experiment.config.discriminator.hidden)

    def precise(way: dict[str, Any]) -> dict[str, Any]:
        player = way["discriminator"]
        layers = split(player["parameters"].astype(np.float64), shapes)
        left = {f"left{index}": np.linalg.svd(layer[:-1])[0][:, 0] for index, layer in enumerate(layers)}
        return {**way, "discriminator": {**player, "constraint": left}}

    return {**precise(state), **({"way_back": precise(state["way_back"])} if experiment.is_translation else {})}
