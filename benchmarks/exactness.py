"""How exact the numbers of a frame are: against 20,001 values of z, in all presets and on random networks.

    python -m benchmarks.exactness --write
    python -m benchmarks.exactness --write --only infogan cyclegan
    python -m benchmarks.exactness --seed 1000 --networks 3 --presets 0

Each row is a preset at steps 50, 300 and 1,000, or a kind of network, and states the largest error found:

- W1, JS, Fréchet: error of Wasserstein-1, Jensen-Shannon and the Fréchet distance, as a part of the value, or of the
  floor in `FLOORS` if the value is smaller.
- D*: error of the optimal D (as the share of reals) at a bin, among the bins that hold 99.9 % of the mass of both.

With `--write` each row replaces the one in docs/exactness.md as soon as it is measured.

The reference is computed here from the weights of G, in plain NumPy and double precision, by other means: each of
20,000 cells of z spreads its mass evenly between the values of G at its ends. Reference and
errors stand in one file, because each number of the one is held against the other.
"""

import argparse
import math
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

import gan1d
from benchmarks.document_tables import line, put_rows
from benchmarks.random_networks import KINDS, random_networks
from gan1d.config.model import Config
from gan1d.engine.data.standardization import in_units
from gan1d.engine.distributions.gaussian_mixture import GaussianMixture, Mode
from gan1d.engine.distributions.latents import Latent, Source
from gan1d.engine.distributions.priors import NormalPrior
from gan1d.engine.metrics.empirical_pushforward import EmpiricalPushforward
from gan1d.engine.metrics.grid import Grid
from gan1d.engine.networks.mlp import MLP
from gan1d.engine.objectives.codes import ContinuousCode
from gan1d.engine.training.trainer import Trainer
from gan1d.evaluation.frame import Frame
from gan1d.evaluation.latent_grid import LATTICE_POINTS
from gan1d.evaluation.observe import observe
from gan1d.evaluation.probe import GRID, Probe
from gan1d.evaluation.reference import from_target

POINTS, NETWORK_POINTS, NARROW_POINTS = 20_001, 60_001, 200_001
"""Values of z of the reference: of presets, of random networks, and of those whose rises are narrow."""
STEPS = (50, 300, 1000)
FLOORS = {"wasserstein1": 1e-4, "jensen_shannon": 1e-4, "frechet": 1e-4}
"""Values below which an error is stated relative to this number: of Wasserstein-1 in standard deviations of the target,
of the Fréchet distance in their squares, of Jensen-Shannon in nats."""
GOALS = dict.fromkeys(FLOORS, 1e-3) | {"optimal_d": 0.01}
"""Largest errors: of the distances relative to their values, of D* absolute."""
HELD_MASS = 0.999
"""Share of the mass of reals and fakes together in the bins in which D* is compared."""
NARROW = ("steep", "stairs", "atoms", "huge input scale", "deep and narrow", "fast sine")
"""Kinds of networks with rises so narrow that a reference of `POINTS` values does not resolve D* there."""

DOCUMENT = Path(__file__).parents[1] / "docs" / "exactness.md"
HEAD = ("", "frames", "values of z", "W1", "JS", "Fréchet", "D*")
QUOTED_SEED, QUOTED_NETWORKS, QUOTED_RUNS = 9303, 10, 2
"""First seed of the table in the document, networks of each kind, and runs of each preset."""

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


def even_cells(latent: Latent, count: int) -> tuple[Values, Values]:
    """Even values of z that hold all of the prior, `(n,)`, and the mass between them, `(n − 1,)`."""
    if latent.kind == "uniform":
        return np.linspace(-1.0, 1.0, count), np.full(count - 1, 1.0 / (count - 1))
    if isinstance(latent, Source):
        z = np.linspace(*latent.distribution.quantile(np.array([1e-10, 1 - 1e-10])), count)
        below = latent.distribution.cdf(z)
    else:
        z = np.linspace(-6.5, 6.5, count)
        below = np.array([0.5 * math.erfc(-each / math.sqrt(2)) for each in z])
    below[0], below[-1] = 0.0, 1.0
    return z, np.diff(below)


