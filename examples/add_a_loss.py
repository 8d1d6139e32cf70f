"""Add a loss to those of gan1d, and train with it; CONTRIBUTING.md explains the class."""

import sys
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import ArrayLike
from pydantic import Field

import gan1d
from gan1d.engine.arrays import Array, Float64
from gan1d.engine.metrics.optimal_discriminator import RealFakeMasses
from gan1d.engine.objectives.base_loss import REAL_FAKE_SIGNS, BaseLoss
from gan1d.engine.objectives.losses import Loss
from gan1d.engine.objectives.readout import ProbabilityReadout
from gan1d.engine.programs import Program, constant


@dataclass(frozen=True, kw_only=True)
class Hellinger(BaseLoss):
    """Hellinger: D pays exponentially for its mistakes, and measures the Hellinger distance.

    Nowozin et al. 2016, arXiv:1606.00709, table 6: L_D = E e^−s(x) + E e^s(G(z)). The score s is half of the log-odds.
    """

    kind: Literal["hellinger"] = "hellinger"
    readout = ProbabilityReadout(loss_axis=(0.0, 3.0), logit_scale=2.0)

    def real_cost(self, scores: ArrayLike) -> Array:
        return np.exp(-np.asarray(scores))

    def fake_cost(self, scores: ArrayLike) -> Array:
        return np.exp(np.asarray(scores))

    def generator_cost(self, scores: ArrayLike) -> Array:
        return np.exp(-np.asarray(scores))

    def discriminator_gradient(self, scores: Array, out: Array) -> Program:
        sign = np.broadcast_to(-REAL_FAKE_SIGNS, scores.shape).astype(scores.dtype)
        share = sign / scores.shape[-1]
        return [(np.multiply, (scores, sign, out)), (np.exp, (out, out)), (np.multiply, (out, share, out))]

    def discriminator_curvature(self, scores: Array, out: Array) -> Program:
        return [*self.discriminator_gradient(scores, out), (np.abs, (out, out))]

    def generator_gradient(self, scores: Array, out: Array) -> Program:
        share = constant(-1.0 / scores.shape[-1], out.dtype)
        return [(np.negative, (scores, out)), (np.exp, (out, out)), (np.multiply, (out, share, out))]

    def optimal_outputs(self, pair: RealFakeMasses) -> Float64:
        return pair.mixture(1.0, 0.0)

    def optimal_loss(self, pair: RealFakeMasses) -> float:
        return 2.0 * float(np.sqrt(pair.real * pair.fake).sum())


class Config(gan1d.Config):
    """The settings of gan1d with one more loss to choose from."""

    loss: Annotated[Loss | Hellinger, Field(discriminator="kind")] = Hellinger()


def main(steps: int = 3000) -> None:
    trainer = gan1d.Trainer(Config())
    print("  step   loss_D   loss_G       W1")
    for _ in range(5):
        trainer.run(max(1, steps // 5))
        frame = gan1d.observe(trainer)
        print(f"{frame.step:6d}  {frame.loss_d:7.4f}  {frame.loss_g:7.4f}  {frame.wasserstein1:7.4f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
