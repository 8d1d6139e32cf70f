"""What the two players want: each loss as a cost per score, with its gradient, its optimum and its reading beside it.

A score is what the discriminator's last layer gives. Every loss is a mean over the batch of a cost per sample, and
both players minimise their own. Scores of the discriminator's turn come as two rows, reals first: `(2, batch)`.
Gradients are programs, bound to the arrays that they read and write; these may have leading axes.

A loss also says how the page shows it, so that nobody else has to ask which loss it is: `readout` with `shown` and
`span`, the value of D that stands for "cannot tell" (`undecided`), the best discriminator against a given pair of
distributions (`optimal`) and what it would pay (`best_loss`, `reachable_loss`), where balance lies (`equilibrium`),
and what it brings with it (`penalty`, `constraint`).
"""

import math
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import ArrayLike

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.metrics.optimal_discriminator import RealFakeMasses, ScoreCalibration
from gan1d.engine.networks.weight_constraints import Constraint, NoConstraint, WeightClipping
from gan1d.engine.objectives.cross_entropy import cross_entropy, entropy_at, scaled_sigmoid, sigmoid
from gan1d.engine.objectives.gradient_penalties import GradientPenalty, NoPenalty, Penalty
from gan1d.engine.programs import Program, constant
from gan1d.knobs import Knob

REALS_FIRST = np.array([[1.0], [-1.0]])
"""The sign of each row of the discriminator's scores."""


class BaseLoss:
    """What every loss gets from its three costs per sample, and what holds unless it says otherwise."""

    penalty: Penalty = NoPenalty()
    constraint: Constraint = NoConstraint()
    direction = 1.0
    """1 as D scores reals above fakes, −1 where labels ask for the opposite, 0 where they ask for no difference."""
    value_label = "−L_D"
    value_factor = -1.0
    """The value of the game, which D drives up, is this times L_D."""

    def real_cost(self, scores: ArrayLike) -> Array:
        """What D pays for the score of a real sample; same shape."""
        raise NotImplementedError

    def fake_cost(self, scores: ArrayLike) -> Array:
        """What D pays for the score of a fake; same shape."""
        raise NotImplementedError

    def generator_cost(self, scores: ArrayLike) -> Array:
        """What G pays for the score of its sample; same shape."""
        raise NotImplementedError

    def expected_loss(self, scores: Float64, pair: RealFakeMasses) -> float:
        """L_D over whole distributions instead of a batch.

        Args:
            scores: D's score below the bins, in each, and above them, `(bins + 2,)`.
            pair: The distributions on those bins.
        """
        return float(pair.real @ self.real_cost(scores) + pair.fake @ self.fake_cost(scores))

    def discriminator_value(self, scores: Array) -> Array:
        """L_D, the mean cost of the reals plus that of the fakes: `(…, 2, batch)` → `(…,)`."""
        costs = self.real_cost(scores[..., 0, :]) + self.fake_cost(scores[..., 1, :])
        return np.asarray(costs.mean(axis=-1))

    def discriminator_curvature(self, scores: Array, out: Array) -> Program:
        """d² L_D / d scores², `(2, batch)`: 0 for a cost that is made of straight pieces."""
        return [(np.copyto, (out, constant(0.0, out.dtype)))]

    def generator_value(self, scores: ArrayLike) -> Array:
        """L_G, the mean cost of the fakes: `(…, batch)` → `(…,)`."""
        return np.asarray(self.generator_cost(scores).mean(axis=-1))

    def best_loss(self, pair: RealFakeMasses) -> float:
        """The least that any D could pay against this pair."""
        raise NotImplementedError

    def reachable_loss(self, pair: RealFakeMasses, anchor: ScoreCalibration) -> float:
        """The least that a D could pay which is as steep as the present one, where that makes a difference."""
        return self.best_loss(pair)