def cdf_of_cells(x: Values, masses: Values, points: Values) -> Values:
    """CDF of cells that spread their mass evenly between their ends, and its integral up to each point, `(2, points)`;
    points from left to right."""
    low, high = np.minimum(x[1:], x[:-1]), np.maximum(x[1:], x[:-1])
    order = np.argsort(low)
    low, high, masses = low[order], high[order], masses[order]
    size = np.maximum(high - low, 1e-13 * (1 + np.abs(high)))
    found = np.zeros((2, len(points)))
    middle = low + 0.5 * size
    for start in range(0, len(low), 200):
        part = slice(start, start + 200)
        first = np.searchsorted(points, low[part].min())
        last = np.searchsorted(points, (low + size)[part].max(), side="right")
        mass = masses[part].sum()
        found[0, last:] += mass
        found[1, last:] += mass * points[last:] - masses[part] @ middle[part]
        x_within, ends = points[None, first:last], low[part, None]
        shares = np.clip((x_within - ends) / size[part, None], 0.0, 1.0)
        found[0, first:last] += masses[part] @ shares
        integrals = 0.5 * size[part, None] * shares**2 + np.maximum(x_within - (ends + size[part, None]), 0.0)
        found[1, first:last] += masses[part] @ integrals
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
    """The distances of G, or of a mixture over its labels or codes, from many values of z."""
    config, target, edges = trainer.config, trainer.config.target, trainer.units.to_x(probe.grid.edges)
    z, masses = even_cells(in_units(config, trainer.units).latent, count)
    weights = probe.condition_weights
    labels: list[int | None] = list(range(len(weights))) if len(weights) > 1 else [None]
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
    reals = target.cdf(points)
    fake_cdf = sum(weight * cdf_of_cells(x, masses, edges)[0] for weight, x in parts)
    fake, real = (np.maximum(np.diff(cdf, prepend=0.0, append=1.0), 0.0) for cdf in (fake_cdf, target.cdf(edges)))
    mean = sum(weight * float(masses @ (0.5 * (x[1:] + x[:-1]))) for weight, x in parts)
    square = sum(
        weight * float(masses @ ((x[1:] - mean) ** 2 + (x[1:] - mean) * (x[:-1] - mean) + (x[:-1] - mean) ** 2)) / 3
        for weight, x in parts
    )
    target_mean, target_deviation = moments_in_x(trainer, probe)
    with np.errstate(invalid="ignore"):
        share = real / (real + fake)
    return Reference(
        wasserstein1=area_between(fakes, reals, points),
        jensen_shannon=divergence_between(fake, real),
        frechet=(mean - target_mean) ** 2 + (math.sqrt(square) - target_deviation) ** 2,
        share_of_reals=share[1:-1],
        mass=(real + fake)[1:-1],
    )


def area_between(fakes: Values, reals: Values, points: Values) -> float:
    """The area between two CDFs; of the fakes the CDF and its integral, `(2, points)`."""
    ahead, widths = fakes[0] - reals, np.diff(points)
    left, right = np.abs(ahead[:-1]), np.abs(ahead[1:])
    crossing = ahead[:-1] * ahead[1:] < 0
    area = np.where(
        crossing,
        widths * (left**2 + right**2) / np.maximum(2 * (left + right), 1e-300),
        np.abs(np.diff(fakes[1]) - 0.5 * widths * (reals[1:] + reals[:-1])),
    )
    return float(area.sum())


def divergence_between(fake: Values, real: Values) -> float:
    """Jensen-Shannon divergence of two distributions over the same bins, in nats."""
    middle = 0.5 * (fake + real)
    sides = (side[side > 0] * np.log(side[side > 0] / middle[side > 0]) for side in (fake, real))
    return 0.5 * sum(float(np.sum(side)) for side in sides)


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
    held = np.searchsorted(np.cumsum(exact.mass[order]), HELD_MASS * exact.mass.sum()) + 1
    real = probe.target.masses[0, 1:-1]
    fake = frame.fake_density.astype(np.float64) * (probe.grid.bin_width * trainer.units.scale)
    with np.errstate(invalid="ignore"):
        shares = real / (real + fake)
    found["optimal_d"] = float(np.nanmax(np.abs(shares - exact.share_of_reals)[order[:held]], initial=0.0))
    return found


