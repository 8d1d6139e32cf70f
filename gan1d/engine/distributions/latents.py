"""The latents: priors of the noise z, or a source, a second distribution whose samples G translates to the target."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.distributions.base import RealFunction
from gan1d.engine.distributions.gaussian_mixture import GaussianMixture, Mode
from gan1d.engine.distributions.priors import BatchDraw, NormalPrior, UniformPrior, korobov_lattice
from gan1d.engine.distributions.shown_axis import shown_axis
from gan1d.engine.distributions.targets import Exponential, Laplace, StudentT, Target, Triangular, UniformTarget
from gan1d.engine.units import Units
from gan1d.knobs import Knob

SourceDistribution = GaussianMixture | UniformTarget | Laplace | StudentT | Triangular | Exponential
"""The targets with a closed form; a drawn density and own numbers are targets only."""


ONE_BELL = GaussianMixture(modes=(Mode(position=0.0, width=1.0),))
"""The default source: a standard normal distribution."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """Source: samples of a second distribution in place of noise. G translates them to the target, and a second pair of
    networks translates back: CycleGAN.

    Zhu et al. 2017, arXiv:1703.10593. G: X → Y translates the source, F: Y → X the target, and each map has a
    discriminator of its own. `objectives.cycle` has the losses that both maps share. Both distributions have the units
    of the target's axis.
    """

    # With a source come two more networks.
    kind: Annotated[Literal["source"], Knob(effect="restart")] = "source"
    distribution: Annotated[SourceDistribution, Knob(label="source", help="The distribution that G translates.")] = (
        ONE_BELL
    )
    cycle_weight: Annotated[
        float,
        Knob(
            label="λ",
            low=0.0,
            high=20.0,
            step=0.1,
            essential=True,
            help="Weight of the cycle loss, the mean distance of a sample from its translation there and back; at 0 "
            "each map learns for itself.",
        ),
    ] = 1.0
    identity_weight: Annotated[
        float,
        Knob(
            label="identity",
            low=0.0,
            high=20.0,
            step=0.1,
            essential=True,
            help="Weight of the identity loss, the mean distance of G(y) from y over the target, and of F(x) from x "
            "over the source: a map should change no sample that needs no translation.",
        ),
    ] = 0.0
    dimension = 1

    @property
    def data(self) -> tuple[Target, ...]:
        """The distributions of data that z is drawn from."""
        return (self.distribution,)

    @cached_property
    def span(self) -> tuple[float, float]:
        """Range of the z axis: that of the data axis if the source were the target."""
        return shown_axis(self.distribution)

    def in_units(self, units: Units) -> Self:
        """The source of u = (z − location)/scale."""
        standardized = replace(self, distribution=self.distribution.in_units(units))
        low, high = map(units.standardize, self.span)
        vars(standardized)["span"] = (low, high)  # the ends are round numbers in x, and not in u
        return standardized

    def draw(self, rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64) -> Array:
        """`count` random z, `(1, count)`."""
        return self.distribution.sample(rng, count, dtype)[None]

    def draw_for(self, batch: int) -> BatchDraw:
        """The draw of many batches; see `Prior.draw_for`."""
        return self.draw

    def lattice(self, count: int) -> Float64:
        """`count` fixed z, the quantiles at (i + ½)/count, `(1, count)`."""
        return self.quantile(korobov_lattice(1, count))

    def pdf(self, z: ArrayLike) -> Float64:
        """Density at z, same shape."""
        return in_one_row(self.distribution.pdf, z)

    def cdf(self, z: ArrayLike) -> Float64:
        """Probability below z, same shape."""
        return in_one_row(self.distribution.cdf, z)

    def quantile(self, u: ArrayLike) -> Float64:
        """Inverse of `cdf` for 0 < u < 1, same shape."""
        return in_one_row(self.distribution.quantile, u)


def in_one_row(function: RealFunction, values: ArrayLike) -> Float64:
    """A function of one row, `(n,)` → `(n,)`, at values of any shape."""
    points = np.asarray(values, np.float64)
    return function(points.ravel()).reshape(points.shape)


Latent = NormalPrior | UniformPrior | Source