@dataclass(frozen=True, kw_only=True)
class CrossEntropy(BaseLoss):
    """The discriminator's side that both losses of Goodfellow et al. (2014, arXiv:1406.2661) share: tell real from
    fake.

    L_D = ½·BCE(D(x), real_label) + ½·BCE(D(G(z)), fake_label)
    """

    real_label: Annotated[
        float,
        Knob(
            low=0.6, high=1.0, step=0.01,
            help="What D should say of real samples: below 1, it is never quite sure (label smoothing).",
        ),
    ] = 1.0  # fmt: skip
    fake_label: Annotated[
        float,
        Knob(
            low=0.0, high=0.4, step=0.01,
            help="What D should say of fakes: above 0, label smoothing is two-sided.",
        ),
    ] = 0.0  # fmt: skip

    readout = "probability"
    axis = (0.0, 2.5)
    """Range of the loss chart: both players start near ln 2, and a discriminator that wins sends L_G above 2."""
    value_label = "V(D, G)"
    value_factor = -2.0
    """V = E log D(x) + E log(1 − D(G(z))) = −2·L_D (Goodfellow et al. 2014, eq. 1)."""

    def real_cost(self, scores: ArrayLike) -> Array:
        """½·BCE(σ(s), real_label)."""
        return 0.5 * cross_entropy(scores, self.real_label)

    def fake_cost(self, scores: ArrayLike) -> Array:
        """½·BCE(σ(s), fake_label)."""
        return 0.5 * cross_entropy(scores, self.fake_label)

    def discriminator_gradient(self, scores: Array, out: Array) -> Program:
        """d L_D / d scores = ½·(σ(s) − label) / batch, `(2, batch)`, to all digits where it vanishes.

        (σ(s) − 1) is −σ(−s), so both rows are a scaled sigmoid, of opposite signs; smoothing adds a constant.
        """
        share = 0.5 / scores.shape[-1]
        sign = np.broadcast_to(REALS_FIRST, scores.shape).astype(scores.dtype)
        program = scaled_sigmoid(scores, -share * sign, out, sign)
        if self.real_label < 1.0 or self.fake_label > 0.0:
            offset = np.empty_like(scores)
            offset[..., 0, :], offset[..., 1, :] = share * (1.0 - self.real_label), -share * self.fake_label
            program.append((np.add, (out, offset, out)))
        return program

    def discriminator_curvature(self, scores: Array, out: Array) -> Program:
        """d² L_D / d scores² = ½·σ(s)·σ(−s) / batch, `(2, batch)`, whatever the labels."""
        share, one = constant(0.5 / scores.shape[-1], out.dtype), np.ones_like(scores)
        other = np.empty_like(out)
        return [
            *scaled_sigmoid(scores, one, out),
            *scaled_sigmoid(scores, one, other, -one),
            (np.multiply, (out, other, out)),
            (np.multiply, (out, share, out)),
        ]

    def span(self, length: float) -> tuple[float, float]:
        """Shown range of D: a probability."""
        return 0.0, 1.0

    def shown(self, scores: ArrayLike, anchor: ScoreCalibration) -> Array:
        """What the page calls D(x): σ(score), from 0 (fake) to 1 (real)."""
        return sigmoid(scores)

    @property
    def undecided(self) -> float:
        """Half way between the labels: ½ without smoothing."""
        return 0.5 * (self.real_label + self.fake_label)

    def optimal(self, pair: RealFakeMasses) -> Float64:
        """D* = (real_label·p_data + fake_label·p_g) / (p_data + p_g) (Goodfellow et al. 2014, prop. 1), `(bins,)`."""
        return pair.mixture(self.real_label, self.fake_label)

    def best_loss(self, pair: RealFakeMasses) -> float:
        """L_D of D*; without smoothing ln 2 − JS(p_data, p_g) (Goodfellow et al. 2014, theorem 1)."""
        return 0.5 * pair.cross_entropy(self.real_label, self.fake_label)

    def expected_loss(self, scores: Float64, pair: RealFakeMasses) -> float:
        """½·E log(1 + eˢ) over both, minus ½·E label·s: the same with one logarithm instead of two."""
        softplus = cross_entropy(scores, 0.0)
        votes = self.real_label * pair.real.dot(scores) + self.fake_label * pair.fake.dot(scores)
        return 0.5 * float(pair.real.dot(softplus) + pair.fake.dot(softplus) - votes)

    def discriminator_equilibrium(self) -> float:
        """L_D where D says `undecided` everywhere."""
        balance = self.undecided
        return 0.5 * float(entropy_at(balance, self.real_label) + entropy_at(balance, self.fake_label))


