"""Tell both networks which mode a sample is of, and then ask the generator for each mode by its label.

A conditional GAN (Mirza & Osindero 2014, arXiv:1411.1784) gives every network the label as well: here as one row for
each class, 1 for the one that is meant. From the start that makes a generator collapse, this one learns both modes.
"""

import sys

import numpy as np

import gan1d


def ask(trainer: gan1d.Trainer, label: int, count: int = 10_000) -> np.ndarray:
    """Samples under one label: z in the first row, the classes below it."""
    inputs = np.zeros((3, count))
    inputs[0] = np.random.default_rng(1).standard_normal(count)
    inputs[1 + label] = 1.0
    return trainer.generator.apply(inputs)


def main(steps: int = 1000) -> None:
    trainer = gan1d.Trainer(gan1d.presets["collapse_labels"].config)
    for _ in range(5):
        print(f"step {trainer.step_count:5d}", end="")
        for label in (0, 1):
            samples = ask(trainer, label)
            print(f"   label {label}: {samples.mean():6.2f} ± {samples.std():.2f}", end="")
        print(f"   distance under labels {gan1d.observe(trainer).class_wasserstein1:.3f}")
        trainer.run(steps // 4)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
