"""The random streams of a run: separate, and the same for the same seed."""

import numpy as np

from gan1d.config.model import Config
from gan1d.engine.data.batches import BLOCK
from gan1d.engine.data.random_streams import (
    STREAMS,
    batch_settings,
    open_stacked_streams,
    open_streams,
    random_streams,
    samplers_of,
)


def test_the_same_seed_gives_the_same_streams() -> None:
    first, second = random_streams(7), random_streams(7)
    assert list(first) == list(STREAMS)
    assert [rng.random() for rng in first.values()] == [rng.random() for rng in second.values()]


def test_streams_and_seeds_differ() -> None:
    drawn = [rng.random() for seed in (7, 8) for rng in random_streams(seed).values()]
    assert len(set(drawn)) == 2 * len(STREAMS)


def test_drawing_from_one_stream_leaves_the_others_alone() -> None:
    streams, fresh = random_streams(7), random_streams(7)
    streams["data"].random(1000)
    assert streams["latent_d"].random() == fresh["latent_d"].random()


def test_every_sampler_has_a_stream_and_draws_a_batch() -> None:
    config = Config().patched("batch_size", 10).patched("discriminator.view", "pack")
    config = config.patched("discriminator.view.size", 3)
    samplers = samplers_of(config)
    assert set(samplers) <= set(STREAMS)
    counts = {name: count for name, (_, count) in samplers.items()}
    # Three samples for each of the ten that D gets; noise for real and fake together.
    assert counts["data"] == counts["latent_d"] == counts["latent_g"] == 30
    assert counts["noise_d"] == 60
    assert counts["mix"] == 10


def test_batches_do_not_depend_on_an_optimizer() -> None:
    config = Config()
    assert batch_settings(config.patched("generator.optimizer", "sgd")) == batch_settings(config)
    assert batch_settings(config.patched("batch_size", 64)) != batch_settings(config)


def test_batch_streams_draw_from_the_random_streams_of_their_names() -> None:
    config = Config().patched("batch_size", 10)
    streams, rngs = open_streams(config, random_streams(7), np.float32), random_streams(7)
    draw, size = samplers_of(config)["latent_g"]
    block = draw(rngs["latent_g"], BLOCK * size, np.float32)
    np.testing.assert_array_equal(streams["latent_g"].next(), block[..., :size])


def test_each_run_of_a_stack_has_the_batches_of_its_own_streams() -> None:
    configs = [Config().patched("batch_size", 10).patched("seed", seed) for seed in (7, 8)]
    stacked = open_stacked_streams(configs, [random_streams(each.seed) for each in configs], np.float32)
    alone = [open_streams(each, random_streams(each.seed), np.float32) for each in configs]
    out = np.empty((2, 10), np.float32)
    stacked["data"].fill(out)
    np.testing.assert_array_equal(out, [streams["data"].next() for streams in alone])
