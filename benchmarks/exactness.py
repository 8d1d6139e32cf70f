"""How exact the numbers of a frame are: against 20,001 values of z, in all presets and on random networks.

    python -m benchmarks.exactness [--seed N] [--networks N] [--presets N] [--points N]

Each row is a preset at steps 50, 300 and 1,000, or a kind of network, and states the largest error found:

- W1, JS, Fréchet: error of Wasserstein-1, Jensen-Shannon and the Fréchet distance, as a part of the value, or of the
  floor in `FLOORS` if the value is smaller.
- D*: error of the optimal D (as the share of reals) at a bin, among the bins that hold 99.9 % of the mass of both.

The reference is computed here from the weights of G, in plain NumPy and double precision, by other means: each of
20,000 cells of z spreads its mass evenly between the values of G at its ends.
"""

import argparse
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

import gan1d
from gan1d.config.model import Config
from gan1d.engine.networks.mlp import MLP
from gan1d.engine.training.trainer import Trainer
from gan1d.evaluation.frame import Frame
from gan1d.evaluation.observe import observe
from gan1d.evaluation.probe import Probe

POINTS = 20_001
STEPS = (50, 300, 1000)
FLOORS = {"wasserstein1": 1e-4, "jensen_shannon": 1e-4, "frechet": 1e-4}
"""Values below which an error is stated relative to this number: of Wasserstein-1 in standard deviations of the target,
of the Fréchet distance in their squares, of Jensen-Shannon in nats."""

Values = np.ndarray[Any, np.dtype[np.float64]]

# The reference ---------------------------------------------------------------------------------------------------


def apply(network: MLP, z: Values, label: int | None = None) -> Values:
    """G in double precision, from its weights alone, `(n,)`."""
    rows = np.zeros((network.sizes[0], len(z)))
    rows[0] = z
    if label is not None:
        rows[1 + label] = 1.0
    rows *= network.input_scale
    functions: dict[str, Callable[[Values], Values]] = {
        "relu": lambda s: np.maximum(s, 0.0),
        "leaky_relu": lambda s: np.where(s > 0, s, s * network.activation.negative_slope),  # type: ignore[union-attr]
        "softplus": lambda s: np.logaddexp(0.0, s),
        "tanh": np.tanh,
        "sine": np.sin,
    }
    for index, layer in enumerate(network.layers):
        weights = layer.astype(np.float64)
        rows = weights[:-1].T @ rows + weights[-1][:, None]
        if index < len(network.layers) - 1:
            rows = functions[network.activation.kind](rows)
    return np.asarray(rows[0])


def even_cells(prior: str, count: int) -> tuple[Values, Values]:
    """Even values of z that hold all of the prior, `(n,)`, and the mass between them, `(n − 1,)`."""
    if prior == "uniform":
        return np.linspace(-1.0, 1.0, count), np.full(count - 1, 1.0 / (count - 1))
    z = np.linspace(-6.5, 6.5, count)
    below = np.array([0.5 * math.erfc(-each / math.sqrt(2)) for each in z])
    below[0], below[-1] = 0.0, 1.0
    return z, np.diff(below)


def cdf_of_cells(x: Values, masses: Values, points: Values) -> Values:
    """CDF of cells that spread their mass evenly between their ends, `(points,)`; points from left to right."""
    low, high = np.minimum(x[1:], x[:-1]), np.maximum(x[1:], x[:-1])
    order = np.argsort(low)
    low, high, masses = low[order], high[order], masses[order]
    size = np.maximum(high - low, 1e-13 * (1 + np.abs(high)))
    found = np.zeros(len(points))
    for start in range(0, len(low), 200):
        part = slice(start, start + 200)
        first = np.searchsorted(points, low[part].min())
        last = np.searchsorted(points, (low + size)[part].max(), side="right")
        found[last:] += masses[part].sum()
        shares = np.clip((points[None, first:last] - low[part, None]) / size[part, None], 0.0, 1.0)
        found[first:last] += masses[part] @ shares
    return found


@dataclass(frozen=True)
class Reference:
    """What is compared, of one generator.

    Attributes:
        wasserstein1, jensen_shannon, frechet: The distances to the target.
        share_of_reals: p_data / (p_data + p_g) in each of the 256 bins.
        mass: Mass of both in each bin.
    """

    wasserstein1: float
    jensen_shannon: float
    frechet: float
    share_of_reals: Values
    mass: Values


def moments_in_x(trainer: Trainer, probe: Probe) -> tuple[float, float]:
    """Mean and standard deviation of the target, in units of x."""
    mean, deviation = probe.target_moments
    return float(trainer.units.to_x(np.array(mean))), deviation * trainer.units.scale


