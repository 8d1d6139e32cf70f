"""Random experiments: settings drawn from a seed, as a student who tries things out might choose them.

There are three populations with different ranges. The rules of the diagnosis are tuned on the first two and measured on
the third, so that a rule that only fits the settings it was made on is found out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from gan1d.config.model import Config

Range = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Population:
    """Ranges and frequencies of the settings.

    Attributes:
        name: Name on the command line.
        first_seed: Seed of the first run.
        steps: Lengths of a run, each as frequent as the others.
        batches: Batch sizes.
        depths: Numbers of hidden layers.
        widths: Units of a hidden layer.
        generator_rate: G's learning rate with Adam, the smallest and the largest.
        discriminator_rate: D's learning rate with Adam.
        discriminator_steps: Numbers of D's updates in a step.
        generator_steps: Numbers of G's updates in a step.
        losses: Frequency of each loss.
        penalties: Frequency of each penalty, for losses that are not Wasserstein losses.
        targets: Frequency of each target.
        modes: Numbers of modes of a mixture.
        place: Largest distance of the target's centre from 0.
        spread: Smallest and largest distance between neighbouring modes of a mixture, or scale of another target.
        optimizers: Frequency of each optimizer.
        activations: Frequency of each activation.
        raw: Probability that both networks see the data as they are (`standardize` off).
        rare: Probability of each of the rarer settings: labels, packs, noise and so on.
    """

    name: str
    first_seed: int
    steps: tuple[int, ...]
    batches: tuple[int, ...]
    depths: tuple[int, ...]
    widths: tuple[int, ...]
    generator_rate: Range
    discriminator_rate: Range
    discriminator_steps: tuple[int, ...]
    generator_steps: tuple[int, ...]
    losses: Mapping[str, float]
    penalties: Mapping[str, float]
    targets: Mapping[str, float]
    modes: tuple[int, ...]
    place: float
    spread: Range
    optimizers: Mapping[str, float]
    activations: Mapping[str, float]
    raw: float
    rare: float


ORDINARY: Final = Population(
    name="ordinary",
    first_seed=11_000_000,
    steps=(1500, 1500, 2000),
    batches=(32, 64, 64, 128),
    depths=(2, 2, 3, 3),
    widths=(8, 16, 16, 24),
    generator_rate=(3e-4, 5e-3),
    discriminator_rate=(7e-4, 1.5e-2),
    discriminator_steps=(1, 1, 1, 2, 2, 3),
    generator_steps=(1, 1, 1, 1, 1, 1, 1, 1, 2, 6),
    losses={"non_saturating": 6, "minimax": 2, "least_squares": 3, "hinge": 3, "wasserstein": 2, "wasserstein_gp": 3},
    penalties={"none": 5, "r1": 4, "r2": 1, "gradient_penalty": 1},
    targets={"gaussian_mixture": 10, "uniform": 1, "laplace": 1, "student_t": 1, "triangular": 1, "exponential": 1,
             "drawn": 1, "samples": 1},
    modes=(1, 2, 2, 2, 3, 4, 6),
    place=4.0,
    spread=(0.8, 5.0),
    optimizers={"adam": 8, "rmsprop": 1, "sgd": 2, "momentum": 1},
    activations={"tanh": 3, "leaky_relu": 3, "relu": 1, "softplus": 1, "sine": 1},
    raw=0.3,
    rare=0.06,
)  # fmt: skip

ROUGH: Final = Population(
    name="rough",
    first_seed=21_000_000,
    steps=(1500, 1500, 1500, 2000),
    batches=(24, 48, 48, 96),
    depths=(1, 2, 2, 3),
    widths=(6, 12, 20, 24),
    generator_rate=(2e-4, 8e-3),
    discriminator_rate=(4e-4, 2e-2),
    discriminator_steps=(1, 1, 2, 2, 4),
    generator_steps=(1, 1, 1, 1, 1, 1, 1, 2, 4),
    losses={"non_saturating": 5, "minimax": 3, "least_squares": 3, "hinge": 3, "wasserstein": 2, "wasserstein_gp": 2},
    penalties={"none": 4, "r1": 3, "r2": 2, "gradient_penalty": 1},
    targets={"gaussian_mixture": 8, "uniform": 1, "laplace": 2, "student_t": 1, "triangular": 2, "exponential": 2,
             "drawn": 2, "samples": 2},
    modes=(1, 2, 2, 3, 3, 5, 8),
    place=7.0,
    spread=(0.5, 6.0),
    optimizers={"adam": 7, "rmsprop": 2, "sgd": 2, "momentum": 1},
    activations={"tanh": 2, "leaky_relu": 4, "relu": 2, "softplus": 0.5, "sine": 1},
    raw=0.4,
    rare=0.08,
)  # fmt: skip

MEASURING: Final = Population(
    name="measuring",
    first_seed=31_000_000,
    steps=(1500, 1500, 2000),
    batches=(32, 64, 80, 128),
    depths=(1, 2, 2, 3),
    widths=(8, 12, 16, 32),
    generator_rate=(3e-4, 6e-3),
    discriminator_rate=(5e-4, 1.5e-2),
    discriminator_steps=(1, 1, 2, 3),
    generator_steps=(1, 1, 1, 1, 1, 1, 1, 1, 3, 5),
    losses={"non_saturating": 5, "minimax": 2, "least_squares": 3, "hinge": 3, "wasserstein": 2, "wasserstein_gp": 3},
    penalties={"none": 4, "r1": 4, "r2": 1, "gradient_penalty": 1},
    targets={"gaussian_mixture": 10, "uniform": 1, "laplace": 1, "student_t": 2, "triangular": 1, "exponential": 1,
             "drawn": 2, "samples": 1},
    modes=(1, 2, 2, 3, 4, 5, 7),
    place=6.0,
    spread=(0.7, 5.5),
    optimizers={"adam": 8, "rmsprop": 1, "sgd": 1, "momentum": 1},
    activations={"tanh": 3, "leaky_relu": 4, "relu": 1, "softplus": 1, "sine": 0.5},
    raw=0.25,
    rare=0.07,
)  # fmt: skip

POPULATIONS: Final = {population.name: population for population in (ORDINARY, ROUGH, MEASURING)}


class Draw:
    """Random choices for one run.

    Args:
        population: Ranges and frequencies.
        seed: Seed of the choices.
    """

    def __init__(self, population: Population, seed: int) -> None:
        self.population = population
        self.rng = np.random.default_rng([20140610, seed])

    def one_of(self, frequencies: Mapping[str, float]) -> str:
        """One of some names by their frequencies."""
        weights = np.array(list(frequencies.values()), np.float64)
        return str(self.rng.choice(list(frequencies), p=weights / weights.sum()))

    def pick(self, values: tuple[int, ...]) -> int:
        """One of some numbers."""
        return int(self.rng.choice(values))

    def log_uniform(self, low: float, high: float) -> float:
        """A number whose logarithm is uniform, with three digits."""
        return float(f"{np.exp(self.rng.uniform(np.log(low), np.log(high))):.3g}")

    def uniform(self, low: float, high: float) -> float:
        """A number with two decimals."""
        return round(float(self.rng.uniform(low, high)), 2)

    def rarely(self, factor: float = 1.0) -> bool:
        """True with the population's probability of rarer settings, times a factor."""
        return bool(self.rng.random() < factor * self.population.rare)

    def network(self, rates: Range) -> dict[str, Any]:
        """Layers, activation, optimizer and initialization of a network."""
        population = self.population
        hidden = [self.pick(population.widths)] * self.pick(population.depths)
        network: dict[str, Any] = {
            "hidden": hidden,
            "activation": {"kind": self.one_of(population.activations)},
            "optimizer": self.optimizer(rates),
            "initialization": {"random_biases": bool(self.rng.random() < 0.5)},
        }
        network["initialization"]["weights"] = str(self.rng.choice(["auto", "uniform"]))
        return network

    def optimizer(self, rates: Range) -> dict[str, Any]:
        """An optimizer; plain gradient descent takes larger learning rates than Adam."""
        kind, rate = self.one_of(self.population.optimizers), self.log_uniform(*rates)
        if kind == "adam":
            momentum = {"beta1": 0.0, "beta2": 0.9} if self.rng.random() < 0.5 else {"beta1": 0.5, "beta2": 0.999}
            return {"kind": kind, "learning_rate": rate} | momentum
        factors = {"rmsprop": 0.5, "sgd": 20.0, "momentum": 3.0}
        return {"kind": kind, "learning_rate": float(f"{factors[kind] * rate:.3g}")}

    def target(self) -> dict[str, Any]:
        """A target."""
        kind = self.one_of(self.population.targets)
        centre, scale = self.uniform(-self.population.place, self.population.place), self.log_uniform(0.2, 2.0)
        makers: dict[str, Callable[[], dict[str, Any]]] = {
            "gaussian_mixture": self.mixture,
            "uniform": lambda: {"centre": centre, "half_width": 2 * scale},
            "laplace": lambda: {"position": centre, "scale": scale},
            "student_t": lambda: {"position": centre, "scale": scale, "freedom": self.log_uniform(2.2, 20.0)},
            "triangular": lambda: {"peak": centre, "rise": 2 * scale, "fall": self.log_uniform(0.3, 3.0)},
            "exponential": lambda: {"start": centre, "mean": scale},
            "drawn": lambda: {"centre": centre, "half_width": 3 * scale, "heights": self.heights()},
            "samples": lambda: {"values": self.numbers()},
        }
        return {"kind": kind} | makers[kind]()

    def mixture(self) -> dict[str, Any]:
        """A mixture of Gaussians at random distances, not all of the same weight."""
        count, spread = self.pick(self.population.modes), self.log_uniform(*self.population.spread)
        gaps = spread * self.rng.uniform(0.6, 1.4, count)
        places = np.cumsum(gaps) - gaps.sum() / 2 + self.uniform(-self.population.place, self.population.place)
        places *= min(1.0, 9.5 / float(np.abs(places).max()))
        width = max(0.05, 0.25 * spread * self.uniform(0.25, 1.0))
        weights = np.ones(count) if self.rng.random() < 0.5 else self.rng.uniform(0.1, 1.0, count)
        return {
            "modes": [
                {"position": round(float(x), 2), "width": round(float(width), 2), "weight": round(float(weight), 2)}
                for x, weight in zip(places, weights, strict=True)
            ]
        }

    def heights(self) -> list[float]:
        """Heights of a drawn density: a sawtooth, or a random walk."""
        if self.rng.random() < 0.5:
            teeth = self.pick((2, 3, 4))
            return [round(float((teeth * i / 32) % 1), 2) for i in range(32)]
        walk = np.cumsum(self.rng.standard_normal(24))
        return [round(float(height), 2) for height in (walk - walk.min()) / (walk.max() - walk.min())]

    def numbers(self) -> list[float]:
        """Numbers of a user: measurements, or ratings with few distinct values."""
        centre, scale = self.uniform(-5, 5), self.log_uniform(0.3, 3.0)
        values = centre + scale * np.where(self.rng.random(200) < 0.4, -2.0, 1.0) + scale * self.rng.normal(0, 0.5, 200)
        if self.rng.random() < 0.4:
            values = np.rint(values / scale) * scale
        return [round(float(value), 3) for value in values]

    def loss(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """A loss and a penalty."""
        kind = self.one_of(self.population.losses)
        if kind == "wasserstein":
            return {"kind": kind, "clip": self.log_uniform(0.05, 0.6)}, {"kind": "none"}
        if kind == "wasserstein_gp":
            return {"kind": kind, "weight": self.log_uniform(0.05, 3.0)}, {"kind": "none"}
        loss: dict[str, Any] = {"kind": kind}
        if kind in ("non_saturating", "minimax") and self.rarely(2.0):
            loss["real_label"] = 0.9
        penalty: dict[str, Any] = {"kind": self.one_of(self.population.penalties)}
        if penalty["kind"] in ("r1", "r2"):
            penalty["gamma"] = self.log_uniform(0.03, 3.0)
        if penalty["kind"] == "gradient_penalty":
            penalty["weight"] = self.log_uniform(0.03, 3.0)
        return loss, penalty


def draw_config(population: Population, seed: int) -> tuple[Config, int]:
    """The settings of the run with a seed, and its length in steps."""
    draw = Draw(population, seed)
    loss, penalty = draw.loss()
    generator, discriminator = draw.network(population.generator_rate), draw.network(population.discriminator_rate)
    if draw.rarely(2.0):
        generator["initialization"]["output_offset"] = draw.uniform(-5, 5)
    if draw.rarely(0.5):
        generator["feature_matching"] = 1.0
    if draw.rarely(0.5):
        discriminator["constraint"] = {"kind": "spectral_normalization"}
    if draw.rarely():
        discriminator["view"] = {"kind": "batch_deviation"} if draw.rng.random() < 0.5 else {"kind": "pack", "size": 4}
    values: dict[str, Any] = {
        "seed": seed,
        "batch_size": draw.pick(population.batches),
        "discriminator_steps": draw.pick(population.discriminator_steps),
        "generator_steps": draw.pick(population.generator_steps),
        "target": draw.target(),
        "standardize": bool(draw.rng.random() >= population.raw),
        "latent": {"kind": "normal" if draw.rng.random() < 0.7 else "uniform"},
        "loss": loss,
        "penalty": penalty,
        "generator": generator,
        "discriminator": discriminator,
    }
    if draw.rarely(0.3):  # the measurements of such a run take longer than its training
        values["latent"]["dimension"] = draw.pick((2, 4))
    if draw.rarely():
        values["conditional"] = True
    if draw.rarely(2.0):
        values["training_points"] = draw.pick((5, 8, 12, 50, 1000))
    if draw.rarely():
        values["instance_noise"] = {"deviation": draw.uniform(0.2, 2.0), "half_life": draw.log_uniform(200, 2000)}
    return Config.parsed(values), draw.pick(population.steps)
