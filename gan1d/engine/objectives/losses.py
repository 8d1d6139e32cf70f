"""Losses of the two players: for each, the cost per score, its gradient, its optimum and how it is shown.

All losses stand in this one file, so that they can be compared line by line. The union at its foot is the list of them,
from which the page's menu, the schema and the tests are built.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated, Literal

import numpy as np
from numpy.typing import ArrayLike

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.metrics.divergences import SMALLEST_MASS
from gan1d.engine.metrics.optimal_discriminator import RealFakeMasses
from gan1d.engine.objectives.base_loss import REAL_FAKE_SIGNS, BaseLoss, CostFormulas
from gan1d.engine.objectives.critics import Wasserstein, WassersteinGP
from gan1d.engine.objectives.cross_entropy import cross_entropy, cross_entropy_formula, scaled_sigmoid
from gan1d.engine.objectives.readout import ProbabilityReadout, ScoreReadout
from gan1d.engine.objectives.relativistic import RelativisticPairing
from gan1d.engine.programs import Program, constant
from gan1d.knobs import Knob


@dataclass(frozen=True, kw_only=True)
class CrossEntropy(BaseLoss):
    """Discriminator's costs in both losses of Goodfellow et al. (2014, arXiv:1406.2661).

    L_D = ½·BCE(D(x), real_label) + ½·BCE(D(G(z)), fake_label)
    """

    real_label: Annotated[
        float,
        Knob(
            low=0.6, high=1.0, step=0.01,
            help="Output that D should give for real samples. Below 1, D is less confident (label smoothing).",
        ),
    ] = 1.0  # fmt: skip
    fake_label: Annotated[
        float,
        Knob(
            low=0.0, high=0.4, step=0.01,
            help="Output that D should give for fakes. Above 0, label smoothing is two-sided.",
        ),
    ] = 0.0  # fmt: skip

    @cached_property
    def readout(self) -> ProbabilityReadout:
        """Probabilities, with a threshold halfway between the labels, ½ without smoothing.

        Both losses start near ln 2, and a discriminator that wins sends L_G above 2. The value of the game is
        V = E log D(x) + E log(1 − D(G(z))) = −2·L_D (Goodfellow et al. 2014, eq. 1).
        """
        threshold = 0.5 * (self.real_label + self.fake_label)
        return ProbabilityReadout(loss_axis=(0.0, 2.5), threshold=threshold, value_label="V(D, G)", value_factor=-2.0)

    @property
    def formulas(self) -> CostFormulas:
        """The cross-entropies of both labels."""
        real = cross_entropy_formula("D(x)", self.real_label, "½ ")
        return CostFormulas(real, cross_entropy_formula("D(G(z))", self.fake_label, "½ "), self._generator_formula())

    def _generator_formula(self) -> str:
        """The cost of a fake to G as a formula."""
        raise NotImplementedError

    def real_cost(self, scores: ArrayLike) -> Array:
        """½·BCE(σ(s), real_label)."""
        return 0.5 * cross_entropy(scores, self.real_label)

    def fake_cost(self, scores: ArrayLike) -> Array:
        """½·BCE(σ(s), fake_label)."""
        return 0.5 * cross_entropy(scores, self.fake_label)

    def discriminator_gradient(self, scores: Array, out: Array) -> Program:
        """d L_D / d scores = ½·(σ(s) − label) / batch, `(2, batch)`, to full relative precision where it vanishes.

        σ(s) − 1 = −σ(−s), so both rows are scaled sigmoids with opposite signs. Smoothing adds a constant.
        """
        share = 0.5 / scores.shape[-1]
        sign = np.broadcast_to(REAL_FAKE_SIGNS, scores.shape).astype(scores.dtype)
        program = scaled_sigmoid(scores, -share * sign, out, sign)
        if self.real_label < 1.0 or self.fake_label > 0.0:
            offset = np.empty_like(scores)
            offset[..., 0, :], offset[..., 1, :] = share * (1.0 - self.real_label), -share * self.fake_label
            program.append((np.add, (out, offset, out)))
        return program

    def discriminator_curvature(self, scores: Array, out: Array) -> Program:
        """d² L_D / d scores² = ½·σ(s)·σ(−s) / batch, `(2, batch)`, for all labels."""
        share, one = constant(0.5 / scores.shape[-1], out.dtype), np.ones_like(scores)
        other = np.empty_like(out)
        return [
            *scaled_sigmoid(scores, one, out),
            *scaled_sigmoid(scores, one, other, -one),
            (np.multiply, (out, other, out)),
            (np.multiply, (out, share, out)),
        ]

    def optimal_outputs(self, pair: RealFakeMasses) -> Float64:
        """D* = (real_label·p_data + fake_label·p_g) / (p_data + p_g) (Goodfellow et al. 2014, prop. 1), `(bins,)`."""
        return pair.mixture(self.real_label, self.fake_label)

    def optimal_scores(self, pair: RealFakeMasses) -> Float64:
        """Log-odds of D*, to full relative precision at both ends, `(bins,)`."""
        real, fake = pair.real[1:-1], pair.fake[1:-1]
        labelled_real = self.real_label * real + self.fake_label * fake
        labelled_fake = (1 - self.real_label) * real + (1 - self.fake_label) * fake
        return np.asarray(np.log((labelled_real + SMALLEST_MASS) / (labelled_fake + SMALLEST_MASS)))

    def optimal_loss(self, pair: RealFakeMasses) -> float:
        """L_D of D*. Without smoothing this is ln 2 − JS(p_data, p_g) (Goodfellow et al. 2014, theorem 1)."""
        return 0.5 * pair.cross_entropy(self.real_label, self.fake_label)

    def expected_loss(self, scores: Float64, pair: RealFakeMasses) -> float:
        """L_D in expectation, as ½·E log(1 + eˢ) over both minus ½·E label·s: one logarithm instead of two."""
        softplus = cross_entropy(scores, 0.0)
        labels = self.real_label * pair.real.dot(scores) + self.fake_label * pair.fake.dot(scores)
        return 0.5 * float(pair.real.dot(softplus) + pair.fake.dot(softplus) - labels)


@dataclass(frozen=True, kw_only=True)
class NonSaturating(CrossEntropy):
    """Non-saturating: G maximizes log D(G(z)). Its gradient is largest where D is sure that samples are fake.

    Goodfellow et al. 2014, arXiv:1406.2661, section 3.
    """

    kind: Literal["non_saturating"] = "non_saturating"
    generator_label: Annotated[
        float,
        Knob(low=0.6, high=1.0, step=0.01, help="Output of D for fakes at which L_G is smallest. 1 is the usual loss."),
    ] = 1.0

    def _generator_formula(self) -> str:
        return cross_entropy_formula("D(G(z))", self.generator_label)

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


@dataclass(frozen=True, kw_only=True)
class Minimax(CrossEntropy):
    """Minimax: G minimizes log(1 − D(G(z))), the term that D maximizes. Its gradient vanishes where D is sure that
    samples are fake.

    Goodfellow et al. 2014, arXiv:1406.2661, eq. 1.
    """

    kind: Literal["minimax"] = "minimax"

    @cached_property
    def readout(self) -> ProbabilityReadout:
        """Probabilities, with a loss axis that extends below 0 for L_G, which is a negative cross-entropy."""
        return replace(super().readout, loss_axis=(-2.5, 2.5))

    def _generator_formula(self) -> str:
        return cross_entropy_formula("D(G(z))", self.fake_label, sign="")

    def generator_cost(self, scores: ArrayLike) -> Array:
        """−BCE(σ(s), fake_label); log(1 − D) without smoothing, −ln 2 at score 0."""
        return -cross_entropy(scores, self.fake_label)

    def generator_gradient(self, scores: Array, out: Array) -> Program:
        """d L_G / d scores = −(σ(s) − fake_label) / batch."""
        share = np.full_like(scores, -1.0 / scores.shape[-1])
        program = scaled_sigmoid(scores, share, out, -np.ones_like(scores))
        if self.fake_label > 0.0:
            offset = self.fake_label / scores.shape[-1]
            program.append((np.add, (out, constant(offset, out.dtype), out)))
        return program


@dataclass(frozen=True, kw_only=True)
class LeastSquares(BaseLoss):
    """Least squares: D should score reals 1 and fakes 0, and pays the square of its error. Fakes that D takes
    for real still have a gradient.

    Mao et al. 2017, arXiv:1611.04076, eq. 2, with the labels of eq. 9.
    """

    kind: Literal["least_squares"] = "least_squares"
    real_label: Annotated[float, Knob(low=0.0, high=2.0, step=0.05, help="Score that D should give real samples.")] = (
        1.0
    )
    fake_label: Annotated[float, Knob(low=-1.0, high=1.0, step=0.05, help="Score that D should give fakes.")] = 0.0
    generator_label: Annotated[
        float, Knob(low=-1.0, high=2.0, step=0.05, help="Score of D for fakes at which L_G is smallest.")
    ] = 1.0

    @cached_property
    def readout(self) -> ScoreReadout:
        """Scores around both labels, with a threshold halfway between them.

        The axis of D extends beyond the labels by half of their distance. The loss axis extends well above the
        equilibrium, which is higher for distant labels.
        """
        low, high = sorted((self.real_label, self.fake_label))
        middle, margin = 0.5 * (low + high), 0.5 * max(high - low, 0.5)
        highest = max(float(self.real_cost(middle) + self.fake_cost(middle)), float(self.generator_cost(middle)))
        return ScoreReadout(
            low=low - margin,
            high=high + margin,
            threshold=middle,
            direction=float(np.sign(self.real_label - self.fake_label)),
            loss_axis=(0.0, max(1.0, 2.5 * highest)),
        )

    @property
    def formulas(self) -> CostFormulas:
        """Half of the squared distance from each label."""
        labels = self.real_label, self.fake_label, self.generator_label
        words = (f" − {label:g}" if label > 0 else f" + {-label:g}" if label < 0 else "" for label in labels)
        outputs = ("D(x)", "D(G(z))", "D(G(z))")
        return CostFormulas(*(f"½ ({output}{word})²" for output, word in zip(outputs, words, strict=True)))

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

    def optimal_outputs(self, pair: RealFakeMasses) -> Float64:
        """D* = (real_label·p_data + fake_label·p_g) / (p_data + p_g) (Mao et al. 2017, eq. 5), `(bins,)`."""
        return pair.mixture(self.real_label, self.fake_label)

    def optimal_loss(self, pair: RealFakeMasses) -> float:
        """L_D of D*."""
        best = np.nan_to_num(pair.mixture(self.real_label, self.fake_label, outside=True))
        return float(pair.real @ self.real_cost(best) + pair.fake @ self.fake_cost(best))


@dataclass(frozen=True, kw_only=True)
class Hinge(BaseLoss):
    """Hinge: D pays only for samples within the margin ±1 or on the wrong side. G raises the scores of its samples.

    Lim & Ye 2017, arXiv:1705.02894, section 3; Miyato et al. 2018, arXiv:1802.05957, eq. 16 and 17.
    """

    kind: Literal["hinge"] = "hinge"

    readout = ScoreReadout(low=-2.0, high=2.0, loss_axis=(-2.0, 3.0))
    """Scores from −2 to 2, twice the margin."""
    formulas = CostFormulas("max(0, 1 − D(x))", "max(0, 1 + D(G(z)))", "−D(G(z))")

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
        """d L_D / d scores: ∓1 / batch where the cost is above 0, else 0.

        Multiplying 1 − s for reals, and 1 + s for fakes, by a large number and clamping it to 0…1 gives that step.
        """
        sign = np.broadcast_to(REAL_FAKE_SIGNS, scores.shape).astype(scores.dtype)
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

    def optimal_outputs(self, pair: RealFakeMasses) -> Float64:
        """D* = sign(p_data − p_g), `(bins,)`; NaN where they are equal, since every score within ±1 is then optimal."""
        return pair.majority()

    def optimal_loss(self, pair: RealFakeMasses) -> float:
        """L_D of D*, twice the overlap of the distributions (Lim & Ye 2017, theorem 1, by the total variation)."""
        return 2.0 * pair.overlap()

    def equilibrium(self) -> dict[str, float]:
        """2 for D at any constant score within ±1; L_G is minus that score."""
        return {"loss_d": 2.0}


Loss = NonSaturating | Minimax | LeastSquares | Hinge | Wasserstein | WassersteinGP | RelativisticPairing
