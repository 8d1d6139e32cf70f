"""The next batches of a trainer, read from its state, so that reference implementations can train on them."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from gan1d.engine.arrays import Array
from gan1d.engine.data.batches import BatchStream
from gan1d.engine.data.conditioning import label_sampler
from gan1d.engine.data.datasets import real_batches, training_classes
from gan1d.engine.sampling import normal, uniform
from gan1d.engine.training.trainer import Trainer
from gan1d.engine.units import Units


@dataclass
class Batches:
    """Copies of the streams of a trainer, by name; the trainer's own streams stay as they are."""

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
        """Reals, `(batch,)` or with labels below them, and latents, `(batch,)` or `(dimension, batch)`, of D's next
        update."""
        return self.data.next().copy(), flat(self.latent_d.next())

    def mixing(self) -> Array:
        """Shares of the reals in the points of D's next gradient penalty, `(batch,)`."""
        return self.mix.next().copy()

    def for_generator(self) -> Array:
        """Latents of G's next update, `(batch,)`, or `(inputs, batch)` with labels below them."""
        latents = self.latent_g.next()
        return flat(latents) if self.label_g is None else np.concatenate([latents, self.label_g.next()])


def flat(latents: Array) -> Array:
    """A copy of a batch of latents, `(batch,)` if they have one coordinate."""
    return latents[0].copy() if len(latents) == 1 else latents.copy()


def standardized(draw: Any, units: Units) -> Any:
    """A draw of reals, with labels below them if there are any, whose reals are in the units of a run."""

    def drawn(rng: np.random.Generator, count: int, dtype: Any) -> Array:
        reals = draw(rng, count, dtype)
        samples = reals if reals.ndim == 1 else reals[0]
        samples[:] = (samples - units.location) / units.scale
        return np.asarray(reals)

    return drawn


def upcoming(trainer: Trainer) -> Batches:
    """The batches that `trainer` will draw next."""
    states = trainer.state_dict()["streams"]
    items: Any = trainer.config.batch_size
    batch = items * trainer.config.discriminator.view.samples
    sizes = {"mix": items, "noise_d": 2 * batch}
    draws: dict[str, Any] = {
        "data": standardized(real_batches(trainer.config), trainer.units),
        "latent_d": trainer.config.latent.draw,
        "latent_g": trainer.config.latent.draw,
        "mix": uniform,
        "noise_d": normal,
        "noise_g": normal,
        "data_g": standardized(real_batches(trainer.config), trainer.units),
        "noise_data_g": normal,
    }
    if trainer.config.conditional:
        draws["label_g"] = label_sampler([each.weight for each in training_classes(trainer.config)])
    streams = {}
    for name, draw in draws.items():
        size = sizes.get(name, batch)
        streams[name] = BatchStream(draw, np.random.default_rng(), size, trainer.dtype)
        streams[name].restore(states[name])
    return Batches(**streams)
