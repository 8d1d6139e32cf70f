"""The random streams of a run, spawned from one seed, and the batch streams that draw from them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from gan1d.engine.data.batches import BatchStream, Draw, StackedBatchStream
from gan1d.engine.data.conditioning import label_sampler
from gan1d.engine.data.datasets import real_batches, training_classes
from gan1d.engine.protocols import TrainerSettings
from gan1d.engine.sampling import normal, uniform

STREAMS = (
    "generator", "discriminator", "data", "latent_d", "latent_g", "mix", "noise_d", "noise_g", "data_g", "label_g",
    "noise_data_g",
)  # fmt: skip
"""Names of the separate random streams of a run, in order; append new ones, so that known runs stay the same."""


def random_streams(seed: int) -> dict[str, np.random.Generator]:
    """The random streams of a run, by name."""
    seeds = np.random.SeedSequence(seed).spawn(len(STREAMS))
    return {name: np.random.default_rng(child) for name, child in zip(STREAMS, seeds, strict=True)}


def samplers_of(config: TrainerSettings) -> dict[str, tuple[Draw, int]]:
    """The draw of each batch stream and its batch size, by name."""
    items = config.batch_size
    batch, real = items * config.discriminator.view.samples, real_batches(config)
    weights = [each.weight for each in training_classes(config)] if config.conditional else [1.0]
    return {
        "data": (real, batch),
        "latent_d": (config.latent.draw, batch),
        "latent_g": (config.latent.draw, batch),
        "mix": (uniform, items),
        "noise_d": (normal, 2 * batch),
        "noise_g": (normal, batch),
        "data_g": (real, batch),
        "label_g": (label_sampler(weights), batch),
        "noise_data_g": (normal, batch),
    }


def open_streams(
    config: TrainerSettings, rngs: Mapping[str, np.random.Generator], dtype: DTypeLike
) -> dict[str, BatchStream]:
    """The batch streams of a run, by name, drawn from the random streams of the same names."""
    samplers = samplers_of(config).items()
    return {name: BatchStream(draw, rngs[name], size, dtype) for name, (draw, size) in samplers}


def open_stacked_streams(
    configs: Sequence[TrainerSettings], rngs: Sequence[Mapping[str, np.random.Generator]], dtype: DTypeLike
) -> dict[str, StackedBatchStream]:
    """The batch streams of a stack of runs, by name; each run draws from its own random streams."""
    samplers = [samplers_of(each) for each in configs]
    return {
        name: StackedBatchStream([each[name][0] for each in samplers], [each[name] for each in rngs], size, dtype)
        for name, (_, size) in samplers[0].items()
    }


def batch_settings(config: TrainerSettings) -> tuple[Any, ...]:
    """The settings that batches depend on."""
    samples = config.discriminator.view.samples
    return config.target, config.training_points, config.conditional, config.latent, config.batch_size, samples
