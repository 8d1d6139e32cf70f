"""Inputs at which networks are evaluated."""

from typing import Any

import numpy as np

from gan1d.engine.arrays import Float64
from gan1d.engine.data.conditioning import repeat_for_each_class
from gan1d.engine.networks.discriminator_inputs import DiscriminatorView
from gan1d.engine.protocols import EvaluationSettings


def equal_items(axis: Float64, view: DiscriminatorView, labels: int) -> Float64:
    """Inputs of D along an axis, all samples of an item at the same x, repeated for each label.

    Args:
        axis: Values of x, `(n,)`.
        view: Samples of an item, and rows derived from them. The derived rows are left at 0.
        labels: Number of labels, 0 without.

    Returns:
        Class by class, `(inputs, classes · n)`.
    """
    rows = np.zeros((view.rows, len(axis)))
    rows[: view.samples] = axis
    inputs = repeat_for_each_class(rows, labels)
    return np.concatenate([inputs[: view.rows], np.repeat(inputs[view.rows :], view.samples, axis=0)])


def probe_settings_of(config: EvaluationSettings) -> tuple[Any, ...]:
    """All settings that a probe depends on."""
    training_set = (config.training_points, config.seed) if config.training_points else None
    opponent, code = (config.discriminator.view, config.discriminator.optimal), (config.code.kind, config.code.rows)
    return config.target, config.conditional, config.latent, code, config.loss, opponent, training_set
