"""States of a trainer as few bytes, from which each bit is found again.

Nearly all of a state is floats whose last three of four bytes are as good as random; their first ones, with sign and
exponent, are much alike and take less than half of their size when they are compressed. The rest of a state, pickled,
is much like that of any other one.
"""

import pickle
import zlib
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import numpy as np

from gan1d.config.model import Config
from gan1d.engine.networks.optimizers import Adam, Optimizer
from gan1d.engine.protocols import TrainerSettings
from gan1d.engine.training.trainer import Trainer

DEFLATE_LEVEL: Final = 1
"""Level of compression: higher ones gain 2 % and take half as long again."""


def trainer_state(trainer: Trainer, *, is_light: bool = False) -> bytes:
    """All that is needed, together with the config, to continue bit for bit.

    Args:
        trainer: The trainer.
        is_light: Whether averages that the next step does not use are left out; they are right again behind a step of
            both players.
    """
    state = trainer.state_dict()
    for player in players_without_mean(trainer.config) if is_light else ():
        state[player]["averages"]["mean"] = None
    return pack_state(state)


def restored_trainer(config: Config, state: bytes) -> Trainer:
    """A trainer that continues where `trainer_state` was called."""
    found = unpack_state(state)
    for player in ("generator", "discriminator"):
        averages = found[player]["averages"]
        if averages.get("mean", 0) is None:
            averages["mean"] = np.zeros_like(averages["square"])
    return Trainer.restore(config, found)


def players_without_mean(config: TrainerSettings) -> list[str]:
    """The players whose optimizer multiplies its mean of the gradient by 0 in every update."""
    optimizers: dict[str, Optimizer] = {
        "generator": config.generator.optimizer,
        "discriminator": config.discriminator.optimizer,
    }
    return [name for name, optimizer in optimizers.items() if isinstance(optimizer, Adam) and optimizer.beta1 == 0]


class Floats:
    """The place of an array of floats in a tree without them.

    Args:
        shape: Shape of the array.
        dtype: Its type of numbers.
    """

    __slots__ = ("dtype", "shape")

    def __init__(self, shape: tuple[int, ...], dtype: str) -> None:
        self.shape, self.dtype = shape, dtype

    def __reduce__(self) -> tuple[Any, ...]:
        return Floats, (self.shape, self.dtype)


def pack_state(tree: Mapping[str, Any]) -> bytes:
    """A tree of dictionaries, arrays and plain values as bytes."""
    arrays: list[np.ndarray[Any, Any]] = []
    rest = pickle.dumps(without_floats(tree, arrays), protocol=5)
    bytes_of = [np.ascontiguousarray(array).reshape(-1).view(np.uint8).reshape(-1, array.itemsize) for array in arrays]
    first = b"".join(each[:, -1].tobytes() for each in bytes_of)
    others = b"".join(each[:, :-1].tobytes() for each in bytes_of)
    compressor = zlib.compressobj(DEFLATE_LEVEL, zdict=dictionary())
    return pickle.dumps(
        (compressor.compress(rest) + compressor.flush(), zlib.compress(first, DEFLATE_LEVEL), others), protocol=5
    )


def unpack_state(packed: bytes) -> dict[str, Any]:
    """The tree that `pack_state` has packed. The bytes never leave the program."""
    rest, first, others = pickle.loads(packed)
    tree: dict[str, Any] = pickle.loads(zlib.decompressobj(zdict=dictionary()).decompress(rest))
    ends, middles = np.frombuffer(zlib.decompress(first), np.uint8), np.frombuffer(others, np.uint8)
    done = [0, 0]

    def filled(node: Any) -> Any:
        if isinstance(node, dict):
            return {name: filled(value) for name, value in node.items()}
        if not isinstance(node, Floats):
            return node
        array = np.empty(node.shape, node.dtype)
        count, width = array.size, array.itemsize - 1
        bytes_of = array.reshape(-1).view(np.uint8).reshape(-1, array.itemsize)
        bytes_of[:, -1] = ends[done[0] : done[0] + count]
        bytes_of[:, :-1] = middles[done[1] : done[1] + count * width].reshape(-1, width)
        done[:] = done[0] + count, done[1] + count * width
        return array

    return {name: filled(value) for name, value in tree.items()}


def without_floats(node: Any, arrays: list[np.ndarray[Any, Any]]) -> Any:
    """A tree with `Floats` in the place of its arrays of floats, which are appended to `arrays`."""
    if isinstance(node, dict):
        return {name: without_floats(value, arrays) for name, value in node.items()}
    if not isinstance(node, np.ndarray) or node.dtype.kind != "f" or node.dtype.byteorder == ">":
        return node
    arrays.append(node)
    return Floats(node.shape, node.dtype.str)


@cache
def dictionary() -> bytes:
    """What the rest of any state is much like: that of a run of the default."""
    return pickle.dumps(without_floats(Trainer(Config()).state_dict(), []), protocol=5)
