"""Rows of the exact metrics and of the best losses, for N(0, 1) as reals and N(d, 1) as fakes."""

import math
from collections.abc import Callable, Iterator
from functools import cache

import numpy as np

from benchmarks.published.row import Row, formula, published
from examples.add_a_loss import Hellinger
from gan1d.engine.arrays import Float64
from gan1d.engine.distributions.gaussian_mixture import GaussianMixture, Mode
from gan1d.engine.metrics.divergences import frechet
from gan1d.engine.metrics.grid import Grid
from gan1d.engine.metrics.grid_distribution import bin_masses
from gan1d.engine.metrics.optimal_discriminator import RealFakeMasses, ScoreCalibration
from gan1d.engine.objectives.base_loss import WeightedScores
from gan1d.engine.objectives.losses import (
    Hinge,
    LeastSquares,
    Minimax,
    NonSaturating,
    Wasserstein,
    WassersteinGP,
)
from gan1d.engine.objectives.relativistic import RelativisticPairing
from gan1d.evaluation.reference import from_target

GOODFELLOW = "Goodfellow et al. 2014, [1406.2661](https://arxiv.org/abs/1406.2661)"
CLOSED = "closed form"
D2L = "Dive into Deep Learning, [GAN objectives](https://d2l.ai)"
R3GAN = "Huang et al. 2024, [2501.05441](https://arxiv.org/abs/2501.05441)"
HOMEWORK = "Stanford CS236, homework 3, 2.3"

EDGES = 300_001
"""Edges of the bins: fine enough that binned divergences are those of the densities to 1e-9."""
STEP = 0.01
"""Step of the trapezoidal rule, which for these analytic integrands is exact to rounding."""


def normal(mean: float) -> GaussianMixture:
    """N(mean, 1)."""
    return GaussianMixture(modes=(Mode(position=mean, width=1.0, weight=1.0),))


@cache
def pair_at(distance: float) -> RealFakeMasses:
    """Masses of N(0, 1) and N(distance, 1)."""
    edges = np.linspace(-12.0, 12.0 + distance, EDGES)
    real, fake = (bin_masses(normal(mean).cdf(edges)) for mean in (0.0, distance))
    return RealFakeMasses(edges, real, fake)


def integral(function: Callable[[Float64, Float64], Float64], distance: float) -> float:
    """Integral of a function of both densities."""
    x = np.arange(-38.0, 38.0 + distance, STEP)
    real, fake = (np.exp(-((x - mean) ** 2) / 2) / math.sqrt(2 * math.pi) for mean in (0.0, distance))
    return STEP * float(function(real + 1e-320, fake + 1e-320).sum())


def jensen_shannon_integral(distance: float) -> float:
    """Jensen-Shannon divergence of the two densities, in nats."""
    return 0.5 * integral(lambda p, q: p * np.log(2 * p / (p + q)) + q * np.log(2 * q / (p + q)), distance)


def total_variation(distance: float) -> float:
    """2Φ(d/2) − 1."""
    return math.erf(distance / math.sqrt(8))


def closed_forms() -> Iterator[Row]:
    """Distances between the two normal distributions."""
    for d in (0.5, 2.0, 8.0):
        grid = Grid(np.linspace(-10.0, 10.0 + d, 257))
        ours = from_target(normal(0.0), grid).wasserstein1(from_target(normal(d), grid))[0]
        yield formula(CLOSED, f"W1 = d, d = {d:g}", d, ours)
    for d in (0.5, 1.0, 2.0, 4.0):
        yield formula(CLOSED, f"TV = 2Φ(d/2) − 1, d = {d:g}", total_variation(d), 1 - pair_at(d).overlap())
    for d in (0.5, 2.0):
        ours = 1 - Hellinger().optimal_loss(pair_at(d)) / 2
        yield formula(CLOSED, f"H² = 1 − e^(−d²/8), d = {d:g}", 1 - math.exp(-(d**2) / 8), ours)
    yield formula(CLOSED, "Fréchet distance of N(1, 2²) and N(4, .5²): 3² + 1.5²", 11.25, frechet(1.0, 2.0, 4.0, 0.5))


