"""The game that every contender plays, and the lines of text that request it.

A contender is a process that says `ready` and then answers each line it is sent with one line of numbers:

    run N              make N steps: seconds taken, and the losses of D and G at the last
    replay N numbers…  make N steps from given weights with given batches: see `Script` and `Answer`

One step is one update of D and one of G with new noise: non-saturating loss, Adam on both. Contenders draw all their
random numbers themselves and compute both losses at every step. Seconds are those of the processor, so that it matters
little what else the machine does; everything runs on one core, so no program could gain by threads. This file needs
nothing but NumPy, so that a contender can live in an environment without gan1d.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

LEARNING_RATE, BETA1, BETA2, EPS = 1e-3, 0.5, 0.999, 1e-8
LEAK = 0.2
"""Slope of the leaky ReLU below zero."""
MODES, WIDTH = (-2.0, 2.0), 0.5
"""The target: two Gaussians of equal weight."""
DRAWN_AT_ONCE = 128
"""Steps for which a careful contender draws its random numbers in one call."""


@dataclass(frozen=True)
class Experiment:
    """One size: hidden units per layer of both networks, samples in a batch, and the nonlinearity."""

    hidden: tuple[int, ...]
    batch: int
    activation: str = "tanh"

    def words(self) -> list[str]:
        """As a contender's command line ends, such as `16-16 64 tanh`."""
        return ["-".join(map(str, self.hidden)), str(self.batch), self.activation]

    @classmethod
    def parsed(cls, words: Sequence[str]) -> Self:
        """The inverse of `words`."""
        hidden, batch, activation = words
        return cls(tuple(map(int, hidden.split("-"))), int(batch), activation)

    def shapes(self) -> list[tuple[int, int]]:
        """(inputs, outputs) of each layer."""
        return list(pairwise((1, *self.hidden, 1)))

    def layers(self, flat: Floats) -> list[tuple[Floats, Floats]]:
        """Weights `(inputs, outputs)` and biases `(outputs,)` of each layer, cut from a flat vector."""
        cut, start = [], 0
        for inputs, outputs in self.shapes():
            block = flat[start : start + (inputs + 1) * outputs].reshape(inputs + 1, outputs)
            cut.append((block[:-1], block[-1]))
            start += block.size
        return cut

    def first_weights(self, seed: int) -> list[tuple[Floats, Floats]]:
        """Xavier's spread, biases 0."""
        rng = np.random.default_rng(seed)
        return [
            ((rng.standard_normal((a, b)) * np.sqrt(2 / (a + b))).astype(np.float32), np.zeros(b, np.float32))
            for a, b in self.shapes()
        ]


@dataclass(frozen=True)
class Script:
    """Some steps with nothing left to chance: flat weights of G and D (layer by layer, `(inputs + 1, outputs)` with the
    biases in the last row), and batches `(steps, 3, batch)`: reals, noise for D's turn, noise for G's turn."""

    generator: Floats
    discriminator: Floats
    batches: Floats

    def line(self) -> str:
        """As it is sent."""
        numbers = np.concatenate([self.generator, self.discriminator, self.batches.ravel()])
        return f"replay {len(self.batches)} {text(numbers)}"

    @classmethod
    def parsed(cls, words: Sequence[str], experiment: Experiment) -> Self:
        """From what follows `replay`."""
        numbers = np.array(words[1:], np.float32)
        count = sum((a + 1) * b for a, b in experiment.shapes())
        return cls(numbers[:count], numbers[count : 2 * count], numbers[2 * count :].reshape(-1, 3, experiment.batch))


@dataclass(frozen=True)
class Answer:
    """Where a script led: losses `(steps, 2)` of D and G, and the flat weights of G and D at the end."""

    losses: Floats
    generator: Floats
    discriminator: Floats

    def line(self) -> str:
        """As it is sent."""
        return text(np.concatenate([self.losses.ravel(), self.generator, self.discriminator]))

    @classmethod
    def parsed(cls, numbers: Sequence[float], script: Script) -> Self:
        """From an answer to `script`."""
        sizes = 2 * len(script.batches), script.generator.size, script.discriminator.size
        losses, generator, discriminator, rest = np.split(np.array(numbers, np.float32), np.cumsum(sizes))
        if rest.size or discriminator.size < sizes[2]:
            raise ValueError(f"Expected {sum(sizes)} numbers, but got {len(numbers)}.")
        return cls(losses.reshape(-1, 2), generator, discriminator)


class Contender(Protocol):
    """What a contender written in Python must be able to do."""

    def run(self, count: int) -> tuple[float, float]:
        """Make steps with random numbers of one's own; returns the losses of D and G at the last."""
        ...

    def replay(self, script: Script) -> Answer:
        """Make the steps of a script, from its weights and with an empty memory."""
        ...


def text(numbers: Floats) -> str:
    """Digits enough to get the same numbers back."""
    return " ".join(f"{number:.9g}" for number in numbers.tolist())


def flattened(layers: Sequence[tuple[NDArray[np.floating], NDArray[np.floating]]]) -> Floats:
    """The inverse of `Experiment.layers`."""
    return np.concatenate([np.append(weights.ravel(), biases) for weights, biases in layers]).astype(np.float32)
