"""What the two players want: each loss as a value of raw scores, with its gradient, its optimum and its reading
beside it.

A score is what the discriminator's last layer gives; no sigmoid hides in the network. Every loss is a mean over the
batch, and both players minimise their own. Scores of the discriminator's turn come as two rows, reals first: `(2,
batch)`.

A loss also says how the page shows it, so that nobody else has to ask which loss it is: `readout` ("probability" or
"score") with `shown`, the best discriminator against a given pair of densities (`optimal`), and where balance lies
(`equilibrium`).
"""

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import ArrayLike

from gan1d.engine.activations import ONE, ZERO, Array
from gan1d.knobs import Knob

LARGEST_EXPONENT = np.array(87.0, np.float32)
"""e⁸⁷ is the largest such power that float32 holds; σ(−87) = 1.6e-38 is as good as its limit."""


def sigmoid(scores: Array, out: Array) -> Array:
    """σ(s) = 1 / (1 + e⁻ˢ), with full relative precision for very negative s, where vanishing gradients live."""
    np.negative(scores, out)
    np.fmin(out, LARGEST_EXPONENT, out)
    np.exp(out, out)
    np.add(out, ONE, out)
    return np.reciprocal(out, out)


def cross_entropy(scores: Array, label: float) -> Array:
    """−label·log σ(s) − (1 − label)·log(1 − σ(s)) = log(1 + eˢ) − label·s, exact at any score.

    Args:
        scores: `(…, batch)`.
        label: From 0 (fake) to 1 (real).

    Returns:
        Mean over the batch, `(…,)`.
    """
    softplus = np.fmax(scores, ZERO) + np.log1p(np.exp(-np.abs(scores)))
    return np.asarray((softplus - label * scores).mean(axis=-1))


def entropy_at(probability: float, label: float) -> float:
    """Cross-entropy of a discriminator that says `probability` (strictly between 0 and 1) where `label` is right."""
    return float(-label * np.log(probability) - (1.0 - label) * np.log(1.0 - probability))


@dataclass(frozen=True, kw_only=True)
class CrossEntropy:
    """The discriminator's side that both losses of Goodfellow et al. (2014, arXiv:1406.2661) share: tell real from
    fake.

    L_D = ½·BCE(D(x), real_label) + ½·BCE(D(G(z)), 0)
    """

    real_label: Annotated[
        float,
        Knob(
            low=0.6, high=1.0, step=0.01,
            help="What D should say of real samples: below 1, it is never quite sure (one-sided label smoothing).",
        ),
    ] = 1.0  # fmt: skip

    readout = "probability"
    axis = (0.0, 2.5)
    """Range of the loss chart: both players start near ln 2, and a discriminator that wins sends L_G above 2."""

    def discriminator_value(self, scores: Array) -> Array:
        """½·BCE(σ(s), real_label) over the reals + ½·BCE(σ(s), 0) over the fakes.

        Args:
            scores: `(…, 2, batch)`, reals first.

        Returns:
            `(…,)`; ln 2 at score 0 when real_label is 1.
        """
        real, fake = scores[..., 0, :], scores[..., 1, :]
        return 0.5 * (cross_entropy(real, self.real_label) + cross_entropy(fake, 0.0))

    def discriminator_gradient(self, scores: Array, out: Array) -> None:
        """d L_D / d scores: ½·(σ(s) − label) / batch.

        Args:
            scores: `(2, batch)`, reals first.
            out: Overwritten, same shape.
        """
        sigmoid(scores, out)
        real = out[0]
        np.subtract(real, self.real_label, real)
        np.multiply(out, 0.5 / scores.shape[-1], out)

    def shown(self, scores: Array) -> Array:
        """What the page calls D(x): σ(score), from 0 (fake) to 1 (real)."""
        return sigmoid(scores, np.empty_like(scores))

    def optimal(self, real_pdf: Array, fake_pdf: Array) -> Array:
        """The best D against these densities: real_label·p_data / (p_data + p_g) (Goodfellow et al. 2014, prop. 1).

        Args:
            real_pdf: p_data at some points, any shape.
            fake_pdf: p_g at the same points.

        Returns:
            Same shape; NaN where both densities are 0 and no answer is better than another.
        """
        total = real_pdf + fake_pdf
        best: Array = np.full_like(total, np.nan)
        np.divide(self.real_label * real_pdf, total, out=best, where=total > 0)
        return best

    def discriminator_equilibrium(self) -> float:
        """L_D of the best discriminator against a perfect generator, where D = real_label / 2 everywhere."""
        balance = self.real_label / 2
        return 0.5 * (entropy_at(balance, self.real_label) + entropy_at(balance, 0.0))


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

    def generator_value(self, scores: ArrayLike) -> Array:
        """L_G = BCE(D(G(z)), generator_label).

        Args:
            scores: Of fakes, `(…, batch)`.

        Returns:
            `(…,)`; ln 2 at score 0.
        """
        return cross_entropy(np.asarray(scores), self.generator_label)

    def generator_gradient(self, scores: Array, out: Array) -> None:
        """d L_G / d scores: (σ(s) − generator_label) / batch; `out` is overwritten, same shape as `scores`."""
        sigmoid(scores, out)
        np.subtract(out, self.generator_label, out)
        np.multiply(out, 1.0 / scores.shape[-1], out)

    def equilibrium(self) -> dict[str, float]:
        """Where balance lies in the loss chart: ln 2 for both players without smoothing."""
        balance = self.real_label / 2
        return {
            "loss_d": self.discriminator_equilibrium(),
            "loss_g": entropy_at(balance, self.generator_label),
        }


@dataclass(frozen=True, kw_only=True)
class Minimax(CrossEntropy):
    """Minimax: G minimises log(1 − D(G(z))), the exact opposite of D; its pull dies where D is sure of the fakes.

    Goodfellow et al. 2014, arXiv:1406.2661, eq. 1.
    """

    kind: Literal["minimax"] = "minimax"

    axis = (-2.5, 2.5)
    """G's loss is the negative of a cross-entropy, so it lives below 0."""

    def generator_value(self, scores: ArrayLike) -> Array:
        """L_G = mean log(1 − D(G(z))) = −log(1 + eˢ).

        Args:
            scores: Of fakes, `(…, batch)`.

        Returns:
            `(…,)`; −ln 2 at score 0.
        """
        return -cross_entropy(np.asarray(scores), 0.0)

    def generator_gradient(self, scores: Array, out: Array) -> None:
        """d L_G / d scores: −σ(s) / batch, which vanishes where D is sure; `out` is overwritten, same shape."""
        sigmoid(scores, out)
        np.multiply(out, -1.0 / scores.shape[-1], out)

    def equilibrium(self) -> dict[str, float]:
        """Where balance lies in the loss chart: ln 2 for D and −ln 2 for G without smoothing."""
        balance = self.real_label / 2
        return {"loss_d": self.discriminator_equilibrium(), "loss_g": -entropy_at(balance, 0.0)}


Loss = NonSaturating | Minimax
