"""Labels of a conditional GAN: both networks get the mode of a sample as an input, so that G can make a chosen mode.

Mirza & Osindero 2014, arXiv:1411.1784: G(z | c) and D(x | c) get the label c beside their input, here one-hot, as one
row for each class. In D's update, fakes have the labels of the reals in the same batch. In G's update, labels are drawn
as often as they occur in the training data.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.data.batches import AnyBatchStream, Draw
from gan1d.engine.distributions.base import Labels
from gan1d.engine.networks.discriminator_inputs import DiscriminatorView, evaluation_items
from gan1d.engine.objectives.codes import ContinuousCode
from gan1d.engine.programs import Program
from gan1d.engine.protocols import EvaluationSettings
from gan1d.engine.sampling import uniform

LabelledDraw = Callable[[np.random.Generator, int, DTypeLike], tuple[Array, Labels]]
"""(rng, count, dtype) → samples and their classes, both `(count,)`."""


@dataclass(frozen=True, kw_only=True)
class GeneratorInputs:
    """The inputs of G: the coordinates of z, a row for each class, and the rows of the code."""

    dimension: int = 1
    classes: int = 0
    code_rows: int = 0

    @property
    def rows(self) -> int:
        """Number of inputs of G."""
        return self.dimension + self.classes + self.code_rows


@dataclass(frozen=True, kw_only=True)
class DiscriminatorInputs:
    """The inputs of D: an item of its view, and a row for each class of each sample of the item."""

    view: DiscriminatorView
    classes: int = 0

    @property
    def rows(self) -> int:
        """Number of inputs of D."""
        return self.view.rows + self.view.samples * self.classes


def class_count(config: EvaluationSettings) -> int:
    """Number of classes, 0 without labels."""
    return len(config.target.classes()) if config.conditional else 0


def inputs_of_generator(config: EvaluationSettings) -> GeneratorInputs:
    """The inputs of G under these settings."""
    return GeneratorInputs(dimension=config.latent.dimension, classes=class_count(config), code_rows=config.code.rows)


def conditions_of(config: EvaluationSettings) -> Float64:
    """The inputs of G beside z under which G is evaluated one after the other, `(rows, n)`: each label, or each value
    of a categorical code; `(0, 1)` without. A continuous code counts as one more coordinate of z."""
    if config.conditional:
        return np.eye(class_count(config))
    return np.empty((0, 1)) if isinstance(config.code, ContinuousCode) else config.code.nodes()


def inputs_of_discriminator(config: EvaluationSettings) -> DiscriminatorInputs:
    """The inputs of D under these settings."""
    return DiscriminatorInputs(view=config.discriminator.view, classes=class_count(config))


def one_hot(labels: Labels, classes: int, dtype: DTypeLike = np.float64) -> Array:
    """One-hot labels, `(classes, count)`: 1 in the row of a sample's class, else 0."""
    rows = np.zeros((classes, len(labels)), dtype)
    if classes:
        rows[labels, np.arange(len(labels))] = 1.0
    return rows


def with_labels(draw: LabelledDraw, classes: int) -> Draw:
    """A draw of samples with their one-hot labels below them, `(1 + classes, count)`."""

    def drawn(rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64) -> Array:
        samples, labels = draw(rng, count, dtype)
        return np.concatenate([samples[None], one_hot(labels, classes, dtype)])

    return drawn


def label_sampler(weights: Sequence[float]) -> Draw:
    """A draw of one-hot labels alone, `(classes, count)`, in which classes occur in proportion to their weights."""
    ends = np.cumsum(weights)[:-1] / np.sum(weights)

    def drawn(rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64) -> Array:
        return one_hot(ends.searchsorted(uniform(rng, count), side="right"), len(ends) + 1, dtype)

    return drawn


def balanced_labels(weights: Sequence[float], count: int) -> Labels:
    """`count` fixed labels, `(count,)`: among the first n, every class occurs n times its share, to within one."""
    share, so_far = np.asarray(weights, np.float64) / np.sum(weights), np.zeros(len(weights))
    labels = np.empty(count, np.intp)
    for index in range(count):
        labels[index] = chosen = int(np.argmax(share * (index + 1) - so_far))
        so_far[chosen] += 1
    return labels


def write_labels(view: DiscriminatorView, labels: Array, rows: Array) -> Program:
    """Write labels, `(…, classes, samples · items)`, to the last rows of D's inputs, `(…, rows, items)`."""
    shape = (*labels.shape[:-2], labels.shape[-2] * view.samples, labels.shape[-1] // view.samples)
    return [(np.copyto, (rows[..., view.rows :, :], labels.reshape(shape)))]


def real_batch_program(stream: AnyBatchStream, samples: Array, classes: int) -> tuple[Program, Array]:
    """The program that fills `samples`, `(…, n)`, with a batch of reals, and the array that then holds their labels,
    `(…, classes, n)`."""
    drawn = np.empty((*samples.shape[:-1], 1 + classes, samples.shape[-1]), samples.dtype)
    labels = drawn[..., 1:, :]
    if classes == 0:
        return [(stream.fill, (samples,))], labels
    return [(stream.fill, (drawn,)), (np.copyto, (samples, drawn[..., 0, :]))], labels


def evaluation_items_with_labels(view: DiscriminatorView, samples: Array, labels: Array) -> Array:
    """D's inputs, `(…, rows, n)`, to evaluate samples, `(…, n)`, with one-hot labels, `(classes, n)`. A pack consists
    of a sample and those that follow it."""
    items = evaluation_items(view, samples)
    if len(labels) == 0:
        return items
    rows = np.array([np.roll(row, -shift) for row in labels for shift in range(view.samples)])
    return np.concatenate([items, np.broadcast_to(rows, (*samples.shape[:-1], *rows.shape))], axis=-2)


def repeat_for_each_class(inputs: Float64, classes: int) -> Float64:
    """Inputs, `(rows, n)`, repeated with the label of each class: `(rows + classes, classes · n)`."""
    return inputs if classes == 0 else repeat_for_each(inputs, np.eye(classes))


def repeat_for_each(inputs: Float64, conditions: Float64) -> Float64:
    """Inputs, `(rows, n)`, repeated with each of the conditions, `(condition rows, m)`, below them:
    `(rows + condition rows, m · n)`."""
    return np.concatenate([np.tile(inputs, conditions.shape[1]), np.repeat(conditions, inputs.shape[1], axis=1)])