@dataclass(frozen=True, kw_only=True)
class NonSaturating(CrossEntropy):
    """Non-saturating: G maximises log D(G(z)), which pulls hardest where D is sure of the fakes.

    Goodfellow et al. 2014, arXiv:1406.2661, section 3.
    """

    kind: Literal["non_saturating"] = "non_saturating"
    generator_label: Annotated[
        float,
        Knob(low=0.6, high=1.0, step=0.01, help="What G wants D to say of its samples; 1 is the usual loss."),
    ] = 1.0

    def generator_cost(self, scores: ArrayLike) -> Array:
        """BCE(σ(s), generator_label); ln 2 at score 0."""
        return cross_entropy(scores, self.generator_label)

    def generator_gradient(self, scores: Array, out: Array) -> Program:
        """d L_G / d scores = (σ(s) − generator_label) / batch."""
        share = np.full_like(scores, -1.0 / scores.shape[-1])
        program = scaled_sigmoid(scores, share, out)
        if self.generator_label < 1.0:
            offset = (1.0 - self.generator_label) / scores.shape[-1]
            program.append((np.add, (out, constant(offset, out.dtype), out)))
        return program

    def equilibrium(self) -> dict[str, float]:
        """Where balance lies in the loss chart: ln 2 for both players without smoothing."""
        loss_g = float(entropy_at(self.undecided, self.generator_label))
        return {"loss_d": self.discriminator_equilibrium(), "loss_g": loss_g}


@dataclass(frozen=True, kw_only=True)
class Minimax(CrossEntropy):
    """Minimax: G minimises log(1 − D(G(z))), the exact opposite of D; its pull dies where D is sure of the fakes.

    Goodfellow et al. 2014, arXiv:1406.2661, eq. 1.
    """

    kind: Literal["minimax"] = "minimax"

    axis = (-2.5, 2.5)
    """G's loss is the negative of a cross-entropy, so it lives below 0."""

    def generator_cost(self, scores: ArrayLike) -> Array:
        """−BCE(σ(s), fake_label); log(1 − D) without smoothing, −ln 2 at score 0."""
        return -cross_entropy(scores, self.fake_label)

    def generator_gradient(self, scores: Array, out: Array) -> Program:
        """d L_G / d scores = −(σ(s) − fake_label) / batch, which vanishes where D is sure."""
        share = np.full_like(scores, -1.0 / scores.shape[-1])
        program = scaled_sigmoid(scores, share, out, -np.ones_like(scores))
        if self.fake_label > 0.0:
            offset = self.fake_label / scores.shape[-1]
            program.append((np.add, (out, constant(offset, out.dtype), out)))
        return program

    def equilibrium(self) -> dict[str, float]:
        """Where balance lies in the loss chart: ln 2 for D and −ln 2 for G without smoothing."""
        return {
            "loss_d": self.discriminator_equilibrium(),
            "loss_g": -float(entropy_at(self.undecided, self.fake_label)),
        }


