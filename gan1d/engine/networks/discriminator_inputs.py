"""Inputs of the discriminator: one sample, several samples at once, or one sample with its batch's deviation.

If all fakes lie on one mode, each of them looks real by itself; only several fakes together show the mode collapse.
A view defines how many samples D judges together, as one item (`samples`), and how many inputs D has for them
(`rows`).

The inputs of D are `(rows + 1, items)`, one column for each item. An item's samples fill its first rows, so the
samples of all items, `(samples · items,)`, are the first rows one after the other. The rows after them are derived
from the samples. For a stack of networks, all arrays have a leading axis.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np

from gan1d.engine.arrays import Array
from gan1d.engine.programs import Program, run
from gan1d.knobs import Knob


class SamplesAlone:
    """A view without derived rows, whose density is that of the samples."""

    has_optimum = True
    """Whether D's inputs have a density, and so an optimal D in closed form."""

    def fill_derived_rows(self, rows: Array) -> Program:
        """Empty program: this view has no derived rows."""
        return []

    def pull_back_derived_rows(self, rows: Array, gradient: Array) -> Program:
        """Empty program: this view has no derived rows."""
        return []


@dataclass(frozen=True, kw_only=True)
class OneSample(SamplesAlone):
    """One sample: D judges every sample by itself."""

    kind: Literal["one_sample"] = "one_sample"
    samples = 1
    rows = 1


@dataclass(frozen=True, kw_only=True)
class Pack(SamplesAlone):
    """Pack (PacGAN): D judges several samples at once, all real or all fake, so that fakes which are too much
    alike stand out. D's curve is drawn for packs of equal samples.

    Lin et al. 2018, arXiv:1712.04086.
    """

    kind: Literal["pack"] = "pack"
    size: Annotated[
        int,
        Knob(label="pack size", low=2, high=8, effect="network", essential=True, help="Samples that D judges at once."),
    ] = 2

    @property
    def samples(self) -> int:
        """Number of samples in one item."""
        return self.size

    @property
    def rows(self) -> int:
        """Number of D's inputs: one for each sample."""
        return self.size


@dataclass(frozen=True, kw_only=True)
class BatchDeviation:
    """Batch deviation: D also gets the standard deviation of each sample's batch, so that fakes which are too much
    alike stand out. D's curve is drawn for the deviation of the present fakes.

    Karras et al. 2018, arXiv:1710.10196, section 3, with the samples themselves as features.
    """

    kind: Literal["batch_deviation"] = "batch_deviation"
    samples = 1
    rows = 2
    has_optimum = False

    eps = 1e-8
    """Added to the variance, so that its square root is differentiable even if all samples are equal."""

    def fill_derived_rows(self, rows: Array) -> Program:
        """Write the standard deviation of the first row, over the batch, to the second row of `(2, items)`."""
        return [(self._fill_deviation, (rows,))]

    def _fill_deviation(self, rows: Array) -> None:
        rows[..., 1, :] = np.sqrt(rows[..., 0, :].var(axis=-1, keepdims=True) + self.eps)

    def pull_back_derived_rows(self, rows: Array, gradient: Array) -> Program:
        """Add to the gradient of the samples, `gradient[0]`, their effect through the second row of all items.

        With s² = mean (x − x̄)², ds/dxᵢ = (xᵢ − x̄) / (items·s).
        """
        return [(self._pull_back_deviation, (rows, gradient))]

    def _pull_back_deviation(self, rows: Array, gradient: Array) -> None:
        samples, deviation = rows[..., 0, :], rows[..., 1, :1]
        share = gradient[..., 1, :].sum(axis=-1, keepdims=True) / (samples.shape[-1] * deviation)
        gradient[..., 0, :] += share * (samples - samples.mean(axis=-1, keepdims=True))


DiscriminatorView = OneSample | Pack | BatchDeviation


def evaluation_items(view: DiscriminatorView, samples: Array) -> Array:
    """Inputs of D for evaluation, `(…, n)` → `(…, rows, n)`: item i holds sample i and, in a pack, the samples that
    follow it."""
    rows = np.empty((*samples.shape[:-1], view.rows, samples.shape[-1]))
    rows[..., 0, :] = samples
    for row in range(1, view.samples):
        rows[..., row, :] = np.roll(samples, -row, axis=-1)
    run(view.fill_derived_rows(rows))
    return rows
