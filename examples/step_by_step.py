"""Train with the step that is written as in a textbook; put a breakpoint in one of its two updates.

The trainer makes the same updates in a fraction of the time. Here it only gives the first weights.
"""

import sys

import numpy as np

import gan1d
from gan1d.engine.reference import ReferenceGAN, ReferenceNetwork


def main(steps: int = 500) -> None:
    config = gan1d.presets["textbook"].config
    trainer = gan1d.Trainer(config)
    gan = ReferenceGAN(
        ReferenceNetwork(trainer.generator, config.generator.optimizer),
        ReferenceNetwork(trainer.discriminator, config.discriminator.optimizer),
        config.loss,
    )
    rng, batch = np.random.default_rng(config.seed), config.batch_size
    for step in range(steps):
        real = config.target.quantile(rng.random(batch))[:, np.newaxis]
        loss_d = gan.update_discriminator(real, rng.standard_normal((batch, 1)))
        loss_g = gan.update_generator(rng.standard_normal((batch, 1)))
        if step % max(1, steps // 5) == 0:
            print(f"{step:6d}  L_D {loss_d:7.4f}  L_G {loss_g:7.4f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
