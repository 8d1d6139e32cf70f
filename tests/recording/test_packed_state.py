"""States as few bytes: every bit comes back."""

import numpy as np
import pytest

from gan1d.config.model import Config
from gan1d.engine.training.trainer import Trainer
from gan1d.recording.packed_state import pack_state, unpack_state


def same(a: object, b: object) -> bool:
    """Whether two trees have the same values of the same types, and their arrays the same bits."""
    if isinstance(a, dict) and isinstance(b, dict):
        return list(a) == list(b) and all(same(a[name], b[name]) for name in a)
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return (a.shape, a.dtype, a.tobytes()) == (b.shape, b.dtype, b.tobytes())
    return type(a) is type(b) and a == b


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_state_comes_back_bit_for_bit(dtype: type) -> None:
    trainer = Trainer(Config(batch_size=16, seed=3), dtype)
    trainer.run(20)
    state = trainer.state_dict()
    assert same(unpack_state(pack_state(state)), state)
    assert len(pack_state(state)) < 0.95 * sum(value.nbytes for value in arrays(state))


def arrays(node: object) -> list[np.ndarray]:
    found = node.values() if isinstance(node, dict) else ()
    return [node] if isinstance(node, np.ndarray) else [array for each in found for array in arrays(each)]


def test_numbers_that_are_none_arrays_of_other_kinds_and_views_are_kept() -> None:
    tree = {
        "special": np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324]),
        "steps": np.arange(7, dtype=np.int64),
        "columns": np.arange(12, dtype=np.float32).reshape(3, 4)[:, ::2],
        "other order": np.array([1.5], ">f4"),
        "empty": np.empty((0, 3), np.float32),
        "scalar": np.array(2.5),
        "plain": {"text": "a", "none": None, "large": 2**127},
    }
    assert same(unpack_state(pack_state(tree)), tree)


def test_arrays_that_come_back_can_be_written() -> None:
    found = unpack_state(pack_state({"a": np.ones(3)}))["a"]
    found += 1
    assert found.tolist() == [2.0, 2.0, 2.0]
