"""Saved states: a restored trainer continues bit for bit."""

import json
from typing import Any

import numpy as np
import pytest

from gan1d.engine.data.batches import BLOCK
from gan1d.engine.networks.optimizers import Optimizer
from gan1d.engine.training.trainer import Trainer
from tests.engine.training.games import fingerprint, flattened, kinds_of, small, through_bytes


@pytest.mark.parametrize("steps", [0, 1, BLOCK // 2, BLOCK - 1, BLOCK, BLOCK + 1])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_saved_state_continues_bit_for_bit(steps: int, dtype: type) -> None:
    config = small()
    trainer = Trainer(config, dtype)
    trainer.run(steps)
    state = through_bytes(trainer.state_dict())
    restored = Trainer.restore(config, state)
    assert restored.dtype == dtype
    assert fingerprint(restored) == fingerprint(trainer)
    trainer.run(BLOCK // 2 + 3)
    restored.run(BLOCK // 2 + 3)
    assert fingerprint(restored) == fingerprint(trainer)


@pytest.mark.parametrize("kind", kinds_of(Optimizer))
def test_the_state_of_every_optimizer_is_saved(kind: str) -> None:
    config = small(generator__optimizer=kind, discriminator__optimizer=kind)
    trainer = Trainer(config)
    trainer.run(5)
    restored = Trainer.restore(config, through_bytes(trainer.state_dict()))
    trainer.run(5)
    restored.run(5)
    assert fingerprint(restored) == fingerprint(trainer)


def test_a_state_is_a_copy() -> None:
    trainer = Trainer(small())
    trainer.run(3)
    state = trainer.state_dict()
    before = b"|".join(flattened(state))
    trainer.run(3)
    assert b"|".join(flattened(state)) == before


def test_a_restored_trainer_does_not_change_the_state() -> None:
    trainer = Trainer(small())
    trainer.run(3)
    state = trainer.state_dict()
    before = b"|".join(flattened(state))
    Trainer.restore(small(), state).run(3)
    assert b"|".join(flattened(state)) == before


def test_all_but_the_arrays_is_json() -> None:
    trainer = Trainer(small())
    trainer.run(3)
    state = trainer.state_dict()
    plain = json.loads(json.dumps(state, default=lambda array: array.tolist()))

    def restored(tree: Any, like: Any) -> Any:
        if isinstance(like, np.ndarray):
            return np.array(tree, like.dtype)
        return {key: restored(tree[key], value) for key, value in like.items()} if isinstance(like, dict) else tree

    again = Trainer.restore(small(), restored(plain, state))
    trainer.run(3)
    again.run(3)
    assert fingerprint(again) == fingerprint(trainer)


def test_a_state_is_restored_after_live_changes() -> None:
    """Changes of the batch settings have opened new batch streams."""
    trainer = Trainer(small())
    trainer.run(5)
    changed = small(batch_size=11, target="laplace", generator__hidden=[3, 3], discriminator__optimizer="sgd")
    trainer.config = changed
    trainer.run(5)
    restored = Trainer.restore(changed, through_bytes(trainer.state_dict()))
    for one in (trainer, restored):
        one.run(5)
        one.config = changed.patched("generator.hidden", [6])  # draws first weights from the restored stream
        one.run(5)
    assert fingerprint(restored) == fingerprint(trainer)


def test_a_state_of_version_0_1_is_restored() -> None:
    """Two of its keys had other names."""
    config = small(generator__historical_averaging=0.1)
    trainer = Trainer(config)
    trainer.run(3)
    state = trainer.state_dict()
    for part, old, new in ((state, "feeds", "streams"), (state["generator"], "past", "historical_average")):
        part[old] = part.pop(new)
    assert fingerprint(Trainer.restore(config, state)) == fingerprint(trainer)


def test_a_state_of_other_networks_is_refused() -> None:
    with pytest.raises(ValueError, match=r"Expected \d+ parameters, but got \d+"):
        Trainer.restore(small(generator__hidden=[9]), Trainer(small()).state_dict())
