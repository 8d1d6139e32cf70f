"""Games of two numbers: θ of the generator and ψ of the discriminator.

A game is a frozen value. Its `field` is the pair of directions (−∂L_G/∂θ, −∂L_D/∂ψ) in which the players move. A point
is an array `(2, …)`, θ first; further axes hold other points of the same game, such as the grid of an arrow chart. A
field is analytic where it is smooth, and takes complex points, from which `dynamics` gets exact derivatives.

In a Dirac-GAN (Mescheder, Geiger & Nowozin 2018, arXiv:1801.04406, definition 2.1) the data is the number 0, G makes
the number θ, and D's score is ψ·x. With f(t) = −log(1 + e^−t), D maximizes f(ψθ) + f(0).

All games stand in this one file, with their union at its foot, as the members of every family of the engine do.
"""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from gan1d.engine.arrays import Float64
from gan1d.knobs import Knob

Point = NDArray[Any]
"""Values of θ and ψ, `(2, …)`, float64 or complex128."""

NORMAL_NODES, NORMAL_WEIGHTS = np.polynomial.hermite_e.hermegauss(64)
NORMAL_WEIGHTS = NORMAL_WEIGHTS / NORMAL_WEIGHTS.sum()
"""Gauss-Hermite quadrature: expectations over N(0, 1)."""

UNIFORM_NODES, UNIFORM_WEIGHTS = np.polynomial.legendre.leggauss(48)
UNIFORM_WEIGHTS = UNIFORM_WEIGHTS / 2
"""Gauss-Legendre quadrature: expectations over U[−1, 1]."""

Weight = Annotated[
    float, Knob(label="γ", low=0.0, high=10.0, step=0.05, essential=True, help="Weight of the penalty; 0 is none.")
]


def slope(t: Point) -> Point:
    """f′(t) = 1/(1 + e^t), for f(t) = −log(1 + e^−t)."""
    return np.asarray(0.5 - 0.5 * np.tanh(0.5 * t))


def curvature(t: Point) -> Point:
    """f″(t) = −f′(t)·f′(−t), for f(t) = −log(1 + e^−t)."""
    return np.asarray(-slope(t) * slope(-t))


@dataclass(frozen=True, kw_only=True)
class BaseGame:
    """A game of two numbers."""

    equilibria: ClassVar[tuple[tuple[float, float], ...]] = ((0.0, 0.0),)
    """Points (θ, ψ) at which neither player moves."""
    conserved_label: ClassVar[str] = ""
    """Formula of what `conserved` returns; "" if it never returns anything."""

    def field(self, point: Point) -> Point:
        """Direction in which each player moves, `(2, …)`."""
        raise NotImplementedError

    def project(self, point: Point) -> Point:
        """The nearest allowed point; all points are allowed unless the game bounds a player."""
        return point

    def conserved(self, point: Float64) -> Float64 | None:
        """Quantity that stays constant along the flow of infinitely small steps, `(…,)`; None if there is none."""
        return None

    def is_smooth_at(self, point: Point) -> bool:
        """Whether the field has a derivative at a point `(2,)`."""
        return True

    def distance(self, point: Float64) -> Float64:
        """Distance from each point to the nearest equilibrium, `(…,)`."""
        distances = [np.hypot(point[0] - theta, point[1] - psi) for theta, psi in self.equilibria]
        return np.asarray(np.min(distances, axis=0))


@dataclass(frozen=True, kw_only=True)
class Bilinear(BaseGame):
    """Bilinear: G minimizes θψ and D maximizes it; the simplest game that has nothing but rotation.

    min over θ, max over ψ of θψ: a Wasserstein GAN whose D is linear and whose G moves a distribution (Gidel et al.
    2019, arXiv:1802.10551, section 3; Daskalakis et al. 2018, arXiv:1711.00141, section 2).
    """

    kind: Literal["bilinear"] = "bilinear"
    conserved_label: ClassVar[str] = "θ² + ψ²"

    def field(self, point: Point) -> Point:
        """(−ψ, θ)."""
        theta, psi = point
        return np.stack([-psi, theta])

    def conserved(self, point: Float64) -> Float64:
        """θ² + ψ²."""
        return squared_radius(point)


@dataclass(frozen=True, kw_only=True)
class DiracMinimax(BaseGame):
    """Dirac-GAN, minimax loss: both players share one value, and R1 on D turns the circle into a spiral.

    Mescheder et al. 2018, arXiv:1801.04406, lemma 2.2, and with the penalty γ/2·ψ² lemma 3.3. D's slope is ψ
    everywhere, so R1 and R2 are the same here.
    """

    kind: Literal["dirac_minimax"] = "dirac_minimax"
    conserved_label: ClassVar[str] = "θ² + ψ²"
    gamma: Weight = 0.0

    def field(self, point: Point) -> Point:
        """(−ψ·f′(ψθ), θ·f′(ψθ) − γψ)."""
        theta, psi = point
        pull = slope(psi * theta)
        return np.stack([-psi * pull, theta * pull - self.gamma * psi])

    def conserved(self, point: Float64) -> Float64 | None:
        """θ² + ψ² without a penalty (lemma 2.3)."""
        return None if self.gamma else squared_radius(point)