def jensen_shannon_rows() -> Iterator[Row]:
    """Jensen-Shannon by the best value of the game, for which theorem 1 of Goodfellow et al. is the formula."""
    for d in (0.5, 1.0, 2.0, 4.0):
        ours = math.log(2) - NonSaturating().optimal_loss(pair_at(d))
        yield formula("integral", f"JS in nats, d = {d:g}", jensen_shannon_integral(d), ours)
    yield published(D2L, "JS in nats, d = 8", ".693054", math.log(2) - NonSaturating().optimal_loss(pair_at(8.0)))


def optimal_losses() -> Iterator[Row]:
    """The value of the game of each loss against its optimal D."""
    same = pair_at(0.0)
    yield formula(
        GOODFELLOW, "value of the game at the equilibrium, −log 4", -math.log(4), -2 * Minimax().optimal_loss(same)
    )  # fmt: skip
    yield formula(
        GOODFELLOW, "D* at the equilibrium, ½", 0.5,
        float(np.nanmax(np.abs(Minimax().optimal_outputs(same) - 0.5))) + 0.5,
    )  # fmt: skip
    for d in (1.0, 4.0):
        pair, where = pair_at(d), f"d = {d:g}"
        js, tv = jensen_shannon_integral(d), total_variation(d)
        value = -2 * Minimax().optimal_loss(pair)
        yield formula(GOODFELLOW, f"value against D*, 2·JS − log 4, {where}", 2 * js - math.log(4), value)
        triangular = integral(lambda p, q: (p - q) ** 2 / (p + q), d)
        yield formula(
            D2L, f"least squares, without our factor ½: ½ − ¼∫(p − q)²/(p + q), {where}",
            0.5 - 0.25 * triangular, 2 * LeastSquares().optimal_loss(pair),
        )  # fmt: skip
        yield formula(D2L, f"hinge: 2·(1 − TV), {where}", 2 * (1 - tv), Hinge().optimal_loss(pair))
        yield formula(D2L, f"WGAN-GP: −W1, {where}", -d, WassersteinGP().optimal_loss(pair))
        steep = ScoreCalibration(steepness=0.3)
        yield formula(
            D2L, f"WGAN with a D of slope .3: −.3·W1, {where}", -0.3 * d, Wasserstein().reachable_loss(pair, steep)
        )  # fmt: skip


ATOMS = np.array([[0.1, 0.3, 0.2, 0.15, 0.25], [0.35, 0.05, 0.1, 0.4, 0.1]])
"""Masses of reals and of fakes on five places."""


def relativistic() -> Iterator[Row]:
    """The pairing loss on five atoms: its best value is that of telling the order of a real and a fake."""
    real, fake = ATOMS
    pair = RealFakeMasses(np.arange(6.0), *(np.pad(side, 1) for side in ATOMS))
    loss = RelativisticPairing()
    order, other = np.outer(real, fake), np.outer(fake, real)
    middle = 0.5 * (order + other)
    divergence = 0.5 * float((order * np.log(order / middle) + other * np.log(other / middle)).sum())
    yield formula(
        R3GAN, "largest −L_D of the pairing loss on five atoms, + ln 2 = JS(p ⊗ q, q ⊗ p)",
        divergence, math.log(2) - loss.optimal_loss(pair),
    )  # fmt: skip
    best = np.log(real / fake)
    reached = [
        loss.weighted_loss(WeightedScores(best + shift, real), WeightedScores(best + shift, fake))
        for shift in (0.0, 3.0)
    ]
    yield formula(R3GAN, "the same, reached by D = log p/q", divergence, math.log(2) - reached[0])
    yield formula(R3GAN, "D + 3 has the loss of D", reached[0], reached[1])


def generator_losses() -> Iterator[Row]:
    """Both losses of G together, at the optimal D."""
    for d in (0.5, 2.0):
        x = np.arange(-38.0, 38.0, STEP)
        fake = np.exp(-((x - d) ** 2) / 2) / math.sqrt(2 * math.pi)
        scores = 0.5 * d * d - d * x  # log p/q
        together = Minimax().generator_cost(scores) + NonSaturating().generator_cost(scores)
        yield formula(
            HOMEWORK, f"minimax + non-saturating loss of G at D* = KL(q‖p) = d²/2, d = {d:g}",
            d * d / 2, STEP * float((fake * together).sum()),
        )  # fmt: skip
