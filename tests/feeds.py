"""The batches a trainer is about to draw, read from its state: for reference implementations to train on too."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from gan1d.engine.activations import Array
from gan1d.engine.datasets import real_batches
from gan1d.engine.feed import Feed
from gan1d.engine.trainer import Trainer


@dataclass
class Batches:
    """The same batches in the same order, without touching the trainer's own streams."""

    data: Feed
    latent_d: Feed
    latent_g: Feed

    def for_discriminator(self) -> tuple[Array, Array]:
        """Reals and noise of D's next update."""
        return self.data.next().copy(), self.latent_d.next().copy()

    def for_generator(self) -> Array:
        """Noise of G's next update."""
        return self.latent_g.next().copy()


def upcoming(trainer: Trainer) -> Batches:
    """What `trainer` will draw from now on."""
    config, states = trainer.config, trainer.state_dict()["feeds"]
    draws: dict[str, Any] = {
        "data": real_batches(config),
        "latent_d": config.latent.sample,
        "latent_g": config.latent.sample,
    }
    feeds = {}
    for name, draw in draws.items():
        feeds[name] = Feed(draw, np.random.default_rng(), config.batch_size, trainer.dtype)
        feeds[name].restore(states[name])
    return Batches(**feeds)
