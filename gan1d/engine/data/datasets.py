"""What D is shown as real: fresh draws from the target, or a fixed number of points, drawn once, so that a generator
can learn them by heart."""

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.data.batches import Draw
from gan1d.engine.data.conditioning import class_count, with_labels
from gan1d.engine.distributions.base import ConditionalDistribution, Labels
from gan1d.engine.protocols import EvaluationSettings

STREAM = 1000
"""Of a seed's random streams the one that training points come from: far beyond those that a trainer numbers."""


class TrainingSet:
    """A finite data set.

    Args:
        points: `(n,)`.
        labels: Their classes, `(n,)`.
    """

    def __init__(self, points: Float64, labels: Labels) -> None:
        self.points, self.labels = points, labels

    def sample(self, rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64) -> Array:
        """`count` of the points, `(count,)`, each as likely as any other every time."""
        return self.labelled_samples(rng, count, dtype)[0]

    def labelled_samples(
        self, rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64
    ) -> tuple[Array, Labels]:
        """The same with their classes, both `(count,)`."""
        chosen = rng.integers(0, len(self.points), count)
        return self.points.astype(dtype).take(chosen), self.labels.take(chosen)


def training_set(config: EvaluationSettings) -> TrainingSet | None:
    """The fixed points of a run, or None if every batch is fresh.

    They follow from the settings alone, so nobody has to keep them: the seed's own stream, the target and the number.
    """
    if config.training_points == 0:
        return None
    stream = np.random.SeedSequence(config.seed, spawn_key=(STREAM,))
    return TrainingSet(*config.target.labelled_training_samples(np.random.default_rng(stream), config.training_points))


def real_batches(config: EvaluationSettings) -> Draw:
    """Where the batches of real samples come from: the fixed points, or the target itself; with labels, if they are
    to be told."""
    source = training_set(config) or config.target
    return with_labels(source.labelled_samples, class_count(config)) if config.conditional else source.sample


def target_classes(config: EvaluationSettings) -> tuple[ConditionalDistribution, ...]:
    """What labels tell apart, or the target as a single class if none are told."""
    target = config.target
    if config.conditional:
        return target.classes()
    return (ConditionalDistribution(centre=0.0, weight=1.0, cdf=target.cdf, quantile=target.quantile),)


def training_classes(config: EvaluationSettings) -> tuple[ConditionalDistribution, ...]:
    """The same of what D is shown as real, with the weights by which labels are drawn: of fixed points, if any.

    A class without points has weight 0, and the distribution that it would be drawn from.
    """
    told, fixed = target_classes(config), training_set(config)
    if fixed is None:
        return told
    labels = fixed.labels if config.conditional else np.zeros_like(fixed.labels)
    return tuple(_as_class(each, fixed.points[labels == label], len(labels)) for label, each in enumerate(told))


def _as_class(told: ConditionalDistribution, points: Float64, total: int) -> ConditionalDistribution:
    """Some points as a distribution, an atom each."""
    if len(points) == 0:
        return ConditionalDistribution(centre=told.centre, weight=0.0, cdf=told.cdf, quantile=told.quantile)
    rising, last = np.sort(points), len(points) - 1

    def cdf(x: ArrayLike) -> Float64:
        return np.asarray(rising.searchsorted(x, side="right") / len(rising))

    def quantile(u: ArrayLike) -> Float64:
        place = np.floor(np.asarray(u, np.float64) * len(rising)).astype(np.intp)
        return rising[np.minimum(place, last)]

    return ConditionalDistribution(centre=told.centre, weight=len(points) / total, cdf=cdf, quantile=quantile)
