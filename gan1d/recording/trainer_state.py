"""A trainer as bytes, from which it continues bit for bit."""

import numpy as np

from gan1d.config.model import Config
from gan1d.engine.networks.optimizers import Adam, Optimizer
from gan1d.engine.protocols import TrainerSettings
from gan1d.engine.training.trainer import Trainer
from gan1d.recording.packed_state import pack_state, unpack_state


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