def reference(trainer: Trainer, probe: Probe, count: int = POINTS) -> Reference:
    """The distances of G, or of a mixture over its labels, from many values of z."""
    config, target, edges = trainer.config, trainer.config.target, trainer.units.to_x(probe.grid.edges)
    z, masses = even_cells(config.latent.kind, count)
    labels: list[int | None] = list(range(len(probe.classes))) if config.conditional else [None]
    weights = [each.weight for each in probe.classes] if config.conditional else [1.0]
    parts = [
        (weight, trainer.units.to_x(apply(trainer.generator, z, label)))
        for weight, label in zip(weights, labels, strict=True)
    ]
    tails = target.quantile(np.array([1e-10, 1 - 1e-10]))
    low = min(tails[0], edges[0], *(x.min() for _, x in parts))
    high = max(tails[1], edges[-1], *(x.max() for _, x in parts))
    fine = np.concatenate([np.linspace(a, b, 32, endpoint=False) for a, b in pairwise(edges)])
    tail = np.geomspace(1e-8, 1.0, 4000)
    points = np.concatenate([(edges[0] - (edges[0] - low) * tail)[::-1], fine, edges[-1] + (high - edges[-1]) * tail])
    fakes = sum(weight * cdf_of_cells(x, masses, points) for weight, x in parts)
    ahead = fakes - target.cdf(points)
    left, right = np.abs(ahead[:-1]), np.abs(ahead[1:])
    crossing = ahead[:-1] * ahead[1:] < 0
    area = np.where(crossing, (left**2 + right**2) / np.maximum(2 * (left + right), 1e-300), 0.5 * (left + right))
    fake_cdf = sum(weight * cdf_of_cells(x, masses, edges) for weight, x in parts)
    fake, real = (np.maximum(np.diff(cdf, prepend=0.0, append=1.0), 0.0) for cdf in (fake_cdf, target.cdf(edges)))
    middle = 0.5 * (fake + real)
    divergence = 0.0
    for side in (fake, real):
        divergence += 0.5 * float(np.sum(side[side > 0] * np.log(side[side > 0] / middle[side > 0])))
    mean = sum(weight * float(masses @ (0.5 * (x[1:] + x[:-1]))) for weight, x in parts)
    square = sum(
        weight * float(masses @ ((x[1:] - mean) ** 2 + (x[1:] - mean) * (x[:-1] - mean) + (x[:-1] - mean) ** 2)) / 3
        for weight, x in parts
    )
    target_mean, target_deviation = moments_in_x(trainer, probe)
    with np.errstate(invalid="ignore"):
        share = real / (real + fake)
    return Reference(
        wasserstein1=float(area @ np.diff(points)),
        jensen_shannon=divergence,
        frechet=(mean - target_mean) ** 2 + (math.sqrt(square) - target_deviation) ** 2,
        share_of_reals=share[1:-1],
        mass=(real + fake)[1:-1],
    )


# Errors ----------------------------------------------------------------------------------------------------------

Errors = dict[str, float]


def errors(trainer: Trainer, probe: Probe, frame: Frame, count: int = POINTS) -> Errors:
    """Errors of one frame: of the distances relative to their values, of D* absolute."""
    exact, (_, scale) = reference(trainer, probe, count), moments_in_x(trainer, probe)
    found = {}
    for name, unit in (("wasserstein1", scale), ("jensen_shannon", 1.0), ("frechet", scale**2)):
        value = getattr(exact, name)
        found[name] = abs(getattr(frame, name) - value) / max(value, FLOORS[name] * unit)
    order = np.argsort(-exact.mass)
    held = np.searchsorted(np.cumsum(exact.mass[order]), 0.999 * exact.mass.sum()) + 1
    real = probe.target.masses[0, 1:-1]
    fake = frame.fake_density.astype(np.float64) * (probe.grid.bin_width * trainer.units.scale)
    with np.errstate(invalid="ignore"):
        shares = real / (real + fake)
    found["optimal_d"] = float(np.nanmax(np.abs(shares - exact.share_of_reals)[order[:held]], initial=0.0))
    return found


# Random networks -------------------------------------------------------------------------------------------------

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


# The table -------------------------------------------------------------------------------------------------------


def worst(parts: list[Errors]) -> Errors:
    """The largest of each error."""
    return {name: max(part[name] for part in parts) for name in parts[0]}


def errors_of_preset(name: str, seed: int, count: int = POINTS) -> list[Errors]:
    """Errors of one run of a preset at each of `STEPS` that it reaches."""
    config = gan1d.presets[name].config.patched("seed", seed)
    trainer, probe, found = Trainer(config), Probe(config), []
    for step in STEPS:
        trainer.run(step - trainer.step_count)
        if trainer.diverged is None:
            found.append(errors(trainer, probe, observe(trainer, probe), count))
    return found


def errors_of_kind(name: str, networks: int, seed: int, count: int = POINTS) -> list[Errors]:
    """Errors of some random networks of a kind."""
    found = []
    for trainer in random_networks(name, networks, seed):
        probe = Probe(trainer.config)
        found.append(errors(trainer, probe, observe(trainer, probe), count))
    return found


def row(name: str, parts: list[Errors]) -> str:
    """A row of the table: name, number of frames, distances in per cent, D*."""
    found = worst(parts)
    cells = [f"{100 * found[key]:.3f} %" for key in FLOORS]
    return f"| {name} | {len(parts)} | {' | '.join(cells)} | {found['optimal_d']:.4f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1000, help="first seed of the runs, and seed of the networks")
    parser.add_argument("--networks", type=int, default=20, help="networks of each kind")
    parser.add_argument("--presets", type=int, default=2, help="runs of each preset")
    parser.add_argument("--points", type=int, default=POINTS, help="values of z of the reference")
    options = parser.parse_args()
    print("| | frames | W1 | JS | Fréchet | D* |\n|---|---|---|---|---|---|")
    for name in KINDS if options.networks else ():
        print(row(name, errors_of_kind(name, options.networks, options.seed, options.points)), flush=True)
    for name, preset in gan1d.presets.items() if options.presets else ():
        if preset.config.latent.dimension == 1:
            seeds = range(options.seed, options.seed + options.presets)
            parts = [part for seed in seeds for part in errors_of_preset(name, seed, options.points)]
            if parts:
                print(row(name, parts), flush=True)


if __name__ == "__main__":
    main()
