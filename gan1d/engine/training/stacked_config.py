"""What many runs have in common, as the settings of all of them at once: numbers that differ become columns."""

from collections.abc import Sequence
from copy import copy
from typing import Any

import numpy as np

from gan1d.engine.protocols import TrainerSettings

OWN = ("seed", "target", "training_points", "latent", "generator.initialization", "discriminator.initialization")
"""Each run has its own: they say what is drawn, and are not asked again."""

COLUMNS = {
    "generator.optimizer.learning_rate": 1,
    "discriminator.optimizer.learning_rate": 1,
    "generator.weight_decay": 1,
    "discriminator.weight_decay": 1,
    "generator.ema_decay": 1,
    "penalty.gamma": 2,
    "penalty.weight": 2,
    "loss.weight": 2,
}
"""Numbers that may differ, and the axes behind that of the members in what they are multiplied with."""


def common_config(configs: Sequence[TrainerSettings]) -> TrainerSettings:
    """The settings of a stack of runs.

    Args:
        configs: At least one.

    Returns:
        Like the first of them, but with a column `(members, 1)` or `(members, 1, 1)` in the place of each number named
        in `COLUMNS` in which they differ. Of what is named in `OWN` it has the first one's.

    Raises:
        ValueError: There is none, or they differ in something else; the message names its path.
    """
    if not configs:
        raise ValueError("Expected at least one config, but got none.")
    found: TrainerSettings = _shared(configs, "")
    return found


def _shared(parts: Sequence[Any], path: str) -> Any:
    first = parts[0]
    if path in OWN or all(part == first for part in parts):
        return first
    if path in COLUMNS:
        return np.array(parts, np.float64).reshape(-1, *COLUMNS[path] * (1,))
    if hasattr(first, "__dict__") and all(type(part) is type(first) for part in parts):
        common = copy(first)
        for name in vars(first):
            below = f"{path}.{name}" if path else name
            # A frozen value refuses setattr; this copy is nobody else's yet.
            vars(common)[name] = _shared([getattr(part, name) for part in parts], below)
        return common
    other = next(part for part in parts if part != first)
    raise ValueError(f"Expected runs that agree in {path}, but got {_named(first)} and {_named(other)}.")


def _named(value: Any) -> str:
    """A value of a config in a sentence."""
    return str(getattr(value, "kind", value))
