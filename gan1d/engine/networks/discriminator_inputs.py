"""What the discriminator is given to judge: one sample, several at once, or one with the spread of its batch.

A generator that puts everything on one mode makes samples that are each beyond reproach; only several of them side
by side give it away. A view says how many samples make one item (`samples`), how many inputs D has (`rows`), and
how gradients come back.

Items lie in the columns of D's inputs, `(rows + 1, items)`. The samples of an item fill its first rows, so that the
samples of all items, `(samples · items,)`, are the first rows one after the other. Of a stack of networks, all of it
has a leading axis.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np

from gan1d.engine.arrays import Array
from gan1d.engine.programs import Program, run
from gan1d.knobs import Knob


@dataclass(frozen=True, kw_only=True)
class OneSample:
    """One sample: D judges every sample by itself."""

    kind: Literal["one_sample"] = "one_sample"
    samples = 1
    rows = 1
    has_optimum = True
    """Whether there is a density of what it gives, and so a best D against it."""

    def fill_derived_rows(self, rows: Array) -> Program:
        """Nothing is left to fill."""
        return []

    def pull_back_derived_rows(self, rows: Array, gradient: Array) -> Program:
        """The gradient of a row is that of its samples."""
        return []


@dataclass(frozen=True, kw_only=True)
class Pack:
    """Pack (PacGAN): D judges several samples at once, all real or all fake, so that sameness gives fakes away. Its
    curve is drawn for packs of equal samples.

    Lin et al. 2018, arXiv:1712.04086.
    """

    kind: Literal["pack"] = "pack"
    size: Annotated[
        int,
        Knob(label="pack size", low=2, high=8, effect="network", essential=True, help="Samples that D judges at once."),
    ] = 2
    has_optimum = True

    @property
    def samples(self) -> int:
        """Samples of one item."""
        return self.size

    @property
    def rows(self) -> int:
        """Inputs of D: one for each sample."""
        return self.size

    def fill_derived_rows(self, rows: Array) -> Program:
        """Nothing is left to fill."""
        return []

    def pull_back_derived_rows(self, rows: Array, gradient: Array) -> Program:
        """The gradient of a row is that of its samples."""
        return []


@dataclass(frozen=True, kw_only=True)
class BatchDeviation:
    """Batch deviation: beside each sample D is told how far its batch is spread, so that sameness gives fakes away. Its
    curve is drawn for the spread of today's fakes.

    Karras et al. 2018, arXiv:1710.10196, section 3, with the samples themselves as features.
    """

    kind: Literal["batch_deviation"] = "batch_deviation"
    samples = 1
    rows = 2
    has_optimum = False

    floor = 1e-8
    """Added to the variance, so that its root has a slope even where all samples are the same."""

    def fill_derived_rows(self, rows: Array) -> Program:
        """Fill the second row with the standard deviation of the first: `(2, items)`, all of one batch."""
        return [(self._fill, (rows,))]

    def _fill(self, rows: Array) -> None:
        rows[..., 1, :] = np.sqrt(rows[..., 0, :].var(axis=-1, keepdims=True) + self.floor)

    def pull_back_derived_rows(self, rows: Array, gradient: Array) -> Program:
        """Add to the gradient of the samples, `gradient[0]`, what they do to everybody's second row.

        With s² = mean (x − x̄)², ds/dxᵢ = (xᵢ − x̄) / (items·s).
        """
        return [(self._pull, (rows, gradient))]

    def _pull(self, rows: Array, gradient: Array) -> None:
        samples, deviation = rows[..., 0, :], rows[..., 1, :1]
        share = gradient[..., 1, :].sum(axis=-1, keepdims=True) / (samples.shape[-1] * deviation)
        gradient[..., 0, :] += share * (samples - samples.mean(axis=-1, keepdims=True))


DiscriminatorView = OneSample | Pack | BatchDeviation


def evaluation_items(view: DiscriminatorView, samples: Array) -> Array:
    """Samples as items to be looked at, `(rows, n)`: each with its neighbours as the others of its pack."""
    rows = np.empty((view.rows, len(samples)))
    for row in range(view.samples):
        rows[row] = np.roll(samples, -row)
    run(view.fill_derived_rows(rows))
    return rows
