"""Labels: which mode a sample is of, told to both networks, so that G can be asked for a mode (a conditional GAN).

Mirza & Osindero 2014, arXiv:1411.1784: G(z | c) and D(x | c) get the label c beside their input, here as one row for
each class, 1 for the sample's own and 0 for the others. D judges fakes under the labels of the batch of reals that it
judges with them; G's turn draws labels of its own, as often as the data have them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.data.batches import Draw
from gan1d.engine.distributions.base import Labels
from gan1d.engine.networks.discriminator_inputs import DiscriminatorView, evaluation_items
from gan1d.engine.programs import Program
from gan1d.engine.protocols import EvaluationSettings
from gan1d.engine.sampling import uniform

LabelledDraw = Callable[[np.random.Generator, int, DTypeLike], tuple[Array, Labels]]
"""(rng, count, dtype) → samples and their classes, both `(count,)`."""


@dataclass(frozen=True, kw_only=True)
class GeneratorInputs:
    """What G is given: the coordinates of z, and a row for each class."""

    dimension: int = 1
    classes: int = 0

    @property
    def rows(self) -> int:
        """Inputs of G."""
        return self.dimension + self.classes


@dataclass(frozen=True, kw_only=True)
class DiscriminatorInputs:
    """What D is given: an item of its view, and a row for each class of each of its samples."""

    view: DiscriminatorView
    classes: int = 0

    @property
    def rows(self) -> int:
        """Inputs of D."""
        return self.view.rows + self.view.samples * self.classes


def class_count(config: EvaluationSettings) -> int:
    """How many classes the networks are told apart, 0 if no labels are given."""
    return len(config.target.classes()) if config.conditional else 0


def inputs_of_generator(config: EvaluationSettings) -> GeneratorInputs:
    """What G of these settings is given."""
    return GeneratorInputs(dimension=config.latent.dimension, classes=class_count(config))


def inputs_of_discriminator(config: EvaluationSettings) -> DiscriminatorInputs:
    """What D of these settings is given."""
    return DiscriminatorInputs(view=config.discriminator.view, classes=class_count(config))


def one_hot(labels: Labels, classes: int, dtype: DTypeLike = np.float64) -> Array:
    """A row for each class, `(classes, count)`: 1 where the label is that class, else 0; no rows if none are told."""
    rows = np.zeros((classes, len(labels)), dtype)
    if classes:
        rows[labels, np.arange(len(labels))] = 1.0
    return rows


def with_labels(draw: LabelledDraw, classes: int) -> Draw:
    """Samples with their labels below them, `(1 + classes, count)`."""

    def drawn(rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64) -> Array:
        samples, labels = draw(rng, count, dtype)
        return np.concatenate([samples[None], one_hot(labels, classes, dtype)])

    return drawn


def label_sampler(weights: Sequence[float]) -> Draw:
    """Labels alone, `(classes, count)`, each class as often as its weight says."""
    ends = np.cumsum(weights)[:-1] / np.sum(weights)

    def drawn(rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64) -> Array:
        return one_hot(ends.searchsorted(uniform(rng, count), side="right"), len(ends) + 1, dtype)

    return drawn


def balanced_labels(weights: Sequence[float], count: int) -> Labels:
    """`count` fixed labels, `(count,)`, in turns: at any place so far each class has had its share to within one."""
    share, given = np.asarray(weights, np.float64) / np.sum(weights), np.zeros(len(weights))
    labels = np.empty(count, np.intp)
    for place in range(count):
        labels[place] = chosen = int(np.argmax(share * (place + 1) - given))
        given[chosen] += 1
    return labels


def write_labels(view: DiscriminatorView, labels: Array, rows: Array) -> Program:
    """Write labels, `(…, classes, samples · items)`, below items, into D's inputs `(…, rows, items)`."""
    shape = (*labels.shape[:-2], labels.shape[-2] * view.samples, labels.shape[-1] // view.samples)
    return [(np.copyto, (rows[..., view.rows :, :], labels.reshape(shape)))]


def evaluation_items_with_labels(view: DiscriminatorView, samples: Array, labels: Array) -> Array:
    """Samples as items to be looked at, `(rows, n)`, with their labels `(classes, n)`: each with its neighbours as the
    others of its pack."""
    told = [np.roll(row, -place) for row in labels for place in range(view.samples)]
    return np.concatenate([evaluation_items(view, samples), np.reshape(told, (-1, len(samples)))])


def repeat_for_each_class(inputs: Float64, classes: int) -> Float64:
    """The same inputs `(rows, n)` under each label, class by class: `(rows + classes, classes · n)`."""
    if classes == 0:
        return inputs
    labels = one_hot(np.repeat(np.arange(classes), inputs.shape[1]), classes)
    return np.concatenate([np.tile(inputs, classes), labels])