@dataclass(frozen=True, kw_only=True)
class LeastSquares(BaseLoss):
    """Least squares (LSGAN): D should score reals 1 and fakes 0, and pays the square of what it misses; fakes on the
    right side are still pulled.

    Mao et al. 2017, arXiv:1611.04076, eq. 2, with the labels of eq. 9.
    """

    kind: Literal["least_squares"] = "least_squares"
    real_label: Annotated[float, Knob(low=0.0, high=2.0, step=0.05, help="What D should score reals.")] = 1.0
    fake_label: Annotated[float, Knob(low=-1.0, high=1.0, step=0.05, help="What D should score fakes.")] = 0.0
    generator_label: Annotated[
        float, Knob(low=-1.0, high=2.0, step=0.05, help="What G wants D to score its samples.")
    ] = 1.0

    readout = "score"

    @property
    def axis(self) -> tuple[float, float]:
        """Range of the loss chart: from 0 to well above balance, which far labels move up."""
        return 0.0, max(1.0, 2.5 * max(self.equilibrium().values()))

    def real_cost(self, scores: ArrayLike) -> Array:
        """½·(s − real_label)²."""
        return np.asarray(0.5 * np.square(np.asarray(scores) - self.real_label))

    def fake_cost(self, scores: ArrayLike) -> Array:
        """½·(s − fake_label)²."""
        return np.asarray(0.5 * np.square(np.asarray(scores) - self.fake_label))

    def generator_cost(self, scores: ArrayLike) -> Array:
        """½·(s − generator_label)²."""
        return np.asarray(0.5 * np.square(np.asarray(scores) - self.generator_label))

    def discriminator_gradient(self, scores: Array, out: Array) -> Program:
        """d L_D / d scores = (s − label) / batch."""
        labels = np.empty_like(scores)
        labels[..., 0, :], labels[..., 1, :] = self.real_label, self.fake_label
        share = constant(1.0 / scores.shape[-1], out.dtype)
        return [(np.subtract, (scores, labels, out)), (np.multiply, (out, share, out))]

    def discriminator_curvature(self, scores: Array, out: Array) -> Program:
        """d² L_D / d scores² = 1 / batch, `(2, batch)`."""
        return [(np.copyto, (out, constant(1.0 / scores.shape[-1], out.dtype)))]

    def generator_gradient(self, scores: Array, out: Array) -> Program:
        """d L_G / d scores = (s − generator_label) / batch."""
        label, share = constant(self.generator_label, out.dtype), constant(1.0 / scores.shape[-1], out.dtype)
        return [(np.subtract, (scores, label, out)), (np.multiply, (out, share, out))]

    def span(self, length: float) -> tuple[float, float]:
        """Shown range of D: both labels, with half their distance to spare."""
        low, high = sorted((self.real_label, self.fake_label))
        spare = 0.5 * max(high - low, 0.5)
        return low - spare, high + spare

    def shown(self, scores: ArrayLike, anchor: ScoreCalibration) -> Array:
        """The score itself."""
        return np.asarray(scores)

    @property
    def direction(self) -> float:  # type: ignore[override]  # a constant for most, made of knobs here
        """As the labels say."""
        return float(np.sign(self.real_label - self.fake_label))

    @property
    def undecided(self) -> float:
        """Half way between the labels."""
        return 0.5 * (self.real_label + self.fake_label)

    def optimal(self, pair: RealFakeMasses) -> Float64:
        """D* = (real_label·p_data + fake_label·p_g) / (p_data + p_g) (Mao et al. 2017, eq. 5), `(bins,)`."""
        return pair.mixture(self.real_label, self.fake_label)

    def best_loss(self, pair: RealFakeMasses) -> float:
        """L_D of D*."""
        best = np.nan_to_num(pair.mixture(self.real_label, self.fake_label, outside=True))
        return float(pair.real @ self.real_cost(best) + pair.fake @ self.fake_cost(best))

    def equilibrium(self) -> dict[str, float]:
        """¼ for D and ⅛ for G with the usual labels."""
        balance = np.array(self.undecided)
        loss_d = float(self.real_cost(balance) + self.fake_cost(balance))
        return {"loss_d": loss_d, "loss_g": float(self.generator_cost(balance))}


