"""One config for many runs: numbers in which the runs differ become columns."""

from collections.abc import Sequence
from copy import copy
from typing import Any

import numpy as np

from gan1d.engine.protocols import TrainerSettings

OWN = (
    "seed", "target", "standardize", "training_points", "latent", "generator.initialization",
    "discriminator.initialization",
)  # fmt: skip
"""Settings that each run has for itself: they only say how numbers are drawn."""

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
"""Numbers that may differ, with the number of axes after the members' axis in the arrays that they multiply."""


def common_config(configs: Sequence[TrainerSettings]) -> TrainerSettings:
    """The settings of a stack of runs.

    Args:
        configs: At least one.

    Returns:
        A config like the first, in which each number named in `COLUMNS` that differs is a column `(members, 1)` or
        `(members, 1, 1)`. Settings named in `OWN` are those of the first.

    Raises:
        ValueError: There are no configs, or they differ in another setting; the message names its path.
    """
    if not configs:
        raise ValueError("Expected at least one config, but got none.")
    common: TrainerSettings = _common_part(configs, "")
    return common


def _common_part(parts: Sequence[Any], path: str) -> Any:
    """The common value of the parts of all configs at one path."""
    first = parts[0]
    if path in OWN or all(part == first for part in parts):
        return first
    if path in COLUMNS:
        return np.array(parts, np.float64).reshape(-1, *COLUMNS[path] * (1,))
    if hasattr(first, "__dict__") and all(type(part) is type(first) for part in parts):
        common = copy(first)
        for name in vars(first):
            below = f"{path}.{name}" if path else name
            # A frozen value refuses setattr; nothing else refers to this copy yet.
            vars(common)[name] = _common_part([getattr(part, name) for part in parts], below)
        return common
    other = next(part for part in parts if part != first)
    raise ValueError(f"Expected runs that agree in {path}, but got {_quoted(first)} and {_quoted(other)}.")


def _quoted(value: Any) -> str:
    """A value of a config as an error message shows it."""
    return str(getattr(value, "kind", value))
