"""A translation: a game in which a source takes the place of noise, and its mirror image, the game of the way back."""

from copy import copy
from dataclasses import replace

from gan1d.engine.data.standardization import Settings
from gan1d.engine.distributions.latents import Source
from gan1d.engine.protocols import EvaluationSettings


def is_translation(config: EvaluationSettings) -> bool:
    """Whether these settings have a source."""
    return isinstance(config.latent, Source)


def source_of(config: EvaluationSettings) -> Source:
    """The source.

    Raises:
        ValueError: The settings have none.
    """
    if not isinstance(config.latent, Source):
        raise ValueError(f"Expected a source, but got the prior {config.latent.kind}.")
    return config.latent


def mirrored(config: Settings) -> Settings:
    """The settings of the way back: target and source are exchanged.

    Raises:
        ValueError: The settings have no source.
    """
    latent, other = source_of(config), copy(config)
    # A frozen value refuses setattr; nothing else refers to this copy yet. The way back may start at any target.
    source = replace(latent, distribution=config.target)  # type: ignore[arg-type]
    vars(other).update(target=latent.distribution, latent=source)
    return other
