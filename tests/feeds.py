"""The batches a trainer is about to draw, read from its state: for reference implementations to train on too."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from gan1d.engine.arrays import Array
from gan1d.engine.data.batches import BatchStream
from gan1d.engine.data.conditioning import label_sampler
from gan1d.engine.data.datasets import real_batches, training_classes
from gan1d.engine.sampling import normal, uniform
from gan1d.engine.training.trainer import Trainer


@dataclass
class Batches:
    """The same batches in the same order, without touching the trainer's own streams."""

    data: BatchStream
    latent_d: BatchStream
    latent_g: BatchStream
    mix: BatchStream
    noise_d: BatchStream
    noise_g: BatchStream
    data_g: BatchStream
    noise_data_g: BatchStream
    label_g: BatchStream | None = None

    def for_discriminator(self) -> tuple[Array, Array]:
        """Reals, `(batch,)` or with labels below them, and noise, `(batch,)` or with several
        coordinates `(dimension, batch)`, of D's next update."""
        return self.data.next().copy(), flat(self.latent_d.next())

    def mixing(self) -> Array:
        """How much of each real goes into the points of D's next gradient penalty."""
        return self.mix.next().copy()

    def for_generator(self) -> Array:
        """Noise of G's next update, `(batch,)`, or `(inputs, batch)` with labels below it if there are any."""
        noise = self.latent_g.next()
        return flat(noise) if self.label_g is None else np.concatenate([noise, self.label_g.next()])


def flat(noise: Array) -> Array:
    """A copy of a batch, `(batch,)` if it has one coordinate only."""
    return noise[0].copy() if len(noise) == 1 else noise.copy()


def upcoming(trainer: Trainer) -> Batches:
    """What `trainer` will draw from now on."""
    states = trainer.state_dict()["feeds"]
    items: Any = trainer.config.batch_size
    batch = items * trainer.config.discriminator.view.samples
    sizes = {"mix": items, "noise_d": 2 * batch}
    draws: dict[str, Any] = {
        "data": real_batches(trainer.config),
        "latent_d": trainer.config.latent.draw,
        "latent_g": trainer.config.latent.draw,
        "mix": uniform,
        "noise_d": normal,
        "noise_g": normal,
        "data_g": real_batches(trainer.config),
        "noise_data_g": normal,
    }
    if trainer.config.conditional:
        draws["label_g"] = label_sampler([each.weight for each in training_classes(trainer.config)])
    feeds = {}
    for name, draw in draws.items():
        size = sizes.get(name, batch)
        feeds[name] = BatchStream(draw, np.random.default_rng(), size, trainer.dtype)
        feeds[name].restore(states[name])
    return Batches(**feeds)
