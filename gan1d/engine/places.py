"""Where a network's function matters: what a fit must keep."""

import numpy as np

from gan1d.engine.latents import Float64, Latent
from gan1d.engine.mlp import MLP
from gan1d.engine.settings import Settings
from gan1d.engine.views import shown_items

RAREST = 1e-5
"""Probability of noise beyond each end: a run of a thousand batches of 128 meets it about once."""
MARGIN = 0.125
"""Of the target's support on each side, that counts as much as the support does: about as much as a page shows."""
FARTHEST = 1.0
"""Of the target's support on each side, to which D is kept where fakes lie there."""
COUNT = 1024
JUMP = 389
"""From one to the next in a jumble: it has no factor in common with the count, so all are met."""


def noise_places(latent: Latent) -> Float64:
    """All of the noise axis that G is asked about, tails included, `(1, n)`."""
    low, high = latent.quantile([RAREST, 1 - RAREST])
    return np.linspace(min(low, latent.span[0]), max(high, latent.span[1]), COUNT)[None]


def data_places(config: Settings, generator: MLP) -> Float64:
    """All that D is asked about, `(rows of its view, n)`.

    For one sample, the data axis: the target's support with a margin, and where fakes lie. For more, items of equal
    samples from there, and items of reals and of fakes in a fixed jumble.
    """
    target, view = config.target, config.discriminator.view
    low, high = target.support()
    width = high - low
    fakes = generator.apply(noise_places(config.latent)[0]).astype(np.float64)
    first, last = np.clip([fakes.min(), fakes.max()], low - FARTHEST * width, high + FARTHEST * width)
    line = np.linspace(min(first, low - MARGIN * width), max(last, high + MARGIN * width), COUNT)
    if view.rows == 1:
        return line[None]
    jumble, u = np.arange(COUNT) * JUMP % COUNT, (np.arange(COUNT) + 0.5) / COUNT
    real = shown_items(view, target.quantile(u)[jumble])
    fake = shown_items(view, generator.apply(config.latent.quantile(u))[jumble])
    equal = np.repeat(fake[:, :1], COUNT, axis=1)
    equal[: view.samples] = line
    return np.concatenate([equal, real, fake], axis=1)