@dataclass(frozen=True, kw_only=True)
class DiracNonSaturating(BaseGame):
    """Dirac-GAN, non-saturating loss: the flow spirals in ever more slowly; steps of any size end on a circle.

    G maximizes f(−(−ψθ)) instead of minimizing f(ψθ), so that its gradient does not vanish (Goodfellow et al. 2014,
    arXiv:1406.2661, section 3; Mescheder et al. 2018, arXiv:1801.04406, section 3).
    """

    kind: Literal["dirac_non_saturating"] = "dirac_non_saturating"
    gamma: Weight = 0.0

    def field(self, point: Point) -> Point:
        """(−ψ·f′(−ψθ), θ·f′(ψθ) − γψ)."""
        theta, psi = point
        return np.stack([-psi * slope(-psi * theta), theta * slope(psi * theta) - self.gamma * psi])


@dataclass(frozen=True, kw_only=True)
class DiracWasserstein(BaseGame):
    """Dirac-GAN, WGAN with clipping: the bilinear game with |ψ| bounded; it never settles.

    Mescheder et al. 2018, arXiv:1801.04406, lemma 3.1; Arjovsky et al. 2017, arXiv:1701.07875, algorithm 1.
    """

    kind: Literal["dirac_wasserstein"] = "dirac_wasserstein"
    clip: Annotated[
        float, Knob(low=0.01, high=10.0, scale="log", essential=True, help="Largest |ψ|: the bound on D's weight.")
    ] = 1.0

    def field(self, point: Point) -> Point:
        """(−ψ, θ)."""
        theta, psi = point
        return np.stack([-psi, theta])

    def project(self, point: Point) -> Point:
        """The point with ψ clipped to ±`clip`."""
        theta, psi = point
        return np.stack([theta, np.where(np.abs(psi.real) > self.clip, np.sign(psi.real) * self.clip, psi)])


@dataclass(frozen=True, kw_only=True)
class DiracWassersteinGP(BaseGame):
    """Dirac-GAN, WGAN-GP: D's slope is drawn to a length that is not 0, so it jumps at the equilibrium.

    Penalty γ/2·(|ψ| − s)² (Gulrajani et al. 2017, arXiv:1704.00028, eq. 3; Mescheder et al. 2018, arXiv:1801.04406,
    section 3.2).
    """

    kind: Literal["dirac_wasserstein_gp"] = "dirac_wasserstein_gp"
    gamma: Weight = 0.7
    target_slope: Annotated[
        float, Knob(low=0.0, high=3.0, step=0.1, essential=True, help="Length to which D's slope is drawn.")
    ] = 1.0

    def field(self, point: Point) -> Point:
        """(−ψ, θ − γ·(|ψ| − target_slope)·sign ψ), with sign 0 = 0."""
        theta, psi = point
        return np.stack([-psi, theta - self.gamma * (psi - self.target_slope * np.sign(psi.real))])

    def is_smooth_at(self, point: Point) -> bool:
        """Whether ψ is not 0, where the penalty has a kink."""
        return self.gamma * self.target_slope == 0 or bool(point[1].real != 0)


@dataclass(frozen=True, kw_only=True)
class DiracInstanceNoise(BaseGame):
    """Dirac-GAN, instance noise: data and fakes are blurred, their densities overlap, and the spiral turns inwards.

    Both receive noise N(0, σ²) (Sønderby et al. 2017, arXiv:1610.04490; Mescheder et al. 2018, arXiv:1801.04406, lemma
    3.2). Expectations are exact, by Gauss-Hermite quadrature.
    """

    kind: Literal["dirac_instance_noise"] = "dirac_instance_noise"
    deviation: Annotated[
        float, Knob(label="σ", low=0.0, high=3.0, step=0.05, essential=True, help="Spread of the noise.")
    ] = 0.7

    def field(self, point: Point) -> Point:
        """(−ψ·E f′(ψx̃), E x̃·f′(ψx̃) − E x·f′(−ψx)), with x ~ N(0, σ²) and x̃ ~ N(θ, σ²)."""
        theta, psi = point[0, ..., None], point[1, ..., None]
        real = self.deviation * NORMAL_NODES
        fake = theta + real
        pull = slope(psi * fake)
        return np.stack([
            -point[1] * (pull @ NORMAL_WEIGHTS),
            (fake * pull - real * slope(-psi * real)) @ NORMAL_WEIGHTS,
        ])  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class DiracConsensus(BaseGame):
    """Dirac-GAN, consensus optimization: both players also shorten the field, which damps the rotation.

    The field v of the minimax loss, less γ·∇(½‖v‖²) (Mescheder, Nowozin & Geiger 2017, arXiv:1705.10461, eq. 10).
    """

    kind: Literal["dirac_consensus"] = "dirac_consensus"
    gamma: Weight = 1.0

    def field(self, point: Point) -> Point:
        """v − γ·∇(½·(θ² + ψ²)·f′(ψθ)²)."""
        theta, psi = point
        pull = slope(psi * theta)
        shared = (theta**2 + psi**2) * pull * curvature(psi * theta)
        return np.stack([
            -psi * pull - self.gamma * (theta * pull**2 + psi * shared),
            theta * pull - self.gamma * (psi * pull**2 + theta * shared),
        ])  # fmt: skip


