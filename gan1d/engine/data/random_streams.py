"""The random streams of a run, spawned from one seed, and the batch streams that draw from them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from gan1d.engine.data.batches import BatchStream, BatchStreams, Draw, StackedBatchStream
from gan1d.engine.data.conditioning import label_sampler
from gan1d.engine.data.datasets import real_batches, training_classes
from gan1d.engine.data.translation import is_translation, mirrored
from gan1d.engine.objectives.codes import NoCode
from gan1d.engine.protocols import TrainerSettings
from gan1d.engine.sampling import normal, uniform

STREAMS = (
    "generator", "discriminator", "data", "latent_d", "latent_g", "mix", "noise_d", "noise_g", "data_g", "label_g",
    "noise_data_g", "code_d", "code_g", "code_head", "back_generator", "back_discriminator", "back_data",
    "back_latent_d", "back_latent_g", "back_mix", "back_noise_d", "back_noise_g", "back_data_g", "back_noise_data_g",
)  # fmt: skip
"""Names of the separate random streams of a run, in order; append new ones, so that known runs stay the same."""

BACK = "back_"
"""Prefix of the streams of the way back in a translation."""


def random_streams(seed: int) -> dict[str, np.random.Generator]:
    """The random streams of a run, by name."""
    seeds = np.random.SeedSequence(seed).spawn(len(STREAMS))
    return {name: np.random.default_rng(child) for name, child in zip(STREAMS, seeds, strict=True)}


def samplers_of(config: TrainerSettings) -> dict[str, tuple[Draw, int]]:
    """The draw of each batch stream and its batch size, by name."""
    if not is_translation(config):
        return samplers_of_one_way(config)
    there, back = samplers_of_one_way(config), samplers_of_one_way(mirrored(config))
    return there | {BACK + name: sampler for name, sampler in back.items() if BACK + name in STREAMS}


def streams_back(streams: BatchStreams) -> BatchStreams:
    """The streams of the way back, under the names of those of the way there."""
    return {name.removeprefix(BACK): stream for name, stream in streams.items() if name.startswith(BACK)}


def samplers_of_one_way(config: TrainerSettings) -> dict[str, tuple[Draw, int]]:
    """As `samplers_of`, without the way back of a translation."""
    items = config.batch_size
    batch, real = items * config.discriminator.view.samples, real_batches(config)
    weights = [each.weight for each in training_classes(config)] if config.conditional else [1.0]
    latent, code = config.latent.draw_for(batch), config.code
    codes = {} if isinstance(code, NoCode) else dict.fromkeys(("code_d", "code_g"), (code.draw, batch))
    return {
        "data": (real, batch),
        "latent_d": (latent, batch),
        "latent_g": (latent, batch),
        "mix": (uniform, items),
        "noise_d": (normal, 2 * batch),
        "noise_g": (normal, batch),
        "data_g": (real, batch),
        "label_g": (label_sampler(weights), batch),
        "noise_data_g": (normal, batch),
        **codes,
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
