"""The optimal discriminator against two distributions, and the loss that it reaches.

Each loss has its own optimum. All of them follow from the masses of real and fake on the same bins: the share of reals,
the sign of the difference, or the potential that moves one distribution onto the other.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from gan1d.engine.arrays import Float64
from gan1d.engine.metrics.divergences import SMALLEST_MASS
from gan1d.engine.metrics.grid_distribution import blurred

SMALLEST_GAP = 1e-9
"""Below this, two CDFs count as equal, and a potential as flat: such differences are rounding."""

SMALLEST_PART = 1e-18
"""Mass of a bin below which its pairs with all other bins do not count."""


@dataclass(frozen=True)
class RealFakeMasses:
    """Masses of real and fake on the same bins.

    Attributes:
        edges: Bin edges, equally spaced, `(bins + 1,)`.
        real: Real mass below the bins, in each bin, and above them, `(bins + 2,)`, summing to 1.
        fake: Fake mass below the bins, in each bin, and above them, `(bins + 2,)`, summing to 1.
        jensen_shannon: Jensen-Shannon divergence of the two, in nats, if it is known already.
        overflow_distances: Mean distance of the mass below and above the bins from them, in units of x.
        samples: Samples that D judges at once. The optimal D is then meant at as many equal samples, whose density is
            that of one, raised to this power (Lin et al. 2018, arXiv:1712.04086, eq. 4).
    """

    edges: Float64
    real: Float64
    fake: Float64
    jensen_shannon: float | None = None
    overflow_distances: tuple[float, float] = (0.0, 0.0)
    samples: int = 1

    def blurred(self, deviation: float) -> "RealFakeMasses":
        """Both distributions as D sees them under instance noise: convolved with a Gaussian.

        Args:
            deviation: Standard deviation of the Gaussian, in units of x; at 0 this pair itself is returned.

        Returns:
            Masses on the same bins; see `grid_distribution.blurred`.
        """
        if deviation <= 0:
            return self
        real, fake = (blurred(side, self._bin_width, deviation) for side in (self.real, self.fake))
        return replace(self, real=real, fake=fake, jensen_shannon=None)

    @property
    def _bin_width(self) -> float:
        return float(self.edges[-1] - self.edges[0]) / (len(self.edges) - 1)

    def cross_entropy(self, real_label: float, fake_label: float) -> float:
        """Least cross-entropy of soft labels that any D can reach: Σ over bins of −y·log(y/t) − n·log(n/t).

        y = real_label·p_data + fake_label·p_g is the mass labelled 1, n the mass labelled 0, t = y + n.

        Args:
            real_label: Label of reals, from 0 to 1.
            fake_label: Label of fakes, from 0 to 1.

        Returns:
            In nats; 0 where every bin has a single label.
        """
        if self.jensen_shannon is not None and (real_label, fake_label) == (1.0, 0.0):
            return 2.0 * (math.log(2) - self.jensen_shannon)  # Goodfellow et al. 2014, theorem 1
        total = self.real + self.fake
        positive = real_label * self.real
        positive += fake_label * self.fake
        return entropy(positive) + entropy(total - positive) - entropy(total)

    def mixture(self, real_value: float, fake_value: float, *, outside: bool = False) -> Float64:
        """(real_value·p_data + fake_value·p_g) / (p_data + p_g).

        Args:
            real_value: Value of reals.
            fake_value: Value of fakes.
            outside: Whether to include the masses below and above the bins.

        Returns:
            `(bins,)`, or `(bins + 2,)`; NaN where there is no mass, so that every output is equally good.
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

    def pair_divergence(self) -> float:
        """Jensen-Shannon divergence of (x, y) with x real and y fake from the same in the other order, in nats.

        With a = p_data⊗p_g that is Σ a·log a − ½·Σ (a + aᵀ)·log(a + aᵀ) + ln 2 (Lin 1991, eq. 4.1).
        """
        some = self.real + self.fake > SMALLEST_PART
        both = np.outer(self.real[some], self.fake[some])
        both = both + both.T
        return math.log(2) + 0.5 * entropy(both.ravel()) - entropy(self.real) - entropy(self.fake)

    def overlap(self) -> float:
        """Mass that both share, Σ min(p_data, p_g): 1 minus the total variation, from 0 to 1."""
        return float(np.minimum(self.real, self.fake).sum())

    def majority(self) -> Float64:
        """Sign of p_data − p_g in each bin, `(bins,)`: 1, −1, or NaN where they are equal up to rounding.

        Several equal samples have the same sign as one.
        """
        gap = self.real[1:-1] - self.fake[1:-1]
        nearly = np.abs(gap) <= SMALLEST_GAP + 1e-3 * (self.real[1:-1] + self.fake[1:-1])
        return np.where(nearly, np.nan, np.sign(gap))

    def potential(self) -> Float64:
        """The Kantorovich potential: the f with |f′| ≤ 1 that maximizes E f(x) − E f(G(z)).

        In one dimension f′ = sign(F_g − F_data): wherever more fake than real mass lies to the left, mass has to
        travel right, and f rises (Santambrogio 2015, Optimal Transport for Applied Mathematicians, section 2.2).

        Returns:
            At the bin centres, `(bins,)`, in units of x; shifted so that its mean over reals and fakes, half each, is
            0. NaN for several samples at once, which do not lie on a line.
        """
        if self.samples > 1:
            return np.full(len(self.edges) - 1, math.nan)
        ahead, (left_distance, right_distance) = self._ahead(), self.overflow_distances
        slope = np.where(np.abs(ahead) < SMALLEST_GAP, 0.0, np.sign(ahead))
        at_edges = np.concatenate([[0.0], np.cumsum(0.5 * (slope[1:] + slope[:-1]) * np.diff(self.edges))])
        centres = 0.5 * (at_edges[1:] + at_edges[:-1])
        left, right = at_edges[0] - slope[0] * left_distance, at_edges[-1] + slope[-1] * right_distance
        weights = self.real + self.fake
        mean = (centres @ weights[1:-1] + left * weights[0] + right * weights[-1]) / weights.sum()
        return np.asarray(centres - mean)

    def distance(self) -> float:
        """Wasserstein-1 of the binned masses: the area between their CDFs, in units of x."""
        ahead = np.abs(self._ahead())
        beyond = ahead[0] * self.overflow_distances[0] + ahead[-1] * self.overflow_distances[1]
        return float((0.5 * (ahead[1:] + ahead[:-1])) @ np.diff(self.edges) + beyond)

    def _ahead(self) -> Float64:
        """F_g − F_data at the edges, `(bins + 1,)`."""
        return np.asarray(np.cumsum(self.fake)[:-1] - np.cumsum(self.real)[:-1])


def entropy(masses: Float64) -> float:
    """−Σ m·log m, in nats; 0·log 0 is 0."""
    return -float(masses @ np.log(masses + SMALLEST_MASS))


@dataclass(frozen=True)
class ScoreCalibration:
    """Offset and scale of a critic's scores, which are determined only up to a constant and, if clipped, a factor.

    Attributes:
        centre: Score that counts as 0; see `readout.BaseReadout.centre`.
        steepness: Largest |dD/dx| on the data axis, in scores per unit of x.
    """

    centre: float = 0.0
    steepness: float = 1.0