@dataclass(frozen=True, kw_only=True)
class Hinge(BaseLoss):
    """Hinge: D is left alone with every sample that it scores beyond ±1 on the right side; G raises its scores.

    Lim & Ye 2017, arXiv:1705.02894, section 3; Miyato et al. 2018, arXiv:1802.05957, eq. 16 and 17.
    """

    kind: Literal["hinge"] = "hinge"

    readout = "score"
    axis = (-2.0, 3.0)
    undecided = 0.0

    def real_cost(self, scores: ArrayLike) -> Array:
        """max(0, 1 − s)."""
        return np.asarray(np.maximum(0, 1 - np.asarray(scores)))

    def fake_cost(self, scores: ArrayLike) -> Array:
        """max(0, 1 + s)."""
        return np.asarray(np.maximum(0, 1 + np.asarray(scores)))

    def generator_cost(self, scores: ArrayLike) -> Array:
        """−s."""
        return -np.asarray(scores)

    def discriminator_gradient(self, scores: Array, out: Array) -> Program:
        """d L_D / d scores: ∓1 / batch inside the margin, 0 beyond it.

        1 − s for reals and 1 + s for fakes, steeply scaled and clamped to 0…1, is the margin as a step.
        """
        sign = np.broadcast_to(REALS_FIRST, scores.shape).astype(scores.dtype)
        share = -sign / scores.shape[-1]
        one, zero, steep = (constant(value, out.dtype) for value in (1.0, 0.0, 2.0**60))
        return [
            (np.multiply, (scores, sign, out)),
            (np.subtract, (one, out, out)),
            (np.multiply, (out, steep, out)),
            (np.fmax, (out, zero, out)),
            (np.fmin, (out, one, out)),
            (np.multiply, (out, share, out)),
        ]

    def generator_gradient(self, scores: Array, out: Array) -> Program:
        """d L_G / d scores = −1 / batch."""
        return [(np.copyto, (out, constant(-1.0 / scores.shape[-1], out.dtype)))]

    def span(self, length: float) -> tuple[float, float]:
        """Shown range of D: the margins at ±1, with as much to spare."""
        return -2.0, 2.0

    def shown(self, scores: ArrayLike, anchor: ScoreCalibration) -> Array:
        """The score itself."""
        return np.asarray(scores)

    def optimal(self, pair: RealFakeMasses) -> Float64:
        """D* = sign(p_data − p_g), `(bins,)`; where they agree any score within ±1 is as good (NaN)."""
        return pair.majority()

    def best_loss(self, pair: RealFakeMasses) -> float:
        """L_D of D*: twice the shared mass (Lim & Ye 2017, theorem 1, by way of the total variation)."""
        return 2.0 * pair.overlap()

    def equilibrium(self) -> dict[str, float]:
        """2 for D, whatever score within ±1 it gives everywhere; G's loss is that score."""
        return {"loss_d": 2.0}


@dataclass(frozen=True, kw_only=True)
class Critic(BaseLoss):
    """The side of both Wasserstein losses that is the same: D, here called a critic, scores reals high and fakes low.

    L_D = E D(G(z)) − E D(x) and L_G = −E D(G(z)) (Arjovsky et al. 2017, arXiv:1701.07875, eq. 2 and 3).
    """

    readout = "score"
    axis = (-3.0, 3.0)
    undecided = 0.0
    value_label = "V(D, G)"
    """E D(x) − E D(G(z)) = −L_D."""

    def real_cost(self, scores: ArrayLike) -> Array:
        """−s."""
        return -np.asarray(scores)

    def fake_cost(self, scores: ArrayLike) -> Array:
        """s."""
        return np.asarray(scores)

    def generator_cost(self, scores: ArrayLike) -> Array:
        """−s."""
        return -np.asarray(scores)

    def discriminator_gradient(self, scores: Array, out: Array) -> Program:
        """d L_D / d scores = ∓1 / batch, whatever the score."""
        share = np.broadcast_to(-REALS_FIRST / scores.shape[-1], scores.shape).astype(out.dtype)
        return [(np.copyto, (out, share))]

    def generator_gradient(self, scores: Array, out: Array) -> Program:
        """d L_G / d scores = −1 / batch, whatever the score."""
        return [(np.copyto, (out, constant(-1.0 / scores.shape[-1], out.dtype)))]

    def span(self, length: float) -> tuple[float, float]:
        """Shown range of D, in units of x: a slope of 1 cannot lift it farther than a quarter of the axis, seldom."""
        return -0.25 * length, 0.25 * length

    def optimal(self, pair: RealFakeMasses) -> Float64:
        """The Kantorovich potential of the pair, `(bins,)`: rising or falling with slope 1 (Villani 2003, thm 1.14)."""
        return pair.potential()

    def equilibrium(self) -> dict[str, float]:
        """0 for D, whose score is the same everywhere; G's loss is that score."""
        return {"loss_d": 0.0}


