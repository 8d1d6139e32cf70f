"""Make a generator collapse, then turn one knob while it runs and see whether it recovers.

A collapsed generator puts all of its samples on one of the target's modes. Turning a knob replaces a value in
the configuration; both networks, their optimizers' memory and the step count stay.
"""

import sys

import gan1d


def show(trainer: gan1d.Trainer) -> None:
    shares = "  ".join(f"{mass:5.1%}" for mass in gan1d.observe(trainer).mode_masses)
    print(f"step {trainer.step_count:6d}   share of each mode: {shares}")


def main(steps: int = 2000) -> None:
    trainer = gan1d.Trainer(gan1d.presets["collapse"].config)
    show(trainer)
    for _ in range(4):
        trainer.run(steps // 4)
        show(trainer)
    print("the generator learns a tenth as fast from here on")
    rate = trainer.config.generator.optimizer.learning_rate
    trainer.config = trainer.config.patched("generator.optimizer.learning_rate", rate / 10)
    for _ in range(4):
        trainer.run(steps // 4)
        show(trainer)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
