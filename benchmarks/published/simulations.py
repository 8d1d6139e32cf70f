"""Simulations that take too long for a test. Each function makes one run or one small part of a simulation."""

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

import numpy as np

import gan1d
from benchmarks.published.dirac import SCHEDULES, final_distance
from benchmarks.published.variants import SampledInstanceNoise
from gan1d.config.model import Config
from gan1d.engine.arrays import Float64
from gan1d.engine.training.ensemble import Ensemble

# Instance noise by draws ----------------------------------------------------------------------------------------------


def noise_floor(seed: int) -> list[float]:
    """Distance of the Dirac-GAN with drawn instance noise after 500 steps, for each of `SCHEDULES`."""
    return [final_distance(SampledInstanceNoise(seed), update, [1, 1], 500) for update in SCHEDULES.values()]


# The dichotomy of Li et al. -------------------------------------------------------------------------------------------

TRUE_MEANS: Final = np.array([-0.5, 0.5])
STEP_SIZE: Final = 0.1
CLOSE: Final = 0.1
"""Largest error of a mean that counts as success, and distance of two means that counts as collapse."""
CHECKPOINTS: Final = (1000, 3000)
DYNAMICS: Final = {"simultaneous": 0, "alternating": 1, "5 D-updates": 5, "25 D-updates": 25}
"""First-order dynamics → updates of D in each step; 0 for one at the same time as G's."""


def starts() -> Float64:
    """All unequal pairs of means on a grid of ten in [−1, 1], `(45, 2)`: equal means never separate."""
    grid = np.linspace(-1, 1, 10)
    return np.array([(left, right) for index, left in enumerate(grid) for right in grid[index + 1 :]])


def density(x: Float64, means: Float64) -> Float64:
    """Density of the mixture of two unit normal distributions at each x, `(runs, points)`."""
    return np.asarray(0.5 * sum(normal_density(x - means[:, [mode]]) for mode in (0, 1)))


def normal_density(x: Float64) -> Float64:
    """Density of N(0, 1)."""
    return np.asarray(np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi))


def worst_error(means: Float64) -> Float64:
    """Larger error of both means, `(runs,)`."""
    return np.asarray(np.abs(np.sort(means, axis=1) - TRUE_MEANS).max(axis=1))


def play_optimal(means: Float64, steps: int) -> Float64:
    """Means after gradient steps of G against D*, the indicator of p_data > p_g, `(runs, 2)`."""
    x = np.linspace(-7, 7, 1401)
    real = density(x[None], TRUE_MEANS[None])
    for _ in range(steps):
        gap = real - density(x[None], means)
        low, high = gap[:, :-1], gap[:, 1:]
        # 1 where D* rises from 0 to 1, −1 where it falls, and the place between two points of the grid.
        jump = (high > 0).astype(float) - (low > 0)
        place = x[:-1] + (x[1] - x[0]) * np.divide(low, low - high, out=np.zeros_like(low), where=jump != 0)
        pull = [(jump * normal_density(place - means[:, [mode]])).sum(axis=1) for mode in (0, 1)]
        means = means + STEP_SIZE * 0.5 * np.stack(pull, axis=1)
    return means


def play_first_order(sets: Sequence[int], discriminator_updates: int) -> list[list[tuple[float, float]]]:
    """Share of starts with success, and with collapse, at each of `CHECKPOINTS`, for each first D.

    Args:
        sets: Numbers of the first D: two random intervals with ends from U[−3, 3].
        discriminator_updates: Updates of D in each step; 0 for one at the same time as G's.
    """
    count = len(starts())
    means = np.tile(starts(), (len(sets), 1))
    drawn = np.array([np.sort(np.random.default_rng(each).uniform(-3, 3, 4)) for each in sets])
    ends = np.repeat(drawn, count, axis=0)
    sign = np.array([-1.0, 1.0, -1.0, 1.0])
    found = []
    for step in range(1, CHECKPOINTS[-1] + 1):
        answered = ends
        for _ in range(max(1, discriminator_updates)):
            gap = density(ends, TRUE_MEANS[None]) - density(ends, means)
            ends = ends + STEP_SIZE * sign * gap
        if discriminator_updates > 0:
            answered = ends
        pull = [-(sign * normal_density(answered - means[:, [mode]])).sum(axis=1) for mode in (0, 1)]
        means = means + STEP_SIZE * 0.5 * np.stack(pull, axis=1)
        if step in CHECKPOINTS:
            outcomes = worst_error(means) < CLOSE, np.abs(means[:, 0] - means[:, 1]) < CLOSE
            found.append([outcome.reshape(len(sets), count).mean(axis=1) for outcome in outcomes])
    return [[(float(part[0][each]), float(part[1][each])) for part in found] for each in range(len(sets))]


# Training -------------------------------------------------------------------------------------------------------------

VANISHING_STEPS: Final = 800

PACKS: Final = (1, 2, 3, 4)
PACK_STEPS: Final = 1000
PACK_SEEDS: Final = range(1000, 1010)
"""Seeds that were not looked at when the experiment was chosen."""
SAMPLES: Final = 2500
"""Fakes that are judged, as in PacGAN."""