@dataclass(frozen=True, kw_only=True)
class Wasserstein(Critic):
    """Wasserstein (WGAN): D's scores rise wherever mass has to travel right; clipped weights keep it from getting
    too steep.

    Arjovsky et al. 2017, arXiv:1701.07875, algorithm 1. How steep a clipped D gets is not known beforehand, so it is
    shown in units of its own steepest slope, and so is the best D.
    """

    kind: Literal["wasserstein"] = "wasserstein"
    clip: Annotated[
        float,
        Knob(low=1e-3, high=10.0, scale="log", essential=True, help="Largest weight of D, either sign."),
    ] = 0.1

    @property
    def constraint(self) -> Constraint:  # type: ignore[override]  # a constant for most, made of a knob here
        """Every weight of D stays within ±clip."""
        return WeightClipping(limit=self.clip)

    def shown(self, scores: ArrayLike, anchor: ScoreCalibration) -> Array:
        """The score over its steepest slope, its mean at 0: in units of x, and to be compared with the potential."""
        return np.asarray((np.asarray(scores) - anchor.centre) / max(anchor.steepness, 1e-12))

    def best_loss(self, pair: RealFakeMasses) -> float:
        """NaN: it depends on how steep a clipped D can get."""
        return math.nan

    def reachable_loss(self, pair: RealFakeMasses, anchor: ScoreCalibration) -> float:
        """Minus Wasserstein-1 times the steepness: the potential, scaled (Villani 2003, theorem 1.14)."""
        return -anchor.steepness * pair.distance()


@dataclass(frozen=True, kw_only=True)
class WassersteinGP(Critic):
    """Wasserstein-GP: as Wasserstein, but D is asked for a slope of 1 between real and fake instead of small weights.

    Gulrajani et al. 2017, arXiv:1704.00028, algorithm 1.
    """

    kind: Literal["wasserstein_gp"] = "wasserstein_gp"
    weight: Annotated[
        float,
        Knob(
            label="λ", low=1e-2, high=100.0, scale="log", essential=True,
            help="Price of a slope other than 1; more follows Wasserstein closer, and slower.",
        ),
    ] = 1.0  # fmt: skip

    @property
    def penalty(self) -> Penalty:  # type: ignore[override]  # a constant for most, made of a knob here
        """The slope between real and fake should be 1."""
        return GradientPenalty(weight=self.weight)

    def shown(self, scores: ArrayLike, anchor: ScoreCalibration) -> Array:
        """The score, its mean at 0: a critic is right up to a constant."""
        return np.asarray(np.asarray(scores) - anchor.centre)

    def best_loss(self, pair: RealFakeMasses) -> float:
        """L_D of the Kantorovich potential: minus Wasserstein-1 (Villani 2003, theorem 1.14).

        That is the best of all D with a slope of at most 1. One that pays for a steeper slope may pay less in all.
        """
        return -pair.distance()


Loss = NonSaturating | Minimax | LeastSquares | Hinge | Wasserstein | WassersteinGP
