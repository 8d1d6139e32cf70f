"""Digests of a run's networks, by which a log tells whether its repetition has the same bits."""

import hashlib

from gan1d.engine.networks.mlp import MLP
from gan1d.engine.training.trainer import Trainer


def digest_of(trainer: Trainer) -> str:
    """Digest of the parameters of all networks that are trained: 16 hexadecimal digits of SHA-256."""
    further = [] if trainer.code_head is None else [trainer.code_head]
    if trainer.way_back is not None:
        f, _, discriminator = trainer.way_back
        further += [f, discriminator]
    return digest_of_networks(trainer.generator, trainer.discriminator, *further)


def has_digest(trainer: Trainer, digest: str) -> bool:
    """Whether the digest in a log is that of a trainer's networks.

    Logs once had the digest of G and D alone, whatever other networks there were.
    """
    return digest in (digest_of(trainer), digest_of_networks(trainer.generator, trainer.discriminator))


def took_other_course(trainer: Trainer, digest: str) -> bool:
    """Whether a run that was repeated has other bits than the digest in its log; False for "", which is unknown."""
    return digest != "" and not has_digest(trainer, digest)


def digest_of_networks(*networks: MLP) -> str:
    """Digest of the parameters of some networks, in order."""
    found = hashlib.sha256()
    for network in networks:
        found.update(network.parameters.tobytes())
    return found.hexdigest()[:16]
