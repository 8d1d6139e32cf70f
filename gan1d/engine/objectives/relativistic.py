"""The relativistic pairing loss: D does not judge a sample by itself, but which one of a real and a fake is real.

D sees pairs of a real x and a fake G(z), and its score of a pair is D(x) − D(G(z)). So D is determined up to a constant
only. The optimal D against any pair of distributions is log(p_data/p_g) up to this constant, since the best score of a
pair is the log-odds log(p_data(x)·p_g(y) / (p_g(x)·p_data(y))).
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.metrics.divergences import SMALLEST_MASS
from gan1d.engine.metrics.optimal_discriminator import RealFakeMasses
from gan1d.engine.objectives.base_loss import REAL_FAKE_SIGNS, BaseLoss, CostFormulas, LossGradient, WeightedScores
from gan1d.engine.objectives.cross_entropy import cross_entropy, scaled_sigmoid, sigmoid
from gan1d.engine.objectives.readout import RelativeReadout
from gan1d.engine.programs import Program

LARGEST_RANGE = 600.0
"""Range of scores within which no exponential of a difference overflows."""


@dataclass(frozen=True, kw_only=True)
class RelativisticPairing(BaseLoss):
    """Relativistic: D says which one of a real and a fake is real; L_G is smallest where it says the fake.

    L_D = E log(1 + e^(D(G(z)) − D(x))) and L_G = E log(1 + e^(D(x) − D(G(z)))) (Jolicoeur-Martineau 2018,
    arXiv:1807.00734, section 4.1; Huang et al. 2024, arXiv:2501.05441, eq. 2, who add R1 and R2). D's output is shown
    as σ(D(x) − c), with the c that tells reals from fakes best.
    """

    kind: Literal["relativistic_pairing"] = "relativistic_pairing"
    readout = RelativeReadout(loss_axis=(0.0, 2.5))
    formulas = CostFormulas("log(1 + e^(s(G(z)) − s(x)))", "0", "log(1 + e^(s(x) − s(G(z))))")
    is_paired = True

    def real_cost(self, scores: ArrayLike) -> Array:
        """log(1 + e^−s), the cost of a real beside a fake with score 0."""
        return cross_entropy(scores, 1.0)

    def fake_cost(self, scores: ArrayLike) -> Array:
        """log(1 + eˢ), the cost of a fake beside a real with score 0."""
        return cross_entropy(scores, 0.0)

    def generator_cost(self, scores: ArrayLike) -> Array:
        """log(1 + e^−s) of each difference s = D(G(z)) − D(x)."""
        return cross_entropy(scores, 1.0)

    def discriminator_value(self, scores: Array) -> Array:
        """L_D, the mean of log(1 + e^(D(G(z)) − D(x))) over the pairs of a batch: `(…, 2, batch)` → `(…,)`."""
        return np.asarray(cross_entropy(scores[..., 1, :] - scores[..., 0, :], 0.0).mean(axis=-1))

    def discriminator_gradient(self, scores: Array, out: Array) -> Program:
        """d L_D / d scores = ∓σ(D(G(z)) − D(x)) / batch, `(2, batch)`."""
        difference, share = np.empty_like(scores), np.empty_like(scores)
        share[...] = -REAL_FAKE_SIGNS / scores.shape[-1]
        real, fake = scores[..., :1, :], scores[..., 1:, :]
        return [
            (np.subtract, (real, fake, difference[..., :1, :])),
            (np.subtract, (real, fake, difference[..., 1:, :])),
            *scaled_sigmoid(difference, share, out),
        ]

    def discriminator_curvature(self, scores: Array, out: Array) -> Program:
        """None: the second derivatives of a pair are no column of numbers.

        Raises:
            ValueError: Always.
        """
        raise ValueError("Expected a loss of single samples with a lookahead of G, but got one of pairs.")

    def generator_gradient(self, scores: Array, out: Array) -> Program:
        """d L_G / d scores = −σ(−s) / batch, for differences s = D(G(z)) − D(x)."""
        return scaled_sigmoid(scores, np.full_like(scores, -1.0 / scores.shape[-1]), out)

    def gradient_against(self, reals: WeightedScores) -> LossGradient:
        """As `BaseLoss.gradient_against`: each fake is paired with all reals, by their weights."""

        def write(scores: Array, out: Array) -> None:
            shares = reals.weights @ sigmoid(reals.scores[:, None] - scores.reshape(1, -1))
            out[...] = (-shares / scores.shape[-1]).reshape(out.shape)

        return lambda scores, out: [(write, (scores, out))]

    def weighted_loss(self, reals: WeightedScores, fakes: WeightedScores) -> float:
        """L_D in expectation over all pairs of a real and a fake."""
        both = np.concatenate([reals.scores, fakes.scores])
        low, high = float(both.min()), float(both.max())
        if high - low < LARGEST_RANGE:  # e^(f − r) of all pairs from few exponentials, four times as fast
            middle = 0.5 * (low + high)
            costs = np.outer(np.exp(middle - reals.scores), np.exp(fakes.scores - middle))
            costs += 1.0
            np.log(costs, costs)
        else:
            costs = cross_entropy(fakes.scores - reals.scores[:, None], 0.0)
        return float(reals.weights @ costs @ fakes.weights)

    def optimal_outputs(self, pair: RealFakeMasses) -> Float64:
        """D* = p_data / (p_data + p_g), `(bins,)`: σ of the best score log(p_data/p_g)."""
        return pair.mixture(1.0, 0.0)

    def optimal_scores(self, pair: RealFakeMasses) -> Float64:
        """log(p_data/p_g), `(bins,)`, bounded where one of them is 0."""
        return np.asarray(np.log((pair.real[1:-1] + SMALLEST_MASS) / (pair.fake[1:-1] + SMALLEST_MASS)))

    def costs_against_optimal(self, pair: RealFakeMasses) -> Float64:
        """Cost to G of a fake at each bin centre, `(bins,)`, beside all reals by their mass."""
        scores = self.optimal_scores(pair)
        return np.asarray(self.generator_cost(scores[:, None] - scores) @ pair.real[1:-1])

    def optimal_loss(self, pair: RealFakeMasses) -> float:
        """L_D of D*, ln 2 − JS(p_data⊗p_g, p_g⊗p_data): that of telling the order of a real and a fake."""
        return math.log(2) - pair.pair_divergence()

    def equilibrium(self) -> dict[str, float]:
        """ln 2 for both, whatever the constant score of D."""
        return {"loss_d": math.log(2), "loss_g": math.log(2)}
