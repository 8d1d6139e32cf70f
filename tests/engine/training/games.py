"""Small games for the tests of training, and the bits of a run to compare."""

import hashlib
import pickle
from collections.abc import Iterator
from typing import Any, get_args

import numpy as np

from gan1d.config.model import Config
from gan1d.engine.training.trainer import Trainer

PLAYERS = ("generator", "discriminator")


def small(**changes: Any) -> Config:
    """The default game with small networks and batches; changes are paths with `__` for dots."""
    config = Config().patched("batch_size", 8).patched("generator.hidden", [4]).patched("discriminator.hidden", [5, 4])
    for path, value in changes.items():
        config = config.patched(path.replace("__", "."), value)
    return config


def kinds_of(annotation: Any) -> list[str]:
    return [member.kind for member in get_args(annotation)]


def flattened(tree: Any) -> Iterator[bytes]:
    """Every bit of a state, in a fixed order."""
    if isinstance(tree, dict):
        for key in sorted(tree):
            yield key.encode()
            yield from flattened(tree[key])
    elif isinstance(tree, np.ndarray):
        yield tree.tobytes()
    else:
        yield repr(tree).encode()


def fingerprint(trainer: Trainer) -> str:
    return hashlib.sha256(b"|".join(flattened(trainer.state_dict()))).hexdigest()


def same_parameters(a: Trainer, b: Trainer) -> bool:
    return all(
        np.array_equal(getattr(a, name).parameters, getattr(b, name).parameters)
        for name in ("generator", "discriminator", "ema_generator")
    )


def through_bytes(state: Any) -> Any:
    return pickle.loads(pickle.dumps(state))