def vanished(preset: str, seed: int) -> dict[str, float]:
    """A run of a preset of the vanishing gradient: its first and last distances.

    Returns:
        `kl`, the Kullback-Leibler divergence of fakes from reals, in nats, as normal distributions with their moments;
        `first_js` and `first_w1` after one step, `js` and `w1` at the end.
    """
    trainer = gan1d.Trainer(gan1d.presets[preset].config.patched("seed", seed))
    trainer.step()
    first = gan1d.observe(trainer)
    trainer.run(VANISHING_STEPS - 1)
    last = gan1d.observe(trainer)
    rng = np.random.default_rng(seed)
    fakes = np.asarray(trainer.generator.apply(rng.standard_normal(100_000)), np.float64)
    mean, deviation = float(fakes.mean()), float(fakes.std())
    reals = trainer.config.target.sample(rng, 100_000)
    ratio = deviation / float(reals.std())
    kl = 0.5 * (ratio**2 - 1 - math.log(ratio**2) + ((mean - float(reals.mean())) / float(reals.std())) ** 2)
    names = {"first_js": first.jensen_shannon, "first_w1": first.wasserstein1, "js": last.jensen_shannon}
    return {"kl": kl, **{name: float(value) for name, value in names.items()}, "w1": float(last.wasserstein1)}


def eight_modes(pack: int) -> Config:
    """Settings of the collapse preset, with eight modes far apart, G in the middle, and D with packs of samples."""
    modes = [{"position": 2.8 * place - 9.8, "width": 0.3, "weight": 0.125} for place in range(8)]
    config = gan1d.presets["mode_collapse"].config.patched("target.modes", modes)
    config = config.patched("generator.initialization.output_offset", 0.0)
    return config if pack == 1 else config.patched("discriminator.view", {"kind": "pack", "size": pack})


def covered(seeds: Sequence[int], pack: int) -> list[tuple[int, float]]:
    """Modes of eight with a fake within 3σ, and the reverse Kullback-Leibler divergence of their shares, for each seed.

    Lin et al. 2018, arXiv:1712.04086, section 4.1: a sample belongs to the nearest mode if it is within 3σ.
    """
    ensemble = Ensemble([eight_modes(pack).patched("seed", seed) for seed in seeds])
    ensemble.run(PACK_STEPS)
    return [judged(member) for member in ensemble.members]


def judged(member: Any) -> tuple[int, float]:
    """Number of modes covered, and the reverse Kullback-Leibler divergence, in nats."""
    modes = member.config.target.modes
    z = np.random.default_rng(member.config.seed).standard_normal(SAMPLES)
    distance = np.abs(np.asarray(member.generator.apply(z))[:, None] - [mode.position for mode in modes])
    nearest = distance.argmin(axis=1)[distance.min(axis=1) < 3 * modes[0].width]
    shares = np.bincount(nearest, minlength=len(modes)) / max(1, len(nearest))
    inside = shares[shares > 0]
    return len(inside), float((inside * np.log(inside * len(modes))).sum())


CODE_STEPS: Final = 1000
CODE_SEEDS: Final = range(5000, 5010)
"""Seeds with which the preset was not chosen."""


def information(seed: int, weight: float) -> list[float]:
    """What a fake tells of its code at the end of a run of the preset `infogan`: the bound that Q reads, and the mutual
    information itself, in nats.

    Args:
        seed: The seed.
        weight: Weight of the bound in G's loss; Q learns at 0, too.
    """
    trainer = gan1d.Trainer(gan1d.presets["infogan"].config.patched("seed", seed).patched("code.weight", weight))
    trainer.run(CODE_STEPS)
    frame = gan1d.observe(trainer)
    return [float(frame.information_bound), float(frame.mutual_information)]


def all_information(weight: float) -> list[list[float]]:
    """`information` of all seeds."""
    return [information(seed, weight) for seed in CODE_SEEDS]


CODE_WEIGHTS: Final = {"code": gan1d.presets["infogan"].config.code.weight, "code without its term": 0.0}
"""Name of a simulation of codes → weight of the bound in G's loss."""

SIMULATIONS: Final[dict[str, Callable[[], Any]]] = {
    "noise_floor": lambda: [noise_floor(seed) for seed in range(20)],
    "optimal": lambda: worst_error(play_optimal(starts(), CHECKPOINTS[0])).tolist(),
    **{name: partial(play_first_order, range(20), updates) for name, updates in DYNAMICS.items()},
    "vanishing_gradient": lambda: [vanished("vanishing_gradient", seed) for seed in range(10)],
    "vanishing_non_saturating": lambda: [vanished("vanishing_non_saturating", seed) for seed in range(10)],
    **{f"pack {pack}": partial(covered, PACK_SEEDS, pack) for pack in PACKS},
    **{name: partial(all_information, weight) for name, weight in CODE_WEIGHTS.items()},
}
"""Name of each simulation → its results, as JSON."""
