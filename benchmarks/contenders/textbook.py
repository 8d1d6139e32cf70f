"""The step as a course would write it in NumPy: float64, matrices in a list, new arrays everywhere."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.game import BETA1, BETA2, EPS, LEAK, LEARNING_RATE, MODES, WIDTH, Answer, Experiment, Script, flattened

Matrix = NDArray[np.floating[Any]]


class Network:
    """Weights and biases in turn, with Adam's memory."""

    def __init__(self, layers: list[tuple[Any, Any]], activation: str) -> None:
        self.parameters = [np.array(part, np.float64) for layer in layers for part in layer]
        self.means = [np.zeros_like(p) for p in self.parameters]
        self.squares = [np.zeros_like(p) for p in self.parameters]
        self.count = 0
        self.is_leaky = activation == "leaky_relu"

    def activate(self, s: Matrix) -> Matrix:
        """tanh, or the leaky ReLU."""
        return np.where(s > 0, s, LEAK * s) if self.is_leaky else np.tanh(s)

    def slope(self, a: Matrix) -> Matrix:
        """The derivative of `activate`, from its result."""
        return np.where(a > 0, 1.0, LEAK) if self.is_leaky else 1 - a**2

    def forward(self, x: Matrix) -> tuple[Matrix, list[Matrix]]:
        """(batch, 1) → (batch, 1), and the activations."""
        kept = [x]
        for i in range(0, len(self.parameters) - 2, 2):
            kept.append(self.activate(kept[-1] @ self.parameters[i] + self.parameters[i + 1]))
        return kept[-1] @ self.parameters[-2] + self.parameters[-1], kept

    def backward(self, kept: list[Matrix], delta: Matrix) -> tuple[list[Matrix], Matrix]:
        """Gradients of the parameters, and of the input."""
        gradients: list[Matrix] = []
        for i in range(len(self.parameters) - 2, -1, -2):
            a = kept[i // 2]
            gradients = [a.T @ delta, delta.sum(axis=0), *gradients]
            delta = delta @ self.parameters[i].T
            if i > 0:
                delta = delta * self.slope(a)
        return gradients, delta

    def adam(self, gradients: list[Matrix]) -> None:
        """One update."""
        self.count += 1
        for p, g, m, v in zip(self.parameters, gradients, self.means, self.squares, strict=True):
            m[...] = BETA1 * m + (1 - BETA1) * g
            v[...] = BETA2 * v + (1 - BETA2) * g**2
            m_hat, v_hat = m / (1 - BETA1**self.count), v / (1 - BETA2**self.count)
            p -= LEARNING_RATE * m_hat / (np.sqrt(v_hat) + EPS)

    def flat(self) -> Any:
        """As `Answer` wants it."""
        return flattened(list(zip(self.parameters[::2], self.parameters[1::2], strict=True)))


def cross_entropy(scores: Matrix, labels: Matrix | float) -> float:
    """Mean of log(1 + eˢ) − label·s."""
    return float(np.mean(np.logaddexp(0, scores) - labels * scores))


class Textbook:
    """Nothing is kept between steps but the networks."""

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.rng = np.random.default_rng(0)
        self.begin(experiment.first_weights(1), experiment.first_weights(2))

    def begin(self, generator: list[tuple[Any, Any]], discriminator: list[tuple[Any, Any]]) -> None:
        """Start from these layers."""
        self.generator = Network(generator, self.experiment.activation)
        self.discriminator = Network(discriminator, self.experiment.activation)

    def step(self, real: Matrix, noise_d: Matrix, noise_g: Matrix) -> tuple[float, float]:
        """D's turn, then G's."""
        batch = len(real)
        fake, _ = self.generator.forward(noise_d)
        scores, kept = self.discriminator.forward(np.concatenate([real, fake]))
        labels = np.concatenate([np.ones((batch, 1)), np.zeros((batch, 1))])
        loss_d = cross_entropy(scores, labels)
        gradients, _ = self.discriminator.backward(kept, (1 / (1 + np.exp(-scores)) - labels) / (2 * batch))
        self.discriminator.adam(gradients)
        fake, kept_g = self.generator.forward(noise_g)
        scores, kept = self.discriminator.forward(fake)
        loss_g = cross_entropy(scores, 1.0)
        _, delta = self.discriminator.backward(kept, (1 / (1 + np.exp(-scores)) - 1) / batch)
        gradients, _ = self.generator.backward(kept_g, delta)
        self.generator.adam(gradients)
        return loss_d, loss_g

    def run(self, count: int) -> tuple[float, float]:
        """See `Contender.run`."""
        losses, shape = (0.0, 0.0), (self.experiment.batch, 1)
        for _ in range(count):
            real = self.rng.choice(MODES, shape) + WIDTH * self.rng.standard_normal(shape)
            losses = self.step(real, self.rng.standard_normal(shape), self.rng.standard_normal(shape))
        return losses

    def replay(self, script: Script) -> Answer:
        """See `Contender.replay`."""
        self.begin(self.experiment.layers(script.generator), self.experiment.layers(script.discriminator))
        losses = [self.step(*batches[..., None].astype(np.float64)) for batches in script.batches]
        return Answer(np.array(losses, np.float32), self.generator.flat(), self.discriminator.flat())
