"""Whether a contender plays the same game: the same weights and batches must lead it to the same place."""

import numpy as np

from benchmarks.contenders.ours import plain
from benchmarks.game import LEARNING_RATE, Answer, Experiment, Script
from gan1d.engine.training.trainer import Trainer
from tests.feeds import upcoming

STEPS = 10
LOSS_TOLERANCE = 1e-4
PARAMETER_TOLERANCE = 0.002 * LEARNING_RATE
"""Root mean square over a network. Adam makes a step of full length even of a gradient that is nearly 0, whose sign is
then a matter of rounding; but such parameters are few."""


def scripted(experiment: Experiment) -> tuple[Script, Answer]:
    """The inputs of the next steps of our engine, and its results."""
    trainer = Trainer(plain(experiment))
    start = trainer.generator.parameters.copy(), trainer.discriminator.parameters.copy()
    batches = upcoming(trainer)
    drawn = [(*batches.for_discriminator(), batches.for_generator()) for _ in range(STEPS)]
    reports = trainer.run(STEPS)
    losses = np.stack([reports.loss_d, reports.loss_g], axis=1).astype(np.float32)
    answer = Answer(losses, trainer.generator.parameters.copy(), trainer.discriminator.parameters.copy())
    return Script(*start, np.array(drawn, np.float32)), answer


def disagreement(theirs: Answer, ours: Answer) -> str:
    """What differs by more than float32 explains, in words; "" if nothing does."""
    loss = float(np.abs(theirs.losses - ours.losses).max())
    if not loss <= LOSS_TOLERANCE:
        return f"Expected the same losses to {LOSS_TOLERANCE:g}, but they differ by {loss:.2g}."
    for player in ("generator", "discriminator"):
        difference = getattr(theirs, player) - getattr(ours, player)
        spread = float(np.sqrt(np.mean(np.square(difference))))
        if not spread <= PARAMETER_TOLERANCE:
            return f"Expected the same {player} to {PARAMETER_TOLERANCE:g}, but it differs by {spread:.2g}."
    return ""
