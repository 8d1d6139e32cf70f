"""The training step as a textbook writes it: to read first, and to step through in a debugger.

Plain NumPy in float64: a network is a list of (W, b), and every operation allocates its result. `Trainer` makes the
same updates, up to rounding, in a fraction of the time. The module covers every activation, SGD and Adam, and all
losses but Wasserstein-GP; it has no penalties, no class labels and no other extensions of the game.
"""

from collections.abc import Sequence
from operator import attrgetter
from typing import Self

import numpy as np

from gan1d.engine.arrays import Array, Float64
from gan1d.engine.networks.activations import Activation, LeakyReLU, ReLU, Sine, Softplus, Tanh
from gan1d.engine.networks.optimizers import SGD, Adam, Optimizer
from gan1d.engine.objectives.critics import Wasserstein
from gan1d.engine.objectives.losses import Hinge, LeastSquares, Loss, Minimax, NonSaturating
from gan1d.engine.training.trainer import Trainer

Cache = list[tuple[Float64, Float64]]
"""Inputs a and derivatives φ′(s) of each layer, kept by the forward pass for the backward pass."""

WITHOUT_EXTENSIONS = {
    "conditional": False,
    "penalty": "none",
    "instance_noise.deviation": 0.0,
    "discriminator.view": "one_sample",
    "discriminator.constraint": "none",
    "discriminator.weight_decay": 0.0,
    "discriminator.historical_averaging": 0.0,
    "generator.weight_decay": 0.0,
    "generator.historical_averaging": 0.0,
    "generator.lookahead": "none",
    "generator.feature_matching": 0.0,
}
"""Values of the settings that this module does not have, by config path."""


class ReferenceNetwork:
    """Multilayer perceptron with its optimizer.

    Args:
        layers: Weights W, `(inputs, outputs)`, and biases b, `(outputs,)`, of each layer; copied.
        activation: Activation φ of the hidden layers.
        optimizer: SGD or Adam.
        input_scale: Factor on the inputs.
    """

    def __init__(
        self,
        layers: Sequence[tuple[Array, Array]],
        activation: Activation,
        optimizer: Optimizer,
        input_scale: float = 1.0,
    ) -> None:
        self.layers = [(np.array(W, np.float64), np.array(b, np.float64)) for W, b in layers]
        self.parameters = [parameter for layer in self.layers for parameter in layer]
        self.activation, self.optimizer, self.input_scale = activation, optimizer, input_scale
        self.count = 0
        self.means = [np.zeros_like(parameter) for parameter in self.parameters]
        self.squares = [np.zeros_like(parameter) for parameter in self.parameters]

    def forward(self, x: Float64) -> tuple[Float64, Cache]:
        """Outputs `(batch, 1)` at inputs `(batch, inputs)`: s = a·W + b and a = φ(s), layer by layer."""
        a, cache = self.input_scale * x, []
        for W, b in self.layers[:-1]:
            h, derivative = activate(self.activation, a @ W + b)
            cache.append((a, derivative))
            a = h
        W, b = self.layers[-1]
        s = a @ W + b
        cache.append((a, np.ones_like(s)))  # the last layer is linear: φ(s) = s
        return s, cache

    def backward(self, cache: Cache, gradient: Float64) -> tuple[list[Float64], Float64]:
        """Backpropagate d loss / d outputs: gradients of `parameters`, and of the inputs, `(batch, inputs)`."""
        gradients: list[Float64] = []
        for (W, _), (a, derivative) in zip(reversed(self.layers), reversed(cache), strict=True):
            ds = gradient * derivative
            gradients = [a.T @ ds, ds.sum(axis=0), *gradients]
            gradient = ds @ W.T
        return gradients, self.input_scale * gradient

    def update(self, gradients: list[Float64]) -> None:
        """One update by the optimizer, in place."""
        self.count += 1
        for i, (parameter, gradient) in enumerate(zip(self.parameters, gradients, strict=True)):
            match self.optimizer:
                case SGD(learning_rate=rate):
                    parameter -= rate * gradient
                case Adam(learning_rate=rate, beta1=beta1, beta2=beta2, eps=eps):  # Kingma & Ba 2015, algorithm 1
                    self.means[i] = beta1 * self.means[i] + (1 - beta1) * gradient
                    self.squares[i] = beta2 * self.squares[i] + (1 - beta2) * gradient**2
                    mean = self.means[i] / (1 - beta1**self.count)
                    square = self.squares[i] / (1 - beta2**self.count)
                    parameter -= rate * mean / (np.sqrt(square) + eps)
                case other:
                    raise ValueError(f"Expected SGD or Adam, but got {other.kind}.")


def activate(activation: Activation, s: Float64) -> tuple[Float64, Float64]:
    """φ(s) and φ′(s)."""
    match activation:
        case ReLU():
            return np.maximum(s, 0.0), np.where(s > 0, 1.0, 0.0)
        case LeakyReLU(negative_slope=slope):
            return np.where(s >= 0, s, slope * s), np.where(s >= 0, 1.0, slope)
        case Softplus():
            return np.logaddexp(0.0, s), 1 / (1 + np.exp(-s))
        case Tanh():
            h = np.tanh(s)
            return h, 1 - h**2
        case Sine():
            return np.sin(s), np.cos(s)


# Each loss returns its value, a mean over the batch, and its gradient with respect to the scores, `(batch, 1)`.


