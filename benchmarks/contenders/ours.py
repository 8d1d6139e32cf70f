"""gan1d itself."""

import gan1d
from benchmarks.game import BETA1, BETA2, EPS, LEARNING_RATE, Answer, Experiment, Script
from gan1d.config.model import Config


def plain(experiment: Experiment) -> Config:
    """The experiment that all contenders run."""
    adam = {"kind": "adam", "learning_rate": LEARNING_RATE, "beta1": BETA1, "beta2": BETA2, "eps": EPS}
    config = Config().patched("loss", "non_saturating").patched("penalty", "none")
    config = config.patched("discriminator.constraint", "none").patched("instance_noise.deviation", 0.0)
    config = config.patched("discriminator_steps", 1).patched("generator_steps", 1)
    config = config.patched("batch_size", experiment.batch)
    for network in ("generator", "discriminator"):
        config = config.patched(f"{network}.hidden", list(experiment.hidden))
        config = config.patched(f"{network}.activation", experiment.activation)
        config = (
            config.patched(f"{network}.input_scale", 1.0)
            .patched(f"{network}.weight_decay", 0.0)
            .patched(f"{network}.optimizer", adam)
            .patched(f"{network}.rate_half_life", 0)
        )
    return config


class Ours:
    """The engine as a program uses it; it also keeps G's running average and the norms of both gradients."""

    def __init__(self, experiment: Experiment) -> None:
        self.trainer = gan1d.Trainer(plain(experiment))

    def run(self, count: int) -> tuple[float, float]:
        """See `Contender.run`."""
        self.trainer.run(count)
        if self.trainer.diverged is not None:
            raise RuntimeError(self.trainer.diverged.reason)
        return self.trainer.report.loss_d, self.trainer.report.loss_g

    def replay(self, script: Script) -> Answer:
        """Not needed: the other programs are compared with this one (`benchmarks/agreement.py`)."""
        raise NotImplementedError
