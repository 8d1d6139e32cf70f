"""Random generators of many kinds, some of which are hard to measure: steep, folded, flat, or with narrow rises."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from gan1d.config.model import Config
from gan1d.engine.networks.mlp import MLP
from gan1d.engine.training.trainer import Trainer

TARGETS = ("gaussian_mixture", "uniform", "laplace", "student_t", "triangular", "exponential")

Kind = Callable[[np.random.Generator], tuple[dict[str, Any], Callable[[MLP], None]]]


def dense(network: MLP, rng: np.random.Generator, gain: float, bias: float, out: float) -> None:
    """Normal weights of deviation gain/√inputs, normal biases, and a last layer of deviation `out`/√inputs."""
    for layer in network.layers:
        layer[:-1] = gain * rng.standard_normal(layer[:-1].shape) / math.sqrt(len(layer) - 1)
        layer[-1] = bias * rng.standard_normal(layer.shape[1])
    network.layers[-1][:-1] *= out / gain


def kind(
    hidden: list[int],
    activation: list[str],
    gain: tuple[float, float],
    bias: float,
    out: tuple[float, float] = (1.0, 3.0),
    input_scale: float = 1.0,
    limit: float | None = None,
) -> Kind:
    """Networks with these layers, and weights whose sizes are drawn from ranges."""

    def draw(rng: np.random.Generator) -> tuple[dict[str, Any], Callable[[MLP], None]]:
        settings = {
            "generator.hidden": hidden,
            "generator.activation": str(rng.choice(activation)),
            "generator.input_scale": input_scale,
        }
        sizes = rng.uniform(*gain), rng.uniform(*out)

        def write(network: MLP) -> None:
            dense(network, rng, sizes[0], bias, sizes[1])
            if limit is not None:
                np.clip(network.parameters, -limit, limit, out=network.parameters)

        return settings, write

    return draw


def constant(spread: float) -> Kind:
    """G that gives one number, or nearly: normal first layers and a last layer of this size."""

    def draw(rng: np.random.Generator) -> tuple[dict[str, Any], Callable[[MLP], None]]:
        def write(network: MLP) -> None:
            dense(network, rng, 1.0, 0.5, max(spread, 1e-9))
            if spread == 0:
                network.layers[-1][:-1] = 0.0
            network.layers[-1][-1] = rng.uniform(-2.5, 2.5)

        return {"generator.hidden": [16, 16]}, write

    return draw


def staircase(levels: int, width: tuple[float, float]) -> Kind:
    """G with one flat step for each of some samples, and rises of some width in z, as in memorization."""

    def draw(rng: np.random.Generator) -> tuple[dict[str, Any], Callable[[MLP], None]]:
        heights = np.sort(rng.uniform(-3.0, 3.0, levels + 1))
        places = np.sort(rng.uniform(-1.5, 1.5, levels))
        steepness = 1.0 / np.exp(rng.uniform(*np.log(width), levels))

        def write(network: MLP) -> None:
            first, last = network.layers
            first[0], first[1] = steepness, -places * steepness
            last[:-1, 0] = 0.5 * np.diff(heights)
            last[-1] = 0.5 * (heights[0] + heights[-1])

        return {"generator.hidden": [levels], "generator.activation": "tanh", "training_points": levels}, write

    return draw


KINDS: dict[str, Kind] = {
    "flat pieces": kind([16, 16], ["relu"], (1.0, 2.0), 1.0),
    "folds": kind([16, 16], ["tanh", "softplus", "sine"], (2.0, 4.0), 1.0),
    "steep": kind([16, 16, 16], ["tanh", "leaky_relu"], (2.0, 5.0), 1.0, (3.0, 10.0)),
    "constant": constant(0.0),
    "nearly constant": constant(1e-3),
    "stairs": kind([8, 8], ["tanh"], (10.0, 30.0), 8.0),
    "fast sine": kind([16, 16], ["sine"], (2.0, 4.0), 3.0, (1.0, 3.0), 5.0),
    "deep and narrow": kind([3] * 6, ["tanh", "relu", "leaky_relu", "sine"], (1.2, 2.0), 0.5),
    "wide": kind([256, 256], ["tanh", "relu", "softplus"], (1.0, 2.0), 1.0),
    "clipped": kind([16, 16], ["leaky_relu", "tanh"], (1.0, 3.0), 1.0, limit=0.5),
    "huge input scale": kind([16, 16], ["tanh", "relu", "leaky_relu"], (1.0, 2.0), 3.0, (0.5, 2.0), 10.0),
    "atoms": staircase(6, (1e-3, 0.05)),
    "kinks": kind([32], ["relu", "leaky_relu"], (2.0, 4.0), 3.0),
    "far away": kind([16], ["tanh", "relu"], (1.0, 2.0), 1.0, (20.0, 200.0)),
}
"""Kinds of networks by name."""


def random_networks(name: str, count: int, seed: int) -> Iterator[Trainer]:
    """Trainers with random generators of a kind, priors and targets."""
    for index in range(count):
        rng = np.random.default_rng([seed, list(KINDS).index(name), index])
        settings, write = KINDS[name](rng)
        config = Config().patched("target", str(rng.choice(TARGETS)))
        config = config.patched("latent", str(rng.choice(["normal", "uniform"])))
        for path, value in settings.items():
            config = config.patched(path, value)
        trainer = Trainer(config)
        write(trainer.generator)
        trainer.ema_generator.parameters[:] = trainer.generator.parameters
        yield trainer
