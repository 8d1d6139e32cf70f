"""Inputs at which networks are evaluated, and the shown range of the data axis."""

import math
from typing import Any

import numpy as np

from gan1d.engine.arrays import Float64
from gan1d.engine.data.conditioning import repeat_for_each_class
from gan1d.engine.distributions.base import Labels
from gan1d.engine.distributions.targets import Target
from gan1d.engine.networks.discriminator_inputs import DiscriminatorView
from gan1d.engine.protocols import EvaluationSettings


def equal_items(axis: Float64, view: DiscriminatorView, labels: int) -> Float64:
    """Items of equal samples along an axis, under each label, class by class: `(inputs, classes · n)`.

    What else D is told of an item is left open.
    """
    rows = np.zeros((view.rows, len(axis)))
    rows[: view.samples] = axis
    asked = repeat_for_each_class(rows, labels)
    return np.concatenate([asked[: view.rows], np.repeat(asked[view.rows :], view.samples, axis=0)])


def probe_settings_of(config: EvaluationSettings) -> tuple[Any, ...]:
    """All of a config that a look depends on."""
    fixed = (config.training_points, config.seed) if config.training_points else None
    return config.target, config.conditional, config.latent, config.loss, config.discriminator.view, fixed


def pick_evenly(items: Labels, count: int) -> Labels:
    """`count` of some items in their order, `(count,)`, at equal distances: those at (i + ½)/count of the way."""
    return items[((np.arange(count) + 0.5) / count * len(items)).astype(np.intp)]


def shown_axis(target: Target) -> tuple[float, float]:
    """Ends of the data axis: the target's support with an eighth to spare on each side, rounded outwards."""
    low, high = target.support()
    margin = 0.125 * (high - low)
    unit = 10.0 ** math.floor(math.log10(high - low))
    step = next(unit * k for k in (0.1, 0.2, 0.5, 1.0) if (high - low) / (unit * k) <= 20)
    return step * math.floor((low - margin) / step + 1e-9), step * math.ceil((high + margin) / step - 1e-9)