# Several latent dimensions ----------------------------------------------------------------------------------------


def lattice_errors(dimension: int) -> tuple[float, float]:
    """Wasserstein-1 and Jensen-Shannon of the sum of normal coordinates over √dimension to N(0, 1), whose distances are
    0, as they are estimated from the lattice."""
    latent, grid = NormalPrior(dimension=dimension), Grid(np.linspace(-4.0, 4.0, GRID + 1))
    values = latent.lattice(LATTICE_POINTS).sum(axis=0)[None] / math.sqrt(dimension)
    fakes = EmpiricalPushforward(LATTICE_POINTS, grid)(values)
    reals = from_target(GaussianMixture(modes=(Mode(position=0.0, width=1.0, weight=1.0),)), grid)
    return fakes.wasserstein1(reals)[0], fakes.jensen_shannon(reals)[0]


# The table -------------------------------------------------------------------------------------------------------


def worst(parts: list[Errors]) -> Errors:
    """The largest of each error."""
    return {name: max(part[name] for part in parts) for name in parts[0]}


def is_exact(config: Config) -> bool:
    """Whether distances are computed, and not estimated from a lattice, as they are with several inputs of G."""
    return config.latent.dimension == 1 and not isinstance(config.code, ContinuousCode)


PRESETS = [name for name, preset in gan1d.presets.items() if is_exact(preset.config)]
ORDER = [*KINDS, *PRESETS]
"""Names of all rows."""


def errors_of_preset(name: str, seed: int, count: int = POINTS) -> list[Errors]:
    """Errors of one run of a preset at each of `STEPS` that it reaches."""
    config = gan1d.presets[name].config.patched("seed", seed)
    trainer, probe, found = Trainer(config), Probe(config), []
    for step in STEPS:
        trainer.run(step - trainer.step_count)
        if trainer.diverged is None:
            found.append(errors(trainer, probe, observe(trainer, probe), count))
    return found


def errors_of_kind(name: str, networks: int, seed: int, count: int | None = None) -> list[Errors]:
    """Errors of some random networks of a kind."""
    count, found = points_for(name) if count is None else count, []
    for trainer in random_networks(name, networks, seed):
        probe = Probe(trainer.config)
        found.append(errors(trainer, probe, observe(trainer, probe), count))
    return found


def points_for(kind: str) -> int:
    """Values of z of the reference of a kind of network."""
    return NARROW_POINTS if kind in NARROW else NETWORK_POINTS


def cells(name: str, parts: list[Errors], count: int) -> list[str]:
    """A row of the table: name, number of frames, values of z of the reference, distances in per cent, D*."""
    found = worst(parts)
    distances = [f"{100 * found[key]:.3f} %" for key in FLOORS]
    return [name, str(len(parts)), f"{count:,}", *distances, f"{found['optimal_d']:.4f}"]


def rows(seed: int, networks: int, presets: int, only: Collection[str] = ()) -> Iterator[list[str]]:
    """Rows of the table, as they are measured."""
    for name in ORDER:
        if only and name not in only:
            continue
        if name in KINDS and networks:
            yield cells(name, errors_of_kind(name, networks, seed), points_for(name))
        elif name not in KINDS and presets:
            seeds = range(seed, seed + presets)
            yield cells(name, [part for each in seeds for part in errors_of_preset(name, each)], POINTS)


def main() -> None:
    """Measure all rows, or some."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", default=[], choices=ORDER, metavar="NAME", help="presets and kinds")
    parser.add_argument("--seed", type=int, default=QUOTED_SEED, help="seed of the networks, first of the runs")
    parser.add_argument("--networks", type=int, default=QUOTED_NETWORKS, help="networks of each kind")
    parser.add_argument("--presets", type=int, default=QUOTED_RUNS, help="runs of each preset")
    parser.add_argument("--write", action="store_true", help="replace the rows in docs/exactness.md")
    given = parser.parse_args()
    print(line(HEAD), flush=True)
    for row in rows(given.seed, given.networks, given.presets, given.only):
        print(line(row), flush=True)
        if given.write:
            put_rows(DOCUMENT, "exactness", HEAD, {row[0]: line(row)}, ORDER)


if __name__ == "__main__":
    main()
