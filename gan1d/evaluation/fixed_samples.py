"""Latent inputs and real samples that stay the same through all runs of a config."""

import math
from collections.abc import Sequence

import numpy as np

from gan1d.engine.arrays import Float64
from gan1d.engine.data.conditioning import balanced_labels, class_count, one_hot
from gan1d.engine.data.datasets import training_set
from gan1d.engine.distributions.base import Labels
from gan1d.engine.protocols import EvaluationSettings

RUG = 64
"""Fixed latent inputs whose fakes are shown one by one through the whole run, and as many fixed real samples."""
SAMPLES = 256
"""Fixed fakes, and fixed real samples, for a D that judges several at once; its outputs on them have no density on the
data axis."""
PROBE_SEED = 20140610
"""Seed of all probes: the day arXiv:1406.2661 appeared. Any other number would do, as long as it stays."""


class FixedSamples:
    """Fixed latent inputs and fixed real samples with their labels.

    Args:
        config: The settings, with the target in units of the run.
        weights: Share of each class among D's real inputs.
        count: Number of latent inputs.

    Attributes:
        data: The training samples, or None if every batch is fresh.
        labels: One-hot labels of the latent inputs, `(classes, count)`; no rows without labels.
        latent: Latent inputs with their labels or codes, `(inputs, count)`; the fakes of the first 64 are shown.
        real: Real samples, from the training samples if those are fixed, `(256,)`.
        real_labels: One-hot labels of the real samples, `(classes, 256)`; no rows without labels.
        shown: Real samples that are shown one by one, `(64,)`, or fewer if there are fewer training samples.
    """

    def __init__(self, config: EvaluationSettings, weights: Sequence[float], count: int) -> None:
        latent_stream, real_stream = map(np.random.default_rng, np.random.SeedSequence(PROBE_SEED).spawn(2))
        classes, self.data = class_count(config), training_set(config)
        self.labels = one_hot(balanced_labels(weights, count), classes)
        self.latent = np.concatenate(
            [config.latent.draw(latent_stream, SAMPLES)[:, :count], self.labels, codes(config, count)]
        )
        if self.data is None:
            self.real, labels = config.target.labelled_samples(real_stream, SAMPLES)
            self.shown = self.real[:RUG]
        else:
            order = np.argsort(self.data.samples, kind="stable")
            chosen = pick_evenly(order, SAMPLES)
            self.real, labels = self.data.samples[chosen], self.data.labels[chosen]
            self.shown = self.data.samples[pick_evenly(order, min(RUG, len(order)))]
        self.real_labels = one_hot(labels, classes)


def codes(config: EvaluationSettings, count: int) -> Float64:
    """`count` fixed codes, `(rows, count)`, the first n of which are spread evenly for every n; no rows without one."""
    # The multiples of the golden ratio, modulo 1.
    return config.code.quantile((np.arange(count) + 0.5) * (0.5 * math.sqrt(5) - 0.5) % 1.0)


def pick_evenly(items: Labels, count: int) -> Labels:
    """`count` of some items in their order, `(count,)`, evenly spaced: those at (i + ½)/count of the way."""
    return items[((np.arange(count) + 0.5) / count * len(items)).astype(np.intp)]
