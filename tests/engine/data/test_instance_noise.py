"""Instance noise: its deviation over the run, and its addition to samples."""

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.engine.data.batches import BatchStream
from gan1d.engine.data.instance_noise import InstanceNoise, has_instance_noise, instance_noise_at
from gan1d.engine.programs import run
from gan1d.engine.sampling import normal


def noisy(deviation: float, half_life: float = 100.0) -> Config:
    return Config().patched("instance_noise.deviation", deviation).patched("instance_noise.half_life", half_life)


def test_the_deviation_halves_every_half_life() -> None:
    noise = noisy(0.8).instance_noise
    found = [instance_noise_at(noise, step) for step in (0, 100, 200, 250)]
    assert found == pytest.approx([0.8, 0.4, 0.2, 0.2 / 2**0.5])


def test_noise_of_the_deviation_of_the_step_is_added_to_the_samples() -> None:
    settings, stream = noisy(0.8).instance_noise, BatchStream(normal, np.random.default_rng(3), 50, np.float64)
    drawn = BatchStream(normal, np.random.default_rng(3), 50, np.float64)
    samples, noise = np.full(50, 2.0), InstanceNoise(np.float64)
    program = noise.add_to(samples, stream)
    for step, deviation in ((0, 0.8), (100, 0.4)):
        samples[:] = 2.0
        noise.set(settings, step)
        run(program)
        np.testing.assert_allclose(samples, 2.0 + deviation * drawn.next(), rtol=1e-12)


def test_there_is_no_noise_of_deviation_0() -> None:
    assert not has_instance_noise(noisy(0.0))
    assert has_instance_noise(noisy(0.1))
    assert instance_noise_at(noisy(0.0).instance_noise, 5) == 0.0
