"""What the best discriminator knows: the two distributions as masses on bins, and what follows from them exactly.

Each loss asks this pair for its own optimum: the share of reals, the sign of the difference, or the potential that
moves one distribution onto the other.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from gan1d.engine.arrays import Float64
from gan1d.engine.special_functions import normal_cdf

SMALLEST_MASS = 1e-300
"""Keeps 0·log 0 at 0 without a test for it."""

SMALLEST_GAP = 1e-9
"""Below this, two distribution functions count as equal, and a potential as flat: what is left is rounding."""


@dataclass(frozen=True)
class RealFakeMasses:
    """Real and fake on the same bins.

    Attributes:
        edges: Bin edges, equally spaced, `(bins + 1,)`.
        real: Real mass below the bins, in each, and above them, `(bins + 2,)`, summing to 1.
        fake: Fake mass, likewise.
        jensen_shannon: Their Jensen-Shannon divergence, if somebody has computed it already.
        ends: How far beyond the outermost edges the mass lies that is there, on average, left and right, in units of x.
        samples: How many samples D judges at once. What the best D says is then meant of as many equal ones, whose
            density is that of one, multiplied by itself so often (Lin et al. 2018, arXiv:1712.04086, eq. 4).
    """

    edges: Float64
    real: Float64
    fake: Float64
    jensen_shannon: float | None = None
    ends: tuple[float, float] = (0.0, 0.0)
    samples: int = 1

    def blurred(self, deviation: float) -> "RealFakeMasses":
        """The pair as D sees it under instance noise: both convolved with a Gaussian.

        Args:
            deviation: Of the Gaussian, in units of x; at 0 this pair itself comes back.

        Returns:
            On the same bins. The mass of a bin spreads from its centre, and what spreads beyond the bins is kept
            outside; what was outside already stays there.
        """
        if deviation <= 0:
            return self
        bins = len(self.edges) - 1
        width = (self.edges[-1] - self.edges[0]) / bins
        kernel = np.diff(normal_cdf((np.arange(2 * bins) - bins + 0.5) * (width / deviation)))
        return replace(self, real=spread(self.real, kernel), fake=spread(self.fake, kernel), jensen_shannon=None)

    def cross_entropy(self, real_vote: float, fake_vote: float) -> float:
        """Σ over bins of the entropy of a vote, Σ −y·log(y/t) − n·log(n/t): y the mass that votes yes, n the mass that
        votes no, t = y + n; in nats, 0 where every bin is of one mind.

        Args:
            real_vote: Share of the reals that votes yes.
            fake_vote: Share of the fakes that does.
        """
        if self.jensen_shannon is not None and (real_vote, fake_vote) == (1.0, 0.0):
            return 2.0 * (math.log(2) - self.jensen_shannon)  # Goodfellow et al. 2014, theorem 1
        total = self.real + self.fake
        yes = real_vote * self.real
        yes += fake_vote * self.fake
        return entropy(yes) + entropy(total - yes) - entropy(total)

    def mixture(self, real_value: float, fake_value: float, *, outside: bool = False) -> Float64:
        """(real_value·p_data + fake_value·p_g) / (p_data + p_g).

        Args:
            real_value: What reals vote for.
            fake_value: What fakes vote for.
            outside: Also for the masses below and above the bins.

        Returns:
            `(bins,)`, or `(bins + 2,)`; NaN where there is no mass and no answer is better than another.
        """
        inside = slice(None) if outside else slice(1, -1)
        real, fake = self.real[inside], self.fake[inside]
        if self.samples > 1:
            real, fake = real**self.samples, fake**self.samples
        total, votes = real + fake, real_value * real
        if fake_value:
            votes += fake_value * fake
        found = np.empty_like(total)
        found.fill(math.nan)
        return np.divide(votes, total, found, where=total > 0)

    def overlap(self) -> float:
        """Mass that both share, Σ min(p_data, p_g): 1 minus the total variation, from 0 to 1."""
        return float(np.minimum(self.real, self.fake).sum())

    def majority(self) -> Float64:
        """Sign of p_data − p_g in each bin, `(bins,)`: 1, −1, or NaN where they are as good as equal. It is the same of
        several equal samples."""
        gap = self.real[1:-1] - self.fake[1:-1]
        nearly = np.abs(gap) <= SMALLEST_GAP + 1e-3 * (self.real[1:-1] + self.fake[1:-1])
        return np.where(nearly, np.nan, np.sign(gap))

    def potential(self) -> Float64:
        """The Kantorovich potential: the f with |f′| ≤ 1 that tells the pair apart best, max E f(x) − E f(G(z)).

        In one dimension f′ = sign(F_g − F_data): wherever more fake than real mass lies to the left, mass has to
        travel right, and f rises (Santambrogio 2015, Optimal Transport for Applied Mathematicians, section 2.2).

        Returns:
            At the bin centres, `(bins,)`, in units of x; shifted so that its mean over both halves of the game is 0.
            NaN for several samples at once, which do not lie on a line.
        """
        if self.samples > 1:
            return np.full(len(self.edges) - 1, math.nan)
        ahead = self._ahead()
        slope = np.where(np.abs(ahead) < SMALLEST_GAP, 0.0, np.sign(ahead))
        at_edges = np.concatenate([[0.0], np.cumsum(0.5 * (slope[1:] + slope[:-1]) * np.diff(self.edges))])
        centres = 0.5 * (at_edges[1:] + at_edges[:-1])
        left, right = at_edges[0] - slope[0] * self.ends[0], at_edges[-1] + slope[-1] * self.ends[1]
        weights = self.real + self.fake
        mean = (centres @ weights[1:-1] + left * weights[0] + right * weights[-1]) / weights.sum()
        return np.asarray(centres - mean)

    def distance(self) -> float:
        """Wasserstein-1 of the pair as binned: the area between the distribution functions, in units of x."""
        ahead = np.abs(self._ahead())
        beyond = ahead[0] * self.ends[0] + ahead[-1] * self.ends[1]
        return float((0.5 * (ahead[1:] + ahead[:-1])) @ np.diff(self.edges) + beyond)

    def _ahead(self) -> Float64:
        """F_g − F_data at the edges, `(bins + 1,)`."""
        return np.asarray(np.cumsum(self.fake)[:-1] - np.cumsum(self.real)[:-1])


def spread(masses: Float64, kernel: Float64) -> Float64:
    """Masses on n bins and outside them, `(n + 2,)`, after each bin's has moved as the kernel `(2n − 1,)` says."""
    count = len(masses) - 2
    moved = np.convolve(masses[1:-1], kernel)
    spread = masses.copy()
    # A kernel that is wider than the bins does not hold all of itself; half of that lies on either side.
    left_out = 0.5 * max(0.0, 1.0 - float(kernel.sum())) * float(masses[1:-1].sum())
    spread[0] += moved[: count - 1].sum() + left_out
    spread[-1] += moved[2 * count - 1 :].sum() + left_out
    spread[1:-1] = moved[count - 1 : 2 * count - 1]
    return spread


def entropy(masses: Float64) -> float:
    """−Σ m·log m, in nats; 0·log 0 is 0."""
    return -float(masses @ np.log(masses + SMALLEST_MASS))


@dataclass(frozen=True)
class ScoreCalibration:
    """Offset and scale of a critic's scores, which are determined only up to a constant and, if clipped, a factor.

    Attributes:
        centre: Mean score, half over reals and half over fakes.
        steepness: Largest |dD/dx| on the data axis, in scores per unit of x.
    """

    centre: float = 0.0
    steepness: float = 1.0