def cross_entropy_loss(s: Float64, label: float, weight: float = 1.0) -> tuple[float, Float64]:
    """weight·mean(−label·log σ(s) − (1 − label)·log(1 − σ(s)))."""
    value = weight * float(np.mean(np.logaddexp(0.0, s) - label * s))
    return value, weight * (1 / (1 + np.exp(-s)) - label) / len(s)


def squared_loss(s: Float64, label: float) -> tuple[float, Float64]:
    """mean(½·(s − label)²)."""
    return float(np.mean(0.5 * (s - label) ** 2)), (s - label) / len(s)


def hinge_loss(s: Float64, sign: float) -> tuple[float, Float64]:
    """mean(max(0, 1 − sign·s))."""
    margin = 1 - sign * s
    return float(np.mean(np.maximum(margin, 0.0))), np.where(margin > 0, -sign, 0.0) / len(s)


def linear_loss(s: Float64, sign: float) -> tuple[float, Float64]:
    """mean(sign·s)."""
    return float(np.mean(sign * s)), np.full_like(s, sign / len(s))


def discriminator_loss(loss: Loss, real: Float64, fake: Float64) -> tuple[float, Float64, Float64]:
    """L_D of the scores of real samples and fakes, and its gradients with respect to both."""
    match loss:
        case NonSaturating() | Minimax():
            parts = cross_entropy_loss(real, loss.real_label, 0.5), cross_entropy_loss(fake, loss.fake_label, 0.5)
        case LeastSquares():
            parts = squared_loss(real, loss.real_label), squared_loss(fake, loss.fake_label)
        case Hinge():
            parts = hinge_loss(real, 1.0), hinge_loss(fake, -1.0)
        case Wasserstein():
            parts = linear_loss(real, -1.0), linear_loss(fake, 1.0)
        case other:
            raise ValueError(f"Expected a loss without a gradient penalty, but got {other.kind}.")
    (value_real, d_real), (value_fake, d_fake) = parts
    return value_real + value_fake, d_real, d_fake


def generator_loss(loss: Loss, fake: Float64) -> tuple[float, Float64]:
    """L_G of the scores of fakes, and its gradient with respect to them."""
    match loss:
        case NonSaturating():
            return cross_entropy_loss(fake, loss.generator_label)
        case Minimax():
            return cross_entropy_loss(fake, loss.fake_label, -1.0)
        case LeastSquares():
            return squared_loss(fake, loss.generator_label)
        case _:
            return linear_loss(fake, -1.0)


class ReferenceGAN:
    """Generator and discriminator in float64 (Goodfellow et al. 2014, arXiv:1406.2661, algorithm 1)."""

    def __init__(self, generator: ReferenceNetwork, discriminator: ReferenceNetwork, loss: Loss) -> None:
        self.generator, self.discriminator, self.loss = generator, discriminator, loss

    @classmethod
    def from_trainer(cls, trainer: Trainer) -> Self:
        """Start from the weights and settings of a trainer that has made no step yet.

        Raises:
            ValueError: The trainer uses an extension that this module does not have.
        """
        config = trainer.config
        for path, expected in WITHOUT_EXTENSIONS.items():
            setting = attrgetter(path)(config)
            found = getattr(setting, "kind", setting)
            if found != expected:
                raise ValueError(f"Expected {path} to be {expected}, but got {found}.")
        networks = []
        for network, player in ((trainer.generator, config.generator), (trainer.discriminator, config.discriminator)):
            layers = [(layer[:-1], layer[-1]) for layer in network.layers]
            networks.append(ReferenceNetwork(layers, network.activation, player.optimizer, network.input_scale))
        generator, discriminator = networks
        return cls(generator, discriminator, config.loss)

    def step(self, real: Float64, z_d: Float64, z_g: Float64) -> tuple[float, float]:
        """One update of D, then one of G; returns L_D and L_G before the updates.

        Args:
            real: Real samples, `(batch, 1)`.
            z_d: Latents of the fakes in D's update, `(batch, dimension)`.
            z_g: Latents of the fakes in G's update, `(batch, dimension)`.
        """
        return self.update_discriminator(real, z_d), self.update_generator(z_g)

    def update_discriminator(self, real: Float64, z: Float64) -> float:
        """One update of D on real samples `(batch, 1)` and fakes G(z); G is fixed. Returns L_D before the update."""
        fake, _ = self.generator.forward(z)
        scores, cache = self.discriminator.forward(np.concatenate([real, fake]))
        value, d_real, d_fake = discriminator_loss(self.loss, scores[: len(real)], scores[len(real) :])
        gradients, _ = self.discriminator.backward(cache, np.concatenate([d_real, d_fake]))
        self.discriminator.update(gradients)
        if isinstance(self.loss, Wasserstein):
            for parameter in self.discriminator.parameters:
                np.clip(parameter, -self.loss.clip, self.loss.clip, out=parameter)
        return value

    def update_generator(self, z: Float64) -> float:
        """One update of G on fakes G(z); D is fixed. Returns L_G before the update."""
        fake, cache_g = self.generator.forward(z)
        scores, cache_d = self.discriminator.forward(fake)
        value, d_scores = generator_loss(self.loss, scores)
        _, d_fake = self.discriminator.backward(cache_d, d_scores)  # through D, whose parameters stay
        gradients, _ = self.generator.backward(cache_g, d_fake)
        self.generator.update(gradients)
        return value
