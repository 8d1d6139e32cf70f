"""A digest is that of every network, and logs of earlier versions keep theirs."""

import hashlib

from gan1d.engine.training.trainer import Trainer
from gan1d.gallery import presets
from gan1d.recording.digest import digest_of, has_digest


def test_a_digest_covers_every_network() -> None:
    for name, count in (("default", 2), ("infogan", 3), ("cyclegan", 4)):
        trainer = Trainer(presets[name].config)
        head, back = trainer.code_head, trainer.way_back
        networks = [trainer.generator, trainer.discriminator]
        networks += [] if head is None else [head]
        networks += [] if back is None else [back[0], back[2]]
        assert len(networks) == count
        digest = digest_of(trainer)
        assert has_digest(trainer, digest)
        for network in networks:
            kept = network.parameters.copy()
            network.parameters[0] += 1
            assert not has_digest(trainer, digest), name
            network.parameters[:] = kept
        assert digest_of(trainer) == digest


def test_an_earlier_digest_of_g_and_d_alone_is_known() -> None:
    trainer = Trainer(presets["cyclegan"].config)
    both = trainer.generator.parameters.tobytes() + trainer.discriminator.parameters.tobytes()
    earlier = hashlib.sha256(both).hexdigest()[:16]
    assert has_digest(trainer, earlier)
    assert digest_of(trainer) != earlier
