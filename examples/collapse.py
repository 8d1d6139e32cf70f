"""Make a generator collapse, then turn one knob while it runs and see it recover.

A collapsed generator puts all of its samples on one of the target's modes. This one starts at the right-hand mode
and stays there; with the R1 penalty (Mescheder et al. 2018, arXiv:1801.04406) it finds the other one. Turning a
knob replaces a value in the configuration: both networks, their optimizers' memory and the step count stay.
"""

import sys

import gan1d


def show(trainer: gan1d.Trainer) -> None:
    shares = "  ".join(f"{mass:6.1%}" for mass in gan1d.observe(trainer).mode_masses)
    print(f"step {trainer.step_count:6d}   share of each mode: {shares}")


def main(steps: int = 2000) -> None:
    trainer = gan1d.Trainer(gan1d.presets["mode_collapse"].config)
    for penalty in ("none", "r1"):
        print(f"penalty: {penalty}")
        trainer.config = trainer.config.patched("penalty", penalty)
        for _ in range(4):
            show(trainer)
            trainer.run(steps // 4)
    show(trainer)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
