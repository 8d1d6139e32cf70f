"""Mixtures of Gaussians."""

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Annotated, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.distributions.base import ConditionalDistribution, DataPosition, Distribution, Labels, invert_cdf
from gan1d.engine.distributions.modes import ModeInterval
from gan1d.engine.distributions.priors import NormalPrior
from gan1d.engine.sampling import normal, uniform
from gan1d.engine.special_functions import normal_cdf
from gan1d.engine.units import Units
from gan1d.knobs import Knob

Width = Annotated[float, Knob(low=0.05, high=5.0, step=0.05, essential=True, drag="width", help="Standard deviation.")]


@dataclass(frozen=True, kw_only=True)
class Mode:
    """One Gaussian of a mixture."""

    position: DataPosition = 0.0
    width: Width = 0.5
    weight: Annotated[
        float,
        Knob(
            low=0.01,
            high=1.0,
            step=0.01,
            essential=True,
            drag="weight",
            help="Share of samples, relative to the other modes.",
        ),
    ] = 0.5


@dataclass(frozen=True, kw_only=True)
class GaussianMixture(Distribution):
    """Gaussian mixture: one or more bell curves, each with its own position, width and weight."""

    kind: Literal["gaussian_mixture"] = "gaussian_mixture"
    # Gaussian tails are short, and a rare mode far out has to be seen.
    has_tails = False
    modes: Annotated[
        tuple[Mode, ...], Knob(label="modes", low=1, high=8, essential=True, help="The bell curves of the target.")
    ] = (Mode(position=-2.0), Mode(position=2.0))

    def in_units(self, units: Units) -> Self:
        """The distribution of u = (x − location)/scale."""
        modes = (
            replace(mode, position=units.standardize(mode.position), width=mode.width / units.scale)
            for mode in self.modes
        )
        return replace(self, modes=tuple(modes))

    def _parameters(self) -> tuple[Float64, Float64, Float64]:
        """Positions, widths and weights (summing to 1), each `(modes, 1)`."""
        table = np.array([(mode.position, mode.width, mode.weight) for mode in self.modes], np.float64)
        position, width, weight = (column[:, None] for column in table.T)
        return position, width, weight / weight.sum()

    def sample(self, rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64) -> Array:
        """`count` random samples, `(count,)`: a mode by its weight, then a Gaussian."""
        return self.labelled_samples(rng, count, dtype)[0]

    def labelled_samples(
        self, rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64
    ) -> tuple[Array, Labels]:
        """The samples that `sample` returns and the index in `modes` of each, both `(count,)`."""
        position, width, weight = (column.ravel() for column in self._parameters())
        u, chosen = uniform(rng, count, dtype), np.zeros(count, np.int8)
        # With at most 8 modes, comparing with each bound is many times faster than a binary search.
        for below in np.cumsum(weight)[:-1].astype(dtype):
            chosen += (u >= below).view(np.int8)
        draws = normal(rng, count, dtype)
        draws *= width.astype(dtype).take(chosen)
        draws += position.astype(dtype).take(chosen)
        return draws, chosen.astype(np.intp)

    def labelled_training_samples(self, rng: np.random.Generator, count: int) -> tuple[Float64, Labels]:
        """The samples that `training_samples` returns and the index in `modes` of each, both `(count,)`."""
        samples, labels = self.labelled_samples(rng, count)
        return np.asarray(samples, np.float64), labels

    def classes(self) -> tuple[ConditionalDistribution, ...]:
        """The Gaussians in the order of `modes`. Where two overlap, a sample alone does not determine its class."""
        return tuple(
            _gaussian_class(mode, float(weight))
            for mode, weight in zip(self.modes, self._parameters()[2][:, 0], strict=True)
        )

    def pdf(self, x: ArrayLike) -> Float64:
        """Density at x, `(n,)` → `(n,)`."""
        position, width, weight = self._parameters()
        scaled = (np.asarray(x, np.float64) - position) / width
        return np.asarray((weight / width * np.exp(-0.5 * scaled**2)).sum(axis=0) / math.sqrt(2 * math.pi))

    def cdf(self, x: ArrayLike) -> Float64:
        """Probability below x, `(n,)` → `(n,)`."""
        position, width, weight = self._parameters()
        scaled = (np.asarray(x, np.float64) - position) / width
        return np.asarray((weight * normal_cdf(scaled)).sum(axis=0))

    def quantile(self, u: ArrayLike) -> Float64:
        """Inverse of `cdf` for 0 < u < 1, `(n,)` → `(n,)`; to 1e-14 in u."""
        low, high = self.support()
        # 40 widths beyond the outermost Gaussian, the remaining mass is below the smallest double.
        margin = 40 * max(mode.width for mode in self.modes)
        table = np.concatenate([[low - margin], np.linspace(low, high, 1024), [high + margin]])
        return invert_cdf(self.cdf, self.pdf, u, table)

    def support(self) -> tuple[float, float]:
        """Interval that holds all but 1e-4 of the mass: four widths beyond the outermost modes."""
        return (
            min(mode.position - 4 * mode.width for mode in self.modes),
            max(mode.position + 4 * mode.width for mode in self.modes),
        )

    def mode_intervals(self) -> tuple[ModeInterval, ...]:
        """Modes from left to right, separated where the density between them is lowest.

        Gaussians at the same position count as one mode.
        """
        centres = sorted({mode.position for mode in self.modes})
        cuts = [-math.inf]
        for left, right in pairwise(centres):
            between = np.linspace(left, right, 513)
            density = self.pdf(between)
            # Between distant modes the density underflows to 0: take the middle of the zeros.
            lowest = int(np.mean(np.flatnonzero(density == density.min())))
            # Gaussians that overlap to one peak have no valley: take the midpoint.
            cuts.append(float(between[lowest if 0 < lowest < 512 else 256]))
        cuts.append(math.inf)
        return tuple(
            ModeInterval(centre=centre, low=low, high=high)
            for centre, low, high in zip(centres, cuts[:-1], cuts[1:], strict=True)
        )


def _gaussian_class(mode: Mode, weight: float) -> ConditionalDistribution:
    """One Gaussian of the mixture as a class."""
    return ConditionalDistribution(
        centre=mode.position,
        weight=weight,
        cdf=lambda x: normal_cdf((np.asarray(x, np.float64) - mode.position) / mode.width),
        quantile=lambda u: mode.position + mode.width * NormalPrior().quantile(u),
    )
