"""Where a network's function matters: what a fit must keep."""

import numpy as np

from gan1d.engine.arrays import Float64
from gan1d.engine.data.conditioning import class_count, evaluation_items_with_labels, one_hot, repeat_for_each_class
from gan1d.engine.networks.mlp import MLP, outputs_at
from gan1d.engine.protocols import EvaluationSettings, TrainerSettings

TAIL_PROBABILITY = 1e-5
"""Probability of noise beyond each end: a run of a thousand batches of 128 meets it about once."""
SUPPORT_MARGIN = 0.125
"""Of the target's support on each side, that counts as much as the support does: about as much as a page shows."""
MAX_FAKE_DISTANCE = 1.0
"""Of the target's support on each side, to which D is kept where fakes lie there."""
POINTS_PER_CLASS = 1021
"""Places, of each class if there are several. A prime, as `Prior.lattice` asks for."""
SHUFFLE_STRIDE = 389
"""From one to the next in a jumble: it has no factor in common with the count, so all are met."""


def latent_points(config: EvaluationSettings) -> Float64:
    """All of the noise that G is asked about, `(inputs, n)`: on a line with its tails, in more dimensions evenly."""
    latent, classes = config.latent, class_count(config)
    z = latent.lattice(POINTS_PER_CLASS)
    if latent.dimension == 1:
        low, high = latent.quantile([TAIL_PROBABILITY, 1 - TAIL_PROBABILITY])
        z = np.linspace(min(low, latent.span[0]), max(high, latent.span[1]), POINTS_PER_CLASS)[None]
    return repeat_for_each_class(z, classes)


def data_points(config: TrainerSettings, generator: MLP) -> Float64:
    """All that D is asked about, `(inputs, n)`.

    For one sample, the data axis: the target's support with a margin, and where fakes lie. For more, items of equal
    samples from there, and items of reals and of fakes in a fixed jumble. All of it under each label.
    """
    target, view, classes = config.target, config.discriminator.view, class_count(config)
    low, high = target.support()
    width = high - low
    fakes = outputs_at(generator, latent_points(config))
    first, last = np.clip([fakes.min(), fakes.max()], low - MAX_FAKE_DISTANCE * width, high + MAX_FAKE_DISTANCE * width)
    line = np.linspace(
        min(first, low - SUPPORT_MARGIN * width), max(last, high + SUPPORT_MARGIN * width), POINTS_PER_CLASS
    )
    if view.rows == 1:
        return repeat_for_each_class(line[None], classes)
    jumble, u = (
        np.arange(POINTS_PER_CLASS) * SHUFFLE_STRIDE % POINTS_PER_CLASS,
        (np.arange(POINTS_PER_CLASS) + 0.5) / POINTS_PER_CLASS,
    )
    real = target.quantile(u)[jumble]
    parts = []
    for label in range(max(classes, 1)):
        labels = one_hot(np.full(POINTS_PER_CLASS, label), classes)
        fake = outputs_at(generator, np.concatenate([config.latent.lattice(POINTS_PER_CLASS)[:, jumble], labels]))
        of_real, of_fake = (evaluation_items_with_labels(view, samples, labels) for samples in (real, fake))
        equal = np.repeat(of_fake[:, :1], POINTS_PER_CLASS, axis=1)
        equal[: view.samples] = line
        parts += [equal, of_real, of_fake]
    return np.concatenate(parts, axis=1)
