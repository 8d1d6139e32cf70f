"""What a setting costs: steps with each loss, penalty, constraint, optimizer and order, and one frame."""

from collections.abc import Callable
from time import process_time
from typing import Any, get_args

import gan1d
from benchmarks.rounds import Spread, Times, Turn, play
from gan1d.config.model import Config
from gan1d.engine.networks.optimizers import Adam, Optimizer
from gan1d.engine.networks.weight_constraints import Constraint, NoConstraint
from gan1d.engine.objectives.gradient_penalties import NoPenalty, Penalty
from gan1d.engine.objectives.losses import Loss, NonSaturating
from gan1d.engine.update_order import Alternating, UpdateOrder

WARM_UP = 8
"""Steps before the clock starts."""

UNIONS: dict[str, Any] = {
    "loss": Loss,
    "penalty": Penalty,
    "discriminator.constraint": Constraint,
    "discriminator.optimizer": Optimizer,
    "update_order": UpdateOrder,
}
"""What is priced, by path: every member of each."""

PLAIN = {
    "loss": NonSaturating.kind,
    "penalty": NoPenalty.kind,
    "discriminator.constraint": NoConstraint.kind,
    "discriminator.optimizer": Adam.kind,
    "update_order": Alternating.kind,
}
"""What the others are compared with."""


def steps(config: Config) -> Turn:
    """Steps of a new run each time, so that none is measured on a game that has gone astray."""

    def turn(count: int) -> float:
        trainer = gan1d.Trainer(config)
        trainer.run(WARM_UP)
        start = process_time()
        trainer.run(count)
        taken = process_time() - start
        if trainer.diverged is not None:
            raise RuntimeError(trainer.diverged.reason)
        return taken

    return turn


def each(config: Config, path: str, rounds: int, stretch: float) -> Times:
    """The same experiment with each member of the union at `path`, in its order."""
    kinds = [member.kind for member in get_args(UNIONS[path])]
    return play({kind: steps(config.patched(path, kind)) for kind in kinds}, rounds, stretch, warm_up=stretch)


def of_frame(config: Config, rounds: int, stretch: float) -> Spread:
    """Seconds that one look at a run takes."""
    trainer, probe = gan1d.Trainer(config), gan1d.Probe(config)
    trainer.run(WARM_UP)
    return Spread.of(
        play({"observe": repeated(lambda: gan1d.observe(trainer, probe))}, rounds, stretch, stretch)["observe"]
    )


def repeated(action: Callable[[], object]) -> Turn:
    """An action as something that takes turns."""

    def turn(count: int) -> float:
        start = process_time()
        for _ in range(count):
            action()
        return process_time() - start

    return turn
