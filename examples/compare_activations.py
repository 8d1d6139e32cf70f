"""One setting, several values, several seeds: which activation of the generator ends nearest to the target?

A single run proves little about a GAN. This prints the Wasserstein distance of each run and the median.
"""

import sys
from statistics import median

import gan1d

ACTIVATIONS = ("tanh", "relu", "leaky_relu", "softplus", "sine")
SEEDS = range(4)


def final_distance(activation: str, seed: int, steps: int) -> float:
    config = gan1d.Config(seed=seed).patched("generator.activation", activation)
    trainer = gan1d.Trainer(config)
    trainer.run(steps)
    return float(gan1d.observe(trainer).wasserstein1)


def main(steps: int = 1000) -> None:
    print(f"Wasserstein distance after {steps} steps, for seeds {SEEDS.start} to {SEEDS.stop - 1}\n")
    for activation in ACTIVATIONS:
        distances = [final_distance(activation, seed, steps) for seed in SEEDS]
        shown = "  ".join(f"{distance:6.3f}" for distance in distances)
        print(f"{activation:>12}  {shown}   median {median(distances):6.3f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
