"""The real samples of a run: fresh draws from the target, or a finite set of training samples, drawn once, which the
generator can memorize."""

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.data.batches import Draw
from gan1d.engine.data.conditioning import class_count, with_labels
from gan1d.engine.distributions.base import ConditionalDistribution, Labels
from gan1d.engine.protocols import EvaluationSettings

STREAM = 1000
"""Number of the seed's random stream from which training samples are drawn, far beyond the streams of a trainer."""


class TrainingSet:
    """A finite data set.

    Args:
        samples: The training samples, `(n,)`.
        labels: The class of each sample, `(n,)`.
    """

    def __init__(self, samples: Float64, labels: Labels) -> None:
        self.samples, self.labels = samples, labels

    def sample(self, rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64) -> Array:
        """Draw `count` of the samples, `(count,)`, with replacement."""
        return self.labelled_samples(rng, count, dtype)[0]

    def labelled_samples(
        self, rng: np.random.Generator, count: int, dtype: DTypeLike = np.float64
    ) -> tuple[Array, Labels]:
        """Draw `count` of the samples and their classes, both `(count,)`, with replacement."""
        chosen = rng.integers(0, len(self.samples), count)
        return self.samples.astype(dtype).take(chosen), self.labels.take(chosen)


def training_set(config: EvaluationSettings) -> TrainingSet | None:
    """The training samples of a run, or None if every batch is drawn from the target.

    They depend on the settings alone (seed, target and number), so they need not be saved with a run.
    """
    if config.training_points == 0:
        return None
    stream = np.random.SeedSequence(config.seed, spawn_key=(STREAM,))
    return TrainingSet(*config.target.labelled_training_samples(np.random.default_rng(stream), config.training_points))


def real_batches(config: EvaluationSettings) -> Draw:
    """The draw of real samples, from the training samples or the target; with labels if the run is conditional."""
    source = training_set(config) or config.target
    return with_labels(source.labelled_samples, class_count(config)) if config.conditional else source.sample


def target_classes(config: EvaluationSettings) -> tuple[ConditionalDistribution, ...]:
    """The classes of the target, or the target as a single class in a run without labels."""
    target = config.target
    if config.conditional:
        return target.classes()
    return (ConditionalDistribution(centre=0.0, weight=1.0, cdf=target.cdf, quantile=target.quantile),)


def training_classes(config: EvaluationSettings) -> tuple[ConditionalDistribution, ...]:
    """The classes of the training distribution: the empirical distributions of the training samples, or those of the
    target if every batch is drawn from it. Labels are drawn with the weights of these classes.

    A class without training samples has weight 0 and the distribution of its class of the target.
    """
    classes, fixed = target_classes(config), training_set(config)
    if fixed is None:
        return classes
    labels = fixed.labels if config.conditional else np.zeros_like(fixed.labels)
    return tuple(_empirical(each, fixed.samples[labels == label], len(labels)) for label, each in enumerate(classes))


def _empirical(target: ConditionalDistribution, samples: Float64, total: int) -> ConditionalDistribution:
    """The empirical distribution of the samples of one class, out of `total` samples of all classes."""
    if len(samples) == 0:
        return replace(target, weight=0.0)
    rising, last = np.sort(samples), len(samples) - 1

    def cdf(x: ArrayLike) -> Float64:
        return np.asarray(rising.searchsorted(x, side="right") / len(rising))

    def quantile(u: ArrayLike) -> Float64:
        index = np.floor(np.asarray(u, np.float64) * len(rising)).astype(np.intp)
        return rising[np.minimum(index, last)]

    return replace(target, weight=len(samples) / total, cdf=cdf, quantile=quantile)
