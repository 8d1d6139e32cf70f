"""Games and updates as the sources compute them, where that is otherwise than the definitions of the engine."""

import math
from dataclasses import dataclass

import numpy as np

from gan1d.engine.games.updates import ExtragradientUpdate
from gan1d.engine.games.vector_fields import BaseGame, DiracConsensus, DiracInstanceNoise, Point, curvature, slope


@dataclass(frozen=True, kw_only=True)
class NotebookConsensus(DiracConsensus):
    """Consensus as in the notebook of Mescheder et al., where the second term of the gradient has a factor ½."""

    def field(self, point: Point) -> Point:
        """v − γ·∇(½‖v‖²), with half of the second term."""
        theta, psi = point
        pull = slope(psi * theta)
        shared = 0.5 * (theta**2 + psi**2) * pull * curvature(psi * theta)
        return np.stack([
            -psi * pull - self.gamma * (theta * pull**2 + psi * shared),
            theta * pull - self.gamma * (psi * pull**2 + theta * shared),
        ])  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class UnprojectedExtragradient(ExtragradientUpdate):
    """Extragradient as in the notebook of Gidel et al., where the look ahead is not clipped."""

    def probe(self, game: BaseGame, values: Point) -> Point:
        """The point one step ahead, wherever it is."""
        return np.asarray(values[0] + self.learning_rate * game.field(values[0]))


@dataclass(frozen=True, kw_only=True)
class LinearWGAN(BaseGame):
    """Linear WGAN of Daskalakis et al.: D's score is w·x in the plane, G moves a normal distribution to θ.

    The values of a point are `(2, 2)`: two coordinates of θ, and two of w.
    """

    mean: tuple[float, float] = (3.0, 4.0)
    clip: float = math.inf
    penalty: float = 0.0

    def field(self, point: Point) -> Point:
        """(w, v − θ − 2λ·w·(1 − 1/‖w‖))."""
        theta, w = point
        excess = 1 - 1 / np.linalg.norm(w)
        return np.stack([w, np.array(self.mean) - theta - 2 * self.penalty * w * excess])

    def project(self, point: Point) -> Point:
        """The point with each coordinate of w clipped."""
        return np.stack([point[0], np.clip(point[1], -self.clip, self.clip)])


class SampledInstanceNoise(DiracInstanceNoise):
    """Instance noise by 1,000 draws in each step, as in the notebook of Mescheder et al."""

    def __init__(self, seed: int) -> None:
        super().__init__(deviation=0.7)
        object.__setattr__(self, "rng", np.random.default_rng(seed))

    def field(self, point: Point) -> Point:
        """The field, in the mean over the draws."""
        theta, psi = point
        rng: np.random.Generator = self.rng  # type: ignore[attr-defined]
        fake, real = theta + 0.7 * rng.standard_normal(1000), 0.7 * rng.standard_normal(1000)
        pull = slope(psi * fake)
        return np.array([-psi * pull.mean(), (fake * pull - real * slope(-psi * real)).mean()])