OwnGradient = Annotated[
    float,
    Knob(
        label="η", low=0.0, high=2.0, step=0.05, essential=True,
        help="Weight of D's squared gradient in the loss of G; 0 is none.",
    ),
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class QuadraticGAN(BaseGame):
    """Uniform data, quadratic D, minimax loss: the densities overlap, and the game settles by itself.

    Data and z are U[−1, 1], G(z) = θz, D(x) = ψx² (Nagarajan & Kolter 2017, arXiv:1706.04156, figure 1). The
    regularizer η·(∂V/∂ψ)² on G is that of their section 4. Expectations are exact, by Gauss-Legendre quadrature.
    """

    kind: Literal["quadratic_gan"] = "quadratic_gan"
    equilibria: ClassVar[tuple[tuple[float, float], ...]] = ((1.0, 0.0), (-1.0, 0.0))
    regularizer: OwnGradient = 0.0

    def field(self, point: Point) -> Point:
        """(−∂V/∂θ − η·∂(∂V/∂ψ)²/∂θ, ∂V/∂ψ), with V = E f(ψx²) + E f(−ψθ²z²)."""
        theta, psi = point
        square = UNIFORM_NODES**2
        fake_score = -(psi * theta**2)[..., None] * square
        fake_pull = (slope(fake_score) * square) @ UNIFORM_WEIGHTS
        bend = (curvature(fake_score) * square**2) @ UNIFORM_WEIGHTS
        by_psi = (slope(psi[..., None] * square) * square) @ UNIFORM_WEIGHTS - theta**2 * fake_pull
        mixed = -2 * theta * fake_pull + 2 * psi * theta**3 * bend
        return np.stack([2 * psi * theta * fake_pull - 2 * self.regularizer * by_psi * mixed, by_psi])


@dataclass(frozen=True, kw_only=True)
class QuadraticWGAN(BaseGame):
    """Uniform data, quadratic D, Wasserstein loss: the same game as `quadratic_gan`, but it goes round for ever.

    V = ψ·(1 − θ²)/3 (Nagarajan & Kolter 2017, arXiv:1706.04156), with the regularizer η·(∂V/∂ψ)² on G of their
    section 4.
    """

    kind: Literal["quadratic_wgan"] = "quadratic_wgan"
    conserved_label: ClassVar[str] = "ψ² + θ²/2 − ln |θ|"
    equilibria: ClassVar[tuple[tuple[float, float], ...]] = ((1.0, 0.0), (-1.0, 0.0))
    regularizer: OwnGradient = 0.0

    def field(self, point: Point) -> Point:
        """(2ψθ/3 + 4ηθ·(1 − θ²)/9, (1 − θ²)/3)."""
        theta, psi = point
        by_psi = (1 - theta**2) / 3
        return np.stack([2 * psi * theta / 3 + 4 * self.regularizer * theta * by_psi / 3, by_psi])

    def conserved(self, point: Float64) -> Float64 | None:
        """ψ² + θ²/2 − ln |θ| without the regularizer; infinite at θ = 0."""
        if self.regularizer:
            return None
        theta, psi = point
        size = np.abs(theta)
        logarithm = np.log(size, out=np.full_like(size, -np.inf), where=size > 0)
        return np.asarray(psi**2 + 0.5 * theta**2 - logarithm)


def squared_radius(point: Float64) -> Float64:
    """θ² + ψ², `(…,)`."""
    return np.asarray(point[0] ** 2 + point[1] ** 2)


Game = (
    Bilinear
    | DiracMinimax
    | DiracNonSaturating
    | DiracWasserstein
    | DiracWassersteinGP
    | DiracInstanceNoise
    | DiracConsensus
    | QuadraticGAN
    | QuadraticWGAN
)
