"""Codes of an InfoGAN: a second input of the generator, which a head on the discriminator reads back from each fake.

Chen et al. 2016, arXiv:1606.03657. G(z, c) gets a code c beside z, and Q(c | x) is a small network on the last hidden
layer of D. The mutual information of c and x = G(z, c) is at least the bound

    L_I = H(c) + E log Q(c | G(z, c)),   equation 5,

and equal to it where Q is the true distribution of c given x. Q maximizes L_I, and G minimizes its loss − weight·L_I.
The paper's Q has the same weight; here it has none, so that Q learns, and the bound is known, also where the weight
is 0. D's hidden layers belong to D: Q reads them, and only D's updates change them.
"""

import math
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.programs import Program
from gan1d.knobs import Knob

InformationWeight = Annotated[
    float,
    Knob(
        label="λ",
        low=0.0,
        high=10.0,
        step=0.05,
        help="Weight of the bound on the mutual information in G's loss; at 0 only Q learns, and G is free to ignore "
        "the code.",
    ),
]


@dataclass(frozen=True, kw_only=True)
class NoCode:
    """None: noise z is G's only input."""

    kind: Literal["none"] = "none"
    rows = 0

    def quantile(self, u: ArrayLike) -> Float64:
        """No inputs, `(0, n)`, for n numbers."""
        return np.empty((0, np.size(u)))

    def nodes(self) -> Float64:
        """One node without inputs, `(0, 1)`."""
        return np.empty((0, 1))


@dataclass(frozen=True, kw_only=True)
class CategoricalCode:
    """Categorical: one of a few values, each as likely as the others. G can use it to choose a mode, although no sample
    has a label.

    Chen et al. 2016, arXiv:1606.03657, section 7: c is one-hot, and Q a softmax.
    """

    kind: Literal["categorical"] = "categorical"
    values: Annotated[int, Knob(low=2, high=8, effect="restart", help="Number of values that the code takes.")] = 2
    weight: InformationWeight = 1.0

    @property
    def rows(self) -> int:
        """Number of inputs of G for the code."""
        return self.values

    @property
    def outputs(self) -> int:
        """Number of outputs of Q."""
        return self.values

    @property
    def entropy(self) -> float:
        """H(c) in nats, which the mutual information cannot exceed."""
        return math.log(self.values)

    def draw(self, rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64) -> Array:
        """Random codes as inputs of G, `(rows, count)`."""
        return self.quantile(rng.random(count)).astype(dtype)

    def quantile(self, u: ArrayLike) -> Float64:
        """The codes at numbers from 0 to 1 (exclusive), `(n,)`, as inputs of G, `(rows, n)`."""
        return np.eye(self.values)[:, (np.asarray(u) * self.values).astype(np.intp)]

    def nodes(self) -> Float64:
        """Codes of equal weight over which expectations are taken, as inputs of G, `(rows, n)`."""
        return np.eye(self.values)

    def log_density(self, outputs: Array, codes: Array) -> Array:
        """log Q(c | x), `(…, n)`, from Q's outputs at x, `(…, outputs, n)`, and the codes c, `(…, rows, n)`."""
        top = outputs.max(axis=-2, keepdims=True)
        normalization = np.log(np.exp(outputs - top).sum(axis=-2)) + top[..., 0, :]
        return np.asarray((outputs * codes).sum(axis=-2) - normalization)

    def gradient(self, outputs: Array, codes: Array, out: Array) -> Program:
        """Program that writes the gradient of −L_I over a batch with respect to Q's outputs, (softmax − c)/n, to
        `out`, `(…, outputs, n)`."""

        def write() -> None:
            np.subtract(outputs, outputs.max(axis=-2, keepdims=True), out)
            np.exp(out, out)
            np.divide(out, out.sum(axis=-2, keepdims=True) * outputs.shape[-1], out)
            np.subtract(out, codes / outputs.shape[-1], out)

        return [(write, ())]


SMALLEST_DEVIATION = 0.05
"""Smallest standard deviation that Q can state for a continuous code. Without it −log Q has no lower bound, and its
gradient no upper one."""

CODE_NODES = 65
"""Values of a continuous code over which expectations are taken. Their distance is less than `SMALLEST_DEVIATION`, so
that no density of Q fits between two of them, and the bound stays a bound."""


@dataclass(frozen=True, kw_only=True)
class ContinuousCode:
    """Continuous: a number from −1 to 1, each as likely as the others. G can use it to move the fakes along x.

    Chen et al. 2016, arXiv:1606.03657, section 6: Q is normal. Its outputs are the mean and s, and its variance is
    0.05² + e^2s.
    """

    kind: Literal["continuous"] = "continuous"
    weight: InformationWeight = 0.1
    rows = 1
    outputs = 2
    entropy = math.log(2.0)

    def draw(self, rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64) -> Array:
        """Random codes as inputs of G, `(1, count)`."""
        return self.quantile(rng.random(count)).astype(dtype)

    def quantile(self, u: ArrayLike) -> Float64:
        """The codes at numbers from 0 to 1, `(n,)`, as inputs of G, `(1, n)`."""
        return np.asarray(2.0 * np.asarray(u, np.float64) - 1.0)[None]

    def nodes(self) -> Float64:
        """Codes of equal weight over which expectations are taken, as inputs of G, `(1, n)`: the midpoint rule."""
        return self.quantile((np.arange(CODE_NODES) + 0.5) / CODE_NODES)

    def log_density(self, outputs: Array, codes: Array) -> Array:
        """log Q(c | x), `(…, n)`, from Q's outputs at x, `(…, 2, n)`, and the codes c, `(…, 1, n)`."""
        variance = SMALLEST_DEVIATION**2 + np.exp(2 * outputs[..., 1, :])
        return np.asarray(
            -0.5 * (np.log(2 * math.pi * variance) + (codes[..., 0, :] - outputs[..., 0, :]) ** 2 / variance)
        )

    def gradient(self, outputs: Array, codes: Array, out: Array) -> Program:
        """Program that writes the gradient of −L_I over a batch with respect to Q's outputs to `out`, `(…, 2, n)`.

        With v = 0.05² + e^2s and r = (c − mean)/v: −r for the mean, and (1/v − r²)·e^2s for s, each divided by n.
        """

        def write() -> None:
            square = np.exp(2 * outputs[..., 1, :])
            variance = SMALLEST_DEVIATION**2 + square
            ratio = (codes[..., 0, :] - outputs[..., 0, :]) / variance
            np.divide(-ratio, outputs.shape[-1], out[..., 0, :])
            np.divide((1 / variance - ratio**2) * square, outputs.shape[-1], out[..., 1, :])

        return [(write, ())]


Code = NoCode | CategoricalCode | ContinuousCode
