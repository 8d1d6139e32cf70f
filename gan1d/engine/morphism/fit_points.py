"""Points at which a network's function matters, and which a fit therefore uses."""

import numpy as np

from gan1d.engine.arrays import Float64
from gan1d.engine.data.conditioning import (
    class_count,
    conditions_of,
    evaluation_items_with_labels,
    one_hot,
    repeat_for_each,
    repeat_for_each_class,
)
from gan1d.engine.networks.mlp import MLP, outputs_at
from gan1d.engine.objectives.codes import ContinuousCode
from gan1d.engine.protocols import EvaluationSettings, TrainerSettings

TAIL_PROBABILITY = 1e-5
"""Probability of a latent beyond each end of the fitted interval: about one in a thousand batches of 128."""
SUPPORT_MARGIN = 0.125
"""Margin on each side, as a share of the target's support, that is always fitted: about as much as the page shows."""
MAX_FAKE_DISTANCE = 1.0
"""Largest margin, as a share of the target's support, up to which D is fitted if fakes lie there."""
POINTS_PER_CLASS = 1021
"""Number of points for each class. A prime, as `Prior.lattice` requires."""
FITTED_CODES = np.linspace(-1.0, 1.0, 9)[None]
"""Values of a continuous code at which G is fitted, `(1, n)`."""
SHUFFLE_STRIDE = 389
"""Stride of a fixed shuffle; it is coprime to `POINTS_PER_CLASS`, so the shuffle visits every point."""


def latent_points(config: EvaluationSettings) -> Float64:
    """Inputs of G, `(inputs, n)`: an interval with the prior's tails, or a lattice if z has several dimensions."""
    latent, conditions = config.latent, conditions_of(config)
    z = latent.lattice(POINTS_PER_CLASS)
    if latent.dimension == 1:
        low, high = latent.quantile([TAIL_PROBABILITY, 1 - TAIL_PROBABILITY])
        z = np.linspace(min(low, latent.span[0]), max(high, latent.span[1]), POINTS_PER_CLASS)[None]
    if isinstance(config.code, ContinuousCode):
        return repeat_for_each(z, FITTED_CODES)
    return repeat_for_each(z, conditions)


def data_points(config: TrainerSettings, generator: MLP) -> Float64:
    """Inputs of D, `(inputs, n)`, for each class label.

    If D sees one sample, these are points on the data axis: the target's support with a margin, and the range of the
    fakes. Otherwise they are items of equal samples from there, and items of shuffled real samples and of fakes.
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
    shuffle, u = (
        np.arange(POINTS_PER_CLASS) * SHUFFLE_STRIDE % POINTS_PER_CLASS,
        (np.arange(POINTS_PER_CLASS) + 0.5) / POINTS_PER_CLASS,
    )
    real = target.quantile(u)[shuffle]
    parts = []
    for label in range(max(classes, 1)):
        labels = one_hot(np.full(POINTS_PER_CLASS, label), classes)
        fake = outputs_at(generator, np.concatenate([config.latent.lattice(POINTS_PER_CLASS)[:, shuffle], labels]))
        of_real, of_fake = (evaluation_items_with_labels(view, samples, labels) for samples in (real, fake))
        equal = np.repeat(of_fake[:, :1], POINTS_PER_CLASS, axis=1)
        equal[: view.samples] = line
        parts += [equal, of_real, of_fake]
    return np.concatenate(parts, axis=1)
