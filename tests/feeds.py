"""The next batches of a trainer, read from its state, so that reference implementations can train on them."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from gan1d.engine.arrays import Array
from gan1d.engine.data.batches import BatchStream
from gan1d.engine.data.conditioning import label_sampler
from gan1d.engine.data.datasets import real_batches, training_classes
from gan1d.engine.data.translation import is_translation, mirrored
from gan1d.engine.objectives.codes import NoCode
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
    code_d: BatchStream | None = None
    code_g: BatchStream | None = None

    def for_discriminator(self) -> tuple[Array, Array]:
        """Reals, `(batch,)` or with labels below them, and latents, `(batch,)` or `(dimension, batch)`, of D's next
        update."""
        latents = self.latent_d.next()
        return self.data.next().copy(), flat(latents) if self.code_d is None else with_rows(latents, self.code_d)

    def mixing(self) -> Array:
        """Shares of the reals in the points of D's next gradient penalty, `(batch,)`."""
        return self.mix.next().copy()

    def for_generator(self) -> Array:
        """Latents of G's next update, `(batch,)`, or `(inputs, batch)` with labels or codes below them."""
        latents, below = self.latent_g.next(), self.label_g or self.code_g
        return flat(latents) if below is None else with_rows(latents, below)


def with_rows(latents: Array, stream: BatchStream) -> Array:
    """Latents with a batch of labels or codes below them, `(inputs, batch)`."""
    return np.concatenate([latents, stream.next()])


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


def way_back_of(trainer: Trainer) -> Any:
    """The way back of a translation, with the attributes of a trainer that references read."""
    networks = trainer.way_back
    assert networks is not None
    streams = {
        name.removeprefix("back_"): state
        for name, state in trainer.state_dict()["streams"].items()
        if name.startswith("back_")
    }
    return SimpleNamespace(
        config=mirrored(trainer.config),
        units=trainer.units,
        dtype=trainer.dtype,
        generator=networks[0],
        discriminator=networks[2],
        code_head=None,
        state_dict=lambda: {"streams": streams},
    )


def upcoming(trainer: Trainer) -> Batches:
    """The batches that `trainer` will draw next."""
    states = trainer.state_dict()["streams"]
    items: Any = trainer.config.batch_size
    batch = items * trainer.config.discriminator.view.samples
    sizes = {"mix": items, "noise_d": 2 * batch}
    latent = trainer.config.latent.draw
    if is_translation(trainer.config):
        latent = standardized(latent, trainer.units)
    draws: dict[str, Any] = {
        "data": standardized(real_batches(trainer.config), trainer.units),
        "latent_d": latent,
        "latent_g": latent,
        "mix": uniform,
        "noise_d": normal,
        "noise_g": normal,
        "data_g": standardized(real_batches(trainer.config), trainer.units),
        "noise_data_g": normal,
    }
    if trainer.config.conditional:
        draws["label_g"] = label_sampler([each.weight for each in training_classes(trainer.config)])
    code = trainer.config.code
    if not isinstance(code, NoCode):
        draws |= {"code_d": code.draw, "code_g": code.draw}
    streams = {}
    for name, draw in draws.items():
        size = sizes.get(name, batch)
        streams[name] = BatchStream(draw, np.random.default_rng(), size, trainer.dtype)
        streams[name].restore(states[name])
    return Batches(**streams)
